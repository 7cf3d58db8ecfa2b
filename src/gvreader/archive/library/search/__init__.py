"""Search: full text and fields, by the query language of `gvreader.query`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gvreader.archive.library.search.search import Explanation, Found, Search

if TYPE_CHECKING:
    from gvreader.archive.library.search.assistance import Completion, Suggestion

__all__ = ["Completion", "Explanation", "Found", "Search", "Suggestion"]


def __getattr__(name: str) -> object:
    """What only helps with a query is loaded when it is first asked for."""
    if name not in ("Completion", "Suggestion"):
        raise AttributeError(name)
    from gvreader.archive.library.search import assistance

    return getattr(assistance, name)
