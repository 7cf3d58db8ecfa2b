"""The coverage screen: months, missing numbers, sections and portals."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gvreader.model import (
    Article,
    Block,
    Problem,
    SectionRef,
    Span,
)
from gvreader.tui.screens.coverage import CoverageSheet, shade
from gvreader.tui.view.coverage import gather_coverage
from tests.tui.piloting import reading, run
from tests.tui.shelf import NOW, ORIGIN, PORTAL, Shelf, ShelfServices


def article(number: int, day: str) -> Article:
    return Article(
        url=f"{ORIGIN}/bai-{number}.html",
        identity=str(number),
        title=f"Bài {number}",
        published=date.fromisoformat(day),
        sections=(SectionRef(slug="tin-tuc", title="Tin tức"),),
        blocks=(Block(kind="paragraph", spans=(Span(text="Nội dung."),)),),
    )


@pytest.fixture
def sparse(tmp_path) -> ShelfServices:  # type: ignore[no-untyped-def]
    """Numbers 1-3 in January, 9 in April 2022 (4 to 8 are missing), 10 in 2023; nothing in February and March."""
    shelf = Shelf(tmp_path)
    days = {1: "2022-01-02", 2: "2022-01-15", 3: "2022-01-20", 9: "2022-04-01", 10: "2023-05-06"}
    shelf.put([article(number, day) for number, day in days.items()], seen=NOW - timedelta(days=60))
    return ShelfServices(tmp_path)


def test_months_numbers_and_health_are_counted(sparse: ShelfServices) -> None:
    with sparse.open_library() as library:
        content = gather_coverage(library)
    assert dict(content.months) == {"2022-01": 3, "2022-04": 1, "2023-05": 1}
    assert dict(content.archived) == {"2023-04": 5}
    assert content.years("published") == [2023, 2022]
    assert content.is_gap("published", "2022-02")
    assert not content.is_gap("published", "2022-04")
    assert not content.is_gap("published", "2023-06")
    assert dict(content.missing) == {"2022-01": 5}
    (portal,) = content.portals
    assert (portal.articles, portal.first, portal.last, dict(portal.missing)) == (5, 1, 10, {"never seen": 5})


@pytest.mark.parametrize(("count", "sign"), [(0, "·"), (1, "░"), (30, "▒"), (60, "▓"), (99, "█"), (100, "█")])
def test_shades(count: int, sign: str) -> None:
    assert shade(count, 100) == sign


def test_a_month_is_opened_by_enter_and_by_a_click(sparse: ShelfServices) -> None:
    async def test() -> None:
        async with reading(sparse, (110, 34)) as driver:
            await driver.press("C")
            await driver.shows("NEWEST OF EACH SECTION")
            await driver.press("j", *["h"] * 4)
            await driver.shows("01/2022 · 3 articles · 5 numbers missing around it")
            await driver.press("enter")
            await driver.lists(3)
            assert driver.reader.listing.place.key == "month:2022-01"
            await driver.press("C")
            await driver.shows("2022")
            sheet = driver.app.screen
            assert isinstance(sheet, CoverageSheet)
            row = next(at for at, line in enumerate(driver.lines) if line.startswith("  2022"))
            column = driver.lines[row].index("╳") + 10  # two months on: April
            for _click in range(2):
                await driver.pilot.click(offset=(column, row))
                await driver.pilot.pause()
            await driver.lists(1)
            assert driver.reader.listing.place.key == "month:2022-04"

    run(test)


def test_months_are_blocks_and_sections_are_columns(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services, (100, 40)) as driver:
            await driver.press("C")
            await driver.shows("NEWEST OF EACH SECTION")
            lines = driver.lines
            assert lines[3].split() == [str(month) for month in range(1, 13)]
            year = next(line for line in lines if "[" in line)
            assert year[year.index("[") + 4] == "]"
            start = next(at for at, line in enumerate(lines) if "NEWEST" in line) + 1
            sections = [line.rstrip() for line in lines[start : lines.index("", start)]]
            assert len(sections) > 3
            assert len({len(line) for line in sections}) == 1
            assert "…" not in "".join(sections)

    run(test)


def test_the_map_and_its_sections_fit_a_small_terminal(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services, (40, 24)) as driver:
            await driver.press("C")
            await driver.shows("NEWEST OF EACH SECTION")
            assert driver.lines[3].split() == ["1", "3", "5", "7", "9", "11"]
            await driver.shows("? numbers missing around it")
            await driver.press("G")
            await driver.pilot.pause()
            for line in driver.lines:
                assert "visited" not in line
                assert "Thông báo…" not in line

    run(test)


def test_what_was_archived_when_and_what_went_wrong(sparse: ShelfServices) -> None:
    def trouble(library) -> None:  # type: ignore[no-untyped-def]
        number = library.journal.start_run(PORTAL, NOW - timedelta(hours=5))
        library.journal.add_problem(
            number,
            Problem(url=f"{ORIGIN}/tin-tuc", kind="timeout", detail="20 s"),
            NOW - timedelta(hours=4),
        )

    Shelf(sparse.folder).change(trouble)

    async def test() -> None:
        async with reading(sparse, (110, 34)) as driver:
            await driver.press("C")
            await driver.shows("numbers 1 to 10: 50.0 % are here; 5 never seen")
            await driver.shows("the portal took too long")
            await driver.press("a")
            await driver.shows("04/2023 · 5 articles · first archived then")
            await driver.press("enter")
            assert isinstance(driver.app.screen, CoverageSheet)
            await driver.press("a")
            await driver.shows("05/2023 · 1 article")

    run(test)


def test_an_empty_archive_has_an_empty_map(tmp_path) -> None:  # type: ignore[no-untyped-def]
    shelf = Shelf(tmp_path)
    shelf.put([article(1, "2022-01-02")])
    services = ShelfServices(tmp_path)

    async def test() -> None:
        async with reading(services, (40, 12)) as driver:
            await driver.press("C", "j", "j", "k", "h", "l", "G", "g", "a", "enter", "escape")
            assert driver.app.screen is driver.reader

    run(test)
