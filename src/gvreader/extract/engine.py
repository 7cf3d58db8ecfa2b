"""From one capture to what it says. The order of the questions: is it a page, did it succeed, what kind is it?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import unquote, urlsplit

from gvreader import codings
from gvreader.extract import charset, site
from gvreader.extract.addresses import is_home
from gvreader.extract.article import Draft, draft_article, to_article
from gvreader.extract.confidence import article_confidence, listing_confidence
from gvreader.extract.dates import date_line
from gvreader.extract.families import (
    Recognised,
    draft_by_selectors,
    items_by_selectors,
    mark_noise,
    recognise,
)
from gvreader.extract.feeds import is_feed, read_feed
from gvreader.extract.files import media_of
from gvreader.extract.groups import Group, find_groups
from gvreader.extract.kinds import is_listing
from gvreader.extract.landmarks import furniture
from gvreader.extract.menu import find_menu, menu_entry, section_for
from gvreader.extract.pager import first_page_of, form_pages, next_pages, section_address
from gvreader.extract.pieces import Piece, flow
from gvreader.extract.region import is_within
from gvreader.extract.sections import article_section, breadcrumb
from gvreader.extract.title import head_titles
from gvreader.extract.tree import Tree, parse
from gvreader.extract.verdict import refusal_of_status, refusal_of_words
from gvreader.extract.words import clean
from gvreader.model import (
    Article,
    Capture,
    Extraction,
    FieldTrace,
    Listing,
    ListingItem,
    Page,
    Refusal,
    Request,
    SectionRef,
)
from gvreader.portals import Portal, identity
from gvreader.urls import slug, twin
from gvreader.vietnamese import fold

LIMIT: Final = 32 * 1024 * 1024
MAX_UNREADABLE: Final = 0.1
_WEEKDAYS: Final = re.compile(r"\b(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy)|chủ\s+nhật)\b", re.IGNORECASE)
_WORDS: Final = re.compile(r"[^\W\d_]+")


def extract(capture: Capture, portal: Portal) -> Extraction:
    """What a capture says, as the portal's article, listing, media or refusal. Pure, total and deterministic."""
    url = portal.scope().logical(capture.url) or capture.url
    try:
        body = codings.decode(capture.body, capture.header("Content-Encoding"), limit=LIMIT)
    except codings.TooLarge:
        return Extraction(page=Refusal(url=url, kind="too-large", detail=f"more than {LIMIT} bytes decoded"))
    except codings.BadCoding as error:
        return Extraction(page=Refusal(url=url, kind="bad-encoding", detail=str(error)[:200]))
    content_type = capture.header("Content-Type") or ""
    if 200 <= capture.status < 300 and (media := media_of(url, content_type, body)) is not None:
        return Extraction(page=media)
    decoded = charset.decode(body, content_type)
    if decoded.replaced > MAX_UNREADABLE and len(decoded.text) > 200:
        detail = f"{decoded.replaced:.0%} of the text is unreadable as {decoded.charset}"
        return Extraction(page=Refusal(url=url, kind="bad-encoding", detail=detail))
    refusal = refusal_of_status(capture, decoded.text)
    if refusal is not None:
        return Extraction(page=replace(refusal, url=url), fingerprint=_fingerprint_of_text(decoded.text, url))
    if capture.truncated is not None:
        return Extraction(page=Refusal(url=url, kind="truncated", detail=f"cut off by {capture.truncated}"))
    recognised = recognise(decoded.text, url, portal)
    if is_feed(decoded.text):
        listing = read_feed(decoded.text, url, portal.scope(), recognised.label)
        return Extraction(page=listing, family=recognised.label, family_evidence=recognised.evidence)
    tree = parse(_unwrapped(decoded.text), url, capture.source_uri, portal)
    if tree is None:
        return Extraction(page=Refusal(url=url, kind="no-body", detail="an empty answer"))
    return _Reader(capture, portal, tree, recognised).extraction()


def _unwrapped(text: str) -> str:
    """The HTML inside a JSON answer of an ASP.NET page method (`{"d": "<li>…"}`), else the text itself."""
    if text.lstrip()[:1] != "{":
        return text
    import json

    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return text
    inner = data.get("d") or data.get("html") or data.get("data") if isinstance(data, dict) else None
    return inner if isinstance(inner, str) else text


def fingerprint(shown: str, url: str) -> str:
    """A digest of a page's visible words. Numbers, weekdays and an echo of the address do not count."""
    text = _WEEKDAYS.sub(" ", shown.lower())
    path = unquote(urlsplit(url).path, errors="replace").lower()
    for echo in {
        path,
        path.strip("/"),
        urlsplit(url).path.lower(),
        *(part for part in path.split("/") if len(part) > 3),
    }:
        if len(echo) > 3:
            text = text.replace(echo, " ")
    return hashlib.sha256(" ".join(_WORDS.findall(text)).encode()).hexdigest()[:32]


def _fingerprint_of_text(html: str, url: str) -> str:
    plain = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>|<[^>]*>", " ", html[:500_000])
    return fingerprint(clean(plain), url)


