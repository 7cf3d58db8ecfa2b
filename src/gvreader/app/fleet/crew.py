"""Many portals at once: threads around the ordinary sync, in this process or in others of our own."""

from __future__ import annotations

import multiprocessing
import queue
import signal
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Protocol

from gvreader.app.fleet.crew_messages import Crashed, Ended, Message, Noticed, Task, Went
from gvreader.errors import EXIT_DONE, EXIT_INTERRUPTED, EXIT_PARTIAL, GvreaderError, StorageFailed

if TYPE_CHECKING:
    from gvreader.model import RunFinished

Report = Callable[[Message], None]


class Stop:
    """Whether everybody was asked to stop; waiting for it is how a member sleeps."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def ask(self) -> None:
        self._asked.set()

    @property
    def is_asked(self) -> bool:
        return self._asked.is_set()

    def sleep(self, seconds: float) -> None:
        """Sleep; raises KeyboardInterrupt as soon as somebody asks to stop."""
        if self._asked.wait(max(seconds, 0.0)):
            raise KeyboardInterrupt


class Crew(Protocol):
    """Takes portals as long as it has room; says what becomes of them by messages."""

    slots: int

    def begin(self, task: Task) -> None: ...

    def ask_to_stop(self) -> None: ...

    def close(self) -> None: ...


class LocalCrew:
    """A thread a portal, in this process."""

    def __init__(self, slots: int, report: Report) -> None:
        self.slots = slots
        self._report = report
        self._stop = Stop()
        self._threads: list[threading.Thread] = []

    def begin(self, task: Task) -> None:
        thread = threading.Thread(target=self._work, args=(task,), name=task.name, daemon=True)
        self._threads = [one for one in self._threads if one.is_alive()]
        self._threads.append(thread)
        thread.start()

    def ask_to_stop(self) -> None:
        self._stop.ask()

    def close(self) -> None:
        """Nothing is left to end once every task has."""

    def _work(self, task: Task) -> None:
        try:
            ended = run_task(task, self._stop, self._report)
        except BaseException as error:  # noqa: BLE001 - a portal that fails costs itself alone
            ended = Ended(name=task.name, exit_code=1, message=f"{type(error).__name__}: {error}")
        self._report(ended)


class RemoteCrew:
    """The same in a process of its own, which ends when its pipe does."""

    def __init__(self, slots: int, report: Report, language: str) -> None:
        self.slots = slots
        self._report = report
        self._under_way: set[str] = set()
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, slots, language), daemon=True)
        self._process.start()
        theirs.close()
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def begin(self, task: Task) -> None:
        self._under_way.add(task.name)
        with suppress(OSError):
            self._pipe.send(task)

    def ask_to_stop(self) -> None:
        with suppress(OSError):
            self._pipe.send(None)

    def close(self) -> None:
        with suppress(OSError):
            self._pipe.close()
        self._process.join(1.0)
        if self._process.is_alive():
            self._process.kill()

    def _listen(self) -> None:
        try:
            while True:
                message = self._pipe.recv()
                if isinstance(message, Ended):
                    self._under_way.discard(message.name)
                self._report(message)
        except (EOFError, OSError):
            self._report(Crashed(names=tuple(sorted(self._under_way)), slots=self.slots))


def _serve(pipe: Connection, slots: int, language: str) -> None:
    """The life of a crew's own process."""
    from gvreader import i18n

    i18n.use("vi" if language == "vi" else "en")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # whoever began this process stops it by its pipe
    lock = threading.Lock()

    def send(message: Message) -> None:
        with lock, suppress(OSError):
            pipe.send(message)

    crew = LocalCrew(slots, send)
    with suppress(EOFError, OSError):
        while True:
            task = pipe.recv()
            if task is None:
                crew.ask_to_stop()
            else:
                crew.begin(task)
    crew.ask_to_stop()


def run_task(task: Task, stop: Stop, report: Report) -> Ended:
    """One portal's sync from its beginning to its end, whatever that is."""
    from gvreader.app.archive import Archive
    from gvreader.app.runs.sync_run import run_sync
    from gvreader.model import ArticleStored, Noted, Progressed, RunFinished

    archive = Archive(task.settings)
    keys: dict[str, list[str]] = {"new": [], "changed": [], "gone": [], "returned": []}
    finished: RunFinished | None = None
    try:
        events = run_sync(
            archive,
            task.portal,
            options=task.options,
            delay=task.delay,
            per_address=task.per_address,
            sleep=stop.sleep,
        )
        with closing(events):
            for event in events:
                match event:
                    case Progressed():
                        report(Went(name=task.name, tally=event.tally))
                    case ArticleStored() if event.change in keys:
                        keys[event.change].append(event.key)
                    case Noted():
                        report(Noticed(name=task.name, message=event.message))
                    case RunFinished():
                        finished = event
                    case _:
                        pass
                if stop.is_asked:
                    break
    except (KeyboardInterrupt, GvreaderError) as error:
        return _failed(task, stop, error)
    except Exception as error:
        if not stop.is_asked:
            raise
        return _failed(task, stop, error)
    if finished is None:
        return _failed(task, stop, KeyboardInterrupt())
    stored = {name: tuple(found) for name, found in keys.items()}
    return Ended(
        name=task.name, exit_code=_code(task, finished), message=None, finished=finished, keys=stored
    )


def _code(task: Task, finished: RunFinished) -> int:
    """What a portal's run ends with in a fleet: one whose time was over is not done."""
    most = task.options.stop_after
    is_cut = most is not None and not finished.complete and finished.finished - finished.started >= most
    return EXIT_PARTIAL if finished.exit_code == EXIT_DONE and is_cut else finished.exit_code


def _failed(task: Task, stop: Stop, error: BaseException) -> Ended:
    if stop.is_asked or not isinstance(error, GvreaderError):
        return Ended(name=task.name, exit_code=EXIT_INTERRUPTED, message=None)
    return Ended(name=task.name, exit_code=error.exit_code, message=str(error), is_fatal=_is_disk_full(error))


def _is_disk_full(error: BaseException | None) -> bool:
    """Whether no other portal could be written either."""
    import errno

    if not isinstance(error, StorageFailed):
        return False
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if "disk is full" in str(cause):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def crews(jobs: int, at_once: int, messages: queue.Queue[Message], language: str) -> list[Crew]:
    """As many crews as there are jobs, which share what may run at once; one works in this process."""
    if jobs == 1:
        return [LocalCrew(at_once, messages.put)]
    shares = [at_once // jobs + (number < at_once % jobs) for number in range(jobs)]
    return [RemoteCrew(share, messages.put, language) for share in shares if share]
