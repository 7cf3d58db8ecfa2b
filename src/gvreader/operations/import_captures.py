"""Take in captures that others made: archives and saved pages → vault → library, each at its own time."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from gvreader import urls
from gvreader.archive.library import Library
from gvreader.archive.vault import Vault
from gvreader.errors import ArchiveDamaged
from gvreader.ingest import ApplyResult, Ingest
from gvreader.model import CLOCKS_APART, Capture
from gvreader.portals import Portal
from gvreader.sources import Anomaly, Imported, SourceItem
from gvreader.sources.revisits import Originals

_log = logging.getLogger("gvreader.import")
_MOST_ODDITIES: Final = 100


class PortalOf(Protocol):
    """Whose capture an address is; `name` and `origin` are what the file itself says, if it is one of ours."""

    def __call__(self, url: str, *, name: str | None, origin: str | None) -> Portal: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Importing:
    """How far an import is.

    `captures` were read, `known` of them were here before, `refused` hold no article, listing or file worth
    keeping as such (they are kept as evidence); `unread` of those failed their reader. `lost` records could not be
    taken at all; `oddities` are the first that were odd, taken or not.
    """

    captures: int = 0
    known: int = 0
    new: int = 0
    revisions: int = 0
    refused: int = 0
    unread: int = 0
    lost: int = 0
    oddities: tuple[Anomaly, ...] = ()


def take_in(
    items: Iterable[SourceItem], *, vault: Vault, library: Library, portal_of: PortalOf, now: datetime
) -> Iterator[Importing]:
    """Store every capture that a source found; yields the state after each. Importing twice is importing once.

    Captures of a time that is yet to come are refused: nothing that is fetched later would be newer than they.

    Each capture is a transaction of its own: a kill costs the one under way, and the next import goes on.
    """
    ingest = Ingest(vault=vault, library=library)
    state = Importing()
    for found in items:
        if isinstance(found, Anomaly):
            state = _with_oddity(state, found)
        elif found.capture.captured > now + CLOCKS_APART:
            detail = f"captured at {found.capture.captured:%Y-%m-%d %H:%M} UTC, which is yet to come"
            state = _with_oddity(state, _unstorable(found, detail))
        elif library.captures.has(found.capture):
            state = replace(state, captures=state.captures + 1, known=state.known + 1)
        else:
            taken = _stored(ingest, library, portal_of, found)
            if taken.is_kept:
                state = _with_taken(state, taken)
            else:
                assert taken.problem is not None
                state = _with_oddity(state, _unstorable(found, taken.problem.detail))
        yield state


def originals_in(vault: Vault, library: Library, portal_of: PortalOf) -> Originals:
    """The whole answers of an archive that a revisit may refer to."""

    def originals(url: str, when: datetime, *, sha256: str | None) -> Iterator[Capture]:
        home = urls.twin(urls.origin(url) or url)
        # An archive of somebody's may call the portal by another name than this one's tables.
        at_home = [stored.name for stored in library.portals.all() if urls.twin(stored.origin) == home]
        for name in dict.fromkeys([portal_of(url, name=None, origin=None).name, *at_home]):
            for ref in library.captures.originals(name, url, when, sha256=sha256):
                try:
                    yield vault.get(ref)
                except ArchiveDamaged:
                    continue

    return originals


def _stored(ingest: Ingest, library: Library, portal_of: PortalOf, found: Imported) -> ApplyResult:
    portal = portal_of(found.capture.url, name=found.portal, origin=found.origin)
    kept = ingest.keep(portal, found.capture)
    with library.transaction():
        return ingest.apply(kept)


def _unstorable(found: Imported, detail: str) -> Anomaly:
    """A capture that is not kept: of the future, or with an address or a head beyond all measure."""
    return Anomaly(
        kind="bad-record",
        path=found.path,
        entry=found.entry,
        offset=found.offset,
        url=found.capture.url,
        detail=detail,
    )


def _with_oddity(state: Importing, oddity: Anomaly) -> Importing:
    _log.info(
        "%s %s of %s: %s",
        "odd but kept:" if oddity.is_kept else "not kept:",
        oddity.url or "a record",
        oddity.path,
        oddity.kind,
    )
    _log.debug("%s: %s", oddity.kind, oddity.detail)
    oddities = state.oddities if len(state.oddities) >= _MOST_ODDITIES else (*state.oddities, oddity)
    return replace(state, oddities=oddities, lost=state.lost + oddity.is_loss)


def _with_taken(state: Importing, taken: ApplyResult) -> Importing:
    return replace(
        state,
        captures=state.captures + 1,
        new=state.new + (taken.change == "new"),
        revisions=state.revisions + (taken.change in ("changed", "earlier")),
        refused=state.refused + (taken.problem is not None),
        unread=state.unread + taken.is_unread,
    )
