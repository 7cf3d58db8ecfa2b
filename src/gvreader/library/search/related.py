"""More like this: articles that share the rarest words and names of one."""

from __future__ import annotations

import json
import math
import sqlite3
from collections import Counter
from itertools import pairwise
from typing import Final

from gvreader.library.search.plan import quoted
from gvreader.vietnamese.words import terms

_MOST_TERMS: Final = 12
_MOST_PAIRS: Final = 12
_READ_CHARACTERS: Final = 20_000
_TITLE_COUNTS: Final = 4  # a word of the title counts as often as this many in the text
_TOO_COMMON: Final = 0.1  # a word in more than this share of the articles says little
_WEIGHTS: Final = "4.0, 2.0, 1.0, 0.3, 0.5, 0.5, 0.5"


def more_like(connection: sqlite3.Connection, article_id: int, limit: int) -> list[int]:
    """Order keys of the articles most like one, the most alike first."""
    row = connection.execute(
        "SELECT sk, title, summary, substr(text, 1, ?) FROM articles WHERE id = ?",
        (_READ_CHARACTERS, article_id),
    ).fetchone()
    if row is None:
        return []
    sk, title, summary, text = row
    phrases = _telling(connection, terms(title), terms(f"{summary or ''}\n{text or ''}"))
    if not phrases:
        return []
    match = " OR ".join(map(quoted, phrases))
    rows = connection.execute(
        f"SELECT rowid FROM fx WHERE fx MATCH ? AND +rowid <> ? ORDER BY bm25(fx, {_WEIGHTS}), rowid DESC LIMIT ?",  # noqa: S608
        (match, sk, limit),
    ).fetchall()
    return [found for (found,) in rows]


def _telling(connection: sqlite3.Connection, title: list[str], body: list[str]) -> list[str]:
    """The words and pairs of words that tell most about an article: frequent in it, rare elsewhere."""
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
    return [*(" ".join(pair) for pair in strong_pairs[:_MOST_PAIRS]), *rare[:_MOST_TERMS]]
