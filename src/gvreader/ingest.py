"""The one way into the archive: capture → vault → extract → decide → library.

`keep` writes evidence and reads it; `apply` stores what it means, inside the caller's transaction. Live sync,
import and rebuild share `apply`, so the library that a rebuild derives is the one that the runs derived.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, replace
from datetime import datetime
from sqlite3 import OperationalError
from typing import Final
from urllib.parse import urlsplit

from gvreader import urls
from gvreader.archive.library import Known, Library, Mention, target_of
from gvreader.archive.vault import Vault
from gvreader.decide import (
    change_of,
    counts_as,
    crosscheck,
    day_of,
    is_earlier_self,
    is_redesigned,
    key_for,
    known_boilerplate,
    learn_boilerplate,
    refuse_replacement,
    refuse_stranger,
    refuse_view,
    same_article,
    titles_agree,
)
from gvreader.errors import ArchiveDamaged, GvreaderError
from gvreader.extract.version import extractor_version
from gvreader.http.wholeness import PageEnds, is_conditional
from gvreader.model import (
    CLOCKS_APART,
    Article,
    Capture,
    Change,
    Extraction,
    Listing,
    ListingItem,
    Media,
    Page,
    Problem,
    ProblemKind,
    RecordRef,
    Refusal,
    Request,
    SectionLink,
    SectionRef,
)
from gvreader.portals import Portal, identity
from gvreader.sandbox import UNREAD_KINDS, is_page, is_redirect, read_capture, refused
from gvreader.vietnamese import fold

_log = logging.getLogger("gvreader.ingest")
PROBE_PATH: Final = "/gvreader-khong-ton-tai-{number}.html"
_PROBE: Final = re.compile(r"/gvreader-khong-ton-tai-\d+\.html$")
_GONE: Final = frozenset({404, 410})
SOFT_404: Final = "soft-404"
FURNITURE: Final = "furniture"
PAGE_ENDS: Final = "page ends"
_CANDIDATES: Final = "furniture candidates"
READING: Final = "reading"
"""The fact that names the record being read: what an interpreter that ended there leaves behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepResult:
    """A capture that lies in the vault, and what it says; `extraction` is None for what is no page.

    `ref` is None for a capture that no record can hold; its extraction is a refusal.
    """

    portal: Portal
    ref: RecordRef | None
    capture: Capture
    extraction: Extraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyResult:
    """What storing a capture did. `page` is what was believed in the end; `section` whose listing it is;
    `contradicted` are entries of a listing of which it said something else before, and known articles under a new
    name. `alternatives`: other addresses of an article that is not there any more under the one asked.
    `redesigned`: the family in whose markup a known article of another one came. `warning`: what went wrong inside a
    file that is stored all the same.
    """

    page: Page | None
    change: Change | None = None
    key: str | None = None
    article_id: int | None = None
    title: str = ""
    problem: Problem | None = None
    section: SectionLink | None = None
    contradicted: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    redesigned: str | None = None
    not_modified: bool = False
    warning: Problem | None = None
    is_kept: bool = True

    @property
    def is_unread(self) -> bool:
        """Whether the page failed its reader, rather than say nothing: another version may read it."""
        return self.problem is not None and self.problem.kind in UNREAD_KINDS


def examine(capture: Capture, portal: Portal) -> Extraction | None:
    """What a capture says; None for robots.txt, redirects and 304s. Total."""
    return read_capture(capture, portal)


def informed(library: Library, portal: Portal) -> Portal:
    """The portal with what its stored pages have shown: its family, unless declared, its furniture, their ends."""
    ends_pages = PageEnds.of(library.journal.fact(portal.name, PAGE_ENDS)).are_usual
    furniture = frozenset(library.journal.fact(portal.name, FURNITURE) or ())
    family = portal.family
    if family is None and (stored := library.portals.get(portal.name)) is not None:
        family = stored.family
    if (family, furniture, ends_pages) == (portal.family, portal.furniture, portal.ends_pages):
        return portal
    return replace(portal, family=family, furniture=furniture, ends_pages=ends_pages)


def _tell(kept: KeepResult, taken: ApplyResult) -> None:
    """Log what became of a capture."""
    url = kept.capture.url
    if taken.problem is not None:
        _log.info("refused %s: %s", url, taken.problem.kind)
        _log.debug("%s: %s", taken.problem.kind, taken.problem.detail)
    elif taken.change is not None:
        _log.info("%s %s: %s", taken.change, taken.key, url)
    elif taken.not_modified:
        _log.debug("not modified: %s", url)


