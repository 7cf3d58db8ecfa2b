"""`gvreader feed`: articles as Atom, RSS or JSON Feed."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
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
    from gvreader.cli.output import write_text
    from gvreader.export.feed_formats import Feed, feed

    options = context.options
    query = queries.text_of(options)
    library = context.archive.library
    found = library.search.ids(query, sort="newest")
    queries.tell_relaxed(context.console, relaxed=found.relaxed)
    chosen = found.ids[: options.limit]
    rows = tuple(queries.stream_rows(library, chosen))
    names = [stored.name for stored in library.portals.all()]
    if len(names) > 1:
        # The feed's own id is made of the first: a portal that joins later must not change it.
        names.sort(key=library.captures.began)
    portal = rows[0].portal if rows else next(iter(names), "")
    title = context.archive.portal_title(portal)
    head = Feed(
        title=f"{title}: {query}" if query else title,
        home=context.archive.portal_origin(portal),
        query=query,
        updated=max((row.changed for row in rows), default=datetime(1970, 1, 1, tzinfo=UTC)),
        authorities={name: context.archive.portal_authority(name) for name in names},
    )
    write_text(context.console, options.output, feed(options.format, head, library.articles.stream(chosen)))
    return EXIT_DONE
