"""What is painted can be read: in every theme, at every depth of colour, and without any."""

from __future__ import annotations

import re
from itertools import product

import pytest

from gvreader.tui.view.colours import DARK, LIGHT, PLAIN, TERMINAL, THEMES, chosen_theme, themes_for
from tests.tui.shelf import ShelfServices
from tests.tui.terminal import Terminal

OURS = {DARK.name, LIGHT.name, TERMINAL.name}


@pytest.mark.parametrize(
    ("environ", "themes"),
    [
        ({"TERM": "xterm-256color"}, ["dark", "light", "terminal"]),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, ["dark", "light", "terminal"]),
        ({"TERM": "xterm-kitty", "COLORFGBG": "0;15"}, ["light", "terminal", "dark"]),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, ["dark", "light", "terminal"]),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, ["plain"]),
        ({"TERM": "xterm"}, ["terminal"]),
        ({"TERM": "screen"}, ["terminal"]),
        ({"TERM": "xterm-16color"}, ["terminal"]),
        ({"TERM": "linux", "COLORTERM": "truecolor"}, ["terminal"]),
        ({"TERM": "vt100"}, ["plain"]),
        ({"TERM": "vt102"}, ["plain"]),
        ({"TERM": "xterm-mono"}, ["plain"]),
        ({"TERM": "dumb"}, ["plain"]),
        ({}, ["plain"]),
        ({"TEXTUAL_COLOR_SYSTEM": "truecolor"}, ["dark", "light", "terminal"]),
    ],
)
def test_which_themes_can_be_read_where(environ: dict[str, str], themes: list[str]) -> None:
    assert list(themes_for(environ)) == themes
    for wished, remembered in product((None, "dark", "light", "terminal", "nonsense"), repeat=2):
        assert chosen_theme(wished, remembered, environ) in themes
    assert chosen_theme(themes[-1], None, environ) == themes[-1]


def test_the_registry_of_themes_is_whole() -> None:
    assert set(THEMES) == OURS | {PLAIN.name}


def cells(terminal: Terminal) -> list[tuple[str, str, str]]:
    """Every cell's character, ink and paper as a person sees them."""
    seen = []
    for y in range(terminal.display.lines):
        for x in range(terminal.display.columns):
            cell = terminal.display.buffer[y][x]
            ink, paper = (cell.bg, cell.fg) if cell.reverse else (cell.fg, cell.bg)
            seen.append((cell.data, ink, paper))
    return seen


def assert_readable(terminal: Terminal) -> None:
    for character, ink, paper in cells(terminal):
        assert character == " " or ink != paper or ink == "default", (character, ink, paper)


DEPTHS = {
    "24 bit": {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
    "256": {"TERM": "xterm-256color"},
    "16": {"TERM": "xterm"},
    "linux": {"TERM": "linux"},
    "none": {"TERM": "vt100"},
    "unwanted": {"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"},
}
STATES = {
    "": "? help",
    "\r": "Esc back",
    "\x1b/hoi nghi": "results",
    "\x1b?": "MOVING",
    "\x1bC": "2024",
    "\x1bp": "Down",
}


def settle(terminal: Terminal) -> None:
    while terminal.read(0.4):
        pass


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("theme", ["dark", "light", "terminal"])
def test_no_cell_has_its_paper_for_ink(services: ShelfServices, theme: str, depth: str) -> None:
    script = f"""
import sys
from pathlib import Path
from gvreader import i18n, tui
from tests.tui.shelf import ShelfServices
i18n.use("en")
sys.exit(tui.run(ShelfServices(Path(sys.argv[1])), theme={theme!r}))
"""
    with Terminal("-c", script, str(services.folder), env=DEPTHS[depth]) as terminal:
        terminal.until("Everything · 60 articles", "? help")
        for keys, shown in STATES.items():
            terminal.send(keys[:1])
            settle(terminal)
            terminal.send(keys[1:])
            terminal.until(shown)
            settle(terminal)
            assert_readable(terminal)
            if depth in ("none", "unwanted"):
                assert {(ink, paper) for _character, ink, paper in cells(terminal)} == {
                    ("default", "default")
                }
        if depth in ("none", "unwanted"):
            styles = {
                code for found in re.findall(rb"\x1b\[([\d;]*)m", terminal.raw) for code in found.split(b";")
            }
            # Weights, slants and lines, each begun and ended, and the terminal's own colours.
            begun, ended = {b"1", b"2", b"3", b"4", b"7", b"9"}, {b"22", b"23", b"24", b"27", b"29"}
            assert styles <= {b"", b"0", b"39", b"49"} | begun | ended


def test_another_theme_leaves_no_colour_of_the_one_before(services: ShelfServices) -> None:
    with Terminal("-m", "tests.tui.open_reader", str(services.folder), env=DEPTHS["24 bit"]) as terminal:
        terminal.until("Everything · 60 articles", "? help")
        settle(terminal)
        papers = [{paper for _character, _ink, paper in cells(terminal)}]
        for _theme in range(3):
            terminal.send("T")
            settle(terminal)
            papers.append({paper for _character, _ink, paper in cells(terminal)})
        dark, light, own, again = papers
        assert not dark & light
        assert not (dark | light) & own
        assert again == dark
        assert dark == {DARK.background[1:], DARK.selected[1:], DARK.dim[1:]}
        assert light == {LIGHT.background[1:], LIGHT.selected[1:], LIGHT.dim[1:]}
