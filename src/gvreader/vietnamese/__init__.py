"""What software must know of Vietnamese: letters, words, dates, abbreviations, ways of typing. Pure."""

from __future__ import annotations

from gvreader.vietnamese.dates import DateLine, find_dates, parse_date_line
from gvreader.vietnamese.letters import (
    fold,
    is_marked,
    nfc,
    normalise,
    sort_key,
)

__all__ = [
    "DateLine",
    "find_dates",
    "fold",
    "is_marked",
    "nfc",
    "normalise",
    "parse_date_line",
    "sort_key",
]
