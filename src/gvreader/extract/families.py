"""Which family printed a page, and what its declarations say of the fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from gvreader.extract.article import Draft, fill
from gvreader.extract.dates import Dated, candidates, date_line, day_of, from_head, iso_date, plausible, timed
from gvreader.extract.pieces import Piece, text_of
from gvreader.extract.region import Region, closing_index, is_within
from gvreader.extract.selecting import select, select_all
from gvreader.extract.signoff import Byline, parse_byline
from gvreader.extract.title import Title
from gvreader.extract.tree import Element, Tree
from gvreader.extract.words import clean
from gvreader.model import ListingItem
from gvreader.portals import LAYOUTS, ArticleSelectors, Layout, Portal, layouts_of
from gvreader.portals.declaration import compiled
from gvreader.vietnamese import find_dates

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
    lowered = html.lower()
    best: tuple[float, Recognised] | None = None
    for layout in LAYOUTS:
        evidence = [marker for marker in layout.markers if marker in lowered]
        shaped = layout.identity and any(
            compiled(pattern).search(urlsplit(address).path) for pattern in layout.identity
        )
        expected = portal.family == layout.family
        # Words that any site may print need markup, or the portal's own name, before an address counts too.
        if (
            shaped
            and layout.needed > 1
            and (expected or any("/" in marker or len(marker) > 20 for marker in evidence))
        ):
            evidence.append("address")
        if not evidence or len(evidence) < (1 if expected else layout.needed):
            continue
        # Markers of a family that needs only one are markup; the others' are words that any site may use.
        weight = len(evidence) + (0.5 if expected else 0.0) + (2.0 if layout.needed == 1 else 0.0)
        if best is None or weight > best[0]:
            best = (weight, Recognised(layout, tuple(evidence)))
    if best is None and portal.family:
        # A portal that is declared to be of a family without markup of its own is taken at its word.
        declared = next((layout for layout in layouts_of(portal.family) if layout.needed > 1), None)
        if declared is not None:
            return Recognised(declared, ("declared",))
    return best[1] if best else Recognised(None)


def selectors_of(layout: Layout | None, portal: Portal) -> ArticleSelectors:
    """The selectors for article pages: the configuration's before the family's."""
    base = layout.article if layout else ArticleSelectors()
    if not portal.overrides:
        return base
    fields = {name: getattr(base, name) for name in _OVERRIDABLE}
    for name, alternatives in portal.overrides:
        if name in fields:
            fields[name] = (*alternatives, *fields[name])
    return ArticleSelectors(**fields)


def mark_noise(tree: Tree, pieces: Sequence[Piece], layout: Layout | None) -> None:
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


def draft_by_selectors(
    tree: Tree, pieces: Sequence[Piece], layout: Layout | None, portal: Portal, captured: datetime
) -> Draft | None:
    """The article as the declared selectors give it; None where they miss the title or the body."""
    selectors, date_format = selectors_of(layout, portal), portal.date_format
    titles = select(tree.root, selectors.title)
    containers = _outermost(select(tree.root, selectors.body))
    if not titles or not containers:
        return None
    headline = clean(titles[0].get("content") or "") or text_of(titles[0])
    if not headline:
        return None
    draft = Draft(is_document=bool(layout and select(tree.body, layout.document)))
    draft.title = Title(headline, _first_within(pieces, titles[0]), "family", 0.98)
    inside = [piece.index for piece in pieces if any(is_within(piece.element, one) for one in containers)]
    last_element = containers[0]
    if inside:
        start, end = inside[0], inside[-1] + 1
        end = closing_index(pieces, start, end)
    else:
        start = end = draft.title.piece.index + 1 if draft.title.piece else 0
    draft.region = Region(last_element, start, end, 0.0)
    draft.dated = _declared_date(tree, pieces, selectors, captured, date_format)
    known = {one.piece.index for one in candidates(pieces[start:end], date_format)}
    fill(draft, tree, pieces, start, end, known)
    leads = select(tree.root, selectors.summary)
    if leads:
        summary = text_of(leads[0])
        draft.summary = summary or None
        if summary and any(is_within(leads[0], one) for one in containers):
            draft.body.blocks = [block for block in draft.body.blocks if block.lines != (summary,)]
    for element in select(tree.root, selectors.author)[:3]:
        text = text_of(element)
        byline = parse_byline(text) or parse_byline(f"Tác giả: {text}") if text else None
        if byline is not None:
            author = draft.byline.author or byline.author
            draft.byline = Byline(author, draft.byline.organisation or byline.organisation)
    return draft


def _outermost(elements: list[Element]) -> list[Element]:
    chosen = set(elements)
    return [one for one in elements if not any(ancestor in chosen for ancestor in one.iterancestors())]


def _first_within(pieces: Sequence[Piece], element: Element) -> Piece | None:
    return next((piece for piece in pieces if is_within(piece.element, element)), None) or next(
        (piece for piece in pieces if is_within(element, piece.element) and piece.text), None
    )


def _declared_date(
    tree: Tree,
    pieces: Sequence[Piece],
    selectors: ArticleSelectors,
    captured: datetime,
    date_format: str | None,
) -> Dated | None:
    for selector in selectors.date:
        for element in select(tree.root, (selector,))[:3]:
            text = clean(element.get("content") or "") or text_of(element)
            piece = _first_within(pieces, element) if not element.get("content") else None
            probe = Piece("paragraph", element, text=text, role="date")
            line = date_line(probe, date_format)
            published = line.published if line else iso_date(text) if element.get("content") else None
            if published is None and (dates := find_dates(text[:300])):
                published = dates[0].published
            if published is None or not plausible(published, captured):
                continue
            confidence = 0.98 if line is None or line.weekday_agrees is not False else 0.75
            told = from_head(tree)
            if told is not None and abs((day_of(told.published) - day_of(published)).days) > 1:
                confidence -= 0.1
            return Dated(timed(published, element, told), "family", confidence, piece)
    return None


def items_by_selectors(tree: Tree, layout: Layout | None, date_format: str | None) -> tuple[ListingItem, ...]:
    """A listing's entries as the family's selectors give them."""
    if layout is None or not layout.listing.link:
        return ()
    listing = layout.listing
    boxes = select(tree.body, listing.item) if listing.item else []
    if not boxes:
        boxes = [tree.body] if not listing.item else []
    found: dict[str, ListingItem] = {}
    for box in boxes:
        links = select(box, listing.link)
        for link in links if not listing.item else links[:1]:
            url = tree.link(link.get("href"))
            title = text_of(link) or clean(link.get("title") or "")
            if url is None or not title or not tree.scope.contains(url):
                continue
            dates = select(box, listing.date)
            when = find_dates(text_of(dates[0])[:200]) if dates and listing.item else ()
            if when and dates and is_within(dates[0], link):
                title = clean(title.replace(text_of(dates[0]), ""))
            summaries = [
                text
                for one in select(box, listing.summary)
                if (text := text_of(one)) and not find_dates(text[:40])
            ]
            summary = summaries[0][:1200] if summaries and listing.item else None
            found.setdefault(
                url,
                ListingItem(
                    url=url, title=title, published=when[0].published if when else None, summary=summary
                ),
            )
    return tuple(found.values())
