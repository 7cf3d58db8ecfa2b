"""The real texts of the portals, read from `texts/`: what their pages printed, without invention.

Excerpts are ended at the last whole sentence; `[...]` inside one becomes an ellipsis.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from gvreader.model import PORTAL_TIME

TEXTS: Final = Path(__file__).parent / "texts"
_SITE_HEADING: Final = re.compile(
    r"^(URL: .*|\(visible text.*|Trang thông tin điện tử huyện gia viễn|CHÀO MỪNG ĐẾN .*)$"
)
_DATE_LINE: Final = re.compile(r"^(?:Thứ \w+|Chủ nhật), \d\d/\d\d/\d{4}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class RealText:
    """One real page. `captions`: position in `paragraphs` → the caption that stands there, below its picture."""

    number: int | None
    title: str
    published: datetime
    sections: tuple[str, ...]
    paragraphs: tuple[str, ...]
    captions: dict[int, str] = field(default_factory=dict)
    sign_off: str | None = None
    author: str | None = None
    organisation: str | None = None


def _lines(name: str) -> list[str]:
    """Title first, then the paragraphs; headings of the site and the date line left out."""
    text = (TEXTS / name).read_text(encoding="utf-8")
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return [
        _ended(line)
        for line in lines
        if line and not _SITE_HEADING.match(line) and not _DATE_LINE.match(line)
    ]


def _ended(line: str) -> str:
    if line.endswith("[cut]"):
        line = re.sub(r"[.;][^.;]*\[cut\]$", ".", line)
    line = re.sub(r"(?<=[.;])\s*\[\.\.\.\]", "", line)
    return re.sub(r"\s*\[\.\.\.\]", "…", line)


def _on(day: int, month: int, year: int) -> datetime:
    return datetime(year, month, day, 8, 0, tzinfo=PORTAL_TIME)


@cache
def real_articles() -> tuple[RealText, ...]:
    """The seed article first, then the excerpts. Kim Sơn's page prints no date we know: the day after the event."""
    seed = _lines("hoi-nghi-kiem-diem-2022.txt")
    culture = _lines("giavien-882.txt")
    resolution = _lines("kimson-6018.txt")
    return (
        RealText(
            number=None,
            title=seed[0],
            published=_on(7, 2, 2023),
            sections=("tin-tuc",),
            paragraphs=tuple(seed[1:-2]),
            sign_off=seed[-2],
            author="Hồng Hạ",
            organisation="Trung tâm VHTT&TT",
        ),
        RealText(
            number=882,
            title=culture[0],
            published=_on(9, 12, 2020),
            sections=("van-hoa-xa-hoi", "tin-tuc"),
            paragraphs=tuple(culture[1:]),
            captions={1: culture[2]},
        ),
        RealText(
            number=None,
            title=resolution[0],
            published=_on(11, 12, 2024),
            sections=("tin-tuc",),
            paragraphs=tuple(resolution[1:]),
            captions={1: resolution[2]},
        ),
    )


@cache
def introduction() -> tuple[str, tuple[str, ...]]:
    """Title and paragraphs of the real page `Giới thiệu chung`."""
    title, *paragraphs = _lines("giavien-gioi-thieu-chung-3.txt")
    return title, tuple(paragraphs)
