"""From a query's tree to a plan.

A plan reads one of the full-text tables: `ff` when every word may be spelled any way, else `fx`, in which an
open word is written as all its spellings in the vocabulary; for titles alone `fh`, which is like `fx`. What
one table cannot say becomes a condition on the article's row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from itertools import islice, pairwise, product
from math import prod
from typing import Any, Final

from gvreader.archive.library.article_rows import id_list
from gvreader.archive.library.content import stamp
from gvreader.archive.library.search.phrases import Phrase
from gvreader.archive.library.search.plan import (
    FIRST_DATED,
    HIGHEST,
    LOWEST,
    SAYS,
    Condition,
    Plan,
    Says,
    Table,
    day_key,
    quoted,
)
from gvreader.model import PORTAL_TIME
from gvreader.query.tree import (
    And,
    Either,
    InPlace,
    Is,
    Node,
    Not,
    Number,
    Or,
    Period,
    Query,
    Text,
    Word,
)
from gvreader.vietnamese.words import fold_term, is_open, terms

_MOST_PAIRS: Final = 32  # spellings of two words side by side
_FEW_PHRASES: Final = 3  # spellings of one phrase that are tried even for one page
_MOST_PHRASES: Final = 16  # spellings of one phrase that are still tried one by one
_MOST_TWINS: Final = 64  # ways of writing one phrase with i for y
_MOST_ENDINGS: Final = 2000  # words with one beginning that are still tried one by one
_LIGHT: Final = 6  # spellings or endings of a word that count when matches are ranked
_NOTHING: Final = '""'

_COLUMN: Final = {"title": "title", "author": "author", "org": "organisation", "file": "attachments"}
_STATES: Final = {
    "unread": "a.read = 0",
    "read": "a.read = 1",
    "starred": "a.starred = 1",
    "gone": "a.gone IS NOT NULL",
    "changed": "a.revision > 1",
    "image": "a.image_count > 0",
    "attachment": "a.attachment_count > 0",
}
_FIELDS: Final = {
    "any": "a.title, a.summary, a.text, a.attachment_text, a.author, a.organisation",
    "title": "a.title",
    "author": "a.author",
    "org": "a.organisation",
    "file": "a.attachment_text",
}


class Planner:
    """Makes plans for one connection; looks up spellings, sections and tags while it does."""

    def __init__(self, connection: sqlite3.Connection, says: Says) -> None:
        self.connection = connection
        self.says = says
        self._spellings: dict[str, tuple[str, ...]] = {}
        self._table: Table = "ff"
        self._light = False

    def plan(self, query: Query, *, light: bool = False) -> Plan:
        """How to find what `query` asks for. `light`: only by the commonest spellings and endings of its words."""
        self._spellings.clear()
        self._light = light
        self._table = "ff" if self._folds(query.root) else "fx"
        return Plan(self._table, self._condition(query.root))

    def plan_titles(self, query: Query) -> Plan:
        """How to find those matches of which the title alone says what `query` asks of the text."""
        self._spellings.clear()
        self._light = True
        self._table = "fh"
        return Plan(self._table, self._condition(query.root))

    def plan_phrase(self, query: Query) -> Phrase | None:
        """How to find a page of a query that is one phrase with many spellings; None for any other."""
        texts = _ways_of_writing(query.root)
        self._spellings.clear()
        self._light = False
        if not texts or self._folds(query.root):
            return None
        self._table = "fx"
        spellings = list(map(self._count_spellings, texts))
        if sum(spellings) <= _FEW_PHRASES:
            return None
        names = tuple(self.says.name(text) for text in texts)
        summary = " OR ".join(f"{SAYS}(?, a.summary)" for _ in texts)
        if max(spellings) == 1:
            return Phrase(Plan("fx", self._condition(query.root)), None, summary, names)
        self._table = "ff"
        match = _any([self._in_column(text, _unmarked(text)) for text in texts])
        where = " OR ".join(f"{SAYS}(?, {_FIELDS[text.field]})" for text in texts)
        return Phrase(Plan("ff", Condition(match=match)), where, summary, names)

    def _count_spellings(self, text: Text) -> int:
        """In how many ways a phrase may be spelled, the ending of its last word left out."""
        whole = text.words[: len(text.words) - text.prefix]
        return prod(len(self._ways(word)) for word in whole) if len(text.words) > 1 else 1

    # ── which table ─────────────────────────────────────────────────────────────────────────────

    def _folds(self, node: Node) -> bool:
        """Whether unmarked forms say all that the tree asks for."""
        if isinstance(node, Text):
            return all(self._word_folds(node, index) for index in range(len(node.words)))
        if isinstance(node, Either):
            return self._folds(node.typed) and all(map(self._folds, node.forms))
        if isinstance(node, And | Or):
            return all(map(self._folds, node.children))
        return not isinstance(node, Not) or self._folds(node.child)

    def _word_folds(self, text: Text, index: int) -> bool:
        word = text.words[index]
        if word.open:
            return True
        if text.prefix and index == len(text.words) - 1:
            return False
        meant = set(word.spellings)
        return all(meant.issuperset(self._spelled(fold_term(term))) for term in meant)

    def _spelled(self, folded: str) -> tuple[str, ...]:
        """Every spelling in the archive of an unmarked form."""
        known = self._spellings.get(folded)
        if known is None:
            rows = self.connection.execute(
                "SELECT term FROM vocabulary WHERE folded = ? ORDER BY documents DESC", (folded,)
            ).fetchall()
            known = self._spellings[folded] = tuple(term for (term,) in rows)
        return known

    # ── conditions ──────────────────────────────────────────────────────────────────────────────

    def _condition(self, node: Node) -> Condition:
        if isinstance(node, Text):
            return self._text(node)
        if isinstance(node, Either):
            return self._or([self._condition(node.typed), *map(self._text, node.forms)])
        if isinstance(node, And):
            return self._and(node.children)
        if isinstance(node, Or):
            return self._or([self._condition(child) for child in node.children])
        if isinstance(node, Not):
            return self._not(self._excluded(node.child))
        if isinstance(node, Number):
            return self._number(node)
        if isinstance(node, Period):
            return _period(node)
        if isinstance(node, Is):
            return Condition(where=_STATES[node.state])
        return self._place(node)

    def _and(self, children: Sequence[Node]) -> Condition:
        positive = [self._condition(child) for child in children if not isinstance(child, Not)]
        negative = [self._excluded(child.child) for child in children if isinstance(child, Not)]
        matches = [condition.match for condition in positive if condition.match is not None]
        excluded = [condition.match for condition in negative if condition.match and condition.only_match]
        match = _all(matches) if matches else None
        if match is not None and excluded:
            match = f"({match}) NOT ({_any(excluded)})"
            negative = [condition for condition in negative if not condition.only_match]
        rest = [*positive, *map(self._not, negative)]
        wheres = [condition.where for condition in rest if condition.where is not None]
        return Condition(
            match=match,
            where=" AND ".join(wheres) if wheres else None,
            parameters=tuple(value for condition in rest for value in condition.parameters),
            low=max((condition.low for condition in positive), default=LOWEST),
            high=min((condition.high for condition in positive), default=HIGHEST),
        )

    def _or(self, conditions: Sequence[Condition]) -> Condition:
        if not conditions:
            return Condition(where="0")
        if len(conditions) == 1:
            return conditions[0]
        if all(condition.only_match for condition in conditions):
            return Condition(match=_any([condition.match or _NOTHING for condition in conditions]))
        parts = [self._on_row(condition) for condition in conditions]
        return Condition(
            where=f"({' OR '.join(where for where, _ in parts)})",
            parameters=tuple(value for _, values in parts for value in values),
        )

    def _excluded(self, node: Node) -> Condition:
        """What a match must not fulfil, in all of the article even where only titles are asked."""
        return self._in_full(node) if self._table == "fh" else self._condition(node)

    def _in_full(self, node: Node) -> Condition:
        """A condition of a plan of titles that all of the article fulfils."""
        self._table = "fx"
        where, parameters = self._on_row(self._condition(node))
        self._table = "fh"
        return Condition(where=where, parameters=parameters)

    def _not(self, condition: Condition) -> Condition:
        where, parameters = self._on_row(condition)
        return Condition(where=f"NOT {where}", parameters=parameters)

    def _on_row(self, condition: Condition) -> tuple[str, tuple[Any, ...]]:
        """The same condition as an expression over the article's row."""
        parts: list[str] = []
        parameters: list[Any] = []
        if condition.match is not None:
            parts.append(f"a.sk IN (SELECT rowid FROM {self._table} WHERE {self._table} MATCH ?)")  # noqa: S608
            parameters.append(condition.match)
        if condition.low > LOWEST:
            parts.append("a.sk >= ?")
            parameters.append(condition.low)
        if condition.high < HIGHEST:
            parts.append("a.sk < ?")
            parameters.append(condition.high)
        if condition.where is not None:
            parts.append(condition.where)
            parameters += condition.parameters
        return f"({' AND '.join(parts)})" if parts else "1", tuple(parameters)

    # ── texts ───────────────────────────────────────────────────────────────────────────────────

    def _text(self, text: Text) -> Condition:
        if self._table == "fh" and text.field in ("author", "org", "file"):
            return self._in_full(text)
        last = len(text.words) - 1
        choices = [
            self._endings(word) if text.prefix and index == last else self._ways(word)
            for index, word in enumerate(text.words)
        ]
        known = [ways for ways in choices if ways is not None]
        if any(not ways for ways in known):
            return Condition(match=_NOTHING)
        if len(known) == len(choices) and (
            last == 0 or self._light or prod(map(len, known)) <= _MOST_PHRASES
        ):
            chosen = product(*known) if last == 0 else islice(product(*known), _MOST_PHRASES)
            return Condition(match=self._in_column(text, _any([quoted(" ".join(words)) for words in chosen])))
        return self._any_ending(text) if last == 0 else self._looked_up(text, choices)

    def _ways(self, word: Word) -> Sequence[str]:
        """How a word is written in the plan's table."""
        if self._table == "ff":
            return tuple(dict.fromkeys(map(fold_term, word.spellings)))
        if not word.open:
            return word.spellings
        found = tuple(term for folded in word.spellings for term in self._spelled(folded))
        return found[:_LIGHT] if self._light else found

    def _endings(self, word: Word) -> Sequence[str] | None:
        """The words that begin like `word`, in the plan's table; None when there are too many to try."""
        column = "folded" if word.open else "term"
        result = "folded" if self._table == "ff" else "term"
        rows = self.connection.execute(
            f"SELECT {result} FROM vocabulary WHERE {column} >= ? AND {column} < ? "  # noqa: S608
            f"GROUP BY {result} ORDER BY max(documents) DESC LIMIT ?",
            (word.term, word.term + "\U0010ffff", _LIGHT if self._light else _MOST_ENDINGS + 1),
        ).fetchall()
        return None if len(rows) > _MOST_ENDINGS else [found for (found,) in rows]

    def _any_ending(self, text: Text) -> Condition:
        """A beginning that too many words have to try them one by one: FTS5's own search for it."""
        match = self._in_column(text, f"{quoted(text.words[0].term)} *")
        if text.words[0].open == (self._table == "ff"):
            return Condition(match=match)
        return Condition(where="a.sk IN (SELECT rowid FROM ff WHERE ff MATCH ?)", parameters=(match,))

    def _looked_up(self, text: Text, choices: Sequence[Sequence[str] | None]) -> Condition:
        """A phrase with too many spellings to try: found by pairs of its words, then looked for in the texts."""
        if self._table == "fx" and all(word.open for word in text.words):
            return self._unmarked_phrase(text)
        pairs: list[str] = []
        folded: list[str] = []
        for index, (first, second) in enumerate(pairwise(choices)):
            if first is not None and second is not None and len(first) * len(second) <= _MOST_PAIRS:
                pairs.append(_any([quoted(f"{one} {other}") for one, other in product(first, second)]))
            elif self._table == "fx":
                ways = [word.spellings for word in text.words[index : index + 2]]
                last = " *" * (second is None or (text.prefix and index + 2 == len(choices)))
                folded.append(
                    _any([f"{quoted(' '.join(map(fold_term, words)))}{last}" for words in product(*ways)])
                )
        where, parameters = f"{SAYS}(?, {_FIELDS[text.field]})", [self.says.name(text)]
        if folded:
            where = f"(a.sk IN (SELECT rowid FROM ff WHERE ff MATCH ?) AND {where})"  # noqa: S608
            parameters.insert(0, self._in_column(text, _all(folded)))
        match = self._in_column(text, _all(pairs)) if pairs else None
        return Condition(match=match, where=where, parameters=tuple(parameters))

    def _unmarked_phrase(self, text: Text) -> Condition:
        """A phrase without marks among words with marks: found by unmarked forms."""
        match = self._in_column(text, _unmarked(text))
        return Condition(where="a.sk IN (SELECT rowid FROM ff WHERE ff MATCH ?)", parameters=(match,))

    def _in_column(self, text: Text, expression: str) -> str:
        if text.field == "any" or self._table == "fh":
            return expression
        return f"{{{_COLUMN[text.field]}}} : ({expression})"

    def _number(self, node: Number) -> Condition:
        term = node.term
        begins = [f"{quoted(term + mark)} *" for mark in ("/", "-")]
        ways = [f"{quoted(term)} *"] if node.prefix else [quoted(term), *begins]
        match = f"{{number}} : ({_any(ways)})"
        table: Table = "ff" if is_open(term) else "fx"
        if table == self._table:
            return Condition(match=match)
        where = f"a.sk IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)"  # noqa: S608
        return Condition(where=where, parameters=(match,))

    # ── places ──────────────────────────────────────────────────────────────────────────────────

    def _place(self, node: InPlace) -> Condition:
        if node.place == "portal":
            rows = self.connection.execute("SELECT name, name, title FROM portals").fetchall()
            return _one_of("a.portal IN", _fitting(node, rows))
        if node.place == "tag":
            rows = self.connection.execute("SELECT DISTINCT tag, tag FROM tags").fetchall()
            return _one_of(
                "EXISTS (SELECT 1 FROM tags AS t WHERE t.article_id = a.id AND t.tag IN",
                _fitting(node, rows),
                ")",
            )
        if node.place == "note":
            rows = self.connection.execute(
                "SELECT article_id, note FROM notes UNION ALL SELECT article_id, note FROM paragraph_notes"
            ).fetchall()
            ids = sorted({row[0] for row in rows if _says(node, row[1])})
            return Condition(where="a.id IN (SELECT value FROM json_each(?))", parameters=(id_list(ids),))
        rows = self.connection.execute("SELECT id, slug, title FROM sections").fetchall()
        return _one_of(
            "EXISTS (SELECT 1 FROM article_sections AS s WHERE s.article_id = a.id AND s.section_id IN",
            _fitting(node, rows),
            ")",
        )


