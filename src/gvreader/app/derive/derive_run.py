"""Many inputs into one set: by processes here, or by a Dask scheduler that the user started."""

from __future__ import annotations

import hashlib
import os
import queue
import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from gvreader.app.clock import now
from gvreader.app.derive.guard import Stopped, WatchedWorker
from gvreader.app.derive.inputs import in_part, shard_of
from gvreader.app.derive.rows import RowFormat
from gvreader.app.derive.set_store import SetStore, read_json, store_at
from gvreader.app.derive.shard import Derived, ShardTask, failed
from gvreader.errors import (
    EXIT_DONE,
    EXIT_PARTIAL,
    GvreaderError,
    MissingExtra,
    NothingMatched,
    PortalUnreachable,
    UsageError,
)
from gvreader.extract.version import extractor_version
from gvreader.extras import install_command
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.app.config import Settings

PAGE_LIMIT: Final = 30.0
_SCHEDULER_SECONDS: Final = 30
_FORMAT: Final = 1
_LISTEN: Final = 0.2


@dataclass(slots=True)
class DeriveRun:
    """One run of `derive`. `results` has what became of each input so far, in the order in which they ended."""

    set: str
    inputs: Sequence[str]
    form: RowFormat
    hosts: tuple[str, ...]
    settings: Settings
    jobs: int | None = None
    scheduler: str | None = None
    part: tuple[int, int] = (1, 1)
    page_limit: float = PAGE_LIMIT
    started: datetime = field(init=False)
    results: list[Derived] = field(default_factory=list, init=False)
    tasks: tuple[ShardTask, ...] = field(default=(), init=False)

    def __post_init__(self) -> None:
        self.started = now()

    @property
    def exit_code(self) -> int:
        """As the contract has it for `derive`."""
        is_whole = len(self.results) == len(self.tasks) and all(one.problem is None for one in self.results)
        return EXIT_DONE if is_whole else EXIT_PARTIAL

    def events(self) -> Generator[Derived]:
        """Do it, and say what became of each input. Closing the iterator stops what is under way."""
        shards = {shard_of(address): address for address in self.inputs}
        if not shards:
            raise NothingMatched(
                _("No WARC, ARC or WACZ file matched."),
                advice=_("Give files, folders, quoted patterns, URLs, or @FILE."),
            )
        self._agree(store_at(self.set))
        number, parts = self.part
        self.tasks = tuple(
            ShardTask(input=address, set=self.set, form=self.form, hosts=self.hosts, settings=self.settings)
            for shard, address in shards.items()
            if in_part(shard, number, parts)
        )
        if self.form == "parquet":
            from gvreader.export.parquet import pyarrow_or_advice

            pyarrow_or_advice()
        for derived in self._by_dask() if self.scheduler else self._by_processes():
            self.results.append(derived)
            yield derived

    def _agree(self, store: SetStore) -> None:
        """Make the set known by its options, or raise UsageError where it was made with others."""
        ours = {
            "format": self.form,
            "hosts": sorted(self.hosts),
            "portals_sha256": portals_digest(self.settings),
            "set_format": _FORMAT,
        }
        theirs = read_json(store, "set.json")
        if theirs is None:
            import json

            store.write("set.json", json.dumps(ours, ensure_ascii=False).encode() + b"\n")
            return
        other = [name for name in ours if theirs.get(name) != ours[name]]
        if other:
            raise UsageError(
                _("The set {set} was made with other options ({names}).").format(
                    set=self.set, names=", ".join(other)
                ),
                advice=_("Give the same --host, --format and configuration, or another --output."),
            )

    def _by_processes(self) -> Generator[Derived]:
        jobs = min(self.jobs or os.cpu_count() or 1, max(len(self.tasks), 1))
        waiting: queue.SimpleQueue[ShardTask] = queue.SimpleQueue()
        for task in self.tasks:
            waiting.put(task)
        ended: queue.SimpleQueue[Derived | BaseException | None] = queue.SimpleQueue()
        stop = threading.Event()

        def work() -> None:
            guard = WatchedWorker(self.page_limit, is_stopped=stop.is_set)
            try:
                while not stop.is_set():
                    ended.put(guard.derive(waiting.get_nowait()))
            except queue.Empty:
                pass
            except Stopped:
                pass
            except BaseException as error:  # noqa: BLE001 - raised where the run is
                ended.put(error)
            finally:
                guard.close()
                ended.put(None)

        threads = [threading.Thread(target=work, daemon=True) for _number in range(jobs)]
        for thread in threads:
            thread.start()
        working = jobs
        try:
            while working:
                try:
                    result = ended.get(timeout=_LISTEN)
                except queue.Empty:
                    continue
                if result is None:
                    working -= 1
                elif isinstance(result, BaseException):
                    raise result
                else:
                    yield result
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def _by_dask(self) -> Generator[Derived]:
        """The same by the workers of a scheduler, a file a shard; a death costs the shards under way there."""
        try:
            import dask

            distributed: Any = import_module("distributed")
        except ImportError as error:
            raise MissingExtra(
                _("--scheduler needs Dask, which is not installed."),
                advice=_("Install it with: {command}").format(command=install_command("distributed")),
            ) from error
        dask.config.set({"distributed.comm.timeouts.connect": f"{_SCHEDULER_SECONDS}s"})
        try:
            client: Any = distributed.Client(self.scheduler, timeout=_SCHEDULER_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise PortalUnreachable(
                _("The scheduler {address} could not be reached within {n} s.").format(
                    address=self.scheduler, n=_SCHEDULER_SECONDS
                ),
                advice=_("Start it with `dask scheduler` and its workers with `dask worker ADDRESS`."),
            ) from error
        try:
            self._check_workers(client)
            futures = client.map(
                guarded_shard,
                self.tasks,
                page_limit=self.page_limit,
                pure=False,
                retries=10,
                key=[f"gvreader-{task.shard}-{self.started:%H%M%S%f}" for task in self.tasks],
            )
            by_key = {future.key: task for future, task in zip(futures, self.tasks, strict=True)}
            ended: Any = distributed.as_completed(futures, loop=client.loop)
            for future in ended:
                fault = future.exception()
                if isinstance(fault, GvreaderError):
                    raise fault
                if fault is not None:
                    detail = f"{type(fault).__name__}: {fault}"[:300]
                    yield failed(by_key[future.key], store_at(self.set), "crashed", detail)
                else:
                    yield future.result()
        finally:
            client.close()

    def _check_workers(self, client: Any) -> None:
        """Raises UsageError where a worker would read pages in another way than this process."""
        found: dict[str, Any] = client.run(worker_version, on_error="return")
        strange = {worker: said for worker, said in found.items() if said != worker_version()}
        if strange:
            worker, said = next(iter(strange.items()))
            raise UsageError(
                _("The worker {worker} has another version: {theirs}, not {ours}.").format(
                    worker=worker, theirs=said, ours=worker_version()
                ),
                advice=_("Install the same gvreader and pyarrow wherever the set is derived."),
            )


def worker_version() -> str:
    """What a worker's rows depend on beside the input and the options."""
    try:
        import pyarrow

        return f"{extractor_version()} pyarrow {pyarrow.__version__}"
    except ImportError:
        return extractor_version()


_own = threading.local()


def guarded_shard(task: ShardTask, *, page_limit: float = PAGE_LIMIT) -> Derived:
    """Derive an input in a watched process of this thread's own: what Dask's workers run."""
    guard: WatchedWorker | None = getattr(_own, "guard", None)
    if guard is None:
        guard = _own.guard = WatchedWorker(page_limit)
    return guard.derive(task)


def portals_digest(settings: Settings) -> str:
    """A digest of what the configuration says of portals: it decides whose page a capture is, and how it is read."""
    return hashlib.sha256(repr(sorted(settings.portals, key=lambda one: one.name)).encode()).hexdigest()
