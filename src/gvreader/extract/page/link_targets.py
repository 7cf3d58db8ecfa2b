"""Where a page's links lead. Pages of one site share most of their links, so answers are remembered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from gvreader.media_types import ATTACHED, any_suffix
from gvreader.urls import Scope, is_trap, twin

FILE_EXTENSION: Final = re.compile(rf"\.({any_suffix(tuple(ATTACHED))})$", re.IGNORECASE)
_HOME_PATH: Final = re.compile(r"/(?:(?:index|default|home|trang-?chu)(?:\.\w{3,5})?/?)?", re.IGNORECASE)
_REMEMBERED: Final = 16_384
_MAX_REMEMBERED_LENGTH: Final = 600


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads. `own`: to the portal itself; `extension`: of a document file, else None."""

    url: str
    twin: str
    own: bool
    trap: bool
    home: bool
    extension: str | None


def is_home(url: str) -> bool:
    """Whether an address is a portal's front page."""
    parts = urlsplit(url)
    return bool(_HOME_PATH.fullmatch(parts.path or "/")) and not parts.query


def file_extension(url: str) -> str | None:
    """The lower-case extension of a document file in an address, or None."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    found = FILE_EXTENSION.search(unquote(parts.path, errors="replace").rstrip())
    if found is None and "." in parts.query:
        values = (FILE_EXTENSION.search(value.strip()) for _, value in parse_qsl(parts.query[:2000]))
        found = next((one for one in values if one), None)
    return found[1].lower() if found else None


def _target(scope: Scope, base: str, href: str) -> Target | None:
    url = scope.resolve(base, href)
    if url is None:
        return None
    return Target(url, twin(url), scope.contains(url), is_trap(url), is_home(url), file_extension(url))


_remembered = lru_cache(maxsize=_REMEMBERED)(_target)


def target(scope: Scope, root: str, base: str, href: str) -> Target | None:
    """Where `href` leads from a page with base address `base`; `root` is the root of the base's host."""
    if len(href) > _MAX_REMEMBERED_LENGTH:
        return _target(scope, base, href)
    # What names a host or begins at the root leads to the same place from every page.
    rooted = href.startswith(("/", "https://", "http://"))
    return _remembered(scope, root if rooted else base, href)
