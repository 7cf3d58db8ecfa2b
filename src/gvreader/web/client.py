"""The polite client: fetches one address at a time and turns every answer into captures."""

from __future__ import annotations

import logging
import random as random_module
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import quote, urlsplit

from gvreader import urls
from gvreader.errors import UsageError
from gvreader.i18n import _
from gvreader.model import Capture, Problem, ProblemKind, Request
from gvreader.web import addresses, robots, throttle
from gvreader.web.addresses import Guard, Resolve
from gvreader.web.answer import Answer
from gvreader.web.cookies import Cookies
from gvreader.web.pace import Pace, Turn
from gvreader.web.policy import LEAST_DELAY, Policy, TlsRule
from gvreader.web.route import MOST_MOVES, Route, path_of
from gvreader.web.throttle import Host

if TYPE_CHECKING:
    import httpx

    from gvreader.web.transport import Dial

_log = logging.getLogger("gvreader.web")
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_SHORT_WAIT: Final = 0.5
"""Seconds that an open connection is kept waiting for its turn."""
_CONDITIONS: Final = frozenset({"if-none-match", "if-modified-since"})
_PAST_CACHES: Final = (("Cache-Control", "no-cache"), ("Pragma", "no-cache"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a fetch brought: robots.txt (once for each origin) and redirects first, the answer last.

    Without a problem, `captures[-1]` is the answer, whatever its status. With one, `captures` holds what came
    before it, the part of a broken answer included. Attempts that were repeated are counted, not kept.
    `at_rest`: the host failed so often that it is left alone for a while; the page itself was not asked for.
    """

    captures: tuple[Capture, ...] = ()
    problem: Problem | None = None
    at_rest: bool = False


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Client:
    """Fetches pages of one portal within a policy. One per run; a context manager.

    `scope` says which addresses belong to the portal; nothing else is asked. `base_url` is another origin that
    serves the portal's pages: captures keep the portal's address in `url` and the real one in `source_uri`.
    A portal (or base) on loopback is the only thing asked then; otherwise only public addresses are connected
    to. `tls` gives hosts another rule than `verified` (see `TlsRule.parse`).

    `pace` is shared with other runs of the user; without one this client keeps its own. With it, `policy.per_address`
    holds for each address whatever names share it.

    `requests` counts what was sent, `bytes` what came as bodies. Raises UsageError or ConfigError for
    settings that cannot be; failures of pages are values.
    """

    def __init__(
        self,
        policy: Policy,
        scope: urls.Scope,
        *,
        base_url: str | None = None,
        tls: Mapping[str, str] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = _utc_now,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = random_module.random,
        resolve: Resolve = addresses.resolve,
        dial: Dial | None = None,
        transport: httpx.BaseTransport | None = None,
        pace: Pace | None = None,
    ) -> None:
        # httpx is slow to import, and most commands never fetch.
        from gvreader.web.request import exchange
        from gvreader.web.transport import Transport
        from gvreader.web.transport import dial as dial_directly

        self.requests = 0
        self.bytes = 0
        self._policy = policy
        self._route = Route(scope, base_url)
        if policy.delay < LEAST_DELAY and self._route.loopback is None:
            raise UsageError(
                _("Less than {n} s between requests is for portals on this machine only.").format(
                    n=LEAST_DELAY
                ),
                advice=_("Use a delay of {n} s or more.").format(n=LEAST_DELAY),
            )
        self._monotonic = monotonic
        self._now = now
        self._sleep = sleep
        self._random = random
        self._exchange = exchange
        self.pace = pace
        self._transport = transport or Transport(
            guard=Guard(loopback=self._route.loopback),
            rules={host.lower(): TlsRule.parse(rule) for host, rule in (tls or {}).items()},
            connect_timeout=policy.connect_timeout,
            read_timeout=policy.read_timeout,
            slow_after=policy.slow_after,
            least_rate=policy.least_rate,
            monotonic=monotonic,
            resolve=resolve,
            dial=dial or dial_directly,
        )
        self._lock = threading.Lock()
        self._hosts: dict[str, Host] = {}
        self._rules: dict[str, robots.Rules] = {}
        self._cookies = Cookies()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that were kept open."""
        self._transport.close()

    def fetch(
        self, request: Request, *, etag: str | None = None, last_modified: str | None = None
    ) -> Outcome:
        """Ask for a page, conditionally if validators are given (then 304 is an answer). Waits its turn."""
        logical = self._route.logical(request.url)
        if logical is None:
            return Outcome(problem=Problem(url=request.url, kind="off-site", detail="not a web address"))
        conditions = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
        added = tuple((name, value) for name, value in conditions if value)
        captures: list[Capture] = []
        asked = replace(request, url=logical, headers=(*request.headers, *added))
        with self._lock:  # one request in flight, whoever asks
            served = self._route.served(logical)
            problem = self._follow(asked, served, captures)
            at_rest = problem is not None and self._host(self._route.moved_to(served)).rests(
                self._monotonic()
            )
        if problem is not None:
            _log.info("no page at %s: %s", problem.url, problem.kind)
            _log.debug("%s: %s", problem.kind, problem.detail)
        return Outcome(captures=tuple(captures), problem=problem, at_rest=at_rest)

    def once(self, request: Request) -> Outcome:
        """One request to the scope's origin, its address as spelled: for documented interfaces, not for pages.

        Nothing is done that `fetch` does around it: no robots.txt, redirects, repetitions, or turn to wait for;
        the caller keeps its own pace. A broken answer is a problem, and what came of it is in `captures`.
        """
        with self._lock:
            answer = self._exchange(
                self._transport,
                request,
                request.url,
                policy=self._policy,
                deadline=self._monotonic() + self._policy.deadline,
                now=self._now,
                sent=self._count_request,
            )
        if answer.capture is not None:
            self.bytes += len(answer.capture.body)
        failure = answer.failure
        return Outcome(
            captures=(answer.capture,) if answer.capture is not None else (),
            problem=Problem(url=request.url, kind=failure.kind, detail=failure.detail) if failure else None,
        )

    def _count_request(self) -> None:
        self.requests += 1

    def _follow(
        self, request: Request, actual: str, captures: list[Capture], *, attempts: int = 0, free: bool = False
    ) -> Problem | None:
        """Ask, and follow redirects; `free` of robots.txt and of rest (as robots.txt itself is)."""
        first = request.url
        visited: set[tuple[str, str, str | None]] = set()

        def problem(kind: ProblemKind, detail: str) -> Problem:
            return Problem(url=first, kind=kind, detail=detail)

        for _attempt in range(self._policy.max_redirects + 1):
            if refusal := self._route.refusal(actual):
                return problem("off-site", refusal)
            if not free:
                actual, rules = self._permission(actual, captures)
                if rules.failure:
                    return problem(rules.failure.kind, rules.failure.detail)
                if not rules.allows(actual, self._policy.robot):
                    return problem("robots", f"robots.txt does not allow {path_of(actual)}")
            # Asked once more with a cookie, a page that only sends one may answer.
            place = (request.method, actual, self._cookies.header_for(actual))
            if place in visited:
                return problem("redirect-loop", f"redirected back to {actual}")
            visited.add(place)
            answer = self._attempt(request, actual, attempts or self._policy.max_attempts)
            if (other := _asked_otherwise(request, answer.capture)) is not None:
                answer = self._attempt(other, actual, attempts or self._policy.max_attempts)
            if answer.capture is not None:
                captures.append(answer.capture)
            if answer.failure is not None:
                return problem(answer.failure.kind, answer.failure.detail)
            assert answer.capture is not None
            location = _location(answer.capture, actual)
            if location is None:
                return None
            target = urls.spelled_join(actual, _as_text(location))
            if target is None:
                return problem("off-site", "redirected to something that is not a web address")
            target = self._route.secured(self._route.served(target))
            if refusal := self._route.refusal(target):
                return problem("off-site", f"redirected away: {refusal}")
            _log.info("%s leads to %s (%d)", actual, target, answer.capture.status)
            self._route.learn_move(actual, target)
            request = _redirected(request, answer.capture.status, self._route.logical(target) or target)
            actual = target
        return problem("redirect-loop", f"more than {self._policy.max_redirects} redirects")

    def _permission(self, actual: str, captures: list[Capture]) -> tuple[str, robots.Rules]:
        """The rules of the origin that serves an address now, and the address there."""
        for _attempt in range(MOST_MOVES):
            actual = self._route.moved_to(actual)
            rules = self._origin_rules(actual, captures)
            if self._route.moved_to(actual) == actual:
                break
        return actual, rules

    def _origin_rules(self, actual: str, captures: list[Capture]) -> robots.Rules:
        """The rules of an origin, asked once; again after a while where they could not be had.

        A host that failed too often in a row is asked for nothing but them: if it gives them, the trouble is
        with its pages, and it counts as healthy again.
        """
        origin = urls.origin(actual) or ""
        host = self._host(actual)
        now = self._monotonic()
        if host.failures < self._policy.patience:
            rules = self._rules.get(origin)
            if rules is not None and (rules.failure is None or now < rules.until):
                return rules
            return self._ask_rules(origin, captures, attempts=self._policy.max_attempts)
        if now >= host.rests_until:
            rules = self._ask_rules(origin, captures, attempts=1)
            if not host.failures:
                return rules
            host.rests_until = self._monotonic() + self._policy.rest
        return robots.Rules(failure=host.at_rest())

    def _ask_rules(self, origin: str, captures: list[Capture], *, attempts: int) -> robots.Rules:
        address = f"{origin}/robots.txt"
        own: list[Capture] = []
        request = Request(url=self._route.logical(address) or address)
        problem = self._follow(request, address, own, attempts=attempts, free=True)
        captures += own
        rules = robots.read(own, problem, until=self._monotonic() + self._policy.rest)
        final = (own[-1].source_uri or own[-1].url) if own else address
        for served in {address, final}:
            if path_of(served) == "/robots.txt":
                self._rules[urls.origin(served) or ""] = rules
                wish = min(rules.delay(self._policy.robot), self._policy.max_crawl_delay)
                host = self._host(served)
                host.delay = max(host.delay, wish)
        return rules

    def _attempt(self, request: Request, actual: str, attempts: int) -> Answer:
        """Ask, again after a pause where that may help."""
        host = self._host(actual)
        silences = 0
        for left in reversed(range(attempts)):
            answer = self._ask(request, actual, host)
            if answer.trouble is None:
                break
            silences += answer.trouble.kind == "timeout"
            if silences >= self._policy.max_silences:
                break
            if answer.trouble.at_once:
                continue
            if not self._pause(host, answer, retry=attempts - left if left else 0):
                break
        if failure := answer.host_failure:
            host.failed(failure)
        else:
            host.succeeded()
        return answer

    def _pause(self, host: Host, answer: Answer, *, retry: int) -> bool:
        """Keep away from a host in trouble; whether to ask again then.

        `retry` counts from 1, 0 is none: then only the server's own wish delays what comes next.
        """
        policy = self._policy
        wish = throttle.retry_after(answer.capture, self._now()) if answer.capture else None
        if wish is None and retry:
            wish = throttle.backoff(
                retry, base=policy.backoff, most=policy.max_backoff, chance=self._random()
            )
        if wish is None:
            return False
        seconds = min(wish, policy.max_retry_after)
        host.pause(self._monotonic(), seconds)
        if self.pace is not None and host.name:
            self.pace.hold(host.name, seconds)
        _log.info("a pause of %.1f s, attempt %d", min(wish, policy.max_retry_after), retry)
        return retry > 0 and wish <= policy.max_retry_after

    def _ask(self, request: Request, actual: str, host: Host) -> Answer:
        while True:
            wait = host.wait_from(self._monotonic())
            if self.pace is not None:
                wait = max(wait, self.pace.reserve(self._turns(host)))
            if wait > 0:
                self._sleep(wait)
            try:
                return self._asked(request, actual, host)
            except _NotYet:
                continue  # the address is known now, and has a queue of its own

    def _turns(self, host: Host) -> list[Turn]:
        """Whose turn a request to a host has to wait for: the host's own, and that of its address once it is known."""
        turns = [Turn(name=host.name, interval=host.delay)]
        if host.address is not None and self._policy.per_address:
            turns.append(Turn(name=f"@{host.address}", interval=1 / self._policy.per_address))
        return turns

    def _take_turn(self, host: Host, address: str) -> None:
        """Just before a request goes out. Raises _NotYet where the address has others waiting."""
        assert self.pace is not None
        is_new = host.address != address
        host.address = address
        while (wait := self.pace.start(self._turns(host))) > 0:
            if is_new and wait > _SHORT_WAIT:
                raise _NotYet
            self._sleep(wait)

    def _asked(self, request: Request, actual: str, host: Host) -> Answer:
        def ready(address: str) -> None:
            if self.pace is not None:
                self._take_turn(host, address)

        def sent() -> None:
            # Counted from here, not from the connection before it: the server sees the requests themselves.
            host.started(self._monotonic())
            self.requests += 1

        host.started(self._monotonic())
        answer = self._exchange(
            self._transport,
            request,
            actual,
            policy=self._policy,
            deadline=self._monotonic() + self._policy.deadline,
            now=self._now,
            sent=sent,
            ready=ready,
            cookie=self._cookies.header_for(actual),
        )
        if answer.capture is not None:
            self._cookies.learn(actual, answer.capture)
            self.bytes += len(answer.capture.body)
            _log.debug(
                "%s %s: %d, %d bytes",
                request.method,
                actual,
                answer.capture.status,
                len(answer.capture.body),
            )
        return answer

    def _host(self, actual: str) -> Host:
        name = urls.host(actual)
        if urls.is_loopback(actual):
            name = urlsplit(actual).netloc.lower()  # there, each port is a machine of its own
        return self._hosts.setdefault(name, Host(self._policy.delay, name))


class _NotYet(Exception):
    """The request has to wait for its address's turn."""


def _location(answer: Capture, actual: str) -> str | None:
    """Where an answer sends its reader: by its status and Location, or by a Refresh header that goes elsewhere."""
    if answer.status in _REDIRECTS:
        return answer.header("location") or None
    if answer.status // 100 == 2 and (refresh := answer.header("refresh")):
        return urls.refresh_target(refresh, actual)
    return None


def _asked_otherwise(request: Request, answer: Capture | None) -> Request | None:
    """The request that a muddled answer needs: without conditions for a 412, past all caches for a 304 unasked."""
    if answer is None:
        return None
    is_conditional = any(name.lower() in _CONDITIONS for name, _value in request.headers)
    if answer.status == 412 and is_conditional:
        kept = tuple(field for field in request.headers if field[0].lower() not in _CONDITIONS)
        return replace(request, headers=kept)
    if answer.status == 304 and not is_conditional:
        return replace(request, headers=(*request.headers, *_PAST_CACHES))
    return None


def _as_text(location: str) -> str:
    """A Location header as text: its bytes should be ASCII, are often UTF-8, and may be anything."""
    raw = location.encode("latin-1")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return quote(raw, safe=bytes(range(33, 127)))


def _redirected(request: Request, status: int, url: str) -> Request:
    """The request that follows a redirect (RFC 9110 section 15.4): only 307 and 308 keep a POST."""
    if request.method == "GET" or status in (307, 308):
        return replace(request, url=url)
    headers = tuple(field for field in request.headers if field[0].lower() != "content-type")
    return Request(url=url, headers=headers)
