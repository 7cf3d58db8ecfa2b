"""The full-text index over `articles`: FTS5 tables that hold the same words at the same places.

`fx` holds each word as it is spelled (a *term*), `ff` its unmarked form, `fh` the terms of titles only. Their
rowid is the article's `sk`, so that newest first needs no sort. All are contentless: what they hold was made
of the article's row and must be made again to be taken out, so `remove` runs before that row changes and
`put` after. Words are cut by `gvreader.vietnamese.words` before FTS5 sees them; its `ascii` tokenizer only
finds the spaces between them, so that index, query and highlighting can never disagree about what a word is.

`vocabulary` maps unmarked forms to spellings. It knows every term of the index at any time (and may know
terms that are gone); its counts are those of the last `refresh`.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

from gvreader.frozen import dataclass
from gvreader.vietnamese.numbers import find_numbers, number_term
from gvreader.vietnamese.words import LONGEST_TERM, fold_term, terms

VERSION: Final = 2
"""Changes whenever the same article would be indexed in other words; see `outdated`."""

COLUMNS: Final = ("title", "summary", "body", "attachments", "author", "organisation", "number")
TABLES: Final = {"fx": COLUMNS, "ff": COLUMNS, "fh": COLUMNS[:1]}


def _names(table: str) -> str:
    return ", ".join(TABLES[table])


def _places(table: str) -> str:
    return ", ".join("?" * (len(TABLES[table]) + 1))


def _definition(table: str) -> str:
    # A document number is one token; the words of texts never hold these two marks.
    options = """content='', tokenize="ascii tokenchars '/-'\""""
    return f"CREATE VIRTUAL TABLE {table} USING fts5({_names(table)}, {options});"


SCHEMA: Final = f"""
{chr(10).join(map(_definition, TABLES))}
CREATE VIRTUAL TABLE fx_terms USING fts5vocab(fx, row);
CREATE VIRTUAL TABLE ff_terms USING fts5vocab(ff, row);
CREATE VIRTUAL TABLE fh_terms USING fts5vocab(fh, row);
CREATE TABLE vocabulary (
    term TEXT PRIMARY KEY,
    folded TEXT NOT NULL,
    documents INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX vocabulary_folded ON vocabulary (folded, documents);
CREATE TABLE index_state (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO index_state VALUES ('version', {VERSION}), ('added', 0), ('counted', 0);
"""  # noqa: S608

_INSERT: Final = {
    table: f"INSERT INTO {table} (rowid, {_names(table)}) VALUES ({_places(table)})"  # noqa: S608
    for table in TABLES
}
_DELETE: Final = {
    table: f"INSERT INTO {table} ({table}, rowid, {_names(table)}) VALUES ('delete', {_places(table)})"  # noqa: S608
    for table in TABLES
}
_SELECT: Final = (
    "SELECT sk, title, summary, text, attachment_text, author, organisation, number FROM articles"
)

_BATCH: Final = 500
_REFRESH_SHARE: Final = 10  # the counts may be this many per cent of the articles behind
_REFRESH_LEAST: Final = 20
_MOST_FINDINGS: Final = 20
# What a term weighs at a place, so that sums tell other articles, columns and places apart.
_PLACE_BITS: Final = (1 << 32) - 1
_PLACE_STEP: Final = 1009


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the tables hold of one article: per column, the terms joined by spaces."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]

    @property
    def terms(self) -> set[str]:
        """The words of the entry; document numbers, which are the last column, are no words."""
        return set(" ".join(self.exact[:-1]).split())

    def columns(self, table: str) -> tuple[str, ...]:
        """What one table holds."""
        return (self.folded if table == "ff" else self.exact)[: len(TABLES[table])]

    def sizes(self, table: str) -> tuple[int, ...]:
        """Terms per column, as FTS5 counts them."""
        return tuple(len(column.split()) for column in self.columns(table))


def _is_word(term: str) -> bool:
    return "/" not in term and "-" not in term


def _numbers(own: str | None, *texts: str | None) -> list[str]:
    """The terms of the document numbers in an article: each whole, and what follows each of its slashes."""
    numbers = [number_term(own or "")]
    for text in texts:
        numbers += map(number_term, find_numbers(text or ""))
    found: dict[str, None] = {}
    for number in numbers:
        found[number] = None
        rest = number.partition("/")[2]
        while "/" in rest or "-" in rest:
            found[rest] = None
            rest = rest.partition("/")[2]
    return [number[:LONGEST_TERM] for number in found if number]


