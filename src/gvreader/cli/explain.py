"""How a query was understood, for `--explain`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from gvreader.export import wording
from gvreader.export.terminal_text import printable
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.archive.library.search import Explanation

_LONGEST: Final = 600  # characters of an expression; a beginning may stand for hundreds of words


def explanation_lines(explanation: Explanation) -> Iterator[str]:
    """What the query means, what each of its parts finds by itself, and what the index is asked."""
    understood = printable(explanation.understood) or _("everything")
    yield _("understood as: {query}").format(query=understood)
    if len(explanation.parts) > 1:
        counted = [(wording.number(count), printable(part)) for part, count in explanation.parts]
        columns = max(len(count) for count, _part in counted)
        for count, part in counted:
            yield f"  {count:>{columns}}  {part}"
    yield _("found: {articles}").format(articles=wording.articles(explanation.total))
    if explanation.relaxed:
        yield _("marks: ignored, since nothing is spelled as it was typed")
    elif explanation.expression:
        yield (
            _("marks: every spelling of each word")
            if explanation.spelling == "unmarked"
            else _("marks: as typed; words without marks in every spelling")
        )
    if explanation.expression:
        yield _("full text: {expression}").format(expression=_cut(explanation.expression))
    if explanation.condition:
        yield _("condition: {condition}").format(condition=_cut(explanation.condition))


def _cut(expression: str) -> str:
    shown = printable(expression)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
