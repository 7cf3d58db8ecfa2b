"""Phrases that may be spelled in many ways, one page at a time.

The full-text tables find such a phrase by trying its spellings one by one, which takes long where its words are
common. For one page it is quicker to find its unmarked form and to look into the texts, best or newest first,
until the page is full.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from gvreader.archive.library.search.plan import Plan
from gvreader.frozen import dataclass

MOST_LOOKED_INTO: Final = 1500
"""Texts that may be looked into; where a page needs more, the spellings are tried after all."""
COUNTED: Final = 100
"""How far the matches of such a phrase are counted."""
_AT_ONCE: Final = 64


@dataclass(frozen=True, slots=True)
class Phrase:
    """`candidates` finds too much, unless `where` is None: what a match fulfils, too, on its row `a`.

    `in_summary` is fulfilled where the summary says the phrase. Both take `parameters`.
    """

    candidates: Plan
    where: str | None
    in_summary: str
    parameters: tuple[Any, ...]


def candidates(connection: sqlite3.Connection, phrase: Phrase) -> Iterator[int]:
    """Order keys of articles that may match, newest first, read as they are asked for."""
    sql, parameters = phrase.candidates.statement("{sk}", order="DESC")
    return (sk for (sk,) in connection.execute(sql, parameters))


def first(
    connection: sqlite3.Connection, phrase: Phrase, keys: Iterable[int], wanted: int
) -> list[int] | None:
    """The first `wanted` of `keys` that match, fewer if there are no more; None where that takes too long."""
    remaining = iter(keys)
    found: list[int] = []
    left = MOST_LOOKED_INTO
    while len(found) < wanted and (some := list(islice(remaining, min(_AT_ONCE, left)))):
        left -= len(some)
        found += some if phrase.where is None else _matching(connection, phrase, phrase.where, some)
    if len(found) < wanted and not left and next(remaining, None) is not None:
        return None
    return found[:wanted]


def in_summary(connection: sqlite3.Connection, phrase: Phrase, keys: Sequence[int]) -> list[int]:
    """Those of `keys` whose summary says the phrase."""
    return _matching(connection, phrase, phrase.in_summary, keys)


def _matching(connection: sqlite3.Connection, phrase: Phrase, where: str, keys: Sequence[int]) -> list[int]:
    sql = f"SELECT a.sk FROM articles AS a WHERE a.sk IN (SELECT value FROM json_each(?)) AND ({where})"  # noqa: S608
    rows = connection.execute(sql, (json.dumps(keys), *phrase.parameters)).fetchall()
    found = {sk for (sk,) in rows}
    return [sk for sk in keys if sk in found]
