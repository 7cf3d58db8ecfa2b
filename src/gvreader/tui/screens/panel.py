"""A page over the reader that is read and put away: the log, what changed, and the base of the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual import events
from textual.app import ComposeResult

from gvreader.i18n import _
from gvreader.tui.actions import key_label, key_name
from gvreader.tui.messages import ActionAsked
from gvreader.tui.screens.modal import ModalBase
from gvreader.tui.view.document import Composition
from gvreader.tui.view.header import HeaderLine
from gvreader.tui.view.typeset import TextSpan
from gvreader.tui.widgets.article_view import ArticleView
from gvreader.tui.widgets.frame import KeyHint, KeyLine, Masthead
from gvreader.tui.widgets.lines import LinesView


class Panel(ModalBase):
    """A full page with a heading, a body and its keys; Esc or q puts it away."""

    DEFAULT_CSS = """
    Panel {
        background: $background;
        & > Masthead { height: 2; }
        & > LinesView { height: 1fr; }
        & > KeyLine { height: 1; }
    }
    """

    def __init__(self, title: str, body: LinesView, *, note: str = "") -> None:
        super().__init__()
        self.body = body
        self._heading = title
        self._note = note
        self._masthead = Masthead()
        self._keys = KeyLine()

    def compose(self) -> ComposeResult:
        yield self._masthead
        yield self.body
        yield self._keys

    def on_mount(self) -> None:
        self.head(self._heading, self._note)
        self.show_keys()
        self.body.focus()
        self.begin()
        self.ready()

    def begin(self) -> None:
        """Show what the sheet begins with; called once it is on the screen."""

    def show_keys(self) -> None:
        """Show the keys that there are now."""
        self._keys.show(
            [*self.extra_keys(), KeyHint("j k", _("move"), "down"), KeyHint("Esc", _("back"), "close")]
        )

    def head(self, title: str, note: str = "") -> None:
        """Say what the sheet shows."""
        self._masthead.show(HeaderLine(place=title, counts=note))

    def extra_keys(self) -> Sequence[KeyHint]:
        """Keys of this sheet beyond moving and leaving, as the line of keys shows them: (key, what, action)."""
        return ()

    def extra_actions(self) -> Mapping[str, Callable[[], None]]:
        """What those keys do, by key."""
        return {}

    def pressed(self, event: events.Key) -> None:
        """Act on a key."""
        key = key_name(event.key, event.character)
        extra = self.extra_actions().get(key)
        if extra is not None:
            extra()
        elif key in ("escape", "q", "h", "left"):
            self.dismiss(None)
        else:
            self._scroll(key)
        event.stop()
        event.prevent_default()

    def _scroll(self, key: str) -> None:
        page = max(self.body.page - 1, 1)
        steps = {
            "j": 1,
            "down": 1,
            "k": -1,
            "up": -1,
            "space": page,
            "pagedown": page,
            "b": -page,
            "pageup": -page,
        }
        ends = {"g": 0, "home": 0, "G": self.body.virtual_size.height, "end": self.body.virtual_size.height}
        if key in steps:
            self.body.jump(self.body.scroll_offset.y + steps[key])
        elif key in ends:
            self.body.jump(ends[key])

    def on_action_asked(self, message: ActionAsked) -> None:
        message.stop()
        if message.name == "close":
            self.dismiss(None)
        for hint in self.extra_keys():
            if hint.action == message.name and (act := self._first_action(hint.key)):
                act()

    def _first_action(self, label: str) -> Callable[[], None] | None:
        return next(
            (act for key, act in self.extra_actions().items() if key_label(key) in label.split()), None
        )


class TextPanel(Panel):
    """A sheet of text."""

    def __init__(self, title: str, pieces: Sequence[TextSpan], *, note: str = "") -> None:
        self._view = ArticleView()
        self._pieces = tuple(pieces)
        super().__init__(title, self._view, note=note)

    def begin(self) -> None:
        self.show(self._pieces)

    def show(self, pieces: Sequence[TextSpan]) -> None:
        """Show other text."""
        self._view.show(Composition(tuple(pieces), ()))

    def amend(self, pieces: Sequence[TextSpan]) -> None:
        """Show the text as it is now, the same line at the top."""
        self._view.amend(Composition(tuple(pieces), ()))
