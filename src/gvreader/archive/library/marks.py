"""The reader's own marks: the one part of the library that cannot be derived again, so writing is durable."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal

from gvreader.archive.library.article_rows import id_list, notes_of, placed_notes
from gvreader.archive.library.connection import Connection, clean_text
from gvreader.archive.library.content import optional_moment, stamp
from gvreader.archive.library.marks_journal import MarkEntry
from gvreader.archive.library.marks_state import put_note, put_search, put_watch, watch_entry
from gvreader.archive.library.results import SavedSearch, TagCount, Undo
from gvreader.errors import UsageError
from gvreader.i18n import _
from gvreader.vietnamese import fold, normalise

LONGEST_NOTE: Final = 100_000
"""Characters of a note."""

_FLAG: Final = {
    "read": "UPDATE heads SET read = :value WHERE read <> :value "
    "AND id IN (SELECT value FROM json_each(:ids)) RETURNING id",
    "starred": "UPDATE heads SET starred = :value WHERE starred <> :value "
    "AND id IN (SELECT value FROM json_each(:ids)) RETURNING id",
}


class MarkStore:
    """Marks over one connection. Each change is one durable transaction and returns what undoes it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set_read(self, ids: Iterable[int], value: bool) -> Undo:
        """Mark articles as read or unread; unknown numbers are skipped."""
        return self._flag("read", ids, value)

    def set_starred(self, ids: Iterable[int], value: bool) -> Undo:
        """Star or unstar articles; unknown numbers are skipped."""
        return self._flag("starred", ids, value)

    def tag(self, ids: Iterable[int], name: str) -> Undo:
        """Put a tag on articles. Raises UsageError for a name without a letter."""
        tag = tag_name(name)
        with self._connection.transaction(durable=True):
            changed = self._connection.execute(
                "INSERT OR IGNORE INTO tags (article_id, tag, folded) SELECT id, ?, ? FROM heads "
                "WHERE id IN (SELECT value FROM json_each(?)) RETURNING article_id",
                (tag, fold(tag), id_list(ids)),
            ).fetchall()
            self._keep("tag", changed, True, tag)
        return Undo(mark="tag", value=True, tag=tag, ids=tuple(article_id for (article_id,) in changed))

    def untag(self, ids: Iterable[int], name: str) -> Undo:
        """Take a tag off articles."""
        tag = tag_name(name)
        with self._connection.transaction(durable=True):
            changed = self._connection.execute(
                "DELETE FROM tags WHERE tag = ? AND article_id IN (SELECT value FROM json_each(?)) "
                "RETURNING article_id",
                (tag, id_list(ids)),
            ).fetchall()
            self._keep("tag", changed, False, tag)
        return Undo(mark="tag", value=False, tag=tag, ids=tuple(article_id for (article_id,) in changed))

    def restore(self, undo: Undo) -> Undo:
        """Take a change back; what is returned would do it again."""
        if undo.mark == "tag":
            return self.untag(undo.ids, undo.tag) if undo.value else self.tag(undo.ids, undo.tag)
        return self._flag(undo.mark, undo.ids, not undo.value)

    def tags(self) -> tuple[TagCount, ...]:
        """Every tag in use, by name."""
        return tuple(
            TagCount(tag=tag, articles=articles)
            for tag, articles in self._connection.execute(
                "SELECT t.tag, count(*) FROM tags AS t JOIN heads AS h ON h.id = t.article_id "
                "GROUP BY t.tag ORDER BY t.folded, t.tag"
            ).fetchall()
        )

    def note(self, article_id: int, paragraph: int = 0) -> str:
        """The reader's note on an article or one of its paragraphs (from 1); empty when there is none."""
        return self.notes(article_id).get(paragraph, "")

    def notes(self, article_id: int) -> dict[int, str]:
        """The reader's notes on an article by paragraph, 0 for the whole article, in this order."""
        placed = (now for _written, now in placed_notes(self._connection, article_id))
        return {now.paragraph: now.text for now in sorted(placed, key=lambda now: now.paragraph)}

    def has_note(self, article_id: int, paragraph: int) -> bool:
        """Whether a note was written on a paragraph of this number, wherever it is now."""
        return any(note.paragraph == paragraph for note in notes_of(self._connection, article_id))

    def set_note(self, article_id: int, note: str, paragraph: int = 0, quote: str = "") -> bool:
        """Keep a note on an article or one of the paragraphs of its current text; an empty one removes it.

        `quote`: what the paragraph said, where that is known better than from the current text. Returns whether that
        changed anything. Raises UsageError for a note that is too long.
        """
        note = clean_text(note).strip()
        if len(note) > LONGEST_NOTE:
            raise UsageError(
                _("A note may have {most} characters; this one has {n}.").format(
                    most=LONGEST_NOTE, n=len(note)
                )
            )
        with self._connection.transaction(durable=True):
            known = self._connection.execute("SELECT id FROM numbers WHERE id = ?", (article_id,)).fetchall()
            if not known or self.note(article_id, paragraph) == note:
                return False
            if paragraph:
                self._settle_notes(article_id)
                quote = quote or self._paragraph(article_id, paragraph)
            put_note(self._connection, article_id, paragraph, note, quote)
            self._keep("note", known, note or None, paragraph, quote if note else "")
        return True

    def _settle_notes(self, article_id: int) -> None:
        """Give notes the numbers that their paragraphs have now, so that a new one takes the place of none."""
        moved = [
            (written, now)
            for written, now in placed_notes(self._connection, article_id)
            if written.paragraph != now.paragraph
        ]
        for written, _now in moved:
            put_note(self._connection, article_id, written.paragraph, "")
            self._keep("note", [(article_id,)], None, written.paragraph)
        for _written, now in moved:
            put_note(self._connection, article_id, now.paragraph, now.text, now.quote)
            self._keep("note", [(article_id,)], now.text, now.paragraph, now.quote)

    def _paragraph(self, article_id: int, number: int) -> str:
        """A paragraph of the current text, empty where it has no such."""
        rows = self._connection.execute("SELECT text FROM bodies WHERE id = ?", (article_id,)).fetchall()
        paragraphs = str(rows[0][0]).split("\n\n") if rows else []
        return paragraphs[number - 1] if number <= len(paragraphs) else ""

    def saved(self) -> tuple[SavedSearch, ...]:
        """The saved searches, in the order in which they were first saved."""
        return tuple(
            SavedSearch(name=name, query=query, seen=optional_moment(seen), seen_number=number)
            for name, query, seen, number in self._connection.execute(
                "SELECT name, query, seen, seen_number FROM saved_searches ORDER BY position, name"
            ).fetchall()
        )

    def look(self, name: str, now: datetime) -> None:
        """Remember that a saved search was looked at; what comes later is new in it."""
        ((number,),) = self._connection.execute("SELECT coalesce(max(id), 0) FROM numbers").fetchall()
        with self._connection.transaction(durable=True):
            put_watch(self._connection, name, stamp(now), number)
            self._connection.note_marks([watch_entry(name, stamp(now), number)])

    def save(self, name: str, query: str, now: datetime | None = None) -> None:
        """Save a search, or replace the one of that name; with `now`, it was looked at then.

        Raises UsageError for an empty name.
        """
        name = " ".join(normalise(clean_text(name)).split())
        if not name:
            raise UsageError(_("A saved search needs a name."))
        with self._connection.transaction(durable=True):
            query = clean_text(query)
            put_search(self._connection, name, query)
            self._connection.note_marks([MarkEntry(mark="search", key=name, value=query)])
            if now is not None:
                self.look(name, now)

    def forget(self, name: str) -> None:
        """Remove a saved search; nothing happens when there is none of that name."""
        name = " ".join(normalise(clean_text(name)).split())
        with self._connection.transaction(durable=True):
            self._connection.execute("DELETE FROM saved_searches WHERE name = ?", (name,))
            self._connection.note_marks(
                MarkEntry(mark=mark, key=name, value=None) for mark in ("search", "watch")
            )

    def place(self, article_id: int) -> int:
        """The line at which the reader left an article; 0 when it was never left."""
        found = self._connection.execute(
            "SELECT line FROM places WHERE article_id = ?", (article_id,)
        ).fetchall()
        return int(found[0][0]) if found else 0

    def set_place(self, article_id: int, line: int) -> None:
        """Remember the line at which the reader leaves an article."""
        self._connection.execute(
            "INSERT INTO places (article_id, line) SELECT id, ? FROM numbers WHERE id = ? "
            "ON CONFLICT (article_id) DO UPDATE SET line = excluded.line",
            (line, article_id),
        )

    def _flag(self, mark: Literal["read", "starred"], ids: Iterable[int], value: bool) -> Undo:
        with self._connection.transaction(durable=True):
            changed = self._connection.execute(
                _FLAG[mark], {"value": int(value), "ids": id_list(ids)}
            ).fetchall()
            self._keep(mark, changed, value)
        return Undo(mark=mark, value=value, ids=tuple(article_id for (article_id,) in changed))

    def _keep(
        self,
        mark: str,
        changed: list[tuple[int]],
        value: bool | str | None,
        detail: str | int = "",
        quote: str = "",
    ) -> None:
        """Have the change kept in the journal of marks, too."""
        self._connection.note_marks(
            MarkEntry(mark=mark, key=key, detail=detail, value=value, number=number, quote=quote)
            for number, key in self._connection.execute(
                "SELECT id, key FROM numbers WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
                (id_list(number for (number,) in changed),),
            ).fetchall()
        )


def tag_name(name: str) -> str:
    """A tag as it is stored: tones normalised, single spaces. Raises UsageError when nothing is left."""
    tag = " ".join(normalise(clean_text(name)).split()).strip("#")
    if not any(character.isalnum() for character in tag):
        raise UsageError(_("A tag needs at least one letter or digit."))
    return tag
