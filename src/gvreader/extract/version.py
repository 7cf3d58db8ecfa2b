"""Which extractor reads pages here: the version that stands beside every capture that it has read."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from gvreader import __version__
from gvreader.portals import brought_layouts

# All that the meaning of a page depends on; a change anywhere in it is another extractor.
_PARTS: Final = (
    "http/codings.py",
    "extract",
    "files",
    "limits.py",
    "media_types.py",
    "model.py",
    "portals",
    "urls.py",
    "vietnamese",
)
_DIGITS: Final = 12


@cache
def extractor_version() -> str:
    """`0.1.0+1f0c2b3a4d5e`: gvreader's version and a digest of the sources that read pages.

    The same text means the same rules. SHA-256 over the names and contents of the sources, in order of names, and
    over the layouts that other packages bring.
    """
    hasher = hashlib.sha256()
    package = files("gvreader")
    for part in _PARTS:
        _add(hasher, package / part, part)
    for layout in brought_layouts():
        hasher.update(repr(layout).encode() + b"\0")
    return f"{__version__}+{hasher.hexdigest()[:_DIGITS]}"


def _add(hasher: hashlib._Hash, place: Traversable, name: str) -> None:
    if place.is_dir():
        for entry in sorted(place.iterdir(), key=lambda one: one.name):
            if entry.name != "__pycache__":
                _add(hasher, entry, f"{name}/{entry.name}")
    elif place.is_file() and not name.endswith(".pyc"):
        hasher.update(name.encode() + b"\0" + place.read_bytes() + b"\0")
