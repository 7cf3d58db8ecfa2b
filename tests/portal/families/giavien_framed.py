"""The `giavien` family as a site of 2008: layout tables, `<base href>`, entities, no heading element, `?page=N`."""

from __future__ import annotations

import re
from html import escape
from typing import ClassVar, Final

from gvreader.demo.article import SECTIONS, Piece
from gvreader.demo.exchange import Ask
from gvreader.demo.giavien import GiaVien
from gvreader.demo.markup import BodyStyle, spelled
from gvreader.demo.printing import clock, long_date, views
from gvreader.demo.targets import SectionPage, Shelf, Target

_CATEGORY: Final = re.compile(r"/danh-muc/([\w-]+?)-\d+\.html")


class Framed(GiaVien):
    """Titles in table cells; the crawl day in the header; links relative to the base address."""

    page_size: ClassVar[int] = 12
    styles: tuple[BodyStyle, ...] = (
        BodyStyle(spelling="entities", figure="table"),
        BodyStyle(spelling="decomposed", figure="table", paragraph="word"),
        BodyStyle(paragraph="br", caption="plain"),
        BodyStyle(paragraph="div", figure="table", spelling="entities"),
    )

    def route_section(self, ask: Ask) -> Target | None:
        found = _CATEGORY.fullmatch(ask.path)
        page = ask.query.get("page", "1")
        if found is None or found[1] not in SECTIONS or not page.isdigit():
            return None
        return SectionPage(section=found[1], page=int(page))

    def section_path(self, section: str, page: int = 1) -> str:
        path = f"/danh-muc/{section}-{list(SECTIONS).index(section) + 2}.html"
        return f"{path}?page={page}" if page > 1 else path

    def file_href(self, piece: Piece, index: int) -> str:
        """Against the base address, as its editors type them."""
        return super().file_href(piece, index).removeprefix("/")

    def frame(self, ask: Ask, main: str) -> str:
        return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
 "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" lang="en-us">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>Trang thông tin điện tử huyện gia viễn</title>
