"""One pace for all runs of a user: a small file a host and an address, locked for the moment of a look.

A turn is reserved before connecting, so that runs queue in order, and taken just before the request goes out, so that
two requests never start nearer to each other than either run allows. Times are those of the wall clock, which all
processes share; what a file says that cannot be is ignored.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import math
import os
import re
import struct
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from gvreader.frozen import dataclass

_STATE: Final = struct.Struct("<dddd")
_LONGEST: Final = 3600.0
"""A time further ahead than this was written by a clock that was wrong."""
_PLAIN: Final = re.compile(r"[a-z0-9@._-]{1,100}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A host or an address, and the least seconds between two requests to it."""

    name: str
    interval: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """When the last request started and which distance it wanted, when the next reservation may begin, and until when
    nothing may start.
    """

    last: float = -math.inf
    interval: float = 0.0
    reserved: float = -math.inf
    held: float = -math.inf


class Pace:
    """The files of a folder. Where they cannot be written, `trouble` says why and every turn is free."""

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock
        self.trouble: str | None = None

    def prepare(self) -> str | None:
        """Make the folder; why it cannot be used, if so."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not os.access(self._folder, os.W_OK | os.X_OK):
                self.trouble = os.strerror(errno.EACCES)
        except OSError as error:
            self.trouble = error.strerror or str(error)
        return self.trouble

    def reserve(self, turns: Sequence[Turn]) -> float:
        """Take the next place in the queue of each; seconds until it is there."""
        with ExitStack() as stack:
            files = self._open(turns, stack)
            now = self._clock()
            start = now
            for turn, file in zip(turns, files, strict=False):
                known = _read(file, now)
                start = max(start, _free_at(known, turn), known.reserved)
            for turn, file in zip(turns, files, strict=False):
                known = _read(file, now)
                _write(file, known, reserved=start + turn.interval)
            return start - now

    def start(self, turns: Sequence[Turn]) -> float:
        """Start a request now, if each of them allows it: 0; else the seconds that it has to wait."""
        with ExitStack() as stack:
            files = self._open(turns, stack)
            now = self._clock()
            known = [_read(file, now) for file in files]
            wait = max(
                (_free_at(one, turn) - now for one, turn in zip(known, turns, strict=False)), default=0.0
            )
            if wait > 0:
                return wait
            for turn, one, file in zip(turns, known, files, strict=False):
                _write(file, one, last=now, interval=turn.interval)
            return 0.0

    def hold(self, name: str, seconds: float) -> None:
        """Let nobody start anything at a host for a while: it asked for that."""
        with ExitStack() as stack:
            for file in self._open([Turn(name=name, interval=0.0)], stack):
                now = self._clock()
                known = _read(file, now)
                _write(file, known, held=max(known.held, now + min(seconds, _LONGEST)))

    def _open(self, turns: Sequence[Turn], stack: ExitStack) -> list[int]:
        """Descriptors of the files, locked in the order given; none where that cannot be."""
        if self.trouble is not None:
            return []
        files: list[int] = []
        try:
            for turn in turns:
                path = self._folder / _file_name(turn.name)
                flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
                try:
                    file = os.open(path, flags, 0o600)
                except FileNotFoundError:
                    self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                    file = os.open(path, flags, 0o600)
                stack.callback(os.close, file)
                fcntl.flock(file, fcntl.LOCK_EX)
                files.append(file)
        except OSError as error:
            self.trouble = error.strerror or str(error)
            return []
        return files


def _free_at(known: _Known, turn: Turn) -> float:
    """When the next request may start: the larger of both distances counts."""
    return max(known.last + max(known.interval, turn.interval), known.held)


def _read(file: int, now: float) -> _Known:
    data = os.pread(file, _STATE.size + 1, 0)
    if len(data) != _STATE.size:
        return _Known()
    last, interval, reserved, held = _STATE.unpack(data)
    is_sound = not any(map(math.isnan, (last, interval, reserved, held)))
    if not is_sound or last > now or not 0 <= interval <= _LONGEST or max(reserved, held) > now + _LONGEST:
        return _Known()
    return _Known(last=last, interval=interval, reserved=reserved, held=held)


def _write(file: int, known: _Known, **changed: float) -> None:
    values = {
        "last": known.last,
        "interval": known.interval,
        "reserved": known.reserved,
        "held": known.held,
    } | changed
    os.pwrite(file, _STATE.pack(*values.values()), 0)
    os.ftruncate(file, _STATE.size)


def _file_name(name: str) -> str:
    plain = name.replace(":", "_")
    return plain if _PLAIN.match(plain) else hashlib.sha256(name.encode()).hexdigest()
