"""Libraries that older versions wrote, brought up to date: every saved one, compared with a fresh one."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gvreader.archive.library import Library
from gvreader.archive.library.schema import MIGRATIONS

SAVED = sorted((Path(__file__).parents[2] / "fixtures" / "library").glob("version-*.sqlite3.gz"))


@pytest.fixture(params=SAVED, ids=lambda path: path.name.partition(".")[0])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A library of six articles, the newest of them in two revisions, as an older version wrote it."""
    path = tmp_path / "library.sqlite3"
    path.write_bytes(gzip.decompress(request.param.read_bytes()))
    return path


def shape(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The columns of every table and view that promises anything, with their types."""
    with closing(sqlite3.connect(path)) as database:
        names = [
            name
            for (name,) in database.execute(
                "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'"
            )
        ]
        return {
            name: sorted(row[1:4] for row in database.execute(f"PRAGMA table_info({name})")) for name in names
        }


def test_every_earlier_version_is_saved() -> None:
    versions = [int(path.name.partition(".")[0].removeprefix("version-")) for path in SAVED]
    assert versions == list(range(1, len(MIGRATIONS)))


def test_an_upgraded_library_is_like_a_fresh_one(old: Path, tmp_path: Path) -> None:
    Library.open(old, mode="write").close()
    fresh = tmp_path / "fresh.sqlite3"
    Library.open(fresh, mode="write").close()
    assert shape(old) == shape(fresh)
    with closing(sqlite3.connect(old)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_nothing_is_lost_on_the_way(old: Path) -> None:
    with Library.open(old, mode="read") as library:
        ids = library.articles.ids()
        # Six articles and the four static pages of the portal.
        assert len(ids) == 10
        rows = library.articles.rows(ids)
        assert sorted(row.revision for row in rows)[-1] == 2
        assert sum(row.marks.read for row in rows) == 2
        assert sum(row.marks.tags == ("nông thôn",) for row in rows) == 1
        # Its index may be of earlier rules until the next writer comes.
        assert [flaw for flaw in library.check() if flaw.is_damage] == []
        assert library.search.find("huyện Gia Viễn").total > 0
        assert library.status("giavien").portals[0].archives == {}
        assert all(library.captures.of_article(article_id) for article_id in ids)
