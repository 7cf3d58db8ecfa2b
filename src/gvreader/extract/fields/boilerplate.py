"""Paragraphs that may be furniture of the host: what stands around an article's text in a box of its own.

One page cannot tell a template's notice from an article's last words. Pages of the same host compared can: the
library counts these paragraphs, and those that many articles print are given back as `Portal.furniture`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from gvreader.extract.fields.byline import parse_byline
from gvreader.extract.page.text_blocks import TextBlock
from gvreader.extract.page.tree import Element

_SHORTEST: Final = 15
_LONGEST: Final = 1_000
_MOST: Final = 6

_Path = tuple[tuple[str, str], ...]


def mark_repeated(pieces: Iterable[TextBlock], furniture: Collection[str]) -> None:
    """Mark the pieces that other articles of the portal print as well."""
    if furniture:
        for piece in pieces:
            if piece.text in furniture:
                piece.noise = piece.noise or "repeated"


def find_fringe(
    inside: Sequence[TextBlock], container: Element | None, head: Sequence[TextBlock]
) -> tuple[str, ...]:
    """The paragraphs above and below an article's text that stand in other boxes than most of it.

    `inside` is the body; `head` what stands between the title and the body.
    """
    loose = [piece.text for piece in head if _may_repeat(piece)]
    paths = {piece.index: _path(piece, container) for piece in inside if piece.text}
    mass: Counter[_Path] = Counter()
    for piece in inside:
        if piece.text:
            mass[paths[piece.index]] += len(piece.text)
    if not mass:
        return tuple(loose[:_MOST])
    ((main, _),) = mass.most_common(1)
    above = [*_edge(inside, paths, main)]
    below = [*_edge(inside[::-1], paths, main)] if len(above) < len(paths) else []
    return tuple(dict.fromkeys((*loose, *above, *below)))[:_MOST]


def _edge(pieces: Sequence[TextBlock], paths: dict[int, _Path], main: _Path) -> Iterator[str]:
    """The paragraphs from one end of a body up to the first that stands where its text does."""
    for place, piece in enumerate(pieces):
        if not piece.text:
            continue
        if paths[piece.index] == main:
            return
        is_caption = any(beside.kind == "figure" for beside in pieces[max(place - 1, 0) : place + 2])
        if _may_repeat(piece) and not is_caption:
            yield piece.text


def _may_repeat(piece: TextBlock) -> bool:
    """Whether it is a paragraph that a template may print; who wrote an article is often the same, too."""
    is_text = piece.kind == "paragraph" and piece.noise is None and piece.role is None
    return is_text and _SHORTEST <= len(piece.text) <= _LONGEST and parse_byline(piece.text) is None


def _path(piece: TextBlock, container: Element | None) -> _Path:
    """Names and classes of the boxes from the body's container down to a piece."""
    path: list[tuple[str, str]] = []
    element: Element | None = piece.element
    while element is not None and element is not container:
        path.append((str(element.tag), element.get("class") or ""))
        element = element.getparent()
    return tuple(path)
