"""What the panes and the threads tell the screen. Only the screen's handlers change what is shown."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from textual.message import Message

from gvreader.model import Event


class Answered(Message):
    """A thread has answered a question; `handler` gets the answer."""

    def __init__(self, future: Future[Any], handler: Callable[[Any], None]) -> None:
        super().__init__()
        self.future = future
        self.handler = handler


class CursorMoved(Message):
    """The list's cursor is on another article."""


class ArticleChosen(Message):
    """An article of the list is to be read (Enter, or a click on the one under the cursor)."""


class PlaceChosen(Message):
    """An entry of the left pane is to be shown."""


class LinkChosen(Message):
    """A numbered link of the text was clicked."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class TextScrolled(Message):
    """The text shows other lines."""


class ActionAsked(Message):
    """The name of an action was clicked; `count` is the number that goes with it."""

    def __init__(self, name: str, count: int | None = None) -> None:
        super().__init__()
        self.name = name
        self.count = count


class DividerMoved(Message):
    """A divider was dragged to a column of the screen."""

    def __init__(self, divider: str, column: int) -> None:
        super().__init__()
        self.divider = divider
        self.column = column


class ListScrolled(Message):
    """The list shows other articles."""


class SyncHappened(Message):
    """The running sync reports something."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class SyncEnded(Message):
    """The sync's thread has ended; `error` is what broke it off, if anything did."""

    def __init__(self, error: Exception | None, *, stopped: bool) -> None:
        super().__init__()
        self.error = error
        self.stopped = stopped
