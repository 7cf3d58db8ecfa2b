"""Help with a query: other spellings for one that finds nothing, and what a half-typed word may become."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from typing import Final, Literal

from gvreader.frozen import dataclass
from gvreader.patterns import pattern
from gvreader.query import FIELDS, Query
from gvreader.query.tree import Word, positive_texts
from gvreader.vietnamese.letters import nfc
from gvreader.vietnamese.words import fold_term, is_open, terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Another way of writing a query. `reason`: raw Telex or VNI keys were decoded, or a word was corrected.

    `decoded`: what the keys stand for, which `text` may spell as the archive does.
    """

    text: str
    reason: Literal["keyboard", "spelling"]
    decoded: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What may take the place of `text[start:end]` of a query; `label` names it for people."""

    text: str
    start: int
    end: int
    label: str = ""


# ── did you mean ────────────────────────────────────────────────────────────────────────────────

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_MOST_CORRECTIONS: Final = 4
_MOST_TERMS: Final = 6


def suggestions(connection: sqlite3.Connection, query: Query) -> Iterator[Suggestion]:
    """Other ways of writing a query that finds nothing, the likeliest first; they may find nothing either."""
    from gvreader.vietnamese import keyboard

    typed = query.text
    decoded = keyboard.decode(typed)
    if decoded is not None and decoded != typed:
        known = _with_known_marks(connection, decoded)
        if known != decoded:
            yield Suggestion(text=known, reason="keyboard", decoded=decoded)
        yield Suggestion(text=decoded, reason="keyboard", decoded=decoded)
    corrections: list[tuple[str, list[str]]] = []
    for text in list(positive_texts(query.root))[:_MOST_TERMS]:
        for word in text.words:
            if not text.prefix and not _known(connection, word):
                others = _corrections(connection, word.term)
                if others and word.term in typed.lower():
                    corrections.append((word.term, others))
    for rank in range(_MOST_CORRECTIONS):
        changed = typed
        for term, others in corrections:
            changed = _replaced(changed, term, others[min(rank, len(others) - 1)])
        if changed == typed or all(rank >= len(others) for _, others in corrections):
            return
        yield Suggestion(text=changed, reason="spelling")


def _with_known_marks(connection: sqlite3.Connection, text: str) -> str:
    """`text` with each word that the archive only knows with other marks spelled as it is there."""
    for term in dict.fromkeys(terms(text)):
        if not is_open(term) and not _known(connection, Word(term)):
            others = _other_marks(connection, fold_term(term))
            if others:
                text = _replaced(text, term, others[0])
    return text


def _other_marks(connection: sqlite3.Connection, folded: str) -> list[str]:
    """The archive's spellings of an unmarked form, the commonest first."""
    rows = connection.execute(
        "SELECT term FROM vocabulary WHERE folded = ? ORDER BY documents DESC LIMIT ?",
        (folded, _MOST_CORRECTIONS),
    ).fetchall()
    return [term for (term,) in rows]


def _known(connection: sqlite3.Connection, word: Word) -> bool:
    column = "folded" if word.open else "term"
    found = connection.execute(
        f"SELECT 1 FROM vocabulary WHERE {column} IN (SELECT value FROM json_each(?)) LIMIT 1",  # noqa: S608
        (json.dumps(word.spellings),),
    ).fetchone()
    return found is not None


def _corrections(connection: sqlite3.Connection, term: str) -> list[str]:
    """Words of the archive that an unknown one may stand for, the likeliest first.

    The same letters with other marks; one letter more, less, other or swapped; two words without their space.
    """
    folded = fold_term(term)
    same = _other_marks(connection, folded)
    near = connection.execute(
        "SELECT folded, max(documents), term FROM vocabulary "
        "WHERE folded IN (SELECT value FROM json_each(?)) GROUP BY folded",
        (json.dumps(sorted(_one_edit_away(folded))),),
    ).fetchall()
    # What was typed with marks is corrected to a word with marks.
    counted = [(documents, plain if is_open(term) else spelled) for plain, documents, spelled in near]
    for cut in range(1, len(folded)):
        parts = [_documents(connection, part) for part in (folded[:cut], folded[cut:])]
        if None not in parts:
            counted.append((min(part or 0 for part in parts), f"{folded[:cut]} {folded[cut:]}"))
    counted.sort(key=lambda item: -item[0])
    return same + [text for _, text in counted[:_MOST_CORRECTIONS]]


