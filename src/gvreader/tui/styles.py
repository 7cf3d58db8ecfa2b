"""The styles of every line: one accent colour; weight and dimness do the rest."""

from __future__ import annotations

from typing import Final

from rich.style import Style
from textual.theme import Theme

from gvreader.tui.view.colours import Colours
from gvreader.tui.view.items import ItemRole
from gvreader.tui.view.typeset import Role


def textual_theme(colours: Colours) -> Theme:
    """A theme for Textual's own parts: scrollbars, inputs, selections."""
    return Theme(
        name=colours.name,
        dark=colours.dark,
        ansi=colours.ansi,
        primary=colours.accent,
        secondary=colours.faded,
        accent=colours.accent,
        foreground=colours.ink,
        background=colours.paper,
        surface=colours.sheet,
        panel=colours.chosen,
        warning=colours.accent,
        error=colours.accent,
        success=colours.accent,
        variables={
            "scrollbar": colours.faint,
            "scrollbar-hover": colours.faded,
            "scrollbar-active": colours.faded,
            "scrollbar-background": colours.paper,
            "scrollbar-background-hover": colours.paper,
            "scrollbar-background-active": colours.paper,
            "scrollbar-corner-color": colours.paper,
            "input-cursor-background": colours.ink,
            "input-cursor-foreground": colours.paper,
            "input-cursor-text-style": "reverse" if colours.ansi else "none",
            "input-selection-background": colours.chosen,
            "ansi-background": colours.paper,
            "ansi-foreground": colours.ink,
        },
    )


class Styles:
    """Rich styles of one theme. `paper` is the ground with its ink; the others are laid over it."""

    def __init__(self, colours: Colours) -> None:
        self.colours: Final = colours
        self.paper: Final = Style(color=_rich(colours.ink), bgcolor=_rich(colours.paper))
        self.faded: Final = self._style(colours.faded, dim=colours.ansi)
        self.faint: Final = self._style(colours.faint)
        self.strong: Final = self._style(bold=True)
        self.accent: Final = self._style(colours.accent)
        self.accent_strong: Final = self._style(colours.accent, bold=True)
        self.emphasis: Final = self._style(italic=True)
        self.added: Final = self._style(colours.added, underline=True)
        self.removed: Final = self._style(colours.removed, strike=True)
        self.found: Final = Style(
            bgcolor=_rich(colours.found), color="black" if colours.ansi else None, underline=True
        )
        self.found_here: Final = Style(
            bgcolor=_rich(colours.found_here),
            color="black" if colours.ansi else None,
            bold=True,
            underline=True,
        )
        self.chosen: Final = Style(bgcolor=_rich(colours.chosen))
        self.sheet: Final = Style(bgcolor=_rich(colours.sheet))
        self._roles: Final[dict[Role, Style]] = {
            "text": Style(),
            "title": self.strong,
            "heading": self.strong,
            "strong": self.strong,
            "emphasis": self.emphasis,
            "meta": self.faded,
            "notice": self.accent,
            "summary": self.emphasis,
            "quote": self.emphasis,
            "caption": self.faded + Style(italic=True),
            "table": Style(),
            "label": self.faded + Style(bold=True),
            "link": Style(underline=True),
            "number": self.accent,
            "source": self.faded,
            "rule": self.faint,
            "added": self.added,
            "removed": self.removed,
        }

        self._item_roles: Final[dict[ItemRole, Style]] = {
            "blank": Style(),
            "bar": self.accent,
            "sign": self.accent,
            "read": Style(),
            "unread": self.strong,
            "gone": self.faded,
            "facts": self.faded,
            "tag": self.accent,
            "snippet": self.faded + Style(italic=True),
            "found": self.found,
        }

    def item(self, role: ItemRole) -> Style:
        """The style of a role in the list."""
        return self._item_roles[role]

    def role(self, role: Role) -> Style:
        """The style of a role in an article."""
        return self._roles[role]

    def _style(
        self,
        colour: str | None = None,
        *,
        bold: bool | None = None,
        dim: bool | None = None,
        italic: bool | None = None,
        underline: bool | None = None,
        strike: bool | None = None,
    ) -> Style:
        return Style(
            color=_rich(colour) if colour else None,
            bold=bold,
            dim=dim or None,
            italic=italic,
            underline=underline,
            strike=strike,
        )


def _rich(colour: str) -> str:
    return colour.removeprefix("ansi_") if colour.startswith("ansi_") else colour
