"""`gvreader demo`: a local replica of the portal, mirrored over real HTTP into a throw-away archive, and read."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gvreader.cli import arg_types
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, EXIT_INTERRUPTED
from gvreader.export import wording
from gvreader.export.terminal_text import pad, printable
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.app.archive import Archive
    from gvreader.archive.library import Library
    from gvreader.demo import LocalPortal

EXAMPLES: Final = (
    "gvreader demo",
    "gvreader demo --articles 1000",
    "gvreader demo --serve-only --port 8000",
)
_ARTICLES: Final = 120
_SHOWN: Final = 10
_PUBLISHED: Final = 3
_REVISED: Final = 4
_ADDED: Final = "Hội nghị kết thúc lúc 11 giờ cùng ngày."
_SEED_TITLE: Final = 'title:"hội nghị kiểm điểm công tác chỉ đạo"'


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--articles",
        type=arg_types.count,
        metavar="N",
        default=_ARTICLES,
        help=_("how many articles the replica has ({n})").format(n=_ARTICLES),
    )
    parser.add_argument(
        "--serve-only",
        action="store_true",
        help=_("only serve the replica; its address is printed on stdout"),
    )
    parser.add_argument(
        "--port", type=arg_types.port, metavar="P", default=0, help=_("the replica's port (any free one)")
    )


def run(context: Context) -> int:
    from gvreader.demo import Corpus, LocalPortal

    options = context.options
    try:
        replica = LocalPortal(Corpus(count=options.articles), port=options.port)
    except OSError as error:
        from gvreader.errors import UsageError

        raise UsageError(
            _("Port {port} cannot be used: {reason}").format(
                port=options.port, reason=error.strerror or error
            ),
            advice=_("Choose another one, or leave --port away."),
        ) from error
    if options.serve_only:
        return _serve(context, replica)
    with replica:
        return _mirror(context, replica)


def _serve(context: Context, replica: LocalPortal) -> int:
    """Serve until interrupted."""
    console = context.console
    console.data(f"{replica.base_url}/")
    console.flush()
    console.say(
        _("Serving. Ctrl-C ends it. In another terminal: {command}").format(
            command=f"gvreader sync --base-url {replica.base_url}/ --delay 0 --archive ./demo"
        )
    )
    try:
        replica.serve_forever()
    except KeyboardInterrupt:
        console.say(_("Stopped."))
    finally:
        replica.stop()
    return EXIT_INTERRUPTED


def _mirror(context: Context, replica: LocalPortal) -> int:
    """Mirror the replica, then open the reader, or print what arrived where there is no terminal."""
    from gvreader.app.archive import Archive
    from gvreader.app.portal_lookup import DEFAULT_PORTAL
    from gvreader.app.runs.sync_run import run_sync
    from gvreader.cli.progress import ProgressReporter, tell_end
    from gvreader.operations.sync import SyncOptions
    from gvreader.portals import portal_for

    console = context.console
    portal = portal_for(DEFAULT_PORTAL)
    assert portal is not None, "the default portal is a known one"
    if getattr(context.options, "archive", None) is not None:
        console.say(_("The demo has a throw-away archive of its own; --archive is left alone."))
    console.say(
        _("A replica of the portal answers at {url}/; nothing leaves this machine.").format(
            url=replica.base_url
        )
    )
    with tempfile.TemporaryDirectory(prefix="gvreader-demo-") as folder:
        archive = Archive(replace(context.settings, archive=Path(folder), portals=()))
        try:
            events = run_sync(archive, portal, options=SyncOptions(), base_url=replica.base_url, delay=0.0)
            finished = ProgressReporter(console).follow(events)
            tell_end(console, finished)
            if finished.exit_code != EXIT_DONE:
                return finished.exit_code
            if sys.stdin.isatty() and sys.stdout.isatty():
                from gvreader.app.reader_services import Services
                from gvreader.cli.commands.read import open_reader

                _let_a_day_pass(replica)
                services = Services(archive, base_url=replica.base_url, delay=0.0)
                greeting = _("Press {key}: a day has passed on the made-up portal.")
                return open_reader(context, services, greeting=greeting.format(key="r"))
            console.lines(_arrived(archive))
        finally:
            archive.close()
    return EXIT_DONE


def _let_a_day_pass(replica: LocalPortal) -> None:
    """Have the portal publish, revise and take off articles, so that there is something to sync."""
    numbers = [piece.number for piece in islice(replica.site.pieces(), _REVISED + 1)]
    replica.site.publish(_PUBLISHED)
    if len(numbers) > _REVISED:
        replica.site.edit(numbers[_REVISED - 1], append=_ADDED)
        replica.site.delete(numbers[_REVISED])


def _arrived(archive: Archive) -> Iterator[str]:
    """What came, by section; the newest titles; one article in full."""
    from gvreader.export.plain_text import article_text

    library: Library = archive.library
    everything = library.search.ids("", sort="newest").ids
    yield wording.articles(len(everything))
    for section in library.sections.counts():
        yield f"  {pad(printable(section.title), 32)} {wording.number(section.articles):>6}"
    yield ""
    for row in library.articles.rows(everything[:_SHOWN]):
        published = wording.day(row.published) if row.published else "–"
        yield f"{row.id:>5}  {pad(published, 11)}  {printable(row.title)}"
    chosen = library.search.ids(_SEED_TITLE, sort="newest").ids[:1] or everything[:1]
    for stored in library.articles.stream(chosen):
        yield ""
        yield from article_text(stored)
