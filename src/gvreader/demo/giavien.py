"""The `giavien` family in a plain 2010s markup: one column of news between two sidebars, flat `-NNN.html` addresses."""

from __future__ import annotations

import re
from html import escape
from typing import ClassVar, Final
from urllib.parse import quote

from gvreader.demo.article import SECTIONS, Piece
from gvreader.demo.exchange import Ask, PortalReply
from gvreader.demo.family import Family
from gvreader.demo.markup import BodyStyle, spelled
from gvreader.demo.printing import clock, long_date, views
from gvreader.demo.targets import (
    ArticlePage,
    AttachedFile,
    Fixed,
    Home,
    PictureFile,
    SectionPage,
    Shelf,
    StaticPage,
    Target,
)

_FLAT: Final = re.compile(r"/(?:[\w-]+/)?[^/]*?-(\d+)\.html")
_SECTION: Final = re.compile(r"/([\w-]+?)(?:/trang-(\d+))?\.html")
_FILE: Final = re.compile(r"/public/userfiles/(images|files)/(\d+)/([^/]+)")
_PRINT: Final = re.compile(r"/(?:in-bai-viet|print)/(\d+)(?:\.html)?")
_STATIC: Final = re.compile(r"/(?:gioi-thieu|lien-he)/([\w-]+?)-\d+\.html")


class GiaVien(Family):
    """Addresses and words that every markup of the family shares."""

    name: ClassVar[str] = "giavien"
    heading: ClassVar[str] = "CHÀO MỪNG ĐẾN TRANG THÔNG TIN ĐIỆN TỬ UBND HUYỆN GIA VIỄN"

    def route(self, ask: Ask) -> Target | None:
        path = ask.path
        if path in ("/", "/index.php", "/trang-chu.html"):
            return Home()
        if found := _FILE.fullmatch(path):
            number, name = int(found[2]), found[3]
            return (
                PictureFile(number=number, name=name)
                if found[1] == "images"
                else AttachedFile(number=number, name=name)
            )
        if found := _STATIC.fullmatch(path):
            return StaticPage(slug=found[1])
        if found := _PRINT.fullmatch(path):
            return self._print_view(int(found[1]))
        return self.route_section(ask) or self.route_article(ask)

    def _print_view(self, number: int) -> Target | None:
        piece = self.site.piece(number)
        if piece is None:
            return None
        head = "<base href='/'><meta name='robots' content='noindex'>"
        shown = f"<h3>{escape(piece.title)}</h3>{self.body(piece)}"
        page = f"<html><head>{head}</head><body onload='print()'>{shown}</body></html>"
        return Fixed(answer=PortalReply(body=page.encode()))

    def route_section(self, ask: Ask) -> Target | None:
        found = _SECTION.fullmatch(ask.path)
        if found and found[1] in SECTIONS:
            return SectionPage(section=found[1], page=int(found[2] or 1))
        return None

    def route_article(self, ask: Ask) -> Target | None:
        found = _FLAT.fullmatch(ask.path)
        return ArticlePage(number=int(found[1])) if found else None

    def print_link(self, piece: Piece, folder: str = "/in-bai-viet", label: str = "Bản in") -> str:
        """A link to the article's bare twin; static pages have none."""
        return (
            ""
            if piece.kind == "page"
            else f'<a class="print" href="{folder}/{piece.number}.html">{label}</a>'
        )

    def article_path(self, piece: Piece, section: str | None = None) -> str:
        return (f"/{section}" if section else "") + f"/{piece.slug}-{piece.number}.html"

    def section_path(self, section: str, page: int = 1) -> str:
        return f"/{section}/trang-{page}.html" if page > 1 else f"/{section}.html"

    def static_path(self, page: Piece) -> str:
        folder = "lien-he" if page.slug == "lien-he" else "gioi-thieu"
        return f"/{folder}/{page.slug}-{page.number}.html"

    def picture_path(self, number: int, name: str) -> str:
        return f"/public/userfiles/images/{number}/{name}"

    def file_path(self, number: int, name: str) -> str:
        return f"/public/userfiles/files/{number}/{name}"


