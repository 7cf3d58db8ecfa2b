"""Writes sentences from phrase patterns: `{slot}`, `{n:10-90}`, `[this|that]`, `[slot=this|that]`.

One pen writes one article: what a slot names first (the commune, the leader who speaks) stays the same to the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Final

from gvreader.demo import names

_CHOICE: Final = re.compile(r"\[([^\[\]]*)\]")
_SLOT: Final = re.compile(r"\{(\w+)(?::(\d+)-(\d+))?\}")
_QUARTERS: Final = ("quý I", "quý II", "quý III", "quý IV")
_LEADERS: Final = (
    "Bí thư Huyện ủy, Chủ tịch HĐND huyện",
    "Phó Bí thư Huyện ủy, Chủ tịch UBND huyện",
    "Phó Bí thư Thường trực Huyện ủy",
    "UVBTV Huyện ủy, Phó Chủ tịch HĐND huyện",
    "UVBTV Huyện ủy, Phó Chủ tịch UBND huyện",
    "Huyện ủy viên, Phó Chủ tịch UBND huyện",
)
_WHEN: Final = ("Sáng ngày", "Chiều ngày", "Ngày", "Sáng", "Vừa qua, ngày")
_NUMBER_KINDS: Final = {
    "soqd": "QĐ-UBND", "sokh": "KH-UBND", "socv": "UBND-VP", "soct": "CT-UBND", "sobc": "BC-UBND",
}  # fmt: skip


def person(random: Random, given: tuple[str, ...] = names.MEN) -> str:
    """An invented full name."""
    return f"{random.choice(names.SURNAMES)} {random.choice(given)}"


def _leader_of(role: str, year: int) -> str:
    """The same invented person holds one office for a whole term."""
    term = (year - 2016) // 5
    return person(Random(f"{role}:{term}"), names.MEN + names.WOMEN[:4])  # noqa: S311


class Pen:
    """Fills patterns for one article, published at `published`."""

    def __init__(self, random: Random, published: datetime) -> None:
        self.random = random
        self.published = published
        self.number: str | None = None
        self._said: dict[str, str] = {}
        self._event = published - timedelta(days=random.choice((0, 0, 1, 1, 2)))

    def say(self, slot: str, text: str) -> None:
        """Settle what a slot says in this article."""
        self._said[slot] = text

    def write(self, pattern: str) -> str:
        """The pattern with choices made and slots filled, in the new tone placement."""
        while "[" in pattern:
            pattern = _CHOICE.sub(self._choose, pattern)
        return _SLOT.sub(self._fill, pattern)

    def _choose(self, match: re.Match[str]) -> str:
        name, _, choices = match[1].rpartition("=")
        chosen: str = self.random.choice(choices.split("|"))
        if name:
            chosen = self._said[name] = self.write(chosen)
        return chosen

    def _fill(self, match: re.Match[str]) -> str:
        name, low, high = match.groups()
        if low is not None:
            return self._figure(name, int(low), int(high))
        if name in _FRESH:
            return _FRESH[name](self)
        if name not in self._said:
            self._said[name] = _SLOTS[name](self) if name in _SLOTS else self._document_number(name)
        return self._said[name]

    def _figure(self, name: str, low: int, high: int) -> str:
        value = self.random.randint(low, high)
        if name == "d":
            return f"{value},{self.random.randint(1, 9)}"
        return f"{value // 1000}.{value % 1000:03}" if value >= 10_000 else str(value)

    def _document_number(self, name: str) -> str:
        number = f"{self.random.randint(2, 2900)}/{_NUMBER_KINDS[name]}"
        self.number = number
        return number

    # ── slots ───────────────────────────────────────────────────────────────────────────────────

    def slot(self, name: str) -> str:
        """What the slot says in this article."""
        return self.write(f"{{{name}}}")

    def _commune(self) -> str:
        return "thị trấn Me" if self.random.random() < 0.06 else f"xã {self.random.choice(names.COMMUNES)}"

    def _leader(self) -> str:
        role = self.random.choice(_LEADERS)
        self._said["chuc_lanhdao"] = role
        self._said["ten_lanhdao"] = _leader_of(role, self.published.year)
        return f"đồng chí {self._said['ten_lanhdao']}, {role}"

    def _office(self) -> str:
        return f"{self.random.choice(names.OFFICES)}"

    def _day(self) -> str:
        event = self._event
        return f"{event.day:02}/{event.month}" if self.random.random() < 0.6 else f"{event.day}/{event.month}"

    def _deadline(self) -> str:
        due = self.published + timedelta(days=self.random.randint(10, 60))
        return f"{due.day:02}/{due.month:02}/{due.year}"

    def _hamlet_school(self) -> str:
        level = self.random.choice(("Mầm non", "Tiểu học", "THCS", "Tiểu học và THCS"))
        return f"Trường {level} {self.slot('tenxa')}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_SLOTS: Final[dict[str, Callable[[Pen], str]]] = {
    "huyen": lambda pen: "huyện Gia Viễn",
    "xa": lambda pen: pen._commune(),
    "xa_hoa": lambda pen: _capital(pen.slot("xa")),
    "tenxa": lambda pen: pen.slot("xa").removeprefix("xã ").removeprefix("thị trấn "),
    "thon": lambda pen: pen.random.choice(names.HAMLETS),
    "lanhdao": lambda pen: pen._leader(),
    "lanhdao2": lambda pen: "đồng chí " + person(pen.random) + ", Ủy viên UBND huyện",
    "ten_lanhdao": lambda pen: (pen.slot("lanhdao"), pen._said["ten_lanhdao"])[1],
    "chuc_lanhdao": lambda pen: (pen.slot("lanhdao"), pen._said["chuc_lanhdao"])[1],
    "lanhdao_ngan": lambda pen: f"Đồng chí {pen.slot('ten_lanhdao')}",
    "phong": lambda pen: pen._office(),
    "phong_thuong": lambda pen: pen.slot("phong"),
    "phong_nn": lambda pen: "Trung tâm Dịch vụ nông nghiệp huyện",
    "hoi": lambda pen: pen.random.choice(names.UNIONS),
    "hoi_hoa": lambda pen: _capital(pen.slot("hoi")),
    "truong": lambda pen: pen._hamlet_school(),
    "sukien": lambda pen: names.OCCASIONS[pen.published.month - 1],
    "buoi": lambda pen: f"{pen.random.choice(_WHEN)} {pen.slot('ngay')}",
    "ngay": lambda pen: pen._day(),
    "ngaydu": lambda pen: f"{pen._event.day:02}/{pen._event.month:02}/{pen._event.year}",
    "han": lambda pen: pen._deadline(),
    "thang": lambda pen: f"{pen.published.month:02}" if pen.published.month < 3 else str(pen.published.month),
    "nam": lambda pen: str(pen.published.year),
    "namtruoc": lambda pen: str(pen.published.year - 1),
    "namsau": lambda pen: str(pen.published.year + 1),
    "nam5": lambda pen: str(pen.published.year - pen.random.randint(3, 6)),
    "namcanchi": lambda pen: names.YEARS_OF_THE_ZODIAC[pen.published.year],
    "quy": lambda pen: _QUARTERS[(pen.published.month - 1) // 3],
    "quysau": lambda pen: _QUARTERS[(pen.published.month - 1) // 3 + 1] if pen.published.month < 10 else "quý I",
    "so_nay": lambda pen: pen.number or pen.slot("soqd"),
}  # fmt: skip
"""Slots that keep their first value through the article."""

_FRESH: Final[dict[str, Callable[[Pen], str]]] = {
    "nguoi": lambda pen: person(pen.random),
    "nguoinu": lambda pen: person(pen.random, names.WOMEN),
    "xaten": lambda pen: pen.random.choice(names.COMMUNES),
    "phong2": lambda pen: pen._office(),
    "vanban": lambda pen: (
        f"{pen.random.randint(4, 190)}/{pen.random.choice(('KH-UBND', 'QĐ-UBND', 'NQ-HĐND', 'TB-UBND'))}"
    ),
    "vbtinh": lambda pen: f"{pen.random.randint(10, 90)}/{pen.published.year - 1}/QĐ-UBND",
}
"""Slots that say something new each time."""


def in_spelling(text: str, random: Random, *, old_tones: float, variants: float) -> str:
    """`text` as another typist would have spelled it: a share of old tone placements, of i/y and abbreviations."""
    if old_tones:
        text = names.OPEN_RHYME.sub(
            lambda match: (
                names.OLD_TONES.get(match[0], match[0]) if random.random() < old_tones else match[0]
            ),
            text,
        )
    if variants and random.random() < variants:
        for usual, other in random.sample(names.OTHER_SPELLINGS, 3):
            text = text.replace(usual, other)
        usual, other = random.choice(names.ABBREVIATIONS)
        text = text.replace(f" {usual} ", f" {other} ", 1)
    return text
