"""One input → one shard: rows of articles and of refusals, then the manifest that commits them.

The result depends on the input, the extractor and the options alone: doing it twice is doing it once.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlsplit

from gvreader.app.derive.inputs import file_system, is_url, shard_of
from gvreader.app.derive.rows import SUFFIXES, Row, RowFormat, RowWriter, article_row, refusal_row, row_writer
from gvreader.app.derive.set_store import SetStore, read_json, store_at
from gvreader.extract.version import extractor_version
from gvreader.model import Article, Listing, Media, Refusal

if TYPE_CHECKING:
    from gvreader.app.config import Settings
    from gvreader.sources import Anomaly, Imported

Fault = Literal["missing", "denied", "unreadable", "changed", "not-archive", "short", "crashed"]
State = Literal["done", "known", "short", "failed"]
_TRIES: Final = 3
_PAUSE: Final = 0.5
_BLOCK: Final = 1 << 20
_READ_BUT_NO_PAGE: Final = frozenset({"not-http", "not-page", "method"})
_NO_ANSWER: Final = frozenset({"other-type", "lone-request", "stray-bytes"})
_KINDS: Final = {"unresolved-revisit": "revisit", "unreadable": "damaged"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardTask:
    """What to derive: an input's address, the set's, and the options that the set was made with."""

    input: str
    set: str
    form: RowFormat
    hosts: tuple[str, ...]
    settings: Settings

    @property
    def shard(self) -> str:
        return shard_of(self.input)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What became of an input. `problem` is the object of `--json`; None for a shard that is whole."""

    shard: str
    input: str
    state: State
    captures: int = 0
    articles: int = 0
    refused: int = 0
    lost: int = 0
    problem: dict[str, Any] | None = None


