"""What is there of each portal of a fleet: at most four requests each, and nothing goes into an archive."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from gvreader.app.clock import now
from gvreader.app.fleet.crew import Stop
from gvreader.app.fleet.sync_run import AT_ONCE, per_address
from gvreader.archive.fleet_record import ProbeRow
from gvreader.errors import EXIT_DONE, EXIT_PARTIAL, GvreaderError, PortalUnreachable
from gvreader.model import Article, Capture, Listing, Problem, ProblemKind, Refusal, Request

if TYPE_CHECKING:
    from gvreader.app.fleet.folder import Fleet, FleetMember
    from gvreader.model import Extraction
    from gvreader.portals import Portal
    from gvreader.web import Client

State = Literal["alive", "dead", "maintenance", "refused", "strange", "moved"]
MOST_REQUESTS: Final = 4
_STATES: Final[dict[ProblemKind, State]] = {
    "connection": "dead",
    "timeout": "dead",
    "tls": "refused",
    "maintenance": "maintenance",
    "robots": "refused",
    "challenge": "refused",
    "http-status": "refused",
    "off-site": "moved",
    "redirect-loop": "refused",
}
"""What a problem with the home page says of a portal; any other: `strange`."""


@dataclass(slots=True)
class Census:
    """One look at the portals of a fleet; `found` has what was seen, by name."""

    fleet: Fleet
    members: Sequence[FleetMember]
    delay: float | None
    per_address: float | None
    at_once: int | None
    clock: Callable[[], datetime] = now
    started: datetime = field(init=False)
    found: dict[str, ProbeRow] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    @property
    def exit_code(self) -> int:
        """As the contract has it for `fleet probe`."""
        states = [row.state for row in self.found.values()]
        if len(states) == len(self.members) and set(states) == {"dead"}:
            return PortalUnreachable.exit_code
        return EXIT_DONE if len(states) == len(self.members) and set(states) == {"alive"} else EXIT_PARTIAL

    def rows(self) -> Generator[ProbeRow]:
        """Look, and say what is there as it is found. Raises ArchiveLocked."""
        stop = Stop()
        with self.fleet.locked("fleet probe", self.started):
            threads = ThreadPoolExecutor(min(self.at_once or AT_ONCE, max(len(self.members), 1)))
            try:
                for done in as_completed([threads.submit(self._look, one, stop) for one in self.members]):
                    row = done.result()
                    self.found[row.name] = row
                    self.fleet.record.save_probe(row)
                    yield row
            finally:
                stop.ask()
                threads.shutdown(wait=True, cancel_futures=True)

    def _look(self, member: FleetMember, stop: Stop) -> ProbeRow:
        from gvreader.app.clients import client_for

        settings, portal = self.fleet.settings_of(member), self.fleet.portal_of(member)
        try:
            with client_for(
                settings,
                portal,
                delay=self.delay,
                per_address=per_address(self.fleet, self.per_address),
                sleep=stop.sleep,
                once=True,
            ) as client:
                seen = _seen(client, portal)
                requests = client.requests
        except GvreaderError as error:
            seen, requests = _Seen(state="strange", detail=str(error)), 0
        return ProbeRow(
            name=member.name,
            at=self.clock().isoformat(timespec="seconds").replace("+00:00", "Z"),
            state=seen.state,
            family=seen.family,
            address=seen.address,
            requests=requests,
            detail=seen.detail,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    state: State
    family: str | None = None
    address: str | None = None
    detail: str | None = None


def _seen(client: Client, portal: Portal) -> _Seen:
    """Robots.txt and the home page, and an article that it leads to while the portal has not shown its family."""
    outcome = client.fetch(Request(url=portal.origin + portal.start[0]))
    address = next((capture.address for capture in reversed(outcome.captures) if capture.address), None)
    if outcome.problem is not None:
        state, detail = _of_problem(outcome.problem, outcome.captures, portal)
        return _Seen(state=state, address=address, detail=detail)
    home = _read(outcome.captures[-1], portal)
    if isinstance(home.page, Refusal):
        return _Seen(
            state=_STATES.get(home.page.kind, "strange"),
            address=address,
            detail=_detail(home.page.kind, home.page.detail),
        )
    family = _family(home)
    links = [item.url for item in home.page.items] if isinstance(home.page, Listing) else []
    if links and client.requests < MOST_REQUESTS:
        answer = client.fetch(Request(url=links[0]))
        if answer.problem is None:
            article = _read(answer.captures[-1], portal)
            if isinstance(article.page, Article):
                family = _family(article) or family
    is_portal = bool(links) or isinstance(home.page, Article) or bool(home.menu)
    return _Seen(
        state="alive" if is_portal else "strange",
        family=family,
        address=address,
        detail=None if is_portal else "the home page leads to no article and no section",
    )


def _of_problem(problem: Problem, captures: Sequence[Capture], portal: Portal) -> tuple[State, str]:
    """What a home page that could not be had says; an error page may say that it is maintenance."""
    kind = problem.kind
    if kind == "http-status" and captures:
        page = _read(captures[-1], portal).page
        if isinstance(page, Refusal) and page.kind in ("maintenance", "challenge"):
            kind = page.kind
    return _STATES.get(kind, "strange"), _detail(kind, problem.detail)


def _read(capture: Capture, portal: Portal) -> Extraction:
    from gvreader.extract import extract
    from gvreader.ingest import examine

    return examine(capture, portal) or extract(capture, portal)


def _family(extraction: Extraction) -> str | None:
    return None if extraction.family in ("", "unknown", "generic") else extraction.family.partition("@")[0]


def _detail(kind: str, detail: str) -> str:
    return f"{kind}: {detail}" if detail else kind
