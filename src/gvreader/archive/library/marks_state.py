"""The reader's marks in the tables of the library, as entries of their journal, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gvreader.archive.library.connection import Connection
from gvreader.archive.library.marks_journal import FILE, JournalContent, MarkEntry, MarksJournal
from gvreader.vietnamese import fold

_END: Final = "marks journal"
_FLAGS: Final = """
    SELECT n.id, n.key, coalesce(h.read, n.read), coalesce(h.starred, n.starred)
    FROM numbers AS n LEFT JOIN heads AS h ON h.id = n.id
    WHERE coalesce(h.read, n.read) <> 0 OR coalesce(h.starred, n.starred) <> 0 ORDER BY n.id
"""
_SET_FLAG: Final = {
    mark: tuple(
        f"UPDATE {table} SET {mark} = ? WHERE id = ? AND {mark} <> ?"  # noqa: S608 - names of our own
        for table in ("numbers", "heads")
    )
    for mark in ("read", "starred")
}


def entries(connection: Connection) -> Iterator[MarkEntry]:
    """Everything that is marked."""
    for number, key, read, starred in connection.execute(_FLAGS).fetchall():
        if read:
            yield MarkEntry(mark="read", key=key, value=True, number=number)
        if starred:
            yield MarkEntry(mark="starred", key=key, value=True, number=number)
    for number, key, tag in connection.execute(
        "SELECT n.id, n.key, t.tag FROM tags AS t JOIN numbers AS n ON n.id = t.article_id ORDER BY n.id, t.tag"
    ).fetchall():
        yield MarkEntry(mark="tag", key=key, detail=tag, value=True, number=number)
    for number, key, paragraph, note, quote in connection.execute(
        "SELECT n.id, n.key, t.paragraph, t.note, t.quote FROM ("
        "SELECT article_id, 0 AS paragraph, note, '' AS quote FROM notes "
        "UNION ALL SELECT article_id, paragraph, note, quote FROM paragraph_notes"
        ") AS t JOIN numbers AS n ON n.id = t.article_id ORDER BY n.id, t.paragraph"
    ).fetchall():
        yield MarkEntry(mark="note", key=key, detail=paragraph, value=note, number=number, quote=quote)
    for name, query, seen, seen_number in connection.execute(
        "SELECT name, query, seen, seen_number FROM saved_searches ORDER BY position, name"
    ).fetchall():
        yield MarkEntry(mark="search", key=name, value=query)
        if seen is not None:
            yield watch_entry(name, seen, seen_number)


def watch_entry(name: str, seen: str, seen_number: int) -> MarkEntry:
    """That a saved search was looked at, when, and the highest local number then."""
    return MarkEntry(mark="watch", key=name, value=f"{seen} {seen_number}")


def apply(connection: Connection, content: JournalContent, *, is_trusted: bool) -> None:
    """Let the library have the marks that the journal tells of; inside a transaction.

    `is_trusted`: the library's own marks are whole, and count where the journal is in doubt. Otherwise what a
    doubtful line sets is set, and what it takes back is not.
    """
    for entry in content.entries:
        is_doubtful = entry.subject in content.doubtful
        if not is_doubtful or (not is_trusted and entry.value not in (False, None)):
            _apply(connection, entry)


def attach(connection: Connection, library: Path) -> None:
    """Have every mark of this connection written to the journal beside the library, with its transaction.

    What the journal tells that the library has not heard (it was lost, or put back from a copy) is taken in; a
    journal that is missing or shorter than it was is written anew from the library.
    """
    journal = MarksJournal(library.with_name(FILE))
    connection.keep_marks = lambda noted: _set_end(connection, journal.append(noted))
    end = _end(connection)
    if end is None or journal.size() != end:
        with connection.transaction(durable=True):
            _reconcile(connection, journal)


def compact(connection: Connection, library: Path) -> None:
    """Write the journal anew, one line for each mark that is set; inside a transaction."""
    _set_end(connection, MarksJournal(library.with_name(FILE)).rewrite(entries(connection)))


def merge(connection: Connection, library: Path, *, is_trusted: bool) -> None:
    """Take in the whole journal, then compact it; inside a transaction."""
    apply(connection, MarksJournal(library.with_name(FILE)).content(), is_trusted=is_trusted)
    compact(connection, library)


def differences(connection: Connection, library: Path) -> list[str]:
    """Where the marks of the library are not those that the journal tells of, as sentences; reads only.

    Without a journal there is none: the next writer makes it. Nor is a line that the library has not heard.
    """
    journal, end = MarksJournal(library.with_name(FILE)), _end(connection)
    if end is None or journal.size() is None:
        return []
    # Behind the end another process may be writing.
    content = journal.content(stop=end)
    if content.damaged:
        return [f"line {number} of {FILE} is damaged" for number in content.damaged]
    unheard = {entry.subject for entry in journal.content(end).entries}
    told = {entry.subject: entry.value for entry in content.entries if entry.value not in (False, None)}
    held = {entry.subject: entry.value for entry in entries(connection)}
    return [
        f"the mark {subject[0]} of {subject[1]} is not what {FILE} tells"
        for subject in sorted(held.keys() | told.keys(), key=str)
        if held.get(subject) != told.get(subject) and subject not in unheard
    ]


def _reconcile(connection: Connection, journal: MarksJournal) -> None:
    size, end = journal.size(), _end(connection)
    if size is not None and size > (end or 0):
        apply(connection, journal.content(end or 0), is_trusted=end is not None)
        _set_end(connection, size)
    else:
        _set_end(connection, journal.rewrite(entries(connection)))


def _end(connection: Connection) -> int | None:
    """The size of the journal that the library has heard to its end."""
    rows = connection.execute("SELECT value FROM index_state WHERE name = ?", (_END,)).fetchall()
    return int(rows[0][0]) if rows else None


def _set_end(connection: Connection, size: int) -> None:
    connection.execute("INSERT OR REPLACE INTO index_state (name, value) VALUES (?, ?)", (_END, size))


def _number(connection: Connection, key: str, number: int | None) -> int:
    """The local number of a key: the one that it has, else the one that the journal names if it is free."""
    known = connection.execute("SELECT id FROM numbers WHERE key = ?", (key,)).fetchall()
    if not known and number is not None and number > 0:
        known = connection.execute(
            "INSERT OR IGNORE INTO numbers (id, key) VALUES (?, ?) RETURNING id", (number, key)
        ).fetchall()
    if not known:
        known = connection.execute("INSERT INTO numbers (key) VALUES (?) RETURNING id", (key,)).fetchall()
    return int(known[0][0])


def _apply(connection: Connection, entry: MarkEntry) -> None:
    if entry.mark == "search":
        _apply_search(connection, entry)
        return
    if entry.mark == "watch":
        _apply_watch(connection, entry)
        return
    number = _number(connection, entry.key, entry.number)
    if entry.mark in _SET_FLAG:
        value = int(entry.value is True)
        for statement in _SET_FLAG[entry.mark]:
            connection.execute(statement, (value, number, value))
    elif entry.mark == "tag" and entry.value is True:
        connection.execute(
            "INSERT OR IGNORE INTO tags (article_id, tag, folded) VALUES (?, ?, ?)",
            (number, str(entry.detail), fold(str(entry.detail))),
        )
    elif entry.mark == "tag":
        connection.execute("DELETE FROM tags WHERE article_id = ? AND tag = ?", (number, str(entry.detail)))
    elif entry.mark == "note" and isinstance(entry.detail, int):
        note = entry.value if isinstance(entry.value, str) else ""
        put_note(connection, number, entry.detail, note, entry.quote)


def _apply_search(connection: Connection, entry: MarkEntry) -> None:
    if not isinstance(entry.value, str):
        connection.execute("DELETE FROM saved_searches WHERE name = ?", (entry.key,))
        return
    put_search(connection, entry.key, entry.value)


def _apply_watch(connection: Connection, entry: MarkEntry) -> None:
    seen, _space, number = entry.value.partition(" ") if isinstance(entry.value, str) else ("", "", "")
    if seen and number.isdecimal():
        put_watch(connection, entry.key, seen, int(number))
    elif entry.value is None:
        put_watch(connection, entry.key, None, 0)


def put_watch(connection: Connection, name: str, seen: str | None, seen_number: int) -> None:
    """Write when a saved search was looked at; nothing where there is none of that name."""
    connection.execute(
        "UPDATE saved_searches SET seen = ?, seen_number = ? WHERE name = ?", (seen, seen_number, name)
    )


def put_search(connection: Connection, name: str, query: str) -> None:
    """Write a saved search, behind the others if it is new."""
    connection.execute(
        "INSERT INTO saved_searches (name, query, position) "
        "VALUES (?, ?, (SELECT coalesce(max(position), 0) + 1 FROM saved_searches)) "
        "ON CONFLICT (name) DO UPDATE SET query = excluded.query",
        (name, query),
    )


def put_note(connection: Connection, number: int, paragraph: int, note: str, quote: str = "") -> None:
    """Write the note on an article (paragraph 0) or on one of its paragraphs; an empty one removes it.

    `quote`: what the paragraph says, empty where that is not known.
    """
    if paragraph:
        connection.execute(
            "DELETE FROM paragraph_notes WHERE article_id = ? AND paragraph = ?", (number, paragraph)
        )
        if note:
            connection.execute(
                "INSERT INTO paragraph_notes (article_id, paragraph, note, folded, quote) VALUES (?, ?, ?, ?, ?)",
                (number, paragraph, note, fold(note), quote),
            )
        return
    connection.execute("DELETE FROM notes WHERE article_id = ?", (number,))
    if note:
        connection.execute(
            "INSERT INTO notes (article_id, note, folded) VALUES (?, ?, ?)", (number, note, fold(note))
        )
