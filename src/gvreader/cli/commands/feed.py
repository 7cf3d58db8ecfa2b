"""`gvreader feed`: articles as Atom, RSS or JSON Feed."""

from __future__ import annotations

import argparse
from typing import Final

from gvreader.cli import arg_types, queries
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE
from gvreader.i18n import _

EXAMPLES: Final = (
    "gvreader feed --format atom --output ~/public/gia-vien.xml",
    "gvreader feed section:kinh-te --format rss --limit 20",
    "gvreader feed 'is:starred' --format json | jq '.items[0].title'",
)
_LIMIT: Final = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    queries.add_query(parser)
    parser.add_argument(
        "--format", choices=("atom", "rss", "json"), required=True, help=_("kind of the feed")
    )
    parser.add_argument(
        "--output",
        type=arg_types.folder,
        metavar="FILE",
        help=_("replace this file as a whole (stdout)"),
    )
    parser.add_argument(
        "--limit",
        type=arg_types.count,
        metavar="N",
        default=_LIMIT,
        help=_("the newest N articles ({n})").format(n=_LIMIT),
    )


def run(context: Context) -> int:
    from gvreader.cli.feeds import print_feed

    options = context.options
    query = queries.text_of(options)
    library = context.archive.library
    found = library.search.ids(query, sort="newest")
    queries.tell_relaxed(context.console, relaxed=found.relaxed)
    chosen = found.ids[: options.limit]
    print_feed(context, options.format, chosen, name=query, query=query)
    return EXIT_DONE
