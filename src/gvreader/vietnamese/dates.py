"""Dates as Vietnamese portals print them: `Thứ ba, 07/02/2023`, `Ngày 07 tháng 02 năm 2023` and so on.

Always day first, except in ISO order. A date without a year or one that no calendar has is no date. Patterns
run over folded text, which is as long as its NFC form, so that marks and capitals never matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from typing import Final

from gvreader.frozen import dataclass
from gvreader.model import PORTAL_TIME, Published
from gvreader.patterns import pattern
from gvreader.vietnamese.letters import fold, nfc


@dataclass(frozen=True, slots=True, kw_only=True)
class DateLine:
    """A date found in a text.

    `published` is a datetime (+07:00) where a time stands beside the date. `weekday_agrees` is None where no
    weekday stands beside it. `span` covers date, time and weekday, in `nfc(text)`. `updated`: the words
    before it call it the date of a change (`Cập nhật lúc …`).
    """

    published: Published
    weekday_agrees: bool | None
    span: tuple[int, int]
    updated: bool = False


EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 2099
_CENTURY_PIVOT: Final = 70
_REACH: Final = 64  # how far from a date its time and weekday are looked for

_MONTH_WORDS: Final = {
    **dict.fromkeys(("mot", "gieng", "jan", "january"), 1),
    **dict.fromkeys(("hai", "feb", "february"), 2),
    **dict.fromkeys(("ba", "mar", "march"), 3),
    **dict.fromkeys(("tu", "bon", "apr", "april"), 4),
    **dict.fromkeys(("nam", "may"), 5),
    **dict.fromkeys(("sau", "jun", "june"), 6),
    **dict.fromkeys(("bay", "jul", "july"), 7),
    **dict.fromkeys(("tam", "aug", "august"), 8),
    **dict.fromkeys(("chin", "sep", "sept", "september"), 9),
    **dict.fromkeys(("muoi", "oct", "october"), 10),
    **dict.fromkeys(("muoi mot", "nov", "november"), 11),
    **dict.fromkeys(("muoi hai", "chap", "dec", "december"), 12),
}
_VIETNAMESE_MONTH: Final = r"muoi mot|muoi hai|muoi|mot|gieng|hai|ba|tu|bon|nam|sau|bay|tam|chin|chap"
_ENGLISH_MONTH: Final = (
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_WEEKDAYS: Final = {
    **dict.fromkeys(("hai", "2", "monday", "mon"), 0),
    **dict.fromkeys(("ba", "3", "tuesday", "tue"), 1),
    **dict.fromkeys(("tu", "4", "wednesday", "wed"), 2),
    **dict.fromkeys(("nam", "5", "thursday", "thu"), 3),
    **dict.fromkeys(("sau", "6", "friday", "fri"), 4),
    **dict.fromkeys(("bay", "7", "saturday", "sat"), 5),
    **dict.fromkeys(("nhat", "cn", "sunday", "sun"), 6),
}

# Compiled when the first date is looked for: most commands look for none.
_compiled = cache(re.compile)

_DATE: Final = (
    r"(?<!\d)(?:"
    r"(?P<iso_year>\d{4})(?P<iso_mark>[-/.])(?P<iso_month>\d{1,2})(?P=iso_mark)(?P<iso_day>\d{1,2})"
    r"(?:t(?P<iso_time>\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(?P<iso_zone>z|[+-]\d{2}:?\d{2})?)?"
    r"|(?P<day>\d{1,2})\s{0,2}(?P<mark>[-/.,–])\s{0,2}(?P<month>\d{1,2})\s{0,2}(?P=mark)\s{0,2}"
    r"(?P<year>\d{4}|\d{2})"
    # Any separator: only a weekday that agrees makes such numbers a date.
    r"|(?P<loose_day>\d{1,2})(?P<loose_mark>[^\da-z]{1,3})(?P<loose_month>\d{1,2})(?P=loose_mark)"
    r"(?P<loose_year>(?:19|20)\d{2})"
    r"|(?P<long_day>\d{1,2})[\s,/-]{0,4}(?:thang|thg?\.?)\s{0,3}(?P<long_month>\d{1,2}|"
    + _VIETNAMESE_MONTH
    + r")"
    r"[\s,/-]{0,4}(?:nam\s{0,3})?(?P<long_year>\d{4})"
    r"|(?<![a-z])thang\s{1,3}(?P<turned_month>\d{1,2}|" + _VIETNAMESE_MONTH + r")\s{1,3}"
    r"(?P<turned_day>\d{1,2}),\s{0,3}(?P<turned_year>\d{4})"
    r"|(?P<english_day>\d{1,2})[\s-]{1,2}(?P<english_month>" + _ENGLISH_MONTH + r")[.,]?[\s-]{1,2}"
    r"(?P<english_year>\d{4})"
    r"|(?<![a-z])(?P<american_month>" + _ENGLISH_MONTH + r")\.?\s{1,2}(?P<american_day>\d{1,2}),?\s{1,2}"
    r"(?P<american_year>\d{4})"
    r")(?!\d)"
)

_TIME: Final = (
    r"(?<![\d:./-])(?<!\d,\d)(?P<{0}hour>[01]?\d|2[0-3])\s?(?::|h|g(?:io)?)\s?(?P<{0}minute>[0-5]\d)(?!\d)"
    r"(?:\s?(?::|phut|m)\s?(?P<{0}second>[0-5]\d)(?![\d:]))?(?:\.\d{{1,6}}(?!\d))?"
    r"(?:\s?phut|['’′])?(?:\s?(?P<{0}half>sa|ch|am|pm|a\.m\.|p\.m\.)(?![a-z]))?"
)
_WEEKDAY: Final = (
    r"(?<![a-z0-9])(?:thu\s?(?P<{0}ordinal>hai|ba|tu|nam|sau|bay|[2-7])|t(?P<{0}short>[2-7])"
    r"|chu\s?(?P<{0}sunday>nhat)|(?P<{0}other>cn|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"mon|tue|wed|thu|fri|sat|sun))(?![a-z0-9])\.?"
)
_GAP: Final = (
    r"(?:[\s,;:|()\[\]\-–—/•·]|(?<![a-z])(?:ngay|luc|vao|at|on|gio|hoi)(?![a-z])"
    r"|gmt\s?\+\s?0?7(?::00)?|\+0?7:?00)*"
)
_BEFORE: Final = (
    rf"(?:{_TIME.format('early_')}{_GAP})?(?:{_WEEKDAY.format('')}{_GAP})?(?:{_TIME.format('late_')}{_GAP})?$"
)
_AFTER: Final = (
    rf"{_GAP}(?:{_WEEKDAY.format('early_')}{_GAP})?"
    rf"(?:{_TIME.format('')}(?:{_GAP}{_WEEKDAY.format('late_')})?)?"
)
_UPDATE_WORDS: Final = r"(?:cap nhat|sua doi|chinh sua|hieu chinh|updated?|modified)\b[^\d]{0,24}$"

# Words that may stand around the date in a date line and say nothing else.
_DECORATION: Final = (
    "am|an|at|bai|ban|binh|by|cap|ch|chia|chinh|chu|co|comment|comments|cong|cuoi|dang|date|doc|"
    "email|font|gian|gio|gmt|gui|h|hanh|hien|hieu|hoi|in|khoi|lan|last|lop|luan|luc|luot|mail|mod|"
    "modified|moi|ngay|nguoi|nhap|nhat|on|phan|phat|phien|phong|phut|pm|post|posted|print|"
    "published|sa|se|share|size|so|sua|tai|tao|the|thoi|time|trang|truy|update|updated|utc|vao|"
    "viec|viet|view|views|vn|xem|xuat"
)
_WORD: Final = pattern(r"[^\W\d_]+")
_MAX_LINE: Final = 300


def _calendar_date(year: str, month: str, day: str) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < _CENTURY_PIVOT else 1900
    if not EARLIEST_YEAR <= number <= LATEST_YEAR:
        return None
    try:
        return date(number, _MONTH_WORDS.get(month) or int(month), int(day))
    except ValueError:
        return None


def _date_of(match: re.Match[str]) -> date | None:
    for prefix in ("iso_", "", "loose_", "long_", "turned_", "english_", "american_"):
        year = match[f"{prefix}year"]
        if year is not None:
            return _calendar_date(year, match[f"{prefix}month"], match[f"{prefix}day"])
    return None


def _part_of_larger_number(text: str, match: re.Match[str]) -> bool:
    """Whether the digits run on past the match (`12/01/2023/QĐ-UBND`, `1.02.03.2023`)."""
    mark = match["mark"] or match["iso_mark"]
    start, end = match.span()
    if mark is None:
        return False
    before = start >= 2 and text[start - 1] == mark and text[start - 2].isdigit()
    following = text[end : end + 2]
    after = following[:1] in ("/", "%") or (
        following[:1] == mark and len(following) == 2 and following[1].isalnum() and mark in ".,"
    )
    short = match["year"] is not None and len(match["year"]) == 2
    return before or after or (short and mark in ",–" and " " in match[0])


def _clock(match: re.Match[str], prefix: str) -> time | None:
    if match[f"{prefix}hour"] is None:
        return None
    hour, minute = int(match[f"{prefix}hour"]), int(match[f"{prefix}minute"])
    half = match[f"{prefix}half"]
    if half in ("ch", "pm", "p.m.") and hour < 12:
        hour += 12
    elif half in ("sa", "am", "a.m.") and hour == 12:
        hour = 0
    return time(hour, minute, int(match[f"{prefix}second"] or 0))


def _weekday(match: re.Match[str], prefix: str) -> int | None:
    word = next(
        (match[prefix + name] for name in ("ordinal", "short", "sunday", "other") if match[prefix + name]),
        None,
    )
    return None if word is None else _WEEKDAYS[word]


def _iso_moment(day: date, match: re.Match[str]) -> Published:
    """The moment of an ISO date-time; without an offset it is the portal's own time.

    Midnight is the hour that software writes where only the day is known: it is the day, wherever it is midnight.
    """
    try:
        clock = time.fromisoformat(match["iso_time"])
    except ValueError:
        return day
    if clock == time():
        return day
    zone, offset = match["iso_zone"], PORTAL_TIME
    if zone == "z":
        offset = UTC
    elif zone:
        digits = zone[1:].replace(":", "")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        if minutes < 24 * 60:
            offset = timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))
    moment = datetime.combine(day, clock, offset).astimezone(PORTAL_TIME)
    return moment.date() if moment.time() == time() else moment


def _turned(match: re.Match[str], weekday: int | None) -> date | None:
    """The day of a date that puts the month first, where only so the weekday printed beside it is true."""
    if match["year"] is None or weekday is None:
        return None
    turned = _calendar_date(match["year"], match["day"], match["month"])
    return turned if turned is not None and turned.weekday() == weekday else None


def _candidates(folded: str) -> Iterator[DateLine]:
    taken = 0
    position = 0
    while match := _compiled(_DATE).search(folded, position):
        day = _date_of(match)
        if day is None or _part_of_larger_number(folded, match):
            position = match.start() + 1
            continue
        start, end = match.span()
        before = _compiled(_BEFORE).search(folded[max(taken, start - _REACH) : start])
        after = _compiled(_AFTER).match(folded[end : end + _REACH])
        assert before is not None
        assert after is not None
        weekdays = [_weekday(before, ""), _weekday(after, "early_"), _weekday(after, "late_")]
        weekday = next((number for number in weekdays if number is not None), None)
        if weekday is not None and weekday != day.weekday():
            day = _turned(match, weekday) or day
        if match["loose_year"] and weekday != day.weekday():
            position = match.start() + 1
            continue
        clock = _clock(after, "") or _clock(before, "late_") or _clock(before, "early_")
        published: Published = day
        if match["iso_time"]:
            published = _iso_moment(day, match)
        elif clock is not None:
            published = datetime.combine(day, clock, PORTAL_TIME)
        if any(before.groups()):
            start -= len(before[0])
        if any(after.groups()):
            end += after.end()
        yield DateLine(
            published=published,
            weekday_agrees=None if weekday is None else weekday == day.weekday(),
            span=(start, end),
            updated=_compiled(_UPDATE_WORDS).search(folded[max(0, start - _REACH) : start]) is not None,
        )
        taken = position = end


def _searchable(text: str) -> str:
    """`text` folded, as long as its NFC form (a mark that belongs to no letter is kept as a space)."""
    folded = fold(text)
    composed = nfc(text)
    if len(folded) == len(composed):
        return folded
    return "".join((fold(character) or " ")[:1] for character in composed)


def find_dates(text: str) -> tuple[DateLine, ...]:
    """Every full date in `text`, in order of place, with the time and weekday that stand beside it."""
    return tuple(_candidates(_searchable(text)))


def parse_date_line(text: str) -> DateLine | None:
    """The date of a line that says nothing else; None for prose, dates without year and impossible ones.

    Labels (`Đăng ngày`, `Gửi lúc`), counters, a time and a weekday may stand around the date. Of two dates
    the one that is not called an update counts.
    """
    if len(text) > _MAX_LINE:
        return None
    folded = _searchable(text)
    dates = tuple(_candidates(folded))
    if not dates:
        return None
    rest = folded
    for found in dates:
        start, end = found.span
        rest = rest[:start] + " " * (end - start) + rest[end:]
    if not all(_compiled(_DECORATION).fullmatch(word) for word in _WORD.findall(rest)):
        return None
    return next((found for found in dates if not found.updated), dates[0])
