from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gvreader.export.differences import DiffSpan, FieldChange, difference, words
from gvreader.model import Block, Span

from .samples import NEWS


def _piece(sign: str, text: str) -> DiffSpan:
    return DiffSpan(operation={"=": "same", "-": "removed", "+": "added"}[sign], text=text)  # type: ignore[arg-type]


def test_words_that_changed_are_told_apart() -> None:
    assert words("có 195 khu dân cư.", "có 196 khu dân cư mới.") == (
        _piece("=", "có "),
        _piece("-", "195"),
        _piece("+", "196"),
        _piece("=", " khu dân cư"),
        _piece("+", " mới"),
        _piece("=", "."),
    )


def test_an_edited_article_shows_fields_and_blocks() -> None:
    edited = replace(
        NEWS,
        title="Sở Văn hóa kiểm tra",
        author=None,
        blocks=(
            *NEWS.blocks[:3],
            Block(kind="item", spans=(Span(text="196 khu dân cư"),)),
            *NEWS.blocks[4:-1],
        ),
    )
    result = difference(NEWS, edited)
    assert result.fields == (
        FieldChange(
            field="title",
            before="Sở Văn hóa và Thể thao kiểm tra công tác văn hóa năm 2020",
            after="Sở Văn hóa kiểm tra",
        ),
        FieldChange(field="author", before="Hồng Hạ", after=None),
    )
    assert result.changed_blocks == (
        (_piece("-", "195"), _piece("+", "196"), _piece("=", " khu dân cư")),
        (_piece("-", "Đoàn kết <là> sức mạnh"),),
    )


def test_the_same_content_has_no_difference() -> None:
    result = difference(NEWS, NEWS)
    assert result.fields == ()
    assert result.changed_blocks == ()


@given(st.text("abc đ.\n", max_size=30), st.text("abc đ.\n", max_size=30))
def test_both_texts_can_be_put_together_again(before: str, after: str) -> None:
    pieces = words(before, after)
    assert "".join(piece.text for piece in pieces if piece.operation != "added") == before
    assert "".join(piece.text for piece in pieces if piece.operation != "removed") == after
