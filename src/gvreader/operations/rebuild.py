"""Derive the library again from the vault. Readers see the old state until the new one is whole."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

from gvreader.archive.library import Library
from gvreader.archive.vault import Finding, Vault
from gvreader.ingest import (
    Ingest,
    KeepResult,
    examine,
    informed,
    kept_at,
)
from gvreader.model import Capture, Extraction, RecordRef
from gvreader.portals import Portal

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
    """Every capture with what it says, in the order written; `jobs` processes read pages at once.

    The consumer stores each before it asks for the next: what that taught of the portal counts for the next.
    """
    captures = vault.scan(report=report)
    if jobs <= 1:
        for ref, name, capture in captures:
            yield kept_at(library, portal_of(name), ref, capture)
        return
    # Forking a process that holds an open SQLite connection is not safe.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        waiting: deque[_Reading] = deque()
        try:
            for ref, name, capture in captures:
                portal = informed(library, portal_of(name))
                future = pool.submit(examine, capture, portal) if len(capture.body) < _LARGE else None
                waiting.append(_Reading(ref, capture, portal, future))
                if len(waiting) >= jobs * _AHEAD:
                    yield waiting.popleft().kept(library)
            while waiting:
                yield waiting.popleft().kept(library)
        finally:
            pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A capture that another process reads, as a page of what was known of the portal when it was handed over."""

    ref: RecordRef
    capture: Capture
    portal: Portal
    future: Future[Extraction | None] | None

    def kept(self, library: Library) -> KeepResult:
        """What it says, as a page of what is known of the portal by now."""
        if self.future is None or informed(library, self.portal) != self.portal:
            return kept_at(library, self.portal, self.ref, self.capture)
        return KeepResult(
            portal=self.portal, ref=self.ref, capture=self.capture, extraction=self.future.result()
        )
