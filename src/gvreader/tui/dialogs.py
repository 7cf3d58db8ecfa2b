"""What asks or shows something over the reader: pickers for tags, formats and actions; sheets for the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gvreader.errors import GvreaderError
from gvreader.export import wording
from gvreader.export.formats import FORMATS, ExportFormat, export_formats
from gvreader.i18n import _, ngettext
from gvreader.model import ArticleRow, Problem
from gvreader.tui.actions import action_name
from gvreader.tui.view.choices import PickerEntry
from gvreader.tui.view.places import ALL, Place
from gvreader.tui.view.sanitize import visible_line

if TYPE_CHECKING:
    from gvreader.archive.library import Library, RunRecord
    from gvreader.model import Revision, StoredArticle
    from gvreader.tui.reader_host import WholeReader

_RUNS_IN_LOG: Final = 8
_MOST_FILES: Final = 50
_IMPORTABLE: Final = (".warc", ".warc.gz", ".arc", ".arc.gz", ".wacz", ".jsonl")


def _last_runs(library: Library) -> list[tuple[RunRecord, Sequence[Problem]]]:
    """The last runs, the last of them with what failed in it."""
    runs = library.journal.last_runs(limit=_RUNS_IN_LOG)
    told: list[tuple[RunRecord, Sequence[Problem]]] = [(run, ()) for run in runs]
    if runs:
        problems = library.journal.problems(runs[0].id)
        told[0] = (
            runs[0],
            [Problem(url=problem.url, kind=problem.kind, detail=problem.detail) for problem in problems],
        )
    return told


def _importable(folder: Path) -> list[str]:
    """Names of files that look as if they could be imported."""
    try:
        names = (entry.name for entry in folder.iterdir() if entry.name.lower().endswith(_IMPORTABLE))
        return sorted(islice(names, _MOST_FILES))
    except OSError:
        return []


class Dialogs:
    """Opens the screens over the reader. They are imported when they are opened."""

    def __init__(self, screen: WholeReader) -> None:
        self._screen: Final = screen

    # ── one article ──

    def find(self) -> None:
        """Ask for words and find them in the article."""
        self._screen.pick(
            _("Find in this article"), (), self._screen.reading.find, free=True, placeholder=_("words")
        )

    def tag(self) -> None:
        """Ask for a tag of the article."""
        if self._screen.target() is not None:
            self._ask_tag(_("Tag, or take a tag away"), self._screen.marking.tag)

    def tag_all(self, *, value: bool = True) -> None:
        """Ask for a tag of the whole list."""
        question = _("Tag the whole list") if value else _("Take a tag off the whole list")
        self._ask_tag(question, lambda name: self._screen.marking.tag_all(name, value=value))

    def mark_all(self) -> None:
        """Ask how to mark the whole list: a place, or whatever a search found."""
        marking = self._screen.marking
        changes: dict[str, tuple[str, Callable[[], None]]] = {
            "r": (_("Read"), marking.read_all),
            "u": (_("Unread"), lambda: marking.read_all(value=False)),
            "s": (_("With a star"), marking.star_all),
            "S": (_("Without a star"), lambda: marking.star_all(value=False)),
            "t": (_("With a tag…"), self.tag_all),
            "T": (_("Without a tag…"), lambda: self.tag_all(value=False)),
        }
        count = len(self._screen.articles.rows)
        if not count:
            self._screen.notices.say(_("The list is empty."))
            return
        question = ngettext(
            "Mark the {n} article of this list", "Mark all {n} articles of this list", count
        ).format(n=wording.number(count))
        entries = [PickerEntry(key, title, key) for key, (title, _change) in changes.items()]
        self._screen.pick(question, entries, lambda answer: changes[answer][1](), choose=True)

    def _ask_tag(self, question: str, then: Callable[[str], None]) -> None:
        screen = self._screen
        tags = screen.ask_at_once(lambda library: library.marks.tags()) or ()
        entries = [
            PickerEntry(tag.tag, f"#{visible_line(tag.tag)}", wording.number(tag.articles)) for tag in tags
        ]
        screen.pick(question, entries, then, free=True, new=_("new tag"), placeholder=_("a tag"))

    def pictures(self, count: int | None) -> None:
        """Show the pictures of the article, from one of them on."""
        from gvreader.tui.screens.pictures import PicturesSheet

        screen = self._screen
        stored = self._article()
        if stored is None:
            return
        if not stored.article.images:
            screen.notices.say(_("This article has no pictures."))
            return

        def view(url: str) -> None:
            screen.sharing.open_copy(url)

        screen.app.push_screen(
            PicturesSheet(stored.article.images, self._picture, view, first=(count or 1) - 1)
        )

    def _picture(self, url: str) -> bytes | None:
        try:
            return self._screen.access.services.picture(url)
        except GvreaderError as error:
            self._screen.notices.say(str(error), loud=True)
            return None

    def _article(self) -> StoredArticle | None:
        screen = self._screen
        row = screen.target()
        shown = screen.reading.stored
        if row is None or (shown is not None and shown.row.id == row.id):
            return shown if row is not None else None
        return screen.access.stored(row.id)

    def changes(self) -> None:
        """Show what changed between the revisions of the article."""
        screen = self._screen
        row = screen.target()
        if row is None:
            return
        if row.revision < 2:
            screen.notices.say(_("This article was never revised."))
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
            screen.notices.say(_("Only the current revision is in this archive."))

    def export(self) -> None:
        """Ask what to export, and how."""
        screen = self._screen
        row = screen.reading.row if screen.pane == "text" else screen.articles.current
        count = wording.number(len(screen.articles.rows))
        try:
            formats = export_formats()
        except GvreaderError as error:
            screen.notices.say(str(error))
            formats = FORMATS
        offered = [one for one in formats if one.title]
        choices: list[tuple[str, ArticleRow | None, ExportFormat]] = []
        if row is not None:
            choices += [
                (_("This article: {format}").format(format=_(one.title)), row, one)
                for one in offered
                if one.for_one
            ]
        if len(screen.articles.rows):
            choices += [
                (_("This list: {format}, {n} articles").format(format=_(one.title), n=count), None, one)
                for one in offered
            ]
        entries = [
            PickerEntry(str(number), title, str(number))
            for number, (title, _row, _one) in enumerate(choices, 1)
        ]

        def chosen(answer: str) -> None:
            _title, of, one = choices[int(answer) - 1]
            screen.sharing.export(of, one)

        if entries:
            screen.pick(_("Export"), entries, chosen, choose=True)
        else:
            screen.notices.say(_("The list is empty."))

    # ── searches ──

    def save_search(self) -> None:
        """Ask for a name and save the search under it."""
        screen = self._screen
        query = screen.searching.query if screen.searching.active else screen.listing.place.query
        if not query:
            screen.notices.say(_("Search for something first, then save it."))
            return

        def save(name: str) -> None:
            screen.access.write(
                lambda library: library.marks.save(name, query), lambda _answer: screen.listing.ask_counts()
            )
            screen.notices.say(_("Saved as {name}").format(name=name))

        screen.pick(_("Save this search as"), (), save, free=True, value=query)

    def forget_search(self) -> None:
        """Forget the saved search under the cursor, after a question."""
        screen = self._screen
        place = screen.places.current
        if place is None or place.kind != "saved":
            screen.notices.say(_("Go to a saved search first."))
            return
        name = place.key.removeprefix("saved:")

        def forget() -> None:
            screen.access.write(
                lambda library: library.marks.forget(name), lambda _answer: screen.listing.ask_counts()
            )
            screen.listing.show_place(Place(key=ALL, kind="view", title=_("Everything")))

        screen.confirm(_("Forget the saved search {name}?").format(name=place.title), forget)

    # ── the archive ──

    def log(self) -> None:
        """Show the log."""
        from gvreader.tui.screens.log import LogSheet

        screen = self._screen
        runs: list[tuple[RunRecord, Sequence[Problem]]] = []
        if not screen.empty_state.display:
            runs = screen.ask_at_once(_last_runs) or []
        screen.app.push_screen(LogSheet(screen.syncing, runs))

    def coverage(self) -> None:
        """Show the months, and then the one that is chosen."""
        from gvreader.tui.screens.coverage import CoverageSheet
        from gvreader.tui.view.coverage import gather_coverage

        screen = self._screen
        sheet = CoverageSheet(screen.access.services.now())

        def chosen(month: str | None) -> None:
            if month:
                title = _("{month}/{year}").format(month=month[5:], year=month[:4])
                screen.listing.show_place(
                    Place(key=f"month:{month}", kind="month", title=title, query=f"on:{month}")
                )
                screen.go("list")

        screen.app.push_screen(sheet, chosen)
        screen.access.ask("coverage", gather_coverage, sheet.show)

    def backfill(self) -> None:
        """Fill the archive from a public web archive, after a question."""
        self._screen.confirm(
            _("Ask the Internet Archive for the portal's pages? It takes an hour or more."),
            lambda: self._screen.syncing.start(backfill=True),
        )

    def import_files(self) -> None:
        """Ask what to import, and leave for it."""
        screen = self._screen

        def chosen(typed: str) -> None:
            path = Path(typed).expanduser()
            if path.exists():
                self.leave_for("import", str(path.absolute()))
            else:
                screen.notices.say(_("There is no file {path}.").format(path=visible_line(typed)), loud=True)

        screen.pick(
            _("Import which file or folder?"),
            [PickerEntry(name, name) for name in _importable(Path.cwd())],
            chosen,
            free=True,
            placeholder=_("WARC, WACZ, saved pages, or our own JSON Lines"),
        )

    def leave_for(self, *command: str) -> None:
        """Close the reader for a command that needs the terminal."""
        self._screen.access.services.leave_for(command)
        self._screen.quit()

    # ── finding one's way ──

    def palette(self) -> None:
        """Ask for an action by name, and do it."""
        keymap = self._screen.keymap
        entries = [
            PickerEntry(action.name, action.title, keymap.label(action.name))
            for action in keymap.actions.values()
        ]
        self._screen.pick(
            "",
            entries,
            lambda name: self._screen.act(action_name(name)),
            placeholder=_("What do you want to do?"),
        )

    def help(self) -> None:
        """Show every key; Enter does what is chosen."""
        from gvreader.tui.view.help import help_entries

        def chosen(name: str) -> None:
            if name:
                self._screen.act(action_name(name))

        entries = help_entries(self._screen.keymap)
        self._screen.pick(_("Help"), entries, chosen, placeholder=_("type to search the help"))
