"""VNPT's vnPortal: class names of the real thing, and a pager that posts a form and gets a fragment back."""

from __future__ import annotations

import re
from html import escape
from typing import ClassVar, Final

from gvreader.demo.article import SECTIONS, Piece
from gvreader.demo.exchange import Ask, PortalReply
from gvreader.demo.family import Family
from gvreader.demo.markup import BodyStyle, spelled
from gvreader.demo.printing import long_date, short_time, views
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

SITE_ID: Final = 2476
FIRST_RECORD: Final = 325_000
FIRST_CATEGORY: Final = 54_400
LOAD: Final = "/DesktopModule/UIArticleInMenu/ArticleInMenuPagination.aspx/LoadArticle"

_ARTICLE: Final = re.compile(r"/([\w-]+)/[^/]*?-(\d+)")
_FILE: Final = re.compile(rf"/nbh-ubnd/{SITE_ID}/(anhbai|vanban)/(\d+)/([^/]+)")


class VnPortal(Family):
    """Listings show fifteen articles; the rest comes from the form."""

    name: ClassVar[str] = "vnpt"
    page_size: ClassVar[int] = 15
    prints_time: bool = True
    prints_lead: bool = True
    site_title: ClassVar[str] = "Cổng thông tin điện tử huyện Gia Viễn - tỉnh Ninh Bình"
    styles: tuple[BodyStyle, ...] = (
        BodyStyle(caption="nbsp", filler="<p>&nbsp;</p>"),
        BodyStyle(paragraph="word", caption="nbsp"),
        BodyStyle(figure="figure-table"),
    )

    # ── addresses ───────────────────────────────────────────────────────────────────────────────

    def route(self, ask: Ask) -> Target | None:
        path = ask.path
        if path in ("/", "/trang-chu"):
            return Home()
        if path == LOAD:
            return self._fragment(ask)
        if path.lower() == "/default.aspx":
            return self._old_address(ask)
        if path == "/rss.aspx":
            return FeedPage()
        if found := _FILE.fullmatch(path):
            number, name = int(found[2]), found[3]
            if found[1] == "anhbai":
                return PictureFile(number=number, name=name)
            return AttachedFile(number=number, name=name)
        if path[1:] in SECTIONS:
            return SectionPage(section=path[1:])
        if path[1:] in self.site.static_pages:
            return StaticPage(slug=path[1:])
        found = _ARTICLE.fullmatch(path)
        return ArticlePage(number=int(found[2]) - FIRST_RECORD) if found else None

    def _old_address(self, ask: Ask) -> Target | None:
        """`/Default.aspx?sname=&sid=&pageid=&catid=&id=`, which still answers."""
        query = {name.lower(): value for name, value in ask.query.items()}
        if query.get("id", "").isdigit():
            return ArticlePage(number=int(query["id"]) - FIRST_RECORD)
        if query.get("catid", "").isdigit():
            place = int(query["catid"]) - FIRST_CATEGORY
            return SectionPage(section=list(SECTIONS)[place]) if 0 <= place < len(SECTIONS) else None
        return Home()

    def _fragment(self, ask: Ask) -> Target | None:
        """The pager's endpoint: form fields in, list items and the next pager out."""
        form = ask.form
        number, page, size = (form.get(name, "") for name in ("article_category_id", "page", "page_size"))
        wrong = not (number.isdigit() and page.isdigit() and size.isdigit()) or form.get("site_id") != str(
            SITE_ID
        )
        if ask.method != "POST" or wrong:
            return Fixed(answer=PortalReply(status=500, body=b"Server Error"))
        place = int(number) - FIRST_CATEGORY
        if not 0 <= place < len(SECTIONS):
            return Fixed(answer=PortalReply(status=500, body=b"Server Error"))
        shelf = self.shelf(list(SECTIONS)[place], int(page))
        return Fixed(answer=PortalReply(body=self._list(shelf).encode()))

    def article_path(self, piece: Piece, section: str | None = None) -> str:
        folder = section or (piece.sections[0] if piece.sections else "tin-tuc")
        return f"/{folder}/{piece.slug}-{self.identity(piece)}"

    def section_path(self, section: str, page: int = 1) -> str:
        return f"/{section}"

    def static_path(self, page: Piece) -> str:
        return f"/{page.slug}"

    def picture_path(self, number: int, name: str) -> str:
        return f"/nbh-ubnd/{SITE_ID}/anhbai/{number}/{name}"

    def file_path(self, number: int, name: str) -> str:
        return f"/nbh-ubnd/{SITE_ID}/vanban/{number}/{name}"

    def identity(self, piece: Piece) -> str | None:
        return None if piece.kind == "page" else str(FIRST_RECORD + piece.number)

    # ── pages ───────────────────────────────────────────────────────────────────────────────────

    def frame(self, ask: Ask, title: str, main: str) -> str:
        return f"""<!DOCTYPE html>
<html lang="vi">
<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>{escape(title)}</title>
<meta name="Generator" content="vnPortal" />
<link rel="alternate" type="application/rss+xml" href="/rss.aspx" />
<script src="/DesktopModule/js/vnportal.js"></script></head>
<body>
<form name="aspnetForm" method="post" action="./" id="aspnetForm">
<input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="/wEPDwUKLTE2MjY5MTY1NWRk{ask.hits:x}" />
<div class="container Header"><a href="/"><img src="/nbh-ubnd/{SITE_ID}/banner.png" alt="banner" /></a>
<div class="UIDateTime">{long_date(ask.now)}</div></div>
<div class="UIMenu_Default">{self.menu(tag_class="nav", nowhere="javascript:;")}</div>
<div class="row"><div class="col-md-9 ContentPane" id="ContentPane">
{main}
</div>
<div class="col-md-3 RightPane">{self._most_read()}
<div class="UIVisitor">Đang online: {ask.hits % 51 + 1}<br />Tổng truy cập: {2_801_004 + ask.hits}</div></div></div>
<div class="Footer">Cơ quan chủ quản: UBND huyện Gia Viễn. Bản quyền &copy; VNPT</div>
</form>
</body>
</html>
"""

    def _most_read(self) -> str:
        items = "".join(
            f'<li><a href="{self.article_path(piece)}">{escape(piece.title)}</a>'
            f'<span class="Ngaydang">({piece.published:%d/%m/%Y})</span></li>'
            for piece in self.site.page(None, 1, 5)
        )
        return f'<div class="UIArticleMostView_Default"><h3>Tin xem nhiều</h3><ul>{items}</ul></div>'

    def home(self, ask: Ask) -> str:
        boxes = "".join(
            f'<div class="UIArticleHot_Default"><div class="Title_Zone"><a href="{self.section_path(slug)}">'
            f"{escape(title)}</a></div>"
            f'<ul class="ArticleList">{self._newest(slug)}</ul></div>'
            for slug, title in SECTIONS.items()
        )
        return self.frame(ask, self.site_title, boxes)

    def _newest(self, section: str) -> str:
        return "".join(self._row(piece, section) for piece in self.site.page(section, 1, 4))

    def _row(self, piece: Piece, section: str) -> str:
        href = self.article_path(piece, section)
        image = ""
        if piece.pictures:
            source = self.picture_path(piece.number, piece.pictures[0].name)
            image = f'<a href="{href}"><img class="image" src="{source}" alt="anh tin bai" /></a>'
        return (
            f'<li class="row">{image}<h2 class="Title"><a href="{href}" title="{escape(piece.title)}">'
            f'{spelled(piece.title)}</a></h2><div class="Ngaydang">{piece.published:%d/%m/%Y}</div>'
            f"<p>{spelled(self.teaser(piece))}</p></li>\n"
        )

    def section(self, shelf: Shelf, ask: Ask) -> str:
        script = self._script(shelf) if shelf.pages > 1 else ""
        return self.frame(
            ask,
            f"{shelf.section.title} - {self.site_title}",
            f'<div class="UIBreadcrumb"><a href="/">Trang chủ</a> / {escape(shelf.section.title)}</div>\n'
            f'<div class="UIArticleInMenu_Default"><div class="Title_Zone">{escape(shelf.section.title)}</div>\n'
            f'<div id="ArticleInMenu">{self._list(shelf)}</div></div>{script}',
        )

    def _list(self, shelf: Shelf) -> str:
        rows = "".join(self._row(piece, shelf.section.slug) for piece in shelf.pieces)
        return f'<ul class="ArticleList">\n{rows}</ul>{self._pager(shelf) if shelf.pages > 1 else ""}'

    def _pager(self, shelf: Shelf) -> str:
        numbers = "".join(
            f'<li class="page-item page-number{" active" if page == shelf.page else ""}" data-page="{page}">'
            f'<a class="page-link" href="javascript:void(0)">{page}</a></li>'
            for page in range(1, min(shelf.pages, 5) + 1)
        )
        after = '<li class="page-item next"><a href="javascript:void(0)">&raquo;</a></li>'
        return f'<ul class="pagination">{numbers}{after}</ul>'

    def _script(self, shelf: Shelf) -> str:
        category = FIRST_CATEGORY + list(SECTIONS).index(shelf.section.slug)
        return f"""
<script type="text/javascript">
var maxPage = parseInt({shelf.pages});
function LoadArticle(page) {{
 $.ajax({{ type: "POST", url: "{LOAD}",
  data: {{ article_category_id: {category}, categoryIds: "{category}", site_id: {SITE_ID}, page: page,
   page_size: {self.page_size}, keyword: "", date_begin: "", date_end: "", show_no: "False", show_post_date: "True",
   num_of_text: 0, show_view_count: "False", filter_order_in_list: "False", is_default: "False", new: "False",
   number_of_day: 3, no: -{self.page_size}, articlelang: "vi-VN", lang: "vi-VN", is_authenticated: "False" }},
  success: function (data) {{ $("#ArticleInMenu").html(data); }} }});
}}
</script>"""

    def article(self, piece: Piece, ask: Ask) -> str:
        writer = self.body_writer(piece)
        named = self.breadcrumb(piece)
        where = f' / <a href="{named[1]}">{escape(named[0])}</a>' if named else ""
        date = f'<div class="PostDate">{short_time(piece.published)}</div>' if piece.published else ""
        lead = (
            f'<div class="ArticleSummary"><p><strong>{spelled(piece.lead)}</strong></p></div>'
            if piece.lead
            else ""
        )
        signed = (
            writer.paragraph(f"<b>{escape(piece.sign_off.line)}</b>", align="right") if piece.sign_off else ""
        )
        image = ""
        if piece.pictures:
            source = self.picture_path(piece.number, piece.pictures[0].name)
            image = f'<img class="ImgDetailImage" src="{source}" style="display:none" />'
        return self.frame(
            ask,
            piece.title,
            f"""<div class="UIBreadcrumb"><a href="/">Trang chủ</a>{where}</div>
<div class="ArticleDetailControl">
<h1 class="ArticleHeader">{spelled(piece.title)}</h1>
{date}
<div class="tool"><a onclick="share('{self.newest_title()}')">Chia sẻ</a>
<span>Lượt xem: {views(piece, ask.hits)}</span>
<a href="javascript:window.print()">In bài viết</a> <a href="javascript:void(0)">A+</a></div>
{lead}
{image}
<div class="ArticleContent">
{writer.html(self.printed_blocks(piece))}
{signed}
</div>
<div class="author">quantri</div>
<div class="UISocialShare"><a href="https://www.facebook.com/sharer.php">Facebook</a> <a href="#">Zalo</a></div>
</div>
{self._related(piece)}""",
        )

    def _related(self, piece: Piece) -> str:
        items = "".join(
            f'<li><a href="{self.article_path(other)}">{escape(other.title)}</a> '
            f'<span class="Ngaydang">({short_time(other.published)})</span></li>'
            for other in self.site.related(piece)
            if other.published
        )
        return (
            f'<div class="UIArticleRelated_Default"><h3>Các tin khác</h3><ul>{items}</ul></div>'
            if items
            else ""
        )

    def feed(self, section: str | None, ask: Ask) -> str | None:
        return self.rss(section, ask, twice_escaped=True)
