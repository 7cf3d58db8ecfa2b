"""How portals print days and times, and addresses that carry letters instead of numbers."""

from __future__ import annotations

from datetime import datetime

from gvreader.demo.article import Piece
from gvreader.demo.names import WEEKDAYS
from gvreader.demo.targets import Shelf

# ── addresses without a number ──────────────────────────────────────────────────────────────────


def in_letters(number: int) -> str:
    """A record number as letters, so that an address tells articles of one title apart but shows no id."""
    letters = ""
    while number:
        number, digit = divmod(number, 26)
        letters = chr(97 + digit) + letters
    return letters


def from_letters(letters: str) -> int:
    """The record number that `in_letters` wrote."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 97
    return number


# ── dates as portals print them ─────────────────────────────────────────────────────────────────


def long_date(day: datetime) -> str:
    """`Thứ ba, 07/02/2023`."""
    return f"{WEEKDAYS[day.weekday()]}, {day:%d/%m/%Y}"


def short_time(day: datetime) -> str:
    """`07/02/2023 08:00`."""
    return f"{day:%d/%m/%Y %H:%M}"


def near(shelf: Shelf, reach: int = 2) -> range:
    """The page numbers that a pager shows around the present one."""
    return range(max(1, shelf.page - reach), min(shelf.pages, shelf.page + reach) + 1)


def clock(now: datetime) -> str:
    """The header's clock: the day of the visit, which is never an article's date."""
    return f"{long_date(now)} | {now:%H:%M:%S}"


def views(piece: Piece, hits: int) -> int:
    """A view counter that differs at every request."""
    return 120 + piece.number % 977 + hits
