"""Lạc Việt on SharePoint, after pages of Đắk Song: tables, `<base href>`, the build day above lists, no ids."""

from __future__ import annotations

import re
from html import escape
from typing import ClassVar, Final

from gvreader.demo.article import SECTIONS, Piece
from gvreader.demo.exchange import Ask
from gvreader.demo.family import Family
from gvreader.demo.markup import BodyStyle, spelled
from gvreader.demo.printing import from_letters, in_letters
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

_FILE: Final = re.compile(r"/img/(\d+)/([^/]+)")
_SECTION: Final = re.compile(r"/tin-tuc-su-kien/([\w-]+)(?:/page/(\d+))?")
_ARTICLE: Final = re.compile(r"/[a-z0-9-]*?-?([a-z]{1,5})")


class LacViet(Family):
    """The page's `<title>` is the site's name and its language is said to be English."""

    name: ClassVar[str] = "lacviet"
    page_size: ClassVar[int] = 10
    prints_lead: bool = True
    files_apart: ClassVar[bool] = True
    site_title: ClassVar[str] = "Trang Thông Tin Điện Tử huyện Gia Viễn - tỉnh Ninh Bình"
    styles: tuple[BodyStyle, ...] = (
        BodyStyle(figure="table", spelling="decomposed"),
        BodyStyle(figure="table", spelling="entities"),
        BodyStyle(figure="table", paragraph="word"),
    )

    def route(self, ask: Ask) -> Target | None:
        path = ask.path
        if path in ("/", "/Pages/default.aspx"):
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
        if path[1:] in self.site.static_pages:
            return StaticPage(slug=path[1:])
        found = _ARTICLE.fullmatch(path)
        return ArticlePage(number=from_letters(found[1])) if found else None

    def article_path(self, piece: Piece, section: str | None = None) -> str:
        return f"/{piece.slug}-{in_letters(piece.number)}"

    def section_path(self, section: str, page: int = 1) -> str:
        return f"/tin-tuc-su-kien/{section}" + (f"/page/{page}" if page > 1 else "")

    def static_path(self, page: Piece) -> str:
        return f"/{page.slug}"

    def picture_path(self, number: int, name: str) -> str:
        return f"/img/{number}/{name}"

    def file_path(self, number: int, name: str) -> str:
        return f"/img/{number}/{name}"

    def identity(self, piece: Piece) -> str | None:
        return None

    # ── pages ───────────────────────────────────────────────────────────────────────────────────

    def frame(self, ask: Ask, folder: str, time: str, main: str) -> str:
        return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns:o="urn:schemas-microsoft-com:office:office" __expr-val-dir="ltr" lang="en-us" dir="ltr">
<meta http-equiv="content-type" content="text/html;charset=utf-8" />
<head>
    <meta name="GENERATOR" content="Microsoft SharePoint" />
    <meta name="progid" content="SharePoint.WebPartPage.Document" />
    <title>

        {self.site_title}
    </title>
    <base href="{ask.origin}/">
