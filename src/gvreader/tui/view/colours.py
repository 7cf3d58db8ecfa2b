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
THEMES: Final = {colours.name: colours for colours in (DARK, LIGHT, TERMINAL)}


def theme_for(environ: Mapping[str, str] = os.environ) -> str:
    """The theme that fits the terminal: its own colours where colour is not wanted or scarce, light on light."""
    if environ.get("NO_COLOR") or environ.get("TERM") in ("linux", "vt100", "vt220", "ansi"):
        return "terminal"
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return "light" if background in ("7", "15") else DARK.name


def chosen_theme(wished: str | None, remembered: str | None) -> str:
    """The theme of the configuration, else the one the reader was left in, else what fits the terminal.

    A terminal where colour is not wanted or scarce is not given one that is only remembered.
    """
    fitting = theme_for()
    if wished is None and fitting != TERMINAL.name and remembered in THEMES:
        return remembered
    return wished or fitting
