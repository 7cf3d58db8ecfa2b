"""The rows of a shard, as Parquet or JSON lines, written as they come; the same rows are the same bytes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from gvreader.export.parquet import article_columns
from gvreader.model import Article

if TYPE_CHECKING:
    import pyarrow as pa

RowFormat = Literal["parquet", "jsonl"]
Row = dict[str, Any]
SUFFIXES: Final[Mapping[RowFormat, str]] = {"parquet": ".parquet", "jsonl": ".jsonl.gz"}
_GROUP_ROWS: Final = 1000
_GROUP_CHARACTERS: Final = 1 << 20
_OF_THE_ARCHIVE: Final = frozenset(
    {
        "key",
        "id",
        "read",
        "starred",
        "tags",
        "note",
        "gone",
        "revision",
        "first_seen",
        "fetched",
        "changed",
        "warc",
    }
)
"""Columns of `export parquet` that one capture cannot tell."""


def article_schema() -> pa.Schema:
    """The columns of articles: what `export parquet` has and one capture can tell, and where it lies."""
    from gvreader.export.parquet import pyarrow_or_advice, schema

    pa = pyarrow_or_advice()
    exported = [field for field in schema() if field.name not in _OF_THE_ARCHIVE]
    first = [
        pa.field("identity", pa.string()),
        pa.field("captured", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("warc", _place(), nullable=False),
    ]
    return pa.schema([*first, *exported])


def refusal_schema() -> pa.Schema:
    """The columns of refusals; the first three may be unknown."""
    from gvreader.export.parquet import pyarrow_or_advice

    pa = pyarrow_or_advice()
    return pa.schema(
        [
            pa.field("portal", pa.string()),
            pa.field("url", pa.string()),
            pa.field("captured", pa.timestamp("us", tz="UTC")),
            pa.field("kind", pa.string(), nullable=False),
            pa.field("detail", pa.string()),
            pa.field("warc", _place(), nullable=False),
        ]
    )


def _place() -> pa.DataType:
    from gvreader.export.parquet import pyarrow_or_advice

    pa = pyarrow_or_advice()
    return pa.struct([("file", pa.string()), ("offset", pa.int64()), ("record_id", pa.string())])


def article_row(article: Article, portal: str, captured: datetime, place: Row) -> Row:
    """An article as one capture tells it."""
    return {
        "identity": article.identity,
        "captured": captured,
        "warc": place,
        "portal": portal,
        **article_columns(article),
    }


def refusal_row(
    *, portal: str | None, url: str | None, captured: datetime | None, kind: str, detail: str, place: Row
) -> Row:
    """Why a capture or record is no article."""
    return {
        "portal": portal,
        "url": _sound(url),
        "captured": captured,
        "kind": kind,
        "detail": _sound(detail) or None,
        "warc": place,
    }


class RowWriter(Protocol):
    """Takes rows one by one; a context manager."""

    rows: int

    def add(self, row: Row) -> None: ...

    def close(self) -> None: ...


def row_writer(path: Path, form: RowFormat, kind: Literal["articles", "refusals"]) -> RowWriter:
    """A writer of a new file. Raises MissingExtra for Parquet without pyarrow."""
    if form == "jsonl":
        return _JsonRows(path)
    return _ParquetRows(path, article_schema() if kind == "articles" else refusal_schema())


class _JsonRows:
    def __init__(self, path: Path) -> None:
        self.rows = 0
        # Neither name nor time of the file are part of it: the same rows are the same bytes.
        self._raw = path.open("wb")
        self._stream = gzip.GzipFile(filename="", mode="wb", fileobj=self._raw, mtime=0)

    def add(self, row: Row) -> None:
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_plain)
        self._stream.write(text.encode("utf-8", "replace") + b"\n")
        self.rows += 1

    def close(self) -> None:
        self._stream.close()
        self._raw.close()


class _ParquetRows:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        from pyarrow.parquet import ParquetWriter

        from gvreader.export.parquet import pyarrow_or_advice

        self.rows = 0
        self._pa = pyarrow_or_advice()
        self._schema = schema
        self._group: list[Row] = []
        self._characters = 0
        # The system's allocator gives memory back; pyarrow's own keeps what its largest group took.
        self._writer = ParquetWriter(
            str(path), schema, compression="zstd", memory_pool=self._pa.system_memory_pool()
        )

    def add(self, row: Row) -> None:
        self._group.append(row)
        self.rows += 1
        self._characters += len(row.get("text") or "")
        if len(self._group) >= _GROUP_ROWS or self._characters >= _GROUP_CHARACTERS:
            self._flush()

    def close(self) -> None:
        if self._group:
            self._flush()
        self._writer.close()

    def _flush(self) -> None:
        self._writer.write_table(self._pa.Table.from_pylist(self._group, schema=self._schema))
        self._group, self._characters = [], 0


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert isinstance(value, date)
    return value.isoformat()


def _sound(value: str | None) -> str | None:
    """Text that UTF-8 holds: lone surrogates are replaced."""
    return None if value is None else value.encode("utf-8", "replace").decode()
