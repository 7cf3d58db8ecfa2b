"""Search: results while typing, stale ones dropped, snippets for what is in sight, what was understood, and help."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal

from textual.timer import Timer

from gvreader.export import wording
from gvreader.frozen import dataclass
from gvreader.i18n import _, ngettext
from gvreader.tui.view.sanitize import visible_line

if TYPE_CHECKING:
    from gvreader.archive.library import Library
    from gvreader.archive.library.search import Completion, Explanation
    from gvreader.tui.controllers.host import ReaderHost

_TYPING_PAUSE: Final = 0.09
_SCROLLING_PAUSE: Final = 0.03
Sort = Literal["newest", "relevance", "oldest"]
SORTS: Final[tuple[Sort, ...]] = ("newest", "relevance", "oldest")
_MOST_OFFERED: Final = 6


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What the library says to a query. `explanation` is there where nothing was found."""

    ids: array[int]
    relaxed: bool
    understood: str
    explanation: Explanation | None


@dataclass(frozen=True, slots=True)
class Completing:
    """One choice among completions of `base`, and the text that it makes."""

    base: str
    choices: tuple[Completion, ...]
    number: int

    @property
    def text(self) -> str:
        chosen = self.choices[self.number]
        return self.base[: chosen.start] + chosen.text + self.base[chosen.end :]

    @property
    def cursor(self) -> int:
        chosen = self.choices[self.number]
        return chosen.start + len(chosen.text)


class SearchController:
    """The search line and its results."""

    def __init__(self, screen: ReaderHost) -> None:
        self._screen: Final = screen
        self.active = False
        self.query = ""
        self.sort: Sort = "newest"
        self.relaxed = False
        self.suggestion = ""
        self._completing: Completing | None = None
        self._offered: tuple[str, tuple[Completion, ...]] = ("", ())
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
        self.suggestion = ""
        self._offered = ("", ())
        self._generation += 1
        if self._timer is not None:
            self._timer.stop()  # what waits to be asked would empty the list that comes back
        self._screen.search_bar.display = False
        self._screen.typing.value = ""
        self._screen.reading.mark_found("")

    def typed(self, text: str) -> None:
        """The text of the search line has changed."""
        if not self.active or text.strip() == self.query:
            return
        self.query = text.strip()
        self.suggestion = ""
        self._generation += 1
        self._ask_completions(text)
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
        self.sort = SORTS[(SORTS.index(self.sort) + 1) % len(SORTS)]
        self._ask()

    def scrolled(self) -> None:
        """Other results are in sight: their snippets are wanted."""
        if self.active and self.query:
            self._restart(_SCROLLING_PAUSE, self._ask_snippets)

    # ── help with the query ──

    def complete(self, steps: int) -> bool:
        """Take what is offered for the word being typed, or the next offer; False when there is none."""
        screen = self._screen
        text = screen.typing.value
        last = self._completing
        if last is not None and last.text == text and not text[: last.cursor].endswith(":"):
            self._take(Completing(last.base, last.choices, (last.number + steps) % len(last.choices)))
        elif self.offers:
            self._take(Completing(text, self._offered[1], 0 if steps > 0 else -1))
        elif self.suggestion:
            screen.typing.value = self.suggestion
            screen.typing.cursor_position = len(self.suggestion)
        else:
            return False
        return True

    def _take(self, completing: Completing) -> None:
        self._completing = completing
        self._screen.typing.value = completing.text
        self._screen.typing.cursor_position = completing.cursor

    def take_offer(self, number: int) -> None:
        """Take one of the offers in sight, as by a click on it."""
        if not self.active:
            return
        if number <= len(self.offers):
            self._take(Completing(self._offered[0], self._offered[1], number - 1))
        else:
            self.complete(1)

    @property
    def offers(self) -> list[tuple[str, str]]:
        """What may be completed to now: (text, what it is called)."""
        text, choices = self._offered
        if text != self._screen.typing.value:
            return []
        return [(choice.text, visible_line(choice.label)) for choice in choices[:_MOST_OFFERED]]

    def _ask_completions(self, text: str) -> None:
        cursor = self._screen.typing.cursor_position

        def offer(choices: tuple[Completion, ...]) -> None:
            self._offered = (text, choices)
            self._screen.show_keys()

        self._screen.access.ask("complete", lambda library: library.search.complete(text, cursor), offer)

    # ── questions and answers ──

    def _restart(self, seconds: float, callback: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(seconds, callback)

    def _ask(self) -> None:
        generation, query, sort = self._generation, self.query, self.sort
        if not query:
            self._say("")
            self._screen.articles.show(array("q"))
            return

        def search(library: Library) -> SearchAnswer:
            found = library.search.ids(query, sort=sort)
            explanation = None if len(found.ids) else library.search.explain(query)
            return SearchAnswer(found.ids, found.relaxed, found.understood, explanation)

        self._screen.access.ask("search", search, lambda answer: self._show(generation, answer))

    def _show(self, generation: int, answer: SearchAnswer) -> None:
        if generation != self._generation or not self.active:
            return
        self.relaxed = answer.relaxed
        explanation = answer.explanation
        self.suggestion = explanation.suggestion.text if explanation and explanation.suggestion else ""
        articles = self._screen.articles
        articles.empty_text = self._nothing(explanation) if explanation else ""
        articles.show(answer.ids, snippets=True)
        self._screen.reading.mark_found(self.query)
        self._say(self._summary(len(answer.ids), relaxed=answer.relaxed, understood=answer.understood))
        self._screen.listing.refresh_head()
        self._screen.show_keys()
        self._ask_snippets()

    def _nothing(self, explanation: Explanation) -> str:
        """Why nothing was found, and what may have been meant."""
        parts = [_("Nothing found.")]
        if len(explanation.parts) > 1:
            counts = (f"{visible_line(part)} ({wording.number(count)})" for part, count in explanation.parts)
            parts.append(_("Each part by itself: {counts}.").format(counts=", ".join(counts)))
        if self.suggestion and not self.offers:
            parts.append(
                _("Did you mean “{query}”? Tab searches for it.").format(query=visible_line(self.suggestion))
            )
        return " ".join(parts)

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

        self._screen.access.ask("snippets", snippets, lambda answer: self._annotate(generation, answer))

    def _annotate(self, generation: int, snippets: dict[int, str]) -> None:
        if generation == self._generation:
            self._screen.articles.annotate(snippets)
