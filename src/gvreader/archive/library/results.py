"""What the library answers with, beyond the values of `gvreader.model`. Frozen; datetimes are aware UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from gvreader.frozen import dataclass
from gvreader.model import (
    ArticleKind,
    ProblemKind,
    Published,
    RecordRef,
    Request,
    Source,
    Tally,
    Trust,
)

EntryKind = Literal["home", "probe", "feed", "listing", "article", "media", "sitemap", "found"]
"""`found`: an address that a sitemap names and no list; it may be an article."""
Verdict = Literal["article", "listing", "media"] | ProblemKind
"""What a capture turned out to be: the kind of its page, or the kind of problem that its refusal names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What a rebuild would let vanish: captures that the vault no longer holds, articles and revisions with them."""

    captures: int
    articles: int
    revisions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPortal:
    name: str
    title: str
    origin: str
    family: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCapture:
    """One row of `captures`. `checked`: when the address was last asked, answers of 304 included.

    `extractor`: the version that read it, empty where nothing was read or it is not known.
    """

    id: int
    portal: str
    url: str
    captured: datetime
    checked: datetime
    status: int
    media_type: str | None
    ref: RecordRef
    payload_sha256: str
    source: Source
    source_uri: str | None
    trust: Trust
    etag: str | None
    last_modified: str | None
    verdict: str
    detail: str
    extractor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A stored article as decisions need it. `fetched`: its latest capture; `observations`: how many it has."""

    id: int
    key: str
    portal: str
    url: str
    identity: str | None
    kind: ArticleKind
    title: str
    content_sha256: str
    published: Published | None
    words: int
    first_seen: datetime
    changed: datetime
    fetched: datetime
    gone: datetime | None
    revision: int
    observations: int
    family: str = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionCount:
    """One section with its counts; `parent` is the slug of the menu entry above it, if any."""

    portal: str
    slug: str
    title: str
    parent: str | None
    articles: int
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """What `marks.restore` needs to take one change of marks back; `ids` are the articles that changed."""

    mark: Literal["read", "starred", "tag"]
    value: bool
    ids: tuple[int, ...]
    tag: str = ""

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagCount:
    tag: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A saved search. `seen`: when it was last looked at, None for never; `seen_number`: the highest number then."""

    name: str
    query: str
    seen: datetime | None = None
    seen_number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Local numbers of what came, was worded otherwise and vanished from its portal since a moment."""

    new: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierEntry:
    """One address to visit. `id` is 0 until it is queued; `title` and `published` are a listing's word on it.

    `later`: an article that no list of this run has named yet; it waits until the lists are read.
    """

    kind: EntryKind
    request: Request
    id: int = 0
    portal: str = ""
    section: str | None = None
    title: str | None = None
    published: Published | None = None
    depth: int = 0
    attempts: int = 0
    not_before: datetime | None = None
    problem: str | None = None
    later: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run of sync, import or backfill. `finished` is None while it runs, or when it was killed."""

    id: int
    portal: str
    started: datetime
    finished: datetime | None
    complete: bool
    exit_code: int | None
    tally: Tally
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProblem:
    """A problem of a run, and when it was last met; `times` counts how often in that run."""

    run: int
    portal: str
    section: str | None
    url: str
    kind: ProblemKind
    detail: str
    when: datetime
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The counts of the reader's left pane. `changed`: articles with more than one revision."""

    articles: int
    unread: int
    starred: int
    gone: int
    changed: int
    queued: int
    last_run: RunRecord | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionStatus:
    """What a section holds and how fresh it is. `newest` is the latest publication date among its articles."""

    slug: str
    title: str
    url: str
    parent: str | None
    articles: int
    unread: int
    newest: Published | None
    last_seen: datetime | None
    last_success: datetime | None
    last_problem: StoredProblem | None
    months: tuple[MonthCoverage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCoverage:
    """One month, `YYYY-MM` in the portal's time: articles published, and articles first seen in it."""

    month: str
    published: int
    first_seen: int


GapState = Literal["never seen", "queued", "refused", "deleted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Neighbouring ids that the archive lacks; `detail` says why where it is known. Ends are inclusive."""

    first: int
    last: int
    state: GapState
    detail: str = ""

    def __len__(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class IdSequence:
    """The portal's own numbers of one kind of page: the span that we know, how many we hold, and the gaps."""

    kind: ArticleKind
    first: int
    last: int
    held: int
    gone: int
    gaps: tuple[Gap, ...]

    @property
    def completeness(self) -> float:
        """Share of the ids between the first and the last known that the archive holds."""
        return self.held / (self.last - self.first + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalStatus:
    """What the archive holds of one portal. `archived_only`: articles no live capture ever confirmed.

    `archives`: by web archive, how many of the captures that it lists are in which state (see `sightings`).
    """

    portal: StoredPortal
    articles: int
    unread: int
    gone: int
    archived_only: int
    undated: int
    captures: int
    queued: dict[str, int]
    media_missing: int
    sections: tuple[SectionStatus, ...]
    months: tuple[MonthCoverage, ...]
    sequences: tuple[IdSequence, ...]
    last_run: RunRecord | None
    last_success: datetime | None
    last_problem: StoredProblem | None
    archives: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveStatus:
    portals: tuple[PortalStatus, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged:
    """What was saved from a damaged library: marks of all kinds, and articles without captures."""

    marks: int
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inconsistency:
    """Something in the library that does not agree with itself. `repairable`: `Library.repair` mends it.

    `is_damage`: what readers are told is wrong; otherwise the next writer puts it right by itself.
    """

    where: str
    detail: str
    repairable: bool = False
    is_damage: bool = True
