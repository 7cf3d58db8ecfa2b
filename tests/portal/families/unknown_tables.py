"""No known system: tables of 2005 with upper-case tags, `FONT` elements and a date in words."""

from __future__ import annotations

from html import escape
from typing import ClassVar

from gvreader.demo.article import SECTIONS, Piece
from gvreader.demo.exchange import Ask
from gvreader.demo.family import Family
from gvreader.demo.markup import BodyStyle, spelled
from gvreader.demo.printing import clock, views
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


class Tables(Family):
    """`/index.php?module=…&id=…`; unclosed cells, as browsers of the time forgave them."""

    name: ClassVar[str] = "unknown"
    page_size: ClassVar[int] = 10
    site_title: ClassVar[str] = "UBND HUYEN GIA VIEN"
    styles: tuple[BodyStyle, ...] = (
        BodyStyle(paragraph="br", figure="table", spelling="entities"),
        BodyStyle(figure="table"),
    )

    def route(self, ask: Ask) -> Target | None:
        query = ask.query
        if ask.path.startswith("/upload/"):
            _, _, number, name = ask.path.split("/", 3)
            picture = name.endswith(".png")
            return (
                (PictureFile if picture else AttachedFile)(number=int(number), name=name)
                if number.isdigit()
                else None
            )
        if ask.path not in ("/", "/index.php"):
            return None
        module, number = query.get("module"), query.get("id", "")
        if module == "news" and number.isdigit():
            return ArticlePage(number=int(number))
        if (
            module == "list"
            and number.isdigit()
            and int(number) < len(SECTIONS)
            and query.get("start", "0").isdigit()
        ):
            return SectionPage(
                section=list(SECTIONS)[int(number)], page=int(query.get("start", "0")) // self.page_size + 1
            )
        if module == "static":
            return StaticPage(slug=query.get("name", ""))
        return Home() if module is None else None

    def article_path(self, piece: Piece, section: str | None = None) -> str:
        return f"/index.php?module=news&id={piece.number}"

    def section_path(self, section: str, page: int = 1) -> str:
        path = f"/index.php?module=list&id={list(SECTIONS).index(section)}"
        return path + (f"&start={(page - 1) * self.page_size}" if page > 1 else "")

    def static_path(self, page: Piece) -> str:
        return f"/index.php?module=static&name={page.slug}"

    def picture_path(self, number: int, name: str) -> str:
        return f"/upload/{number}/{name}"

    def file_path(self, number: int, name: str) -> str:
        return f"/upload/{number}/{name}"

    def identity(self, piece: Piece) -> str | None:
        return None if piece.kind == "page" else str(piece.number)

    # ── pages ───────────────────────────────────────────────────────────────────────────────────

    def frame(self, ask: Ask, main: str) -> str:
        menu = "".join(
            f'<TR><TD BGCOLOR="#EEEEEE"><A HREF="{escape(path)}"><FONT SIZE=2>{escape(title)}</FONT></A>'
            for title, path in self._places()
        )
        newest = "".join(
            f'<TR><TD><FONT SIZE=1><A HREF="{escape(self.article_path(piece))}">{escape(piece.title)}</A>'
            f" ({piece.published:%d/%m/%y})</FONT>"
            for piece in self.site.page(None, 1, 4)
        )
        return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<HTML>
<HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=utf-8"><TITLE>{self.site_title}</TITLE></HEAD>
<BODY BGCOLOR="#FFFFFF" TOPMARGIN=0>
<TABLE WIDTH=780 ALIGN=CENTER BORDER=0 CELLPADDING=0>
<TR><TD COLSPAN=3><A HREF="/"><IMG SRC="/upload/top.gif" BORDER=0></A></TD></TR>
<TR><TD COLSPAN=3 ALIGN=RIGHT><FONT SIZE=1>{clock(ask.now)}</FONT></TD></TR>
<TR><TD WIDTH=150 VALIGN=TOP><TABLE WIDTH="100%">{menu}</TABLE></TD>
<TD VALIGN=TOP>{main}</TD>
<TD WIDTH=140 VALIGN=TOP><TABLE><TR><TD><B>TIN M&#7898;I</B>{newest}</TABLE></TD></TR>
<TR><TD COLSPAN=3 ALIGN=CENTER><FONT SIZE=1>UBND huy&#7879;n Gia Vi&#7877;n. S&#7889; l&#432;&#7907;t truy c&#7853;p:
{77_001 + ask.hits}</FONT></TD></TR>
</TABLE>
</BODY>
</HTML>
"""

    def _places(self) -> list[tuple[str, str]]:
        return [
            ("Trang chủ", "/"),
            *((title, self.section_path(slug)) for slug, title in SECTIONS.items()),
            *((page.title, self.static_path(page)) for page in self.site.static_pages.values()),
        ]

    def home(self, ask: Ask) -> str:
        rows = "".join(
            f'<TR><TD BGCOLOR="#CC0000"><A HREF="{escape(self.section_path(slug))}">'
            f"<FONT COLOR=white><B>{escape(title)}</B>"
            f"</FONT></A>{''.join(self._row(piece) for piece in self.site.page(slug, 1, 3))}"
            for slug, title in SECTIONS.items()
        )
        return self.frame(ask, f'<TABLE WIDTH="100%">{rows}</TABLE>')

    def _row(self, piece: Piece) -> str:
        href = escape(self.article_path(piece))
        return (
            f'<TR><TD><A HREF="{href}"><FONT COLOR="#003399"><B>{spelled(piece.title, "entities")}</B></FONT></A>'
            f"<BR><FONT SIZE=2>{spelled(self.teaser(piece), 'entities')}</FONT>"
            f'<DIV ALIGN=RIGHT><A HREF="{href}"><I>Chi ti&#7871;t...</I></A></DIV>\n'
        )

    def section(self, shelf: Shelf, ask: Ask) -> str:
        rows = "".join(self._row(piece) for piece in shelf.pieces)
        pages = " | ".join(
            f"<B>{page}</B>"
            if page == shelf.page
            else f'<A HREF="{escape(self.section_path(shelf.section.slug, page))}">{page}</A>'
            for page in range(1, shelf.pages + 1)
        )
        return self.frame(
            ask,
            f'<TABLE WIDTH="100%"><TR><TD><FONT SIZE=4>{escape(shelf.section.title)}</FONT>{rows}'
            f"<TR><TD ALIGN=CENTER>{pages}</TABLE>",
        )

    def article(self, piece: Piece, ask: Ask) -> str:
        writer = self.body_writer(piece)
        date = ""
        if piece.published:
            day = piece.published
            date = f"<TR><TD><I>Ngày {day.day:02} tháng {day.month:02} năm {day.year}</I>"
        signed = f"<P ALIGN=RIGHT><B>{escape(piece.sign_off.line)}</B></P>" if piece.sign_off else ""
        others = "".join(
            f'<LI><A HREF="{escape(self.article_path(other))}">{escape(other.title)}</A>'
            for other in self.site.related(piece)
        )
        related = f"<TR><TD><B>Các tin khác:</B><UL>{others}</UL>" if others else ""
        return self.frame(
            ask,
            f"""<TABLE WIDTH="100%"><TR><TD><FONT SIZE=4
COLOR="#CC0000"><B>{spelled(piece.title, "entities")}</B></FONT>
{date}
<TR><TD><TABLE WIDTH="100%" BORDER=0><TR><TD ALIGN=JUSTIFY>
{writer.html(self.printed_blocks(piece))}
{signed}
</TD></TR></TABLE>
<TR><TD ALIGN=RIGHT><FONT SIZE=1>S&#7889; l&#7847;n xem: {views(piece, ask.hits)}</FONT>
{related}</TABLE>""",
        )
