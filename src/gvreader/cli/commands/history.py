"""`gvreader history`: an article's revisions, and what changed between them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from gvreader.cli import queries
from gvreader.cli.console import Console
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE
from gvreader.export import wording
from gvreader.export.records import Json, dumps, evidence_json, moment
from gvreader.export.terminal_text import printable
from gvreader.i18n import _, marked

if TYPE_CHECKING:
    from gvreader.archive.library import StoredCapture
    from gvreader.export.differences import Difference, DiffSpan
    from gvreader.model import Revision

_MOST_CAPTURES: Final = 6

EXAMPLES: Final = (
    "gvreader history giavien:882",
    "gvreader history 17 --diff",
    "gvreader history 17 --diff --json",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    queries.add_reference(parser)
    parser.add_argument("--diff", action="store_true", help=_("print what changed, word by word"))
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))
    queries.add_pager(parser)


def run(context: Context) -> int:
    with context.console.paged(wanted=context.options.pager):
        return _print(context)


def _print(context: Context) -> int:
    options, console = context.options, context.console
    library = context.archive.library
    stored = queries.article(library, options.reference)
    revisions = library.articles.history(stored.row.id)
    captures = library.captures.of_article(stored.row.id)
    changes = list(_changes(context, stored.row.id, revisions)) if options.diff else []
    if options.json:
        record: Json = {
            "key": stored.row.key,
            "archived_only": _is_archived_only(captures),
            "gone": moment(stored.row.gone) if stored.row.gone else None,
            "revisions": [_revision_json(revision) for revision in revisions],
            "captures": [_capture_json(capture, revisions) for capture in captures],
        }
        if options.diff:
            record["changes"] = [_change_json(*change) for change in changes]
        console.data(dumps(record))
        return EXIT_DONE
    console.data(console.style(printable(stored.row.title), "bold"))
    if _is_archived_only(captures):
        console.data(_("Only in archives: the portal itself was never seen to serve it."))
    if stored.row.gone is not None:
        console.data(_("Gone from the portal since {when}.").format(when=wording.moment(stored.row.gone)))
    for revision in revisions:
        console.data(_revision_line(revision))
        console.lines(_capture_lines(captures, revision))
    for before, after, difference in changes:
        console.data()
        heading = _("From revision {before} to {after}").format(before=before, after=after)
        console.data(console.style(heading, "accent"))
        console.lines(_difference_lines(console, difference))
    return EXIT_DONE


def _changes(
    context: Context, article: int, revisions: tuple[Revision, ...]
) -> Iterator[tuple[int, int, Difference]]:
    from gvreader.export.differences import difference

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


def _is_archived_only(captures: Sequence[StoredCapture]) -> bool:
    """Whether there are captures, none of them from the portal itself."""
    return bool(captures) and all(capture.source != "live" for capture in captures)


def _revision_of(capture: StoredCapture, revisions: Sequence[Revision]) -> int | None:
    """The number of the revision that a capture saw."""
    for revision in revisions:
        if revision.first_seen <= capture.captured <= revision.last_seen:
            return revision.number
    return None


def _capture_json(capture: StoredCapture, revisions: Sequence[Revision]) -> Json:
    return {
        "captured": moment(capture.captured),
        "revision": _revision_of(capture, revisions),
        "source": capture.source,
        "source_uri": capture.source_uri,
        "trust": capture.trust,
        "status": capture.status,
        "url": capture.url,
        "payload_sha256": capture.payload_sha256,
        "warc": evidence_json(capture.ref),
    }


def _capture_lines(captures: Sequence[StoredCapture], revision: Revision) -> Iterator[str]:
    """When, from where and how surely a revision was seen; the middle of a long row is left out."""
    own = [one for one in captures if revision.first_seen <= one.captured <= revision.last_seen]
    left_out = len(own) - _MOST_CAPTURES
    for place, capture in enumerate(own):
        if left_out > 0 and place == _MOST_CAPTURES - 1:
            yield "       " + _("… and {n} more").format(n=wording.number(left_out))
        if left_out > 0 and _MOST_CAPTURES - 1 <= place < len(own) - 1:
            continue
        trust = wording.trust(capture.trust)
        where = f"  {printable(capture.source_uri)}" if capture.source_uri else ""
        unchanged = f"  {capture.status}" if capture.status != 200 else ""
        yield f"       {wording.moment(capture.captured)}  {capture.source}  {trust}{unchanged}{where}"


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


def _piece(console: Console, piece: DiffSpan) -> str:
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
