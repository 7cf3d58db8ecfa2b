"""Names of the vault's files: `<portal>-<UTC time>-<serial>.warc.gz`, serials without gaps per portal."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from gvreader.archive.inside import open_inside
from gvreader.errors import UsageError
from gvreader.i18n import _

TORN_FOLDER: Final = "torn"
_PORTAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?")
_FILE: Final = re.compile(r"(.+)-(\d{14})-(\d{5,})\.warc\.gz")


@dataclass(frozen=True, slots=True, order=True)
class FileName:
    """The parts of a name; they order as files of one portal were written."""

    portal: str
    serial: int
    started: str

    def __str__(self) -> str:
        return f"{self.portal}-{self.started}-{self.serial:05d}.warc.gz"


def is_portal_name(name: str) -> bool:
    """Whether a portal's name can be part of a file name: up to 80 ASCII letters, digits, `.`, `_`, `-`."""
    return _PORTAL.fullmatch(name) is not None


def check_portal_name(name: str) -> None:
    """Raises UsageError for a portal name that no file can carry."""
    if not is_portal_name(name):
        raise UsageError(
            _("A portal cannot be called {name!r}.").format(name=name),
            advice=_("Use up to 80 ASCII letters, digits, dots, underscores and hyphens."),
        )


def new_name(portal: str, serial: int, now: datetime) -> FileName:
    """The name of a file begun now."""
    return FileName(portal=portal, serial=serial, started=now.astimezone(UTC).strftime("%Y%m%d%H%M%S"))


def parse_name(name: str) -> FileName | None:
    """The parts of one of our file names; None for any other name."""
    match = _FILE.fullmatch(name)
    if not match or not is_portal_name(match[1]):
        return None
    parsed = FileName(portal=match[1], serial=int(match[3]), started=match[2])
    return parsed if str(parsed) == name else None


def list_names(folder: Path) -> tuple[FileName, ...]:
    """Our files in a folder, portal by portal in the order written; none when the folder is missing.

    Raises OSError; a link is no file of ours.
    """
    try:
        descriptor = open_inside(folder, os.O_RDONLY | os.O_DIRECTORY, below=1)
    except FileNotFoundError:
        return ()
    try:
        with os.scandir(descriptor) as entries:
            names = [parse_name(entry.name) for entry in entries if entry.is_file(follow_symlinks=False)]
    finally:
        os.close(descriptor)
    return tuple(sorted(name for name in names if name))
