from __future__ import annotations

import builtins
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from gvreader.errors import MissingExtra
from gvreader.export.parquet import write_parquet
from gvreader.extras import install_command
from gvreader.model import PORTAL_TIME, Marks, StoredArticle

from .samples import HOSTILE, NEWS, SEEN, stored

pq = pytest.importorskip("pyarrow.parquet")


def _read(articles: Iterator[StoredArticle] | list[StoredArticle]) -> Any:
    stream = io.BytesIO()
    write_parquet(stream, articles)
    return pq.read_table(io.BytesIO(stream.getvalue()))


def test_columns_are_typed_and_nested() -> None:
    table = _read([stored(marks=Marks(read=True, tags=("đọc lại",)))])
    types = {field.name: str(field.type) for field in table.schema}
    assert types["published"] == "date32[day]"
    assert types["published_at"] == "timestamp[us, tz=Asia/Ho_Chi_Minh]"
    assert types["changed"] == "timestamp[us, tz=UTC]"
    assert types["tags"] == "list<element: string>"
    assert types["read"] == "bool"
    assert types["confidence"] == "double"
    assert types["images"].startswith("list<element: struct<url: string, caption: string")
    assert not table.schema.field("title").nullable
    [record] = table.to_pylist()
    assert record["published"] == date(2020, 12, 9)
    assert record["published_at"] is None
    assert record["fetched"] == SEEN
    assert record["gone"] is None
    assert record["tags"] == ["đọc lại"]
    assert record["sections"] == [{"slug": "tin-tuc", "title": "Tin tức"}]
    assert record["images"][0]["caption"] == 'Đ/c Ngô Hùng Khánh "phát biểu"'
    assert record["attachments"][0]["bytes"] == 12345
    assert record["warc"]["offset"] == 123
    assert record["text"] == NEWS.text


def test_a_time_of_day_is_kept_with_its_day() -> None:
    late = datetime(2023, 2, 7, 23, 30, tzinfo=PORTAL_TIME)
    [record] = _read([stored(replace(NEWS, published=late))]).to_pylist()
    assert record["published"] == date(2023, 2, 7)
    assert record["published_at"] == late


def test_hostile_and_missing_values() -> None:
    bare = replace(NEWS, summary=None, author=None, published=None, images=(), attachments=())
    [record] = _read([replace(stored(bare, title=f"\ud800{HOSTILE}"), evidence=None)]).to_pylist()
    assert record["title"] == f"?{HOSTILE}"
    assert record["published"] is record["author"] is record["warc"] is None
    assert record["images"] == []


def test_many_articles_come_in_groups() -> None:
    stream = io.BytesIO()
    write_parquet(stream, (stored(id=number) for number in range(5000)))
    file = pq.ParquetFile(io.BytesIO(stream.getvalue()))
    assert file.metadata.num_rows == 5000
    assert file.metadata.num_row_groups == 5


def test_no_articles_make_an_empty_table() -> None:
    assert _read([]).num_rows == 0


def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def missing(name: str, *arguments: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "pyarrow":
            raise ImportError(name)
        return original(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(MissingExtra, match="pyarrow") as caught:
        write_parquet(io.BytesIO(), [])
    assert caught.value.advice.endswith(install_command("pyarrow"))
