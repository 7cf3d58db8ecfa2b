"""`gvreader sync`: bring the archive up to date."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from gvreader.cli import arg_types
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE
from gvreader.export import wording
from gvreader.i18n import _, ngettext

if TYPE_CHECKING:
    from gvreader.model import RunFinished

EXAMPLES: Final = (
    "gvreader sync",
    "gvreader sync kimson --section tin-tuc-trong-huyen --since 2024-01-01",
    "gvreader sync https://phuong.example.gov.vn/ --limit 50 --no-media",
    "gvreader --quiet sync --json > last-run.json",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "portal",
        nargs="?",
        metavar="PORTAL|URL",
        help=_("a portal's name (giavien), or the address of any other portal"),
    )
    parser.add_argument(
        "--full", action="store_true", help=_("look at everything again, not only at what is new")
    )
    parser.add_argument(
        "--section",
        action="append",
        default=[],
        metavar="SLUG",
        help=_("only this section; may be given several times"),
    )
    parser.add_argument(
        "--since", type=arg_types.day, metavar="DATE", help=_("no listing entries before this date")
    )
    parser.add_argument("--limit", type=arg_types.count, metavar="N", help=_("at most N article pages"))
    parser.add_argument(
        "--stop-after",
        type=arg_types.duration,
        metavar="TIME",
        help=_("ask for nothing more after this time (90s, 20m, 1h30m); the next run goes on"),
    )
    parser.add_argument(
        "--media",
        action=argparse.BooleanOptionalAction,
        default=None,
        help=_("fetch pictures and files of articles too"),
    )
    parser.add_argument(
        "--base-url",
        type=arg_types.address,
        metavar="URL",
        help=_("another origin that serves the portal's pages (replica, mirror)"),
    )
    parser.add_argument(
        "--delay",
        type=arg_types.seconds,
        metavar="S",
        help=_("least seconds between two requests to one host"),
    )
    parser.add_argument(
        "--dry-run", action="store_true", help=_("read only listings and say what is new; nothing is kept")
    )
    parser.add_argument("--json", action="store_true", help=_("print one JSON object at the end"))


def run(context: Context) -> int:
    from gvreader.app.clock import now
    from gvreader.app.portal_lookup import DEFAULT_PORTAL, portal_for
    from gvreader.app.runs.sync_run import run_sync
    from gvreader.app.runs.trial_run import run_trial
    from gvreader.cli.hooks import HookRow, Hooks
    from gvreader.cli.progress import ProgressReporter, tell_end
    from gvreader.export.records import dumps
    from gvreader.operations.sync import SyncOptions

    options, settings, console = context.options, context.settings, context.console
    portal = portal_for(settings, options.portal or DEFAULT_PORTAL)
    asked = SyncOptions(
        full=options.full,
        sections=tuple(options.section),
        since=options.since,
        limit=options.limit,
        stop_after=options.stop_after,
        media=settings.sync.media if options.media is None else options.media,
    )
    start = run_trial if options.dry_run else run_sync
    events = start(context.archive, portal, options=asked, base_url=options.base_url, delay=options.delay)
    follower, stored = ProgressReporter(console), HookRow()
    try:
        finished = follower.follow(events, heard=stored.hear)
    except KeyboardInterrupt:
        so_far = follower.so_far(now())
        if options.json and so_far is not None:
            console.data(dumps(report(so_far)))
        raise
    if options.json:
        console.data(dumps(report(finished)))
    if options.dry_run and finished.exit_code == EXIT_DONE:
        console.say(
            ngettext(
                "{n} article would be fetched.", "{n} articles would be fetched.", finished.tally.new
            ).format(n=wording.number(finished.tally.new))
        )
    else:
        tell_end(console, finished)
    if not options.dry_run:
        hooks = Hooks(settings, console)
        hooks.run(report(finished), stored, context.archive.library if hooks.want_articles else None)
    return finished.exit_code


def report(finished: RunFinished) -> dict[str, object]:
    """The run as `sync --json` prints it."""
    from gvreader.export.records import moment

    tally = finished.tally
    return {
        "portal": finished.portal,
        "started": moment(finished.started),
        "finished": moment(finished.finished),
        "complete": finished.complete,
        "requests": tally.requests,
        "not_modified": tally.not_modified,
        "bytes": tally.bytes,
        "articles": {
            "new": tally.new,
            "changed": tally.changed,
            "unchanged": tally.unchanged,
            "gone": tally.gone,
            "failed": tally.failed,
        },
        "media": {"new": tally.media_new, "failed": tally.media_failed},
        "problems": [
            {"url": problem.url, "kind": problem.kind, "detail": problem.detail}
            for problem in finished.problems
        ],
    }
