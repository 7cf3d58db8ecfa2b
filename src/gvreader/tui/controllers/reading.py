"""Which article the text pane shows: previews, opening, neighbours, the line where it was left, and matches in it."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from textual.timer import Timer

from gvreader.errors import GvreaderError
from gvreader.export import wording
from gvreader.i18n import _, ngettext
from gvreader.model import ArticleRow, Marks, StoredArticle
from gvreader.tui.view.document import Composition, compose

if TYPE_CHECKING:
    from gvreader.archive.library import Library
    from gvreader.tui.controllers.host import ReaderHost

_PREVIEW_PAUSE: Final = 0.04
_SIMILAR_PAUSE: Final = 0.25
_MOST_RELATED: Final = 12
_MOST_SIMILAR: Final = 5


class ArticleController:
    """The article in the text pane."""

    def __init__(self, screen: ReaderHost) -> None:
        self._screen: Final = screen
        self.stored: StoredArticle | None = None
        self._opened = False
        self._left_at = 0
        self._trail: list[tuple[int, int]] = []
        self._timer: Timer | None = None
        self._similar_timer: Timer | None = None
        self._related: dict[str, str] = {}
        self._similar: tuple[ArticleRow, ...] = ()

    @property
    def row(self) -> ArticleRow | None:
        """The row of the article that is shown."""
        return self.stored.row if self.stored else None

    # ── showing ──

    def preview_soon(self) -> None:
        """Show the article under the list's cursor once the cursor rests, if the text is in sight."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(_PREVIEW_PAUSE, self.preview)

    def preview(self) -> None:
        """Show the article under the list's cursor, if the text is in sight."""
        if self._screen.view.display and self._screen.pane != "text":
            self._follow_cursor()

    def open(self) -> None:
        """Read the article under the list's cursor: it has the keys now, and counts as read."""
        if self._screen.articles.current is None:
            return
        self._follow_cursor()
        if self.stored is None:
            return
        self._opened = True
        self._screen.go("text")
        self._screen.marking.set_read(self.stored.row, value=True, quietly=True)

    def step(self, steps: int) -> None:
        """Go to a neighbour in the list, staying in the text if it has the keys."""
        articles = self._screen.articles
        before = articles.cursor
        articles.move(before + steps)
        if articles.cursor == before:
            self._screen.notices.say(
                _("That was the last article.") if steps > 0 else _("That was the first article.")
            )
        elif self._screen.pane == "text":
            self.open()

    def next_unread(self) -> None:
        """Go to the next unread article below the cursor, after the last one from the top on."""
        screen = self._screen

        def found(unread: frozenset[int]) -> None:
            ids = screen.articles.rows.ids
            here = screen.articles.cursor
            order = chain(range(here + 1, len(ids)), range(here))
            position = next((position for position in order if ids[position] in unread), None)
            if position is None:
                screen.notices.say(_("Nothing unread in this list."))
                return
            if position < here:
                screen.notices.say(_("Went on from the top."))
            screen.articles.move(position, jump=True)
            if screen.pane == "text":
                self.open()

        screen.access.ask("unread", lambda library: frozenset(library.search.ids("is:unread").ids), found)

    def show_article(self, stored: StoredArticle) -> None:
        """Read an article that need not be in the list; `go_back` leads to the one before it."""
        if self.row is not None and self._screen.pane == "text":
            self._trail.append((self.row.id, self._screen.view.place))
        self._read(stored)

    def go_back(self) -> bool:
        """Return to the article whose link was followed; False when this one was opened from the list."""
        while self._trail:
            article, place = self._trail.pop()
            stored = self._screen.access.stored(article)
            if stored is not None:
                self._read(stored, place)
                return True
        return False

    def _read(self, stored: StoredArticle, place: int | None = None) -> None:
        self._show(stored, place)
        self._opened = True
        self._screen.go("text")
        self._screen.marking.set_read(stored.row, value=True, quietly=True)

    def clear(self) -> None:
        """Show no article."""
        self.leave()
        self.stored = None
        self._screen.view.show(None)

    def leave(self) -> None:
        """Remember the line at which the article is left, if it was read."""
        if self.stored is None or not self._opened:
            return
        self._opened = False
        article, place = self.stored.row.id, self._screen.view.place
        if place != self._left_at:
            self._screen.access.write(
                lambda library: library.marks.set_place(article, place), lambda _answer: None
            )

    def remark(self, article: int, marks: Marks) -> None:
        """Show other marks of the article, if it is the one in the pane."""
        if self.stored is not None and self.stored.row.id == article:
            self.stored = replace(self.stored, row=replace(self.stored.row, marks=marks))
            self._screen.view.amend(self._compose(self.stored))

    def _follow_cursor(self) -> None:
        self._trail.clear()
        row = self._screen.articles.current
        if row is None:
            self.clear()
        elif self.row is None or self.row.id != row.id or self.row.revision != row.revision:
            try:
                stored = self._screen.access.stored(row.id)
            except GvreaderError as error:
                self._screen.trouble(error)
                return
            if stored is not None:
                self._show(stored)

    def _show(self, stored: StoredArticle, place: int | None = None) -> None:
        """Show an article at `place`, or where it was left."""
        self.leave()
        self.stored = stored
        self._related, self._similar = {}, ()
        self._left_at = self._screen.access.place(stored.row.id) if place is None else place
        self._screen.view.show(self._compose(stored), place=self._left_at)
        self.mark_found(self._screen.searching.query)
        self._ask_related(stored)
        self._ask_similar_soon()

    def _compose(self, stored: StoredArticle) -> Composition:
        return compose(
            stored,
            related=self._related,
            similar=self._similar,
            changes_key=self._screen.label("changes"),
        )

    def _ask_related(self, stored: StoredArticle) -> None:
        addresses = stored.article.related[:_MOST_RELATED]
        if not addresses:
            return

        def titles(library: Library) -> dict[str, str]:
            from gvreader.tui.view.resolve import article_at

            numbers = {url: article_at(library, url, stored.row.portal) for url in addresses}
            found = {url: number for url, number in numbers.items() if number is not None}
            rows = {row.id: row.title for row in library.articles.rows(found.values())}
            return {url: rows[number] for url, number in found.items() if number in rows}

        def show(answer: dict[str, str]) -> None:
            if answer and self.stored is not None and self.stored.row.id == stored.row.id:
                self._related = answer
                self._screen.view.amend(self._compose(self.stored))

        self._screen.access.ask("related", titles, show)

    def _ask_similar_soon(self) -> None:
        """Ask for articles about the same once this one is dwelt on."""
        if self._similar_timer is not None:
            self._similar_timer.stop()
        self._similar_timer = self._screen.set_timer(_SIMILAR_PAUSE, self._ask_similar)

    def _ask_similar(self) -> None:
        row = self.row
        if row is None:
            return

        def show(rows: tuple[ArticleRow, ...]) -> None:
            if rows and self.stored is not None and self.stored.row.id == row.id:
                self._similar = rows
                self._screen.view.amend(self._compose(self.stored))

        self._screen.access.ask(
            "similar", lambda library: library.search.more_like(row.id, limit=_MOST_SIMILAR), show
        )

    # ── matches ──

    def mark_found(self, query: str) -> None:
        """Mark the matches of a search in the article."""
        if not query:
            self._screen.view.mark_found(None)
            return
        from gvreader.tui.view.match_spans import find_matches

        relaxed = self._screen.searching.relaxed and query == self._screen.searching.query
        self._screen.view.mark_found(lambda texts: find_matches(query, texts, relaxed=relaxed))

    def find(self, text: str) -> None:
        """Find words in this article and go to the first match below."""
        text = text.strip()
        self.mark_found(text)
        view = self._screen.view
        if view.found:
            view.go_to_match(view.match_from_here())
            self._say_match()
        elif text:
            self._screen.notices.say(_("Not in this article."))

    def next_match(self, steps: int) -> None:
        """Go from match to match, round and round."""
        view = self._screen.view
        if not view.found:
            self._screen.notices.say(
                _("Nothing to go to: search with {key} or find with {find} first.").format(
                    key=self._screen.label("search"), find=self._screen.label("find")
                )
            )
            return
        view.go_to_match(view.match + steps if view.match >= 0 else view.match_from_here())
        self._say_match()

    def _say_match(self) -> None:
        view = self._screen.view
        self._screen.notices.say(
            ngettext("match {number} of {n}", "match {number} of {n}", view.found).format(
                number=wording.number(view.match + 1), n=wording.number(view.found)
            )
        )
