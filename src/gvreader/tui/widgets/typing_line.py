"""A text box that Vietnamese input methods can type into."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from textual import events
from textual.actions import parse
from textual.geometry import Offset
from textual.widgets import Input

from gvreader.tui.view.cells import width
from gvreader.tui.view.sanitize import visible

_BLANKS: Final = re.compile(r"\s+")


class TypingLine(Input):
    """One line of text in NFC, as every input method means it.

    Unikey, EVKey and OpenKey correct a word by sending backspaces and the replacement in one go. Textual's own box
    takes letters when they arrive but backspaces later, through a binding, so that corrections come out in the wrong
    order. Here both are taken when they arrive.
    """

    DEFAULT_CSS = """
    TypingLine {
        height: 1;
        width: 1fr;
        padding: 0;
        border: none;
        background: $background;
        &:focus { border: none; background: $background; background-tint: transparent; }
    }
    """

    def __init__(
        self,
        finished: Callable[[bool], None],
        others: Callable[[events.Key], bool],
        press: Callable[[events.Key], None],
        *,
        value: str = "",
        placeholder: str = "",
    ) -> None:
        """All are called at once, so that keys of one read act in the order in which they were typed.

        `finished` is called with True for Enter and False for Esc; `others` with keys that type nothing, and says
        whether it knew what to do; `press` with every key first, as some are the program's wherever they are pressed.
        """
        super().__init__(value, placeholder=placeholder, compact=True, select_on_focus=False)
        self.cursor_blink = False
        self._finished = finished
        self._others = others
        self._press = press
        self._left = False

    def take(self, event: events.Key) -> bool:
        """Act on a key; False when it is not for this box, as after Enter."""
        if self._left or event.key.startswith("alt+"):
            return False
        if event.key == "backspace":
            self.action_delete_left()
        elif event.key in ("enter", "escape", "ctrl+c", "ctrl+g"):
            self._left = True
            self._finished(event.key == "enter")
        elif event.character and not unicodedata.category(event.character).startswith("C"):
            # EVKey types a narrow space before a correction and takes it back: it is no printable character.
            self._insert(event.character)
        elif not self._others(event) and not self._edit(event.key):
            return False
        event.stop()
        event.prevent_default()
        return True

    def _edit(self, key: str) -> bool:
        """Move or delete as Textual's box would, but now."""
        for binding in self._bindings.key_to_bindings.get(key, ()):
            _namespace, name, parameters = parse(binding.action)
            edit = getattr(self, f"action_{name}", None)
            if name.startswith(("cursor", "delete")) and edit is not None:
                edit(*parameters)
                return True
        return False

    @property
    def cursor_cell(self) -> Offset:
        """Where on the screen the next letter goes: input methods compose there."""
        region = self.content_region
        typed = width(self.value[: self.cursor_position])
        return Offset(region.x + min(typed - self.scroll_offset.x, region.width - 1), region.y)

    def leave(self) -> None:
        """Take no more keys until `open`."""
        self._left = True

    def open(self) -> None:
        """Take keys (again)."""
        self._left = False
        # Widget.focus would wait, and keys of the same read would go elsewhere.
        self.screen.set_focus(self, scroll_visible=False)

    async def _on_key(self, event: events.Key) -> None:
        event.prevent_default()
        if not self._left:
            event.stop()
            self._press(event)

    def _on_paste(self, event: events.Paste) -> None:
        self.take_paste(event)

    def take_paste(self, event: events.Paste) -> None:
        """Insert what was pasted, composed and on one line."""
        event.prevent_default()
        event.stop()
        self._insert(_BLANKS.sub(" ", visible(event.text)))

    def _insert(self, text: str) -> None:
        if self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)
        self._compose_marks()

    def _compose_marks(self) -> None:
        """A mark that arrives after its letter (ibus commits, decomposed input) joins it."""
        composed = unicodedata.normalize("NFC", self.value)
        if composed != self.value:
            before = unicodedata.normalize("NFC", self.value[: self.cursor_position])
            self.value = composed
            self.cursor_position = len(before)
