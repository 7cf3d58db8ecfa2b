"""A real archive, a real client and a real replica over loopback HTTP."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from gvreader.archive.library import Library
from gvreader.archive.vault import Vault
from gvreader.model import ArticleStored, Event, Problem, RunFinished
from gvreader.operations.sync import SyncOptions, sync
from gvreader.portals import Portal, adhoc, portal_for
from gvreader.web import Client, Policy
from tests.portal import Replica

ARTICLES: Final = 24
TOTAL: Final = ARTICLES + 4
"""With the static pages."""


@dataclass
class Archive:
    """One archive folder that can be synchronised again and again; `later` moves its clock."""

    folder: Path
    offset: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def later(self, **difference: float) -> None:
        self.offset += timedelta(**difference)

    @contextmanager
    def library(self) -> Iterator[Library]:
        with Library.open(self.folder / "library.sqlite3", mode="write") as library:
            yield library

    def vault(self) -> Vault:
        return Vault.open(self.folder / "vault", mode="write", clock=self.now)

    def run(
        self,
        portal: Portal,
        *,
        base_url: str | None = None,
        options: SyncOptions | None = None,
        stop_after: int | None = None,
        policy: Policy | None = None,
    ) -> tuple[RunFinished | None, list[Event]]:
        """One run; with `stop_after`, the generator is closed after that many events."""
        events: list[Event] = []
        client = Client(
            policy=policy or Policy(delay=0.0), scope=portal.scope(), base_url=base_url, now=self.now
        )
        with self.library() as library, self.vault() as vault, client:
            stream = sync(
                portal,
                client=client,
                vault=vault,
                library=library,
                options=options or SyncOptions(),
                clock=self.now,
                random=random.Random(7),
            )
            for event in stream:
                events.append(event)
                if stop_after is not None and len(events) >= stop_after:
                    stream.close()
                    return None, events
        last = events[-1]
        assert isinstance(last, RunFinished)
        return last, events

    def finish(self, portal: Portal, **keywords: object) -> RunFinished:
        report, _events = self.run(portal, **keywords)  # type: ignore[arg-type]
        assert report is not None
        return report

    def contents(self) -> dict[str, str]:
        """Every article's key with the digest of its content."""
        with self.library() as library:
            stored = library.articles.stream(library.articles.ids())
            return {article.row.key: article.content_sha256 for article in stored}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def giavien() -> Portal:
    portal = portal_for("giavien")
    assert portal is not None
    return portal


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(articles=ARTICLES) as server:
        yield server


@pytest.fixture
def here(replica: Replica) -> Portal:
    return adhoc(replica.base_url + "/")


def stored(events: list[Event], change: str) -> list[str]:
    """Keys of the articles that a run stored with this change."""
    return [event.key for event in events if isinstance(event, ArticleStored) and event.change == change]


def kinds(report: RunFinished) -> list[str]:
    return sorted({problem.kind for problem in report.problems})


__all__ = ["Archive", "Callable", "Problem", "kinds", "stored"]
