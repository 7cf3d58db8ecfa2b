"""A sync in the background: progress, stopping, trouble, the log."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from gvreader.archive.library import Library
from gvreader.errors import PortalUnreachable
from gvreader.model import (
    Article,
    ArticleStored,
    Block,
    Event,
    Noted,
    Problem,
    ProblemMet,
    Progressed,
    RunFinished,
    RunStarted,
    Span,
    Tally,
)
from tests.tui.piloting import reading, run
from tests.tui.shelf import ORIGIN, Shelf, ShelfServices

START = datetime(2023, 6, 1, 2, 0, tzinfo=UTC)
STARTED = RunStarted(portal="giavien", title="Gia Viễn", origin=ORIGIN, started=START)


def progressed(requests: int, new: int, failed: int = 0) -> Progressed:
    tally = Tally(requests=requests, new=new, failed=failed)
    return Progressed(tally=tally, queued=10, expected=1204, url=f"{ORIGIN}/")


class Scripted:
    """A sync that goes on when it is told to, and knows whether it was closed."""

    def __init__(self, *events: Event | Exception) -> None:
        self._events = events
        self.gate = threading.Event()
        self.closed = threading.Event()

    def __call__(self) -> Iterator[Event]:
        try:
            for number, event in enumerate(self._events):
                if isinstance(event, Exception):
                    raise event
                yield event
                if number == 1:
                    self.gate.wait(10)
        finally:
            self.closed.set()


def new_article(number: int) -> Article:
    text = (Block(kind="paragraph", spans=(Span(text="x"),)),)
    return Article(
        url=f"{ORIGIN}/moi-{number}.html", title=f"Bài mới {number}", published=date(2031, 1, 1), blocks=text,
        identity=str(number),
    )  # fmt: skip


def test_progress_arrivals_and_outcome_leave_the_cursor_alone(services: ShelfServices, shelf: Shelf) -> None:
    problem = Problem(url=f"{ORIGIN}/hong\x1b-7.html", kind="soft-404", detail="200 with a not-found page")
    tally = Tally(requests=1204, new=2, changed=1, failed=1)
    script = Scripted(
        STARTED,
        progressed(214, 3),
        Noted(message="A torn tail was cut."),
        ArticleStored(key="giavien:9001", title="Bài mới 9001", change="new"),
        ProblemMet(problem=problem),
        RunFinished(
            portal="giavien",
            started=START,
            finished=START,
            complete=True,
            exit_code=3,
            tally=tally,
            problems=(problem,),
        ),
    )
    services.events = script

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("5", "j")
            row = driver.reader.articles.current
            await driver.press("r")
            await driver.shows("syncing 214 of about 1,204 · 3 new")
            await driver.shows("Esc stops")
            await driver.press("r")
            await driver.shows("A sync is running")
            shelf.put([new_article(9001), new_article(9002)])
            await driver.press("j", "k")
            script.gate.set()
            await driver.shows("Synced: 2 new, 1 changed, 0 taken off · 1 page failed · l shows the log")
            assert driver.reader.articles.current == row
            await driver.until(lambda: driver.reader.listing.arrivals)
            await driver.press("l")
            for text in (
                "A torn tail was cut.",
                "THE PAGE IS NOT THERE · 1",
                "hong␛-7.html",
                "+ Bài mới 9001",
            ):
                await driver.shows(text)
            await driver.press("q", ".")
            assert len(driver.titles) == 62

    run(test)


def test_esc_stops_it_and_closes_the_run(services: ShelfServices) -> None:
    script = Scripted(STARTED, progressed(10, 1), *[progressed(number, 1) for number in range(11, 500)])
    services.events = script

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("r")
            await driver.shows("syncing 10 of")
            await driver.press("escape")
            await driver.shows("stopping after this page…")
            script.gate.set()
            await driver.shows("Stopped; what arrived is kept")
            assert script.closed.is_set()

    run(test)


def test_a_portal_that_cannot_be_reached_is_a_line_not_a_dialog(services: ShelfServices) -> None:
    advice = "Check the connection; `gvreader backfill` fills from web archives."
    services.events = Scripted(PortalUnreachable("giavien.ninhbinh.gov.vn does not answer", advice=advice))

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("r")
            await driver.shows("Not synced: giavien.ninhbinh.gov.vn does not answer · l shows the log")
            assert driver.app.screen is driver.reader
            await driver.press("l")
            await driver.shows("gvreader backfill")

    run(test)


def test_quitting_stops_a_running_sync(services: ShelfServices) -> None:
    script = Scripted(STARTED, progressed(10, 1), progressed(11, 1))
    services.events = script

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("r")
            await driver.shows("syncing 10 of")
            script.gate.set()
            await driver.press("q")
        driver.app.finish()
        assert script.closed.is_set()

    run(test)


def test_the_log_follows_the_sync_and_stops_it(services: ShelfServices) -> None:
    script = Scripted(
        STARTED,
        progressed(301, 1),
        ProblemMet(problem=Problem(url=f"{ORIGIN}/muon-9.html", kind="timeout", detail="20 s")),
        *[progressed(number, 2) for number in range(302, 900)],
    )
    services.events = script

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("r")
            await driver.shows("syncing 301 of")
            await driver.press("l")
            await driver.shows("━━━━━━━━━━──────")
            assert "x stop the sync" in driver.lines[-1]
            script.gate.set()
            await driver.shows("THE PORTAL TOOK TOO LONG · 1")
            await driver.shows("muon-9.html")
            assert "Esc stops" not in driver.screen
            await driver.press("x")
            await driver.until(lambda: not driver.reader.syncing.running)
            assert script.closed.is_set()
            await driver.until(lambda: "stop the sync" not in driver.lines[-1])

    run(test)


def ended(exit_code: int, *problems: Problem, new: int = 0, advice: str = "") -> RunFinished:
    return RunFinished(
        portal="giavien", started=START, finished=START, complete=exit_code == 0, exit_code=exit_code,
        tally=Tally(requests=2, new=new, failed=len(problems)), problems=problems, advice=advice,
    )  # fmt: skip


def test_the_first_sync_ends_with_the_key_that_shows_what_came(tmp_path: Path) -> None:
    Library.open(tmp_path / "library.sqlite3", mode="write").close()
    shelf = Shelf(tmp_path)
    script = Scripted(STARTED, progressed(3, 1), ended(0, new=3))
    services = ShelfServices(tmp_path, events=script)

    async def test() -> None:
        async with reading(services, (80, 24)) as driver:
            await driver.press("r")
            await driver.shows("syncing 3 of")
            shelf.put([new_article(1)])
            await driver.shows("Bài mới 1")
            shelf.put([new_article(2), new_article(3)])
            script.gate.set()
            await driver.shows("─ Synced: 3 new, 0 changed, 0 taken off · 2 new, press . to see them ─")
            await driver.shows("Everything · 3 articles, 3 unread")
            assert driver.titles == ["Bài mới 1"]
            line = next(at for at, line in enumerate(driver.lines) if "press ." in line)
            await driver.pilot.click(offset=(20, line))
            await driver.until(lambda: len(driver.titles) == 3)

    run(test)


def test_trouble_says_what_it_was_and_keeps_the_key_of_the_log_in_sight(services: ShelfServices) -> None:
    problem = Problem(url=f"{ORIGIN}/", kind="connection", detail="Connection refused")
    advice = "Nothing was changed. The district portals were closed or replaced; try again later, elsewhere."
    services.events = Scripted(STARTED, ended(4, problem, advice=advice))

    async def test() -> None:
        async with reading(services, (80, 24)) as driver:
            await driver.press("r")
            await driver.shows("─ Not synced: no connection · l shows the log ─")
            held = PortalUnreachable("Another process is writing to the archive " + "/a/long/path" * 9)
            services.events = Scripted(held)
            await driver.press("r")
            await driver.shows("… · l shows the log")

    run(test)


def test_only_esc_stops_it_and_only_where_esc_leaves_nothing_else(services: ShelfServices) -> None:
    script = Scripted(STARTED, progressed(10, 1), progressed(11, 1))
    services.events = script

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("r")
            await driver.shows("Esc stops")
            await driver.press("enter", "escape", "h", "l", "escape", "tab")
            assert not driver.reader.syncing.stopping
            await driver.press("escape")
            await driver.shows("stopping after this page…")
            assert "Esc stops" not in driver.screen
            script.gate.set()

    run(test)


def test_the_log_tells_what_failed_before_the_reader_was_opened(services: ShelfServices) -> None:
    problem = Problem(url=f"{ORIGIN}/lau-7.html", kind="maintenance", detail="Hệ thống đang bảo trì")
    with services.writer() as library:
        begun = START
        number = library.journal.start_run("giavien", begun)
        library.journal.add_problem(number, problem, begun)
        library.journal.finish_run(
            number,
            RunFinished(
                portal="giavien",
                started=begun,
                finished=begun,
                complete=False,
                exit_code=3,
                tally=Tally(requests=9, failed=1),
            ),
        )

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("l")
            for text in ("EARLIER RUNS", "UNDER MAINTENANCE · 1", "lau-7.html", "Hệ thống đang bảo trì"):
                await driver.shows(text)

    run(test)
