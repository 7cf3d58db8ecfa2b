"""Which piece of code does each action of the registry."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from gvreader.errors import GvreaderError
from gvreader.i18n import _
from gvreader.outputs import wording
from gvreader.tui.actions import PANES
from gvreader.tui.choices import Entry
from gvreader.tui.layout import Widths
from gvreader.tui.pages import COMMANDS
from gvreader.tui.places import ALL, Place
from gvreader.tui.services import ExportFormat
from gvreader.tui.visible import visible_line
from gvreader.tui.widgets.article_view import MEASURES

if TYPE_CHECKING:
    from gvreader.library import Library, Run
    from gvreader.model import Revision, StoredArticle
    from gvreader.tui.screens.reader import ReaderScreen

Handler = Callable[[int | None], None]
_RESIZE_STEP: Final = 2
_RUNS_IN_LOG: Final = 8


class Handlers:
    """Every action by name. A handler gets the number typed before the key, or None."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen: Final = screen
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
        return {
            "next-article": lambda count: reading.step(count or 1),
            "previous-article": lambda count: reading.step(-(count or 1)),
            "next-unread": lambda _count: reading.next_unread(),
            "pictures": self._pictures,
            "changes": lambda _count: self._changes(),
            "star": lambda _count: marking.toggle_star(),
            "read": lambda _count: marking.toggle_read(),
            "tag": lambda _count: self._tag(),
            "undo": lambda _count: marking.undo(),
            "read-all": lambda _count: marking.read_all(),
            "star-all": lambda _count: marking.star_all(),
            "tag-all": lambda _count: self._tag_all(),
            "results": lambda _count: searching.entered(),
            "search": lambda _count: searching.open(),
            "find": lambda _count: self._find(),
            "next-match": lambda count: self._next_match(count or 1),
            "previous-match": lambda count: self._next_match(-(count or 1)),
            "sort": lambda _count: searching.next_sort(),
            "save-search": lambda _count: self._save_search(),
            "forget-search": lambda _count: self._forget_search(),
            "browse": sharing.browse,
            "copy-link": lambda _count: sharing.copy_link(),
            "copy-citation": lambda _count: sharing.copy_citation(),
            "copy-text": lambda _count: sharing.copy_text(),
            "export": lambda _count: self._export(),
        }

    def _archive(self) -> dict[str, Handler]:
        screen = self._screen
        return {
            "sync": lambda _count: screen.syncing.start(),
            "arrivals": lambda _count: screen.listing.show_arrivals(),
            "log": lambda _count: self._log(),
            "coverage": lambda _count: self._coverage(),
            "how-to-backfill": lambda _count: self._how_to("how-to-backfill"),
            "how-to-import": lambda _count: self._how_to("how-to-import"),
            "how-to-demo": lambda _count: self._how_to("how-to-demo"),
            "try-again": lambda _count: screen.try_again(),
        }

    def _program(self) -> dict[str, Handler]:
        return {
            "zen": lambda _count: self._zen(),
            "narrower": lambda count: self._resize(-(count or 1)),
            "wider": lambda count: self._resize(count or 1),
            "shorter-lines": lambda _count: self._measure(-1),
            "longer-lines": lambda _count: self._measure(1),
            "theme": lambda _count: self._theme(),
            "palette": lambda _count: self._palette(),
            "help": lambda _count: self._help(),
            "suspend": lambda _count: self._screen.app.action_suspend_process(),
            "quit": lambda _count: self._screen.app.exit(0),
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
        if screen.zen:
            self._zen()
        elif screen.pane == "text":
            screen.reading.leave()
            screen.go("list")
        elif screen.searching.active:
            screen.searching.close()
        elif screen.syncing.running:
            screen.syncing.stop()
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

    def _find(self) -> None:
        self._screen.pick(
            _("Find in this article"), (), self._screen.reading.find, free=True, placeholder=_("words")
        )

    def _tag(self) -> None:
        if self._screen.target() is not None:
            self._ask_tag(_("Tag, or take a tag away"), self._screen.marking.tag)

    def _tag_all(self) -> None:
        self._ask_tag(_("Tag the whole list"), self._screen.marking.tag_all)

    def _ask_tag(self, question: str, then: Callable[[str], None]) -> None:
        screen = self._screen
        tags = screen.ask_at_once(lambda library: library.marks.tags()) or ()
        entries = [Entry(tag.tag, f"#{visible_line(tag.tag)}", wording.number(tag.articles)) for tag in tags]
        screen.pick(question, entries, then, free=True, placeholder=_("a tag"))

    def _pictures(self, count: int | None) -> None:
        from gvreader.tui.screens.pictures import PicturesSheet

        screen = self._screen
        stored = self._article()
        if stored is None:
            return
        if not stored.article.images:
            screen.notice(_("This article has no pictures."))
            return

        def view(url: str) -> None:
            screen.sharing.open_copy(url)

        screen.app.push_screen(
            PicturesSheet(stored.article.images, self._picture, view, first=(count or 1) - 1)
        )

    def _picture(self, url: str) -> bytes | None:
        try:
            return self._screen.desk.services.picture(url)
        except GvreaderError as error:
            self._screen.notice(str(error), loud=True)
            return None

    def _article(self) -> StoredArticle | None:
        screen = self._screen
        row = screen.target()
        shown = screen.reading.stored
        if row is None or (shown is not None and shown.row.id == row.id):
            return shown if row is not None else None
        return screen.desk.stored(row.id)

    def _changes(self) -> None:
        screen = self._screen
        row = screen.target()
        if row is None:
            return
        if row.revision < 2:
            screen.notice(_("This article was never revised."))
            return

        def read(library: Library) -> tuple[tuple[Revision, ...], list[StoredArticle]]:
            history = library.articles.history(row.id)
            stored = [library.articles.get(str(row.id), revision=revision.number) for revision in history]
            return history, [one for one in stored if one is not None]

        from gvreader.tui.screens.revisions import RevisionsSheet

        history, stored = screen.ask_at_once(read) or ((), [])
        if len(stored) == len(history) > 1:
            screen.app.push_screen(RevisionsSheet(history, stored))
        else:
            screen.notice(_("Only the current revision is in this archive."))

    def _export(self) -> None:
        screen = self._screen
        row = screen.reading.row if screen.pane == "text" else screen.articles.current
        count = wording.number(len(screen.articles.rows))
        entries = []
        if row is not None:
            entries = [
                Entry("article markdown", _("This article as Markdown"), "m"),
                Entry("article jsonl", _("This article as JSON"), "j"),
            ]
        if len(screen.articles.rows):
            entries += [
                Entry("list markdown", _("This list as Markdown, {n} articles").format(n=count), "M"),
                Entry("list jsonl", _("This list as JSON Lines, {n} articles").format(n=count), "J"),
            ]
        formats: dict[str, ExportFormat] = {"markdown": "markdown", "jsonl": "jsonl"}

        def chosen(answer: str) -> None:
            what, _blank, name = answer.partition(" ")
            screen.sharing.export(row if what == "article" else None, formats[name])

        if entries:
            screen.pick(_("Export"), entries, chosen, choose=True)
        else:
            screen.notice(_("The list is empty."))

    # ── searches ──

    def _save_search(self) -> None:
        screen = self._screen
        query = screen.searching.query if screen.searching.active else screen.listing.place.query
        if not query:
            screen.notice(_("Search for something first, then save it."))
            return

        def save(name: str) -> None:
            screen.desk.write(
                lambda library: library.marks.save(name, query), lambda _answer: screen.listing.ask_counts()
            )
            screen.notice(_("Saved as {name}").format(name=name))

        screen.pick(_("Save this search as"), (), save, free=True, value=query)

    def _forget_search(self) -> None:
        screen = self._screen
        place = screen.places.current
        if place is None or place.kind != "saved":
            screen.notice(_("Go to a saved search first."))
            return
        name = place.key.removeprefix("saved:")

        def forget() -> None:
            screen.desk.write(
                lambda library: library.marks.forget(name), lambda _answer: screen.listing.ask_counts()
            )
            screen.listing.show_place(Place(key=ALL, kind="view", title=_("Everything")))

        screen.confirm(_("Forget the saved search {name}?").format(name=place.title), forget)

    # ── the archive ──

    def _log(self) -> None:
        from gvreader.tui.screens.log import log_pieces
        from gvreader.tui.screens.sheet import PiecesSheet

        screen = self._screen
        runs: tuple[Run, ...] = ()
        if not screen.plate.display:
            runs = screen.ask_at_once(lambda library: library.journal.last_runs(limit=_RUNS_IN_LOG)) or ()
        screen.app.push_screen(PiecesSheet(_("Log of the sync"), log_pieces(screen.syncing, runs)))

    def _coverage(self) -> None:
        from gvreader.tui.screens.coverage import CoverageSheet, coverage

        screen = self._screen
        sheet = CoverageSheet()

        def chosen(month: str | None) -> None:
            if month:
                title = _("{month}/{year}").format(month=month[5:], year=month[:4])
                screen.listing.show_place(
                    Place(key=f"month:{month}", kind="month", title=title, query=f"on:{month}")
                )
                screen.go("list")

        screen.app.push_screen(sheet, chosen)
        screen.desk.ask("coverage", lambda library: coverage(library.status()), sheet.show)

    def _how_to(self, name: str) -> None:
        command = COMMANDS[name]
        self._screen.notice(
            _("Quit with {key}, then type: {command}").format(
                key=self._screen.label("quit"), command=command
            ),
            seconds=30,
        )

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
        self._screen.notice(_("{n} characters a line").format(n=view.measure))

    def _theme(self) -> None:
        from gvreader.tui.ink import THEMES

        app = self._screen.app
        names = list(THEMES)
        app.theme = names[(names.index(app.theme) + 1) % len(names)]
        titles = {"dark": _("dark"), "light": _("light"), "terminal": _("the terminal's own")}
        self._screen.notice(_("Colours: {name}").format(name=titles[app.theme]))

    # ── finding one's way ──

    def _palette(self) -> None:
        keymap = self._screen.keymap
        entries = [
            Entry(action.name, action.title, keymap.label(action.name)) for action in keymap.actions.values()
        ]
        self._screen.pick("", entries, self._screen.act, placeholder=_("What do you want to do?"))

    def _help(self) -> None:
        from gvreader.tui.guide import help_entries

        def chosen(name: str) -> None:
            if name in self.names:
                self._screen.act(name)

        entries = help_entries(self._screen.keymap)
        self._screen.pick(_("Help"), entries, chosen, placeholder=_("type to search the help"))
