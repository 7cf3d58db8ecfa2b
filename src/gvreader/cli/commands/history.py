"""`gvreader history`: an article's revisions, and what changed between them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from gvreader.cli import queries
from gvreader.cli.console import Console
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE
from gvreader.i18n import _, marked
from gvreader.outputs import wording
from gvreader.outputs.records import Json, dumps, evidence_json, moment
from gvreader.outputs.terminal import printable

if TYPE_CHECKING:
    from gvreader.model import Revision
    from gvreader.outputs.differences import Difference, Piece

EXAMPLES: Final = (
    "gvreader history giavien:882",
    "gvreader history 17 --diff",
    "gvreader history 17 --diff --json",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    queries.add_reference(parser)
    parser.add_argument("--diff", action="store_true", help=_("print what changed, word by word"))
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def run(context: Context) -> int:
    options, console = context.options, context.console
    library = context.archive.library
    stored = queries.article(library, options.reference)
    revisions = library.articles.history(stored.row.id)
    changes = list(_changes(context, stored.row.id, revisions)) if options.diff else []
    if options.json:
        record: Json = {
            "key": stored.row.key,
            "revisions": [_revision_json(revision) for revision in revisions],
        }
        if options.diff:
            record["changes"] = [_change_json(*change) for change in changes]
        console.data(dumps(record))
        return EXIT_DONE
    console.data(console.style(printable(stored.row.title), "bold"))
    for revision in revisions:
        console.data(_revision_line(revision))
    for before, after, difference in changes:
        console.data()
        heading = _("From revision {before} to {after}").format(before=before, after=after)
        console.data(console.style(heading, "accent"))
        console.lines(_difference_lines(console, difference))
    return EXIT_DONE


def _changes(
    context: Context, article: int, revisions: tuple[Revision, ...]
) -> Iterator[tuple[int, int, Difference]]:
    from gvreader.outputs.differences import difference

    library = context.archive.library
    for older, newer in pairwise(revisions):
        before = library.articles.get(str(article), revision=older.number)
        after = library.articles.get(str(article), revision=newer.number)
        if before is not None and after is not None:
            yield older.number, newer.number, difference(before.article, after.article)


def _revision_json(revision: Revision) -> Json:
    return {
        "number": revision.number,
        "first_seen": moment(revision.first_seen),
        "last_seen": moment(revision.last_seen),
        "content_sha256": revision.content_sha256,
        "source": revision.source,
        "trust": revision.trust,
        "warc": evidence_json(revision.evidence),
    }


def _change_json(before: int, after: int, difference: Difference) -> Json:
    return {
        "from": before,
        "to": after,
        "fields": [
            {"field": change.field, "before": change.before, "after": change.after}
            for change in difference.fields
        ],
        "blocks": [
            [{"operation": piece.operation, "text": piece.text} for piece in block]
            for block in difference.changed_blocks
        ],
    }


def _revision_line(revision: Revision) -> str:
    seen = wording.moment(revision.first_seen)
    last = wording.moment(revision.last_seen)
    period = seen if seen == last else f"{seen} – {last}"
    trust = f"  {revision.trust}" if revision.trust in ("legacy", "pinned") else ""
    return f"{revision.number:>3}  {period}  {revision.source}{trust}  {revision.content_sha256[:12]}"


def _piece(console: Console, piece: Piece) -> str:
    """A removed piece as `[-…-]`, an added one as `{+…+}`, as wdiff writes them."""
    text = printable(piece.text)
    if piece.operation == "removed":
        return console.style(f"[-{text}-]", "bad")
    if piece.operation == "added":
        return console.style(f"{{+{text}+}}", "match")
    return text


def _difference_lines(console: Console, difference: Difference) -> Iterator[str]:
    for change in difference.fields:
        name = _(_FIELD_NAMES[change.field])
        before = printable(change.before) if change.before else "–"
        after = printable(change.after) if change.after else "–"
        yield f"{name}: {console.style(f'[-{before}-]', 'bad')} {console.style(f'{{+{after}+}}', 'match')}"
    for block in difference.changed_blocks:
        yield "".join(_piece(console, piece) for piece in block)


_FIELD_NAMES: Final = {
    "title": marked("title"),
    "summary": marked("summary"),
    "published": marked("published"),
    "author": marked("author"),
    "organisation": marked("organisation"),
    "images": marked("images"),
    "attachments": marked("attachments"),
}
