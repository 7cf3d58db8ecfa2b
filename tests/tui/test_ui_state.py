"""What the reader remembers of its looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gvreader.tui.ui_state import UiState
from tests.tui.piloting import reading, run
from tests.tui.shelf import ShelfServices


def test_what_is_dumped_is_parsed() -> None:
    ui_state = UiState(theme="light", measure=92, places=30, articles=55, sort="relevance")
    assert UiState.parse(ui_state.dump()) == ui_state
    assert UiState.parse(UiState().dump()) == UiState()


@pytest.mark.parametrize(
    ("text", "ui_state"),
    [
        ("", UiState()),
        ("{", UiState()),
        ("[1]", UiState()),
        ('{"measure": "76", "places": -3, "articles": 1e9, "theme": 4, "new": 1}', UiState()),
        ('{"measure": true, "theme": "light"}', UiState(theme="light")),
    ],
)
def test_what_is_not_understood_is_left_out(text: str, ui_state: UiState) -> None:
    assert UiState.parse(text) == ui_state


@given(st.text())
def test_no_text_is_an_error(text: str) -> None:
    UiState.parse(text)


def test_widths_measure_theme_and_order_come_back(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services, theme=None) as driver:
            await driver.press(">", ">", "tab", "-", "T", "escape", "/", "escape")
            width = driver.reader.middle.size.width
            measure = driver.reader.view.measure
            theme = driver.app.theme
            assert theme != "dark"
            driver.reader.searching.sort = "oldest"
            await driver.press("q")
        async with reading(services, theme=None) as driver:
            assert driver.reader.middle.size.width == width
            assert driver.reader.view.measure == measure
            assert driver.app.theme == theme
            assert driver.reader.searching.sort == "oldest"

    run(test)


def test_nothing_is_written_when_nothing_was_changed(services: ShelfServices) -> None:
    async def test() -> None:
        async with reading(services, theme=None) as driver:
            await driver.press("j", "q")
        assert services.ui_state == ""

    run(test)
