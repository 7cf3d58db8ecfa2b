"""A feed of chosen articles with the head that goes with the archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gvreader.cli import queries

if TYPE_CHECKING:
    from gvreader.cli.context import Context
    from gvreader.export.feed_formats import Format


def print_feed(context: Context, form: Format, ids: Sequence[int], *, name: str, query: str) -> None:
    """Write the articles as a feed to stdout or into `--output`; `name` (of a search) stands in its title."""
    from gvreader.cli.output import write_text
    from gvreader.export.feed_formats import Feed, feed

    library = context.archive.library
    rows = tuple(queries.stream_rows(library, ids))
    names = [stored.name for stored in library.portals.all()]
    if len(names) > 1:
        # The feed's own id is made of the first: a portal that joins later must not change it.
        names.sort(key=library.captures.began)
    portal = rows[0].portal if rows else next(iter(names), "")
    title = context.archive.portal_title(portal)
    head = Feed(
        title=f"{title}: {name}" if name else title,
        home=context.archive.portal_origin(portal),
        query=query,
        updated=max((row.changed for row in rows), default=datetime(1970, 1, 1, tzinfo=UTC)),
        authorities={one: context.archive.portal_authority(one) for one in names},
    )
    write_text(context.console, context.options.output, feed(form, head, library.articles.stream(ids)))
