"""`gvreader list`: articles, newest first."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from gvreader.cli import arg_types, queries
from gvreader.cli.context import Context
from gvreader.cli.tables import number_columns, title_line
from gvreader.errors import EXIT_DONE
from gvreader.frozen import dataclass
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.model import ArticleRow

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
        type=arg_types.count,
        metavar="N",
        help=_("print N articles (all; on a terminal {n})").format(n=_SCREENFUL),
    )
    parser.add_argument("--jsonl", action="store_true", help=_("print one JSON object a line"))
    queries.add_explain(parser)


def run(context: Context) -> int:
    options, console = context.options, context.console
    if options.explain:
        queries.explain(context)
    limit = options.limit
    if limit is None and console.out_is_terminal and not options.jsonl:
        limit = _SCREENFUL
    chosen = _chosen(context, limit)
    queries.tell_relaxed(console, relaxed=chosen.relaxed)
    if options.jsonl:
        from gvreader.export.records import dumps, row_json

        extra: dict[str, object] = {"relaxed": True} if chosen.relaxed else {}
        for row in chosen.rows:
            console.data(dumps(row_json(row) | extra))
    else:
        for row in chosen.rows:
            console.data(title_line(console, row, chosen.columns))
    if not chosen.count:
        queries.tell_nothing(context)
    elif chosen.has_more and not options.jsonl and not console.quiet:
        total = context.archive.library.search.count(queries.text_of(options))
        queries.tell_shown(context, chosen.count, total)
    return EXIT_DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """The rows to print, how many they are, and the columns that their numbers need."""

    rows: Iterable[ArticleRow]
    count: int
    columns: int
    relaxed: bool
    has_more: bool


def _chosen(context: Context, limit: int | None) -> _Chosen:
    """The newest `limit` articles that match, or all of them, read while they are printed."""
    library = context.archive.library
    text = queries.text_of(context.options)
    if limit is None:
        found = library.search.ids(text, sort="newest")
        return _Chosen(
            rows=queries.stream_rows(library, found.ids),
            count=len(found.ids),
            columns=len(str(max(found.ids, default=1))),
            relaxed=found.relaxed,
            has_more=False,
        )
    results = library.search.find(text, sort="newest", limit=limit, snippets=False)
    rows = [hit.row for hit in results.hits]
    return _Chosen(
        rows=rows,
        count=len(rows),
        columns=number_columns(rows),
        relaxed=results.relaxed,
        has_more=len(rows) < results.total or not results.is_counted,
    )
