"""What a backfill is made of: the archive it asks, and how far its index is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import urlsplit

from gvreader import urls
from gvreader.archive.library import Role
from gvreader.model import Sighting, Source
from gvreader.sources.wayback import CdxPage, Fetched

_PAGES: Final = ("text/html", "application/xhtml+xml", "text/xml", "application/xml", "text/plain")
_MEDIA: Final = ("image/", "application/")
_STYLE: Final = (".css", ".js", ".mjs", ".ico", ".woff", ".woff2", ".ttf", ".eot", ".map")


class WebArchiveSource(Protocol):
    """A public web archive as `gvreader.sources` offers it."""

    @property
    def name(self) -> Source: ...

    @property
    def finds_nearest(self) -> bool:
        """Whether a capture that is not there leads to the nearest one that is."""

    def collections(self) -> tuple[tuple[str, ...], CdxPage]: ...

    def page(self, collection: str, resume: str | None) -> CdxPage: ...

    def fetch(self, sighting: Sighting) -> Fetched: ...


@dataclass(slots=True)
class Progress:
    """How far the index is read: whole collections, and the resume key within the one that is under way."""

    question: str
    read: list[str] = field(default_factory=list)
    collection: str | None = None
    resume: str | None = None

    @classmethod
    def read_from(cls, stored: object, question: str) -> Progress:
        """The progress that was stored, if it was made with the same question."""
        if isinstance(stored, dict) and stored.get("question") == question:
            return cls(**stored)
        return cls(question)


def role_of(url: str, media_type: str | None) -> Role | None:
    """What a capture is good for, as far as the index tells; None for what articles are not made of."""
    path = urlsplit(url).path.lower()
    if path == "/robots.txt" or path.endswith(_STYLE) or urls.is_trap(url):
        return None
    if media_type is None or media_type.startswith(_PAGES):
        return "page"
    return "media" if media_type.startswith(_MEDIA) else None
