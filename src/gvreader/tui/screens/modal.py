"""Screens over the reader. Keys typed before one is there wait for it; keys typed after it has gone go on below.

Keys of the program come before those of whatever is open; Ctrl+C and Ctrl+G leave it as Esc does.
"""

from __future__ import annotations

from typing import ClassVar, Final, Protocol, runtime_checkable

from textual import events
from textual.app import App
from textual.screen import ModalScreen

LEAVING: Final = ("ctrl+c", "ctrl+g")
"""What leaves a prompt or a page, beside Esc."""


@runtime_checkable
class KeyReceiver(Protocol):
    """A screen that takes keys from another one."""

    def press(self, event: events.Key) -> None:
        """Act on a key."""
        ...


@runtime_checkable
class ProgramKeys(Protocol):
    """An application with keys that work everywhere."""

    def take_program_key(self, event: events.Key) -> bool:
        """Act on a key that works everywhere; False where this is none."""
        ...


class KeyAfterEscape(events.Key):
    """A key that came in one read with ESC: it may have been pressed after Esc, or with Alt."""


def is_from_program(app: object, event: events.Key) -> bool:
    """Act on a key that works everywhere; False where this is none."""
    return isinstance(app, ProgramKeys) and app.take_program_key(event)


def parted(event: events.Key) -> tuple[events.Key, ...]:
    """`alt+x` as Esc and `x`, where the terminal's bytes may have meant that; nothing where it was Alt for certain."""
    if not event.character:
        return ()
    return events.Key("escape", "\x1b"), KeyAfterEscape(event.character, event.character)


def hand_on(app: App[object], event: events.Key) -> None:
    """Give a key to the screen on top."""
    event.stop()
    event.prevent_default()
    top = app.screen
    if isinstance(top, KeyReceiver):
        top.press(event)


class ModalBase(ModalScreen[str | None]):
    """The base of what is shown over the reader. A subclass acts on keys in `pressed` once it has said `ready`."""

    AUTO_FOCUS: ClassVar[str | None] = ""

    def __init__(self) -> None:
        super().__init__()
        self._early: list[events.Key] | None = []

    def pressed(self, event: events.Key) -> None:
        """Act on a key."""
        raise NotImplementedError

    def ready(self) -> None:
        """The screen is set up: act on the keys that were typed before."""
        early, self._early = self._early or [], None
        for event in early:
            self.press(event)

    def press(self, event: events.Key) -> None:
        """Act on a key now, later, or let the screen below have it."""
        if is_from_program(self.app, event):
            return
        if event.key in LEAVING:
            event = events.Key("escape", "\x1b")
        if not self.is_active:
            hand_on(self.app, event)
        elif event.key.startswith("alt+"):
            for part in parted(event):
                self.press(part)
        elif self._early is not None:
            self._early.append(event)
        else:
            self.pressed(event)

    def on_key(self, event: events.Key) -> None:
        self.press(event)
