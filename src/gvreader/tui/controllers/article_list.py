"""Which articles the list shows: places, arrivals that are announced and not inserted, and the counts around them."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from gvreader.export import wording
from gvreader.frozen import dataclass
from gvreader.i18n import _, ngettext
from gvreader.model import ArticleRow
from gvreader.tui.preload import portal_name
from gvreader.tui.view.header import HeaderLine
from gvreader.tui.view.labels import ago
from gvreader.tui.view.places import (
    ALL,
    Counts,
    Place,
    gather,
    places,
)

if TYPE_CHECKING:
    from gvreader.archive.library import Library
    from gvreader.tui.controllers.host import ReaderHost
    from gvreader.tui.preload import PreloadedList


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The list as it would be now, and how many of its articles are not in the one that is shown."""

    ids: array[int]
    fresh: int
    first: int


def compare(shown: array[int], now: array[int]) -> Arrivals:
    """What changed between the list that is shown and the same list asked for again."""
    known = set(shown)
    fresh = [position for position, article in enumerate(now) if article not in known]
    return Arrivals(ids=now, fresh=len(fresh), first=fresh[0] if fresh else 0)


def query_ids(library: Library, query: str) -> array[int]:
    """Every article of a place, newest first."""
    return library.search.ids(query, sort="newest").ids if query else library.articles.ids()


class ListController:
    """The list of the current place."""

    def __init__(self, screen: ReaderHost) -> None:
        self._screen: Final = screen
        self.place = Place(key=ALL, kind="view", title=_("Everything"))
        self.counts: Counts | None = None
        self.arrivals: Arrivals | None = None
        self._version: int | None = None
        self._first_portal = "gvreader"
        self._open_year = ""
        self._base: tuple[array[int], int] | None = None

    # ── showing ──

    def show_place(self, place: Place) -> None:
        """Show a place from its first article on."""
        self._screen.searching.leave()
        self.place = place
        self._screen.places.shown = place.key
        self._screen.places.renew()
        self.arrivals = None
        if place.kind == "year":
            self._open_year = (
                "" if self._open_year == place.key.removeprefix("year:") else place.key.removeprefix("year:")
            )
            self._show_places()
        self._screen.access.ask("list", lambda library: query_ids(library, place.query), self._show_list)

    def first_answer(self, first: PreloadedList) -> None:
        """Show the list that was asked for before the screen was there."""
        self._first_portal = first.portal
        self._show_list(first.ids, first.rows)

    def keep(self) -> None:
        """Remember the list and its cursor, to come back to after a search."""
        articles = self._screen.articles
        current = articles.current
        self._base = (articles.rows.ids, current.id if current else 0)

    def come_back(self) -> None:
        """Show again what `keep` remembered."""
        if self._base is None:
            return
        (ids, article), self._base = self._base, None
        self._set_empty_text()
        position = ids.index(article) if article in ids else 0
        self._screen.articles.show(ids, cursor=position)
        self.refresh_head()

    def _show_list(self, ids: array[int], rows: Sequence[ArticleRow] = ()) -> None:
        if self._screen.searching.active:
            self._base = (ids, 0)
            return
        self._set_empty_text()
        self._screen.articles.show(ids, rows=rows)
        self.refresh_head()

    def _set_empty_text(self) -> None:
        texts = {
            "unread": _("Everything is read."),
            "starred": _("Nothing is starred yet. Press {key} on an article.").format(
                key=self._screen.label("star")
            ),
            "changed": _("No article was revised since it was first seen."),
            "gone": _("Nothing was taken off the portal."),
        }
        self._screen.articles.empty_text = texts.get(self.place.key, _("Nothing here."))

    # ── counts ──

    def show_counts(self, counts: Counts) -> None:
        """Show new counts everywhere; an archive with nothing in it gets the first-start page."""
        self.counts = counts
        self._show_places()
        self.refresh_head()
        self._screen.show_emptiness(empty=counts.overview.articles == 0)

    def ask_counts(self) -> None:
        """Count everything again."""
        self._screen.access.ask("counts", gather, self.show_counts)

    def refresh_head(self) -> None:
        """Say in the masthead where we are."""
        screen = self._screen
        overview = self.counts.overview if self.counts else None
        counted = screen.places.place(self.place.key)
        # While arrivals wait, the list is shorter than its place: both numbers are those of the places pane.
        shown = len(screen.articles.rows) if counted is None or counted.count is None else counted.count
        numbers = wording.articles(shown) if overview or shown else ""
        if counted and counted.unread:
            numbers += ", " + _("{n} unread").format(n=wording.number(counted.unread))
        run = overview.last_run if overview else None
        state = ""
        if run is not None and run.finished is not None:
            when = ago(run.finished, screen.access.services.now())
            state = _("synced {when}").format(when=when) + (" ✓" if run.complete else " ⚠")
        if screen.searching.active:
            numbers = ""
        screen.masthead.show(HeaderLine(self._portal(), self._title(), numbers, state))

    @property
    def title(self) -> str:
        """What the list is, for an export of it: the portal, and the place or the search."""
        searching = self._screen.searching
        return f"{self._portal()}: {searching.query if searching.active else self._title()}"

    def _title(self) -> str:
        return _("Search") if self._screen.searching.active else self.place.title.lstrip("▸▾ ")

    def _portal(self) -> str:
        return portal_name(self.counts.portals) if self.counts else self._first_portal

    def _show_places(self) -> None:
        if self.counts is not None:
            self._screen.places.show(places(self.counts, open_year=self._open_year))

    # ── what other processes and our own sync bring ──

    def poll(self) -> None:
        """Ask whether anything was committed since the last time."""
        self._screen.access.ask("version", lambda library: library.version(), self._check_version)

    def _check_version(self, version: int) -> None:
        before, self._version = self._version, version
        appeared = before is None and self._screen.empty_state.display
        if appeared or (before is not None and before != version):
            self.look_again()

    def look_again(self) -> None:
        """Something changed: count again, fetch the rows in sight again, and see what is new in this list."""
        self._screen.articles.renew_rows()
        self.ask_counts()
        if self._screen.searching.active:
            return
        shown, query = self._screen.articles.rows.ids, self.place.query
        self._screen.access.ask(
            "arrivals", lambda library: (query, compare(shown, query_ids(library, query))), self._announce
        )

    def _announce(self, answer: tuple[str, Arrivals]) -> None:
        query, arrivals = answer
        if query != self.place.query or self._screen.searching.active:
            return
        if not len(self._screen.articles.rows):
            self._screen.articles.show(arrivals.ids)
            self.refresh_head()
            return
        self.arrivals = arrivals
        self._screen.notices.refresh()

    def announcement(self) -> str:
        """What the line of notices says of arrivals, if there are any."""
        if self.arrivals is None or not self.arrivals.fresh:
            return ""
        return ngettext(
            "{n} new, press {key} to see it", "{n} new, press {key} to see them", self.arrivals.fresh
        ).format(n=wording.number(self.arrivals.fresh), key=self._screen.label("arrivals"))

    def show_arrivals(self) -> None:
        """Show the list as it is now, the cursor on the newest arrival."""
        arrivals, self.arrivals = self.arrivals, None
        if arrivals is None or not arrivals.fresh:
            self._screen.notices.say(_("Nothing new here."))
            return
        self._screen.articles.show(arrivals.ids, cursor=arrivals.first)
        self._screen.notices.refresh()
        self.refresh_head()