</head>
<body class="songanh" scroll="no">
<div name="aspnetForm" id="aspnetForm">
<noscript><div class='noindex'>You may be trying to access this site
from a secured browser on the server.</div></noscript>
<div class="ms-topnav">{self.menu(tag_class="static", nowhere="javascript:void(0)")}</div>
<div class="snLeft"><li class="ms-navSubMenu" id="li0_06edd618">{self.menu(link_class="leftsubmenu")}</li></div>
<div class="snCenter"><div class="postMain">
<table width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td id="MSOZoneCell_WebPartWPQ10" valign="top">
<LINK rel="stylesheet" type="text/css" href="/_layouts/LacVietBio/css/news_css.css" />
<DIV class="container_top_mid2"><TABLE border="0" cellSpacing="0" cellPadding="0" width="100%"><TBODY>
<TR class="ms-news-header"><TD style="CURSOR: hand" class="FolderTitle" vAlign="top"> {escape(folder)}
 </TD><TD style="TEXT-ALIGN: right" class="Time" vAlign="top" align="right">{time}</TD></TR></TBODY></TABLE></DIV>
{main}
</td></tr></table>
</div></div>
<div class="snRight"><p>Số lượt truy cập: {412_000 + ask.hits}</p></div>
</div></body></html>
"""

    def home(self, ask: Ask) -> str:
        boxes = "".join(
            f'<tr><td class="TitleFolder"><a href="{self.section_path(slug)[1:]}">{escape(title)}</a></td></tr>'
            f"{''.join(self._rows(piece) for piece in self.site.page(slug, 1, 3))}"
            for slug, title in SECTIONS.items()
        )
        return self.frame(ask, "Trang chủ", f"{ask.now:%d/%m/%Y}", f"<TABLE><TBODY>{boxes}</TBODY></TABLE>")

    def _rows(self, piece: Piece) -> str:
        href = self.article_path(piece)[1:]
        image = ""
        if piece.pictures:
            source = self.picture_path(piece.number, piece.pictures[0].name)
            image = f'<a href="{href}"><img class="img-slidemenu" alt="" src="{source}" width="130" height="100"></a>'
        return (
            f'<tr><td class="TitleFront"><a href="{href}">{spelled(piece.title)}<span class="ShowDate">\n'
            f"      ({piece.published:%d/%m/%Y})\n   </span></a></td></tr>\n"
            '<tr><td style="PADDING-BOTTOM: 10px" class="tinHT"><table border="0" align="left"><tbody><tr><td>'
            f'{image}</td></tr></tbody></table><div style="TEXT-ALIGN: justify" class="ContentText">'
            f"{spelled(self.teaser(piece))}<br></div></td></tr>\n"
        )

    def section(self, shelf: Shelf, ask: Ask) -> str:
        rows = "".join(self._rows(piece) for piece in shelf.pieces)
        after = ""
        if shelf.page < shelf.pages:
            href = self.section_path(shelf.section.slug, shelf.page + 1)
            after = f'<a href="{href}" class="btn"> | Sau</a>'
        before = ""
        if shelf.page > 1:
            before = (
                f'<a href="{self.section_path(shelf.section.slug, shelf.page - 1)}" class="btn">Trước</a>'
            )
        return self.frame(
            ask,
            shelf.section.title,
            # The day on which the list was built, later than every item.
            f"{ask.now:%d/%m/%Y}",
            f'<table id="tableforprint" border="0" width="100%"><tr><td><DIV id="part2"><TABLE border="0" width="100%">'
            f'<TBODY>{rows}<TR><TD class="Other" width="100%"><UL /></TD></TR></TBODY></TABLE>'
            f'<ul class="pagination"><li><nav class="pagination">{before}{after}</nav></li></ul>'
            "</DIV></td></tr></table>",
        )

    def article(self, piece: Piece, ask: Ask) -> str:
        writer = self.body_writer(piece)
        named = self.breadcrumb(piece)
        lead = spelled(piece.lead) if piece.lead else ""
        signed = (
            f'<p style="text-align:right">{spelled(piece.sign_off.line, "entities")}</p>'
            if piece.sign_off
            else ""
        )
        title = spelled(piece.title)
        date = f"{piece.published:%d/%m/%Y}" if piece.published else ""
        return self.frame(
            ask,
            named[0] if named else "Giới thiệu",
            date,
            f"""<DIV id="part1"><TABLE id="tableforprint" border="0" cellSpacing="0" cellPadding="0" width="100%">
<TBODY><TR><TD width="100%"><P class="Title">{title} </P></TD></TR>
<TR><TD style="TEXT-ALIGN: justify"><B class="lv_description_mode1 allowMenu">{lead}
</B></TD></TR>
<TR><TD style="TEXT-ALIGN: justify"><div class="ExternalClassD44D9F9779FB424380767EC8F35A4E72">
<p style="text-align:justify"><span style="font-size:14px"><br /></span></p>
<div id="content-print">
{writer.html(self.printed_blocks(piece))}
{signed}
</div></div></TD></TR>{self._files(piece)}<TR><TD /></TR></TBODY></TABLE><BR />
<span class="css_readCounter">Số lượt người xem : <b id="viewCounter">{ask.hits + piece.number}</b></span>
<span class="css_printandback"><a class="print" href="javascript: popuponclick()"> Bản in </a></span>
<DIV class="css_linkstoweb"><div id="id_link_facebook"
onclick="linkFacebook('{self.newest_title()}');">&nbsp;</div></DIV>
</DIV>
{self._related(piece)}""",
        )

    def _files(self, piece: Piece) -> str:
        links = "".join(
            f'<a class="htvb_ahref" target="_blank" href="{escape(self.file_path(piece.number, file.name))}">'
            f"{escape(file.label)}</a>"
            for file in piece.files
        )
        # The span is closed where none was opened, as on the real page.
        return (
            f'<TR><td class="td_ct2"><div class="htvb_Att_img">Nhấn vào để xem </span>{links}</div></td></TR>'
            if links
            else ""
        )

    def _related(self, piece: Piece) -> str:
        items = "".join(
            f'<li><a href=".{self.article_path(other)}">{escape(other.title)}</a>\n'
            f'<SPAN class="ShowDate">({other.published:%d/%m/%Y})</SPAN></li>'
            for other in self.site.related(piece)
        )
        if not items:
            return ""
        return (
            '<DIV id="part2"><TABLE class="tbtinkhac" width="100%"><TBODY><TR><TD class="OtherTitle">'
            '<P class="OtherTitle">TIN ĐÃ ĐƯA  </P></TD></TR></TBODY></TABLE><TABLE border="0" width="100%"><TBODY><TR>'
            f'<TD class="Other" width="100%"><UL>{items}</UL></TD></TR></TBODY></TABLE></DIV>'
        )
