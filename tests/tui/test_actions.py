"""One registry: keys, handlers, rebinding, documentation."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from gvreader.tui.actions import WITHOUT_KEYS, ActionName, Keymap, Pane, actions, key_label, key_name
from gvreader.tui.view.help import help_entries

CONTRACT: dict[str, str] = {
    "j": "down",
    "k": "up",
    "down": "down",
    "up": "up",
    "g": "first",
    "G": "last",
    "enter": "open",
    "escape": "back",
    "h": "back",
    "left": "back",
    "tab": "next-pane",
    "/": "search",
    "n": "next-match",
    "N": "previous-match",
    "]": "next-article",
    "[": "previous-article",
    "space": "page-down",
    "b": "page-up",
    "s": "star",
    "u": "read",
    "t": "tag",
    "o": "browse",
    "y": "copy-link",
    "Y": "copy-citation",
    "e": "export",
    "r": "sync",
    "d": "changes",
    "z": "zen",
    "i": "pictures",
    "p": "palette",
    "ctrl+p": "palette",
    "U": "undo",
    "?": "help",
    "q": "quit",
    "l": "log",
    ".": "arrivals",
    "<": "narrower",
    ">": "wider",
}


@pytest.mark.parametrize("pane", ["list", "text"])
def test_the_contracts_keys_do_what_it_says(pane: Pane) -> None:
    keymap = Keymap(actions())
    bound = {key: action.name for key in CONTRACT if (action := keymap.action_for(pane, key))}
    assert bound == CONTRACT


def test_the_defaults_do_not_conflict_and_names_are_unique() -> None:
    registry = actions()
    assert Keymap(registry).conflicts == []
    assert len({action.name for action in registry}) == len(registry)


def test_a_wish_replaces_the_defaults_and_takes_the_key_from_another_action() -> None:
    keymap = Keymap(actions(), {"star": "x", "down": ["e", "down"]})
    assert keymap.keys("star") == ("x",)
    for pane in ("list", "text"):
        action = keymap.action_for(pane, "x")
        assert action is not None
        assert action.name == "star"
    assert keymap.action_for("list", "s") is None
    assert [(conflict.key, conflict.kept, conflict.lost) for conflict in keymap.conflicts] == [
        ("e", "down", "export")
    ]
    # In the places there is no article to star: `x` still forgets a saved search there.
    forget = keymap.action_for("places", "x")
    assert forget is not None
    assert forget.name == "forget-search"


def test_two_wishes_for_one_key_and_unknown_names_are_told() -> None:
    keymap = Keymap(actions(), {"sync": "v", "log": "v", "no-such": "w"})
    told = {(conflict.key, conflict.kept, conflict.lost) for conflict in keymap.conflicts}
    assert told == {("v", "sync", "log"), ("", "", "no-such")}
    assert keymap.keys("log") == ()


def test_help_shows_every_action_with_all_its_keys() -> None:
    entries = {entry.value: entry for entry in help_entries(Keymap(actions(), {"undo": ["ctrl+y", "U"]}))}
    assert {action.name for action in actions()} <= set(entries)
    assert entries["undo"].detail == "^y U"


def test_the_documentation_has_the_registrys__key_table() -> None:
    document = Path(__file__).parents[2] / "docs" / "reader.md"
    assert _key_table(Keymap(actions())) in document.read_text(encoding="utf-8")


def test_every_action_is_in_the_registry_or_has_no_key() -> None:
    names = {action.name for action in actions()} | set(WITHOUT_KEYS)
    assert names == set(get_args(ActionName))


def test_keys_are_named_by_what_they_type() -> None:
    assert key_name("question_mark", "?") == "?"
    assert key_name("enter", "\r") == "enter"
    assert key_name("space", " ") == "space"
    assert key_name("ctrl+p", "\x10") == "ctrl+p"


def _key_table(keymap: Keymap) -> str:
    """The registry as a Markdown table, for docs/reader.md."""
    lines = ["| key | does |", "|---|---|"]
    group = ""
    for action in keymap.actions.values():
        if action.group != group:
            group = action.group
            lines.append(f"| | **{group}** |")
        keys = " ".join(f"`{key_label(key)}`" for key in keymap.keys(action.name)) or "–"
        lines.append(f"| {keys.replace('|', chr(92) + '|')} | {action.title} |")
    return "\n".join(lines)
