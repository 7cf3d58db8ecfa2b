"""The log: why things went as they did, for whoever has to find out later. Off unless a file is named.

Loggers are called `gvreader.<room>`. At INFO: what was asked, refused, skipped, moved, stored and called gone, by
address and kind; the reasons, which may quote a page, are at DEBUG.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from gvreader.errors import UsageError
from gvreader.export.terminal_text import printable
from gvreader.i18n import _

LARGEST: Final = 4 << 20
KEPT: Final = 3
"""A file past `LARGEST` bytes is renamed to `.1`, that one to `.2` and so on; the oldest goes."""


class _OneLine(logging.Formatter):
    """One line a record, in UTC, whatever strangers' texts hold."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        return printable(super().format(record))


class _File(RotatingFileHandler):
    """A log that can no longer be written stops no run."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name that logging calls
        """The line is lost; what it tells of goes on."""


@contextmanager
def log_to(path: Path | None, *, detailed: bool = False) -> Iterator[None]:
    """Write what `gvreader.…` loggers say to the end of a file while the context lasts; None logs nothing.

    `detailed` adds DEBUG. Raises UsageError when the file cannot be written.
    """
    if path is None:
        yield
        return
    try:
        handler = _File(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(
            _("The log {file} cannot be written: {reason}").format(file=path, reason=error.strerror or error),
            advice=_("Name another file with --log."),
        ) from error
    handler.setFormatter(_OneLine("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("gvreader")
    before = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG if detailed else logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.level, logger.propagate = before
        with suppress(OSError):
            handler.close()
