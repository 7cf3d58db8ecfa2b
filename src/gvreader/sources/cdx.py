"""Index listings of web archives: what they say, however dirty their rows are. Pure.

Wayback's CDX server answers with a JSON array whose first row names the columns (or with lines of text), Common
Crawl's with one JSON object a line.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from gvreader.model import Sighting
from gvreader.urls import canonical

WAYBACK_FIELDS: Final = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_STAMP: Final = re.compile(r"\d{4,17}")
_KEY_AND_STAMP: Final = re.compile(r"\S+ \d{4,17} \S+")
_FIRST_YEAR: Final = 1990
_LAST_YEAR: Final = 2999


@dataclass(frozen=True, slots=True, kw_only=True)
class CdxLine:
    """One page of a listing. `resume` is the key of the next one; `dirty` rows could not be understood."""

    sightings: tuple[Sighting, ...] = ()
    resume: str | None = None
    dirty: int = 0


def wayback_page(body: bytes) -> CdxLine | None:
    """A page of a CDX server's answer, as JSON or as text; None for what is no listing (an error message)."""
    text = body.decode("utf-8", "replace").strip("\ufeff \r\n\t")
    if not text:
        return CdxLine()
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        return _text_page(text)
    if not isinstance(rows, list):
        return None
    return _table([row for row in rows if isinstance(row, list)])


def _table(rows: list[list[object]]) -> CdxLine:
    """Rows under their header; behind an empty row, the resume key."""
    resume = None
    if len(rows) >= 2 and not rows[-2] and len(rows[-1]) == 1:
        resume = _text(rows[-1][0]) or None
        rows = rows[:-2]
    names: Sequence[str] = WAYBACK_FIELDS
    if rows and "timestamp" in rows[0]:
        names, rows = [_text(name) for name in rows[0]], rows[1:]
    records = (
        dict(zip(names, map(_text, row), strict=True)) if len(row) == len(names) else None
        for row in rows
        if row
    )
    return _listed(records, resume)


def _text_page(text: str) -> CdxLine | None:
    """Lines of seven fields; behind an empty line, the resume key."""
    lines = text.splitlines()
    if not any(_KEY_AND_STAMP.match(line) for line in lines):
        return None
    resume = None
    if len(lines) >= 2 and not lines[-2].strip():
        resume = lines[-1].strip()
        lines = lines[:-2]
    fields = (line.split(" ") for line in lines if line.strip())
    records = (
        dict(zip(WAYBACK_FIELDS, row, strict=True)) if len(row) == len(WAYBACK_FIELDS) else None
        for row in fields
    )
    return _listed(records, resume)


def commoncrawl_page(body: bytes) -> CdxLine:
    """A page of a Common Crawl index: one object a line; lines that are none are counted as dirty."""
    records = []
    for line in body.decode("utf-8", "replace").splitlines():
        if line.strip():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                record = None
            records.append(
                {name: _text(value) for name, value in record.items()} if isinstance(record, dict) else None
            )
    return _listed(records, None)


def _listed(records: Iterable[Mapping[str, str] | None], resume: str | None) -> CdxLine:
    sightings, dirty = [], 0
    for record in records:
        sighting = _sighting(record) if record is not None else None
        if sighting is None:
            dirty += 1
        else:
            sightings.append(sighting)
    return CdxLine(sightings=tuple(sightings), resume=resume, dirty=dirty)


def _sighting(record: Mapping[str, str]) -> Sighting | None:
    url = record.get("original") or record.get("url") or ""
    stamp = record.get("timestamp", "")
    captured = moment_of(stamp)
    if captured is None or canonical(url) is None:
        return None
    media_type = record.get("mimetype") or record.get("mime") or ""
    return Sighting(
        url=url,
        stamp=stamp,
        captured=captured,
        status=_number(record.get("statuscode") or record.get("status")),
        media_type=None if media_type in ("", "-", "unk", "warc/revisit") else media_type.lower(),
        digest=_digest(record.get("digest", "")),
        length=_number(record.get("length")),
        file=record.get("filename") or None,
        offset=_number(record.get("offset")),
    )


def moment_of(stamp: str) -> datetime | None:
    """The time that a stamp of up to 14 digits means: missing or impossible parts are brought into range."""
    if not _STAMP.fullmatch(stamp):
        return None
    year, rest = int(stamp[:4]), stamp[4:14].ljust(10, "0")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    month, day, hour, minute, second = (int(rest[at : at + 2]) for at in range(0, 10, 2))
    month = min(max(month, 1), 12)
    day = min(max(day, 1), monthrange(year, month)[1])
    return datetime(year, month, day, min(hour, 23), min(minute, 59), min(second, 59), tzinfo=UTC)


def _digest(text: str) -> str:
    """Base32 SHA-1, with or without its label; empty for none."""
    bare = text.rpartition(":")[2].strip().upper()
    return "" if bare == "-" else bare


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
