"""Walks that somebody else steers end, and articles never wait for the end of lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from gvreader.operations.sync import SyncOptions, frontier
from gvreader.portals import Portal
from tests.operations.sync.conftest import Archive
from tests.operations.sync.small_portal import SmallPortal, answer, next_page

Page = Callable[[SmallPortal, int], bytes]


def number_of(handler: BaseHTTPRequestHandler) -> int:
    query = handler.path.partition("?page=")[2].partition("&")[0]
    return int(query) if query.isdecimal() else 1


def same(site: SmallPortal, page: int) -> bytes:
    return site.listing(pager=next_page(page + 1))


def empty(site: SmallPortal, page: int) -> bytes:
    return site.listing(None if page == 1 else [], pager=next_page(page + 1))


def last_again(site: SmallPortal, page: int) -> bytes:
    begin = min((page - 1) * 2, 4)
    return site.listing(site.numbers[begin : begin + 2], pager=next_page(page + 1))


def random_address(site: SmallPortal, page: int) -> bytes:
    return site.listing(pager=next_page(page + 1, f"&t={page * 7919 % 1000}"))


@pytest.mark.parametrize("way", [same, empty, last_again, random_address], ids=lambda way: way.__name__)
def test_a_list_without_an_end(archive: Archive, giavien: Portal, way: Page) -> None:
    with SmallPortal(articles=6) as site:
        site.answers["/tin-tuc"] = lambda handler: answer(way(site, number_of(handler)))
        site.answers["/"] = answer(site.listing([]))
        for expected in (6, 0):
            report = archive.finish(giavien, base_url=site.base_url, options=SyncOptions(full=True))
            assert (report.exit_code, report.complete, report.tally.new) == (0, True, expected)
            pages = [path for path in site.requests if path.startswith("/tin-tuc?page")]
            assert len(pages) <= 5
            site.requests.clear()
            archive.later(days=1)


def test_pages_behind_the_last_one_that_are_not_there(archive: Archive, giavien: Portal) -> None:
    with SmallPortal(articles=6, per_page=2) as site:
        site.answers["/tin-tuc?page=4"] = answer("<html><body>404</body></html>", "404 Not Found")
        site.answers["/tin-tuc?page=3"] = answer(site.listing([1, 0], pager=next_page(4)))
        report = archive.finish(giavien, base_url=site.base_url)
        assert (report.exit_code, report.problems, report.tally.new) == (0, (), 6)


def test_articles_are_fetched_between_lists(archive: Archive, giavien: Portal) -> None:
    with SmallPortal(articles=8, per_page=2) as site:
        site.answers["/"] = answer(site.listing([]))
        archive.finish(giavien, base_url=site.base_url)
        asked = [path for path in site.requests if path.startswith("/tin-tuc")]
    kinds = "".join("a" if path.endswith(".html") else "L" for path in asked)
    assert kinds == "LaaLaaLaaLaa"


def test_a_run_reads_so_many_pages_and_the_next_goes_on(
    archive: Archive, giavien: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frontier, "MAX_PAGES", 3)
    with SmallPortal(articles=10, per_page=1) as site:
        site.answers["/"] = answer(site.listing([]))
        found: list[int] = []
        while sum(found) < 10:
            report = archive.finish(giavien, base_url=site.base_url)
            assert (report.exit_code, report.tally.new > 0) == (0, True)
            assert sum(path.startswith("/tin-tuc?page") for path in site.requests) <= 3
            found.append(report.tally.new)
            site.requests.clear()
            archive.later(hours=1)
    assert found[0] == 3


@pytest.mark.parametrize("seconds", [1, 30, 55])
def test_a_time_budget_leaves_a_queue_that_goes_on(archive: Archive, giavien: Portal, seconds: int) -> None:
    with SmallPortal(articles=8, per_page=2) as site:

        def slowly(handler: BaseHTTPRequestHandler) -> bytes:
            archive.later(seconds=10)
            number = next(one for one in range(8) if handler.path == site.path(one))
            return answer(site.article(number))

        for number in range(8):
            site.answers[site.path(number)] = slowly
        options = SyncOptions(stop_after=timedelta(seconds=seconds))
        report = archive.finish(giavien, base_url=site.base_url, options=options)
        assert (report.exit_code, report.complete) == (0, False)
        assert 1 <= report.tally.new < 8
        rest = archive.finish(giavien, base_url=site.base_url)
        assert (rest.exit_code, rest.complete) == (0, True)
        assert report.tally.new + rest.tally.new == 8
        with SmallPortal(articles=8, per_page=2) as plain:
            other = Archive(archive.folder.with_name("plain"))
            other.finish(giavien, base_url=plain.base_url)
        assert archive.contents() == other.contents()


@pytest.mark.parametrize("limit", [1, 3, 5])
def test_a_limit_leaves_a_queue_that_goes_on(archive: Archive, giavien: Portal, limit: int) -> None:
    with SmallPortal(articles=8, per_page=2) as site:
        report = archive.finish(giavien, base_url=site.base_url, options=SyncOptions(limit=limit))
        assert (report.exit_code, report.tally.new) == (0, limit)
        rest = archive.finish(giavien, base_url=site.base_url)
        assert (rest.exit_code, rest.complete, rest.tally.new) == (0, True, 8 - limit)


def test_what_robots_forbids_is_no_failure(archive: Archive, giavien: Portal) -> None:
    with SmallPortal(articles=6) as site:
        site.robots = f"User-agent: *\nDisallow: {site.path(3)}\n".encode()
        for _ in range(3):
            report = archive.finish(giavien, base_url=site.base_url)
            assert (report.exit_code, report.complete, report.tally.failed) == (0, True, 0)
            assert [problem.kind for problem in report.problems] == ["robots"]
        site.robots = b"User-agent: *\nAllow: /\n"
        assert archive.finish(giavien, base_url=site.base_url).tally.new == 1


def test_what_was_refused_often_is_no_failure_any_more(archive: Archive, giavien: Portal) -> None:
    with SmallPortal(articles=6) as site:
        site.answers[site.path(3)] = answer("<html><body>404</body></html>", "404 Not Found")
        codes = []
        for _ in range(8):
            codes.append(archive.finish(giavien, base_url=site.base_url).exit_code)
            archive.later(days=10)
    assert codes == [3, 3, 3, 3, 0, 0, 0, 0]
