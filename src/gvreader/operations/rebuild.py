"""Derive the library again from the vault. Readers see the old state until the new one is whole."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final

from gvreader.archive.library import Library
from gvreader.archive.vault import Finding, Vault
from gvreader.extract.version import extractor_version
from gvreader.ingest import Ingest, KeepResult, informed
from gvreader.model import Capture, Extraction, RecordRef
from gvreader.operations.verify import unread_page
from gvreader.portals import Portal
from gvreader.sandbox import ReaderPool

# Captures in flight per worker: enough to keep it busy, few enough to bound memory.
_AHEAD: Final = 8
_LARGE: Final = 4 << 20
_BATCH: Final = 500
"""Captures that a kill costs at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """How far a rebuild is: captures read so far, articles stored, refusals, and what could not be read."""

    captures: int = 0
    new: int = 0
    revisions: int = 0
    refused: int = 0
    unreadable: tuple[Finding, ...] = ()
    finished: bool = False


def rebuild(
    *,
    vault: Vault,
    library: Library,
    portal_of: Callable[[str], Portal],
    jobs: int = 1,
    accept_loss: bool = False,
    now: datetime | None = None,
) -> Iterator[Rebuilt]:
    """Read every capture of the vault again and store what it says, in a library that then takes the old one's place.

    `portal_of` gives the portal of a name; captures that are later than `now` count as older than those written
    after them. Yields the state after each capture; the last one is `finished` and is yielded once everything is
    committed. Closing the generator earlier, an exception or a kill leaves the library as it was; the next rebuild
    goes on after the last batch.

    Raises ArchiveDamaged, before or after deriving, where captures that the library knows are not in the vault any
    more, unless `accept_loss`: nothing is changed then.
    """
    if not accept_loss:
        library.require_files([file.name for file in vault.files()])
    with library.rebuilding(version=extractor_version(), accept_loss=accept_loss) as draft:
        findings = [Finding(**finding) for finding in draft.findings]
        known = draft.library.captures.count()
        state = Rebuilt(captures=known, new=len(draft.library.articles.ids()) if known else 0)
        ingest = Ingest(vault=vault, library=draft.library, now=now)

        def report(finding: Finding) -> None:
            if finding not in findings:
                findings.append(finding)

        for kept in _examined(vault, draft.library, portal_of, jobs, report):
            taken = ingest.apply(kept)
            if taken.is_unread and kept.ref is not None:
                findings.append(unread_page(kept.ref, taken))
            state = replace(
                state,
                captures=state.captures + 1,
                new=state.new + (taken.change == "new"),
                revisions=state.revisions + (taken.change in ("changed", "earlier")),
                refused=state.refused + (taken.problem is not None),
                unreadable=tuple(findings),
            )
            yield state
            if state.captures % _BATCH == 0:
                draft.commit([asdict(finding) for finding in findings])
        if now is not None:
            draft.library.bring_back(now)
    yield replace(state, finished=True, unreadable=tuple(findings))


def _examined(
    vault: Vault,
    library: Library,
    portal_of: Callable[[str], Portal],
    jobs: int,
    report: Callable[[Finding], None],
) -> Iterator[KeepResult]:
    """Every capture with what it says, in the order written; `jobs` worker processes read pages at once.

    The consumer stores each before it asks for the next: what that taught of the portal counts for the next.
    """
    with ReaderPool(max(jobs, 1)) as pool:
        waiting: deque[_Reading] = deque()
        for ref, name, capture in _not_derived(vault, library, report):
            portal = informed(library, portal_of(name))
            waiting.append(_Reading(ref, capture, portal, pool.submit(capture, portal)))
            if len(waiting) >= max(jobs, 1) * _AHEAD or len(capture.body) >= _LARGE:
                yield from _finished(
                    waiting, pool, library, down_to=0 if len(capture.body) >= _LARGE else None
                )
        yield from _finished(waiting, pool, library, down_to=0)


def _finished(
    waiting: deque[_Reading], pool: ReaderPool, library: Library, *, down_to: int | None
) -> Iterator[KeepResult]:
    """The first that waits, or all until `down_to` are left: large captures do not wait in numbers."""
    left = len(waiting) - 1 if down_to is None else down_to
    while len(waiting) > left:
        yield waiting.popleft().kept(pool, library)


def _not_derived(
    vault: Vault, library: Library, report: Callable[[Finding], None]
) -> Iterator[tuple[RecordRef, str, Capture]]:
    """The captures behind the last of each file that the library has."""
    done = {file.name: library.captures.last_in(file.name) for file in vault.files()}
    for ref, name, capture in vault.scan(
        report=report, places={file: offset or 0 for file, offset in done.items()}
    ):
        last = done[ref.file]
        if last is None or ref.offset > last:
            yield ref, name, capture


@dataclass(frozen=True, slots=True)
class _Reading:
    """A capture that another process reads, as a page of what was known of the portal when it was handed over."""

    ref: RecordRef
    capture: Capture
    portal: Portal
    future: Future[Extraction | None]

    def kept(self, pool: ReaderPool, library: Library) -> KeepResult:
        """What it says, as a page of what is known of the portal by now."""
        portal = informed(library, self.portal)
        future = self.future if portal == self.portal else pool.submit(self.capture, portal)
        return KeepResult(portal=portal, ref=self.ref, capture=self.capture, extraction=future.result())
