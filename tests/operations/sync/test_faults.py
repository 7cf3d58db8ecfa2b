"""Every fault of the replica's catalogue: what it is called, how the run ends, and that all else arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import pytest

from gvreader.model import ProblemKind, RunFinished
from gvreader.portals import Portal
from gvreader.web import Policy
from tests.operations.sync.conftest import Archive, kinds
from tests.portal import Replica
from tests.portal.faults import Fault
from tests.portal.troubles import (
    CATALOGUE,
    Bomb,
    Drip,
    Oversized,
    SlowHeaders,
)

HASTY: Final = Policy(
    delay=0.0,
    connect_timeout=2.0,
    read_timeout=0.5,
    deadline=5.0,
    slow_after=0.4,
    max_wire=2 << 20,
    max_decoded=4 << 20,
    backoff=0.01,
    max_backoff=0.02,
    max_retry_after=0.05,
)
KINDS: Final[dict[str, ProblemKind | None]] = {
    "status-404": "http-status",
    "status-410": "http-status",
    "status-403": "http-status",
    "status-500": "http-status",
    "status-503": "http-status",
    "retry-after-seconds": "http-status",
    "retry-after-date": "http-status",
    "retry-after-nonsense": "http-status",
    "too-many-requests": "http-status",
    "hang": "timeout",
    "drip": "timeout",
    "slow-headers": "timeout",
    "reset": "connection",
    "reset-in-body": "truncated",
    "truncated": "truncated",
    "chunked": None,
    "chunks-cut": "truncated",
    "unsized": None,
    "gzip-bomb": "too-large",
    "endless": "too-large",
    "oversized": "too-large",
    "wrong-coding": None,
    "unknown-coding": None,
    "corrupt-gzip": "bad-encoding",
    "invalid-headers": None,
    "lying-charset": None,
    "windows-1258": None,
    "windows-1258-undeclared": None,
    "redirect-loop": "redirect-loop",
    "redirect-off-site": "off-site",
    "redirect-metadata": "off-site",
    "redirect-private": "off-site",
    "redirect-file": "off-site",
    "soft-404": None,
    "challenge": "challenge",
    "captcha": "challenge",
    "maintenance": "maintenance",
    "maintenance-503": "maintenance",
    "login": "not-article",
    "empty": "no-body",
    "shell": "no-body",
    "foreign-template": "not-article",
    "wrong-type": None,
    "calendar": None,
    "session-ids": None,
    "robots-disallow": "robots",
}
"""What each fault is called; None for what is tolerated."""
EVERYWHERE: Final = KINDS | {"foreign-template": "soft-404"}
QUICK: Final[dict[str, Callable[[], Fault]]] = {
    "gzip-bomb": lambda: Bomb(8),
    "oversized": lambda: Oversized(4),
    "drip": lambda: Drip(4, 0.05),
    "slow-headers": lambda: SlowHeaders(1, 0.05),
}


def fault(name: str) -> Fault:
    return QUICK.get(name, CATALOGUE[name])()


@pytest.fixture(scope="module")
def server() -> Iterator[Replica]:
    with Replica(articles=10, seed=5) as running:
        yield running


@pytest.fixture
def troubled(server: Replica) -> Iterator[Replica]:
    yield server
    server.faults.clear()


def run(archive: Archive, portal: Portal, server: Replica) -> RunFinished:
    return archive.finish(portal, base_url=server.base_url, policy=HASTY)


def numbers(server: Replica) -> set[str]:
    return {f"giavien:{article.identity}" for article in server.truth()}


def test_the_table_knows_the_whole_catalogue() -> None:
    assert KINDS.keys() == CATALOGUE.keys()


@pytest.mark.parametrize("name", sorted(KINDS.keys() - {"robots-disallow"}))
def test_one_page_in_trouble_costs_no_other(
    name: str, archive: Archive, giavien: Portal, troubled: Replica
) -> None:
    victim = list(troubled.site.pieces())[4]
    troubled.faults.add(fault(name), rf"-{victim.number}\.html")
    report = run(archive, giavien, troubled)
    healthy = numbers(troubled) - {f"giavien:{victim.number}"}
    stored = archive.contents().keys()
    assert healthy <= stored
    if KINDS[name] is None:
        assert (report.exit_code, report.complete, kinds(report)) == (0, True, [])
        assert f"giavien:{victim.number}" in stored
        return
    assert (report.exit_code, report.complete, kinds(report)) == (3, False, [KINDS[name]])
    assert report.tally.failed >= 1
    assert all(problem.detail and f"-{victim.number}.html" in problem.url for problem in report.problems)
    assert f"giavien:{victim.number}" not in stored
    troubled.faults.clear()
    again = run(archive, giavien, troubled)
    assert (again.exit_code, again.tally.new, again.complete) == (0, 1, True)
    assert archive.contents().keys() >= numbers(troubled)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_trouble_everywhere(name: str, archive: Archive, giavien: Portal, troubled: Replica) -> None:
    troubled.requests.clear()
    troubled.faults.add(fault(name))
    report = run(archive, giavien, troubled)
    kind = EVERYWHERE[name]
    if kind is None:
        assert (report.exit_code, kinds(report)) == (0, [])
        assert archive.contents().keys() >= numbers(troubled)
        assert len(troubled.requests) <= 60  # no trap is walked into
        return
    assert (report.exit_code, report.complete, kinds(report)) == (4, False, [kind])
    assert report.advice
    assert archive.contents() == {}
    assert len(troubled.requests) <= 12
