"""What the front ends ask for: hits, local numbers, counts, and help with a query."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from gvreader.archive.library.article_rows import article_rows
from gvreader.archive.library.connection import Connection
from gvreader.archive.library.search import phrases
from gvreader.archive.library.search.excerpt import Shown, Snippets
from gvreader.archive.library.search.phrases import Phrase
from gvreader.archive.library.search.plan import Plan, Says
from gvreader.archive.library.search.planner import Planner
from gvreader.archive.library.search.ranking import Plans, ranked, ranked_by_place
from gvreader.archive.library.search.thresholds import ALL_BELOW
from gvreader.frozen import dataclass
from gvreader.model import PORTAL_TIME, ArticleRow, Hit, Results
from gvreader.query import (
    Query,
    as_typed,
    describe,
    parse,
    relaxed,
)
from gvreader.query.tree import And, positive_texts
from gvreader.vietnamese.abbreviations import DEFAULT

if TYPE_CHECKING:
    from gvreader.archive.library.search.assistance import Completion, Suggestion

Sort = Literal["relevance", "newest", "oldest"]
TOTAL_LIMIT: Final = ALL_BELOW
"""How far `Search.find` counts; `Search.count` counts all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All matches: local numbers in order. `relaxed`: marks were ignored to find anything."""

    ids: array[int]
    relaxed: bool = False
    understood: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How a query was understood. `parts`: what it asks for, each with how many articles fulfil it alone.

    `spelling`: whether the index of exact or of unmarked spellings answers; `expression`: what it is asked;
    `condition`: what is asked of the article's row, with parameters left out.
    """

    understood: str
    relaxed: bool
    total: int
    parts: tuple[tuple[str, int], ...]
    spelling: Literal["exact", "unmarked"]
    expression: str
    condition: str
    suggestion: Suggestion | None


@dataclass(frozen=True, slots=True)
class _Reading:
    """A query with its plan, as it is answered."""

    query: Query
    plan: Plan
    relaxed: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """Order keys with their scores, and how many matches there are, if `is_counted` in all."""

    keys: list[tuple[int, float]]
    total: int
    is_counted: bool

    def __bool__(self) -> bool:
        return self.total > 0


def _page(keys: list[tuple[int, float]], found: int, limit: int = TOTAL_LIMIT) -> _Page:
    """A page of so many matches, which were counted no further than one above `limit`."""
    return _Page(keys, min(found, limit), is_counted=found <= limit)


_Answer = TypeVar("_Answer", _Page, "array[int]", int)


def _today() -> date:
    return datetime.now(PORTAL_TIME).date()


