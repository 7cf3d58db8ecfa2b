"""WARC-Date: the W3C profile of ISO 8601 (WARC 1.1, section 5.4), and the 14 digits of ARC files."""

from __future__ import annotations

import re
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

_ISO: Final = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|[+-]\d\d:?\d\d)?)?)?)?",
    re.I,
)
_DIGITS: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(?:(\d\d)(\d{3})?)?)?")


def format_date(when: datetime) -> str:
    """An aware time as WARC-Date in UTC, with microseconds only where there are any."""
    if when.tzinfo is None:
        raise ValueError("a capture's time must be aware")
    return when.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def parse_date(text: str | None) -> datetime | None:
    """A WARC or ARC date as aware UTC time, missing parts as their lowest; None for anything else.

    Digits below the microsecond are cut; a time without zone is UTC, as the standard demands.
    """
    text = (text or "").strip()
    match = _ISO.fullmatch(text)
    if match:
        fraction, zone = (match[7] or "")[:6].ljust(6, "0"), match[8]
    else:
        match = _DIGITS.fullmatch(text)
        if not match:
            return None
        fraction, zone = (match[7] or "").ljust(6, "0"), None
    year, month, day, hour, minute, second = (int(match[n] or (1 if n in (2, 3) else 0)) for n in range(1, 7))
    if not MINYEAR < year < MAXYEAR:  # not in every time zone's calendar
        return None
    try:
        # A leap second is the last moment before the next minute.
        when = datetime(year, month, day, hour, minute, min(second, 59), int(fraction), tzinfo=UTC)
        return when - _offset(zone)
    except (ValueError, OverflowError):
        return None


def parse_mail_date(text: str | None) -> datetime | None:
    """A date as HTTP and mail write it (RFC 9110 section 5.6.7, RFC 5322) as aware UTC time; None for anything else."""
    try:
        when = parsedate_to_datetime(text or "")
        aware = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
        return aware if MINYEAR < aware.year < MAXYEAR else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone in "Zz":
        return timedelta()
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return -offset if zone[0] == "-" else offset
