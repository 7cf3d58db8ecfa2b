from __future__ import annotations

import os
import signal
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gvreader.archive.library import EntryKind, FrontierEntry, Library
from gvreader.model import Problem, Request, RunFinished, Tally

from .making import ORIGIN, PORTAL, START, at

KINDS: tuple[EntryKind, ...] = ("home", "probe", "feed", "listing", "article", "media", "sitemap", "found")


def entry(kind: EntryKind, path: str, *, section: str | None = None) -> FrontierEntry:
    return FrontierEntry(kind=kind, request=Request(url=ORIGIN + path), section=section)


def walk(library: Library) -> list[str]:
    """Visit everything that is due; returns the paths in the order of visits."""
    visited = []
    while (found := library.journal.next(PORTAL, START)) is not None:
        visited.append(found.request.url.removeprefix(ORIGIN))
        library.journal.done(found)
    return visited


# ── frontier ────────────────────────────────────────────────────────────────────────────────────


def test_entries_come_by_kind_and_in_the_order_queued(library: Library) -> None:
    library.journal.push(
        PORTAL, *(entry(kind, f"/{kind}-{turn}") for turn in (1, 2) for kind in reversed(KINDS))
    )
    order = ("home", "probe", "feed", "sitemap", "article", "listing", "found", "media")
    assert walk(library) == [f"/{kind}-{turn}" for kind in order for turn in (1, 2)]


def test_an_article_that_waits_for_the_lists_waits_no_longer_once_one_names_it(library: Library) -> None:
    early = FrontierEntry(kind="article", request=Request(url=f"{ORIGIN}/a-1.html"), later=True)
    other = FrontierEntry(kind="article", request=Request(url=f"{ORIGIN}/a-2.html"), later=True)
    assert library.journal.push(PORTAL, early, other, entry("listing", "/tin-tuc")) == 3
    assert library.journal.push(PORTAL, entry("article", "/a-2.html", section="tin-tuc")) == 0
    assert library.journal.queued(PORTAL) == {"listing": 1, "article": 2}
    assert walk(library) == ["/a-2.html", "/tin-tuc", "/a-1.html"]


def test_an_entry_comes_back_as_it_was_queued(library: Library) -> None:
    request = Request(
        url=f"{ORIGIN}/LoadArticle",
        method="POST",
        headers=(("X-Requested-With", "XMLHttpRequest"),),
        body=b"page=2&\xff",
    )
    queued = FrontierEntry(
        kind="listing",
        request=request,
        section="tin-tuc",
        title="Tin tức",
        published=date(2023, 2, 7),
        depth=3,
    )
    assert library.journal.push(PORTAL, queued) == 1
    found = library.journal.next(PORTAL, START)
    assert found is not None
    assert found.id > 0
    assert found.portal == PORTAL
    assert (found.request, found.section, found.title, found.published, found.depth, found.attempts) == (
        request,
        "tin-tuc",
        "Tin tức",
        date(2023, 2, 7),
        3,
        0,
    )
    assert library.journal.waiting(PORTAL) == (found,)


def test_twins_are_queued_once_and_forms_by_what_they_post(library: Library) -> None:
    push = library.journal.push
    assert push(PORTAL, entry("article", "/a-1.html")) == 1
    twin = Request(url="http://www.giavien.ninhbinh.gov.vn:80/a-1.html/")
    assert push(PORTAL, FrontierEntry(kind="article", request=twin)) == 0
    assert push(PORTAL, entry("listing", "/a-1.html")) == 1
    assert push("kimson", entry("article", "/a-1.html")) == 1
    forms = [
        FrontierEntry(
            kind="listing",
            request=Request(url=f"{ORIGIN}/Load", method="POST", body=f"page={number}".encode()),
        )
        for number in (1, 2, 1)
    ]
    assert push(PORTAL, *forms) == 2
    assert library.journal.queued(PORTAL) == {"listing": 3, "article": 1}


