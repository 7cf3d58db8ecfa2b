"""Emptying the library for a rebuild: what was derived from captures goes, what was not stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from gvreader.archive.library import discovered_links, index
from gvreader.archive.library.connection import Connection, checkpoint
from gvreader.archive.library.current_articles import Current

_FORGET: Final = (
    "UPDATE portals SET family = NULL WHERE name IN (SELECT portal FROM captures)",
    "DELETE FROM article_sections WHERE article_id NOT IN (SELECT id FROM kept)",
    "DELETE FROM article_media WHERE article_id NOT IN (SELECT id FROM kept)",
    "DELETE FROM urls WHERE article_id NOT IN (SELECT id FROM kept)",
    "DELETE FROM observations WHERE article_id NOT IN (SELECT id FROM kept) OR capture_id IS NOT NULL",
    "DELETE FROM contents WHERE article_id NOT IN (SELECT id FROM kept)",
    "DELETE FROM bodies WHERE id NOT IN (SELECT id FROM kept)",
    "DELETE FROM heads WHERE id NOT IN (SELECT id FROM kept)",
    "DELETE FROM sections WHERE articles = 0",
    "UPDATE sections SET last_success = NULL",
    "DELETE FROM media",
    "DELETE FROM captures",
    "DELETE FROM facts",
)


@contextmanager
def rebuilding(connection: Connection) -> Iterator[None]:
    """See `Library.rebuilding`."""
    with connection.transaction(durable=True):
        _empty(connection)
        connection.is_indexing = False
        try:
            yield
        finally:
            connection.is_indexing = True
        # Filling it once is twice as fast as following every article, and gives a smaller index.
        index.refill(connection)
    checkpoint(connection)


def _empty(connection: Connection) -> None:
    """Forget every capture and what only captures say; imported observations and their articles stay."""
    _remember_marks(connection)
    connection.execute(
        "CREATE TEMP TABLE kept AS SELECT DISTINCT article_id AS id FROM observations "
        "WHERE capture_id IS NULL AND content_id IS NOT NULL"
    )
    for statement in _FORGET:
        connection.execute(statement)
    for table in discovered_links.TABLES:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
    index.refill(connection)
    current = Current(connection)
    for (article_id,) in connection.execute("SELECT id FROM kept").fetchall():
        current.settle(article_id)
        current.refresh_attachments(article_id)
    connection.execute(
        "DELETE FROM contents WHERE id NOT IN (SELECT content_id FROM observations WHERE content_id IS NOT NULL)"
    )
    connection.execute("DROP TABLE kept")


def _remember_marks(connection: Connection) -> None:
    """Marks go to the numbers, from where an article that comes back takes them again."""
    connection.execute(
        "UPDATE numbers SET read = h.read, starred = h.starred FROM heads AS h "
        "WHERE h.id = numbers.id AND (h.read <> numbers.read OR h.starred <> numbers.starred)"
    )
