"""Commands of the user's own that run after a sync, with JSON on their stdin.

No shell ever sees them, and nothing that a portal says becomes an argument.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gvreader.cli.console import Console
from gvreader.export.records import Json, article_json, dumps
from gvreader.i18n import _
from gvreader.model import ArticleStored, Event

if TYPE_CHECKING:
    from gvreader.app.config import Settings
    from gvreader.archive.library import Library

LONGEST: Final = 300.0
_MOST_FAILURES: Final = 3


@dataclass(slots=True)
class HookRow:
    """The keys of the articles that a run stored, by what happened to them."""

    keys: dict[str, list[str]] = field(
        default_factory=lambda: {"new": [], "changed": [], "gone": [], "returned": []}
    )

    def hear(self, event: Event) -> None:
        if isinstance(event, ArticleStored) and event.change in self.keys:
            self.keys[event.change].append(event.key)


class Hooks:
    """The hooks of the configuration. A hook that fails is told and ends no run."""

    def __init__(self, settings: Settings, console: Console, *, longest: float = LONGEST) -> None:
        self._after_sync = settings.hooks.after_sync
        self._new_article = settings.hooks.new_article
        self._archive = settings.archive
        self._console = console
        self._longest = longest

    @property
    def want_articles(self) -> bool:
        """Whether anything runs for each new article."""
        return bool(self._new_article)

    def run(self, report: Mapping[str, object], stored: HookRow, library: Library | None) -> None:
        """Run for each new article, in the order stored, then once for the whole run.

        The archive's lock must be free by now: hooks may use the archive. `library` is needed for articles.
        """
        if self._new_article and library is not None:
            self._for_articles(stored.keys["new"], library)
        if self._after_sync:
            self._call(self._after_sync, dict(report) | {"keys": stored.keys})

    def _for_articles(self, keys: Iterable[str], library: Library) -> None:
        failures = 0
        for key in keys:
            article = library.articles.get(key)
            if article is None:
                continue
            failures += not self._call(self._new_article, article_json(article))
            if failures >= _MOST_FAILURES:
                self._console.trouble(
                    _("The hook for new articles failed {n} times; it is not run for the rest.").format(
                        n=failures
                    )
                )
                return

    def _call(self, command: Sequence[str], value: Json) -> bool:
        """Run a command to its end; whether it did well. Its stdout goes to stderr: ours carries data."""
        try:
            process = subprocess.Popen(  # noqa: S603 - the user's own words, from the configuration
                [str(Path(command[0]).expanduser()), *command[1:]],
                stdin=subprocess.PIPE,
                stdout=2,
                env=os.environ | {"GVREADER_ARCHIVE": str(self._archive)},
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            return self._failed(command, reason)
        try:
            process.communicate(f"{dumps(value)}\n".encode(), timeout=self._longest)
        except subprocess.TimeoutExpired:
            return self._failed(command, _("it took longer than {n} s").format(n=f"{self._longest:g}"))
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.returncode:
            return self._failed(command, _("exit code {n}").format(n=process.returncode))
        return True

    def _failed(self, command: Sequence[str], reason: str) -> bool:
        self._console.trouble(
            _("The hook `{command}` failed: {reason}.").format(command=shlex.join(command), reason=reason)
        )
        return False
