"""WARC and WACZ files, checked with warcio and by reading them as replay tools do."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import time
import urllib.request
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from gvreader.archive.library import Library
from gvreader.archive.vault import Vault
from gvreader.export import writers
from gvreader.export.cdxj import url_key, write_index
from gvreader.export.job import ExportInfo, ExportJob, ExportSources
from gvreader.model import Image
from gvreader.portals import Portal

from .samples import NEWS, png
from .shelf import ORIGIN, Shelf, clock, shelf

PICTURE = f"{ORIGIN}/public/userfiles/H%E1%BB%99i%20ngh%E1%BB%8B%20(1).png"
ARTICLE = replace(NEWS, images=(Image(url=PICTURE, caption="Hội nghị"),), attachments=())
PAGE = f'<h1>{ARTICLE.title}</h1><img src="/public/userfiles/Hội%20nghị%20(1).png">'.encode()
TWIN = replace(ARTICLE, url=f"{ORIGIN}/tin-khac-881.html", identity="881", images=())
CAPTION = ExportInfo(
    title="Gia Viễn: năm 2023",
    query="on:2023",
    publisher="Gia Viễn",
    when=datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
    new_id=UUID(int=7),
)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Two revisions, a 304, a twin with the same bytes, a picture, and an article without captures."""
    with shelf(tmp_path_factory.mktemp("archive")) as made:
        number = made.put(ARTICLE, PAGE)
        made.put(TWIN, PAGE, hours=1)
        made.put(replace(ARTICLE, title="Sửa"), PAGE + b"<p>2</p>", hours=2)
        made.unchanged(number, ARTICLE.url, hours=3)
        made.put_file(PICTURE, png(), "image/png")
        yield made


def _written(made: Shelf, kind: str, query: str = "") -> tuple[bytes, ExportSources]:
    ids = made.library.search.ids(query, sort="newest").ids
    material = ExportSources(made.library, made.vault)
    stream = io.BytesIO()
    articles = made.library.articles.stream(ids)
    job = ExportJob(articles=articles, ids=ids, sources=material, info=CAPTION, name=f"out.{kind}")
    {"warc": writers.warc, "wacz": writers.wacz}[kind](stream, job)
    return stream.getvalue(), material


def _records(content: bytes) -> list[tuple[str, str, bytes]]:
    return [
        (record.rec_type, record.rec_headers.get_header("WARC-Target-URI") or "", record.raw_stream.read())
        for record in ArchiveIterator(io.BytesIO(content), no_record_parse=True)
    ]


# ── WARC ────────────────────────────────────────────────────────────────────────────────────────────


def _members(content: bytes) -> Iterator[bytes]:
    """The gzip members of a file, as they lie in it."""
    while content:
        unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
        unpack.decompress(content)
        yield content[: len(content) - len(unpack.unused_data)]
        content = unpack.unused_data


def test_every_record_is_there_byte_for_byte(full: Shelf) -> None:
    content, material = _written(full, "warc")
    assert material.damaged == []
    [vault_file] = full.vault.files()
    original = vault_file.read_bytes()
    kept = _records(original)
    assert sorted(_records(content)[1:]) == sorted(kept)
    for member in _members(original):
        assert member in content
    assert [kind for kind, _url, _body in _records(content)].count("revisit") == 2


def test_warcio_finds_every_digest_right(full: Shelf, tmp_path: Path) -> None:
    place = tmp_path / "out.warc.gz"
    place.write_bytes(_written(full, "warc")[0])
    checker = Checker(type("Arguments", (), {"inputs": [str(place)], "verbose": False})())
    checker.process_all()
    assert checker.exit_value == 0


def test_a_revisit_brings_the_record_that_it_repeats(full: Shelf) -> None:
    """The twin's own answer is a revisit of the other article's, which the query does not match."""
    content, _material = _written(full, "warc", "title:cong -title:sua")
    found = [(kind, url) for kind, url, _body in _records(content)]
    assert found == [
        ("warcinfo", ""),
        ("warcinfo", ""),
        ("response", ARTICLE.url),
        ("request", ARTICLE.url),
        ("revisit", TWIN.url),
        ("request", TWIN.url),
    ]


def test_what_was_exported_can_be_imported(full: Shelf, tmp_path: Path) -> None:
    from gvreader.operations.import_captures import take_in
    from gvreader.sources.warc_files import captures

    place = tmp_path / "out.warc.gz"
    place.write_bytes(_written(full, "warc")[0])

    def portal_of(url: str, *, name: str | None, origin: str | None) -> Portal:
        assert (name, origin) == ("giavien", ORIGIN)
        return Portal(name="giavien", title="Gia Viễn", origin=ORIGIN, family="giavien")

    with (
        Vault.open(tmp_path / "vault", mode="write", clock=clock) as vault,
        Library.open(tmp_path / "library.sqlite3", mode="write") as library,
    ):
        *_before, last = take_in(
            captures([place]), vault=vault, library=library, portal_of=portal_of, now=datetime.now(UTC)
        )
        assert (last.captures, last.lost) == (5, 0)
        bodies = {(one.url, one.captured): one.body for _ref, _name, one in vault.scan()}
    expected = {(one.url, one.captured): one.body for _ref, _name, one in full.vault.scan()}
    assert bodies == expected


