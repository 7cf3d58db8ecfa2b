"""No known system, another one for each seed: tags, class names, order of parts, date line and addresses are drawn."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from random import Random
from typing import ClassVar, Final

from gvreader.demo.article import SECTIONS, Piece
from gvreader.demo.exchange import Ask
from gvreader.demo.family import Family
from gvreader.demo.markup import BodyStyle, spelled
from gvreader.demo.printing import (
    from_letters,
    in_letters,
    long_date,
    near,
    views,
)
from gvreader.demo.site import Site
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

_FILE: Final = re.compile(r"/(?:data|uploads|files)/(\d+)/([^/]+)")
_DAYS: Final[tuple[Callable[[datetime], str], ...]] = (
    long_date,
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"Ngày đăng: {day:%d-%m-%Y}",
    lambda day: f"Ngày {day.day} tháng {day.month} năm {day.year}",
    lambda day: f"({day:%d/%m/%Y})",
)
_TIMES: Final[tuple[Callable[[datetime], str], ...]] = (
    lambda day: f"{long_date(day)} - {day:%H:%M}",
    lambda day: f"{day:%H:%M} | {day:%d/%m/%Y}",
    lambda day: f"Cập nhật lúc {day:%H:%M} ngày {day:%d/%m/%Y}",
    lambda day: f"{long_date(day)}, {day:%H:%M} GMT+7",
    lambda day: f"{day:%d/%m/%Y %H:%M:%S}",
    lambda day: f"Đăng lúc: {day:%H}h{day:%M}, {day:%d/%m/%Y}",
)
_OTHERS: Final = (
    "Bài viết khác", "Tin liên quan", "Các tin khác", "Tin cùng chuyên mục", "Các bài đã đăng", "Tin đã đưa",
    "Xem thêm",
)  # fmt: skip
_STYLES: Final = (
    BodyStyle(),
    BodyStyle(figure="figure"),
    BodyStyle(paragraph="div", caption="plain"),
    BodyStyle(paragraph="word", figure="table"),
    BodyStyle(paragraph="br"),
    BodyStyle(figure="figure-table", source="data-original"),
    BodyStyle(spelling="entities", caption="nbsp", filler="<p>&nbsp;</p>"),
    BodyStyle(spelling="nfd"),
    BodyStyle(paragraph="div", figure="table", spelling="decomposed"),
)
_NAMES: Final = {
    "plain": ("tieu-de", "ngay", "tom-tat", "noi-dung", "tin-khac", "tac-gia", "muc", "khung", "trang"),
    "english": ("post-head", "meta", "sapo", "post-body", "more", "writer", "item", "wrap", "paging"),
    "short": ("t1", "x2", "k3", "c9", "r4", "z5", "i6", "w7", "q8"),
    "hashed": (
        "css-1ab2",
        "css-9xk",
        "css-77q",
        "css-m0p",
        "css-3rr",
        "css-8vd",
        "css-5it",
        "css-w11",
        "css-p9",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What was drawn for one site."""

    names: tuple[str, ...]
    title_tag: str
    date: Callable[[datetime], str]
    has_time: bool
    date_above_title: bool
    counter_in_date: bool
    lead: bool
    body_tag: str
    depth: int
    sidebar_first: bool
    tables: bool
    other: str
    item_tag: str
    listing_dates: bool
    share_below: bool
    sign_apart: bool
    metadata: bool
    site_heading: bool
    address: int
    folder: str


def draw(seed: int) -> Layout:
    """The layout of a seed."""
    random = Random(f"layout:{seed}")
    has_time = random.random() < 0.5
    return Layout(
        names=_NAMES[random.choice(list(_NAMES))],
        title_tag=random.choice(("h1", "h1", "h2", "h3", "div", "span", "p")),
        date=random.choice(_TIMES if has_time else _DAYS),
        has_time=has_time,
        date_above_title=random.random() < 0.15,
        counter_in_date=random.random() < 0.3,
        lead=random.random() < 0.6,
        body_tag=random.choice(("div", "div", "section", "article", "span")),
        depth=random.randint(0, 3),
        sidebar_first=random.random() < 0.5,
        tables=random.random() < 0.3,
        other=random.choice(_OTHERS),
        item_tag=random.choice(("li", "div", "article", "tr")),
        listing_dates=random.random() < 0.7,
        share_below=random.random() < 0.5,
        sign_apart=random.random() < 0.25,
        metadata=random.random() < 0.3,
        site_heading=random.random() < 0.3,
        address=random.randrange(4),
        folder=random.choice(("data", "uploads", "files")),
    )


