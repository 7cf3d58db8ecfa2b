"""The first question, asked before there is a screen, so that the answer is there when it is."""

from __future__ import annotations

from array import array
from concurrent.futures import Future
from typing import TYPE_CHECKING

from gvreader.model import ArticleRow
from gvreader.tui.rows import WINDOW
from gvreader.values import dataclass

if TYPE_CHECKING:
    from gvreader.library import Library
    from gvreader.tui.desk import Desk


@dataclass(frozen=True, slots=True)
class FirstList:
    """Every article of the archive, newest first, and the rows of the first of them."""

    ids: array[int]
    rows: tuple[ArticleRow, ...]


def ask_first(desk: Desk) -> Future[FirstList]:
    """Ask for the list."""
    return desk.prepare("", _list)


def _list(library: Library) -> FirstList:
    ids = library.articles.ids()
    return FirstList(ids, library.articles.rows(ids[:WINDOW]))
