"""Take in what `export jsonl` wrote: articles as they are, with their times, revisions and marks, without captures."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from gvreader.errors import UsageError
from gvreader.i18n import _
from gvreader.library import Library
from gvreader.model import StoredArticle
from gvreader.outputs.records import ArticleRecordError, stored_from_json
from gvreader.portals import Portal

_AT_ONCE: Final = 200
_LONGEST_LINE: Final = 64 << 20
_MOST_PROBLEMS: Final = 100
_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """How far a file is: articles that are new or were known, lines that are none; the first problems in words."""

    path: Path
    new: int = 0
    known: int = 0
    refused: int = 0
    problems: tuple[str, ...] = ()


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked when it is gzip. Raises UsageError when it cannot be read."""
    try:
        file = path.open("rb")
        with file:
            packed = file.read(2) == _GZIP
            file.seek(0)
            if not packed:
                yield file
                return
            with gzip.open(file) as unpacked:
                yield unpacked  # type: ignore[misc]
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(_("{file} cannot be read: {reason}").format(file=path, reason=reason)) from error


def is_export(path: Path) -> bool:
    """Whether a file begins like JSON lines."""
    with opened(path) as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def restore(
    path: Path, *, library: Library, portal_of: Callable[[str, str], Portal], clock: Callable[[], datetime]
) -> Iterator[Restored]:
    """Store every article of a file, a few hundred in each transaction; yields the state after each of these.

    `portal_of` gives the portal of a name and an address on it. Restoring twice is restoring once.
    """
    new = known = refused = 0
    problems: list[str] = []
    waiting: list[StoredArticle] = []

    def store() -> Restored:
        nonlocal new, known
        with library.transaction():
            for stored in waiting:
                is_known = library.articles.has_key(stored.row.key)
                _introduce(library, portal_of, stored)
                library.articles.restore(stored)
                known += is_known
                new += not is_known
        waiting.clear()
        return Restored(path=path, new=new, known=known, refused=refused, problems=tuple(problems))

    with opened(path) as file:
        number = 0
        while line := file.readline(_LONGEST_LINE):
            number += 1
            try:
                stored = _article(line, clock)
            except ArticleRecordError as error:
                refused += 1
                if len(problems) < _MOST_PROBLEMS:
                    problems.append(_("line {line}: {message}").format(line=number, message=error))
                continue
            if stored is not None:
                waiting.append(stored)
            if len(waiting) >= _AT_ONCE:
                yield store()
    yield store()


def _article(line: bytes, clock: Callable[[], datetime]) -> StoredArticle | None:
    """The article of a line; None for an empty one."""
    try:
        text = line.decode("utf-8-sig").strip()
        if not text:
            return None
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArticleRecordError(_("not JSON: {reason}").format(reason=error)) from error
    if not isinstance(record, dict):
        raise ArticleRecordError(_("not a JSON object"))
    return stored_from_json(record, now=clock())


def _introduce(library: Library, portal_of: Callable[[str, str], Portal], stored: StoredArticle) -> None:
    """Make the portal known to the library when it is met for the first time."""
    name = stored.row.portal
    if library.portals.get(name) is None:
        portal = portal_of(name, stored.article.url)
        library.portals.save(name, portal.title, portal.origin, portal.family)
