"""Dates, numbers, sizes and spans of time as readers of the language in force write them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from gvreader.i18n import _, language, marked, ngettext
from gvreader.model import Published, Source, Trust

_ENGLISH_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_SOURCES: Final[dict[Source, str]] = {
    "live": marked("the portal"),
    "wayback": marked("Wayback Machine"),
    "commoncrawl": marked("Common Crawl"),
    "import": marked("an imported file"),
}
_TRUST: Final[dict[Trust, str]] = {
    "verified": marked("TLS verified"),
    "legacy": marked("TLS not verified"),
    "pinned": marked("TLS with a pinned certificate"),
    "plain": marked("without TLS"),
    "unknown": marked("connection unknown"),
}


def trust(value: Trust) -> str:
    """How the server that gave a capture proved who it is."""
    return _(_TRUST[value])


def provenance(source: Source, how: Trust) -> str:
    """`Wayback Machine, TLS verified`: where a capture is from, and how that server proved who it is."""
    return f"{_(_SOURCES[source])}, {trust(how)}"


def number(value: int) -> str:
    """`1,204` in English, `1.204` in Vietnamese."""
    grouped = f"{value:,}"
    return grouped.replace(",", ".") if language() == "vi" else grouped


def decimal(value: float, places: int = 1) -> str:
    """`1.2` in English, `1,2` in Vietnamese."""
    text = f"{value:.{places}f}"
    return text.replace(".", ",") if language() == "vi" else text


def day(value: date) -> str:
    """`7 Feb 2023` in English, `07/02/2023` in Vietnamese."""
    if language() == "vi":
        return f"{value.day:02}/{value.month:02}/{value.year}"
    return f"{value.day} {_ENGLISH_MONTHS[value.month - 1]} {value.year}"


def month(year: int, number: int) -> str:
    """`Feb 2023` in English, `Tháng 2/2023` in Vietnamese."""
    if language() == "vi":
        return f"Tháng {number}/{year}"
    return f"{_ENGLISH_MONTHS[number - 1]} {year}"


def published(value: Published | None) -> str:
    """The day an article carries, with the time where the page gives one; a dash where it gives none."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return f"{day(value)} {value:%H:%M}"
    return day(value)


def moment(value: datetime) -> str:
    """An aware time on the reader's own clock: day and minute."""
    local = value.astimezone()
    return f"{day(local)} {local:%H:%M}"


_WEEKDAYS: Final = (
    marked("since Monday"),
    marked("since Tuesday"),
    marked("since Wednesday"),
    marked("since Thursday"),
    marked("since Friday"),
    marked("since Saturday"),
    marked("since Sunday"),
)


def since(value: datetime, now: datetime) -> str:
    """`since 08:12`, `since yesterday`, `since Monday`, `since 7 Feb 2023`, by the reader's own clock."""
    local, today = value.astimezone(), now.astimezone().date()
    days = (today - local.date()).days
    if days <= 0:
        return _("since {when}").format(when=f"{local:%H:%M}")
    if days == 1:
        return _("since yesterday")
    return _(_WEEKDAYS[local.weekday()]) if days < 7 else _("since {when}").format(when=day(local))


def size(count: int) -> str:
    """Bytes as `812 B`, `12 kB`, `1.2 MB` (powers of 1000)."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{round(count / 1000)} kB"
    unit, divisor = ("MB", 1_000_000) if count < 1_000_000_000 else ("GB", 1_000_000_000)
    return f"{decimal(count / divisor)} {unit}"


def span(seconds: float) -> str:
    """A length of time in its one or two greatest units: `45 s`, `16 min`, `2 h 5 min`, `3 days`."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return _("{n} s").format(n=whole)
    minutes = round(whole / 60)
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return (
            _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
            if minutes
            else (_("{hours} h").format(hours=hours))
        )
    days = round(whole / 86400)
    return ngettext("{n} day", "{n} days", days).format(n=number(days))


def articles(count: int) -> str:
    """`1,204 articles`."""
    return ngettext("{n} article", "{n} articles", count).format(n=number(count))


def captures(count: int) -> str:
    """`1,204 captures`."""
    return ngettext("{n} capture", "{n} captures", count).format(n=number(count))


def further_revisions(count: int) -> str:
    """`12 further revisions`."""
    return ngettext("{n} further revision", "{n} further revisions", count).format(n=number(count))
