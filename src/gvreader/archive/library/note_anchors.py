"""Where the paragraphs are now that notes were written on, in a text that may have changed since. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from gvreader.frozen import dataclass
from gvreader.model import NoteState

ALIKE: Final = 0.6
"""The least share of common words at which a paragraph is another wording of the noted one."""
_MOST_COMPARED: Final = 400  # paragraphs that are compared word by word


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a note hangs on: the number of a paragraph, and its text then (empty: not known)."""

    paragraph: int
    quote: str


@dataclass(frozen=True, slots=True)
class NotePlace:
    """Where a note is now: the number of its paragraph, and what became of it."""

    paragraph: int
    state: NoteState


def places(anchors: Sequence[Anchor], paragraphs: Sequence[str]) -> tuple[NotePlace, ...]:
    """Where each note is now, no two on one paragraph.

    The same text wins, the nearest first; else the most similar; else the note stays at its number, or behind it
    where that is taken, and is `lost`.
    """
    found: dict[int, NotePlace] = {}
    free = set(range(1, len(paragraphs) + 1))

    def settle(index: int, paragraph: int, state: NoteState) -> None:
        found[index] = NotePlace(paragraph, state)
        free.discard(paragraph)

    order = sorted(range(len(anchors)), key=lambda index: anchors[index].paragraph)
    for index in order:
        anchor = anchors[index]
        if not anchor.quote or _says(paragraphs, anchor.paragraph, anchor.quote):
            settle(index, anchor.paragraph, "")
    for index in order:
        quote = anchors[index].quote
        same = [number for number in free if paragraphs[number - 1] == quote]
        if index not in found and same:
            settle(index, min(same, key=lambda number: _distance(number, anchors[index])), "moved")
    for index in order:
        if index not in found:
            best = _most_alike(anchors[index], paragraphs, free)
            if best:
                settle(index, best, "changed")
    taken = {one.paragraph for one in found.values()}
    for index in order:
        if index not in found:
            number = anchors[index].paragraph
            while number in taken:
                number += 1
            taken.add(number)
            settle(index, number, "lost")
    return tuple(found[index] for index in range(len(anchors)))


def _says(paragraphs: Sequence[str], number: int, quote: str) -> bool:
    return number <= len(paragraphs) and paragraphs[number - 1] == quote


def _distance(number: int, anchor: Anchor) -> tuple[int, int]:
    return abs(number - anchor.paragraph), number


def _most_alike(anchor: Anchor, paragraphs: Sequence[str], free: set[int]) -> int:
    """The number of the free paragraph that is most like the noted one; 0 where none is like it."""
    near = sorted(free, key=lambda number: _distance(number, anchor))[:_MOST_COMPARED]
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(anchor.quote.split())
    best, most = 0, ALIKE
    for number in near:
        matcher.set_seq1(paragraphs[number - 1].split())
        if matcher.real_quick_ratio() < most or matcher.quick_ratio() < most:
            continue
        alike = matcher.ratio()
        if alike > most or (alike == most and not best):
            best, most = number, alike
    return best
