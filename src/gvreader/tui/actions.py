"""Everything the reader can do, once: keys, footer, help, palette and the key table of docs/reader.md."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, Literal, cast, get_args

from gvreader.frozen import dataclass
from gvreader.i18n import _
from gvreader.tui.key_names import is_key, meant

Pane = Literal["places", "list", "text"]
ActionName = Literal[
    "down",
    "up",
    "page-down",
    "page-up",
    "half-down",
    "half-up",
    "first",
    "last",
    "open",
    "back",
    "next-pane",
    "previous-pane",
    "next-article",
    "previous-article",
    "next-unread",
    "pictures",
    "changes",
    "zen",
    "star",
    "read",
    "tag",
    "undo",
    "read-all",
    "mark-all",
    "star-all",
    "tag-all",
    "search",
    "find",
    "next-match",
    "previous-match",
    "sort",
    "save-search",
    "forget-search",
    "browse",
    "copy-link",
    "copy-citation",
    "copy-text",
    "export",
    "sync",
    "backfill",
    "import",
    "demo",
    "verify",
    "arrivals",
    "log",
    "coverage",
    "narrower",
    "wider",
    "shorter-lines",
    "longer-lines",
    "theme",
    "palette",
    "help",
    "suspend",
    "repaint",
    "quit",
    "rebuild",
    "try-again",
    "results",
    "complete",
]
PANES: Final[tuple[Pane, ...]] = ("places", "list", "text")
_PLACES: Final[tuple[Pane, ...]] = ("places",)
_LISTS: Final[tuple[Pane, ...]] = ("places", "list")
_ARTICLES: Final[tuple[Pane, ...]] = ("list", "text")
_TEXT: Final[tuple[Pane, ...]] = ("text",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing the reader does.

    `keys` are the defaults, as `key_name` spells them; `panes` are where they work. `footer` is a short name shown at
    the bottom of `footer_in`, empty for none. `counted`: a number typed before it means something.
    `paired_with`: the action whose key is shown beside its own. `on_pages`: it also works where a page takes the place
    of the panes.
    """

    name: ActionName
    keys: tuple[str, ...]
    title: str
    group: str
    panes: tuple[Pane, ...] = PANES
    footer: str = ""
    footer_in: tuple[Pane, ...] = ()
    counted: bool = False
    paired_with: ActionName | None = None
    on_pages: bool = False


EVERYWHERE: Final[tuple[ActionName, ...]] = ("suspend", "repaint")
"""What works in every prompt and on every page, before whatever is open there sees the key."""
AFTER_ESCAPE: Final[frozenset[ActionName]] = frozenset(
    {
        "down", "up", "page-down", "page-up", "half-down", "half-up", "first", "last", "open", "back", "next-pane",
        "previous-pane", "next-article", "previous-article", "next-unread", "zen", "search", "find", "next-match",
        "previous-match", "help", "palette",
    }
)  # fmt: skip
"""What a letter may do that came in one read with ESC: it moves or shows. Alt and the letter are the same bytes, so
that what writes, sends or ends waits for a press of its own.
"""
_NAMES: Final = frozenset(get_args(ActionName))


def action_name(text: str) -> ActionName:
    """The action of that name; KeyError where there is none."""
    if text not in _NAMES:
        raise KeyError(text)
    return cast("ActionName", text)


