"""The log: what the running or last sync did, what failed and why, and how the runs before it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from gvreader.errors import GvreaderError
from gvreader.export import wording
from gvreader.i18n import _, ngettext
from gvreader.model import Problem, Tally
from gvreader.tui.screens.panel import TextPanel
from gvreader.tui.view.problems import problem_names
from gvreader.tui.view.sanitize import visible_line
from gvreader.tui.view.typeset import Styled, TextSpan
from gvreader.tui.widgets.frame import KeyHint

if TYPE_CHECKING:
    from gvreader.archive.library import RunRecord
    from gvreader.tui.controllers.background_sync import SyncController

_MOST_SHOWN: Final = 300
_BAR_CELLS: Final = 40
_LOOK_SECONDS: Final = 0.5


class LogSheet(TextPanel):
    """The log; it follows a sync while one runs."""

    def __init__(self, syncing: SyncController, runs: Sequence[tuple[RunRecord, Sequence[Problem]]]) -> None:
        self._syncing = syncing
        self._runs = runs
        self._shown = syncing.version
        super().__init__(_("Log of the sync"), log_pieces(syncing, runs))

    def begin(self) -> None:
        super().begin()
        self.set_interval(_LOOK_SECONDS, self._follow)

    def extra_keys(self) -> Sequence[KeyHint]:
        return (KeyHint("x", _("stop the sync"), "stop"),) if self._syncing.running else ()

    def extra_actions(self) -> Mapping[str, Callable[[], None]]:
        return {"x": self._syncing.stop}

    def _follow(self) -> None:
        if self._shown != self._syncing.version:
            self._shown = self._syncing.version
            self.amend(log_pieces(self._syncing, self._runs))
            self.show_keys()


def log_pieces(
    syncing: SyncController, runs: Sequence[tuple[RunRecord, Sequence[Problem]]]
) -> list[TextSpan]:
    """The whole log, the newest first. `runs` are earlier ones, with the problems of those that are still told."""
    pieces = _present(syncing)
    if runs:
        pieces.append(TextSpan(text=_("Earlier runs").upper(), role="label", space=2))
    begun = syncing.started.started if syncing.started else None
    for run, problems in ((run, problems) for run, problems in runs if run.started != begun):
        state = _("complete") if run.complete else _("not finished") if run.finished is None else _("in part")
        pieces.append(
            TextSpan(text=f"{wording.moment(run.started)} · {visible_line(run.portal)} · {state}", space=1)
        )
        pieces.append(TextSpan(text=_counts(run.tally), role="meta"))
        if run.advice:
            pieces.append(TextSpan(text=visible_line(run.advice), role="meta"))
        pieces += _problems(problems)
    return pieces or [TextSpan(text=_("Nothing was ever synced here."), role="meta")]


def _present(syncing: SyncController) -> list[TextSpan]:
    pieces: list[TextSpan] = []
    if syncing.started:
        started = syncing.started
        where = f"{visible_line(started.title)} · {visible_line(started.origin)}"
        pieces += [
            TextSpan(text=where, role="title"),
            TextSpan(text=wording.moment(started.started), role="meta"),
        ]
    if syncing.running:
        pieces.append(TextSpan(text=syncing.progress(), role="notice", space=1))
        pieces += _under_way(syncing)
    if syncing.finished:
        finished = syncing.finished
        pieces.append(TextSpan(text=_counts(finished.tally), space=1))
        if finished.advice:
            pieces.append(TextSpan(text=visible_line(finished.advice), role="notice"))
    if isinstance(syncing.error, GvreaderError):
        pieces.append(TextSpan(text=visible_line(str(syncing.error)), role="notice", space=1))
        pieces.append(TextSpan(text=visible_line(syncing.error.advice)))
    pieces += [TextSpan(text=visible_line(note), role="meta", space=1) for note in syncing.notes]
    pieces += _problems(syncing.problems)
    if syncing.stored:
        pieces.append(TextSpan(text=_("Articles").upper(), role="label", space=2))
        marks = {"new": "+ ", "changed": "≠ ", "gone": "✕ ", "returned": "↻ ", "earlier": "< "}
        for stored in reversed(syncing.stored[-_MOST_SHOWN:]):
            margin = marks.get(stored.change, "  ")
            pieces.append(
                TextSpan(text=visible_line(stored.title), first=margin, rest="  ", margin_role="number")
            )
    return pieces


def _under_way(syncing: SyncController) -> list[TextSpan]:
    """How far the sync is, and where."""
    latest = syncing.latest
    if latest is None:
        return []
    pieces: list[TextSpan] = []
    if latest.expected and latest.expected >= latest.tally.requests:
        done = round(_BAR_CELLS * latest.tally.requests / latest.expected)
        bar = "━" * done + "─" * (_BAR_CELLS - done)
        pieces.append(
            TextSpan(
                text=bar, role="table", spans=(Styled(0, done, "number"), Styled(done, _BAR_CELLS, "rule"))
            )
        )
    pieces.append(TextSpan(text=visible_line(latest.url), role="meta"))
    return pieces


def _problems(problems: Sequence[Problem]) -> list[TextSpan]:
    names = problem_names()
    pieces: list[TextSpan] = []
    ordered = sorted(problems, key=lambda problem: problem.kind)
    for kind, group in groupby(ordered, key=lambda problem: problem.kind):
        members = list(group)
        heading = f"{names.get(kind, kind)} · {wording.number(len(members))}"
        pieces.append(TextSpan(text=heading.upper(), role="label", space=2))
        for problem in members[:_MOST_SHOWN]:
            pieces.append(
                TextSpan(text=visible_line(problem.url), first="✕ ", rest="  ", margin_role="number")
            )
            if problem.detail:
                pieces.append(TextSpan(text=visible_line(problem.detail), role="meta", first="  ", rest="  "))
    return pieces


def _counts(tally: Tally) -> str:
    parts = [
        ngettext("{n} request", "{n} requests", tally.requests).format(n=wording.number(tally.requests)),
        wording.size(tally.bytes),
        _("{new} new, {changed} changed, {gone} taken off").format(
            new=wording.number(tally.new),
            changed=wording.number(tally.changed),
            gone=wording.number(tally.gone),
        ),
    ]
    if tally.failed:
        parts.append(_("{n} failed").format(n=wording.number(tally.failed)))
    return " · ".join(parts)
