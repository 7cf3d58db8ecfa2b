"""`gvreader fleet`: many portals, one ordinary archive each."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from gvreader.cli import arg_types
from gvreader.cli.arguments import SEPARATOR
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, UsageError
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.app.fleet import Fleet

EXAMPLES: Final = (
    "gvreader fleet add ~/vn kimson https://phuong.example.gov.vn/",
    "gvreader fleet add ~/vn --from hosts.csv",
    "gvreader fleet probe ~/vn --group ninhbinh",
    "gvreader fleet sync ~/vn --stop-after 20h",
    "gvreader fleet status ~/vn --json | jq '.counts'",
    "gvreader fleet run ~/vn -- export jsonl --output '{portal}.jsonl'",
)
_ACTIONS: Final = ("add", "probe", "sync", "status", "run")
_OPTIONS: Final = {
    "add": ("source", "json"),
    "probe": ("group", "at_once", "delay", "per_address", "json"),
    "sync": (
        "group",
        "jobs",
        "at_once",
        "delay",
        "per_address",
        "full",
        "since",
        "limit",
        "media",
        "stop_after",
        "json",
    ),
    "status": ("group", "json"),
    "run": ("group", "jobs"),
}
"""Which options each of the five takes."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(takes_command=True)
    parser.add_argument(
        "action",
        choices=_ACTIONS,
        metavar="|".join(_ACTIONS),
        help=_(
            "add: list portals; probe: what is there; sync: bring all up to date; status; run: any command"
        ),
    )
    parser.add_argument("fleet", type=arg_types.folder, metavar="FLEET", help=_("the folder of the fleet"))
    parser.add_argument(
        "words",
        nargs="*",
        metavar="NAME|URL",
        help=_("add: URL or NAME=URL; run: names, then `--` and a command; else the names of portals (all)"),
    )
    parser.add_argument(
        "--from",
        dest="source",
        metavar="FILE",
        help=_("add: a list with one `URL` or `name,origin[,group]` a line (-: stdin)"),
    )
    parser.add_argument(
        "--group", action="append", metavar="GROUP", help=_("the portals of this group; may be repeated")
    )
    parser.add_argument(
        "--jobs", type=arg_types.count, metavar="N", help=_("processes (sync: one for 50 portals at once)")
    )
    parser.add_argument(
        "--at-once", type=arg_types.count, metavar="N", help=_("portals at the same time (200)")
    )
    parser.add_argument(
        "--delay",
        type=arg_types.seconds,
        metavar="S",
        help=_("least seconds between two requests to one host"),
    )
    parser.add_argument(
        "--per-address",
        type=arg_types.seconds,
        metavar="N",
        help=_("most requests a second to one address, whatever names share it; 0: no limit (4)"),
    )
    parser.add_argument(
        "--full",
        action="store_true",
        default=None,
        help=_("look at everything again, not only at what is new"),
    )
    parser.add_argument(
        "--since", type=arg_types.day, metavar="DATE", help=_("no listing entries before this date")
    )
    parser.add_argument("--limit", type=arg_types.count, metavar="N", help=_("at most N article pages"))
    parser.add_argument(
        "--media",
        action=argparse.BooleanOptionalAction,
        default=None,
        help=_("fetch pictures and files of articles too"),
    )
    parser.add_argument(
        "--stop-after",
        type=arg_types.duration,
        metavar="TIME",
        help=_("ask for nothing more after this time (90s, 20m, 1h30m); the next run goes on"),
    )
    parser.add_argument(
        "--json", action="store_true", default=None, help=_("print one JSON object at the end")
    )


def run(context: Context) -> int:
    from gvreader.app.fleet import Fleet

    options = context.options
    _refuse_strangers(options)
    fleet = Fleet(options.fleet.absolute(), context.settings)
    words, command = _split(options.words)
    if command is not None and options.action != "run":
        raise UsageError(_("Only `fleet run` takes a command after `--`."))
    match options.action:
        case "add":
            return _add(context, fleet, words)
        case "probe":
            from gvreader.cli.fleet_probe import probe

            return probe(context, fleet, words)
        case "sync":
            from gvreader.cli.fleet_sync import sync

            return sync(context, fleet, words)
        case "status":
            return _status(context, fleet, words)
        case _:
            from gvreader.cli.fleet_run import run_each

            if not command:
                raise UsageError(
                    _("Which command should run for each portal?"),
                    advice=_("Write it after `--`: gvreader fleet run FLEET -- status"),
                )
            return run_each(context, fleet, words, command)


