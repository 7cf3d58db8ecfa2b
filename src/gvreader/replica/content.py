"""What the replica publishes: real texts and any number of generated articles, by seed and index.

Nothing here knows HTML. A `Corpus` is lazy: it holds a few bytes per article and writes an article when asked.
"""

from __future__ import annotations

import tomllib
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from random import Random
from typing import Any, Final
from zlib import crc32

from gvreader.model import PORTAL_TIME, ArticleKind, Block, Span
from gvreader.replica import names
from gvreader.replica.files import DOCX, PDF
from gvreader.replica.pen import Pen, in_spelling
from gvreader.replica.real import RealText, real_articles

FIRST_DAY: Final = datetime(2018, 1, 2, tzinfo=PORTAL_TIME)
LAST_DAY: Final = datetime(2025, 6, 30, tzinfo=PORTAL_TIME)
DATA: Final = Path(__file__).parent

SECTIONS: Final = {
    "tin-tuc": "Tin tức",
    "kinh-te": "Kinh tế",
    "van-hoa-xa-hoi": "Văn hóa - Xã hội",
    "an-ninh-quoc-phong": "An ninh - Quốc phòng",
    "xay-dung-dang-chinh-quyen": "Xây dựng Đảng - Chính quyền",
    "nong-thon-moi": "Nông thôn mới",
    "cai-cach-hanh-chinh-chuyen-doi-so": "Cải cách hành chính - Chuyển đổi số",
    "thong-bao": "Thông báo",
    "van-ban-chi-dao-dieu-hanh": "Văn bản chỉ đạo, điều hành",
}
"""Slug → title, in the order of the menu."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    name: str
    caption: str | None
    alt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that an article links to. `label` is the text of the link; `lines` its own text layer."""

    name: str
    label: str
    media_type: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """The line that closes the body, and what it says."""

    line: str
    author: str | None
    organisation: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article of the portal. A figure block's `image` indexes `pictures`; a span whose `href` is
    `file:N` links to `files[N]`."""

    number: int
    kind: ArticleKind = "article"
    title: str
    lead: str | None = None
    published: datetime | None
    sections: tuple[str, ...]
    blocks: tuple[Block, ...]
    pictures: tuple[Picture, ...] = ()
    files: tuple[File, ...] = ()
    sign_off: SignOff | None = None
    document: str | None = None
    revision: int = 1

    @property
    def slug(self) -> str:
        return names.slugify(self.title)[:150].rstrip("-")


class Corpus:
    """`count` articles, oldest first, the real ones among them; index them by place, or by record number.

    The same seed and count give the same articles. `extend` publishes later ones without changing the others.
    """

    def __init__(self, *, seed: int = 1, count: int = 120, hostile: bool = False) -> None:
        self.seed = seed
        self.hostile = hostile
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
        sections: list[str] = self._topic(place)["sections"]
        # One article in three is listed in its second section too.
        return tuple(sections[: 2 if self._chance(place, "second") % 3 == 0 else 1])

    # ── where things lie ────────────────────────────────────────────────────────────────────────

    def _chance(self, place: int, what: str) -> int:
        return crc32(f"{self.seed}:{place}:{what}".encode())

    def _topic(self, place: int) -> dict[str, Any]:
        wheel = _topics()
        return wheel[self._chance(place, "topic") % len(wheel)]

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
        return _Writer(random, self._topic(place), published, self.number(place), self.sections(place)).piece(
            hostile=self.hostile
        )

    def _date(self, place: int) -> datetime:
        if place >= self._original:
            added = place - self._original
            day = min(added // 4, 100)
            return LAST_DAY + timedelta(days=1 + day, hours=8 + added % 4 * 2, minutes=added % 60)
        return self._generated_date(place - sum(real < place for real in self._real_at))


@cache
def _phrases() -> dict[str, Any]:
    return tomllib.loads((DATA / "topics.toml").read_text(encoding="utf-8"))


@cache
def _topics() -> tuple[dict[str, Any], ...]:
    """Every topic, as often as its weight says."""
    return tuple(topic for topic in _phrases()["topic"] for _ in range(topic["weight"]))


def _from_real(real: RealText, number: int) -> Piece:
    pictures = tuple(
        Picture(name=f"anh-{number}-{index + 1}.png", caption=caption)
        for index, caption in enumerate(real.captions.values())
    )
    blocks: list[Block] = []
    for position, paragraph in enumerate(real.paragraphs):
        if position in real.captions:
            blocks.append(Block(kind="figure", image=list(real.captions).index(position)))
        else:
            blocks.append(_paragraph(paragraph))
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


def _paragraph(text: str, **style: Any) -> Block:
    return Block(kind="paragraph", spans=(Span(text=text, **style),))


class _Writer:
    """Composes one article of a topic."""

    def __init__(
        self,
        random: Random,
        topic: dict[str, Any],
        published: datetime,
        number: int,
        sections: tuple[str, ...],
    ) -> None:
        self.random = random
        self.topic = topic
        self.published = published
        self.number = number
        self.sections = sections
        self.pen = Pen(random, published)
        self.old_tones = random.choice((0.0, 0.0, 0.0, 0.5, 0.5, 1.0))
        self.variants = random.choice((0.0, 0.3, 0.6))
        self.pictures: list[Picture] = []
        self.files: list[File] = []

    def piece(self, *, hostile: bool) -> Piece:
        title = self._spelled(self._pick("titles"), variants=0.0)
        opening = self._spelled(self._pick("leads"), variants=0.0)
        only_a_file = self.topic.get("kind") == "document" and self.random.random() < 0.35
        if only_a_file:
            lead, blocks = None, [self._file_link(title)]
        else:
            lead = opening if self.random.random() < 0.7 else None
            blocks = self._body(None if lead else opening, title)
        if hostile:
            from gvreader.replica.hostile import poisoned

            title, blocks = poisoned(title, blocks, self.random)
        return Piece(
            number=self.number,
            kind=self.topic.get("kind", "article"),
            title=title,
            lead=lead,
            published=self.published,
            sections=self.sections,
            blocks=tuple(blocks),
            pictures=tuple(self.pictures),
            files=tuple(self.files),
            sign_off=None if only_a_file else self._sign_off(),
            document=self.pen.number if self.topic.get("kind") == "document" else None,
        )

    # ── parts ───────────────────────────────────────────────────────────────────────────────────

    def _pick(self, key: str) -> str:
        return self.pen.write(self.random.choice(self.topic[key]))

    def _spelled(self, text: str, *, variants: float | None = None) -> str:
        share = self.variants if variants is None else variants
        return in_spelling(text, self.random, old_tones=self.old_tones, variants=share)

    def _body(self, opening: str | None, title: str) -> list[Block]:
        shared, random = _phrases()["shared"], self.random
        sentences = [
            self.pen.write(pattern) for pattern in random.sample(self.topic["body"], k=self._how_many())
        ]
        paragraphs = [opening] if opening else []
        meeting = self.topic.get("kind") != "document" and self.topic["name"] != "tuyen-dung"
        if meeting and random.random() < 0.6:
            paragraphs.append(self.pen.write(random.choice(shared["attendance"])))
        while sentences:
            size = random.choice((1, 1, 2, 2, 3))
            paragraphs.append(" ".join(sentences[:size]))
            del sentences[:size]
        if meeting:
            paragraphs.append(self.pen.write(random.choice(shared["speech"])))
            if random.random() < 0.7:
                paragraphs.append(self.pen.write(random.choice(shared["closing"])))
        blocks = [_paragraph(self._spelled(paragraph)) for paragraph in paragraphs]
        self._add_extras(blocks, shared, meeting=meeting)
        if self.topic.get("kind") == "document" or random.random() < 0.08:
            blocks.append(self._file_link(title))
        return blocks

    def _how_many(self) -> int:
        available = len(self.topic["body"])
        return self.random.randint(min(3, available), available)

    def _add_extras(self, blocks: list[Block], shared: dict[str, Any], *, meeting: bool) -> None:
        """Headings, list, table and pictures, in the places where editors put them."""
        random = self.random
        if len(blocks) > 4 and random.random() < 0.25:
            heading = random.choice(
                ("Kết quả đạt được", "Một số khó khăn, hạn chế", "Nhiệm vụ, giải pháp trọng tâm")
            )
            blocks.insert(
                random.randint(2, len(blocks) - 2),
                Block(kind="heading", level=3, spans=(Span(text=heading),)),
            )
        if random.random() < 0.3:
            blocks.extend(self._list(random.choice(shared["lists"])))
        if "table" in self.topic and random.random() < 0.4:
            blocks.extend(self._table(self.topic["table"]))
        if random.random() < 0.12:
            blocks[0] = replace(blocks[0], spans=(replace(blocks[0].spans[0], strong=True),))
        if meeting:
            for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
                captions = self.topic.get("captions", []) + shared["captions"]
                place = random.randint(1, max(1, min(len(blocks), 4)))
                if place > 0 and blocks[place - 1].kind == "paragraph":
                    blocks.insert(place, self._figure(random.choice(captions)))

    def _list(self, pattern: dict[str, Any]) -> list[Block]:
        ordered = self.random.random() < 0.3
        items = self.random.sample(pattern["items"], k=self.random.randint(3, len(pattern["items"])))
        return [
            _paragraph(self._spelled(self.pen.write(pattern["intro"]))),
            *(
                Block(kind="item", ordered=ordered, spans=(Span(text=self._spelled(self.pen.write(item))),))
                for item in items
            ),
        ]

    def _table(self, pattern: dict[str, Any]) -> list[Block]:
        rows = tuple(tuple(self.pen.write(cell) for cell in row) for row in pattern["rows"])
        return [_paragraph(self.pen.write(pattern["intro"])), Block(kind="table", rows=rows)]

    def _figure(self, caption: str) -> Block:
        index = len(self.pictures)
        said = self._spelled(self.pen.write(caption)) if self.random.random() < 0.85 else None
        alt = self.random.choice((None, None, said, "anh tin bai"))
        self.pictures.append(Picture(name=f"anh-{self.number}-{index + 1}.png", caption=said, alt=alt))
        return Block(kind="figure", image=index)

    def _file_link(self, title: str) -> Block:
        """A paragraph that is a link to a file, named as people name files."""
        index = len(self.files)
        number = (self.pen.number or self.pen.write("{vanban}")).replace("/", "-")
        extension, media_type = self.random.choice((("pdf", PDF), ("pdf", PDF), ("docx", DOCX)))
        name = self.random.choice(
            (
                f"{number}.{extension}",
                f"Văn bản số {number} (1).{extension}",
                f"{number} gia vien.{extension}",
            )
        )
        label = self.random.choice((f"Văn bản số {number}", "Xem chi tiết tại đây", name))
        lines = ("ỦY BAN NHÂN DÂN HUYỆN GIA VIỄN", "Độc lập - Tự do - Hạnh phúc", title, self._pick("body"))
        self.files.append(File(name=name, label=label, media_type=media_type, lines=lines))
        return _paragraph(label, href=f"file:{index}")

    def _sign_off(self) -> SignOff | None:
        random = self.random
        reporter, publisher = random.choice(names.REPORTERS), random.choice(names.PUBLISHERS)
        source = random.choice(names.SOURCES)
        forms = (
            (f"{reporter} ({publisher})", reporter, publisher),
            (f"{reporter} ({publisher})", reporter, publisher),
            (reporter, reporter, None),
            (f"Tin, ảnh: {reporter}", reporter, None),
            (f"Bài, ảnh: {reporter} - {publisher}", reporter, publisher),
            (f"Nguồn: {source}", None, source),
            ("BBT", "BBT", None),
        )
        chosen = (
            random.choice((*forms, None)) if self.topic["name"] not in ("van-ban", "tuyen-dung") else None
        )
        if chosen is None:
            return None
        line, author, organisation = chosen
        return SignOff(line=line, author=author, organisation=organisation)
