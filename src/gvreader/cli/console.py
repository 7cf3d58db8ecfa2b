"""Where the command line speaks: data on stdout, narration on stderr; colour only on a terminal."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import BinaryIO, Final, Literal, TextIO

from gvreader.export.terminal_text import printable, shorten, wrap
from gvreader.i18n import with_reasons
from gvreader.sanitize import for_console

Style = Literal["bold", "dim", "accent", "match", "bad"]

_STYLES: Final[Mapping[Style, str]] = {
    "bold": "1",
    "dim": "2",
    "accent": "36",
    "match": "1;33",
    "bad": "31",
}
_COLOURLESS: Final[Mapping[Style, str]] = {"bold": "1", "dim": "2", "accent": "", "match": "1", "bad": "1"}
_CLEAR_LINE: Final = "\r\x1b[K"
_MEASURE: Final = 100
_USUAL_COLUMNS: Final = 80
_NARROWEST: Final = 20


class Console:
    """stdout and stderr with the reader's wishes applied (`NO_COLOR`, `--quiet`, `--verbose`)."""

    def __init__(
        self,
        out: TextIO,
        err: TextIO,
        *,
        environ: Mapping[str, str] = os.environ,
        quiet: bool = False,
        verbose: bool = False,
    ) -> None:
        self._out = out
        self._err = err
        self.quiet = quiet
        self.verbose = verbose
        self._columns = environ.get("COLUMNS", "")
        self._pager = "" if environ.get("NO_PAGER") else environ.get("PAGER", "less")
        dumb = environ.get("TERM", "") in ("", "dumb")
        self.out_is_terminal = out.isatty()
        self.err_is_terminal = err.isatty()
        self._styles = _COLOURLESS if environ.get("NO_COLOR") else _STYLES
        self.styled = self.out_is_terminal and not dumb
        self._lively = self.err_is_terminal and not dumb and not quiet
        self._status = ""

    @property
    def columns(self) -> int:
        """Width of the terminal, as COLUMNS or the terminal says; 80 where there is none."""
        if self._columns.isdecimal() and int(self._columns):
            return max(int(self._columns), _NARROWEST)
        for stream in (self._out, self._err):
            try:
                return max(os.get_terminal_size(stream.fileno()).columns, _NARROWEST)
            except (OSError, ValueError):
                continue
        return _USUAL_COLUMNS

    @property
    def measure(self) -> int:
        """Width that running text is wrapped to: a readable line at most, on a terminal."""
        return min(self.columns, _MEASURE)

    # ── data ────────────────────────────────────────────────────────────────────────────────────

    def data(self, line: str = "") -> None:
        """One line of the command's answer. Page text in it must be made printable by the caller."""
        self.write(line + "\n")

    def write(self, text: str) -> None:
        """A piece of the command's answer that brings its own line ends."""
        self._hide_status()
        self._out.write(for_console(text, styled=self.styled))

    def pour(self, stream: BinaryIO) -> None:
        """The command's answer where it is bytes, not text."""
        self._hide_status()
        self._out.flush()
        import shutil

        shutil.copyfileobj(stream, self._out.buffer)

    @contextmanager
    def paged(self, *, wanted: bool = True) -> Iterator[None]:
        """Collect what is written in the block; a terminal that it is too long for gets it through $PAGER.

        Without `wanted`, under NO_PAGER, in a pipe and where the pager cannot be started it is written as it is.
        """
        if not wanted or not self._pager or not self.styled:
            yield
            return
        out, self._out = self._out, io.StringIO()
        try:
            yield
        finally:
            text, self._out = self._out.getvalue(), out
            if not self._through_pager(text):
                self.write(text)

    def _through_pager(self, text: str) -> bool:
        """Whether the pager took the text."""
        import shlex
        import subprocess

        try:
            rows = os.get_terminal_size(self._out.fileno()).lines
        except (OSError, ValueError):
            return False
        try:
            command = shlex.split(self._pager)
        except ValueError:  # a quote without its end
            return False
        if text.count("\n") < rows or not command:
            return False
        self.flush()
        # `less` shows colours and leaves a short text on the screen, unless the user says otherwise.
        environ = {"LESS": "FRX"} | dict(os.environ)
        try:
            pager = subprocess.Popen(command, stdin=subprocess.PIPE, env=environ)  # noqa: S603 - the user's own
        except OSError:
            return False
        with suppress(BrokenPipeError, KeyboardInterrupt):
            pager.communicate(text.encode("utf-8", "backslashreplace"))
        pager.wait()
        return True

    def lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.data(line)

    def style(self, text: str, style: Style) -> str:
        """`text` in a style when stdout is a terminal, else as it is."""
        code = self._styles[style] if self.styled else ""
        return f"\x1b[{code}m{text}\x1b[0m" if code and text else text

    # ── narration ───────────────────────────────────────────────────────────────────────────────

    def say(self, message: str) -> None:
        """A line of narration, unless `--quiet`."""
        if not self.quiet:
            self._tell(printable(message))

    def detail(self, message: str) -> None:
        """A line that only `--verbose` shows."""
        if self.verbose:
            self._tell(printable(message))

    def trouble(self, message: str, advice: str = "") -> None:
        """What went wrong and what to do about it: one paragraph each, also under `--quiet`."""
        width = self.measure if self.err_is_terminal else 1_000_000
        for paragraph in filter(None, (f"gvreader: {with_reasons(message)}", advice)):
            for line in wrap(printable(paragraph), width):
                self._tell(line)

    def raw_error(self, text: str) -> None:
        """Several lines of diagnosis as they are, made printable line by line."""
        for line in text.splitlines():
            self._tell(printable(line))

    def _tell(self, line: str) -> None:
        shown = self._status
        self._hide_status()
        self._out.flush()
        self._err.write(line + "\n")
        if shown:
            self.status(shown)
        self._err.flush()

    # ── the status line ─────────────────────────────────────────────────────────────────────────

    @property
    def has_status(self) -> bool:
        """Whether `status` shows anything: stderr is a terminal that can redraw a line."""
        return self._lively

    def status(self, line: str) -> None:
        """Replace the status line; an empty one removes it."""
        if not self._lively:
            return
        self._status = line
        self._err.write(_CLEAR_LINE + shorten(printable(line), self.columns - 1))
        self._err.flush()

    def _hide_status(self) -> None:
        if self._status:
            self._status = ""
            self._err.write(_CLEAR_LINE)
            self._err.flush()

    def flush(self) -> None:
        self._hide_status()
        self._out.flush()
        self._err.flush()
