"""One article of the list as lines of text in roles: what it says and where, but not in which colours. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from gvreader.export import wording
from gvreader.frozen import dataclass
from gvreader.i18n import _, ngettext
from gvreader.model import ArticleRow
from gvreader.tui.view import labels
from gvreader.tui.view.cells import (
    ELLIPSIS,
    crop,
    fill,
    width,
    wrap,
)
from gvreader.tui.view.sanitize import snippet_line, visible_line

MARGIN: Final = 3
"""Cells before the text of an item: the bar of the cursor, a sign, a blank."""

_WIDE: Final = 68
_LOW: Final = 14
Spans = tuple[tuple[int, int], ...]
ItemRole = Literal["blank", "bar", "sign", "read", "unread", "gone", "facts", "tag", "snippet", "found"]
Runs = list[tuple[str, ItemRole]]


@dataclass(frozen=True, slots=True)
class ItemShape:
    """How many lines of each kind an item has."""

    title: int
    snippet: int
    gap: int

    @property
    def shown(self) -> int:
        """Lines of the item itself."""
        return self.title + 1 + self.snippet

    @property
    def height(self) -> int:
        """Lines of the item and of the gap below it."""
        return self.shown + self.gap


def shape_for(width: int, height: int, *, snippets: bool) -> ItemShape:
    """Items for a pane of this size: two lines when it is wide, three when titles need the room."""
    title = 1 if width >= _WIDE or height < _LOW else 2
    return ItemShape(
        title=title,
        snippet=min(2, 3 - title) if snippets and height >= _LOW else 0,
        gap=1 if height >= _LOW else 0,
    )


class _Row:
    """One line, filled from left to right and never longer than its room; the last cell stays blank."""

    def __init__(self, room: int, bar: str, sign: str = "") -> None:
        self.runs: Runs = []
        self._left = max(room - 1, 0)
        self.add(bar, "bar").add(sign or " ", "sign").add(" ", "blank")

    def add(self, text: str, role: ItemRole) -> _Row:
        if text and self._left > 0:
            cells = width(text)
            if cells > self._left:
                # A cut line is full: nothing more may follow its ellipsis.
                text = fill(text, self._left) if text.strip() else text[: self._left]
                cells = self._left
            self.runs.append((text, role))
            self._left -= cells
        return self


def item_lines(
    row: ArticleRow | None, shape: ItemShape, room: int, *, bar: str, snippet: str = ""
) -> list[Runs]:
    """The lines of one article in `room` cells, `shape.shown` of them; blank ones for an article that is no more.

    `bar` is the sign of the cursor, a blank without it.
    """
    lines: list[_Row] = []
    if row is not None:
        text_room = max(room - MARGIN - 1, 4)
        title = visible_line(row.title) or _("(no title)")
        role = _title_role(row)
        extents = wrap(title, text_room, shape.title + 1) or [(0, 0)]
        for number, (start, end) in enumerate(extents[: shape.title]):
            cut = number == shape.title - 1 and len(extents) > shape.title
            sign = _sign(row) if number == 0 else ""
            lines.append(_Row(room, bar, sign).add(title[start:] if cut else title[start:end], role))
        tags = [f"#{visible_line(tag)}" for tag in row.marks.tags]
        # The reader's own words stay whole, what the portal says is cut first.
        kept = max(text_room - sum(width(tag) + 2 for tag in tags), text_room // 3)
        facts = _Row(room, bar).add(crop(" · ".join(list_facts(row)), kept), "facts")
        for tag in tags:
            facts.add("  ", "blank").add(tag, "tag")
        lines.append(facts)
        if shape.snippet and snippet:
            lines.extend(_snippet_rows(snippet, text_room, shape.snippet, room, bar))
    lines += [_Row(room, bar) for _line in range(shape.shown - len(lines))]
    return [line.runs for line in lines]


def _snippet_rows(snippet: str, text_room: int, limit: int, room: int, bar: str) -> list[_Row]:
    from gvreader.tui.view.strip_builder import marked

    text, spans = around_match(*snippet_line(snippet), text_room * limit)
    rows = []
    for start, end in wrap(text, text_room, limit):
        row = _Row(room, bar)
        for piece, found in marked(text, spans, start, end):
            row.add(piece, "found" if found else "snippet")
        rows.append(row)
    return rows


def around_match(text: str, spans: Spans, room: int) -> tuple[str, Spans]:
    """The part of the text where most of its matches stand, when not all of them fit into `room` from the start."""
    if not spans or spans[-1][1] <= room * 3 // 4:
        return text, spans

    def found_from(first: int) -> int:
        """How many matched characters are in sight when the text begins shortly before a match."""
        begin = spans[first][0]
        return sum(end - start for start, end in spans[first:] if end <= begin + room // 2)

    best = max(range(len(spans)), key=found_from)
    if spans[best][1] <= room * 3 // 4:
        return text, spans
    cut = text.rfind(" ", 0, max(spans[best][0] - room // 3, 1)) + 1
    shift = cut - len(ELLIPSIS) - 1
    return f"{ELLIPSIS} {text[cut:]}", tuple(
        (start - shift, end - shift) for start, end in spans if start >= cut
    )


def _sign(row: ArticleRow) -> str:
    if row.marks.starred:
        return "★"
    if row.gone is not None:
        return "✕"
    if row.revision > 1:
        return "≠"
    return "" if row.marks.read else "●"


def _title_role(row: ArticleRow) -> ItemRole:
    if not row.marks.read:
        return "unread"
    return "gone" if row.gone is not None else "read"


def list_facts(row: ArticleRow, *, sections: bool = True) -> Sequence[str]:
    """What the list says under a title: what befell the article, then date, first section and byline."""
    facts = []
    if row.gone is not None:
        facts.append(_("taken off {day}").format(day=wording.day(row.gone.astimezone().date())))
    if row.revision > 1:
        facts.append(
            ngettext("revised once", "revised {n} times", row.revision - 1).format(n=row.revision - 1)
        )
    if row.published:
        facts.append(wording.published(row.published))
    if sections and row.sections:
        facts.append(visible_line(row.sections[0].title or row.sections[0].slug))
    if byline := labels.byline(row.author, None):
        facts.append(byline)
    return facts
