"""Deriving a library again in a file beside it, which takes its place when it is whole.

Readers and marks go on in the old file meanwhile. What is derived is committed in batches, so that a rebuild that
was killed goes on where it was; what cannot be derived is copied first, and the marks once more at the end.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from gvreader.archive.library import discovered_links, documents, index, marks_state
from gvreader.archive.library.connection import Connection, checkpoint, connect, copy_into
from gvreader.archive.library.current_articles import Current
from gvreader.archive.library.results import Loss
from gvreader.archive.library.schema import MIGRATIONS
from gvreader.errors import ArchiveDamaged
from gvreader.i18n import _, ngettext

_FILE: Final = "library-rebuilding.sqlite3"
_PROGRESS: Final = "rebuilding"

_FORGET: Final = (
    "UPDATE portals SET family = NULL WHERE name IN (SELECT portal FROM captures)",
    "DELETE FROM article_sections WHERE article_id NOT IN (SELECT id FROM kept)",
    "DELETE FROM article_media WHERE article_id NOT IN (SELECT id FROM kept)",
    "DELETE FROM urls WHERE article_id NOT IN (SELECT id FROM kept)",
    "DELETE FROM observations WHERE article_id NOT IN (SELECT id FROM kept) OR capture_id IS NOT NULL",
    "DELETE FROM contents WHERE article_id NOT IN (SELECT id FROM kept)",
    "DELETE FROM bodies WHERE id NOT IN (SELECT id FROM kept)",
    "DELETE FROM heads WHERE id NOT IN (SELECT id FROM kept)",
    "DELETE FROM sections WHERE articles = 0",
    "UPDATE sections SET last_success = NULL",
    "DELETE FROM media",
    "DELETE FROM captures",
    "DELETE FROM facts",
)

# What a rebuild may not meet changed when it goes on: then numbers, imports or the frontier are others.
_STATE: Final = """
    SELECT (SELECT max(id) FROM numbers), (SELECT count(*) FROM captures), (SELECT max(id) FROM runs),
        (SELECT count(*) FROM observations WHERE capture_id IS NULL), (SELECT max(id) FROM frontier),
        (SELECT count(*) FROM sightings)
"""
_COPY_MARKS: Final = (
    "UPDATE numbers SET read = o.read, starred = o.starred FROM old.numbers AS o WHERE o.id = numbers.id",
    "UPDATE numbers SET read = o.read, starred = o.starred FROM old.heads AS o WHERE o.id = numbers.id",
    """
    UPDATE heads SET read = n.read, starred = n.starred FROM numbers AS n
    WHERE n.id = heads.id AND (n.read <> heads.read OR n.starred <> heads.starred)
    """,
    *(
        statement
        for table in ("tags", "notes", "paragraph_notes", "places", "saved_searches")
        for statement in (f"DELETE FROM {table}", f"INSERT INTO {table} SELECT * FROM old.{table}")  # noqa: S608
    ),
    "INSERT OR REPLACE INTO index_state SELECT * FROM old.index_state WHERE name = 'marks journal'",
)
_LOST: Final = """
    INSERT INTO temp.lost SELECT o.id FROM old.captures AS o
    LEFT JOIN main.captures AS k ON k.file = o.file AND k.offset = o.offset WHERE k.id IS NULL
"""
_LOST_FILES: Final = """
    INSERT INTO temp.lost SELECT id FROM captures WHERE file NOT IN (SELECT value FROM json_each(?))
"""
_VANISHING: Final = """
    SELECT (SELECT count(*) FROM temp.lost),
        (SELECT count(*) FROM {old}.heads AS h
         WHERE EXISTS (SELECT 1 FROM {old}.observations AS o JOIN temp.lost AS l ON l.id = o.capture_id
                       WHERE o.article_id = h.id)
            AND {articles}),
        (SELECT count(*) FROM {old}.contents AS c JOIN {old}.heads AS h ON h.id = c.article_id
         WHERE EXISTS (SELECT 1 FROM {old}.observations AS o JOIN temp.lost AS l ON l.id = o.capture_id
                       WHERE o.content_id = c.id)
            AND {revisions})
