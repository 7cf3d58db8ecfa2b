"""Content codings: what servers send, what they claim, and what attackers try."""

from __future__ import annotations

import random
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from gvreader.http import codings
from gvreader.http.codings import (
    STEP,
    BadCoding,
    CodingError,
    MissingDecoder,
    TooLarge,
    TruncatedCoding,
    decode,
)
from tests.packing import gzipped

PAGE = (
    "<p>Sáng ngày 07/2, UBND huyện tổ chức Hội nghị kiểm điểm công tác chỉ đạo, điều hành.</p>\n".encode()
    * 300
)
MEBIBYTE = 1024 * 1024


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


def streamed_zstd(data: bytes) -> bytes:
    """A frame without its content size, as servers send that compress on the fly."""
    compressor = zstandard.ZstdCompressor().compressobj()
    return compressor.compress(data) + compressor.flush()


ENCODERS: dict[str, list[Callable[[bytes], bytes]]] = {
    "gzip": [gzipped],
    "x-gzip": [gzipped],
    "deflate": [zlib.compress, raw_deflate],
    "br": [brotli.compress],
    "zstd": [zstd, streamed_zstd],
}
EVERY = [(name, encoder) for name, encoders in ENCODERS.items() for encoder in encoders]


@pytest.mark.parametrize(("name", "encode"), EVERY)
@pytest.mark.parametrize(
    "data", [b"", b"x", PAGE, bytes(range(256)) * 2000], ids=["empty", "one", "page", "binary"]
)
def test_what_was_encoded_comes_back(name: str, encode: Callable[[bytes], bytes], data: bytes) -> None:
    assert decode(encode(data), name, limit=MEBIBYTE) == data


@pytest.mark.parametrize(
    "header", [None, "", "identity", "utf-8", "none", "UTF-8, identity", "text/html", ",,"]
)
def test_a_header_that_names_no_coding_leaves_the_body(header: str | None) -> None:
    assert decode(PAGE, header, limit=MEBIBYTE) == PAGE


@pytest.mark.parametrize("header", ["GZIP", " gzip ", "gzip;q=1", '"gzip"', "gzip,", "identity, gzip"])
def test_spellings_of_gzip(header: str) -> None:
    assert decode(gzipped(PAGE), header, limit=MEBIBYTE) == PAGE


def test_codings_are_undone_last_first() -> None:
    body = brotli.compress(zlib.compress(gzipped(PAGE)))
    assert decode(body, "gzip, deflate, br", limit=MEBIBYTE) == PAGE


def test_more_layers_than_a_server_stacks_are_refused() -> None:
    body = PAGE
    for _ in range(6):
        body = gzipped(body)
    with pytest.raises(BadCoding):
        decode(body, ", ".join(["gzip"] * 6), limit=MEBIBYTE)


@pytest.mark.parametrize("header", ["compress", "sdch", "dcb"])
def test_a_real_coding_that_nobody_here_can_undo(header: str) -> None:
    with pytest.raises(BadCoding):
        decode(PAGE, header, limit=MEBIBYTE)


# ── gzip ────────────────────────────────────────────────────────────────────────────────────────


def test_every_gzip_member_is_read() -> None:
    assert decode(gzipped(b"mot ") + gzipped(b"") + gzipped(b"hai"), "gzip", limit=99) == b"mot hai"


@pytest.mark.parametrize(
    "padding", [b"\0" * 40, b"\n", b"\x1f", b"\x1f\x8bjunk that is no member", b"<!-- -->"]
)
def test_bytes_after_the_last_member_are_padding(padding: bytes) -> None:
    assert decode(gzipped(PAGE) + padding, "gzip", limit=MEBIBYTE) == PAGE


def test_a_last_member_that_is_cut() -> None:
    with pytest.raises(TruncatedCoding) as caught:
        decode(gzipped(PAGE) + b"\x1f\x8b\x08", "gzip", limit=MEBIBYTE)
    assert caught.value.partial == PAGE


def test_members_without_end_are_refused() -> None:
    with pytest.raises(BadCoding):
        decode(gzipped(b"") * 10_001, "gzip", limit=MEBIBYTE)


