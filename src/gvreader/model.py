"""The values that cross the walls between rooms. Frozen, slotted, keyword-only; datetimes are aware.

Text is NFC. Times of captures are UTC; dates printed by the portal are +07:00 (`PORTAL_TIME`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final, Literal

from gvreader.frozen import dataclass

PORTAL_TIME: Final = timezone(timedelta(hours=7))
CLOCKS_APART: Final = timedelta(days=1)
"""How far two clocks may differ before the later one is wrong: nothing was captured later than now and this."""

Source = Literal["live", "wayback", "commoncrawl", "import"]
Trust = Literal["verified", "legacy", "pinned", "plain", "unknown"]
Truncation = Literal["length", "time", "disconnect", "unspecified"]
TimeSource = Literal["stated", "file"]
"""Who says when a capture was taken: whoever took it, or only the file that it was saved in."""
Headers = tuple[tuple[str, str], ...]
Published = date | datetime
"""A date where the page prints a day, an aware +07:00 datetime where it prints a time too."""

ProblemKind = Literal[
    "http-status",
    "timeout",
    "connection",
    "tls",
    "too-large",
    "truncated",
    "bad-encoding",
    "redirect-loop",
    "off-site",
    "robots",
    "soft-404",
    "challenge",
    "maintenance",
    "not-article",
    "no-body",
    "layout-changed",
    "too-slow",
    "unreadable",
]


# ── what was fetched ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of the portal. `url` is logical: the portal's own address even when a mirror serves it."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One HTTP exchange exactly as received.

    `body` has its transfer encoding removed and its content encoding kept. `url` is the portal's own
    address; `source_uri` is where the bytes really came from when that is somewhere else (a mirror, a
    replica, a web archive). Header text is latin-1, in the order received.
    """

    url: str
    captured: datetime
    status: int
    reason: str = ""
    http_version: str = "HTTP/1.1"
    headers: Headers = ()
    body: bytes = b""
    request: Request
    source: Source = "live"
    source_uri: str | None = None
    trust: Trust = "unknown"
    address: str | None = None
    truncated: Truncation | None = None
    time_source: TimeSource = "stated"

    def header(self, name: str) -> str | None:
        """The first value of a header, by case-insensitive name."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def payload_sha256(self) -> str:
        """Hex digest of `body` as received (content encoding kept)."""
        import hashlib

        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRef:
    """Where a capture lies in the vault. `file` is relative to the vault folder; `offset` in bytes."""

    file: str
    offset: int
    record_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A page that failed, as a value. `section` is the slug of the section it was met in, if any."""

    url: str
    kind: ProblemKind
    detail: str = ""
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One capture that a public web archive says it holds, as its index lists it.

    `stamp` is the archive's own spelling of the time (14 digits, sometimes impossible ones), `captured` the time
    meant. `digest` is the archive's word on the payload, empty where it has none; `status` is None where the
    index says `-`. `file` and `offset` say where the record lies, for archives that serve their files.
    """

    url: str
    stamp: str
    captured: datetime
    status: int | None = None
    media_type: str | None = None
    digest: str = ""
    length: int | None = None
    file: str | None = None
    offset: int | None = None


# ── what it says ────────────────────────────────────────────────────────────────────────────────

BlockKind = Literal["heading", "paragraph", "item", "table", "quote", "preformatted", "figure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of text in one style. `href` is absolute and http(s) or mailto only."""

    text: str
    href: str | None = None
    strong: bool = False
    emphasis: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of an article's body.

    `level`: 2–6 for headings, nesting from 0 for items. `rows`: the cells of a table. `image`: for a
    figure, its index in `Article.images`; a figure has no text of its own (captions live in images).
    """

    kind: BlockKind
    spans: tuple[Span, ...] = ()
    level: int = 0
    ordered: bool = False
    rows: tuple[tuple[str, ...], ...] = ()
    image: int | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The block as plain text: one entry, or one per table row (cells joined by ` | `); none for figures."""
        if self.kind == "table":
            return tuple(" | ".join(row) for row in self.rows)
        text = "".join(span.text for span in self.spans)
        return (text,) if text else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    url: str
    caption: str | None = None
    alt: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that the article links to. What follows its name is known once the file is in the vault.

    `text` and what is said of it are as in `Media`; they are given where one article is read, not in lists.
    """

    url: str
    name: str
    media_type: str | None = None
    bytes: int | None = None
    sha256: str | None = None
    text_chars: int | None = None
    text: str | None = None
    text_by: str = ""
    pages: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRef:
    """A section (chuyên mục) of the portal; `slug` is unique within the portal."""

    slug: str
    title: str


ArticleKind = Literal["article", "document", "page"]
"""`document`: an official text with number, issuer and signer; `page`: a static page without a date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What one capture says about one article. `url` is canonical; `identity` the portal's own id, if any."""

    url: str
    identity: str | None = None
    kind: ArticleKind = "article"
    title: str
    summary: str | None = None
    published: Published | None = None
    author: str | None = None
    organisation: str | None = None
    language: str = "vi"
    sections: tuple[SectionRef, ...] = ()
    number: str | None = None
    blocks: tuple[Block, ...] = ()
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    related: tuple[str, ...] = ()
    family: str = "unknown"
    confidence: float = 0.0

    @property
    def text(self) -> str:
        """The body as plain text, one blank line between blocks; no title, date, byline or captions."""
        return "\n\n".join(line for block in self.blocks for line in block.lines)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What `text` holds between its blank lines; notes and citations count these from 1."""
        text = self.text
        return tuple(text.split("\n\n")) if text else ()

    @property
    def words(self) -> int:
        """Number of white-space separated words (Vietnamese syllables) in `text`."""
        return len(self.text.split())

    @property
    def content_sha256(self) -> str:
        """Digest of what makes a revision: title, date, byline, summary, blocks, image and file addresses.

        SHA-256 over UTF-8 JSON with sorted keys and no spaces; see docs/evidence.md.
        """
        import hashlib
        import json

        content = {
            "title": self.title,
            "summary": self.summary,
            "published": self.published.isoformat() if self.published else None,
            "author": self.author,
            "organisation": self.organisation,
            "blocks": [[block.kind, list(block.lines)] for block in self.blocks if block.kind != "figure"],
            "images": [[image.url, image.caption] for image in self.images],
            "attachments": [[attachment.url, attachment.name] for attachment in self.attachments],
        }
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingItem:
    """One entry of a listing; what it says of the article is a cross-check for the article's own page."""

    url: str
    title: str
    published: Published | None = None
    summary: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionLink:
    """A menu entry that leads to a section. `parent` is the slug of the entry above it, if any."""

    url: str
    slug: str
    title: str
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of links to articles. `next` are the requests for the pages that follow (numbered or 'next')."""

    url: str
    title: str | None = None
    section: SectionRef | None = None
    items: tuple[ListingItem, ...] = ()
    next: tuple[Request, ...] = ()
    family: str = "unknown"
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """An image or a file: not a page, but part of an article. `bytes` and `sha256` are of the decoded payload.

    `text` is what a file says, a form feed between its pages; `text_by` what read it, with versions; `note` why there
    is no text, or not all of it (`gvreader.files.FileNote`).
    """

    url: str
    media_type: str
    bytes: int
    sha256: str
    text: str | None = None
    text_by: str = ""
    pages: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A page that says nothing we may keep as an article, and why; `missing` are the fields that were not found."""

    url: str
    kind: ProblemKind
    detail: str = ""
    missing: tuple[str, ...] = ()