def _ways_of_writing(root: Node) -> tuple[Text, ...]:
    """The texts of which any one is all that a query asks for; none if it asks for something else."""
    if isinstance(root, Text):
        return (root,)
    if isinstance(root, Either) and isinstance(root.typed, Text):
        return (root.typed, *root.forms)
    return ()


def _unmarked(text: Text) -> str:
    """An expression for the unmarked forms of a text."""
    ways = islice(product(*(word.spellings for word in text.words)), _MOST_TWINS)
    last = " *" if text.prefix else ""
    return _any([f"{quoted(' '.join(map(fold_term, words)))}{last}" for words in ways])


def _fitting(node: InPlace, rows: Iterable[Sequence[Any]]) -> list[Any]:
    """The first columns of the rows of which another column is spelled as `node` asks."""
    wanted = [Word(term) for term in terms(node.value)]
    return [row[0] for row in rows if any(_fits(wanted, terms(name or ""), node.prefix) for name in row[1:])]


def _says(node: InPlace, text: str) -> bool:
    """Whether a text has the words of `node` one after the other."""
    wanted, found = [Word(term) for term in terms(node.value)], terms(text)
    return any(
        _fits(wanted, found[start : start + len(wanted)], node.prefix)
        for start in range(len(found) - len(wanted) + 1)
    )


