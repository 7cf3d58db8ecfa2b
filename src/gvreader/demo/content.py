"""What the replica publishes: real texts and any number of generated articles, by seed and index.

Nothing here knows HTML. A `Corpus` is lazy: it holds a few bytes per article and writes an article when asked.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any, Final
from zlib import crc32

from gvreader.demo.article import Picture, Piece, SignOff, paragraph
from gvreader.demo.real import RealText, real_articles
from gvreader.demo.writer import Poison, Writer, stories
from gvreader.model import PORTAL_TIME, Block

FIRST_DAY: Final = datetime(2018, 1, 2, tzinfo=PORTAL_TIME)
LAST_DAY: Final = datetime(2025, 6, 30, tzinfo=PORTAL_TIME)


class Corpus:
    """`count` articles, oldest first, the real ones among them; index them by place, or by record number.

    The same seed and count give the same articles. `extend` publishes later ones without changing the others.
    """

    def __init__(self, *, seed: int = 1, count: int = 120, poison: Poison | None = None) -> None:
        self.seed = seed
        self._poison = poison
        self._real = real_articles()[:count]
        self._generated = count - len(self._real)
        self._original = count
        self._added = 0
        self._real_at = self._places_of_the_real()
        self._anchor = next((place for place, real in self._real_at.items() if real.number == 882), None)
        self._numbers = array("l", self._record_numbers())
        self._write = lru_cache(maxsize=1024)(self._write_piece)

    def __len__(self) -> int:
        return self._original + self._added

    def __getitem__(self, place: int) -> Piece:
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._write(place)

    def __iter__(self) -> Iterator[Piece]:
        return (self[place] for place in range(len(self)))

    def extend(self, count: int) -> range:
        """Publish `count` more articles, each later than all before; returns their places."""
        first = len(self)
        for _ in range(count):
            self._numbers.append(max(self._numbers[-1] if self._numbers else 0, 882) + 1)
        self._added += count
        return range(first, len(self))

    def number(self, place: int) -> int:
        """The record number of the article at a place."""
        return 882 if place == self._anchor else self._numbers[place]

    def place(self, number: int) -> int | None:
        """The place of a record number, if there is such an article."""
        if number == 882 and self._anchor is not None:
            return self._anchor
        place = bisect_left(self._numbers, number)
        return place if place < len(self) and self.number(place) == number else None

    def sections(self, place: int) -> tuple[str, ...]:
        """Slugs of the sections that list the article, its own first; cheap."""
        real = self._real_at.get(place)
        if real is not None:
            return real.sections
        sections: list[str] = self._story(place)[0]["sections"]
        # One article in three is listed in its second section too.
        return tuple(sections[: 2 if self._chance(place, "second") % 3 == 0 else 1])

    # ── where things lie ────────────────────────────────────────────────────────────────────────

    def _chance(self, place: int, what: str) -> int:
        return crc32(f"{self.seed}:{place}:{what}".encode())

    def _story(self, place: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """The topic and the story of a generated article, one that fits its month."""
        wheel = stories(self._date(place).month)
        return wheel[self._chance(place, "story") % len(wheel)]

    def _generated_date(self, index: int) -> datetime:
        days = (LAST_DAY - FIRST_DAY).days
        spread = (index + (self._chance(index, "day") % 900) / 1000) * days / max(1, self._generated)
        office_hours = timedelta(minutes=int(450 + (spread % 1) * 540))
        return FIRST_DAY + timedelta(days=int(spread)) + office_hours

    def _places_of_the_real(self) -> dict[int, RealText]:
        dates = range(self._generated)
        by_date = sorted(self._real, key=lambda real: real.published)
        return {
            bisect_left(dates, real.published, key=self._generated_date) + earlier: real
            for earlier, real in enumerate(by_date)
        }

    def _record_numbers(self) -> Iterator[int]:
        """Numbers grow with the date and leave gaps; in a small portal the real article falls on its own, 882."""
        before = 0 if self._anchor is None else self._anchor + self._anchor // 9
        first = 882 - before if before < 860 else 1001
        return (first + place + place // 9 for place in range(self._original))

    # ── writing ─────────────────────────────────────────────────────────────────────────────────

    def _write_piece(self, place: int) -> Piece:
        real = self._real_at.get(place)
        if real is not None:
            return _from_real(real, self.number(place))
        published = self._date(place)
        random = Random(f"{self.seed}:{place}")  # noqa: S311
        topic, story = self._story(place)
        writer = Writer(random, topic, story, published, self.number(place), self.sections(place))
        return writer.piece(self._poison)

    def _date(self, place: int) -> datetime:
        if place >= self._original:
            added = place - self._original
            day = min(added // 4, 100)
            return LAST_DAY + timedelta(days=1 + day, hours=8 + added % 4 * 2, minutes=added % 60)
        return self._generated_date(place - sum(real < place for real in self._real_at))


def _from_real(real: RealText, number: int) -> Piece:
    pictures = tuple(
        Picture(name=f"anh-{number}-{index + 1}.png", caption=caption)
        for index, caption in enumerate(real.captions.values())
    )
    blocks: list[Block] = []
    for position, text in enumerate(real.paragraphs):
        if position in real.captions:
            blocks.append(Block(kind="figure", image=list(real.captions).index(position)))
        else:
            blocks.append(paragraph(text))
    return Piece(
        number=number,
        title=real.title,
        published=real.published,
        sections=real.sections,
        blocks=tuple(blocks),
        pictures=pictures,
        sign_off=SignOff(line=real.sign_off, author=real.author, organisation=real.organisation)
        if real.sign_off
        else None,
    )
