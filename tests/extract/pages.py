"""Small pages and captures for the tests of this room."""

from __future__ import annotations

from datetime import UTC, datetime

from gvreader.extract import extract
from gvreader.model import (
    Article,
    Capture,
    Extraction,
    Headers,
    Listing,
    Refusal,
    Request,
)
from gvreader.portals import Portal, adhoc

HOST = "https://thunghiem.example.gov.vn"
URL = f"{HOST}/tin-tuc/ubnd-huyen-to-chuc-hoi-nghi-so-ket-101.html"
TITLE = "UBND huyện tổ chức hội nghị sơ kết"
CAPTURED = datetime(2025, 5, 31, 1, 15, tzinfo=UTC)
FIRST = (
    "Sáng ngày 07/2, UBND huyện tổ chức hội nghị sơ kết công tác quý I, triển khai nhiệm vụ trọng tâm quý II."
)
LAST = (
    "Các đại biểu thống nhất cao với báo cáo và đề nghị các xã, thị trấn tập trung chỉ đạo sản xuất vụ Xuân."
)


def capture(
    body: str | bytes,
    url: str = URL,
    *,
    status: int = 200,
    headers: Headers = (("Content-Type", "text/html; charset=utf-8"),),
    source_uri: str | None = None,
    request: Request | None = None,
) -> Capture:
    raw = body.encode() if isinstance(body, str) else body
    return Capture(
        url=url,
        captured=CAPTURED,
        status=status,
        headers=headers,
        body=raw,
        request=request or Request(url=url),
        source_uri=source_uri,
    )


def read(body: str | bytes, url: str = URL, *, portal: Portal | None = None, **options: object) -> Extraction:
    return extract(capture(body, url, **options), portal or adhoc(f"{HOST}/"))  # type: ignore[arg-type]


def page(
    body: str, *, title: str = TITLE, date: str = "Thứ ba, 07/02/2023", head: str = "", after: str = ""
) -> str:
    """A plain article page around a body."""
    line = f'<div class="ngay">{date}</div>' if date else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>
<div class="top"><a href="/">Trang thông tin điện tử huyện Thử Nghiệm</a> <span>Thứ bảy, 31/05/2025</span></div>
<ul class="menu"><li><a href="/">Trang chủ</a></li><li><a href="/tin-tuc">Tin tức</a></li></ul>
<div class="main"><h1>{title}</h1>{line}<div class="noidung">{body}</div>{after}</div>
<div class="footer">Bản quyền thuộc UBND huyện Thử Nghiệm</div></body></html>"""


def article(body: str | bytes, url: str = URL, **options: object) -> Article:
    found = read(body, url, **options).page  # type: ignore[arg-type]
    assert isinstance(found, Article), found
    return found


def listing(body: str | bytes, url: str, **options: object) -> Listing:
    found = read(body, url, **options).page  # type: ignore[arg-type]
    assert isinstance(found, Listing), found
    return found


def refusal(body: str | bytes, url: str = URL, **options: object) -> Refusal:
    found = read(body, url, **options).page  # type: ignore[arg-type]
    assert isinstance(found, Refusal), found
    return found


def lines(page_: Article) -> list[str]:
    """The text of a body: one entry per block or table row."""
    return [line for block in page_.blocks for line in block.lines]
