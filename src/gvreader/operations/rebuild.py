"""Derive the library again from the vault. Readers see the old state until the new one is whole."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Final

from gvreader.archive.library import Library
from gvreader.archive.vault import Finding, Vault
from gvreader.ingest import Ingest, KeepResult, informed
from gvreader.model import Capture, Extraction, RecordRef
from gvreader.operations.verify import unread_page
from gvreader.portals import Portal
from gvreader.sandbox import ReaderPool

# Captures in flight per worker: enough to keep it busy, few enough to bound memory.
_AHEAD: Final = 8
_LARGE: Final = 4 << 20


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
    *, vault: Vault, library: Library, portal_of: Callable[[str], Portal], jobs: int = 1
) -> Iterator[Rebuilt]:
    """Read every capture of the vault again and store what it says, in one transaction.

    `portal_of` gives the portal of a name. Yields the state after each capture; the last one is `finished` and
    is yielded once everything is committed. Closing the generator earlier, or an exception, leaves the library
    as it was.
    """
    findings: list[Finding] = []
    state = Rebuilt()
    ingest = Ingest(vault=vault, library=library)
    with library.rebuilding():
        for kept in _examined(vault, library, portal_of, jobs, findings.append):
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
        for ref, name, capture in vault.scan(report=report):
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