@dataclass(slots=True)
class _Candidate:
    """A page read as a listing: the groups that count, and all of their entries."""

    groups: list[Group]
    items: tuple[ListingItem, ...]
    layer: str


class _Reader:
    """One page under reading."""

    def __init__(self, capture: Capture, portal: Portal, tree: Tree, recognised: Recognised) -> None:
        self.capture = capture
        self.portal = portal
        self.tree = tree
        self.recognised = recognised
        self.pieces: list[Piece] = flow(tree.body)
        mark_noise(tree, self.pieces, recognised.layout)
        self.names = site.site_names(tree, portal)
        self.shown = clean(" ".join(piece.text for piece in self.pieces if piece.text))
        self.home = is_home(tree.address)
        self.menu = find_menu(tree, portal.sections)
        self.pages: tuple[Request, ...] = () if self.home else next_pages(tree)
        self._first_page = section_address(first_page_of(capture))
        elsewhere = {twin(portal.origin), *self.menu.entries, *(twin(request.url) for request in self.pages)}
        self.groups = find_groups(tree, self.pieces, portal.date_format, elsewhere)
        if self.home:
            for url, label in self._box_links():
                self.menu.add(url, label)

    def extraction(self) -> Extraction:
        draft, layer = self._draft()
        listing = self._listing()
        page: Page
        chosen: Draft | None = None
        if self.home or self._is_listing(draft, listing):
            page = self._to_listing(listing)
        else:
            article = self._to_article(draft, layer)
            page = article if article is not None else self._nothing()
            chosen = draft if article is not None else None
        refusal = refusal_of_words(
            self.tree,
            self.shown,
            draft.text_mass,
            is_page_of_content=(
                isinstance(page, Article)
                and (page.published is not None or draft.text_mass > 600 or bool(page.attachments))
            )
            or (isinstance(page, Listing) and bool(page.items)),
        )
        if refusal is not None:
            page, chosen = refusal, None
        elif isinstance(page, Listing) and not page.items and not page.next and not self.menu.entries:
            page = self._nothing()
        return Extraction(
            page=page,
            family=self.recognised.label,
            family_evidence=self.recognised.evidence,
            menu=tuple(self.menu.entries.values()),
            feeds=site.find_feeds(self.tree, self.recognised.layout.feeds if self.recognised.layout else ()),
            site_title=site.site_title(self.tree),
            fingerprint=fingerprint(self.shown, self.tree.address),
            trace=self._trace(page, chosen, listing),
            dropped=tuple(dict.fromkeys(chosen.dropped))[:100] if chosen else (),
        )

    # ── what it can be ──────────────────────────────────────────────────────────────────────────

    def _draft(self) -> tuple[Draft, str]:
        captured: datetime = self.capture.captured
        declared = draft_by_selectors(self.tree, self.pieces, self.recognised.layout, self.portal, captured)
        if declared is not None:
            return declared, "family"
        return draft_article(
            self.tree, self.pieces, self.names, captured, self.portal.date_format
        ), "structure"

    def _listing(self) -> _Candidate:
        declared = items_by_selectors(self.tree, self.recognised.layout, self.portal.date_format)
        usable = [group for group in self.groups if not group.noise]
        if self.home:
            chosen = [group for group in usable if group.title_length >= 20]
        else:
            main = [group for group in usable if not group.after_closing] or usable
            best = max(main, key=lambda group: group.score, default=None)
            chosen = [best, *self._beside(best, main)] if best else []
        items: dict[str, ListingItem] = {item.url: item for item in declared}
        for group in sorted(chosen, key=lambda group: group.entries[0].index):
            for item in group.items():
                if (not declared or self.home or item.url in items):
                    items.setdefault(item.url, item)
        return _Candidate(chosen, tuple(items.values()), "family" if declared else "structure")

    def _beside(self, main: Group, groups: Sequence[Group]) -> list[Group]:
        """Groups that belong to the main list: in the same column, under no heading of their own."""
        column = main.container.getparent()
        return [
            group
            for group in groups
            if group is not main
            and not group.after_closing
            and group.title_length >= 25
            and column is not None
            and column.tag not in ("body", "html")
            and is_within(group.container, column)
            and (
                not group.label or group.label == main.label or group.entries[0].index < main.entries[0].index
            )
        ]

    def _is_listing(self, draft: Draft, listing: _Candidate) -> bool:
        paged = bool(self.pages) or twin(self._first_page) != twin(first_page_of(self.capture))
        return is_listing(
            draft,
            self.pieces,
            listing.groups,
            declared=len(listing.items) if listing.layer == "family" else 0,
            paged=paged,
            known_section=menu_entry(self._first_page, self.menu) is not None,
        )

    def _nothing(self) -> Refusal:
        if self.shown:
            return Refusal(url=self.tree.address, kind="no-body", detail="no title or no text was found")
        return Refusal(url=self.tree.address, kind="no-body", detail="the page shows no text")

    # ── what it is ──────────────────────────────────────────────────────────────────────────────

    def _to_article(self, draft: Draft, layer: str) -> Article | None:
        if not draft.text_mass and not draft.attachments and not draft.body.images:
            return None
        family = self.recognised.label
        piece = draft.title.piece if draft.title else None
        article = to_article(
            draft,
            self.tree,
            identity=identity(self.tree.address, family if self.recognised.layout else self.portal.family),
            sections=article_section(self.tree, self.pieces, piece, self.menu),
            family=family,
        )
        if article is None:
            return None
        return replace(article, confidence=article_confidence(draft, self.tree, layer))

    def _to_listing(self, candidate: _Candidate) -> Listing:
        pages = (*self.pages, *form_pages(self.tree, self.recognised.layout, self.capture))
        title = self._listing_title(candidate)
        section: SectionRef | None = None
        if not self.home and title:
            section = section_for(self._first_page, title, self.menu)
        return Listing(
            url=self.tree.address,
            title=title,
            section=section,
            items=candidate.items,
            next=pages,
            family=self.recognised.label,
            confidence=listing_confidence(candidate.items, candidate.layer, bool(pages)),
        )

    def _listing_title(self, candidate: _Candidate) -> str | None:
        """What the page's list is called: its menu entry, the head's words where the page prints them, a heading."""
        if (entry := menu_entry(self._first_page, self.menu)) is not None:
            return entry.title
        names = {fold(name) for name in self.names}
        titles = {fold(item.title) for item in candidate.items}
        first = min((group.entries[0].index for group in candidate.groups), default=len(self.pieces))
        above = [
            piece
            for piece in self.pieces[:first]
            if 2 < len(piece.text) < 120
            and piece.folded not in names | titles
            and date_line(piece) is None
            and not furniture(piece)
            and piece.noise not in ("chrome", "dialog", "sidebar", "tags")
        ]
        heads = {fold(head): head for head in head_titles(self.tree, self.names) if fold(head) not in titles}
        if printed := next((piece for piece in above if piece.folded in heads), None):
            return printed.text
        if trail := breadcrumb(self.tree):
            return trail[-1][1]
        headings = [piece for piece in above if piece.kind == "heading" and not piece.noise]
        if headings:
            return min(headings, key=lambda piece: piece.level).text
        if heads:
            return next(iter(heads.values()))
        labels = [piece.text for piece in above if not piece.noise and not piece.link_chars and len(piece.text) < 80]
        return labels[-1] if labels else slug(self._first_page).replace("-", " ") or None

    def _box_links(self) -> tuple[tuple[str, str], ...]:
        """Links in the headings of a home page's boxes: sections that its menu may lack."""
        found: list[tuple[str, str]] = []
        titles = {
            entry.url
            for group in self.groups
            if not group.noise and group.title_length >= 30
            for entry in group.entries
        }
        for piece in self.pieces:
            if (
                (piece.kind != "heading" and piece.role != "title")
                or not piece.is_link
                or len(piece.text.split()) > 6
            ):
                continue
            link = piece.link
            url = self.tree.link(link.get("href")) if link is not None else None
            if url and url not in titles and self.tree.scope.contains(url) and not is_home(url):
                found.append((url, piece.text))
        return tuple(found)

    def _trace(self, page: Page, draft: Draft | None, listing: _Candidate) -> tuple[FieldTrace, ...]:
        if isinstance(page, Listing):
            traced = [
                FieldTrace(
                    field="items", value=str(len(page.items)), layer=listing.layer, confidence=page.confidence
                )
            ]
            if page.title:
                traced.append(FieldTrace(field="title", value=page.title, layer="structure", confidence=0.8))
            traced += [
                FieldTrace(
                    field="next", value=f"{request.method} {request.url}", layer="structure", confidence=0.9
                )
                for request in page.next[:10]
            ]
            return tuple(traced)
        if draft is None or not isinstance(page, Article):
            return ()
        return tuple(_article_trace(page, draft))