class ShardFailure(Exception):
    """An input that cannot be read as it is."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault: Fault = fault


def derive_shard(
    task: ShardTask,
    *,
    poison: frozenset[str] = frozenset(),
    watch: Callable[[str | None], None] = lambda _place: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Derived:
    """Derive one input. `poison`: places of records that are given up; `watch` hears the place of the one in work.

    Raises StorageFailed and PortalUnreachable where the set cannot be written; an input's faults are values.
    """
    store = store_at(task.set)
    for tried in range(1, _TRIES + 1):
        try:
            state = input_state(task.input)
            known = read_json(store, f"{folder()}/done/{task.shard}.json")
            if (
                known is not None
                and known.get("size") == state.size
                and known.get("modified") == state.modified
            ):
                return _known(task, known)
            return _derived(task, store, state, poison, watch)
        except ShardFailure as failure:
            if failure.fault in ("unreadable", "changed") and tried < _TRIES:
                sleep(_PAUSE * tried)
                continue
            return failed(task, store, failure.fault, str(failure))
    raise AssertionError("the last try returns")


def folder() -> str:
    """The folder of a set that this extractor writes to."""
    return f"extractor={extractor_version()}"


def failed(task: ShardTask, store: SetStore, fault: Fault, detail: str, offset: int | None = None) -> Derived:
    """Note in the set that an input could not be derived."""
    name = f"{folder()}/failed/{task.shard}.json"
    before = (read_json(store, name) or {}).get("attempts")
    problem = _problem(task, fault, detail, offset)
    attempts = (before if isinstance(before, int) else 0) + 1
    store.write(name, _json(problem | {"attempts": attempts}))
    return Derived(shard=task.shard, input=task.input, state="failed", problem=problem)


def _problem(task: ShardTask, fault: Fault, detail: str, offset: int | None) -> dict[str, Any]:
    return {"input": task.input, "shard": task.shard, "fault": fault, "detail": detail, "offset": offset}


def _known(task: ShardTask, manifest: dict[str, Any]) -> Derived:
    return Derived(
        shard=task.shard,
        input=task.input,
        state="known",
        problem=_problem(task, "short", "the file breaks off", manifest["short"])
        if manifest.get("short") is not None
        else None,
    )


# ── the input ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class InputState:
    """Size in bytes, and whatever tells that the content has changed."""

    size: int
    modified: str


def input_state(address: str) -> InputState:
    """What an input looks like now. Raises ShardFailure."""
    with _faults():
        if not is_url(address):
            status = Path(address).stat()
            return InputState(size=status.st_size, modified=str(status.st_mtime_ns))
        fs, path = file_system(address)
        fs.invalidate_cache()
        info = fs.info(path)
        told = info.get("ETag") or info.get("etag") or info.get("mtime") or info.get("LastModified")
        told = told or info.get("created") or info.get("last_modified")
        return InputState(size=int(info["size"]), modified=str(told))


@contextmanager
def _faults() -> Iterator[None]:
    """Errors of disks and stores as faults of the input."""
    try:
        yield
    except FileNotFoundError as error:
        raise ShardFailure("missing", str(error)) from error
    except PermissionError as error:
        raise ShardFailure("denied", str(error)) from error
    except OSError as error:
        raise ShardFailure("unreadable", str(error) or type(error).__name__) from error


@contextmanager
def local_copy(address: str, state: InputState) -> Iterator[Path]:
    """The input as a local file: itself, or a copy for as long as it is needed. Raises ShardFailure."""
    if not is_url(address):
        with _faults():
            Path(address).open("rb").close()
        yield Path(address)
        return
    fs, path = file_system(address)
    with tempfile.TemporaryDirectory(prefix="gvreader-derive-") as temporary:
        target = Path(temporary) / (path.rpartition("/")[2] or "input")
        with _faults(), fs.open(path, "rb", cache_type="none") as source, target.open("wb") as copy:
            while block := source.read(_BLOCK):
                copy.write(block)
        if target.stat().st_size != state.size:
            raise ShardFailure("unreadable", f"{target.stat().st_size} of {state.size} bytes came")
        yield target


# ── its rows ────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Tally:
    counts: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    short: int | None = None


def _derived(
    task: ShardTask,
    store: SetStore,
    state: InputState,
    poison: frozenset[str],
    watch: Callable[[str | None], None],
) -> Derived:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gvreader-shard-") as temporary:
        files = {kind: Path(temporary) / f"{kind}{SUFFIXES[task.form]}" for kind in ("articles", "refusals")}
        with (
            local_copy(task.input, state) as path,
            closing(row_writer(files["articles"], task.form, "articles")) as articles,
            closing(row_writer(files["refusals"], task.form, "refusals")) as refusals,
        ):
            tally = _Shard(task, path, articles, refusals, poison, watch).read()
        if input_state(task.input) != state:
            raise ShardFailure("changed", "the input changed while it was read")
        counts = tally.counts
        manifest = {
            "shard": task.shard,
            "input": task.input,
            "size": state.size,
            "modified": state.modified,
            "extractor": extractor_version(),
            "counts": {
                "captures": sum(counts.values()),
                **{name: counts[name] for name in ("articles", "listings", "files", "other", "refused")},
            },
            "lost": tally.lost,
            "short": tally.short,
            "rows": {"articles": articles.rows, "refusals": refusals.rows},
            "sha256": {kind: _sha256(file) for kind, file in files.items()},
            "seconds": round(time.monotonic() - began, 1),
        }
        done = f"{folder()}/done/{task.shard}.json"
        store.delete(done)  # what a changed input had is no longer whole from here on
        for kind, file in files.items():
            store.put(f"{folder()}/{kind}/{task.shard}{SUFFIXES[task.form]}", file)
        store.write(done, _json(manifest))
        store.delete(f"{folder()}/failed/{task.shard}.json")
    is_short = tally.short is not None
    return Derived(
        shard=task.shard,
        input=task.input,
        state="short" if is_short else "done",
        captures=sum(counts.values()),
        articles=counts["articles"],
        refused=counts["refused"],
        lost=tally.lost,
        problem=_problem(task, "short", "the file breaks off", tally.short) if is_short else None,
    )


class _Shard:
    """The reading of one input."""

    def __init__(
        self,
        task: ShardTask,
        path: Path,
        articles: RowWriter,
        refusals: RowWriter,
        poison: frozenset[str],
        watch: Callable[[str | None], None],
    ) -> None:
        from gvreader.app.portal_lookup import owner_of

        self._task = task
        self._path = path
        self._articles = articles
        self._refusals = refusals
        self._poison = poison
        self._watch = watch
        self._portal_of = owner_of(task.settings)
        self._tally = _Tally()

    def read(self) -> _Tally:
        """Write a row for each article and for whatever was not taken. Raises ShardFailure."""
        from gvreader.sources import Anomaly
        from gvreader.sources.warc_files import captures

        try:
            for found in captures([self._path]):
                if isinstance(found, Anomaly):
                    self._odd(found)
                else:
                    self._taken(found)
        finally:
            self._watch(None)
        return self._tally

    def _taken(self, found: Imported) -> None:
        from gvreader.sandbox import read_capture

        capture, counts = found.capture, self._tally.counts
        if not is_wanted(capture.url, self._task.hosts):
            return
        place = f"{found.entry or ''}:{found.offset}"
        portal = self._portal_of(capture.url, name=found.portal, origin=found.origin)
        if place in self._poison:
            counts["refused"] += 1
            self._refuse(
                found, portal.name, "poison", "it took too long, or ended its reader, and was given up"
            )
            return
        self._watch(place)
        extraction = read_capture(capture, portal)
        page = extraction.page if extraction is not None else None
        if page is None:
            counts["other"] += 1
        elif isinstance(page, Article):
            counts["articles"] += 1
            self._articles.add(
                article_row(
                    page,
                    portal.name,
                    capture.captured,
                    self._place(found.entry, found.offset, found.record_id),
                )
            )
        elif isinstance(page, Refusal):
            counts["refused"] += 1
            self._refuse(found, portal.name, page.kind, page.detail)
        else:
            assert isinstance(page, Listing | Media)
            counts["listings" if isinstance(page, Listing) else "files"] += 1

    def _refuse(self, found: Imported, portal: str, kind: str, detail: str) -> None:
        self._refusals.add(
            refusal_row(
                portal=portal,
                url=found.capture.url,
                captured=found.capture.captured,
                kind=kind,
                detail=detail,
                place=self._place(found.entry, found.offset, found.record_id),
            )
        )

    def _odd(self, odd: Anomaly) -> None:
        """What could not be taken as it is: counted, and lost with a row where a page may be missing for it."""
        tally = self._tally
        if odd.is_read_error:
            raise ShardFailure("unreadable", odd.detail)
        if odd.entry is None and odd.kind in ("not-archive", "unreadable"):
            raise ShardFailure("not-archive", odd.detail)
        if odd.is_kept or odd.kind in _NO_ANSWER or not is_wanted(odd.url, self._task.hosts):
            return
        if odd.kind in _READ_BUT_NO_PAGE:
            tally.counts["other"] += 1
            return
        if odd.kind == "truncated":
            tally.short = odd.offset
        if odd.kind == "unresolved-revisit":
            tally.counts["refused"] += 1
        else:
            tally.lost += 1
        self._refusals.add(
            refusal_row(
                portal=None,
                url=odd.url,
                captured=None,
                kind=_KINDS.get(odd.kind, odd.kind),
                detail=odd.detail,
                place=self._place(odd.entry, odd.offset, None),
            )
        )

    def _place(self, entry: str | None, offset: int | None, record_id: str | None) -> Row:
        file = self._task.input + (f"#{entry}" if entry else "")
        return {"file": file, "offset": offset, "record_id": record_id}


def is_wanted(url: str | None, hosts: tuple[str, ...]) -> bool:
    """Whether a capture's host matches one of the patterns; all do where there are none."""
    if not hosts or url is None:
        return True
    host = (urlsplit(url).hostname or "").lower()
    return any(fnmatch.fnmatchcase(host, pattern.lower()) for pattern in hosts)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
