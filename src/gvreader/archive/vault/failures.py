"""Errors of the operating system as errors that a user can mend."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

from gvreader.errors import StorageFailed
from gvreader.i18n import _

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LINKED: Final = errno.ELOOP
_FORBIDDEN: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


def storage_failed(error: OSError, path: Path) -> StorageFailed:
    """What went wrong at `path`, what is kept, and what to do."""
    reason = os.strerror(error.errno) if error.errno else str(error)
    if error.errno in _FULL:
        message = _("There is no room left to write {path} ({reason}).")
        advice = _("Free some space and run the same command again; all that was kept before is whole.")
    elif error.errno in _FORBIDDEN:
        message = _("{path} may not be written ({reason}).")
        advice = _("Check the owner and mode of the folder and whether its disk is mounted read-only.")
    elif error.errno == _LINKED:
        message = _("{path} is a link ({reason}): no link in an archive is followed.")
        advice = _("Put what it leads to in its place. Nothing was read or written there.")
    else:
        message = _("{path} could not be read or written ({reason}).")
        advice = _("Check the disk; all that was kept before is whole. Then run the same command again.")
    return StorageFailed(message.format(path=path, reason=reason), advice=advice)
