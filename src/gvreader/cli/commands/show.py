"""`gvreader show`: one article as text, Markdown, HTML or JSON."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from gvreader.cli import arg_types, queries
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, UsageError
from gvreader.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gvreader.model import ArticleRow, StoredArticle

EXAMPLES: Final = (
    "gvreader show 17",
    "gvreader show giavien:882 --format markdown > 882.md",
    "gvreader show 17 --related",
    "gvreader show https://giavien.ninhbinh.gov.vn/gioi-thieu/gioi-thieu-chung-3.html --format json",
)
_MOST_RELATED: Final = 8
_FILE_LINES: Final = 60
"""Lines of a file's text that are printed under an article on a terminal; a pipe gets all."""


def arguments(parser: argparse.ArgumentParser) -> None:
    queries.add_reference(parser)
    parser.add_argument(
        "--format",
        choices=("text", "markdown", "html", "json"),
        default="text",
        help=_("how to print it (text)"),
    )
    parser.add_argument(
        "--revision", type=arg_types.count, metavar="N", help=_("an earlier content, counted from 1")
    )
    parser.add_argument(
        "--related", action="store_true", help=_("articles of the archive about the same, too (text, json)")
    )
    queries.add_pager(parser)


def run(context: Context) -> int:
    with context.console.paged(wanted=context.options.pager):
        return _print(context)


def _print(context: Context) -> int:
    options, console = context.options, context.console
    if options.related and options.format not in ("text", "json"):
        raise UsageError(
            _("--related goes with --format text or json, not with {format}.").format(format=options.format)
        )
    library = context.archive.library
    stored = queries.article(library, options.reference, revision=options.revision)
    alike = library.search.more_like(stored.row.id, limit=_MOST_RELATED) if options.related else ()
    match options.format:
        case "json":
            from gvreader.export.records import article_json, dumps, row_json

            more = {"more_like_this": [row_json(row) for row in alike]} if options.related else {}
            console.data(dumps(article_json(stored) | more))
        case "markdown":
            from gvreader.export.markdown import article_markdown

            console.data(article_markdown(stored).rstrip("\n"))
        case "html":
            from gvreader.export.html import page

            console.data(page(stored.article).rstrip("\n"))
        case _:
            _print_text(context, stored)
            if options.related:
                _print_related(context, alike)
    return EXIT_DONE


def _print_related(context: Context, alike: Sequence[ArticleRow]) -> None:
    from gvreader.cli.tables import number_columns, title_line

    console = context.console
    if not alike:
        console.say(_("The archive holds nothing like it."))
        return
    console.data()
    console.data(console.style(_("More like this"), "bold"))
    columns = number_columns(alike)
    console.lines(title_line(console, row, columns) for row in alike)


def _print_text(context: Context, stored: StoredArticle) -> None:
    """Wrapped to a readable measure on a terminal; one line a paragraph in a pipe."""
    from gvreader.export.plain_text import article_text, facts
    from gvreader.export.terminal_text import printable, wrap

    console = context.console
    if not console.out_is_terminal:
        console.lines(article_text(stored))
        return
    columns = console.measure
    # An article that is only a file is its text; under another one the text is folded.
    lines = article_text(stored, columns, file_lines=_FILE_LINES if stored.article.text else None)
    title = len(wrap(printable(stored.article.title), columns))
    below = sum(len(wrap(fact, columns)) for fact in facts(stored))
    for index, line in enumerate(lines):
        if index < title:
            console.data(console.style(line, "bold"))
        elif index < title + below or index == len(lines) - 1:
            console.data(console.style(line, "dim"))
        else:
            console.data(line)
