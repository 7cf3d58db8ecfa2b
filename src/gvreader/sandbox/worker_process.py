"""The parent's side of a worker: started when it is first needed, watched, and started again when it ends."""

from __future__ import annotations

import atexit
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from typing import Any, Final

from gvreader.model import ProblemKind
from gvreader.sandbox.frames import LENGTH, MAX_ANSWER, packed, unpacked

PATIENCE: Final = 600.0
"""The longest that a task may take on the clock, in seconds; its limit is CPU time, for machines are slow and busy."""

_STEP: Final = 1 << 16
_KEPT: Final = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")


class WorkerFailure(Exception):
    """The worker could not read what it was given; `kind` is `too-slow`, `too-large` or `unreadable`."""

    def __init__(self, kind: ProblemKind, detail: str) -> None:
        super().__init__(detail)
        self.kind: ProblemKind = kind
        self.detail = detail


class WorkerProcess:
    """One worker, long-lived; any thread may ask, one at a time. Close it when done."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self.started = 0

    def ask(self, task: str, *arguments: object, seconds: float) -> Any:
        """The value of a task within `seconds` of CPU. Raises WorkerFailure."""
        with self._lock:
            try:
                process = self._process or self._start()
                answer = _exchange(process, packed((task, seconds, arguments)), time.monotonic() + PATIENCE)
                kind, value, is_worn = unpacked(answer)
            except _EndedError:
                raise self._failure(seconds) from None
            except TimeoutError:
                self._end()
                raise WorkerFailure("too-slow", f"not done within {PATIENCE:g} s") from None
            except BaseException as error:
                self._end()
                if not isinstance(error, Exception):
                    raise
                detail = f"{type(error).__name__}: {error}"[:200]
                raise WorkerFailure("unreadable", detail) from error
            if is_worn:
                self._end()
        if kind == "done":
            return value
        if kind == "too-large":
            raise WorkerFailure("too-large", str(value))
        raise WorkerFailure("unreadable", str(value))

    def close(self) -> None:
        """End the worker, if it was started; the next task starts another."""
        with self._lock:
            self._end()

    def _start(self) -> subprocess.Popen[bytes]:
        """Start a worker outside the terminal's process group, with only what it needs of the environment."""
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(sys.path)
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gvreader.sandbox.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            process_group=0,
            bufsize=0,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        os.set_blocking(process.stdin.fileno(), False)
        os.set_blocking(process.stdout.fileno(), False)
        self._process = process
        self.started += 1
        return process

    def _failure(self, seconds: float) -> WorkerFailure:
        """Why a worker ended before it answered."""
        process = self._process
        assert process is not None
        self._end()
        code = process.returncode
        if code in (-signal.SIGPROF, -signal.SIGXCPU):
            return WorkerFailure("too-slow", f"not done within {seconds:g} s of CPU time")
        if code is not None and code < 0:
            name = signal.Signals(-code).name
            return WorkerFailure("unreadable", f"the process that read it was ended by {name}")
        return WorkerFailure("unreadable", f"the process that read it ended with {code}")

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class _EndedError(Exception):
    """The worker is gone."""


def _exchange(process: subprocess.Popen[bytes], request: bytes, deadline: float) -> bytes:
    """Send a request and take the answer. Raises _EndedError, TimeoutError, ValueError."""
    assert process.stdin is not None
    assert process.stdout is not None
    unsent = memoryview(request)
    answer = bytearray()
    wanted: int | None = None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdin, selectors.EVENT_WRITE)
        selector.register(process.stdout, selectors.EVENT_READ)
        while wanted is None or len(answer) < wanted:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            for key, _events in selector.select(left):
                if key.fileobj is process.stdin:
                    try:
                        unsent = unsent[os.write(key.fd, unsent[:_STEP]) :]
                    except BrokenPipeError:
                        raise _EndedError from None
                    if not unsent:
                        selector.unregister(process.stdin)
                    continue
                piece = os.read(key.fd, _STEP)
                if not piece:
                    raise _EndedError
                answer += piece
                if wanted is None and len(answer) >= LENGTH.size:
                    wanted = LENGTH.unpack(answer[: LENGTH.size])[0]
                    del answer[: LENGTH.size]
                    if wanted > MAX_ANSWER:
                        raise ValueError(f"an answer of {wanted} bytes")
    return bytes(answer)


_shared: WorkerProcess | None = None


def shared_worker() -> WorkerProcess:
    """The one worker of this process; it ends with it."""
    global _shared
    if _shared is None:
        _shared = WorkerProcess()
        atexit.register(_shared.close)
    return _shared
