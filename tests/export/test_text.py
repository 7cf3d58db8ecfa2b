from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from gvreader import i18n
from gvreader.export.plain_text import article_text, body
from gvreader.export.terminal_text import width
from gvreader.model import Article, Attachment, Block, Marks, Span

from .samples import HOSTILE, NEWS, SEEN, stored


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


def test_an_article_reads_as_text() -> None:
    assert article_text(stored(), 60) == [
        "Sở Văn hóa và Thể thao kiểm tra công tác văn hóa năm 2020",
        "9 Dec 2020 · Hồng Hạ (Trung tâm VHTT&TT) · Tin tức",
        "",
        "Chiều 8/12, Sở làm việc với huyện.",
        "",
        "Chiều ngày 8/12, Sở Văn hóa có buổi làm việc; xem kế hoạch.",
        "",
        '[image: Đ/c Ngô Hùng Khánh "phát biểu"]',
        "",
        "Kết quả",
        "",
        "• 195 khu dân cư",
        "   1. trên 100 cơ quan",
        "",
        "Xã | Số hộ",
        "Gia Hòa | 1 204",
        "",
        "    Đoàn kết <là> sức mạnh",
        "",
        "⎙ Quyết định 78/2008/QĐ-UBND.pdf 12 kB",
        "  https://giavien.ninhbinh.gov.vn/public/userfiles/Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh.pdf",
        "",
        "https://giavien.ninhbinh.gov.vn/so-van-hoa-va-the-thao-kiem-tra-882.html",
    ]


def test_ordered_items_are_numbered() -> None:
    def item(level: int, *, ordered: bool = True) -> Block:
        return Block(kind="item", level=level, ordered=ordered, spans=(Span(text="x"),))

    items = (item(0), item(0), item(1), item(1, ordered=False), item(0), Block(kind="heading"), item(0))
    listed = Article(url="https://a.example/", title="t", blocks=items)
    assert [line for line in body(listed, 40) if line] == [
        "1. x",
        "2. x",
        "   1. x",
        "   • x",
        "3. x",
        "1. x",
    ]


def test_what_happened_to_it_is_said() -> None:
    lines = article_text(stored(gone=SEEN, revision=2, marks=Marks(tags=("ntm",))))
    assert lines[2].startswith("No longer on the portal since 7 Feb 2023")
    assert lines[3].startswith("Revision 2, changed 7 Feb 2023")
    assert lines[4] == "Tags: ntm"


def test_text_fits_a_narrow_terminal() -> None:
    prose = article_text(replace(stored(), article=replace(NEWS, attachments=())), 30)
    assert all(width(line) <= 30 for line in prose[:-1])


def test_hostile_text_stays_on_its_line() -> None:
    hostile = replace(
        NEWS,
        title=HOSTILE,
        summary=HOSTILE,
        author=HOSTILE,
        blocks=(
            Block(kind="paragraph", spans=(Span(text=HOSTILE),)),
            Block(kind="preformatted", spans=(Span(text=HOSTILE + "\n" + HOSTILE),)),
            Block(kind="table", rows=((HOSTILE,),)),
        ),
        images=(),
        attachments=(replace(NEWS.attachments[0], name=HOSTILE),),
    )
    text = "\n".join(article_text(stored(hostile, title=HOSTILE, author=HOSTILE)))
    assert not set(text) & set("\x1b\x07\x00\x9b\u202e")


def test_the_text_of_a_file_stands_below_it_with_its_pages() -> None:
    file = Attachment(
        url="https://a.vn/qd.pdf",
        name="Quyết định",
        text="Điều 1\x1b]52;c;x\x07\fĐiều 2",
        text_by="pdf (pypdf 7)",
        pages=2,
    )
    lines = article_text(replace(stored(), article=replace(NEWS, attachments=(file,))))
    start = lines.index("  Its text, which may lack tables and marks (pdf (pypdf 7)):")
    assert lines[start + 1] == "  — page 1 —"
    assert lines[start + 2].startswith("  Điều 1")
    assert "\x1b" not in lines[start + 2]
    assert lines[start + 3 : start + 5] == ["  — page 2 —", "  Điều 2"]


def test_a_long_text_of_a_file_is_cut_where_that_is_asked() -> None:
    file = Attachment(url="https://a.vn/a.txt", name="a", text="\n".join("b" * 9))
    lines = article_text(replace(stored(), article=replace(NEWS, attachments=(file,))), file_lines=4)
    assert lines.count("  b") == 4
    assert "  … 5 more lines" in lines
