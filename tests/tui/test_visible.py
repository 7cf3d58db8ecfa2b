"""Hostile text is shown, never obeyed."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from gvreader.tui.view.sanitize import snippet_line, visible, visible_line

ANYTHING = st.text(st.characters(codec=None), max_size=200)
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(ANYTHING)
def test_nothing_that_acts_on_a_terminal_is_left(text: str) -> None:
    shown = visible(text)
    for character in shown:
        assert character == "\n" or unicodedata.category(character) not in ("Cc", "Cs", "Co")
        assert character not in BIDI
    shown.encode()


@given(ANYTHING)
def test_it_is_composed_and_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    assert unicodedata.is_normalized("NFC", shown)
    assert visible(shown) == shown
    line = visible_line(text)
    assert "\n" not in line
    assert line == line.strip()


def test_an_escape_sequence_is_shown_as_text() -> None:
    assert visible("a\x1b[31mđỏ\x07") == "a␛[31mđỏ␇"
    assert visible("\x9b2J\ud800") == "\ufffd2J\ufffd"
    assert visible("một\u202ehai\u2066") == "mộthai"
    assert visible("dòng\r\nhai\u2028ba") == "dòng\nhai\nba"


def test_decomposed_letters_are_composed_and_floods_of_marks_cut() -> None:
    assert visible("Gia Vie\u0302\u0303n") == "Gia Viễn"
    assert len(visible("a" + "\u0336" * 500)) <= 6


def test_a_snippet_gives_its_matches_and_no_other_private_character() -> None:
    text, spans = snippet_line("…  xây dựng\n\ue000nông  thôn\ue001 mới\ue005 \x1b")
    assert text == "… xây dựng nông thôn mới\ufffd ␛"
    assert [text[low:high] for low, high in spans] == ["nông thôn"]


@given(ANYTHING)
def test_spans_of_a_snippet_lie_in_its_text(text: str) -> None:
    shown, spans = snippet_line(text)
    end = 0
    for low, high in spans:
        assert end <= low < high <= len(shown)
        end = high
