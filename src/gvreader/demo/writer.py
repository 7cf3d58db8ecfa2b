"""Composes generated articles: story, paragraphs, and the furniture that editors add."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

from gvreader.demo import names
from gvreader.demo.article import (
    File,
    Picture,
    Piece,
    SignOff,
    paragraph,
)
from gvreader.demo.files import DOCX, PDF
from gvreader.demo.text_generator import Pen, in_spelling
from gvreader.model import Block, Span

PHRASES: Final = Path(__file__).parent / "topics.toml"
_HEADINGS: Final = ("Kết quả đạt được", "Một số khó khăn, hạn chế", "Nhiệm vụ, giải pháp trọng tâm")
_OCCASIONS: Final = (
    ("diễn tập", "buổi diễn tập"),
    ("lễ", "buổi lễ"),
    ("kiểm tra", "buổi kiểm tra"),
    ("làm việc", "buổi làm việc"),
    ("giải ", "lễ khai mạc"),
    ("đại hội", "Đại hội"),
    ("ra quân", "buổi ra quân"),
    ("tập huấn", "lớp tập huấn"),
    ("thăm", "buổi gặp mặt"),
    ("", "hội nghị"),
)
"""A word of the lead → what the event is called."""

Poison = Callable[[str, list[Block], Random], tuple[str, list[Block]]]
"""Sews something into the title and the blocks of a generated article."""


@cache
def _phrases() -> dict[str, Any]:
    return tomllib.loads(PHRASES.read_text(encoding="utf-8"))


@cache
def stories(month: int) -> tuple[tuple[dict[str, Any], dict[str, Any]], ...]:
    """Topics and their stories that may happen in a month, each topic as often as its weight says."""
    return tuple(
        (topic, story)
        for topic in _phrases()["topic"]
        for turn in range(topic["weight"] * 6)
        for story in [topic["stories"][turn % len(topic["stories"])]]
        if month in story.get("months", range(1, 13))
    )


class Writer:
    """Composes one article of a story."""

    def __init__(
        self,
        random: Random,
        topic: dict[str, Any],
        story: dict[str, Any],
        published: datetime,
        number: int,
        sections: tuple[str, ...],
    ) -> None:
        self.random = random
        self.topic = topic
        self.story = story
        self.published = published
        self.number = number
        self.sections = sections
        self.is_document = topic.get("kind") == "document"
        self.is_event = story["lead"].startswith("{buoi}") and not self.is_document
        self.pen = Pen(random, published)
        lead = story["lead"].lower()
        self.pen.say("cuoc", next(name for word, name in _OCCASIONS if word in lead))
        self.old_tones = random.choice((0.0, 0.0, 0.0, 0.5, 0.5, 1.0))
        self.variants = random.choice((0.0, 0.3, 0.6))
        self.pictures: list[Picture] = []
        self.files: list[File] = []

    def piece(self, poison: Poison | None = None) -> Piece:
        """The whole article; `poison` may change its title and blocks at last."""
        title = self._spelled(self.pen.write(self.story["title"]), variants=0.0)
        opening = self._spelled(self.pen.write(self.story["lead"]), variants=0.0)
        only_a_file = self.is_document and self.random.random() < 0.35
        if only_a_file:
            lead, blocks = None, [self._file_link(title)]
        else:
            lead = opening if self.random.random() < 0.7 else None
            blocks = self._body(None if lead else opening, title)
        blocks = self._in_order(blocks)
        if poison is not None:
            title, blocks = poison(title, blocks, self.random)
        return Piece(
            number=self.number,
            kind="document" if self.is_document else "article",
            title=title,
            lead=lead,
            published=self.published,
            sections=self.sections,
            blocks=tuple(blocks),
            pictures=tuple(self.pictures),
            files=tuple(self.files),
            sign_off=None if self.is_document or self.topic["name"] == "tuyen-dung" else self._sign_off(),
            document=self.pen.number if self.is_document else None,
        )

    # ── text ────────────────────────────────────────────────────────────────────────────────────

    def _spelled(self, text: str, *, variants: float | None = None) -> str:
        share = self.variants if variants is None else variants
        return in_spelling(text, self.random, old_tones=self.old_tones, variants=share)

    def _body(self, opening: str | None, title: str) -> list[Block]:
        paragraphs = [opening] if opening else []
        shared, random = _phrases()["shared"], self.random
        if self.is_event and random.random() < 0.6:
            paragraphs.append(self.pen.write(random.choice(shared["attendance"])))
        paragraphs.extend(self._told())
        if self.is_event:
            paragraphs.append(self.pen.write(random.choice(shared["speech"])))
        if not self.is_document and self.topic["name"] != "tuyen-dung" and random.random() < 0.6:
            paragraphs.append(self.pen.write(random.choice(shared["closing"])))
        blocks = [paragraph(self._spelled(text)) for text in paragraphs]
        self._add_extras(blocks)
        if self.is_document or random.random() < 0.08:
            blocks.append(self._file_link(title))
        return blocks

    def _told(self) -> list[str]:
        """The story's own sentences first, then the topic's, one to three a paragraph."""
        random = self.random
        own, common = self.story.get("body", []), self.topic["body"]
        some = random.sample(common, k=random.randint(min(2, len(common)), len(common)))
        sentences = [self.pen.write(pattern) for pattern in (*own, *some)]
        paragraphs = []
        while sentences:
            size = random.choice((1, 1, 2, 2, 3))
            paragraphs.append(" ".join(sentences[:size]))
            del sentences[:size]
        return paragraphs

    # ── furniture ───────────────────────────────────────────────────────────────────────────────

    def _add_extras(self, blocks: list[Block]) -> None:
        """Headings, list, table, marked words and pictures, in the places where editors put them."""
        random, shared = self.random, _phrases()["shared"]
        if len(blocks) > 4 and random.random() < 0.25:
            heading = Block(
                kind="heading",
                level=random.choice((2, 3, 3, 4)),
                spans=(Span(text=random.choice(_HEADINGS)),),
            )
            blocks.insert(random.randint(2, len(blocks) - 2), heading)
        if random.random() < 0.3:
            blocks.extend(self._list(random.choice(shared["lists"])))
        if "table" in self.topic and random.random() < 0.4:
            blocks.extend(self._table(self.topic["table"]))
        if random.random() < 0.12:
            blocks[0] = replace(blocks[0], spans=(replace(blocks[0].spans[0], strong=True),))
        if random.random() < 0.15:
            self._refer(blocks)
        if random.random() < 0.06:
            quoted = self.pen.write(random.choice(shared["quotes"]))
            blocks.insert(random.randint(1, len(blocks)), Block(kind="quote", spans=(Span(text=quoted),)))
        if not self.is_document and self.topic["name"] != "tuyen-dung":
            self._illustrate(
                blocks, self.topic.get("captions", []) + (shared["captions"] if self.is_event else [])
            )

    def _refer(self, blocks: list[Block]) -> None:
        """One paragraph more, whose document number is a link and whose name is in italics."""
        number = self.pen.write("{vbtinh}")
        spans = (
            Span(text="Nội dung chi tiết thực hiện theo "),
            Span(
                text=f"Quyết định số {number}",
                href=f"https://vanban.ninhbinh.example/{number.replace('/', '-')}",
            ),
            Span(text=" của "),
            Span(text="UBND tỉnh Ninh Bình", emphasis=True),
            Span(text="."),
        )
        blocks.append(Block(kind="paragraph", spans=spans))

    def _illustrate(self, blocks: list[Block], captions: list[str]) -> None:
        wanted = min(len(captions), self.random.choice((0, 1, 1, 1, 2, 3)))
        for caption in self.random.sample(captions, k=wanted):
            place = self.random.randint(1, max(1, min(len(blocks), 4)))
            if blocks[place - 1].kind == "paragraph":
                blocks.insert(place, self._figure(caption))

    def _in_order(self, blocks: list[Block]) -> list[Block]:
        """Pictures numbered as they stand in the text."""
        shown = [block.image for block in blocks if block.image is not None]
        names = [picture.name for picture in self.pictures]
        self.pictures = [
            replace(self.pictures[index], name=name) for index, name in zip(shown, names, strict=True)
        ]
        count = iter(range(len(shown)))
        return [block if block.image is None else replace(block, image=next(count)) for block in blocks]

    def _list(self, pattern: dict[str, Any]) -> list[Block]:
        """Items after a sentence that announces them, some with items of their own."""
        ordered = self.random.random() < 0.3
        written = [
            paragraph(self._spelled(self.pen.write(pattern["intro"]))),
            *(
                self._item(item, ordered=ordered)
                for item in self.random.sample(
                    pattern["items"], k=self.random.randint(3, len(pattern["items"]))
                )
            ),
        ]
        if self.random.random() < 0.2:
            below = ("Đối với các phòng, ban, ngành của huyện;", "Đối với UBND các xã, thị trấn.")
            written[2:2] = [self._item(item, ordered=ordered, level=1) for item in below]
        return written

    def _item(self, pattern: str, *, ordered: bool, level: int = 0) -> Block:
        text = self._spelled(self.pen.write(pattern))
        return Block(kind="item", ordered=ordered, level=level, spans=(Span(text=text),))

    def _table(self, pattern: dict[str, Any]) -> list[Block]:
        rows = tuple(tuple(self.pen.write(cell) for cell in row) for row in pattern["rows"])
        return [paragraph(self.pen.write(pattern["intro"])), Block(kind="table", rows=rows)]

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
        lines = ("ỦY BAN NHÂN DÂN HUYỆN GIA VIỄN", "Độc lập - Tự do - Hạnh phúc", title, *self._told())
        self.files.append(File(name=name, label=label, media_type=media_type, lines=lines))
        return paragraph(label, href=f"file:{index}")

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
        chosen = random.choice((*forms, None))
        if chosen is None:
            return None
        line, author, organisation = chosen
        return SignOff(line=line, author=author, organisation=organisation)
