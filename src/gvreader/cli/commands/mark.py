"""`gvreader mark`: the reader's marks, by query or by reference."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gvreader.cli import arg_types, queries
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, NothingMatched, UsageError
from gvreader.export import wording
from gvreader.i18n import _, ngettext

if TYPE_CHECKING:
    from gvreader.archive.library import Library

EXAMPLES: Final = (
    "gvreader mark 17 giavien:882 star",
    "gvreader mark before:2022 is:unread read",
    "gvreader mark '\"nông thôn mới\"' tag ntm",
)
_PLAIN: Final = ("read", "unread", "star", "unstar")
_NAMED: Final = ("tag", "untag")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What to do (`action`, with the tag's `name`) to which articles (`targets` as typed)."""

    targets: tuple[str, ...]
    action: str
    name: str = ""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = _("gvreader mark QUERY|REF… read|unread|star|unstar|tag NAME|untag NAME")
    parser.add_argument(
        "words",
        nargs="+",
        type=arg_types.text,
        metavar="QUERY|REF",
        help=_("a query, or local numbers, keys and addresses; then what to do with them"),
    )
    parser.set_defaults(takes_query=True)


def _order(words: list[str]) -> _Order:
    """The action stands last; what stands before it says which articles."""
    if len(words) >= 3 and words[-2] in _NAMED:
        return _Order(targets=tuple(words[:-2]), action=words[-2], name=words[-1].strip())
    if len(words) >= 2 and words[-1] in _PLAIN:
        return _Order(targets=tuple(words[:-1]), action=words[-1])
    unknown = len(words) >= 2 and not queries.looks_like_reference(words[-1])
    raise UsageError(
        _("`{word}` is nothing that can be done.").format(word=words[-1])
        if unknown
        else _("What should be done is missing."),
        advice=_("Say which articles and then one of: read, unread, star, unstar, tag NAME, untag NAME."),
    )


def _chosen(library: Library, targets: tuple[str, ...]) -> list[int]:
    """The local numbers that the targets name: each a reference, or all together a query."""
    if all(map(queries.looks_like_reference, targets)):
        return [queries.article(library, target).row.id for target in targets]
    found = library.search.ids(" ".join(targets), sort="newest")
    if found.relaxed:
        raise NothingMatched(
            _("Nothing is spelled like this; articles that only match without marks were not changed."),
            advice=_("Type the query without marks to mean every spelling."),
        )
    if not found.ids:
        raise NothingMatched(_("No article matches."))
    return list(found.ids)


def run(context: Context) -> int:
    order = _order([word.strip() for word in context.options.words])
    with context.archive.marking() as library:
        chosen = _chosen(library, order.targets)
        marks = library.marks
        match order.action:
            case "read" | "unread":
                marks.set_read(chosen, order.action == "read")
            case "star" | "unstar":
                marks.set_starred(chosen, order.action == "star")
            case "tag":
                marks.tag(chosen, order.name)
            case _:
                marks.untag(chosen, order.name)
    context.console.say(
        ngettext("{n} article marked.", "{n} articles marked.", len(chosen)).format(
            n=wording.number(len(chosen))
        )
    )
    return EXIT_DONE
