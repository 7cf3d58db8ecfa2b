"""What surrounds the panes: the masthead, the line of notices, the line of keys, and the dividers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.strip import Strip
from textual.widget import Widget

from gvreader.tui.messages import ActionAsked, DividerMoved
from gvreader.tui.view.cells import crop
from gvreader.tui.view.cells import width as cells_of
from gvreader.tui.view.header import HeaderLine, head_runs
from gvreader.tui.view.strip_builder import StripBuilder
from gvreader.tui.widgets.lines import styles_of


class Masthead(Widget):
    """The portal, the place, the state of the archive; a rule below."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._head = HeaderLine()
        self._column = 0

    def show(self, head: HeaderLine) -> None:
        """Say where we are."""
        self._head = head
        self.refresh()

    def align(self, column: int) -> None:
        """Put the place at a column, over its list."""
        if column != self._column:
            self._column = column
            self.refresh()

    def render_line(self, y: int) -> Strip:
        styles = styles_of(self)
        if y == 1:
            return StripBuilder(self.size.width, styles.base).to(self.size.width, "─", styles.dim).strip()
        line = StripBuilder(self.size.width, styles.base, margin=1)
        roles = {"strong": styles.strong, "muted": styles.muted}
        for text, role in head_runs(self._head, self.size.width, self._column):
            line.add(text, roles.get(role))
        return line.strip()

    def on_click(self, event: events.Click) -> None:
        state_starts = self.size.width - cells_of(self._head.state) - 1
        self.post_message(ActionAsked("log" if self._head.state and event.x >= state_starts else "help"))


class NoticeLine(Widget):
    """The rule above the keys. News, progress and trouble are said in it, so that nothing else moves."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._text = self._hint = self._right = ""
        self._action = ""
        self._loud = False

    @property
    def text(self) -> str:
        """What it says now."""
        return self._text

    def show(self, text: str, *, hint: str = "", action: str = "", loud: bool = False) -> None:
        """Say something; a click on it asks for `action`. `loud`: in the accent colour.

        Where there is no room for everything, `text` is cut and `hint` after it stays.
        """
        self._text, self._hint, self._action, self._loud = text, hint, action, loud
        self.refresh()

    def show_right(self, text: str) -> None:
        """What stands at the right end: how far the text has been read."""
        if text != self._right:
            self._right = text
            self.refresh()

    def render_line(self, y: int) -> Strip:
        styles = styles_of(self)
        line = StripBuilder(self.size.width, styles.base)
        right = f" {self._right} " if self._right else ""
        if self._text:
            room = self.size.width - cells_of(right) - 4
            hint = f" · {self._hint}" if self._hint else ""
            said = crop(crop(self._text, max(room - cells_of(hint), room // 3)) + hint, room)
            line.add("─ ", styles.dim).add(said, styles.accent if self._loud else styles.base).add(" ")
        line.to(self.size.width - cells_of(right) - 1, "─", styles.dim)
        return line.add(right, styles.muted).to(self.size.width, "─", styles.dim).strip()

    def on_click(self, _event: events.Click) -> None:
        if self._action:
            self.post_message(ActionAsked(self._action))


_GAP = 3  # cells between two keys where there is room for them


class KeyHint(NamedTuple):
    """A key as it is shown, what it does, and the action (with its number) that a click on it asks for."""

    key: str
    what: str
    action: str
    number: int | None = None


class KeyLine(Widget):
    """The keys that matter here, each of which can be clicked; or the number that is being typed."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._keys: Sequence[KeyHint] = ()
        self._prefix = ""
        self._spans: list[tuple[int, int, KeyHint]] = []

    def show(self, keys: Sequence[KeyHint], *, prefix: str = "") -> None:
        """Show keys in this order; what does not fit is left out."""
        if (keys, prefix) != (self._keys, self._prefix):
            self._keys, self._prefix = keys, prefix
            self.refresh()

    def render_line(self, y: int) -> Strip:
        styles = styles_of(self)
        line = StripBuilder(self.size.width, styles.base, margin=1).add(" ")
        self._spans = []
        if self._prefix:
            line.add(f"{self._prefix}▏ ", styles.accent_strong)
        needed = sum(cells_of(key) + cells_of(what) + 1 + _GAP for key, what, *_ in self._keys) - _GAP
        gap = _GAP if line.used + needed <= line.room else _GAP - 1
        help_cells = sum(
            cells_of(key) + cells_of(what) + 1 + gap
            for key, what, action, _number in self._keys
            if action == "help"
        )
        for hint in self._keys:
            key, what, action, _number = hint
            # The way to help is the last thing to go.
            kept = 0 if action == "help" else help_cells
            if line.used + cells_of(key) + cells_of(what) + 1 + kept > line.room:
                continue
            if action == "help":
                help_cells = 0
            start = line.used
            line.add(key, styles.strong).add(" ").add(what, styles.muted)
            self._spans.append((start, line.used, hint))
            line.add(" " * gap)
        return line.strip()

    def on_click(self, event: events.Click) -> None:
        for start, end, hint in self._spans:
            if start <= event.x < end:
                self.post_message(ActionAsked(hint.action, hint.number))


class Divider(Widget):
    """A thin line between two panes that can be dragged."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self._dragged = False

    def render_line(self, y: int) -> Strip:
        styles = styles_of(self)
        return (
            StripBuilder(self.size.width, styles.base)
            .add("│", styles.accent if self._dragged else styles.dim)
            .strip()
        )

    def on_mouse_down(self, _event: events.MouseDown) -> None:
        self.capture_mouse()
        self._drag(dragged=True)

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        self.release_mouse()
        self._drag(dragged=False)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragged and self.name:
            self.post_message(DividerMoved(self.name, event.screen_x))

    def _drag(self, *, dragged: bool) -> None:
        self._dragged = dragged
        self.refresh()
