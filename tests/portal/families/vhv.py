"""VHV's portal: two listing layouts, `next` pagers, and pages of their own for official documents."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from html import escape
from typing import ClassVar, Final
from urllib.parse import unquote
from zlib import crc32

from gvreader.demo.article import SECTIONS, Piece
from gvreader.demo.exchange import Ask
from gvreader.demo.family import Family
from gvreader.demo.markup import BodyStyle, spelled
from gvreader.demo.printing import long_date, views
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
from gvreader.model import Article

_FILE: Final = re.compile(r"/upload/\d+/\d{8}/(\d+)/(.+)_[0-9a-f]{8}(\.\w+)")
_ARTICLE: Final = re.compile(r"/[\w-]+/[^/]*-(\d+)")
ISSUER: Final = "UBND huyện Gia Viễn"
SIGNER: Final = "Bùi Trọng Khôi"


class Vhv(Family):
    """Articles print a time; a document prints its day of issue among label and value cells, or just its PDF."""

    name: ClassVar[str] = "vhv"
    page_size: ClassVar[int] = 12
    prints_time: bool = True
    prints_lead: bool = True
    document_pages: ClassVar[bool] = True
    site_title: ClassVar[str] = "Trang thông tin điện tử huyện Gia Viễn"
    styles: tuple[BodyStyle, ...] = (
        BodyStyle(figure="figure"),
        BodyStyle(figure="figure-table", source="data-original"),
        BodyStyle(paragraph="word", figure="table"),
    )

    def route(self, ask: Ask) -> Target | None:
        path, page = ask.path, ask.query.get("page", "1")
        if path in ("/", "/trang-chu"):
            return Home()
        if found := _FILE.fullmatch(path):
            number, name = int(found[1]), found[2] + found[3]
            return (
                PictureFile(number=number, name=name)
                if found[3] == ".png"
                else AttachedFile(number=number, name=name)
            )
        if path[1:] in SECTIONS:
            return SectionPage(section=path[1:], page=int(page)) if page.isdigit() else None
        if path[1:] in self.site.static_pages:
            return StaticPage(slug=path[1:])
        found = _ARTICLE.fullmatch(path)
        return ArticlePage(number=int(found[1]) - 90_000) if found else None

    def article_path(self, piece: Piece, section: str | None = None) -> str:
        folder = section or (piece.sections[0] if piece.sections else "tin-tuc")
        return f"/{folder}/{piece.slug}-{self.identity(piece)}"

    def section_path(self, section: str, page: int = 1) -> str:
        return f"/{section}?page={page}" if page > 1 else f"/{section}"

    def static_path(self, page: Piece) -> str:
        return f"/{page.slug}"

    def picture_path(self, number: int, name: str) -> str:
        return self._upload(number, name)

    def file_path(self, number: int, name: str) -> str:
        return self._upload(number, name)

    def _upload(self, number: int, name: str) -> str:
        stem, _, extension = name.rpartition(".")
        return f"/upload/105213/20230207/{number}/{stem}_{crc32(name.encode()):08x}.{extension}"

    def identity(self, piece: Piece) -> str | None:
        return None if piece.kind == "page" else str(90_000 + piece.number)

    # ── pages ───────────────────────────────────────────────────────────────────────────────────

    def frame(self, ask: Ask, title: str, main: str) -> str:
        return f"""<!DOCTYPE html>
