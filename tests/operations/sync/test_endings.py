"""Portals that close, move, change their looks or die: what is told, and that nothing is lost."""

from __future__ import annotations

import hashlib
import socket
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from gvreader.archive.library import Library
from gvreader.demo.exchange import Ask, PortalReply
from gvreader.model import RunFinished
from gvreader.operations.sync import SyncOptions
from gvreader.portals import Portal, adhoc
from gvreader.web import Policy
from tests.operations.sync.conftest import TOTAL, Archive, kinds
from tests.portal import Replica
from tests.portal.faults import Fault, Honest
from tests.portal.troubles import (
    ForeignTemplate,
    Hang,
    Maintenance,
    Reset,
    Shell,
    SoftNotFound,
    Status,
)

HASTY = Policy(delay=0.0, backoff=0.0, read_timeout=0.3, max_retry_after=0.05)


def state(archive: Archive) -> dict[str, object]:
    """Everything that readers see."""
    with archive.library() as library:
        return {
            one.row.key: (
                one.row,
                one.content_sha256,
                one.first_seen,
                len(library.articles.history(one.row.id)),
            )
            for one in library.articles.stream(library.articles.ids())
        } | {section.slug: section.title for section in library.sections.all("giavien")}


def synced(archive: Archive, portal: Portal, server: Replica) -> dict[str, object]:
    archive.finish(portal, base_url=server.base_url)
    archive.later(days=2)
    return state(archive)


def run(archive: Archive, portal: Portal, server: Replica) -> RunFinished:
    return archive.finish(portal, base_url=server.base_url, policy=HASTY)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Maintenance(), "maintenance"),
        (Maintenance(503), "maintenance"),
        (SoftNotFound(only_missing=False), "soft-404"),
        (ForeignTemplate(), "soft-404"),
        (Status(403), "http-status"),
        (Status(503), "http-status"),
        (Reset(), "connection"),
        (Hang(), "timeout"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Fault) else "",
)
@pytest.mark.parametrize("full", [False, True])
def test_a_portal_that_says_nothing_changes_nothing(
    fault: Fault, kind: str, full: bool, archive: Archive, giavien: Portal, replica: Replica
) -> None:
    before = synced(archive, giavien, replica)
    replica.faults.add(fault)
    report = archive.finish(giavien, base_url=replica.base_url, policy=HASTY, options=SyncOptions(full=full))
    assert (report.exit_code, report.complete, kinds(report)) == (4, False, [kind])
    assert (report.tally.new, report.tally.changed, report.tally.gone) == (0, 0, 0)
    assert report.advice
    assert state(archive) == before
    replica.faults.clear()
    assert run(archive, giavien, replica).complete
    assert state(archive).keys() == before.keys()


def test_a_replaced_portal_is_called_so(archive: Archive, giavien: Portal, replica: Replica) -> None:
    replica.faults.add(ForeignTemplate())
    report = run(archive, giavien, replica)
    assert report.exit_code == 4
    assert "replaced" in report.advice
    assert "backfill" in report.advice
    assert state(archive) == {}


class TourOperator(Fault):
    """Somebody else's site under the portal's name: a home page without news, and nothing else."""

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        if ask.path == "/":
            return PortalReply(
                body=b"<html><title>Tours</title><h1>Tours</h1><p>Book now.</p><a href='/tour/1'>1</a>"
            )
        return PortalReply(status=404, body=b"<h1>Not found</h1>")


def test_a_home_page_that_says_nothing_of_a_portal_is_somebody_elses(
    archive: Archive, giavien: Portal, replica: Replica
) -> None:
    before = synced(archive, giavien, replica)
    replica.faults.add(TourOperator())
    report = run(archive, giavien, replica)
    assert report.exit_code == 4
    assert "backfill" in report.advice
    assert state(archive) == before


def dump(archive: Archive) -> list[str]:
    """The whole library as SQL, but for the journal of runs."""
    with closing(sqlite3.connect(archive.folder / "library.sqlite3")) as database:
        return [line for line in database.iterdump() if not line.startswith(_JOURNAL)]


_JOURNAL = ('INSERT INTO "runs"', 'INSERT INTO "problems"')


def test_a_portal_out_of_reach_leaves_the_library_as_it_was(
    archive: Archive, giavien: Portal, replica: Replica
) -> None:
    synced(archive, giavien, replica)
    before = dump(archive)
    archive.later(days=40)
    assert archive.finish(giavien, base_url="http://127.0.0.1:9", policy=HASTY).exit_code == 4
    assert dump(archive) == before
    with closing(sqlite3.connect(archive.folder / "library.sqlite3")) as database:
        assert database.execute("SELECT exit_code FROM runs ORDER BY id DESC LIMIT 1").fetchall() == [(4,)]


def test_a_new_portal_out_of_reach_leaves_no_trace(
    archive: Archive, giavien: Portal, replica: Replica
) -> None:
    synced(archive, giavien, replica)
    other = adhoc("http://127.0.0.1:9/")
    with closing(sqlite3.connect(archive.folder / "library.sqlite3")) as database:
        before = list(database.iterdump())
    assert archive.finish(other, base_url="http://127.0.0.1:9", policy=HASTY).exit_code == 4
    with closing(sqlite3.connect(archive.folder / "library.sqlite3")) as database:
        assert list(database.iterdump()) == before


