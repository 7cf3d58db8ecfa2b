"""No known system: ASP.NET Web Forms, two-digit years after the time, a data grid as listing."""

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


class Forms(Family):
    """`/News/Detail.aspx?NewsId=`; tables for layout, the title in a `<span>`."""

    name: ClassVar[str] = "unknown"
    page_size: ClassVar[int] = 20
    prints_time: bool = True
    site_title: ClassVar[str] = "Cổng TTĐT Gia Viễn"
    styles: tuple[BodyStyle, ...] = (
        BodyStyle(paragraph="br", figure="table", caption="italic"),
        BodyStyle(paragraph="word", figure="table", spelling="nfd"),
        BodyStyle(paragraph="div", figure="figure-table", source="data-original"),
    )

    def route(self, ask: Ask) -> Target | None:
        query = {name.lower(): value for name, value in ask.query.items()}
        number, page = query.get("newsid", ""), query.get("page", "1")
        match ask.path.lower().split("/")[1:]:
            case [""] | ["default.aspx"]:
                return Home()
            case ["news", "detail.aspx"] if number.isdigit():
                return ArticlePage(number=int(number))
            case ["news", "list.aspx"] if query.get("cat") in SECTIONS and page.isdigit():
                return SectionPage(section=query["cat"], page=int(page))
            case ["news", "page.aspx"]:
                return StaticPage(slug=query.get("name", ""))
            case ["userfiles", folder, _] if folder.isdigit():
                name = ask.path.split("/")[3]
                return (PictureFile if name.endswith(".png") else AttachedFile)(number=int(folder), name=name)
        return None

    def article_path(self, piece: Piece, section: str | None = None) -> str:
        return f"/News/Detail.aspx?NewsId={piece.number}"

    def section_path(self, section: str, page: int = 1) -> str:
        return f"/News/List.aspx?cat={section}" + (f"&page={page}" if page > 1 else "")

    def static_path(self, page: Piece) -> str:
        return f"/News/Page.aspx?name={page.slug}"

    def picture_path(self, number: int, name: str) -> str:
        return f"/UserFiles/{number}/{name}"

    def file_path(self, number: int, name: str) -> str:
        return f"/UserFiles/{number}/{name}"

    def identity(self, piece: Piece) -> str | None:
        return None if piece.kind == "page" else str(piece.number)

    # ── pages ───────────────────────────────────────────────────────────────────────────────────

    def frame(self, ask: Ask, title: str, main: str) -> str:
        return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head><title>
	{escape(title)}
</title><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /></head>
<body><form name="form1" method="post" action="Default.aspx" id="form1">
<input type="hidden" name="__VIEWSTATE" value="/wEPDwUJODEx{ask.hits:08x}" />
<div id="ctl00_Top"><a href="/Default.aspx">{self.site_title}</a>
<span id="ctl00_lblNow">{clock(ask.now)}</span></div>
<div id="ctl00_Menu1">{self.menu(tag_class="AspNet-Menu", nowhere="javascript:__doPostBack('x','')")}</div>
<div id="ctl00_Content">
{main}
</div>
<div id="ctl00_Right"><span class="box_header">Xem nhiều</span>{self._most_read()}</div>
<div id="ctl00_Footer">Thiết kế bởi Trung tâm CNTT - Lượt truy cập: <span id="ctl00_lblHits">{ask.hits}</span></div>
</form></body></html>
"""

    def _most_read(self) -> str:
        rows = "".join(
            f'<tr><td><a href="{self.article_path(piece)}">{escape(piece.title)}</a>'
            f" {piece.published:%d/%m/%y}</td></tr>"
            for piece in self.site.page(None, 1, 6)
        )
        return f'<table id="ctl00_gvTop">{rows}</table>'

    def home(self, ask: Ask) -> str:
        boxes = "".join(
            '<table class="cate"><tr><td class="cate_title">'
            f'<a href="{escape(self.section_path(slug))}">{escape(title)}</a>'
            f"</td></tr>{self._rows(slug)}</table>"
            for slug, title in SECTIONS.items()
        )
        return self.frame(ask, self.site_title, boxes)

    def _rows(self, section: str) -> str:
        return "".join(self._row(piece) for piece in self.site.page(section, 1, 4))

    def _row(self, piece: Piece) -> str:
        """One row of the grid: title, short date, and no summary."""
        return (
            f'<tr class="GridRow"><td><a href="{self.article_path(piece)}">{spelled(piece.title)}</a></td>'
            f"<td>{piece.published:%d/%m/%y}</td></tr>\n"
        )

    def section(self, shelf: Shelf, ask: Ask) -> str:
        rows = "".join(self._row(piece) for piece in shelf.pieces)
        pages = "".join(
            f"<td><span>{page}</span></td>"
            if page == shelf.page
            else f'<td><a href="{escape(self.section_path(shelf.section.slug, page))}">{page}</a></td>'
            for page in near(shelf, 4)
        )
        return self.frame(
            ask,
            shelf.section.title,
            f'<span class="cate_title">{escape(shelf.section.title)}</span>'
            '<table class="Grid" id="ctl00_Content_gvNews">'
            '<tr class="GridHeader"><th>Tiêu đề</th><th>Ngày đăng</th></tr>'
            f'{rows}<tr class="GridPager"><td colspan="2"><table><tr>{pages}</tr></table></td></tr></table>',
        )

    def article(self, piece: Piece, ask: Ask) -> str:
        writer = self.body_writer(piece)
        named = self.breadcrumb(piece)
        where = f'<a class="cate_title" href="{escape(named[1])}">{escape(named[0])}</a>' if named else ""
        date = ""
        if piece.published:
            date = f'<span id="ctl00_Content_lblDate">(Cập nhật: {piece.published:%H:%M %d/%m/%y})</span>'
        signed = f'<p align="right"><i>{escape(piece.sign_off.line)}</i></p>' if piece.sign_off else ""
        others = "".join(
            f'<tr><td>- <a href="{self.article_path(other)}">{escape(other.title)}</a>'
            f" ({other.published:%d/%m/%y})</td></tr>"
            for other in self.site.related(piece)
        )
        return self.frame(
            ask,
            self.site_title,
            f"""{where}<table width="100%"><tr><td>
<span id="ctl00_Content_lblTitle" class="news_title">{spelled(piece.title)}</span><br />
{date} <span class="hits">Lượt xem: {views(piece, ask.hits)}</span>
<hr />
<span id="ctl00_Content_lblContent">
{writer.html(self.printed_blocks(piece))}
{signed}
</span></td></tr></table>
<span class="box_header">Tin cùng chuyên mục</span><table>{others}</table>""",
        )
