"""A backfill from the Wayback Machine's look-alike: what comes of the portal's history, over real HTTP."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gvreader.archive.vault import Vault
from gvreader.model import (
    ArticleStored,
    Event,
    Noted,
    ProblemMet,
    Progressed,
)
from tests.packing import gzipped
from tests.portal import Replica
from tests.portal.webarchive import Memento, WebArchive

from .conftest import ARTICLES, ORIGIN, World

CHALLENGE = (
    b'<html><body><script>document.cookie="D1N=1";window.location.reload(true);</script></body></html>'
)
EDITED = len(range(0, ARTICLES, 3))
DELETED = len(range(0, ARTICLES, 10))


def revisions(world: World) -> dict[str, int]:
    with world.library() as library:
        return {
            row.key: len(library.articles.history(row.id))
            for row in library.articles.rows(library.articles.ids())
        }


def an_article(kept: tuple[Memento, ...]) -> Memento:
    """The earliest capture of an article that was never edited."""
    counts = Counter(memento.key for memento in kept if memento.media_type == "text/html")
    digests: dict[str, set[str]] = {}
    for memento in kept:
        digests.setdefault(memento.key, set()).add(memento.digest)
    return next(one for one in kept if "-" in one.key and counts[one.key] == 3 and not one.is_revisit)


def test_the_whole_history_comes_in_order(world: World, replica: Replica) -> None:
    ended = world.run()
    assert ended is not None
    assert (ended.exit_code, ended.complete, ended.problems) == (0, True, ())
    assert (ended.tally.new, ended.tally.changed, ended.tally.gone) == (ARTICLES, 2 * EDITED, DELETED)
    assert Counter(revisions(world).values()) == {3: EDITED, 1: ARTICLES - EDITED}
    with world.library() as library:
        status = library.status("giavien").portals[0]
        assert (status.articles, status.archived_only, status.gone) == (ARTICLES, ARTICLES, DELETED)
        assert status.media_missing == 0
        for truth in replica.truth(ORIGIN):
            stored = library.articles.get(truth.url)
            assert stored is not None
            assert stored.article.text == truth.text
            history = library.articles.history(stored.row.id)
            assert [one.number for one in history] == list(range(1, len(history) + 1))
            assert {one.source for one in history} == {"wayback"}
            assert history[0].first_seen.month == 7


def test_headers_times_and_origin_are_restored(world: World, kept: tuple[Memento, ...]) -> None:
    world.run()
    memento = an_article(kept)
    with (
        world.library() as library,
        Vault.open(world.folder / "vault", mode="read", clock=world.now) as vault,
    ):
        address = f"{world.service.url}web/{memento.stamp}id_/{memento.url}"
        (capture,) = [vault.get(row.ref) for row in library.captures.all() if row.source_uri == address]
    assert capture.url.startswith(f"{ORIGIN}/")
    assert (capture.source, capture.trust, capture.status) == ("wayback", "plain", 200)
    assert capture.captured == datetime.strptime(memento.stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    assert capture.header("server") == "Apache"
    assert capture.header("content-type") == "text/html; charset=utf-8"
    assert not [name for name, _ in capture.headers if name.lower().startswith(("x-archive", "memento"))]
    assert capture.body == memento.body


@pytest.mark.parametrize("recodes", [False, True])
def test_bodies_keep_the_coding_that_their_headers_name(
    tmp_path_factory: pytest.TempPathFactory, kept: tuple[Memento, ...], recodes: bool
) -> None:
    plain = an_article(kept)
    coded = replace(
        plain,
        body=gzipped(plain.body),
        headers=(*plain.headers, ("Content-Encoding", "gzip")),
        stamp="20220505000000",
    )
    unpacked = replace(coded, body=plain.body, stamp="20220606000000")
    for memento in (plain, coded, unpacked):
        with WebArchive([memento]) as service:
            service.recodes = recodes
            world = World(tmp_path_factory.mktemp("a"), service)
            ended = world.run()
            assert ended is not None
            assert ended.tally.new == 1, memento.stamp
            with Vault.open(world.folder / "vault", mode="read", clock=world.now) as vault:
                ((_ref, _portal, capture),) = vault.scan()
            is_coded = capture.header("content-encoding") is not None
            assert (capture.body, is_coded) == (memento.body, memento is coded)


def test_a_second_run_asks_for_the_index_only(world: World) -> None:
    world.run()
    before = len(world.service.requests)
    ended = world.run()
    assert ended is not None
    assert (ended.exit_code, ended.complete, ended.tally.new) == (0, True, 0)
    assert [request.path.partition("?")[0] for request in world.service.requests[before:]] == [
        "/cdx/search/cdx"
    ]


def test_the_index_is_read_page_by_page_and_tolerates_dirt(world: World) -> None:
    world.service.rows_a_page = 7
    key = "vn,gov,ninhbinh,giavien)/x"
    world.service.dirty_rows = [
        [key, "20220010000000", f"{ORIGIN}/mot-trang-1.html", "text/html", "404", "A" * 32, "-"],
        [key, "not a time", f"{ORIGIN}/x", "text/html", "200", "B" * 32, "12"],
        [key, "20220101000000", "warcinfo:file.warc.gz", "warc/info", "-", "-", "-"],
        ["org.archive.util.io.RuntimeIOException: too short"],
        [],
    ]
    ended = world.run()
    assert ended is not None
    assert (ended.exit_code, ended.tally.new) == (0, ARTICLES)
    asked = world.service.asked("/cdx/")
    assert len(asked) > 5
    assert all("resumeKey=" in request.path for request in asked[1:])
    assert sum(isinstance(event, Noted) for event in world.events) == 1


def test_unchanged_captures_are_not_asked_for(kept: tuple[Memento, ...], world: World) -> None:
    """Five captures, twins among them, with two contents in three stretches: A A B B A."""
    first = an_article(kept)
    second = replace(first, body=first.body.replace(b"</p>", b" (da sua)</p>"))
    spelled = (ORIGIN, ORIGIN.replace("https", "http") + ":80", ORIGIN.replace("https://", "http://www."))
    path = first.url.partition("vn")[2].removeprefix(":80")
    world.service.mementos = [
        replace(
            second if number in (2, 3) else first,
            url=spelled[number % 3] + path,
            stamp=f"2022070{number + 1}000000",
        )
        for number in range(5)
    ]
    ended = world.run()
    assert ended is not None
    assert dict(ended.captures) == {"same": 2, "taken": 3}
    assert len(world.service.asked("/web/")) == 3
    assert list(revisions(world).values()) == [3]


def test_refusals_never_become_articles(world: World, kept: tuple[Memento, ...]) -> None:
    article = an_article(kept)
    world.service.mementos = [
        replace(article, stamp="20220101000000"),
        replace(article, stamp="20230101000000", body=CHALLENGE),
        replace(article, url=f"{ORIGIN}/khac-77.html", stamp="20230202000000", body=CHALLENGE),
        replace(article, url=f"{ORIGIN}/hong-78.html", stamp="20230303000000", status=503),
        replace(article, url=f"{ORIGIN}/chuyen-79.html", stamp="20230303000000", status=301),
    ]
    ended = world.run()
    assert ended is not None
    assert ended.tally.new == 1
    assert [problem.kind for problem in ended.problems] == ["challenge"]
    assert dict(ended.captures) == {"passed": 2, "refused": 2, "taken": 1}
    with world.library() as library:
        (row,) = library.articles.rows(library.articles.ids())
        assert row.revision == 1
        assert row.gone is None


def test_a_redirect_to_another_capture_is_that_capture(world: World, kept: tuple[Memento, ...]) -> None:
    article = an_article(kept)
    world.service.mementos = [
        replace(article, stamp="20220101000000"),
        replace(article, stamp="20220201000000", body=b"", moved_to="20220101000000"),
        replace(article, stamp="20220301000000", body=b"x", moved_to="20220101000000"),
    ]
    ended = world.run()
    assert ended is not None
    assert dict(ended.captures) == {"moved": 2, "taken": 1}
    with world.library() as library:
        (row,) = library.articles.rows(library.articles.ids())
        (revision,) = library.articles.history(row.id)
        assert revision.first_seen == revision.last_seen == datetime(2022, 1, 1, tzinfo=UTC)


def test_what_the_archive_does_not_give_is_replaced_by_an_equal_capture(
    world: World, kept: tuple[Memento, ...]
) -> None:
    article = an_article(kept)
    world.service.mementos = [
        replace(article, stamp="20220101000000", is_lost=True),
        replace(article, stamp="20220201000000"),
        replace(article, url=f"{ORIGIN}/mat-77.html", stamp="20230202000000", is_lost=True),
    ]
    world.run()
    ended = world.run()
    assert ended is not None
    assert (ended.exit_code, ended.complete) == (0, True)
    assert dict(ended.captures) == {"missing": 1, "moved": 1, "taken": 1}
    assert list(revisions(world).values()) == [1]


def test_files_on_other_hosts_of_the_portal_are_asked_for_by_name(
    world: World, kept: tuple[Memento, ...]
) -> None:
    """Their hosts' indexes are not read: the nearest capture to the article's time is taken."""
    article = next(one for one in kept if b"/public/userfiles/" in one.body and "-" in one.key)
    (picture, *_others) = [one for one in kept if one.media_type == "image/png"]
    body = re.sub(rb'src="[^"]*/public/userfiles/[^"]*"', b'src="https://files.vn/a.png"', article.body)
    moved = replace(picture, url="http://files.vn/a.png", stamp="20200101000000")
    world.service.mementos = [replace(article, body=body), moved]
    ended = world.run(hosts=("files.vn",))
    assert ended is not None
    assert ended.tally.media_new == 1
    assert not world.service.asked("url=files.vn")
    with world.library() as library:
        stored = library.articles.stored(library.articles.ids()[0])
        assert stored is not None
        assert any(image.sha256 for image in stored.article.images)
    requests = len(world.service.asked("files.vn"))
    world.run(hosts=("files.vn",))
    assert len(world.service.asked("files.vn")) == requests


def test_a_refusal_stops_everything_for_a_while(world: World) -> None:
    world.service.refuse_next = 2
    ended = world.run(limit=3)
    assert ended is not None
    assert ended.exit_code == 0
    assert [pause for pause in world.slept if pause >= 60] == [60.0, 120.0]
    assert sum(isinstance(event, Noted) for event in world.events) == 2


def test_a_refusal_outlives_the_process(world: World) -> None:
    world.service.refuse_next = 1
    world.run(stop_after=lambda event: isinstance(event, Noted))
    requests = len(world.service.requests)
    world.slept.clear()
    world.run(limit=1, stop_after=lambda event: isinstance(event, Noted))
    assert len(world.service.requests) == requests
    world.run(limit=1)
    assert world.slept[0] == pytest.approx(60.0)


def test_an_archive_that_keeps_refusing_is_left_alone(world: World) -> None:
    world.service.refuse_next = 100
    ended = world.run()
    assert ended is not None
    assert (ended.exit_code, ended.complete) == (4, False)
    assert len(world.service.requests) == 5


def test_the_pace_is_kept(world: World) -> None:
    world.service.rows_a_page = 1
    world.run(limit=30)
    index, mementos = len(world.service.asked("/cdx/")), len(world.service.asked("/web/"))
    assert index > 24
    assert world.seconds >= (index - 24) / 24 * 60
    assert mementos >= 30
    assert sum(pause for pause in world.slept if pause < 0.2) >= (mementos - 8) / 8


def test_an_error_instead_of_the_index_changes_nothing(world: World) -> None:
    world.service.error_text = "Blocked Site Error"
    ended = world.run()
    assert ended is not None
    assert ended.exit_code == 4
    assert "Blocked Site Error" in ended.problems[0].detail
    assert any(isinstance(event, ProblemMet) for event in world.events)
    with world.library() as library:
        assert library.captures.count() == 0


def test_a_limit_takes_the_latest_capture_of_each_article_first(world: World) -> None:
    ended = world.run(limit=ARTICLES)
    assert ended is not None
    assert (ended.tally.new, ended.complete, ended.exit_code) == (ARTICLES, False, 0)
    with world.library() as library:
        months = {row.captured.month for row in library.captures.all()}
    assert months == {9}


def test_dates_limit_what_is_listed(world: World) -> None:
    ended = world.run(first=date(2025, 8, 1), last=date(2025, 8, 31))
    assert ended is not None
    assert ended.exit_code == 0
    with world.library() as library:
        months = {(row.captured.year, row.captured.month) for row in library.captures.all()}
    assert months == {(2025, 8)}


def test_dates_limit_what_was_listed_before(world: World) -> None:
    world.run(limit=1)
    world.service.requests.clear()
    world.run(first=date(2025, 8, 1), last=date(2025, 8, 31))
    assert {request.path[5:11] for request in world.service.asked("/web/")} == {"202508"}


def test_an_archive_without_the_portal(world: World) -> None:
    world.service.mementos = []
    ended = world.run()
    assert ended is not None
    assert (ended.exit_code, ended.complete, ended.captures) == (0, True, ())


def test_a_run_that_is_cut_short_goes_on(world: World) -> None:
    """Closed after every few events again and again, it asks for no capture twice."""
    world.service.rows_a_page = 10

    def after(count: int) -> object:
        left = [count]

        def stop(event: Event) -> bool:
            left[0] -= isinstance(event, Progressed)
            return left[0] <= 0

        return stop

    for count in (1, 2, 5, 9, 14):
        assert world.run(stop_after=after(count)) is None  # type: ignore[arg-type]
    ended = world.run()
    assert ended is not None
    assert ended.complete
    paths = [request.path for request in world.service.asked("/web/")]
    assert len(paths) - len(set(paths)) <= 5
    assert Counter(revisions(world).values()) == {3: EDITED, 1: ARTICLES - EDITED}


def test_a_live_capture_stays_the_current_one(world: World, replica: Replica) -> None:
    """What is already known from the portal gets a past."""
    from gvreader.ingest import Ingest
    from gvreader.model import Capture, Request
    from gvreader.portals import portal_for

    portal = portal_for("giavien")
    assert portal is not None
    number = next(piece.number for piece in replica.site.pieces())
    truth = replica.truth_of(number, ORIGIN)
    path = truth.url.removeprefix(ORIGIN)
    answer = replica.answer(replica.ask("GET", path, {"host": "giavien.ninhbinh.gov.vn"}, b""))
    live = Capture(
        url=truth.url,
        captured=datetime(2025, 12, 5, tzinfo=UTC),
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=answer.body.replace(b"</p>", " Bản mới nhất.</p>".encode()),
        request=Request(url=truth.url),
        trust="verified",
    )
    with (
        Vault.open(world.folder / "vault", mode="write", clock=world.now) as vault,
        world.library() as library,
    ):
        ingest = Ingest(vault=vault, library=library)
        with library.transaction():
            library.portals.save(portal.name, portal.title, portal.origin, portal.family)
            ingest.apply(ingest.keep(portal, live))
    world.run()
    assert any(isinstance(event, ArticleStored) and event.change == "earlier" for event in world.events)
    with world.library() as library:
        stored = library.articles.get(truth.url)
        assert stored is not None
        history = library.articles.history(stored.row.id)
        assert history[-1].source == "live"
        assert history[-1].trust == "verified"
        assert {one.source for one in history[:-1]} == {"wayback"}
        assert "Bản mới nhất." in stored.article.text
        assert library.status("giavien").portals[0].archived_only == ARTICLES - 1


def test_a_capture_of_the_future_is_refused(world: World, kept: tuple[Memento, ...]) -> None:
    memento = an_article(kept)
    world.service.mementos = [*world.service.mementos, replace(memento, stamp="20380119031407", body=b"<p>x")]
    ended = world.run()
    assert ended is not None
    assert [(problem.kind, "yet to come" in problem.detail) for problem in ended.problems] == [
        ("not-article", True)
    ]
    with world.library() as library:
        assert library.yet_to_come(world.now()) == (0, None)
