"""The main column of a listing: what stands under the list's own heading, told from side boxes of other lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from gvreader.extract.fields.phrases import closes_body, furniture, names_other_box
from gvreader.extract.fields.publication_date import common_ancestor
from gvreader.extract.fields.title import head_titles
from gvreader.extract.listing.link_groups import Group
from gvreader.extract.navigation.menu import Menu
from gvreader.extract.page.text_blocks import TextBlock
from gvreader.extract.page.tree import Element, Tree
from gvreader.model import SectionLink
from gvreader.vietnamese import fold

IN_COLUMN: Final = 3.0
"""How much more a list counts that shares the innermost box with the page's heading."""

MAX_LABEL: Final = 40
_APART: Final = frozenset(("body", "html", "tr", "tbody", "table"))


class Columns:
    """Which of a page's groups can be its list. `own` is the menu's entry for the page, if the menu leads to it.

    `heading` is where the page prints the name of its list, if it does; `names` are its names, folded.
    """

    def __init__(
        self, tree: Tree, pieces: Sequence[TextBlock], menu: Menu, own: SectionLink | None, *, is_paged: bool
    ) -> None:
        self._is_known = own is not None
        self._other_sections = {
            fold(entry.title)
            for entry in menu.entries.values()
            if own is not None and own.slug not in (entry.slug, entry.parent)
        }
        self._is_paged = is_paged
        self._pieces = pieces
        self._anchors = menu.anchors
        names = {fold(own.title)} if own is not None else {fold(head) for head in head_titles(tree, ())}
        self.names = names
        self._headings = _headings(pieces, menu, names)
        self.heading = self._headings[0] if self._headings else None
        self._depths: dict[Element, int] = {}
        self._deepest = 0

    def main(self, groups: Sequence[Group]) -> list[Group]:
        """The groups that can be the page's list: no boxes of other articles, no boxes of other lists beside it."""
        if len(self._headings) > 1:
            self.heading = max(self._headings, key=lambda heading: _score_below(heading, groups))
        if self.heading is not None:
            self._depths = {group.container: self._shared_depth(group.container) for group in groups}
            self._deepest = max(self._depths.values(), default=0)
        main = [group for group in groups if not group.after_closing and not self._is_side_box(group)]
        return main or [group for group in groups if self._may_be_alone(group)]

    def weight(self, group: Group) -> float:
        """How much a group's score counts by its place."""
        in_column = self.heading is not None and self._depths.get(group.container) == self._deepest
        return IN_COLUMN if in_column else 1.0

    def shares(self, best: Group, group: Group) -> bool:
        """Whether a group stands in the column of the page's list as `best`, its greatest part, does."""
        return self.heading is None or self._depths[group.container] >= self._depths[best.container]

    def _shared_depth(self, container: Element) -> int:
        """How deep the innermost box lies that holds both the page's heading and a group; 0 for separate cells."""
        assert self.heading is not None
        shared = common_ancestor(self.heading.element, container)
        if shared is None or shared.tag in _APART:
            return 0
        return sum(1 for _ in shared.iterancestors())

    def _is_side_box(self, group: Group) -> bool:
        """Whether a group stands above the page's heading in another column, or under a heading of its own that names
        another section or is outside the column of the page's heading."""
        label = fold(group.label)
        if self.heading is None:
            return False
        depth = self._depths[group.container]
        if group.entries[-1].index < self.heading.index and depth < self._around:
            return True
        if label in self.names:
            return False
        if self._is_menu(group.label_index):
            return False
        if label in self._other_sections or (group.is_headed and depth < self._deepest):
            return True
        return self._is_labelled_apart(group)

    def is_own_label(self, group: Group, names: Collection[str]) -> bool:
        """Whether what stands above a group is one of the list's own names or the end of a menu."""
        return fold(group.label) in names or self._is_menu(group.label_index)

    def _is_menu(self, index: int) -> bool:
        """Whether what stands above a group is the end of a menu."""
        runs = self._pieces[index].runs if index >= 0 else ()
        return any(run.link in self._anchors for run in runs if run.link is not None)

    def _is_labelled_apart(self, group: Group) -> bool:
        """Whether a section that fits on one page has a group with a label of its own outside the heading's box."""
        if self.heading is None or self._is_paged or not self._is_known:
            return False
        is_label = group.label_index > self.heading.index and 0 < len(group.label) <= MAX_LABEL
        return is_label and self._depths[group.container] < self._around

    @property
    def _around(self) -> int:
        """How deep the box lies that holds the page's heading."""
        return 0 if self.heading is None else sum(1 for _ in self.heading.element.iterancestors()) - 1

    def _may_be_alone(self, group: Group) -> bool:
        """Whether a group that looks like a box of other articles may be the list after all: nothing else can."""
        label = fold(group.label)
        if label in self.names:
            return True
        if self.heading is None:
            return self._is_paged or not (self._is_known and names_other_box(group.label))
        apart = self._depths[group.container] == 0 or self._is_labelled_apart(group)
        if apart or label in self._other_sections:
            return False
        return self._is_paged or not (self._is_known and names_other_box(group.label))


def _headings(pieces: Sequence[TextBlock], menu: Menu, names: set[str]) -> list[TextBlock]:
    """Where a page prints one of the names of its list outside menus and trails, headings first."""
    found = [
        piece
        for piece in pieces
        if piece.folded.strip(" :»>-–|") in names
        and piece.noise is None
        and not closes_body(piece)
        and not furniture(piece)
        and not any(run.link in menu.anchors for run in piece.runs if run.link is not None)
    ]
    return sorted(found, key=lambda piece: not (piece.kind == "heading" or piece.role == "title"))


def _score_below(heading: TextBlock, groups: Sequence[Group]) -> float:
    """How good the list is that follows a heading."""
    below = [group for group in groups if group.entries[0].index > heading.index]
    return min(below, key=lambda group: group.entries[0].index).score if below else 0.0
