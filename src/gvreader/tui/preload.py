"""The first question, asked before there is a screen, so that the answer is there when it is."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING

from gvreader.frozen import dataclass
from gvreader.model import ArticleRow
from gvreader.tui.row_window import WINDOW
from gvreader.tui.view.sanitize import visible_line

if TYPE_CHECKING:
    from gvreader.archive.library import Library
    from gvreader.tui.library_access import LibraryAccess


@dataclass(frozen=True, slots=True)
class PreloadedList:
    """Every article of the archive, newest first, the rows of the first of them, and whose they are."""

    ids: array[int]
    rows: tuple[ArticleRow, ...]
    portal: str


def ask_first(access: LibraryAccess) -> Future[PreloadedList]:
    """Ask for the list."""
    return access.prepare("", _list)


def _list(library: Library) -> PreloadedList:
    ids = library.articles.ids()
    portals = [(portal.name, portal.title) for portal in library.portals.all()]
    return PreloadedList(ids, library.articles.rows(ids[:WINDOW]), portal_name(portals))


def portal_name(portals: Sequence[tuple[str, str]]) -> str:
    """What stands above everything: the title of the only portal, of (name, title) each, or our own name."""
    return visible_line(portals[0][1]) or portals[0][0] if len(portals) == 1 else "gvreader"
