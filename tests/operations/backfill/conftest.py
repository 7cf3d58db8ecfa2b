"""A look-alike of public web archives on loopback, and a backfill from it whose pauses cost no time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from gvreader.archive.library import Library
from gvreader.archive.vault import Vault
from gvreader.model import Event, RunFinished
from gvreader.operations.backfill import backfill
from gvreader.portals import portal_for
from gvreader.sources.commoncrawl import CommonCrawl
from gvreader.sources.wayback import Wayback
from gvreader.urls import Scope
from gvreader.web import Client, Policy
from tests.portal import Replica
from tests.portal.webarchive import Memento, WebArchive, history_of

ORIGIN = "https://giavien.ninhbinh.gov.vn"
ARTICLES = 12


@dataclass(slots=True)
class World:
    """One archive of ours, asked to fill itself; `slept` are the pauses, which pass at once."""

    folder: Path
    service: WebArchive
    slept: list[float] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    seconds: float = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def library(self) -> Library:
        return Library.open(self.folder / "library.sqlite3", mode="write")

    def run(
        self,
        source: Literal["wayback", "commoncrawl"] = "wayback",
        *,
        limit: int | None = None,
        first: date | None = None,
        last: date | None = None,
        hosts: tuple[str, ...] = (),
        stop_after: Callable[[Event], bool] | None = None,
    ) -> RunFinished | None:
        """Backfill until its end, or close it after an event; None in that case."""
        portal = portal_for("giavien")
        assert portal is not None
        portal = replace(portal, hosts=hosts)
        home = self.service.url
        self.events.clear()
        with (
            Client(Policy(), Scope(origin=home)) as client,
            Vault.open(self.folder / "vault", mode="write", clock=self.now) as vault,
            self.library() as library,
        ):
            common = {
                "home": home,
                "first": first,
                "last": last,
                "monotonic": self.monotonic,
                "sleep": self.sleep,
            }
            found: Wayback | CommonCrawl
            if source == "wayback":
                found = Wayback(client, portal.scope(), **common)  # type: ignore[arg-type]
            else:
                found = CommonCrawl(client, client, portal.scope(), data_home=home, **common)  # type: ignore[arg-type]
            events = backfill(
                portal,
                archive=found,
                service=home,
                first=first,
                last=last,
                limit=limit,
                vault=vault,
                library=library,
                requests=lambda: (client.requests, client.bytes),
                clock=self.now,
                sleep=self.sleep,
            )
            for event in events:
                self.events.append(event)
                if stop_after is not None and stop_after(event):
                    events.close()
                    return None
        assert isinstance(event, RunFinished)
        return event


@pytest.fixture(scope="session")
def replica() -> Iterator[Replica]:
    """A portal after its history: edited and partly deleted."""
    with Replica(articles=ARTICLES, seed=5) as running:
        yield running


@pytest.fixture(scope="session")
def kept(replica: Replica) -> tuple[Memento, ...]:
    """What an archive kept of it."""
    return tuple(history_of(replica, ORIGIN))


@pytest.fixture
def service(kept: tuple[Memento, ...]) -> Iterator[WebArchive]:
    with WebArchive(kept) as running:
        yield running


@pytest.fixture
def world(tmp_path: Path, service: WebArchive) -> World:
    return World(tmp_path, service)
