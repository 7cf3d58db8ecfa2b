"""`gvreader export`: articles as JSON lines, a table, or a folder of Markdown files."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from gvreader.cli import queries, values
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, UsageError
from gvreader.i18n import _
from gvreader.outputs import wording

if TYPE_CHECKING:
    from gvreader.model import StoredArticle

EXAMPLES: Final = (
    "gvreader export jsonl --output gia-vien.jsonl",
    "gvreader export csv after:2023 --output 2023.csv",
    "gvreader export markdown is:starred --output ./starred",
)
_TELL_EVERY: Final = 100


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "format", choices=("jsonl", "csv", "markdown"), metavar="FORMAT", help="jsonl, csv, markdown"
    )
    queries.add_query(parser)
    parser.add_argument(
        "--output",
        type=values.folder,
        metavar="PATH",
        help=_("the file, replaced as a whole (stdout); the folder for markdown"),
    )


def run(context: Context) -> int:
    options, console = context.options, context.console
    if options.format == "markdown" and options.output is None:
        raise UsageError(
            _("Markdown is a folder of files: where should it go?"), advice=_("Add --output FOLDER.")
        )
    library = context.archive.library
    found = library.search.ids(queries.text_of(options), sort="newest")
    queries.tell_relaxed(console, relaxed=found.relaxed)
    total = len(found.ids)
    articles = _counted(context, library.articles.stream(found.ids), total)
    if options.format == "markdown":
        from gvreader.outputs.markdown import write_folder

        write_folder(options.output, articles)
    else:
        from gvreader.cli.writing import write_text

        write_text(console, options.output, _pieces(options.format, articles))
    if options.output is not None:
        console.say(
            _("{articles} written to {path}.").format(articles=wording.articles(total), path=options.output)
        )
    return EXIT_DONE


def _pieces(kind: str, articles: Iterator[StoredArticle]) -> Iterator[str]:
    if kind == "csv":
        from gvreader.outputs.tables import BOM, csv_lines

        yield BOM
        yield from csv_lines(articles)
        return
    from gvreader.outputs.records import article_json, dumps

    for stored in articles:
        yield dumps(article_json(stored)) + "\n"


def _counted(context: Context, articles: Iterator[StoredArticle], total: int) -> Iterator[StoredArticle]:
    """The same articles, with progress on the status line."""
    for done, stored in enumerate(articles):
        if done % _TELL_EVERY == 0:
            context.console.status(
                _("{done} of {total} articles").format(done=wording.number(done), total=wording.number(total))
            )
        yield stored
