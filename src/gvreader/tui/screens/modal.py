"""Screens over the reader. Keys typed before one is there wait for it; keys typed after it has gone go on below."""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

from textual import events
from textual.app import App
from textual.screen import ModalScreen


@runtime_checkable
class KeyReceiver(Protocol):
    """A screen that takes keys from another one."""

    def press(self, event: events.Key) -> None:
        """Act on a key."""
        ...


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
        if not self.is_active:
            hand_on(self.app, event)
        elif self._early is not None:
            self._early.append(event)
        else:
            self.pressed(event)

    def on_key(self, event: events.Key) -> None:
        self.press(event)
