"""What listings say of an article, beside what its page says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from gvreader.decide.identity import titles_agree
from gvreader.decide.thresholds import (
    AGREEING_TITLE_GAINS,
    DATE_DIFFERS_KEEPS,
    DATE_FROM_LISTING_KEEPS,
    SHORTEST_CUT_TITLE,
    TITLE_DIFFERS_KEEPS,
)
from gvreader.model import PORTAL_TIME, Article, ListingItem, Published


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
        confidence = min(1.0, confidence + AGREEING_TITLE_GAINS)
    elif any(len(mention.title) >= SHORTEST_CUT_TITLE for mention in mentions):
        confidence *= TITLE_DIFFERS_KEEPS
    published = article.published
    kind = article.kind
    dates = {day_of(mention.published) for mention in mentions if mention.published is not None}
    if published is None and len(dates) == 1:
        published = next(mention.published for mention in mentions if mention.published is not None)
        kind = "article" if kind == "page" else kind
        confidence *= DATE_FROM_LISTING_KEEPS
    elif published is not None and dates and day_of(published) not in dates:
        confidence *= DATE_DIFFERS_KEEPS
    if (published, kind, confidence) == (article.published, article.kind, article.confidence):
        return article
    return replace(article, published=published, kind=kind, confidence=round(confidence, 3))
