"""Tân Dân on SharePoint: dated folders, addresses that end in a hash, an empty container before the body."""

from __future__ import annotations

import re
from html import escape
from typing import ClassVar, Final

from gvreader.demo.article import SECTIONS, Piece
from gvreader.demo.exchange import Ask
from gvreader.demo.family import Family
from gvreader.demo.markup import BodyStyle, spelled
from gvreader.demo.printing import clock, near, views
from gvreader.demo.targets import (
    ArticlePage,
    AttachedFile,
    Home,
    PictureFile,
    SectionPage,
    Shelf,
    StaticPage,
    Target,
)

_FACTOR: Final = 2654435761
_MODULUS: Final = 2**32
_INVERSE: Final = pow(_FACTOR, -1, _MODULUS)
_FILE: Final = re.compile(r"/portal/(?:Photos|VanBan)/(\d+)/([^/]+)")
_ARTICLE: Final = re.compile(r"/portal/Pages/[\d-]+/.*?([0-9a-f]{8})\.aspx", re.IGNORECASE)
_SECTION: Final = re.compile(r"/portal/Pages/([\w-]+)\.aspx")
_STATIC: Final = re.compile(r"/portal/Pages/gt-([\w-]+)\.aspx")


class TanDan(Family):
    """`?PageIndex=N`; half of the listings use the article's own title class."""

    name: ClassVar[str] = "tandan"
    page_size: ClassVar[int] = 10
    prints_lead: bool = True
    site_title: ClassVar[str] = "Trang thông tin điện tử huyện Gia Viễn"
    styles: tuple[BodyStyle, ...] = (
        BodyStyle(spelling="entities", caption="plain"),
        BodyStyle(spelling="decomposed"),
        BodyStyle(paragraph="div", figure="table"),
    )

    def route(self, ask: Ask) -> Target | None:
        path, page = ask.path, ask.query.get("PageIndex", "1")
        if path in ("/", "/portal/Pages/default.aspx"):
            return Home()
        if found := _FILE.fullmatch(path):
            number, name = int(found[1]), found[2]
            return (
                PictureFile(number=number, name=name)
                if name.endswith(".png")
                else AttachedFile(number=number, name=name)
            )
        if found := _STATIC.fullmatch(path):
            return StaticPage(slug=found[1])
        if found := _ARTICLE.fullmatch(path):
            return ArticlePage(number=int(found[1], 16) * _INVERSE % _MODULUS)
        found = _SECTION.fullmatch(path)
        return (
            SectionPage(section=found[1], page=int(page))
            if found and found[1] in SECTIONS and page.isdigit()
            else None
        )

    def article_path(self, piece: Piece, section: str | None = None) -> str:
        day = piece.published
        folder = f"{day.year}-{day.month}-{day.day}" if day else "0"
        slug = "-".join(word.capitalize() for word in piece.slug.split("-")[:9])
        return f"/portal/Pages/{folder}/{slug}{piece.number * _FACTOR % _MODULUS:08x}.aspx"

    def section_path(self, section: str, page: int = 1) -> str:
        return f"/portal/Pages/{section}.aspx" + (f"?PageIndex={page}" if page > 1 else "")

    def static_path(self, page: Piece) -> str:
        return f"/portal/Pages/gt-{page.slug}.aspx"

    def picture_path(self, number: int, name: str) -> str:
        return f"/portal/Photos/{number}/{name}"

    def file_path(self, number: int, name: str) -> str:
        return f"/portal/VanBan/{number}/{name}"

    def identity(self, piece: Piece) -> str | None:
        return None if piece.kind == "page" else f"{piece.number * _FACTOR % _MODULUS:08x}"

    # ── pages ───────────────────────────────────────────────────────────────────────────────────

    def frame(self, ask: Ask, main: str) -> str:
        return f"""<!DOCTYPE html>
<html dir="ltr" lang="vi-vn">
<head><meta name="GENERATOR" content="Microsoft SharePoint" /><meta charset="utf-8" />
<title>
	{self.site_title}
</title></head>
<body>
<div id="s4-workspace"><div class="tandan-header">{clock(ask.now)}</div>
<div class="tandan-menu">{self.menu(tag_class="root static", nowhere="#")}</div>
<div class="tandan-main">
{main}
</div>
<div class="tandan-right"><div class="tandan-box-title">Tin mới</div>{self._newest()}</div>
<div class="tandan-footer">Bản quyền thuộc UBND huyện Gia Viễn. Số lượt truy cập: {660_100 + ask.hits}</div>
</div></body></html>
"""

    def _newest(self) -> str:
        return "".join(
            f'<div class="channel-new"><a href="{self.article_path(piece)}">{escape(piece.title)}</a> '
            f"({piece.published:%d/%m/%Y})</div>"
            for piece in self.site.page(None, 1, 4)
        )

    def home(self, ask: Ask) -> str:
        boxes = "".join(
            f'<div class="channel"><div class="channel-title"><a href="{self.section_path(slug)}">'
            f"{escape(title)}</a></div>"
            f"{''.join(self._row(piece, 'channel-news-title') for piece in self.site.page(slug, 1, 4))}</div>"
            for slug, title in SECTIONS.items()
        )
        return self.frame(ask, boxes)

    def _row(self, piece: Piece, title_class: str) -> str:
        href = self.article_path(piece)
        image = ""
        if piece.pictures:
            image = f'<img src="{self.picture_path(piece.number, piece.pictures[0].name)}" width="150" />'
        return (
            f'<div class="channel-news">{image}<p class="{title_class}"><a href="{href}">{spelled(piece.title)}</a></p>'
            f'<span class="tandan-span-date-publish">Đăng ngày {piece.published:%d/%m/%Y}</span>'
            f'<p class="tandan-p-article-news-summary">{spelled(self.teaser(piece), "entities")}</p></div>\n'
        )

    def section(self, shelf: Shelf, ask: Ask) -> str:
        second = list(SECTIONS).index(shelf.section.slug) % 2
        kind = "tandan-p-article-news-title" if second else "channel-news-title"
        rows = "".join(self._row(piece, kind) for piece in shelf.pieces)
        pages = " ".join(
            f'<span class="current">{page}</span>'
            if page == shelf.page
            else f'<a href="{self.section_path(shelf.section.slug, page)}">{page}</a>'
            for page in near(shelf, 3)
        )
        return self.frame(
            ask,
            f'<div class="tandan-location"><a href="/">Trang chủ</a> &gt; {escape(shelf.section.title)}</div>'
            f'<div class="tandan-channel-name">{escape(shelf.section.title)}</div>'
            f'{rows}<div class="tandan-pager">{pages}</div>',
        )

    def article(self, piece: Piece, ask: Ask) -> str:
        writer = self.body_writer(piece)
        named = self.breadcrumb(piece)
        where = f'<a href="{named[1]}">{escape(named[0])}</a>' if named else "Giới thiệu"
        date = ""
        if piece.published:
            date = f'<span class="tandan-span-date-publish">Đăng ngày {piece.published:%d/%m/%Y}</span>'
        lead = (
            f'<p class="tandan-p-article-news-summary">{spelled(piece.lead, "entities")}</p>'
            if piece.lead
            else ""
        )
        signed = (
            writer.paragraph(f"<em>{escape(piece.sign_off.line)}</em>", align="right")
            if piece.sign_off
            else ""
        )
        return self.frame(
            ask,
            f"""<div class="tandan-location"><a href="/">Trang chủ</a> &gt; {where}</div>
<div class="tandan-div-article">
<p class="tandan-p-article-news-title">{spelled(piece.title)}</p>
{date} <span class="tandan-span-view">Đã xem: {views(piece, ask.hits)}</span>
{lead}
<p class="tandan-p-article-main">&nbsp;</p>
<div id="ctl00_PlaceHolderMain_ctl03__ControlWrapper_RichHtmlField" class="ms-rtestate-field">
{writer.html(self.printed_blocks(piece))}
{signed}
</div>
<div class="tandan-div-share"><a href="#" onclick="shareFb('{self.newest_title()}')">Chia sẻ</a></div>
</div>
{self._related(piece)}""",
        )

    def _related(self, piece: Piece) -> str:
        items = "".join(
            f'<li><a href="{self.article_path(other)}">{escape(other.title)}</a> ({other.published:%d/%m/%Y})</li>'
            for other in self.site.related(piece)
        )
        return (
            f'<div class="tandan-div-article-other"><p>Tin cùng chuyên mục</p><ul>{items}</ul></div>'
            if items
            else ""
        )
