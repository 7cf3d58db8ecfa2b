"""More lines than memory holds, sorted on disk."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

_RUN_BYTES: Final = 8 << 20
_MOST_RUNS: Final = 64


class SortedLines:
    """Lines (bytes without line ends) that come out in order; kept in a folder while there are many."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._waiting: list[bytes] = []
        self._size = 0
        self._runs: list[Path] = []
        self._made = 0

    def add(self, line: bytes) -> None:
        self._waiting.append(line)
        self._size += len(line) + 64
        if self._size >= _RUN_BYTES:
            self._spill()

    def __iter__(self) -> Iterator[bytes]:
        """Every line in order; nothing may be added any more."""
        self._waiting.sort()
        with ExitStack() as opened:
            files = [opened.enter_context(run.open("rb")) for run in self._runs]
            stripped = [map(_without_end, file) for file in files]
            yield from heapq.merge(*stripped, self._waiting)

    def _spill(self) -> None:
        self._waiting.sort()
        self._write(self._waiting)
        self._waiting, self._size = [], 0
        if len(self._runs) > _MOST_RUNS:
            # Merged early, so that the number of open files stays bounded.
            runs, self._runs = self._runs, []
            with ExitStack() as opened:
                files = [opened.enter_context(run.open("rb")) for run in runs]
                self._write(heapq.merge(*(map(_without_end, file) for file in files)))
            for run in runs:
                run.unlink()

    def _write(self, lines: Iterator[bytes] | list[bytes]) -> None:
        self._made += 1
        run = self._folder / f"{self._name}-{self._made}"
        with run.open("wb") as file:
            file.writelines(line + b"\n" for line in lines)
        self._runs.append(run)


def _without_end(line: bytes) -> bytes:
    return line[:-1]
