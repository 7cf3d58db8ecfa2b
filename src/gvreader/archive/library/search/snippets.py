"""The piece of an article that shows best why it matched, with the matches marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import islice, takewhile
from operator import or_
from typing import Final, Literal

from gvreader.patterns import pattern
from gvreader.query.matching import Match, Matcher

MATCH_START: Final = "\ue000"
MATCH_END: Final = "\ue001"
WIDTH: Final = 240
"""The most characters of text in a snippet, marks and ellipses not counted."""

Where = Literal["title", "summary", "text", "attachment"]

_FIRST_CHUNK: Final = 1000  # characters; each of the following is twice as long, up to the largest
_LARGEST_CHUNK: Final = 16_000
_FARTHEST: Final = 200_000  # characters of a text that are looked at
_MOST_MATCHES: Final = 200
_LEAD: Final = 70  # characters before the first match that may be shown
_SENTENCE_END: Final = pattern(r"[.!?…:;]['\"”’)\]]*\s+|\n+")
_BEFORE_SENTENCE: Final = pattern(r"[.!?…:;]['\"”’)\]]*\s*\Z|\n\s*\Z")
_WHOLE_SENTENCE: Final = pattern(r"[.!?…]['\"”’)\]]*\Z")
_SOMETHING: Final = pattern(r"\S")
_SPACE: Final = pattern(r"\s+")
_RESERVED: Final = pattern(f"[{MATCH_START}{MATCH_END}]")


def highlighted(text: str, matcher: Matcher) -> str | None:
    """All of a short text on one line with its matches marked; None when there are none."""
    clean = _RESERVED.sub(" ", text)
    matches = tuple(matcher.finditer(clean))
    return _marked(clean, 0, len(clean), matches) if matches else None


def best_snippet(text: str, matcher: Matcher) -> tuple[str, int] | None:
    """The best piece of `text` and how many parts of the query it covers; None without a match.

    Looks no further once a piece covers them all.
    """
    clean = _RESERVED.sub(" ", text) if MATCH_START in text or MATCH_END in text else text
    matches = _matches(clean, matcher)
    seen: list[Match] = []
    first = most = 0
    best: tuple[int, int] | None = None
    for match in islice(matches, _MOST_MATCHES):
        seen.append(match)
        while seen[first].start < match.start and match.end - seen[first].start > WIDTH:
            first += 1
        covered = reduce(or_, (matcher.covers[each.which] for each in seen[first:])).bit_count()
        if covered > most:
            best, most = (seen[first].start, match.end), covered
        if most >= matcher.parts:
            break
    if best is None:
        return None
    start, end = _bounds(clean, *best)
    seen += takewhile(lambda match: match.end <= end, matches)
    inside = [match for match in seen if match.start >= start and match.end <= end]
    return _marked(clean, start, end, inside), most


def opening(text: str) -> str:
    """How `text` begins, in the length of a snippet."""
    clean = _RESERVED.sub(" ", text[: 2 * WIDTH]).lstrip()
    _, end = _bounds(clean, 0, 0)
    return _marked(clean, 0, end, ())


def _matches(text: str, matcher: Matcher) -> Iterator[Match]:
    """Matches from the beginning on, without reading more of a long text than the caller asks for."""
    start, size = 0, _FIRST_CHUNK
    while start < min(len(text), _FARTHEST):
        end = _chunk_end(text, start, size)
        for match in matcher.finditer(text[start:end]):
            yield Match(start + match.start, start + match.end, match.which)
        start, size = end, min(2 * size, _LARGEST_CHUNK)


def _chunk_end(text: str, start: int, size: int) -> int:
    """Where a chunk ends: at a line's end if there is one, else at a space, so that few phrases are cut."""
    end = start + size
    if end >= len(text):
        return len(text)
    for separator in ("\n", ". ", " "):
        cut = text.rfind(separator, start + size // 2, end)
        if cut > 0:
            return cut + 1
    return end


def _bounds(text: str, first: int, last: int) -> tuple[int, int]:
    """From where to where to show: around text[first:last], at the bounds of sentences or at least of words."""
    start = _start(text, first)
    limit = start + max(WIDTH, last - start)
    if limit >= len(text):
        return start, len(text)
    ends = [match.start() + 1 for match in _SENTENCE_END.finditer(text, last, limit + 1)]
    if ends and ends[-1] - start >= WIDTH // 2:
        return start, ends[-1]
    end = text.rfind(" ", last, limit + 1)
    newline = text.rfind("\n", last, limit + 1)
    end = max(end, newline)
    return start, end if end > last else max(last, limit)


def _start(text: str, first: int) -> int:
    earliest = max(0, first - _LEAD)
    if earliest == 0:
        return 0
    sentences = [match.end() for match in _SENTENCE_END.finditer(text, earliest, first)]
    if sentences:
        return sentences[-1]
    space = _SPACE.search(text, earliest, first)
    return space.end() if space is not None else first


def _marked(text: str, start: int, end: int, matches: Sequence[Match]) -> str:
    """text[start:end] on one line, its matches marked, with an ellipsis where a sentence was cut."""
    pieces: list[str] = []
    position = start
    for match in matches:
        pieces += (text[position : match.start], MATCH_START, text[match.start : match.end], MATCH_END)
        position = match.end
    pieces.append(text[position:end])
    line = " ".join("".join(pieces).split())
    before = start > 0 and not _BEFORE_SENTENCE.search(text, max(0, start - 8), start)
    after = not _WHOLE_SENTENCE.search(line) and _SOMETHING.search(text, end) is not None
    return f"{'… ' if before else ''}{line}{' …' if after else ''}"
