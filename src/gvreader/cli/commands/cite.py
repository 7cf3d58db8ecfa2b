"""`gvreader cite`: a citation with provenance."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from gvreader.cli import arg_types, queries
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.archive.library import Library
    from gvreader.model import StoredArticle

EXAMPLES: Final = (
    "gvreader cite giavien:882",
    "gvreader cite 17 --style bibtex >> references.bib",
    "gvreader cite 17 --style csl-json --lang vi",
    "gvreader cite 17 --revision 1",
    "gvreader cite giavien:882 --paragraph 3",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    queries.add_reference(parser)
    parser.add_argument(
        "--style",
        choices=("bibtex", "csl-json", "ris", "text"),
        default="text",
        help=_("form of the citation (text)"),
    )
    parser.add_argument(
        "--revision", type=arg_types.count, metavar="N", help=_("an earlier content, counted from 1")
    )
    queries.add_paragraph(parser)


def _is_earlier(library: Library, stored: StoredArticle) -> bool:
    """Whether the article has said something else since this content."""
    current = library.articles.get(stored.row.key)
    return current is not None and current.row.revision != stored.row.revision


def run(context: Context) -> int:
    from gvreader.export.citations import cite
    from gvreader.export.job import provenance
    from gvreader.export.terminal_text import printable

    options, console = context.options, context.console
    library = context.archive.library
    stored = queries.article(library, options.reference, revision=options.revision)
    queries.require_paragraph(stored, options.paragraph)
    portal = context.archive.portal_title(stored.row.portal)
    citation = cite(
        stored,
        portal,
        options.style,
        provenance(library, stored),
        is_earlier=_is_earlier(library, stored),
        paragraph=options.paragraph,
    )
    for line in citation.splitlines():
        console.data(printable(line))
    return EXIT_DONE
