"""Repeated boxes that each lead to one other page: the raw material of listings, teasers and related lists."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from gvreader.extract.fields.content_root import is_within
from gvreader.extract.fields.phrases import closes_body, furniture
from gvreader.extract.fields.publication_date import common_ancestor, date_line, dates_in
from gvreader.extract.listing.link_entries import MIN_TITLE, LinkEntry, find_entries, is_more
from gvreader.extract.page.tables import flat_text
from gvreader.extract.page.text import clean, folded
from gvreader.extract.page.text_blocks import TextBlock
from gvreader.extract.page.tree import Element, Tree
from gvreader.extract.thresholds import SHORTEST_HEADLINE, TIMES_OF_A_LABEL
from gvreader.model import ListingItem
from gvreader.urls import twin
from gvreader.vietnamese import DateLine

MAX_SUMMARY: Final = 1_200
_MAX_DATE_PART: Final = 80
_LOOK_BACK: Final = 60
MAX_TEASER: Final = 1_000
_LONG_PARAGRAPH: Final = 80
_TEASER_PARAGRAPHS: Final = 2
_BRACKETED_DATE: Final = re.compile(
    r"\s*[([]?\s*(?:ngày\s*)?\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}(?:\s+\d{1,2}[:h]\d{2}(?::\d{2})?)?\s*[)\]]?\s*$",
    re.IGNORECASE,
)
FURNITURE: Final = frozenset(
    ("navigation", "chrome", "dialog", "comments", "tags", "share", "tools", "advert")
)


@dataclass(slots=True, eq=False)
class Group:
    """Entries of one repeated structure. `label` is what stands above it, at index `label_index`, `is_headed`
    whether that is a heading; `is_unlabelled`: it is an entry of another list or nothing; `after_closing` whether
    that (or an earlier one) says that other articles follow."""

    container: Element
    entries: list[LinkEntry]
    label: str = ""
    label_index: int = -1
    is_headed: bool = False
    is_unlabelled: bool = True
    after_closing: bool = False

    @property
    def noise(self) -> bool:
        return sum(1 for entry in self.entries if entry.noise is not None) > len(self.entries) / 2

    @property
    def title_length(self) -> float:
        return sum(len(entry.title) for entry in self.entries) / len(self.entries)

    @property
    def score(self) -> float:
        """How much the group looks like a list of articles."""
        worth = 0.0
        for entry in self.entries:
            worth += min(len(entry.title), 100) / 50 + (1.0 if entry.published else 0.0)
            worth += (0.7 if entry.summary else 0.0) + (0.3 if entry.headed else 0.0)
        return worth * (0.15 if self.noise else 1.0)

    def items(self) -> tuple[ListingItem, ...]:
        return tuple(
            ListingItem(url=entry.url, title=entry.title, published=entry.published, summary=entry.summary)
            for entry in self.entries
        )


def _boxes(entries: Sequence[LinkEntry], headline: TextBlock | None) -> None:
    """For each entry the largest element that leads to no other entry, and the element around that box.

    No box holds the page's own `headline`.
    """
    shared = set() if headline is None else {headline.element, *headline.element.iterancestors()}
    owners: dict[Element, LinkEntry | None] = {}
    for entry in entries:
        element: Element | None = entry.anchor
        while element is not None:
            owners[element] = entry if owners.get(element, entry) is entry else None
            element = element.getparent()
    for entry in entries:
        box = entry.anchor
        parent = box.getparent()
        limit = MAX_TEASER + 2 * len(entry.title)
        while parent is not None and owners.get(parent) is entry and parent.tag not in ("body", "html"):
            if (
                parent in shared
                or _is_running_text(parent, box)
                or _text_length(parent, limit) > limit
                or _has_other_heading(parent, box, entry.title)
            ):
                break
            box, parent = parent, parent.getparent()
        entry.box, entry.container = box, parent if parent is not None else box


def _is_running_text(parent: Element, box: Element) -> bool:
    """Whether a box stands among more paragraphs than a teaser has: it is a link in the middle of an article."""
    others = (child for child in parent if child is not box and isinstance(child.tag, str))
    long = sum(1 for child in others if _text_length(child, _LONG_PARAGRAPH) >= _LONG_PARAGRAPH)
    return long > _TEASER_PARAGRAPHS


def _has_other_heading(parent: Element, box: Element, title: str) -> bool:
    """Whether an element adds a heading to a box that is not the headline of its entry: the name of a list."""
    return any(
        not is_within(heading, box) and not is_within(box, heading) and flat_text(heading) != title
        for heading in parent.iter("h1", "h2", "h3", "h4", "h5")
    )


def _text_length(element: Element, limit: int) -> int:
    """How long the text of an element is, counted no further than a little over `limit`."""
    length = 0
    for text in element.itertext():
        length += len(text.strip())
        if length > limit:
            break
    return length


def _merged(entries: Sequence[LinkEntry], labels: Sequence[TextBlock]) -> list[Group]:
    """Entries by the container that they share; `labels` are lines that begin another list."""
    labelled = {one for label in labels for one in (label.element, *label.element.iterancestors())}
    by_container: dict[Element, list[LinkEntry]] = {}
    for entry in entries:
        by_container.setdefault(entry.container, []).append(entry)
    # Rows of cards: alike containers side by side are one list.
    for _ in range(3):
        by_parent: dict[tuple[Element, object, object], list[Element]] = {}
        for container in by_container:
            parent = container.getparent()
            if parent is not None and container.tag not in ("body", "html"):
                by_parent.setdefault((parent, container.tag, container.get("class")), []).append(container)
        merged = False
        for (parent, tag, _name), alike in by_parent.items():
            if len(alike) < 2 or (tag == "td" and len(alike) < 3):
                continue
            if len({_shape(by_container[one][0]) for one in alike}) > 1:
                continue
            if any(_own_heading(one, by_container[one], labelled) for one in alike):
                continue
            joined = [entry for one in alike for entry in by_container.pop(one)]
            by_container.setdefault(parent, []).extend(joined)
            merged = True
        if not merged:
            break
    groups = [
        Group(container, sorted(found, key=lambda entry: entry.index))
        for container, found in by_container.items()
    ]
    return sorted(groups, key=lambda group: group.entries[0].index)


def _split(groups: Sequence[Group], labels: Sequence[TextBlock], starts: dict[int, int]) -> list[Group]:
    """The groups with lists of one, each with a heading in its box, taken apart from lists beside them."""
    found: list[Group] = []
    for group in groups:
        headed = [entry for entry in group.entries if _labels_above(labels, entry, starts)]
        apart = set(map(id, headed))
        rest = [entry for entry in group.entries if id(entry) not in apart]
        if headed and rest:
            found += [Group(group.container, [entry]) for entry in headed]
            found.append(Group(group.container, rest))
        else:
            found.append(group)
    return sorted(found, key=lambda group: group.entries[0].index)


def _labels_above(
    labels: Sequence[TextBlock], entry: LinkEntry, starts: dict[int, int]
) -> Sequence[TextBlock]:
    """The labels in the box of an entry, above its headline."""
    first = bisect_left(labels, starts[id(entry)], key=lambda one: one.index)
    return labels[first : bisect_left(labels, entry.index, key=lambda one: one.index)]


def _shape(entry: LinkEntry) -> tuple[object, ...]:
    return entry.box.tag, entry.box.get("class")


def _own_heading(container: Element, entries: Sequence[LinkEntry], labels: Collection[Element]) -> bool:
    """Whether a box of entries has a heading of its own, which makes it a box of a home page.

    `labels` are the elements that hold lines that begin another list.
    """
    if container in labels:
        return True
    anchors = {entry.anchor for entry in entries}
    for heading in container.iter("h1", "h2", "h3", "h4", "h5"):
        if not any(anchor in anchors for anchor in (*heading.iter("a"), *heading.iterancestors("a"))):
            return True
    return False


def find_groups(
    tree: Tree,
    pieces: Sequence[TextBlock],
    date_format: str | None = None,
    menu: Collection[str] = (),
    headline: TextBlock | None = None,
    titles: Collection[str] = (),
) -> list[Group]:
    """Every group of entries of a page, in reading order, with dates and summaries filled in.

    `menu` are the twins of addresses that are sections, which no entry leads to; `headline` is the page's own;
    `titles` are the folded names of sections, which head boxes.
    """
    entries = [entry for entry in find_entries(tree, pieces) if twin(entry.url) not in menu]
    entries = _without_labels(entries)
    _boxes(entries, headline)
    closing = {
        piece.index
        for piece in pieces
        if closes_body(piece)
        and piece.noise not in ("navigation", "dialog")
        and not _names_page(tree, piece)
        and not (piece.is_link and is_more(piece.text))
    }
    labels = [
        piece
        for piece in pieces
        if (piece.index in closing or piece.folded in titles)
        and not piece.link_chars
        and piece is not headline
    ]
    starts = _box_starts(pieces, entries)
    groups = _split(_merged(entries, labels), labels, starts)
    line = headline.index if headline is not None else -1
    owned: set[int] = set()
    for group in groups:
        first = group.entries[0]
        own = _labels_above(labels, first, starts) if len(group.entries) == 1 else ()
        around = first.box if own else group.container
        for place, entry in enumerate(group.entries):
            following = group.entries[place + 1] if place + 1 < len(group.entries) else None
            end = line if line > entry.index else len(pieces)
            _fill(entry, pieces[:end], starts, around, following, date_format)
            owned.update(piece.index for piece in entry.pieces)
        label = own[0] if own else _label(pieces, starts[id(group.entries[0])])
        if label is not None:
            group.label, group.label_index = label.text, label.index
            group.is_headed = (
                bool(own) or label.kind == "heading" or label.role == "title" or label.all_strong
            )
        group.after_closing = any(one.index in closing for one in own)
    _mark_closed(groups, pieces, starts, closing)
    for group in groups:
        group.is_unlabelled = group.label_index < 0 or group.label_index in owned
    return groups


def _names_page(tree: Tree, piece: TextBlock) -> bool:
    """Whether a heading is what the page itself is called: a list of the newest is no box beside another text."""
    return piece.kind == "heading" and piece.level == 1 and folded(tree.title).startswith(piece.folded)


def _without_labels(entries: list[LinkEntry]) -> list[LinkEntry]:
    """The entries without short links that are repeated beside many of them: names of the sections they are in."""
    times = Counter((entry.url, entry.title) for entry in entries if len(entry.title) < SHORTEST_HEADLINE)
    return [entry for entry in entries if times[entry.url, entry.title] < TIMES_OF_A_LABEL]


def _mark_closed(
    groups: Sequence[Group], pieces: Sequence[TextBlock], starts: dict[int, int], closing: Collection[int]
) -> None:
    """Mark the groups below a line that says that other articles follow, as far as the box of that line goes."""
    boxes: dict[int, Element | None] = {}
    for group in groups:
        index = _closed_by(pieces, starts[id(group.entries[0])], closing)
        if index is None:
            continue
        if index not in boxes:
            boxes[index] = common_ancestor(pieces[index].element, group.container)
        box = boxes[index]
        group.after_closing = group.after_closing or box is None or is_within(group.container, box)


def _closed_by(pieces: Sequence[TextBlock], start: int, closing: Collection[int]) -> int | None:
    """The line above a group that says that other articles follow; any other words begin something new."""
    for piece in reversed(pieces[max(0, start - _LOOK_BACK) : start]):
        if piece.index in closing:
            return piece.index
        if piece.kind == "heading" and piece.level == 1:
            return None
        if piece.noise is None and piece.text and not piece.is_link and date_line(piece) is None:
            return None
    return None


def _box_starts(pieces: Sequence[TextBlock], entries: Sequence[LinkEntry]) -> dict[int, int]:
    """The index of the first piece inside each entry's box."""
    starts: dict[int, int] = {}
    for entry in entries:
        index = entry.index
        while index > 0 and is_within(pieces[index - 1].element, entry.box):
            index -= 1
        starts[id(entry)] = index
    return starts