class Ingest:
    """Stores captures of any source. One writer at a time; `apply` belongs inside `library.transaction()`.

    `now`, where captures of earlier runs are stored again: those that are later were taken while a clock was
    ahead, and count as older than the next one that was fetched.
    """

    def __init__(self, *, vault: Vault, library: Library, now: datetime | None = None) -> None:
        self._vault = vault
        self._library = library
        self._now = now
        self._was_ahead = now is not None and library.yet_to_come(now)[0] > 0

    def keep(self, portal: Portal, capture: Capture) -> KeepResult:
        """Write a capture to the vault, flushed to disk, and read what it says. Raises StorageFailed.

        What no record can hold is refused, not raised.
        """
        same = None
        if capture.status == 304:
            same = self._base(portal, capture)
        elif capture.body:
            same = self._library.captures.by_payload(capture.payload_sha256, capture.url)
        try:
            ref = self._vault.append(portal.name, portal.origin, capture, same_as=same)
        except GvreaderError:
            raise
        except Exception as error:  # noqa: BLE001 - one capture never stops a run
            extraction = refused(capture, portal, "unreadable", f"it cannot be kept: {_named(error)}")
            return KeepResult(portal=portal, ref=None, capture=capture, extraction=extraction)
        return self.read(portal, ref, capture)

    def read(self, portal: Portal, ref: RecordRef, capture: Capture) -> KeepResult:
        """A capture of the vault, read as a page of what is known of its portal by now.

        That it is being read is committed first: where the interpreter itself ended there, and where the page failed
        its reader before, it is read in the worker.
        """
        portal = informed(self._library, portal)
        if not is_page(capture):
            return KeepResult(portal=portal, ref=ref, capture=capture, extraction=None)
        journal, place = self._library.journal, f"{ref.file}:{ref.offset}"
        ended_there = journal.fact(portal.name, READING) == place
        if not ended_there:
            journal.set_fact(portal.name, READING, place)
        latest = self._library.captures.latest(portal.name, capture.request)
        has_failed = latest is not None and latest.verdict in UNREAD_KINDS
        extraction = read_capture(capture, portal, isolated=ended_there or has_failed)
        return KeepResult(portal=portal, ref=ref, capture=capture, extraction=extraction)

    def apply(self, kept: KeepResult) -> ApplyResult:
        """Store what a capture means. A bad answer never replaces a good article, nor stops a run.

        Raises what concerns the archive rather than the page: StorageFailed, ArchiveDamaged, ArchiveLocked.
        """
        if kept.ref is None:
            assert kept.extraction is not None
            page = kept.extraction.page
            assert isinstance(page, Refusal)
            problem = Problem(url=page.url, kind=page.kind, detail=page.detail)
            result = ApplyResult(page=page, problem=problem, is_kept=False)
            _tell(kept, result)
            return result
        try:
            with self._library.transaction():
                result = self._apply(kept)
        except (GvreaderError, OperationalError):
            raise
        except Exception as error:  # noqa: BLE001 - one page never stops a run
            refusal = Refusal(url=kept.capture.url, kind="unreadable", detail=f"not stored: {_named(error)}")
            result = self._refusal(kept, refusal)
            _log.debug("not stored", exc_info=error)
        _tell(kept, result)
        if kept.extraction is not None:
            self._library.journal.set_fact(kept.portal.name, READING, None)
        return result

    def _apply(self, kept: KeepResult) -> ApplyResult:
        self._order(kept.capture)
        self._introduce(kept)
        self._learn_ends(kept)
        if kept.extraction is None:
            return self._without_page(kept)
        if _PROBE.search(urlsplit(kept.capture.url).path):
            return self._probe(kept, kept.extraction)
        page = self._believed(kept, kept.extraction)
        if isinstance(page, Article):
            return self._article(kept, page)
        if isinstance(page, Listing):
            return self._listing(kept, page, kept.extraction)
        if isinstance(page, Media):
            self._library.media.put(page, self._index(kept, "media"))
            return ApplyResult(page=page, warning=_warning(page))
        return self._refusal(kept, page)

    def _order(self, capture: Capture) -> None:
        """Live captures come in the order in which they were written, whatever a clock that was ahead said."""
        if self._now is None:
            return
        if capture.captured > self._now + CLOCKS_APART:
            self._was_ahead = True
        elif self._was_ahead and capture.source == "live":
            self._library.bring_back(self._now, before=capture.captured)
            self._was_ahead = False

    def _introduce(self, kept: KeepResult) -> None:
        """Make the portal known with its first capture, and its family with the first page that shows it.

        The family tells how ids are spelled in addresses; learning it here, in the order of the captures, lets
        every way into the archive derive the same.
        """
        portal, portals = kept.portal, self._library.portals
        stored = portals.get(portal.name)
        family = portal.family
        if family is None and kept.extraction is not None:
            is_page = isinstance(kept.extraction.page, Article | Listing)
            shown = kept.extraction.family.partition("@")[0]
            family = shown if is_page and shown != "unknown" else None
        if stored is None or (stored.family is None and family):
            portals.save(portal.name, portal.title, portal.origin, family)

    # ── pages that are none ─────────────────────────────────────────────────────────────────────

    def _without_page(self, kept: KeepResult) -> ApplyResult:
        capture = kept.capture
        if is_redirect(capture):
            return self._redirect(kept)
        if capture.status != 304:
            self._index(kept, "robots")
            return ApplyResult(page=None)
        if self._base(kept.portal, capture) is None:
            detail = "304 Not Modified, but there is no earlier answer that it can be about"
            self._index(kept, "http-status", detail)
            return ApplyResult(page=None, problem=Problem(url=capture.url, kind="http-status", detail=detail))
        capture_id = self._index(kept, "not-modified")
        section = self._library.routes.section_of(kept.portal.name, capture.request)
        if section is not None:
            self._library.sections.succeeded(kept.portal.name, section.slug, capture.captured)
        known = known_at(self._library, kept.portal, capture.url)
        if known is None:
            return ApplyResult(page=None, not_modified=True)
        self._library.articles.touch(known.id, capture.captured, capture_id)
        if known.gone is not None and capture.captured >= known.fetched:
            self._library.articles.set_gone(known.id, None)
        return ApplyResult(
            page=None, not_modified=True, key=known.key, article_id=known.id, title=known.title
        )

    def _base(self, portal: Portal, capture: Capture) -> RecordRef | None:
        """The answer that a 304 says is still true: it counts only if it is at hand, and was asked about."""
        if is_conditional(capture) is False:
            return None
        return self._library.captures.base(portal.name, capture.request, capture.captured)

    def _learn_ends(self, kept: KeepResult) -> None:
        """Remember whether the portal's pages have an end: then one without it is cut."""
        if kept.extraction is None or kept.extraction.ends is None:
            return
        journal, name = self._library.journal, kept.portal.name
        known = PageEnds.of(journal.fact(name, PAGE_ENDS))
        seen = known.seen(target_of(kept.capture.request), has_end=kept.extraction.ends)
        if seen != known:
            journal.set_fact(name, PAGE_ENDS, seen.as_json())

    def _redirect(self, kept: KeepResult) -> ApplyResult:
        """An article whose address leads to the home page now was taken off."""
        capture, portal = kept.capture, kept.portal
        capture_id = self._index(kept, "redirect")
        home = urls.twin(portal.origin + "/")
        scope = portal.scope(urls.origin(capture.source_uri or "") or portal.origin)
        led = capture.header("location") or urls.refresh_target(capture.header("refresh") or "", capture.url)
        target = scope.resolve(capture.url, led or "")
        known = known_at(self._library, portal, capture.url)
        if known is None or target is None or urls.twin(target) != home or urls.twin(capture.url) == home:
            return ApplyResult(page=None)
        return self._missing(known, capture, capture_id)

    def _missing(
        self, known: Known, capture: Capture, capture_id: int, page: Page | None = None
    ) -> ApplyResult:
        """The portal serves a stored article no longer, once none of its addresses is known to answer.

        An older capture than the stored one says nothing new.
        """
        change: Change | None = None
        others: tuple[str, ...] = ()
        articles = self._library.articles
        if known.gone is None and capture.captured >= known.fetched:
            # Who reads an archive cannot ask what nobody has asked.
            may_ask = capture.source == "live"
            others = articles.other_addresses(known.id, target_of(capture.request), may_ask=may_ask)
            if not others:
                articles.set_gone(known.id, capture.captured)
                articles.miss(known.id, capture.captured, capture_id)
                change = "gone"
        return ApplyResult(
            page=page,
            change=change,
            key=known.key,
            article_id=known.id,
            title=known.title,
            alternatives=others,
        )

    def _probe(self, kept: KeepResult, extraction: Extraction) -> ApplyResult:
        """Learn what this host says when there is nothing: the answer to an address that cannot exist."""
        self._index(kept, "http-status" if kept.capture.status >= 400 else "soft-404", "asked on purpose")
        if kept.capture.status == 200 and extraction.fingerprint:
            journal, name = self._library.journal, kept.portal.name
            known = journal.fact(name, SOFT_404)
            learnt = known if isinstance(known, list) else []
            if extraction.fingerprint not in learnt:
                journal.set_fact(name, SOFT_404, [*learnt, extraction.fingerprint])
        return ApplyResult(page=None)

    def _believed(self, kept: KeepResult, extraction: Extraction) -> Page:
        """The page, unless it is the host's way of saying that there is none."""
        page = extraction.page
        is_home = urls.twin(kept.capture.url) == urls.twin(kept.portal.origin + "/")
        may_echo = isinstance(page, Article) or (isinstance(page, Listing) and not is_home)
        if may_echo and extraction.fingerprint:
            learnt = self._library.journal.fact(kept.portal.name, SOFT_404)
            if isinstance(learnt, list) and extraction.fingerprint in learnt:
                detail = "the page says what this portal says of an address that does not exist"
                return Refusal(url=page.url, kind="soft-404", detail=detail)
        return page

    def _refusal(self, kept: KeepResult, page: Refusal) -> ApplyResult:
        capture, portal = kept.capture, kept.portal
        capture_id = self._index(kept, page.kind, page.detail)
        known = known_at(self._library, portal, capture.url)
        is_missing = page.kind == "soft-404" or (page.kind == "http-status" and capture.status in _GONE)
        if known is not None and is_missing and capture.captured >= known.fetched:
            return self._missing(known, capture, capture_id, page)
        problem = Problem(url=capture.url, kind=page.kind, detail=page.detail)
        return ApplyResult(page=page, problem=problem)

    # ── articles ────────────────────────────────────────────────────────────────────────────────

    def _article(self, kept: KeepResult, article: Article) -> ApplyResult:
        library, portal, capture = self._library, kept.portal, kept.capture
        said = library.routes.mentions(portal.name, article.url, article.identity)
        printed = article
        article, mentions = self._completed(portal, article, said)
        known = self._known(kept, article)
        headlines = tuple(mention.item.title for mention in said)
        refusal = (
            refuse_stranger(article, known, headlines)
            or refuse_view(article, capture.url, known)
            or refuse_replacement(article, known)
        )
        if refusal is not None:
            return self._refusal(kept, refusal)
        if known is not None and article.published != printed.published:
            known = self._dated(known, printed, article)
        seen = counts_as(capture, library.articles.first_live(known.id) if known is not None else None)
        change = change_of(article, seen, known)
        capture_id = self._index(kept, "article")
        if known is None:
            key = key_for(portal.name, article, is_taken=library.articles.has_key)
            article_id = library.articles.insert(portal.name, article, key, seen, capture_id)
        else:
            key, article_id = known.key, known.id
            outcome = library.articles.add_revision(article_id, article, seen, capture_id)
            change = change if change == "returned" else outcome
            if change == "returned":
                library.articles.set_gone(article_id, None)
        for address in {capture.url, capture.request.url, *(mention.item.url for mention in mentions)}:
            library.articles.add_url(article_id, address)
        if kept.extraction is not None and kept.extraction.fringe:
            self._learn_boilerplate(portal, kept.extraction.fringe, article_id)
        warning = None
        if kept.extraction is not None and kept.extraction.is_garbled:
            detail = "the text seems garbled: its letters are those of another charset"
            warning = Problem(url=capture.url, kind="bad-encoding", detail=detail)
        is_matched = known is not None and change != "earlier" and is_redesigned(article, known)
        return ApplyResult(
            page=article,
            change=change,
            key=key,
            article_id=article_id,
            title=article.title,
            redesigned=article.family.partition("@")[0] if is_matched else None,
            warning=warning,
        )

    def _completed(
        self, portal: Portal, article: Article, said: tuple[Mention, ...]
    ) -> tuple[Article, tuple[Mention, ...]]:
        """The article with what lists of the portal add to it, and those of their mentions that are of it."""
        mentions = _of_this(article, said)
        article = crosscheck(article, tuple(mention.item for mention in mentions))
        return replace(article, sections=self._sections_of(portal, article, mentions)), mentions

    def _dated(self, known: Known, printed: Article, article: Article) -> Known:
        """A date that only a listing gives is no change of the page: earlier looks at it get the date, too."""
        before = printed.content_sha256
        if not self._library.articles.restate(known.id, before, article):
            return known
        is_current = known.content_sha256 == before
        return replace(known, content_sha256=article.content_sha256) if is_current else known

    def _learn_boilerplate(self, portal: Portal, fringe: tuple[str, ...], article_id: int) -> None:
        """Count what stands around the text; articles that were read with what turns out furniture are read again."""
        journal = self._library.journal
        candidates, learnt = learn_boilerplate(
            journal.fact(portal.name, _CANDIDATES) or {}, fringe, article_id
        )
        journal.set_fact(portal.name, _CANDIDATES, candidates)
        if not learnt:
            return
        known = journal.fact(portal.name, FURNITURE) or ()
        journal.set_fact(portal.name, FURNITURE, known_boilerplate(known, learnt))
        portal = informed(self._library, portal)
        for number in sorted({number for articles in learnt.values() for number in articles}):
            self._read_again(portal, number)

    def _read_again(self, portal: Portal, article_id: int) -> None:
        """Derive the revisions of an article from their records with what is known of the portal now."""
        for revision in self._library.articles.history(article_id):
            if revision.evidence is None:
                continue
            try:
                capture = self._vault.get(revision.evidence)
            except ArchiveDamaged:
                continue
            extraction = examine(capture, replace(portal, ends_pages=False))
            if extraction is None or not isinstance(extraction.page, Article):
                continue
            page = extraction.page
            said = self._library.routes.mentions(portal.name, page.url, page.identity)
            article, _ = self._completed(portal, page, said)
            self._library.articles.restate(article_id, revision.content_sha256, article)

    def _known(self, kept: KeepResult, article: Article) -> Known | None:
        """The stored article that this page is another look at."""
        library, portal = self._library, kept.portal
        trusted = article.family.partition("@")[0] not in ("", "unknown")
        candidates = dict.fromkeys(library.articles.find(portal.name, article.url, article.identity))
        candidates |= dict.fromkeys(library.articles.with_content(portal.name, article.content_sha256))
        for known in candidates:
            is_same_family = known.family.partition("@")[0] in (
                "",
                "unknown",
                article.family.partition("@")[0],
            )
            if same_article(
                article, known, ids_are_trusted=trusted and is_same_family
            ) or library.articles.has_url(known.id, article.url):
                return known
        return self._earlier_self(portal, article)

    def _earlier_self(self, portal: Portal, article: Article) -> Known | None:
        """The stored article that a page of a redesigned portal is: by its day, its headline and its text."""
        articles = self._library.articles
        day = day_of(article.published) if article.published is not None else None
        for known in articles.on_day(portal.name, day):
            if not is_redesigned(article, known):
                continue
            stored = articles.stored(known.id)
            if stored is not None and is_earlier_self(article, stored.article):
                return known
        return None

    def _sections_of(
        self, portal: Portal, article: Article, mentions: tuple[Mention, ...]
    ) -> tuple[SectionRef, ...]:
        """The sections that list the article and those that its own page names, under the names of the menu."""
        sections = self._library.sections.counts(portal.name)
        by_slug = {section.slug: section for section in sections}
        by_title = {fold(section.title): section for section in reversed(sections)}
        found: dict[str, SectionRef] = {}
        for mention in mentions:
            if section := by_slug.get(mention.slug):
                found[section.slug] = SectionRef(slug=section.slug, title=section.title)
        for ref in article.sections:
            section = by_slug.get(ref.slug) or by_title.get(fold(ref.title))
            named = ref if section is None else SectionRef(slug=section.slug, title=section.title)
            found.setdefault(named.slug, named)
        return tuple(found.values())

    # ── listings ────────────────────────────────────────────────────────────────────────────────

    def _listing(self, kept: KeepResult, listing: Listing, extraction: Extraction) -> ApplyResult:
        library, portal, capture = self._library, kept.portal, kept.capture
        name = portal.name
        self._index(kept, "listing")
        scope = portal.scope()
        for entry in extraction.menu:
            library.routes.lead(name, Request(url=entry.url), entry)
        section = self._section_of_listing(kept, listing, scope)
        # Lists that belong to no section differ in how they shorten a headline: each is compared with itself.
        is_home = urls.twin(capture.url) == urls.twin(portal.origin + "/")
        slug, section_id = "" if is_home else f"@{urlsplit(capture.url).path}", None
        if section is not None:
            slug = section.slug
            section_id = library.sections.save(
                name, self._placed(name, section, extraction), capture.captured
            )
            library.sections.succeeded(name, slug, capture.captured)
            for request in listing.next:
                library.routes.lead(name, request, section)
        contradicted = []
        for item in listing.items:
            is_contradicted = library.routes.mention(name, slug, item, identity(item.url, portal.family))
            known = known_at(library, portal, item.url)
            is_renamed = (
                known is not None
                and urls.slug(known.url) != urls.slug(item.url)
                and not library.articles.has_url(known.id, item.url)
            )
            if is_contradicted or is_renamed:
                contradicted.append(item.url)
            # Under a new name it is asked first: the number alone may be another article's by now.
            if known is not None and not is_renamed:
                library.articles.add_url(known.id, item.url)
                self._complete_date(portal, known, item)
                if section_id is not None:
                    library.articles.put_in_section(known.id, section_id)
        return ApplyResult(page=listing, section=section, contradicted=tuple(contradicted))

    def _complete_date(self, portal: Portal, known: Known, item: ListingItem) -> None:
        """A list that is read after an article gives the date that its page does not print."""
        if known.published is not None or item.published is None:
            return
        stored = self._library.articles.stored(known.id)
        if stored is not None:
            said = self._library.routes.mentions(portal.name, stored.article.url, stored.article.identity)
            article, _ = self._completed(portal, stored.article, said)
            self._library.articles.restate(known.id, known.content_sha256, article)

    def _placed(self, portal: str, section: SectionLink, extraction: Extraction) -> SectionLink:
        """A section at its own address: as the menu says, else where it was met first, never a later page of it."""
        named = next((entry.url for entry in extraction.menu if entry.slug == section.slug), None)
        if named is None:
            stored = self._library.sections.links(portal)
            named = next((one.url for one in stored if one.slug == section.slug and one.url), section.url)
        return replace(section, url=named)

    def _section_of_listing(
        self, kept: KeepResult, listing: Listing, scope: urls.Scope
    ) -> SectionLink | None:
        """Whose listing this is: what led here says, else the page's own breadcrumb; the home page is nobody's."""
        portal, request = kept.portal, kept.capture.request
        starts = {
            urls.twin(url)
            for path in ("/", *portal.start)
            if (url := scope.resolve(portal.origin + "/", path))
        }
        if urls.twin(kept.capture.url) == urls.twin(portal.origin + "/"):
            return None
        for asked in (request, Request(url=kept.capture.url)):
            section = self._library.routes.section_of(portal.name, asked)
            if section is not None:
                return section
        if listing.section is None or urls.twin(kept.capture.url) in starts:
            return None
        return SectionLink(url=kept.capture.url, slug=listing.section.slug, title=listing.section.title)

    def _index(self, kept: KeepResult, verdict: str, detail: str = "") -> int:
        assert kept.ref is not None
        extractor = extractor_version() if kept.extraction is not None else ""
        return self._library.captures.add(
            kept.portal.name, kept.capture, kept.ref, verdict, detail, extractor=extractor
        )


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200].rstrip(": ")


def _warning(media: Media) -> Problem | None:
    """What is told of a file whose reader gave up."""
    kinds: dict[str, ProblemKind] = {
        "too-slow": "too-slow",
        "too-large": "too-large",
        "unreadable": "unreadable",
    }
    kind = kinds.get(media.note)
    return Problem(url=media.url, kind=kind, detail="the text of the file was not read") if kind else None


def _of_this(article: Article, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Those that are of the article's address, or of its id under the same headline."""
    own = urls.twin(article.url)
    return tuple(
        mention
        for mention in mentions
        if urls.twin(mention.item.url) == own or titles_agree(mention.item.title, article.title)
    )


def known_at(library: Library, portal: Portal, url: str) -> Known | None:
    """The stored article that an address leads to: a known address, or a trusted id under another path."""
    number = identity(url, portal.family) if portal.family is not None else None
    for known in library.articles.find(portal.name, url, number):
        if library.articles.has_url(known.id, url):
            return known
        same_slug = urls.slug(known.url) == urls.slug(url)
        if number is not None and number == known.identity and (known.kind != "page" or same_slug):
            return known
    return None
