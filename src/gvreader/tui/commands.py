"""Which piece of code does each action of the registry."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from gvreader.i18n import _
from gvreader.tui.actions import PANES
from gvreader.tui.controllers.dialogs import Dialogs
from gvreader.tui.view.layout import Widths
from gvreader.tui.widgets.article_view import MEASURES

if TYPE_CHECKING:
    from gvreader.tui.screens.reader import ReaderScreen

Handler = Callable[[int | None], None]
_RESIZE_STEP: Final = 2


class Commands:
    """Every action by name. A handler gets the number typed before the key, or None."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen: Final = screen
        self._asking: Final = Dialogs(screen)
        self._table: Final[dict[str, Handler]] = {
            **self._moving(),
            **self._articles(),
            **self._archive(),
            **self._program(),
        }

    @property
    def names(self) -> frozenset[str]:
        """The actions that have a handler."""
        return frozenset(self._table)

    def do(self, name: str, count: int | None) -> None:
        """Do an action."""
        self._table[name](count)

    def _moving(self) -> dict[str, Handler]:
        return {
            "down": lambda count: self._move(count or 1),
            "up": lambda count: self._move(-(count or 1)),
            "page-down": lambda count: self._page(count or 1),
            "page-up": lambda count: self._page(-(count or 1)),
            "half-down": lambda count: self._page((count or 1) / 2),
            "half-up": lambda count: self._page(-(count or 1) / 2),
            "first": lambda count: self._go_to(count - 1 if count else 0),
            "last": lambda count: self._go_to(count - 1 if count else None),
            "open": self._open,
            "back": lambda _count: self._back(),
            "next-pane": lambda _count: self._next_pane(1),
            "previous-pane": lambda _count: self._next_pane(-1),
        }

    def _articles(self) -> dict[str, Handler]:
        screen = self._screen
        reading, marking, searching, sharing = (
            screen.reading,
            screen.marking,
            screen.searching,
            screen.sharing,
        )
        asking = self._asking
        return {
            "next-article": lambda count: reading.step(count or 1),
            "previous-article": lambda count: reading.step(-(count or 1)),
            "next-unread": lambda _count: reading.next_unread(),
            "pictures": asking.pictures,
            "changes": lambda _count: asking.changes(),
            "star": lambda _count: marking.toggle_star(),
            "read": lambda _count: marking.toggle_read(),
            "tag": lambda _count: asking.tag(),
            "undo": lambda _count: marking.undo(),
            "read-all": lambda _count: marking.read_all(),
            "star-all": lambda _count: marking.star_all(),
            "tag-all": lambda _count: asking.tag_all(),
            "mark-all": lambda _count: asking.mark_all(),
            "results": lambda _count: searching.entered(),
            "complete": lambda count: searching.take_offer(count or 1),
            "search": lambda _count: searching.open(),
            "find": lambda _count: asking.find(),
            "next-match": lambda count: self._next_match(count or 1),
            "previous-match": lambda count: self._next_match(-(count or 1)),
            "sort": lambda _count: searching.next_sort(),
            "save-search": lambda _count: asking.save_search(),
            "forget-search": lambda _count: asking.forget_search(),
            "browse": sharing.browse,
            "copy-link": lambda _count: sharing.copy_link(),
            "copy-citation": lambda _count: sharing.copy_citation(),
            "copy-text": lambda _count: sharing.copy_text(),
            "export": lambda _count: asking.export(),
        }

    def _archive(self) -> dict[str, Handler]:
        screen, asking = self._screen, self._asking
        return {
            "sync": lambda _count: screen.syncing.start(),
            "arrivals": lambda _count: screen.listing.show_arrivals(),
            "log": lambda _count: asking.log(),
            "coverage": lambda _count: asking.coverage(),
            "backfill": lambda _count: asking.backfill(),
            "import": lambda _count: asking.import_files(),
            "demo": lambda _count: asking.leave_for("demo"),
            "verify": lambda _count: asking.leave_for("verify", "--repair"),
            "rebuild": lambda _count: asking.leave_for("rebuild"),
            "try-again": lambda _count: screen.try_again(),
        }

    def _program(self) -> dict[str, Handler]:
        asking = self._asking
        return {
            "zen": lambda _count: self._zen(),
            "narrower": lambda count: self._resize(-(count or 1)),
            "wider": lambda count: self._resize(count or 1),
            "shorter-lines": lambda _count: self._measure(-1),
            "longer-lines": lambda _count: self._measure(1),
            "theme": lambda _count: self._theme(),
            "palette": lambda _count: asking.palette(),
            "help": lambda _count: asking.help(),
            "suspend": lambda _count: self._screen.app.action_suspend_process(),
            "quit": lambda _count: self._screen.quit(),
        }

    # ── moving ──

    def _move(self, steps: int) -> None:
        screen = self._screen
        if screen.plate.display:
            screen.plate.jump(screen.plate.scroll_offset.y + steps)
        elif screen.pane == "places":
            screen.places.move(steps)
        elif screen.pane == "list":
            screen.articles.move(
                screen.articles.cursor + steps, jump=abs(steps) > screen.articles.items_per_page
            )
        else:
            screen.view.jump(screen.view.scroll_offset.y + steps)

    def _page(self, pages: float) -> None:
        screen = self._screen
        if screen.pane == "places":
            screen.places.move(round(pages * screen.places.page))
        elif screen.pane == "list":
            screen.articles.move(screen.articles.cursor + round(pages * screen.articles.items_per_page))
        else:
            # Two lines stay in sight, to go on reading from.
            screen.view.jump(screen.view.scroll_offset.y + round(pages * max(screen.view.page - 2, 1)))

    def _go_to(self, position: int | None) -> None:
        screen = self._screen
        if screen.pane == "places":
            count = len(screen.places.places)
            screen.places.move(count if position is None else -count)
            screen.places.move(position or 0)
        elif screen.pane == "list":
            screen.articles.move(len(screen.articles.rows) if position is None else position, jump=True)
        else:
            screen.view.jump(screen.view.virtual_size.height if position is None else position)

    def _open(self, count: int | None) -> None:
        screen = self._screen
        if screen.pane == "places":
            place = screen.places.current
            if place is not None and place.chosen:
                screen.listing.show_place(place)
                screen.go("places" if place.kind == "year" else "list")
        elif screen.pane == "list":
            if count is not None:
                screen.articles.move(count - 1, jump=True)
            screen.reading.open()
        elif count is not None:
            screen.sharing.open_link(count)

    def _back(self) -> None:
        screen = self._screen
        if screen.pane == "text" and screen.reading.go_back():
            return
        if screen.zen:
            self._zen()
        elif screen.pane == "text":
            screen.reading.leave()
            screen.go("list")
        elif screen.searching.active:
            screen.searching.close()
        elif screen.pane == "list" and not screen.plate.display:
            screen.go("places")

    def _next_pane(self, steps: int) -> None:
        screen = self._screen
        screen.zen = False
        screen.go(PANES[(PANES.index(screen.pane) + steps) % len(PANES)])

    # ── one article ──

    def _next_match(self, steps: int) -> None:
        screen = self._screen
        if screen.pane == "text" or screen.view.display:
            screen.reading.next_match(steps)
        else:
            self._move(steps)

    # ── looks ──

    def _zen(self) -> None:
        screen = self._screen
        if screen.pane != "text":
            screen.reading.open()
        if screen.pane == "text":
            screen.zen = not screen.zen
            screen.go("text")

    def _resize(self, steps: int) -> None:
        screen = self._screen
        cells = steps * _RESIZE_STEP
        if screen.pane == "places" and screen.places.display:
            screen.widths = Widths(places=screen.places.size.width + cells, articles=screen.widths.articles)
        else:
            # In the text, a narrower pane is a wider list.
            change = -cells if screen.pane == "text" else cells
            width = screen.middle.size.width
            screen.widths = Widths(places=screen.widths.places, articles=width + change)
        screen.lay_out()

    def _measure(self, steps: int) -> None:
        view = self._screen.view
        nearest = min(range(len(MEASURES)), key=lambda index: abs(MEASURES[index] - view.measure))
        view.set_measure(MEASURES[max(0, min(nearest + steps, len(MEASURES) - 1))])
        self._screen.notices.say(_("{n} characters a line").format(n=view.measure))

    def _theme(self) -> None:
        from gvreader.tui.view.colours import THEMES

        app = self._screen.app
        names = list(THEMES)
        self._screen.themed = True
        app.theme = names[(names.index(app.theme) + 1) % len(names)]
        titles = {"dark": _("dark"), "light": _("light"), "terminal": _("the terminal's own")}
        self._screen.notices.say(_("Colours: {name}").format(name=titles[app.theme]))