def _refuse_strangers(options: argparse.Namespace) -> None:
    """Raises UsageError for an option that belongs to another action."""
    for name in sorted({name for names in _OPTIONS.values() for name in names}):
        given = getattr(options, name) is not None
        if given and name not in _OPTIONS[options.action]:
            option = {"source": "--from"}.get(name, "--" + name.replace("_", "-"))
            raise UsageError(
                _("{option} is not for `fleet {action}`.").format(option=option, action=options.action),
                advice=_("See `{program} --help`.").format(program="gvreader fleet"),
            )


def _split(words: Sequence[str]) -> tuple[list[str], list[str] | None]:
    """What stands before and after `--`; None where there is none."""
    if SEPARATOR not in words:
        return list(words), None
    place = list(words).index(SEPARATOR)
    return list(words[:place]), list(words[place + 1 :])


def _add(context: Context, fleet: Fleet, words: Sequence[str]) -> int:
    from gvreader.app.fleet import candidates, typed
    from gvreader.app.portal_lookup import portals
    from gvreader.export.records import dumps

    options, console = context.options, context.console
    known = {portal.name: portal.origin for portal in portals(context.settings)}
    wanted = [typed(known.get(word, word)) for word in words]
    if options.source is not None:
        wanted += candidates(_lines(options.source), options.source)
    if not wanted:
        raise UsageError(
            _("Which portals should be added?"),
            advice=_("Give addresses, NAME=URL, or --from FILE."),
        )
    done = fleet.add(wanted)
    if options.json:
        console.data(dumps({"added": list(done.added), "known": list(done.known)}))
    else:
        console.say(
            _("{added} added, {known} known already: {file}").format(
                added=len(done.added), known=len(done.known), file=fleet.file
            )
        )
    return EXIT_DONE


def _lines(source: str) -> list[str]:
    from pathlib import Path

    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).expanduser().read_bytes()
        return data.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise UsageError(
            _("{file} cannot be read: {reason}").format(file=source, reason=error.strerror or error)
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(_("{file} is not UTF-8; nothing was added.").format(file=source)) from error


def _status(context: Context, fleet: Fleet, words: Sequence[str]) -> int:
    from gvreader.app.fleet.state import badness, states
    from gvreader.archive.lock import is_held
    from gvreader.export import wording
    from gvreader.export.records import dumps
    from gvreader.export.terminal_text import pad, printable

    options, console = context.options, context.console
    found = sorted(states(fleet, fleet.chosen(words, options.group or [])), key=badness)
    counts = Counter("never" if one.exit_code is None else str(one.exit_code) for one in found)
    totals = {
        "portals": len(found),
        "articles": sum(one.articles for one in found),
        "waiting": sum(one.waiting for one in found),
    }
    if options.json:
        rows = [
            {
                "name": one.member.name,
                "origin": one.member.origin,
                "group": one.member.group,
                "archive": f"archives/{one.member.name}",
                "state": one.state,
                "running": one.is_running,
                "exit_code": one.exit_code,
                "finished": one.finished,
                "articles": one.articles,
                "waiting": one.waiting,
                "message": one.message,
            }
            for one in found
        ]
        console.data(
            dumps(
                {
                    "fleet": str(fleet.folder),
                    "running": is_held(fleet.folder),
                    "totals": totals,
                    "counts": {"0": 0, "never": 0} | dict(sorted(counts.items())),
                    "portals": rows,
                }
            )
        )
        return EXIT_DONE
    wide = max((len(one.member.name) for one in found), default=0)
    for one in found:
        code = "–" if one.exit_code is None else str(one.exit_code)
        line = f"{pad(printable(one.member.name), wide)}  {code:>3}  {pad(one.state or '–', 11)} "
        line += f"{wording.number(one.articles):>8}  {wording.number(one.waiting):>7}"
        if one.is_running:
            line += "  " + _("running")
        elif one.message:
            line += "  " + printable(one.message)
        console.data(line)
    console.say(
        _("{portals} portals · {articles} · {waiting} pages waiting").format(
            portals=wording.number(totals["portals"]),
            articles=wording.articles(totals["articles"]),
            waiting=wording.number(totals["waiting"]),
        )
    )
    return EXIT_DONE
