"""A page read as a list of articles: which groups of links are its entries, and what the list is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from gvreader.extract.fields.content_root import is_within
from gvreader.extract.fields.phrases import furniture
from gvreader.extract.fields.publication_date import date_line
from gvreader.extract.fields.title import head_titles
from gvreader.extract.listing.article_links import (
    article_shape,
    common_shape,
    first_places,
    links_of_articles,
)
from gvreader.extract.listing.link_groups import Group, find_groups
from gvreader.extract.listing.main_column import Columns
from gvreader.extract.navigation.article_section import breadcrumb
from gvreader.extract.navigation.menu import Menu, menu_entry
from gvreader.extract.navigation.pager import next_pages, section_address
from gvreader.extract.page.link_targets import Target, is_home
from gvreader.extract.page.text_blocks import TextBlock
from gvreader.extract.page.tree import Tree
from gvreader.extract.thresholds import MOST_OF_A_LIST
from gvreader.model import ListingItem, Request
from gvreader.urls import slug, twin
from gvreader.vietnamese import fold

HEADLINE: Final = 20
"""Fewest characters that the links of a front page's box have on average when they are headlines."""
_LONG_HEADLINE: Final = 25
_MAX_LABEL: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadListing:
    """What a page lists. `beside` are the groups that are boxes of other articles; `first_page` is the address of
    the list's first page; `boxes` are sections that a front page's boxes lead to, as (target, label)."""

    groups: tuple[Group, ...]
    beside: tuple[Group, ...]
    items: tuple[ListingItem, ...]
    declared: int
    pages: tuple[Request, ...]
    first_page: str
    boxes: tuple[tuple[Target, str], ...] = ()

    @property
    def layer(self) -> str:
        return "family" if self.declared else "structure"


def find_listed(
    tree: Tree,
    pieces: Sequence[TextBlock],
    menu: Menu,
    declared: Sequence[ListingItem],
    date_format: str | None,
    requested: str,
    headline: TextBlock | None = None,
) -> ReadListing:
    """The entries of a page; `declared` are those that the family's selectors give, `requested` is its address,
    `headline` is where the page prints its own."""
    home = is_home(tree.address)
    pages = () if home else next_pages(tree)
    elsewhere = {twin(tree.scope.origin), *menu.entries, *(twin(request.url) for request in pages)}
    own = menu_entry(section_address(requested), menu)
    columns = Columns(tree, pieces, menu, own, is_paged=bool(pages))
    own_line = headline if headline is not None and not headline.link_chars else columns.heading
    titles = {fold(entry.title) for entry in menu.entries.values()}
    groups = find_groups(tree, pieces, date_format, elsewhere, own_line, titles)
    usable = [group for group in groups if not group.noise]
    if home:
        chosen = [group for group in usable if group.title_length >= HEADLINE]
    else:
        main = columns.main(usable)
        best = max(main, key=lambda group: group.score * columns.weight(group), default=None)
        chosen = (
            [best, *_beside(best, [group for group in main if columns.shares(best, group)])] if best else []
        )
        own_names = columns.names | ({headline.folded} if headline is not None else set())
        parts = [one for one in main if one.is_unlabelled or columns.is_own_label(one, own_names)]
        chosen = _joined(chosen, parts, groups)
    items = {item.url: item for item in declared}
    for group in sorted(chosen, key=lambda group: group.entries[0].index):
        for item in group.items():
            if item.url in items:
                items[item.url] = _completed(items[item.url], item)
            elif home or not declared:
                items[item.url] = item
    if home:
        for item in links_of_articles(tree, elsewhere, menu.anchors):
            items[item.url] = _completed(items[item.url], item) if item.url in items else item
        places = first_places(tree)
        items = dict(sorted(items.items(), key=lambda pair: places.get(pair[0], len(places))))
    return ReadListing(
        groups=tuple(chosen),
        beside=tuple(group for group in groups if group not in chosen),
        items=tuple(items.values()),
        declared=len(declared),
        pages=pages,
        first_page=section_address(requested),
        boxes=_box_links(tree, pieces, usable) if home else (),
    )


