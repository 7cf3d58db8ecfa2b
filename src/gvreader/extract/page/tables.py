"""Tables that hold data, against tables that only arrange a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, cast

from lxml import etree

from gvreader.extract.page.text import clean
from gvreader.extract.page.tree import Element

_ROWS: Final = etree.XPath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr")
_CELLS: Final = etree.XPath("./td | ./th")
_HEADER_CELL: Final = etree.XPath("boolean(./thead | ./tr/th | ./tbody/tr/th | ./caption)")
_STRUCTURE: Final = etree.XPath(
    "boolean(.//table | .//h1 | .//h2 | .//h3 | .//form | .//iframe | .//input | .//article | .//section | .//nav)"
)
_IMAGE: Final = etree.XPath("boolean(.//img)")
_PARAGRAPHS: Final = etree.XPath("count(.//p | .//br | .//li | .//div)")
_LINK_TEXT: Final = etree.XPath("string-length(normalize-space(.))")
_LINKS: Final = etree.XPath(".//a[@href]")
_BOUNDARIES: Final = frozenset((
    "p", "div", "br", "li", "tr", "td", "th", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6",
    "blockquote", "section",
))  # fmt: skip
_LONG_CELL: Final = 800
_MANY_PARAGRAPHS: Final = 6


def flat_text(cell: Element) -> str:
    """The text of an element on one line; blocks and line breaks inside it are spaces."""
    parts: list[str] = []
    for event, element in cast(
        "Iterator[tuple[str, Element]]", etree.iterwalk(cell, events=("start", "end"))
    ):
        boundary = element.tag in _BOUNDARIES
        if event == "start":
            if boundary:
                parts.append(" ")
            parts.append(element.text or "")
        else:
            if boundary:
                parts.append(" ")
            if element is not cell:
                parts.append(element.tail or "")
    return clean("".join(parts))


def table_rows(table: Element) -> tuple[tuple[str, ...], ...]:
    """The cells of a data table, empty rows left out."""
    rows = (
        tuple(flat_text(cell) for cell in cast("list[Element]", _CELLS(row)))
        for row in cast("list[Element]", _ROWS(table))
    )
    return tuple(row for row in rows if any(row))


def is_data_table(table: Element) -> bool:
    """Whether a table's rows and columns mean something."""
    if (table.get("role") or "").lower() in ("presentation", "none") or _STRUCTURE(table):
        return False
    rows = [cast("list[Element]", _CELLS(row)) for row in cast("list[Element]", _ROWS(table))]
    rows = [row for row in rows if row]
    if len(rows) < 2:
        return False
    widths = [len(row) for row in rows]
    if max(widths) < 2:
        return False
    headed = bool(_HEADER_CELL(table))
    if _IMAGE(table) and not headed:
        return False
    cells = [cell for row in rows for cell in row]
    lengths = [int(cast("float", _LINK_TEXT(cell))) for cell in cells]
    total = sum(lengths)
    if not total or (max(lengths) > _LONG_CELL and len(cells) <= 8):
        return False
    linked = sum(int(cast("float", _LINK_TEXT(link))) for link in cast("list[Element]", _LINKS(table)))
    if linked > total / 2:
        return False
    if headed or (table.get("border") or "0") not in ("0", ""):
        return True
    if any(cast("float", _PARAGRAPHS(cell)) > _MANY_PARAGRAPHS for cell in cells):
        return False
    common = max(set(widths), key=widths.count)
    filled = sum(1 for length in lengths if length)
    return common >= 2 and widths.count(common) >= 0.6 * len(widths) and filled >= 0.5 * len(cells)
