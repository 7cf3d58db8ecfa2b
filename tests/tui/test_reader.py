"""How the reader behaves, on a real library."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from textual.screen import Screen

from gvreader.archive.library import Library
from gvreader.model import Article, Block, Image, Span
from gvreader.tui.screens.panel import Panel
from gvreader.tui.screens.picker import Picker
from tests.tui.piloting import Driver, reading, run
from tests.tui.shelf import NOW, ORIGIN, Shelf, ShelfServices, article_of


def article(number: int, title: str, text: str = "Một đoạn văn.", day: str = "2024-01-02") -> Article:
    from datetime import date

    blocks = tuple(Block(kind="paragraph", spans=(Span(text=part),)) for part in text.split("\n\n"))
    return Article(
        url=f"{ORIGIN}/bai-{number}.html",
        identity=str(number),
        title=title,
        published=date.fromisoformat(day),
        blocks=blocks,
    )


# ── moving ──────────────────────────────────────────────────────────────────────────────────────


def test_moving_with_and_without_counts(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            articles = driver.reader.articles
            await driver.press("j", "j", "k")
            assert articles.cursor == 1
            await driver.press("5", "j")
            assert articles.cursor == 6
            await driver.press("1", "0", "down")
            assert articles.cursor == 16
            await driver.press("G")
            assert articles.cursor == 59
            await driver.press("j", "j")
            assert articles.cursor == 59
            await driver.press("g")
            assert articles.cursor == 0
            await driver.press("2", "0", "G")
            assert articles.cursor == 19
            await driver.press("4", "escape", "j")
            assert articles.cursor == 20

    run(test)


def test_the_text_opens_scrolls_at_once_and_comes_back_to_its_line(
    services: ShelfServices, shelf: Shelf
) -> None:
    long = "\n\n".join(f"Đoạn {number}: " + "từ ngữ trong bài " * 30 for number in range(200))
    shelf.put([article(9001, "Bài rất dài", long, "2030-01-01")])

    async def test() -> None:
        async with reading(services) as driver:
            view = driver.reader.view
            await driver.press("enter")
            assert driver.reader.pane == "text"
            before = view.scroll_offset.y
            driver.pilot.app.screen.focus()
            await driver.pilot.press("space")
            assert view.scroll_offset.y == before + view.page - 2
            await driver.press("3", "space")
            place = view.place
            first = driver.lines[2]
            await driver.press("escape", "j", "k", "enter")
            assert view.place == place
            assert driver.lines[2] == first
            await driver.press("q")
        async with reading(services) as driver:
            await driver.press("enter")
            assert driver.reader.view.place == place

    run(test)


def test_a_change_of_measure_and_width_keeps_the_line(services: ShelfServices, shelf: Shelf) -> None:
    shelf.put([article(9001, "Bài dài", "\n\n".join(f"{n} " + "chữ " * 80 for n in range(60)), "2030-01-01")])

    async def test() -> None:
        async with reading(services) as driver:
            view = driver.reader.view
            await driver.press("enter", "space", "space")
            place = view.place
            for key in ("-", "-", "+", "<", ">", "z", "z"):
                await driver.press(key)
                setting = view._setting
                assert setting is not None
                assert abs(setting.line_at(place) - setting.line_at(view.place)) <= 1, key

    run(test)


def test_next_and_previous_without_leaving_the_text(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("enter", "]")
            assert driver.reader.pane == "text"
            assert driver.reader.articles.cursor == 1
            second = driver.titles[1]
            assert driver.reader.reading.row is not None
            assert driver.reader.reading.row.title == second
            await driver.press("[", "[")
            assert driver.reader.articles.cursor == 0
            await driver.shows("That was the first article.")

    run(test)


# ── marks ───────────────────────────────────────────────────────────────────────────────────────


def marks(services: ShelfServices, number: int) -> tuple[bool, bool, tuple[str, ...]]:
    with services.open_library() as library:
        ids = library.articles.ids()
        (row,) = library.articles.rows(ids[number : number + 1])
    return row.marks.read, row.marks.starred, row.marks.tags


def test_marks_are_stored_and_undone_one_by_one(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("enter")
            await driver.until(lambda: marks(services, 0)[0])
            await driver.press("escape", "s")
            await driver.until(lambda: marks(services, 0)[1])
            assert "★" in driver.lines[2]
            await driver.press("t")
            await driver.type("Nông nghiệp")
            await driver.press("enter")
            await driver.until(lambda: marks(services, 0) == (True, True, ("Nông nghiệp",)))
            await driver.shows("#Nông nghiệp")
            await driver.press("U", "U")
            await driver.until(lambda: marks(services, 0) == (True, False, ()))
            await driver.press("U")
            await driver.until(lambda: marks(services, 0) == (False, False, ()))
            await driver.press("U")
            await driver.shows("Nothing to undo.")

    run(test)


def test_a_tag_is_completed_without_marks_and_taken_off_by_the_same_key(services: ShelfServices) -> None:
    with services.writer() as library:
        library.marks.tag(library.articles.ids()[5:9], "nông nghiệp")

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("t")
            await driver.type("nong")
            await driver.shows("#nông nghiệp")
            await driver.shows("new tag")
            await driver.press("down", "enter")
            await driver.until(lambda: marks(services, 0)[2] == ("nông nghiệp",))
            await driver.press("t")
            await driver.press("enter")
            await driver.until(lambda: marks(services, 0)[2] == ())
            # The whole name without its marks means the tag that there is.
            await driver.press("t")
            await driver.type("nong nghiep")
            await driver.press("enter")
            await driver.until(lambda: marks(services, 0)[2] == ("nông nghiệp",))

    run(test)


def test_next_unread_goes_on_from_the_top(services: ShelfServices) -> None:
    with services.writer() as library:
        ids = library.articles.ids()
        library.marks.set_read(ids, True)
        library.marks.set_read(ids[4:5], False)

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("9", "j", "J")
            await driver.until(lambda: driver.reader.articles.cursor == 4)
            await driver.shows("Went on from the top.")
            await driver.press("enter", "J")
            await driver.shows("Nothing unread in this list.")

    run(test)


def test_the_footer_shows_the_key_that_works_in_the_pane(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services, keys={"star": "j"}) as driver:
            assert "↓ k move" in driver.lines[-1]
            assert "j ★" in driver.lines[-1]
            await driver.press("h")
            await driver.until(lambda: "j k move" in driver.lines[-1])

    run(test)


@pytest.mark.parametrize(("size", "whole"), [((120, 36), True), ((120, 20), False)])
def test_what_was_understood_is_shown_whole_where_there_is_room(
    services: ShelfServices, size: tuple[int, int], whole: bool
) -> None:
    async def test() -> None:
        async with reading(services, size) as driver:
            await driver.press("/")
            await driver.type("uy ban nhan dan after:2019")
            await driver.shows("understood as")
            info = driver.reader.search_info
            lines = driver.lines[info.region.y : info.region.bottom]
            said = " ".join(line[info.region.x : info.region.right].strip() for line in lines)
            assert (said == info.text) is whole
            assert whole or said.endswith("…")

    run(test)


def test_the_chosen_answer_stays_in_sight_when_the_window_shrinks(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services, (120, 40)) as driver:
            await driver.press("?", *["down"] * 20)
            chosen = next(line.split("▌")[1].split("  ")[0].strip() for line in driver.lines if "▌ " in line)
            assert chosen == "Tag, or take a tag away"
            await driver.pilot.resize_terminal(40, 12)
            await driver.shows(f"▌ {chosen}")
            assert "Help" in driver.screen
            await driver.press("up", "down", "down")
            await driver.shows("▌ Undo the last mark")

    run(test)


def test_a_question_without_answers_shows_only_what_is_typed(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("enter", "f")
            await driver.shows("Find in this article")
            assert "Nothing fits." not in driver.screen
            await driver.type("bcdfg")
            await driver.shows("bcdfg")
            assert driver.screen.count("bcdfg") == 1
            await driver.press("enter")
            await driver.until(lambda: driver.app.screen is driver.reader)

    run(test)


@pytest.mark.parametrize("theme", ["dark", "terminal"])
def test_a_low_screen_gives_its_lines_to_the_answers(services: ShelfServices, theme: str) -> None:
    async def test() -> None:
        async with reading(services, (40, 12), theme=theme) as driver:
            await driver.press("e")
            await driver.shows("Export")
            for number in range(1, 7):
                assert any(line.rstrip("│").rstrip().endswith(f" {number}") for line in driver.lines), number

    run(test)


def test_the_whole_list_is_marked_after_a_question_and_undone_in_one(services: ShelfServices) -> None:
    def unread() -> int:
        with services.open_library() as library:
            return library.overview().unread

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("A")
            await driver.shows("Mark 60 articles read?")
            await driver.press("n")
            assert unread() == 60
            await driver.press("A", "y")
            await driver.until(lambda: unread() == 0)
            await driver.shows("60 changed; U undoes it")
            await driver.press("U")
            await driver.until(lambda: unread() == 60)

    run(test)


# ── the list and what arrives ───────────────────────────────────────────────────────────────────


def test_arrivals_are_announced_not_inserted_and_shown_on_demand(
    services: ShelfServices, shelf: Shelf
) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("3", "j")
            driver.reader.listing.poll()
            await driver.until(lambda: driver.reader.listing._version is not None)
            before, lines = driver.titles, driver.list_lines()
            shelf.put([article(9000 + n, f"Bài mới {n}", day=f"2031-01-0{n + 1}") for n in range(3)])
            driver.reader.listing.poll()
            await driver.shows("3 new, press . to see them")
            assert driver.titles == before
            assert driver.list_lines() == lines
            current = driver.reader.articles.current
            assert current is not None
            assert current.title == before[3]
            await driver.press(".")
            assert driver.titles[:4] == ["Bài mới 2", "Bài mới 1", "Bài mới 0", before[0]]
            assert driver.reader.articles.cursor == 0

    run(test)


def test_the_cursor_stays_with_its_article_when_rows_change(services: ShelfServices, shelf: Shelf) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("7", "j")
            row = driver.reader.articles.current
            assert row is not None
            driver.reader.listing.poll()
            await driver.until(lambda: driver.reader.listing._version is not None)
            stored = driver.reader.access.stored(row.id)
            assert stored is not None

            shelf.revise(row.id, replace(stored.article, title="Tiêu đề đã sửa"))
            driver.reader.listing.poll()
            await driver.shows("Tiêu đề đã sửa")
            assert driver.reader.articles.cursor == 7
            assert "≠" in driver.screen

    run(test)


def test_rows_come_in_windows(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put([article(number, f"Bài {number}", "x") for number in range(1, 1500)])
    services = ShelfServices(tmp_path)

    async def test() -> None:
        async with reading(services) as driver:
            for key in ("G", "g", "space", "space", "G"):
                await driver.press(key)
            rows = driver.reader.articles.rows
            assert sum(map(len, rows._windows.values())) <= 8 * 64
            assert driver.reader.articles.cursor == 1498

    run(test)


# ── places ──────────────────────────────────────────────────────────────────────────────────────


def test_every_place_shows_what_it_counts(services: ShelfServices) -> None:
    with services.writer() as library:
        ids = library.articles.ids()
        library.marks.set_read(ids[10:], True)
        library.marks.set_starred(ids[:2], True)
        library.articles.set_gone(ids[4], NOW - timedelta(days=3))
        library.marks.save("Hội nghị", "hoi nghi")

    async def test() -> None:
        async with reading(services) as driver:
            places = driver.reader.places
            for key in ["unread", "starred", "changed", "gone", "saved:Hội nghị"] + [
                place.key for place in places.places if place.kind in ("section", "year")
            ]:
                place = places.place(key)
                assert place is not None
                driver.reader.go("places")
                places.point_at(key)
                await driver.press("enter")
                await driver.lists(place.count or 0)
                assert driver.reader.listing.place.key == key

    run(test)


def test_a_year_unfolds_into_months(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            places = driver.reader.places
            year = next(place for place in places.places if place.kind == "year")
            driver.reader.go("places")
            places.point_at(year.key)
            await driver.press("enter", "j", "enter")
            month = driver.reader.listing.place
            assert month.kind == "month"
            await driver.until(lambda: len(driver.reader.articles.rows) == month.count)
            assert driver.reader.pane == "list"

    run(test)


# ── searching ───────────────────────────────────────────────────────────────────────────────────


def expected(services: ShelfServices, query: str) -> list[int]:
    with services.open_library() as library:
        return list(library.search.ids(query).ids)


def test_results_come_while_typing_with_snippets_and_matches_in_the_text(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("/")
            await driver.type("uy ban nhan dan")
            ids = expected(services, "uy ban nhan dan")
            assert ids
            await driver.until(lambda: list(driver.reader.articles.rows.ids) == ids)
            await driver.until(lambda: "understood as" in driver.reader.search_info.text)
            await driver.until(lambda: driver.reader.articles._snippets)
            await driver.press("enter", "enter")
            view = driver.reader.view
            assert view.found > 0
            await driver.press("n")
            assert view.match == 0
            await driver.press("n", "N", "N")
            assert view.match == view.found - 1

    run(test)


def test_keys_typed_in_one_go_reach_the_search_line_and_then_the_list(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            keys = ["space" if letter == " " else letter for letter in "hoi nghi"]
            await driver.press("/", *keys, "enter", "j", "j")
            ids = expected(services, "hoi nghi")
            await driver.until(lambda: list(driver.reader.articles.rows.ids) == ids)
            await driver.until(lambda: driver.reader.pane == "list")
            assert driver.reader.typing.value == "hoi nghi"
            assert driver.reader.focused is driver.reader.articles

    run(test)


def test_leaving_the_search_comes_back_to_the_place_and_its_article(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("9", "j")
            row = driver.reader.articles.current
            assert row is not None
            await driver.press("/")
            await driver.type("xã")
            await driver.press("enter")
            await driver.until(lambda: driver.reader.articles.rows.ids != driver.reader.listing._base)
            await driver.press("escape")
            assert len(driver.reader.articles.rows) == 60
            assert driver.reader.articles.current == row
            assert not driver.reader.search_bar.display

    run(test)


def test_a_search_without_result_and_hostile_queries_say_so(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("/")
            await driver.type("khôngcótừnày")
            await driver.shows("Nothing found.")
            for query in ('"', "(((", "a OR", "-", "*", "after:", "[red]x[/]", "is:x AND"):
                driver.reader.typing.value = query
                await driver.pilot.pause(0.15)
                assert driver.reader.searching.query == query

    run(test)


def test_a_relaxed_search_says_that_marks_were_ignored(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services, start="hồi nghì") as driver:
            await driver.until(lambda: "marks ignored" in driver.reader.search_info.text)
            await driver.press("enter", "enter")
            assert driver.reader.view.found > 0

    run(test)


def test_a_search_is_saved_listed_and_forgotten(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("/")
            await driver.type("title:xã")
            await driver.press("enter", "S", "enter")
            await driver.until(lambda: driver.reader.places.place("saved:title:xã"))
            driver.reader.go("places")
            driver.reader.places.point_at("saved:title:xã")
            await driver.press("x", "y")
            await driver.until(lambda: not driver.reader.places.place("saved:title:xã"))

    run(test)


def test_finding_in_the_article(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            row = driver.reader.articles.current
            assert row is not None
            word = row.title.split()[0]
            await driver.press("enter", "f")
            await driver.type(word)
            await driver.press("enter")
            assert driver.reader.view.found > 0
            await driver.shows("match 1 of")
            await driver.press("f")
            await driver.type("zzzz")
            await driver.press("enter")
            await driver.shows("Not in this article.")

    run(test)


# ── screens over the reader ─────────────────────────────────────────────────────────────────────


def test_the_palette_finds_without_marks_and_does_it(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("p")
            await driver.type("THEme")
            await driver.press("enter")
            assert driver.app.theme == "light"
            await driver.press("ctrl+p", "escape")
            assert not driver.over(Screen)

    run(test)


def test_help_is_searched_and_closed(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("?")
            assert driver.over(Picker)
            await driver.shows("MOVING")
            await driver.type("undo")
            await driver.shows("Undo the last mark")
            assert "MOVING" not in driver.screen
            await driver.press("escape")
            assert not driver.over(Screen)

    run(test)


def test_what_changed_is_shown_revision_by_revision(services: ShelfServices, shelf: Shelf) -> None:
    (number,) = shelf.put([article(9001, "Kế hoạch", "Ngày 05/11 tại xã.", "2030-01-01")])
    shelf.revise(
        number, article(9001, "Kế hoạch", "Ngày 07/11 tại xã.", "2030-01-01"), seen=NOW - timedelta(days=5)
    )
    shelf.revise(
        number, article(9001, "Kế hoạch", "Ngày 09/11 tại xã.", "2030-01-01"), seen=NOW - timedelta(days=2)
    )

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("d")
            assert driver.over(Panel)
            await driver.shows("Ngày 07/11 09/11 tại xã.")
            assert "revision 3 of 3" in driver.screen
            await driver.press("[")
            await driver.shows("Ngày 05/11 07/11 tại xã.")
            await driver.press("q")
            assert not driver.over(Screen)
            await driver.press("j", "d")
            await driver.shows("This article was never revised.")

    run(test)


def test_esc_goes_back_along_the_links_that_were_followed(services: ShelfServices, shelf: Shelf) -> None:
    long = [Block(kind="paragraph", spans=(Span(text=f"Đoạn {n}. " * 30),)) for n in range(30)]
    pages = [
        replace(
            article(9000 + n, f"Bài số {n}", day=f"2030-01-0{3 - n}"),
            blocks=(*long, Block(kind="paragraph", spans=(Span(text="sang", href=f"{ORIGIN}/bai-{9001 + n}.html"),))),
        )
        for n in range(2)
    ]  # fmt: skip
    shelf.put([*pages, article(9002, "Bài cuối", day="2029-01-01")])

    async def test() -> None:
        async with reading(services) as driver:

            def reads(title: str) -> bool:
                row = driver.reader.reading.row
                return row is not None and row.title == title and driver.reader.pane == "text"

            await driver.press("enter", "space", "space")
            place = driver.reader.view.place
            assert place > 0
            await driver.press("1", "enter")
            await driver.until(lambda: reads("Bài số 1"))
            await driver.press("1", "enter")
            await driver.until(lambda: reads("Bài cuối"))
            await driver.press("escape")
            assert reads("Bài số 1")
            await driver.press("escape")
            assert reads("Bài số 0")
            assert driver.reader.view.place == place
            await driver.press("escape")
            assert driver.reader.pane == "list"
            # What is opened from the list has nothing behind it.
            await driver.press("enter", "1", "enter")
            await driver.until(lambda: reads("Bài số 1"))
            await driver.press("tab", "tab", "j", "enter", "escape")
            assert driver.reader.pane == "list"

    run(test)


def test_a_mark_moves_no_line_of_the_text(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("enter")
            await driver.until(lambda: "MORE LIKE THIS" in driver.reader.view.plain)
            before = driver.reader.view.plain.splitlines()
            await driver.press("s")
            await driver.until(lambda: "★" in driver.reader.view.plain)
            after = driver.reader.view.plain.splitlines()
            assert len(after) == len(before)
            changed = [line for line, old in zip(after, before, strict=True) if line != old]
            assert [line.endswith(" words  ★") for line in changed] == [True]

    run(test)


def test_tags_stay_whole_where_facts_are_cut(services: ShelfServices) -> None:
    with services.writer() as library:
        library.marks.tag(library.articles.ids()[:1], "nông nghiệp")

    async def test() -> None:
        async with reading(services, (80, 24)) as driver:
            facts = driver.list_lines()[2]
            assert "…" in facts
            assert facts.rstrip().endswith("  #nông nghiệp")

    run(test)


def test_pictures_come_from_the_archive_only(services: ShelfServices, shelf: Shelf) -> None:
    pytest.importorskip("PIL")
    from gvreader.demo.files import picture

    one = article(9001, "Bài có ảnh", day="2030-01-01")

    images = (
        Image(url="https://a.vn/1.png", caption="Ảnh một"),
        Image(url="https://a.vn/2.png", caption="Ảnh hai"),
    )
    shelf.put([replace(one, images=images)])
    services.copies["https://a.vn/1.png"] = picture("một")

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("i")
            await driver.shows("▀▀▀▀")
            assert "Ảnh một" in driver.screen
            await driver.press("o")
            await driver.until(lambda: services.opened == ["copy of https://a.vn/1.png"])
            await driver.press("]")
            await driver.shows("The archive has no copy of this picture.")
            await driver.press("escape", "j", "i")
            assert driver.app.is_running

    run(test)


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a" + b"\xff" * 40, b"<svg/>"])
def test_a_broken_picture_is_no_crash(data: bytes) -> None:
    pytest.importorskip("PIL")
    from gvreader.tui.view.image_render import draw

    assert draw(data, 40, 20) is None


# ── sharing ─────────────────────────────────────────────────────────────────────────────────────


def test_links_open_by_number_and_related_articles_here(services: ShelfServices, shelf: Shelf) -> None:
    body = Block(
        kind="paragraph", spans=(Span(text="Xem "), Span(text="văn bản", href="https://example.org/vb"))
    )

    known = expected(services, "")[3]
    with services.open_library() as library:
        (row,) = library.articles.rows((known,))
    shelf.put(
        [replace(article(9001, "Bài có liên kết", day="2030-01-01"), blocks=(body,), related=(row.url,))]
    )

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("enter", "o")
            await driver.until(lambda: services.opened == [f"{ORIGIN}/bai-9001.html"])
            await driver.press("1", "o")
            await driver.until(lambda: services.opened[1:] == ["https://example.org/vb"])
            await driver.press("9", "9", "o")
            await driver.shows("There is no link 99 here.")
            await driver.press("2", "enter")
            await driver.until(lambda: driver.reader.reading.row and driver.reader.reading.row.id == known)

    run(test)


def test_copying_goes_to_the_terminal_and_says_so(
    services: ShelfServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(services.folder))

    async def test() -> None:
        async with reading(services) as driver:
            row = driver.reader.articles.current
            assert row is not None
            for key, said, text in (
                ("y", "Handed to the terminal's clipboard", row.url),
                ("Y", "Handed to the terminal's clipboard", f"{row.title}. {row.url}"),
            ):
                await driver.press(key)
                await driver.shows(said)
                await driver.copied(text)

    run(test)


def test_export_of_an_article_and_of_the_list(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            ids = list(driver.reader.articles.rows.ids)
            await driver.press("e", "1")
            await driver.until(lambda: services.exported == [("markdown", (ids[0],))])
            await driver.shows("1 article written to")
            await driver.press("e", "4")
            await driver.until(lambda: services.exported[1:] == [("jsonl", tuple(ids))])

    run(test)


# ── sizes, themes, mouse ────────────────────────────────────────────────────────────────────────


async def _walk(driver: Driver) -> None:
    for key in ("enter", "space", "G", "z", "escape", "escape", "tab", "tab", "tab", "/"):
        await driver.press(key)
        _fits(driver)
    await driver.type("xã")
    await driver.press("enter", "j", "enter", "escape", "escape")
    for key in ("?", "escape", "p", "escape", "l", "escape", "C", "escape", "d", "e", "escape", "T", "T"):
        await driver.press(key)
        _fits(driver)


def _fits(driver: Driver) -> None:
    from rich.cells import cell_len

    width, height = driver.app.size
    assert len(driver.lines) == height
    assert all(cell_len(line) <= width for line in driver.lines)


@pytest.mark.parametrize("size", [(40, 12), (90, 24), (300, 80)])
def test_it_works_at_every_size(services: ShelfServices, size: tuple[int, int]) -> None:
    async def test() -> None:
        async with reading(services, size) as driver:
            await _walk(driver)
            for other in ((40, 12), (200, 50), (79, 24), size):
                await driver.pilot.resize_terminal(*other)
                await driver.pilot.pause()
                _fits(driver)

    run(test)


@pytest.mark.parametrize("theme", ["dark", "light", "terminal"])
def test_every_theme(services: ShelfServices, theme: str) -> None:
    async def test() -> None:
        async with reading(services, theme=theme) as driver:
            await driver.press("enter", "?", "escape", "l", "q", "T")
            assert driver.app.theme != theme

    run(test)


def test_narrow_goes_in_and_out(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services, (60, 20)) as driver:
            title = driver.titles[0]
            await driver.press("enter")
            assert driver.panes == "text"
            await driver.shows(title.split()[0])
            await driver.press("h")
            assert driver.panes == "list"
            await driver.press("h")
            assert driver.panes == "places"
            assert "Everything" in driver.screen

    run(test)


def test_everything_visible_answers_to_the_mouse(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            reader = driver.reader
            await driver.pilot.click(reader.articles, offset=(10, reader.articles._shape.height + 1))
            await driver.pilot.pause()
            assert reader.articles.cursor == 1
            await driver.pilot.click(reader.articles, offset=(10, reader.articles._shape.height + 1))
            await driver.pilot.pause()
            assert reader.pane == "text"
            await driver.pilot.click(reader.places, offset=(4, 1))
            await driver.until(lambda: reader.listing.place.key == "unread")
            width = reader.places.size.width
            divider = reader._left_divider.region
            await driver.pilot.mouse_down(offset=(divider.x, 10))
            await driver.pilot.hover(offset=(divider.x + 4, 10))
            await driver.pilot.mouse_up(offset=(divider.x + 4, 10))
            await driver.pilot.pause()
            assert reader.places.size.width == width + 4
            column = driver.lines[-1].index("search")
            await driver.pilot.click(reader.key_line, offset=(column, 0))
            await driver.pilot.pause()
            assert reader.focused is reader.typing

    run(test)


def test_a_rebound_key_is_shown_and_works_and_conflicts_are_told(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services, keys={"star": "x", "down": ["e", "down"]}) as driver:
            await driver.shows("Key e is asked for by down and export; down has it.")
            await driver.press("x")
            await driver.until(lambda: marks(services, 0)[1])
            assert "x ★" in driver.lines[-1]

    run(test)


def test_a_key_that_an_input_method_changed_still_works(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("đ")
            await driver.shows("This article was never revised.")

    run(test)


# ── hostile text, first start, damage ───────────────────────────────────────────────────────────


def test_hostile_text_is_shown_as_text(services: ShelfServices, shelf: Shelf) -> None:
    evil = (
        "[bold red]x[/] \x1b[2J\x1b]52;c;eA==\x07 \u202ecba\u2066 [link=http://a]b[/link] \ud800 \x9b31m 中🙂"
    )

    nasty = replace(
        article(
            9001, evil, f"{evil}\n\n{'x' * 1_000_000}\n\n{'từ ' * 20_000}\n\n{'ă' * 300_000}", "2030-01-01"
        ),
        author=evil,
        organisation=evil,
        summary=evil,
        images=(Image(url="https://a.vn/i.png", caption=evil),),
        related=(f"{ORIGIN}/{evil}",),
    )
    shelf.put([nasty])

    async def test() -> None:
        async with reading(services) as driver:
            await driver.shows("[bold red]x[/] [2J")
            await driver.press("enter", "G", "g", "space")
            for line in driver.lines:
                assert not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in line)
                assert "\u202e" not in line
            await driver.press("escape", "/")
            await driver.type("[bold")
            await driver.press("enter", "l", "q", "i", "q")

    run(test)


def test_the_first_start_says_what_to_do(tmp_path: Path) -> None:
    services = ShelfServices(tmp_path)

    async def test() -> None:
        async with reading(services) as driver:
            for text in (
                "Nothing is stored here yet",
                "Sync now",
                "gvreader backfill wayback",
                "gvreader demo",
            ):
                assert text in driver.screen
            await driver.press("j", "enter", "s", "/", "l", "escape")
            assert driver.reader.empty_state.display
            Shelf(tmp_path).put([article(1, "Bài đầu tiên")])
            driver.reader.listing.poll()
            await driver.shows("Bài đầu tiên")
            assert not driver.reader.empty_state.display

    run(test)


def test_a_damaged_library_gives_a_page_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite3").write_bytes(b"not a database" * 1000)

    async def test() -> None:
        async with reading(ShelfServices(tmp_path)) as driver:
            await driver.shows("The archive cannot be opened")
            assert "gvreader verify" in driver.screen or "rebuild" in driver.screen
            (tmp_path / "library.sqlite3").unlink()
            Shelf(tmp_path).put([article(1, "Bài đầu tiên")])
            await driver.press("a")
            await driver.shows("Bài đầu tiên")

    run(test)


def test_a_mark_that_cannot_be_stored_is_said_and_nothing_breaks(services: ShelfServices) -> None:
    from gvreader.errors import ArchiveLocked

    def locked() -> Library:
        raise ArchiveLocked("another process is writing", advice="Try again later.")

    services.writer = locked  # type: ignore[method-assign]

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("s")
            await driver.shows("another process is writing Try again later.")
            assert "★" not in driver.list_lines()[0]
            assert driver.reader.is_running

    run(test)


def test_pieces_of_the_corpus_become_articles() -> None:
    from gvreader.demo.content import Corpus

    assert article_of(Corpus(seed=1, count=20)[5]).text


def test_matches_stay_on_their_words_when_the_measure_changes(services: ShelfServices, shelf: Shelf) -> None:

    rows = (
        ("STT", "Nội dung", "Ghi chú"),
        ("1", "Một ô dài phải xuống dòng " * 4, "x"),
        ("2", "hội nghị", "y"),
    )
    blocks = (
        Block(kind="table", rows=rows),
        Block(kind="paragraph", spans=(Span(text="Sau bảng là hội nghị cuối năm."),)),
    )
    shelf.put([replace(article(9001, "Bài có bảng", day="2030-01-01"), blocks=blocks)])

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("enter", "f")
            await driver.type("hội nghị")
            await driver.press("enter")
            view = driver.reader.view
            for key in ("z", "-", "-", "z", "+"):
                await driver.press(key)
                setting = view._setting
                assert setting is not None
                found = [setting.pieces[piece].text[low:high] for piece, low, high in setting.matches]
                assert found == ["hội", "nghị", "hội", "nghị"]

    run(test)


def test_the_first_paint_of_a_size_is_the_last_one(services: ShelfServices) -> None:
    """Lines of the old width are never shown in a pane of the new one."""

    async def test() -> None:
        async with reading(services, (140, 40)) as driver:
            for size in ((100, 30), (70, 20), (150, 45)):
                painted: list[str] = []
                view = driver.reader.articles
                paint = view.render_line

                def watched(y: int, paint=paint, view=view, painted=painted):  # type: ignore[no-untyped-def]
                    strip = paint(y)
                    assert strip.cell_length == view.line_width
                    painted.append(strip.text)
                    return strip

                view.render_line = watched  # type: ignore[method-assign]
                await driver.pilot.resize_terminal(*size)
                await driver.pilot.pause()
                assert painted
                view.render_line = paint  # type: ignore[method-assign]

    run(test)


# ── help with a query ───────────────────────────────────────────────────────────────────────────


def test_a_field_and_its_value_are_completed_by_tab(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            typing = driver.reader.typing
            await driver.press("/")
            await driver.type("sec")
            await driver.shows("⇥ section:")
            await driver.press("tab")
            assert typing.value == "section:"
            await driver.until(lambda: len(driver.reader.searching.offers) > 1)
            offers = [text for text, _label in driver.reader.searching.offers]
            await driver.press("tab")
            assert typing.value == f"section:{offers[0]}"
            await driver.press("tab")
            assert typing.value == f"section:{offers[1]}"
            await driver.press("shift+tab")
            assert typing.value == f"section:{offers[0]}"
            ids = expected(services, f"section:{offers[0]}")
            await driver.until(lambda: list(driver.reader.articles.rows.ids) == ids)
            column = driver.lines[-1].find("Esc back")
            assert column > 0

    run(test)


def test_an_offer_is_taken_by_a_click(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("/")
            await driver.type("has:")
            await driver.shows("attachment")
            await driver.pilot.click(
                driver.reader.key_line, offset=(driver.lines[-1].index("attachment") + 1, 0)
            )
            await driver.until(lambda: driver.reader.typing.value == "has:attachment")

    run(test)


def test_a_query_that_finds_nothing_says_what_its_parts_find_and_what_was_meant(
    services: ShelfServices,
) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("/")
            await driver.type("hoi nghiz")
            await driver.shows("Did you mean")
            assert "Each part by itself" in driver.screen.replace("\n", " ")
            meant = driver.reader.searching.suggestion
            await driver.press("tab")
            assert driver.reader.typing.value == meant
            await driver.lists(len(expected(services, meant)))
            assert len(driver.reader.articles.rows) > 0

    run(test)


def test_telex_typed_without_an_input_method_is_understood(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("/")
            await driver.type("nghij")
            await driver.until(lambda: driver.reader.searching.suggestion == "nghị")

    run(test)


def test_whatever_a_search_found_is_marked_at_once_and_undone_at_once(services: ShelfServices) -> None:
    def tagged() -> int:
        with services.open_library() as library:
            return library.search.count("tag:{họp}")

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("/")
            await driver.type("hoi nghi")
            found = len(expected(services, "hoi nghi"))
            await driver.lists(found)
            await driver.press("enter", "M")
            await driver.shows(f"Mark all {found} articles of this list")
            await driver.press("t")
            await driver.type("{họp}")
            await driver.press("enter")
            await driver.shows(f"Tag {found} articles with {{họp}}?")
            await driver.press("y")
            await driver.until(lambda: tagged() == found)
            await driver.press("M", "T")
            await driver.type("{họp}")
            await driver.press("enter", "y")
            await driver.until(lambda: tagged() == 0)
            await driver.press("U")
            await driver.until(lambda: tagged() == found)
            await driver.press("U")
            await driver.until(lambda: tagged() == 0)

    run(test)


def test_articles_about_the_same_are_offered_below_the_text(services: ShelfServices, shelf: Shelf) -> None:
    twins = [
        article(
            9001 + n, f"Thông xe cầu Bến Đang lần {n}", "Cầu Bến Đang bắc qua sông Hoàng Long.", "2030-01-01"
        )
        for n in range(2)
    ]
    shelf.put(twins)

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("enter")
            other = {0: 1, 1: 0}[int(driver.titles[0][-1])]
            await driver.until(lambda: "MORE LIKE THIS" in driver.reader.view.plain)
            driver.reader.reading.mark_found("Thông xe cầu Bến Đang")
            # Five words of the title, three of the text, none of the titles below it.
            assert driver.reader.view.found == 8
            plain = driver.reader.view.plain
            first = plain[plain.index("MORE LIKE THIS") :].splitlines()[1]
            assert f"Thông xe cầu Bến Đang lần {other}" in first
            number = first[first.rindex("[") + 1 : first.rindex("]")]
            await driver.press(number, "enter")
            await driver.until(
                lambda: driver.reader.reading.row and driver.reader.reading.row.title.endswith(str(other))
            )

    run(test)


def test_the_first_start_does_what_it_offers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cũ.warc.gz").write_bytes(b"")
    services = ShelfServices(tmp_path / "archive")

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("b")
            await driver.shows("Ask the Internet Archive")
            await driver.press("y")
            await driver.until(lambda: services.errands == [("backfill",)])
            await driver.until(lambda: not driver.reader.syncing.running)
            await driver.press("i")
            await driver.type("nowhere")
            await driver.press("enter")
            await driver.shows("There is no file nowhere.")
            await driver.press("i")
            await driver.shows("cũ.warc.gz")
            await driver.press("enter")
        assert services.errands[1:] == [("import", str(tmp_path / "cũ.warc.gz"))]
        async with reading(services) as driver:
            await driver.press("d")
        assert services.errands[2:] == [("demo",)]

    run(test)


def test_a_damaged_library_is_mended_on_request(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite3").write_bytes(b"not a database" * 1000)
    services = ShelfServices(tmp_path)

    async def test() -> None:
        for key, command in (("v", ("verify", "--repair")), ("b", ("rebuild",))):
            async with reading(services) as driver:
                await driver.press(key)
            assert services.errands[-1] == command

    run(test)


def test_marks_toggled_faster_than_they_are_stored_end_as_asked(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services) as driver:
            for pane in ("list", "text"):
                for presses in (3, 4, 5):
                    before = marks(services, 0)[1]
                    await driver.press(*"s" * presses)
                    driver.reader.listing.look_again()
                    wanted = before ^ bool(presses % 2)
                    await driver.until(lambda: not driver.reader.articles.rows._marks)
                    row = driver.reader.target()
                    assert row is not None
                    assert row.marks.starred is wanted
                    assert marks(services, 0)[1] is wanted
                if pane == "list":
                    await driver.press("enter")

    run(test)


def test_a_related_article_is_found_under_an_address_without_its_section(
    services: ShelfServices, shelf: Shelf
) -> None:

    shelf.put(
        [
            replace(article(9001, "Bài gốc", day="2029-01-01"), url=f"{ORIGIN}/kinh-te/bai-goc-9001.html"),
            replace(
                article(9002, "Bài sau", day="2030-01-01"),
                related=(f"{ORIGIN}/bai-goc-9001.html", "https://elsewhere.vn/bai-goc-9001.html"),
            ),
        ]
    )

    async def test() -> None:
        async with reading(services) as driver:
            await driver.press("enter")
            await driver.until(lambda: "– Bài gốc [1]" in driver.reader.view.plain)
            await driver.press("2", "enter")
            await driver.until(lambda: services.opened == ["https://elsewhere.vn/bai-goc-9001.html"])
            await driver.press("1", "enter")
            await driver.until(
                lambda: driver.reader.reading.row and driver.reader.reading.row.title == "Bài gốc"
            )

    run(test)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (100, 30)])
def test_a_place_that_is_chosen_shows_the_title_of_its_first_article(
    services: ShelfServices, size: tuple[int, int]
) -> None:
    """The list was hidden behind the places when it got its articles."""

    async def test() -> None:
        async with reading(services, size) as driver:
            shape = driver.reader.articles._shape
            await driver.press("escape", "j", "enter")
            await driver.shows("Unread")
            await driver.until(lambda: driver.reader.articles.current)
            await driver.pilot.pause()
            region = driver.reader.articles.region
            row = driver.reader.articles.current
            assert row is not None
            assert row.title[:20] in driver.lines[region.y]
            assert driver.reader.articles._shape == shape

    run(test)