def _article_trace(page: Article, draft: Draft) -> list[FieldTrace]:
    body_layer = "family" if draft.title and draft.title.layer == "family" else "density"
    traced: list[FieldTrace] = []
    if draft.title:
        traced.append(
            FieldTrace(
                field="title",
                value=draft.title.text,
                layer=draft.title.layer,
                confidence=draft.title.confidence,
            )
        )
    if draft.dated:
        traced.append(
            FieldTrace(
                field="published",
                value=draft.dated.published.isoformat(),
                layer=draft.dated.layer,
                confidence=draft.dated.confidence,
            )
        )
    for name, value in (
        ("author", page.author),
        ("organisation", page.organisation),
        ("summary", page.summary),
    ):
        if value:
            traced.append(FieldTrace(field=name, value=value[:200], layer="structure", confidence=0.9))
    traced.append(
        FieldTrace(
            field="body", value=f"{len(page.blocks)} blocks", layer=body_layer, confidence=page.confidence
        )
    )
    traced += [
        FieldTrace(field="section", value=f"{one.slug} {one.title}", layer="structure", confidence=0.9)
        for one in page.sections
    ]
    traced += [
        FieldTrace(field="image", value=one.url, layer=body_layer, confidence=0.95) for one in page.images
    ]
    traced += [
        FieldTrace(field="attachment", value=one.url, layer=body_layer, confidence=0.95)
        for one in page.attachments
    ]
    return traced