def _fits(wanted: Sequence[Word], found: Sequence[str], prefix: bool) -> bool:
    if len(found) < len(wanted) or (len(found) > len(wanted) and not prefix):
        return False
    for index, (word, term) in enumerate(zip(wanted, found, strict=False)):
        spelled = fold_term(term) if word.open else term
        begins = prefix and index == len(wanted) - 1 and spelled.startswith(word.term)
        if not begins and spelled not in word.spellings:
            return False
    return True


def _one_of(before: str, values: Sequence[Any], after: str = "") -> Condition:
    if not values:
        return Condition(where="0")
    return Condition(where=f"{before} ({', '.join('?' * len(values))}){after}", parameters=tuple(values))


def _period(period: Period) -> Condition:
    if period.what == "published":
        return Condition(
            low=day_key(period.start) if period.start is not None else FIRST_DATED,
            high=day_key(period.end) if period.end is not None else HIGHEST,
        )
    wheres: list[str] = []
    parameters: list[str] = []
    for relation, day in ((">=", period.start), ("<", period.end)):
        if day is not None:
            wheres.append(f"a.changed {relation} ?")
            parameters.append(stamp(datetime.combine(day, time(), PORTAL_TIME)))
    return Condition(where=" AND ".join(wheres), parameters=tuple(parameters))


def _all(expressions: Sequence[str]) -> str:
    return expressions[0] if len(expressions) == 1 else " AND ".join(f"({each})" for each in expressions)


def _any(expressions: Sequence[str]) -> str:
    return expressions[0] if len(expressions) == 1 else " OR ".join(f"({each})" for each in expressions)
