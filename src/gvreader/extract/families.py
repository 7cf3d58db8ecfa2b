"""Which family printed a page, and what its declarations say of the fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from gvreader.extract.article.body import MAX_SUMMARY
from gvreader.extract.article.draft import ArticleDraft, Given
from gvreader.extract.fields.byline import Byline, parse_byline
from gvreader.extract.fields.content_root import Region, closing_index, is_within
from gvreader.extract.fields.links import attachments_in
from gvreader.extract.fields.publication_date import (
    Dated,
    date_line,
    dates_in,
    day_of,
    from_head,
    iso_date,
    plausible,
    timed,
)
from gvreader.extract.fields.title import Title
from gvreader.extract.navigation.menu import Menu, section_for
from gvreader.extract.page.selectors import select, select_all
from gvreader.extract.page.tables import flat_text
from gvreader.extract.page.text import clean
from gvreader.extract.page.text_blocks import TextBlock
from gvreader.extract.page.tree import Element, Tree
from gvreader.model import ListingItem, SectionRef
from gvreader.portals import (
    ArticleSelectors,
    Layout,
    Portal,
    layouts,
    layouts_of,
)
from gvreader.portals.declaration import compiled
from gvreader.vietnamese import fold

_OVERRIDABLE: Final = frozenset(ArticleSelectors.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Recognised:
    """The layout that a page is printed in, and the strings that gave it away."""

    layout: Layout | None
    evidence: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.layout.label if self.layout else "unknown"


def recognise(html: str, address: str, portal: Portal) -> Recognised:
    """The family of a page by its markup. The portal's own family needs less evidence, never none."""
    lowered = html.encode("utf-8", "replace").lower()
    best: tuple[tuple[bool, float], Recognised] | None = None
    for layout in layouts():
        evidence = [marker for marker in layout.markers if any(one in lowered for one in _spellings(marker))]
        expected = portal.family == layout.family
        # Words that any site may print need markup, or the portal's own name, before an address counts too.
        if (
            layout.needed > 1
            and _has_shape(layout, address)
            and (expected or any("/" in marker or len(marker) > 20 for marker in evidence))
        ):
            evidence.append("address")
        if not evidence or len(evidence) < (1 if expected else layout.needed):
            continue
        # Markers of a family that needs only one are markup, which words that any site may print never outweigh.
        weight = (layout.needed == 1, len(evidence) + (0.5 if expected else 0.0))
        if best is None or weight > best[0]:
            best = (weight, Recognised(layout, tuple(evidence)))
    if best is None and portal.family:
        # A portal that is declared to be of a family without markup of its own is taken at its word.
        declared = next((layout for layout in layouts_of(portal.family) if layout.needed > 1), None)
        if declared is not None:
            return Recognised(declared, ("declared",))
    return best[1] if best else Recognised(None)


@lru_cache(maxsize=512)
def _spellings(marker: str) -> tuple[bytes, ...]:
    """A marker in bytes whose ASCII letters are small; one with other letters also in capitals."""
    spelled = (marker, marker.capitalize(), marker.title(), marker.upper())
    return tuple(dict.fromkeys(one.encode().lower() for one in spelled))


def _has_shape(layout: Layout, address: str) -> bool:
    """Whether an address looks like those of a family's articles."""
    path = urlsplit(address).path
    return any(compiled(pattern).search(path) for pattern in layout.identity)


def _selectors(layout: Layout | None, portal: Portal) -> ArticleSelectors:
    """The selectors for article pages: the configuration's before the family's."""
    base = layout.article if layout else ArticleSelectors()
    if not portal.overrides:
        return base
    fields = {name: getattr(base, name) for name in _OVERRIDABLE}
    for name, alternatives in portal.overrides:
        if name in fields:
            fields[name] = (*alternatives, *fields[name])
    return ArticleSelectors(**fields)


def mark_noise(tree: Tree, pieces: Sequence[TextBlock], layout: Layout | None) -> None:
    """Mark what the family declares to be no part of an article."""
    if layout is None or not layout.noise:
        return
    noise = set(select_all(tree.body, layout.noise))
    if not noise:
        return
    for piece in pieces:
        if piece.noise is None and (
            piece.element in noise or any(one in noise for one in piece.element.iterancestors())
        ):
            piece.noise = "family"


