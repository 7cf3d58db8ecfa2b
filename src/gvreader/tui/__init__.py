"""The reader: a calm three-pane screen over the library. `run` is all that the command line needs."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gvreader.tui.services import ReaderServices

__all__ = ["run"]


def run(
    services: ReaderServices,
    *,
    start: str = "",
    theme: str | None = None,
    keys: Mapping[str, str | Sequence[str]] | None = None,
) -> int:
    """Open the reader and return the exit code when it is closed.

    `start`: a query to begin with. `theme`: `dark`, `light` or `terminal`; None for the one it was left in, else
    what fits the terminal. `keys`: action names to the keys that replace their defaults.
    """
    # Collecting garbage while modules load is a tenth of the time to the first paint; there is none to collect yet.
    gc.disable()
    from gvreader.tui.desk import Desk
    from gvreader.tui.first import ask_first
    from gvreader.tui.looks import Looks

    desk = Desk(services)
    # The library answers while Textual is being imported.
    first = ask_first(desk)
    try:
        from gvreader.tui.app import ReaderApp

        looks = Looks.parse(services.recall())
        app = ReaderApp(desk, first, start=start, theme=theme, keys=keys, looks=looks)
        code = app.run()
        app.finish()
    finally:
        gc.enable()
        desk.close()
    return code if code is not None else app.return_code or 0
