"""What to visit next: articles, listings, menus and files that pages lead to, and what was looked at long ago.

Every method that queues belongs inside the transaction that stores the page which led there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from gvreader import urls
from gvreader.archive.library import (
    EntryKind,
    FrontierEntry,
    Known,
    Library,
    target_of,
)
from gvreader.decide import as_instant, day_of, overdue
from gvreader.errors import UsageError
from gvreader.i18n import _
from gvreader.ingest import PROBE_PATH, ApplyResult, known_at
from gvreader.model import (
    CLOCKS_APART,
    Article,
    Listing,
    ListingItem,
    Request,
    SectionLink,
)
from gvreader.operations.sync.options import SyncOptions
from gvreader.portals import Portal, identity

_log = logging.getLogger("gvreader.sync")
SWEEP_EVERY: Final = timedelta(days=30)
DULL_FOR: Final = timedelta(days=7)
PROBE_EVERY: Final = timedelta(days=30)
MAX_MENU: Final = 300
MAX_FEEDS: Final = 3
MAX_SITEMAPS: Final = 50
"""Sitemaps of a run, those that indexes name among them."""
SITEMAP_DEPTH: Final = 3
MAX_PAGES: Final = 1000
"""Pages of one section that a run reads; the next run goes on behind them."""
BARREN_PAGES: Final = 2
"""Pages in a row without an entry that this run has not met in the section: the list is at its end."""
HOLLOW_PAGES: Final = 20
"""Pages in a row whose new entries all turned out to be articles that are known under another address."""
_NEXT_RUN: Final = timedelta(microseconds=1)
FRESH_LOOKS: Final = 10
MOST_ATTEMPTS: Final = 3
_ATTEMPT: Final = "attempt"
_ENDED_AT: Final = "ended at"
_ALL: Final[tuple[EntryKind, ...]] = (
    "home",
    "probe",
    "feed",
    "sitemap",
    "listing",
    "article",
    "found",
    "media",
)
_LISTINGS: Final[tuple[EntryKind, ...]] = ("home", "probe", "feed", "sitemap", "listing")
_NO_LISTINGS: Final[tuple[EntryKind, ...]] = ("home", "probe", "article", "media")


@dataclass(slots=True)
class Walk:
    """How far a section's listing pages were followed in this run."""

    was_complete: bool
    caught_up: bool = False
    opened: bool = False
    pages: int = 0
    met: set[str] = field(default_factory=set)
    barren: int = 0
    hollow: int = 0
    promised: int = 0
    kept_none: int = 0

    def read(self, keys: Collection[str]) -> None:
        """Count a page by what its entries are known by."""
        self.pages += 1
        self.hollow = self.hollow + 1 if self.promised and self.kept_none == self.promised else 0
        self.promised = self.kept_none = 0
        self.barren = 0 if not self.met.issuperset(keys) else self.barren + 1
        self.met.update(keys)

    @property
    def leads_nowhere(self) -> bool:
        """Whether its pages go on, but bring nothing that they have not brought before."""
        return self.barren >= BARREN_PAGES or self.hollow >= HOLLOW_PAGES


