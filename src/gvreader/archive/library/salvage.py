"""Saving from a damaged library what cannot be derived again: marks, and articles that have no captures."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from gvreader.archive.library import marks_state
from gvreader.archive.library.article_rows import stored_articles
from gvreader.archive.library.articles import Articles
from gvreader.archive.library.connection import Connection, connect
from gvreader.archive.library.marks import MarkStore
from gvreader.archive.library.results import Salvaged
from gvreader.errors import ArchiveDamaged, GvreaderError

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
# The names of the vault's files are of our own making, and hold no quote.
_LOST: Final = (
    "SELECT h.id FROM heads AS h JOIN captures AS k ON k.id = h.capture_id WHERE k.file NOT IN ({files})"
)
_NOTES: Final = (
    "SELECT article_id, 0, note, '' FROM notes ORDER BY article_id",
    "SELECT article_id, paragraph, note, quote FROM paragraph_notes ORDER BY article_id, paragraph",
    "SELECT article_id, paragraph, note, '' FROM paragraph_notes ORDER BY article_id, paragraph",
)
# The second of each is for a library of an earlier schema.
_SEARCHES: Final = (
    "SELECT name, query, position, seen, seen_number FROM saved_searches ORDER BY position",
    "SELECT name, query, position, NULL, 0 FROM saved_searches ORDER BY position",
)
_PORTALS: Final = """
    SELECT name, title, origin, CASE WHEN name IN (SELECT portal FROM captures) THEN NULL ELSE family END
    FROM portals
"""
# What was done and what is still to be done; nothing else tells.
_JOURNAL: Final = ("runs", "problems", "frontier", "sightings")
_COPIES: Final = (
    (
        "SELECT article_id, tag, folded FROM tags ORDER BY article_id",
        "INSERT OR IGNORE INTO tags (article_id, tag, folded) VALUES (?, ?, ?)",
    ),
    (
        "SELECT article_id, line FROM places ORDER BY article_id",
        "INSERT OR IGNORE INTO places (article_id, line) VALUES (?, ?)",
    ),
)


def salvage(connection: Connection, damaged: Path, library: Path, files: Sequence[str] | None) -> Salvaged:
    """See `Library.salvage`. The journal of marks has the last word on what it knows."""
    known = sum(1 for _entry in marks_state.entries(connection))
    try:
        source = connect(damaged, "read")
    except GvreaderError:
        return Salvaged(marks=known, articles=0)
    try:
        with connection.transaction(durable=True):
            articles = _copy(source, connection, files)
            marks_state.merge(connection, library, is_trusted=False)
    finally:
        source.close()
    return Salvaged(marks=sum(1 for _entry in marks_state.entries(connection)), articles=articles)


def _copy_journal(source: Connection, target: Connection) -> None:
    for row in _readable(source, _PORTALS):
        target.execute("INSERT OR IGNORE INTO portals (name, title, origin, family) VALUES (?, ?, ?, ?)", row)
    for table in _JOURNAL:
        names = [column[1] for column in target.execute(f"PRAGMA table_info({table})").fetchall()]
        columns, places = ", ".join(names), ", ".join("?" * len(names))
        for row in _readable(source, f"SELECT {columns} FROM {table}"):  # noqa: S608 - names of our own
            with suppress(sqlite3.IntegrityError):
                target.execute(f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})", row)  # noqa: S608


def _copy(source: Connection, target: Connection, files: Sequence[str] | None) -> int:
    """Copy marks and articles without captures; returns how many articles."""
    _copy_journal(source, target)
    numbers = {old: _number(target, old, key) for old, key in _readable(source, *_NUMBERS)}
    for old, read, starred in _readable(source, *_FLAGS):
        if old in numbers:
            flags = {"id": numbers[old], "read": read, "starred": starred}
            for table in ("numbers", "heads"):
                target.execute(
                    f"UPDATE {table} SET read = max(read, :read), starred = max(starred, :starred) "  # noqa: S608
                    "WHERE id = :id",
                    flags,
                )
    for select, insert in _COPIES:
        for old, *values in _readable(source, select):
            if old in numbers:
                target.execute(insert, (numbers[old], *values))
    for old, paragraph, note, quote in _readable(source, *_NOTES):
        if old in numbers and not MarkStore(target).has_note(numbers[old], paragraph):
            marks_state.put_note(target, numbers[old], paragraph, note, quote)
    for saved in _readable(source, *_SEARCHES):
        target.execute(
            "INSERT OR IGNORE INTO saved_searches (name, query, position, seen, seen_number) VALUES (?, ?, ?, ?, ?)",
            saved,
        )
    chosen = dict.fromkeys(article_id for (article_id,) in _readable(source, *_IMPORTED))
    if files is not None:
        lost = _readable(source, _LOST.format(files=", ".join(f"'{file}'" for file in files)))
        chosen |= dict.fromkeys(article_id for (article_id,) in lost)
    return sum(_restore(source, target, article_id) for article_id in chosen)


def _readable(source: Connection, *queries: str) -> Iterator[tuple[Any, ...]]:
    """Every row that any of the queries still yields, once."""
    seen: set[tuple[Any, ...]] = set()
    for query in queries:
        try:
            for row in source.execute(query):
                if row not in seen:
                    seen.add(row)
                    yield row
        except (ArchiveDamaged, sqlite3.Error):
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
        for one in stored:
            Articles(target).restore(one)
    except (ArchiveDamaged, sqlite3.Error, ValueError, TypeError):
        return 0
    return len(stored)
