"""One article as the replica publishes it, before any HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gvreader.demo import names
from gvreader.model import ArticleKind, Block, Span

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


def paragraph(text: str, *, href: str | None = None) -> Block:
    """A paragraph of one span."""
    return Block(kind="paragraph", spans=(Span(text=text, href=href),))
