"""Which paragraphs around articles a host prints again and again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from gvreader.decide.thresholds import ENOUGH_TO_REPEAT, HASH_KEY_DIGITS, MOST_BOILERPLATE, MOST_CANDIDATES


def learn_boilerplate(
    candidates: Mapping[str, Sequence[int]], fringe: Sequence[str], article_id: int
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Which paragraphs around articles turn out to be the host's boilerplate, once one more article was seen.

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
    for digest in list(kept)[:-MOST_CANDIDATES]:
        del kept[digest]
    return kept, learnt


def known_boilerplate(known: Sequence[str], learnt: Iterable[str]) -> list[str]:
    """The boilerplate of a host with what was learnt now; the oldest is forgotten when it becomes too much."""
    return list(dict.fromkeys((*known, *learnt)))[-MOST_BOILERPLATE:]
