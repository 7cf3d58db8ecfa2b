"""More like this: articles that share the rarest words and names of one."""

from __future__ import annotations

import json
import math
import sqlite3
from collections import Counter, defaultdict
from itertools import pairwise
from typing import Final

from gvreader.archive.library.search.plan import quoted
from gvreader.vietnamese.words import terms

_MOST_TERMS: Final = 12
_MOST_PAIRS: Final = 12
_READ_CHARACTERS: Final = 20_000
_TITLE_COUNTS: Final = 4  # a word of the title counts as often as this many in the text
_TOO_COMMON: Final = 0.1  # a word in more than this share of the articles says little
_MOST_PER_PHRASE: Final = 500  # the newest articles with a phrase; one that more of them have says little
_GAINS: Final = {"fx": 1.0, "fh": 2.0}
"""What having a phrase counts, and what having it in the title counts on top."""


def more_like(connection: sqlite3.Connection, article_id: int, limit: int) -> list[int]:
    """Order keys of the articles most like one, the most alike first."""
    row = connection.execute(
        "SELECT sk, title, summary, substr(text, 1, ?) FROM articles WHERE id = ?",
        (_READ_CHARACTERS, article_id),
    ).fetchone()
    if row is None:
        return []
    sk, title, summary, text = row
    scores: defaultdict[int, float] = defaultdict(float)
    for phrase, weight in _telling(connection, terms(title), terms(f"{summary or ''}\n{text or ''}")):
        for table, gain in _GAINS.items():
            rows = connection.execute(
                f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rowid DESC LIMIT {_MOST_PER_PHRASE}",  # noqa: S608
                (quoted(phrase),),
            ).fetchall()
            for (found,) in rows:
                scores[found] += gain * weight
    scores.pop(sk, None)
    return sorted(scores, key=lambda found: (-scores[found], -found))[:limit]


def _telling(connection: sqlite3.Connection, title: list[str], body: list[str]) -> list[tuple[str, float]]:
    """The words and pairs of words that tell most about an article: frequent in it, rare elsewhere.

    Each with its weight: how much it tells.
    """
    ((articles,),) = connection.execute("SELECT count(*) FROM fx_docsize").fetchall()
    words = Counter(body)
    for word in title:
        words[word] += _TITLE_COUNTS
    known = dict(
        connection.execute(
            "SELECT term, documents FROM vocabulary WHERE term IN (SELECT value FROM json_each(?))",
            (json.dumps(list(words)),),
        ).fetchall()
    )
    rarity = {word: math.log((articles + 1) / (known.get(word, 0) + 1)) for word in words}
    pairs = Counter(pairwise(body))
    for pair in pairwise(title):
        pairs[pair] += _TITLE_COUNTS
    # Most Vietnamese words are two syllables: pairs that come back are the words, names and places.
    strong_pairs = sorted(
        (pair for pair, count in pairs.items() if count > 1 and not any(word.isdigit() for word in pair)),
        key=lambda pair: -math.sqrt(pairs[pair]) * (rarity[pair[0]] + rarity[pair[1]]),
    )
    rare = [
        word
        for word in sorted(words, key=lambda word: -math.sqrt(words[word]) * rarity[word])
        if known.get(word, 0) <= max(2.0, _TOO_COMMON * articles) and not word.isdigit()
    ]
    return [
        *((" ".join(pair), rarity[pair[0]] + rarity[pair[1]]) for pair in strong_pairs[:_MOST_PAIRS]),
        *((word, rarity[word]) for word in rare[:_MOST_TERMS]),
    ]
