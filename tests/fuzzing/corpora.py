"""Where fuzzing begins: real-looking inputs of every parser, and those that broke one once (`tests/corpora`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "corpora"
_FIXTURES = Path(__file__).parents[1] / "fixtures"


@cache
def seeds(target: str) -> tuple[bytes, ...]:
    """The inputs of `tests/corpora/TARGET`, by name; pages have the saved ones of all families, too."""
    files = sorted((FOLDER / target).iterdir())
    if target == "page":
        files += sorted(_FIXTURES.glob("*/*.html"))
    return tuple(file.read_bytes() for file in files)
