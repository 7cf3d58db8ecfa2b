"""What is written is only what differs, and the screen is the one that was meant."""

from __future__ import annotations

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from gvreader.tui.screen_diff import Piece, ScreenDiff

WIDTH, HEIGHT = 30, 4
STYLES = [
    Style.parse(text)
    for text in (
        "#d9d5cd on #15171a", "bold #d9d5cd on #15171a", "dim italic red on #22262b", "underline default on default",
        "reverse bold yellow", "strike #8d897f on #15171a",
    )
]  # fmt: skip
TEXTS = st.text(st.sampled_from("ab  Đếệ│▌●  "), min_size=1, max_size=WIDTH)
SEGMENTS = st.lists(
    st.tuples(TEXTS, st.sampled_from(STYLES)).map(lambda pair: Segment(*pair)), min_size=1, max_size=4
)
PIECES = st.lists(
    st.tuples(st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1), SEGMENTS), min_size=1, max_size=6
)


def cells(screen: pyte.Screen) -> list[object]:
    """Every cell as it is seen: of a blank, its ink is nothing."""
    return [
        (cell.data, cell.bg, cell.underscore, cell.reverse, cell.strikethrough)
        + ((cell.fg, cell.bold, cell.italics) if cell.data != " " or cell.reverse or cell.underscore else ())
        for y in range(HEIGHT)
        for cell in (screen.buffer[y][x] for x in range(WIDTH))
    ]


@settings(deadline=None, max_examples=15)
@given(st.lists(PIECES, min_size=1, max_size=3), st.booleans())
def test_the_screen_is_what_was_painted(updates: list[list[Piece]], erases: bool) -> None:
    shown, wanted = pyte.Screen(WIDTH, HEIGHT), pyte.Screen(WIDTH, HEIGHT)
    kept = ScreenDiff(erases=erases)
    for pieces in updates:
        pyte.Stream(shown).feed(kept.render(pieces, WIDTH, HEIGHT, ColorSystem.TRUECOLOR))
        for piece in pieces:
            fresh = ScreenDiff(erases=False)
            pyte.Stream(wanted).feed(fresh.render([piece], WIDTH, HEIGHT, ColorSystem.TRUECOLOR))
        assert cells(shown) == cells(wanted)


def test_what_stands_is_not_written_again() -> None:
    painter = ScreenDiff(erases=True)
    line = [Segment("Một dòng chữ".ljust(WIDTH), STYLES[0])]
    assert painter.render([(1, 0, line)], WIDTH, HEIGHT, ColorSystem.TRUECOLOR)
    assert painter.render([(1, 0, line)], WIDTH, HEIGHT, ColorSystem.TRUECOLOR) == ""
    other = [Segment("Một dòng chỮ".ljust(WIDTH), STYLES[0])]
    written = painter.render([(1, 0, other)], WIDTH, HEIGHT, ColorSystem.TRUECOLOR)
    assert "Ữ" in written
    assert "dòng" not in written
    painter.forget()
    assert "dòng" in painter.render([(1, 0, other)], WIDTH, HEIGHT, ColorSystem.TRUECOLOR)


def test_after_a_letter_of_doubtful_width_the_column_is_said() -> None:
    painter = ScreenDiff(erases=True)
    line = [Segment("a❤️ b👨‍👩‍👧 c".ljust(WIDTH), STYLES[0])]
    written = painter.render([(0, 0, line)], WIDTH, HEIGHT, ColorSystem.TRUECOLOR)
    assert written.count("G") >= 2