def _entry(
    title: str | None,
    summary: str | None,
    text: str | None,
    attachments: str | None,
    author: str | None,
    organisation: str | None,
    number: str | None,
) -> _Entry:
    columns = [terms(part or "") for part in (title, summary, text, attachments, author, organisation)]
    columns.append(_numbers(number, title, summary, text, attachments))
    return _Entry(
        exact=tuple(" ".join(column) for column in columns),
        folded=tuple(" ".join(map(fold_term, column)) for column in columns),
    )


def put(connection: sqlite3.Connection, sk: int) -> None:
    """Index the article at `sk`, whose row in `articles` is written; nothing may be indexed there yet."""
    row = connection.execute(f"{_SELECT} WHERE sk = ?", (sk,)).fetchone()
    if row is None:
        raise RuntimeError(f"there is no article {sk} to be indexed")
    entry = _entry(*row[1:])
    for table, statement in _INSERT.items():
        connection.execute(statement, (sk, *entry.columns(table)))
    _learn(connection, entry.terms)
    connection.execute("UPDATE index_state SET value = value + 1 WHERE name = 'added'")
    state = dict(connection.execute("SELECT name, value FROM index_state").fetchall())
    if state["added"] >= max(_REFRESH_LEAST, state["counted"] * _REFRESH_SHARE // 100):
        refresh(connection)


def remove(connection: sqlite3.Connection, sk: int) -> None:
    """Take the article at `sk` out of the index, before its row in `articles` is changed or deleted.

    Does nothing when nothing is indexed there. Raises RuntimeError when the row is not what was indexed: the
    caller changed it first, and going on would leave words behind that nothing can remove.
    """
    indexed = connection.execute("SELECT sz FROM fx_docsize WHERE id = ?", (sk,)).fetchone()
    if indexed is None:
        return
    row = connection.execute(f"{_SELECT} WHERE sk = ?", (sk,)).fetchone()
    if row is None:
        raise RuntimeError(f"article {sk} was deleted before it was taken out of the index")
    entry = _entry(*row[1:])
    if _sizes(indexed[0]) != entry.sizes("fx"):
        raise RuntimeError(f"article {sk} was changed before it was taken out of the index")
    for table, statement in _DELETE.items():
        connection.execute(statement, (sk, *entry.columns(table)))


def _learn(connection: sqlite3.Connection, words: set[str]) -> None:
    unknown = connection.execute(
        "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT term FROM vocabulary)",
        (json.dumps(sorted(words)),),
    ).fetchall()
    if unknown:
        connection.executemany(
            "INSERT INTO vocabulary (term, folded) VALUES (?, ?)",
            [(word, fold_term(word)) for (word,) in unknown],
        )


def refresh(connection: sqlite3.Connection) -> None:
    """Bring the counts of the vocabulary up to date and forget terms that are gone."""
    connection.execute("DELETE FROM vocabulary")
    connection.executemany(
        "INSERT INTO vocabulary (term, folded, documents) VALUES (?, ?, ?)",
        (
            (term, fold_term(term), documents)
            for term, documents in connection.execute("SELECT term, doc FROM fx_terms").fetchall()
            if _is_word(term)
        ),
    )
    connection.execute(
        "INSERT OR REPLACE INTO index_state SELECT 'counted', count(*) FROM fx_docsize UNION SELECT 'added', 0"
    )


def outdated(connection: sqlite3.Connection) -> bool:
    """Whether the index was made by other rules than these, so that a writer must `refill` it."""
    row = connection.execute("SELECT value FROM index_state WHERE name = 'version'").fetchone()
    return row is None or row[0] != VERSION


def refill(connection: sqlite3.Connection, progress: Callable[[int], object] | None = None) -> int:
    """Build the index again from `articles`, in the caller's transaction; returns how many there are.

    `progress` is told how many are done.
    """
    for table in TABLES:
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")  # noqa: S608
    entries = _entries(connection)
    done = 0
    while batch := list(islice(entries, _BATCH)):
        for table, statement in _INSERT.items():
            connection.executemany(statement, [(sk, *entry.columns(table)) for sk, entry in batch])
        done += len(batch)
        if progress is not None:
            progress(done)
    for table in TABLES:
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608
    refresh(connection)
    connection.execute("INSERT OR REPLACE INTO index_state VALUES ('version', ?)", (VERSION,))
    return done


def _entries(connection: sqlite3.Connection) -> Iterator[tuple[int, _Entry]]:
    for row in connection.execute(f"{_SELECT} ORDER BY sk"):
        yield row[0], _entry(*row[1:])


def check(connection: sqlite3.Connection) -> list[str]:
    """What in the index differs from the articles, as sentences; empty when nothing does. Reads only.

    Compares per article the number of terms in each column, and per term the articles and places with it.
    """
    findings: list[str] = []
    _open_places(connection)
    if outdated(connection):
        return [f"the index was built by other rules (version {VERSION} is needed)"]
    indexed = {table: _indexed(connection, table) for table in TABLES}
    totals: dict[str, tuple[Counter[str], dict[str, int]]] = {
        table: (Counter(), defaultdict(int)) for table in TABLES
    }
    for sk, entry in _entries(connection):
        for table, (articles, places) in totals.items():
            articles.update(_add_places(places, sk, entry.columns(table)))
            size = indexed[table].pop(sk, None)
            if size is None:
                findings.append(f"the article at {sk} is not in the index ({table})")
            elif size != entry.sizes(table):
                findings.append(f"the article at {sk} is not what the index holds ({table})")
    for table, left in indexed.items():
        findings += [f"the index ({table}) holds {sk}, which is no article" for sk in left]
        findings += _term_findings(connection, table, *totals[table])
    findings += [
        f"the vocabulary does not know {term!r}"
        for (term,) in connection.execute(
            "SELECT term FROM fx_terms WHERE term NOT IN (SELECT term FROM vocabulary) "
            "AND instr(term, '/') = 0 AND instr(term, '-') = 0"
        )
    ]
    return findings[:_MOST_FINDINGS]


def _indexed(connection: sqlite3.Connection, table: str) -> dict[int, tuple[int, ...]]:
    """The number of terms per column of everything that a table holds."""
    rows = connection.execute(f"SELECT id, sz FROM {table}_docsize")  # noqa: S608
    return {sk: _sizes(size) for sk, size in rows}


def _open_places(connection: sqlite3.Connection) -> None:
    """Let every place of every term be asked for; the tables lie in the connection alone."""
    ((query_only,),) = connection.execute("PRAGMA query_only").fetchall()
    connection.execute("PRAGMA query_only = OFF")
    try:
        for table in TABLES:
            connection.execute(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{table}_places USING fts5vocab(main, {table}, instance)"
            )
    finally:
        connection.execute(f"PRAGMA query_only = {int(query_only)}")


def _add_places(places: dict[str, int], sk: int, columns: tuple[str, ...]) -> set[str]:
    """Add what each term of an article weighs at its places; returns the terms."""
    found: set[str] = set()
    article = sk & _PLACE_BITS
    for number, column in enumerate(columns):
        words = column.split()
        found.update(words)
        weight = article + number
        for word in words:
            places[word] += weight
            weight += _PLACE_STEP
    return found


def _term_findings(
    connection: sqlite3.Connection, table: str, articles: Counter[str], places: dict[str, int]
) -> Iterator[str]:
    seen = 0
    columns = " ".join(f"WHEN '{name}' THEN {number}" for number, name in enumerate(TABLES[table]))
    rows = connection.execute(
        "SELECT t.term, t.doc, p.weight FROM "  # noqa: S608 - names of our own
        f"(SELECT term, sum((doc & {_PLACE_BITS}) + CASE col {columns} END + offset * {_PLACE_STEP}) AS weight "
        f"FROM temp.{table}_places GROUP BY term) AS p JOIN {table}_terms AS t ON t.term = p.term"
    )
    for term, documents, weight in rows:
        seen += 1
        if articles[term] != documents:
            yield f"the index ({table}) has {term!r} in {documents} articles, not {articles[term]}"
        elif places[term] != weight:
            yield f"the index ({table}) has {term!r} at other places than the articles"
    if seen < len(articles):
        yield f"the index ({table}) lacks {len(articles) - seen} terms"


def _sizes(blob: Any) -> tuple[int, ...]:
    """The term counts per column in a row of FTS5's docsize table: SQLite varints."""
    sizes: list[int] = []
    value = 0
    for byte in bytes(blob):
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            sizes.append(value)
            value = 0
    return tuple(sizes)
