"""The portal behind the pages: sections, menu, what is published, edited and deleted. Knows no HTML.

Changes may come from another thread than the one that serves; every change makes a new `version`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import Final

from gvreader.demo.article import SECTIONS, Piece
from gvreader.demo.content import Corpus
from gvreader.demo.real import introduction
from gvreader.model import Block, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the menu: a section, a static page, or a heading that leads nowhere."""

    title: str
    section: str | None = None
    page: str | None = None
    children: tuple[Entry, ...] = ()


def _section(slug: str, *children: Entry) -> Entry:
    return Entry(title=SECTIONS[slug], section=slug, children=children)


MENU: Final = (
    Entry(
        title="Giới thiệu",
        children=(
            Entry(title="Giới thiệu chung", page="gioi-thieu-chung"),
            Entry(title="Cơ cấu tổ chức", page="co-cau-to-chuc"),
            Entry(title="Chức năng, nhiệm vụ", page="chuc-nang-nhiem-vu"),
        ),
    ),
    _section(
        "tin-tuc",
        _section("kinh-te"),
        _section("van-hoa-xa-hoi"),
        _section("an-ninh-quoc-phong"),
        _section("xay-dung-dang-chinh-quyen"),
    ),
    _section("nong-thon-moi"),
    _section("cai-cach-hanh-chinh-chuyen-doi-so"),
    _section("thong-bao"),
    Entry(title="Văn bản", children=(_section("van-ban-chi-dao-dieu-hanh"),)),
    Entry(title="Liên hệ", page="lien-he"),
)


def _static(number: int, title: str, *paragraphs: str) -> Piece:
    blocks = tuple(Block(kind="paragraph", spans=(Span(text=paragraph),)) for paragraph in paragraphs)
    return Piece(number=number, kind="page", title=title, published=None, sections=(), blocks=blocks)


class Site:
    """A corpus as a portal serves it now. Lists are newest first."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.version = 1
        self.deleted: set[int] = set()
        self._edited: dict[int, Piece] = {}
        self._lock = Lock()
        self._places: dict[str, array[int]] = {slug: array("l") for slug in SECTIONS}
        self._all = array("l")
        self._list(range(len(corpus)))

    # ── what is there ───────────────────────────────────────────────────────────────────────────

    def piece(self, number: int) -> Piece | None:
        """The article with that record number as it reads now; None when there is none or it was deleted."""
        if number in self.deleted:
            return None
        if number in self._edited:
            return self._edited[number]
        place = self.corpus.place(number)
        return None if place is None else self.corpus[place]

    def pieces(self) -> Iterator[Piece]:
        """Every article served now, newest first."""
        return (self._at(place) for place in reversed(self._all))

    def count(self, section: str | None = None) -> int:
        return len(self._listed(section))

    def page(self, section: str | None, page: int, size: int) -> list[Piece]:
        """The articles of page `page` (from 1) of a section, or of all; empty past the end."""
        places = self._listed(section)
        last = len(places) - (page - 1) * size
        return [self._at(place) for place in reversed(places[max(0, last - size) : max(0, last)])]

    def pages(self, section: str | None, size: int) -> int:
        """How many pages a section has; at least one."""
        return max(1, -(-self.count(section) // size))

    def related(self, piece: Piece, count: int = 5) -> list[Piece]:
        """Older neighbours in the article's own section, else the newest ones."""
        if not piece.sections:
            return []
        places = self._listed(piece.sections[0])
        own = self.corpus.place(piece.number)
        older = _below(places, -1 if own is None else own, count)
        if not older:
            older = [place for place in reversed(places[-count - 1 :]) if place != own][:count]
        return [self._at(place) for place in older]

    @cached_property
    def static_pages(self) -> dict[str, Piece]:
        """Slug → page; their record numbers are counted apart from the articles'."""
        title, paragraphs = introduction()
        pages = (
            _static(3, title, *paragraphs),
            _static(
                4,
                "Cơ cấu tổ chức",
                "Huyện ủy, HĐND, UBND, Ủy ban MTTQ Việt Nam huyện và các phòng, ban, ngành, đoàn thể.",
                "Các đơn vị sự nghiệp: Trung tâm VHTT&TT, Trung tâm Y tế, Trung tâm Dịch vụ nông nghiệp.",
            ),
            _static(
                5,
                "Chức năng, nhiệm vụ",
                "UBND huyện là cơ quan hành chính nhà nước ở địa phương, chịu trách nhiệm trước HĐND cùng cấp.",
                "UBND huyện quản lý đất đai, xây dựng, giao thông, nông nghiệp, giáo dục, y tế trên địa bàn.",
            ),
            _static(
                6,
                "Liên hệ",
                "Ủy ban nhân dân huyện Gia Viễn, thị trấn Me, huyện Gia Viễn, tỉnh Ninh Bình.",
                "Điện thoại: 0229.3868.000 - Thư điện tử: giavien@ninhbinh.example",
            ),
        )
        return {page.slug: page for page in pages}

    # ── what happens to it ──────────────────────────────────────────────────────────────────────

    def edit(self, number: int, *, title: str | None = None, append: str | None = None) -> Piece:
        """Publish another revision: a new title, a further paragraph, or by default a correction at the end."""
        with self._lock:
            piece = self.piece(number)
            if piece is None:
                raise KeyError(number)
            if title is None and append is None:
                append = f"Tin đã được cập nhật, bổ sung lần {piece.revision}."
            added = (Block(kind="paragraph", spans=(Span(text=append),)),) if append else ()
            edited = replace(
                piece, title=title or piece.title, blocks=(*piece.blocks, *added), revision=piece.revision + 1
            )
            self._edited[number] = edited
            self.version += 1
            return edited

    def delete(self, number: int) -> None:
        """The article answers 404 from now on and leaves every list."""
        with self._lock:
            if self.piece(number) is None:
                raise KeyError(number)
            self.deleted.add(number)
            self._relist()

    def restore(self, number: int) -> None:
        """Serve a deleted article again."""
        with self._lock:
            self.deleted.remove(number)
            self._relist()

    def publish(self, count: int = 1) -> list[Piece]:
        """Add newer articles, so that every page of their sections shifts; oldest of them first."""
        with self._lock:
            places = self.corpus.extend(count)
            self._list(places)
            self.version += 1
        return [self._at(place) for place in places]

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _at(self, place: int) -> Piece:
        piece = self.corpus[place]
        return self._edited.get(piece.number, piece)

    def _listed(self, section: str | None) -> array[int]:
        return self._all if section is None else self._places[section]

    def _list(self, places: range) -> None:
        for place in places:
            self._all.append(place)
            for section in self.corpus.sections(place):
                self._places[section].append(place)

    def _relist(self) -> None:
        gone = {self.corpus.place(number) for number in self.deleted}
        served = [place for place in range(len(self.corpus)) if place not in gone]
        fresh: dict[str, array[int]] = {slug: array("l") for slug in SECTIONS}
        for place in served:
            for section in self.corpus.sections(place):
                fresh[section].append(place)
        self._places, self._all = fresh, array("l", served)
        self.version += 1


def _below(places: array[int], own: int, count: int) -> list[int]:
    """Up to `count` places just below `own`, nearest first."""
    index = bisect_left(places, own)
    return list(reversed(places[max(0, index - count) : index]))
