"""Torn writes, flipped bytes, lost files, full disks."""

from __future__ import annotations

import gzip
import resource
import subprocess
import sys
import textwrap
import zlib
from pathlib import Path

import pytest

from gvreader.archive.vault import Finding, Vault
from gvreader.errors import ArchiveDamaged, StorageFailed
from gvreader.model import RecordRef
from gvreader.warc import MEMBER_HEADER
from tests.archive.vault.captures import ORIGIN, PORTAL, page, reader, writer
from tests.archive.vault.test_store import warcio_check
from tests.packing import gzipped


@pytest.fixture
def three(tmp_path: Path) -> tuple[Path, list[RecordRef]]:
    """A vault of three captures in one file: the file and the references."""
    with writer(tmp_path / "vault") as vault:
        refs = [vault.append(PORTAL, ORIGIN, page(number)) for number in range(3)]
    return vault.files()[0], refs


def _numbers(vault: Vault) -> list[int]:
    """Which pages a vault holds, in the order written."""
    known = {page(number).url: number for number in range(20)}
    return [known[capture.url] for _ref, _portal, capture in vault.scan()]


def test_a_write_torn_at_any_byte_is_cut_to_the_last_whole_exchange(
    three: tuple[Path, list[RecordRef]],
) -> None:
    path, refs = three
    whole = path.read_bytes()
    for size in range(refs[2].offset + 1, len(whole)):
        path.write_bytes(whole[:size])
        with writer(path.parent) as vault:
            (torn,) = vault.torn
            assert (torn.file, torn.offset, torn.bytes) == (path.name, refs[2].offset, size - refs[2].offset)
            assert torn.saved
            saved = path.parent / torn.saved
            assert saved.read_bytes() == whole[refs[2].offset : size]
        assert path.read_bytes() == whole[: refs[2].offset]
        saved.unlink()


def test_writing_goes_on_in_a_mended_file(three: tuple[Path, list[RecordRef]]) -> None:
    path, refs = three
    path.write_bytes(path.read_bytes()[:-30])
    assert [finding.kind for finding in reader(path.parent).verify()] == ["torn-tail"]
    assert _numbers(reader(path.parent)) == [0, 1]
    with writer(path.parent) as vault:
        assert vault.append(PORTAL, ORIGIN, page(7)).file == refs[0].file
    assert _numbers(vault) == [0, 1, 7]
    assert list(vault.verify()) == []
    with writer(path.parent) as vault:
        assert vault.torn == ()
    warcio_check(vault.files())


def test_a_file_torn_before_its_first_record_is_whole_is_taken_away(
    three: tuple[Path, list[RecordRef]],
) -> None:
    path, refs = three
    whole = path.read_bytes()
    for size in (0, 1, 5, refs[0].offset - 1):
        path.write_bytes(whole[:size])
        with writer(path.parent) as vault:
            assert len(vault.torn) == (size > 0)
            assert vault.files() == ()
            vault.append(PORTAL, ORIGIN, page(1))
        assert [found.name for found in vault.files()] == [path.name]
        assert _numbers(vault) == [1]
        assert list(vault.verify()) == []


def test_a_file_with_only_its_header_is_whole(three: tuple[Path, list[RecordRef]]) -> None:
    path, refs = three
    path.write_bytes(path.read_bytes()[: refs[0].offset])
    with writer(path.parent) as vault:
        assert vault.torn == ()
        assert vault.append(PORTAL, ORIGIN, page(0)).offset == refs[0].offset
    assert list(vault.verify()) == []


@pytest.mark.parametrize(
    "junk", [b"x", b"\x00" * 4096, b"\x1f", b"\x1f\x8b\x08\x00" + bytes(600), b"HTTP/1.1 200\r\n" * 99]
)
def test_what_a_power_cut_leaves_behind_is_cut(three: tuple[Path, list[RecordRef]], junk: bytes) -> None:
    path, _refs = three
    whole = path.read_bytes()
    path.write_bytes(whole + junk)
    with writer(path.parent) as vault:
        assert [torn.saved is not None for torn in vault.torn] == [True]
    assert path.read_bytes() == whole


