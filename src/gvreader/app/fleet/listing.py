"""Portals as people list them: `NAME=URL` on the command line, `name,origin[,group]` in a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Final

from gvreader.errors import UsageError
from gvreader.frozen import dataclass
from gvreader.i18n import _
from gvreader.patterns import pattern

_NAME: Final = pattern(r"[a-z0-9][a-z0-9.-]{0,79}\Z")
_GROUP: Final = pattern(r"[^\x00-\x1f\x7f\"\\]{1,80}\Z")
_HEADERS: Final = (("name", "origin"), ("name", "origin", "group"), ("url",), ("origin",))
_COLUMNS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A portal that somebody wants in a fleet. `name` is None where none was given; `place` says where it was read."""

    name: str | None
    url: str
    group: str | None = None
    place: str = ""


def typed(word: str) -> Candidate:
    """`NAME=URL` or `URL`. Raises UsageError."""
    name, equals, url = word.partition("=")
    if equals and "://" not in name:
        return _checked(name, url, None, word)
    return _checked(None, word, None, word)


def candidates(lines: Iterable[str], source: str) -> Iterator[Candidate]:
    """The portals of a list; `#` begins a comment, a first line of column names is passed over. Raises UsageError."""
    is_first = True
    for number, line in enumerate(lines, 1):
        text = line.removeprefix("\ufeff").strip()
        if not text or text.startswith("#"):
            continue
        place = _("{file}, line {line}").format(file=source, line=number)
        try:
            cells = tuple(
                cell.strip() for cell in next(csv.reader([text], skipinitialspace=True, strict=True))
            )
        except (csv.Error, StopIteration):
            raise _wrong(place, text) from None
        was_first, is_first = is_first, False
        if was_first and tuple(cell.lower() for cell in cells) in _HEADERS:
            continue
        cells = (*cells[:-1], cells[-1].split(" #")[0].rstrip())
        if len(cells) == 1:
            yield _checked(None, cells[0], None, place)
        elif len(cells) <= _COLUMNS:
            yield _checked(cells[0] or None, cells[1], (*cells, "")[2] or None, place)
        else:
            raise _wrong(place, text)


def _checked(name: str | None, url: str, group: str | None, place: str) -> Candidate:
    from gvreader.urls import canonical

    spelled = canonical(url)
    if spelled is None:
        raise UsageError(
            _("{place}: {url} is no http(s) address.").format(place=place, url=repr(url)),
            advice=_("Write `URL`, `NAME=URL`, or lines `name,origin[,group]`. Nothing was added."),
        )
    if name is not None and not _NAME.match(name):
        raise UsageError(
            _("{place}: a portal's name has only small letters, digits, dots and dashes, not {name}.").format(
                place=place, name=repr(name)
            ),
            advice=_("Nothing was added."),
        )
    if group is not None and not _GROUP.match(group):
        raise UsageError(
            _("{place}: {group} cannot be the name of a group.").format(place=place, group=repr(group)),
            advice=_("Nothing was added."),
        )
    return Candidate(name=name, url=spelled, group=group, place=place)


def _wrong(place: str, text: str) -> UsageError:
    return UsageError(
        _("{place}: not a line of a list of portals: {text}").format(place=place, text=repr(text[:200])),
        advice=_("Write `URL` or `name,origin[,group]`. Nothing was added."),
    )
