"""Where a request to a portal leads."""

from __future__ import annotations

from dataclasses import dataclass

from gvreader.demo.article import Piece
from gvreader.demo.exchange import PortalReply
from gvreader.model import SectionRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPage:
    section: str
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticPage:
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFile:
    number: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    number: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """An answer that is ready, such as a redirect or a fragment."""

    answer: PortalReply


Target = Home | SectionPage | ArticlePage | StaticPage | PictureFile | AttachedFile | FeedPage | Fixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One page of a section, ready to be written."""

    section: SectionRef
    pieces: list[Piece]
    page: int
    pages: int
