"""One question with many answers: the palette, tags, formats, yes or no. Typing narrows, marks need not be typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Offset
from textual.strip import Strip
from textual.widgets import Input

from gvreader.i18n import _
from gvreader.tui.screens.modal import ModalBase
from gvreader.tui.view.cells import width as cells_of
from gvreader.tui.view.choices import Matched, PickerEntry, narrow
from gvreader.tui.view.layout import LOW
from gvreader.tui.view.sanitize import visible_line
from gvreader.tui.view.strip_builder import StripBuilder, marked
from gvreader.tui.widgets.lines import LinesView, styles_of
from gvreader.tui.widgets.typing_line import TypingLine
from gvreader.vietnamese import fold, nfc

_STEPS: Final = {"down": 1, "up": -1, "tab": 1, "shift+tab": -1, "ctrl+n": 1, "ctrl+p": -1}


class Entries(LinesView, can_focus=False):
    """The answers that are left, one a line."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Matched] = []
        self.cursor = 0

    @property
    def current(self) -> PickerEntry | None:
        """The answer under the cursor."""
        return self.found[self.cursor].entry if self.cursor < len(self.found) else None

    @property
    def pointed_line(self) -> int:
        return self.cursor

    def show(self, found: list[Matched]) -> None:
        """Show other answers, the cursor on the first."""
        self.found = found
        self.cursor = 0
        self.renew()
        self.jump(0)
        if self.current is not None and self.current.heading:
            self.move(1)

    def move(self, steps: int) -> None:
        """Move the cursor over so many answers, past headings."""
        choices = [index for index, found in enumerate(self.found) if not found.entry.heading]
        if not choices:
            return
        here = next((order for order, index in enumerate(choices) if index >= self.cursor), 0)
        if self.current is not None and self.current.heading:
            here -= 1
        before, self.cursor = self.cursor, choices[max(0, min(here + steps, len(choices) - 1))]
        self.repaint(before)
        self.repaint(self.cursor)
        top = self.scroll_offset.y
        if self.cursor <= choices[0]:
            self.jump(0)
        elif self.cursor < top:
            self.jump(self.cursor)
        elif self.cursor >= top + self.page:
            self.jump(self.cursor - self.page + 1)

    @property
    def ground(self) -> Style:
        styles = styles_of(self)
        return styles.base + styles.sheet

    def count_lines(self, width: int) -> int:
        return len(self.found) or 1

    def paint_line(self, line: int, width: int) -> Strip:
        styles = styles_of(self)
        if not self.found:
            return (
                StripBuilder(width, self.ground, margin=1).to(2).add(_("Nothing fits."), styles.muted).strip()
            )
        found = self.found[line]
        chosen = line == self.cursor
        painted = StripBuilder(width, styles.base + styles.chosen if chosen else self.ground, margin=1)
        if found.entry.heading:
            return painted.to(2).add(found.entry.title.upper(), styles.muted).strip()
        painted.add("▌" if chosen else " ", styles.accent).to(2)
        painted.room -= cells_of(found.entry.detail) + 1 if found.entry.detail else 0
        for text, is_match in marked(found.entry.title, found.spans, 0, len(found.entry.title)):
            painted.add(text, styles.accent_strong if is_match else None)
        painted.room = width - 1
        return painted.right(found.entry.detail, styles.muted).strip()

    def on_click(self, event: events.Click) -> None:
        line = event.y + self.scroll_offset.y
        if 0 <= line < len(self.found) and not self.found[line].entry.heading:
            self.cursor = line
            self.repaint(0, len(self.found))
            picker = self.screen
            assert isinstance(picker, Picker)
            picker.pick()


