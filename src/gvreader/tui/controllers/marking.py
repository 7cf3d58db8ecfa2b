"""Marks: shown at once, stored by a worker, and taken back with one key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gvreader.export import wording
from gvreader.i18n import _, ngettext
from gvreader.model import ArticleRow, Marks
from gvreader.tui.view.sanitize import visible_line

if TYPE_CHECKING:
    from gvreader.archive.library import Library, Undo
    from gvreader.tui.controllers.host import ReaderHost

_KEPT_UNDOS: Final = 100


def _tag(typed: str) -> str:
    """A tag as it is stored: `#` and spare blanks are not part of it."""
    return " ".join(typed.split()).strip("#").strip()


class MarkController:
    """What the reader marks, and how to undo it."""

    def __init__(self, screen: ReaderHost) -> None:
        self._screen: Final = screen
        self._undos: list[tuple[str, Future[Undo]]] = []

    def set_read(self, row: ArticleRow, *, value: bool, quietly: bool = False) -> None:
        """Mark one article read or unread."""
        if row.marks.read == value:
            return
        what = _("marked read") if value else _("marked unread")
        self._show(row, replace(row.marks, read=value))
        self._write(
            what, lambda library: library.marks.set_read((row.id,), value), article=row.id, quietly=quietly
        )

    def toggle_read(self) -> None:
        """Read or unread."""
        if row := self._screen.target():
            self.set_read(row, value=not row.marks.read)

    def toggle_star(self) -> None:
        """Star, or take the star away."""
        row = self._screen.target()
        if row is None:
            return
        value = not row.marks.starred
        self._show(row, replace(row.marks, starred=value))
        what = _("starred") if value else _("star taken away")
        self._write(what, lambda library: library.marks.set_starred((row.id,), value), article=row.id)

    def tag(self, name: str) -> None:
        """Put a tag on the article, or take it off when it is there."""
        row = self._screen.target()
        name = _tag(name)
        if row is None or not name:
            return
        tags = row.marks.tags
        if name in tags:
            self._show(row, replace(row.marks, tags=tuple(tag for tag in tags if tag != name)))
            self._write(
                _("tag {tag} taken off").format(tag=visible_line(name)),
                lambda library: library.marks.untag((row.id,), name),
                article=row.id,
            )
        else:
            self._show(row, replace(row.marks, tags=(*tags, name)))
            self._write(
                _("tagged {tag}").format(tag=visible_line(name)),
                lambda library: library.marks.tag((row.id,), name),
                article=row.id,
            )

    # ── the whole list ──

    def read_all(self, *, value: bool = True) -> None:
        """Mark everything in the list read or unread, after a question."""
        self._bulk(
            _("Mark {n} articles read?") if value else _("Mark {n} articles unread?"),
            lambda library, ids: library.marks.set_read(ids, value),
        )

    def star_all(self, *, value: bool = True) -> None:
        """Star everything in the list or take the stars away, after a question."""
        self._bulk(
            _("Star {n} articles?") if value else _("Take the star from {n} articles?"),
            lambda library, ids: library.marks.set_starred(ids, value),
        )

    def tag_all(self, name: str, *, value: bool = True) -> None:
        """Tag everything in the list or take the tag off, after a question."""
        name = _tag(name)
        if not name:
            return
        question = _("Tag {n} articles with {tag}?") if value else _("Take the tag {tag} off {n} articles?")
        self._bulk(
            question,
            lambda library, ids: library.marks.tag(ids, name) if value else library.marks.untag(ids, name),
            tag=visible_line(name),
        )

    # ── taking back ──

    def undo(self) -> None:
        """Take the last change of marks back."""
        if not self._undos:
            self._screen.notices.say(_("Nothing to undo."))
            return
        what, done = self._undos.pop()

        def restore(library: Library) -> None:
            library.marks.restore(done.result(timeout=0))

        self._screen.notices.say(_("undone: {what}").format(what=what))
        self._screen.access.write(restore, lambda _answer: self._renew())

    def _bulk(
        self, question: str, change: Callable[[Library, Sequence[int]], Undo], *, tag: str = ""
    ) -> None:
        ids = tuple(self._screen.articles.rows.ids)
        if not ids:
            self._screen.notices.say(_("The list is empty."))
            return
        asked = question.format(n=wording.number(len(ids)), tag=tag)

        def mark() -> None:
            self._write(asked.rstrip("?"), lambda library: change(library, ids))

        self._screen.confirm(asked, mark)

    def _show(self, row: ArticleRow, marks: Marks) -> None:
        self._screen.articles.rows.mark(row.id, marks)
        self._screen.articles.renew()
        self._screen.reading.remark(row.id, marks)

    def _write(
        self, what: str, job: Callable[[Library], Undo], *, article: int | None = None, quietly: bool = False
    ) -> None:
        """Store a change of one article's marks, or of the whole list's for None."""

        def stored(undo: Undo) -> None:
            if article is not None:
                self._screen.articles.rows.settled(article)
            else:
                self._say_changed(len(undo.ids))
            self._renew()

        if not quietly and article is not None:
            self._screen.notices.say(
                _("{what} · {key} undoes it").format(what=what, key=self._screen.label("undo"))
            )
        self._undos.append((what, self._screen.access.write(job, stored)))
        del self._undos[:-_KEPT_UNDOS]

    def _say_changed(self, changed: int) -> None:
        self._screen.notices.say(
            ngettext("{n} changed; {key} undoes it", "{n} changed; {key} undoes it", changed).format(
                n=wording.number(changed), key=self._screen.label("undo")
            )
        )

    def failed(self) -> None:
        """Something could not be stored: show what is."""
        self._screen.articles.rows.unsettle()
        self._screen.articles.renew()

    def _renew(self) -> None:
        screen = self._screen
        screen.articles.renew_rows()
        screen.listing.ask_counts()
        row = screen.reading.row
        if row is not None and not screen.articles.rows.is_pending(row.id):
            fresh = screen.access.rows((row.id,))
            if fresh and fresh[0].marks != row.marks:
                screen.reading.remark(row.id, fresh[0].marks)