Page = Article | Listing | Media | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTrace:
    """Where a field came from: the layer (`family`, `structure`, `density`, `listing`…) and how sure it is (0–1)."""

    field: str
    value: str
    layer: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that one capture gave: the page, the site's menu and feeds, and the trace that `probe` prints.

    `fingerprint` identifies the page's visible words without numbers: two pages of one host with the same
    fingerprint say the same (how a soft 404 is recognised). `fringe` are paragraphs at the edges of an
    article's body that stand in another box than its text: furniture, if other articles print them too.
    `is_garbled`: the letters seem to be those of another charset, and no repair was clear.
    `ends`: whether the HTML page has its end (`</html>`); None for what is no HTML page.
    """

    page: Page
    family: str = "unknown"
    family_evidence: tuple[str, ...] = ()
    menu: tuple[SectionLink, ...] = ()
    feeds: tuple[str, ...] = ()
    site_title: str | None = None
    fingerprint: str = ""
    fringe: tuple[str, ...] = ()
    trace: tuple[FieldTrace, ...] = ()
    dropped: tuple[str, ...] = ()
    ends: bool | None = None
    is_garbled: bool = False


# ── what is stored ──────────────────────────────────────────────────────────────────────────────


NoteState = Literal["", "moved", "changed", "lost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The reader's note on an article, or on a paragraph of its text, counted from 1 (0: all of it).

    `quote`: what the paragraph said when the note was written; empty where that is not known. `state`: the paragraph
    stands elsewhere now (`moved`), is worded otherwise (`changed`) or is no more (`lost`: it was near that number).
    """

    paragraph: int
    text: str
    quote: str = ""
    state: NoteState = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    read: bool = False
    starred: bool = False
    tags: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def note(self) -> str | None:
        """The note on the whole article."""
        return next((note.text for note in self.notes if not note.paragraph), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """One article as lists show it: everything but the body."""

    id: int
    key: str
    portal: str
    url: str
    kind: ArticleKind
    sections: tuple[SectionRef, ...]
    title: str
    summary: str | None
    published: Published | None
    author: str | None
    organisation: str | None
    language: str
    marks: Marks
    gone: datetime | None
    revision: int
    words: int
    has_image: bool = False
    has_attachment: bool = False
    changed: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """One article as the library keeps it: the row, the content of one revision, and its evidence.

    `source` and `trust` are those of the evidence, `source_uri` where its bytes came from when that is not the
    article's own address; `archived_only`: there are captures, but none from the portal itself.
    """

    row: ArticleRow
    article: Article
    first_seen: datetime
    fetched: datetime
    changed: datetime
    content_sha256: str
    evidence: RecordRef | None
    source: Source = "import"
    trust: Trust = "unknown"
    source_uri: str | None = None
    archived_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One distinct content over time. `number` counts from 1 in order of capture; `last_seen` is inclusive."""

    number: int
    first_seen: datetime
    last_seen: datetime
    content_sha256: str
    source: Source
    trust: Trust
    evidence: RecordRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One search result. `snippet` marks matches between U+E000 and U+E001; `where` says which field matched.

    `file`: the name of the attachment that the snippet is from, when `where` is `attachment`.
    """

    row: ArticleRow
    score: float
    snippet: str
    where: Literal["title", "summary", "text", "attachment"] = "text"
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The answer to a query. `relaxed`: marks were ignored to find anything.

    `total`: how many match, at least; exactly, if `is_counted`.
    """

    hits: tuple[Hit, ...]
    total: int
    is_counted: bool = True
    relaxed: bool = False
    understood: str = ""


# ── what happens ────────────────────────────────────────────────────────────────────────────────

Change = Literal["new", "changed", "unchanged", "gone", "returned", "earlier"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of a run, as `sync --json` reports them."""

    requests: int = 0
    not_modified: int = 0
    bytes: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: int = 0
    media_new: int = 0
    media_failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    portal: str
    title: str
    origin: str
    started: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """Sent after each request. `expected` is the best guess of all requests of this run, or None."""

    tally: Tally
    queued: int
    expected: int | None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleStored:
    key: str
    title: str
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemMet:
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A sentence for the log that is no problem (a repaired tail, a stale lock taken over)."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    """The end of a run. `complete` is false when anything is left to do; `exit_code` as in the contract.

    `captures`, of a backfill: how many of the captures that the web archive lists are in which state, of all runs.
    """

    portal: str
    started: datetime
    finished: datetime
    complete: bool
    exit_code: int
    tally: Tally
    problems: tuple[Problem, ...] = ()
    advice: str = ""
    captures: tuple[tuple[str, int], ...] = ()


Event = RunStarted | Progressed | ArticleStored | ProblemMet | Noted | RunFinished
