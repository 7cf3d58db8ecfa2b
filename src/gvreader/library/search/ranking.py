"""Which of the matches come first: exact spelling, then words in the title, close together, and recent."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gvreader.library.search.plan import Plan, day_of, quoted
from gvreader.query.tree import And, Either, Node, Or, Query, Text
from gvreader.vietnamese.words import fold_term

RANKED: Final = 5000
"""The newest matches, of each kind, that are ranked; older ones follow by date."""

# How much a word counts in each column of the index: title, summary, body, attachments, author, organisation, number.
_WEIGHTS: Final = "10.0, 4.0, 1.0, 0.5, 2.0, 1.0, 6.0"
_RECENT: Final = 0.2  # what an article of today gains over a very old one, as a share of its score
_HALF_LIFE_DAYS: Final = 2 * 365
_TOGETHER: Final = 0.35  # what words side by side gain
_MOST_TOGETHER: Final = 6


@dataclass(frozen=True, slots=True)
class Plans:
    """The ways in which one query is asked: as meant, exactly as typed, and in titles only."""

    meant: Plan
    typed: Plan | None
    title: Plan | None


def ranked(connection: sqlite3.Connection, query: Query, plans: Plans) -> list[tuple[int, float]]:
    """Order keys of matches with their scores, best first: all matches if they are few, else the likely best."""
    scores = _scores(connection, plans.meant)
    if plans.title is not None:
        in_title = _scores(connection, plans.title)
        most = max(scores.values(), default=0.0)
        for sk, score in in_title.items():
            scores[sk] = scores.get(sk, score) + most
    floor = min(scores, default=0)
    for sk in _side_by_side(connection, query, floor):
        if sk in scores:
            scores[sk] *= 1 + _TOGETHER
    newest = max((day for sk in scores if (day := day_of(sk)) is not None), default=0)
    for sk, score in scores.items():
        scores[sk] = score * _recency(sk, newest)
    if plans.typed is not None:
        best = max(scores.values(), default=0.0)
        for sk, score in _scores(connection, plans.typed).items():
            scores[sk] = scores.get(sk, score * _recency(sk, newest)) + best
    return sorted(scores.items(), key=lambda item: (-item[1], -item[0]))


def _recency(sk: int, newest: int) -> float:
    day = day_of(sk)
    if day is None:
        return 1.0
    return float(1 + _RECENT * 0.5 ** (max(0, newest - day) / _HALF_LIFE_DAYS))


def _scores(connection: sqlite3.Connection, plan: Plan) -> dict[int, float]:
    """BM25 of the newest matches of a plan."""
    sql, parameters = plan.statement("{sk}", order="DESC")
    keys = [sk for (sk,) in connection.execute(f"{sql} LIMIT {RANKED}", parameters).fetchall()]
    if plan.condition.match is None or not keys:
        return dict.fromkeys(keys, 0.0)
    table = plan.table
    statement = (
        f"SELECT rowid, -bm25({table}, {_WEIGHTS}) FROM {table} "  # noqa: S608
        f"WHERE {table} MATCH ? AND rowid >= ? AND rowid <= ?"
    )
    values: list[object] = [plan.condition.match, keys[-1], keys[0]]
    if plan.condition.where is not None:
        statement += " AND +rowid IN (SELECT value FROM json_each(?))"
        values.append(json.dumps(keys))
    return {sk: max(score, 0.0) for sk, score in connection.execute(statement, values).fetchall()}


def _side_by_side(connection: sqlite3.Connection, query: Query, floor: int) -> Iterable[int]:
    """Order keys of articles in which words that were typed side by side stand side by side."""
    phrases = [quoted(" ".join(words)) for words in _runs(query.root)]
    if not phrases:
        return ()
    match = " OR ".join(phrases[:_MOST_TOGETHER])
    rows = connection.execute(
        "SELECT rowid FROM ff WHERE ff MATCH ? AND rowid >= ?", (match, floor)
    ).fetchall()
    return [sk for (sk,) in rows]


def _runs(node: Node) -> list[list[str]]:
    """Unmarked forms of words that were typed side by side, two or more."""
    if isinstance(node, Or):
        return [run for child in node.children for run in _runs(child)]
    if not isinstance(node, And):
        return []
    runs: list[list[str]] = [[]]
    for child in node.children:
        typed = child.typed if isinstance(child, Either) else child
        texts = typed.children if isinstance(typed, And) else (typed,)
        for text in texts:
            if isinstance(text, Text) and not text.prefix:
                runs[-1] += [fold_term(word.term) for word in text.words]
            else:
                runs.append([])
        if isinstance(child, Or):
            runs += _runs(child)
            runs.append([])
    return [run for run in runs if len(run) > 1]
