"""The line at the top of the screen as runs of text: the portal, the place over its list, the state. Pure."""

from __future__ import annotations

from typing import Final, Literal

from gvreader.frozen import dataclass
from gvreader.tui.view.cells import crop, width

HeadRole = Literal["blank", "strong", "plain", "muted"]
_GAP: Final = 3
_LEAST_FOR_PORTAL: Final = 56


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """What it says: the portal, the place and its numbers, and at the right end the state of the archive."""

    portal: str = ""
    place: str = ""
    counts: str = ""
    state: str = ""


def head_runs(head: HeaderLine, room: int, column: int) -> list[tuple[str, HeadRole]]:
    """The line in `room` cells, the place at `column` or as soon as the portal ends.

    The place stands where it stood when its numbers become known. Where room is short the portal goes first, then
    the state.
    """
    middle = " · ".join(part for part in (head.place, head.counts) if part)
    portal, state = head.portal, head.state

    def start() -> int:
        return max(column, 1 + width(portal) + _GAP) if portal else 1

    def fits() -> bool:
        return start() + width(middle) + (_GAP + width(state) if state else 0) + 1 <= room

    if head.place and (room < _LEAST_FOR_PORTAL or not fits()):
        portal = ""
    if not fits():
        state = ""
    runs: list[tuple[str, HeadRole]] = [(" ", "blank"), (portal, "strong")]
    if middle:
        runs.append((" " * (start() - 1 - width(portal)), "blank"))
        shown = crop(middle, max(room - start() - 1, 0))
        runs.append((shown[: len(head.place)], "plain" if portal else "strong"))
        runs.append((shown[len(head.place) :], "muted"))
    used = sum(width(text) for text, _role in runs)
    runs.append((" " * (room - used - width(state) - 1), "blank"))
    return [(text, role) for text, role in [*runs, (state, "muted")] if text]
