"""How a query was understood, in words for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from gvreader.i18n import _
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
)
from gvreader.vietnamese.letters import fold


def describe(query: Query) -> str:
    """The query as one line: `(uy ban nhan dan or UBND), from 01/01/2023`; empty when it asks for everything."""
    if query.is_everything:
        return ""
    root = query.root
    parts = root.children if isinstance(root, And) else (root,)
    words = [part for part in parts if _is_text(part)]
    filters = [part for part in parts if not _is_text(part)]
    pieces = [" ".join(map(_inside, words) if len(parts) > 1 else map(_node, words))] if words else []
    return ", ".join([*pieces, *map(_node, filters)])


def _is_text(node: Node) -> bool:
    return isinstance(node, Text | Either | Or | And) or (isinstance(node, Not) and _is_text(node.child))


def _node(node: Node) -> str:
    if isinstance(node, Text):
        return _text(node)
    if isinstance(node, Either):
        shown = {fold(text): text for text in reversed([_node(node.typed), *map(_form, node.forms)])}
        return _either(list(reversed(shown.values())))
    if isinstance(node, And):
        return " ".join(map(_inside, node.children))
    if isinstance(node, Or):
        return _either(list(map(_inside, node.children))) if node.children else _("nothing")
    if isinstance(node, Not):
        return _("not {what}").format(what=_inside(node.child))
    if isinstance(node, Period):
        return _period(node)
    if isinstance(node, Is):
        return _STATES[node.state]()
    if isinstance(node, Number):
        return _("document number {number}").format(number=node.shown + "…" * node.prefix)
    return _place(node)


def _either(alternatives: list[str]) -> str:
    # Translators: between two ways of writing a search, as in "UBND or ủy ban nhân dân".
    between = _("or")
    return f" {between} ".join(alternatives)


def _inside(node: Node) -> str:
    """A part of something larger, in brackets where it has parts itself."""
    text = _node(node)
    if isinstance(node, Either) or (isinstance(node, And | Or) and len(node.children) > 1):
        return f"({text})"
    return text


def _text(text: Text) -> str:
    shown = text.shown + "…" * text.prefix
    if len(text.words) > 1:
        shown = f"“{shown}”"
    if all(word.exact for word in text.words):
        shown = f"={shown}"
    labels = {"title": _("title"), "author": _("author"), "org": _("organisation"), "file": _("file")}
    return f"{labels[text.field]}: {shown}" if text.field in labels else shown


def _form(form: Text) -> str:
    """Another way of writing what was typed."""
    return f"“{form.shown}”" if len(form.words) > 1 else form.shown


def _place(node: InPlace) -> str:
    labels = {"section": _("section"), "portal": _("portal"), "tag": _("tag"), "note": _("note")}
    return f"{labels[node.place]}: {node.value}{'…' * node.prefix}"


_STATES: Final[dict[str, Callable[[], str]]] = {
    "unread": lambda: _("unread"),
    "read": lambda: _("read"),
    "starred": lambda: _("starred"),
    "gone": lambda: _("gone from the portal"),
    "changed": lambda: _("changed since it was published"),
    "image": lambda: _("with pictures"),
    "attachment": lambda: _("with attachments"),
}


def _period(period: Period) -> str:
    start, end = period.start, period.end
    if start is not None and end is not None:
        template = _("on {days}") if period.what == "published" else _("changed on {days}")
        return template.format(days=_days(start, end))
    if start is not None:
        template = _("from {day}") if period.what == "published" else _("changed from {day}")
        return template.format(day=_day(start))
    assert end is not None
    template = _("before {day}") if period.what == "published" else _("changed before {day}")
    return template.format(day=_day(end))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _days(start: date, end: date) -> str:
    """A day, a month or a year by its shortest name."""
    if end - start == timedelta(days=1):
        return _day(start)
    return f"{start:%m/%Y}" if end - start <= timedelta(days=31) else f"{start.year}"
