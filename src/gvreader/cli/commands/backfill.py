"""`gvreader backfill`: fetch what public web archives hold of a portal."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from gvreader.cli import arg_types
from gvreader.cli.context import Context
from gvreader.errors import PortalUnreachable, UsageError
from gvreader.export import wording
from gvreader.i18n import _, marked, ngettext

if TYPE_CHECKING:
    from gvreader.cli.console import Console
    from gvreader.model import RunFinished
    from gvreader.portals import Portal

EXAMPLES: Final = (
    "gvreader backfill wayback",
    "gvreader backfill wayback kimson --from 2021 --to 2023-06-30",
    "gvreader backfill commoncrawl --limit 200",
    "gvreader backfill wayback --service http://127.0.0.1:8080/ --json",
)
STATE_NAMES: Final = {
    "taken": marked("{n} kept"),
    "known": marked("{n} known already"),
    "same": marked("{n} as the one before"),
    "refused": marked("{n} kept that are no articles"),
    "moved": marked("{n} replaced by another capture"),
    "missing": marked("{n} not given out"),
    "passed": marked("{n} not wanted"),
    "listed": marked("{n} still to fetch"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source",
        choices=("wayback", "commoncrawl"),
        metavar="wayback|commoncrawl",
        help=_("the public web archive"),
    )
    parser.add_argument(
        "portal",
        nargs="?",
        metavar="PORTAL|URL",
        help=_("a portal's name or host, or the address of any other one (those that the archive holds)"),
    )
    parser.add_argument(
        "--from", dest="first", type=arg_types.day, metavar="DATE", help=_("no captures before this date")
    )
    parser.add_argument(
        "--to", dest="last", type=arg_types.last_day, metavar="DATE", help=_("no captures after this date")
    )
    parser.add_argument("--limit", type=arg_types.count, metavar="N", help=_("at most N captures"))
    parser.add_argument(
        "--stop-after",
        type=arg_types.duration,
        metavar="TIME",
        help=_("ask for nothing more after this time (90s, 20m, 1h30m); the next run goes on"),
    )
    parser.add_argument(
        "--service",
        type=arg_types.address,
        metavar="URL",
        help=_("another server that speaks the same protocol"),
    )
    parser.add_argument("--json", action="store_true", help=_("print one JSON object at the end"))


def run(context: Context) -> int:
    from gvreader.app.portal_lookup import asked_portals
    from gvreader.app.runs.backfill_run import home_of
    from gvreader.cli.commands.sync import together
    from gvreader.export.records import dumps

    options, console = context.options, context.console
    if options.first and options.last and options.first > options.last:
        raise UsageError(
            _("--from is later than --to: there is no day between them."),
            advice=_("Put the earlier date behind --from."),
        )
    ended: list[dict[str, object]] = []
    codes: list[int] = []
    service = options.service or home_of(options.source)
    portals = asked_portals(context.settings, options.portal)
    try:
        codes.extend(_backfill(context, portal, service, ended) for portal in portals)
    finally:
        if options.json and ended:
            console.data(dumps(ended[0] if len(portals) == 1 else {"portal": None, "portals": ended}))
    return together(codes)


def _backfill(context: Context, portal: Portal, service: str, ended: list[dict[str, object]]) -> int:
    """Fetch what the archive holds of one portal; `ended` gets its report, however it ends."""
    from gvreader.app.clock import now
    from gvreader.app.runs.backfill_run import run_backfill
    from gvreader.cli.commands.sync import report as report_of_run
    from gvreader.cli.progress import ProgressReporter

    options, console = context.options, context.console
    events = run_backfill(
        context.archive,
        portal,
        source=options.source,
        service=options.service,
        first=options.first,
        last=options.last,
        limit=options.limit,
        stop_after=options.stop_after,
    )
    follower = ProgressReporter(console)
    try:
        finished = follower.follow(events)
    except KeyboardInterrupt:
        so_far = follower.so_far(now())
        if so_far is not None:
            ended.append({"source": options.source, **report_of_run(so_far)})
        raise
    ended.append(report(finished, options.source, service))
    _tell_end(console, finished, service)
    return finished.exit_code


def report(finished: RunFinished, source: str, service: str) -> dict[str, object]:
    """The run as `--json` prints it: that of a sync, with the archive and the state of what it lists."""
    from gvreader.cli.commands.sync import report as report_of_run

    captures = dict(finished.captures)
    return {
        "source": source,
        "service": service,
        **report_of_run(finished),
        "captures": {state: captures.get(state, 0) for state in STATE_NAMES},
    }


def _tell_end(console: Console, ended: RunFinished, service: str) -> None:
    """The summary of a backfill; under `--quiet` only what went wrong."""
    from gvreader.cli.progress import KIND_NAMES, tell_problems

    tally, captures = ended.tally, dict(ended.captures)
    if ended.exit_code == PortalUnreachable.exit_code:
        first = ended.problems[0] if ended.problems else None
        why = ""
        if first is not None:
            why = f" ({_(KIND_NAMES[first.kind])}{f': {first.detail}' if first.detail else ''})"
        console.trouble(
            _("The archive {service} could not be used{why}.").format(service=service, why=why),
            ended.advice,
        )
        return
    parts = [
        _("{articles} new").format(articles=wording.articles(tally.new)),
        wording.further_revisions(tally.changed),
    ]
    if tally.media_new:
        media = ngettext("{n} picture or file", "{n} pictures and files", tally.media_new)
        parts.append(media.format(n=wording.number(tally.media_new)))
    parts += [
        ngettext("{n} request", "{n} requests", tally.requests).format(n=wording.number(tally.requests)),
        wording.size(tally.bytes),
        wording.span((ended.finished - ended.started).total_seconds()),
    ]
    console.say(_("Done: {parts}").format(parts=" · ".join(parts)))
    if not captures:
        console.say(_("The archive holds nothing of this portal."))
    else:
        states = [
            _(text).format(n=wording.number(captures[state]))
            for state, text in STATE_NAMES.items()
            if captures.get(state)
        ]
        console.say(_("Captures listed by the archive: {parts}").format(parts=" · ".join(states)))
    if ended.problems:
        tell_problems(console, ended.problems)
    if ended.exit_code:
        console.trouble(
            _("The backfill was done in part.")
            if ended.exit_code == 3
            else _("No article could be read from what the archive holds."),
            ended.advice,
        )