class Declared:
    """What the selectors of a family and of the configuration say of one page."""

    def __init__(
        self,
        tree: Tree,
        pieces: Sequence[TextBlock],
        layout: Layout | None,
        portal: Portal,
        captured: datetime,
    ) -> None:
        self._tree = tree
        self._pieces = pieces
        self._selectors = _selectors(layout, portal)
        self._document = layout.document if layout else ()
        self.given = self._given(captured, portal.date_format)
        self.complete = self.given.title is not None and self.given.region is not None
        if not self.complete:
            # A page of another kind. What the configuration names counts even so.
            self._selectors = _selectors(None, portal)
            self._document = ()
            self.given = self._given(captured, portal.date_format)

    def _given(self, captured: datetime, date_format: str | None) -> Given:
        selectors = self._selectors
        title = self._title(select(self._tree.root, selectors.title))
        region = self._region(_outermost(select(self._tree.root, selectors.body)), title)
        dated = _declared_date(self._tree, self._pieces, selectors, captured, date_format)
        is_document = bool(self._document) and bool(select(self._tree.body, self._document))
        places = select(self._tree.root, selectors.date) if dated is None else []
        return Given(
            title=title,
            region=region,
            dated=dated,
            is_document=is_document,
            has_date_place=any(any(map(str.isdigit, flat_text(place)[:80])) for place in places[:1]),
        )

    def _title(self, elements: list[Element]) -> Title | None:
        for element in elements:
            if headline := clean(element.get("content") or "") or flat_text(element):
                return Title(headline, _first_within(self._pieces, element), "family", 0.98)
        return None

    def _region(self, containers: list[Element], title: Title | None) -> Region | None:
        if not containers:
            return None
        pieces = self._pieces
        inside = [piece.index for piece in pieces if any(is_within(piece.element, one) for one in containers)]
        if inside:
            end = closing_index(pieces, inside[0], inside[-1] + 1)
            return Region(containers[0], inside[0], end, 0.0)
        start = title.piece.index + 1 if title is not None and title.piece is not None else 0
        return Region(containers[0], start, start, 0.0)

    def complete_draft(self, draft: ArticleDraft) -> None:
        """Put what the selectors say of lead, byline, files and related articles into a draft."""
        selectors, root = self._selectors, self._tree.root
        leads = [text for element in select(root, selectors.summary)[:1] if (text := flat_text(element))]
        if leads:
            draft.summary = leads[0]
            draft.body.blocks = [block for block in draft.body.blocks if block.lines != (leads[0],)]
        for element in select(root, selectors.author)[:3]:
            text = flat_text(element)
            byline = parse_byline(text) or parse_byline(f"Tác giả: {text}") if text else None
            if byline is not None:
                author = draft.byline.author or byline.author
                draft.byline = Byline(author, draft.byline.organisation or byline.organisation)
        files = attachments_in(self._tree, select(root, selectors.attachments))
        known = {file.url for file in draft.attachments}
        draft.attachments = (*draft.attachments, *(file for file in files if file.url not in known))
        targets = [self._tree.target(element.get("href")) for element in select(root, selectors.related)]
        related = [target.url for target in targets if target and target.own and not target.extension]
        draft.related = tuple(dict.fromkeys(related)) or draft.related

    def section(self, menu: Menu) -> tuple[SectionRef, ...]:
        """The section that a selector names; none where it names none."""
        for element in select(self._tree.root, self._selectors.section):
            label = flat_text(element)
            anchor = element if element.tag == "a" else next(element.iter("a"), None)
            target = self._tree.target(anchor.get("href")) if anchor is not None else None
            if label and target is not None and target.own and not target.home:
                return (section_for(target.url, label, menu),)
            named = next((entry for entry in menu.entries.values() if fold(entry.title) == fold(label)), None)
            if named is not None:
                return (SectionRef(slug=named.slug, title=named.title),)
        return ()


def _outermost(elements: list[Element]) -> list[Element]:
    chosen = set(elements)
    return [one for one in elements if not any(ancestor in chosen for ancestor in one.iterancestors())]


def _first_within(pieces: Sequence[TextBlock], element: Element) -> TextBlock | None:
    return next((piece for piece in pieces if is_within(piece.element, element)), None) or next(
        (piece for piece in pieces if is_within(element, piece.element) and piece.text), None
    )


def _declared_date(
    tree: Tree,
    pieces: Sequence[TextBlock],
    selectors: ArticleSelectors,
    captured: datetime,
    date_format: str | None,
) -> Dated | None:
    for selector in selectors.date:
        for element in select(tree.root, (selector,))[:3]:
            text = clean(element.get("content") or "") or flat_text(element)
            piece = _first_within(pieces, element) if not element.get("content") else None
            probe = TextBlock("paragraph", element, text=text, role="date")
            line = date_line(probe, date_format)
            published = line.published if line else iso_date(text) if element.get("content") else None
            if published is None and (dates := dates_in(text[:300])):
                published = dates[0].published
            if published is None or not plausible(published, captured):
                continue
            confidence = 0.98 if line is None or line.weekday_agrees is not False else 0.75
            told = from_head(tree)
            if told is not None and abs((day_of(told.published) - day_of(published)).days) > 1:
                confidence -= 0.1
            return Dated(timed(published, element, told), "family", confidence, piece)
    return None


def items_by_selectors(tree: Tree, layout: Layout | None) -> tuple[ListingItem, ...]:
    """A listing's entries as the family's selectors give them."""
    if layout is None or not layout.listing.link:
        return ()
    listing = layout.listing
    found: dict[str, ListingItem] = {}
    if not listing.item:
        for link in select(tree.body, listing.link):
            if (item := _item(tree, link)) is not None:
                found.setdefault(item.url, item)
        return tuple(found.values())
    for box in select(tree.body, listing.item):
        links = select(box, listing.link)
        item = _item(tree, links[0]) if links else None
        if item is None:
            continue
        dates = select(box, listing.date)
        when = dates_in(flat_text(dates[0])[:200]) if dates else ()
        if when and is_within(dates[0], links[0]):
            item = replace(item, title=clean(item.title.replace(flat_text(dates[0]), "")))
        texts = [
            text
            for one in select(box, listing.summary)
            if (text := flat_text(one)) and not dates_in(text[:40])
        ]
        summary = texts[0][:MAX_SUMMARY] if texts else None
        found.setdefault(
            item.url, replace(item, published=when[0].published if when else None, summary=summary)
        )
    return tuple(found.values())


def _item(tree: Tree, link: Element) -> ListingItem | None:
    target = tree.target(link.get("href"))
    title = flat_text(link) or clean(link.get("title") or "")
    return ListingItem(url=target.url, title=title) if target is not None and target.own and title else None
