"""What a user may type as the value of an option: checked here, with a sentence on what is expected."""

from __future__ import annotations

import argparse
import math
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from gvreader.i18n import _
from gvreader.patterns import pattern

_DURATION: Final = pattern(r"(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?\Z")
_DAY: Final = pattern(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z")
_DAY_FIRST: Final = pattern(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z")


def text(value: str) -> str:
    """Text for a query: bytes that are not UTF-8 become U+FFFD."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def folder(value: str) -> Path:
    """A path with `~` expanded; empty is refused, since it would mean the current folder by accident."""
    if not value:
        raise argparse.ArgumentTypeError(_("a path is expected, not an empty text"))
    return Path(value).expanduser()


def count(value: str) -> int:
    """A whole number of at least 1."""
    try:
        number = int(value)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(
            _("a whole number of at least 1 is expected, not {value}").format(value=repr(value))
        )
    return number


def port(value: str) -> int:
    """A TCP port; 0 lets the system choose."""
    try:
        number = int(value)
    except ValueError:
        number = -1
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(
            _("a port from 0 to 65535 is expected, not {value}").format(value=repr(value))
        )
    return number


def seconds(value: str) -> float:
    """A finite number of seconds, at least 0; a comma is taken for a point."""
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise argparse.ArgumentTypeError(
            _("a number of seconds is expected, not {value}").format(value=repr(value))
        )
    return number


def duration(value: str) -> timedelta:
    """A time such as `90s`, `20m`, `2h` or `1h30m`; more than none."""
    match = _DURATION.match(value.strip().lower())
    hours, minutes, rest = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    span = timedelta(hours=hours, minutes=minutes, seconds=rest)
    if not span:
        raise argparse.ArgumentTypeError(
            _("a time such as 90s, 20m or 1h30m is expected, not {value}").format(value=repr(value))
        )
    return span


def day(value: str) -> date:
    """`2023-02-07`, `2023-02`, `2023` (the first day of it) or `07/02/2023`."""
    if match := _DAY.match(value):
        year, month, number = match[1], match[2] or "1", match[3] or "1"
    elif match := _DAY_FIRST.match(value):
        number, month, year = match.groups()
    else:
        year, month, number = "0", "0", "0"
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("a date such as 2023-02-07 is expected, not {value}").format(value=repr(value))
        ) from None


def last_day(value: str) -> date:
    """As `day`, but a month or a year alone means the last day of it."""
    first = day(value)
    match = _DAY.match(value)
    if match is None or match[3]:
        return first
    from calendar import monthrange

    month = int(match[2]) if match[2] else 12
    return date(first.year, month, monthrange(first.year, month)[1])


def address(value: str) -> str:
    """An http(s) address in canonical form."""
    from gvreader.urls import canonical

    spelled = canonical(value)
    if spelled is None:
        raise argparse.ArgumentTypeError(
            _("an http(s) address is expected, not {value}").format(value=repr(value))
        )
    return spelled
