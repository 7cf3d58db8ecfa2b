"""The rules of an article's history and of its place in lists. Pure.

An article is looked at again and again, by live runs, from web archives and imported files, in any order.
Looks that follow each other in time and saw the same content are one revision.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

from gvreader.frozen import dataclass
from gvreader.model import PORTAL_TIME, Published

_DAY_BITS: Final = 24
DAY_KEYS: Final = 1 << _DAY_BITS
"""Order keys of one day."""
_EPOCH: Final = date(1970, 1, 1).toordinal()
# Below every date of the calendar: the year 1 is day -719162.
_UNDATED: Final = -(1 << 45)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One look at an article. `content`: what it saw; `claimed`: the revision number that an import gave it."""

    seen: datetime
    content: int
    capture: int | None = None
    claimed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleSpan:
    """One revision: a stretch of time in which every look saw the same content; both ends are inclusive.

    `capture` is the earliest capture in it, None when all its looks were imported without captures.
    """

    number: int
    first_seen: datetime
    last_seen: datetime
    content: int
    capture: int | None


def revisions(observations: Iterable[Observation]) -> tuple[VisibleSpan, ...]:
    """The revisions of an article from all looks at it, in order of time; equal times keep the order given.

    Numbers count from 1. Where an import claims a higher number than is known here (its earlier revisions
    were not exported), numbers jump to it.
    """
    runs: list[list[Observation]] = []
    for look in sorted(observations, key=lambda look: look.seen):
        if runs and runs[-1][-1].content == look.content:
            runs[-1].append(look)
        else:
            runs.append([look])
    spans: list[VisibleSpan] = []
    ahead = 0
    for rank, run in enumerate(runs, 1):
        ahead = max(ahead, *(look.claimed - rank for look in run if look.claimed is not None), 0)
        spans.append(
            VisibleSpan(
                number=rank + ahead,
                first_seen=run[0].seen,
                last_seen=run[-1].seen,
                content=run[0].content,
                capture=next((look.capture for look in run if look.capture is not None), None),
            )
        )
    return tuple(spans)


def order_key(published: Published | None, first_seen: datetime, identity: str | None) -> int:
    """Where an article stands in lists: newest is greatest, undated pages lie below every dated article.

    The day in the portal's time in the upper bits; below it the minute and the id's last bits where a time
    is known, else the portal's own number. Keys may collide: the library takes the next free one.
    """
    if published is None:
        return _UNDATED + int(first_seen.astimezone(UTC).timestamp())
    number = int(identity[-18:]) if identity is not None and identity.isascii() and identity.isdigit() else 0
    if isinstance(published, datetime):
        local = published.astimezone(PORTAL_TIME)
        day, slot = local.date(), (local.hour * 60 + local.minute) << 13 | number & 0x1FFF
    else:
        day, slot = published, number & 0xFFFFFF
    return (day.toordinal() - _EPOCH) * (1 << _DAY_BITS) + slot
