"""docs/library.md names everything that is in the file, and its examples run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gvreader.archive.library import Library
from gvreader.archive.library.connection import APPLICATION_ID
from gvreader.model import Sighting

from .making import ORIGIN, Scribe, article, at, capture

PAGE = (Path(__file__).parents[3] / "docs" / "library.md").read_text("utf-8")
SQL = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
PYTHON = [code for code in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "pandas" not in code]
STABLE = [
    "articles",
    "revisions",
    "sections",
    "article_sections",
    "urls",
    "observations",
    "contents",
    "article_media",
    "media",
    "tags",
    "notes",
    "places",
    "saved_searches",
    "captures",
    "sightings",
    "timeline",
    "archived_only",
    "portals",
    "runs",
    "problems",
    "frontier",
]


def test_every_table_and_view_is_described(library: Library) -> None:
    names = library._connection.execute(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'"
    ).fetchall()
    missing = [
        name for (name,) in names if not any(f"`{word}`" in PAGE for word in (name, name.partition("_")[0]))
    ]
    assert missing == []


@pytest.mark.parametrize("table", STABLE)
def test_every_column_that_is_promised_is_there(library: Library, table: str) -> None:
    columns = {row[1] for row in library._connection.execute(f"PRAGMA table_info({table})").fetchall()}
    part = PAGE.split(f"### `{table}` (view)")[1].split("###")[0] if f"### `{table}` (view)" in PAGE else ""
    line = next((line for line in PAGE.splitlines() if line.startswith(f"| `{table}` |")), "")
    described = line.split("|")[2] if line else part
    promised = set(re.findall(r"`([a-z_0-9]+)`", described))
    assert promised
    values = {
        "article",
        "document",
        "page",
        "image",
        "attachment",
        "live",
        "wayback",
        "commoncrawl",
        "import",
    }
    assert promised - values <= columns


@pytest.mark.parametrize("view", ["articles", "revisions", "timeline", "archived_only"])
def test_every_column_of_a_view_is_described(library: Library, view: str) -> None:
    columns = {row[1] for row in library._connection.execute(f"PRAGMA table_info({view})").fetchall()}
    part = PAGE.split(f"### `{view}` (view)")[1].split("###")[0]
    assert columns <= set(re.findall(r"`([a-z_0-9]+)`", part))


def test_the_application_id_is_the_one_described() -> None:
    assert str(APPLICATION_ID) in PAGE


@pytest.mark.parametrize("query", SQL, ids=range(len(SQL)))
def test_sql_examples_run(library: Library, scribe: Scribe, query: str) -> None:
    scribe.see(article("A"), at(0))
    scribe.see(article("B"), at(1))
    scribe.see(article(number="9"), at(1), source="wayback")
    scribe.see(article("Chỉ có trong kho lưu trữ", number="8"), at(1), source="wayback")
    scribe.see(article("Triển khai Quyết định số 44/2016/QĐ-UBND", number="7"), at(1))
    scribe.record(capture(f"{ORIGIN}/x", at(0)), "challenge")
    seen = Sighting(url=f"{ORIGIN}/x", stamp="20230207000000", captured=at(0))
    library.sightings.add("giavien", "wayback", seen, role="page")
    assert library._connection.execute(query).fetchall()


@pytest.mark.parametrize("code", PYTHON, ids=range(len(PYTHON)))
def test_python_examples_run(
    path: Path,
    library: Library,
    scribe: Scribe,
    code: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    scribe.see(article(), at(0))
    monkeypatch.chdir(path.parent)
    names: dict[str, object] = {}
    exec(compile(code, "docs/library.md", "exec"), names)
    names["library"].close()  # type: ignore[attr-defined]
    assert "UBND huyện tổ chức hội nghị" in capsys.readouterr().out
