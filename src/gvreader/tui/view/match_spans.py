"""Where the words of a search stand in an article, by the same rules as the search itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gvreader.query import matcher, parse
from gvreader.query import relaxed as without_marks

_MOST_MATCHES: Final = 5000


def find_matches(query: str, texts: Sequence[str], *, relaxed: bool = False) -> list[tuple[int, int, int]]:
    """Matches as (number of the text, start, end), in reading order, at most 5,000.

    `relaxed`: the marks of the query are ignored, as they were to find the article at all.
    """
    parsed = parse(query)
    finder = matcher(without_marks(parsed) if relaxed else parsed)
    found: list[tuple[int, int, int]] = []
    for number, text in enumerate(texts):
        for match in finder.finditer(text):
            found.append((number, match.start, match.end))
            if len(found) >= _MOST_MATCHES:
                return found
    return found
