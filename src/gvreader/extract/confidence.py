"""How sure a result is, 0–1, from what agreed with what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from gvreader.extract.article.draft import ArticleDraft
from gvreader.extract.fields.content_root import mass_of
from gvreader.extract.fields.title import head_titles, slug_agreement, slug_words
from gvreader.extract.page.text_blocks import TextBlock
from gvreader.extract.page.tree import Tree
from gvreader.extract.thresholds import (
    MOJIBAKE_APART,
    NEARLY_ALL_TEXT,
    RUNNING_TEXT,
    SMALL_SHARE_OF_TEXT,
    VIETNAMESE_APART,
)
from gvreader.model import ListingItem
from gvreader.vietnamese import fold

_SAMPLE: Final = 20_000
_VIETNAMESE: Final = re.compile(r"[ăâđêôơưĂĐƠƯ\u1ea0-\u1ef9]")
# What UTF-8 looks like that was read as a single-byte code page.
_MOJIBAKE: Final = re.compile(r"[ÃÂÄÆ][\u0080-\u00bf]|á[º»]|\ufffd")


def article_confidence(draft: ArticleDraft, tree: Tree, layer: str, pieces: Sequence[TextBlock]) -> float:
    """Confidence in an article: the weakest of title, date and body, raised where independent witnesses agree.

    A body that is little of the page's running text, unreadable text, and a page in another language than those
    whose words are known here (unless nearly all of its text was taken) lower it.
    """
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
    share = _share(draft, pieces)
    if share < SMALL_SHARE_OF_TEXT:
        body -= 0.3 if share < SMALL_SHARE_OF_TEXT / 2 else 0.12
    text = "\n".join(line for block in draft.body.blocks for line in block.lines)[:_SAMPLE]
    if len(_MOJIBAKE.findall(text)) * MOJIBAKE_APART > len(text):
        body -= 0.4
    confidence = min(title, date, body) * (0.5 + 0.5 * ((title + date + body) / 3))
    foreign = len(text) >= 200 and len(_VIETNAMESE.findall(text)) * VIETNAMESE_APART < len(text)
    if foreign and share < NEARLY_ALL_TEXT:
        confidence = min(confidence, 0.89)
    return round(max(0.05, min(confidence, 0.99)), 3)


def _share(draft: ArticleDraft, pieces: Sequence[TextBlock]) -> float:
    """How much of a page's running text outside links and furniture is in the draft, 0–1."""
    first = draft.title.piece.index if draft.title is not None and draft.title.piece is not None else -1
    total = sum(
        len(piece.text) - piece.link_chars
        for piece in pieces
        if piece.index > first and piece.noise is None and mass_of(piece) >= RUNNING_TEXT
    )
    own = (
        draft.text_mass + len(draft.summary or "") + sum(len(one.caption or "") for one in draft.body.images)
    )
    return min(own / total, 1.0) if total else 1.0


def listing_confidence(items: Sequence[ListingItem], layer: str, has_pager: bool) -> float:
    """Confidence in a listing: many entries, dated, in a known markup."""
    if not items:
        return 0.4
    dated = sum(1 for item in items if item.published is not None) / len(items)
    confidence = 0.6 + 0.03 * min(len(items), 5) + 0.15 * dated + (0.05 if has_pager else 0.0)
    return round(min(confidence + (0.1 if layer == "family" else 0.0), 0.99), 3)
