"""The counts that the reader shows all day: few, and answered from indexes alone."""

from __future__ import annotations

from gvreader.archive.library.connection import Connection
from gvreader.archive.library.journal import Journal
from gvreader.archive.library.results import Overview


def overview(connection: Connection) -> Overview:
    """See `Library.overview`."""
    ((articles, unread, starred, gone, changed, queued),) = connection.execute(
        """
        SELECT (SELECT count(*) FROM heads),
            (SELECT count(*) FROM heads WHERE read = 0),
            (SELECT count(*) FROM heads WHERE starred = 1),
            (SELECT count(*) FROM heads WHERE gone IS NOT NULL),
            (SELECT count(*) FROM heads WHERE revision > 1),
            (SELECT count(*) FROM frontier WHERE handled = 0)
        """
    ).fetchall()
    return Overview(
        articles=articles,
        unread=unread,
        starred=starred,
        gone=gone,
        changed=changed,
        queued=queued,
        last_run=next(iter(Journal(connection).last_runs(limit=1)), None),
    )


def months(connection: Connection) -> tuple[tuple[str, int], ...]:
    """See `Library.months`."""
    return tuple(
        connection.execute(
            "SELECT substr(published, 1, 7) AS month, count(*) FROM heads "
            "WHERE substr(published, 1, 7) IS NOT NULL GROUP BY month ORDER BY month DESC"
        ).fetchall()
    )
