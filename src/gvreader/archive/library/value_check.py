"""Does every value have the type of its column, and is every text UTF-8? SQLite itself asks for neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

from gvreader.archive.library import index
from gvreader.archive.library.connection import Connection

_MOST: Final = 100
_KINDS: Final = {"TEXT": "text", "INTEGER": "integer", "REAL": "real", "BLOB": "blob"}
_TIMES: Final = frozenset(
    {
        "captured",
        "seen",
        "first_seen",
        "fetched",
        "changed",
        "gone",
        "started",
        "finished",
        "met",
        "last_seen",
    }
)


def check(connection: Connection) -> Iterator[tuple[str, str]]:
    """The table and a sentence for each value that no reader could read; at most a hundred a table."""
    for table, columns in _tables(connection):
        for sentence in islice(_wrong(connection, table, columns), _MOST):
            yield table, sentence


def _tables(connection: Connection) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Our tables with their columns and the types of these; what FTS5 keeps for itself is no text of ours."""
    names = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
        ).fetchall()
        if name.partition("_")[0] not in index.TABLES
    ]
    for name in names:
        info = connection.execute(f"PRAGMA table_info({name})").fetchall()
        yield name, [(column[1], column[2].upper()) for column in info]


def _wrong(connection: Connection, table: str, columns: list[tuple[str, str]]) -> Iterator[str]:
    names = ", ".join(f"CAST({name} AS BLOB), typeof({name})" for name, _kind in columns)
    rows = connection.execute(f"SELECT {names} FROM {table}")  # noqa: S608 - names of our own schema
    for row in rows:
        for place, (name, kind) in enumerate(columns):
            value, held = row[2 * place], row[2 * place + 1]
            problem = _problem(name, value, held, _KINDS.get(kind, ""))
            if problem:
                yield f"{name} of the row that begins with {_shown(row[0])} {problem}"


def _problem(name: str, value: Any, held: str, wanted: str) -> str | None:
    if held == "null":
        return None
    if held != wanted and not (wanted == "real" and held == "integer"):
        return f"is {held}, not {wanted}"
    if held != "text":
        return None
    try:
        text = bytes(value).decode()
    except UnicodeDecodeError:
        return "is not UTF-8"
    return "is no time" if name in _TIMES and text and not _reads(_moment, text) else None


def _moment(text: str) -> object:
    from gvreader.archive.library.content import moment

    return moment(text)


def _reads(reader: Callable[[str], object], text: str) -> bool:
    from gvreader.errors import ArchiveDamaged

    try:
        reader(text)
    except ArchiveDamaged:
        return False
    return True


def _shown(value: Any) -> str:
    return ascii(bytes(value or b"").decode("utf-8", "replace"))[:60]
