"""How the reader looked when it was last left: theme, widths of the panes, line length, order of results."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Final, Self

from gvreader.frozen import dataclass

_WIDEST: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class UiState:
    """What is remembered from one reading to the next; None for what the reader finds best."""

    theme: str | None = None
    measure: int | None = None
    places: int | None = None
    articles: int | None = None
    sort: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `text` says; anything that is not understood, or of an older or newer reader, is left out."""
        try:
            found = json.loads(text) if text else {}
        except ValueError:
            found = {}
        if not isinstance(found, dict):
            return cls()
        return cls(
            theme=_word(found.get("theme")),
            measure=_number(found.get("measure")),
            places=_number(found.get("places")),
            articles=_number(found.get("articles")),
            sort=_word(found.get("sort")),
        )

    def dump(self) -> str:
        """The text that `parse` reads; None is left out."""
        return json.dumps({name: value for name, value in asdict(self).items() if value is not None})


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> int | None:
    # True and False are numbers to Python, not to readers.
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _WIDEST else None