class Seeded(Family):
    """The layout follows the corpus's seed, so that other seeds are other sites."""

    name: ClassVar[str] = "unknown"
    page_size: ClassVar[int] = 12
    site_title: ClassVar[str] = "Trang tin huyện Gia Viễn"

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self.layout = draw(site.corpus.seed)
        self.prints_time = self.layout.has_time
        self.prints_lead = self.layout.lead
        self.styles = tuple(Random(f"styles:{site.corpus.seed}").sample(_STYLES, k=3))

    # ── addresses ───────────────────────────────────────────────────────────────────────────────

    def route(self, ask: Ask) -> Target | None:
        path, query = ask.path, ask.query
        if found := _FILE.fullmatch(path):
            number, name = int(found[1]), found[2]
            picture = name.endswith(".png")
            return (PictureFile if picture else AttachedFile)(number=number, name=name)
        parts = [part for part in path.split("/") if part]
        if not parts:
            return self._by_query(query)
        if parts[0] in self.site.static_pages and len(parts) == 1:
            return StaticPage(slug=parts[0])
        if parts[0] in SECTIONS and (page := self._page_number(parts[1:], query)):
            return SectionPage(section=parts[0], page=page)
        return self._route_article(parts[-1], parts)

    def _by_query(self, query: dict[str, str]) -> Target | None:
        if query.get("id", "").isdigit():
            return ArticlePage(number=int(query["id"]))
        if query.get("cat") in SECTIONS:
            page = query.get("page", "1")
            return SectionPage(section=query["cat"], page=int(page)) if page.isdigit() else None
        return Home()

    def _page_number(self, rest: list[str], query: dict[str, str]) -> int | None:
        if not rest:
            page = query.get("trang", "1")
            return int(page) if page.isdigit() else None
        if rest[0] == "page" and len(rest) == 2 and rest[1].isdigit():
            return int(rest[1])
        return None

    def _route_article(self, last: str, parts: list[str]) -> Target | None:
        if found := re.fullmatch(r".*-(\d+)\.html", last):
            return ArticlePage(number=int(found[1]))
        if len(parts) == 3 and parts[0] == "tin" and parts[1].isdigit():
            return ArticlePage(number=int(parts[1]))
        found = re.fullmatch(r".*-([a-z]{1,5})", last)
        return ArticlePage(number=from_letters(found[1])) if found and len(parts) == 3 else None

    def article_path(self, piece: Piece, section: str | None = None) -> str:
        folder = section or (piece.sections[0] if piece.sections else "tin-tuc")
        day = f"{piece.published:%Y/%m}" if piece.published else "2018/01"
        return (
            f"/{folder}/{piece.slug}-{piece.number}.html",
            f"/?id={piece.number}",
            f"/{day}/{piece.slug}-{in_letters(piece.number)}",
            f"/tin/{piece.number}/{piece.slug}",
        )[self.layout.address]

    def section_path(self, section: str, page: int = 1) -> str:
        first = (f"/{section}", f"/?cat={section}", f"/{section}", f"/{section}/")[self.layout.address]
        more = (f"?trang={page}", f"&page={page}", f"/page/{page}", f"page/{page}")[self.layout.address]
        return first if page == 1 else first + more

    def static_path(self, page: Piece) -> str:
        return f"/{page.slug}"

    def picture_path(self, number: int, name: str) -> str:
        return f"/{self.layout.folder}/{number}/{name}"

    def file_path(self, number: int, name: str) -> str:
        return f"/{self.layout.folder}/{number}/{name}"

    def identity(self, piece: Piece) -> str | None:
        return None if piece.kind == "page" or self.layout.address == 2 else str(piece.number)

    # ── pages ───────────────────────────────────────────────────────────────────────────────────

    def _box(self, part: int, inner: str, tag: str = "div") -> str:
        return f'<{tag} class="{self.layout.names[part]}">{inner}</{tag}>'

    def frame(self, ask: Ask, title: str, main: str, head: str = "") -> str:
        layout = self.layout
        heading = (
            f"<h1>{self.site_title}</h1>" if layout.site_heading else f"<strong>{self.site_title}</strong>"
        )
        side = self._side(ask)
        if layout.tables:
            cells = [f'<td width="220" valign="top">{side}</td>', f'<td valign="top">{main}</td>']
            ordered = cells if layout.sidebar_first else cells[::-1]
            middle = f'<table width="100%"><tr>{"".join(ordered)}</tr></table>'
        else:
            parts = [self._box(7, side), f'<div id="main">{main}</div>']
            middle = "\n".join(parts if layout.sidebar_first else parts[::-1])
        return f"""<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{escape(title)}</title>{head}</head>
<body>
<div id="top">{heading}<span>{long_date(ask.now)}</span></div>
<div id="nav"><a href="/">Trang chủ</a>{self.menu()}</div>
{middle}
<div id="bottom"><p>Cơ quan chủ quản: UBND huyện Gia Viễn</p><p>Lượt truy cập: {88_000 + ask.hits}</p></div>
</body></html>
"""

    def _side(self, ask: Ask) -> str:
        items = "".join(
            f'<li><a href="{escape(self.article_path(piece))}">{escape(piece.title)}</a>'
            f" {piece.published:%d/%m/%Y}</li>"
            for piece in self.site.page(None, 1, 5)
        )
        return f"<h4>Tin xem nhiều</h4><ul>{items}</ul><p>Đang xem: {ask.hits % 31 + 1}</p>"

    def home(self, ask: Ask) -> str:
        boxes = "".join(
            self._box(
                7,
                f'<h3><a href="{escape(self.section_path(slug))}">{escape(title)}</a></h3>{self._items(slug, 1, 4)}',
            )
            for slug, title in SECTIONS.items()
        )
        return self.frame(ask, self.site_title, boxes)

    def _items(self, section: str, page: int, size: int) -> str:
        rows = "\n".join(self._item(piece, section) for piece in self.site.page(section, page, size))
        match self.layout.item_tag:
            case "li":
                return f"<ul>{rows}</ul>"
            case "tr":
                return f"<table>{rows}</table>"
            case _:
                return rows

    def _item(self, piece: Piece, section: str) -> str:
        href = escape(self.article_path(piece, section))
        date = f"<span>{piece.published:%d/%m/%Y}</span>" if self.layout.listing_dates else ""
        image = ""
        if piece.pictures:
            source = self.picture_path(piece.number, piece.pictures[0].name)
            image = f'<a href="{href}"><img src="{source}" alt=""></a>'
        said = (
            f'{image}<a href="{href}" title="{escape(piece.title)}">{spelled(piece.title)}</a> {date}'
            f"<p>{spelled(self.teaser(piece))}</p>"
        )
        if self.layout.item_tag == "tr":
            said = f"<td>{said}</td>"
        return self._box(6, said, self.layout.item_tag)

    def section(self, shelf: Shelf, ask: Ask) -> str:
        slug = shelf.section.slug
        pages = " ".join(
            f"<b>{page}</b>"
            if page == shelf.page
            else f'<a href="{escape(self.section_path(slug, page))}">{page}</a>'
            for page in near(shelf)
        )
        pager = self._box(8, pages) if shelf.pages > 1 else ""
        return self.frame(
            ask,
            shelf.section.title,
            f"<h2>{escape(shelf.section.title)}</h2>{self._items(slug, shelf.page, self.page_size)}{pager}",
        )

    def article(self, piece: Piece, ask: Ask) -> str:
        layout, writer = self.layout, self.body_writer(piece)
        title = self._box(0, spelled(piece.title), layout.title_tag)
        date = ""
        if piece.published:
            seen = f" | Lượt xem: {views(piece, ask.hits)}" if layout.counter_in_date else ""
            date = self._box(1, f"{layout.date(piece.published)}{seen}")
        lead = (
            self._box(2, f"<strong>{spelled(piece.lead)}</strong>", "p") if piece.lead and layout.lead else ""
        )
        signed = apart = ""
        if piece.sign_off:
            line = escape(piece.sign_off.line)
            signed = "" if layout.sign_apart else f'<p style="text-align:right"><b>{line}</b></p>'
            apart = self._box(5, line) if layout.sign_apart else ""
        share = (
            '<div class="share"><a href="#">Facebook</a> <a href="#">Zalo</a> <a href="#">In bài</a></div>'
        )
        body = f"\n{writer.html(self.printed_blocks(piece))}\n{signed}\n"
        for _ in range(layout.depth):
            body = f"<div>{body}</div>"
        body = self._box(3, body, layout.body_tag)
        named = self.breadcrumb(piece)
        where = (
            f'<p><a href="/">Trang chủ</a> › <a href="{escape(named[1])}">{escape(named[0])}</a></p>'
            if named
            else ""
        )
        parts = [
            where,
            *((date, title) if layout.date_above_title else (title, date)),
            "" if layout.share_below else share,
            lead,
            body,
            apart,
            share if layout.share_below else "",
            self._related(piece),
        ]
        head = self._metadata(piece) if layout.metadata else ""
        return self.frame(
            ask, f"{piece.title} - {self.site_title}", "\n".join(part for part in parts if part), head
        )

    def _metadata(self, piece: Piece) -> str:
        """Open Graph and JSON-LD that say what the page says, the date as precisely as it prints it."""
        said: dict[str, object] = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": piece.title,
        }
        if piece.published:
            when = piece.published if self.prints_time else piece.published.date()
            said["datePublished"] = when.isoformat()
        script = json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")
        return (
            f'<meta property="og:title" content="{escape(piece.title)}">'
            f'<script type="application/ld+json">{script}</script>'
        )

    def _related(self, piece: Piece) -> str:
        items = "".join(
            f'<li><a href="{escape(self.article_path(other))}">{escape(other.title)}</a>'
            f" ({other.published:%d/%m/%Y})</li>"
            for other in self.site.related(piece)
        )
        return self._box(4, f"<h3>{self.layout.other}</h3><ul>{items}</ul>") if items else ""
