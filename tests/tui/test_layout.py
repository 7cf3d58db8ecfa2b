"""Panes in terminals of any size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gvreader.tui.actions import PANES, Pane
from gvreader.tui.view.layout import Widths, arrange

wish = st.none() | st.integers(-50, 400)


@given(
    st.integers(20, 300),
    st.integers(5, 80),
    st.sampled_from(PANES),
    st.builds(Widths, places=wish, articles=wish),
    st.booleans(),
)
def test_panes_and_dividers_fill_the_width_and_the_pane_with_the_keys_is_there(
    width: int, height: int, pane: Pane, wishes: Widths, zen: bool
) -> None:
    layout = arrange(width, height, pane, wishes=wishes, zen=zen)
    shown = [cells for cells in (layout.places, layout.articles, layout.text) if cells]
    assert sum(shown) + len(shown) - 1 == width
    assert {"places": layout.places, "list": layout.articles, "text": layout.text}[pane] > 0
    assert min(shown) >= min(width, 16)


@pytest.mark.parametrize(
    ("width", "pane", "count"),
    [
        (40, "list", 1),
        (79, "text", 1),
        (80, "list", 2),
        (109, "places", 2),
        (110, "list", 3),
        (300, "text", 3),
    ],
)
def test_it_folds_to_one_pane(width: int, pane: Pane, count: int) -> None:
    layout = arrange(width, 24, pane)
    assert sum(cells > 0 for cells in (layout.places, layout.articles, layout.text)) == count
