"""Official documents: which the archive holds, and which articles name which. Derived from rows and files alone.

Documents are told apart by `gvreader.vietnamese.numbers.number_key`, so that every spelling of a number is one.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, Final

from gvreader.archive.library.connection import Connection
from gvreader.frozen import dataclass
from gvreader.vietnamese import nfc
from gvreader.vietnamese.numbers import find_numbers, kind_of_number, number_key
from gvreader.vietnamese.official_texts import OfficialText, official_text

SCHEMA: Final = """
CREATE TABLE document_mentions (
    article_id INTEGER NOT NULL REFERENCES heads (id) ON DELETE CASCADE,
    document TEXT NOT NULL,
    number TEXT NOT NULL,
    kind TEXT,
    source TEXT NOT NULL,
    PRIMARY KEY (article_id, document)
) WITHOUT ROWID;
CREATE INDEX document_mentions_document ON document_mentions (document, article_id);
CREATE TABLE held_documents (
    article_id INTEGER NOT NULL REFERENCES heads (id) ON DELETE CASCADE,
    document TEXT NOT NULL,
    number TEXT NOT NULL,
    kind TEXT,
    issued TEXT,
    issuer TEXT,
    signer TEXT,
    replaces TEXT,
    url TEXT NOT NULL,
    file TEXT,
    PRIMARY KEY (article_id, document)
) WITHOUT ROWID;
CREATE INDEX held_documents_document ON held_documents (document);
CREATE VIEW documents AS
SELECT d.document, d.number, d.kind, d.issued, d.issuer, d.signer, d.replaces, d.article_id, d.url, d.file,
    (SELECT count(*) FROM document_mentions AS m
     WHERE m.document = d.document AND m.article_id <> d.article_id) AS named_in
FROM held_documents AS d
UNION ALL
SELECT m.document, min(m.number), min(m.kind), NULL, NULL, NULL, NULL, NULL, NULL, NULL, count(*)
FROM document_mentions AS m
WHERE m.document NOT IN (SELECT document FROM held_documents) GROUP BY m.document;
"""

_ROWS: Final = (
    "SELECT h.id, h.kind, h.number, h.author, h.organisation, h.published, h.url, h.title, h.summary, b.text "
    "FROM heads AS h LEFT JOIN bodies AS b ON b.id = h.id"
)
_FILES: Final = (
    "SELECT a.url, m.text FROM article_media AS a JOIN media AS m ON m.twin = a.twin "
    "WHERE a.article_id = ? AND a.role = 'attachment' AND m.text IS NOT NULL ORDER BY a.position"
)
_COLUMNS: Final = {
    "document_mentions": ("article_id", "document", "number", "kind", "source"),
    "held_documents": (
        *(
            "article_id",
            "document",
            "number",
            "kind",
            "issued",
            "issuer",
            "signer",
            "replaces",
            "url",
            "file",
        ),
    ),
}
_Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDocument:
    """A document that the archive holds: an article (`file` is None) or a file of one, and what it says of itself."""

    article_id: int
    number: str
    kind: str | None
    issued: str | None
    issuer: str | None
    signer: str | None
    replaces: tuple[str, ...]
    url: str
    file: str | None


class DocumentStore:
    """The tables `held_documents` and `document_mentions`, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def held(self, number: str) -> tuple[HeldDocument, ...]:
        """The documents with a number, however it is spelled, by article."""
        return tuple(
            HeldDocument(
                article_id=row[0],
                number=row[1],
                kind=row[2],
                issued=row[3],
                issuer=row[4],
                signer=row[5],
                replaces=tuple(row[6].split("; ")) if row[6] else (),
                url=row[7],
                file=row[8],
            )
            for row in self._connection.execute(
                "SELECT article_id, number, kind, issued, issuer, signer, replaces, url, file "
                "FROM held_documents WHERE document = ? ORDER BY article_id",
                (number_key(number),),
            ).fetchall()
        )

    def naming(self, number: str) -> tuple[int, ...]:
        """The articles that are, hold or name a document, newest first."""
        return tuple(
            article_id
            for (article_id,) in self._connection.execute(
                "SELECT h.id FROM document_mentions AS m JOIN heads AS h ON h.id = m.article_id "
                "WHERE m.document = ? ORDER BY h.sk DESC",
                (number_key(number),),
            ).fetchall()
        )

    def own(self, article_id: int) -> tuple[tuple[str, int], ...]:
        """The numbers of the documents that an article is or holds, each with how many other articles name it."""
        return tuple(
            (number, count)
            for number, count in self._connection.execute(
                "SELECT number, named_in FROM documents WHERE document IN "
                "(SELECT document FROM held_documents WHERE article_id = :id) AND article_id = :id",
                {"id": article_id},
            ).fetchall()
        )

    def known(self, numbers: Iterable[str]) -> dict[str, tuple[int, ...]]:
        """The articles that are or hold each document, for those of these numbers that the archive holds."""
        keys = {number_key(number): number for number in numbers}
        found: dict[str, tuple[int, ...]] = {}
        for document, article_id in self._connection.execute(
            "SELECT document, article_id FROM held_documents "
            "WHERE document IN (SELECT value FROM json_each(?)) ORDER BY article_id",
            (json.dumps(sorted(keys)),),
        ).fetchall():
            found[keys[document]] = (*found.get(keys[document], ()), article_id)
        return found


