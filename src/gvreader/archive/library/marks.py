"""The reader's own marks: the one part of the library that cannot be derived again, so writing is durable."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from gvreader.archive.library.article_rows import id_list
from gvreader.archive.library.connection import Connection
from gvreader.archive.library.results import SavedSearch, TagCount, Undo
from gvreader.errors import UsageError
from gvreader.i18n import _
from gvreader.vietnamese import fold, normalise

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

    def note(self, article_id: int) -> str:
        """The reader's note on an article; empty when there is none."""
        found = self._connection.execute(
            "SELECT note FROM notes WHERE article_id = ?", (article_id,)
        ).fetchall()
        return str(found[0][0]) if found else ""

    def set_note(self, article_id: int, note: str) -> None:
        """Keep a note on an article; an empty one removes it."""
        with self._connection.transaction(durable=True):
            self._connection.execute("DELETE FROM notes WHERE article_id = ?", (article_id,))
            if note.strip():
                self._connection.execute(
                    "INSERT INTO notes (article_id, note) SELECT id, ? FROM numbers WHERE id = ?",
                    (note, article_id),
                )

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
        name = " ".join(normalise(name).split())
        if not name:
            raise UsageError(_("A saved search needs a name."))
        with self._connection.transaction(durable=True):
            self._connection.execute(
                "INSERT INTO saved_searches (name, query, position) "
                "VALUES (?, ?, (SELECT coalesce(max(position), 0) + 1 FROM saved_searches)) "
                "ON CONFLICT (name) DO UPDATE SET query = excluded.query",
                (name, query),
            )

    def forget(self, name: str) -> None:
        """Remove a saved search; nothing happens when there is none of that name."""
        with self._connection.transaction(durable=True):
            self._connection.execute(
                "DELETE FROM saved_searches WHERE name = ?", (" ".join(normalise(name).split()),)
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
        return Undo(mark=mark, value=value, ids=tuple(article_id for (article_id,) in changed))


def tag_name(name: str) -> str:
    """A tag as it is stored: tones normalised, single spaces. Raises UsageError when nothing is left."""
    tag = " ".join(normalise(name).split()).strip("#")
    if not any(character.isalnum() for character in tag):
        raise UsageError(_("A tag needs at least one letter or digit."))
    return tag