"""
_NONE_LEFT: Final = (
    "NOT EXISTS (SELECT 1 FROM observations AS k WHERE k.{column} = {row}.id AND k.content_id IS NOT NULL "
    "AND (k.capture_id IS NULL OR k.capture_id NOT IN (SELECT id FROM temp.lost)))"
)
_BY_FILES: Final = _VANISHING.format(
    old="main",
    articles=_NONE_LEFT.format(column="article_id", row="h"),
    revisions=_NONE_LEFT.format(column="content_id", row="c"),
)
_BY_DERIVING: Final = _VANISHING.format(
    old="old",
    articles="h.key NOT IN (SELECT key FROM main.heads)",
    revisions="NOT EXISTS (SELECT 1 FROM main.heads AS n JOIN main.contents AS m ON m.article_id = n.id "
    "WHERE n.key = h.key AND m.content_sha256 = c.content_sha256)",
)


class Draft:
    """A library on its way: filled through `connection`, committed in batches.

    `notes` is what the earlier run kept with its last batch, for a rebuild that goes on; `is_resumed` says so.
    """

    def __init__(self, connection: Connection, notes: Any, *, is_resumed: bool) -> None:
        self.connection = connection
        self.notes = notes
        self.is_resumed = is_resumed

    def commit(self, notes: Any) -> None:
        """Let what was derived so far survive a kill, with `notes` (JSON) for the run that goes on."""
        self._write(notes)
        self.connection.execute("COMMIT")
        self.connection.execute("BEGIN IMMEDIATE")

    def _write(self, notes: Any) -> None:
        self.connection.execute(
            "UPDATE facts SET value = json_set(value, '$.notes', json(?)) WHERE portal = '' AND name = ?",
            (json.dumps(notes), _PROGRESS),
        )


def require_files(connection: Connection, files: Sequence[str]) -> None:
    """Raise ArchiveDamaged, saying what would vanish, if captures lie in files of the vault that are not there."""
    _refuse(_counted(connection, _LOST_FILES, (json.dumps(list(files)),), _BY_FILES))


@contextmanager
def rebuilding(connection: Connection, path: Path, *, version: str, accept_loss: bool) -> Iterator[Draft]:
    """See `Library.rebuilding`."""
    side = path.with_name(_FILE)
    state = json.dumps([len(MIGRATIONS), index.VERSION, version, connection.execute(_STATE).fetchone()])
    draft = _resumed(side, state) or _begun(connection, side, state)
    try:
        draft.connection.is_indexing = False
        draft.connection.execute("BEGIN IMMEDIATE")
        yield draft
        draft.connection.execute("COMMIT")
        _finish(draft.connection, path, accept_loss=accept_loss)
        _take_place(draft.connection, connection, path)
    except ArchiveDamaged:
        draft.connection.close()
        _remove(side)
        raise
    finally:
        # What was not committed is rolled back; the batches before wait for the run that goes on.
        draft.connection.close()
    _remove(side)


def _resumed(side: Path, state: str) -> Draft | None:
    """The draft that an earlier run left, if it began from the same state."""
    if not side.is_file() or side.is_symlink():
        return None
    try:
        connection = connect(side, "write")
    except ArchiveDamaged:
        return None
    rows: list[Any] = []
    try:
        rows = connection.execute(
            "SELECT value FROM facts WHERE portal = '' AND name = ?", (_PROGRESS,)
        ).fetchall()
        progress = json.loads(rows[0][0]) if rows else {}
        if progress.get("state") == state and progress.get("notes") is not None:
            return Draft(connection, progress["notes"], is_resumed=True)
    except (sqlite3.Error, ArchiveDamaged, ValueError, AttributeError):
        pass
    connection.close()
    return None


def _begun(connection: Connection, side: Path, state: str) -> Draft:
    """A new draft: what cannot be derived of the library, and nothing else."""
    _remove(side)
    draft = connect(side, "write")
    try:
        copy_into(connection, draft)
        draft.execute("PRAGMA foreign_keys = ON")
        with draft.transaction(durable=True):
            _empty(draft)
            draft.execute(
                "INSERT INTO facts (portal, name, value) VALUES ('', ?, ?)",
                (_PROGRESS, json.dumps({"state": state})),
            )
        draft.execute("VACUUM")
    except BaseException:
        draft.close()
        _remove(side)
        raise
    return Draft(draft, [], is_resumed=False)


def _finish(draft: Connection, path: Path, *, accept_loss: bool) -> None:
    """Count what would vanish, take in the marks that were made meanwhile, and fill the index."""
    address = (path.parent.resolve() / path.name).as_uri()
    draft.execute("ATTACH ? AS old", (f"{address}?mode=ro",))
    try:
        if not accept_loss:
            _refuse(_counted(draft, _LOST, (), _BY_DERIVING))
        with draft.transaction(durable=True):
            for statement in _COPY_MARKS:
                draft.execute(statement)
            draft.execute("DELETE FROM facts WHERE portal = '' AND name = ?", (_PROGRESS,))
            # Filling it once is twice as fast as following every article, and gives a smaller index.
            index.refill(draft)
            documents.refill(draft)
    finally:
        draft.execute("DETACH old")


def _take_place(draft: Connection, connection: Connection, path: Path) -> None:
    """Let the library hold what the draft holds; readers see the old state until then."""
    copy_into(draft, connection)
    with connection.transaction(durable=True):
        # The journal knows the marks that were made since they were copied.
        marks_state.merge(connection, path, is_trusted=True)
    checkpoint(connection)


def _counted(connection: Connection, find: str, parameters: tuple[str, ...], count: str) -> Loss:
    """What hangs on the captures that `find` puts into a table of its own."""
    with connection.temporary_tables():
        connection.execute("CREATE TEMP TABLE lost (id INTEGER PRIMARY KEY)")
        try:
            connection.execute(find, parameters)
            ((captures, articles, revisions),) = connection.execute(count).fetchall()
        finally:
            connection.execute("DROP TABLE temp.lost")
    return Loss(captures=captures, articles=articles, revisions=revisions)


def _refuse(loss: Loss) -> None:
    if not loss.captures:
        return
    known = ngettext(
        "{n} capture that the library knows is not in the vault any more.",
        "{n} captures that the library knows are not in the vault any more.",
        loss.captures,
    ).format(n=loss.captures)
    articles = ngettext("{n} article", "{n} articles", loss.articles).format(n=loss.articles)
    revisions = ngettext("{n} revision", "{n} revisions", loss.revisions).format(n=loss.revisions)
    raise ArchiveDamaged(
        known
        + " "
        + _("A rebuild would let {articles} and {revisions} vanish; nothing was changed.").format(
            articles=articles, revisions=revisions
        ),
        advice=_(
            "`gvreader verify` says what is missing. Put the files back, or run `gvreader rebuild --accept-loss`."
        ),
    )


def _remove(side: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        side.with_name(side.name + suffix).unlink(missing_ok=True)


def _empty(connection: Connection) -> None:
    """Forget every capture and what only captures say; imported observations and their articles stay."""
    _remember_marks(connection)
    connection.execute(
        "CREATE TEMP TABLE kept AS SELECT DISTINCT article_id AS id FROM observations "
        "WHERE capture_id IS NULL AND content_id IS NOT NULL"
    )
    for statement in _FORGET:
        connection.execute(statement)
    for table in discovered_links.TABLES:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
    index.refill(connection)
    documents.refill(connection)
    current = Current(connection)
    for (article_id,) in connection.execute("SELECT id FROM kept").fetchall():
        current.settle(article_id)
        current.refresh_attachments(article_id)
    connection.execute(
        "DELETE FROM contents WHERE id NOT IN (SELECT content_id FROM observations WHERE content_id IS NOT NULL)"
    )
    connection.execute("DROP TABLE kept")


def _remember_marks(connection: Connection) -> None:
    """Marks go to the numbers, from where an article that comes back takes them again."""
    connection.execute(
        "UPDATE numbers SET read = h.read, starred = h.starred FROM heads AS h "
        "WHERE h.id = numbers.id AND (h.read <> numbers.read OR h.starred <> numbers.starred)"
    )
