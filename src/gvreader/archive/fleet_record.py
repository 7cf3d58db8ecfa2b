"""What was last seen of each portal of a fleet: a small database that may be deleted at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from gvreader.errors import StorageFailed
from gvreader.frozen import dataclass
from gvreader.i18n import _

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS probes (
    name TEXT PRIMARY KEY, at TEXT NOT NULL, state TEXT NOT NULL, family TEXT, address TEXT,
    requests INTEGER NOT NULL, detail TEXT
);
CREATE TABLE IF NOT EXISTS runs (
    name TEXT PRIMARY KEY, finished TEXT NOT NULL, exit_code INTEGER NOT NULL, articles INTEGER NOT NULL,
    waiting INTEGER NOT NULL, message TEXT
);
"""
_BUSY: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRow:
    """What a probe found; `at` is ISO 8601 UTC."""

    name: str
    at: str
    state: str
    family: str | None
    address: str | None
    requests: int
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """How the last run of a portal ended, and what its archive held then; `finished` is ISO 8601 UTC."""

    name: str
    finished: str
    exit_code: int
    articles: int
    waiting: int
    message: str | None


class FleetRecord:
    """The file `fleet.sqlite3`. One that cannot be read counts as empty and is made anew by the next write."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def probes(self) -> dict[str, ProbeRow]:
        """The last probe of each portal by name."""
        rows = self._read("SELECT name, at, state, family, address, requests, detail FROM probes")
        names = ("name", "at", "state", "family", "address", "requests", "detail")
        return {row[0]: ProbeRow(**dict(zip(names, row, strict=True))) for row in rows}

    def runs(self) -> dict[str, RunRow]:
        """The last run of each portal by name."""
        rows = self._read("SELECT name, finished, exit_code, articles, waiting, message FROM runs")
        names = ("name", "finished", "exit_code", "articles", "waiting", "message")
        return {row[0]: RunRow(**dict(zip(names, row, strict=True))) for row in rows}

    def save_probe(self, row: ProbeRow) -> None:
        """Take in what a probe found."""
        values = (row.name, row.at, row.state, row.family, row.address, row.requests, row.detail)
        self._write("INSERT OR REPLACE INTO probes VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def save_run(self, row: RunRow) -> None:
        """Take in how a run ended."""
        values = (row.name, row.finished, row.exit_code, row.articles, row.waiting, row.message)
        self._write("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?)", values)

    def _read(self, sql: str) -> list[tuple[Any, ...]]:
        try:
            with self._connected(f"file:{_quoted(self._path)}?mode=ro") as connection:
                return connection.execute(sql).fetchall()
        except sqlite3.Error:
            return []

    def _write(self, sql: str, values: tuple[object, ...]) -> None:
        try:
            try:
                self._insert(sql, values)
            except sqlite3.DatabaseError:
                self._path.unlink(missing_ok=True)
                self._insert(sql, values)
        except (sqlite3.Error, OSError) as error:
            raise StorageFailed(
                _("{file} could not be written ({reason}).").format(file=self._path, reason=error),
                advice=_("Check that the disk is mounted, has room, and may be written by you."),
            ) from error

    def _insert(self, sql: str, values: tuple[object, ...]) -> None:
        with self._connected(f"file:{_quoted(self._path)}?mode=rwc") as connection:
            connection.executescript(_SCHEMA)
            with connection:
                connection.execute(sql, values)

    @contextmanager
    def _connected(self, address: str) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(address, uri=True, timeout=_BUSY)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            yield connection
        finally:
            connection.close()


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(str(path.absolute()))