def _joined(chosen: list[Group], parts: Sequence[Group], groups: Sequence[Group]) -> list[Group]:
    """The chosen groups with all others of the main column that lead to articles as they do.

    A section is often a lead story, a few boxes and a long list: `parts`, boxes without a label of their own, and
    whatever stands between two parts of the list, belong to it.
    """
    shape = common_shape(entry.url for group in chosen for entry in group.entries)
    if shape is None:
        return chosen
    joined = [*chosen, *(one for one in parts if one not in chosen and _leads_to_articles(one, shape))]
    first = min(group.entries[0].index for group in joined)
    last = max(group.entries[0].index for group in joined)
    return [
        group
        for group in groups
        if group in joined or (first < group.entries[0].index < last and _leads_to_articles(group, shape))
    ]


def _leads_to_articles(group: Group, shape: tuple[str, ...]) -> bool:
    """Whether a group is headlines whose addresses have the shape of the site's articles."""
    alike = sum(1 for entry in group.entries if article_shape(entry.url) == shape)
    return group.title_length >= _LONG_HEADLINE and alike >= MOST_OF_A_LIST * len(group.entries)


def _completed(item: ListingItem, other: ListingItem) -> ListingItem:
    """An entry with the date and summary that another reading of it adds."""
    return replace(item, published=item.published or other.published, summary=item.summary or other.summary)


def _beside(main: Group, groups: Sequence[Group]) -> list[Group]:
    """Groups that belong to the main list: in the same column, under no heading of their own."""
    column = main.container.getparent()
    if column is None or column.tag in ("body", "html"):
        return []
    return [
        group
        for group in groups
        if group is not main
        and not group.after_closing
        and group.title_length >= _LONG_HEADLINE
        and is_within(group.container, column)
        and (group.label in ("", main.label) or group.entries[0].index < main.entries[0].index)
    ]


def _box_links(
    tree: Tree, pieces: Sequence[TextBlock], groups: Sequence[Group]
) -> tuple[tuple[Target, str], ...]:
    """Links in the headings of a front page's boxes: sections that its menu may lack."""
    headlines = {entry.url for group in groups if group.title_length >= 30 for entry in group.entries}
    found: list[tuple[Target, str]] = []
    for piece in pieces:
        is_heading = piece.kind == "heading" or piece.role == "title"
        if not is_heading or not piece.is_link or len(piece.text.split()) > 6 or furniture(piece):
            continue
        target = tree.target(piece.link.get("href")) if piece.link is not None else None
        if target is not None and target.own and not target.home and target.url not in headlines:
            found.append((target, piece.text))
    return tuple(found)


def listing_title(
    tree: Tree, pieces: Sequence[TextBlock], listed: ReadListing, menu: Menu, site_names: Sequence[str]
) -> str | None:
    """What a list is called: its menu entry, the head's words where the page prints them, its trail, a heading."""
    if (entry := menu_entry(listed.first_page, menu)) is not None:
        return entry.title
    others = {fold(name) for name in site_names} | {fold(item.title) for item in listed.items}
    first = min((group.entries[0].index for group in listed.groups), default=len(pieces))
    above = [piece for piece in pieces[:first] if _can_be_label(piece) and piece.folded not in others]
    heads = {fold(head): head for head in head_titles(tree, site_names) if fold(head) not in others}
    if printed := next((piece for piece in above if piece.folded in heads), None):
        return printed.text
    if trail := breadcrumb(tree):
        return trail[-1][1]
    headings = [piece for piece in above if piece.kind == "heading" and not piece.noise]
    if headings:
        return min(headings, key=lambda piece: piece.level).text
    if heads:
        return next(iter(heads.values()))
    labels = [piece.text for piece in above if not piece.noise and not piece.link_chars]
    return labels[-1] if labels else slug(listed.first_page).replace("-", " ") or None


def _can_be_label(piece: TextBlock) -> bool:
    return (
        2 < len(piece.text) < _MAX_LABEL
        and piece.noise not in ("chrome", "dialog", "sidebar", "tags")
        and date_line(piece) is None
        and not furniture(piece)
    )