class Question(LinesView, can_focus=False):
    """What is asked, above the answers."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def count_lines(self, width: int) -> int:
        return 1

    def paint_line(self, line: int, width: int) -> Strip:
        styles = styles_of(self)
        return (
            StripBuilder(width, styles.base + styles.sheet, margin=1)
            .to(2)
            .add(self._text, styles.strong)
            .strip()
        )


class Picker(ModalBase):
    """Asks one question; answers the value of the entry chosen, what was typed, or None.

    `free`: what was typed is an answer of its own where no entry is meant, and said to be `new` if that is a word.
    `choose`: no text box, only the entries.
    """

    DEFAULT_CSS = """
    Picker {
        align: center top;
        background: transparent;
        & > Vertical {
            width: 76; max-width: 100%; height: auto; max-height: 100%;
            background: $surface; padding: 1 0; margin-top: 2;
        }
        &:ansi > Vertical { border: round ansi_bright_black; padding: 0; }
        & > Vertical.low { padding: 0; margin-top: 0; }
        & > Vertical.low > TypingLine { margin: 0 2; }
        & Question { height: 1; }
        & TypingLine { height: 1; margin: 0 2 1 2; background: $surface; }
        & TypingLine:focus { background: $surface; }
        & Entries { background: $surface; }
        & LinesView {
            scrollbar-background: $surface; scrollbar-background-hover: $surface;
            scrollbar-background-active: $surface;
        }
    }
    """

    def __init__(
        self,
        question: str,
        entries: Sequence[PickerEntry],
        *,
        free: bool = False,
        new: str = "",
        choose: bool = False,
        value: str = "",
        placeholder: str = "",
    ) -> None:
        super().__init__()
        self._question = question
        self._entries = tuple(entries)
        self._free = free
        self._new = new
        self._choose = choose
        self._value = value
        self._placeholder = placeholder
        self._narrowed: str | None = None
        self._list = Entries()
        self._box = Vertical()
        self._typing = TypingLine(
            self._typed, self._press_while_typing, self.press, value=value, placeholder=placeholder
        )

    def compose(self) -> ComposeResult:
        with self._box:
            if self._question:
                yield Question(self._question)
            if not self._choose:
                yield self._typing
            yield self._list

    def on_mount(self) -> None:
        # With nothing to choose from, what was typed need not be shown twice.
        self._list.display = bool(self._entries) or not self._free
        self._narrow()
        if not self._choose:
            self._typing.open()
            self._typing.cursor_position = len(self._typing.value)
        self.ready()

    def pressed(self, event: events.Key) -> None:
        if not self._choose:
            self._typing.take(event)
            return
        event.stop()
        event.prevent_default()
        key = {"j": "down", "k": "up"}.get(event.key, event.key)
        if key == "enter":
            self.pick()
        elif key in ("escape", "q"):
            self.dismiss(None)
        elif not self._move(key):
            self._pick_by_letter(event.character or "")

    def _press_while_typing(self, event: events.Key) -> bool:
        # What was typed in the same read counts before the move.
        self._narrow()
        return self._move(event.key)

    def _move(self, key: str) -> bool:
        steps = _STEPS.get(key)
        if steps is not None:
            self._list.move(steps)
        elif key in ("pagedown", "pageup"):
            self._list.move(self._list.page if key == "pagedown" else -self._list.page)
        else:
            return False
        return True

    @property
    def cursor_cell(self) -> Offset:
        """Where the terminal's cursor belongs while nothing is typed."""
        return self._list.cursor_cell

    def pick(self) -> None:
        """Answer with the entry under the cursor, or what was typed."""
        current = self._list.current
        if current is not None and not current.heading:
            self.dismiss(current.value)
        elif not self._choose:
            self._typing.open()

    def _typed(self, entered: bool) -> None:
        if entered:
            self._narrow()
            self.pick()
        else:
            self.dismiss(None)

    def _pick_by_letter(self, letter: str) -> None:
        for entry in self._entries:
            if letter and entry.detail == letter:
                self.dismiss(entry.value)
                return

    def _narrow(self) -> None:
        typed = visible_line(self._typing.value) if not self._choose else ""
        if typed == self._narrowed:
            return
        self._narrowed = typed
        found = narrow(self._entries, typed)
        if self._free and typed and not any(entry.value == typed for entry in self._entries):
            # The same without its marks is meant before anything new.
            same = [one for one in found if fold(nfc(one.entry.value)) == fold(nfc(typed))]
            others = [one for one in found if one not in same]
            found = [*same, Matched(PickerEntry(typed, typed, self._new)), *others]
        self._list.show(found)
        self._fit()

    def _fit(self) -> None:
        """Give the answers the lines that there are; a low screen has none to spare for margins."""
        height = self.app.size.height
        low = height < LOW
        self._box.set_class(low, "low")
        border = 2 if self.has_pseudo_class("ansi") else 0
        around = 3 + border if low else 8
        self._list.styles.height = min(max(len(self._list.found), 1), max(height - around, 3))

    def on_resize(self, _event: events.Resize) -> None:
        self._fit()
        self.call_after_refresh(self._list.move, 0)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._narrow()

    def on_paste(self, event: events.Paste) -> None:
        if not self._choose:
            self._typing.take_paste(event)

    def on_click(self, event: events.Click) -> None:
        if event.widget is self:
            self.dismiss(None)