class Plain(GiaVien):
    """Divs with ids, `?`-less pager, sign-off as the last paragraph aligned right."""

    styles: tuple[BodyStyle, ...] = (
        BodyStyle(caption="plain"),
        BodyStyle(paragraph="word", caption="plain"),
        BodyStyle(caption="plain", filler="<p>&nbsp;</p>"),
        BodyStyle(caption="plain", spelling="nfd"),
    )

    def frame(self, ask: Ask, title: str, main: str) -> str:
        return f"""<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8" />
<title>{escape(title)}</title>
<meta name="generator" content="PHP" />
<link rel="stylesheet" href="/public/css/style.css" />
<script>var base_url = "{ask.origin}/"; var visited = {ask.hits};</script>
</head>
<body>
<div id="wrapper">
<div id="header">
<div class="banner"><a href="/"><img src="/public/images/banner.png" alt="banner" /></a>
<p>Trang thông tin điện tử huyện gia viễn</p></div>
<div id="menu">{self.menu(tag_class="nav")}</div>
<div class="topbar"><span class="clock">{clock(ask.now)}</span>
<marquee>{self.heading}</marquee>
<form action="/tim-kiem" method="get"><input name="q" placeholder="Tìm kiếm..." /></form></div>
</div>
<div id="left">{self.sidebar_left()}</div>
<div id="content">
{main}
</div>
<div id="right">{self.sidebar_right(ask)}</div>
<div id="footer"><p>Bản quyền thuộc <a href="https://giavien.ninhbinh.gov.vn:443/">UBND huyện Gia Viễn</a>.
Địa chỉ: thị trấn Me, huyện Gia Viễn, tỉnh Ninh Bình</p>
<p>Đang truy cập: {ask.hits % 37 + 1} - Tổng lượt truy cập: {1_204_551 + ask.hits}</p></div>
</div>
</body>
</html>
"""

    def sidebar_left(self) -> str:
        links = "".join(
            f'<li><a href="{self.section_path(slug)}">{escape(title)}</a></li>'
            for slug, title in SECTIONS.items()
        )
        return f'<div class="box"><h3>Chuyên mục</h3><ul>{links}</ul></div>'

    def sidebar_right(self, ask: Ask) -> str:
        """A most-read box whose dates are not the article's."""
        most_read = "".join(
            f'<li><a href="{escape(self.article_path(piece))}">{escape(piece.title)}</a> '
            f'<span class="date">({piece.published:%d/%m/%Y})</span></li>'
            for piece in self.site.page(None, 1, 4)
        )
        return (
            f'<div class="box"><h3>Tin đọc nhiều</h3><ul class="most-read">{most_read}</ul></div>'
            '<div class="box"><h3>Liên kết website</h3><select><option>Cổng TTĐT tỉnh Ninh Bình</option></select></div>'
            f'<div class="box"><h3>Thống kê</h3><p>Hôm nay: {long_date(ask.now)}</p><p>Lượt xem: {ask.hits}</p></div>'
        )

    def home(self, ask: Ask) -> str:
        boxes = []
        for slug, title in SECTIONS.items():
            items = "".join(self._item(piece, slug) for piece in self.site.page(slug, 1, 5))
            boxes.append(
                f'<div class="home-box"><h2><a href="{self.section_path(slug)}">{escape(title)}</a></h2>{items}</div>'
            )
        return self.frame(ask, "Trang thông tin điện tử huyện Gia Viễn", "\n".join(boxes))

    def _item(self, piece: Piece, section: str) -> str:
        href = escape(self.article_path(piece, section))
        image = ""
        if piece.pictures:
            source = self.picture_path(piece.number, piece.pictures[0].name)
            image = f'<a href="{href}"><img src="{source}" width="120" /></a>'
        return (
            f'<div class="news-item">{image}<h3><a href="{href}">{spelled(piece.title)}</a></h3>'
            f'<span class="date">{piece.published:%d/%m/%Y}</span><p>{spelled(self.teaser(piece))}</p>'
            f'<a class="more" href="{href}">Xem tiếp</a></div>'
        )

    def section(self, shelf: Shelf, ask: Ask) -> str:
        title, slug = shelf.section.title, shelf.section.slug
        items = "\n".join(self._item(piece, slug) for piece in shelf.pieces)
        main = (
            f'<div class="breadcrumb"><a href="/">Trang chủ</a> &raquo; {escape(title)}</div>'
            f'<h1 class="cat-title">{escape(title)}</h1>\n<div class="list-news">{items}</div>{self.pager(shelf)}'
        )
        return self.frame(ask, f"{title} - Trang thông tin điện tử huyện Gia Viễn", main)

    def pager(self, shelf: Shelf) -> str:
        """Numbers around the present page, first, last and next."""
        if shelf.pages == 1:
            return ""
        near = range(max(1, shelf.page - 2), min(shelf.pages, shelf.page + 2) + 1)
        links = [
            f'<strong class="current">{page}</strong>'
            if page == shelf.page
            else f'<a href="{self.section_path(shelf.section.slug, page)}">{page}</a>'
            for page in near
        ]
        if shelf.page < shelf.pages:
            links.append(
                f'<a class="next" href="{self.section_path(shelf.section.slug, shelf.page + 1)}">Trang sau</a>'
            )
            links.append(
                f'<a class="last" href="{self.section_path(shelf.section.slug, shelf.pages)}">Trang cuối</a>'
            )
        return f'<div class="pagination">{" ".join(links)}</div>'

    def article(self, piece: Piece, ask: Ask) -> str:
        writer = self.body_writer(piece)
        date = f'<p class="date">{long_date(piece.published)}</p>' if piece.published else ""
        body = writer.html(self.printed_blocks(piece))
        signed = (
            writer.paragraph(f"<strong>{escape(piece.sign_off.line)}</strong>", align="right")
            if piece.sign_off
            else ""
        )
        named = self.breadcrumb(piece)
        where = f'<a href="{named[1]}">{escape(named[0])}</a>' if named else "Giới thiệu"
        main = f"""<div class="breadcrumb"><a href="/">Trang chủ</a> &raquo; {where}</div>
<div class="detail">
<h1 class="title">{spelled(piece.title)}</h1>
{date}
<div class="share"><a href="#" onclick="share('{self.newest_title()}')">Chia sẻ</a> {self.print_link(piece)}
<span class="view">Lượt xem: {views(piece, ask.hits)}</span></div>
{self._container(piece, body, signed)}
{self._viewer(piece, ask)}
{self._related(piece)}
</div>"""
        return self.frame(ask, "Trang thông tin điện tử huyện Gia Viễn", main)

    def _container(self, piece: Piece, body: str, signed: str) -> str:
        """The body's container; now and then an editor left it empty and wrote into its sibling."""
        if piece.number % 9 == 4:
            return f'<div class="content-detail">&nbsp;</div>\n<div>\n{body}\n{signed}\n</div>'
        return f'<div class="content-detail">\n{body}\n{signed}\n</div>'

    def _viewer(self, piece: Piece, ask: Ask) -> str:
        """A PDF shown by somebody else's viewer, below the link to it."""
        shown = next((index for index, file in enumerate(piece.files) if file.name.endswith(".pdf")), None)
        if shown is None or piece.number % 2:
            return ""
        address = quote(self.address(ask.origin, self.file_href(piece, shown)), safe="")
        return f'<iframe src="https://docs.google.com/gview?url={address}&amp;embedded=true"></iframe>'

    def _related(self, piece: Piece) -> str:
        others = self.site.related(piece)
        if not others:
            return ""
        items = "".join(
            f'<li><a href="{escape(self.article_path(other))}">{spelled(other.title)}</a>'
            f" ({other.published:%d/%m/%Y})</li>"
            for other in others
        )
        return f'<div class="other"><h4>Bài viết khác</h4><ul>{items}</ul></div>'
