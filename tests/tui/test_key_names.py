"""Keys have names out of a closed set; another name is told, with the one that was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gvreader.tui.actions import Keymap, actions
from gvreader.tui.key_names import is_key, meant


@pytest.mark.parametrize(
    "name",
    ["j", "G", "/", "+", "-", "đ", "enter", "escape", "space", "tab", "shift+tab", "f1", "f12", "ctrl+s", "alt+s",
     "alt+S", "alt++", "ctrl+up", "ctrl+shift+left", "alt+down", "delete", "pagedown"],
)  # fmt: skip
def test_keys(name: str) -> None:
    assert is_key(name)
    assert meant(name) == name


@pytest.mark.parametrize(
    ("name", "likely"),
    [
        ("Ctrl+S", "ctrl+s"), ("ctrl-f", "ctrl+f"), ("<Down>", "down"), ("<C-s>", "ctrl+s"), ("C-s", "ctrl+s"),
        ("^s", "ctrl+s"), ("M-x", "alt+x"), ("Alt-X", "alt+X"), ("Esc", "escape"), ("Return", "enter"),
        ("PgDn", "pagedown"),
        ("Del", "delete"), ("Space", "space"), ("shift+a", "A"), ("shift+ctrl+up", "ctrl+shift+up"), ("ctrl+i", "tab"),
        ("ctrl+m", "enter"), ("ctrl+S", "ctrl+s"), ("[enter]", "enter"), ("pagedwon", "pagedown"), ("wibble", ""),
        ("hyper+z", ""), ("1", ""), ("ctrl+1", ""), ("", ""), (" ", ""), ("jj", ""), ("f13", "f1"), ("F5", "f5"),
    ],
)  # fmt: skip
def test_what_was_meant(name: str, likely: str) -> None:
    assert not is_key(name)
    assert meant(name) in (likely, "f12", "f3") if name == "f13" else meant(name) == likely


@given(st.text(max_size=12))
def test_a_suggestion_is_a_key(name: str) -> None:
    assert meant(name) == "" or is_key(meant(name))


def test_an_action_keeps_its_own_keys_when_none_of_the_wished_is_one() -> None:
    keymap = Keymap(actions(), {"star": ["Ctrl+S"], "undo": "1", "tag": ["wibble", "ctrl+t"]})
    assert keymap.keys("star") == ("s",)
    assert keymap.keys("undo") == ("U",)
    assert keymap.keys("tag") == ("ctrl+t",)
    told = [(one.key, one.kept, one.lost, one.hint) for one in keymap.conflicts]
    assert sorted(told) == [
        ("1", "", "undo", ""),
        ("Ctrl+S", "", "star", "ctrl+s"),
        ("wibble", "", "tag", ""),
    ]


def test_keys_are_taken_away_and_put_on_chains_and_commands() -> None:
    wishes = {"quit": [], "x": ["read", "next-unread"], "j": [], "speak": "alt+s", "e": ["speak", "no-such"]}
    keymap = Keymap(actions(), wishes, {"speak"})
    assert keymap.keys("quit") == ()
    assert keymap.keys("down") == ("down",)
    assert keymap.action_for("list", "j") is None
    assert keymap.action_for("places", "x") is None
    assert keymap.chains == {"x": ("read", "next-unread"), "alt+s": ("speak",), "e": ("speak",)}
    assert [(one.key, one.kept, one.lost) for one in keymap.conflicts] == [("", "", "no-such")]
