"""Saving from a damaged library what cannot be derived again: marks, and articles that have no captures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from gvreader.archive.library.article_rows import stored_articles
from gvreader.archive.library.articles import Articles
from gvreader.archive.library.connection import Connection, connect
from gvreader.archive.library.results import Salvaged
from gvreader.errors import ArchiveDamaged

# Each is read from both ends, since reading stops at a page that is damaged.
_NUMBERS: Final = ("SELECT id, key FROM numbers ORDER BY id", "SELECT id, key FROM numbers ORDER BY id DESC")
_FLAGS: Final = (
    "SELECT id, read, starred FROM heads WHERE read + starred > 0 ORDER BY id",
    "SELECT id, read, starred FROM heads WHERE read + starred > 0 ORDER BY id DESC",
    "SELECT id, read, starred FROM numbers WHERE read + starred > 0 ORDER BY id",
)
_IMPORTED: Final = (
    "SELECT id FROM heads WHERE capture_id IS NULL ORDER BY id",
    "SELECT id FROM heads WHERE capture_id IS NULL ORDER BY id DESC",
)
_COPIES: Final = (
    (
        "SELECT article_id, tag, folded FROM tags ORDER BY article_id",
        "INSERT OR IGNORE INTO tags (article_id, tag, folded) VALUES (?, ?, ?)",
    ),
    (
        "SELECT article_id, note FROM notes ORDER BY article_id",
        "INSERT OR IGNORE INTO notes (article_id, note) VALUES (?, ?)",
    ),
    (
        "SELECT article_id, line FROM places ORDER BY article_id",
        "INSERT OR IGNORE INTO places (article_id, line) VALUES (?, ?)",
    ),
)


def salvage(connection: Connection, damaged: Path) -> Salvaged:
    """See `Library.salvage`."""
    try:
        source = connect(damaged, "read")
    except ArchiveDamaged:
        return Salvaged(marks=0, articles=0)
    try:
        with connection.transaction(durable=True):
            return _copy(source, connection)
    finally:
        source.close()


def _copy(source: Connection, target: Connection) -> Salvaged:
    numbers = {old: _number(target, old, key) for old, key in _readable(source, *_NUMBERS)}
    marks = 0
    for old, read, starred in _readable(source, *_FLAGS):
        if old in numbers:
            flags = {"id": numbers[old], "read": read, "starred": starred}
            for table in ("numbers", "heads"):
                target.execute(
                    f"UPDATE {table} SET read = max(read, :read), starred = max(starred, :starred) "  # noqa: S608
                    "WHERE id = :id",
                    flags,
                )
            marks += 1
    for select, insert in _COPIES:
        for old, *values in _readable(source, select):
            if old in numbers:
                target.execute(insert, (numbers[old], *values))
                marks += 1
    for saved in _readable(source, "SELECT name, query, position FROM saved_searches ORDER BY position"):
        target.execute("INSERT OR IGNORE INTO saved_searches (name, query, position) VALUES (?, ?, ?)", saved)
        marks += 1
    articles = 0
    for (article_id,) in _readable(source, *_IMPORTED):
        articles += _restore(source, target, article_id)
    return Salvaged(marks=marks, articles=articles)


def _readable(source: Connection, *queries: str) -> Iterator[tuple[Any, ...]]:
    """Every row that any of the queries still yields, once."""
    seen: set[tuple[Any, ...]] = set()
    for query in queries:
        try:
            for row in source.execute(query):
                if row not in seen:
                    seen.add(row)
                    yield row
        except ArchiveDamaged:
            continue


def _number(target: Connection, old: int, key: str) -> int:
    """The local number of a key: the one that it has here, else its old one if that is free, else a new one."""
    target.execute("INSERT OR IGNORE INTO numbers (id, key) VALUES (?, ?)", (old, key))
    target.execute("INSERT OR IGNORE INTO numbers (key) VALUES (?)", (key,))
    ((number,),) = target.execute("SELECT id FROM numbers WHERE key = ?", (key,)).fetchall()
    return int(number)


def _restore(source: Connection, target: Connection, article_id: int) -> int:
    try:
        stored = stored_articles(source, (article_id,))
    except ArchiveDamaged:
        return 0
    for one in stored:
        Articles(target).restore(one)
    return len(stored)
