"""`gvreader search`: ranked full-text search."""

from __future__ import annotations

import argparse
from typing import Final

from gvreader.cli import queries, values
from gvreader.cli.context import Context
from gvreader.cli.rows import number_columns, snippet_lines, title_line
from gvreader.errors import EXIT_DONE
from gvreader.i18n import _
from gvreader.outputs import wording

EXAMPLES: Final = (
    "gvreader search nong thon moi",
    "gvreader search '\"nông thôn mới\" after:2022 -xã' --sort newest",
    "gvreader search uy ban nhan dan --limit 5 --jsonl | jq -r .title",
)
_LIMIT: Final = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    queries.add_query(parser, required=True)
    parser.add_argument(
        "--limit",
        type=values.count,
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


def run(context: Context) -> int:
    options, console = context.options, context.console
    results = context.archive.library.search.find(
        queries.text_of(options), sort=options.sort, limit=options.limit
    )
    queries.tell_relaxed(console, relaxed=results.relaxed)
    if options.jsonl:
        from gvreader.outputs.records import dumps, hit_json

        for hit in results.hits:
            console.data(dumps(hit_json(hit, relaxed=results.relaxed)))
        return EXIT_DONE
    columns = number_columns([hit.row for hit in results.hits])
    for hit in results.hits:
        console.data(title_line(console, hit.row, columns))
        if hit.snippet:
            console.lines(snippet_lines(console, hit, columns))
    if not results.hits:
        queries.tell_nothing(context)
    else:
        console.say(
            _("{shown} of {all}; --limit N prints more.").format(
                shown=wording.number(len(results.hits)), all=wording.articles(results.total)
            )
            if len(results.hits) < results.total
            else wording.articles(len(results.hits))
        )
    return EXIT_DONE
