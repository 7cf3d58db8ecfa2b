from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gvreader.export.terminal_text import (
    pad,
    printable,
    shorten,
    width,
    wrap,
)

from .samples import HOSTILE


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("\x1b[31mđỏ\x1b[0m", "␛[31mđỏ␛[0m"),
        ("\x9b31m", "\ufffd31m"),
        ("a\tb\nc\r\nd", "a b c  d"),
        ("a\u202eb\u2066c\u200fd\u061c", "abcd"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("\x7f\x00", "␡␀"),
        ("tie\u0302\u0301ng", "tiếng"),
        ("a" + "\u0300" * 50, unicodedata.normalize("NFC", "a" + "\u0300" * 4)),
        ("\ud800", "\ufffd"),
    ],
)
def test_page_text_is_shown_and_never_obeyed(given_text: str, shown: str) -> None:
    assert printable(given_text) == shown


@given(st.text())
def test_printable_has_no_controls_and_is_idempotent(text: str) -> None:
    line = printable(text)
    assert printable(line) == line
    assert not [c for c in line if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert not set(line) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("tiếng Việt", 10), ("tie\u0302\u0301ng", 5), ("日本", 4), ("a\u200db", 2)],
)
def test_width_counts_columns(text: str, columns: int) -> None:
    assert width(text) == columns


def test_shorten_keeps_a_letter_with_its_marks() -> None:
    assert shorten("tiếng Việt", 10) == "tiếng Việt"
    assert shorten("tiếng Việt", 8) == "tiếng V…"
    assert shorten("e\u0302\u0301e\u0302\u0301e\u0302\u0301", 2) == "e\u0302\u0301…"
    assert shorten("anything", 0) == ""


def test_pad_fills_by_columns() -> None:
    assert pad("日", 4) == "日  "
    assert pad("Gia Viễn", 5) == "Gia…" + " "


@given(st.text(), st.integers(1, 60))
def test_shortened_text_fits(text: str, columns: int) -> None:
    assert width(shorten(printable(text), columns)) <= columns
    assert width(pad(printable(text), columns)) == columns


def test_wrap_breaks_at_spaces_and_indents() -> None:
    assert wrap("Sáng ngày 07/2 UBND huyện", 12, first="• ", rest="  ") == [
        "• Sáng ngày",
        "  07/2 UBND",
        "  huyện",
    ]
    assert wrap("  ", 10) == []
    assert wrap("aaaaaaaaaa bb", 4) == ["aaaa", "aaaa", "aa", "bb"]


@given(st.text(), st.integers(2, 40))
def test_wrapped_lines_fit_and_lose_nothing(text: str, columns: int) -> None:
    clean = printable(text)
    lines = wrap(clean, columns)
    assert all(width(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(clean.split())


def test_hostile_text_is_harmless() -> None:
    assert "\x1b" not in printable(HOSTILE)
    assert "\u202e" not in printable(HOSTILE)
