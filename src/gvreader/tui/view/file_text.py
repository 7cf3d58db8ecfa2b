"""What attached files say, under an article: pages marked, long texts folded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gvreader.export import wording
from gvreader.export.plain_text import file_note
from gvreader.i18n import _, ngettext
from gvreader.model import Article, Attachment
from gvreader.tui.view import labels
from gvreader.tui.view.sanitize import visible_line
from gvreader.tui.view.typeset import TextSpan

FOLDED: Final = 80
"""Lines of a file that are shown under an article with a text of its own; a file alone is shown whole."""


def file_pieces(article: Article) -> Iterator[TextSpan]:
    """The text of each file, or why there is none."""
    most = FOLDED if article.text else None
    for file in article.attachments:
        if note := file_note(file.note):
            yield TextSpan(text=f"{_name(file)}: {note}", role="meta", space=1)
        if file.text:
            yield TextSpan(text=_name(file).upper(), role="label", space=2)
            yield TextSpan(text=_("The text of the file; it may lack tables and marks."), role="meta")
            yield from _lines(file.text, most)


def _name(file: Attachment) -> str:
    return visible_line(file.name) or labels.file_name(file.url)


def _lines(text: str, most: int | None) -> Iterator[TextSpan]:
    pages = text.split("\f")
    shown = 0
    total = sum(page.count("\n") + 1 for page in pages)
    for number, page in enumerate(pages, 1):
        if len(pages) > 1 and (most is None or shown < most):
            yield TextSpan(text=_("— page {n} —").format(n=number), role="meta", space=1)
        for line in page.split("\n"):
            if most is not None and shown >= most:
                left = total - shown
                more = ngettext("… {n} more line", "… {n} more lines", left).format(n=wording.number(left))
                yield TextSpan(text=more, role="meta", space=1)
                return
            shown += 1
            yield TextSpan(text=visible_line(line), space=0 if shown > 1 else 1)
