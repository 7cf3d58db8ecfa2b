"""The styles of every line: one accent colour; weight and dimness do the rest."""

from __future__ import annotations

from typing import Final, Protocol

from rich.style import Style
from textual.theme import Theme

from gvreader.tui.view.colours import PLAIN, Colours
from gvreader.tui.view.items import ItemRole
from gvreader.tui.view.typeset import Role


def textual_theme(colours: Colours) -> Theme:
    """A theme for Textual's own parts: scrollbars, inputs, selections."""
    return Theme(
        name=colours.name,
        dark=colours.dark,
        ansi=colours.ansi,
        primary=colours.accent,
        secondary=colours.muted,
        accent=colours.accent,
        foreground=colours.text,
        background=colours.background,
        surface=colours.surface,
        panel=colours.selected,
        warning=colours.accent,
        error=colours.accent,
        success=colours.accent,
        variables={
            "scrollbar": colours.dim,
            "scrollbar-hover": colours.muted,
            "scrollbar-active": colours.muted,
            "scrollbar-background": colours.background,
            "scrollbar-background-hover": colours.background,
            "scrollbar-background-active": colours.background,
            "scrollbar-corner-color": colours.background,
            "input-cursor-background": colours.text,
            "input-cursor-foreground": colours.background,
            "input-cursor-text-style": "reverse" if colours.ansi else "none",
            "input-selection-background": colours.selected,
            "ansi-background": colours.background,
            "ansi-foreground": colours.text,
        },
    )


class Styles:
    """Rich styles of one theme. `base` is the background with its text; the others are laid over it."""

    def __init__(self, colours: Colours) -> None:
        self.colours: Final = colours
        plain = colours is PLAIN
        found = "black" if colours.ansi and not plain else None
        self.base: Final = Style(color=_rich(colours.text), bgcolor=_rich(colours.background))
        self.muted: Final = self._style(colours.muted, dim=colours.ansi)
        self.dim: Final = self._style(colours.dim, dim=plain)
        self.strong: Final = self._style(bold=True)
        self.accent: Final = self._style(colours.accent)
        self.accent_strong: Final = self._style(colours.accent, bold=True)
        self.emphasis: Final = self._style(italic=True)
        self.added: Final = self._style(colours.added, underline=True)
        self.removed: Final = self._style(colours.removed, strike=True)
        self.found: Final = Style(
            bgcolor=_rich(colours.found), color=found, underline=True, reverse=plain or None
        )
        self.found_here: Final = Style(
            bgcolor=_rich(colours.found_here),
            color=found,
            reverse=plain or None,
            bold=True,
            underline=True,
        )
        self.chosen: Final = Style(bgcolor=_rich(colours.selected))
        self.sheet: Final = Style(bgcolor=_rich(colours.surface))
        self._roles: Final[dict[Role, Style]] = {
            "text": Style(),
            "title": self.strong,
            "heading": self.strong,
            "strong": self.strong,
            "emphasis": self.emphasis,
            "meta": self.muted,
            "notice": self.accent,
            "summary": self.emphasis,
            "quote": self.emphasis,
            "caption": self.muted + Style(italic=True),
            "table": Style(),
            "label": self.muted + Style(bold=True),
            "link": Style(underline=True),
            "number": self.accent,
            "source": self.muted,
            "rule": self.dim,
            "added": self.added,
            "removed": self.removed,
        }

        self._item_roles: Final[dict[ItemRole, Style]] = {
            "blank": Style(),
            "bar": self.accent,
            "sign": self.accent,
            "read": Style(),
            "unread": self.strong,
            "gone": self.muted,
            "facts": self.muted,
            "tag": self.accent,
            "snippet": self.muted + Style(italic=True),
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


class HasStyles(Protocol):
    """Whoever knows the styles in force: the application."""

    @property
    def theme_styles(self) -> Styles: ...
