"""`marks.jsonl`: the second home of the reader's marks, which nothing else can give again.

One JSON object a line, appended and flushed to disk with each mark: what is marked and how it is now, and a
CRC-32 over the rest of the line, so that a damaged line costs one mark and is never taken for another.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from gvreader.archive.inside import open_inside, reading_inside
from gvreader.errors import StorageFailed
from gvreader.frozen import dataclass
from gvreader.i18n import _

FILE: Final = "marks.jsonl"
_CHECK: Final = "crc"
_LONGEST_LINE: Final = 1 << 20

Subject = tuple[str, str, str | int]
"""What a line is about: the mark, the article's key or the search's name, and the tag or paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkEntry:
    """How one mark is. `mark`: read, starred, tag, note, search or watch; `key`: the article's, or the search's name.

    `detail`: the tag, or the paragraph of a note (0: the whole article). `value`: whether it is set, or the text
    of the note or query (None: there is none). `number`: the article's local number. `quote`: what the noted
    paragraph said. Of a watch, `key` is the search's name and `value` when it was looked at and the highest number.
    """

    mark: str
    key: str
    detail: str | int = ""
    value: bool | str | None
    number: int | None = None
    quote: str = ""

    @property
    def subject(self) -> Subject:
        """What the line is about."""
        return self.mark, self.key, self.detail


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalContent:
    """What a journal says now. `entries`: the last word on each subject, in the order of their first.

    `doubtful`: subjects of which a damaged line may have said something later; `damaged`: numbers of such lines.
    """

    entries: tuple[MarkEntry, ...] = ()
    doubtful: frozenset[Subject] = frozenset()
    damaged: tuple[int, ...] = ()


class MarksJournal:
    """The journal beside a library. Written inside the library's write transaction, so by one process at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def size(self) -> int | None:
        """Bytes in the file, None when it is missing. Raises StorageFailed."""
        try:
            descriptor = open_inside(self._path, below=1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _failed(self._path, error) from error
        try:
            return os.fstat(descriptor).st_size
        finally:
            os.close(descriptor)

    def append(self, entries: Iterable[MarkEntry]) -> int:
        """Write lines and flush them to disk; returns the size then. Raises StorageFailed: nothing was added."""
        data = b"".join(map(line_of, entries))
        try:
            descriptor = open_inside(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, below=1)
        except OSError as error:
            raise _failed(self._path, error) from error
        try:
            size = os.fstat(descriptor).st_size
            try:
                # A line that was cut short must not swallow the next one.
                if size and os.pread(descriptor, 1, size - 1) != b"\n":
                    data = b"\n" + data
                _write_all(descriptor, data)
                os.fsync(descriptor)
            except OSError as error:
                os.ftruncate(descriptor, size)
                raise _failed(self._path, error) from error
            if not size:
                _sync_folder(self._path.parent)
            return size + len(data)
        finally:
            os.close(descriptor)

    def rewrite(self, entries: Iterable[MarkEntry]) -> int:
        """Let the file hold these lines only; returns its size. Raises StorageFailed: the old one stays."""
        data = b"".join(map(line_of, entries))
        new = self._path.with_name(f"{self._path.name}.new")
        try:
            new.unlink(missing_ok=True)
            descriptor = open_inside(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, below=1)
            try:
                _write_all(descriptor, data)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            new.replace(self._path)
            _sync_folder(self._path.parent)
        except OSError as error:
            new.unlink(missing_ok=True)
            raise _failed(self._path, error) from error
        return len(data)

    def content(self, start: int = 0, stop: int | None = None) -> JournalContent:
        """What the lines between two bytes say; a missing file says nothing. Raises StorageFailed."""
        last: dict[Subject, tuple[int, MarkEntry]] = {}
        damaged: list[int] = []
        try:
            with reading_inside(self._path, below=1) as file:
                file.seek(start)
                number = 0
                while (stop is None or file.tell() < stop) and (line := file.readline(_LONGEST_LINE)):
                    number += 1
                    entry = entry_of(line)
                    if entry is not None:
                        # What was taken back and set again stands behind what was set meanwhile.
                        if entry.subject in last and last[entry.subject][1].value is None:
                            del last[entry.subject]
                        last[entry.subject] = (number, entry)
                    elif line.strip():
                        damaged.append(number)
        except FileNotFoundError:
            return JournalContent()
        except OSError as error:
            raise _failed(self._path, error) from error
        newest = damaged[-1] if damaged else 0
        return JournalContent(
            entries=tuple(entry for _number, entry in last.values()),
            doubtful=frozenset(subject for subject, (number, _entry) in last.items() if number < newest),
            damaged=tuple(damaged),
        )


def line_of(entry: MarkEntry) -> bytes:
    """One line of the journal; `entry_of` gives the entry again."""
    record: dict[str, Any] = {
        "mark": entry.mark,
        "key": entry.key,
        "detail": entry.detail,
        "value": entry.value,
    }
    if entry.number is not None:
        record["number"] = entry.number
    if entry.quote:
        record["quote"] = entry.quote
    record[_CHECK] = _checksum(record)
    return _dumped(record) + b"\n"


def entry_of(line: bytes) -> MarkEntry | None:
    """The entry of a line; None for one that is damaged. Never raises."""
    try:
        record = json.loads(line)
        check = record.pop(_CHECK)
        mark, key, detail, value = (record[name] for name in ("mark", "key", "detail", "value"))
        number, quote = record.get("number"), record.get("quote", "")
        is_sound = (
            check == _checksum(record)
            and isinstance(mark, str)
            and isinstance(key, str)
            and isinstance(detail, str | int)
            and isinstance(value, bool | str | None)
            and isinstance(number, int | None)
            and isinstance(quote, str)
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if not is_sound:
        return None
    return MarkEntry(mark=mark, key=key, detail=detail, value=value, number=number, quote=quote)


def _checksum(record: Mapping[str, Any]) -> str:
    return f"{zlib.crc32(_dumped(record)):08x}"


def _dumped(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _failed(path: Path, error: OSError) -> StorageFailed:
    return StorageFailed(
        _("The marks could not be kept in {path} ({reason}); nothing was marked.").format(
            path=path, reason=error.strerror or error
        ),
        advice=_("Check that the disk has room and that you may write to the archive folder."),
    )