class Frontier:
    """The queue of one run, kept in the library's journal so that a kill does not lose it."""

    def __init__(
        self,
        portal: Portal,
        library: Library,
        options: SyncOptions,
        clock: Callable[[], datetime],
        started: datetime,
    ) -> None:
        self.portal = portal
        self._scope = portal.scope()
        self._library = library
        self._journal = library.journal
        self._options = options
        self._clock = clock
        self._started = started
        self._walks: dict[str, Walk] = {}
        self._looks: set[str] = set()
        self._found: set[str] = set()
        self._unreachable: set[str] = set()
        self._feeds = 0
        self._sitemaps = 0
        self._last_before = 0
        self._menu = 0
        self._menu_checked = False
        self._looked_again = False
        self._sweep = options.full
        self.articles_fetched = 0
        self._attempted: str | None = None
        self._ended_at: dict[str, int] = {}
        self.home = frozenset(target_of(Request(url=url)) for url in self._start_urls())

    # ── the beginning ───────────────────────────────────────────────────────────────────────────

    def begin(self, probe_number: int) -> None:
        """Queue what every run begins with; entries left over from a killed run stay queued."""
        name = self.portal.name
        self._read_attempts()
        self._journal.begin_round(name)
        self._last_before = self._journal.newest(name)
        for url in self._start_urls():
            self._journal.push(name, FrontierEntry(kind="home", request=Request(url=url)))
        self._probe = Request(url=self.portal.origin + PROBE_PATH.format(number=probe_number))
        if self._is_stale("probe", PROBE_EVERY):
            self._journal.push(name, FrontierEntry(kind="probe", request=self._probe))
        if self._options.media:
            for missing in self._library.media.missing(name):
                self._queue_media(missing.url)
        self._sweep = self._sweep or self._is_stale("sweep", SWEEP_EVERY)
        self.follow_menu(self.portal.sections)

    @property
    def reads_lists_only(self) -> bool:
        """Whether the run asks for no articles."""
        return self._options.listings_only

    def _start_urls(self) -> tuple[str, ...]:
        found = (self._scope.resolve(self.portal.origin + "/", path) for path in self.portal.start)
        return tuple(url for url in found if url is not None)

    # ── the next entry ──────────────────────────────────────────────────────────────────────────

    def next(self, *, may_look_again: bool) -> FrontierEntry | None:
        """The next entry worth a request; entries that turned out to be known are crossed off on the way."""
        while True:
            entry = self._journal.next(self.portal.name, self._started, kinds=self._kinds())
            if entry is None:
                if self._looked_again or not may_look_again or not self._queue_second_looks():
                    return None
                continue
            reason = self._reason_to_skip(entry)
            if not reason and self._is_too_deep(entry):
                self._journal.postpone(entry, self._started + _NEXT_RUN, counts=False)
                continue
            if not reason:
                return entry
            _log.info("skipped %s: %s", entry.request.url, reason)
            self._journal.done(entry)

    def _is_too_deep(self, entry: FrontierEntry) -> bool:
        """Whether a section has had its share of this run."""
        walk = self._walks.get(entry.section or "")
        return entry.kind == "listing" and entry.depth > 0 and walk is not None and walk.pages >= MAX_PAGES

    # ── attempts ────────────────────────────────────────────────────────────────────────────────

    def attempt(self, entry: FrontierEntry) -> bool:
        """Note that an entry is about to be visited; false where too many runs in a row have ended at it.

        A run that is stopped takes its note back (`forget_attempt`): only what killed the process leaves one.
        """
        self.forget_attempt()
        target = target_of(entry.request)
        if self._ended_at.get(target, 0) >= MOST_ATTEMPTS:
            self._attempted = target
            self.forget_attempt()
            return False
        self._attempted = target
        self._journal.set_fact(self.portal.name, _ATTEMPT, target)
        return True

    def forget_attempt(self) -> None:
        """What was attempted last is done, or was left in good order."""
        if self._attempted is None:
            return
        if self._ended_at.pop(self._attempted, None) is not None:
            self._journal.set_fact(self.portal.name, _ENDED_AT, self._ended_at or None)
        self._attempted = None
        self._journal.set_fact(self.portal.name, _ATTEMPT, None)

    def _read_attempts(self) -> None:
        """Count the address at which the last run ended, if it did so without a word."""
        name = self.portal.name
        known = self._journal.fact(name, _ENDED_AT)
        self._ended_at = known if isinstance(known, dict) else {}
        last = self._journal.fact(name, _ATTEMPT)
        if isinstance(last, str):
            self._ended_at[last] = self._ended_at.get(last, 0) + 1
            self._journal.set_fact(name, _ENDED_AT, self._ended_at)
            self._journal.set_fact(name, _ATTEMPT, None)

    def _kinds(self) -> tuple[EntryKind, ...]:
        """The kinds of entries that may still be fetched: with a limit, no more articles than asked for."""
        if self._options.listings_only:
            return _LISTINGS
        limit = self._options.limit
        if limit is None:
            return _ALL
        if self.articles_fetched >= limit:
            return ("media",)
        waiting = self._journal.queued(self.portal.name).get("article", 0)
        return _NO_LISTINGS if waiting >= limit - self.articles_fetched else _ALL

    def _reason_to_skip(self, entry: FrontierEntry) -> str:
        """Why an entry is not worth a request, in a few words; empty where it is."""
        if entry.kind == "media":
            return "" if self._options.media else "files are not asked for"
        if entry.kind in ("home", "probe", "feed", "sitemap"):
            return ""
        if entry.kind == "found":
            return "known" if self._known_at(entry.request.url) is not None else ""
        is_look = target_of(entry.request) in self._looks
        if self._options.sections and not is_look and not self._is_selected(entry):
            return "of another section"
        if entry.kind == "article":
            if self._number(entry.request.url) in self._unreachable:
                return "its other address did not answer"
            is_known = not is_look and known_at(self._library, self.portal, entry.request.url) is not None
            return "known" if is_known else ""
        walk = self._walks.get(entry.section or "")
        is_done = walk is not None and entry.depth > 0 and walk.caught_up
        return "its section has nothing new" if is_done else ""

    def _is_selected(self, entry: FrontierEntry) -> bool:
        """Whether an entry belongs to a section asked for; an article may have been met on another list first."""
        selected = self._selected()
        if entry.section in selected:
            return True
        url = entry.request.url
        mentions = self._library.routes.mentions(self.portal.name, url, self._number(url))
        return entry.kind == "article" and any(mention.slug in selected for mention in mentions)

    def _selected(self) -> frozenset[str]:
        """The sections asked for, with those below them in the menu."""
        chosen = set(self._options.sections)
        sections = self._library.sections.counts(self.portal.name)
        below = {section.slug for section in sections if section.parent in chosen}
        while not below <= chosen:
            chosen |= below
            below = {section.slug for section in sections if section.parent in chosen}
        return frozenset(chosen)

    def is_conditional(self, entry: FrontierEntry) -> bool:
        """Whether an unchanged answer would tell all that we need of an entry; a full run believes none."""
        if self._options.full:
            return False
        if entry.kind in ("feed", "sitemap"):
            return True
        if entry.kind in ("home", "probe"):
            return False
        return entry.kind != "listing" or (self.walk(entry.section).was_complete and not self._sweep)

    # ── what follows from a page ────────────────────────────────────────────────────────────────

    def follow_listing(self, entry: FrontierEntry, listing: Listing, taken: ApplyResult) -> None:
        """Queue a listing's entries and the pages after it, until everything on a page was known before."""
        slug = taken.section.slug if taken.section is not None else (entry.section or "")
        walk = self.walk(slug)
        walk.read([self._number(item.url) or urls.twin(item.url) for item in listing.items])
        news = too_old = 0
        for item in listing.items:
            if self._is_too_old(item):
                too_old += 1
            else:
                news += self._queue_article(item, slug or None, taken.contradicted, depth=entry.depth + 1)
        walk.promised = news
        if news:
            self._open(slug)
        if entry.depth == 0:
            present = frozenset(known.id for item in listing.items if (known := self._known_at(item.url)))
            for url in self._library.routes.vanished(self.portal.name, slug, listing.items, present):
                self._queue_look(url)
        nothing_new = bool(listing.items) and not news and walk.was_complete and not self._sweep
        if nothing_new or walk.leads_nowhere or (listing.items and too_old == len(listing.items)):
            walk.caught_up = True
            return
        for request in listing.next:
            if self._scope.contains(request.url) and not urls.is_trap(request.url):
                following = FrontierEntry(
                    kind="listing", request=request, section=slug or None, depth=entry.depth + 1
                )
                self._journal.push(self.portal.name, following)

    def is_past_the_end(self, entry: FrontierEntry) -> bool:
        """Whether a further page of a list that says nothing, or is not there, is where the list ends."""
        if entry.kind != "listing" or entry.depth == 0:
            return False
        walk = self.walk(entry.section)
        walk.read(())
        walk.caught_up = walk.caught_up or walk.leads_nowhere
        return True

    def was_known(self, entry: FrontierEntry) -> None:
        """An entry of a list that seemed new was an article known under another address."""
        if target_of(entry.request) not in self._looks:
            self.walk(entry.section).kept_none += 1

    def look_elsewhere(self, addresses: tuple[str, ...]) -> None:
        """An article is not where it was: before it is called gone, its other addresses are asked."""
        for url in addresses:
            if self._scope.contains(url):
                self._queue_look(url)

    def _known_at(self, url: str) -> Known | None:
        return known_at(self._library, self.portal, url)

    def follow_home(self, listing: Listing) -> None:
        """Ask what the host says of an address that cannot exist, when its home page is not as we know it."""
        dated = sum(item.published is not None for item in listing.items)
        if dated < 2 and not self.recognised(listing):
            self._journal.push(self.portal.name, FrontierEntry(kind="probe", request=self._probe))

    def recognised(self, listing: Listing) -> int:
        """How many entries of a listing are articles of the archive."""
        return sum(known_at(self._library, self.portal, item.url) is not None for item in listing.items)

    def follow_feeds(self, feeds: tuple[str, ...]) -> None:
        """Queue the site's own lists of what is new, those of the whole site first."""
        for url in sorted(feeds, key=len):
            logical = self._scope.logical(url)
            if self._feeds >= MAX_FEEDS or logical is None or not self._scope.contains(logical):
                continue
            request = Request(url=logical)
            if self._is_stale(f"dull:{target_of(request)}", DULL_FOR):
                self._feeds += self._journal.push(
                    self.portal.name, FrontierEntry(kind="feed", request=request)
                )

    def follow_sitemaps(self, addresses: Iterable[str], depth: int = 0) -> None:
        """Queue sitemaps that robots.txt or an index names. They say nothing of sections and days."""
        if self._options.sections or self._options.since or depth > SITEMAP_DEPTH:
            return
        for url in addresses:
            logical = self._scope.logical(url)
            if self._sitemaps < MAX_SITEMAPS and logical is not None and self._scope.may_fetch(logical):
                entry = FrontierEntry(kind="sitemap", request=Request(url=logical), depth=depth)
                self._sitemaps += self._journal.push(self.portal.name, entry)

    def follow_sitemap(self, entry: FrontierEntry, listing: Listing) -> None:
        """Queue the addresses of a sitemap that nobody has asked yet; lists that name them come before."""
        self.follow_sitemaps((request.url for request in listing.next), entry.depth + 1)
        for item in listing.items:
            url = self._scope.logical(item.url)
            if url is None or not self._scope.contains(url) or urls.is_trap(url):
                continue
            request = Request(url=url)
            if target_of(request) in self.home or self._known_at(url) is not None:
                continue
            if self._library.captures.latest(self.portal.name, request) is None:
                found = FrontierEntry(kind="found", request=request, title=item.title or None, depth=1)
                self._journal.push(self.portal.name, found)

    def follow_feed(self, listing: Listing) -> None:
        """Queue the entries of a feed."""
        for item in listing.items:
            if not self._is_too_old(item):
                self._queue_article(item, None, (), depth=1)

    def unreachable(self, entry: FrontierEntry) -> None:
        """An article that cost its full time is not asked for under its other addresses in this run."""
        number = self._number(entry.request.url)
        if entry.kind == "article" and number is not None:
            self._unreachable.add(number)

    def _number(self, url: str) -> str | None:
        return identity(url, self.portal.family) if self.portal.family is not None else None

    def follow_article(self, entry: FrontierEntry, article: Article) -> None:
        """Queue the files of an article and the articles that it names as related."""
        if entry.kind in ("article", "found"):
            self.articles_fetched += 1
        for url in article.related:
            self._queue_article(ListingItem(url=url, title=""), None, (), depth=entry.depth + 1, later=True)
        if not self._options.media:
            return
        for url in (*(image.url for image in article.images), *(file.url for file in article.attachments)):
            if not self._library.media.has(url):
                self._queue_media(url)

    def follow_menu(self, menu: tuple[SectionLink, ...]) -> None:
        """Queue a menu's pages, but for those known to be articles or to say nothing."""
        for section in menu:
            url = self._scope.logical(section.url)
            if self._menu >= MAX_MENU or url is None or not self._scope.contains(url) or urls.is_trap(url):
                continue
            request = Request(url=url)
            target = target_of(request)
            if target in self.home or not self._is_stale(f"dull:{target}", DULL_FOR):
                continue
            if not self.is_section(section.slug) and known_at(self._library, self.portal, url) is not None:
                continue
            entry = FrontierEntry(kind="listing", request=request, section=section.slug, title=section.title)
            self._menu += self._journal.push(self.portal.name, entry)

    def follow_known_sections(self) -> None:
        """When the home page fails, the sections that earlier runs found may still answer."""
        self.follow_menu(self._library.sections.all(self.portal.name))

    def listing_is_unchanged(self, entry: FrontierEntry) -> None:
        """The portal said that a listing is as it was when the section was complete."""
        self.walk(entry.section).caught_up = True

    def is_dull(self, entry: FrontierEntry) -> bool:
        """Whether a refused entry is a feed, or a menu's link that never led to a section; it is left for a while."""
        is_menu = entry.kind == "listing" and entry.depth == 0 and not self.is_section(entry.section)
        if entry.kind != "feed" and not is_menu:
            return False
        self.remember(f"dull:{target_of(entry.request)}")
        return True

    def check_selection(self) -> None:
        """Once the menu is known, a section that was asked for must exist. Raises UsageError."""
        if self._menu_checked or not self._options.sections:
            return
        self._menu_checked = True
        waiting = {entry.section for entry in self._journal.waiting(self.portal.name)}
        known = {section.slug for section in self._library.sections.counts(self.portal.name)}
        slugs = sorted(known | {slug for slug in waiting if slug})
        for asked in self._options.sections:
            if asked not in slugs:
                have = ", ".join(slugs) or _("none that could be read")
                raise UsageError(
                    _("The portal has no section `{slug}`.").format(slug=asked),
                    advice=_("It has: {slugs}.").format(slugs=have),
                )

    def _queue_article(
        self,
        item: ListingItem,
        section: str | None,
        contradicted: tuple[str, ...],
        *,
        depth: int,
        later: bool = False,
    ) -> bool:
        """Queue a listing's entry; whether it is news to this run.

        Where only some sections are wanted, what other lists name waits: one of theirs may name it, too.
        """
        later = later or (bool(self._options.sections) and section not in self._selected())
        url = self._scope.logical(item.url)
        if url is None or not self._scope.contains(url) or urls.is_trap(url):
            return False
        request = Request(url=url)
        target = target_of(request)
        if target in self.home:
            return False
        if target in self._found and not later:
            return True
        known = self._known_at(url)
        if known is not None:
            if known.gone is None and item.url not in contradicted:
                return False
            self._looks.add(target)
        if not later:
            self._found.add(target)
        entry = FrontierEntry(
            kind="article",
            request=request,
            section=section,
            title=item.title or None,
            published=item.published,
            depth=depth,
            later=later,
        )
        return self._journal.push(self.portal.name, entry) > 0 and known is None

    # ── looking again ───────────────────────────────────────────────────────────────────────────

    def _queue_media(self, url: str) -> None:
        if self._scope.may_fetch(url) and not urls.is_embedded_address(url):
            self._journal.push(self.portal.name, FrontierEntry(kind="media", request=Request(url=url)))

    def _queue_look(self, url: str) -> None:
        request = Request(url=url)
        self._looks.add(target_of(request))
        self._journal.push(self.portal.name, FrontierEntry(kind="article", request=request, later=True))

    def _queue_second_looks(self) -> bool:
        """Look again at the articles whose turn it is; whether there are any."""
        self._looked_again = True
        if self._options.limit is not None:
            return False
        known = self._library.articles.known(self.portal.name)
        stale = [article for article in known if article.gone is None and article.fetched < self._started]
        if not self._options.full:
            stale = self._due(stale)[: 2 * len(self._walks) + 4 - self._feeds]
        for article in stale:
            self._queue_look(article.url)
        return bool(stale)

    def _due(self, known: list[Known]) -> list[Known]:
        """The articles worth another look: most overdue first, then the newest ones, then those unseen for longest."""
        ratios = {
            article.id: overdue(
                published=article.published,
                first_seen=article.first_seen,
                changed=article.changed,
                fetched=article.fetched,
                now=self._started,
            )
            for article in known
        }
        due = sorted(
            (one for one in known if ratios[one.id] >= 1), key=lambda one: ratios[one.id], reverse=True
        )
        rest = [one for one in known if ratios[one.id] < 1]
        rest.sort(key=lambda one: as_instant(one.published or one.first_seen), reverse=True)
        return due + rest[:FRESH_LOOKS] + sorted(rest[FRESH_LOOKS:], key=lambda one: one.fetched)

    # ── sections ────────────────────────────────────────────────────────────────────────────────

    def walk(self, slug: str | None) -> Walk:
        """This run's walk through a section (None: the home page)."""
        name = slug or ""
        if name not in self._walks:
            was_complete = self._journal.fact(self.portal.name, f"walked:{name}") is not None
            self._walks[name] = Walk(was_complete=was_complete)
        return self._walks[name]

    def _open(self, slug: str) -> None:
        """Until the walk has ended, a kill must not leave the section looking complete."""
        walk = self.walk(slug)
        if not walk.opened:
            walk.opened = True
            self._journal.set_fact(self.portal.name, f"walked:{slug}", None)

    def forget(self) -> None:
        """Nothing that this run was led to is the portal's."""
        self._journal.forget_after(self.portal.name, self._last_before)

    def close(self) -> None:
        """Mark as complete the sections all of whose pages were read."""
        if self._options.since is not None:
            return
        pending = self._journal.pending_sections(self.portal.name)
        for slug in self._walks:
            if slug not in pending:
                self.remember(f"walked:{slug}")
        if self._sweep and not pending:
            self.remember("sweep")

    def is_section(self, slug: str | None) -> bool:
        """Whether a slug is a section that was read as a listing before."""
        return any(section.slug == slug for section in self._library.sections.counts(self.portal.name))

    def _is_too_old(self, item: ListingItem) -> bool:
        since = self._options.since
        return since is not None and item.published is not None and day_of(item.published) < since

    def remember(self, fact: str) -> None:
        """Note that something was done now."""
        self._journal.set_fact(self.portal.name, fact, self._clock().isoformat())

    def _is_stale(self, fact: str, limit: timedelta) -> bool:
        value = self._journal.fact(self.portal.name, fact)
        if not isinstance(value, str):
            return True
        age = self._started - datetime.fromisoformat(value)
        return age > limit or age < -CLOCKS_APART  # what a clock that was ahead noted says nothing
