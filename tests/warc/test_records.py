"""Files of other makers, written here byte by byte."""

from __future__ import annotations

import io
import time
import zlib
from hashlib import sha1

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from gvreader.warc import Fault, Record, parse_response, read_records
from tests.growth import grows_with_size
from tests.packing import gzipped

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Hello</p>"


def warc(
    block: bytes, *, length: object = None, version: str = "1.0", end: str = "\r\n\r\n", **extra: str
) -> bytes:
    """A record; `length` None is the true one, "" leaves the field out."""
    fields = {"WARC-Type": "response", "WARC-Target-URI": "http://a.vn/", "WARC-Date": "2020-01-01T00:00:00Z"}
    fields |= {name.replace("_", "-"): value for name, value in extra.items()}
    if length != "":
        fields["Content-Length"] = str(len(block) if length is None else length)
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"WARC/{version}\r\n{head}\r\n".encode() + block + end.encode()


def read(data: bytes, **options: int) -> list[Record | Fault]:
    return list(read_records(io.BytesIO(data), **options))


def blocks(data: bytes, **options: int) -> list[bytes | str]:
    """The blocks of records, the kinds of faults."""
    return [item.block if isinstance(item, Record) else item.kind for item in read(data, **options)]


THREE = [PAGE, PAGE + b"2" * 3000, PAGE + b"\r\n\r\n"]


@pytest.mark.parametrize("version", ["0.17", "0.18", "1.0", "1.1"])
def test_plain_files(version: str) -> None:
    data = b"".join(warc(block, version=version) for block in THREE)
    items = read(data)
    assert [item.block for item in items if isinstance(item, Record)] == THREE
    assert [item.offset for item in items] == [0, data.index(b"WARC/", 1), data.rindex(b"WARC/")]
    assert read(data, start=items[1].offset) == items[1:]


def test_gzip_per_record_gives_offsets_to_start_from() -> None:
    members = [gzipped(warc(block)) for block in THREE]
    items = read(b"".join(members))
    assert blocks(b"".join(members)) == THREE
    assert [item.offset for item in items] == [0, len(members[0]), len(members[0]) + len(members[1])]
    assert read(b"".join(members), start=items[2].offset) == items[2:]


def test_gzip_as_a_whole_or_in_pieces_of_any_size() -> None:
    data = b"".join(warc(block) for block in THREE)
    assert blocks(gzipped(data)) == THREE
    pieces = b"".join(gzipped(data[start : start + 700]) for start in range(0, len(data), 700))
    assert blocks(pieces) == THREE