WITHOUT_KEYS: Final[tuple[ActionName, ...]] = ("rebuild", "try-again", "results", "complete")
"""What is asked for by a choice on a page or by a click only."""
ON_PAGES_ONLY: Final[tuple[ActionName, ...]] = ("rebuild", "try-again")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A key that two actions of one pane ask for: `kept` has it, `lost` has not.

    Empty `kept`: `key` is no key, or, where that is empty too, `lost` is no action. `hint`: what was meant.
    """

    key: str
    kept: str
    lost: str
    hint: str = ""


def actions() -> tuple[Action, ...]:
    """Every action in the order in which help shows them, worded in the language in force."""
    return (
        *_moving(_("Moving")),
        *_reading(_("Reading")),
        *_marking(_("Marking")),
        *_finding(_("Finding")),
        *_sharing(_("Sharing")),
        *_archive(_("Archive")),
        *_ui_state(_("Looks")),
        *_program(_("Program")),
    )


def _moving(group: str) -> Iterator[Action]:
    yield Action(
        name="down",
        keys=("j", "down"),
        title=_("Down"),
        group=group,
        counted=True,
        footer=_("move"),
        footer_in=_LISTS,
        paired_with="up",
    )
    yield Action(name="up", keys=("k", "up"), title=_("Up"), group=group, counted=True)
    yield Action(
        name="page-down",
        keys=("space", "pagedown", "ctrl+f"),
        title=_("Page down"),
        group=group,
        counted=True,
        footer=_("page"),
        footer_in=_TEXT,
    )
    yield Action(
        name="page-up", keys=("b", "pageup", "ctrl+b"), title=_("Page up"), group=group, counted=True
    )
    yield Action(name="half-down", keys=("ctrl+d",), title=_("Half a page down"), group=group, counted=True)
    yield Action(name="half-up", keys=("ctrl+u",), title=_("Half a page up"), group=group, counted=True)
    yield Action(
        name="first", keys=("g", "home"), title=_("First; with a number, that one"), group=group, counted=True
    )
    yield Action(
        name="last", keys=("G", "end"), title=_("Last; with a number, that one"), group=group, counted=True
    )
    yield Action(
        name="open",
        keys=("enter", "right"),
        title=_("Open; in the text with a number, open that link"),
        group=group,
        counted=True,
        footer=_("open"),
        footer_in=_LISTS,
    )
    yield Action(
        name="back",
        on_pages=True,
        keys=("escape", "h", "left"),
        title=_("Back"),
        group=group,
        footer=_("back"),
        footer_in=_TEXT,
    )
    yield Action(name="next-pane", keys=("tab",), title=_("Next pane"), group=group)
    yield Action(name="previous-pane", keys=("shift+tab",), title=_("Previous pane"), group=group)


def _reading(group: str) -> Iterator[Action]:
    yield Action(
        name="next-article",
        keys=("]",),
        title=_("Next article, staying in the text"),
        group=group,
        counted=True,
        footer=_("next"),
        footer_in=_TEXT,
        paired_with="previous-article",
    )
    yield Action(
        name="previous-article",
        keys=("[",),
        title=_("Previous article, staying in the text"),
        group=group,
        counted=True,
    )
    yield Action(name="next-unread", keys=("J",), title=_("Next unread article"), group=group)
    yield Action(
        name="pictures",
        keys=("i",),
        title=_("Pictures of the article, from the archive"),
        group=group,
        panes=_ARTICLES,
        counted=True,
    )
    yield Action(
        name="changes",
        keys=("d",),
        title=_("What changed between revisions"),
        group=group,
        panes=_ARTICLES,
    )
    yield Action(
        name="zen",
        keys=("z",),
        title=_("Only the text, and back"),
        group=group,
        footer=_("zen"),
        footer_in=_TEXT,
    )


def _marking(group: str) -> Iterator[Action]:
    yield Action(
        name="star",
        keys=("s",),
        title=_("Star, or take the star away"),
        group=group,
        panes=_ARTICLES,
        footer="★",
        footer_in=_ARTICLES,
    )
    yield Action(
        name="read",
        keys=("u",),
        title=_("Read or unread"),
        group=group,
        panes=_ARTICLES,
        footer=_("unread"),
        footer_in=_ARTICLES,
    )
    yield Action(name="tag", keys=("t",), title=_("Tag, or take a tag away"), group=group, panes=_ARTICLES)
    yield Action(name="undo", keys=("U",), title=_("Undo the last mark"), group=group)
    yield Action(name="read-all", keys=("A",), title=_("Mark the whole list read"), group=group)
    yield Action(name="mark-all", keys=("M",), title=_("Mark the whole list: read, star, tag…"), group=group)
    yield Action(name="star-all", keys=(), title=_("Star the whole list"), group=group)
    yield Action(name="tag-all", keys=(), title=_("Tag the whole list"), group=group)


def _finding(group: str) -> Iterator[Action]:
    yield Action(
        name="search",
        keys=("/",),
        title=_("Search the archive"),
        group=group,
        footer=_("search"),
        footer_in=PANES,
    )
    yield Action(name="find", keys=("f",), title=_("Find in this article"), group=group, panes=_ARTICLES)
    yield Action(name="next-match", keys=("n",), title=_("Next match"), group=group, counted=True)
    yield Action(name="previous-match", keys=("N",), title=_("Previous match"), group=group, counted=True)
    yield Action(name="sort", keys=("O",), title=_("Sort results: newest, best, oldest"), group=group)
    yield Action(name="save-search", keys=("S",), title=_("Save this search"), group=group)
    yield Action(
        name="forget-search",
        keys=("x", "delete"),
        title=_("Forget a saved search"),
        group=group,
        panes=_PLACES,
    )


def _sharing(group: str) -> Iterator[Action]:
    yield Action(
        name="browse",
        keys=("o",),
        title=_("Open in the browser; with a number, that link"),
        group=group,
        panes=_ARTICLES,
        counted=True,
    )
    yield Action(name="copy-link", keys=("y",), title=_("Copy the link"), group=group, panes=_ARTICLES)
    yield Action(name="copy-citation", keys=("Y",), title=_("Copy a citation"), group=group, panes=_ARTICLES)
    yield Action(name="copy-text", keys=("c",), title=_("Copy the text"), group=group, panes=_ARTICLES)
    yield Action(name="export", keys=("e",), title=_("Export this article or this list"), group=group)


def _archive(group: str) -> Iterator[Action]:
    yield Action(
        name="sync",
        on_pages=True,
        keys=("r",),
        title=_("Sync now"),
        group=group,
        footer=_("sync"),
        footer_in=_LISTS,
    )
    yield Action(
        name="backfill", on_pages=True, keys=(), title=_("Fill from public web archives"), group=group
    )
    yield Action(
        name="import", on_pages=True, keys=(), title=_("Import web archives or saved pages"), group=group
    )
    yield Action(name="demo", on_pages=True, keys=(), title=_("Look at a small made-up portal"), group=group)
    yield Action(name="verify", on_pages=True, keys=(), title=_("Check the archive and mend it"), group=group)
    yield Action(name="arrivals", keys=(".",), title=_("Show new arrivals"), group=group)
    yield Action(name="log", on_pages=True, keys=("l",), title=_("Log of the sync"), group=group)
    yield Action(name="coverage", keys=("C",), title=_("Coverage by month"), group=group)


def _ui_state(group: str) -> Iterator[Action]:
    yield Action(name="narrower", keys=("<",), title=_("Narrower pane"), group=group, counted=True)
    yield Action(name="wider", keys=(">",), title=_("Wider pane"), group=group, counted=True)
    yield Action(name="shorter-lines", keys=("-",), title=_("Shorter lines of text"), group=group)
    yield Action(name="longer-lines", keys=("+", "="), title=_("Longer lines of text"), group=group)
    yield Action(
        name="theme", on_pages=True, keys=("T",), title=_("Next theme: light, dark, terminal"), group=group
    )


def _program(group: str) -> Iterator[Action]:
    yield Action(
        name="palette", on_pages=True, keys=("p", "ctrl+p"), title=_("Find an action by name"), group=group
    )
    yield Action(
        name="help",
        on_pages=True,
        keys=("?", "f1"),
        title=_("Help"),
        group=group,
        footer=_("help"),
        footer_in=PANES,
    )
    yield Action(name="suspend", on_pages=True, keys=("ctrl+z",), title=_("To the shell"), group=group)
    yield Action(
        name="repaint", on_pages=True, keys=("ctrl+l",), title=_("Paint the screen anew"), group=group
    )
    yield Action(
        name="quit",
        on_pages=True,
        keys=("q", "ctrl+c", "ctrl+q"),
        title=_("Quit"),
        group=group,
        footer=_("quit"),
        footer_in=_LISTS,
    )


class Keymap:
    """Which key does what in which pane, after the reader's own wishes."""

    def __init__(
        self,
        registry: Sequence[Action],
        wishes: Mapping[str, str | Sequence[str]] | None = None,
        commands: Collection[str] = (),
    ) -> None:
        """`wishes` maps action names to the keys that replace their defaults (one key, several, or none), and keys to
        the actions that they do one after the other (none takes the key away). `commands`: names of the reader's own
        commands, which are wished for like actions.

        A key that two actions ask for goes to the one that was wished; between two wishes or two defaults, to the
        first. `conflicts` tells what lost, and what in `wishes` is no key or no action. `chains` are the keys that do
        several things, or a command.
        """
        self.actions: Final = {action.name: action for action in registry}
        self.conflicts: list[Conflict] = []
        self._bound: dict[Pane, dict[str, ActionName]] = {pane: {} for pane in PANES}
        self._keys: dict[ActionName, list[str]] = {action.name: [] for action in registry}
        wanted = {
            name: (keys,) if isinstance(keys, str) else tuple(keys) for name, keys in (wishes or {}).items()
        }
        self.chains: dict[str, tuple[str, ...]] = {}
        taken: set[str] = set()
        for name, entries in wanted.items():
            if name in commands:
                self.chains |= dict.fromkeys(self._keys_of(name, entries), (name,))
            elif name not in self.actions and is_key(name):
                steps = self._steps(entries, commands)
                self.chains |= {name: steps} if steps else {}
                taken.add(name)
            elif name not in self.actions:
                self._tell_unknown(name)
        taken |= self.chains.keys()
        for action in sorted(registry, key=lambda action: action.name not in wanted):
            wishes_of = wanted.get(action.name)
            keys = action.keys if wishes_of is None else self._keys_of(action.name, wishes_of)
            if wishes_of and not keys:
                keys = action.keys
            for key in keys:
                if key not in taken:
                    self._bind(action, key)

    def _keys_of(self, name: str, keys: Sequence[str]) -> tuple[str, ...]:
        """Those of some wished keys that are keys; the others are told."""
        for key in keys:
            if not is_key(key):
                self.conflicts.append(Conflict(key, "", name, meant(key)))
        return tuple(key for key in keys if is_key(key))

    def _steps(self, names: Sequence[str], commands: Collection[str]) -> tuple[str, ...]:
        known = [name for name in names if name in self.actions or name in commands]
        for name in names:
            if name not in known:
                self._tell_unknown(name)
        return tuple(known)

    def _tell_unknown(self, name: str) -> None:
        near = difflib.get_close_matches(name, self.actions, 1)
        self.conflicts.append(Conflict("", "", name, near[0] if near else ""))

    def _bind(self, action: Action, key: str) -> None:
        holders = {holder for pane in action.panes if (holder := self._bound[pane].get(key))}
        self.conflicts.extend(
            Conflict(key, holder, action.name) for holder in sorted(holders - {action.name})
        )
        free = [pane for pane in action.panes if key not in self._bound[pane]]
        for pane in free:
            self._bound[pane][key] = action.name
        if free:
            self._keys[action.name].append(key)

    def action_for(self, pane: Pane, key: str) -> Action | None:
        """What `key` does in `pane`, if anything."""
        name = self._bound[pane].get(key)
        return self.actions[name] if name else None

    def keys(self, name: ActionName) -> tuple[str, ...]:
        """The keys of an action, the first one first; empty when it has none."""
        return tuple(self._keys[name])

    def label(self, name: ActionName, pane: Pane | None = None) -> str:
        """The first key of an action as it is shown, in `pane` if it has one there; or nothing."""
        keys = self._keys[name]
        if pane is not None:
            keys = [key for key in keys if self._bound[pane].get(key) == name] or keys
        return key_label(keys[0]) if keys else ""


_LABELS: Final = {
    "enter": "⏎",
    "escape": "Esc",
    "space": "␣",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "tab": "Tab",
    "shift+tab": "⇧Tab",
    "delete": "Del",
    "f1": "F1",
}


def key_label(key: str) -> str:
    """A key as people read it: `⏎` for `enter`, `^p` for `ctrl+p`."""
    if key.startswith("ctrl+") and len(key) == len("ctrl+") + 1:
        return "^" + key.removeprefix("ctrl+")
    return _LABELS.get(key, key)


def key_name(key: str, character: str | None) -> str:
    """A key press as the registry spells it: the character it types, else the name of the key.

    With Alt, Ctrl or the like held it types nothing: `alt+q` is never `q`.
    """
    *modifiers, last = key.split("+") if key != "+" else [key]
    if "shift" in modifiers and len(last) == 1 and last.isalpha():
        modifiers.remove("shift")
        last = last.upper()
    if key == "space" or modifiers:
        return "+".join([*modifiers, last])
    return character if character and character.isprintable() else key
