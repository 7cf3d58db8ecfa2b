"""Rules without I/O: which stored article a page is, what changed, what to believe, when to look again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol

from gvreader import urls
from gvreader.model import (
    PORTAL_TIME,
    Article,
    ArticleKind,
    Change,
    ListingItem,
    Published,
    Refusal,
)
from gvreader.vietnamese import fold

HASH_KEY_DIGITS: Final = 12
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


def change_of(article: Article, captured: datetime, stored: KnownArticle | None) -> Change:
    """What this look at an article means. `earlier`: the capture is older than what is stored."""
    if stored is None:
        return "new"
    if captured < stored.fetched:
        return "earlier"
    if stored.gone:
        return "returned"
    return "unchanged" if article.content_sha256 == stored.content_sha256 else "changed"


def refuse_view(article: Article, address: str, stored: KnownArticle | None) -> Refusal | None:
    """Why a print view (or the like) of a stored article is no revision of it, or None where it is not one.

    A view says less than the page itself; where nothing else is known, it is taken for the article.
    """
    if stored is None or not urls.is_trap(address) or article.content_sha256 == stored.content_sha256:
        return None
    return Refusal(url=article.url, kind="not-article", detail=f"another view of {stored.key}")


def refuse_replacement(article: Article, stored: KnownArticle | None) -> Refusal | None:
    """Why a page may not become a new revision of a good article, or None when it may."""
    if stored is None or article.content_sha256 == stored.content_sha256:
        return None
    if stored.words > 0 and article.words == 0 and not article.attachments:
        return Refusal(
            url=article.url,
            kind="no-body",
            detail=f"the body of {stored.key} is empty now; the stored text is kept",
        )
    return None


ENOUGH_TO_REPEAT: Final = 5
_MOST_CANDIDATES: Final = 40
_MOST_FURNITURE: Final = 64


def learn_furniture(
    candidates: Mapping[str, Sequence[int]], fringe: Sequence[str], article_id: int
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Which paragraphs around articles turn out to be the host's furniture, once one more article was seen.

    `candidates` and the first result: articles by a digest of the paragraph, the last seen last; old ones are
    forgotten. The second: the articles of each paragraph that has been seen in enough of them.
    """
    kept = {digest: list(articles) for digest, articles in candidates.items()}
    learnt: dict[str, list[int]] = {}
    for text in fringe:
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:HASH_KEY_DIGITS]
        articles = kept.pop(digest, [])
        if article_id not in articles:
            articles.append(article_id)
        if len(articles) >= ENOUGH_TO_REPEAT:
            learnt[text] = articles
        else:
            kept[digest] = articles
    for digest in list(kept)[:-_MOST_CANDIDATES]:
        del kept[digest]
    return kept, learnt


def known_furniture(known: Sequence[str], learnt: Iterable[str]) -> list[str]:
    """The furniture of a host with what was learnt now; the oldest is forgotten when it becomes too much."""
    return list(dict.fromkeys((*known, *learnt)))[-_MOST_FURNITURE:]


MISTRUSTED: Final = 0.5
_TELLING: Final = 20


def refuse_stranger(
    article: Article, stored: KnownArticle | None, headlines: tuple[str, ...]
) -> Refusal | None:
    """Why a page is not the article that its address stands for, or None when it may be.

    `headlines` is what listings call it. A page under another name is believed only where it is clearly an
    article: parked domains and new owners of a host answer any address with something.
    """
    names = [name for name in (*headlines, stored.title if stored else "") if len(name) >= _TELLING]
    if article.confidence >= MISTRUSTED or not names:
        return None
    if any(titles_agree(article.title, name) for name in names):
        return None
    return Refusal(
        url=article.url,
        kind="not-article",
        detail=f"the page is headed “{article.title[:80]}”, but is listed as “{names[0][:80]}”",
    )


def _comparable(title: str) -> str:
    return " ".join(fold(_ELLIPSIS.sub("", title)).split())


def titles_agree(one: str, other: str) -> bool:
    """Whether two spellings name the same headline; a listing may cut it short with an ellipsis."""
    left, right = _comparable(one), _comparable(other)
    if not left or not right:
        return False
    shorter, longer = sorted((left, right), key=len)
    return left == right or (len(shorter) >= 20 and longer.startswith(shorter))


def day_of(published: Published) -> date:
    """The day in the portal's time."""
    return published.astimezone(PORTAL_TIME).date() if isinstance(published, datetime) else published


def crosscheck(article: Article, mentions: tuple[ListingItem, ...]) -> Article:
    """The article with its confidence raised or lowered by what listings say of it.

    A date that the page does not print is taken from the listing; nothing that the page prints is replaced.
    """
    if not mentions:
        return article
    confidence = article.confidence
    if any(titles_agree(article.title, mention.title) for mention in mentions):
        confidence = min(1.0, confidence + 0.02)
    elif any(len(mention.title) >= 20 for mention in mentions):
        confidence *= 0.8
    published = article.published
    kind = article.kind
    dates = {day_of(mention.published) for mention in mentions if mention.published is not None}
    if published is None and len(dates) == 1:
        published = next(mention.published for mention in mentions if mention.published is not None)
        kind = "article" if kind == "page" else kind
        confidence *= 0.9
    elif published is not None and dates and day_of(published) not in dates:
        confidence *= 0.9
    if (published, kind, confidence) == (article.published, article.kind, article.confidence):
        return article
    return replace(article, published=published, kind=kind, confidence=round(confidence, 3))


def as_instant(published: Published) -> datetime:
    """The first instant of a publication date, in UTC."""
    if isinstance(published, datetime):
        return published.astimezone(UTC)
    return datetime.combine(published, time.min, PORTAL_TIME).astimezone(UTC)


_REVISIT: Final = (
    (timedelta(days=3), timedelta(hours=1)),
    (timedelta(days=14), timedelta(days=1)),
    (timedelta(days=90), timedelta(days=7)),
    (timedelta(days=365), timedelta(days=30)),
)
_REVISIT_OLD: Final = timedelta(days=180)


def revisit_interval(age: timedelta) -> timedelta:
    """How long a stored article may stay unlooked at: hourly when fresh, twice a year when old."""
    return next((interval for limit, interval in _REVISIT if age < limit), _REVISIT_OLD)


def overdue(
    *, published: Published | None, first_seen: datetime, changed: datetime, fetched: datetime, now: datetime
) -> float:
    """How urgent another look is: time since the last one over the interval for its age; due from 1.0."""
    born = max(as_instant(published) if published else first_seen, changed)
    return (now - fetched) / revisit_interval(max(now - born, timedelta()))


_RETRY: Final = (
    timedelta(),
    timedelta(),
    timedelta(),
    timedelta(),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=7),
)


def retry_delay(attempts: int) -> timedelta:
    """How long to leave a failing page alone: the first runs try at once, later ones ever more rarely."""
    return _RETRY[min(attempts, len(_RETRY)) - 1] if attempts else timedelta()