def test_sectors_that_were_never_written_are_cut(three: tuple[Path, list[RecordRef]], tmp_path: Path) -> None:
    path, _refs = three
    with writer(path.parent) as vault:
        ref = vault.append(PORTAL, ORIGIN, page(3, size=6000))
    data = bytearray(path.read_bytes())
    data[ref.offset + 600 : ref.offset + 1624] = bytes(1024)
    path.write_bytes(data)
    with writer(path.parent) as vault:
        assert [torn.offset for torn in vault.torn] == [ref.offset]
    assert _numbers(vault) == [0, 1, 2]


def test_a_damaged_last_record_stays_where_it_is(three: tuple[Path, list[RecordRef]]) -> None:
    path, refs = three
    data = bytearray(path.read_bytes())
    data[refs[2].offset + 200] ^= 0x40
    path.write_bytes(data)
    with writer(path.parent) as vault:
        assert [(torn.offset, torn.saved) for torn in vault.torn] == [(refs[2].offset, None)]
        new = vault.append(PORTAL, ORIGIN, page(4))
        assert new.file != path.name
    assert path.read_bytes() == data
    assert _numbers(vault) == [0, 1, 4]
    assert [(finding.kind, finding.offset) for finding in vault.verify([*refs, new])] == [
        ("damaged-record", refs[2].offset),
        ("unpaired-record", _request_offset(path, refs[2])),
    ]


def _request_offset(path: Path, ref: RecordRef) -> int:
    return path.read_bytes().index(MEMBER_HEADER, ref.offset + 1)


def _content(data: bytes) -> bytes | None:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return None


def test_every_flipped_byte_is_found_with_its_place(three: tuple[Path, list[RecordRef]]) -> None:
    path, refs = three
    whole = path.read_bytes()
    request = _request_offset(path, refs[1])
    for position in range(refs[1].offset, refs[2].offset):
        data = bytearray(whole)
        data[position] ^= 1 << position % 8
        path.write_bytes(data)
        findings = list(reader(path.parent).verify(refs))
        start = refs[1].offset if position < request else request
        if position - start >= len(MEMBER_HEADER) and _content(bytes(data)) == _content(whole):
            # The last bits of a member's deflate stream are padding and mean nothing.
            continue
        assert any(finding.is_damage and finding.offset == start for finding in findings), position
        assert all(finding.file == path.name for finding in findings)
        read = _numbers(reader(path.parent))
        assert read == ([0, 2] if 1 not in read else [0, 1, 2])
        assert 0 in read
        assert 2 in read


def test_a_flip_in_a_checksum_names_the_record_and_fails_the_read(
    three: tuple[Path, list[RecordRef]],
) -> None:
    path, refs = three
    data = bytearray(path.read_bytes())
    data[_request_offset(path, refs[0]) - 7] ^= 1
    path.write_bytes(data)
    finding = next(reader(path.parent).verify())
    assert (finding.kind, finding.offset, finding.record_id) == (
        "damaged-record",
        refs[0].offset,
        refs[0].record_id,
    )
    with pytest.raises(ArchiveDamaged, match="incorrect data check") as caught:
        reader(path.parent).get(refs[0])
    assert "gvreader verify" in caught.value.advice


def test_bytes_altered_behind_valid_checksums_are_found(three: tuple[Path, list[RecordRef]]) -> None:
    path, refs = three
    data = path.read_bytes()
    request = _request_offset(path, refs[1])
    member = gzip.decompress(data[refs[1].offset : request])
    forged = MEMBER_HEADER + gzipped(member.replace("Bài".encode(), "BÀI".encode()))[10:]
    path.write_bytes(data[: refs[1].offset] + forged + data[request:])
    findings = [finding for finding in reader(path.parent).verify() if finding.is_damage]
    assert [(finding.kind, finding.record_id) for finding in findings] == [
        ("wrong-digest", refs[1].record_id)
    ]