<base href="{ask.origin}/" />
</head>
<body>
<table width="1000" align="center" cellpadding="0" cellspacing="0" border="0">
<tr><td colspan="3" id="banner"><a href=""><img src="public/images/banner.jpg" width="1000" /></a>
<div class="chao">{self.heading}</div></td></tr>
<tr><td colspan="3" id="ngaythang">{clock(ask.now)} |</td></tr>
<tr><td colspan="3">{self.menu(tag_class="menu_ngang", nowhere="javascript:void(0)")}</td></tr>
<tr>
<td width="200" valign="top" id="cot_trai">{self._left(ask)}</td>
<td valign="top" id="cot_giua">
{main}
</td>
<td width="180" valign="top" id="cot_phai">{self._most_read()}</td>
</tr>
<tr><td colspan="3" align="center"
id="chan_trang">&copy; UBND huy&#7879;n Gia Vi&#7877;n. Gi&#7845;y ph&eacute;p s&#7889;
15/GP-TTĐT ngày 12/05/2014. Số người truy cập: {904_118 + ask.hits}</td></tr>
</table>
</body>
</html>
"""

    def _left(self, ask: Ask) -> str:
        rows = "".join(
            f'<tr><td class="muc"><a href="{self.section_path(slug)[1:]}">{escape(title)}</a></td></tr>'
            for slug, title in SECTIONS.items()
        )
        return f"<table>{rows}<tr><td>Đang online: {ask.hits % 23 + 1}</td></tr></table>"

    def _most_read(self) -> str:
        rows = "".join(
            f'<tr><td><a href="{self.article_path(piece)[1:]}">{escape(piece.title)}</a><br/>'
            f"<i>{long_date(piece.published)}</i></td></tr>"
            for piece in self.site.page(None, 1, 5)
            if piece.published
        )
        return f'<table class="docnhieu"><tr><td><b>TIN ĐỌC NHIỀU NHẤT</b></td></tr>{rows}</table>'

    def home(self, ask: Ask) -> str:
        rows = "".join(
            f'<tr><td class="tieude_muc"><a href="{self.section_path(slug)[1:]}">{escape(title)}</a></td></tr>'
            + "".join(self._row(piece, slug) for piece in self.site.page(slug, 1, 4))
            for slug, title in SECTIONS.items()
        )
        return self.frame(ask, f"<table>{rows}</table>")

    def _row(self, piece: Piece, section: str) -> str:
        href = self.article_path(piece, section)[1:]
        image = ""
        if piece.pictures:
            source = self.picture_path(piece.number, piece.pictures[0].name)[1:]
            image = f'<img src="{source}" width="100" align="left" border="0" />'
        return (
            f'<tr><td class="tin"><a class="tieu_de_tin" href="{href}">{image}{escape(piece.title)}</a>\n'
            f'<div class="tom_tat">{escape(self.teaser(piece))}</div></td></tr>\n'
        )

    def section(self, shelf: Shelf, ask: Ask) -> str:
        rows = "".join(self._row(piece, shelf.section.slug) for piece in shelf.pieces)
        return self.frame(
            ask,
            f'<table width="100%"><tr><td class="tieude_muc">{escape(shelf.section.title)}</td></tr>{rows}'
            f'<tr><td class="phan_trang" align="right">{self._pager(shelf)}</td></tr></table>',
        )

    def _pager(self, shelf: Shelf) -> str:
        """Every page has its number, as long as there are few."""
        shown = sorted({1, shelf.pages, *range(shelf.page - 4, shelf.page + 5)})
        return "Trang: " + " ".join(
            f"<b>[{page}]</b>"
            if page == shelf.page
            else f'<a href="{self.section_path(shelf.section.slug, page)[1:]}">{page}</a>'
            for page in shown
            if 1 <= page <= shelf.pages
        )

    def article(self, piece: Piece, ask: Ask) -> str:
        writer = self.body_writer(piece)
        date = f'<span class="ngay_dang">{long_date(piece.published)}</span><br/>' if piece.published else ""
        signed = f'<p align="right"><b>{escape(piece.sign_off.line)}</b></p>' if piece.sign_off else ""
        title = spelled(piece.title, writer.style.spelling)
        # The editor's tags cross here, as they do on the real thing.
        share = '<div class="chia_se"><a href="http://www.facebook.com/share.php?u=x">Chia sẻ</div></a>'
        return self.frame(
            ask,
            f"""<table width="100%" class="chi_tiet">
<tr><td class="duong_dan"><a href="">Trang chủ</a> &gt;&gt; {self._where(piece)}</td></tr>
<tr><td class="tieu_de"><span style="font-size:16px;color:#c00"><b>{title}</b></span></td></tr>
<tr><td>{date}</td></tr>
<tr><td class="noi_dung" id="noi_dung" class="van_ban"><div align="justify">
{writer.html(self.printed_blocks(piece))}
{signed}
</div>{share}</td></tr>
<tr><td class="luot_xem">Lượt xem: {views(piece, ask.hits)} |
{self.print_link(piece, "in-bai-viet", "In bài")}</td></tr>
{self._related(piece)}
</table>""",
        )

    def _where(self, piece: Piece) -> str:
        if not piece.sections:
            return "Giới thiệu"
        slug = piece.sections[0]
        return f'<a href="{self.section_path(slug)[1:]}">{escape(SECTIONS[slug])}</a>'

    def _related(self, piece: Piece) -> str:
        items = "".join(
            f'<tr><td>&bull; <a href="{self.article_path(other)[1:]}">{escape(other.title)}</a></td></tr>'
            for other in self.site.related(piece)
        )
        return f'<tr><td class="bvk"><b>Bài viết khác</b><table>{items}</table></td></tr>' if items else ""
