"""A digest of a page's visible words, by which two pages that say the same are recognised."""

from __future__ import annotations

import hashlib
import re
from typing import Final
from urllib.parse import unquote, urlsplit

from gvreader.extract.page.text import clean

_WEEKDAYS: Final = re.compile(r"\b(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy)|chủ\s+nhật)\b")
_WORDS: Final = re.compile(r"[^\W\d_]+")
_MARKUP: Final = re.compile(r"(?is)<(?:script|style)\b(?>.*?</(?:script|style)\s*>|.*+)|<[^>]*+>?")
_SHORTEST_ECHO: Final = 4
_MAX_HTML: Final = 500_000


def fingerprint(shown: str, url: str) -> str:
    """The digest of the words in `shown`. Numbers, weekdays and an echo of the address do not count."""
    text = shown.lower()
    if "thứ" in text or "chủ" in text:
        text = _WEEKDAYS.sub(" ", text)
    path = urlsplit(url).path.lower()
    spelled = unquote(path, errors="replace")
    for echo in dict.fromkeys((spelled, path, *spelled.split("/"))):
        if len(echo) >= _SHORTEST_ECHO:
            text = text.replace(echo, " ")
    return hashlib.sha256(" ".join(_WORDS.findall(text)).encode("utf-8", "replace")).hexdigest()[:32]


def fingerprint_of_html(html: str, url: str) -> str:
    """The fingerprint of a page that is not parsed."""
    return fingerprint(clean(_MARKUP.sub(" ", html[:_MAX_HTML])), url)
