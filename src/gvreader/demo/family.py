"""What every family has in common: addresses in, pages out, and the truth about each page.

A family declares where its pages live and writes them as HTML; `Family.answer` does the rest.
"""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from dataclasses import replace
from email.utils import format_datetime
from html import escape
from typing import ClassVar, Final
from urllib.parse import quote
from zlib import crc32

from gvreader.demo.article import SECTIONS, Picture, Piece
from gvreader.demo.exchange import Ask, PortalReply
from gvreader.demo.files import (
    DOCX,
    PDF,
    docx,
    pdf,
    picture,
)
from gvreader.demo.markup import Body, BodyStyle, spelled
from gvreader.demo.site import MENU, Entry, Site
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
from gvreader.model import (
    Article,
    Attachment,
    Block,
    Image,
    Published,
    SectionRef,
    Span,
)

_PATH_SAFE: Final = "/:@!$&'()*+,;=~-._"


class Family(ABC):
    """One content system in one markup, speaking for a `Site`."""

    name: ClassVar[str]
    """The family's name; markups of one family share it. `unknown` for layouts of no known system."""
    page_size: ClassVar[int] = 15
    prints_time: bool = False
    """Whether article pages print the time with the date."""
    prints_lead: bool = False
    """Whether article pages show the lead apart from the body; else it is the body's first paragraph."""
    files_apart: ClassVar[bool] = False
    """Whether a body's links to files are shown in a box of their own, outside the body."""
    document_pages: ClassVar[bool] = False
    """Whether official documents have pages of their own kind."""
    site_title: ClassVar[str] = "Trang thông tin điện tử huyện Gia Viễn"
    styles: tuple[BodyStyle, ...] = (BodyStyle(),)
    """The manners in which bodies are written, chosen by record number."""

    def __init__(self, site: Site) -> None:
        self.site = site

    # ── addresses, which each family declares ───────────────────────────────────────────────────

    @abstractmethod
    def route(self, ask: Ask) -> Target | None:
        """Where the request leads; None for nowhere (404)."""

    @abstractmethod
    def article_path(self, piece: Piece, section: str | None = None) -> str:
        """The article's path; with `section`, its second path below that section where the family has one."""

    @abstractmethod
    def section_path(self, section: str, page: int = 1) -> str: ...

    @abstractmethod
    def static_path(self, page: Piece) -> str: ...

    @abstractmethod
    def picture_path(self, number: int, name: str) -> str: ...

    @abstractmethod
    def file_path(self, number: int, name: str) -> str: ...

    def identity(self, piece: Piece) -> str | None:
        """The portal's own id in the article's address, if it carries one."""
        return str(piece.number)

    # ── pages, which each family writes ─────────────────────────────────────────────────────────

    @abstractmethod
    def home(self, ask: Ask) -> str: ...

    @abstractmethod
    def section(self, shelf: Shelf, ask: Ask) -> str: ...

    @abstractmethod
    def article(self, piece: Piece, ask: Ask) -> str: ...

    def not_found(self, ask: Ask) -> str:
        said = f"<h1>Không tìm thấy trang</h1><p>{escape(ask.path)}</p>"
        return f"<html><head><title>404</title></head><body>{said}</body></html>"

    def feed(self, section: str | None, ask: Ask) -> str | None:
        """RSS of the newest articles, where the family has it."""
        return None

    def rss(self, section: str | None, ask: Ask, *, twice_escaped: bool = False) -> str:
        """RSS 2.0 of the twenty newest articles, some portals' descriptions escaped once too often."""
        items = []
        for piece in self.site.page(section, 1, 20):
            teaser = spelled(self.teaser(piece), "entities" if twice_escaped else "plain")
            items.append(
                f"<item><title>{escape(piece.title)}</title>"
                f"<link>{self.address(ask.origin, self.article_path(piece, section))}</link>"
                f"<description>{escape(teaser)}</description>"
                f"<pubDate>{format_datetime(piece.published or ask.now)}</pubDate></item>"
            )
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
            f"<title>{escape(self.site_title)}</title><link>{ask.origin}/</link><language>vi-vn</language>\n"
            + "\n".join(items)
            + "\n</channel></rss>\n"
        )

    # ── answering ───────────────────────────────────────────────────────────────────────────────

    def answer(self, ask: Ask) -> PortalReply:
        """The portal's honest answer."""
        if ask.path == "/robots.txt":
            return PortalReply(media_type="text/plain", body=self.robots().encode())
        try:
            target = self.route(ask)
        except ValueError:
            target = None  # digits that are no number
        answer = None if target is None else self._answer(target, ask)
        return answer if answer is not None else PortalReply(status=404, body=self.not_found(ask).encode())

    def robots(self) -> str:
        return "User-agent: *\nDisallow: /admin/\nDisallow: /tim-kiem\n"

    def _answer(self, target: Target, ask: Ask) -> PortalReply | None:
        site = self.site
        match target:
            case Home():
                return self._page(self.home(ask), f"home-{site.version}")
            case SectionPage(section=slug, page=page):
                if slug not in SECTIONS or not 1 <= page <= site.pages(slug, self.page_size):
                    return None
                return self._page(self.section(self.shelf(slug, page), ask), f"{slug}-{page}-{site.version}")
            case ArticlePage(number=number):
                piece = site.piece(number)
                return None if piece is None else self._article(piece, ask)
            case StaticPage(slug=slug):
                static = site.static_pages.get(slug)
                return None if static is None else self._article(static, ask)
            case PictureFile(number=number, name=name):
                return self._picture(number, name)
            case AttachedFile(number=number, name=name):
                return self._file(number, name)
            case FeedPage(section=section):
                text = self.feed(section, ask)
                return (
                    None
                    if text is None
                    else PortalReply(media_type="text/xml; charset=utf-8", body=text.encode())
                )
            case Fixed(answer=answer):
                return answer

    def _page(self, html: str, tag: str) -> PortalReply:
        etag = f'W/"{crc32(f"{type(self).__name__}-{tag}".encode()):08x}"'
        return PortalReply(body=html.encode(errors="surrogatepass"), etag=etag)

    def _article(self, piece: Piece, ask: Ask) -> PortalReply:
        page = self._page(self.article(piece, ask), f"{piece.kind}-{piece.number}-{piece.revision}")
        return replace(page, modified=piece.published)

    def _picture(self, number: int, name: str) -> PortalReply | None:
        piece = self.site.piece(number)
        if piece is None or name not in {shown.name for shown in piece.pictures}:
            return None
        body = picture(f"{self.site.corpus.seed}:{name}")
        return PortalReply(media_type="image/png", body=body, etag=_strong(body), modified=piece.published)

    def _file(self, number: int, name: str) -> PortalReply | None:
        piece = self.site.piece(number)
        if piece is None or name not in {file.name for file in piece.files}:
            return None
        file = next(file for file in piece.files if file.name == name)
        body = {PDF: pdf, DOCX: docx}[file.media_type](file.lines)
        return PortalReply(
            media_type=file.media_type, body=body, etag=_strong(body), modified=piece.published
        )

    # ── parts of pages ──────────────────────────────────────────────────────────────────────────

    def shelf(self, section: str, page: int) -> Shelf:
        size = self.page_size
        return Shelf(
            section=SectionRef(slug=section, title=SECTIONS[section]),
            pieces=self.site.page(section, page, size),
            page=page,
            pages=self.site.pages(section, size),
        )

    def breadcrumb(self, piece: Piece) -> tuple[str, str] | None:
        """Title and address of the section that the article's page names."""
        if not piece.sections:
            return None
        return SECTIONS[piece.sections[0]], self.section_path(piece.sections[0])

    def newest_title(self) -> str:
        """What share buttons carry on every page: the title of another article."""
        newest = self.site.page(None, 1, 1)
        return escape(newest[0].title.replace("'", "’")) if newest else ""

    def body(self, piece: Piece, *, style: BodyStyle | None = None) -> str:
        """The blocks as HTML, lead and sign-off left to the caller."""
        return self.body_writer(piece, style).html(self.printed_blocks(piece))

    def body_writer(self, piece: Piece, style: BodyStyle | None = None) -> Body:
        return Body(
            style or self.styles[piece.number % len(self.styles)],
            pictures=piece.pictures,
            picture_src=lambda index: self.picture_path(piece.number, piece.pictures[index].name),
            file_href=lambda index: self.file_href(piece, index),
        )

    def file_href(self, piece: Piece, index: int) -> str:
        """How the page spells the link to a file; raw spaces and letters unless a family quotes them."""
        return self.file_path(piece.number, piece.files[index].name)

    def printed_blocks(self, piece: Piece) -> tuple[Block, ...]:
        """The blocks of the body as this family prints them."""
        blocks = piece.blocks
        if self.files_apart:
            blocks = tuple(block for block in blocks if not _is_file_link(block))
        if piece.lead and not self.prints_lead:
            return (Block(kind="paragraph", spans=(Span(text=piece.lead),)), *blocks)
        return blocks

    def teaser(self, piece: Piece) -> str:
        """What a listing says of an article: the lead, else the start of its text."""
        if piece.lead:
            return piece.lead
        first = next((line for block in piece.blocks for line in block.lines), "")
        return first if len(first) < 200 else first[:200].rsplit(" ", 1)[0] + "..."

    def entry_path(self, entry: Entry) -> str | None:
        """Where a menu entry leads; None for a mere heading."""
        if entry.section:
            return self.section_path(entry.section)
        return self.static_path(self.site.static_pages[entry.page]) if entry.page else None

    def menu(self, *, tag_class: str = "", link_class: str = "", nowhere: str = "#") -> str:
        """The nested menu as lists."""
        return f'<ul class="{tag_class}">{self._entries(MENU, link_class, nowhere)}</ul>'

    def _entries(self, entries: tuple[Entry, ...], link_class: str, nowhere: str) -> str:
        parts = []
        for entry in entries:
            below = f"<ul>{self._entries(entry.children, link_class, nowhere)}</ul>" if entry.children else ""
            href = escape(self.entry_path(entry) or nowhere)
            parts.append(f'<li><a class="{link_class}" href="{href}">{escape(entry.title)}</a>{below}</li>')
        return "\n".join(parts)

    # ── the truth ───────────────────────────────────────────────────────────────────────────────

    def truth(self, piece: Piece, origin: str) -> Article:
        """What a perfect reader would extract from the article's page, addresses on `origin`.

        Text is whitespace-normalised as HTML shows it; a paragraph that is nothing but a link to a file is text and
        an attachment. `family` and `confidence` are left at their defaults.
        """
        sign_off = piece.sign_off
        return Article(
            url=self.address(origin, self.truth_path(piece)),
            identity=self.identity(piece),
            kind="article" if piece.kind == "document" and not self.document_pages else piece.kind,
            title=_shown(piece.title),
            summary=_shown(piece.lead) if piece.lead and self.prints_lead else None,
            published=self.truth_date(piece),
            author=sign_off.author if sign_off else None,
            organisation=sign_off.organisation if sign_off else None,
            sections=tuple(SectionRef(slug=slug, title=SECTIONS[slug]) for slug in piece.sections),
            number=piece.document,
            blocks=tuple(self._true_block(block, piece, origin) for block in self.printed_blocks(piece)),
            images=tuple(self._true_image(shown, piece, origin) for shown in piece.pictures),
            attachments=tuple(
                Attachment(
                    url=self.address(origin, self.file_path(piece.number, file.name)),
                    name=file.label,
                    media_type=file.media_type,
                )
                for file in piece.files
            ),
            related=tuple(
                self.address(origin, self.article_path(other)) for other in self.site.related(piece)
            ),
        )

    def truth_path(self, piece: Piece) -> str:
        return self.static_path(piece) if piece.kind == "page" else self.article_path(piece)

    def truth_date(self, piece: Piece) -> Published | None:
        if piece.published is None or self.prints_time:
            return piece.published
        return piece.published.date()

    def address(self, origin: str, path: str) -> str:
        """An absolute address in canonical spelling."""
        bare, mark, query = path.partition("?")
        return origin.rstrip("/") + quote(bare, safe=_PATH_SAFE) + mark + query

    def _true_image(self, shown: Picture, piece: Piece, origin: str) -> Image:
        caption = _shown(shown.caption) if shown.caption else None
        return Image(
            url=self.address(origin, self.picture_path(piece.number, shown.name)),
            caption=caption,
            alt=shown.alt,
        )

    def _true_block(self, block: Block, piece: Piece, origin: str) -> Block:
        """Runs of white space shown as one space, none at the ends."""
        spans: list[Span] = []
        for span in block.spans:
            before = spans[-1].text if spans else " "
            text = re.sub(r"[ \t\r\n\f]+", " ", span.text)
            href = span.href
            if href and href.startswith("file:"):
                href = self.address(origin, self.file_path(piece.number, piece.files[int(href[5:])].name))
            spans.append(replace(span, text=text.lstrip(" ") if before.endswith(" ") else text, href=href))
        if spans:
            spans[-1] = replace(spans[-1], text=spans[-1].text.rstrip(" "))
        return replace(block, spans=tuple(spans))


def _is_file_link(block: Block) -> bool:
    return any(span.href and span.href.startswith("file:") for span in block.spans)


def _shown(text: str) -> str:
    return " ".join(text.split())


def _strong(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:16]}"'
