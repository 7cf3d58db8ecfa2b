"""A sync in the background: one line of progress, Esc to stop, and a log of what failed and why."""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Final

from gvreader.errors import GvreaderError
from gvreader.export import wording
from gvreader.i18n import _, ngettext
from gvreader.model import (
    ArticleStored,
    Event,
    Noted,
    Problem,
    ProblemMet,
    Progressed,
    RunFinished,
    RunStarted,
)
from gvreader.tui.messages import SyncEnded, SyncHappened
from gvreader.tui.view.problems import problem_names
from gvreader.tui.view.sanitize import visible_line

if TYPE_CHECKING:
    from collections.abc import Generator

    from gvreader.tui.controllers.host import ReaderHost

_LEAST_BETWEEN: Final = 0.1
_LAST_TITLES: Final = 200
_OUTCOME_SECONDS: Final = 20.0


class SyncController:
    """The running sync, if there is one, and what the last one left. `version` changes with everything that is new."""

    def __init__(self, screen: ReaderHost) -> None:
        self._screen: Final = screen
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._began = 0.0
        self.version = 0
        self.latest: Progressed | None = None
        self.started: RunStarted | None = None
        self.finished: RunFinished | None = None
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.stored: list[ArticleStored] = []
        self.error: Exception | None = None

    @property
    def running(self) -> bool:
        """Whether a sync is under way."""
        return self._thread is not None

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    def start(self, *, backfill: bool = False) -> None:
        """Begin a sync, or a backfill from a web archive, unless one runs."""
        if self.running:
            self._screen.notices.say(_("A sync is running; {key} stops it.").format(key="Esc"))
            return
        self._stop.clear()
        self.latest = self.started = self.finished = self.error = None
        self.problems, self.notes, self.stored = [], [], []
        self.version += 1
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._run, args=(backfill,), name="gvreader-sync", daemon=True)
        self._thread.start()
        self._screen.notices.over()

    def stop(self) -> None:
        """Ask the sync to stop after the page it is at."""
        if self.running and not self._stop.is_set():
            self._stop.set()
            self._screen.notices.refresh()

    def wait(self, seconds: float) -> None:
        """Stop the sync and give it a little time; killed later, the archive is whole all the same."""
        thread = self._thread
        if thread is not None:
            self._stop.set()
            thread.join(seconds)

    def progress(self) -> str:
        """What the line of notices says while a sync runs; empty when none does."""
        if not self.running:
            return ""
        if self._stop.is_set():
            return _("stopping after this page…")
        latest = self.latest
        if latest is None:
            return _("syncing: asking the portal…")
        done = wording.number(latest.tally.requests)
        parts = [
            _("syncing {done} of about {all}").format(done=done, all=wording.number(latest.expected))
            if latest.expected and latest.expected >= latest.tally.requests
            else ngettext("syncing, {n} request", "syncing, {n} requests", latest.tally.requests).format(
                n=done
            )
        ]
        parts.append(_("{n} new").format(n=wording.number(latest.tally.new)))
        if latest.tally.failed:
            parts.append(_("{n} failed").format(n=wording.number(latest.tally.failed)))
        left = self._seconds_left(latest)
        if left is not None:
            parts.append(_("about {span} left").format(span=wording.span(left)))
        return " · ".join(parts)

    def _seconds_left(self, latest: Progressed) -> float | None:
        done = latest.tally.requests
        if not latest.expected or done < 5 or latest.expected <= done:
            return None
        return (time.monotonic() - self._began) / done * (latest.expected - done)

    # ── on the thread ──

    def _run(self, backfill: bool) -> None:
        error: Exception | None = None
        shown = 0.0
        try:
            services = self._screen.access.services
            begin = services.backfill if backfill else services.sync
            events: Generator[Event, None, None] = begin(None)  # type: ignore[assignment]
            with closing(events):
                for event in events:
                    if self._stop.is_set():
                        break
                    if isinstance(event, Progressed):
                        now = time.monotonic()
                        if now - shown < _LEAST_BETWEEN:
                            continue
                        shown = now
                    self._screen.post_message(SyncHappened(event))
        except Exception as failure:  # noqa: BLE001 - shown, or raised again by the screen
            error = failure
        self._screen.post_message(SyncEnded(error, stopped=self._stop.is_set()))

    # ── on the screen ──

    def happened(self, event: Event) -> None:
        """Keep what the log shows and say how far the sync is."""
        self.version += 1
        match event:
            case RunStarted():
                self.started = event
            case Progressed():
                self.latest = event
            case ArticleStored():
                self.stored.append(event)
                del self.stored[:-_LAST_TITLES]
            case ProblemMet():
                self.problems.append(event.problem)
            case Noted():
                self.notes.append(event.message)
            case RunFinished():
                self.finished = event
        self._screen.notices.refresh()

    def ended(self, error: Exception | None, *, stopped: bool) -> None:
        """Say how it ended. Raises what is no failure that a user can mend."""
        self._thread = None
        self.version += 1
        self.error = error
        if error is not None and not isinstance(error, GvreaderError):
            raise error
        self._screen.listing.look_again()
        notices, log = self._screen.notices, _("{key} shows the log").format(key=self._screen.label("log"))
        if failure := self._failure(error):
            said = _("Not synced: {what}").format(what=failure)
            notices.say(said, hint=log, action="log", loud=True, seconds=_OUTCOME_SECONDS)
        else:
            troubles = self.finished is not None and self.finished.problems
            notices.say(
                self._outcome(stopped=stopped),
                hint=log if troubles else "",
                action="log",
                seconds=_OUTCOME_SECONDS,
                arrivals=True,
            )

    def _failure(self, error: Exception | None) -> str:
        """Why nothing was synced; empty when something was."""
        finished = self.finished
        if error is not None:
            return visible_line(str(error))
        if finished is None or finished.exit_code in (0, 3):
            return ""
        kinds = Counter(problem.kind for problem in finished.problems)
        if not kinds:
            return visible_line(finished.advice)
        kind = kinds.most_common(1)[0][0]
        return problem_names().get(kind, visible_line(kind))

    def _outcome(self, *, stopped: bool) -> str:
        finished = self.finished
        if finished is None:
            return _("Stopped; what arrived is kept, a later sync goes on.") if stopped else _("Sync ended.")
        tally = finished.tally
        counts = _("{new} new, {changed} changed, {gone} taken off").format(
            new=wording.number(tally.new),
            changed=wording.number(tally.changed),
            gone=wording.number(tally.gone),
        )
        if finished.problems:
            troubles = ngettext("{n} page failed", "{n} pages failed", len(finished.problems)).format(
                n=wording.number(len(finished.problems))
            )
            counts = f"{counts} · {troubles}"
        return _("Synced: {counts}").format(counts=counts)
