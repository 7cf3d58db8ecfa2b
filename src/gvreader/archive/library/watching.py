"""What came, changed and vanished since a moment: of all articles, or of those that a query finds."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime
from typing import Final

from gvreader.archive.library.connection import Connection
from gvreader.archive.library.content import stamp
from gvreader.archive.library.results import News

_ALL: Final = "SELECT id FROM heads WHERE gone IS NULL ORDER BY first_seen DESC, id DESC"
_NEW: Final = "SELECT id FROM heads WHERE id > :number AND gone IS NULL ORDER BY first_seen DESC, id DESC"
_CHANGED: Final = (
    "SELECT id FROM heads WHERE changed > :since AND revision > 1 AND id <= :number AND gone IS NULL "
    "ORDER BY changed DESC, id DESC"
)
_GONE: Final = "SELECT id FROM heads WHERE gone > :since ORDER BY gone DESC, id DESC"


def news(connection: Connection, ids: Container[int], since: datetime | None, number: int) -> News:
    """What happened to the articles `ids` since a look, when `number` was the highest local number.

    Local numbers tell what came, since a capture of long ago may come today. Each kind newest first.
    """
    if since is None:
        return News(new=_those(connection, ids, _ALL, {}))
    then: dict[str, object] = {"since": stamp(since), "number": number}
    return News(
        new=_those(connection, ids, _NEW, then),
        changed=_those(connection, ids, _CHANGED, then),
        gone=_those(connection, ids, _GONE, then),
    )


def _those(
    connection: Connection, ids: Container[int], sql: str, parameters: dict[str, object]
) -> tuple[int, ...]:
    return tuple(one for (one,) in connection.execute(sql, parameters).fetchall() if one in ids)
