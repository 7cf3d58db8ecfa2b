"""Liferay: portlets, `/web/guest/…`, the time before the date, `delta` and `cur` in the pager."""

from __future__ import annotations

import re
from html import escape
from typing import ClassVar, Final

from gvreader.demo.article import SECTIONS, Piece
from gvreader.demo.exchange import Ask
from gvreader.demo.family import Family
from gvreader.demo.markup import BodyStyle, spelled
from gvreader.demo.printing import long_date, near, views
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

_PORTLET: Final = "com_liferay_asset_publisher_web_portlet_AssetPublisherPortlet_INSTANCE_gv12"
_FILE: Final = re.compile(r"/documents/20182/(\d+)/([^/]+)")
_ARTICLE: Final = re.compile(r"/web/guest/[\w-]+/-/view_content/content/(\d+)/[\w-]*")
_PAGE: Final = re.compile(r"/web/guest/([\w-]+)")


class Liferay(Family):
    """Asset publisher lists and a view of one content."""

    name: ClassVar[str] = "liferay"
    page_size: ClassVar[int] = 8
    prints_time: bool = True
    prints_lead: bool = True
    site_title: ClassVar[str] = "Cổng thông tin điện tử huyện Gia Viễn"
    styles: tuple[BodyStyle, ...] = (
        BodyStyle(figure="figure"),
        BodyStyle(paragraph="word", caption="plain"),
        BodyStyle(paragraph="div", figure="table"),
    )

    def route(self, ask: Ask) -> Target | None:
        path, page = ask.path, ask.query.get(f"_{_PORTLET}_cur", "1")
        if path in ("/", "/web/guest", "/web/guest/home"):
            return Home()
        if found := _FILE.fullmatch(path):
            number, name = int(found[1]), found[2]
            return (
                PictureFile(number=number, name=name)
                if name.endswith(".png")
                else AttachedFile(number=number, name=name)
            )
        if found := _ARTICLE.fullmatch(path):
            return ArticlePage(number=int(found[1]))
        found = _PAGE.fullmatch(path)
        if found and found[1] in SECTIONS and page.isdigit():
            return SectionPage(section=found[1], page=int(page))
        return StaticPage(slug=found[1]) if found else None

    def article_path(self, piece: Piece, section: str | None = None) -> str:
        folder = section or (piece.sections[0] if piece.sections else "tin-tuc")
        return f"/web/guest/{folder}/-/view_content/content/{piece.number}/{piece.slug}"

    def section_path(self, section: str, page: int = 1) -> str:
        if page == 1:
            return f"/web/guest/{section}"
        return (
            f"/web/guest/{section}?p_p_id={_PORTLET}&p_p_lifecycle=0&p_p_state=normal"
            f"&_{_PORTLET}_delta={self.page_size}&_{_PORTLET}_cur={page}"
        )

    def static_path(self, page: Piece) -> str:
        return f"/web/guest/{page.slug}"

    def picture_path(self, number: int, name: str) -> str:
        return f"/documents/20182/{number}/{name}"

    def file_path(self, number: int, name: str) -> str:
        return f"/documents/20182/{number}/{name}"

    def identity(self, piece: Piece) -> str | None:
        return None if piece.kind == "page" else str(piece.number)

    # ── pages ───────────────────────────────────────────────────────────────────────────────────

    def frame(self, ask: Ask, title: str, main: str) -> str:
        return f"""<!DOCTYPE html>
<html class="ltr" dir="ltr" lang="vi-VN">
<head><title>{escape(title)} - {self.site_title}</title><meta content="text/html; charset=UTF-8"
http-equiv="content-type" />
<script type="text/javascript">
var Liferay = {{ThemeDisplay: {{getPlid: function() {{ return "{ask.hits}"; }}}}}};</script>
</head>
<body class="controls-visible signed-out public-page site">
<header id="banner" role="banner"><h1 class="site-title"><a class="logo"
href="/web/guest/home">{self.site_title}</a></h1>
<span class="date-now">{long_date(ask.now)}</span></header>
<nav id="navigation" role="navigation">{self.menu(tag_class="nav-menu", nowhere="javascript:;")}</nav>
<div id="content"><div class="portlet-layout row-fluid"><div class="portlet-column span8" id="column-1">
<div class="portlet-boundary portlet-asset-publisher"><section class="portlet" id="portlet_gv12">
<div class="portlet-body">
{main}
</div></section></div></div>
<div class="portlet-column span4" id="column-2"><section class="portlet"><h2
class="portlet-title-text">Tin xem nhiều</h2>
<ul>{self._most_read()}</ul></section></div></div></div>
<footer id="footer" role="contentinfo">Lượt truy cập: {ask.hits + 515_114}</footer>
</body></html>
"""

    def _most_read(self) -> str:
        return "".join(
            f'<li><a href="{self.article_path(piece)}">{escape(piece.title)}</a> <span>'
            f"{piece.published:%d/%m/%Y}</span></li>"
            for piece in self.site.page(None, 1, 5)
        )

    def home(self, ask: Ask) -> str:
        boxes = "".join(
            f'<div class="asset-box"><h2><a href="{self.section_path(slug)}">{escape(title)}</a></h2>'
            f"{''.join(self._row(piece, slug) for piece in self.site.page(slug, 1, 3))}</div>"
            for slug, title in SECTIONS.items()
        )
        return self.frame(ask, "Trang chủ", boxes)

    def _row(self, piece: Piece, section: str) -> str:
        href = self.article_path(piece, section)
        return (
            f'<div class="asset-abstract"><h3 class="asset-title"><a href="{href}">{spelled(piece.title)}</a></h3>'
            f'<div class="asset-metadata"><span class="metadata-publish-date">{piece.published:%d/%m/%Y}</span></div>'
            f'<div class="asset-summary">{spelled(self.teaser(piece))}</div>'
            f'<div class="asset-more"><a href="{href}">Đọc tiếp</a></div></div>\n'
        )

    def section(self, shelf: Shelf, ask: Ask) -> str:
        rows = "".join(self._row(piece, shelf.section.slug) for piece in shelf.pieces)
        slug = shelf.section.slug
        numbers = "".join(
            f'<li class="{"active" if page == shelf.page else ""}">'
            f'<a href="{escape(self.section_path(slug, page))}">{page}</a></li>'
            for page in near(shelf)
        )
        after = escape(self.section_path(slug, min(shelf.pages, shelf.page + 1)))
        return self.frame(
            ask,
            shelf.section.title,
            f'<h2 class="header-list">{escape(shelf.section.title)}</h2>{rows}<div class="taglib-page-iterator">'
            f'<ul class="pagination lfr-pagination">{numbers}<li><a href="{after}">Sau</a></li></ul></div>',
        )

    def article(self, piece: Piece, ask: Ask) -> str:
        writer = self.body_writer(piece)
        date = ""
        if piece.published:
            date = f"<section><span>{piece.published:%H:%M:%S} | {piece.published:%d/%m/%Y}</span></section>"
        lead = f'<div class="asset-summary"><b>{spelled(piece.lead)}</b></div>' if piece.lead else ""
        signed = (
            writer.paragraph(f"<strong>{escape(piece.sign_off.line)}</strong>", align="right")
            if piece.sign_off
            else ""
        )
        return self.frame(
            ask,
            piece.title,
            f"""<div class="taglib-header"><a class="back-url" href="javascript:history.go(-1)">&laquo; Quay lại</a>
<h2 class="header-title"><span>{spelled(piece.title)}</span></h2></div>
<div class="asset-full-content">
{date}
<div class="asset-tools"><a onclick="share('{self.newest_title()}')">Chia sẻ</a>
<span>Lượt xem: {views(piece, ask.hits)}</span></div>
{lead}
<div class="journal-content-article">
{writer.html(self.printed_blocks(piece))}
{signed}
</div></div>
{self._related(piece)}""",
        )

    def _related(self, piece: Piece) -> str:
        items = "".join(
            f'<li><a href="{self.article_path(other)}">{escape(other.title)}</a> ({other.published:%d/%m/%Y})</li>'
            for other in self.site.related(piece)
        )
        return f'<div class="related-assets"><h4>Tin liên quan</h4><ul>{items}</ul></div>' if items else ""
