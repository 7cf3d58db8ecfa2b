"""Which stored article a page is, and when two headlines are one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol
from urllib.parse import urlsplit

from gvreader import urls
from gvreader.decide.thresholds import HASH_KEY_DIGITS, SAME_TEXT, SAME_TEXT_NAMED, SHORTEST_CUT_TITLE
from gvreader.model import Article, ArticleKind, Capture, Change
from gvreader.vietnamese import fold

_NAMELESS: Final = ("", "unknown")
_ELLIPSIS: Final = re.compile(r"\s*(?:\.{2,}|…)\s*$")


class KnownArticle(Protocol):
    """What a decision needs to know of a stored article; `fetched` is the time of its latest capture."""

    @property
    def key(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def identity(self) -> str | None: ...
    @property
    def kind(self) -> ArticleKind: ...
    @property
    def title(self) -> str: ...
    @property
    def content_sha256(self) -> str: ...
    @property
    def fetched(self) -> datetime: ...
    @property
    def words(self) -> int: ...
    @property
    def gone(self) -> datetime | None: ...


def key_for(portal: str, article: Article, *, is_taken: Callable[[str], bool]) -> str:
    """The article's key: the portal's own id where the URL carries one, else 12 hex digits of its address.

    Ids may be per table (a static page and an article may both be number 3): the second to come gets the
    digest of its address.
    """
    if article.identity is not None:
        key = f"{portal}:{article.identity}"
        if not is_taken(key):
            return key
    digest = hashlib.sha256((urls.canonical(article.url) or article.url).encode()).hexdigest()
    for digits in range(HASH_KEY_DIGITS, len(digest) + 1):
        key = f"{portal}:{digest[:digits]}"
        if not is_taken(key):
            return key
    return f"{portal}:{digest}"


def same_article(article: Article, stored: KnownArticle, *, ids_are_trusted: bool) -> bool:
    """Whether a page is another look at a stored article.

    One article answers under several paths, so the address alone does not decide; one number may name a
    static page and an article, so the number alone does not either.
    """
    if urls.twin(article.url) == urls.twin(stored.url):
        return True
    same_text = article.content_sha256 == stored.content_sha256
    same_slug = urls.slug(article.url) == urls.slug(stored.url)
    if article.identity is not None and article.identity == stored.identity:
        if same_slug or same_text or fold(article.title) == fold(stored.title):
            return True
        return ids_are_trusted and (article.kind == "page") == (stored.kind == "page")
    return article.identity is None and stored.identity is None and same_slug and same_text


def counts_as(capture: Capture, first_live: datetime | None) -> datetime:
    """The time at which a look at an article counts; `first_live`: that of its first look on the portal itself.

    A time that only a saved file gives may be that of a copy made much later: it comes before what is known.
    """
    if capture.time_source == "stated" or first_live is None or capture.captured < first_live:
        return capture.captured
    return first_live - timedelta(microseconds=1)


class StoredForm(Protocol):
    """In which markup, and where, a stored article was seen last."""

    @property
    def url(self) -> str: ...
    @property
    def family(self) -> str: ...


def is_redesigned(article: Article, stored: StoredForm) -> bool:
    """Whether a page is of another CMS than a stored article: another family, or addresses of another form."""
    now, before = article.family.partition("@")[0], stored.family.partition("@")[0]
    if now in _NAMELESS or before in _NAMELESS:
        return _form_of(article.url) != _form_of(stored.url)
    return now != before


def is_earlier_self(article: Article, stored: Article) -> bool:
    """Whether two articles of one day are one, in the markup of two systems: by headline and text, or by text."""
    one, other = set(fold(article.text).split()), set(fold(stored.text).split())
    alike = len(one & other) / max(len(one | other), 1) if one or other else 1.0
    is_named_alike = titles_agree(article.title, stored.title)
    return alike >= (SAME_TEXT_NAMED if is_named_alike else SAME_TEXT)


def _form_of(url: str) -> tuple[int, str, bool]:
    """How deep an address lies, how it ends, and whether a number stands at its end."""
    parts = urlsplit(url)
    name, dot, extension = parts.path.rpartition("/")[2].rpartition(".")
    stem = name if dot else extension
    return parts.path.count("/"), extension if dot else "", bool(re.search(r"\d+$", stem))


def change_of(article: Article, captured: datetime, stored: KnownArticle | None) -> Change:
    """What this look at an article means. `earlier`: the capture is older than what is stored."""
    if stored is None:
        return "new"
    if captured < stored.fetched:
        return "earlier"
    if stored.gone:
        return "returned"
    return "unchanged" if article.content_sha256 == stored.content_sha256 else "changed"


def _comparable(title: str) -> str:
    return " ".join(fold(_ELLIPSIS.sub("", title)).split())


def titles_agree(one: str, other: str) -> bool:
    """Whether two spellings name the same headline; a listing may cut it short with an ellipsis."""
    left, right = _comparable(one), _comparable(other)
    if not left or not right:
        return False
    shorter, longer = sorted((left, right), key=len)
    return left == right or (len(shorter) >= SHORTEST_CUT_TITLE and longer.startswith(shorter))
