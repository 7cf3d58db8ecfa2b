"""The text of files in the reader."""

from __future__ import annotations

from gvreader import i18n
from gvreader.model import Article, Attachment, Block, Span
from gvreader.tui.view.file_text import FOLDED, file_pieces

FILE = Attachment(url="https://a.vn/qd.pdf", name="Quyết định", text="Điều 1\nĐiều 2\fĐiều 3", pages=2)
BODY = (Block(kind="paragraph", spans=(Span(text="Thân bài"),)),)


def shown(article: Article) -> list[str]:
    i18n.use("en")
    return [piece.text for piece in file_pieces(article)]


def test_pages_are_marked() -> None:
    assert shown(Article(url="u", title="t", attachments=(FILE,))) == [
        "QUYẾT ĐỊNH",
        "The text of the file; it may lack tables and marks.",
        "— page 1 —",
        "Điều 1",
        "Điều 2",
        "— page 2 —",
        "Điều 3",
    ]


def test_a_long_text_is_folded_under_an_article_and_whole_without_one() -> None:
    long = Attachment(url="u", name="dài", text="\n".join("a" * (FOLDED + 3)))
    assert shown(Article(url="u", title="t", blocks=BODY, attachments=(long,)))[-1] == "… 3 more lines"
    assert shown(Article(url="u", title="t", attachments=(long,)))[-1] == "a"


def test_a_file_without_text_says_why() -> None:
    locked = Attachment(url="u", name="Bảng giá", note="encrypted")
    assert shown(Article(url="u", title="t", attachments=(locked,))) == [
        "Bảng giá: The file is locked with a password; its text cannot be read."
    ]
