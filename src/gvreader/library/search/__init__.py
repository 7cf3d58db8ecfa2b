"""Search: full text and fields, by the query language of `gvreader.query`."""

from __future__ import annotations

from gvreader.library.search.assistance import Completion, Suggestion
from gvreader.library.search.search import Explanation, Found, Search

__all__ = ["Completion", "Explanation", "Found", "Search", "Suggestion"]
