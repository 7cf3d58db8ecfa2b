"""Does the library agree with itself, and putting right what can be derived from what is sound."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from gvreader.archive.library import content_check, documents, index, marks_state, own_schema, value_check
from gvreader.archive.library.connection import Connection, checkpoint
from gvreader.archive.library.current_articles import Current
from gvreader.archive.library.results import Inconsistency
from gvreader.archive.library.schema import MIGRATIONS
from gvreader.errors import ArchiveDamaged

_MOST: Final = 100
# Each finds what is wrong and says so in its one column; `True` where `repair` puts it right.
_CHECKS: Final = (
    ("sections", True, """
        SELECT 'section ' || s.slug || ' counts ' || s.articles || ' articles, ' || s.unread || ' unread'
        FROM sections AS s
        WHERE s.articles <> (SELECT count(*) FROM article_sections WHERE section_id = s.id)
            OR s.unread <> (SELECT count(*) FROM article_sections AS a JOIN heads AS h ON h.id = a.article_id
                            WHERE a.section_id = s.id AND h.read = 0)
    """),
    ("articles", False, """
        SELECT 'article ' || h.key || ' has no content' FROM heads AS h
        WHERE NOT EXISTS (SELECT 1 FROM contents AS c WHERE c.id = h.content_id AND c.article_id = h.id)
            OR NOT EXISTS (SELECT 1 FROM observations AS o
                           WHERE o.article_id = h.id AND o.content_id IS NOT NULL)
    """),
    ("articles", False, """
        SELECT 'article ' || h.key || ' has no text' FROM heads AS h
        WHERE NOT EXISTS (SELECT 1 FROM bodies AS b WHERE b.id = h.id)
    """),
    ("articles", False, """
        SELECT 'article ' || h.key || ' has no address' FROM heads AS h
        WHERE h.id NOT IN (SELECT article_id FROM urls)
    """),
    ("articles", True, """
        SELECT 'article ' || h.key || ' is not what was seen last' FROM heads AS h
        WHERE h.content_id IS NOT (SELECT o.content_id FROM observations AS o
                                   WHERE o.article_id = h.id AND o.content_id IS NOT NULL
                                   ORDER BY o.seen DESC, o.id DESC LIMIT 1)
    """),
    ("observations", False, """
        SELECT 'observation ' || o.id || ' of article ' || o.article_id || ' points to what is not there'
        FROM observations AS o
        WHERE (o.content_id IS NOT NULL AND NOT EXISTS
                  (SELECT 1 FROM contents AS c WHERE c.id = o.content_id AND c.article_id = o.article_id))
            OR (o.capture_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM captures AS k WHERE k.id = o.capture_id))
    """),
)  # fmt: skip


def check(connection: Connection, path: Path) -> tuple[Inconsistency, ...]:
    """See `Library.check`. One state of the file is read, whatever is written meanwhile."""
    try:
        with connection.reading():
            found = list(_guarded("file", lambda: _structure(connection)))
            if found:
                return tuple(found)
            for where, part in (
                ("values", lambda: _values(connection)),
                ("tables", lambda: _tables(connection)),
                ("articles", lambda: _contents(connection)),
                ("index", lambda: _index(connection)),
                ("documents", lambda: _documents(connection)),
                ("marks", lambda: _marks(connection, path)),
            ):
                found += _guarded(where, part)
            return tuple(found)
    except (ArchiveDamaged, sqlite3.Error) as damage:
        return (Inconsistency(where="file", detail=str(damage)),)


def _guarded(where: str, part: Callable[[], Iterable[Inconsistency]]) -> Iterator[Inconsistency]:
    """What a part of the check finds; that it cannot go on is a finding, too."""
    try:
        for number, finding in enumerate(part()):
            yield finding
            if number >= _MOST:
                break
    except (ArchiveDamaged, sqlite3.Error, ValueError, TypeError, ArithmeticError, LookupError) as error:
        yield Inconsistency(where=where, detail=f"a row cannot be read: {type(error).__name__}: {error}")


def _structure(connection: Connection) -> Iterator[Inconsistency]:
    sentences = connection.execute(f"PRAGMA integrity_check({_MOST})").fetchall()
    if sentences != [("ok",)]:
        yield from (Inconsistency(where="file", detail=sentence) for (sentence,) in sentences)
    for sentence in own_schema.differences(connection, len(MIGRATIONS)):
        yield Inconsistency(where="file", detail=sentence)


def _values(connection: Connection) -> Iterator[Inconsistency]:
    for table, detail in value_check.check(connection):
        yield Inconsistency(where=table, detail=detail)


def _tables(connection: Connection) -> Iterator[Inconsistency]:
    for table, row, parent, _key in connection.execute("PRAGMA foreign_key_check").fetchall()[:_MOST]:
        yield Inconsistency(where=table, detail=f"row {row} refers to a row of {parent} that is not there")
    for where, repairable, sql in _CHECKS:
        for (detail,) in connection.execute(sql).fetchmany(_MOST):
            yield Inconsistency(where=where, detail=detail, repairable=repairable)


def _contents(connection: Connection) -> Iterator[Inconsistency]:
    for where, detail, repairable in content_check.check(connection):
        yield Inconsistency(where=where, detail=detail, repairable=repairable)


def _index(connection: Connection) -> Iterator[Inconsistency]:
    is_outdated = index.outdated(connection)
    for detail in index.check(connection):
        yield Inconsistency(where="index", detail=detail, repairable=True, is_damage=not is_outdated)


def _documents(connection: Connection) -> Iterator[Inconsistency]:
    for detail in documents.check(connection):
        yield Inconsistency(where="documents", detail=detail, repairable=True)


def _marks(connection: Connection, path: Path) -> Iterator[Inconsistency]:
    for detail in marks_state.differences(connection, path):
        yield Inconsistency(where="marks", detail=detail, repairable=True)


def is_readable(connection: Connection) -> bool:
    """See `Library.is_readable`."""
    try:
        return bool(connection.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)])
    except (ArchiveDamaged, sqlite3.Error):
        return False


def repair(connection: Connection, path: Path) -> tuple[Inconsistency, ...]:
    """See `Library.repair`."""
    with connection.transaction(durable=True):
        # The index cannot take out rows that do not agree with it: it is emptied by filling it again.
        connection.is_indexing = False
        try:
            _derive_rows(connection)
        finally:
            connection.is_indexing = True
        index.refill(connection)
        documents.refill(connection)
        connection.execute(
            "UPDATE sections SET "
            "articles = (SELECT count(*) FROM article_sections WHERE section_id = sections.id), "
            "unread = (SELECT count(*) FROM article_sections AS a JOIN heads AS h ON h.id = a.article_id "
            "WHERE a.section_id = sections.id AND h.read = 0)"
        )
        marks_state.merge(connection, path, is_trusted=True)
    return check(connection, path)


def _derive_rows(connection: Connection) -> None:
    """Let every article's row say what its contents say; one whose content cannot be read stays as it is."""
    current = Current(connection)
    for (article_id,) in connection.execute(
        "SELECT h.id FROM heads AS h JOIN observations AS o ON o.article_id = h.id "
        "WHERE o.content_id IS NOT NULL GROUP BY h.id"
    ).fetchall():
        with suppress(ArchiveDamaged, ValueError), connection.transaction():
            current.derive(article_id)


def reindex(connection: Connection, progress: Callable[[int], object] | None = None) -> int:
    """See `Library.reindex`."""
    with connection.transaction(durable=True):
        count = index.refill(connection, progress)
        documents.refill(connection)
    checkpoint(connection)
    return count