def test_a_damaged_record_is_left_out_and_told(tmp_path: Path) -> None:
    with shelf(tmp_path / "archive") as made:
        made.put(ARTICLE, PAGE)
        made.put(TWIN, PAGE + b"other", hours=1)
        [vault_file] = made.vault.files()
        [first, _second] = [captured.ref for captured in made.library.captures.all()]
        with vault_file.open("r+b") as file:
            file.seek(first.offset + 300)
            file.write(b"\0\0\0")
        content, material = _written(made, "warc")
    assert [url for kind, url, _body in _records(content) if kind == "response"] == [TWIN.url]
    assert len(material.damaged) == 1
    assert first.record_id in material.damaged[0]


def test_articles_without_captures_are_counted(tmp_path: Path) -> None:
    from .samples import stored

    with shelf(tmp_path / "archive") as made:
        made.library.articles.restore(replace(stored(), evidence=None))
        content, material = _written(made, "warc")
    assert [kind for kind, _url, _body in _records(content)] == ["warcinfo"]
    assert material.without_captures == 1


# ── WACZ ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def package(full: Shelf) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(_written(full, "wacz")[0]))


def _index(package: zipfile.ZipFile) -> list[tuple[str, str, dict[str, Any]]]:
    lines = gzip.decompress(package.read("indexes/index.cdx.gz")).decode().splitlines()
    return [(key, stamp, json.loads(entry)) for key, stamp, entry in (line.split(" ", 2) for line in lines)]


def test_the_package_describes_itself(package: zipfile.ZipFile) -> None:
    assert package.testzip() is None
    description = json.loads(package.read("datapackage.json"))
    assert description["profile"] == "data-package"
    assert description["wacz_version"] == "1.1.1"
    assert description["title"] == "Gia Viễn: năm 2023"
    assert description["created"] == "2024-01-02T03:04:05Z"
    listed = {resource["path"] for resource in description["resources"]}
    others = {"datapackage.json", "datapackage-digest.json"}
    assert listed == set(package.namelist()) - others
    for resource in description["resources"]:
        content = package.read(resource["path"])
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    digest = json.loads(package.read("datapackage-digest.json"))
    assert digest["hash"] == f"sha256:{hashlib.sha256(package.read('datapackage.json')).hexdigest()}"
    for name in ("archive/data.warc.gz", "indexes/index.cdx.gz", "indexes/index.idx"):
        assert package.getinfo(name).compress_type == zipfile.ZIP_STORED


def test_readers_of_byte_ranges_find_where_entries_begin(full: Shelf) -> None:
    """ReplayWeb.page takes a local header for short unless the central directory names an extra field."""
    content = _written(full, "wacz")[0]
    for info in zipfile.ZipFile(io.BytesIO(content)).infolist():
        name, extra = struct.unpack_from("<HH", content, info.header_offset + 26)
        assert extra == 0 or info.extra
        start = info.header_offset + 30 + name + extra
        packed = content[start : start + info.compress_size]
        unpacked = zlib.decompress(packed, -zlib.MAX_WBITS) if info.compress_type else packed
        assert zlib.crc32(unpacked) == info.CRC


def test_every_line_of_the_index_leads_to_its_record(package: zipfile.ZipFile) -> None:
    archive = package.read("archive/data.warc.gz")
    lines = _index(package)
    assert lines == sorted(lines, key=lambda line: line[:2])
    for key, stamp, entry in lines:
        member = archive[int(entry["offset"]) : int(entry["offset"]) + int(entry["length"])]
        [record] = ArchiveIterator(io.BytesIO(member))
        assert record.rec_headers.get_header("WARC-Target-URI") == entry["url"]
        assert record.rec_headers.get_header("WARC-Payload-Digest") == entry["digest"]
        assert record.http_headers.get_statuscode() == entry["status"]
        assert re.sub(r"\D", "", record.rec_headers.get_header("WARC-Date"))[:14] == stamp
        assert entry["filename"] == "data.warc.gz"
        assert key.startswith("vn,gov,ninhbinh,giavien)/")
    # Two revisions, the picture, and the twin as a revisit; the bare 304 replays nothing.
    assert sorted(entry["mime"] for _key, _stamp, entry in lines) == [
        "image/png",
        "text/html",
        "text/html",
        "warc/revisit",
    ]


def test_the_second_index_finds_the_first(package: zipfile.ZipFile) -> None:
    head, *lines = package.read("indexes/index.idx").decode().splitlines()
    assert head == '!meta 0 {"format":"cdxj-gzip-1.0","filename":"index.cdx.gz"}'
    first = package.read("indexes/index.cdx.gz")
    for line in lines:
        prefix, _space, place = line.partition(" {")
        found = json.loads("{" + place)
        block = gzip.decompress(first[found["offset"] : found["offset"] + found["length"]])
        assert block.decode().startswith(f"{prefix} {{")


