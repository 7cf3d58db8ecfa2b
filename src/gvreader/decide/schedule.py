"""When a stored page is looked at again, and when a failing one."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from gvreader.decide.thresholds import RETRY, REVISIT, REVISIT_OLD
from gvreader.model import PORTAL_TIME, Published


def as_instant(published: Published) -> datetime:
    """The first instant of a publication date, in UTC."""
    if isinstance(published, datetime):
        return published.astimezone(UTC)
    return datetime.combine(published, time.min, PORTAL_TIME).astimezone(UTC)


def revisit_interval(age: timedelta) -> timedelta:
    """How long a stored article may stay unlooked at: hourly when fresh, twice a year when old."""
    return next((interval for limit, interval in REVISIT if age < limit), REVISIT_OLD)


def overdue(
    *, published: Published | None, first_seen: datetime, changed: datetime, fetched: datetime, now: datetime
) -> float:
    """How urgent another look is: time since the last one over the interval for its age; due from 1.0."""
    born = max(as_instant(published) if published else first_seen, changed)
    return (now - fetched) / revisit_interval(max(now - born, timedelta()))


def retry_delay(attempts: int) -> timedelta:
    """How long to leave a failing page alone: the first runs try at once, later ones ever more rarely."""
    return RETRY[min(attempts, len(RETRY)) - 1] if attempts else timedelta()
