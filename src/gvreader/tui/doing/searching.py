"""Search: results while typing, stale ones dropped, snippets for what is in sight, and what was understood."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final, Literal

from textual.timer import Timer

from gvreader.i18n import _, ngettext
from gvreader.outputs import wording
from gvreader.tui.visible import visible_line

if TYPE_CHECKING:
    from gvreader.library import Library
    from gvreader.tui.screens.reader import ReaderScreen

_TYPING_PAUSE: Final = 0.09
_SCROLLING_PAUSE: Final = 0.03
Sort = Literal["newest", "relevance", "oldest"]
_SORTS: Final[tuple[Sort, ...]] = ("newest", "relevance", "oldest")


class Searching:
    """The search line and its results."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen: Final = screen
        self.active = False
        self.query = ""
        self.sort: Sort = "newest"
        self.relaxed = False
        self._generation = 0
        self._timer: Timer | None = None

    def open(self, query: str | None = None) -> None:
        """Show the search line, typing where it was left; `query` replaces what it says."""
        screen = self._screen
        if not self.active:
            self.active = True
            screen.listing.keep()
            self._say("")
        screen.search_bar.display = True
        if query is not None:
            screen.typing.value = query
            screen.typing.cursor_position = len(query)
        screen.go("list")
        screen.typing.open()
        screen.show_keys()

    def close(self) -> None:
        """Leave the search for the place that was shown before."""
        if self.active:
            self.leave()
            self._screen.listing.come_back()
            self._screen.go("list")

    def leave(self) -> None:
        """Take the search line away without showing anything else."""
        self.active = False
        self.query = ""
        self.relaxed = False
        self._generation += 1
        self._screen.search_bar.display = False
        self._screen.typing.value = ""
        self._screen.reading.mark_found("")

    def typed(self, text: str) -> None:
        """The text of the search line has changed."""
        if not self.active or text.strip() == self.query:
            return
        self.query = text.strip()
        self._generation += 1
        self._restart(_TYPING_PAUSE, self._ask)

    def entered(self) -> None:
        """Go from the search line to the results; without any text, back to the place."""
        if not self.query:
            self.close()
            return
        self._restart(0.001, self._ask)
        self._screen.go("list")

    def next_sort(self) -> None:
        """Sort the results the next way."""
        if not self.active:
            self._screen.notices.say(_("Sorting is for search results; elsewhere the newest comes first."))
            return
        self.sort = _SORTS[(_SORTS.index(self.sort) + 1) % len(_SORTS)]
        self._ask()

    def scrolled(self) -> None:
        """Other results are in sight: their snippets are wanted."""
        if self.active and self.query:
            self._restart(_SCROLLING_PAUSE, self._ask_snippets)

    # ── questions and answers ──

    def _restart(self, seconds: float, callback: object) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(seconds, callback)  # type: ignore[arg-type]

    def _ask(self) -> None:
        generation, query, sort = self._generation, self.query, self.sort
        if not query:
            self._say("")
            self._screen.articles.show(array("q"))
            return

        def search(library: Library) -> tuple[array[int], bool, str]:
            found = library.search.ids(query, sort=sort)
            return found.ids, found.relaxed, found.understood

        self._screen.desk.ask("search", search, lambda answer: self._show(generation, *answer))

    def _show(self, generation: int, ids: array[int], relaxed: bool, understood: str) -> None:
        if generation != self._generation or not self.active:
            return
        self.relaxed = relaxed
        articles = self._screen.articles
        articles.empty_text = _("Nothing found.")
        articles.show(ids, snippets=True)
        self._screen.reading.mark_found(self.query)
        self._say(self._summary(len(ids), relaxed=relaxed, understood=understood))
        self._screen.listing.refresh_head()
        self._ask_snippets()

    def _summary(self, count: int, *, relaxed: bool, understood: str) -> str:
        sorts = {"newest": _("newest first"), "relevance": _("best first"), "oldest": _("oldest first")}
        parts = [
            ngettext("{n} result", "{n} results", count).format(n=wording.number(count)),
            sorts[self.sort],
        ]
        if relaxed:
            parts.append(_("marks ignored"))
        if understood and understood.casefold() != self.query.casefold():
            parts.append(_("understood as {query}").format(query=visible_line(understood)))
        return " · ".join(parts)

    def _say(self, text: str) -> None:
        self._screen.search_info.show(text)

    def _ask_snippets(self) -> None:
        wanted = self._screen.articles.lacks_snippets()
        if wanted is None or not self.query:
            return
        first, count = wanted
        generation, query, sort = self._generation, self.query, self.sort

        def snippets(library: Library) -> dict[int, str]:
            results = library.search.find(query, sort=sort, limit=count, offset=first, snippets=True)
            return {hit.row.id: hit.snippet for hit in results.hits}

        self._screen.desk.ask("snippets", snippets, lambda answer: self._annotate(generation, answer))

    def _annotate(self, generation: int, snippets: dict[int, str]) -> None:
        if generation == self._generation:
            self._screen.articles.annotate(snippets)
