"""One SQL statement for one query: a full-text expression and a condition on the article's row.

Nothing that a user typed becomes syntax of SQL or FTS5: terms are quoted, everything else is a parameter.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import Any, Final, Literal

from gvreader.frozen import dataclass
from gvreader.query.matching import Seeker
from gvreader.query.tree import Text

Table = Literal["fx", "ff", "fh"]

_DAY_BITS: Final = 24
_EPOCH: Final = date(1970, 1, 1).toordinal()
LOWEST: Final = -(1 << 62)
HIGHEST: Final = 1 << 62
FIRST_DATED: Final = (1 - _EPOCH) << _DAY_BITS

_MOST_SEEKERS: Final = 64

SAYS: Final = "gvreader_says"
"""The SQL function that looks into an article's texts where the index cannot tell; see `Says`."""


def quoted(term: str) -> str:
    """A term as an FTS5 string."""
    return '"' + term.replace('"', '""') + '"'


def day_key(day: date) -> int:
    """The least order key of an article published on `day`."""
    return (day.toordinal() - _EPOCH) << _DAY_BITS


def day_of(sk: int) -> int | None:
    """The ordinal of the day on which an article was published, from its order key; None for an undated one."""
    return (sk >> _DAY_BITS) + _EPOCH if sk >= FIRST_DATED else None


@dataclass(frozen=True, slots=True)
class Condition:
    """What an article must fulfil: `match` in the plan's table, `where` on its row `a`, `low` ≤ order key < `high`."""

    match: str | None = None
    where: str | None = None
    parameters: tuple[Any, ...] = ()
    low: int = LOWEST
    high: int = HIGHEST

    @property
    def only_match(self) -> bool:
        """Whether the table alone can tell."""
        return self.match is not None and self.where is None and self.low == LOWEST and self.high == HIGHEST


@dataclass(frozen=True, slots=True)
class Plan:
    """A condition over one table, ready to be asked."""

    table: Table
    condition: Condition

    def statement(
        self,
        select: str,
        *,
        order: Literal["", "ASC", "DESC"] = "",
        row: bool = False,
    ) -> tuple[str, list[Any]]:
        """SQL and parameters for `select`, in which `sk` is the order key and, with `row`, `a` the article's row.

        Append a LIMIT to taste.
        """
        condition, table = self.condition, self.table
        parameters: list[Any] = []
        conditions: list[str] = []
        if condition.match is None:
            source, key = "articles AS a", "a.sk"
        else:
            joined = row or condition.where is not None
            source = f"{table} CROSS JOIN articles AS a ON a.sk = {table}.rowid" if joined else table
            key = f"{table}.rowid"
            conditions.append(f"{table} MATCH ?")
            parameters.append(condition.match)
        if condition.low > LOWEST:
            conditions.append(f"{key} >= ?")
            parameters.append(condition.low)
        if condition.high < HIGHEST:
            conditions.append(f"{key} < ?")
            parameters.append(condition.high)
        if condition.where is not None:
            conditions.append(condition.where)
            parameters += condition.parameters
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        ordering = f" ORDER BY {key} {order}" if order else ""
        return f"SELECT {select.replace('{sk}', key)} FROM {source}{where}{ordering}", parameters  # noqa: S608


class Says:
    """The SQL function SAYS: whether an article says a phrase, for phrases whose marks the index cannot check."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._seekers: dict[str, Seeker] = {}
        connection.create_function(SAYS, -1, self._says)

    def name(self, text: Text) -> str:
        """A handle by which SQL can ask for `text`."""
        name = repr(text)
        if name not in self._seekers:
            if len(self._seekers) > _MOST_SEEKERS:
                self._seekers.clear()
            self._seekers[name] = Seeker(text)
        return name

    def _says(self, name: str, *fields: str | None) -> bool:
        seeker = self._seekers[name]
        return any(seeker.is_in(text) for text in fields if text)
