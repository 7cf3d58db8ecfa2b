"""Queries and references as arguments, and the sentences that go with them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from gvreader.cli import arg_types
from gvreader.cli.console import Console
from gvreader.errors import NothingMatched
from gvreader.export import wording
from gvreader.i18n import _
from gvreader.patterns import pattern

if TYPE_CHECKING:
    from gvreader.archive.library import Library
    from gvreader.cli.context import Context
    from gvreader.model import ArticleRow, StoredArticle

_NUMBER_OR_ADDRESS: Final = pattern(r"\d+\Z|https?://\S+\Z", re.I)
_KEY: Final = pattern(r"([\w.-]+):[\w./-]+\Z")
_ROWS_AT_ONCE: Final = 500


def add_query(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Let a command take a query, quoted or as several words; `-word` is part of it."""
    parser.add_argument(
        "query",
        nargs="+" if required else "*",
        default=[],
        type=arg_types.text,
        metavar="QUERY",
        help=_('words, "a phrase", -word, a OR b, title: author: section: after: is: has: …'),
    )
    parser.set_defaults(takes_query=True)


def add_reference(parser: argparse.ArgumentParser) -> None:
    """Let a command take one article."""
    parser.add_argument(
        "reference",
        type=arg_types.text,
        metavar="REF",
        help=_("a local number (17), a key (giavien:882) or an address"),
    )


def add_paragraph(parser: argparse.ArgumentParser) -> None:
    """Let a command take one paragraph of the article's text."""
    parser.add_argument(
        "--paragraph",
        type=arg_types.count,
        metavar="N",
        help=_("on this paragraph of the text, counted from 1"),
    )


def add_pager(parser: argparse.ArgumentParser) -> None:
    """Let a command that may print much leave the pager out."""
    parser.add_argument(
        "--pager",
        action=argparse.BooleanOptionalAction,
        default=True,
        help=_("show what is longer than the terminal through $PAGER (yes; NO_PAGER)"),
    )


def text_of(options: argparse.Namespace) -> str:
    """The query as one text."""
    return " ".join(options.query).strip()


def looks_like_reference(word: str) -> bool:
    """Whether a word can only mean one article: a number, a key or an address."""
    from gvreader.query.lexer import field_named

    key = _KEY.match(word)
    return bool(_NUMBER_OR_ADDRESS.match(word) or (key and not field_named(key[1])))


def article(library: Library, reference: str, *, revision: int | None = None) -> StoredArticle:
    """The article that a reference names. Raises NothingMatched."""
    stored = library.articles.get(reference.strip(), revision=revision)
    if stored is not None:
        return stored
    if revision is not None and library.articles.get(reference.strip()) is not None:
        raise NothingMatched(
            _("{reference} has no revision {n}.").format(reference=reference, n=revision),
            advice=_("`gvreader history {reference}` lists its revisions.").format(reference=reference),
        )
    raise NothingMatched(
        _("There is no article {reference} in the archive.").format(reference=reference),
        advice=_("`gvreader list` prints the articles with their numbers."),
    )


def require_paragraph(stored: StoredArticle, paragraph: int | None) -> None:
    """Raise NothingMatched for a paragraph that the article does not have."""
    count = len(stored.article.paragraphs)
    if paragraph and paragraph > count:
        raise NothingMatched(
            _("{reference} has no paragraph {n}; its text has {count}.").format(
                reference=stored.row.key, n=paragraph, count=count
            )
        )


def stream_rows(library: Library, ids: Sequence[int]) -> Iterator[ArticleRow]:
    """Rows in order, a few hundred at a time."""
    remaining = iter(ids)
    while chunk := tuple(islice(remaining, _ROWS_AT_ONCE)):
        yield from library.articles.rows(chunk)


def tell_relaxed(console: Console, *, relaxed: bool) -> None:
    """Say that marks were ignored to find anything."""
    if relaxed:
        console.say(_("Nothing is spelled like this; these match without the marks."))


def tell_nothing(context: Context) -> None:
    """Say that nothing was found, and what to try."""
    text = text_of(context.options)
    if not text:
        context.console.say(_("The archive is empty. `gvreader sync` fills it."))
        return
    context.console.say(_("Nothing matches."))
    if context.console.quiet:
        return
    suggestion = context.archive.library.search.suggest(text)
    if suggestion is None:
        return
    if suggestion.reason == "keyboard" and suggestion.decoded != suggestion.text:
        context.console.say(
            _("Typed without an input method? Then this is: {query}").format(query=suggestion.decoded)
        )
    context.console.say(_("Did you mean: {query}").format(query=suggestion.text))


def add_explain(parser: argparse.ArgumentParser) -> None:
    """Let a command say how it understood its query."""
    parser.add_argument("--explain", action="store_true", help=_("say how the query was understood, too"))


def explain(context: Context) -> None:
    """Print how the query was understood: before the articles, or on stderr where these are for programs."""
    from gvreader.cli.explain import explanation_lines

    lines = explanation_lines(context.archive.library.search.explain(text_of(context.options)))
    if not context.options.jsonl:
        context.console.lines([*lines, ""])
        return
    for line in lines:
        context.console.say(line)


def tell_shown(context: Context, shown: int, total: int) -> None:
    """Say how many of all that match are printed."""
    context.console.say(
        _("{shown} of {all}; --limit N prints more.").format(
            shown=wording.number(shown), all=wording.articles(total)
        )
        if shown < total
        else wording.articles(shown)
    )