<html lang="vi">
<head><meta charset="utf-8"><title>{escape(title)}</title>
<meta name="author" content="VHV.,JSC"><link rel="stylesheet" href="/cache/vhv.min.css"></head>
<body class="vhv-page">
<header class="module-header"><a href="/"><img src="/upload/105213/banner.png" alt=""></a>
<div class="time-now">{long_date(ask.now)}</div></header>
<nav class="module-menu">{self.menu(tag_class="menu-level1", nowhere="javascript:void(0);")}</nav>
<div class="page-content"><div class="main-column">
{main}
</div><div class="side-column">{self._most_read()}<div
class="counter-module">Lượt truy cập: {ask.hits + 771_020}</div></div></div>
<footer class="module-footer">Cơ quan chủ quản: Ủy ban nhân dân huyện Gia Viễn</footer>
</body></html>
"""

    def _most_read(self) -> str:
        items = "".join(
            f'<li><a href="{self.article_path(piece)}">{escape(piece.title)}</a> '
            f'<span class="time-news">{piece.published:%d/%m/%Y}</span></li>'
            for piece in self.site.page("tin-tuc", 1, 5)
        )
        return f'<section class="Article-News-mostView"><h3>Tin đọc nhiều</h3><ul>{items}</ul></section>'

    def home(self, ask: Ask) -> str:
        boxes = "".join(
            f'<section class="Article-News-home"><h2><a href="{self.section_path(slug)}">{escape(title)}</a></h2>'
            f"{''.join(self._row(piece, slug) for piece in self.site.page(slug, 1, 4))}</section>"
            for slug, title in SECTIONS.items()
        )
        return self.frame(ask, self.site_title, boxes)

    def _row(self, piece: Piece, section: str) -> str:
        href = self.article_path(piece, section)
        return (
            f'<div class="news-item"><h4 class="news-title"><a href="{href}">{spelled(piece.title)}</a></h4>'
            f'<span class="time-news">{piece.published:%d/%m/%Y %H:%M}</span>'
            f'<div class="news-brief">{spelled(self.teaser(piece))}</div></div>\n'
        )

    def _entry(self, piece: Piece, section: str) -> str:
        href = self.article_path(piece, section)
        return (
            f'<article class="detailType2"><h4 class="entry-title"><a href="{href}">{spelled(piece.title)}</a></h4>'
            f'<time class="post-date">{piece.published:%d/%m/%Y}</time>'
            f'<p class="entry-content">{spelled(self.teaser(piece))}</p></article>\n'
        )

    def section(self, shelf: Shelf, ask: Ask) -> str:
        """Every other section uses the other layout."""
        slug = shelf.section.slug
        second = list(SECTIONS).index(slug) % 2
        rows = "".join((self._entry if second else self._row)(piece, slug) for piece in shelf.pieces)
        kind = "Article-Detail-default" if second else "Article-Detail-listType5"
        return self.frame(
            ask,
            f"{shelf.section.title} - {self.site_title}",
            '<div class="breadcrumb-module"><a href="/">Trang chủ</a> / <span>'
            f"{escape(shelf.section.title)}</span></div>"
            f'<section class="{kind}"><h1 class="category-title">{escape(shelf.section.title)}</h1>{rows}</section>'
            f"{self._pager(shelf)}",
        )

    def _pager(self, shelf: Shelf) -> str:
        slug = shelf.section.slug
        if shelf.page < shelf.pages:
            after = f'<a class="next" href="{self.section_path(slug, shelf.page + 1)}">Trang sau</a>'
        else:
            after = '<span class="current next">Trang sau</span>'
        return f'<div class="default-pagination"><span class="current">{shelf.page}</span> {after}</div>'

    def article(self, piece: Piece, ask: Ask) -> str:
        if piece.kind == "document" and piece.published:
            if piece.number % 2:
                return self._pdf_page(piece, piece.published, ask)
            return self._legal_page(piece, piece.published, ask)
        writer = self.body_writer(piece)
        named = self.breadcrumb(piece)
        where = f'<a href="{named[1]}">{escape(named[0])}</a>' if named else ""
        date = ""
        if piece.published:
            date = (
                f'<span class="post-date">{long_date(piece.published)} | {piece.published:%H:%M}</span>'
                f'<meta itemprop="datePublished" content="{piece.published.isoformat()}">'
            )
        lead = f'<div class="brief">{spelled(piece.lead)}</div>' if piece.lead else ""
        signed = (
            f'<p style="text-align:right"><strong>{escape(piece.sign_off.line)}</strong></p>'
            if piece.sign_off
            else ""
        )
        return self.frame(
            ask,
            piece.title,
            f"""<div class="breadcrumb-module"><a href="/">Trang chủ</a> / {where}</div>
<article class="news-detail-layout-type-2" itemscope>
<h1 class="title-detail">{spelled(piece.title)}</h1>
<div class="meta">{date}<span class="view-count">Lượt xem: {views(piece, ask.hits)}</span></div>
<div class="tools"><a onclick="shareLink('{self.newest_title()}')">Chia sẻ</a><a href="#">Đọc bài viết</a></div>
{lead}
<div class="content-detail">
{writer.html(self.printed_blocks(piece))}
{signed}
</div>
</article>
{self._related(piece)}""",
        )

    def _pdf_page(self, piece: Piece, issued: datetime, ask: Ask) -> str:
        files = "".join(
            f'<iframe src="/lib/pdfjs/web/viewer.html?file={escape(self.file_path(piece.number, file.name))}"></iframe>'
            for file in piece.files
        )
        return self.frame(
            ask,
            piece.title,
            f'<article class="pdf-detail-layout-default"><h1 class="doc-name">{spelled(piece.title)}</h1>'
            f'<span class="post-date">{long_date(issued)} | {issued:%H:%M}</span>'
            f'<div class="pdf-content">{files}</div></article>{self._related(piece)}',
        )

    def _legal_page(self, piece: Piece, issued: datetime, ask: Ask) -> str:
        cells = {
            "Số hiệu": piece.document or "",
            "Trích yếu": piece.title,
            "Ngày ban hành": f"{issued:%d/%m/%Y}",
            "Cơ quan ban hành": ISSUER,
            "Người ký": SIGNER,
        }
        rows = "".join(
            f"<tr><td>{escape(label)}</td><td>{escape(value)}</td></tr>" for label, value in cells.items()
        )
        files = "".join(
            '<a href="javascript:void(0)" onclick="downloadFile('
            f"'{piece.number}','{escape(self.file_path(piece.number, file.name))}')\">{escape(file.label)}</a>"
            for file in piece.files
        )
        return self.frame(
            ask,
            piece.title,
            f'<div class="legal-document-detailLayout-default"><h1 class="doc-name">{spelled(piece.title)}</h1>'
            f'<table class="document-info"><tbody>{rows}<tr><td>File đính kèm</td><td>{files}</td></tr></tbody></table>'
            f"</div>{self._related(piece)}",
        )

    def _related(self, piece: Piece) -> str:
        items = "".join(
            f'<li><a href="{self.article_path(other)}">{escape(other.title)}</a></li>'
            for other in self.site.related(piece)
        )
        return (
            f'<section class="Article-Detail-other"><h3>Tin liên quan</h3><ul>{items}</ul></section>'
            if items
            else ""
        )

    def truth(self, piece: Piece, origin: str) -> Article:
        """A document page prints cells and a file, no running text; issuer and signer only among cells."""
        article = super().truth(piece, origin)
        if piece.kind != "document" or piece.published is None:
            return article
        cells = not piece.number % 2
        return replace(
            article,
            summary=None,
            published=piece.published.date() if cells else piece.published,
            author=SIGNER if cells else None,
            organisation=ISSUER if cells else None,
            blocks=(),
            images=(),
            attachments=tuple(
                file if cells else replace(file, name=unquote(file.url.rpartition("/")[2]))
                for file in article.attachments
            ),
        )
