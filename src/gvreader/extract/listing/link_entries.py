"""The addresses that a page leads to by name: one entry each, with the best of its links as the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from gvreader.extract.fields.publication_date import dates_in
from gvreader.extract.page.link_targets import Target
from gvreader.extract.page.tables import flat_text
from gvreader.extract.page.text import clean
from gvreader.extract.page.text_blocks import TextBlock
from gvreader.extract.page.tree import Element, Tree
from gvreader.model import Published
from gvreader.urls import twin
from gvreader.vietnamese import fold

MIN_TITLE: Final = 8
MAX_TITLE: Final = 500
MAX_ITEMS: Final = 2_000
_SHARE_OF_PIECE: Final = 0.45
_MAX_BESIDE: Final = 60
_NEAR: Final = 8
_MAX_LABEL: Final = 40
_MORE: Final = re.compile(
    r"\W*(?:xem (?:tiep|them|chi tiet|tat ca|ngay)|doc (?:tiep|them)|chi tiet|tiep|read more|more|view all|tat ca)\W*"
)


@dataclass(slots=True, eq=False)
class LinkEntry:
    """One place where a page links to an address by name, with the box around the link.

    `headed`: its headline stands in a heading; `noise`: why its place looks like page furniture; `worth`: how
    good its headline is; `last`: the index of the last piece that links there.
    """

    url: str
    title: str
    index: int
    anchor: Element
    box: Element
    container: Element
    noise: str | None
    headed: bool
    worth: float
    last: int
    pieces: list[TextBlock] = field(default_factory=list)
    published: Published | None = None
    summary: str | None = None


@dataclass(slots=True)
class _Finding:
    """Entries as they are found. One address may be an entry of several lists, but once in each place.

    `heading` is the index of the last heading that leads nowhere, which begins a new list.
    """

    tree: Tree
    pieces: Sequence[TextBlock]
    own: str
    entries: list[LinkEntry] = field(default_factory=list)
    latest: dict[str, LinkEntry] = field(default_factory=dict)
    unnamed: dict[str, tuple[Target, Element, TextBlock]] = field(default_factory=dict)
    heading: int = -1

    def article_target(self, anchor: Element) -> Target | None:
        """Where a link leads, if that can be an article of this portal."""
        target = self.tree.target(anchor.get("href"))
        if target is None or not target.own or target.home or target.trap or target.extension:
            return None
        return None if target.twin == self.own else target

    def offer(self, target: Target, text: str, piece: TextBlock, anchor: Element) -> LinkEntry:
        """Take a link for the entry of its place, or as the entry's headline if it names it better."""
        headed = piece.kind == "heading" or piece.role == "title"
        worth = len(text) + (200.0 if headed else 0.0) - (500.0 if piece.noise else 0.0)
        known = self.latest.get(target.url)
        if known is None or not self._is_same_place(known, text, piece, anchor):
            known = LinkEntry(
                target.url, text, piece.index, anchor, anchor, anchor, piece.noise, headed, worth, piece.index
            )
            self.entries.append(known)
            self.latest[target.url] = known
        elif worth > known.worth and (headed or known.anchor is not anchor):
            # Further lines of a card that is one link are its date and summary.
            known.title, known.anchor, known.headed, known.worth = text, anchor, headed, worth
            known.noise = piece.noise
        known.last = piece.index
        return known

    def _is_same_place(self, known: LinkEntry, text: str, piece: TextBlock, anchor: Element) -> bool:
        """Whether a further link to an entry's address belongs to that entry, not to the next list."""
        if known is not self.entries[-1] or piece.index - known.last > _NEAR or self.heading > known.last:
            return False
        if text == known.title and anchor is not known.anchor:
            # The same headline again, with some label in between: the first of another list.
            between = self.pieces[known.last + 1 : piece.index]
            if any(
                0 < len(one.text) <= _MAX_LABEL and not one.link_chars and not dates_in(one.text)
                for one in between
            ):
                return False
        if len(self.entries) < 2 or known.anchor is anchor:
            return True
        around = set(known.anchor.iterancestors())
        shared = next((element for element in anchor.iterancestors() if element in around), None)
        before = next((box for box in self.entries[-2].anchor.iterancestors() if box in around), None)
        # What it shares with the entry before it is its list; a place beyond that is another list.
        return before is None or shared is None or shared is before or shared not in before.iterancestors()


