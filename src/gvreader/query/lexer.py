"""From text to tokens: words, phrases, brackets and the two operators, each with what was written around it."""

from __future__ import annotations

from typing import Final, Literal

from gvreader.frozen import dataclass, replace
from gvreader.patterns import pattern
from gvreader.vietnamese.letters import fold

FIELDS: Final = (
    "title",
    "author",
    "org",
    "section",
    "portal",
    "tag",
    "note",
    "file",
    "number",
    "after",
    "before",
    "on",
    "changed",
    "is",
    "has",
)
NAMES: Final = {
    "tieu-de": "title",
    "tac-gia": "author",
    "co-quan": "org",
    "don-vi": "org",
    "chuyen-muc": "section",
    "cong": "portal",
    "the": "tag",
    "ghi-chu": "note",
    "tep": "file",
    "so": "number",
    "tu": "after",
    "den": "before",
    "ngay": "on",
    "sua": "changed",
    "la": "is",
    "co": "has",
}
"""Fields by their Vietnamese names, without marks: with marks, and with a space left out, they mean the same."""
DEEPEST: Final = 20
"""Brackets that are nested deeper than this mean nothing."""

Kind = Literal["word", "open", "close", "or", "and"]


@dataclass(frozen=True, slots=True)
class Token:
    """`value` is the text without sign, field, `=`, quotes and `*`; `raw` all of it, as typed."""

    kind: Kind
    raw: str
    value: str = ""
    negated: bool = False
    field: str = ""
    literal: bool = False
    quoted: bool = False
    prefix: bool = False


_CLOSING: Final = {'"': '"', "“": "”", "”": "”", "„": "“", "«": "»"}
_FIELD: Final = pattern(r"([^\W\d_]+(?:-[^\W\d_]+)?):(?=\S)")
_BARE: Final = pattern(r"""[^\s()"“”„«]+""")
_SPACE: Final = pattern(r"\s+")


def tokens(text: str) -> list[Token]:
    """The tokens of `text`. Brackets come in pairs; whatever means nothing is left out."""
    found: list[Token] = []
    position = 0
    while position < len(text):
        space = _SPACE.match(text, position)
        if space is not None:
            position = space.end()
            continue
        token, position = _next(text, position)
        if token is not None:
            found.append(token)
    return _operators(_paired(found))


def _next(text: str, start: int) -> tuple[Token | None, int]:
    if text[start] == ")":
        return Token("close", ")"), start + 1
    position = start
    negated = text.startswith("-", position) and not text.startswith(("--", "- "), position)
    if negated:
        position += 1
    field, position = _field(text, position)
    literal = text.startswith("=", position)
    if literal:
        position += 1
    token = Token(
        "word",
        "",
        negated=negated,
        field=field,
        literal=literal,
    )
    if text.startswith("(", position):
        return replace(token, kind="open", raw=text[start : position + 1]), position + 1
    closing = _CLOSING.get(text[position : position + 1])
    end = text.find(closing, position + 1) if closing is not None else -1
    if end >= 0:
        after = end + 1
        after += text.startswith("*", after)
        raw, value = text[start:after], text[position + 1 : end]
        prefix = raw.endswith("*") or value.endswith("*")
        return replace(token, raw=raw, value=value.rstrip("*"), quoted=True, prefix=prefix), after
    bare = _BARE.match(text, position)
    if bare is None:
        return None, position + 1
    value = bare[0]
    prefix = value.endswith("*") and value.strip("*") != ""
    token = replace(token, raw=text[start : bare.end()], value=value.rstrip("*") if prefix else value)
    if token.raw in ("OR", "AND"):
        return Token("or" if token.raw == "OR" else "and", token.raw, token.raw), bare.end()
    return replace(token, prefix=prefix), bare.end()


def _field(text: str, position: int) -> tuple[str, int]:
    """The field that is named here and where its value begins; empty and `position` where none is."""
    match = _FIELD.match(text, position)
    if match is None:
        return "", position
    field = field_named(match[1])
    return (field, match.end()) if field else ("", position)


def field_named(name: str) -> str:
    """The field that a name in either language means, with or without marks; empty for none."""
    lower = name.lower()
    return lower if lower in FIELDS else NAMES.get(fold(lower), "")


def _paired(found: list[Token]) -> list[Token]:
    """Without brackets that have no partner, hold nothing or are nested too deep."""
    kept: list[Token | None] = list(found)
    opened: list[int] = []
    for index, token in enumerate(found):
        if token.kind == "open":
            opened.append(index)
        elif token.kind == "close":
            if not opened:
                kept[index] = None
                continue
            start = opened.pop()
            empty = all(between is None for between in kept[start + 1 : index])
            if empty or len(opened) >= DEEPEST:
                kept[start] = kept[index] = None
    for index in opened:
        kept[index] = None
    return [token for token in kept if token is not None]


def _operators(found: list[Token]) -> list[Token]:
    """OR and AND become words where they do not stand between two operands."""
    result: list[Token] = []
    for index, token in enumerate(found):
        if token.kind in ("or", "and"):
            before = result[-1].kind if result else "open"
            after = found[index + 1].kind if index + 1 < len(found) else "close"
            if before in ("open", "or", "and") or after in ("close", "or", "and"):
                token = replace(token, kind="word")
        result.append(token)
    return result
