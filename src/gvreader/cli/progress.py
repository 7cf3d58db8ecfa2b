"""A run as a person follows it: one live line on a terminal, a line now and then in a pipe, a summary at the end."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Generator
from contextlib import closing
from datetime import datetime
from typing import Final

from gvreader.cli.console import Console
from gvreader.cli.signals import heeding
from gvreader.errors import EXIT_INTERRUPTED, EXIT_PARTIAL, LayoutChanged, PortalUnreachable
from gvreader.export import wording
from gvreader.i18n import _, marked, ngettext
from gvreader.model import (
    ArticleStored,
    Change,
    Event,
    Noted,
    Problem,
    ProblemKind,
    ProblemMet,
    Progressed,
    RunFinished,
    RunStarted,
    Tally,
)

_RATE_WINDOW: Final = 60.0
_REDRAW_EVERY: Final = 0.1
_TELL_EVERY: Final = 30.0
_MOST_EXAMPLES: Final = 3

KIND_NAMES: Final[dict[ProblemKind, str]] = {
    "http-status": marked("the server answered with an error"),
    "timeout": marked("no answer in time"),
    "connection": marked("no connection"),
    "tls": marked("no secure connection"),
    "too-large": marked("too large"),
    "truncated": marked("cut short on the way"),
    "bad-encoding": marked("unreadable content coding"),
    "redirect-loop": marked("redirected without end"),
    "off-site": marked("leads to another site"),
    "robots": marked("forbidden by robots.txt"),
    "soft-404": marked("says that there is no such page"),
    "challenge": marked("asks for JavaScript, a cookie or a captcha"),
    "maintenance": marked("under maintenance"),
    "not-article": marked("not an article"),
    "no-body": marked("an article without a body"),
    "layout-changed": marked("the layout changed"),
    "too-slow": marked("takes too long to read"),
    "unreadable": marked("failed its reader"),
}
_NOT_A_PORTAL: Final[frozenset[ProblemKind]] = frozenset({"not-article", "no-body", "soft-404"})
"""What is said of a home page that is no portal's."""
CHANGE_NAMES: Final[dict[Change, str]] = {
    "new": marked("new"),
    "changed": marked("changed"),
    "unchanged": marked("unchanged"),
    "gone": marked("gone"),
    "returned": marked("returned"),
    "earlier": marked("earlier revision"),
}


def named(kind: ProblemKind) -> str:
    """`no answer in time (timeout)`: a kind of problem for people, and as scripts know it."""
    return f"{_(KIND_NAMES[kind])} ({kind})"


