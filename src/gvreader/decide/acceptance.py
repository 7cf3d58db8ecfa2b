"""Whether a page may become an article, or a new revision of one: why it is refused."""

from __future__ import annotations

from gvreader import urls
from gvreader.decide.identity import KnownArticle, titles_agree
from gvreader.decide.thresholds import MISTRUSTED, TELLING_TITLE
from gvreader.model import Article, Refusal


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


def refuse_stranger(
    article: Article, stored: KnownArticle | None, headlines: tuple[str, ...]
) -> Refusal | None:
    """Why a page is not the article that its address stands for, or None when it may be.

    `headlines` is what listings call it. A page under another name is believed only where it is clearly an
    article: parked domains and new owners of a host answer any address with something.
    """
    names = [name for name in (*headlines, stored.title if stored else "") if len(name) >= TELLING_TITLE]
    if article.confidence >= MISTRUSTED or not names:
        return None
    if any(titles_agree(article.title, name) for name in names):
        return None
    return Refusal(
        url=article.url,
        kind="not-article",
        detail=f"the page is headed “{article.title[:80]}”, but is listed as “{names[0][:80]}”",
    )
