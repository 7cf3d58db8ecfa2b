"""The order of work of a backfill: an archive's index → what is worth having → captures → ingest → events.

Every page of the index and every capture is one transaction together with what it adds to the list, so a kill
loses at most the one in flight; closing the generator stops cleanly between two of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Final

from gvreader.archive.library import IndexedCapture, Library, Missing
from gvreader.archive.vault import Vault
from gvreader.decide import retry_delay
from gvreader.errors import EXIT_DONE, EXIT_PARTIAL, LayoutChanged, PortalUnreachable
from gvreader.i18n import _
from gvreader.ingest import ApplyResult, Ingest, informed, known_at
from gvreader.model import (
    CLOCKS_APART,
    Article,
    ArticleStored,
    Capture,
    Event,
    Media,
    Noted,
    Problem,
    ProblemKind,
    ProblemMet,
    Progressed,
    RunFinished,
    RunStarted,
    Sighting,
    Tally,
)
from gvreader.operations.backfill.options import Progress, WebArchiveSource, role_of
from gvreader.portals import Portal, identity

_GIVE_UP_AFTER: Final = 5
_BARREN_PAGES: Final = 3
"""Pages of an index in a row that list nothing which was not listed before: its keys lead nowhere."""
_MOST_PAGES: Final = 10_000
_MOST_MOVES: Final = 5
_MOVED: Final = "move "
_NEXT_RUN: Final = timedelta(microseconds=1)
_GONE: Final = (404, 410)
# Pages that say the same wherever the archive met them: one look at the payload is enough.
_ALIKE: Final[frozenset[ProblemKind]] = frozenset({"challenge", "maintenance", "soft-404"})
_UNDERIVED: Final[frozenset[ProblemKind]] = frozenset({"not-article", "no-body"})


def backfill(
    portal: Portal,
    *,
    archive: WebArchiveSource,
    service: str,
    first: date | None = None,
    last: date | None = None,
    limit: int | None = None,
    stop_after: timedelta | None = None,
    vault: Vault,
    library: Library,
    requests: Callable[[], tuple[int, int]],
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
) -> Generator[Event]:
    """Fill the archive with what a public web archive holds of `portal`. The last event is `RunFinished`.

    Captures before `first` or after `last` (days in UTC, both inclusive) are left alone; `limit` caps how many are
    fetched; nothing is asked once `stop_after` has passed. `requests` counts what was sent and what came in bytes.
    Raises whatever vault and library raise.
    """
    portal = informed(library, portal)
    span = _span(first, last)
    run = _Run(portal, archive, service, span, limit, stop_after, vault, library, requests, clock, sleep)
    return run.events()


def _span(first: date | None, last: date | None) -> tuple[datetime, datetime]:
    """The first moment that is wanted, and the first that is not any more."""
    begin = datetime.combine(first, time.min, UTC) if first else datetime.min.replace(tzinfo=UTC)
    end = datetime.combine(last, time.max, UTC) if last else datetime.max.replace(tzinfo=UTC)
    return begin, end


class _StoppedError(Exception):
    """The archive is not to be asked any more in this run."""


class _TimeIsOverError(Exception):
    """The time that the run was given has passed, or would pass while waiting."""


class _Run:
    def __init__(
        self,
        portal: Portal,
        archive: WebArchiveSource,
        service: str,
        span: tuple[datetime, datetime],
        limit: int | None,
        stop_after: timedelta | None,
        vault: Vault,
        library: Library,
        requests: Callable[[], tuple[int, int]],
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self._portal = portal
        self._archive = archive
        self._service = service
        self._span = span
        self._question = f"{service} {portal.origin} {span[0]:%Y%m%d} {span[1]:%Y%m%d}"
        self._limit = limit
        self._stop_after = stop_after
        self._stopped = False
        self._library = library
        self._ingest = Ingest(vault=vault, library=library)
        self._requests = requests
        self._clock = clock
        self._sleep = sleep
        self._started = clock()
        self._scope = portal.scope()
        self._tally = Tally()
        self._problems: dict[tuple[str, ProblemKind], Problem] = {}
        self._refusals: Counter[ProblemKind] = Counter()
        self._answered = False
        self._failures_in_a_row = 0
        self._busy_in_a_row = 0
        self._fetched = 0
        self._failed = False
        self._unfinished = False
        self._run = 0

    def events(self) -> Generator[Event]:
        portal = self._portal
        yield RunStarted(portal=portal.name, title=portal.title, origin=self._service, started=self._started)
        with self._library.transaction():
            self._library.portals.save(portal.name, portal.title, portal.origin, portal.family)
            self._run = self._library.journal.start_run(portal.name, self._started)
        try:
            yield from self._rest_of_pause()
            yield from self._list()
            self._library.sightings.plan(portal.name, self._archive.name)
            yield from self._fetch_all()
            yield from self._fetch_media()
            if not self._is_full():
                self._forget_listing()
        except _StoppedError:
            self._unfinished = True
        except _TimeIsOverError:
            self._stopped = True
            yield Noted(message=_("The time is over; what waits is fetched by the next run."))
        yield self._finish()

    # ── pauses ──────────────────────────────────────────────────────────────────────────────────

    def _fact(self, name: str) -> str:
        return f"backfill {self._archive.name} {name}"

    def _rest_of_pause(self) -> Iterator[Event]:
        """A pause that the archive asked for holds for the next process too."""
        until = self._library.journal.fact(self._portal.name, self._fact("pause"))
        if isinstance(until, str):
            left = (datetime.fromisoformat(until) - self._clock()).total_seconds()
            if left > 0:
                yield from self._pause(left)

    def _busy(self, seconds: float) -> Iterator[Event]:
        """The archive asked to be left alone. Raises `_StoppedError` when it does so again and again."""
        until = self._clock() + timedelta(seconds=seconds)
        self._library.journal.set_fact(self._portal.name, self._fact("pause"), until.isoformat())
        self._busy_in_a_row += 1
        if self._busy_in_a_row >= _GIVE_UP_AFTER:
            detail = _("the archive asks again and again to be left alone")
            yield from self._trouble(Problem(url=self._service, kind="http-status", detail=detail))
            raise _StoppedError
        yield from self._pause(seconds)

    def _keep_to_time(self, seconds: float = 0.0) -> None:
        """Raises `_TimeIsOverError` once the time is over, or would be after `seconds` more."""
        most = self._stop_after
        if most is not None and self._clock() + timedelta(seconds=seconds) - self._started >= most:
            raise _TimeIsOverError

    def _pause(self, seconds: float) -> Iterator[Event]:
        self._keep_to_time(seconds)
        yield Noted(
            message=_("The archive asks for a pause of {n} s; nothing is asked meanwhile.").format(
                n=round(seconds)
            )
        )
        self._sleep(seconds)

    # ── the index ───────────────────────────────────────────────────────────────────────────────

    def _list(self) -> Iterator[Event]:
        """Read every index that is not read yet, from where the last run ended."""
        collections: tuple[str, ...] = ()
        while True:
            collections, page = self._archive.collections()
            if page.busy is None:
                break
            yield from self._busy(page.busy)
        if page.problem is not None:
            yield from self._no_index(page.problem)
            return
        progress = self._progress_of_listing()
        for collection in collections:
            if collection not in progress.read:
                yield from self._list_one(collection, progress)

    def _progress_of_listing(self) -> Progress:
        stored = self._library.journal.fact(self._portal.name, self._fact("index"))
        return Progress.read_from(stored, self._question)

    def _forget_listing(self) -> None:
        """What grows is read anew next time; the index of a crawl that has ended never changes."""
        progress = self._progress_of_listing()
        progress.read = [collection for collection in progress.read if collection]
        self._library.journal.set_fact(self._portal.name, self._fact("index"), asdict(progress))

    def _list_one(self, collection: str, progress: Progress) -> Iterator[Event]:
        resume = progress.resume if progress.collection == collection else None
        seen: set[str | None] = {resume}
        met: set[int] = set()
        barren = 0
        for number in count(1):
            self._keep_to_time()
            page = self._archive.page(collection, resume)
            if page.busy is not None:
                yield from self._busy(page.busy)
                continue
            if page.problem is not None:
                yield from self._no_index(page.problem)
                return
            self._answered = True
            self._busy_in_a_row = self._failures_in_a_row = 0
            resume = page.listed.resume
            here = {hash((one.url, one.stamp, one.digest)) for one in page.listed.sightings}
            barren = 0 if here - met else barren + 1
            met |= here
            is_last = resume is None or resume in seen or barren >= _BARREN_PAGES or number >= _MOST_PAGES
            seen.add(resume)
            with self._library.transaction():
                for sighting in page.listed.sightings:
                    self._note(sighting)
                progress.collection, progress.resume = collection, None if is_last else resume
                if is_last:
                    progress.read.append(collection)
                self._library.journal.set_fact(self._portal.name, self._fact("index"), asdict(progress))
            yield self._progressed(self._service)
            if page.listed.dirty:
                yield Noted(
                    message=_("{n} rows of the archive's index could not be understood.").format(
                        n=page.listed.dirty
                    )
                )
            if is_last:
                return

    def _no_index(self, problem: Problem) -> Iterator[Event]:
        """An index that cannot be read now is read by a later run; what was listed before can still be fetched."""
        yield from self._trouble(problem)
        self._unfinished = True
        self._failures_in_a_row += 1
        if self._failures_in_a_row >= _GIVE_UP_AFTER:
            raise _StoppedError

    def _note(self, sighting: Sighting, *, detail: str = "") -> None:
        """List a capture as what it seems to be; what is no page of this portal is left out."""
        logical = self._scope.logical(sighting.url)
        if logical is None or not self._scope.may_fetch(logical):
            return
        is_article = identity(logical, self._portal.family) is not None
        role = role_of(logical, sighting.media_type)
        self._library.sightings.add(
            self._portal.name, self._archive.name, sighting, role=role, is_article=is_article, detail=detail
        )

    # ── captures ────────────────────────────────────────────────────────────────────────────────

    def _is_full(self) -> bool:
        return self._limit is not None and self._fetched >= self._limit

    def _fetch_all(self) -> Iterator[Event]:
        while not self._is_full():
            self._keep_to_time()
            listed = self._library.sightings.next(
                self._portal.name, self._archive.name, self._started, span=self._span
            )
            if listed is None:
                return
            yield from self._fetch(listed)

    def _fetch_media(self) -> Iterator[Event]:
        """Pictures and files that articles show, as far as the archive has them; another copy where one is lost."""
        while not self._is_full():
            wanted = self._library.media.missing(self._portal.name)
            with self._library.transaction():
                self._guess(wanted)
                found = [
                    self._library.sightings.want_media(self._portal.name, self._archive.name, missing.url)
                    for missing in wanted
                ]
            if not any(found):
                return
            yield from self._fetch_all()

    def _guess(self, wanted: Sequence[Missing]) -> None:
        """Files on the portal's file hosts, whose indexes are too large to read: asked for at the article's time."""
        if not self._archive.finds_nearest:
            return
        for missing in wanted:
            logical = self._scope.logical(missing.url)
            if logical is None or self._scope.contains(logical) or not self._scope.may_fetch(logical):
                continue
            for row in self._library.articles.rows([missing.article_id]):
                guess = Sighting(url=logical, stamp=f"{row.changed:%Y%m%d%H%M%S}", captured=row.changed)
                self._library.sightings.add(
                    self._portal.name, self._archive.name, guess, role="media", unless_listed=True
                )

    def _fetch(self, listed: IndexedCapture) -> Iterator[Event]:
        sighting = listed.sighting
        logical = self._scope.logical(sighting.url) or sighting.url
        if sighting.status in _GONE and not self._is_news(logical, sighting):
            self._library.sightings.settle(listed, "passed", "seen later")
            return
        fetched = self._archive.fetch(sighting)
        if fetched.busy is not None:
            yield from self._busy(fetched.busy)
            return
        self._busy_in_a_row = 0
        self._fetched += 1
        events: list[Event] = []
        if fetched.capture is not None:
            self._answered = True
            self._failures_in_a_row = 0
            self._take(listed, fetched.capture, events)
        elif fetched.moved is not None:
            self._failures_in_a_row = 0
            self._move(listed, fetched.moved)
        else:
            assert fetched.problem is not None
            self._lose(listed, fetched.problem, events, for_good=fetched.for_good)
        yield self._progressed(logical)
        yield from events
        if self._failures_in_a_row >= _GIVE_UP_AFTER:
            raise _StoppedError

    def _is_news(self, logical: str, sighting: Sighting) -> bool:
        """Whether an archived "not found" is later than anything else that is known of the article."""
        known = known_at(self._library, self._portal, logical)
        return known is not None and known.gone is None and sighting.captured > known.fetched

    def _take(self, listed: IndexedCapture, capture: Capture, events: list[Event]) -> None:
        """Store a capture and what it means."""
        library, name, source = self._library, self._portal.name, self._archive.name
        if library.captures.has(capture):
            library.sightings.settle(listed, "known")
            return
        if capture.captured > self._started + CLOCKS_APART:
            detail = f"captured at {capture.captured:%Y-%m-%d %H:%M} UTC, which is yet to come"
            unfit = Problem(url=capture.url, kind="not-article", detail=detail)
            self._lose(listed, unfit, events, for_good=True)
            return
        kept = self._ingest.keep(self._portal, capture)
        with library.transaction():
            taken = self._ingest.apply(kept)
            self._portal = informed(library, self._portal)
            problem = taken.problem
            self._failed = self._failed or taken.is_unread
            library.sightings.settle(
                listed, "refused" if problem else "taken", problem.kind if problem else ""
            )
            if problem is not None:
                self._refusals[problem.kind] += 1
                self._note_problem(problem)
                events.append(ProblemMet(problem=problem))
                if problem.kind in _ALIKE:
                    library.sightings.refuse_equals(name, source, listed.sighting.digest, problem.kind)
        self._count(taken)
        if taken.key is not None and taken.change not in (None, "unchanged"):
            events.append(ArticleStored(key=taken.key, title=taken.title, change=taken.change))

    def _move(self, listed: IndexedCapture, other: Sighting) -> None:
        """The archive has another capture instead: that one is fetched as itself, unless it is known.

        An archive that leads from each capture to yet another is followed a few times.
        """
        library = self._library
        moves = int(listed.detail.removeprefix(_MOVED)) if listed.detail.startswith(_MOVED) else 0
        with library.transaction():
            if moves >= _MOST_MOVES:
                library.sightings.settle(listed, "missing", "the archive leads from each capture to another")
                return
            library.sightings.settle(listed, "moved", other.stamp)
            if not library.sightings.has(self._portal.name, self._archive.name, other):
                self._note(other, detail=f"{_MOVED}{moves + 1}")
            library.sightings.plan(self._portal.name, self._archive.name, url=other.url)

    def _lose(self, listed: IndexedCapture, problem: Problem, events: list[Event], *, for_good: bool) -> None:
        """A capture that the archive lists but does not give, at least not now."""
        library = self._library
        self._failures_in_a_row = 0 if for_good else self._failures_in_a_row + 1
        with library.transaction():
            if for_good:
                library.sightings.settle(listed, "missing", problem.detail)
            else:
                self._failed = True
                now = self._clock()
                until = max(now + retry_delay(listed.attempts + 1), self._started + _NEXT_RUN)
                library.sightings.postpone(listed, until, problem.detail)
                self._tally = replace(self._tally, failed=self._tally.failed + 1)
            self._note_problem(problem)
        events.append(ProblemMet(problem=problem))

    def _trouble(self, problem: Problem) -> Iterator[Event]:
        self._failed = True
        with self._library.transaction():
            self._note_problem(problem)
        yield ProblemMet(problem=problem)

    def _note_problem(self, problem: Problem) -> None:
        self._problems[problem.url, problem.kind] = problem
        self._library.journal.add_problem(self._run, problem, self._clock())

    def _count(self, taken: ApplyResult) -> None:
        tally, change = self._tally, taken.change
        if isinstance(taken.page, Media):
            self._tally = replace(tally, media_new=tally.media_new + 1)
        elif change == "gone":
            self._tally = replace(tally, gone=tally.gone + 1)
        elif isinstance(taken.page, Article) and taken.problem is None:
            self._tally = replace(
                tally,
                new=tally.new + (change == "new"),
                changed=tally.changed + (change in ("changed", "returned", "earlier")),
                unchanged=tally.unchanged + (change == "unchanged"),
            )

    def _progressed(self, url: str) -> Progressed:
        sent, received = self._requests()
        self._tally = replace(self._tally, requests=sent, bytes=received)
        queued = self._library.sightings.waiting(self._portal.name, self._archive.name)
        if self._limit is not None:
            queued = min(queued, self._limit - self._fetched)
        return Progressed(tally=self._tally, queued=queued, expected=sent + queued, url=url)

    # ── the end ─────────────────────────────────────────────────────────────────────────────────

    def _finish(self) -> RunFinished:
        name, source, library = self._portal.name, self._archive.name, self._library
        self._progressed(self._service)
        with library.transaction():
            exit_code, advice = self._verdict()
            waiting = library.sightings.waiting(name, source)
            counts = library.sightings.counts(name, source)
            report = RunFinished(
                portal=name,
                started=self._started,
                finished=self._clock(),
                complete=exit_code == EXIT_DONE and not (waiting or self._unfinished or self._stopped),
                exit_code=exit_code,
                tally=self._tally,
                problems=tuple(self._problems.values()),
                advice=advice,
                captures=tuple((state, counts[state]) for state in sorted(counts)),
            )
            library.journal.finish_run(self._run, report)
        return report

    def _verdict(self) -> tuple[int, str]:
        """The exit code of the contract, and a sentence of advice for those that need one."""
        tally = self._tally
        if not self._answered and not self._stopped:
            return PortalUnreachable.exit_code, _(
                "Nothing was changed. Try again later; --service names another server of the same protocol."
            )
        underived = sum(self._refusals[kind] for kind in _UNDERIVED)
        if underived > 2 and not (tally.new or tally.changed or tally.unchanged):
            return LayoutChanged.exit_code, _(
                "Pages arrived and were kept in the vault, but no article could be read from them. "
                "After an update of gvreader, `gvreader rebuild` reads them again."
            )
        if self._failed or self._unfinished:
            return EXIT_PARTIAL, _("Run it again: it goes on where this run ended.")
        return EXIT_DONE, ""
