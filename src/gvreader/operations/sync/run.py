"""The order of work of a run.

Every answer is one transaction together with what it adds to the frontier, so a kill loses at most the page
in flight; closing the generator stops cleanly between two pages.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Final
from urllib.parse import urlsplit

from gvreader import urls
from gvreader.archive.library import FrontierEntry, Library
from gvreader.archive.vault import Vault
from gvreader.decide import retry_delay
from gvreader.errors import EXIT_DONE, GvreaderError, PortalUnreachable
from gvreader.i18n import _
from gvreader.ingest import ApplyResult, Ingest, KeepResult, examine, informed
from gvreader.model import (
    CLOCKS_APART,
    PORTAL_TIME,
    Article,
    ArticleStored,
    Event,
    Listing,
    Media,
    Noted,
    Problem,
    ProblemKind,
    ProblemMet,
    Progressed,
    Refusal,
    RunFinished,
    RunStarted,
)
from gvreader.operations.sync.frontier import MOST_ATTEMPTS, Frontier
from gvreader.operations.sync.options import SyncOptions
from gvreader.operations.sync.run_report import FOREIGN, LOST, SETTLED, UNDERIVED, RunReport
from gvreader.portals import Portal
from gvreader.web import Client, Outcome, robots

_OFTEN: Final = 4
"""Attempts after which a refusal was told often enough."""
_FOR_GOOD: Final = ("401 ", "403 ", "404 ", "410 ", "451 ")
_ENOUGH_MATCHED: Final = 3
_REDESIGNED: Final = "redesigned"
_NEXT_RUN: Final = timedelta(microseconds=1)
_LONG_QUEUE: Final = 300
_COUNT_EVERY: Final = 25
_COSTLY: Final = frozenset({"timeout", "too-large"})
_KEEPS_ITS_VALIDATORS: Final = frozenset({"article", "listing", "media"})


def sync(
    portal: Portal,
    *,
    client: Client,
    vault: Vault,
    library: Library,
    options: SyncOptions,
    clock: Callable[[], datetime],
    random: Random,
) -> Generator[Event]:
    """Bring the archive up to date with `portal`. The last event is always `RunFinished`.

    Raises UsageError when `options.sections` names a section that the portal does not have, and whatever the
    vault and library raise (StorageFailed, ArchiveDamaged); each stored page stays stored.
    """
    return _Run(informed(library, portal), client, vault, library, options, clock, random).events()


class _Run:
    def __init__(
        self,
        portal: Portal,
        client: Client,
        vault: Vault,
        library: Library,
        options: SyncOptions,
        clock: Callable[[], datetime],
        random: Random,
    ) -> None:
        self._portal = portal
        self._client = client
        self._library = library
        self._ingest = Ingest(vault=vault, library=library)
        self._options = options
        self._clock = clock
        self._random = random
        self._started = clock()
        self._score = RunReport()
        self._explanations: dict[str, ProblemKind] = {}
        self._frontier = Frontier(portal, library, options, clock, self._started)
        self._run = 0
        self._queued = 0
        self._homes = {urls.twin(portal.origin + "/")}
        self._told: list[Event] = []

    def events(self) -> Generator[Event]:
        name = self._portal.name
        yield RunStarted(
            portal=name, title=self._portal.title, origin=self._portal.origin, started=self._started
        )
        with self._library.transaction():
            self._library.journal.hold(name)
            self._save_portal()
            self._run = self._library.journal.start_run(name, self._started)
            self._frontier.begin(self._random.randrange(10**11, 10**12))
        try:
            while (entry := self._next()) is not None:
                yield from self._told
                self._told.clear()
                yield from self._visit(entry)
                if self._score.is_hopeless:
                    break
                if self._is_over():
                    self._score.stopped = True
                    yield Noted(message=_("The time is over; what waits is fetched by the next run."))
                    break
            yield from self._told
        finally:
            with suppress(GvreaderError):
                self._frontier.forget_attempt()
        finished = self._finish()
        yield from self._redesign_told()
        yield finished

    def _next(self) -> FrontierEntry | None:
        """The next entry, with the attempt at it committed before the work."""
        with self._library.transaction():
            while (entry := self._frontier.next(may_look_again=self._score.familiar > 0)) is not None:
                if self._frontier.attempt(entry):
                    return entry
                self._ended_there(entry)
        return None

    def _ended_there(self, entry: FrontierEntry) -> None:
        """An address at which the interpreter ended in several runs: told, and left for a while."""
        detail = f"{MOST_ATTEMPTS} runs in a row ended there without a word"
        self._failed(entry, Problem(url=entry.request.url, kind="unreadable", detail=detail), self._told)

    def _is_over(self) -> bool:
        """Whether the time that the run was given has passed."""
        most = self._options.stop_after
        return most is not None and self._clock() - self._started >= most

    def _save_portal(self) -> None:
        portal = self._portal
        self._library.portals.save(portal.name, portal.title, portal.origin, portal.family)

    # ── one entry ───────────────────────────────────────────────────────────────────────────────

    def _visit(self, entry: FrontierEntry) -> Iterator[Event]:
        etag, last_modified = self._validators(entry)
        outcome = self._client.fetch(entry.request, etag=etag, last_modified=last_modified)
        outcome = self._explained(outcome)
        kept = [self._ingest.keep(self._portal, capture) for capture in outcome.captures]
        events: list[Event] = []
        with self._library.transaction():
            taken = [self._ingest.apply(step) for step in kept]
            self._follow_robots(kept)
            self._portal = self._frontier.portal = informed(self._library, self._portal)
            if outcome.at_rest and entry.kind != "media":
                self._rests(outcome.problem, events)
            elif outcome.problem is not None:
                self._unanswered(entry, outcome.problem, events)
            elif taken:
                self._settled(entry, taken, kept[-1], events)
        self._count(outcome)
        yield self._progress(entry)
        yield from events

    def _follow_robots(self, kept: list[KeepResult]) -> None:
        """A robots.txt that came along may name sitemaps."""
        for step in kept:
            if step.capture.status // 100 == 2 and urlsplit(step.capture.url).path == "/robots.txt":
                self._frontier.follow_sitemaps(robots.sitemaps(step.capture))

    def _explained(self, outcome: Outcome) -> Outcome:
        """A robots.txt that fails with a page of its own: what that page says is the problem."""
        problem, captures = outcome.problem, outcome.captures
        if problem is None or problem.kind != "http-status":
            return outcome
        if captures:
            # Read as a page: robots.txt itself is never one.
            read = examine(replace(captures[-1], url=f"{self._portal.origin}/"), self._portal)
            said = read.page if read is not None else None
            if isinstance(said, Refusal) and said.kind in ("maintenance", "challenge"):
                self._explanations[problem.detail] = said.kind
        return replace(
            outcome, problem=replace(problem, kind=self._explanations.get(problem.detail, problem.kind))
        )

    def _rests(self, problem: Problem | None, events: list[Event]) -> None:
        """The host is left alone: the run ends here, and what waits keeps waiting."""
        self._score.at_rest = True
        if problem is not None:
            self._score.problem(problem, is_page=True, is_article=False, is_lost=True)
            self._library.journal.add_problem(self._run, problem, self._clock())
            events.append(ProblemMet(problem=problem))

    def _unanswered(self, entry: FrontierEntry, problem: Problem, events: list[Event]) -> None:
        """No usable answer came."""
        if problem.kind in _COSTLY:
            self._frontier.unreachable(entry)
        # Menus lead to other sites by way of redirects, and a declared feed need not be there: that is no failure.
        is_guess = entry.kind in ("sitemap", "found") and problem.kind not in LOST
        if is_guess or (
            (problem.kind == "off-site" or entry.kind == "feed") and self._frontier.is_dull(entry)
        ):
            self._library.journal.done(entry)
            return
        self._failed(entry, problem, events, is_lost=problem.kind in LOST)

    def _validators(self, entry: FrontierEntry) -> tuple[str | None, str | None]:
        if not self._frontier.is_conditional(entry):
            return None, None
        latest = self._library.captures.latest(
            self._portal.name, entry.request, until=self._started + CLOCKS_APART
        )
        if latest is None or latest.verdict not in _KEEPS_ITS_VALIDATORS:
            return None, None
        return latest.etag, latest.last_modified

    def _settled(
        self, entry: FrontierEntry, steps: list[ApplyResult], kept: KeepResult, events: list[Event]
    ) -> None:
        """Store what an answer means for the frontier and the counts; `steps` are its redirects and itself."""
        score, frontier, taken = self._score, self._frontier, steps[-1]
        page = taken.page
        score.lost = 0
        if entry.kind == "article" and self._leads_home(entry, kept):
            removed = next((step for step in steps if step.key is not None and step.page is None), None)
            if removed is not None:
                self._removed(entry, removed, events)
                return
            detail = "the address leads to the home page"
            self._failed(entry, Problem(url=entry.request.url, kind="soft-404", detail=detail), events)
            return
        if entry.kind == "probe":
            frontier.remember("probe")
        elif taken.problem is not None:
            if isinstance(page, Refusal):
                score.missing.update(page.missing if entry.kind == "article" else ())
            self._refused(entry, taken.problem, kept.capture.status, events)
            return
        elif taken.change == "gone":
            score.gone()
        elif taken.not_modified:
            self._not_modified(entry)
        elif taken.alternatives:
            score.familiar += 1
            frontier.look_elsewhere(taken.alternatives)
        elif isinstance(page, Article):
            score.article(taken.change or "unchanged")
            if taken.change != "new":
                frontier.was_known(entry)
            if taken.redesigned is not None:
                score.redesigned[taken.redesigned] += 1
            frontier.follow_article(entry, page)
        elif isinstance(page, Listing):
            self._listed(entry, page, taken, kept)
        elif isinstance(page, Media):
            score.media()
            if taken.warning is not None:
                self._warned(taken.warning, events)
        if taken.key is not None and taken.change not in (None, "unchanged"):
            events.append(ArticleStored(key=taken.key, title=taken.title, change=taken.change))
        if entry.kind == "home":
            self._homes.add(urls.twin(kept.capture.url))
        if kept.extraction is not None and entry.kind in ("home", "listing"):
            if entry.kind == "home":
                frontier.follow_feeds(kept.extraction.feeds)
            frontier.follow_menu(kept.extraction.menu)
            frontier.check_selection()
        self._library.journal.done(entry)

    def _listed(self, entry: FrontierEntry, listing: Listing, taken: ApplyResult, kept: KeepResult) -> None:
        """A list arrived: what it leads to, and whether it can be the portal's."""
        score, frontier = self._score, self._frontier
        if entry.kind == "sitemap":
            frontier.follow_sitemap(entry, listing)
            return
        menu = kept.extraction.menu if kept.extraction is not None else ()
        score.useful += bool(listing.items or menu)
        score.familiar += any(item.published is not None for item in listing.items)
        score.familiar += frontier.recognised(listing) > 0 or frontier.reads_lists_only
        if entry.kind == "feed":
            frontier.follow_feed(listing)
            return
        if entry.kind == "found":
            return
        if entry.kind == "home":
            frontier.follow_home(listing)
        frontier.follow_listing(entry, listing, taken)

    def _leads_home(self, entry: FrontierEntry, kept: KeepResult) -> bool:
        return urls.twin(kept.capture.url) in self._homes and urls.twin(entry.request.url) not in self._homes

    def _removed(self, entry: FrontierEntry, taken: ApplyResult, events: list[Event]) -> None:
        """An article that was stored leads home now."""
        self._frontier.look_elsewhere(taken.alternatives)
        if taken.change == "gone":
            assert taken.key is not None
            self._score.gone()
            events.append(ArticleStored(key=taken.key, title=taken.title, change="gone"))
        self._library.journal.done(entry)

    def _not_modified(self, entry: FrontierEntry) -> None:
        if entry.kind == "article":
            self._score.article("unchanged")
            return
        if entry.kind in ("sitemap", "found"):
            return
        self._score.useful += 1
        self._score.familiar += 1
        if entry.kind == "listing":
            self._frontier.listing_is_unchanged(entry)

    def _refused(self, entry: FrontierEntry, problem: Problem, status: int, events: list[Event]) -> None:
        """A page that says nothing we may keep. A menu entry that never was a section is no failure."""
        is_guess = entry.kind in ("sitemap", "found") and status < 500 and status != 429
        is_dull = (entry.kind == "feed" or problem.kind in UNDERIVED) and self._frontier.is_dull(entry)
        if is_guess or is_dull:
            self._library.journal.done(entry)
            return
        is_not_there = problem.kind in FOREIGN or status in (404, 410)
        if is_not_there and self._frontier.is_past_the_end(entry):
            self._library.journal.done(entry)
            return
        self._score.foreign += entry.kind == "home" and problem.kind in FOREIGN
        self._failed(entry, problem, events, is_lost=status >= 500 or status == 429)

    def _warned(self, problem: Problem, events: list[Event]) -> None:
        """A file was stored, but its text could not be read: told, and no failure of the page."""
        self._score.problems[problem.url, problem.kind] = problem
        self._library.journal.add_problem(self._run, problem, self._clock())
        events.append(ProblemMet(problem=problem))

    def _failed(
        self, entry: FrontierEntry, problem: Problem, events: list[Event], *, is_lost: bool = False
    ) -> None:
        """A page that could not be had or used: it is reported, counted, and tried again by a later run."""
        problem = replace(problem, section=problem.section or entry.section)
        journal, now = self._library.journal, self._clock()
        if entry.kind == "probe":
            journal.done(entry)
            return
        is_media = entry.kind == "media"
        is_article = entry.kind == "article"
        is_settled = _is_settled(entry, problem)
        self._score.problem(
            problem,
            is_page=not is_media,
            is_article=is_article,
            is_lost=is_lost,
            is_settled=is_settled,
        )
        if is_media:
            self._score.media(failed=True)
        journal.add_problem(self._run, problem, now)
        events.append(ProblemMet(problem=problem))
        if entry.kind == "home":
            self._frontier.follow_known_sections()
        if problem.kind == "robots":
            journal.done(entry)
            return
        # Before anything useful has come, a failure speaks against the portal rather than the page.
        counts = self._score.useful > 0
        delay = retry_delay(entry.attempts + 1) if counts else timedelta()
        journal.postpone(entry, max(now + delay, self._started + _NEXT_RUN), problem, counts=counts)

    def _count(self, outcome: Outcome) -> None:
        last = outcome.captures[-1] if outcome.captures and outcome.problem is None else None
        tally = self._score.tally
        self._score.tally = replace(
            tally,
            requests=self._client.requests,
            bytes=self._client.bytes,
            not_modified=tally.not_modified + (last is not None and last.status == 304),
        )

    def _progress(self, entry: FrontierEntry) -> Progressed:
        tally = self._score.tally
        # Counting a long queue takes time; between two counts one entry fewer waits after each.
        if self._queued < _LONG_QUEUE or tally.requests % _COUNT_EVERY == 0:
            self._queued = sum(self._library.journal.queued(self._portal.name).values())
        else:
            self._queued -= 1
        return Progressed(
            tally=tally, queued=self._queued, expected=tally.requests + self._queued, url=entry.request.url
        )

    # ── the end ─────────────────────────────────────────────────────────────────────────────────

    def _finish(self) -> RunFinished:
        name, journal, score = self._portal.name, self._library.journal, self._score
        with self._library.transaction():
            if score.layout_changed:
                self._note_layout_change()
            exit_code, advice = score.verdict()
            if score.is_strange:
                self._frontier.forget()
            else:
                self._frontier.close()
            waiting = sum(count for kind, count in journal.queued(name).items() if kind != "media")
            report = RunFinished(
                portal=name,
                started=self._started,
                finished=self._clock(),
                complete=exit_code == EXIT_DONE and not waiting and not score.stopped,
                exit_code=exit_code,
                tally=score.tally,
                problems=tuple(score.problems.values()),
                advice=advice,
            )
            journal.finish_run(self._run, report)
            if exit_code == PortalUnreachable.exit_code:
                journal.put_back(name, self._run)
        return report

    def _redesign_told(self) -> Iterator[Event]:
        """Once for each redesign: how many articles were matched to their earlier selves."""
        name, journal = self._portal.name, self._library.journal
        for family, matched in self._score.redesigned.most_common(1):
            if matched < _ENOUGH_MATCHED or journal.fact(name, _REDESIGNED) == family:
                return
            with self._library.transaction():
                journal.set_fact(name, _REDESIGNED, family)
            message = _(
                "The portal was redesigned on {day}: {matched} articles matched to their earlier selves, {new} new."
            )
            day = self._started.astimezone(PORTAL_TIME).date().isoformat()
            yield Noted(message=message.format(day=day, matched=matched, new=self._score.tally.new))

    def _note_layout_change(self) -> None:
        """One problem that says how much was tried, and when an article was last read."""
        score = self._score
        last = max((known.fetched for known in self._library.articles.known(self._portal.name)), default=None)
        tried = score.underived + score.derived
        fields = ", ".join(f"no {name} on {count}" for name, count in score.missing.most_common())
        detail = f"{score.underived} of {tried} article pages could not be read" + (
            f" ({fields})" if fields else ""
        )
        if last is not None:
            detail += f"; the last page that did was fetched {last:%Y-%m-%d %H:%M}Z"
        problem = Problem(url=self._portal.origin + "/", kind="layout-changed", detail=detail)
        score.problems[problem.url, problem.kind] = problem


def _is_settled(entry: FrontierEntry, problem: Problem) -> bool:
    """Whether another run will hardly mend a page: robots.txt forbids it, or it was refused again and again."""
    if problem.kind == "robots":
        return True
    is_for_good = problem.kind in SETTLED or problem.detail.startswith(_FOR_GOOD)
    return entry.kind == "article" and is_for_good and entry.attempts >= _OFTEN
