"""No known system: nothing but `<div>`s with short class names, ids in the query, no heading elements."""

from __future__ import annotations

from html import escape
from typing import ClassVar

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


class Divs(Family):
    """`/?mod=…&id=…`; the date line starts with the view counter."""

    name: ClassVar[str] = "unknown"
    page_size: ClassVar[int] = 14
    prints_time: bool = True
    prints_lead: bool = True
    site_title: ClassVar[str] = "Huyện Gia Viễn"
    styles: tuple[BodyStyle, ...] = (
        BodyStyle(paragraph="div", caption="plain"),
        BodyStyle(paragraph="br", caption="italic"),
    )

    def route(self, ask: Ask) -> Target | None:
        query = ask.query
        if ask.path.startswith("/files/"):
            _, _, number, name = ask.path.split("/", 3)
            picture = name.endswith(".png")
            return (
                (PictureFile if picture else AttachedFile)(number=int(number), name=name)
                if number.isdigit()
                else None
            )
        if ask.path not in ("/", "/index.html"):
            return None
        match query.get("mod"):
            case "tin" if query.get("id", "").isdigit():
                return ArticlePage(number=int(query["id"]))
            case "muc" if query.get("ten", "") in SECTIONS and query.get("trang", "1").isdigit():
                return SectionPage(section=query["ten"], page=int(query.get("trang", "1")))
            case "trang":
                return StaticPage(slug=query.get("ten", ""))
            case None:
                return Home()
        return None

    def article_path(self, piece: Piece, section: str | None = None) -> str:
        return f"/?mod=tin&id={piece.number}" + (f"&muc={section}" if section else "")

    def section_path(self, section: str, page: int = 1) -> str:
        return f"/?mod=muc&ten={section}" + (f"&trang={page}" if page > 1 else "")

    def static_path(self, page: Piece) -> str:
        return f"/?mod=trang&ten={page.slug}"

    def picture_path(self, number: int, name: str) -> str:
        return f"/files/{number}/{name}"

    def file_path(self, number: int, name: str) -> str:
        return f"/files/{number}/{name}"

    def identity(self, piece: Piece) -> str | None:
        return None if piece.kind == "page" else str(piece.number)

    # ── pages ───────────────────────────────────────────────────────────────────────────────────

    def frame(self, ask: Ask, main: str) -> str:
        return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{self.site_title}</title></head><body>
<div class="w"><div class="a1"><div class="a2"><a href="/">{self.site_title}</a></div><div
class="a3">{clock(ask.now)}</div></div>
<div class="b1">{self._menu()}</div>
<div class="c1"><div class="c2">{main}</div><div class="c3"><div class="d1">ĐỌC NHIỀU</div>{self._most_read()}
<div class="d1">THỐNG KÊ</div><div>Trực tuyến: {ask.hits % 9 + 1}</div><div>Hôm nay: {ask.hits}</div></div></div>
<div class="e1"><div>UBND huyện Gia Viễn</div><div>Điện thoại: 0229.3868.000</div></div></div>
</body></html>
"""

    def _menu(self) -> str:
        links = "".join(
            f'<div class="b2"><a href="{escape(self.section_path(slug))}">{escape(title)}</a></div>'
            for slug, title in SECTIONS.items()
        )
        pages = "".join(
            f'<div class="b2"><a href="{escape(self.static_path(page))}">{escape(page.title)}</a></div>'
            for page in self.site.static_pages.values()
        )
        return f'<div class="b2"><a href="/">Trang chủ</a></div>{links}{pages}'

    def _most_read(self) -> str:
        return "".join(
            f'<div class="d2"><a href="{escape(self.article_path(piece))}">{escape(piece.title)}</a> '
            f"<span>{piece.published:%d/%m/%Y}</span></div>"
            for piece in self.site.page(None, 1, 5)
        )

    def home(self, ask: Ask) -> str:
        return self.frame(
            ask,
            "".join(
                f'<div class="f1"><div class="f2"><a href="{escape(self.section_path(slug))}">{escape(title)}</a></div>'
                f"{''.join(self._row(piece, slug) for piece in self.site.page(slug, 1, 3))}</div>"
                for slug, title in SECTIONS.items()
            ),
        )

    def _row(self, piece: Piece, section: str) -> str:
        href = escape(self.article_path(piece, section))
        image = ""
        if piece.pictures:
            source = self.picture_path(piece.number, piece.pictures[0].name)
            image = f'<div class="g2"><a href="{href}"><img src="{source}"></a></div>'
        return (
            f'<div class="g1">{image}<div class="g3"><a href="{href}">{spelled(piece.title)}</a></div>'
            f'<div class="g4">{piece.published:%d/%m/%Y}</div><div class="g5">'
            f"{spelled(self.teaser(piece))}</div></div>\n"
        )

    def section(self, shelf: Shelf, ask: Ask) -> str:
        rows = "".join(self._row(piece, shelf.section.slug) for piece in shelf.pieces)
        pages = "".join(
            f'<div class="h2 on">{page}</div>'
            if page == shelf.page
            else f'<div class="h2"><a href="{escape(self.section_path(shelf.section.slug, page))}">{page}</a></div>'
            for page in near(shelf)
        )
        return self.frame(
            ask, f'<div class="f2">{escape(shelf.section.title)}</div>{rows}<div class="h1">{pages}</div>'
        )

    def article(self, piece: Piece, ask: Ask) -> str:
        writer = self.body_writer(piece)
        named = self.breadcrumb(piece)
        where = f'<div class="f2"><a href="{escape(named[1])}">{escape(named[0])}</a></div>' if named else ""
        date = ""
        if piece.published:
            when = f"{piece.published:%d/%m/%Y %H:%M:%S}"
            date = f'<div class="i3">Lượt xem: {views(piece, ask.hits)} | Gửi lúc: {when}</div>'
        lead = f'<div class="i4">{spelled(piece.lead)}</div>' if piece.lead else ""
        signed = (
            f'<div style="text-align:right"><b>{escape(piece.sign_off.line)}</b></div>'
            if piece.sign_off
            else ""
        )
        others = "".join(
            f'<div class="j2"><a href="{escape(self.article_path(other))}">{escape(other.title)}</a> '
            f"({other.published:%d/%m/%Y})</div>"
            for other in self.site.related(piece)
        )
        return self.frame(
            ask,
            f"""{where}<div class="i1"><div class="i2">{spelled(piece.title)}</div>
{date}
<div class="i6"><a href="#">Gửi email</a> <a href="#" onclick="fb('{self.newest_title()}')">Facebook</a></div>
{lead}
<div class="i5">
{writer.html(self.printed_blocks(piece))}
{signed}
</div></div>
<div class="j1">Các tin đã đưa</div>{others}""",
        )