def test_lost_files_and_records_are_found(tmp_path: Path) -> None:
    with writer(tmp_path, max_file_bytes=1) as vault:
        refs = [vault.append(PORTAL, ORIGIN, page(number)) for number in range(3)]
        again = vault.append(PORTAL, ORIGIN, page(1), same_as=refs[1])
    (tmp_path / refs[1].file).unlink()
    found = [(finding.kind, finding.file, finding.record_id) for finding in vault.verify([*refs[:2], again])]
    assert found == [
        ("missing-file", "giavien-*-00002.warc.gz", None),
        ("dangling-revisit", again.file, again.record_id),
        ("missing-file", refs[1].file, None),
        ("unindexed-record", refs[2].file, refs[2].record_id),
    ]
    with pytest.raises(ArchiveDamaged, match="the file is missing"):
        vault.get(again)
    reports: list[Finding] = []
    assert [ref for ref, _portal, _capture in vault.scan(report=reports.append)] == [refs[0], refs[2]]
    assert [finding.record_id for finding in reports] == [again.record_id]
    (tmp_path / refs[1].file).write_bytes((tmp_path / refs[0].file).read_bytes())
    kinds = [finding.kind for finding in vault.verify(refs)]
    assert "missing-record" in kinds


def test_scan_reports_what_it_passes_over(three: tuple[Path, list[RecordRef]]) -> None:
    path, refs = three
    data = bytearray(path.read_bytes())
    data[refs[1].offset + 300] ^= 0x20
    path.write_bytes(data)
    reports: list[Finding] = []
    assert [ref for ref, _portal, _capture in reader(path.parent).scan(report=reports.append)] == [
        refs[0],
        refs[2],
    ]
    assert reports[0].kind == "damaged-record"
    assert reports[0].offset == refs[1].offset


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """A real failed write: the size limit of the process ends it in the middle of a record."""
    script = """
        import random, resource, sys
        from pathlib import Path
        from gvreader.errors import StorageFailed
        from tests.archive.vault.captures import ORIGIN, PORTAL, page, writer
        vault = writer(Path(sys.argv[1]))
        large = random.Random(1).randbytes(200_000)
        vault.append(PORTAL, ORIGIN, page(0))
        path = vault.files()[0]
        before = path.read_bytes()
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        for room in (0, 1, 100, 5000, 70_000, 199_900):
            resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + room, hard))
            try:
                vault.append(PORTAL, ORIGIN, page(1, body=large))
            except StorageFailed as error:
                assert "no room" in str(error) and error.advice, error
                assert error.exit_code == 1
            else:
                raise AssertionError("the write must fail")
            assert path.read_bytes() == before
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        vault.append(PORTAL, ORIGIN, page(1, body=large))
        assert vault.torn == ()
        assert len(vault.files()) == 1
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
        try:
            vault.append("other", ORIGIN, page(2))
        except StorageFailed:
            pass
        assert len(vault.files()) == 1
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    vault = reader(tmp_path)
    assert [len(capture.body) for _ref, _portal, capture in vault.scan()] == [
        len(page(0).body),
        200_000,
    ]
    assert list(vault.verify()) == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_an_interrupted_append_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with writer(tmp_path) as vault:
        vault.append(PORTAL, ORIGIN, page(0))
        before = vault.files()[0].read_bytes()

        def interrupted(_descriptor: int) -> None:
            monkeypatch.undo()
            raise KeyboardInterrupt

        monkeypatch.setattr("os.fsync", interrupted)
        with pytest.raises(KeyboardInterrupt):
            vault.append(PORTAL, ORIGIN, page(1))
        assert vault.files()[0].read_bytes() == before
        vault.append(PORTAL, ORIGIN, page(2))
    assert _numbers(vault) == [0, 2]


def test_a_disk_that_fails_to_flush_is_an_error_and_the_next_append_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writer(tmp_path) as vault:
        vault.append(PORTAL, ORIGIN, page(0))

        def failing(_descriptor: int) -> None:
            monkeypatch.undo()
            raise OSError(5, "Input/output error")

        monkeypatch.setattr("os.fsync", failing)
        with pytest.raises(StorageFailed, match="could not be read or written"):
            vault.append(PORTAL, ORIGIN, page(1))
        vault.append(PORTAL, ORIGIN, page(2))
    assert _numbers(vault) == [0, 2]
    assert list(vault.verify()) == []
