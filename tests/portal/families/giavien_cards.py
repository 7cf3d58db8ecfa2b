"""The `giavien` family in a Bootstrap redesign: cards, lazy pictures, `?p=N`; the site's name is the only `<h1>`."""

from __future__ import annotations

import re
from html import escape
from typing import ClassVar, Final

from gvreader.demo.article import SECTIONS, Piece
from gvreader.demo.exchange import Ask
from gvreader.demo.giavien import GiaVien
from gvreader.demo.markup import BodyStyle, spelled
from gvreader.demo.printing import long_date, views
from gvreader.demo.targets import SectionPage, Shelf, Target

_SECTION: Final = re.compile(r"/chuyen-muc/([\w-]+)")


class Cards(GiaVien):
    """Listings without dates; static pages whose record numbers are articles' numbers too."""

    page_size: ClassVar[int] = 9
    styles: tuple[BodyStyle, ...] = (
        BodyStyle(figure="figure", source="data-original"),
        BodyStyle(figure="figure-table", source="data-src"),
        BodyStyle(paragraph="div", figure="figure", filler="<div>&nbsp;</div>"),
    )

    def route_section(self, ask: Ask) -> Target | None:
        found = _SECTION.fullmatch(ask.path)
        page = ask.query.get("p", "1")
        if found is None or found[1] not in SECTIONS or not page.isdigit():
            return None
        return SectionPage(section=found[1], page=int(page))

    def section_path(self, section: str, page: int = 1) -> str:
        return f"/chuyen-muc/{section}?p={page}" if page > 1 else f"/chuyen-muc/{section}"

    def static_path(self, page: Piece) -> str:
        """Pages are counted in their own table, and here the numbers meet."""
        folder = "lien-he" if page.slug == "lien-he" else "gioi-thieu"
        return f"/{folder}/{page.slug}-{self.identity(page)}.html"

    def identity(self, piece: Piece) -> str | None:
        return str(piece.number + 879 if piece.kind == "page" else piece.number)

    def frame(self, ask: Ask, title: str, main: str) -> str:
        return f"""<!doctype html>
<html lang="vi-VN">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<meta property="og:site_name" content="{self.site_title}">
<link rel="stylesheet" href="/public/bootstrap.min.css">
</head>
<body>
<header class="site-header">
<div class="container"><div class="row">
<div class="col-md-8"><h1 class="site-name"><a href="/">{self.site_title}</a></h1>
<p class="welcome">{self.heading}</p></div>
<div class="col-md-4 text-end"><i class="far fa-clock"></i> {long_date(ask.now)}</div></div>
</div>
<nav class="navbar navbar-expand-lg">{self.menu(tag_class="navbar-nav", link_class="nav-link")}</nav>
</header>
<main class="container"><div class="row">
<div class="col-lg-9">
{main}
</div>
<aside class="col-lg-3">{self._aside(ask)}</aside>
</div></main>
<footer class="site-footer"><div class="container"><p>Ủy ban nhân dân huyện Gia Viễn - tỉnh Ninh Bình</p>
<p>Lượt truy cập: <span id="counter">{331_207 + ask.hits}</span></p></div></footer>
<script src="/public/lazyload.js"></script>
</body>
</html>
"""

    def _aside(self, ask: Ask) -> str:
        items = "".join(
            f'<li class="list-group-item"><a href="{self.article_path(piece)}" title="{escape(piece.title)}">'
            f'{escape(piece.title)}</a><small class="text-muted">{piece.published:%d/%m/%Y}</small></li>'
            for piece in self.site.page("thong-bao", 1, 4)
        )
        return (
            '<div class="card"><div class="card-header">Xem nhiều trong tuần</div>'
            f'<ul class="list-group">{items}</ul></div>'
            f'<div class="card weather">Ninh Bình {18 + ask.hits % 15}&deg;C</div>'
        )

    def home(self, ask: Ask) -> str:
        blocks = "".join(
            f'<section class="home-section"><h2 class="section-title"><a href="{self.section_path(slug)}">'
            f"{escape(title)}</a></h2>"
            f'<div class="row">{self._cards(slug)}</div></section>'
            for slug, title in SECTIONS.items()
        )
        return self.frame(ask, self.site_title, blocks)

    def _cards(self, section: str) -> str:
        return "".join(self._card(piece, section) for piece in self.site.page(section, 1, 3))

    def _card(self, piece: Piece, section: str) -> str:
        href = self.article_path(piece, section)
        image = ""
        if piece.pictures:
            source = self.picture_path(piece.number, piece.pictures[0].name)
            image = f'<a href="{href}"><img class="card-img-top lazy" data-original="{source}" alt=""></a>'
        return (
            f'<div class="col-md-4"><div class="card news-card">{image}<div class="card-body">'
            f'<h5 class="card-title"><a href="{href}">{spelled(piece.title)}</a></h5>'
            f'<p class="card-text">{spelled(self.teaser(piece))}</p></div></div></div>\n'
        )

    def section(self, shelf: Shelf, ask: Ask) -> str:
        cards = "".join(self._card(piece, shelf.section.slug) for piece in shelf.pieces)
        title = escape(shelf.section.title)
        return self.frame(
            ask,
            f"{shelf.section.title} | {self.site_title}",
            f'<nav aria-label="breadcrumb"><ol class="breadcrumb"><li class="breadcrumb-item"><a href="/">Trang chủ</a>'
            f'</li><li class="breadcrumb-item active">{title}</li></ol></nav>\n<h2 class="page-title">{title}</h2>\n'
            f'<div class="row">{cards}</div>{self._pager(shelf)}',
        )

    def _pager(self, shelf: Shelf) -> str:
        if shelf.pages == 1:
            return ""
        slug = shelf.section.slug
        numbers = "".join(
            f'<li class="page-item{" active" if page == shelf.page else ""}">'
            f'<a class="page-link" href="{self.section_path(slug, page)}">{page}</a></li>'
            for page in range(max(1, shelf.page - 2), min(shelf.pages, shelf.page + 2) + 1)
        )
        after = min(shelf.pages, shelf.page + 1)
        return (
            f'<ul class="pagination justify-content-center">{numbers}<li class="page-item">'
            f'<a class="page-link" href="{self.section_path(slug, after)}" aria-label="Sau">&raquo;</a></li></ul>'
        )

    def article(self, piece: Piece, ask: Ask) -> str:
        writer = self.body_writer(piece)
        date = f"<time>{long_date(piece.published)}</time>" if piece.published else ""
        signed = f'<p class="text-end"><em>{escape(piece.sign_off.line)}</em></p>' if piece.sign_off else ""
        where = ""
        if piece.sections:
            slug = piece.sections[0]
            where = f'<li class="breadcrumb-item"><a href="{self.section_path(slug)}">{escape(SECTIONS[slug])}</a></li>'
        return self.frame(
            ask,
            f"{piece.title} | {self.site_title}",
            f"""<ol class="breadcrumb"><li class="breadcrumb-item"><a href="/">Trang chủ</a></li>{where}</ol>
<article class="post">
<h2 class="post-title">{spelled(piece.title)}</h2>
<div class="post-meta"><i class="far fa-calendar"></i> {date} <span><i class="far
fa-eye"></i> {views(piece, ask.hits)}</span>
{self.print_link(piece, "/print", "In")}</div>
<div class="post-content">
{writer.html(self.printed_blocks(piece))}
{signed}
</div>
<div class="post-share"><a class="fb" href="https://www.facebook.com/sharer/sharer.php?u={ask.origin}">Facebook</a>
<a class="zalo" href="#">Zalo</a></div>
</article>
{self._related(piece)}""",
        )

    def _related(self, piece: Piece) -> str:
        items = "".join(
            f'<li><a href="{self.article_path(other)}">{escape(other.title)}</a> <span>'
            f"{other.published:%d/%m}</span></li>"
            for other in self.site.related(piece)
        )
        return f'<section class="related"><h3>Bài viết khác</h3><ul>{items}</ul></section>' if items else ""