@pytest.mark.parametrize("fault", [Maintenance(), Status(500)])
def test_after_a_long_outage_the_first_run_brings_everything(
    fault: Fault, archive: Archive, giavien: Portal, replica: Replica
) -> None:
    synced(archive, giavien, replica)
    replica.faults.add(fault)
    for _night in range(12):
        report = run(archive, giavien, replica)
        assert report.exit_code == 4
        assert report.problems[0].url == "https://giavien.ninhbinh.gov.vn/"
        archive.later(hours=6)
    replica.faults.clear()
    replica.site.publish(12)
    report = run(archive, giavien, replica)
    assert (report.exit_code, report.complete, report.tally.new) == (0, True, 12)


def test_a_home_page_that_fails_for_weeks_keeps_nobody_from_the_sections(
    archive: Archive, giavien: Portal, replica: Replica
) -> None:
    synced(archive, giavien, replica)
    replica.faults.add(Status(500), r"^/$")
    for _night in range(9):
        replica.site.publish(1)
        report = run(archive, giavien, replica)
        assert (report.exit_code, report.tally.new) == (3, 1)
        archive.later(days=1)


def test_a_portal_whose_name_is_gone(archive: Archive) -> None:
    portal = adhoc("https://huyen-khong-con.invalid/")
    report = archive.finish(portal, policy=Policy())
    assert (report.exit_code, kinds(report)) == (4, ["connection"])
    assert "no host named huyen-khong-con.invalid" in report.problems[0].detail
    assert report.tally.requests == 0


def test_nobody_listens(archive: Archive) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    report = archive.finish(adhoc(f"http://127.0.0.1:{port}/"), policy=HASTY)
    assert (report.exit_code, kinds(report)) == (4, ["connection"])


def test_a_portal_that_dies_on_the_way_keeps_what_came(
    archive: Archive, giavien: Portal, replica: Replica
) -> None:
    replica.faults.add(Reset(), after=30)
    report = run(archive, giavien, replica)
    assert (report.exit_code, report.complete) == (3, False)
    assert 0 < report.tally.new < TOTAL
    asked = len(replica.requests)
    assert asked <= 30 + 5 * 3 + 1
    replica.faults.clear()
    archive.later(hours=6)
    assert run(archive, giavien, replica).complete
    assert len(archive.contents()) == TOTAL


class OnArticles(Fault):
    """A redesign that only article pages went through."""

    def __init__(self, redesign: Fault, portal: Replica) -> None:
        self._redesign = redesign
        self._numbers = [f"-{piece.number}.html" for piece in portal.site.pieces()]

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        if any(ask.path.endswith(number) for number in self._numbers):
            return self._redesign.answer(ask, honest)
        return honest(ask)


class Headless(Fault):
    """Pages that have lost their headline: the title is the site's, the text a script's affair."""

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        return PortalReply(
            body="<html><head><title>Trang thông tin điện tử huyện Gia Viễn</title></head><body>"
            "<h1>Thông tin tuyên truyền của huyện</h1><div id=app></div></body></html>".encode()
        )


@pytest.mark.parametrize("redesign", [Shell(), Headless()])
def test_a_redesign_is_told_with_the_fields_that_are_missing(
    redesign: Fault, archive: Archive, giavien: Portal, replica: Replica
) -> None:
    before = synced(archive, giavien, replica)
    replica.site.publish(12)
    replica.faults.add(OnArticles(redesign, replica))
    report, _events = archive.run(
        giavien, base_url=replica.base_url, policy=HASTY, options=SyncOptions(full=True)
    )
    assert report is not None
    assert (report.exit_code, report.complete) == (7, False)
    (told,) = [problem for problem in report.problems if problem.kind == "layout-changed"]
    assert "no body on" in told.detail
    last = archive.now().replace(microsecond=0)
    assert f"fetched {last:%Y-}" in told.detail
    assert "rebuild" in report.advice
    assert state(archive) == before
    with archive.library() as library:
        (portal,) = library.status().portals
        assert portal.last_run is not None
        assert portal.last_run.exit_code == 7
        assert library.captures.count() > TOTAL + 12
    replica.faults.clear()
    archive.later(hours=6)
    assert run(archive, giavien, replica).tally.new == 12


@pytest.mark.parametrize("family", ["vnpt", "unknown-divs"])
def test_a_redesign_that_can_be_read_is_taken_in_stride(
    family: str, archive: Archive, giavien: Portal, replica: Replica
) -> None:
    synced(archive, giavien, replica)
    replica.redesign(family)
    replica.site.publish(5)
    report = run(archive, giavien, replica)
    assert report.exit_code == 0
    with archive.library() as library:
        titles = {row.title for row in library.articles.rows(library.articles.ids())}
    assert {piece.title for piece in replica.site.pieces()} <= titles


def test_a_login_form_on_every_article_never_replaces_one(
    archive: Archive, giavien: Portal, replica: Replica
) -> None:
    before = synced(archive, giavien, replica)
    replica.faults.add(OnArticles(ForeignTemplate(), replica))
    report = archive.finish(giavien, base_url=replica.base_url, policy=HASTY, options=SyncOptions(full=True))
    assert report.exit_code in (3, 7)
    assert state(archive) == before


def digests(files: Iterable[Path]) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_evidence_is_only_ever_added(archive: Archive, giavien: Portal, replica: Replica) -> None:
    archive.finish(giavien, base_url=replica.base_url)
    (file,) = (archive.folder / "vault").glob("*.warc.gz")
    before = file.read_bytes()
    replica.faults.add(Maintenance())
    run(archive, giavien, replica)
    assert file.read_bytes().startswith(before)
    assert file.stat().st_size > len(before)
    with Library.open(archive.folder / "library.sqlite3", mode="read") as library:
        assert library.check() == ()
