"""How sure a result is, 0–1, from what agreed with what."""

from __future__ import annotations

from collections.abc import Sequence

from gvreader.extract.article.draft import ArticleDraft
from gvreader.extract.fields.title import head_titles, slug_agreement, slug_words
from gvreader.extract.page.tree import Tree
from gvreader.model import ListingItem
from gvreader.vietnamese import fold


def article_confidence(draft: ArticleDraft, tree: Tree, layer: str) -> float:
    """Confidence in an article: the weakest of title, date and body, raised where independent witnesses agree."""
    title = draft.title.confidence if draft.title else 0.2
    if draft.title:
        witnesses = [fold(head) for head in head_titles(tree, ())]
        if (
            fold(draft.title.text) in witnesses
            or slug_agreement(draft.title.text, slug_words(tree.address)) >= 0.8
        ):
            title = min(title + 0.05, 0.99)
        else:
            title -= 0.05
    date = draft.dated.confidence if draft.dated else 0.85
    mass = draft.text_mass
    body = 0.97 if mass >= 400 else 0.9 if mass >= 120 or draft.attachments else 0.7
    if layer != "family":
        body -= 0.03
        if draft.region is not None and draft.region.container.tag in ("body", "html"):
            body -= 0.12
    confidence = min(title, date, body) * (0.5 + 0.5 * ((title + date + body) / 3))
    return round(max(0.05, min(confidence, 0.99)), 3)


def listing_confidence(items: Sequence[ListingItem], layer: str, has_pager: bool) -> float:
    """Confidence in a listing: many entries, dated, in a known markup."""
    if not items:
        return 0.4
    dated = sum(1 for item in items if item.published is not None) / len(items)
    confidence = 0.6 + 0.03 * min(len(items), 5) + 0.15 * dated + (0.05 if has_pager else 0.0)
    return round(min(confidence + (0.1 if layer == "family" else 0.0), 0.99), 3)