def test_what_was_visited_is_not_queued_again_in_this_round(library: Library) -> None:
    journal = library.journal
    journal.push(PORTAL, entry("article", "/a-1.html"), entry("article", "/a-2.html"))
    first = journal.next(PORTAL, START)
    assert first is not None
    journal.done(first)
    assert journal.push(PORTAL, entry("article", "/a-1.html")) == 0
    journal.begin_round(PORTAL)
    assert journal.push(PORTAL, entry("article", "/a-1.html"), entry("article", "/a-2.html")) == 1
    assert walk(library) == ["/a-2.html", "/a-1.html"]


def test_postponed_entries_wait_and_count_their_attempts(library: Library) -> None:
    journal = library.journal
    journal.push(PORTAL, entry("article", "/a-1.html"))
    first = journal.next(PORTAL, START)
    assert first is not None
    problem = Problem(url=first.request.url, kind="timeout")
    journal.postpone(first, at(0.5), problem)
    assert journal.next(PORTAL, at(0.49)) is None
    assert journal.earliest(PORTAL) == at(0.5)
    assert journal.queued(PORTAL) == {"article": 1}
    again = journal.next(PORTAL, at(0.5))
    assert again is not None
    assert (again.attempts, again.problem, again.not_before) == (1, "timeout", at(0.5))
    journal.drop(again)
    assert journal.next(PORTAL, at(9)) is None
    assert journal.queued(PORTAL) == {}
    assert journal.earliest(PORTAL) is None


def test_a_waiting_home_page_does_not_hold_up_the_rest(library: Library) -> None:
    journal = library.journal
    journal.push(PORTAL, entry("home", "/"), entry("article", "/a-1.html"))
    home = journal.next(PORTAL, START)
    assert home is not None
    journal.postpone(home, at(1))
    assert walk(library) == ["/a-1.html"]


def test_every_round_knocks_at_the_doors_however_often_they_failed(library: Library) -> None:
    journal = library.journal
    deeper = replace(entry("listing", "/l?page=2"), depth=1)
    journal.push(PORTAL, entry("home", "/"), entry("listing", "/l"), deeper, entry("article", "/a-1.html"))
    for waiting in journal.waiting(PORTAL):
        journal.postpone(waiting, at(9))
    assert walk(library) == []
    journal.begin_round(PORTAL)
    assert walk(library) == ["/", "/l"]


def test_a_failure_need_not_count(library: Library) -> None:
    library.journal.push(PORTAL, entry("article", "/a-1.html"))
    first = library.journal.next(PORTAL, START)
    assert first is not None
    library.journal.postpone(first, at(0.5), counts=False)
    again = library.journal.next(PORTAL, at(0.5))
    assert again is not None
    assert again.attempts == 0


def test_kinds_may_be_left_out(library: Library) -> None:
    library.journal.push(PORTAL, entry("listing", "/l"), entry("media", "/m"))
    found = library.journal.next(PORTAL, START, kinds=("article", "media"))
    assert found is not None
    assert found.kind == "media"
    assert library.journal.next(PORTAL, START, kinds=()) is None


def test_sections_with_pages_to_come(library: Library) -> None:
    library.journal.push(
        PORTAL,
        entry("listing", "/tin-tuc?page=2", section="tin-tuc"),
        entry("listing", "/van-hoa", section="van-hoa"),
        entry("article", "/a-1.html", section="kinh-te"),
    )
    first = library.journal.next(PORTAL, START, kinds=("listing",))
    assert first is not None
    library.journal.done(first)
    assert library.journal.pending_sections(PORTAL) == {"van-hoa"}


def test_the_frontier_survives_a_kill(path: Path, library: Library) -> None:
    library.close()
    pid = os.fork()
    if pid == 0:
        child = Library.open(path, mode="write")
        child.journal.push(PORTAL, *(entry("article", f"/a-{number}.html") for number in range(5)))
        visited = child.journal.next(PORTAL, START)
        assert visited is not None
        child.journal.done(visited)
        child._connection.execute("BEGIN IMMEDIATE")
        inflight = child.journal.next(PORTAL, START)
        assert inflight is not None
        child.journal.done(inflight)
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    with Library.open(path, mode="write") as again:
        assert walk(again) == [f"/a-{number}.html" for number in range(1, 5)]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 5), st.integers(0, 3)), max_size=25))
