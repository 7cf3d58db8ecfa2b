"""A public web archive as a server to be asked politely: its limits, its "not now", its failures."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from gvreader.model import Capture, Headers, Problem, Request
from gvreader.web import Outcome

_TRANSIENT: Final = frozenset({"timeout", "connection", "truncated"})
_ATTEMPTS: Final = 3
_FIRST_PAUSE: Final = 1.0
BUSY_PAUSE: Final = 60.0
MOST_PAUSE: Final = 3600.0


class Asks(Protocol):
    """What is needed of `gvreader.web.Client`."""

    def once(self, request: Request) -> Outcome: ...


class Lane:
    """Requests of one kind: at most `most` in any `span` seconds, and `gap` seconds between two. Monotonic."""

    def __init__(self, *, most: int, span: float, gap: float = 0.0) -> None:
        self._most = most
        self._span = span
        self._gap = gap
        self._starts: deque[float] = deque(maxlen=most)

    def wait_from(self, now: float) -> float:
        """Seconds until the next request may start."""
        if not self._starts:
            return 0.0
        wait = self._starts[-1] + self._gap - now
        if len(self._starts) == self._most:
            wait = max(wait, self._starts[0] + self._span - now)
        return max(0.0, wait)

    def started(self, now: float) -> None:
        self._starts.append(now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, or why there is none; `busy`: seconds for which the archive must be left alone altogether."""

    capture: Capture | None = None
    problem: Problem | None = None
    busy: float | None = None


class Service:
    """Asks an archive within its limits; what is worth another attempt is attempted again after a pause."""

    def __init__(
        self, client: Asks, *, monotonic: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._client = client
        self._monotonic = monotonic
        self._sleep = sleep
        self._refusals = 0

    def ask(self, url: str, lane: Lane, headers: Headers = ()) -> Reply:
        """The answer to one address as spelled; any status but "too many requests" and server errors is one."""
        request = Request(url=url, headers=headers)
        reply = Reply()
        for attempt in range(_ATTEMPTS):
            if attempt:
                self._sleep(_FIRST_PAUSE * 3.0 ** (attempt - 1))
            if (wait := lane.wait_from(self._monotonic())) > 0:
                self._sleep(wait)
            lane.started(self._monotonic())
            outcome = self._client.once(request)
            capture = outcome.captures[-1] if outcome.captures else None
            if capture is not None and _is_busy(capture):
                self._refusals += 1
                return Reply(busy=_pause(capture, self._refusals))
            if outcome.problem is not None:
                reply = Reply(problem=outcome.problem)
                if outcome.problem.kind not in _TRANSIENT:
                    break
            elif capture is not None and capture.status >= 500 and not _is_memento(capture):
                detail = f"the archive answers {capture.status}"
                reply = Reply(problem=Problem(url=url, kind="http-status", detail=detail))
            else:
                self._refusals = 0
                return Reply(capture=capture)
        return reply


def _is_memento(capture: Capture) -> bool:
    return capture.header("memento-datetime") is not None


def _is_busy(capture: Capture) -> bool:
    """Whether the archive itself asks for a rest; an archived 429 is a capture like any other."""
    if _is_memento(capture):
        return False
    return capture.status == 429 or (capture.status == 503 and capture.header("retry-after") is not None)


def _pause(capture: Capture, refusals: int) -> float:
    """Ever longer, since asking on makes archives close their doors for hours; a longer wish is granted."""
    wish = (capture.header("retry-after") or "").strip()
    asked = float(wish[:9]) if wish.isascii() and wish.isdigit() else 0.0
    return min(max(asked, BUSY_PAUSE * 2.0 ** (refusals - 1)), MOST_PAUSE)
