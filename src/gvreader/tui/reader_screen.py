"""The reader's one main screen: places, list and text; it hands every key to the action that it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input

from gvreader.errors import ArchiveDamaged, ArchiveGone, GvreaderError, NothingMatched
from gvreader.i18n import _
from gvreader.model import ArticleRow
from gvreader.tui.actions import (
    AFTER_ESCAPE,
    ON_PAGES_ONLY,
    PANES,
    Action,
    ActionName,
    Keymap,
    Pane,
    action_name,
    key_name,
)
from gvreader.tui.commands import Commands
from gvreader.tui.controllers.article_list import ListController
from gvreader.tui.controllers.background_sync import SyncController
from gvreader.tui.controllers.live_search import SORTS, SearchController
from gvreader.tui.controllers.marking import MarkController
from gvreader.tui.controllers.notifications import Notifications
from gvreader.tui.controllers.reading import ArticleController
from gvreader.tui.controllers.sharing import SharingController
from gvreader.tui.messages import (
    ActionAsked,
    Answered,
    ArticleChosen,
    CursorMoved,
    DividerMoved,
    LinkChosen,
    ListScrolled,
    PlaceChosen,
    SyncEnded,
    SyncHappened,
    TextScrolled,
)
from gvreader.tui.preload import PreloadedList
from gvreader.tui.screens.modal import KeyAfterEscape, hand_on, is_from_program, parted
from gvreader.tui.ui_state import UiState
from gvreader.tui.view import state_pages
from gvreader.tui.view.choices import PickerEntry
from gvreader.tui.view.header import HeaderLine
from gvreader.tui.view.layout import Widths, arrange
from gvreader.tui.view.sanitize import visible_line
from gvreader.tui.view.state_pages import StatePage
from gvreader.tui.widgets.article_list import ArticleList
from gvreader.tui.widgets.article_view import MEASURE, ArticleView
from gvreader.tui.widgets.empty_state import EmptyState
from gvreader.tui.widgets.frame import Divider, KeyHint, KeyLine, Masthead, NoticeLine
from gvreader.tui.widgets.places_pane import PlacesPane
from gvreader.tui.widgets.search_bar import SearchInfo, SearchPrompt
from gvreader.tui.widgets.typing_line import TypingLine

if TYPE_CHECKING:
    from gvreader.archive.library import Library
    from gvreader.tui.library_access import LibraryAccess

Answer = TypeVar("Answer")
_POLL_SECONDS = 2.0
_GREETING_SECONDS = 20.0
_DIGITS = "0123456789"
_MOST_COUNT = 1_000_000


class ReaderScreen(Screen[None]):
    """Panes, keys and the line of notices; what the reader does lives in `commands` and `controllers`."""

    AUTO_FOCUS: ClassVar[str | None] = ""
    DEFAULT_CSS = """
    ReaderScreen {
        background: $background;
        overflow: hidden;
        & > Masthead { height: 2; }
        & > NoticeLine, & > KeyLine { height: 1; }
        & > Horizontal, & > EmptyState { height: 1fr; }
        & > Horizontal > Vertical, & ArticleList { height: 1fr; }
        & Divider { width: 1; height: 1fr; }
        & #search { height: auto; display: none; }
        & #search-line { height: 1; }
        & SearchPrompt { width: 3; height: 1; }
        & SearchInfo { height: 1; }
        & > EmptyState { display: none; }
    }
    """

    def __init__(
        self,
        access: LibraryAccess,
        keymap: Keymap,
        first: Future[PreloadedList],
        *,
        start: str,
        ui_state: UiState,
    ) -> None:
        super().__init__()
        self.access = access
        self.keymap = keymap
        self.pane: Pane = "list"
        self.zen = False
        self.themed = False
        self.greeting = ""
        self.mounted: Callable[[], None] = lambda: None
        self.widths = Widths(places=ui_state.places, articles=ui_state.articles)
        self._first = first
        self._ui_state = ui_state
        self._start = start
        self._count = ""
        self.masthead = Masthead()
        self.places = PlacesPane()
        self.articles = ArticleList(self._rows)
        self.view = ArticleView()
        self.empty_state = EmptyState()
        self.middle = Vertical()
        self._panes = Horizontal()
        self._left_divider = Divider("left")
        self._right_divider = Divider("right")
        self.notice_line = NoticeLine()
        self.key_line = KeyLine()
        self.typing = TypingLine(self._typed, self._press_while_typing, self.press)
        self.search_info = SearchInfo()
        self.search_bar = Vertical(
            Horizontal(SearchPrompt(), self.typing, id="search-line"), self.search_info, id="search"
        )
        self.notices = Notifications(self)
        self.listing = ListController(self)
        self.reading = ArticleController(self)
        self.marking = MarkController(self)
        self.searching = SearchController(self)
        self.sharing = SharingController(self)
        self.syncing = SyncController(self)
        self._commands = Commands(self)
        self.view.measure = ui_state.measure or self.view.measure
        self.searching.sort = next((sort for sort in SORTS if sort == ui_state.sort), self.searching.sort)

    def compose(self) -> ComposeResult:
        yield self.masthead
        with self._panes:
            yield self.places
            yield self._left_divider
            with self.middle:
                yield self.search_bar
                yield self.articles
            yield self._right_divider
            yield self.view
        yield self.empty_state
        yield self.notice_line
        yield self.key_line

    def on_mount(self) -> None:
        self.access.deliver_to(self._deliver)
        self.go("list")
        if self._first.done():
            # The list is in the first paint.
            self.on_answered(Answered(self._first, self.listing.first_answer))
        else:
            self.access.expect(self._first, self.listing.first_answer)
        # Counting would only delay the first paint.
        self.call_after_refresh(self.listing.ask_counts)
        self.set_interval(_POLL_SECONDS, self.listing.poll)
        if self.greeting:
            self.notices.say(self.greeting, action="sync", seconds=_GREETING_SECONDS)
        self.notices.say_conflicts(self.keymap)
        if self._start:
            self.searching.open(self._start)
        self.mounted()

    def _deliver(self, future: Future[Any], handler: Callable[[Any], None]) -> None:
        self.post_message(Answered(future, handler))

    # ── panes ──

    def go(self, pane: Pane) -> None:
        """Give a pane the keys, showing it where only some are shown."""
        self.pane = pane
        self.lay_out()
        self._focus_pane()
        self.show_keys()
        if self.view.display and pane != "text":
            self.reading.preview_soon()

    def _focus_pane(self) -> None:
        panes = {"places": self.places, "list": self.articles, "text": self.view}
        self.set_focus(
            self.empty_state if self.empty_state.display else panes[self.pane], scroll_visible=False
        )

    def lay_out(self) -> None:
        """Give each pane its width in a terminal of this size."""
        width, height = self.app.size
        layout = arrange(width, height, self.pane, wishes=self.widths, zen=self.zen)
        for widget, cells in (
            (self.places, layout.places),
            (self.middle, layout.articles),
            (self.view, layout.text),
        ):
            widget.display = cells > 0
            if cells:
                widget.styles.width = cells
        self._left_divider.display = bool(layout.places and (layout.articles or layout.text))
        self._right_divider.display = bool(layout.articles and layout.text)
        self.masthead.styles.height = 2 if layout.rules else 1
        self.masthead.align(layout.heading)
        self.notice_line.display = layout.rules or bool(self.notice_line.text)
        self.key_line.display = layout.rules or not self.notice_line.text
        self.view.set_centred(centred=not layout.articles and not layout.places)

    def on_resize(self, _event: events.Resize) -> None:
        self.lay_out()
        if self.view.display and self.pane != "text":
            self.reading.preview_soon()

    def on_divider_moved(self, message: DividerMoved) -> None:
        places = self.places.size.width if self.places.display else 0
        if message.divider == "left" and self.articles.display:
            self.widths = Widths(places=message.column, articles=self.widths.articles)
        else:
            edge = places + 1 if places and self.articles.display else 0
            self.widths = Widths(places=self.widths.places, articles=message.column - edge)
        self.lay_out()

    # ── keys ──

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self.press(event)

    def on_paste(self, event: events.Paste) -> None:
        if self.focused is self.typing:
            self.typing.take_paste(event)

    def press(self, event: events.Key) -> None:
        """Hand a key to whatever it is for: a screen above, the search line, a page's choice, or an action."""
        if is_from_program(self.app, event):
            return
        if not self.is_active:
            hand_on(self.app, event)
            return
        if event.key.startswith("alt+") and not self._action_for(key_name(event.key, None)):
            for part in parted(event):
                self.press(part)
            return
        if self.focused is self.typing and not isinstance(event, KeyAfterEscape):
            self.typing.take(event)
            return
        key = key_name(event.key, event.character)
        if self.empty_state.display and (choice := self.empty_state.choice(key)):
            self.act(choice)
            return
        if len(key) == 1 and key in _DIGITS and (self._count or key != "0"):
            self._count = str(min(int(self._count + key), _MOST_COUNT))
            self.show_keys()
            return
        if key == "escape" and not self._count and self.esc_stops_sync:
            self.syncing.stop()
            return
        if (steps := self.keymap.chains.get(key)) and not isinstance(event, KeyAfterEscape):
            self._count = ""
            self._do_all(steps)
            return
        action = self._action_for(key)
        count, self._count = int(self._count or 0) or None, ""
        if count is not None:
            self.show_keys()
            if key == "escape":
                return
        if action is not None and not (isinstance(event, KeyAfterEscape) and action.name not in AFTER_ESCAPE):
            self.act(action.name, count if action.counted else None)

    def _do_all(self, steps: Sequence[str]) -> None:
        """Do what the configuration puts on one key, one after the other."""
        for step in steps:
            if step in self.keymap.actions:
                self.act(action_name(step))
            else:
                self.sharing.pipe(step)

    @property
    def esc_stops_sync(self) -> bool:
        """Whether Esc stops the sync here: it leaves the text and a search first."""
        return (
            self.syncing.running
            and not self.syncing.stopping
            and self.pane != "text"
            and not self.searching.active
        )

    def _press_while_typing(self, event: events.Key) -> bool:
        if event.key in ("tab", "shift+tab") and self.searching.complete(1 if event.key == "tab" else -1):
            return True
        if event.key in ("tab", "shift+tab"):
            self.notices.say(_("Nothing to complete here."), seconds=1.5)
        elif event.key in ("down", "pagedown"):
            self.typing.leave()
            self._typed(True)
        elif event.key == "ctrl+q":
            self.quit()
        else:
            return False
        return True

    def _typed(self, entered: bool) -> None:
        self.searching.typed(self.typing.value)
        if entered:
            self.searching.entered()
        else:
            self.searching.close()

    def _action_for(self, key: str) -> Action | None:
        action = self.keymap.action_for(self.pane, key)
        if action is None and len(key) == 1:
            # A Vietnamese input method left on turns `dd` into `đ`: the key meant is the letter without its mark.
            from gvreader.vietnamese import fold

            plain = fold(key)
            action = self.keymap.action_for(self.pane, plain.upper() if key.isupper() else plain)
        return action

    def act(self, name: ActionName, count: int | None = None) -> None:
        """Do an action, unless a page stands where it would act."""
        if self.empty_state.display and not self._works_on_pages(name):
            return
        self._commands.do(name, count)

    def _works_on_pages(self, name: ActionName) -> bool:
        action = self.keymap.actions.get(name)
        return name in ON_PAGES_ONLY if action is None else action.on_pages

    def label(self, action: ActionName) -> str:
        """The key of an action as it is shown, the one that works where the keys are."""
        return self.keymap.label(action, self.pane)

    def show_keys(self) -> None:
        """Show the keys that matter where the keys are."""
        if self.focused is self.typing:
            self.key_line.show(self._keys_while_typing())
            return
        shown = []
        for action in self.keymap.actions.values():
            label = self.label(action.name)
            if not action.footer or self.pane not in action.footer_in or not label:
                continue
            if self.empty_state.display and not action.on_pages:
                continue
            if action.paired_with is not None:
                label = f"{label} {self.label(action.paired_with)}"
            shown.append(KeyHint(label, action.footer, action.name))
        self.key_line.show(shown, prefix=self._count)

    def _keys_while_typing(self) -> tuple[KeyHint, ...]:
        offers = [f"{text} {label}".strip() for text, label in self.searching.offers]
        if self.searching.suggestion and not offers:
            offers = [visible_line(self.searching.suggestion)]
        usual = (KeyHint("⏎", _("to the results"), "results"), KeyHint("Esc", _("back"), "back"))
        if not offers:
            return usual
        others = tuple(KeyHint("", offer, "complete", number) for number, offer in enumerate(offers[1:], 2))
        return (KeyHint("⇥", offers[0], "complete"), *usual, *others)

    # ── asking ──

    def pick(
        self, question: str, entries: Sequence[PickerEntry], then: Callable[[str], None], **options: Any
    ) -> None:
        """Ask with a picker and act on the answer, if there is one."""
        from gvreader.tui.screens.picker import Picker

        def answered(answer: str | None) -> None:
            if answer is not None:
                then(answer)

        self.app.push_screen(Picker(question, entries, **options), answered)

    def confirm(self, question: str, then: Callable[[], None]) -> None:
        """Ask yes or no."""
        entries = [PickerEntry("yes", _("Yes"), "y"), PickerEntry("no", _("No"), "n")]
        self.pick(question, entries, lambda answer: then() if answer == "yes" else None, choose=True)

    def ask_at_once(self, job: Callable[[Library], Answer]) -> Answer | None:
        """Ask the library something quick; None, and trouble shown, when it cannot answer."""
        try:
            return self.access.at_once(job)
        except GvreaderError as error:
            self.trouble(error)
            return None

    def target(self) -> ArticleRow | None:
        """The article that an action is about: the one being read, or the one under the list's cursor."""
        row = self.reading.row if self.pane == "text" else self.articles.current
        if row is None:
            self.notices.say(_("No article here."))
        return row

    def quit(self, code: int = 0) -> None:
        """Leave the reader, remembering where the text was left and how the screen looked."""
        self.reading.leave()
        ui_state = self.ui_state()
        if ui_state != self._ui_state:
            self.access.services.remember(ui_state.dump())
        self.app.exit(code)

    def ui_state(self) -> UiState:
        """How the reader looks now, as far as that was the reader's wish."""
        return UiState(
            theme=self.app.theme if self.themed else self._ui_state.theme,
            measure=self.view.measure if self.view.measure != MEASURE else None,
            places=self.widths.places,
            articles=self.widths.articles,
            sort=self.searching.sort if self.searching.sort != SORTS[0] else None,
        )

    # ── pages in place of the panes ──

    def show_emptiness(self, *, empty: bool) -> None:
        """Show the first-start page over an empty archive, and take it away when something has arrived."""
        if empty:
            self._show_page(state_pages.welcome(self.access.services.archive, self.keymap))
        elif self.empty_state.display:
            self._hide_page()

    def trouble(self, error: Exception) -> None:
        """Show what went wrong: a page for what stops everything, else a line. Raises what no user can mend."""
        if not isinstance(error, GvreaderError):
            raise error
        if isinstance(error, NothingMatched):
            if not self.empty_state.display:
                self._show_page(state_pages.welcome(self.access.services.archive, self.keymap))
        elif isinstance(error, ArchiveDamaged | ArchiveGone) or self.listing.counts is None:
            self._show_page(state_pages.trouble(error, self.keymap))
        else:
            said = " ".join(part for part in (str(error), error.advice) if part)
            self.notices.say(said, loud=True, seconds=15)

    def try_again(self) -> None:
        """Open the library anew after trouble."""
        self._hide_page()
        self.access.reopen()
        self.listing.ask_counts()
        self.listing.show_place(self.listing.place)

    def _show_page(self, page: StatePage) -> None:
        self._panes.display = False
        self.empty_state.display = True
        self.empty_state.show(page)
        self._focus_pane()
        self.masthead.show(HeaderLine(portal="gvreader"))
        self.show_keys()

    def _hide_page(self) -> None:
        self._panes.display = True
        self.empty_state.display = False
        self.go(self.pane)

    # ── what is reported ──

    def on_answered(self, message: Answered) -> None:
        error = message.future.exception()
        if error is None:
            message.handler(message.future.result())
        elif isinstance(error, Exception):
            self.marking.failed()
            self.trouble(error)
        else:
            raise error

    def on_cursor_moved(self, _message: CursorMoved) -> None:
        if self.view.display and self.pane != "text":
            self.reading.preview_soon()

    def on_article_chosen(self, _message: ArticleChosen) -> None:
        self.reading.open()

    def on_place_chosen(self, _message: PlaceChosen) -> None:
        self.pane = "places"
        self.act("open")

    def on_link_chosen(self, message: LinkChosen) -> None:
        self.sharing.open_link(message.number)

    def on_list_scrolled(self, _message: ListScrolled) -> None:
        self.searching.scrolled()

    def on_text_scrolled(self, _message: TextScrolled) -> None:
        shown = self.view.composition is not None and self.view.display
        self.notice_line.show_right(f"{self.view.percent} %" if shown else "")

    def on_action_asked(self, message: ActionAsked) -> None:
        self.act(action_name(message.name), message.count)

    def on_input_changed(self, event: Input.Changed) -> None:
        self.searching.typed(event.value)

    def on_sync_happened(self, message: SyncHappened) -> None:
        self.syncing.happened(message.event)

    def on_sync_ended(self, message: SyncEnded) -> None:
        self.syncing.ended(message.error, stopped=message.stopped)

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        panes: dict[object, Pane] = dict(zip((self.places, self.articles, self.view), PANES, strict=True))
        pane = panes.get(self.focused)
        if pane is not None and pane != self.pane:
            self.pane = pane
            self.lay_out()
            self.show_keys()

    def _rows(self, ids: Sequence[int]) -> Sequence[ArticleRow]:
        try:
            return self.access.rows(ids)
        except GvreaderError as error:
            self.call_later(self.trouble, error)
            return ()
