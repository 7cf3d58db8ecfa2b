"""Article or listing? Both hold links and text; what decides is whose text it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gvreader.extract.article.draft import ArticleDraft
from gvreader.extract.fields.content_root import mass_of
from gvreader.extract.fields.phrases import closes_body, furniture, is_page_tail, is_site_name
from gvreader.extract.fields.publication_date import common_ancestor, date_line
from gvreader.extract.listing.article_links import article_shape, common_shape
from gvreader.extract.listing.link_entries import LinkEntry
from gvreader.extract.listing.link_groups import Group
from gvreader.extract.page.text import folded
from gvreader.extract.page.text_blocks import TextBlock
from gvreader.extract.page.tree import Tree
from gvreader.extract.page.verdict import is_unwritten, says_nothing_yet
from gvreader.extract.thresholds import ENTRIES_OF_A_SECTION, FEW_TEXTS, LONG_ARTICLE

LONG_TEXT: Final = 400
SHORT_TEXT: Final = 60
SURE_TITLE: Final = 0.75
_NEAR_DATE: Final = 2
FOOT_TEXT: Final = 250
_WHOLE: Final = frozenset(("html", "body", "form", "table", "tbody", "tr"))


def is_listing(
    draft: ArticleDraft,
    pieces: Sequence[TextBlock],
    groups: Sequence[Group],
    beside: Sequence[Group],
    *,
    address: str,
    declared: int,
    paged: bool,
    known_section: bool,
) -> bool:
    """Whether a page is a list of articles rather than an article.

    `address` is the page's own; `groups` are those that could be its entries, `beside` boxes of other articles,
    `declared` how many entries the family's own selectors gave; `paged`: it has a pager or a page number;
    `known_section`: the menu leads to it.
    """
    entries = [entry for group in groups for entry in group.entries if not group.after_closing]
    headline = _headline(draft, entries)
    if headline is not None and not headline.link_chars:
        # What stands above the page's own headline is a side box.
        entries = [entry for entry in entries if entry.index > headline.index]
    if declared >= 2:
        return True
    own = {piece.index for entry in entries for piece in entry.pieces}
    total, teasers = _masses(draft, pieces, own)
    shape = common_shape(entry.url for entry in entries)
    leads_down = (
        len(entries) >= ENTRIES_OF_A_SECTION and shape is not None and article_shape(address) != shape
    )
    sure = headline is not None and headline.index not in own
    has_opening = (
        headline is not None
        and sure
        and not paged
        and bool(entries)
        and _text_between(pieces, headline, entries[0], own) >= (LONG_TEXT if leads_down else SHORT_TEXT)
    )
    told = draft.dated is not None and draft.dated.piece is not None and draft.dated.piece.index not in own
    if len(entries) < 2:
        if has_opening:
            return False
        if paged and known_section and entries and not sure and not told:
            # The last page of a section holds what is left over.
            return True
        own |= {piece.index for group in beside for entry in group.entries for piece in entry.pieces}
        text = min(draft.text_mass, _text_beside(draft, pieces, own))
        return _is_short_listing(
            draft, entries, total - teasers, text, declared, paged=paged, known=known_section
        )
    if draft.region is None or draft.title is None:
        return True
    rest = total - teasers
    if rest >= LONG_TEXT and teasers < total / 2:
        return False
    if sure and told and (rest >= SHORT_TEXT or _shows_own_media(draft, pieces, own, teasers)):
        return False
    if sure and draft.attachments and not paged and not known_section and not teasers:
        return draft.region.start > entries[0].index
    if has_opening:
        return False
    return teasers >= total / 2 or total < LONG_TEXT


def _headline(draft: ArticleDraft, entries: Sequence[LinkEntry]) -> TextBlock | None:
    """Where the page prints its own headline for sure: by what it says, or right above a date that no entry has."""
    title, dated = draft.title, draft.dated
    if title is None or title.piece is None:
        return None
    if title.confidence >= SURE_TITLE:
        return title.piece
    own = {piece.index for entry in entries for piece in entry.pieces}
    if dated is None or dated.piece is None or title.piece.link_chars or title.piece.index in own:
        return None
    near = 0 < dated.piece.index - title.piece.index <= _NEAR_DATE and dated.piece.index not in own
    return title.piece if near else None


def is_clearly_article(draft: ArticleDraft, pieces: Sequence[TextBlock], tree: Tree) -> bool:
    """Whether a page needs no second look: headline, date line, then long text that hardly links anywhere.

    Or its head calls it an article of the name that its first heading prints, and it has paragraphs.
    """
    if draft.fields.is_document:
        return True
    if _is_told_article(draft, tree):
        return True
    title, dated, region = draft.title, draft.dated, draft.region
    if title is None or title.piece is None or title.confidence < SURE_TITLE or region is None:
        return False
    if title.layer == "family":
        return True
    if dated is None or dated.piece is None or not 0 < dated.piece.index - title.piece.index <= 4:
        return False
    inside = [piece for piece in pieces[region.start : region.end] if piece.text]
    linked = sum(1 for piece in inside if piece.link_chars)
    return draft.text_mass >= LONG_TEXT and linked <= 0.1 * len(inside)


def _is_told_article(draft: ArticleDraft, tree: Tree) -> bool:
    """Whether the head says article, the first heading repeats the head's title, and long text follows."""
    line = draft.title.piece if draft.title is not None else None
    says = tree.metas.get("og:type", "").lower().startswith("article") or "type" in tree.structured
    if line is None or not says or line.kind != "heading" or line.link_chars:
        return False
    heads = (tree.metas.get("og:title", ""), tree.structured.get("headline", ""))
    agrees = any(head and folded(head).startswith(line.folded) for head in heads)
    texts = sum(1 for block in draft.body.blocks for text in block.lines if len(text) >= SHORT_TEXT)
    return agrees and draft.text_mass >= LONG_ARTICLE and texts >= FEW_TEXTS