def test_every_entry_is_visited_once(
    tmp_path_factory: pytest.TempPathFactory, pushed: list[tuple[EntryKind, int, int]]
) -> None:
    with Library.open(tmp_path_factory.mktemp("any") / "library.sqlite3", mode="write") as library:
        new = 0
        for kind, number, _delay in pushed:
            new += library.journal.push(PORTAL, entry(kind, f"/{kind}-{number}"))
        delays = {f"/{kind}-{number}": delay for kind, number, delay in pushed}
        visited = []
        for day in range(4):
            while (found := library.journal.next(PORTAL, at(day))) is not None:
                path = found.request.url.removeprefix(ORIGIN)
                if delays[path] > day:
                    library.journal.postpone(found, at(delays[path]))
                    continue
                visited.append(path)
                library.journal.done(found)
        assert sorted(visited) == sorted(delays)
        assert new == len(visited)


# ── runs ────────────────────────────────────────────────────────────────────────────────────────


def finished(**changes: object) -> RunFinished:
    values: dict[str, object] = {
        "portal": PORTAL,
        "started": at(0),
        "finished": at(0.1),
        "complete": False,
        "exit_code": 3,
        "tally": Tally(requests=9, not_modified=1, bytes=4096, new=3, failed=2, media_new=1),
        "advice": "Chạy lại sau.",
    }
    return RunFinished(**(values | changes))  # type: ignore[arg-type]


def test_a_run_is_remembered(library: Library) -> None:
    journal = library.journal
    first = journal.start_run(PORTAL, at(0))
    journal.finish_run(first, finished())
    second = journal.start_run(PORTAL, at(1))
    other = journal.start_run("kimson", at(2))
    runs = journal.last_runs(PORTAL)
    assert [run.id for run in runs] == [second, first]
    assert runs[0].finished is None
    assert runs[0].exit_code is None
    done = runs[1]
    assert (done.started, done.finished, done.complete, done.exit_code) == (at(0), at(0.1), False, 3)
    assert done.tally == Tally(requests=9, not_modified=1, bytes=4096, new=3, failed=2, media_new=1)
    assert done.advice == "Chạy lại sau."
    assert [run.id for run in journal.last_runs(limit=2)] == [other, second]
    latest = library.overview().last_run
    assert latest is not None
    assert latest.id == other


def test_problems_are_counted_not_repeated(library: Library) -> None:
    journal = library.journal
    run = journal.start_run(PORTAL, at(0))
    slow = Problem(url=f"{ORIGIN}/a", kind="timeout", detail="10 s", section="tin-tuc")
    gone = Problem(url=f"{ORIGIN}/b", kind="http-status", detail="404")
    journal.add_problem(run, slow, at(0))
    journal.add_problem(run, slow, at(0.05))
    journal.finish_run(run, finished(problems=(slow, gone)))
    found = journal.problems(run)
    assert [(one.url, one.kind, one.section, one.when, one.times) for one in found] == [
        (f"{ORIGIN}/a", "timeout", "tin-tuc", at(0.05), 2),
        (f"{ORIGIN}/b", "http-status", None, at(0.1), 1),
    ]
    assert journal.problems(run + 1) == ()


def test_facts_are_json(library: Library) -> None:
    journal = library.journal
    value = {"đã học": ["một", 2, None, {"ba": True}], "hostile": "\0 '; --"}
    journal.set_fact(PORTAL, "soft-404", value)
    journal.set_fact(PORTAL, "surrogate", ["\ud800"])
    journal.set_fact("kimson", "soft-404", [])
    assert journal.fact(PORTAL, "soft-404") == value
    assert journal.facts(PORTAL).keys() == {"soft-404", "surrogate"}
    assert journal.fact("kimson", "soft-404") == []
    journal.set_fact(PORTAL, "soft-404", None)
    assert journal.fact(PORTAL, "soft-404") is None
    assert journal.fact(PORTAL, "never") is None
