"""What a record rests on: payloads of the files named, and of the archive that they are taken into."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from tests.operations.importing.test_import import gv, history, imported
from tests.operations.sync.small_portal import SmallPortal
from tests.packing import gzipped

HOST = "http://giavien.ninhbinh.gov.vn"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"
FIRST, SECOND = "2023-03-01T03:00:00Z", "2024-03-01T03:00:00Z"


def article(number: int = 0) -> tuple[str, bytes]:
    site = SmallPortal()
    return HOST + site.path(number), site.article(number)


def sha1(payload: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def record(kind: str, when: str, url: str, block: bytes, **fields: str) -> bytes:
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    media_type = "text/html" if kind == "resource" else "application/http; msgtype=response"
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:x:{kind}:{when}>\r\nWARC-Date: {when}\r\n"
        f"WARC-Target-URI: {url}\r\nContent-Type: {media_type}\r\n{more}Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def test_a_later_crawl_repeats_what_the_archive_has(tmp_path: Path) -> None:
    url, body = article()
    (tmp_path / "1.warc").write_bytes(
        record("response", FIRST, url, HEAD + b"\r\n" + body, WARC_Payload_Digest=sha1(body))
    )
    repeat = record(
        "revisit",
        SECOND,
        url,
        HEAD + b"\r\n",
        WARC_Profile=IDENTICAL,
        WARC_Payload_Digest=sha1(body),
        WARC_Refers_To_Target_URI=url,
        WARC_Refers_To_Date=FIRST,
    )
    (tmp_path / "2.warc").write_bytes(repeat)
    assert imported(tmp_path, tmp_path / "2.warc", code=3)["lost"] == 1
    imported(tmp_path, tmp_path / "1.warc")
    assert imported(tmp_path, tmp_path / "2.warc")["lost"] == 0
    (revision,) = history(tmp_path, "giavien:100")
    assert (revision["first_seen"], revision["last_seen"]) == (FIRST, SECOND)
    assert gv(tmp_path, "verify").code == 0
    before = gv(tmp_path, "export", "jsonl").out
    assert gv(tmp_path, "rebuild").code == 0
    assert gv(tmp_path, "export", "jsonl").out == before


def test_another_payload_is_not_taken_for_the_one_meant(tmp_path: Path) -> None:
    url, body = article()
    (tmp_path / "1.warc").write_bytes(record("response", FIRST, url, HEAD + b"\r\n" + body))
    (tmp_path / "2.warc").write_bytes(
        record(
            "revisit", SECOND, url, HEAD + b"\r\n", WARC_Profile=IDENTICAL, WARC_Payload_Digest=sha1(b"other")
        )
    )
    imported(tmp_path, tmp_path / "1.warc")
    report = imported(tmp_path, tmp_path / "2.warc", code=3)
    assert [oddity["kind"] for oddity in report["oddities"]] == ["unresolved-revisit"]


@pytest.mark.parametrize(
    "block",
    [HEAD + b"\r\n", b"", b"HTTP/1.1 304 Not Modified\r\n\r\n"],
    ids=["a head of 200", "no head", "a head of 304"],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_not_modified_is_what_the_profile_says(tmp_path: Path, block: bytes, is_first: bool) -> None:
    url, body = article()
    page = record("response", FIRST, url, HEAD + b"\r\n" + body)
    same = record("revisit", SECOND, url, block, WARC_Profile=NOT_MODIFIED, WARC_Payload_Digest=sha1(b""))
    (tmp_path / "crawl.warc").write_bytes(same + page if is_first else page + same)
    assert imported(tmp_path, tmp_path / "crawl.warc")["lost"] == 0
    (revision,) = history(tmp_path, "giavien:100")
    assert (revision["first_seen"], revision["last_seen"]) == (FIRST, SECOND)


def test_not_modified_since_before_anything_known_rests_on_nothing(tmp_path: Path) -> None:
    url, body = article()
    page = record("response", SECOND, url, HEAD + b"\r\n" + body)
    same = record("revisit", FIRST, url, b"HTTP/1.1 304 Not Modified\r\n\r\n", WARC_Profile=NOT_MODIFIED)
    (tmp_path / "crawl.warc").write_bytes(page + same)
    report = imported(tmp_path, tmp_path / "crawl.warc", code=3)
    assert [oddity["kind"] for oddity in report["oddities"]] == ["unresolved-revisit"]
    (revision,) = history(tmp_path, "giavien:100")
    assert revision["first_seen"] == SECOND


def test_the_repeat_of_a_resource(tmp_path: Path) -> None:
    url, body = article()
    (tmp_path / "crawl.warc").write_bytes(
        record("resource", FIRST, url, body, WARC_Payload_Digest=sha1(body))
        + record("revisit", SECOND, url, b"", WARC_Profile=IDENTICAL, WARC_Payload_Digest=sha1(body))
    )
    assert imported(tmp_path, tmp_path / "crawl.warc")["lost"] == 0
    (revision,) = history(tmp_path, "giavien:100")
    assert (revision["first_seen"], revision["last_seen"]) == (FIRST, SECOND)


@pytest.mark.parametrize("way", ["raw", "dechunked", "decoded"])
def test_a_digest_over_any_form_of_the_payload(tmp_path: Path, way: str) -> None:
    url, body = article()
    packed = gzipped(body)
    chunked = f"{len(packed):x}\r\n".encode() + packed + b"\r\n0\r\n\r\n"
    digest = sha1({"raw": chunked, "dechunked": packed, "decoded": body}[way])
    head = HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    repeat = record("revisit", SECOND, url, head, WARC_Profile=IDENTICAL, WARC_Payload_Digest=digest)
    (tmp_path / "crawl.warc").write_bytes(
        record("response", FIRST, url, head + chunked, WARC_Payload_Digest=digest) + repeat
    )
    report = imported(tmp_path, tmp_path / "crawl.warc")
    assert (report["lost"], report["oddities"]) == (0, [])
    (revision,) = history(tmp_path, "giavien:100")
    assert (revision["first_seen"], revision["last_seen"]) == (FIRST, SECOND)


@pytest.mark.parametrize(
    "cut",
    [
        lambda body: HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body[: len(body) // 2],
        lambda body: HEAD.replace(b"200 OK", b"206 Partial Content") + b"\r\n" + body[: len(body) // 2],
        lambda body: HEAD + b"\r\n" + body[: len(body) // 2],
        lambda body: HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzipped(body)[:200],
    ],
    ids=["shorter than promised", "206", "no end", "gzip that is cut"],
)
def test_a_part_in_a_file_is_evidence_but_no_revision(tmp_path: Path, cut: object) -> None:
    assert callable(cut)
    url, body = article()
    (tmp_path / "crawl.warc").write_bytes(
        record("response", FIRST, url, HEAD + b"\r\n" + body) + record("response", SECOND, url, cut(body))
    )
    report = imported(tmp_path, tmp_path / "crawl.warc")
    assert (report["captures"]["read"], report["captures"]["refused"]) == (2, 1)
    (revision,) = history(tmp_path, "giavien:100")
    assert revision["last_seen"] == FIRST
    before = gv(tmp_path, "export", "jsonl").out
    assert gv(tmp_path, "rebuild", "--jobs", "2").code == 0
    assert gv(tmp_path, "export", "jsonl").out == before


def test_a_wrong_length_in_a_file_fails_no_whole_page(tmp_path: Path) -> None:
    url, body = article()
    for number, head in enumerate((f"Content-Length: {len(body) * 9}", "Content-Length: 3")):
        packed = gzipped(body) if not number else body
        coding = b"Content-Encoding: gzip\r\n" if not number else b""
        block = HEAD + coding + f"{head}\r\n\r\n".encode() + packed
        name = tmp_path / f"{number}.warc"
        name.write_bytes(record("response", (FIRST, SECOND)[number], url, block))
        assert imported(tmp_path, name)["captures"]["refused"] == 0
    (revision,) = history(tmp_path, "giavien:100")
    assert (revision["first_seen"], revision["last_seen"]) == (FIRST, SECOND)