class _Pace:
    """Requests a second over the last minute, and the time that the rest will take."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._samples: deque[tuple[float, int]] = deque([(clock(), 0)])

    def add(self, requests: int) -> None:
        now = self._clock()
        self._samples.append((now, requests))
        while len(self._samples) > 2 and now - self._samples[0][0] > _RATE_WINDOW:
            self._samples.popleft()

    @property
    def rate(self) -> float | None:
        (start, first), (end, last) = self._samples[0], self._samples[-1]
        return (last - first) / (end - start) if end > start and last > first else None


def _counts(tally: Tally) -> list[str]:
    """The counts that are not nought, new ones always."""
    numbers = (
        (tally.new, _("{n} new")),
        (tally.changed, _("{n} changed")),
        (tally.gone, _("{n} gone")),
        (tally.failed, _("{n} failed")),
    )
    return [
        text.format(n=wording.number(count))
        for index, (count, text) in enumerate(numbers)
        if count or not index
    ]


def progress_line(event: Progressed, rate: float | None) -> str:
    """`214 of ~1,204 requests · 180 new · 0.98/s · 16 min left`."""
    done = wording.number(event.tally.requests)
    if event.expected and event.expected > event.tally.requests:
        parts = [_("{done} of ~{all} requests").format(done=done, all=wording.number(event.expected))]
    else:
        parts = [ngettext("{n} request", "{n} requests", event.tally.requests).format(n=done)]
    parts += _counts(event.tally)
    if rate is not None:
        parts.append(_("{rate}/s").format(rate=wording.decimal(rate, 2 if rate < 10 else 0)))
        if event.expected and event.expected > event.tally.requests:
            left = (event.expected - event.tally.requests) / rate
            parts.append(_("{span} left").format(span=wording.span(left)))
    return " · ".join(parts)


def problem_line(problem: Problem) -> str:
    """`http-status: 503 https://…`: the kind as scripts know it, what is known, and where."""
    detail = f" {problem.detail}" if problem.detail else ""
    return f"{problem.kind}:{detail} {problem.url}"


class ProgressReporter:
    """Listens to one run and says what a person wants to know of it."""

    def __init__(self, console: Console, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._pace = _Pace(clock)
        self._drawn = self._told = clock()
        self._started: RunStarted | None = None
        self._tally = Tally()
        self._problems: list[Problem] = []

    def follow(
        self, events: Generator[Event], *, heard: Callable[[Event], None] = lambda _event: None
    ) -> RunFinished:
        """Listen to the end and say how the run ended; the run is closed whatever happens. `heard` listens too."""
        with closing(heeding(events)) as heeded:
            for event in heeded:
                heard(event)
                if isinstance(event, RunFinished):
                    self._console.status("")
                    return event
                self._hear(event)
        raise AssertionError("a run ends with RunFinished")

    def so_far(self, now: datetime) -> RunFinished | None:
        """The run as far as it came, for one that was interrupted; None when it had not begun."""
        if self._started is None:
            return None
        return RunFinished(
            portal=self._started.portal,
            started=self._started.started,
            finished=now,
            complete=False,
            exit_code=EXIT_INTERRUPTED,
            tally=self._tally,
            problems=tuple(self._problems),
        )

    def _hear(self, event: Event) -> None:
        console = self._console
        match event:
            case RunStarted():
                self._started = event
                console.say(_("{title}: {origin}").format(title=event.title, origin=event.origin))
            case Progressed():
                self._tally = event.tally
                console.detail(event.url)
                self._show(event)
            case ArticleStored():
                console.detail(f"{_(CHANGE_NAMES[event.change])}: {event.key} {event.title}")
            case ProblemMet():
                self._problems.append(event.problem)
                console.detail(problem_line(event.problem))
            case Noted():
                console.say(event.message)
            case _:
                raise AssertionError(f"not an event of a run under way: {event}")

    def _show(self, event: Progressed) -> None:
        """The live line, or in a pipe a line now and then."""
        self._pace.add(event.tally.requests)
        now, console = self._clock(), self._console
        if console.has_status:
            if now - self._drawn >= _REDRAW_EVERY:
                self._drawn = now
                console.status(progress_line(event, self._pace.rate))
        elif now - self._told >= _TELL_EVERY:
            self._told = now
            console.say(progress_line(event, self._pace.rate))


def tell_end(console: Console, finished: RunFinished) -> None:
    """The summary of a run; under `--quiet` only what went wrong."""
    tally = finished.tally
    seconds = (finished.finished - finished.started).total_seconds()
    if finished.exit_code == PortalUnreachable.exit_code:
        first = finished.problems[0] if finished.problems else None
        console.trouble(_unreachable(finished.portal, first), finished.advice)
        return
    parts = _counts(tally)
    if tally.unchanged:
        parts.append(_("{n} unchanged").format(n=wording.number(tally.unchanged)))
    if tally.media_new:
        media = ngettext("{n} picture or file", "{n} pictures and files", tally.media_new)
        parts.append(media.format(n=wording.number(tally.media_new)))
    parts.append(
        ngettext("{n} request", "{n} requests", tally.requests).format(n=wording.number(tally.requests))
    )
    parts += [wording.size(tally.bytes), wording.span(seconds)]
    console.say(_("Done: {parts}").format(parts=" · ".join(parts)))
    if finished.problems:
        tell_problems(console, finished.problems)
    if console.quiet and finished.exit_code == EXIT_PARTIAL:
        console.trouble(_partial(finished), _("`gvreader status` says more."))
    if finished.exit_code == LayoutChanged.exit_code:
        console.trouble(_("No article could be derived from what the portal answered."), finished.advice)
    elif finished.advice:
        console.say(finished.advice)


def ended_in_words(finished: RunFinished) -> str | None:
    """One sentence on a run that did not end with 0."""
    if finished.exit_code == PortalUnreachable.exit_code:
        return _unreachable(finished.portal, finished.problems[0] if finished.problems else None)
    if finished.exit_code == LayoutChanged.exit_code:
        return _("No article could be derived from what the portal answered.")
    if finished.problems:
        return _partial(finished)
    return _("The time is over; what waits is fetched by the next run.")


def _partial(finished: RunFinished) -> str:
    kinds = Counter(problem.kind for problem in finished.problems)
    return _("Some pages of {portal} failed ({kinds}); the next run tries them again.").format(
        portal=finished.portal, kinds=", ".join(f"{n} {named(kind)}" for kind, n in kinds.most_common())
    )


def _unreachable(portal: str, problem: Problem | None) -> str:
    if problem is None:
        return _("The portal {portal} could not be used.").format(portal=portal)
    if problem.kind in _NOT_A_PORTAL:
        return _("The portal {portal} is not what answers at its address.").format(portal=portal)
    detail = f" ({problem.detail})" if problem.detail else ""
    return _("The portal {portal} could not be used: {what}{detail}, {url}.").format(
        portal=portal, what=_(KIND_NAMES[problem.kind]), detail=detail, url=problem.url
    )


def tell_problems(console: Console, problems: tuple[Problem, ...]) -> None:
    """How many pages failed, by kind, with a few examples."""
    for kind, count in Counter(problem.kind for problem in problems).most_common():
        console.say(
            ngettext("{n} page: {what}", "{n} pages: {what}", count).format(
                n=wording.number(count), what=named(kind)
            )
        )
        examples = [problem for problem in problems if problem.kind == kind]
        for problem in examples[:_MOST_EXAMPLES]:
            detail = f" ({problem.detail})" if problem.detail else ""
            console.say(f"  {problem.url}{detail}")
        if count > _MOST_EXAMPLES:
            console.say(_("  … and {n} more").format(n=wording.number(count - _MOST_EXAMPLES)))
