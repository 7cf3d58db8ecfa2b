"""Which of the matches come first: exact spelling, then words in the title, close together, and recent."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from gvreader.archive.library.search.plan import Plan, day_of, quoted
from gvreader.archive.library.search.thresholds import (
    ALL_BELOW,
    ANYWHERE,
    HALF_LIFE_DAYS,
    IN_SUMMARY,
    MOST_TOGETHER,
    RANKED,
    RANKED_TITLES,
    RARE,
    RECENT,
    TOGETHER,
    WEIGHTS,
)
from gvreader.frozen import dataclass
from gvreader.query.tree import (
    And,
    Either,
    Node,
    Or,
    Query,
    Text,
)
from gvreader.vietnamese.words import fold_term


@dataclass(frozen=True, slots=True)
class Plans:
    """The ways in which one query is asked: all that it means; what of it is ranked; as typed; in titles."""

    meant: Plan
    light: Plan
    typed: Plan | None
    title: Plan


def ranked(connection: sqlite3.Connection, query: Query, plans: Plans) -> list[tuple[int, float]]:
    """Order keys of matches with their scores, best first: all of them if they are fewer than `ALL_BELOW`.

    The best match has the score 1.
    """
    scores = _scores(connection, plans.light)
    if plans.light != plans.meant and len(scores) < ALL_BELOW:
        least = min(scores.values(), default=ANYWHERE) * RARE
        for sk in _newest(connection, plans.meant, ALL_BELOW):
            scores.setdefault(sk, least)
    for sk in _side_by_side(connection, query, min(scores, default=0)):
        if sk in scores:
            scores[sk] *= 1 + TOGETHER
    return _in_order(connection, scores, plans, RANKED)


def ranked_by_place(
    connection: sqlite3.Connection, found: Sequence[int], in_summary: Sequence[int], plans: Plans
) -> list[tuple[int, float]]:
    """As `ranked`, by where matches stand and by date alone, for what takes BM25 too long to count."""
    scores = dict.fromkeys(found, ANYWHERE)
    scores.update(dict.fromkeys(in_summary, IN_SUMMARY))
    return _in_order(connection, scores, plans, ALL_BELOW)


def _in_order(
    connection: sqlite3.Connection, scores: dict[int, float], plans: Plans, most_typed: int
) -> list[tuple[int, float]]:
    _raise(scores, _newest(connection, plans.title, RANKED_TITLES))
    _prefer_recent(scores)
    if plans.typed is not None:
        _raise(scores, _newest(connection, plans.typed, most_typed))
    best = max(scores.values(), default=0.0) or 1.0
    relative = [(sk, score / best) for sk, score in scores.items()]
    relative.sort(key=lambda item: (-item[1], -item[0]))
    return relative


def _raise(scores: dict[int, float], keys: list[int]) -> None:
    """Put some matches above all others, in the order that they had."""
    step = max(scores.values(), default=0.0) or 1.0
    for sk in keys:
        scores[sk] = scores.get(sk, 0.0) + step


def _prefer_recent(scores: dict[int, float]) -> None:
    days = {sk: day_of(sk) for sk in scores}
    newest = max((day for day in days.values() if day is not None), default=0)
    gains: dict[int | None, float] = {None: 1.0}
    for sk, day in days.items():
        gain = gains.get(day)
        if gain is None:
            assert day is not None
            gain = gains[day] = float(1 + RECENT * 0.5 ** ((newest - day) / HALF_LIFE_DAYS))
        scores[sk] *= gain


def _scores(connection: sqlite3.Connection, plan: Plan) -> dict[int, float]:
    """BM25 of the newest matches of a plan."""
    if plan.condition.match is None:
        return dict.fromkeys(_newest(connection, plan, RANKED), 0.0)
    sql, parameters = plan.statement(f"{{sk}}, max(-bm25({plan.table}, {WEIGHTS}), 0.0)", order="DESC")
    return dict(connection.execute(f"{sql} LIMIT {RANKED}", parameters).fetchall())


def _newest(connection: sqlite3.Connection, plan: Plan, limit: int) -> list[int]:
    sql, parameters = plan.statement("{sk}", order="DESC")
    return [sk for (sk,) in connection.execute(f"{sql} LIMIT ?", [*parameters, limit]).fetchall()]


def _side_by_side(connection: sqlite3.Connection, query: Query, floor: int) -> Iterable[int]:
    """Order keys of articles in which words that were typed side by side stand side by side."""
    phrases = [quoted(" ".join(words)) for words in _runs(query.root)]
    if not phrases:
        return ()
    match = " OR ".join(phrases[:MOST_TOGETHER])
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
