"""Which panes are on the screen and how wide they are: pure arithmetic, from 40x12 to 300x80."""

from __future__ import annotations

from typing import Final

from gvreader.frozen import dataclass
from gvreader.tui.actions import Pane

WIDE: Final = 110
NARROW: Final = 80
LOW: Final = 16
_LEAST_LIST: Final = 26
_LEAST_TEXT: Final = 34
_LEAST_PLACES: Final = 16
_ITEM_MARGIN: Final = 3


@dataclass(frozen=True, slots=True)
class Widths:
    """The reader's own wishes, in cells; None for what the layout finds best."""

    places: int | None = None
    articles: int | None = None


NO_WISHES: Final = Widths()


@dataclass(frozen=True, slots=True)
class PaneLayout:
    """Widths of the panes in cells, 0 for one that is not shown; `rules`: whether lines are spent on rules."""

    places: int
    articles: int
    text: int
    rules: bool

    @property
    def heading(self) -> int:
        """The column of the list's text, where the name of the place stands."""
        return self.places + 1 + _ITEM_MARGIN if self.places and self.articles else 0


def arrange(
    width: int, height: int, pane: Pane, *, wishes: Widths = NO_WISHES, zen: bool = False
) -> PaneLayout:
    """Panes for a terminal of this size when `pane` has the keys.

    Wide: places, list and text. Middling: places or list beside the text. Narrow: one pane. Zen: the text alone.
    """
    rules = height >= LOW
    if zen and pane == "text":
        return PaneLayout(0, 0, width, rules)
    if width < NARROW:
        shares = {"places": (width, 0, 0), "list": (0, width, 0), "text": (0, 0, width)}
        return PaneLayout(*shares[pane], rules)
    if width < WIDE:
        articles = _within(wishes.articles or round(width * 0.44), _LEAST_LIST, width - _LEAST_TEXT - 1)
        beside = width - articles - 1
        return (
            PaneLayout(articles, 0, beside, rules)
            if pane == "places"
            else PaneLayout(0, articles, beside, rules)
        )
    places = _within(
        wishes.places or min(max(width // 6, 26), 34), _LEAST_PLACES, width - _LEAST_LIST - _LEAST_TEXT - 2
    )
    left = width - places - 2
    articles = _within(
        wishes.articles or min(max(round(left * 0.42), 40), 76), _LEAST_LIST, left - _LEAST_TEXT
    )
    return PaneLayout(places, articles, left - articles, rules)


def _within(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))
