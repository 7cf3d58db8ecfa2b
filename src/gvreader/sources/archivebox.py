"""Folders of ArchiveBox: one a page, where `index.json` says which; beside it are its own pages and extracts."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any, Final

from gvreader.sources.saved_statements import NOTHING, Statement
from gvreader.urls import canonical
from gvreader.warc import parse_date

_INDEX: Final = "index.json"
_LARGEST: Final = 4 << 20
_EXTRACTS: Final = frozenset({"readability", "mercury", "htmltotext"})
_DUMP: Final = "output.html"


def dumped(path: Path) -> Statement:
    """The address and time of the page whose content ArchiveBox wrote into `output.html`; nothing of other files."""
    about = _about(path.parent) if path.name == _DUMP else None
    if about is None:
        return NOTHING
    when = None
    with contextlib.suppress(KeyError, IndexError, TypeError):
        when = parse_date(str(about["history"]["dom"][-1]["start_ts"]))
    return Statement(url=canonical(str(about["url"])), when=when)


def is_extract(path: Path) -> bool:
    """Whether a file is a text that ArchiveBox made out of a page."""
    return path.parent.name in _EXTRACTS and _about(path.parent.parent) is not None


def _about(folder: Path) -> dict[str, Any] | None:
    """What the index of a folder says; None where there is none of ArchiveBox's."""
    try:
        index = folder / _INDEX
        if not index.is_file() or index.stat().st_size > _LARGEST:
            return None
        about = json.loads(index.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    is_theirs = isinstance(about, dict) and isinstance(about.get("url"), str) and "timestamp" in about
    return about if is_theirs else None
