"""What a command gets: its options, the console, and settings and archive opened when first asked for."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from gvreader.cli.console import Console

if TYPE_CHECKING:
    from gvreader.app.archive import Archive
    from gvreader.app.config import Settings


class Context:
    """One run of one command; closing it closes what was opened."""

    def __init__(self, *, options: argparse.Namespace, console: Console) -> None:
        self.options = options
        self.console = console
        self._opened = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._opened:
            self.archive.close()

    @property
    def config_file(self) -> Path | None:
        """The configuration file asked for by option or environment, if any."""
        chosen: Path | None = getattr(self.options, "config", None)
        named = os.environ.get("GVREADER_CONFIG")
        return chosen or (Path(named).expanduser() if named else None)

    @property
    def log_file(self) -> Path | None:
        """The log asked for by option or environment, if any."""
        chosen: Path | None = getattr(self.options, "log", None)
        named = os.environ.get("GVREADER_LOG")
        return chosen or (Path(named).expanduser() if named else None)

    @contextmanager
    def logging(self) -> Iterator[None]:
        """Log the run where that was asked for. Raises UsageError when the file cannot be written."""
        if self.log_file is None:
            yield
            return
        import logging

        from gvreader import __version__
        from gvreader.app.log import log_to

        log = logging.getLogger("gvreader.cli")
        with log_to(self.log_file, detailed=self.console.verbose):
            log.info("gvreader %s %s begins", __version__, self.options.command)
            try:
                yield
            except BaseException as error:
                log.info("ends with %s", type(error).__name__)
                log.debug("%s", error, exc_info=True)
                raise
            log.info("ends")

    @cached_property
    def settings(self) -> Settings:
        """The configuration in force. Raises ConfigError."""
        from gvreader.app import config

        return config.load(
            self.config_file, archive=getattr(self.options, "archive", None), environ=os.environ
        )

    @cached_property
    def archive(self) -> Archive:
        """The archive of this run, not yet opened for anything."""
        from gvreader.app.archive import Archive

        archive = Archive(self.settings)
        self._opened = True
        return archive
