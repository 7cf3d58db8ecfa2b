"""The three themes as colours, and which of them fits the terminal. Pure."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from gvreader.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """One theme in colours. `ansi` themes leave foreground and background to the terminal."""

    name: str
    dark: bool
    ansi: bool = False
    background: str
    text: str
    muted: str
    dim: str
    accent: str
    selected: str
    found: str
    found_here: str
    surface: str
    added: str
    removed: str


LIGHT: Final = Colours(
    name="light",
    dark=False,
    background="#fbf9f4",
    text="#25221e",
    muted="#756f65",
    dim="#d9d2c5",
    accent="#a1301f",
    selected="#f1ebde",
    found="#fbe7a8",
    found_here="#f2b84b",
    surface="#f5f0e5",
    added="#27673a",
    removed="#a1301f",
)
DARK: Final = Colours(
    name="dark",
    dark=True,
    background="#15171a",
    text="#d9d5cd",
    muted="#8d897f",
    dim="#34373c",
    accent="#e3a857",
    selected="#22262b",
    found="#4d431f",
    found_here="#8a6a1c",
    surface="#1d2024",
    added="#8fbf7f",
    removed="#e08070",
)
TERMINAL: Final = Colours(
    name="terminal",
    dark=True,
    ansi=True,
    background="ansi_default",
    text="ansi_default",
    muted="ansi_default",
    dim="ansi_bright_black",
    accent="ansi_red",
    selected="ansi_default",
    found="ansi_yellow",
    found_here="ansi_bright_yellow",
    surface="ansi_default",
    added="ansi_green",
    removed="ansi_red",
)
PLAIN: Final = Colours(
    name="plain",
    dark=True,
    ansi=True,
    background="ansi_default",
    text="ansi_default",
    muted="ansi_default",
    dim="ansi_default",
    accent="ansi_default",
    selected="ansi_default",
    found="ansi_default",
    found_here="ansi_default",
    surface="ansi_default",
    added="ansi_default",
    removed="ansi_default",
)
THEMES: Final = {colours.name: colours for colours in (DARK, LIGHT, TERMINAL, PLAIN)}
_FEW_COLOURS: Final = ("linux", "ansi", "cygwin")
_NO_COLOURS: Final = ("", "dumb", "unknown", "vt52", "vt100", "vt102", "vt220", "xterm-mono", "xterm-vt220")
_MANY_COLOURS: Final = ("256color", "kitty", "direct")


def themes_for(environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The themes that can be read on this terminal, by its colours and whether they are wanted, the usual one first.

    With 16 colours, two of a theme of ours become one; there the terminal's own are used.
    """
    term = environ.get("TERM", "").lower()
    is_web = environ.get("TEXTUAL_COLOR_SYSTEM") == "truecolor"
    if environ.get("NO_COLOR") or (not is_web and (term in _NO_COLOURS or term.endswith(("-m", "-mono")))):
        return (PLAIN.name,)
    is_deep = is_web or environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit")
    if (term in _FEW_COLOURS and not is_web) or not (is_deep or term.rpartition("-")[2] in _MANY_COLOURS):
        return (TERMINAL.name,)
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    if background in ("7", "15"):
        return LIGHT.name, TERMINAL.name, DARK.name
    return DARK.name, LIGHT.name, TERMINAL.name


def chosen_theme(wished: str | None, remembered: str | None, environ: Mapping[str, str] = os.environ) -> str:
    """The theme of the configuration, else the one the reader was left in, else what fits the terminal.

    None of those that cannot be read there.
    """
    themes = themes_for(environ)
    return next((name for name in (wished, remembered) if name in themes), themes[0])
