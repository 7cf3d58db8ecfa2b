"""The line above the keys: what passes, and what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.timer import Timer

from gvreader.frozen import dataclass
from gvreader.i18n import _
from gvreader.tui.actions import ActionName, Conflict, Keymap
from gvreader.tui.view.layout import LOW

if TYPE_CHECKING:
    from gvreader.tui.controllers.host import ReaderHost

_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class _Notice:
    """What passes: see `Notifications.say`."""

    text: str
    hint: str
    action: ActionName | None
    loud: bool
    arrivals: bool


class Notifications:
    """What is said in one line. A notice passes; the sync's progress and new arrivals stand."""

    def __init__(self, screen: ReaderHost) -> None:
        self._screen: Final = screen
        self._passing: _Notice | None = None
        self._timer: Timer | None = None

    def say(
        self,
        text: str,
        *,
        hint: str = "",
        action: ActionName | None = None,
        loud: bool = False,
        seconds: float = _SECONDS,
        arrivals: bool = False,
    ) -> None:
        """Say something for a while; a click on it asks for `action`. `loud`: in the accent colour.

        `hint` stays where the text must be cut. `arrivals`: new arrivals are announced after it.
        """
        self._passing = _Notice(text, hint, action, loud, arrivals)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(seconds, self.over)
        self.refresh()

    def over(self) -> None:
        """What passes has passed: say what stands."""
        self._passing = None
        self.refresh()

    def refresh(self) -> None:
        """Say what passes; else what stands: the sync's progress, else new arrivals, else nothing."""
        announcement = self._screen.listing.announcement()
        notice = self._passing
        if notice is not None:
            announced = announcement if notice.arrivals else ""
            hint = " · ".join(part for part in (notice.hint, announced) if part)
            action = notice.action if notice.hint or not announced else "arrivals"
            self._show(notice.text, hint=hint, action=action, loud=notice.loud)
        elif progress := self._screen.syncing.progress():
            hint = _("Esc stops") if self._screen.esc_stops_sync else ""
            self._show(progress, hint=hint, action="log")
        else:
            self._show(announcement, action="arrivals", loud=True)

    def say_conflicts(self, keymap: Keymap) -> None:
        """Tell about the first key that the configuration gives to two actions or none, or that no key is called."""
        if not keymap.conflicts:
            return
        first = keymap.conflicts[0]
        said = (
            _("Key {key} is asked for by {kept} and {lost}; {kept} has it.").format(
                key=first.key, kept=first.kept, lost=first.lost
            )
            if first.kept
            else _no_key(first)
            if first.key
            else _("The configuration names an action that does not exist: {name}").format(name=first.lost)
        )
        self.say(said, loud=True, seconds=15)

    def _show(
        self, text: str, *, hint: str = "", action: ActionName | None = None, loud: bool = False
    ) -> None:
        self._screen.notice_line.show(text, hint=hint, action=(action or "") if text else "", loud=loud)
        if self._screen.app.size.height < LOW:
            # The line is only there while it says something.
            self._screen.lay_out()


def _no_key(conflict: Conflict) -> str:
    if conflict.hint:
        return _("No key is called {key}; did you mean {hint}?").format(key=conflict.key, hint=conflict.hint)
    return _("No key is called {key}.").format(key=conflict.key)
