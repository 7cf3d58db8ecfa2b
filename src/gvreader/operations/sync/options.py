"""What a run is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOptions:
    """`full`: every listing page and every article again. `sections`: slugs to keep to, with those below them.

    `since`: the oldest date of listing entries to follow. `limit`: the most article pages to fetch. `media`:
    fetch the images and files of articles. `listings_only`: fetch neither articles nor media. `stop_after`: nothing
    is asked once so much time has passed; a later run goes on there.
    """

    full: bool = False
    sections: tuple[str, ...] = ()
    since: date | None = None
    limit: int | None = None
    media: bool = True
    listings_only: bool = False
    stop_after: timedelta | None = None