def find_entries(tree: Tree, pieces: Sequence[TextBlock]) -> list[LinkEntry]:
    """The entries of a page in the order of reading."""
    finding = _Finding(tree, pieces, twin(tree.address))
    for piece in pieces:
        if len(finding.entries) >= MAX_ITEMS:
            break
        if piece.kind == "table":
            _from_rows(finding, piece)
        elif piece.link_chars:
            _from_piece(finding, piece)
        elif piece.kind == "heading":
            finding.heading = piece.index
    for url, (target, anchor, piece) in finding.unnamed.items():
        if url not in finding.latest and (title := _title_above(anchor, tree)):
            finding.offer(target, title, piece, anchor)
    return sorted(finding.entries, key=lambda entry: entry.index)


def _from_piece(finding: _Finding, piece: TextBlock) -> None:
    texts: dict[Element, list[str]] = {}
    for run in piece.runs:
        if run.link is not None:
            texts.setdefault(run.link, []).append(run.text)
    for anchor, parts in texts.items():
        text = clean("".join(parts))
        more = is_more(text)
        if not more and not MIN_TITLE <= len(text) <= MAX_TITLE:
            continue
        if not more and piece.kind != "heading" and not _fills(piece, text):
            continue
        if (target := finding.article_target(anchor)) is None or (not more and dates_only(text)):
            continue
        if more:
            finding.unnamed.setdefault(target.url, (target, anchor, piece))
        else:
            finding.offer(target, text, piece, anchor)


def _fills(piece: TextBlock, text: str) -> bool:
    """Whether a link is what its piece is about: most of it, or all but a date."""
    if len(text) >= _SHARE_OF_PIECE * len(piece.text):
        return True
    rest = piece.text.replace(text, "", 1)
    return len(rest) <= _MAX_BESIDE and bool(dates_in(rest))


def is_more(text: str) -> bool:
    """Whether the text of a link only says that there is more behind it."""
    return bool(_MORE.fullmatch(fold(text)))


def dates_only(text: str) -> bool:
    """Whether a text is a date and nothing else."""
    return len(text) <= 40 and bool(dates_in(text)) and not re.search(r"[^\W\d_]{5,}", text)


def _from_rows(finding: _Finding, piece: TextBlock) -> None:
    """Entries of a data table whose rows each lead to one article."""
    for row in piece.element.iter("tr"):
        links = [
            (target, text, anchor)
            for anchor in row.iter("a")
            if (target := finding.article_target(anchor))
            and MIN_TITLE <= len(text := flat_text(anchor)) <= MAX_TITLE
        ]
        if links and len({target.url for target, _, _ in links}) == 1:
            target, text, anchor = max(links, key=lambda link: len(link[1]))
            entry = finding.offer(target, text, piece, anchor)
            if entry.published is None and (dates := dates_in(flat_text(row)[:400])):
                entry.published = dates[0].published


def _title_above(anchor: Element, tree: Tree) -> str:
    """The headline of a box whose only link says "more": its heading, or its first bold or plain line."""
    own = flat_text(anchor)
    box = anchor.getparent()
    for _ in range(5):
        if box is None or box.tag in ("body", "html"):
            return ""
        if len(flat_text(box)) > len(own) + MIN_TITLE:
            break
        box = box.getparent()
    if box is None or sum(1 for link in box.iter("a") if tree.link(link.get("href"))) > 2:
        return ""
    for element in (*box.iter("h1", "h2", "h3", "h4", "h5", "h6"), *box.iter("b", "strong")):
        if MIN_TITLE <= len(text := flat_text(element)) <= MAX_TITLE:
            return text
    first = next(
        (clean(text) for text in cast("Iterator[str]", box.itertext()) if len(text.strip()) >= MIN_TITLE), ""
    )
    return first if first != own and len(first) <= MAX_TITLE else ""
