"""Answers to choose from, and which of them fit what was typed: marks need not be typed."""

from __future__ import annotations

from collections.abc import Sequence

from gvreader.frozen import dataclass


@dataclass(frozen=True, slots=True)
class PickerEntry:
    """One answer. `detail` stands at the right; a `heading` groups the entries after it and cannot be chosen."""

    value: str
    title: str
    detail: str = ""
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Matched:
    """An entry that fits what was typed, and where it does."""

    entry: PickerEntry
    spans: tuple[tuple[int, int], ...] = ()


def narrow(entries: Sequence[PickerEntry], typed: str) -> list[Matched]:
    """The entries whose title, detail or value has every word typed, marks and case ignored.

    Those whose title begins a word with what was typed come first; headings vanish when anything is typed.
    """
    from gvreader.vietnamese import fold, nfc

    words = fold(nfc(typed)).split()
    if not words:
        return [Matched(entry) for entry in entries]
    ranked: list[tuple[int, int, Matched]] = []
    for order, entry in enumerate(entries):
        if entry.heading:
            continue
        title = fold(nfc(entry.title))
        rest = f"{title} {fold(entry.detail)} {fold(entry.value)}"
        if not all(word in rest for word in words):
            continue
        spans = _spans(title, words) if len(title) == len(entry.title) else ()
        begins = all(f" {title}".find(f" {word}") >= 0 for word in words)
        ranked.append((0 if begins else 1 if spans else 2, order, Matched(entry, spans)))
    return [found for _rank, _order, found in sorted(ranked, key=lambda one: one[:2])]


def _spans(title: str, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    spans: list[tuple[int, int]] = []
    for start, end in sorted((at, at + len(word)) for word in words if (at := title.find(word)) >= 0):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return tuple(spans)
