"""How lists of articles look on a terminal and in a pipe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from gvreader.cli.console import Console
from gvreader.export import wording
from gvreader.export.terminal_text import (
    pad,
    printable,
    shorten,
    width,
    wrap,
)
from gvreader.i18n import _
from gvreader.model import ArticleRow, Hit

_DATE_COLUMNS: Final = 11
_GAP: Final = 2


def sign(row: ArticleRow) -> str:
    """The one sign that says most: gone ✕, starred ★, changed ≠, unread ●; a space for a read article."""
    if row.gone:
        return "✕"
    if row.marks.starred:
        return "★"
    if row.revision > 1:
        return "≠"
    return " " if row.marks.read else "●"


def number_columns(rows: Sequence[ArticleRow]) -> int:
    """Columns that the local numbers need."""
    return max((len(str(row.id)) for row in rows), default=1)


def _date(row: ArticleRow) -> str:
    published = row.published
    return wording.day(published) if published else "–"


def title_line(console: Console, row: ArticleRow, number_width: int) -> str:
    """Number, date, sign, title, and the section where there is room; cut to fit on a terminal only."""
    title = printable(row.title)
    section = f" · {printable(row.sections[0].title)}" if row.sections else ""
    lead = f"{row.id:>{number_width}}  {pad(_date(row), _DATE_COLUMNS)} {sign(row)} "
    if console.out_is_terminal:
        room = console.columns - width(lead)
        title = shorten(title, room)
        section = section if width(title) + width(section) <= room else ""
    shown = title if row.marks.read else console.style(title, "bold")
    return console.style(lead, "dim") + shown + console.style(section, "dim")


def plain_snippet(snippet: str) -> str:
    """The snippet without the signs around its matches."""
    return snippet.replace("\ue000", "").replace("\ue001", "")


def snippet_lines(console: Console, hit: Hit, number_width: int) -> Iterator[str]:
    """The snippet under a title: wrapped on a terminal with its matches set off, one plain line in a pipe."""
    indent = " " * (number_width + _GAP)
    snippet = hit.snippet
    if hit.where == "attachment":
        file = hit.file or _("file")
        snippet = f"{file}: {snippet}"
    if not console.out_is_terminal:
        yield indent + printable(plain_snippet(snippet))
        return
    text = printable(snippet)
    if not console.styled:
        # Colour is never the only sign of a match.
        text = text.replace("\ue000", "[").replace("\ue001", "]")
    inside = False
    for line in wrap(text, console.measure, first=indent, rest=indent):
        shown, inside = _styled(console, line, inside=inside)
        yield shown


def _styled(console: Console, line: str, *, inside: bool) -> tuple[str, bool]:
    """One wrapped line with its matches in style; a match may go on into the next line."""
    output = []
    for piece in re.split("([\ue000\ue001])", line):
        if piece in ("\ue000", "\ue001"):
            inside = piece == "\ue000"
        elif piece:
            output.append(console.style(piece, "match" if inside else "dim"))
    return "".join(output), inside
