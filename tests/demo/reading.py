"""Reads a page's words without any of the project's own parsing."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._hidden += 1
        elif tag not in ("a", "b", "strong", "em", "i", "span", "font"):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def words(html: str) -> str:
    """The page's text: NFC, one space for any white space, block elements apart."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", "".join(reader.parts)))


def links(html: str) -> list[str]:
    """Every `href` of an `<a>`, unescaped, in order."""
    found: list[str] = []

    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "a":
                found.extend(value for name, value in attrs if name == "href" and value)

    Links().feed(html)
    return found
