"""NukeViet 4: addresses like `giavien`'s, a time after the date and a counter after the time, files in a box."""

from __future__ import annotations

import re
from html import escape
from typing import ClassVar, Final

from gvreader.demo.article import SECTIONS, Piece
from gvreader.demo.exchange import Ask
from gvreader.demo.family import Family
from gvreader.demo.markup import BodyStyle, spelled
from gvreader.demo.names import WEEKDAYS
from gvreader.demo.printing import clock, near, views
from gvreader.demo.targets import (
    ArticlePage,
    AttachedFile,
    FeedPage,
    Home,
    PictureFile,
    SectionPage,
    Shelf,
    StaticPage,
    Target,
)

_FILE: Final = re.compile(r"/uploads/news/(\d+)/([^/]+)")
_SECTION: Final = re.compile(r"/vi/news/([\w-]+)/(?:page-(\d+)/?)?")
_ARTICLE: Final = re.compile(r"/vi/news/[\w-]+/[^/]*-(\d+)\.html")
_FEED: Final = re.compile(r"/vi/news/rss/(?:([\w-]+)/)?")
_ABOUT: Final = re.compile(r"/vi/about/([\w-]+)\.html")


class NukeViet(Family):
    """The news module, with its RSS."""

    name: ClassVar[str] = "nukeviet"
    page_size: ClassVar[int] = 10
    prints_time: bool = True
    prints_lead: bool = True
    files_apart: ClassVar[bool] = True
    site_title: ClassVar[str] = "Trang TTĐT huyện Gia Viễn"
    styles: tuple[BodyStyle, ...] = (
        BodyStyle(paragraph="div", figure="figure"),
        BodyStyle(paragraph="br", caption="italic"),
        BodyStyle(figure="figure", spelling="entities"),
    )

    def route(self, ask: Ask) -> Target | None:
        path = ask.path
        if path in ("/", "/vi/", "/index.php"):
            return Home()
        if found := _FILE.fullmatch(path):
            number, name = int(found[1]), found[2]
            return (
                PictureFile(number=number, name=name)
                if name.endswith(".png")
                else AttachedFile(number=number, name=name)
            )
        if found := _FEED.fullmatch(path):
            return FeedPage(section=found[1])
        if found := _ARTICLE.fullmatch(path):
            return ArticlePage(number=int(found[1]))
        if found := _ABOUT.fullmatch(path):
            return StaticPage(slug=found[1])
        found = _SECTION.fullmatch(path)
        return (
            SectionPage(section=found[1], page=int(found[2] or 1)) if found and found[1] in SECTIONS else None
        )

    def article_path(self, piece: Piece, section: str | None = None) -> str:
        folder = section or (piece.sections[0] if piece.sections else "tin-tuc")
        return f"/vi/news/{folder}/{piece.slug}-{piece.number}.html"

    def section_path(self, section: str, page: int = 1) -> str:
        return f"/vi/news/{section}/" + (f"page-{page}/" if page > 1 else "")

    def static_path(self, page: Piece) -> str:
        return f"/vi/about/{page.slug}.html"

    def picture_path(self, number: int, name: str) -> str:
        return f"/uploads/news/{number}/{name}"

    def file_path(self, number: int, name: str) -> str:
        return f"/uploads/news/{number}/{name}"

    def identity(self, piece: Piece) -> str | None:
        return None if piece.kind == "page" else str(piece.number)

    # ── pages ───────────────────────────────────────────────────────────────────────────────────

    def frame(self, ask: Ask, title: str, main: str) -> str:
        return f"""<!DOCTYPE html>
<html lang="vi" xmlns="http://www.w3.org/1999/xhtml">
<head>
<title>{escape(title)}</title>
<meta charset="utf-8"><meta name="generator" content="NukeViet v4.3">
<link rel="alternate" href="/vi/news/rss/" title="Tin Tức" type="application/rss+xml">
<link rel="stylesheet" href="/themes/default/css/style.css">
</head>
<body>
<header><div class="logo"><a title="{self.site_title}" href="/"><img src="/uploads/logo.png"
alt="{self.site_title}"></a>
<span class="site_name">{self.site_title}</span></div></header>
<nav class="second-nav" id="menusite">{self.menu(tag_class="nav navbar-nav", nowhere="#")}</nav>
<section><div class="container" id="body"><nav class="third-nav"><span
class="current-time">{clock(ask.now)}</span></nav>
<div class="row"><div class="col-sm-16 col-md-18">
{main}
</div><div class="col-sm-8 col-md-6">
<div class="panel panel-default"><div class="panel-heading">Tin xem nhiều</div><ul class="block_tophits">
{self._most_read()}</ul></div>
<div class="panel"><div class="panel-heading">Thăm dò ý kiến</div><form><input type="radio"> Rất hài lòng</form></div>
<div class="panel">Đang truy cập <span class="display-table-cell text-right">{ask.hits % 17 + 1}</span>
Tổng lượt truy cập {1_890_233 + ask.hits}</div></div></div></div></section>
<footer id="footer"><div class="panel-body">&copy; Bản quyền thuộc về UBND huyện Gia Viễn.
Powered by NukeViet CMS.</div></footer>
<script src="/assets/js/jquery/jquery.min.js"></script>
</body></html>
"""

    def _most_read(self) -> str:
        return "".join(
            f'<li class="clearfix"><a class="show" href="{self.article_path(piece)}">{escape(piece.title)}</a></li>'
            for piece in self.site.page(None, 1, 5)
        )

    def home(self, ask: Ask) -> str:
        boxes = "".join(
            '<div class="news_column"><div class="panel-heading">'
            f'<a href="{self.section_path(slug)}">{escape(title)}</a>'
            f"</div>{''.join(self._row(piece, slug) for piece in self.site.page(slug, 1, 3))}</div>"
            for slug, title in SECTIONS.items()
        )
        return self.frame(ask, self.site_title, boxes)

    def _row(self, piece: Piece, section: str) -> str:
        href = self.article_path(piece, section)
        image = ""
        if piece.pictures:
            source = self.picture_path(piece.number, piece.pictures[0].name)
            shown = f'<img class="img-thumbnail pull-left imghome" alt="" src="{source}" width="183">'
            image = f'<a href="{href}">{shown}</a>'
        return (
            f'<div class="news_column"><div class="panel panel-default clearfix"><div class="panel-body">{image}'
            f'<h2><a href="{href}" title="{escape(piece.title)}">{spelled(piece.title)}</a></h2>'
            f'<p><em class="fa fa-clock-o">&nbsp;</em><em>{piece.published:%d/%m/%Y %H:%M:%S}</em> '
            f'<em class="fa fa-eye">&nbsp;</em><em>Đã xem: {120 + piece.number % 977}</em></p>'
            f'<div class="text-justify">{spelled(self.teaser(piece))}</div></div></div></div>\n'
        )

    def section(self, shelf: Shelf, ask: Ask) -> str:
        rows = "".join(self._row(piece, shelf.section.slug) for piece in shelf.pieces)
        title = escape(shelf.section.title)
        return self.frame(
            ask,
            f"{shelf.section.title} - {self.site_title}",
            f'<ol class="breadcrumb"><li><a href="/">Trang nhất</a></li><li>{title}</li></ol>'
            f'<h1 class="hidden">{title}</h1>'
            f"{rows}{self._pager(shelf)}",
        )

    def _pager(self, shelf: Shelf) -> str:
        if shelf.pages == 1:
            return ""
        slug = shelf.section.slug
        items = "".join(
            f'<li class="active"><a href="#">{page}</a></li>'
            if page == shelf.page
            else f'<li><a href="{self.section_path(slug, page)}">{page}</a></li>'
            for page in near(shelf)
        )
        if shelf.page < shelf.pages:
            items += f'<li><a rel="next" href="{self.section_path(slug, shelf.page + 1)}">Trang sau</a></li>'
        return f'<div class="text-center"><ul class="pagination">{items}</ul></div>'

    def article(self, piece: Piece, ask: Ask) -> str:
        writer = self.body_writer(piece)
        named = self.breadcrumb(piece)
        where = f'<li><a href="{named[1]}">{escape(named[0])}</a></li>' if named else ""
        date = ""
        if piece.published:
            when = f"{WEEKDAYS[piece.published.weekday()]} - {piece.published:%d/%m/%Y %H:%M}"
            # The number of comments follows the time without a word.
            seen = views(piece, ask.hits)
            date = f'<div class="row"><span class="h5">{when}</span> <span class="h5">{seen}</span></div>'
        lead = f'<div class="hometext m-bottom">{spelled(piece.lead)}</div>' if piece.lead else ""
        return self.frame(
            ask,
            f"{piece.title} - {self.site_title}",
            f"""<ol class="breadcrumb"><li><a href="/">Trang nhất</a></li>{where}</ol>
<div class="news_column panel panel-default" itemscope itemtype="http://schema.org/NewsArticle"><div class="panel-body">
<h1 class="title margin-bottom-lg" itemprop="headline">{spelled(piece.title)}</h1>
{date}
<div class="socialicon"><a href="javascript:void(0)" onclick="share('{self.newest_title()}')">Facebook</a></div>
{lead}
<div id="news-bodyhtml" class="bodytext margin-bottom-lg">
{writer.html(self.printed_blocks(piece))}
</div>
{self._signed(piece)}
{self._files(piece)}
</div></div>
<div class="news_column panel panel-default"><div class="panel-body"><em class="fa
fa-tags">&nbsp;</em><strong>Tags: </strong>
<span>gia viễn</span></div></div>
<div class="news_column panel panel-default"><form><input type="text" name="content" placeholder="Ý kiến
bạn đọc"></form></div>
{self._related(piece)}""",
        )

    def _signed(self, piece: Piece) -> str:
        if piece.sign_off is None:
            return ""
        lines = ""
        if piece.sign_off.author:
            lines += f'<p class="h5 text-right"><strong>Tác giả: </strong>{escape(piece.sign_off.author)}</p>'
        if piece.sign_off.organisation:
            lines += f'<p class="h5 text-right"><strong>Nguồn tin: </strong>{escape(piece.sign_off.organisation)}</p>'
        return f'<div class="margin-bottom-lg">{lines}</div>'

    def _files(self, piece: Piece) -> str:
        items = "".join(
            f'<a href="{escape(self.file_path(piece.number, file.name))}" title="Tải về" download>'
            f"{escape(file.label)}</a>"
            for file in piece.files
        )
        return (
            f'<div class="news-download-file"><strong>Tập tin đính kèm:</strong>{items}</div>'
            if items
            else ""
        )

    def _related(self, piece: Piece) -> str:
        items = "".join(
            '<li><em class="fa fa-angle-right">&nbsp;</em><h4>'
            f'<a href="{self.article_path(other)}">{escape(other.title)}</a>'
            f"</h4><em>({other.published:%d/%m/%Y})</em></li>"
            for other in self.site.related(piece)
        )
        return (
            f'<p class="h3"><strong>Những tin cũ hơn</strong></p><ul class="detail-related">{items}</ul>'
            if items
            else ""
        )

    def feed(self, section: str | None, ask: Ask) -> str | None:
        return self.rss(section, ask)