def _documents(connection: sqlite3.Connection, folded: str) -> int | None:
    """In about how many articles an unmarked form is; None for one that is in none."""
    ((documents,),) = connection.execute(
        "SELECT max(documents) FROM vocabulary WHERE folded = ?", (folded,)
    ).fetchall()
    return None if documents is None else int(documents)


def _one_edit_away(term: str) -> set[str]:
    splits = [(term[:cut], term[cut:]) for cut in range(len(term) + 1)]
    edits = {left + right[1:] for left, right in splits if right}
    edits |= {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    for letter in _LETTERS:
        edits |= {left + letter + right[1:] for left, right in splits if right}
        edits |= {left + letter + right for left, right in splits}
    return edits - {term, ""}


def _replaced(text: str, term: str, other: str) -> str:
    return re.sub(rf"(?<![^\W_]){re.escape(term)}(?![^\W_])", other, text, flags=re.IGNORECASE)


# ── completion ──────────────────────────────────────────────────────────────────────────────────

_WORD_AT: Final = pattern(r"-?(?:(\w+):)?([^\s()]*)\Z")
_VALUES: Final = {
    "is": ("unread", "read", "starred", "gone", "changed"),
    "has": ("image", "attachment"),
}
_NEEDS_QUOTES: Final = pattern(r"[\s()\"]")
_MOST_COMPLETIONS: Final = 20


def completions(connection: sqlite3.Connection, text: str, cursor: int) -> tuple[Completion, ...]:
    """What the word that ends at `cursor` may become: fields, and the values of those that have a list of them."""
    before = nfc(text[:cursor])
    match = _WORD_AT.search(before)
    if match is None or len(before) != cursor:
        return ()
    field, value = match.groups()
    value = value.lstrip('"')
    if field is None:
        if not value:
            return ()
        found = [(f"{name}:", "") for name in FIELDS if name.startswith(value.lower())]
        start = match.start(2)
    else:
        found = [(_quoted(name), label) for name, label in _values(connection, field.lower(), value)]
        start = match.start(2)
    return tuple(
        Completion(text=name, start=start, end=cursor, label=label)
        for name, label in found[:_MOST_COMPLETIONS]
    )


def _values(connection: sqlite3.Connection, field: str, typed: str) -> list[tuple[str, str]]:
    """Values of a field that contain what was typed, as words or beginnings of words, with their labels."""
    if field in _VALUES:
        return [(name, "") for name in _VALUES[field] if name.startswith(typed.lower())]
    statements = {
        "section": "SELECT slug, title, articles FROM sections ORDER BY articles DESC",
        "portal": "SELECT name, title, 0 FROM portals ORDER BY name",
        "tag": "SELECT tag, '', count(*) AS n FROM tags GROUP BY tag ORDER BY n DESC, tag",
    }
    if field not in statements:
        return []
    rows = connection.execute(statements[field]).fetchall()
    return list(
        dict.fromkeys((name, label) for name, label, _ in rows if _contains(f"{name} {label}", typed))
    )


def _contains(name: str, typed: str) -> bool:
    """Whether the words typed, the last perhaps unfinished, stand side by side in a name; marks as typed."""
    wanted = [Word(term) for term in terms(typed)]
    if not wanted:
        return True
    found = terms(name)
    for start in range(len(found) - len(wanted) + 1):
        pairs = zip(wanted, found[start:], strict=False)
        if all(
            (fold_term(term) if word.open else term).startswith(word.term)
            if index == len(wanted) - 1
            else (fold_term(term) if word.open else term) == word.term
            for index, (word, term) in enumerate(pairs)
        ):
            return True
    return False


def _quoted(name: str) -> str:
    return f'"{name}"' if _NEEDS_QUOTES.search(name) and '"' not in name else name
