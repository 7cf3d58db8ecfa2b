"""The tree that a query becomes. Frozen values; what they mean for an archive is the library's affair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final, Literal

from gvreader.frozen import dataclass, replace
from gvreader.vietnamese.letters import fold
from gvreader.vietnamese.words import fold_term, is_open, twin

Field = Literal["any", "title", "author", "org", "file"]
Place = Literal["section", "portal", "tag", "note"]
Moment = Literal["published", "changed"]
State = Literal["unread", "read", "starred", "gone", "changed", "image", "attachment"]


@dataclass(frozen=True, slots=True)
class Word:
    """One term. `exact`: only this spelling; else a marked term also means its i/y twin, an unmarked one all."""

    term: str
    exact: bool = False

    @property
    def open(self) -> bool:
        """Whether every spelling of the unmarked term is meant."""
        return not self.exact and is_open(self.term)

    @property
    def marked(self) -> bool:
        """Whether marks were typed that a relaxed search would ignore."""
        return not self.exact and not is_open(self.term)

    @property
    def spellings(self) -> tuple[str, ...]:
        """What the term stands for: terms, or unmarked forms when it is open."""
        other = None if self.exact else twin(self.term)
        return (self.term,) if other is None else (self.term, other)


@dataclass(frozen=True, slots=True)
class Text:
    """Words that stand side by side. `prefix`: the last is the beginning of a word. `shown`: as it was typed."""

    words: tuple[Word, ...]
    shown: str
    field: Field = "any"
    prefix: bool = False
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Either:
    """What was typed, or one of the forms that mean the same."""

    typed: Node
    forms: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A document number in its index spelling; without `prefix` whole, or whole up to a `/` or `-`."""

    term: str
    shown: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class InPlace:
    """A section (slug or title), portal, tag or a note with these words; `prefix` by the beginning of the last."""

    place: Place
    value: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Is:
    state: State


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` until before `end`, whole days in the portal's time; None is open."""

    what: Moment
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class And:
    """All of the children; without any, everything."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of the children; without any, nothing."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    child: Node


Node = Text | Either | Number | InPlace | Is | Period | And | Or | Not

EVERYTHING: Final = And(())
NOTHING: Final = Or(())


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. `text` is NFC, as typed."""

    root: Node
    text: str

    @property
    def is_everything(self) -> bool:
        return self.root == EVERYTHING


def positive_texts(node: Node) -> Iterator[Text]:
    """The texts that a match may contain, alternatives included, in the order typed; nothing under a Not."""
    if isinstance(node, Text):
        yield node
    elif isinstance(node, Either):
        yield from positive_texts(node.typed)
        yield from node.forms
    elif isinstance(node, And | Or):
        for child in node.children:
            yield from positive_texts(child)


def covered(node: Node) -> dict[Text, frozenset[int]]:
    """What each positive text covers of what was asked for: the numbers of the parts of which it says something.

    A form says as much as the words that it stands for; alternatives of an OR are one part together.
    """
    found: dict[Text, frozenset[int]] = {}
    _cover(node, found, 0)
    return found


def _cover(node: Node, found: dict[Text, frozenset[int]], first: int) -> int:
    """Add the texts of `node`, whose parts are numbered from `first`; returns the next number."""
    if isinstance(node, Text):
        found.setdefault(node, frozenset({first}))
        return first + 1
    if isinstance(node, Either):
        following = _cover(node.typed, found, first)
        for form in node.forms:
            found.setdefault(form, frozenset(range(first, following)))
        return following
    if isinstance(node, And):
        for child in node.children:
            first = _cover(child, found, first)
        return first
    texts = list(positive_texts(node))
    for text in texts:
        found.setdefault(text, frozenset({first}))
    return first + 1 if texts else first


def with_texts(node: Node, change: Callable[[Text], Text]) -> Node:
    """The tree with every text that is not under a Not changed."""
    if isinstance(node, Text):
        return change(node)
    if isinstance(node, Either):
        return Either(with_texts(node.typed, change), tuple(map(change, node.forms)))
    if isinstance(node, And):
        return And(tuple(with_texts(child, change) for child in node.children))
    if isinstance(node, Or):
        return Or(tuple(with_texts(child, change) for child in node.children))
    return node


def _without_marks(text: Text) -> Text:
    if not any(word.marked for word in text.words):
        return text
    words = tuple(Word(fold_term(word.term)) if word.marked else word for word in text.words)
    return replace(text, words=words, shown=fold(text.shown))


def relaxed(query: Query) -> Query:
    """The same query with typed marks ignored, except under `-` and `=`; equal to `query` when it has none."""
    return Query(with_texts(query.root, _without_marks), query.text)


def as_typed(query: Query) -> Query:
    """The same query with every word meant exactly as it was typed: what ranks above everything else."""
    return Query(_as_typed(query.root), query.text)


def _as_typed(node: Node) -> Node:
    if isinstance(node, Text):
        return replace(node, words=tuple(Word(word.term, exact=True) for word in node.words))
    if isinstance(node, Either):
        # Words typed without marks are no spelling of the other forms' words.
        is_open = all(word.open for text in positive_texts(node.typed) for word in text.words)
        typed = _as_typed(node.typed)
        return typed if is_open else Either(typed, node.forms)
    if isinstance(node, And):
        return And(tuple(map(_as_typed, node.children)))
    if isinstance(node, Or):
        return Or(tuple(map(_as_typed, node.children)))
    return node
