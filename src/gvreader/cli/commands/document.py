"""`gvreader document`: an official document by its number, and every article that names it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from gvreader.cli import arg_types
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, NothingMatched
from gvreader.frozen import dataclass
from gvreader.i18n import _, ngettext

if TYPE_CHECKING:
    from gvreader.archive.library import Library
    from gvreader.model import ArticleRow, Attachment, StoredArticle

EXAMPLES: Final = (
    "gvreader document 78/2008/QĐ-UBND",
    "gvreader document 470/UBND-VP --json",
)
# A document says its own number in its head; further down it names others.
_HEAD_CHARACTERS: Final = 600


@dataclass(frozen=True, slots=True)
class _File:
    """An attached file that is the document, and the article that it belongs to."""

    row: ArticleRow
    attachment: Attachment


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "number",
        nargs="+",
        type=arg_types.text,
        metavar="NUMBER",
        help=_("the document's number, such as 78/2008/QĐ-UBND"),
    )
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def run(context: Context) -> int:
    options, console = context.options, context.console
    typed = " ".join(options.number)
    number = _spelled(typed)
    library = context.archive.library
    found = library.search.ids(f'number:"{number}"', sort="newest").ids if number else ()
    if not found:
        raise NothingMatched(
            _("Nothing in the archive is or names document {number}.").format(number=typed),
            advice=_("`gvreader search` looks for its words; a number may also be cut short: 78/2008."),
        )
    stored = list(library.articles.stream(found))
    documents = [one.row for one in stored if _same(one.article.number, number)]
    files = list(_files(library, stored, number))
    named = [one.row for one in stored]
    if options.json:
        from gvreader.export.records import dumps, row_json

        console.data(
            dumps(
                {
                    "number": number,
                    "documents": [row_json(row) for row in documents],
                    "files": [
                        {"article": one.row.key, "url": one.attachment.url, "name": one.attachment.name}
                        for one in files
                    ],
                    "named_in": [row_json(row) for row in named],
                }
            )
        )
        return EXIT_DONE
    _print(context, number, documents, files, named)
    return EXIT_DONE


def _spelled(typed: str) -> str:
    """The number as articles print it; as it was typed where it is only a part of one."""
    from gvreader.vietnamese.numbers import find_numbers

    numbers = find_numbers(typed) or find_numbers(typed.upper())
    return numbers[0] if numbers else " ".join(typed.replace('"', " ").split())


def _same(number: str | None, asked: str) -> bool:
    """Whether two numbers are one: marks, case and blanks are no difference."""
    from gvreader.vietnamese.letters import fold
    from gvreader.vietnamese.numbers import number_term

    return number is not None and fold(number_term(number)) == fold(number_term(asked))


def _files(library: Library, stored: Sequence[StoredArticle], number: str) -> Iterator[_File]:
    """The attached files whose head says that they are the document."""
    from gvreader.vietnamese.numbers import find_numbers

    for one in stored:
        for attachment in one.article.attachments:
            head = (library.media.text_of(attachment.url) or "")[:_HEAD_CHARACTERS]
            first = next(iter(find_numbers(head)), None)
            if _same(first, number):
                yield _File(one.row, attachment)


def _print(
    context: Context,
    number: str,
    documents: Sequence[ArticleRow],
    files: Sequence[_File],
    named: Sequence[ArticleRow],
) -> None:
    from gvreader.cli.tables import number_columns, title_line
    from gvreader.export import wording
    from gvreader.export.terminal_text import printable

    console = context.console
    columns = number_columns(named)
    if documents or files:
        console.data(console.style(_("Document {number}").format(number=printable(number)), "bold"))
        console.lines(title_line(console, row, columns) for row in documents)
        console.lines(
            f"  {printable(one.attachment.name or one.attachment.url)}  {printable(one.attachment.url)}"
            for one in files
        )
        console.data()
    else:
        console.say(_("The archive does not hold document {number} itself.").format(number=number))
    count = ngettext("Named in {n} article", "Named in {n} articles", len(named)).format(
        n=wording.number(len(named))
    )
    console.data(console.style(count, "bold"))
    console.lines(title_line(console, row, columns) for row in named)