def test_a_gzip_header_with_every_optional_field() -> None:
    flags = 0x04 | 0x08 | 0x10  # extra, name, comment
    header = b"\x1f\x8b\x08" + bytes([flags]) + b"\0" * 6 + b"\x03\0abc" + b"index.html\0" + b"note\0"
    trailer = zlib.crc32(PAGE).to_bytes(4, "little") + len(PAGE).to_bytes(4, "little")
    assert decode(header + raw_deflate(PAGE) + trailer, "gzip", limit=MEBIBYTE) == PAGE


@pytest.mark.parametrize("body", [PAGE, b"", b"\x1f", b"{}", b"\xef\xbb\xbf<html>", b"%PDF-1.7\0\1\2"])
@pytest.mark.parametrize("header", ["gzip", "gzip, gzip", "x-gzip", "zstd"])
def test_a_body_that_was_never_compressed_is_left_as_it_is(body: bytes, header: str) -> None:
    assert decode(body, header, limit=MEBIBYTE) == body


def test_two_headers_but_one_coding() -> None:
    assert decode(gzipped(PAGE), "gzip, gzip", limit=MEBIBYTE) == PAGE


@pytest.mark.parametrize("header", ["deflate", "br"])
@pytest.mark.parametrize(
    "body", [PAGE, b"OK", b"\n<!DOCTYPE html>\n<html>", b"\xef\xbb\xbf<html>", "Gia Viễn".encode()]
)
def test_text_under_a_coding_without_magic_number(header: str, body: bytes) -> None:
    assert decode(body, header, limit=MEBIBYTE) == body


@pytest.mark.parametrize("header", ["deflate", "br"])
def test_gzip_under_another_name(header: str) -> None:
    assert decode(gzipped(PAGE), header, limit=MEBIBYTE) == PAGE


def test_gzip_without_a_header_is_a_file_and_stays_one() -> None:
    archive = gzipped(PAGE)
    assert decode(archive, None, limit=MEBIBYTE) == archive


# ── damage ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "encode"), EVERY)
def test_a_cut_stream_says_so_and_gives_what_is_there(name: str, encode: Callable[[bytes], bytes]) -> None:
    data = bytes(zlib.crc32(n.to_bytes(4, "big")) & 0xFF for n in range(400_000))
    body = encode(data)
    with pytest.raises(TruncatedCoding) as caught:
        decode(body[: len(body) // 2], name, limit=MEBIBYTE)
    assert data.startswith(caught.value.partial)
    assert len(caught.value.partial) > 10_000


@pytest.mark.parametrize("size", [2, 3, 9, 10, 12])
def test_a_stream_cut_in_its_header(size: int) -> None:
    with pytest.raises(TruncatedCoding):
        decode(gzipped(PAGE)[:size], "gzip", limit=MEBIBYTE)


@pytest.mark.parametrize(("name", "encode"), [("gzip", gzipped), ("deflate", zlib.compress)])
def test_flipped_bytes_are_bad_coding(name: str, encode: Callable[[bytes], bytes]) -> None:
    data = random.Random(1).randbytes(200_000)
    body = bytearray(encode(data))
    middle = len(body) // 2
    body[middle : middle + 2000] = b"\xff" * 2000
    with pytest.raises(BadCoding) as caught:
        decode(bytes(body), name, limit=MEBIBYTE)
    assert data.startswith(caught.value.partial[:STEP])
    assert len(caught.value.partial) >= STEP


def test_a_wrong_checksum_is_bad_coding() -> None:
    body = gzipped(PAGE)
    with pytest.raises(BadCoding):
        decode(body[:-8] + bytes([body[-8] ^ 1]) + body[-7:], "gzip", limit=MEBIBYTE)


@pytest.mark.parametrize("header", ["deflate", "br"])
def test_bytes_that_are_nothing_at_all(header: str) -> None:
    with pytest.raises(BadCoding):
        decode(b"\xff\xfe\x00\x01\x02\x07\xff\xff" * 200, header, limit=MEBIBYTE)


# ── bombs ───────────────────────────────────────────────────────────────────────────────────────


BOMBS = [
    ("gzip", gzipped),
    ("gzip, gzip", lambda body: gzipped(gzipped(body))),
    ("deflate", zlib.compress),
    ("br", brotli.compress),
    ("zstd", zstd),
]


@pytest.mark.parametrize(("header", "encode"), BOMBS, ids=[header for header, _ in BOMBS])
def test_a_bomb_is_refused_before_it_fills_the_memory(header: str, encode: Callable[[bytes], bytes]) -> None:
    bomb = encode(bytes(64 * MEBIBYTE))
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge) as caught:
            decode(bomb, header, limit=MEBIBYTE)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.partial == bytes(MEBIBYTE)
    assert peak < 3 * MEBIBYTE


def test_junk_after_the_stream_is_not_even_decoded() -> None:
    """A small inner page, then a bomb as its padding: the outer coding is never followed into it."""
    body = gzipped(gzipped(PAGE) + bytes(64 * MEBIBYTE))
    assert decode(body, "gzip, gzip", limit=MEBIBYTE) == PAGE


def test_a_frame_that_asks_for_a_huge_window_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=27)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    with pytest.raises(BadCoding):
        decode(compressor.compress(b"x" * 100) + compressor.flush(), "zstd", limit=MEBIBYTE)


