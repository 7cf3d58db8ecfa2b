"""A process that derives shards, watched: a page that takes too long, or ends it twice, is given up."""

from __future__ import annotations

import os
import pickle
import selectors
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any, Final

from gvreader.app.derive.set_store import store_at
from gvreader.app.derive.shard import Derived, ShardTask, failed
from gvreader.errors import GvreaderError

LENGTH: Final = struct.Struct(">Q")
_DEATHS: Final = 2
"""Times that a record may end its worker before it is given up."""
_CRASHES: Final = 3
"""Times that a worker may end where no record is in work before the shard has failed."""
_STEP: Final = 1 << 16


class Stopped(Exception):
    """Somebody asked to stop."""


class WatchedWorker:
    """One worker process, started when it is needed, and again when it ends. Close it when done.

    What the worker sends is trusted: it runs our own code and sends its own values; strangers' pages that could bend
    their reader are read in the sandbox's process below it.
    """

    def __init__(self, page_limit: float, *, is_stopped: Callable[[], bool] = lambda: False) -> None:
        self._page_limit = page_limit
        self._is_stopped = is_stopped
        self._process: subprocess.Popen[bytes] | None = None

    def derive(self, task: ShardTask) -> Derived:
        """Derive an input, whatever it does to the worker. Raises GvreaderError where the set cannot be written."""
        poison: set[str] = set()
        deaths: Counter[str] = Counter()
        crashes = 0
        while True:
            try:
                return self._ask(task, frozenset(poison))
            except _TooLong as error:
                poison.add(error.place)
            except _Died as error:
                if error.place is None:
                    crashes += 1
                    if crashes == _CRASHES:
                        detail = f"the process that read it ended {crashes} times ({error})"
                        return failed(task, store_at(task.set), "crashed", detail)
                    continue
                deaths[error.place] += 1
                if deaths[error.place] == _DEATHS:
                    poison.add(error.place)

    def close(self) -> None:
        """End the worker."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.kill()
        process.wait()

    def _ask(self, task: ShardTask, poison: frozenset[str]) -> Derived:
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        place: str | None = None
        since = time.monotonic()
        try:
            send(process.stdin, (task, poison))
            while True:
                ready = _is_ready(process.stdout, 0.2)
                if self._is_stopped():
                    self.close()
                    raise Stopped
                if not ready:
                    if place is not None and time.monotonic() - since > self._page_limit:
                        self.close()
                        raise _TooLong(place)
                    continue
                said, value = receive(process.stdout)
                if said == "at":
                    place, since = value, time.monotonic()
                elif said == "done":
                    assert isinstance(value, Derived)
                    return value
                else:
                    assert isinstance(value, GvreaderError)
                    raise value
        except (EOFError, BrokenPipeError):
            process.wait()
            code = process.returncode
            self.close()
            raise _Died(place, f"code {code}") from None

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gvreader.app.derive.worker_main"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            process_group=0,
            bufsize=0,
        )
        return self._process


class _TooLong(Exception):
    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


class _Died(Exception):
    def __init__(self, place: str | None, detail: str) -> None:
        super().__init__(detail)
        self.place = place


def _is_ready(stream: IO[bytes], seconds: float) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        return bool(selector.select(seconds))


def send(stream: IO[bytes], value: object) -> None:
    """One value as a length-prefixed pickle."""
    data = pickle.dumps(value, protocol=5)
    unsent = memoryview(LENGTH.pack(len(data)) + data)
    while unsent:
        unsent = unsent[stream.write(unsent) or 0 :]
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[Any, Any]:
    """The next value. Raises EOFError where the other side is gone."""
    head = _exactly(stream, LENGTH.size)
    said, value = pickle.loads(_exactly(stream, LENGTH.unpack(head)[0]))  # noqa: S301 - from our own process
    return said, value


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = stream.read(size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def die_with_parent() -> None:
    """End this process when the one that started it is gone: its end of the pipe closes."""

    def wait() -> None:
        parent = os.getppid()
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
