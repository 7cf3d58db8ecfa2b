"""The worker process: reads one page or file after the other, within limits that the system keeps.

Run as `python -P -m gvreader.sandbox.worker`; requests come on stdin, answers go to stdout.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from gvreader.limits import WORKER_BYTES, WORKER_DATA_BYTES
from gvreader.sandbox.frames import LENGTH, packed

_OPEN_FILES: Final = 64
_FILE_BYTES: Final = 64 << 20
_FULL: Final = 128 << 20
_WORN: Final = 160 << 20
"""A worker whose memory has once been above this ends after its answer; the next one is small again."""


def _page() -> Callable[..., object]:
    from gvreader.extract import extract

    return extract


def _file() -> Callable[..., object]:
    from gvreader.files import read_file

    return read_file


TASKS: Final[dict[str, Callable[[], Callable[..., object]]]] = {"page": _page, "file": _file}
"""What loads the reader of each task: loading is no part of the time that a page or file may take."""


def _confine() -> None:
    """Take the limits that hold for the whole life of the process."""
    for kind, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_FSIZE, _FILE_BYTES),
        (resource.RLIMIT_AS, WORKER_BYTES),
        (resource.RLIMIT_DATA, WORKER_DATA_BYTES),
    ):
        with contextlib.suppress(ValueError, OSError):  # not every system has each
            resource.setrlimit(kind, (limit, limit))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)


def _peak() -> int:
    """The most memory that this process has held, in bytes; rusage would count that of its parent before `exec`."""
    with contextlib.suppress(OSError, ValueError), Path("/proc/self/status").open("rb") as status:
        for line in status:
            if line.startswith(b"VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _answer(name: str, seconds: float, arguments: tuple[Any, ...]) -> tuple[str, object]:
    """What came of a task: `done` and a value, or the kind of failure and a detail."""
    try:
        reader = TASKS[name]()
        signal.setitimer(signal.ITIMER_PROF, seconds)
        return "done", reader(*arguments)
    except MemoryError as error:
        if _peak() < _FULL:  # no limit was near: the reader gave up by itself
            return "unreadable", f"MemoryError: {error}"[:200].rstrip(": ")
        return "too-large", "MemoryError: it needs more memory than a page or file may take"
    except BaseException as error:  # noqa: BLE001 - whatever a stranger's bytes do is an answer, panics of Rust too
        return "unreadable", f"{type(error).__name__}: {error}"[:200]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def main() -> None:
    """Serve until the parent closes the pipe, or the memory is worn."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):  # a library that prints must not speak for us
        os.dup2(null, number)
    _confine()
    while len(head := requests.read(LENGTH.size)) == LENGTH.size:
        name, seconds, arguments = pickle.loads(requests.read(LENGTH.unpack(head)[0]))  # noqa: S301 - from the parent
        kind, value = _answer(name, seconds, arguments)
        del arguments
        is_worn = kind == "too-large" or _peak() > _WORN
        answers.write(packed((kind, value, is_worn)))
        answers.flush()
        if is_worn:
            return


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    main()
