"""Taking articles elsewhere: the browser, the clipboard, files."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from textual import events

from gvreader.errors import GvreaderError
from gvreader.export import wording
from gvreader.export.formats import ExportFormat
from gvreader.i18n import _, ngettext
from gvreader.model import ArticleRow
from gvreader.tui.view.document import Link
from gvreader.tui.view.sanitize import visible_line

if TYPE_CHECKING:
    from gvreader.app.desktop import HandOver
    from gvreader.archive.library import Library
    from gvreader.tui.clipboard import Copied
    from gvreader.tui.controllers.host import ReaderHost


class SharingController:
    """Opening, copying and exporting. Whatever may take long runs beside the screen."""

    def __init__(self, screen: ReaderHost) -> None:
        self._screen: Final = screen
        self.commands: dict[str, Sequence[str]] = {}

    # ── opening ──

    def browse(self, number: int | None) -> None:
        """Open the article in the browser, or one of its links by number."""
        if number is not None:
            self.open_link(number)
            return
        row = self._screen.target()
        if row is not None:
            self._open(row.url, copy_first=row.gone is not None)

    def open_link(self, number: int) -> None:
        """Open a numbered link: an article of the archive here, a file in its viewer, anything else in the browser."""
        composition = self._screen.view.composition
        links = composition.links if composition else ()
        if not 1 <= number <= len(links):
            self._screen.notices.say(_("There is no link {n} here.").format(n=number))
            return
        link = links[number - 1]
        if link.kind == "file":
            self._screen.view.show_link(number)
            self._open(link.target, copy_first=True)
        else:
            self._open_here_or_outside(link, number)

    def _open_here_or_outside(self, link: Link, number: int) -> None:
        screen = self._screen

        def answered(article: int | None) -> None:
            stored = screen.access.stored(article) if article is not None else None
            if stored is not None:
                screen.reading.show_article(stored)
            else:
                screen.view.show_link(number)
                self._open(link.target)

        def find(library: Library) -> int | None:
            from gvreader.tui.view.resolve import article_at

            return article_at(library, link.target, portal)

        row = screen.reading.row
        portal = row.portal if row is not None else ""
        screen.access.ask("link", find, answered)

    def _open(self, url: str, *, copy_first: bool = False) -> None:
        app = self._screen.app
        if app.is_web:
            # The reader sits in a browser already; this machine may be far from it.
            from gvreader.export.html import safe_link

            if link := safe_link(url):
                app.open_url(link)
            return
        services = self._screen.access.services

        def opened() -> str:
            if copy_first and (copy := services.open_copy(url)) and copy.is_taken:
                return _("Opened the archive's own copy ({program}).").format(program=copy.program)
            outcome = services.open_url(url, self._in_terminal)
            return (
                _("Opened in the browser ({program}).").format(program=outcome.program)
                if (outcome.is_taken)
                else self._not_opened(outcome)
            )

        self.beside(opened)

    def _in_terminal(self, command: Sequence[str]) -> int:
        from gvreader.tui.foreground import run_from_thread

        return run_from_thread(self._screen.app, self._screen.app, command)

    def _not_opened(self, outcome: HandOver) -> str:
        key = self._screen.label("copy-link")
        if not outcome.program:
            return _("There is no browser here; {key} copies the link.").format(key=key)
        return _("{program} did not open it (exit code {code}); {key} copies the link.").format(
            program=outcome.program, code=outcome.code, key=key
        )

    # ── copying ──

    def copy_link(self) -> None:
        """Copy the article's address."""
        if row := self._screen.target():
            self._copy(row.url, _("Link copied"))

    def copy_citation(self) -> None:
        """Copy a citation of the article."""
        if row := self._screen.target():
            self._copy_made(lambda: self._screen.access.services.cite(row), _("Citation copied"))

    def copy_text(self) -> None:
        """Copy the whole text of the article."""
        stored = self._screen.reading.stored
        row = self._screen.target()
        if row is not None and (stored is None or stored.row.id != row.id):
            stored = self._screen.access.stored(row.id)
        if stored is not None:
            self._copy(f"{stored.article.title}\n\n{stored.article.text}\n", _("Text copied"))

    def open_copy(self, url: str) -> None:
        """Open the archive's copy of a picture in the system's viewer."""
        services = self._screen.access.services

        def opened() -> str:
            outcome = services.open_copy(url)
            if outcome is None:
                return _("The archive has no copy of this picture.")
            if outcome.is_taken:
                return _("Opened in the viewer ({program}).").format(program=outcome.program)
            return _("No program here opens this picture.")

        self.beside(opened)

    def _copy(self, text: str, said: str) -> None:
        self._copy_made(lambda: text, said)

    def _copy_made(self, make: Callable[[], str], said: str) -> None:
        def copied() -> str:
            from gvreader.tui.clipboard import LONGEST_OSC_52, copy

            text = make()
            result = copy(text)
            shown = visible_line(text)
            if result.sequence:
                self._screen.post_message(events.Callback(callback=lambda: self._ask_terminal(text, result)))
            if result.taken_by:
                return f"{said} ({', '.join(result.taken_by)}): {shown}"
            if result.sequence:
                return _("Handed to the terminal's clipboard: {text}").format(text=shown)
            if len(text.encode("utf-8", "replace")) > LONGEST_OSC_52:
                return _("Too long for the terminal's clipboard; {key} exports it.").format(
                    key=self._screen.label("export")
                )
            return _("No clipboard here. {text}").format(text=shown)

        self.beside(copied)

    def _ask_terminal(self, text: str, result: Copied) -> None:
        app = self._screen.app
        if app.is_web or app.is_headless:
            app.copy_to_clipboard(text)
        elif app._driver is not None:
            app._driver.write(result.sequence)

    def pipe(self, name: str) -> None:
        """Give the terminal and the article's text to one of the reader's own commands."""
        from gvreader.tui.foreground import CANNOT_RUN, run_in_foreground

        screen = self._screen
        row = screen.target()
        stored = screen.access.stored(row.id) if row is not None else None
        if stored is None:
            return
        article = stored.article
        about = {
            "GVREADER_KEY": stored.row.key,
            "GVREADER_URL": stored.row.url,
            "GVREADER_TITLE": article.title,
        }
        text = f"{article.title}\n{stored.row.url}\n\n{article.text}\n"
        code = run_in_foreground(screen.app, self.commands[name], text.encode("utf-8", "replace"), about)
        if code == CANNOT_RUN:
            screen.notices.say(_("{name} could not be run here.").format(name=name), loud=True)
        elif code:
            screen.notices.say(
                _("{name} ended with exit code {code}.").format(name=name, code=code), loud=True
            )

    # ── exporting ──

    def export(self, row: ArticleRow | None, export_format: ExportFormat) -> None:
        """Write one article, or the whole list for None, to a file of the reader's."""
        ids = (row.id,) if row is not None else tuple(self._screen.articles.rows.ids)
        title = row.title if row is not None else self._screen.listing.title
        services = self._screen.access.services

        def exported() -> str:
            path = services.export(export_format, ids, title)
            return ngettext(
                "{n} article written to {path}", "{n} articles written to {path}", len(ids)
            ).format(n=wording.number(len(ids)), path=path)

        self._screen.notices.say(_("Exporting…"), seconds=600)
        self.beside(exported)

    def beside(self, work: Callable[[], str]) -> None:
        """Run `work` beside the screen and say what it returns, or why it failed."""
        screen = self._screen

        def run() -> None:
            loud = False
            try:
                said = work()
            except GvreaderError as error:
                said, loud = " ".join(part for part in (str(error), error.advice) if part), True
            except OSError as error:
                said, loud = str(error), True
            screen.post_message(
                events.Callback(callback=lambda: screen.notices.say(said, loud=loud, seconds=10))
            )

        threading.Thread(target=run, name="gvreader-beside", daemon=True).start()
