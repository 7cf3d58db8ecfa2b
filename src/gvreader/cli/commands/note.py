"""`gvreader note`: the reader's own notes on an article and its paragraphs."""

from __future__ import annotations

import argparse
from typing import Final

from gvreader.cli import arg_types, queries
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, NothingMatched, UsageError
from gvreader.i18n import _

EXAMPLES: Final = (
    "gvreader note giavien:882 hỏi lại xã về con số này",
    "gvreader note 17 --paragraph 3 sai năm",
    "gvreader note 17",
    "gvreader list note:hỏi",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    queries.add_reference(parser)
    parser.add_argument(
        "text",
        nargs="*",
        default=[],
        type=arg_types.text,
        metavar="TEXT",
        help=_("what to note; without it, the notes are printed"),
    )
    queries.add_paragraph(parser)
    parser.add_argument("--delete", action="store_true", help=_("take the note away"))


def run(context: Context) -> int:
    options = context.options
    text = " ".join(options.text).strip()
    if options.delete and text:
        raise UsageError(_("--delete takes a note away; it goes with no text."))
    if not text and not options.delete:
        return _print(context)
    with context.archive.marking() as library:
        stored = queries.article(library, options.reference)
        paragraph = options.paragraph or 0
        queries.require_paragraph(stored, paragraph)
        if options.delete and not library.marks.note(stored.row.id, paragraph):
            raise NothingMatched(_("There is no note to take away."))
        library.marks.set_note(stored.row.id, text, paragraph)
    context.console.say(_("The note was taken away.") if options.delete else _("Noted."))
    return EXIT_DONE


def _print(context: Context) -> int:
    """The notes on an article, the one on all of it first."""
    from gvreader.export.plain_text import note_line

    options, library = context.options, context.archive.library
    stored = queries.article(library, options.reference)
    notes = [
        note
        for note in stored.row.marks.notes
        if options.paragraph is None or note.paragraph == options.paragraph
    ]
    if not notes:
        context.console.say(_("There is no note here."))
    context.console.lines(map(note_line, notes))
    return EXIT_DONE
