"""The pages that stand in place of the panes: first start, and trouble."""

from __future__ import annotations

from pathlib import Path

from gvreader.errors import ArchiveDamaged, GvreaderError
from gvreader.frozen import dataclass
from gvreader.i18n import _
from gvreader.tui.actions import ActionName, Keymap
from gvreader.tui.view.sanitize import visible_line


@dataclass(frozen=True, slots=True)
class StateChoice:
    """One thing to do: its key, what it is, a fainter line on how or how long, and the action it asks for."""

    key: str
    title: str
    detail: str
    action: ActionName


@dataclass(frozen=True, slots=True)
class StatePage:
    """A title, paragraphs, and what can be done."""

    title: str
    paragraphs: tuple[str, ...]
    choices: tuple[StateChoice, ...]


def welcome(archive: Path, keymap: Keymap) -> StatePage:
    """What the reader shows while nothing is stored."""
    return StatePage(
        title=_("Nothing is stored here yet"),
        paragraphs=(
            _(
                "Reads the news of district portals such as Gia Viễn, and keeps every page as evidence, "
                "so that it can still be read, searched and cited when the portal is gone."
            ),
            _("Archive: {folder}").format(folder=visible_line(str(archive))),
        ),
        choices=(
            StateChoice(
                keymap.label("sync"),
                _("Sync now"),
                _(
                    "from the portal, one page a second: about half an hour for 1,000 articles; stop at any time"
                ),
                "sync",
            ),
            StateChoice(
                "b",
                _("Fill from public web archives"),
                "gvreader backfill wayback · " + _("when the portal is gone; an hour or more"),
                "backfill",
            ),
            StateChoice(
                "i",
                _("Import what you have"),
                "gvreader import FILE… · " + _("WARC files or saved pages; seconds for 1,000 pages"),
                "import",
            ),
            StateChoice(
                "d",
                _("Try it on a small made-up portal"),
                "gvreader demo · " + _("in a folder of its own; under a minute"),
                "demo",
            ),
        ),
    )


def trouble(error: GvreaderError, keymap: Keymap) -> StatePage:
    """What the reader shows when the library cannot be read."""
    mending = (
        (
            StateChoice("v", _("Check the archive and mend it"), "gvreader verify --repair", "verify"),
            StateChoice(
                "b",
                _("Derive the library again"),
                "gvreader rebuild · " + _("from the captures; marks that can be read are kept"),
                "rebuild",
            ),
        )
        if isinstance(error, ArchiveDamaged)
        else ()
    )
    return StatePage(
        title=_("The archive cannot be opened"),
        paragraphs=tuple(visible_line(part) for part in (str(error), error.advice) if part),
        choices=(
            StateChoice("a", _("Try again"), "", "try-again"),
            *mending,
            StateChoice(keymap.label("quit"), _("Quit"), "", "quit"),
        ),
    )