class Search:
    """Full-text search over one connection. No text whatever is an error.

    `abbreviations` may be replaced by a longer table, and `today` by another calendar: it gives the day from which
    relative dates count, in the portal's time.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._planner = Planner(connection, Says(connection))
        self.abbreviations = DEFAULT
        self.today: Callable[[], date] = _today

    def find(
        self, text: str, *, sort: Sort = "newest", limit: int = 50, offset: int = 0, snippets: bool = True
    ) -> Results:
        """One page of matches. They are counted to 1,000 (some to 100): `is_counted` says whether these are all."""
        reading, page = self._first(text, lambda reading: self._page(reading, sort, limit, offset))
        return Results(
            hits=self._hits(reading.query, page.keys, snippets=snippets),
            total=page.total,
            is_counted=page.is_counted,
            relaxed=reading.relaxed,
            understood=describe(reading.query),
        )

    def ids(self, text: str, *, sort: Sort = "newest") -> Found:
        """The local numbers of all matches, in order."""
        reading, ids = self._first(text, lambda reading: self._ids(reading, sort))
        return Found(ids=ids, relaxed=reading.relaxed, understood=describe(reading.query))

    def count(self, text: str) -> int:
        """How many articles match."""
        return self._first(text, lambda reading: self._count(reading.plan))[1]

    def explain(self, text: str) -> Explanation:
        """How `text` is understood, and what each of its parts finds by itself."""
        reading, total = self._first(text, lambda reading: self._count(reading.plan))
        root = reading.query.root
        parts = root.children if isinstance(root, And) else (root,)
        counted: list[tuple[str, int]] = []
        for part in parts:
            alone = Query(part, reading.query.text)
            counted.append((describe(alone), self._count(self._planner.plan(alone))))
        condition = reading.plan.condition
        return Explanation(
            understood=describe(reading.query),
            relaxed=reading.relaxed,
            total=total,
            parts=tuple(counted),
            spelling="exact" if reading.plan.table == "fx" else "unmarked",
            expression=condition.match or "",
            condition=condition.where or "",
            suggestion=None if total else self.suggest(text),
        )

    def suggest(self, text: str) -> Suggestion | None:
        """Another way of writing a query that finds nothing, which does find something."""
        from gvreader.archive.library.search import assistance

        for suggestion in assistance.suggestions(
            self._connection, parse(text, self.abbreviations, today=self.today())
        ):
            if self._first(suggestion.text, lambda reading: int(self._any(reading.plan)))[1]:
                return suggestion
        return None

    def complete(self, text: str, cursor: int | None = None) -> tuple[Completion, ...]:
        """What the word at `cursor` (the end of `text` by default) may become, the likeliest first."""
        from gvreader.archive.library.search import assistance

        return assistance.completions(self._connection, text, len(text) if cursor is None else cursor)

    def more_like(self, article_id: int, *, limit: int = 5) -> tuple[ArticleRow, ...]:
        """Other articles about the same, the most alike first; none for an unknown local number."""
        from gvreader.archive.library.search import related

        keys = related.more_like(self._connection, article_id, limit)
        numbers = self._numbers(keys)
        return article_rows(self._connection, [numbers[sk] for sk in keys if sk in numbers])

    # ── reading the query ───────────────────────────────────────────────────────────────────────

    def _first(self, text: str, ask: Callable[[_Reading], _Answer]) -> tuple[_Reading, _Answer]:
        """The answer to the query as it stands, or to the query without marks where only that has one."""
        query = parse(text, self.abbreviations, today=self.today())
        reading = _Reading(query, self._planner.plan(query), relaxed=False)
        answer = ask(reading)
        looser = relaxed(query)
        if answer or looser == query:
            return reading, answer
        loose_reading = _Reading(looser, self._planner.plan(looser), relaxed=True)
        loose_answer = ask(loose_reading)
        return (loose_reading, loose_answer) if loose_answer else (reading, answer)

    def _any(self, plan: Plan) -> bool:
        sql, parameters = plan.statement("1")
        return self._connection.execute(f"{sql} LIMIT 1", parameters).fetchone() is not None

    def _count(self, plan: Plan) -> int:
        sql, parameters = plan.statement("count(*)")
        ((count,),) = self._connection.execute(sql, parameters).fetchall()
        return int(count)

    # ── order ───────────────────────────────────────────────────────────────────────────────────

    def _page(self, reading: _Reading, sort: Sort, limit: int, offset: int) -> _Page:
        """One page, and how many matches there are."""
        phrase = self._planner.plan_phrase(reading.query) if sort != "oldest" else None
        if phrase is not None:
            quick = self._phrase_page(reading, phrase, sort, limit, offset)
            if quick is not None:
                return quick
        if sort == "relevance" and _has_text(reading.query):
            best = self._ranked(reading, phrase)
            if phrase is None and (offset + limit <= len(best) or len(best) < ALL_BELOW):
                return _page(best[offset : offset + limit], len(best))
            scores = dict(best)
            keys = self._by_relevance(reading, best)
            # What may match was scored, too; where nothing that does was, all are as good.
            top = max((scores.get(sk, 0.0) for sk in keys), default=0.0)
            page = [(sk, scores.get(sk, 0.0) / top if top else 1.0) for sk in keys[offset : offset + limit]]
            return _page(page, len(keys))
        sql, parameters = reading.plan.statement("{sk}", order="ASC" if sort == "oldest" else "DESC")
        wanted = max(limit, TOTAL_LIMIT + 1 - offset)
        rows = self._connection.execute(f"{sql} LIMIT ? OFFSET ?", [*parameters, wanted, offset]).fetchall()
        total = self._count(reading.plan) if offset and not rows else offset + len(rows)
        return _page([(sk, 0.0) for (sk,) in rows[:limit]], total)

    def _phrase_page(
        self, reading: _Reading, phrase: Phrase, sort: Sort, limit: int, offset: int
    ) -> _Page | None:
        """One page of a phrase with many spellings; None where trying them all is quicker."""
        wanted = max(offset + limit, phrases.COUNTED) + 1
        newest = phrases.first(self._connection, phrase, phrases.candidates(self._connection, phrase), wanted)
        if newest is None:
            return None
        total, page = len(newest), [(sk, 0.0) for sk in newest]
        if sort == "relevance":
            scores = dict(self._ranked(reading, phrase))
            best = phrases.first(self._connection, phrase, list(scores), offset + limit)
            if best is None:
                return None
            top = max((scores[sk] for sk in best), default=0.0) or 1.0
            page = [(sk, scores[sk] / top) for sk in best]
        return _page(page[offset : offset + limit], total, phrases.COUNTED)

    def _ids(self, reading: _Reading, sort: Sort) -> array[int]:
        if sort == "relevance" and _has_text(reading.query):
            phrase = self._planner.plan_phrase(reading.query)
            keys = self._by_relevance(reading, self._ranked(reading, phrase))
            numbers = self._numbers(keys)
            return array("q", (numbers[sk] for sk in keys if sk in numbers))
        sql, parameters = reading.plan.statement(
            "a.id", order="ASC" if sort == "oldest" else "DESC", row=True
        )
        return array("q", (number for (number,) in self._connection.execute(sql, parameters).fetchall()))

    def _ranked(self, reading: _Reading, phrase: Phrase | None) -> list[tuple[int, float]]:
        """The best matches with their scores; of a phrase, what may match."""
        plans = self._plans(reading)
        if phrase is None:
            return ranked(self._connection, reading.query, plans)
        found = list(islice(phrases.candidates(self._connection, phrase), phrases.MOST_LOOKED_INTO))
        in_summary = phrases.in_summary(self._connection, phrase, found)
        return ranked_by_place(self._connection, found, in_summary, plans)

    def _by_relevance(self, reading: _Reading, best: Sequence[tuple[int, float]]) -> list[int]:
        """The order keys of all matches: the best ones, then the others, newest first."""
        sql, parameters = reading.plan.statement("{sk}", order="DESC")
        matching = dict.fromkeys(sk for (sk,) in self._connection.execute(sql, parameters).fetchall())
        keys = [sk for sk, _ in best if sk in matching]
        known = set(keys)
        return [*keys, *(sk for sk in matching if sk not in known)]

    def _plans(self, reading: _Reading) -> Plans:
        typed = self._planner.plan(as_typed(reading.query), light=True)
        light = self._planner.plan(reading.query, light=True)
        return Plans(
            meant=reading.plan,
            light=light,
            typed=typed if typed != light and not reading.relaxed else None,
            title=self._planner.plan_titles(reading.query),
        )

    # ── hits ────────────────────────────────────────────────────────────────────────────────────

    def _numbers(self, keys: Sequence[int]) -> dict[int, int]:
        """Local numbers by order key."""
        rows = self._connection.execute(
            "SELECT sk, id FROM articles WHERE sk IN (SELECT value FROM json_each(?))", (json.dumps(keys),)
        ).fetchall()
        return dict(rows)

    def _hits(self, query: Query, page: list[tuple[int, float]], *, snippets: bool) -> tuple[Hit, ...]:
        numbers = self._numbers([sk for sk, _ in page])
        rows = {row.id: row for row in article_rows(self._connection, list(numbers.values()))}
        snippet = Snippets(self._connection, query, list(numbers.values())) if snippets else None
        hits: list[Hit] = []
        for sk, score in page:
            row = rows.get(numbers.get(sk, 0))
            if row is None:
                continue
            shown = snippet.of(row) if snippet is not None else Shown("text", "")
            hits.append(
                Hit(
                    row=row,
                    score=round(score, 6),
                    snippet=shown.snippet,
                    where=shown.where,
                    file=shown.file,
                )
            )
        return tuple(hits)


def _has_text(query: Query) -> bool:
    return next(positive_texts(query.root), None) is not None
