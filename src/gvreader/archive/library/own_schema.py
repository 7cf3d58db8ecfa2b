"""Is the schema of a file our own, word for word? A trigger or view of a stranger would run inside our statements."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Final

from gvreader.archive.library import index
from gvreader.archive.library.connection import Connection, damaged
from gvreader.archive.library.schema import MIGRATIONS, statements

DIGESTS: Final[tuple[str, ...]] = (
    "05317564ac6f34638f03f1266bbda297b500de227dc32229974545bfda80277a",
    "765b9a75bcf38d842f83cb37ecfc41f95d694066a23b8f1ff577df62d02ab8f2",
    "c0badbe0aca61244fff6034ca1b3532c98d51b4f445ca04bd28fd94b509542d3",
    "12272389d256594997b645b7d24c47baf46aa72b68df84b8d4bc00f0c3443810",
    "df7dfa5cbe32f36695e59012ad2d0f23fc8450059b54a3a0cd896ec56dc4ee71",
    "7e09be303b005bf01c163bf8f4bab64705a4eb5f2aaa9ca0a3ae6ce24f4b9445",
    "817ce114730d8d75e7ae5bf253dd5108a73de658939ea756431072afb1a88af7",
)
"""The digest of the schema after each migration: hashing 80 rows takes less than making them to compare with."""

# What FTS5 makes for itself is spelled as its version likes.
_SHADOWS: Final = frozenset(
    f"{table}_{part}" for table in index.TABLES for part in ("data", "idx", "content", "docsize", "config")
)
_Parts = dict[tuple[str, str], str]


def require_own(connection: Connection) -> None:
    """Raise ArchiveDamaged for a file whose schema is not what its version has."""
    with connection.reading():
        ((version,),) = connection.execute("PRAGMA user_version").fetchall()
        found = digest(parts(connection))
    if 0 < version <= len(MIGRATIONS) and found != _wanted(version):
        raise damaged("; ".join(differences(connection, version)) or "its schema was altered")


def _wanted(version: int) -> str:
    return DIGESTS[version - 1] if version <= len(DIGESTS) else digest(expected(MIGRATIONS[:version]))


def parts(connection: sqlite3.Connection) -> _Parts:
    """The SQL of everything in a schema that we define, by type and name."""
    return {
        (kind, name): sql or ""
        for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_schema").fetchall()
        if not (kind == "table" and name in _SHADOWS) and not name.startswith("sqlite_")
    }


def digest(found: _Parts) -> str:
    """A digest of a schema, whatever the order in which its parts were made."""
    written = "\0".join(f"{kind}\0{name}\0{sql}" for (kind, name), sql in sorted(found.items()))
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def expected(migrations: Sequence[str]) -> _Parts:
    """The schema that these migrations make."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        for script in migrations:
            for statement in statements(script):
                database.execute(statement)
        return parts(database)


def differences(connection: sqlite3.Connection, version: int) -> list[str]:
    """What is not as in our schema of that version, as sentences."""
    found = parts(connection)
    wanted = expected(MIGRATIONS[:version])
    sentences = [
        f"the {kind} {name} is not gvreader's" for kind, name in sorted(found.keys() - wanted.keys())
    ]
    sentences += [f"the {kind} {name} is missing" for kind, name in sorted(wanted.keys() - found.keys())]
    sentences += [
        f"the {kind} {name} was altered"
        for kind, name in sorted(found.keys() & wanted.keys())
        if found[kind, name] != wanted[kind, name]
    ]
    return sentences
