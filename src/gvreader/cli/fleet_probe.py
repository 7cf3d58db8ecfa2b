"""`gvreader fleet probe`: a census of a fleet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Final

from gvreader.cli.context import Context
from gvreader.cli.signals import heeding
from gvreader.i18n import _, marked

if TYPE_CHECKING:
    from gvreader.app.fleet import Fleet
    from gvreader.app.fleet.census import Census

STATE_NAMES: Final = {
    "alive": marked("alive"),
    "dead": marked("nobody answers"),
    "maintenance": marked("under maintenance"),
    "refused": marked("refuses us"),
    "strange": marked("answers, but not as a portal"),
    "moved": marked("moved to another site"),
}


def probe(context: Context, fleet: Fleet, words: Sequence[str]) -> int:
    """Look at each portal and print what is there."""
    from gvreader.app.fleet.census import Census
    from gvreader.export.terminal_text import pad, printable

    options, console = context.options, context.console
    census = Census(
        fleet=fleet,
        members=fleet.chosen(words, options.group or []),
        delay=options.delay,
        at_once=options.at_once,
        per_address=options.per_address,
    )
    wide = max(len(member.name) for member in census.members)
    try:
        with closing(heeding(census.rows())) as rows:
            for row in rows:
                if options.json:
                    console.status(f"{len(census.found)}/{len(census.members)} {row.name}")
                    continue
                detail = f"  {printable(row.detail)}" if row.detail else ""
                family = pad(row.family or "–", 10)
                console.data(
                    f"{pad(printable(row.name), wide)}  {family} {_(STATE_NAMES[row.state])}{detail}"
                )
    finally:
        console.status("")
        if options.json:
            _print(context, census)
    if not options.json:
        counts = Counter(row.state for row in census.found.values())
        parts = [f"{count} {_(STATE_NAMES[state])}" for state, count in counts.most_common()]
        console.say(_("Done: {parts}").format(parts=" · ".join(parts)))
    return census.exit_code


def _print(context: Context, census: Census) -> None:
    from gvreader.app.clock import now
    from gvreader.export.records import dumps, moment

    found = census.found
    rows = [
        {
            "name": member.name,
            "origin": member.origin,
            "group": member.group,
            "state": found[member.name].state,
            "family": found[member.name].family,
            "address": found[member.name].address,
            "requests": found[member.name].requests,
            "detail": found[member.name].detail,
        }
        for member in census.members
        if member.name in found
    ]
    context.console.data(
        dumps(
            {
                "fleet": str(census.fleet.folder),
                "started": moment(census.started),
                "finished": moment(now()),
                "counts": dict(sorted(Counter(row.state for row in found.values()).items())),
                "families": dict(sorted(Counter(row.family or "unknown" for row in found.values()).items())),
                "portals": rows,
            }
        )
    )
