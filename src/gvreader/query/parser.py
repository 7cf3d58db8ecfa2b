"""From text to tree. Total: no text whatever is an error, and what cannot be an operator is searched as text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import islice, product
from typing import Final, cast

from gvreader.patterns import pattern
from gvreader.query.lexer import Token, tokens
from gvreader.query.tree import (
    EVERYTHING,
    NOTHING,
    And,
    Either,
    Field,
    InPlace,
    Is,
    Moment,
    Node,
    Not,
    Number,
    Or,
    Period,
    Place,
    Query,
    State,
    Text,
    Word,
)
from gvreader.vietnamese.abbreviations import DEFAULT, Abbreviations, Alternative
from gvreader.vietnamese.letters import fold, nfc
from gvreader.vietnamese.numbers import number_term
from gvreader.vietnamese.words import is_open, terms

MOST_WORDS: Final = 64
"""Words beyond these are not searched for."""
_MOST_VARIANTS: Final = 16  # ways of writing one phrase

_SOME_DAY: Final = date(2000, 1, 1)
_STATES: Final[dict[str, dict[str, State]]] = {
    "is": {
        "unread": "unread",
        "read": "read",
        "starred": "starred",
        "gone": "gone",
        "changed": "changed",
        "chua-doc": "unread",
        "da-doc": "read",
        "gan-sao": "starred",
        "da-go": "gone",
        "da-sua": "changed",
    },
    "has": {
        "image": "image",
        "attachment": "attachment",
        "anh": "image",
        "hinh": "image",
        "tep": "attachment",
        "dinh-kem": "attachment",
    },
}
"""States by their names in both languages, without marks."""


def parse(text: str, abbreviations: Abbreviations = DEFAULT, *, today: date = _SOME_DAY) -> Query:
    """The query that `text` asks; nothing typed asks for everything, nothing but punctuation for nothing.

    `today` is what `7d` and `yesterday` count from, in the portal's time; where only words matter, any day does.
    """
    typed = nfc(text.encode("utf-8", "replace").decode())
    root = _Parser(tokens(typed), abbreviations, today).expression()
    if root is None:
        root = NOTHING if typed.strip() else EVERYTHING
    return Query(root, typed)


class _Parser:
    """Recursive descent over tokens whose brackets are paired and not nested too deep."""

    def __init__(self, found: list[Token], abbreviations: Abbreviations, today: date) -> None:
        self._tokens = found
        self._position = 0
        self._abbreviations = abbreviations
        self._today = today
        self._words_left = MOST_WORDS

    def _peek(self) -> str:
        return self._tokens[self._position].kind if self._position < len(self._tokens) else "close"

    def expression(self, field: str = "") -> Node | None:
        """Alternatives of conjunctions: OR binds weaker than standing side by side."""
        branches = [self._conjunction(field)]
        while self._peek() == "or":
            self._position += 1
            branches.append(self._conjunction(field))
        found = [branch for branch in branches if branch is not None]
        return _joined(found, Or)

    def _conjunction(self, field: str) -> Node | None:
        operands: list[Node] = []
        while (kind := self._peek()) not in ("close", "or"):
            token = self._tokens[self._position]
            self._position += 1
            node: Node | None
            if kind == "open":
                node = self.expression(token.field or field)
                self._position += 1
            elif kind == "and":
                continue
            else:
                node = self._operand(token, token.field or field)
            if node is not None and token.negated:
                node = Not(*self._with_synonyms([node]))
            if node is not None:
                operands.append(node)
        return _joined(self._with_synonyms(operands), And)

    def _operand(self, token: Token, field: str) -> Node | None:
        node = _filter(token, field, self._today) if field else None
        if node is not None:
            return node
        if field in ("title", "author", "org", "file"):
            return self._text(token, token.value, cast("Field", field))
        value = token.raw.lstrip("-") if token.field else token.value
        return self._text(token, value, "any")

    def _text(self, token: Token, value: str, field: Field) -> Node | None:
        found = terms(value)[: self._words_left]
        if not found:
            return None
        self._words_left -= len(found)
        words = tuple(Word(term, exact=token.literal) for term in found)
        return Text(words, value.strip(), field, prefix=token.prefix, quoted=token.quoted)

    # ── synonyms ────────────────────────────────────────────────────────────────────────────────

    def _with_synonyms(self, operands: list[Node]) -> list[Node]:
        """Each run of words, and each phrase, that a table knows by another name: that name is searched too."""
        result: list[Node] = []
        index = 0
        while index < len(operands):
            run = _run_at(operands, index)
            if not run:
                node = operands[index]
                result.append(self._with_variants(node) if isinstance(node, Text) else node)
                index += 1
                continue
            words = [word.term for text in run for word in text.words]
            length, alternatives = self._abbreviations.at(words, 0)
            taken = _texts_of_length(run, length)
            if not taken:
                result.append(self._with_variants(run[0]))
                index += 1
                continue
            typed = _joined(list(run[:taken]), And)
            assert typed is not None
            forms = _forms(alternatives, run[0].field)
            result.append(Either(typed, forms))
            index += taken
        return result

    def _with_variants(self, text: Text) -> Node:
        """A phrase with each abbreviation in it written out, or the other way round."""
        if text.prefix or any(word.exact for word in text.words):
            return text
        spelled = [word.term for word in text.words]
        typed = text.shown.split() if len(text.shown.split()) == len(spelled) else spelled
        # A document number is one name; the abbreviations in it stand for nothing else.
        is_number = not text.quoted and any(letter.isdigit() for letter in text.shown)
        pieces: list[list[Text]] = []
        index = 0
        while index < len(spelled):
            length, alternatives = self._abbreviations.at(spelled, index)
            if not length or (is_number and length < len(spelled)):
                alternatives, length = (), 1
            end = index + length
            own = Text(text.words[index:end], " ".join(typed[index:end]))
            pieces.append([own, *_forms(alternatives, text.field)])
            index = end
        forms: list[Text] = []
        for chosen in islice(product(*pieces), 1, _MOST_VARIANTS):
            words = tuple(word for piece in chosen for word in piece.words)
            shown = " ".join(piece.shown for piece in chosen)
            forms.append(Text(words, shown, text.field, quoted=True))
        return Either(text, tuple(forms)) if forms else text


def _joined(nodes: list[Node], kind: type[And] | type[Or]) -> Node | None:
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return kind(tuple(nodes))


def _run_at(operands: list[Node], start: int) -> list[Text]:
    """The plain words that stand side by side from `start` on."""
    run: list[Text] = []
    for node in operands[start:]:
        if not isinstance(node, Text) or node.quoted or node.prefix or node.words[0].exact:
            break
        if run and node.field != run[0].field:
            break
        run.append(node)
    return run


def _texts_of_length(run: list[Text], length: int) -> int:
    """How many texts of the run hold its first `length` words; 0 when none ends there."""
    words = 0
    for count, text in enumerate(run, start=1):
        words += len(text.words)
        if words == length:
            return count
    return 0


def _forms(alternatives: Iterable[Alternative], field: Field) -> tuple[Text, ...]:
    """The alternatives as texts, each word as it is spelled."""
    return tuple(
        Text(tuple(Word(term, exact=is_open(term)) for term in other.terms), other.shown, field)
        for other in alternatives
    )


# ── fields that are no text ─────────────────────────────────────────────────────────────────────

_RELATION: Final = pattern(r"(<=|>=|<|>|)(.+)", re.DOTALL)


def _filter(token: Token, field: str, today: date) -> Node | None:
    """What a field asks for; None where it is a field of text, or where its value makes no sense."""
    value = token.value.strip()
    if field in ("section", "portal", "tag", "note"):
        return InPlace(cast("Place", field), value, prefix=token.prefix) if terms(value) else None
    if field == "number":
        number = number_term(value)
        return Number(number, value, prefix=token.prefix) if number else None
    if field in _STATES:
        state = _STATES[field].get(fold(value))
        return Is(state) if state is not None else None
    if field == "changed":
        match = _RELATION.fullmatch(value)
        return None if match is None else _period("changed", match[1], match[2], today)
    if field in ("after", "before", "on"):
        return _period("published", {"after": ">=", "before": "<", "on": ""}[field], value, today)
    return None


def _period(what: Moment, relation: str, value: str, today: date) -> Period | None:
    days = _days(value) or _relative_days(value, today)
    if days is None:
        return None
    start, end = days
    if relation == ">=":
        return Period(what, start=start)
    if relation == ">":
        return Period(what, start=end)
    if relation == "<":
        return Period(what, end=start)
    if relation == "<=":
        return Period(what, end=end)
    return Period(what, start=start, end=end)


_AGO: Final = pattern(r"(\d{1,5})([dwmy])")
_NAMED_DAYS: Final = {
    "today": "day",
    "yesterday": "day before",
    "this-week": "week",
    "this-month": "month",
    "this-year": "year",
    "hom-nay": "day",
    "hom-qua": "day before",
    "tuan-nay": "week",
    "thang-nay": "month",
    "nam-nay": "year",
}


def _relative_days(value: str, today: date) -> tuple[date, date] | None:
    """The days that `7d`, `2w`, `3m`, `1y`, `today` or `this-week` (from Monday on) mean; first and first after."""
    name = _NAMED_DAYS.get(fold(value))
    match = _AGO.fullmatch(value.lower())
    try:
        if match is not None:
            first = _ago(int(match[1]), match[2], today)
            return first, first + timedelta(days=1)
        if name == "day":
            return today, today + timedelta(days=1)
        if name == "day before":
            return today - timedelta(days=1), today
        if name == "week":
            monday = today - timedelta(days=today.weekday())
            return monday, monday + timedelta(days=7)
        if name is not None:
            return _days(f"{today:%Y-%m}" if name == "month" else f"{today:%Y}")
    except (ValueError, OverflowError):
        return None
    return None


def _ago(count: int, unit: str, today: date) -> date:
    """The day so many days, weeks, months or years before; the last of a month that is shorter."""
    if unit in "dw":
        return today - timedelta(days=count * (7 if unit == "w" else 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "y" else 1)
    first = date(months // 12, months % 12 + 1, 1)
    following = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return min(first + timedelta(days=today.day - 1), following - timedelta(days=1))


_ISO_DATE: Final = pattern(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_LOCAL_DATE: Final = pattern(r"(?:(\d{1,2})[-/.])?(\d{1,2})[-/.](\d{4})")


def _days(value: str) -> tuple[date, date] | None:
    """The first day of a year, month or day, and the first after it; day first unless the year is."""
    match = _ISO_DATE.fullmatch(value)
    if match is not None:
        year, month, day = match.groups()
    else:
        match = _LOCAL_DATE.fullmatch(value)
        if match is None:
            return None
        day, month, year = match.groups()
    try:
        if month is None:
            return date(int(year), 1, 1), date(int(year) + 1, 1, 1)
        if day is None:
            following = divmod(int(year) * 12 + int(month), 12)
            return date(int(year), int(month), 1), date(following[0], following[1] + 1, 1)
        first = date(int(year), int(month), int(day))
        return first, date.fromordinal(first.toordinal() + 1)
    except (ValueError, OverflowError):
        return None