def put(connection: sqlite3.Connection, article_id: int) -> None:
    """Derive the rows of an article anew, after its own row, text and files have changed."""
    for table, rows in _derived(connection, article_id).items():
        connection.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))  # noqa: S608 - our names
        _insert(connection, table, rows)


def refill(connection: sqlite3.Connection) -> None:
    """Derive all rows anew, in the caller's transaction."""
    for table in _COLUMNS:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our names
    for (article_id,) in connection.execute("SELECT id FROM heads").fetchall():
        for table, rows in _derived(connection, article_id).items():
            _insert(connection, table, rows)


def check(connection: sqlite3.Connection) -> Iterator[str]:
    """What is not as articles and files say, as sentences."""
    for article_id, key in connection.execute("SELECT id, key FROM heads").fetchall():
        for table, rows in _derived(connection, article_id).items():
            held = connection.execute(
                f"SELECT {', '.join(_COLUMNS[table])} FROM {table} WHERE article_id = ?",  # noqa: S608 - our names
                (article_id,),
            ).fetchall()
            if sorted(map(repr, held)) != sorted(map(repr, rows)):
                yield f"article {key} has other rows in {table} than its texts give"
    for table in _COLUMNS:
        ((lost,),) = connection.execute(
            f"SELECT count(*) FROM {table} WHERE article_id NOT IN (SELECT id FROM heads)"  # noqa: S608 - our names
        ).fetchall()
        if lost:
            yield f"{lost} rows of {table} are of no article"


def _insert(connection: sqlite3.Connection, table: str, rows: list[_Row]) -> None:
    places = ", ".join("?" * len(_COLUMNS[table]))
    names = ", ".join(_COLUMNS[table])
    connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608 - our names


def _derived(connection: sqlite3.Connection, article_id: int) -> dict[str, list[_Row]]:
    """The rows of one article, by table."""
    (row,) = connection.execute(f"{_ROWS} WHERE h.id = ?", (article_id,)).fetchall()
    _id, kind, number, author, organisation, published, url, title, summary, text = row
    files = connection.execute(_FILES, (article_id,)).fetchall()
    mentions: dict[str, _Row] = {}
    texts = [("text", part) for part in (number, title, summary, text)] + [
        ("file", part) for _url, part in files
    ]
    for source, part in texts:
        for named in find_numbers(part or ""):
            mentions.setdefault(
                number_key(named), (article_id, number_key(named), named, kind_of_number(named), source)
            )
    held: dict[str, _Row] = {}
    if number:
        said = official_text(nfc(text or ""), number=number)
        assert said is not None
        issued = said.issued.isoformat() if said.issued else None
        if kind == "document":
            issued = published[:10] if published else issued
            said_by = (organisation or said.issuer, author or said.signer)
        else:
            said_by = (said.issuer, said.signer)
        _hold(held, article_id, said, (issued, *said_by), url, None)
        mentions.setdefault(
            number_key(number), (article_id, number_key(number), number, kind_of_number(number), "text")
        )
    for address, part in files:
        said = official_text(nfc(part.replace("\f", "\n")))
        if said is not None:
            issued = said.issued.isoformat() if said.issued else None
            _hold(held, article_id, said, (issued, said.issuer, said.signer), url, address)
    return {"document_mentions": list(mentions.values()), "held_documents": list(held.values())}


def _hold(
    held: dict[str, _Row],
    article_id: int,
    said: OfficialText,
    facts: tuple[str | None, str | None, str | None],
    url: str,
    file: str | None,
) -> None:
    """Add a document; of one that an article is and also has as a file, what either says."""
    document = number_key(said.number)
    row: _Row = (said.kind, *facts, "; ".join(said.replaces) or None)
    if known := held.get(document):
        row = tuple(before or now for before, now in zip(known[3:8], row, strict=True))
        held[document] = (*known[:3], *row, known[8], known[9] or file)
    else:
        held[document] = (article_id, document, said.number, *row, url, file)
