from __future__ import annotations

import subprocess
import sys
import tracemalloc
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from gvreader.archive.vault import Vault, is_portal_name
from gvreader.archive.vault.store import MOST_OPEN
from gvreader.errors import ArchiveDamaged, StorageFailed, UsageError
from gvreader.model import Capture, RecordRef, Request
from tests.archive.vault.captures import ORIGIN, PORTAL, START, clock, page, reader, writer
from tests.warc.strategies import captures


def warcio_check(files: Iterable[Path]) -> str:
    """What warcio's own checker says; fails the test when it does not accept a file."""
    command = [sys.executable, "-m", "warcio.cli", "check", "-v", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


def test_what_is_appended_is_got_back(tmp_path: Path) -> None:
    pages = [page(number) for number in range(5)]
    with writer(tmp_path / "vault") as vault:
        refs = [vault.append(PORTAL, ORIGIN, capture) for capture in pages]
        assert [vault.get(ref) for ref in refs] == pages
    with reader(tmp_path / "vault") as vault:
        assert [vault.get(ref) for ref in reversed(refs)] == pages[::-1]
        assert list(vault.scan()) == [
            (ref, PORTAL, capture) for ref, capture in zip(refs, pages, strict=True)
        ]
        assert list(vault.verify(refs)) == []
        assert vault.portals() == {PORTAL: ORIGIN}
    assert [path.name for path in vault.files()] == ["giavien-20230207030000-00001.warc.gz"]
    assert warcio_check(vault.files()).count("digest pass") == 11


@given(st.lists(captures(), min_size=1, max_size=4), st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_captures_survive(
    tmp_path_factory: pytest.TempPathFactory, many: list[Capture], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("vault")
    refs: list[RecordRef] = []
    with writer(folder) as vault:
        for capture in many:
            same_as = data.draw(st.sampled_from([None, *refs]))
            refs.append(vault.append(PORTAL, ORIGIN, capture, same_as=same_as))
        assert [vault.get(ref) for ref in refs] == many
    assert [(ref, capture) for ref, _portal, capture in vault.scan()] == list(zip(refs, many, strict=True))
    assert list(vault.verify(refs)) == []


def test_unchanged_bytes_become_a_revisit(tmp_path: Path) -> None:
    first, again = page(1, size=50_000), page(1, size=50_000, captured=START + timedelta(days=1))
    twin = replace(again, url=again.url + "?b", headers=(("Server", "x"),))
    with writer(tmp_path) as vault:
        original = vault.append(PORTAL, ORIGIN, first)
        before = vault.files()[0].stat().st_size
        one = vault.append(PORTAL, ORIGIN, again, same_as=original)
        two = vault.append(PORTAL, ORIGIN, twin, same_as=one)
        assert vault.files()[0].stat().st_size - before < 2500
        assert [vault.get(ref) for ref in (one, two)] == [again, twin]
    assert [capture for _ref, _portal, capture in vault.scan()] == [first, again, twin]
    with vault.files()[0].open("rb") as file:
        revisits = [record for record in ArchiveIterator(file) if record.rec_type == "revisit"]
    for record in revisits:
        assert record.rec_headers.get_header("WARC-Refers-To") == f"<{original.record_id}>"
        assert record.rec_headers.get_header("WARC-Refers-To-Target-URI") == first.url
        assert record.rec_headers.get_header("WARC-Refers-To-Date") == "2023-02-07T03:00:01Z"
    assert len(revisits) == 2
    warcio_check(vault.files())


def test_an_empty_304_refers_to_what_it_confirms(tmp_path: Path) -> None:
    unmodified = page(1, status=304, reason="Not Modified", body=b"")
    with writer(tmp_path) as vault:
        original = vault.append(PORTAL, ORIGIN, page(1))
        first = vault.append(PORTAL, ORIGIN, unmodified, same_as=original)
        second = vault.append(PORTAL, ORIGIN, unmodified, same_as=first)
        plain = vault.append(PORTAL, ORIGIN, unmodified)
        assert [vault.get(ref) for ref in (first, second, plain)] == [unmodified] * 3
    with vault.files()[0].open("rb") as file:
        kinds = [
            (record.rec_type, (record.rec_headers.get_header("WARC-Profile") or "").rpartition("/")[2])
            for record in ArchiveIterator(file)
            if record.rec_type != "request"
        ]
    modified = ("revisit", "server-not-modified")
    assert kinds == [("warcinfo", ""), ("response", ""), modified, modified, ("response", "")]
    warcio_check(vault.files())


def test_a_wrong_claim_of_sameness_loses_nothing(tmp_path: Path) -> None:
    with writer(tmp_path) as vault:
        other = vault.append(PORTAL, ORIGIN, page(2))
        nowhere = RecordRef(file="giavien-20200101000000-00009.warc.gz", offset=5, record_id="urn:uuid:1")
        for claim in (other, nowhere, replace(other, offset=other.offset + 1), replace(other, file="../x")):
            ref = vault.append(PORTAL, ORIGIN, page(1), same_as=claim)
            assert vault.get(ref) == page(1)
    assert list(vault.verify()) == []


def test_a_new_file_past_the_limit_and_the_same_file_in_the_next_run(tmp_path: Path) -> None:
    refs = []
    for run in range(4):
        with writer(tmp_path, max_file_bytes=4000) as vault:
            refs += [vault.append(PORTAL, ORIGIN, page(run * 3 + number)) for number in range(3)]
    names = [path.name for path in vault.files()]
    assert names == [f"giavien-20230207030000-{serial:05d}.warc.gz" for serial in range(1, len(names) + 1)]
    assert 2 < len(names) < 8
    assert [ref.file for ref in refs] == sorted(ref.file for ref in refs)
    assert all(path.stat().st_size < 6000 for path in vault.files())
    assert [capture for _ref, _portal, capture in vault.scan()] == [page(number) for number in range(12)]
    assert list(vault.verify(refs)) == []
    warcio_check(vault.files())


def test_a_revisit_of_a_record_in_an_earlier_file(tmp_path: Path) -> None:
    with writer(tmp_path, max_file_bytes=1) as vault:
        first = vault.append(PORTAL, ORIGIN, page(1))
        second = vault.append(PORTAL, ORIGIN, page(1), same_as=first)
        assert first.file != second.file
        assert vault.get(second) == page(1)
    assert list(vault.verify([first, second])) == []


def test_each_portal_has_its_own_files_and_a_new_origin_a_new_one(tmp_path: Path) -> None:
    with writer(tmp_path) as vault:
        vault.append("b-site", "https://b.vn", page(1))
        vault.append("a.site", "http://127.0.0.1:8000", page(2))
        vault.append("b-site", "https://b.vn", page(3))
        vault.append("b-site", "https://moved.b.vn", page(4))
    assert vault.portals() == {"a.site": "http://127.0.0.1:8000", "b-site": "https://moved.b.vn"}
    assert [(portal, capture) for _ref, portal, capture in vault.scan()] == [
        ("a.site", page(2)),
        ("b-site", page(1)),
        ("b-site", page(3)),
        ("b-site", page(4)),
    ]


def test_the_file_introduces_itself(tmp_path: Path) -> None:
    with writer(tmp_path) as vault:
        vault.append(PORTAL, ORIGIN, page(1))
    with vault.files()[0].open("rb") as file:
        record = next(iter(ArchiveIterator(file)))
        assert record.rec_type == "warcinfo"
        assert record.rec_headers.get_header("WARC-Filename") == vault.files()[0].name
        assert record.rec_headers.get_header("Content-Type") == "application/warc-fields"
        lines = record.raw_stream.read().decode().splitlines()
    assert lines[0].startswith("software: gvreader/")
    assert lines[1] == "format: WARC File Format 1.1"
    assert lines[2].startswith("conformsTo: https://iipc.github.io/warc-specifications/")
    assert lines[3:] == ["isPartOf: giavien", "X-Gvreader-Origin: https://giavien.ninhbinh.gov.vn"]


@pytest.mark.parametrize("name", ["", "..", "a/b", "../a", "Gia Viễn", "a\n", "-a", "a.", "x" * 81, "a:80"])
def test_portal_names_that_are_no_file_names_are_refused(tmp_path: Path, name: str) -> None:
    assert not is_portal_name(name)
    with writer(tmp_path) as vault, pytest.raises(UsageError):
        vault.append(name, ORIGIN, page(1))
    assert vault.files() == ()


@pytest.mark.parametrize("name", ["a", "giavien", "127.0.0.1-8080", "nho_quan", "A-1-2", "x" * 80])
def test_portal_names_that_are_file_names(tmp_path: Path, name: str) -> None:
    assert is_portal_name(name)
    with writer(tmp_path) as vault:
        ref = vault.append(name, ORIGIN, page(1))
    assert [(found, portal) for found, portal, _capture in vault.scan()] == [(ref, name)]


def test_references_that_lead_nowhere(tmp_path: Path) -> None:
    with writer(tmp_path / "vault") as vault:
        ref = vault.append(PORTAL, ORIGIN, page(1))
        (tmp_path / "secret").write_bytes(vault.files()[0].read_bytes())
        for wrong in (
            replace(ref, offset=0),
            replace(ref, offset=ref.offset + 1),
            replace(ref, offset=10**9),
            replace(ref, record_id="urn:uuid:0"),
            replace(ref, file="giavien-20230207030000-00002.warc.gz"),
            replace(ref, file="../secret"),
            replace(ref, file="/etc/passwd"),
        ):
            with pytest.raises(ArchiveDamaged, match="cannot be read"):
                vault.get(wrong)


def test_reading_changes_nothing_and_a_missing_folder_is_an_empty_vault(tmp_path: Path) -> None:
    with reader(tmp_path / "none") as vault:
        assert list(vault.scan()) == []
        assert list(vault.verify()) == []
        assert vault.portals() == {}
        with pytest.raises(RuntimeError):
            vault.append(PORTAL, ORIGIN, page(1))
    assert not (tmp_path / "none").exists()


def test_strange_files_are_left_alone(tmp_path: Path) -> None:
    with writer(tmp_path) as vault:
        vault.append(PORTAL, ORIGIN, page(1))
        (tmp_path / "crawl.warc.gz").write_bytes(b"not ours")
        (tmp_path / "giavien-2023-1.warc.gz").write_bytes(b"nor this")
        (tmp_path / "giavien-20230207030000-00005.warc.gz").mkdir()
    with writer(tmp_path) as vault:
        vault.append(PORTAL, ORIGIN, page(2))
    assert [capture for _ref, _portal, capture in vault.scan()] == [page(1), page(2)]
    findings = list(vault.verify())
    assert {finding.kind for finding in findings} == {"foreign-file"}
    assert len(findings) == 3
    assert not any(finding.is_damage for finding in findings)
    assert (tmp_path / "crawl.warc.gz").read_bytes() == b"not ours"


def test_a_capture_of_unknown_request_has_no_request_record(tmp_path: Path) -> None:
    capture = page(1, request=Request(url=page(1).url), source="wayback")
    with writer(tmp_path) as vault:
        refs = [vault.append(PORTAL, ORIGIN, capture), vault.append(PORTAL, ORIGIN, page(2))]
        assert vault.get(refs[0]) == capture
    assert list(vault.verify(refs)) == []
    with writer(tmp_path) as vault:
        assert vault.torn == ()


def test_large_captures_are_scanned_one_at_a_time(tmp_path: Path) -> None:
    size = 4 << 20
    with writer(tmp_path) as vault:
        for number in range(6):
            vault.append(PORTAL, ORIGIN, page(number, size=1, body=bytes([number]) * size))
    tracemalloc.start()
    try:
        assert [len(capture.body) for _ref, _portal, capture in vault.scan()] == [size] * 6
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5 * size


def test_get_does_not_read_what_lies_before(tmp_path: Path) -> None:
    with writer(tmp_path) as vault:
        refs = [vault.append(PORTAL, ORIGIN, page(number)) for number in range(3)]
        path = vault.files()[0]
    damaged = bytearray(path.read_bytes())
    damaged[: refs[2].offset] = bytes(refs[2].offset)
    path.write_bytes(damaged)
    assert reader(tmp_path).get(refs[2]) == page(2)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFailed) as caught:
        Vault.open(tmp_path / "file" / "vault", mode="write", clock=clock)
    assert caught.value.advice


def open_files() -> int:
    """How many files this process has open; 0 where the system does not say."""
    place = Path("/proc/self/fd")
    return len(list(place.iterdir())) if place.is_dir() else 0


def test_many_portals_need_few_open_files(tmp_path: Path) -> None:
    portals = [f"host-{number:03d}.vn" for number in range(MOST_OPEN + 6)]
    with writer(tmp_path / "vault") as vault:
        before = open_files()
        refs = [
            vault.append(portal, f"https://{portal}", page(number))
            for number in range(2)
            for portal in portals
        ]
        assert open_files() <= before + MOST_OPEN
        assert [vault.get(ref) for ref in refs[:: len(portals)]] == [page(0), page(1)]
    with reader(tmp_path / "vault") as vault:
        assert len(vault.files()) == len(portals)
        assert list(vault.verify(refs)) == []
