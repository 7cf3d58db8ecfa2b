"""No known system: a blog engine's theme, with feed, short links that redirect, and a modified date to mistake."""

from __future__ import annotations

import re
from datetime import timedelta
from html import escape
from typing import ClassVar, Final

from gvreader.demo.article import SECTIONS, Piece
from gvreader.demo.exchange import Ask, PortalReply
from gvreader.demo.family import Family
from gvreader.demo.markup import BodyStyle, spelled
from gvreader.demo.printing import from_letters, in_letters, near
from gvreader.demo.targets import (
    ArticlePage,
    AttachedFile,
    FeedPage,
    Fixed,
    Home,
    PictureFile,
    SectionPage,
    Shelf,
    StaticPage,
    Target,
)

_FILE: Final = re.compile(r"/wp-content/uploads/\d{4}/\d{2}/(\d+)/([^/]+)")
_SECTION: Final = re.compile(r"/category/([\w-]+)/(?:page/(\d+)/)?")
_ARTICLE: Final = re.compile(r"/\d{4}/\d{2}/[a-z0-9-]*?-([a-z]{1,5})/")
_STATIC: Final = re.compile(r"/([\w-]+)/")


class Blog(Family):
    """`/2023/02/slug/`, `/category/…/page/2/`, `/feed/`, `/?p=882`."""

    name: ClassVar[str] = "unknown"
    page_size: ClassVar[int] = 10
    prints_time: bool = True
    site_title: ClassVar[str] = "Gia Viễn quê tôi"
    styles: tuple[BodyStyle, ...] = (
        BodyStyle(figure="figure"),
        BodyStyle(caption="italic"),
        BodyStyle(figure="figure-table"),
    )

    def route(self, ask: Ask) -> Target | None:
        path = ask.path
        if path == "/" and ask.query.get("p", "").isdigit():
            return self._short_link(int(ask.query["p"]))
        if path == "/":
            return Home()
        if path == "/feed/":
            return FeedPage()
        if found := _FILE.fullmatch(path):
            number, name = int(found[1]), found[2]
            return (
                PictureFile(number=number, name=name)
                if name.endswith(".png")
                else AttachedFile(number=number, name=name)
            )
        if found := _SECTION.fullmatch(path):
            return SectionPage(section=found[1], page=int(found[2] or 1)) if found[1] in SECTIONS else None
        if found := _ARTICLE.fullmatch(path):
            return ArticlePage(number=from_letters(found[1]))
        found = _STATIC.fullmatch(path)
        return StaticPage(slug=found[1]) if found else None

    def _short_link(self, number: int) -> Target | None:
        piece = self.site.piece(number)
        if piece is None:
            return None
        return Fixed(answer=PortalReply(status=301, headers=(("Location", self.article_path(piece)),)))

    def article_path(self, piece: Piece, section: str | None = None) -> str:
        month = f"{piece.published:%Y/%m}" if piece.published else "2018/01"
        return f"/{month}/{piece.slug}-{in_letters(piece.number)}/"

    def section_path(self, section: str, page: int = 1) -> str:
        return f"/category/{section}/" + (f"page/{page}/" if page > 1 else "")

    def static_path(self, page: Piece) -> str:
        return f"/{page.slug}/"

    def picture_path(self, number: int, name: str) -> str:
        return f"/wp-content/uploads/2023/02/{number}/{name}"

    def file_path(self, number: int, name: str) -> str:
        return f"/wp-content/uploads/2023/02/{number}/{name}"

    def identity(self, piece: Piece) -> str | None:
        return None

    # ── pages ───────────────────────────────────────────────────────────────────────────────────

    def frame(self, ask: Ask, title: str, kind: str, main: str) -> str:
        recent = "".join(
            f'<li><a href="{self.article_path(piece)}">{escape(piece.title)}</a> '
            f'<span class="post-date">{piece.published:%d/%m/%Y}</span></li>'
            for piece in self.site.page(None, 1, 5)
        )
        return f"""<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="UTF-8"><title>{escape(title)} &#8211; {self.site_title}</title>
<link rel="alternate" type="application/rss+xml" title="Dòng thông tin" href="/feed/" />
<meta name="generator" content="WordPress 6.1" />
</head>
<body class="{kind}">
<div id="page" class="site"><header id="masthead" class="site-header"><p class="site-title"><a
href="/">{self.site_title}</a></p>
<nav id="site-navigation" class="main-navigation">{self.menu(tag_class="menu nav-menu", nowhere="#")}</nav></header>
<div id="content" class="site-content"><div id="primary" class="content-area"><main id="main">
{main}
</main></div>
<aside id="secondary" class="widget-area"><section class="widget
widget_recent_entries"><h2>Bài viết mới</h2><ul>{recent}</ul>
</section><section class="widget widget_archive"><h2>Lưu trữ</h2><p>Lượt xem: {ask.hits}</p></section></aside></div>
<footer id="colophon" class="site-footer">Tự hào chạy bằng WordPress</footer></div>
</body></html>
"""

    def home(self, ask: Ask) -> str:
        posts = "".join(self._row(piece) for piece in self.site.page(None, 1, self.page_size))
        return self.frame(ask, "Trang chủ", "home blog", posts)

    def _row(self, piece: Piece) -> str:
        href = self.article_path(piece)
        return (
            f'<article id="post-{piece.number}" class="post type-post hentry"><header class="entry-header">'
            f'<h2 class="entry-title"><a href="{href}" rel="bookmark">{spelled(piece.title)}</a></h2>'
            '<span class="posted-on"><time class="entry-date published">'
            f"{piece.published:%d/%m/%Y}</time></span></header>"
            '<div class="entry-summary"><p>'
            f'{spelled(self.teaser(piece))} <a class="more-link" href="{href}">Đọc tiếp</a></p>'
            "</div></article>\n"
        )

    def section(self, shelf: Shelf, ask: Ask) -> str:
        rows = "".join(self._row(piece) for piece in shelf.pieces)
        slug = shelf.section.slug
        pages = "".join(
            f'<span class="page-numbers current">{page}</span>'
            if page == shelf.page
            else f'<a class="page-numbers" href="{self.section_path(slug, page)}">{page}</a>'
            for page in near(shelf)
        )
        if shelf.page < shelf.pages:
            pages += f'<a class="next page-numbers" href="{self.section_path(slug, shelf.page + 1)}">Sau</a>'
        return self.frame(
            ask,
            shelf.section.title,
            "archive category",
            '<header class="page-header"><h1 class="page-title">Chuyên mục: <span>'
            f"{escape(shelf.section.title)}</span></h1>"
            f'</header>{rows}<nav class="navigation pagination"><div class="nav-links">{pages}</div></nav>',
        )

    def article(self, piece: Piece, ask: Ask) -> str:
        writer = self.body_writer(piece)
        date = ""
        if piece.published:
            later = piece.published + timedelta(days=30)
            date = (
                '<span class="posted-on">'
                f'Đăng vào <time class="entry-date published" datetime="{piece.published.isoformat()}">'
                f"{piece.published:%d/%m/%Y}</time>"
                f'<time class="updated" datetime="{later.isoformat()}" style="display:none">'
                f"{later:%d/%m/%Y}</time></span>"
            )
        named = self.breadcrumb(piece)
        filed = (
            f'<footer class="entry-footer">Đăng trong <a href="{named[1]}">{escape(named[0])}</a></footer>'
            if named
            else ""
        )
        signed = (
            writer.paragraph(f"<em>{escape(piece.sign_off.line)}</em>", align="right")
            if piece.sign_off
            else ""
        )
        return self.frame(
            ask,
            piece.title,
            f"single postid-{piece.number}",
            f"""<article id="post-{piece.number}" class="post type-post hentry">
<header class="entry-header"><h1 class="entry-title">{spelled(piece.title)}</h1>
<div class="entry-meta">{date}</div></header>
<div class="entry-content">
{writer.html(self.printed_blocks(piece))}
{signed}
<div class="sharedaddy sd-sharing"><h3>Chia sẻ:</h3><ul><li><a href="#">Facebook</a></li><li><a
href="#">Zalo</a></li></ul></div>
</div>
{filed}
</article>
{self._related(piece)}
<div id="respond" class="comment-respond"><h3>Trả lời</h3><form><textarea name="comment"></textarea></form></div>""",
        )

    def _related(self, piece: Piece) -> str:
        items = "".join(
            f'<li><a href="{self.article_path(other)}">{escape(other.title)}</a></li>'
            for other in self.site.related(piece)
        )
        return (
            f'<div class="related-posts"><h3>Bài viết liên quan</h3><ul>{items}</ul></div>' if items else ""
        )

    def feed(self, section: str | None, ask: Ask) -> str | None:
        return self.rss(section, ask)
