"""The three themes, and the styles of every line: one accent colour; weight and dimness do the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rich.style import Style
from textual.theme import Theme

from gvreader.tui.typeset import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """One theme in colours. `ansi` themes leave foreground and background to the terminal."""

    name: str
    dark: bool
    ansi: bool = False
    paper: str
    ink: str
    faded: str
    faint: str
    accent: str
    chosen: str
    found: str
    found_here: str
    sheet: str
    added: str
    removed: str

    def theme(self) -> Theme:
        """For Textual's own parts: scrollbars, inputs, selections."""
        return Theme(
            name=self.name,
            dark=self.dark,
            ansi=self.ansi,
            primary=self.accent,
            secondary=self.faded,
            accent=self.accent,
            foreground=self.ink,
            background=self.paper,
            surface=self.sheet,
            panel=self.chosen,
            warning=self.accent,
            error=self.accent,
            success=self.accent,
            variables={
                "scrollbar": self.faint,
                "scrollbar-hover": self.faded,
                "scrollbar-active": self.faded,
                "scrollbar-background": self.paper,
                "scrollbar-background-hover": self.paper,
                "scrollbar-background-active": self.paper,
                "scrollbar-corner-color": self.paper,
                "input-cursor-background": self.ink,
                "input-cursor-foreground": self.paper,
                "input-cursor-text-style": "reverse" if self.ansi else "none",
                "input-selection-background": self.chosen,
                "ansi-background": self.paper,
                "ansi-foreground": self.ink,
            },
        )


LIGHT: Final = Colours(
    name="light",
    dark=False,
    paper="#fbf9f4",
    ink="#25221e",
    faded="#756f65",
    faint="#d9d2c5",
    accent="#a1301f",
    chosen="#f1ebde",
    found="#fbe7a8",
    found_here="#f2b84b",
    sheet="#f5f0e5",
    added="#27673a",
    removed="#a1301f",
)
DARK: Final = Colours(
    name="dark",
    dark=True,
    paper="#15171a",
    ink="#d9d5cd",
    faded="#8d897f",
    faint="#34373c",
    accent="#e3a857",
    chosen="#22262b",
    found="#4d431f",
    found_here="#8a6a1c",
    sheet="#1d2024",
    added="#8fbf7f",
    removed="#e08070",
)
TERMINAL: Final = Colours(
    name="terminal",
    dark=True,
    ansi=True,
    paper="ansi_default",
    ink="ansi_default",
    faded="ansi_default",
    faint="ansi_bright_black",
    accent="ansi_red",
    chosen="ansi_default",
    found="ansi_yellow",
    found_here="ansi_bright_yellow",
    sheet="ansi_default",
    added="ansi_green",
    removed="ansi_red",
)
THEMES: Final = {colours.name: colours for colours in (DARK, LIGHT, TERMINAL)}


class Ink:
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
