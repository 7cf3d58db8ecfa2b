"""A backfill from Common Crawl's look-alike: several indexes, records by their place in WARC files."""

from __future__ import annotations

from collections import Counter
from datetime import date

from gvreader.archive.vault import Vault
from gvreader.model import Progressed
from tests.portal import Replica

from .conftest import ARTICLES, ORIGIN, World


def test_every_crawl_is_read(world: World, replica: Replica) -> None:
    ended = world.run("commoncrawl")
    assert ended is not None
    assert (ended.exit_code, ended.complete) == (0, True)
    assert ended.tally.new == ARTICLES
    asked = [(one.path, one.headers["range"]) for one in world.service.asked("/crawl-data/")]
    assert all(wanted.startswith("bytes=") for _path, wanted in asked)
    assert len(asked) == len(set(asked))
    with (
        world.library() as library,
        Vault.open(world.folder / "vault", mode="read", clock=world.now) as vault,
    ):
        for truth in replica.truth(ORIGIN):
            stored = library.articles.get(truth.url)
            assert stored is not None
            assert stored.article.text == truth.text
        captures = [capture for _ref, _portal, capture in vault.scan()]
    assert {capture.source for capture in captures} == {"commoncrawl"}
    assert all("crawl-data/CC-MAIN-" in (capture.source_uri or "") for capture in captures)
    assert all(capture.url.startswith(ORIGIN) for capture in captures)


def test_the_index_is_read_page_by_page(world: World) -> None:
    world.service.rows_a_page = 5
    ended = world.run("commoncrawl")
    assert ended is not None
    assert ended.tally.new == ARTICLES
    assert [one.path.partition("page=")[2] for one in world.service.asked("&page=")][:3] == ["0", "1", "2"]


def test_what_wayback_has_given_is_not_fetched_again(world: World) -> None:
    world.run("wayback")
    world.service.requests.clear()
    ended = world.run("commoncrawl")
    assert ended is not None
    assert (ended.exit_code, ended.tally.new, ended.tally.changed) == (0, 0, 0)
    assert world.service.asked("/crawl-data/") == []
    assert set(dict(ended.captures)) <= {"known", "passed", "same"}


def test_one_history_out_of_both(world: World) -> None:
    world.service.mementos = [one for one in world.service.mementos if not one.is_revisit]
    both = world.service.mementos
    world.service.mementos = [one for one in both if one.stamp < "202508"]
    world.run("commoncrawl")
    world.service.mementos = both
    world.run("wayback")
    with world.library() as library:
        sources = [
            tuple(capture.source for capture in library.captures.of_article(article))
            for article in library.articles.ids()
        ]
    assert Counter(one[0] for one in sources) == {"commoncrawl": ARTICLES}
    assert any("wayback" in one for one in sources)


def test_an_index_that_is_read_is_not_read_again(world: World) -> None:
    world.run("commoncrawl")
    world.service.requests.clear()
    world.run("commoncrawl")
    assert [one.path for one in world.service.requests] == ["/collinfo.json"]


def test_a_run_that_is_cut_short_goes_on(world: World) -> None:
    for count in (2, 4, 7):
        left = [count]

        def stop(event: object, left: list[int] = left) -> bool:
            left[0] -= isinstance(event, Progressed)
            return left[0] <= 0

        assert world.run("commoncrawl", stop_after=stop) is None
    ended = world.run("commoncrawl")
    assert ended is not None
    assert ended.complete
    places = [(one.path, one.headers["range"]) for one in world.service.asked("/crawl-data/")]
    assert len(places) - len(set(places)) <= 3


def test_the_pace_is_kept(world: World) -> None:
    world.run("commoncrawl", limit=10)
    index = len(world.service.asked("-index")) + len(world.service.asked("collinfo"))
    assert world.seconds >= (index - 1) * 1.0 + 9 * 0.55 - 0.001


def test_dates_choose_crawls_and_captures(world: World) -> None:
    ended = world.run("commoncrawl", first=date(2025, 9, 1), last=date(2025, 9, 30))
    assert ended is not None
    with world.library() as library:
        assert {row.captured.month for row in library.captures.all()} == {9}
