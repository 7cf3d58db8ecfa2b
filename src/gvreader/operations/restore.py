"""Take in what `export jsonl` wrote: articles as they are, with their times, revisions and marks, without captures."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any, BinaryIO, Final

from gvreader.archive.library import Library
from gvreader.errors import ArchiveDamaged, ArchiveLocked, GvreaderError, StorageFailed, UsageError
from gvreader.export.records import ArticleRecordError, sound_text, stored_from_json
from gvreader.i18n import _
from gvreader.model import SectionRef, StoredArticle
from gvreader.portals import Portal

_AT_ONCE: Final = 200
_LONGEST_LINE: Final = 64 << 20
_MOST_PROBLEMS: Final = 100
_GZIP: Final = b"\x1f\x8b"
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """How far a file is: articles that are new or were known, lines that are none; the first problems in words."""

    path: Path
    new: int = 0
    known: int = 0
    refused: int = 0
    problems: tuple[str, ...] = ()


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO | gzip.GzipFile]:
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
                yield unpacked
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(_("{file} cannot be read: {reason}").format(file=path, reason=reason)) from error


def is_export(path: Path) -> bool:
    """Whether a file begins like JSON lines; a pipe, which would be waited for, does not."""
    if path.exists() and not path.is_file():
        return False
    with opened(path) as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def restore(
    path: Path, *, library: Library, portal_of: Callable[[str, str], Portal], clock: Callable[[], datetime]
) -> Iterator[Restored]:
    """Store every article of a file, a few hundred in each transaction; yields the state after each of these.

    `portal_of` gives the portal of a name and an address on it. Restoring twice is restoring once. The file is
    read twice: sections come in the order in which the articles name them, as in the archive that it is from.
    """
    order = _SectionOrder()
    with opened(path) as file:
        while line := file.readline(_LONGEST_LINE):
            with suppress(ValueError, RecursionError, TypeError, KeyError, AttributeError):
                order.meet(json.loads(line.decode("utf-8-sig")))
    with library.transaction():
        for portal, section in order.sections():
            library.sections.save(portal, section, _LONG_AGO)
    new = known = refused = 0
    problems: list[str] = []
    waiting: list[tuple[int, StoredArticle]] = []

    def refuse(line: int, error: Exception) -> None:
        nonlocal refused
        refused += 1
        if len(problems) < _MOST_PROBLEMS:
            message = str(error) if isinstance(error, GvreaderError) else f"{type(error).__name__}: {error}"
            problems.append(_("line {line}: {message}").format(line=line, message=message))

    def store() -> Restored:
        nonlocal new, known
        with library.transaction():
            for line, stored in waiting:
                is_known = library.articles.has_key(stored.row.key)
                try:
                    with library.transaction():
                        _introduce(library, portal_of, stored)
                        library.articles.restore(stored)
                except (StorageFailed, ArchiveDamaged, ArchiveLocked, OperationalError):
                    raise
                except Exception as error:  # noqa: BLE001 - one line never stops the others
                    refuse(line, error)
                    continue
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
                refuse(number, error)
                continue
            if stored is not None:
                waiting.append((number, stored))
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


class _SectionOrder:
    """An order of all sections that agrees with the order in which each article names its own."""

    def __init__(self) -> None:
        self._titles: dict[tuple[str, str], str] = {}
        self._before: dict[tuple[str, str], set[tuple[str, str]]] = {}

    def meet(self, record: Mapping[str, Any]) -> None:
        """Take note of the sections of one article. May raise what a line of another shape raises."""
        named = [
            (SectionRef(slug=sound_text(section["slug"]), title=sound_text(section["title"])))
            for section in record["sections"]
        ]
        keys = [(sound_text(record["portal"]), section.slug) for section in named]
        for key, section in zip(keys, named, strict=True):
            self._titles.setdefault(key, section.title)
            self._before.setdefault(key, set())
        for earlier, later in pairwise(keys):
            self._before[later].add(earlier)

    def sections(self) -> Iterator[tuple[str, SectionRef]]:
        """Every section once, with its portal; contradictions are resolved in favour of what was met first."""
        placed: set[tuple[str, str]] = set()
        for start in self._before:
            waiting = [start]
            while waiting:
                key = waiting[-1]
                first = next((other for other in sorted(self._before[key]) if other not in placed), None)
                if key in placed or first is None or first in waiting:
                    waiting.pop()
                    if key not in placed:
                        placed.add(key)
                        yield key[0], SectionRef(slug=key[1], title=self._titles[key])
                else:
                    waiting.append(first)


def _introduce(library: Library, portal_of: Callable[[str, str], Portal], stored: StoredArticle) -> None:
    """Make the portal known to the library when it is met for the first time."""
    name = stored.row.portal
    if library.portals.get(name) is None:
        portal = portal_of(name, stored.article.url)
        library.portals.save(name, portal.title, portal.origin, portal.family)
