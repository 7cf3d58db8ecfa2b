"""Pages saved as one MIME message."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gvreader.sources import Anomaly, Imported, SourceItem
from gvreader.sources.mhtml import begins, captures
from gvreader.urls import embedded

SAVED = datetime(2024, 1, 1, tzinfo=UTC)
MESSAGE = b"""From: <Saved by Blink>\r
Snapshot-Content-Location: https://a.vn/tin/bai-5.html\r
Subject: =?utf-8?Q?H=E1=BB=99i?=\r
Date: Tue, 7 Feb 2023 03:14:42 -0000\r
MIME-Version: 1.0\r
Content-Type: multipart/related;\r
\ttype="text/html";\r
\tboundary="----x"\r
\r
------x\r
Content-Type: text/html\r
Content-Transfer-Encoding: quoted-printable\r
Content-Location: https://a.vn/tin/bai-5.html\r
\r
<html><p>H=E1=BB=99i ngh=\r
=E1=BB=8B</p><img src=3D"https://a.vn/anh.png"></html>\r
------x\r
Content-Type: image/png\r
Content-Transfer-Encoding: base64\r
Content-Location: https://a.vn/anh.png\r
\r
iVBORw0K\r
------x\r
Content-Type: text/css\r
Content-Location: cid:css-1@mhtml.blink\r
\r
p{}\r
------x\r
Content-Type: text/html\r
Content-Location: https://ads.vn/frame.html\r
\r
<html>x</html>\r
------x--\r
"""


def taken(body: bytes, url: str | None = None) -> list[SourceItem]:
    return list(captures(Path("x.mhtml"), body, SAVED, source_uri="file:x.mhtml", url=url))


def test_the_page_and_its_pictures() -> None:
    assert begins(MESSAGE)
    page, picture = taken(MESSAGE)
    assert isinstance(page, Imported)
    assert page.capture.url == "https://a.vn/tin/bai-5.html"
    assert page.capture.captured == datetime(2023, 2, 7, 3, 14, 42, tzinfo=UTC)
    assert page.capture.body.decode() == '<html><p>Hội nghị</p><img src="https://a.vn/anh.png"></html>'
    assert page.capture.header("content-type") == "text/html"
    assert isinstance(picture, Imported)
    assert (picture.capture.url, picture.capture.body) == ("https://a.vn/anh.png", b"\x89PNG\r\n")


def test_without_a_date_the_file_says_when() -> None:
    (page, _picture) = taken(MESSAGE.replace(b"Date:", b"X-Date:"))
    assert isinstance(page, Imported)
    assert page.capture.captured == SAVED


def test_an_address_given_by_the_user_comes_first() -> None:
    page = taken(MESSAGE, url="https://b.vn/x")[0]
    assert isinstance(page, Imported)
    assert page.capture.url == "https://b.vn/x"


def test_a_page_from_nowhere_is_reported() -> None:
    body = MESSAGE.replace(b"https://a.vn/tin", b"cid:tin").replace(b"Snapshot-", b"X-")
    assert [item.kind for item in taken(body) if isinstance(item, Anomaly)] == ["no-address"]


@given(st.binary(max_size=200), st.integers(0, len(MESSAGE)))
def test_no_bytes_whatever_raise(junk: bytes, place: int) -> None:
    taken(MESSAGE[:place] + junk + MESSAGE[place:])
    taken(junk)
    begins(junk)


def test_a_date_that_no_clock_shows(tmp_path: Path) -> None:
    dated = MESSAGE.replace(b"Tue, 7 Feb 2023 03:14:42 -0000", b"Fri, 31 Dec 9999 23:59:59 -1400")
    items = list(captures(tmp_path / "a.mhtml", dated, SAVED, source_uri="file:a.mhtml"))
    assert {item.capture.captured for item in items if isinstance(item, Imported)} == {SAVED}


def test_tangled_messages_are_refused_at_once(tmp_path: Path) -> None:
    start = b"From: x\r\nContent-Type: multipart/related; boundary=b0"
    nested = b"".join(
        b"\r\n\r\n--b%d\r\nContent-Type: multipart/mixed; boundary=b%d" % (n, n + 1) for n in range(300)
    )
    for message in (start + nested + b"\r\n" + b"x\r\n" * 500_000, start + b";a=b" * 400_000):
        assert begins(message)
        began = time.process_time()
        (oddity,) = captures(tmp_path / "a.mhtml", message, SAVED, source_uri="file:a.mhtml")
        assert time.process_time() - began < 2
        assert isinstance(oddity, Anomaly)
        assert oddity.kind == "damaged"


def test_a_message_out_of_a_web_archive_has_address_and_time_of_the_copy() -> None:
    wrapped = MESSAGE.replace(
        b"https://a.vn/tin", b"https://web.archive.org/web/20210301100000/https://a.vn/tin"
    )
    wrapped = wrapped.replace(
        b"Content-Location: https://a.vn/anh",
        b"Content-Location: https://web.archive.org/web/20210301100000im_/https://a.vn/anh",
    )
    found = [item.capture for item in taken(wrapped) if isinstance(item, Imported)]
    stamped = datetime(2021, 3, 1, 10, tzinfo=UTC)
    assert [(one.url, one.captured) for one in found] == [
        ("https://a.vn/tin/bai-5.html", stamped),
        ("https://a.vn/anh.png", stamped),
    ]


def test_a_mark_before_the_message() -> None:
    marked = b"\xef\xbb\xbf" + MESSAGE
    assert begins(marked)
    assert [type(item) for item in taken(marked)] == [Imported, Imported]


def test_pictures_without_a_web_address_are_kept_beside_the_page() -> None:
    by_id = MESSAGE.replace(b"Content-Location: https://a.vn/anh.png", b"Content-ID: <image001.png@01D>")
    assert len(taken(by_id)) == 1
    by_id = by_id.replace(b"https://a.vn/anh.png", b"cid:image001.png@01D")
    _page, picture = taken(by_id)
    assert isinstance(picture, Imported)
    assert picture.capture.url == embedded("https://a.vn/tin/bai-5.html", "cid:image001.png%4001D")
    local = MESSAGE.replace(b"https://a.vn/anh.png", b"file:///C:/x/bai_files/anh.png")
    local = local.replace(b"https://a.vn/tin/bai-5.html", b"file:///C:/x/bai.htm")
    _page, picture = taken(local, url="https://a.vn/tin/bai-5.html")
    assert isinstance(picture, Imported)
    assert picture.capture.url == "https://a.vn/tin/bai_files/anh.png"
