from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from gvreader.model import Capture, Request
from gvreader.sources import Anomaly, Imported, SourceItem
from gvreader.sources.warc_files import captures, is_archive
from gvreader.warc import MAX_RECORD_BYTES, digest_of
from tests.archive.vault.captures import ORIGIN, PORTAL, page, writer
from tests.packing import gzipped

WHEN = "2020-05-06T07:08:09Z"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
PAGE = HEAD + b"<p>Hello</p>"


def record(
    kind: str, block: bytes, *, uri: str = "http://a.vn/x", version: str = "1.0", **fields: str
) -> bytes:
    """One record with a true length; field names with `_` for `-`."""
    named = {"WARC-Type": kind, "WARC-Target-URI": uri, "WARC-Date": WHEN}
    named |= {name.replace("_", "-"): value for name, value in fields.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    return f"WARC/{version}\r\n{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def found(tmp_path: Path, *files: bytes, limit: int = MAX_RECORD_BYTES) -> list[SourceItem]:
    """What is found in files with these contents."""
    paths = []
    for number, content in enumerate(files):
        paths.append(tmp_path / f"{number}.warc")
        paths[-1].write_bytes(content)
    return list(captures(paths, limit=limit))


def kept(items: list[SourceItem]) -> list[Capture]:
    return [item.capture for item in items if isinstance(item, Imported)]


def odd(items: list[SourceItem]) -> list[tuple[str, bool]]:
    return [(item.kind, item.is_kept) for item in items if isinstance(item, Anomaly)]


def test_our_own_files_come_back_as_they_were_kept(tmp_path: Path) -> None:
    unmodified = page(3, status=304, reason="Not Modified", body=b"", source="wayback")
    chunked = page(4, headers=(("Transfer-Encoding", "chunked"), ("X", "\xff \x00")), source="commoncrawl")
    with writer(tmp_path / "vault", max_file_bytes=3000) as vault:
        first = vault.append(PORTAL, ORIGIN, page(1))
        vault.append(PORTAL, ORIGIN, page(2, trust="pinned", address=None, truncated="time"))
        vault.append(PORTAL, ORIGIN, unmodified, same_as=first)
        vault.append(PORTAL, ORIGIN, chunked)
        vault.append(PORTAL, ORIGIN, page(1, captured=datetime(2024, 1, 1, tzinfo=UTC)), same_as=first)
        vault.append("other", "https://other.vn", page(5))
    items = list(captures(vault.files()))
    assert odd(items) == []
    assert {(item.portal, item.origin) for item in items if isinstance(item, Imported)} == {
        (PORTAL, ORIGIN),
        ("other", "https://other.vn"),
    }
    expected = [capture for _ref, _portal, capture in vault.scan()]
    assert sorted(kept(items), key=repr) == sorted(expected, key=repr)
    places = {(item.path.name, item.offset) for item in items if isinstance(item, Imported)}
    assert places == {(ref.file, ref.offset) for ref, _portal, _capture in vault.scan()}


def test_a_file_of_warcio(tmp_path: Path) -> None:
    body = gzipped(b"<p>Xin chao</p>")
    file = io.BytesIO()
    sink = WARCWriter(file, gzip=True, warc_version="1.1")
    sink.write_record(sink.create_warcinfo_record("a.warc.gz", {"software": "stranger", "isPartOf": "basic"}))
    headers: list[Any] = [
        ("Content-Type", "text/html"),
        ("Content-Encoding", "gzip"),
        ("Set-Cookie", "a"),
        ("Set-Cookie", "b"),
    ]
    http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
    response = sink.create_warc_record(
        "https://a.vn/tin-1.html",
        "response",
        payload=io.BytesIO(body),
        length=len(body),
        http_headers=http,
        warc_headers_dict={"WARC-Date": WHEN, "WARC-IP-Address": "10.0.0.1"},
    )
    asked = StatusAndHeaders("GET /tin-1.html HTTP/1.1", [("Host", "a.vn")], is_http_request=True)
    request = sink.create_warc_record("https://a.vn/tin-1.html", "request", http_headers=asked)
    sink.write_request_response_pair(request, response)
    file.seek(0)
    (item,) = found(tmp_path, file.read())
    assert isinstance(item, Imported)
    assert (item.portal, item.origin) == (None, None)
    assert item.capture == Capture(
        url="https://a.vn/tin-1.html",
        captured=datetime(2020, 5, 6, 7, 8, 9, tzinfo=UTC),
        status=200,
        reason="OK",
        headers=tuple(headers),
        body=body,
        request=Request(url="https://a.vn/tin-1.html", headers=(("Host", "a.vn"),)),
        source="import",
        trust="unknown",
        address="10.0.0.1",
    )


def test_every_packing(tmp_path: Path) -> None:
    records = [record("response", HEAD + bytes([65 + number]) * 50) for number in range(3)]
    expected = [b"A" * 50, b"B" * 50, b"C" * 50]
    for content in (
        b"".join(records),
        gzipped(b"".join(records)),
        b"".join(map(gzipped, records)),
        b"".join(map(zstandard.compress, records)),
    ):
        assert [capture.body for capture in kept(found(tmp_path, content))] == expected


def test_requests_before_behind_and_apart(tmp_path: Path) -> None:
    def asked(name: str, concurrent: str = "", uri: str = "http://a.vn/x") -> bytes:
        block = f"GET /x HTTP/1.1\r\nHost: {name}\r\n\r\n".encode()
        return record(
            "request", block, uri=uri, WARC_Record_ID=f"<urn:q{name}>", WARC_Concurrent_To=concurrent
        )

    def answer(name: str, concurrent: str = "", uri: str = "http://a.vn/x") -> bytes:
        block = HEAD + name.encode()
        return record(
            "response", block, uri=uri, WARC_Record_ID=f"<urn:r{name}>", WARC_Concurrent_To=concurrent
        )

    items = found(
        tmp_path,
        asked("1")
        + answer("1", "<urn:q1>")
        + answer("2")
        + record("metadata", b"x: y", WARC_Concurrent_To="<urn:r2>")
        + asked("2", "<urn:r2>")
        + asked("4", "<urn:r4>")
        + asked("3", "<urn:r3>")
        + answer("3")
        + answer("4")
        + answer("5", "<urn:q0>")
        + asked("6", uri="http://a.vn/6")
        + answer("6", uri="http://a.vn/6")
        + asked("7", "<urn:nobody>"),
    )
    pairs = [(capture.body.decode(), capture.request.headers) for capture in kept(items)]
    hosts = {body: dict(headers).get("Host") for body, headers in pairs}
    assert hosts == {"1": "1", "2": "2", "3": "3", "4": "4", "5": None, "6": "6"}
    assert odd(items) == [("other-type", False), ("lone-request", False)]


def test_answers_to_other_methods_are_no_pages(tmp_path: Path) -> None:
    def pair(method: str) -> bytes:
        asked = record(
            "request",
            f"{method} /x HTTP/1.1\r\n\r\na=b".encode(),
            WARC_Record_ID="<urn:q>",
            WARC_Concurrent_To="<urn:r>",
        )
        return record("response", PAGE, WARC_Record_ID="<urn:r>") + asked

    items = found(tmp_path, pair("HEAD") + pair("POST") + pair("OPTIONS") + pair("???"))
    assert [(capture.request.method, capture.request.body) for capture in kept(items)] == [
        ("POST", b"a=b"),
        ("GET", b""),
    ]
    assert odd(items) == [("method", False), ("method", False), ("bad-http", True)]


def test_revisits_are_resolved_within_the_set(tmp_path: Path) -> None:
    label = digest_of(b"<p>Hello</p>")
    sha1 = "sha1:" + "2" * 32
    revisit = HEAD.replace(b"OK", b"Again")

    def repeat(**fields: str) -> bytes:
        return record("revisit", revisit, WARC_Profile="http://netpreserve.org/warc/1.0/revisit/x", **fields)

    first = (
        repeat(WARC_Refers_To="<urn:1>")
        + repeat(WARC_Payload_Digest=label.upper().replace("SHA256", "sha256"))
        + repeat(WARC_Refers_To_Target_URI="<http://a.vn/x>", WARC_Refers_To_Date="20200506070809")
        + record("revisit", b"", WARC_Refers_To="<urn:1>")
        + repeat(WARC_Refers_To="<urn:1>", WARC_Payload_Digest=sha1)
        + repeat(WARC_Refers_To="<urn:gone>")
        + repeat()
        + record("revisit", b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", WARC_Refers_To="<urn:1>")
    )
    second = record("response", PAGE, WARC_Record_ID="<urn:1>", WARC_Payload_Digest=label)
    items = found(tmp_path, first, gzipped(second))
    assert [(capture.status, capture.reason, capture.body) for capture in kept(items)] == [
        (200, "OK", b"<p>Hello</p>"),
        *[(200, "Again", b"<p>Hello</p>")] * 3,
        (200, "OK", b"<p>Hello</p>"),
        (304, "Not Modified", b""),
    ]
    assert odd(items) == [("unresolved-revisit", False)] * 3


def test_a_revisit_of_a_chunked_original(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    stored = b"5\r\nhello\r\n0\r\n\r\n"
    for label in (digest_of(stored), digest_of(b"hello")):
        original = record("response", head + stored, WARC_Record_ID="<urn:1>")
        again = record("revisit", head, WARC_Refers_To="<urn:1>", WARC_Payload_Digest=label)
        assert [capture.body for capture in kept(found(tmp_path, original + again))] == [b"hello", b"hello"]


def test_bodies_that_are_stored_chunked(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    packed = gzipped(b"hello")
    whole = head + b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
    items = found(
        tmp_path,
        record("response", whole) + record("response", head + packed) + record("response", whole[:-15]),
    )
    one, two, three = kept(items)
    assert (one.body, one.truncated) == (packed, None)
    assert one.headers == (("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip"))
    assert (two.body, two.truncated) == (packed, None)
    assert packed.startswith(three.body)
    assert three.truncated == "unspecified"


def test_arc_files(tmp_path: Path) -> None:
    arc = (
        b"filedesc://a.arc 0.0.0.0 20080101000000 text/plain 20\n1 0 InternetArchive\n\n"
        + b"http://a.vn/a.html 10.0.0.1 20080203040506 text/html %d\n" % len(PAGE)
        + PAGE
        + b"\ndns:a.vn 10.0.0.2 20080203040506 text/dns 4\nrest\n"
        + b"http://a.vn/raw.txt 10.0.0.1 20080203040507 text/plain 5\nhello\n"
    )
    for content in (arc, gzipped(arc)):
        items = found(tmp_path, content)
        (capture,) = kept(items)
        assert capture.url == "http://a.vn/a.html"
        assert capture.captured == datetime(2008, 2, 3, 4, 5, 6, tzinfo=UTC)
        assert (capture.address, capture.status, capture.body) == ("10.0.0.1", 200, b"<p>Hello</p>")
        assert odd(items) == [("not-http", False), ("bad-http", False)]


def test_what_makers_get_wrong(tmp_path: Path) -> None:
    dated = HEAD.replace(b"\r\n\r\n", b"\r\nDate: Wed, 06 May 2020 07:08:10 GMT\r\n\r\n") + b"dated"
    items = found(
        tmp_path,
        record("response", PAGE, uri="<http://a.vn/brackets>")
        + record("response", PAGE, uri="http://a.vn/a b")
        + record("response", b"HTTP/2 200\r\nserver: x\r\n\r\nh2")
        + record("response", dated, WARC_Date="")
        + record("response", dated, WARC_Date="someday")
        + record("response", PAGE, WARC_Date="")
        + record("response", b"<html>no head</html>")
        + record("response", PAGE, uri="urn:a")
        + record("response", PAGE, uri="")
        + record("response", PAGE, WARC_Segment_Number="1")
        + record("continuation", b"more", WARC_Segment_Number="2")
        + record("resource", b"x", uri="file:///a")
        + record("response", PAGE, WARC_Truncated="LENGTH")
        + record("response", PAGE, WARC_Truncated="whatever"),
    )
    taken = kept(items)
    assert [capture.url for capture in taken[:2]] == ["http://a.vn/brackets", "http://a.vn/a%20b"]
    assert (taken[2].http_version, taken[2].status, taken[2].body) == ("HTTP/2", 200, b"h2")
    assert [capture.captured.second for capture in taken[3:5]] == [10, 10]
    assert [capture.truncated for capture in taken[5:]] == ["length", "unspecified"]
    assert sorted(odd(items)) == [
        ("bad-http", False),
        ("no-date", False),
        ("no-date", True),
        ("no-date", True),
        ("not-http", False),
        ("not-http", False),
        ("other-type", False),
        ("other-type", False),
        ("segmented", False),
    ]


def test_altered_records_are_refused_and_quirky_digests_are_not(tmp_path: Path) -> None:
    items = found(
        tmp_path,
        record("response", PAGE, WARC_Block_Digest=digest_of(b"other"))
        + record("response", PAGE, WARC_Payload_Digest=digest_of(b"other"))
        + record(
            "response", PAGE, WARC_Block_Digest=digest_of(PAGE), WARC_Payload_Digest=digest_of(b"decoded")
        )
        + record("response", PAGE, WARC_Payload_Digest="sha3:unknown")
        + record("response", PAGE, WARC_Block_Digest=digest_of(PAGE)),
    )
    assert odd(items) == [("wrong-digest", False), ("wrong-digest", False), ("wrong-digest", True)]
    assert len(kept(items)) == 3


def test_damage_costs_one_record(tmp_path: Path) -> None:
    members = [gzipped(record("response", HEAD + name)) for name in (b"one", b"two", b"three")]
    broken = bytearray(members[1])
    broken[40] ^= 0xFF
    items = found(tmp_path, members[0] + bytes(broken) + members[2])
    assert [capture.body for capture in kept(items)] == [b"one", b"three"]
    assert odd(items) == [("damaged", False)]
    cut = record("response", PAGE) + record("response", PAGE)[:-30]
    items = found(tmp_path, cut)
    assert len(kept(items)) == 1
    assert odd(items) == [("truncated", False)]
    untrue = record("response", PAGE).replace(b"Content-Length: 56", b"Content-Length: 9")
    items = found(tmp_path, untrue + record("response", PAGE))
    assert [capture.body for capture in kept(items)] == [b"<p>Hello</p>"] * 2
    assert odd(items) == [("wrong-length", True)]


def test_long_records_are_passed_over(tmp_path: Path) -> None:
    items = found(tmp_path, record("response", HEAD + b"x" * 5000) + record("response", PAGE), limit=1000)
    assert [capture.body for capture in kept(items)] == [b"<p>Hello</p>"]
    assert odd(items) == [("too-large", False)]


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x1f\x8b", b"PK\x03\x04 no zip", gzipped(b"hello"), b"\x00" * 9999]
)
def test_files_that_are_no_archives(tmp_path: Path, content: bytes) -> None:
    items = found(tmp_path, content)
    assert kept(items) == []
    assert odd(items)[-1][0] in ("not-archive", "unreadable")
    assert not is_archive(tmp_path / "0.warc")


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    assert odd(list(captures([tmp_path / "none.warc"]))) == [("unreadable", False)]
    assert not is_archive(tmp_path / "none.warc")
    assert not is_archive(tmp_path)


def _zip(path: Path, entries: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_wacz(tmp_path: Path, compression: int) -> None:
    original = record("response", PAGE, WARC_Record_ID="<urn:1>")
    again = record("revisit", HEAD, WARC_Refers_To="<urn:1>", uri="http://a.vn/again")
    path = _zip(
        tmp_path / "a.wacz",
        {
            "pages/pages.jsonl": b"{}",
            "archive/b.warc.gz": gzipped(again),
            "archive/a.warc.gz": b"".join(
                gzipped(record("response", HEAD + bytes([65 + n]))) for n in range(3)
            )
            + gzipped(original),
            "indexes/index.cdx.gz": b"\x1f\x8b",
            "datapackage.json": b"{}",
        },
        compression,
    )
    assert is_archive(path)
    items = list(captures([path]))
    assert odd(items) == []
    assert [(item.entry, item.capture.body) for item in items if isinstance(item, Imported)] == [
        ("archive/a.warc.gz", b"A"),
        ("archive/a.warc.gz", b"B"),
        ("archive/a.warc.gz", b"C"),
        ("archive/a.warc.gz", b"<p>Hello</p>"),
        ("archive/b.warc.gz", b"<p>Hello</p>"),
    ]


def test_damage_inside_a_wacz(tmp_path: Path) -> None:
    members = [gzipped(record("response", HEAD + name)) for name in (b"one", b"two", b"three")]
    broken = bytearray(members[1])
    broken[40] ^= 0xFF
    path = _zip(tmp_path / "a.wacz", {"archive/a.warc.gz": members[0] + bytes(broken) + members[2]})
    items = list(captures([path]))
    assert [capture.body for capture in kept(items)] == [b"one", b"three"]
    data = path.read_bytes()
    (tmp_path / "cut.wacz").write_bytes(data[: len(data) // 2])
    assert odd(list(captures([tmp_path / "cut.wacz"]))) == [("unreadable", False)]


def test_hostile_zips_write_nothing_and_end(tmp_path: Path) -> None:
    bomb = _zip(tmp_path / "bomb.wacz", {"archive/a.warc": b"\0" * (70 << 20)}, zipfile.ZIP_DEFLATED)
    assert odd(list(captures([bomb]))) == [("unreadable", False)]
    slip = _zip(
        tmp_path / "slip.wacz",
        {"../../escaped.warc": record("response", PAGE), "/etc/x\x1b[31m.warc": b"junk"},
    )
    before = sorted(tmp_path.rglob("*"))
    items = list(captures([slip]))
    assert len(kept(items)) == 1
    assert sorted(tmp_path.rglob("*")) == before
    assert not (tmp_path.parent.parent / "escaped.warc").exists()
    assert all("\x1b" not in (item.entry or "") for item in items)
    empty = _zip(tmp_path / "empty.wacz", {"readme.txt": b"hello"})
    assert odd(list(captures([empty]))) == [("not-archive", False)]
    assert not is_archive(empty)
    data = _zip(tmp_path / "secret.wacz", {"archive/a.warc": record("response", PAGE)}).read_bytes()
    locked = bytearray(data)
    locked[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "secret.wacz").write_bytes(locked)
    assert odd(list(captures([tmp_path / "secret.wacz"]))) == [("unreadable", False)]


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 255))
@settings(max_examples=150, deadline=None)
def test_no_bytes_whatever_raise(
    tmp_path_factory: pytest.TempPathFactory, tail: bytes, at: int, value: int
) -> None:
    data = bytearray(gzipped(record("response", PAGE)) + record("request", b"GET / HTTP/1.1\r\n\r\n") + tail)
    data[at % len(data)] = value
    path = tmp_path_factory.mktemp("any") / "a.warc"
    path.write_bytes(data)
    for item in captures([path]):
        assert isinstance(item, Imported | Anomaly)


def test_an_imported_capture_can_be_kept_and_imported_again(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(
        record("response", PAGE, WARC_Record_ID="<urn:r>")
        + record("request", b"GET /x HTTP/1.1\r\nHost: a.vn\r\n\r\n", WARC_Concurrent_To="<urn:r>")
        + record(
            "response", b"HTTP/2 200\r\n:pseudo: 1\r\nno colon\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        )
    )
    first = kept(list(captures([tmp_path / "a.warc"])))
    with writer(tmp_path / "vault") as vault:
        for capture in first:
            vault.append(PORTAL, ORIGIN, capture)
    assert kept(list(captures(vault.files()))) == first
    assert [replace(capture, source="live").source for capture in first] == ["live", "live"]


def test_dates_that_no_clock_shows(tmp_path: Path) -> None:
    block = b"HTTP/1.1 200 OK\r\nDate: Fri, 31 Dec 9999 23:59:59 -1400\r\n\r\nx"
    assert odd(found(tmp_path, record("response", block, WARC_Date=""))) == [("no-date", False)]


def test_revisits_of_altered_payloads_take_time_by_their_number_only(tmp_path: Path) -> None:
    false = {"WARC_Payload_Digest": "sha1:" + "A" * 32, "WARC_Block_Digest": "sha1:" + "B" * 32}
    altered = b"".join(record("response", PAGE, **false) for _ in range(2000))
    revisits = record("revisit", HEAD, WARC_Payload_Digest=false["WARC_Payload_Digest"]) * 2000
    began = time.process_time()
    items = found(tmp_path, altered + revisits)
    assert time.process_time() - began < 5
    assert odd(items) == [("wrong-digest", False)] * 2000 + [("unresolved-revisit", False)] * 2000


def test_waiting_revisits_hold_no_bodies(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzipped(record("revisit", HEAD + bytes(range(250)) * 8000), 1) * 30)
    tracemalloc.start()
    items = list(captures([path]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert odd(items) == [("unresolved-revisit", False)] * 30
    assert peak < 25_000_000


def test_claims_are_read_once(tmp_path: Path) -> None:
    claims = "".join(f"WARC-Concurrent-To: <urn:{n}>\r\n" for n in range(10_000)).encode()
    request = record("request", b"GET / HTTP/1.1\r\n\r\n").replace(b"\r\n", b"\r\n" + claims, 1)
    began = time.process_time()
    items = found(tmp_path, request * 20 + record("response", PAGE) * 100)
    assert time.process_time() - began < 5
    assert len(kept(items)) == 100


def test_a_wacz_of_many_files_takes_time_by_their_number_only(tmp_path: Path) -> None:
    entries = {f"archive/{n}.warc": record("response", HEAD + str(n).encode()) for n in range(2000)}
    path = _zip(tmp_path / "a.wacz", entries)
    began = time.process_time()
    assert [capture.body for capture in kept(list(captures([path])))] == [
        str(n).encode() for n in range(2000)
    ]
    assert time.process_time() - began < 5


def test_packed_entries_are_what_their_zip_says(tmp_path: Path) -> None:
    body = bytes(zlib.crc32(bytes([n % 251, n % 241])) & 0xFF for n in range(3_000_000))
    whole = _zip(
        tmp_path / "a.wacz", {"archive/a.warc": record("response", HEAD + body)}, zipfile.ZIP_DEFLATED
    )
    assert [capture.body for capture in kept(list(captures([whole])))] == [body]
    data = bytearray(whole.read_bytes())
    directory = data.index(b"PK\x01\x02")
    for place, false in ((16, b"\0\0\0\0"), (24, b"\xff\xff\xff\x0f"), (10, b"\x0e\0")):
        altered = bytearray(data)
        altered[directory + place : directory + place + len(false)] = false
        (tmp_path / "altered.wacz").write_bytes(altered)
        assert odd(list(captures([tmp_path / "altered.wacz"]))) == [("unreadable", False)], place
    bomb = _zip(tmp_path / "bomb.wacz", {"archive/a.warc": b"\0" * (70 << 20)}, zipfile.ZIP_DEFLATED)
    denser = bytearray(bomb.read_bytes())
    directory = denser.index(b"PK\x01\x02")
    denser[directory + 20 : directory + 24] = (1 << 30).to_bytes(4, "little")
    bomb.write_bytes(denser)
    (oddity,) = captures([bomb])
    assert isinstance(oddity, Anomaly)
    assert "a hundred times" in oddity.detail


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_wacz_within_a_wacz(tmp_path: Path, compression: int) -> None:
    content = record("response", PAGE)
    for depth in range(3):
        name = f"depth-{depth}.wacz"
        _zip(tmp_path / name, {"archive/a.warc": content} if not depth else {"in.wacz": content}, compression)
        content = (tmp_path / name).read_bytes()
    items = list(captures([tmp_path / "depth-2.wacz"]))
    assert [item.entry for item in items] == ["in.wacz/in.wacz/archive/a.warc"]
    assert len(kept(items)) == 1
    for name in ("three.wacz", "four.wacz"):
        content = _zip(tmp_path / name, {"in.wacz": content}, compression).read_bytes()
    assert odd(list(captures([tmp_path / "four.wacz"]))) == [("unreadable", False)]


def test_a_wacz_of_many_waczs_ends(tmp_path: Path) -> None:
    inner = _zip(tmp_path / "inner.wacz", {"archive/a.warc": record("response", PAGE)}).read_bytes()
    many = _zip(tmp_path / "many.wacz", {f"{number:03d}.wacz": inner for number in range(150)})
    items = list(captures([many]))
    assert len(kept(items)) == 99
    assert {kind for kind, _kept in odd(items)} == {"unreadable"}


def test_records_over_the_limit_and_stray_bytes_are_no_loss(tmp_path: Path) -> None:
    items = found(
        tmp_path, record("response", HEAD + b"x" * 5000) + record("response", PAGE) + bytes(64), limit=1000
    )
    lost = [item for item in items if isinstance(item, Anomaly)]
    assert [(item.kind, item.is_loss, item.is_notable) for item in lost] == [
        ("too-large", False, True),
        ("stray-bytes", False, True),
    ]
    assert len(kept(items)) == 1