def _fill(
    entry: LinkEntry, pieces: Sequence[TextBlock], starts: dict[int, int], container: Element,
    following: LinkEntry | None,
    date_format: str | None,
) -> None:  # fmt: skip
    if pieces[entry.index].kind == "table":
        entry.pieces.append(pieces[entry.index])
        return
    start = starts[id(entry)]
    end = starts[id(following)] if following is not None else min(entry.index + 12, len(pieces))
    loose = 0
    for piece in pieces[start : min(end, start + 40)]:
        if not is_within(piece.element, entry.box):
            if (following is None and not is_within(piece.element, container)) or closes_body(piece):
                break
            loose += 1
            if loose > 3 or (piece.text and furniture(piece) and loose > 1):
                break
        entry.pieces.append(piece)
    bracketed = _BRACKETED_DATE.search(entry.title)
    if bracketed and bracketed.start() > MIN_TITLE and (dates := dates_in(bracketed[0])):
        entry.published = dates[0].published
        entry.title = entry.title[: bracketed.start()].rstrip(" -–|")
    for piece in entry.pieces:
        if not piece.text or piece.noise in ("navigation", "share"):
            continue
        beside = clean(piece.text.replace(entry.title, " ", 1)) if piece.link_chars else piece.text
        if entry.published is None and (found := _date_beside(piece, beside, date_format)) is not None:
            entry.published = found.published
        elif entry.summary is None and piece.index != entry.index and _is_summary(piece, entry):
            entry.summary = piece.text[:MAX_SUMMARY]


def _date_beside(piece: TextBlock, beside: str, date_format: str | None) -> DateLine | None:
    """The date that a piece of an entry prints; `beside` is its text without the headline."""
    if beside == piece.text and (line := date_line(piece, date_format)) is not None:
        return line
    return next(iter(dates_in(beside)), None) if len(beside) <= _MAX_DATE_PART else None


def _is_summary(piece: TextBlock, entry: LinkEntry) -> bool:
    long_enough = len(piece.text) >= 30 or piece.role == "summary"
    plain = not piece.link_chars or (piece.link is entry.anchor and piece.text != entry.title)
    return long_enough and plain and not furniture(piece) and date_line(piece) is None


def _label(pieces: Sequence[TextBlock], start: int) -> TextBlock | None:
    """What stands right above a group, as its heading does."""
    for piece in reversed(pieces[max(0, start - 3) : start]):
        if piece.text and len(piece.text) <= 100 and not furniture(piece) and date_line(piece) is None:
            return piece
    return None
