"""Articles written by hand for the tests of outputs and of the command line."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime

from gvreader.model import (
    Article,
    ArticleRow,
    Attachment,
    Block,
    Image,
    Marks,
    RecordRef,
    SectionRef,
    Span,
    StoredArticle,
)

NEWS = Article(
    url="https://giavien.ninhbinh.gov.vn/so-van-hoa-va-the-thao-kiem-tra-882.html",
    identity="882",
    title="Sở Văn hóa và Thể thao kiểm tra công tác văn hóa năm 2020",
    summary="Chiều 8/12, Sở làm việc với huyện.",
    published=date(2020, 12, 9),
    author="Hồng Hạ",
    organisation="Trung tâm VHTT&TT",
    sections=(SectionRef(slug="tin-tuc", title="Tin tức"),),
    blocks=(
        Block(
            kind="paragraph",
            spans=(
                Span(text="Chiều ngày 8/12, "),
                Span(text="Sở Văn hóa", strong=True),
                Span(text=" có buổi làm việc; xem "),
                Span(text="kế hoạch", href="https://giavien.ninhbinh.gov.vn/ke-hoach?a=1&b=2"),
                Span(text="."),
            ),
        ),
        Block(kind="figure", image=0),
        Block(kind="heading", level=2, spans=(Span(text="Kết quả"),)),
        Block(kind="item", spans=(Span(text="195 khu dân cư"),)),
        Block(kind="item", level=1, ordered=True, spans=(Span(text="trên 100 cơ quan"),)),
        Block(kind="table", rows=(("Xã", "Số hộ"), ("Gia Hòa", "1 204"))),
        Block(kind="quote", spans=(Span(text="Đoàn kết <là> sức mạnh"),)),
    ),
    images=(
        Image(
            url="https://giavien.ninhbinh.gov.vn/public/userfiles/hoi%20nghi.jpg",
            caption='Đ/c Ngô Hùng Khánh "phát biểu"',
            alt="Hội nghị",
            sha256="ab" * 32,
        ),
    ),
    attachments=(
        Attachment(
            url="https://giavien.ninhbinh.gov.vn/public/userfiles/Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh.pdf",
            name="Quyết định 78/2008/QĐ-UBND.pdf",
            media_type="application/pdf",
            bytes=12345,
            sha256="cd" * 32,
            text_chars=3210,
        ),
    ),
    related=("https://giavien.ninhbinh.gov.vn/tin-khac-881.html",),
    family="giavien@2020",
    confidence=0.98,
)

SEEN = datetime(2023, 2, 7, 1, 30, tzinfo=UTC)


def stored(article: Article = NEWS, **row: object) -> StoredArticle:
    """A stored article around a content; `row` overrides fields of its row."""
    base = ArticleRow(
        id=17,
        key=f"giavien:{article.identity}",
        portal="giavien",
        url=article.url,
        kind=article.kind,
        sections=article.sections,
        title=article.title,
        summary=article.summary,
        published=article.published,
        author=article.author,
        organisation=article.organisation,
        language=article.language,
        marks=Marks(),
        gone=None,
        revision=1,
        words=article.words,
        has_image=bool(article.images),
        has_attachment=bool(article.attachments),
        changed=SEEN,
    )
    return StoredArticle(
        row=replace(base, **row),  # type: ignore[arg-type]
        article=article,
        first_seen=SEEN,
        fetched=SEEN,
        changed=SEEN,
        content_sha256=article.content_sha256,
        evidence=RecordRef(
            file="giavien-20230207013000-00001.warc.gz",
            offset=123,
            record_id="urn:uuid:6f1c9a4e-0000-4000-8000-000000000882",
        ),
    )


HOSTILE = (
    "\x1b]0;pwned\x07\x1b[31mred\x1b[0m <script>alert(1)</script> *bold* [link](javascript:x) | a_b_ "
    "\u202eevil\u202c & &amp; `code` \x00 \ufeff =cmd|'/c calc'!A1 \U000e0041 ]]>"
)


def png(width: int = 4, height: int = 3, shade: int = 120) -> bytes:
    """A whole grey PNG."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">L", len(content)) + name + content + struct.pack(">L", zlib.crc32(name + content))
        )

    lines = (b"\0" + bytes([shade]) * width) * height
    head = struct.pack(">LLBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )
