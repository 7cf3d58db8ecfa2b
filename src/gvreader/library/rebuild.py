"""Emptying the library for a rebuild: what was derived from captures goes, what was not stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gvreader.library import index, routes
from gvreader.library.connection import Connection, checkpoint
from gvreader.library.current import Current


@contextmanager
def rebuilding(connection: Connection) -> Iterator[None]:
    """See `Library.rebuilding`."""
    with connection.transaction(durable=True):
        _empty(connection)
        yield
        # Sections that menus no longer name and no article belongs to.
        connection.execute("DELETE FROM sections WHERE articles = 0 AND url = '' AND last_success IS NULL")
    checkpoint(connection)


def _empty(connection: Connection) -> None:
    """Forget every capture and what only captures say. Imported observations, and their articles, are kept."""
    _remember_marks(connection)
    connection.execute(
        "CREATE TEMP TABLE kept AS SELECT DISTINCT article_id AS id FROM observations "
        "WHERE capture_id IS NULL AND content_id IS NOT NULL"
    )
    for table in ("article_sections", "article_media", "urls", "observations", "contents"):
        connection.execute(f"DELETE FROM {table} WHERE article_id NOT IN (SELECT id FROM kept)")
    connection.execute("DELETE FROM bodies WHERE id NOT IN (SELECT id FROM kept)")
    connection.execute("DELETE FROM heads WHERE id NOT IN (SELECT id FROM kept)")
    connection.execute("DELETE FROM observations WHERE capture_id IS NOT NULL")
    connection.execute("DELETE FROM sections WHERE articles = 0")
    connection.execute("UPDATE sections SET last_success = NULL")
    for table in ("media", "captures", "facts", *routes.TABLES):
        connection.execute(f"DELETE FROM {table}")
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
