"""`gvreader search`: ranked full-text search."""

from __future__ import annotations

import argparse
from typing import Final

from gvreader.cli import arg_types, queries
from gvreader.cli.context import Context
from gvreader.cli.tables import number_columns, snippet_lines, title_line
from gvreader.errors import EXIT_DONE
from gvreader.i18n import _

EXAMPLES: Final = (
    "gvreader search nong thon moi",
    "gvreader search '\"nông thôn mới\" after:2022 -xã' --sort newest",
    "gvreader search uy ban nhan dan --limit 5 --jsonl | jq -r .title",
    "gvreader search 'UBND after:2024' --explain",
)
_LIMIT: Final = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    queries.add_query(parser, required=True)
    parser.add_argument(
        "--limit",
        type=arg_types.count,
        metavar="N",
        default=_LIMIT,
        help=_("print at most N articles ({n})").format(n=_LIMIT),
    )
    parser.add_argument(
        "--sort",
        choices=("relevance", "newest", "oldest"),
        default="relevance",
        help=_("order of the articles (relevance)"),
    )
    parser.add_argument("--jsonl", action="store_true", help=_("print one JSON object a line"))
    queries.add_explain(parser)


def run(context: Context) -> int:
    options, console = context.options, context.console
    search = context.archive.library.search
    text = queries.text_of(options)
    if options.explain:
        queries.explain(context)
    results = search.find(text, sort=options.sort, limit=options.limit)
    queries.tell_relaxed(console, relaxed=results.relaxed)
    if options.jsonl:
        from gvreader.export.records import dumps, hit_json

        for hit in results.hits:
            console.data(dumps(hit_json(hit, relaxed=results.relaxed)))
    else:
        columns = number_columns([hit.row for hit in results.hits])
        for hit in results.hits:
            console.data(title_line(console, hit.row, columns))
            if hit.snippet:
                console.lines(snippet_lines(console, hit, columns))
    if not results.hits:
        queries.tell_nothing(context)
    elif not options.jsonl and not console.quiet:
        total = results.total if results.is_counted else search.count(text)
        queries.tell_shown(context, len(results.hits), total)
    return EXIT_DONE
