"""`gvreader sync`: bring the archive up to date."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from gvreader.cli import arg_types
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, EXIT_PARTIAL, UsageError
from gvreader.export import wording
from gvreader.i18n import _, ngettext

if TYPE_CHECKING:
    from gvreader.model import RunFinished
    from gvreader.portals import Portal

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
        help=_("a portal's name or host, or the address of any other one (those that the archive holds)"),
    )
    parser.add_argument(
        "--existing", action="store_true", help=_("only where there is an archive: never begin one")
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
    from gvreader.app.portal_lookup import asked_portals
    from gvreader.export.records import dumps

    options, console = context.options, context.console
    if options.existing:
        context.archive.open_library().close()
    portals = asked_portals(context.settings, options.portal)
    if options.base_url and len(portals) > 1:
        raise UsageError(
            _("--base-url is for one portal, and the archive holds {n}.").format(n=len(portals)),
            advice=_("Name the portal: gvreader sync PORTAL --base-url URL"),
        )
    ended: list[RunFinished] = []
    try:
        for portal in portals:
            ended.append(_sync(context, portal, ended))
    finally:
        if options.json and ended:
            one = len(portals) == 1
            console.data(dumps(report(ended[0]) if one else report_of_all(ended)))
    return together([one.exit_code for one in ended])


def _sync(context: Context, portal: Portal, ended: list[RunFinished]) -> RunFinished:
    """Bring one portal up to date; a run that is interrupted is `ended` as far as it came."""
    from gvreader.app.clock import now
    from gvreader.app.runs.sync_run import run_sync
    from gvreader.app.runs.trial_run import run_trial
    from gvreader.cli.hooks import HookRow, Hooks
    from gvreader.cli.progress import ProgressReporter, tell_end
    from gvreader.operations.sync import SyncOptions

    options, settings, console = context.options, context.settings, context.console
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
        if so_far is not None:
            ended.append(so_far)
        raise
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
    return finished


def together(codes: Sequence[int]) -> int:
    """The exit code of several runs: theirs where they agree, else that something is left to do."""
    return codes[0] if len(set(codes)) == 1 else EXIT_PARTIAL


def report_of_all(ended: Sequence[RunFinished]) -> dict[str, object]:
    """Several portals' runs as one object: their sums, and each of them."""
    from gvreader.export.records import moment

    tallies = [one.tally for one in ended]

    def total(name: str) -> int:
        return sum(getattr(tally, name) for tally in tallies)

    return {
        "portal": None,
        "started": moment(min(one.started for one in ended)),
        "finished": moment(max(one.finished for one in ended)),
        "complete": all(one.complete for one in ended),
        "requests": total("requests"),
        "not_modified": total("not_modified"),
        "bytes": total("bytes"),
        "articles": {name: total(name) for name in ("new", "changed", "unchanged", "gone", "failed")},
        "media": {"new": total("media_new"), "failed": total("media_failed")},
        "problems": [problem for one in ended for problem in _problems(one)],
        "portals": [report(one) for one in ended],
    }


def _problems(finished: RunFinished) -> list[dict[str, object]]:
    return [
        {"url": problem.url, "kind": problem.kind, "detail": problem.detail} for problem in finished.problems
    ]


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
        "problems": _problems(finished),
    }