def test_long_indexes_have_many_blocks() -> None:
    output = io.BytesIO()
    lines = [b"vn,a)/%05d 20230207000000 {}" % number for number in range(6500)]
    second = write_index(lines, output).decode().splitlines()
    assert len(second) == 1 + 3
    assert second[2].startswith("vn,a)/03000 20230207000000 {")
    assert gzip.decompress(output.getvalue()).splitlines() == lines


def test_pages_are_listed_under_the_address_and_time_of_their_record(package: zipfile.ZipFile) -> None:
    head, *pages = map(json.loads, package.read("pages/pages.jsonl").decode().splitlines())
    assert head["format"] == "json-pages-1.0"
    assert {(page["url"], page["ts"], page["title"]) for page in pages} == {
        (ARTICLE.url, "2023-02-07T03:30:00Z", "Sửa"),
        (TWIN.url, "2023-02-07T02:30:00Z", TWIN.title),
    }
    assert all(page["text"] == ARTICLE.text for page in pages)
    assert len({page["id"] for page in pages}) == 2


def test_no_articles_make_an_empty_package(tmp_path: Path) -> None:
    with shelf(tmp_path / "archive") as made:
        content, _material = _written(made, "wacz")
    package = zipfile.ZipFile(io.BytesIO(content))
    assert _index(package) == []
    assert len(package.read("pages/pages.jsonl").splitlines()) == 1


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://giavien.ninhbinh.gov.vn/", "vn,gov,ninhbinh,giavien)/"),
        (
            "http://www.giavien.ninhbinh.gov.vn:80/Tin-Tuc/A%20b-882.html",
            "vn,gov,ninhbinh,giavien)/tin-tuc/a%20b-882.html",
        ),
        ("https://www2.example.vn:8443/a/../b//c/./d/", "vn,example:8443)/b/c/d"),
        ("https://x.vn/Quyết định.pdf", "vn,x)/quy%e1%ba%bft%20%c4%91%e1%bb%8bnh.pdf"),
        ("https://x.vn/Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh.pdf", "vn,x)/quy%e1%ba%bft%20%c4%91%e1%bb%8bnh.pdf"),
        ("https://x.vn/Default.aspx?sname=B&sid=1&PageId=2&a", "vn,x)/default.aspx?a&pageid=2&sid=1&sname=b"),
        ("https://x.vn/a?x=1&jsessionid=0123456789abcdef0123456789abcdef", "vn,x)/a?&x=1"),
        ("https://x.vn/(S(abcdefghijabcdefghijabcd))/page.aspx?b=%2520", "vn,x)/page.aspx?b=%20"),
        ("https://u:p@x.vn/a#b", "vn,x)/a"),
        ("urn:x", "urn:x"),
    ],
)
def test_addresses_sort_as_other_tools_sort_them(url: str, key: str) -> None:
    """Expected keys are those of the Internet Archive's rules."""
    assert url_key(url) == key


# ── other people's tools ────────────────────────────────────────────────────────────────────────────


def _tool(name: str) -> str | None:
    """A program of py-wacz or pywb, which are too heavy to be installed for every test run."""
    return shutil.which(name, path=os.environ.get("GVREADER_WEBARCHIVE_TOOLS", os.environ.get("PATH")))


@pytest.mark.skipif(_tool("wacz") is None, reason="py-wacz is not installed")
def test_py_wacz_finds_the_package_valid(full: Shelf, tmp_path: Path) -> None:
    place = tmp_path / "out.wacz"
    place.write_bytes(_written(full, "wacz")[0])
    ended = subprocess.run(
        [_tool("wacz") or "", "validate", "-f", place], capture_output=True, text=True, check=False
    )
    assert "Validation succeeded" in ended.stdout


@pytest.mark.skipif(_tool("wayback") is None, reason="pywb is not installed")
def test_pywb_shows_pages_and_pictures(full: Shelf, tmp_path: Path) -> None:
    (tmp_path / "out.wacz").write_bytes(_written(full, "wacz")[0])
    for command in (["init", "all"], ["add", "--unpack-wacz", "all", "out.wacz"]):
        subprocess.run([_tool("wb-manager") or "", *command], cwd=tmp_path, check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [_tool("wayback") or "", "-b", "127.0.0.1", "-p", str(port)],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        home = f"http://127.0.0.1:{port}/all"
        for stamp in ("20230207013000", "20230207043000", "2023"):
            page = _fetched(f"{home}/{stamp}mp_/{ARTICLE.url}")
            assert "Sở Văn hóa" in page.decode()
        assert "Sở Văn hóa" in _fetched(f"{home}/2023mp_/{TWIN.url}").decode()
        assert (
            _fetched(f"{home}/2023im_/{PICTURE}".replace("ộ", "%E1%BB%99").replace("ị", "%E1%BB%8B")) == png()
        )
    finally:
        server.terminate()
        server.wait()


def _fetched(url: str) -> bytes:
    for _attempt in range(100):
        try:
            with urllib.request.urlopen(url) as answer:
                return bytes(answer.read())
        except ConnectionError:
            time.sleep(0.2)
        except OSError as error:
            if "refused" not in str(error):
                raise
            time.sleep(0.2)
    raise TimeoutError(url)
