"""Which piece of code does each action of the registry."""

from __future__ import annotations

from typing import Final, assert_never

from gvreader.i18n import _
from gvreader.tui.actions import PANES, ActionName
from gvreader.tui.dialogs import Dialogs
from gvreader.tui.reader_host import WholeReader
from gvreader.tui.view.layout import Widths
from gvreader.tui.widgets.article_view import MEASURES

_RESIZE_STEP: Final = 2


class Commands:
    """Every action by name. A handler gets the number typed before the key, or None."""

    def __init__(self, screen: WholeReader) -> None:
        self._screen: Final = screen
        self._dialogs: Final = Dialogs(screen)

    def do(self, name: ActionName, count: int | None) -> None:
        """Do an action. mypy refuses a name without a case."""
        screen, dialogs = self._screen, self._dialogs
        match name:
            case "down":
                self._move(count or 1)
            case "up":
                self._move(-(count or 1))
            case "page-down":
                self._page(count or 1)
            case "page-up":
                self._page(-(count or 1))
            case "half-down":
                self._page((count or 1) / 2)
            case "half-up":
                self._page(-(count or 1) / 2)
            case "first":
                self._go_to(count - 1 if count else 0)
            case "last":
                self._go_to(count - 1 if count else None)
            case "open":
                self._open(count)
            case "back":
                self._back()
            case "next-pane":
                self._next_pane(1)
            case "previous-pane":
                self._next_pane(-1)
            case "next-article":
                screen.reading.step(count or 1)
            case "previous-article":
                screen.reading.step(-(count or 1))
            case "next-unread":
                screen.reading.next_unread()
            case "pictures":
                dialogs.pictures(count)
            case "changes":
                dialogs.changes()
            case "star":
                screen.marking.toggle_star()
            case "read":
                screen.marking.toggle_read()
            case "tag":
                dialogs.tag()
            case "undo":
                screen.marking.undo()
            case "read-all":
                screen.marking.read_all()
            case "star-all":
                screen.marking.star_all()
            case "tag-all":
                dialogs.tag_all()
            case "mark-all":
                dialogs.mark_all()
            case "results":
                screen.searching.entered()
            case "complete":
                screen.searching.take_offer(count or 1)
            case "search":
                screen.searching.open()
            case "find":
                dialogs.find()
            case "next-match":
                self._next_match(count or 1)
            case "previous-match":
                self._next_match(-(count or 1))
            case "sort":
                screen.searching.next_sort()
            case "save-search":
                dialogs.save_search()
            case "forget-search":
                dialogs.forget_search()
            case "browse":
                screen.sharing.browse(count)
            case "copy-link":
                screen.sharing.copy_link()
            case "copy-citation":
                screen.sharing.copy_citation()
            case "copy-text":
                screen.sharing.copy_text()
            case "export":
                dialogs.export()
            case "sync":
                screen.syncing.start()
            case "arrivals":
                screen.listing.show_arrivals()
            case "log":
                dialogs.log()
            case "coverage":
                dialogs.coverage()
            case "backfill":
                dialogs.backfill()
            case "import":
                dialogs.import_files()
            case "demo":
                dialogs.leave_for("demo")
            case "verify":
                dialogs.leave_for("verify", "--repair")
            case "rebuild":
                dialogs.leave_for("rebuild")
            case "try-again":
                screen.try_again()
            case "zen":
                self._zen()
            case "narrower":
                self._resize(-(count or 1))
            case "wider":
                self._resize(count or 1)
            case "shorter-lines":
                self._measure(-1)
            case "longer-lines":
                self._measure(1)
            case "theme":
                self._theme()
            case "palette":
                dialogs.palette()
            case "help":
                dialogs.help()
            case "suspend":
                screen.app.action_suspend_process()
            case "repaint":
                screen.app.app_resume_signal.publish(screen.app)
            case "quit":
                screen.quit()
            case _:
                assert_never(name)

    # ── moving ──

    def _move(self, steps: int) -> None:
        screen = self._screen
        if screen.empty_state.display:
            screen.empty_state.jump(screen.empty_state.scroll_offset.y + steps)
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
        elif screen.pane == "list" and not screen.empty_state.display:
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
        from gvreader.tui.view.colours import themes_for

        app = self._screen.app
        names = list(themes_for())
        if len(names) == 1:
            self._screen.notices.say(_("This terminal has its own colours, or none, and no others."))
            return
        self._screen.themed = True
        app.theme = names[(names.index(app.theme) + 1) % len(names)]
        titles = {"dark": _("dark"), "light": _("light"), "terminal": _("the terminal's own")}
        self._screen.notices.say(_("Colours: {name}").format(name=titles[app.theme]))
