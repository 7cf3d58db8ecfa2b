"""No words of either language are too long for their place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gvreader import i18n
from gvreader.tui.actions import PANES, Keymap, Pane, actions
from gvreader.tui.view.cells import width
from gvreader.tui.view.help import help_entries, key_labels
from gvreader.tui.view.layout import arrange
from tests.tui.piloting import reading, run
from tests.tui.shelf import Shelf, ShelfServices

PICKER = 76 - 4  # its width without the cursor and the margins


@pytest.fixture(params=["vi", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    before = i18n.language()
    i18n.use(request.param)
    yield request.param
    i18n.use(before)


def test_titles_of_actions_fit_the_palette_and_the_help_with_all_their_keys(language: str) -> None:
    keymap = Keymap(actions())
    for action in keymap.actions.values():
        assert width(action.title) + 2 + width(key_labels(keymap, action)) <= PICKER, action.title


def test_help_fits_on_narrow_terminals_by_the_title_alone(language: str) -> None:
    for entry in help_entries(Keymap(actions())):
        assert width(entry.title) <= 90, entry.title
        assert not entry.heading or width(entry.title) <= 36, entry.title


@pytest.mark.parametrize("pane", PANES)
def test_every_key_of_the_footer_is_seen_on_80_columns(
    language: str, services: ShelfServices, pane: Pane
) -> None:
    async def test() -> None:
        async with reading(services, (80, 24)) as driver:
            if pane == "text":
                await driver.press("enter")
            else:
                driver.reader.go(pane)
                await driver.pilot.pause()
            for action in actions():
                if pane in action.footer_in:
                    assert action.footer in driver.lines[-1], action.name

    run(test)


def test_places_fit_the_narrowest_pane_beside_six_digits(language: str, services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services, (110, 30)) as driver:
            room = arrange(110, 30, "list").places - 3
            for place in driver.reader.places.places:
                if place.kind == "view":
                    assert width(place.title) + 1 + width("100.000") <= room, place.title
                elif place.kind == "heading":
                    assert width(place.title) <= room, place.title

    run(test)


@pytest.mark.parametrize(
    ("key", "size"), [("C", (100, 30)), ("l", (80, 24)), ("i", (80, 24)), ("e", (80, 24))]
)
def test_screens_over_the_reader_show_all_their_keys(
    language: str, services: ShelfServices, shelf: Shelf, key: str, size: tuple[int, int]
) -> None:
    async def test() -> None:
        async with reading(services, size, start="has:image") as driver:
            await driver.until(lambda: driver.reader.searching.query and driver.reader.articles.current)
            await driver.press("enter")
            await driver.press(key)
            await driver.until(lambda: driver.app.screen is not driver.reader)
            await driver.pilot.pause(0.1)
            sheet = driver.app.screen
            if hasattr(sheet, "extra_keys"):
                for label, what, *_ in sheet.extra_keys():
                    assert f"{label} {what}" in driver.lines[-1]
                assert "Esc" in driver.lines[-1]
            assert "…" not in driver.lines[-1]

    run(test)


@pytest.mark.parametrize(("size", "detailed"), [((100, 30), 4), ((80, 24), 4), ((60, 20), 4), ((40, 12), 0)])
def test_the_first_page_shows_everything_that_can_be_done(
    language: str, tmp_path: Path, size: tuple[int, int], detailed: int
) -> None:
    services = ShelfServices(tmp_path / "none")

    async def test() -> None:
        async with reading(services, size) as driver:
            empty_state = driver.reader.empty_state
            assert empty_state.virtual_size.height <= empty_state.page
            for choice in empty_state.content.choices:
                assert f"{choice.key}   {choice.title[:24]}" in driver.screen
            assert (
                sum(choice.detail[:12] in driver.screen for choice in empty_state.content.choices) == detailed
            )
            assert empty_state.content.paragraphs[0][:20] in driver.screen

    run(test)
