"""No known system: HTML5 landmarks, JSON-LD, Open Graph, dated addresses without ids."""

from __future__ import annotations

import json
import re
from html import escape
from typing import ClassVar, Final

from gvreader.demo.article import SECTIONS, Piece
from gvreader.demo.exchange import Ask
from gvreader.demo.family import Family
from gvreader.demo.markup import BodyStyle, spelled
from gvreader.demo.printing import from_letters, in_letters, long_date, near
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

_FILE: Final = re.compile(r"/media/(\d+)/([^/]+)")
_SECTION: Final = re.compile(r"/chuyen-muc/([\w-]+)/(?:trang/(\d+)/)?")
_ARTICLE: Final = re.compile(r"/\d{4}/\d{2}/\d{2}/[a-z0-9-]*?-([a-z]{1,5})/")
_STATIC: Final = re.compile(r"/([\w-]+)/")


class Semantic(Family):
    """`<article>`, `<time datetime>`, `<figure>`, and structured data that agrees with the page."""

    name: ClassVar[str] = "unknown"
    page_size: ClassVar[int] = 12
    prints_time: bool = True
    prints_lead: bool = True
    site_title: ClassVar[str] = "Cổng thông tin Gia Viễn"
    styles: tuple[BodyStyle, ...] = (
        BodyStyle(figure="figure"),
        BodyStyle(figure="figure", source="data-src"),
    )

    def route(self, ask: Ask) -> Target | None:
        path = ask.path
        if path == "/":
            return Home()
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

    def article_path(self, piece: Piece, section: str | None = None) -> str:
        day = f"{piece.published:%Y/%m/%d}" if piece.published else "2018/01/01"
        return f"/{day}/{piece.slug}-{in_letters(piece.number)}/"

    def section_path(self, section: str, page: int = 1) -> str:
        return f"/chuyen-muc/{section}/" + (f"trang/{page}/" if page > 1 else "")

    def static_path(self, page: Piece) -> str:
        return f"/{page.slug}/"

    def picture_path(self, number: int, name: str) -> str:
        return f"/media/{number}/{name}"

    def file_path(self, number: int, name: str) -> str:
        return f"/media/{number}/{name}"

    def identity(self, piece: Piece) -> str | None:
        return None

    # ── pages ───────────────────────────────────────────────────────────────────────────────────

    def frame(self, ask: Ask, title: str, main: str, head: str = "") -> str:
        newest = "".join(
            f'<li><a href="{self.article_path(piece)}">{escape(piece.title)}</a> '
            f'<time datetime="{piece.published:%Y-%m-%d}">{piece.published:%d/%m/%Y}</time></li>'
            for piece in self.site.page(None, 1, 5)
        )
        return f"""<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<title>{escape(title)} – {self.site_title}</title>
{head}
</head>
<body>
<header><a rel="home" href="/">{self.site_title}</a><p>{long_date(ask.now)}</p>
<nav aria-label="Chính">{self.menu(nowhere="#")}</nav></header>
<main>
{main}
</main>
<aside aria-label="Tin mới"><h2>Tin mới</h2><ul>{newest}</ul></aside>
<footer><p>© UBND huyện Gia Viễn</p><p>{ask.hits} lượt xem hôm nay</p></footer>
</body>
</html>
"""

    def home(self, ask: Ask) -> str:
        parts = "".join(
            f'<section><h2><a href="{self.section_path(slug)}">{escape(title)}</a></h2>'
            f"{''.join(self._row(piece) for piece in self.site.page(slug, 1, 3))}</section>"
            for slug, title in SECTIONS.items()
        )
        return self.frame(ask, "Trang chủ", parts)

    def _row(self, piece: Piece) -> str:
        href = self.article_path(piece)
        image = ""
        if piece.pictures:
            image = (
                f'<img loading="lazy" src="{self.picture_path(piece.number, piece.pictures[0].name)}" alt="">'
            )
        return (
            f'<article class="teaser">{image}<h3><a href="{href}">{spelled(piece.title)}</a></h3>'
            f'<time datetime="{piece.published:%Y-%m-%d}">{piece.published:%d/%m/%Y}</time>'
            f"<p>{spelled(self.teaser(piece))}</p></article>\n"
        )

    def section(self, shelf: Shelf, ask: Ask) -> str:
        rows = "".join(self._row(piece) for piece in shelf.pieces)
        slug, current = shelf.section.slug, ' aria-current="page"'
        pages = "".join(
            f'<li><a href="{self.section_path(slug, page)}"{current if page == shelf.page else ""}>{page}</a></li>'
            for page in near(shelf)
        )
        after = ""
        if shelf.page < shelf.pages:
            after = f'<li><a rel="next" href="{self.section_path(slug, shelf.page + 1)}">Trang tiếp</a></li>'
        return self.frame(
            ask,
            shelf.section.title,
            f'<h1>{escape(shelf.section.title)}</h1>{rows}<nav aria-label="Phân trang"><ol>{pages}{after}</ol></nav>',
        )

    def article(self, piece: Piece, ask: Ask) -> str:
        writer = self.body_writer(piece)
        date = ""
        if piece.published:
            date = f'<time datetime="{piece.published.isoformat()}">{piece.published:%d/%m/%Y %H:%M}</time>'
        lead = f'<p class="lead">{spelled(piece.lead)}</p>' if piece.lead else ""
        signed = f'<p class="byline">{escape(piece.sign_off.line)}</p>' if piece.sign_off else ""
        return self.frame(
            ask,
            piece.title,
            f"""<article>
<header><h1>{spelled(piece.title)}</h1>
{date}</header>
{lead}
<div class="body">
{writer.html(self.printed_blocks(piece))}
{signed}
</div>
<footer><button type="button">Chia sẻ</button> <button type="button">Lưu</button></footer>
</article>
{self._related(piece)}""",
            self._metadata(piece, ask),
        )

    def _metadata(self, piece: Piece, ask: Ask) -> str:
        if piece.published is None:
            return ""
        said: dict[str, object] = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": piece.title,
            "datePublished": piece.published.isoformat(),
            "publisher": {"@type": "Organization", "name": self.site_title},
        }
        script = json.dumps(said, ensure_ascii=False).replace("</", "<\\/")
        return (
            f'<meta property="og:type" content="article"><meta property="og:title" content="{escape(piece.title)}">\n'
            f'<link rel="canonical" href="{self.address(ask.origin, self.article_path(piece))}">\n'
            f'<script type="application/ld+json">{script}</script>'
        )

    def _related(self, piece: Piece) -> str:
        items = "".join(
            f'<li><a href="{self.article_path(other)}">{escape(other.title)}</a></li>'
            for other in self.site.related(piece)
        )
        return (
            f'<section aria-label="Liên quan"><h2>Tin liên quan</h2><ul>{items}</ul></section>'
            if items
            else ""
        )