def _masses(draft: ArticleDraft, pieces: Sequence[TextBlock], own: set[int]) -> tuple[float, float]:
    """How much running text the body has, and how much of it belongs to entries."""
    if draft.region is None:
        return 0.0, 0.0
    inside = pieces[draft.region.start : draft.region.end]
    return sum(map(mass_of, inside)), sum(mass_of(piece) for piece in inside if piece.index in own)


def _text_beside(draft: ArticleDraft, pieces: Sequence[TextBlock], own: set[int]) -> int:
    """How long the body is without entries, links, furniture and words that promise a text."""
    if draft.region is None or _is_apart(draft, pieces):
        return 0
    inside = pieces[draft.region.start : draft.region.end]
    return sum(len(piece.text) for piece in inside if piece.index not in own and _is_own_text(piece))


def _is_own_text(piece: TextBlock) -> bool:
    """Whether a piece says something of its page, rather than of the site or of what is not there."""
    if not piece.text or piece.is_link or piece.noise is not None:
        return False
    around = closes_body(piece) or is_page_tail(piece) or furniture(piece) or date_line(piece) is not None
    return not (
        around or is_site_name(piece.text) or is_unwritten(piece.text) or says_nothing_yet(piece.text)
    )


def _is_apart(draft: ArticleDraft, pieces: Sequence[TextBlock]) -> bool:
    """Whether what seems to be the body is the foot of the page: the last of its text, in no box with the headline."""
    region, line = draft.region, draft.title.piece if draft.title else None
    if region is None or line is None or draft.text_mass > FOOT_TEXT:
        return False
    box = common_ancestor(line.element, region.container)
    is_last = not any(piece.text for piece in pieces[region.end :])
    return is_last and box is not None and box.tag in _WHOLE and line.element.getparent() is not box


def _shows_own_media(draft: ArticleDraft, pieces: Sequence[TextBlock], own: set[int], teasers: float) -> bool:
    """Whether the body has pictures or files that are not those of entries."""
    if draft.region is None:
        return False
    inside = range(draft.region.start, draft.region.end)
    pictured = any(pieces[index].kind == "figure" and index not in own for index in inside)
    return (pictured and bool(draft.body.images)) or (bool(draft.attachments) and not teasers)


def _text_between(pieces: Sequence[TextBlock], title: TextBlock, first: LinkEntry, own: set[int]) -> float:
    """Running text between a headline and the first entry: an article has some, a listing hardly."""
    return sum(
        mass_of(piece)
        for piece in pieces[title.index + 1 : first.index]
        if piece.noise is None and piece.index not in own
    )


def _is_short_listing(
    draft: ArticleDraft,
    entries: Sequence[LinkEntry],
    rest: float,
    text: float,
    declared: int,
    *,
    paged: bool,
    known: bool,
) -> bool:
    """A section with one entry or none: the menu or its page number tells it, and it prints no text of its own.

    `rest` is the running text that is no entry's, `text` how long the body is without boxes of other articles.
    """
    if draft.title is None and draft.region is None and not entries and not declared:
        return known
    if draft.attachments or rest >= 3 * SHORT_TEXT:
        return False
    if entries or declared:
        return paged or known or draft.title is None
    return known and not draft.body.images and text < SHORT_TEXT
