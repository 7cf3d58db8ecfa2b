"""What a run is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOptions:
    """`full`: every listing page and every article again. `sections`: slugs to keep to, with those below them.

    `since`: the oldest date of listing entries to follow. `limit`: the most article pages to fetch. `media`:
    fetch the images and files of articles. `listings_only`: fetch neither articles nor media.
    """

    full: bool = False
    sections: tuple[str, ...] = ()
    since: date | None = None
    limit: int | None = None
    media: bool = True
    listings_only: bool = False
