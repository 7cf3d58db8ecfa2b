"""`gvreader list`: articles, newest first."""

from __future__ import annotations

import argparse
from typing import Final

from gvreader.cli import queries, values
from gvreader.cli.context import Context
from gvreader.cli.rows import title_line
from gvreader.errors import EXIT_DONE
from gvreader.i18n import _

EXAMPLES: Final = (
    "gvreader list --limit 20",
    "gvreader list is:unread section:tin-tuc after:2023",
    "gvreader list --jsonl has:attachment | jq -r .url",
)
_SCREENFUL: Final = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    queries.add_query(parser)
    parser.add_argument(
        "--limit",
        type=values.count,
        metavar="N",
        help=_("print N articles (all; on a terminal {n})").format(n=_SCREENFUL),
    )
    parser.add_argument("--jsonl", action="store_true", help=_("print one JSON object a line"))
    queries.add_explain(parser)


def run(context: Context) -> int:
    options, console = context.options, context.console
    library = context.archive.library
    if options.explain:
        queries.explain(context)
    found = library.search.ids(queries.text_of(options), sort="newest")
    queries.tell_relaxed(console, relaxed=found.relaxed)
    limit = options.limit
    if limit is None and console.out_is_terminal and not options.jsonl:
        limit = _SCREENFUL
    chosen = found.ids if limit is None else found.ids[:limit]
    if options.jsonl:
        from gvreader.outputs.records import dumps, row_json

        extra: dict[str, object] = {"relaxed": True} if found.relaxed else {}
        for row in queries.stream_rows(library, chosen):
            console.data(dumps(row_json(row) | extra))
    else:
        columns = len(str(max(chosen, default=1)))
        for row in queries.stream_rows(library, chosen):
            console.data(title_line(console, row, columns))
    if not chosen:
        queries.tell_nothing(context)
    elif len(chosen) < len(found.ids) and not options.jsonl:
        queries.tell_shown(context, len(chosen), len(found.ids))
    return EXIT_DONE