@pytest.mark.parametrize(("name", "encode"), [("identity", bytes), *EVERY])
def test_the_limit_is_exact(name: str, encode: Callable[[bytes], bytes]) -> None:
    assert decode(encode(PAGE), name, limit=len(PAGE)) == PAGE
    with pytest.raises(TooLarge) as caught:
        decode(encode(PAGE), name, limit=len(PAGE) - 1)
    assert caught.value.partial == PAGE[:-1]


# ── streams ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "encode"), EVERY)
@pytest.mark.parametrize("size", [1, 7, 4096])
def test_a_stream_is_decoded_however_it_is_cut(
    name: str, encode: Callable[[bytes], bytes], size: int
) -> None:
    body = encode(PAGE)
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    assert b"".join(codings.pieces(chunks, name, limit=MEBIBYTE)) == PAGE


def test_pieces_come_before_the_stream_ends() -> None:
    compressor = zlib.compressobj(wbits=31)
    first = compressor.compress(PAGE) + compressor.flush(zlib.Z_SYNC_FLUSH)

    def chunks() -> Iterator[bytes]:
        yield first
        raise AssertionError("read further than needed")

    assert next(codings.pieces(chunks(), "gzip", limit=MEBIBYTE)) == PAGE[:STEP]


def test_skippable_zstd_frames_say_nothing() -> None:
    skippable = b"\x5a\x2a\x4d\x18" + (3).to_bytes(4, "little") + b"abc"
    assert decode(skippable + zstd(b"mot") + skippable + zstd(b"hai"), "zstd", limit=99) == b"mothai"


HEADERS = st.lists(st.sampled_from(["gzip", "deflate", "br", "zstd", "identity", "utf-8"]), max_size=4).map(
    ", ".join
)


@settings(max_examples=200)
@given(body=st.binary(max_size=400), header=HEADERS)
def test_any_bytes_give_bytes_or_a_coding_error(body: bytes, header: str) -> None:
    try:
        decoded = decode(body, header, limit=1000)
    except CodingError as error:
        decoded = error.partial
    assert len(decoded) <= 1000


@settings(max_examples=60)
@given(
    data=st.binary(max_size=3000),
    names=st.lists(st.sampled_from(EVERY), max_size=3),
    size=st.integers(1, 500),
)
def test_any_stack_comes_back(
    data: bytes, names: list[tuple[str, Callable[[bytes], bytes]]], size: int
) -> None:
    body = data
    for _, encode in names:
        body = encode(body)
    header = ", ".join(name for name, _ in names)
    assert decode(body, header, limit=3000) == data
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    assert b"".join(codings.pieces(chunks, header, limit=3000)) == data


@pytest.mark.parametrize(
    ("module", "name", "encode"), [("brotli", "br", brotli.compress), ("zstandard", "zstd", zstd)]
)
def test_without_the_extra_the_value_says_what_to_install(
    module: str, name: str, encode: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingDecoder, match=rf"pip install {module}") as caught:
        decode(encode(PAGE), name, limit=MEBIBYTE)
    assert caught.value.extra == "codings"
    assert decode(PAGE, name, limit=MEBIBYTE) == PAGE


def test_the_module_loads_no_optional_package() -> None:
    code = "import sys, gvreader.http.codings; print(sorted({'brotli', 'zstandard'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_brotli_that_cannot_be_bounded_is_no_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    class Old:
        """Version 1.1: decodes all that it is given at once."""

        def process(self, data: bytes) -> bytes:
            raise AssertionError(data)

    monkeypatch.setattr(brotli, "Decompressor", Old)
    with pytest.raises(MissingDecoder):
        decode(brotli.compress(PAGE), "br", limit=MEBIBYTE)
