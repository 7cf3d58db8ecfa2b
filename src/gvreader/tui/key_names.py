"""The names of keys in the configuration: a closed set, and what was meant by another one."""

from __future__ import annotations

import difflib
import re
from typing import Final

_SPECIAL: Final = (
    "up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete",
    *(f"f{number}" for number in range(1, 13)),
)  # fmt: skip
_PLAIN: Final = ("enter", "escape", "space", "tab", "backspace", *_SPECIAL)
_SAME_AS: Final = {
    "ctrl+i": "tab", "ctrl+m": "enter", "ctrl+[": "escape", "ctrl+h": "backspace", "shift+space": "space",
}  # fmt: skip
"""What a terminal sends the same bytes for."""
_MODIFIERS: Final = ("alt", "ctrl", "shift")
_MODIFIER_SPELLINGS: Final = {
    "a": "alt", "m": "alt", "meta": "alt", "option": "alt", "opt": "alt", "c": "ctrl",
    "control": "ctrl", "s": "shift",
}  # fmt: skip
_SPELLINGS: Final = {
    "esc": "escape", "return": "enter", "cr": "enter",
    "ret": "enter", "del": "delete", "ins": "insert", "pgup": "pageup", "pgdn": "pagedown",
    "pgdown": "pagedown", "page_up": "pageup", "page_down": "pagedown", "spc": "space",
    "bs": "backspace", "arrowup": "up", "arrowdown": "down", "arrowleft": "left",
    "arrowright": "right", "↑": "up", "↓": "down", "←": "left", "→": "right", "⏎": "enter",
    "␣": "space", "⇥": "tab",
}  # fmt: skip
_BRACKETED: Final = re.compile(r"[<\[](.{2,})[>\]]")
_PARTS: Final = re.compile(r"(?<=.)[-+](?=.)")


def is_key(name: str) -> bool:
    """Whether a press of one key has this name; the digits, which are counts, have none."""
    if len(name) == 1:
        return name.isprintable() and name != " " and not name.isdecimal()
    if name in _PLAIN:
        return True
    *modifiers, last = _PARTS.split(name) if "-" not in name[1:-1] else [name]
    if not modifiers or modifiers != [one for one in _MODIFIERS if one in modifiers] or name in _SAME_AS:
        return False
    if last in _SPECIAL or (last, modifiers) in (
        ("tab", ["shift"]),
        ("enter", ["alt"]),
        ("backspace", ["alt"]),
    ):
        return True
    if modifiers == ["alt"]:
        return len(last) == 1 and last.isprintable() and last != " "
    return modifiers == ["ctrl"] and len(last) == 1 and "a" <= last <= "z"


def meant(name: str) -> str:
    """The key that a name which is none was meant for, as far as it can be told; else nothing."""
    if name in _SAME_AS:
        return _SAME_AS[name]
    bare = found[1] if (found := _BRACKETED.fullmatch(name.strip())) else name.strip()
    bare = re.sub(r"\^(?=.)", "ctrl+", bare) if len(bare) == 2 else bare
    *modifiers, last = _PARTS.split(bare)
    held = {_MODIFIER_SPELLINGS.get(one.lower(), one.lower()) for one in modifiers}
    last = _SPELLINGS.get(last.lower(), last if len(last) == 1 else last.lower())
    if len(last) == 1 and "shift" in held and last.isalpha():
        held.discard("shift")
        last = last.upper()
    if "ctrl" in held:
        last = last.lower()
    spelt = "+".join([*(one for one in _MODIFIERS if one in held), last])
    if held <= set(_MODIFIERS):
        spelt = _SAME_AS.get(spelt, spelt)
        if is_key(spelt):
            return spelt
    near = difflib.get_close_matches(spelt, _PLAIN, 1, cutoff=0.75)
    return near[0] if near and len(name) > 2 and not modifiers else ""
