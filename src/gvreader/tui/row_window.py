"""The rows of a list, in windows from SQLite: only what is near the screen is in memory."""

from __future__ import annotations

from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from gvreader.model import ArticleRow, Marks

WINDOW: Final = 64
_KEPT_WINDOWS: Final = 8


class Rows:
    """A list of article ids whose rows are fetched when looked at. Positions count from 0."""

    def __init__(self, fetch: Callable[[Sequence[int]], Sequence[ArticleRow]]) -> None:
        self._fetch = fetch
        self._windows: OrderedDict[int, dict[int, ArticleRow]] = OrderedDict()
        self._marks: dict[int, Marks] = {}
        self._pending: Counter[int] = Counter()
        self.ids: array[int] = array("q")

    def __len__(self) -> int:
        return len(self.ids)

    def show(self, ids: array[int], rows: Sequence[ArticleRow] = ()) -> None:
        """Hold another list; `rows` are those of its first window, if they are known already."""
        self.ids = ids
        self._windows.clear()
        if rows:
            self._windows[0] = {row.id: row for row in rows}

    def forget(self) -> None:
        """Fetch every row again when it is next looked at."""
        self._windows.clear()

    def at(self, position: int) -> ArticleRow | None:
        """The row at a position; None when it is out of the list or its article is no more."""
        if not 0 <= position < len(self.ids):
            return None
        number = position // WINDOW
        window = self._windows.get(number)
        if window is None:
            start = number * WINDOW
            window = {row.id: row for row in self._fetch(self.ids[start : start + WINDOW])}
            self._windows[number] = window
            if len(self._windows) > _KEPT_WINDOWS:
                self._windows.popitem(last=False)
        else:
            self._windows.move_to_end(number)
        row = window.get(self.ids[position])
        marks = self._marks.get(row.id) if row else None
        return replace(row, marks=marks) if row and marks else row

    def mark(self, article: int, marks: Marks) -> None:
        """Show other marks for one article until they are `settled`: what was asked for but may not be stored yet."""
        self._marks[article] = marks
        self._pending[article] += 1

    def settled(self, article: int) -> None:
        """One change of an article's marks is stored; after the last one asked for, the library's word counts."""
        self._pending[article] -= 1
        if self._pending[article] <= 0:
            del self._pending[article]
            self._marks.pop(article, None)

    def unsettle(self) -> None:
        """A change could not be stored: show what the library has."""
        self._pending.clear()
        self._marks.clear()
        self._windows.clear()

    def is_pending(self, article: int) -> bool:
        """Whether marks of the article are still being stored."""
        return article in self._marks
