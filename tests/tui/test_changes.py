"""What changed between two revisions."""

from __future__ import annotations

from datetime import date

from gvreader.model import Article, Block, Span
from gvreader.tui.view.changes import changed_pieces


def article(*paragraphs: str, title: str = "Kế hoạch tiêm phòng") -> Article:
    blocks = tuple(Block(kind="paragraph", spans=(Span(text=text),)) for text in paragraphs)
    return Article(url="u", title=title, published=date(2022, 11, 3), blocks=blocks)


def lines(before: Article, after: Article) -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [
        (piece.first, piece.text, [(piece.text[span.start : span.end], span.role) for span in piece.spans])
        for piece in changed_pieces(before, after)
    ]


def test_words_struck_out_and_put_in_stand_in_the_line() -> None:
    before = article("Đoạn giữ nguyên.", "Tiêm phòng từ ngày 05/11 tại 20 xã, thị trấn.")
    after = article("Đoạn giữ nguyên.", "Tiêm phòng từ ngày 07/11 tại 20 xã, thị trấn.")
    assert lines(before, after) == [
        ("  ", "Kế hoạch tiêm phòng", []),
        ("  ", "… 1 paragraphs unchanged …", []),
        (
            "≠ ",
            "Tiêm phòng từ ngày 05/11 07/11 tại 20 xã, thị trấn.",
            [("05/11", "removed"), ("07/11", "added")],
        ),
    ]


def test_whole_paragraphs_come_and_go_with_a_sign_that_needs_no_colour() -> None:
    shown = lines(article("Một hai ba."), article("Bốn năm sáu bảy.", "Tám chín mười."))
    assert [(first, text) for first, text, _spans in shown[1:]] == [
        ("− ", "Một hai ba."),
        ("+ ", "Bốn năm sáu bảy."),
        ("+ ", "Tám chín mười."),
    ]


def test_a_changed_title_is_shown_and_hostile_text_is_harmless() -> None:
    shown = lines(article("a"), article("a", title="Kế hoạch \x1b[2Jtiêm phòng"))
    assert "\x1b" not in shown[0][1]
    assert ("␛[2Jtiêm", "added") in shown[0][2]