def test_zstd_with_and_without_a_dictionary() -> None:
    frames = [zstandard.compress(warc(block)) for block in THREE]
    items = read(b"".join(frames))
    assert blocks(b"".join(frames)) == THREE
    assert read(b"".join(frames), start=items[1].offset) == items[1:]
    dictionary = zstandard.ZstdCompressionDict(warc(PAGE) * 4, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    compressor = zstandard.ZstdCompressor(dict_data=dictionary)
    for raw in (dictionary.as_bytes(), zstandard.compress(dictionary.as_bytes())):
        frame = b"\x5d\x2a\x4d\x18" + len(raw).to_bytes(4, "little") + raw
        assert blocks(frame + b"".join(compressor.compress(warc(block)) for block in THREE)) == THREE


def test_arc_files_of_both_versions() -> None:
    first = b"filedesc://a.arc 0.0.0.0 20080101000000 text/plain 76\n" + b"1 0 InternetArchive\n"
    first = first.replace(b" 76\n", b" 20\n")
    line1 = b"http://a.vn/a b.html 10.0.0.1 20080203040506 text/html; charset=utf-8 %d\n" % len(PAGE)
    line2 = b"http://a.vn/2 10.0.0.1 20080203040507 text/html 200 CHECKSUM - 1234 a.arc %d\n" % len(PAGE)
    header, one, two = read(first + b"\n" + line1 + PAGE + b"\n" + line2 + PAGE + b"\n")
    assert isinstance(header, Record)
    assert header.type == "arc-header"
    assert isinstance(one, Record)
    assert one.version == "ARC"
    assert one.block == PAGE
    assert one.fields.get("WARC-Target-URI") == "http://a.vn/a b.html"
    assert one.fields.get("WARC-Date") == "2008-02-03T04:05:06Z"
    assert one.fields.get("WARC-IP-Address") == "10.0.0.1"
    assert isinstance(two, Record)
    assert two.block == PAGE
    assert two.fields.get("WARC-Date") == "2008-02-03T04:05:07Z"
    wrong = first + b"\n" + line1.replace(b" %d\n" % len(PAGE), b" 9\n") + PAGE + b"\n" + line2 + PAGE + b"\n"
    assert blocks(wrong)[1:] == [PAGE, PAGE]


@pytest.mark.parametrize(
    "length", [0, 5, len(PAGE) - 1, len(PAGE) + 5, len(PAGE) + 300, "", "x", "-1", 10**12]
)
def test_an_untrue_length_is_found_out(length: object) -> None:
    items = read(warc(b"first") + warc(PAGE, length=length) + warc(b"last"))
    if length == 10**12:
        assert [item.kind if isinstance(item, Fault) else item.block for item in items] == [
            b"first",
            "too-large",
        ]
    else:
        assert [item.block for item in items if isinstance(item, Record)] == [b"first", PAGE, b"last"]
        assert [item.wrong_length for item in items if isinstance(item, Record)] == [False, True, False]


@pytest.mark.parametrize("length", [5, len(PAGE) + 5, len(PAGE) + 300, ""])
def test_an_untrue_length_in_a_gzip_member_is_found_out(length: object) -> None:
    records = [warc(b"first"), warc(PAGE, length=length), warc(b"last")]
    assert blocks(b"".join(map(gzipped, records))) == [b"first", PAGE, b"last"]
    assert blocks(b"".join(map(gzipped, records[:2]))) == [b"first", PAGE]


def test_a_block_that_holds_records_is_one_block() -> None:
    inner = PAGE + b"\r\n\r\n" + warc(b"inner")
    assert blocks(warc(inner) + warc(b"last")) == [inner, b"last"]


def test_missing_or_doubled_blank_lines_between_records() -> None:
    assert blocks(warc(PAGE, end="") + warc(b"b", end="\n") + warc(b"c", end="\r\n" * 9)) == [
        PAGE,
        b"b",
        b"c",
    ]


def test_a_proven_block_is_kept_before_junk() -> None:
    digest = "sha1:" + sha1(PAGE, usedforsecurity=False).hexdigest()
    data = warc(PAGE, WARC_Block_Digest=digest) + b"junk" * 30 + b"\n\r\n\r\n" + warc(b"last")
    assert blocks(data) == [PAGE, "junk", b"last"]


def test_a_damaged_member_costs_one_record_and_names_it() -> None:
    members = [gzipped(warc(block, WARC_Record_ID=f"<urn:{n}>")) for n, block in enumerate(THREE)]
    whole = b"".join(members)
    for position in range(len(members[0]), len(members[0]) + len(members[1])):
        damaged = bytearray(whole)
        damaged[position] ^= 0x10
        items = read(bytes(damaged))
        kept = [item.block for item in items if isinstance(item, Record)]
        faults = [item for item in items if isinstance(item, Fault)]
        # A flip in the gzip header's time, flags or system byte may leave the record readable.
        if kept != THREE:
            assert kept == [THREE[0], THREE[2]], position
            assert [fault.offset for fault in faults] == [len(members[0])], position
    damaged = bytearray(whole)
    damaged[len(members[0]) + len(members[1]) - 6] ^= 1
    fault = read(bytes(damaged))[1]
    assert isinstance(fault, Fault)
    assert fault.fields.get("WARC-Record-ID") == "<urn:1>"


def test_the_record_before_a_damaged_member_is_whole() -> None:
    members = [gzipped(warc(block)) for block in THREE]
    assert blocks(members[0] + b"\x1f\x8b\x08\x00garbage") == [PAGE, "truncated"]
    assert blocks(members[0] + b"garbage" + members[1]) == [PAGE, "corrupt", THREE[1]]
    assert blocks(members[0] + bytes(1000)) == [PAGE, "stray"]


def test_a_cut_file_keeps_what_came_before() -> None:
    members = [gzipped(warc(block)) for block in THREE]
    whole = b"".join(members)
    for size in range(len(whole) - len(members[2]) + 2, len(whole)):
        assert blocks(whole[:size]) == [*THREE[:2], "truncated"]
    plain = b"".join(map(warc, THREE))
    assert blocks(plain[: plain.rindex(b"HTTP") + 20]) == [*THREE[:2], "truncated"]
    assert blocks(plain[: plain.rindex(b"WARC-Date")]) == [*THREE[:2], "bad-record"]


def test_a_torn_member_in_the_middle_is_passed_over() -> None:
    members = [gzipped(warc(block)) for block in THREE]
    assert blocks(members[0] + members[1][:-20] + members[2]) == [PAGE, "corrupt", THREE[2]]


def test_bombs_and_long_records_cost_no_memory() -> None:
    body = b"HTTP/1.1 200 OK\r\n\r\n" + bytes(3 << 20)
    assert blocks(gzipped(warc(body)) + gzipped(warc(PAGE)), limit=1 << 20) == ["too-large", PAGE]
    assert blocks(warc(body, length="") + warc(PAGE), limit=1 << 20) == ["too-large", PAGE]
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = [compressor.compress(warc(b"", length=1 << 40)[:-4])]
    bomb += [compressor.compress(bytes(1 << 20)) for _ in range(300)]
    bomb.append(compressor.flush())
    assert blocks(b"".join(bomb) + gzipped(warc(PAGE))) == ["bomb", PAGE]


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n", b"\n" * 1000])
def test_nothing_gives_nothing(data: bytes) -> None:
    assert read(data) == []
    assert read(gzipped(data)) == []


def test_a_head_without_end_and_endless_lines() -> None:
    assert blocks(b"WARC/1.0\r\nWARC-Type: response") == ["bad-record"]
    assert blocks(b"WARC/1.0\r\n" + b"X: y\r\n" * 3_000_000 + b"\r\n") == ["bad-record"]
    assert blocks(b"x" * (1 << 20)) == ["junk"]


def test_fields_are_read_leniently() -> None:
    data = (
        b"WARC/1.0\nwarc-type:RESPONSE\nWARC-Target-URI : <http://a.vn/>\nX-Folded: one\n two\n"
        b"X-Latin: \xe1\nno colon\nWARC-Record-ID:<urn:uuid:5>\nContent-Length: 2\n\nok\n\n"
    )
    (record,) = read(data)
    assert isinstance(record, Record)
    assert record.type == "response"
    assert record.id == "urn:uuid:5"
    assert record.fields.get("x-folded") == "one two"
    assert record.fields.get("X-Latin") == "á"
    assert record.block == b"ok"


@given(
    st.lists(st.one_of(st.just(warc(PAGE)), st.just(gzipped(warc(PAGE))), st.binary(max_size=60)), max_size=6)
)
@settings(max_examples=200, deadline=None)
def test_no_bytes_whatever_raise(pieces: list[bytes]) -> None:
    for item in read(b"".join(pieces), limit=1 << 16):
        assert isinstance(item, Record | Fault)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_damage_never_invents_or_alters_a_record(data: st.DataObject) -> None:
    whole = b"".join(gzipped(warc(block)) for block in THREE)
    position = data.draw(st.integers(0, len(whole) - 1))
    damaged = bytearray(whole)
    damaged[position] ^= data.draw(st.integers(1, 255))
    kept = [item.block for item in read(bytes(damaged)) if isinstance(item, Record)]
    assert all(block in THREE for block in kept)
    assert len(kept) >= 2 or position < 2


def test_folds_without_number_take_no_longer_than_lines() -> None:
    def check(folds: int) -> None:
        folded = b"WARC/1.0\r\nWARC-Type: response\r\nX: a\r\n" + b" b\r\n" * folds
        (record,) = read(folded + b"Content-Length: 4\r\n\r\nbody\r\n\r\n")
        assert isinstance(record, Record)
        assert (record.fields.get("X"), record.block) == ("a" + " b" * folds, b"body")

    assert grows_with_size(check, 400_000)


def test_folds_of_a_long_header_take_no_longer_than_lines() -> None:
    def check(folds: int) -> None:
        message = b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200 * folds + b"\r\n" + b" a\r\n" * folds + b"\r\nbody"
        head = parse_response(message)
        assert head is not None
        assert head.headers == (("X", "y" * 200 * folds + " a" * folds),)

    assert grows_with_size(check, 19_000)


def test_a_file_of_untrue_lengths_takes_time_by_its_size_only() -> None:
    few = b"".join(
        warc(PAGE + str(n).encode(), length=20_000_000, WARC_Record_ID=f"<{n}>") for n in range(500)
    )
    padding = warc(PAGE + b"=" * 20_000_000)
    began = time.process_time()
    items = read(gzipped(few + padding, 1), limit=30_000_000)
    assert time.process_time() - began < 10
    assert [item.block for item in items if isinstance(item, Record)][:-1] == [
        PAGE + str(n).encode() for n in range(500)
    ]
    assert [item.wrong_length for item in items if isinstance(item, Record)] == [True] * 500 + [False]


def test_true_lengths_are_believed_again_behind_untrue_ones() -> None:
    inside = warc(b"inside")
    liars = b"".join(warc(PAGE, length=3000) for _ in range(20))
    assert blocks(liars + warc(inside) * 2, limit=4000) == [PAGE] * 20 + [inside] * 2


@pytest.mark.parametrize("stray", [b"\x00", b"x", bytes(100), b"garbage"])
def test_bytes_behind_a_record_cost_no_record(stray: bytes) -> None:
    records = [warc(block) for block in THREE]
    between = [found for block in THREE for found in (block, "stray")]
    assert blocks(b"".join(gzipped(record + stray) for record in records)) == between
    if stray.strip(b"\x00") == b"":
        assert blocks(b"".join(record + stray for record in records)) == between
    assert blocks(b"".join(records) + stray) == [*THREE, "stray"]
    assert blocks(b"".join(map(gzipped, records)) + bytes(5000)) == [*THREE, "stray"]


def test_a_length_that_leads_to_the_end_of_the_head_is_not_believed() -> None:
    head = len(PAGE.partition(b"\r\n\r\n")[0])
    assert blocks(warc(PAGE, length=head) + warc(b"last")) == [PAGE, b"last"]


def test_members_and_plain_records_in_one_file() -> None:
    packed = [gzipped(warc(block)) for block in THREE]
    plain = [warc(block) for block in THREE]
    assert blocks(packed[0] + plain[1] + packed[2]) == list(THREE)
    assert blocks(plain[0] + packed[1] + plain[2]) == list(THREE)
    assert blocks(packed[0] + b"\n" + packed[1]) == list(THREE[:2])
    places = [item.offset for item in read_records(io.BytesIO(packed[0] + plain[1] + packed[2]))]
    assert places == [0, len(packed[0]), len(packed[0] + plain[1])]
