"""Where the terminal's own cursor stands: input methods compose there, braille displays follow it."""

from __future__ import annotations

from tests.tui.shelf import ShelfServices
from tests.tui.terminal import Terminal


def settle(terminal: Terminal) -> tuple[str, str]:
    """Take in what comes; what stands before the cursor on its line, and after it."""
    while terminal.read(0.5):
        pass
    cursor = terminal.display.cursor
    assert not cursor.hidden
    line = terminal.screen.splitlines()[cursor.y] + " " * 200
    return line[: cursor.x], line[cursor.x :]


def test_the_cursor_stands_where_letters_go_else_on_what_is_chosen(services: ShelfServices) -> None:
    with Terminal("-m", "tests.tui.open_reader", str(services.folder), size=(120, 36)) as terminal:
        terminal.until("Everything · 60 articles", "? help")
        first = settle(terminal)
        assert first[1].startswith("▌")
        terminal.send("jj")
        chosen = settle(terminal)
        assert chosen[1].startswith("▌")
        assert chosen[1] != first[1]
        terminal.send("/")
        before, _after = settle(terminal)
        assert before.endswith(" / ")
        terminal.send("hội nghị")
        before, _after = settle(terminal)
        assert before.endswith(" / hội nghị")
        terminal.send("\x1b[D\x1b[D")
        before, after = settle(terminal)
        assert before.endswith(" / hội ng")
        assert after.startswith("hị")
        terminal.send("\x1b")
        settle(terminal)
        terminal.send("t")
        terminal.until("Tag, or take")
        terminal.send("xã")
        assert settle(terminal)[0].endswith(" xã")
        terminal.send("\x07")
        settle(terminal)
        terminal.send("A")
        terminal.until("Yes")
        assert settle(terminal)[1].startswith("▌ Yes")
        terminal.send("\x07")
        settle(terminal)
        terminal.send("\x11")
        assert terminal.end() == 0
        assert terminal.restored
