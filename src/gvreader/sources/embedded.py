"""Pictures that lie inside a saved page (`data:`) or the message that it came in (`cid:`)."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

from gvreader.frozen import dataclass
from gvreader.urls import embedded

# Smaller ones are icons and placeholders.
_PICTURE: Final = re.compile(
    rb"""\ssrc\s?=\s?["']?(data:image/(jpe?g|png|webp|gif|bmp);base64,([A-Za-z0-9+/=%\s]{4000,}))""", re.I
)
_CONTENT_ID: Final = re.compile(rb"""\ssrc\s?=\s?["']?(cid:[^"'\s<>]{1,400})""", re.I)
_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class EmbeddedPicture:
    """A picture with the address beside its page under which it is kept."""

    url: str
    media_type: str
    content: bytes


def pictures(page: bytes, url: str) -> Iterator[EmbeddedPicture]:
    """The pictures inside the page at `url`, each once, at most 500."""
    seen: set[str] = set()
    for match in _PICTURE.finditer(page):
        # The attribute may have no quotes and further ones behind it.
        source = match[1].split(b" ")[0].decode("ascii")
        place = embedded(url, source)
        if place is None or place in seen or len(seen) >= _MOST:
            continue
        seen.add(place)
        try:
            content = base64.b64decode(unquote_to_bytes(source.partition(",")[2]), validate=False)
        except (binascii.Error, ValueError):
            continue
        kind = match[2].decode("ascii").lower()
        yield EmbeddedPicture(place, f"image/{'jpeg' if kind == 'jpg' else kind}", content)


def content_ids(page: bytes, url: str) -> Iterator[str]:
    """The addresses of the pictures that a page names by the id of another part of its message."""
    for match in _CONTENT_ID.finditer(page):
        if place := embedded(url, html.unescape(match[1].decode("utf-8", "replace"))):
            yield place
