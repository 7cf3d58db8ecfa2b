"""The line above the keys: what passes, and what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.timer import Timer

from gvreader.i18n import _
from gvreader.tui.actions import Keymap
from gvreader.tui.layout import LOW

if TYPE_CHECKING:
    from gvreader.tui.screens.reader import ReaderScreen

_SECONDS: Final = 5.0


class Notices:
    """What is said in one line. A notice passes; the sync's progress and new arrivals stand."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen: Final = screen
        self._passing = ""
        self._timer: Timer | None = None

    def say(self, text: str, *, action: str = "", loud: bool = False, seconds: float = _SECONDS) -> None:
        """Say something for a while; a click on it asks for `action`. `loud`: in the accent colour."""
        self._passing = text
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(seconds, self.over)
        self._show(text, action=action, loud=loud)

    def over(self) -> None:
        """What passes has passed: say what stands."""
        self._passing = ""
        self.refresh()

    def refresh(self) -> None:
        """Say what stands: the sync's progress, else new arrivals, else nothing; what passes goes first."""
        if self._passing:
            return
        progress = self._screen.syncing.progress()
        if progress:
            self._show(progress, action="log")
        else:
            self._show(self._screen.listing.announcement(), action="arrivals", loud=True)

    def say_conflicts(self, keymap: Keymap) -> None:
        """Tell about the first key that the configuration gives to two actions, or that is for none."""
        if not keymap.conflicts:
            return
        first = keymap.conflicts[0]
        said = (
            _("Key {key} is asked for by {kept} and {lost}; {kept} has it.").format(
                key=first.key, kept=first.kept, lost=first.lost
            )
            if first.kept
            else _("The configuration names an action that does not exist: {name}").format(name=first.lost)
        )
        self.say(said, loud=True, seconds=15)

    def _show(self, text: str, *, action: str = "", loud: bool = False) -> None:
        self._screen.notice_line.show(text, action=action if text else "", loud=loud)
        if self._screen.app.size.height < LOW:
            # The line is only there while it says something.
            self._screen.lay_out()
