"""`gvreader fleet sync`: progress over all portals, hooks for each, one report."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Final

from gvreader.cli.context import Context
from gvreader.cli.progress import ended_in_words
from gvreader.cli.signals import heeding
from gvreader.errors import EXIT_INTERRUPTED
from gvreader.export import wording
from gvreader.i18n import _, ngettext
from gvreader.model import RunFinished, Tally

if TYPE_CHECKING:
    from gvreader.app.fleet import Fleet, FleetMember
    from gvreader.app.fleet.crew_messages import Ended, Message
    from gvreader.app.fleet.sync_run import FleetRun

_REDRAW_EVERY: Final = 0.2
_TELL_EVERY: Final = 30.0
_SUMMED: Final = ("new", "changed", "unchanged", "gone", "failed")


def sync(context: Context, fleet: Fleet, words: Sequence[str]) -> int:
    """Bring every portal up to date and report them together."""
    from gvreader.app.fleet.sync_run import FleetRun
    from gvreader.operations.sync.options import SyncOptions

    options = context.options
    run = FleetRun(
        fleet=fleet,
        members=fleet.chosen(words, options.group or []),
        options=SyncOptions(
            full=bool(options.full),
            since=options.since,
            limit=options.limit,
            stop_after=options.stop_after,
        ),
        delay=options.delay,
        per_address=options.per_address,
        media=options.media,
        jobs=options.jobs,
        at_once=options.at_once,
        sentence=ended_in_words,
    )
    follower = _Follower(context, run)
    try:
        follower.follow()
    except KeyboardInterrupt:
        if options.json:
            context.console.data(report_text(run, follower.tallies))
        raise
    if options.json:
        context.console.data(report_text(run, follower.tallies))
    follower.tell_end()
    return run.exit_code


class _Follower:
    """Listens to a run over a fleet: a live line, a sentence for each portal that is not well, hooks."""

    def __init__(self, context: Context, run: FleetRun) -> None:
        self.tallies: dict[str, Tally] = {}
        self._context = context
        self._console = context.console
        self._run = run
        self._members = {member.name: member for member in run.members}
        self._drawn = self._told = self._began = time.monotonic()
        self._hooks = ThreadPoolExecutor(1, thread_name_prefix="gvreader-hooks")

    def follow(self) -> None:
        """Listen to the end; the run is closed whatever happens."""
        try:
            with closing(heeding(self._run.events())) as events:
                for event in events:
                    self._hear(event)
            self._hooks.shutdown(wait=True)
        finally:
            self._hooks.shutdown(wait=False, cancel_futures=True)
            self._console.status("")

    def _hear(self, event: Message) -> None:
        from gvreader.app.fleet.crew_messages import Ended, Noticed, Went

        match event:
            case Went():
                self.tallies[event.name] = event.tally
            case Noticed():
                self._console.detail(f"{event.name}: {event.message}")
            case Ended():
                self._ended(event)
            case _:
                raise AssertionError(f"not for people: {event}")
        self._show()

    def _ended(self, event: Ended) -> None:
        if event.finished is not None:
            self.tallies[event.name] = event.finished.tally
            self._call_hooks(event, event.finished)
        if event.exit_code and event.message:
            self._console.trouble(f"{event.name}: {event.message}")
        else:
            tally = self.tallies.get(event.name, Tally())
            self._console.detail(f"{event.name}: " + _("{n} new").format(n=wording.number(tally.new)))

    def _call_hooks(self, event: Ended, finished: RunFinished) -> None:
        """The hooks of the configuration, as after any sync; on a thread, so that they hold nobody up."""
        hooks = self._context.settings.hooks
        if hooks.after_sync or hooks.new_article:
            self._hooks.submit(self._run_hooks, self._members[event.name], event, finished)

    def _run_hooks(self, member: FleetMember, event: Ended, finished: RunFinished) -> None:
        from gvreader.app.archive import Archive
        from gvreader.cli.commands.sync import report
        from gvreader.cli.hooks import HookRow, Hooks

        settings = self._run.fleet.settings_of(member)
        hooks = Hooks(settings, self._console)
        row = HookRow(keys={name: list(keys) for name, keys in event.keys.items()})
        archive = Archive(settings)
        try:
            hooks.run(report(finished), row, archive.library if hooks.want_articles else None)
        finally:
            archive.close()

    def _show(self) -> None:
        now, console = time.monotonic(), self._console
        if console.has_status:
            if now - self._drawn >= _REDRAW_EVERY:
                self._drawn = now
                console.status(self._line(now))
        elif now - self._told >= _TELL_EVERY:
            self._told = now
            console.say(self._line(now))

    def _line(self, now: float) -> str:
        requests = sum(tally.requests for tally in self.tallies.values())
        new = sum(tally.new for tally in self.tallies.values())
        rate = requests / max(now - self._began, 0.001)
        return " · ".join(
            (
                _("{done} of {total} portals").format(
                    done=wording.number(len(self._run.ended)), total=wording.number(len(self._run.members))
                ),
                ngettext("{n} request", "{n} requests", requests).format(n=wording.number(requests)),
                _("{n} new").format(n=wording.number(new)),
                _("{rate}/s").format(rate=wording.decimal(rate, 2 if rate < 10 else 0)),
            )
        )

    def tell_end(self) -> None:
        """How many portals ended how."""
        run, console = self._run, self._console
        tallies = self.tallies.values()
        codes = Counter(ended.exit_code for ended in run.ended.values())
        well, left = codes.pop(0, 0), len(run.members) - len(run.ended)
        parts = [ngettext("{n} portal", "{n} portals", well).format(n=wording.number(well))]
        if codes:
            parts.append(_("{n} with problems").format(n=wording.number(sum(codes.values()))))
        if left:
            parts.append(_("{n} not begun").format(n=wording.number(left)))
        requests = sum(tally.requests for tally in tallies)
        parts += [
            _("{n} new").format(n=wording.number(sum(tally.new for tally in tallies))),
            ngettext("{n} request", "{n} requests", requests).format(n=wording.number(requests)),
            wording.size(sum(tally.bytes for tally in tallies)),
            wording.span(time.monotonic() - self._began),
        ]
        console.say(_("Done: {parts}").format(parts=" · ".join(parts)))
        if left:
            console.trouble(
                ngettext(
                    "{n} portal was not begun: the time was over.",
                    "{n} portals were not begun: the time was over.",
                    left,
                ).format(n=wording.number(left)),
                _("The next run begins with those that have most left to do."),
            )


def report_text(run: FleetRun, tallies: Mapping[str, Tally]) -> str:
    """The run as `fleet sync --json` prints it."""
    from gvreader.app.clock import now
    from gvreader.cli.commands.sync import report
    from gvreader.export.records import dumps, moment

    end = now()
    portals: list[dict[str, object]] = []
    for member in run.members:
        ended = run.ended.get(member.name)
        finished = ended.finished if ended is not None else None
        if finished is None:
            finished = RunFinished(
                portal=member.name,
                started=run.started,
                finished=end,
                complete=False,
                exit_code=EXIT_INTERRUPTED,
                tally=tallies.get(member.name, Tally()),
            )
        code = ended.exit_code if ended is not None else _begun(member.name, tallies)
        message = ended.message if ended is not None else None
        portals.append({"name": member.name, "exit_code": code, "message": message, **report(finished)})
    ends = [run.ended[member.name].finished for member in run.members if member.name in run.ended]
    total = list(tallies.values())
    codes = Counter(str(one["exit_code"]) if one["exit_code"] is not None else "never" for one in portals)
    return dumps(
        {
            "fleet": str(run.fleet.folder),
            "started": moment(run.started),
            "finished": moment(end),
            "complete": len(ends) == len(run.members)
            and all(one is not None and one.complete for one in ends),
            "requests": sum(tally.requests for tally in total),
            "bytes": sum(tally.bytes for tally in total),
            "articles": {name: sum(getattr(tally, name) for tally in total) for name in _SUMMED},
            "media": {
                "new": sum(tally.media_new for tally in total),
                "failed": sum(tally.media_failed for tally in total),
            },
            "counts": dict(sorted(codes.items())),
            "portals": portals,
        }
    )


def _begun(name: str, tallies: Mapping[str, Tally]) -> int | None:
    """The code of a portal that did not come to its end: interrupted, or never begun."""
    return EXIT_INTERRUPTED if name in tallies else None
