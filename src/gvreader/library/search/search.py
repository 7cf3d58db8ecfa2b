"""What the front ends ask for: hits, local numbers, counts, and help with a query."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from gvreader.library.connection import Connection
from gvreader.library.rows import article_rows
from gvreader.library.search import assistance, related
from gvreader.library.search.assistance import Completion, Suggestion
from gvreader.library.search.plan import Plan, Planner, Says
from gvreader.library.search.ranking import Plans, ranked
from gvreader.library.search.snippets import Where, best_snippet, highlighted, opening
from gvreader.model import ArticleRow, Hit, Results
from gvreader.query import Query, as_typed, describe, matcher, parse, relaxed
from gvreader.query.tree import And, Text, positive_texts, with_texts
from gvreader.vietnamese.abbreviations import DEFAULT

Sort = Literal["relevance", "newest", "oldest"]


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


class Search:
    """Full-text search over one connection. No text whatever is an error.

    `abbreviations` may be replaced by a longer table.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._planner = Planner(connection, Says(connection))
        self.abbreviations = DEFAULT

    def find(
        self, text: str, *, sort: Sort = "newest", limit: int = 50, offset: int = 0, snippets: bool = True
    ) -> Results:
        """One page of matches; `total` counts all of them."""
        reading = self._read(text)
        understood = describe(reading.query)
        page = self._page(reading, sort, limit, offset)
        last_page = 0 < len(page) < limit or not (page or offset)
        return Results(
            hits=self._hits(reading.query, page, snippets=snippets),
            total=offset + len(page) if last_page else self._count(reading.plan),
            relaxed=reading.relaxed,
            understood=understood,
        )

    def ids(self, text: str, *, sort: Sort = "newest") -> Found:
        """The local numbers of all matches, in order."""
        reading = self._read(text)
        if sort == "relevance" and _has_text(reading.query):
            keys = self._by_relevance(reading)
            numbers = self._numbers(keys)
            ids = array("q", (numbers[sk] for sk in keys if sk in numbers))
        else:
            order: Literal["ASC", "DESC"] = "ASC" if sort == "oldest" else "DESC"
            sql, parameters = reading.plan.statement("a.id", order=order, row=True)
            ids = array("q", (number for (number,) in self._connection.execute(sql, parameters).fetchall()))
        return Found(ids=ids, relaxed=reading.relaxed, understood=describe(reading.query))

    def count(self, text: str) -> int:
        """How many articles match."""
        return self._count(self._read(text).plan)

    def explain(self, text: str) -> Explanation:
        """How `text` is understood, and what each of its parts finds by itself."""
        reading = self._read(text)
        root = reading.query.root
        parts = root.children if isinstance(root, And) else (root,)
        counted = []
        for part in parts:
            alone = Query(part, reading.query.text)
            counted.append((describe(alone), self._count(self._planner.plan(alone))))
        total = self._count(reading.plan)
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
        for suggestion in assistance.suggestions(self._connection, parse(text, self.abbreviations)):
            if self._any(self._read(suggestion.text).plan):
                return suggestion
        return None

    def complete(self, text: str, cursor: int | None = None) -> tuple[Completion, ...]:
        """What the word at `cursor` (the end of `text` by default) may become, the likeliest first."""
        return assistance.completions(self._connection, text, len(text) if cursor is None else cursor)

    def more_like(self, article_id: int, *, limit: int = 5) -> tuple[ArticleRow, ...]:
        """Other articles about the same, the most alike first; none for an unknown local number."""
        keys = related.more_like(self._connection, article_id, limit)
        numbers = self._numbers(keys)
        return article_rows(self._connection, [numbers[sk] for sk in keys if sk in numbers])

    # ── reading the query ───────────────────────────────────────────────────────────────────────

    def _read(self, text: str) -> _Reading:
        """The query as it stands, or without its marks where only that finds anything."""
        query = parse(text, self.abbreviations)
        plan = self._planner.plan(query)
        looser = relaxed(query)
        if looser != query and not self._any(plan):
            loose_plan = self._planner.plan(looser)
            if self._any(loose_plan):
                return _Reading(looser, loose_plan, relaxed=True)
        return _Reading(query, plan, relaxed=False)

    def _any(self, plan: Plan) -> bool:
        sql, parameters = plan.statement("1")
        return self._connection.execute(f"{sql} LIMIT 1", parameters).fetchone() is not None

    def _count(self, plan: Plan) -> int:
        sql, parameters = plan.statement("count(*)")
        ((count,),) = self._connection.execute(sql, parameters).fetchall()
        return int(count)

    # ── order ───────────────────────────────────────────────────────────────────────────────────

    def _page(self, reading: _Reading, sort: Sort, limit: int, offset: int) -> list[tuple[int, float]]:
        """Order keys and scores of one page."""
        if sort == "relevance" and _has_text(reading.query):
            best = ranked(self._connection, reading.query, self._plans(reading))
            if offset + limit > len(best):
                scores = dict(best)
                keys = islice(self._by_relevance(reading, best), offset, offset + limit)
                return [(sk, scores.get(sk, 0.0)) for sk in keys]
            return best[offset : offset + limit]
        order: Literal["ASC", "DESC"] = "ASC" if sort == "oldest" else "DESC"
        sql, parameters = reading.plan.statement("{sk}", order=order)
        rows = self._connection.execute(f"{sql} LIMIT ? OFFSET ?", [*parameters, limit, offset]).fetchall()
        return [(sk, 0.0) for (sk,) in rows]

    def _by_relevance(self, reading: _Reading, best: list[tuple[int, float]] | None = None) -> list[int]:
        """The order keys of all matches: the ranked ones, then the others, newest first."""
        if best is None:
            best = ranked(self._connection, reading.query, self._plans(reading))
        keys = [sk for sk, _ in best]
        known = set(keys)
        sql, parameters = reading.plan.statement("{sk}", order="DESC")
        rows = self._connection.execute(sql, parameters).fetchall()
        return [*keys, *(sk for (sk,) in rows if sk not in known)]

    def _plans(self, reading: _Reading) -> Plans:
        typed = self._planner.plan(as_typed(parse(reading.query.text, self.abbreviations)))
        title = Query(with_texts(reading.query.root, _in_title), reading.query.text)
        return Plans(
            meant=reading.plan,
            typed=typed if typed != reading.plan and not reading.relaxed else None,
            title=self._planner.plan(title) if title != reading.query else None,
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
        shown = _Snippets(self._connection, query) if snippets else None
        hits: list[Hit] = []
        for sk, score in page:
            row = rows.get(numbers.get(sk, 0))
            if row is None:
                continue
            where, snippet = shown.of(row) if shown is not None else ("text", "")
            hits.append(Hit(row=row, score=round(score, 4), snippet=snippet, where=where))
        return tuple(hits)


class _Snippets:
    """Makes the snippets of one query's hits."""

    def __init__(self, connection: sqlite3.Connection, query: Query) -> None:
        self._connection = connection
        self._title = matcher(query, "title")
        self._body = matcher(query, "any")
        self._wanted = self._body.parts

    def of(self, row: ArticleRow) -> tuple[Where, str]:
        """Where the article matches best, and the snippet from there."""
        text = self._column(row.id, "text")
        best: tuple[int, Where, str] | None = None
        if self._wanted:
            fields: tuple[tuple[Where, str | None], ...] = (("text", text), ("summary", row.summary))
            for where, field in fields:
                found = best_snippet(field, self._body) if field else None
                if found is not None and (best is None or found[1] > best[0]):
                    best = found[1], where, found[0]
                if best is not None and best[0] >= self._wanted:
                    break
        if best is None and row.has_attachment and self._wanted:
            found = best_snippet(self._column(row.id, "attachment_text"), self._body)
            if found is not None:
                best = found[1], "attachment", found[0]
        if best is not None:
            return best[1], best[2]
        title = highlighted(row.title, self._title)
        if title is not None:
            return "title", title
        return ("summary", opening(row.summary)) if row.summary else ("text", opening(text))

    def _column(self, article_id: int, name: Literal["text", "attachment_text"]) -> str:
        statement = f"SELECT {name} FROM articles WHERE id = ?"  # noqa: S608
        found = self._connection.execute(statement, (article_id,)).fetchone()
        return (found[0] or "") if found is not None else ""


def _has_text(query: Query) -> bool:
    return next(positive_texts(query.root), None) is not None


def _in_title(text: Text) -> Text:
    return replace(text, field="title") if text.field == "any" else text
