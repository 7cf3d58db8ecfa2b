"""Where a query's words stand in a text: exact places for highlighting, by the same rules as the index."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple

from gvreader.query.tree import (
    Field,
    Query,
    Text,
    Word,
    covered,
)
from gvreader.vietnamese.letters import VOWELS, fold, strip_tone, with_tone
from gvreader.vietnamese.words import JOINERS, fold_term, has_joiner, terms


class Match(NamedTuple):
    """One match: `text[start:end]` is one way of writing `Matcher.texts[which]`."""

    start: int
    end: int
    which: int


_MOST_VERDICTS: Final = 10_000
_USUAL_GAP: Final = 12
_LONGEST_GAP: Final = 200
_BETWEEN: Final = rf"\b\W{{1,{_LONGEST_GAP}}}\b"
_PLACE: Final = itemgetter(0, 2)


def _word_pattern(word: Word) -> str:
    ways = {re.escape(fold_term(term)) for term in word.spellings}
    return ways.pop() if len(ways) == 1 else f"(?:{'|'.join(sorted(ways))})"


def _pattern(text: Text) -> str:
    """A regular expression that finds where `text` may stand in folded text, if a word begins there.

    It begins with letters: a search for these is many times faster than one for a boundary.
    """
    return _BETWEEN.join(map(_word_pattern, text.words)) + (r"\w*" if text.prefix else r"\b")


def _is(word: Word, term: str, *, prefix: bool) -> bool:
    spelled = fold_term(term) if word.open else term
    if prefix:
        return spelled.startswith(word.term)
    return spelled in word.spellings


def _says(text: Text, piece: str) -> bool:
    """Whether a piece of a page, whose folded form fits, is spelled as `text` demands."""
    found = terms(piece)
    if len(found) != len(text.words):
        return False
    last = len(found) - 1
    return all(
        _is(word, term, prefix=text.prefix and index == last)
        for index, (word, term) in enumerate(zip(text.words, found, strict=True))
    )


class Matcher:
    """Finds texts of a query in texts of pages; made once for a query."""

    def __init__(self, texts: Mapping[Text, frozenset[int]]) -> None:
        """`texts`: what to find, each with the parts of the query that it covers.

        `covers` has these parts as bits, `parts` says how many there are.
        """
        # Longer texts first: a phrase is one match, not one for each of its words.
        distinct = sorted(texts, key=lambda text: (-len(text.words), text.prefix))
        self.texts = tuple(distinct)
        self.covers = tuple(sum(1 << part for part in texts[text]) for text in distinct)
        self.parts = len(frozenset().union(*texts.values()))
        self._certain = tuple(not text.prefix and all(word.open for word in text.words) for text in distinct)
        groups: dict[str, list[int]] = {}
        for which, text in enumerate(distinct):
            groups.setdefault(_pattern(text), []).append(which)
        self._candidates = tuple((re.compile(pattern), which) for pattern, which in groups.items())
        self._verdicts: dict[tuple[int, str], bool] = {}

    def finditer(self, text: str) -> Iterator[Match]:
        """Matches in `text` (NFC), from left to right; they do not overlap."""
        if has_joiner(text):
            kept = [index for index, letter in enumerate(text) if letter not in JOINERS]
            for found in self._matches("".join(text[index] for index in kept)):
                yield Match(kept[found.start], kept[found.end - 1] + 1, found.which)
        else:
            yield from self._matches(text)

    def _matches(self, text: str) -> Iterator[Match]:
        folded = _folded(text)
        found: list[Match] = []
        for pattern, group in self._candidates:
            found += self._spelled(pattern, group, text, folded)
        if len(self._candidates) > 1:
            # Of those that begin at one place, the longest comes first.
            found.sort(key=_PLACE)
        position = 0
        for match in found:
            if match.start >= position:
                yield match
                position = match.end

    def _spelled(
        self, pattern: re.Pattern[str], group: Sequence[int], text: str, folded: str
    ) -> Iterator[Match]:
        """Where one of `group`, texts of one folded form, stands as it is spelled."""
        position = 0
        while fit := pattern.search(folded, position):
            start, end = fit.span()
            position = start + 1
            if start and folded[start - 1].isalnum():
                continue
            for which in group:
                if self._certain[which] or self._is_spelled(which, text[start:end]):
                    yield Match(start, end, which)
                    position = end
                    break

    def _is_spelled(self, which: int, piece: str) -> bool:
        verdict = self._verdicts.get((which, piece))
        if verdict is None:
            if len(self._verdicts) > _MOST_VERDICTS:
                self._verdicts.clear()
            verdict = self._verdicts[which, piece] = _says(self.texts[which], piece)
        return verdict

    def search(self, text: str) -> bool:
        """Whether anything matches in `text` (NFC)."""
        return next(self.finditer(text), None) is not None


class Seeker:
    """Tells quickly whether long texts say one phrase: it looks closely only around the longest marked word."""

    def __init__(self, text: Text) -> None:
        self._matcher = Matcher({text: frozenset({0})})
        marked = [word for word in text.words[: len(text.words) - text.prefix] if not word.open]
        anchor = max(marked, key=lambda word: len(word.term), default=None)
        ways = (
            {way for term in anchor.spellings for way in _placements(term)} if anchor is not None else set()
        )
        self._anchor = re.compile("|".join(map(re.escape, sorted(ways)))) if ways else None
        self._words = len(text.words)

    def is_in(self, text: str) -> bool:
        """Whether `text` (NFC) says the phrase."""
        lowered = text.lower()
        if self._anchor is None or len(lowered) != len(text) or has_joiner(text):
            return self._matcher.search(text)
        # Words are seldom far apart; where the phrase is not found close by, it may still be.
        return any(self._is_near(text, lowered, reach * self._words) for reach in (_USUAL_GAP, _LONGEST_GAP))

    def _is_near(self, text: str, lowered: str, reach: int) -> bool:
        """Whether the phrase stands within `reach` characters of its longest marked word."""
        assert self._anchor is not None
        seen = 0
        for found in self._anchor.finditer(lowered):
            if found.end() + reach <= seen:
                continue
            # From space to space, so that no word at either end is cut into another one.
            start = max(0, text.rfind(" ", 0, max(0, found.start() - reach)))
            end = text.find(" ", found.end() + reach)
            seen = end if end >= 0 else len(text)
            if self._matcher.search(text[start:seen]):
                return True
        return False


@lru_cache(maxsize=4096)
def _placements(term: str) -> tuple[str, ...]:
    """Every way of writing a term whose tone may sit on another letter: `hòa` → `hòa`, `hoà`."""
    plain, tone, toned = strip_tone(term)
    ways = {term.replace("đ", "ð")} | {term}
    if toned == 1:
        ways |= {with_tone(plain, index, tone) for index, letter in enumerate(plain) if letter in VOWELS}
    return tuple(way for way in ways if terms(way) == [term])


def _folded(text: str) -> str:
    """`text` folded, each character in its place, with nothing but letters and digits for a regular `\\w`."""
    folded = fold(text)
    if len(folded) != len(text):
        folded = "".join(bare if len(bare := fold(letter)) == 1 else letter for letter in text)
    return folded.replace("_", " ")


@lru_cache(maxsize=64)
def matcher(query: Query, field: Field | None = None) -> Matcher:
    """A matcher for what `query` looks for: in any field, or in one (and in all alike)."""
    wanted = covered(query.root)
    return Matcher(
        {text: parts for text, parts in wanted.items() if field in (None, text.field) or text.field == "any"}
    )
