"""`gvreader cite`: a citation with provenance."""

from __future__ import annotations

import argparse
from typing import Final

from gvreader.cli import queries
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE
from gvreader.i18n import _

EXAMPLES: Final = (
    "gvreader cite giavien:882",
    "gvreader cite 17 --style bibtex >> references.bib",
    "gvreader cite 17 --style csl-json --lang vi",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    queries.add_reference(parser)
    parser.add_argument(
        "--style",
        choices=("bibtex", "csl-json", "ris", "text"),
        default="text",
        help=_("form of the citation (text)"),
    )


def run(context: Context) -> int:
    from gvreader.export.citations import cite
    from gvreader.export.job import provenance
    from gvreader.export.terminal_text import printable

    options, console = context.options, context.console
    library = context.archive.library
    stored = queries.article(library, options.reference)
    portal = context.archive.portal_title(stored.row.portal)
    for line in cite(stored, portal, options.style, provenance(library, stored)).splitlines():
        console.data(printable(line))
    return EXIT_DONE
