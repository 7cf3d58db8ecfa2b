"""Times that are yet to come, left by a clock that was ahead: what was seen then was seen before now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from gvreader.archive.library.connection import Connection
from gvreader.archive.library.content import moment, stamp
from gvreader.archive.library.current_articles import Current
from gvreader.model import CLOCKS_APART

_LONGEST_WAIT: Final = timedelta(days=30)
_LATEST: Final = (
    "UPDATE heads SET gone = :now WHERE gone > :limit",
    "UPDATE sections SET last_seen = :now WHERE last_seen > :limit",
    "UPDATE sections SET last_success = :now WHERE last_success > :limit",
    "UPDATE media SET captured = :now WHERE captured > :limit",
    "UPDATE frontier SET not_before = '' WHERE not_before > :wait",
)


def bring_back(connection: Connection, now: datetime, *, before: datetime | None = None) -> int:
    """Order every look that seems to be later than `now` right before it, or right before an earlier moment.

    Returns how many looks there were. They keep their order among themselves, and their records the time that they
    state. Nothing else that was noted at such a time stands in the way of what comes now.
    """
    limit = stamp(now + CLOCKS_APART)
    if not _is_ahead(connection, limit):
        return 0
    with connection.transaction():
        looks = connection.execute(
            "SELECT id, article_id FROM observations WHERE seen > ? ORDER BY seen, id", (limit,)
        ).fetchall()
        for number, (look, _article) in enumerate(looks):
            place = (before or now) - timedelta(microseconds=len(looks) - number)
            connection.execute("UPDATE observations SET seen = ? WHERE id = ?", (stamp(place), look))
        values = {"now": stamp(before or now), "limit": limit, "wait": stamp(now + _LONGEST_WAIT)}
        for statement in _LATEST:
            connection.execute(statement, values)
        current = Current(connection)
        for article_id in dict.fromkeys(article for _look, article in looks):
            current.settle(article_id)
    return len(looks)


def _is_ahead(connection: Connection, limit: str) -> bool:
    ((found,),) = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM captures WHERE captured > :limit) "
        "OR EXISTS (SELECT 1 FROM frontier WHERE not_before > :limit)",
        {"limit": limit},
    ).fetchall()
    return bool(found)


def yet_to_come(connection: Connection, now: datetime) -> tuple[int, datetime | None]:
    """How many captures state a time later than `now`, and the latest of these times."""
    ((count, latest),) = connection.execute(
        "SELECT count(*), max(captured) FROM captures WHERE captured > ?", (stamp(now + CLOCKS_APART),)
    ).fetchall()
    return int(count), moment(latest) if latest else None
