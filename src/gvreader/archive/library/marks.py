"""The reader's own marks: the one part of the library that cannot be derived again, so writing is durable."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from gvreader.archive.library.article_rows import id_list
from gvreader.archive.library.connection import Connection, clean_text
from gvreader.archive.library.marks_journal import MarkEntry
from gvreader.archive.library.marks_state import put_note, put_search
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
        return dict(
            self._connection.execute(
                "SELECT 0, note FROM notes WHERE article_id = :id UNION ALL "
                "SELECT paragraph, note FROM paragraph_notes WHERE article_id = :id ORDER BY 1",
                {"id": article_id},
            ).fetchall()
        )

    def set_note(self, article_id: int, note: str, paragraph: int = 0) -> bool:
        """Keep a note on an article or one of its paragraphs; an empty one removes it.

        Returns whether that changed anything. Raises UsageError for a note that is too long.
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
            put_note(self._connection, article_id, paragraph, note)
            self._keep("note", known, note or None, paragraph)
        return True

    def saved(self) -> tuple[SavedSearch, ...]:
        """The saved searches, in the order in which they were first saved."""
        return tuple(
            SavedSearch(name=name, query=query)
            for name, query in self._connection.execute(
                "SELECT name, query FROM saved_searches ORDER BY position, name"
            ).fetchall()
        )

    def save(self, name: str, query: str) -> None:
        """Save a search, or replace the one of that name. Raises UsageError for an empty name."""
        name = " ".join(normalise(clean_text(name)).split())
        if not name:
            raise UsageError(_("A saved search needs a name."))
        with self._connection.transaction(durable=True):
            query = clean_text(query)
            put_search(self._connection, name, query)
            self._connection.note_marks([MarkEntry(mark="search", key=name, value=query)])

    def forget(self, name: str) -> None:
        """Remove a saved search; nothing happens when there is none of that name."""
        name = " ".join(normalise(clean_text(name)).split())
        with self._connection.transaction(durable=True):
            self._connection.execute("DELETE FROM saved_searches WHERE name = ?", (name,))
            self._connection.note_marks([MarkEntry(mark="search", key=name, value=None)])

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
        self, mark: str, changed: list[tuple[int]], value: bool | str | None, detail: str | int = ""
    ) -> None:
        """Have the change kept in the journal of marks, too."""
        self._connection.note_marks(
            MarkEntry(mark=mark, key=key, detail=detail, value=value, number=number)
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
