"""Opening a library: reading leaves the folder as it was, and nothing but our own schema is opened."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gvreader.archive.library import Library, own_schema
from gvreader.archive.library.connection import APPLICATION_ID
from gvreader.archive.library.schema import MIGRATIONS
from gvreader.errors import ArchiveDamaged, GvreaderError

FIXTURES = Path(__file__).parents[2] / "fixtures" / "library"


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """What lies in a folder, and when it was changed."""
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def read_everything(path: Path) -> int:
    with Library.open(path, mode="read") as library:
        ids = library.articles.ids()
        assert library.search.find("huyện").total >= 0
        library.check()
        return len(ids)


def alter(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(statement)
        database.commit()


@pytest.fixture
def library_file(tmp_path: Path) -> Path:
    path = tmp_path / "library.sqlite3"
    Library.open(path, mode="write").close()
    return path


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_reading_an_earlier_schema_changes_no_byte(tmp_path: Path, version: int) -> None:
    path = tmp_path / "library.sqlite3"
    path.write_bytes(gzip.decompress((FIXTURES / f"version-{version}.sqlite3.gz").read_bytes()))
    before = files(tmp_path)
    assert read_everything(path) == 10
    assert files(tmp_path) == before


def test_reading_changes_no_byte(library_file: Path) -> None:
    before = files(library_file.parent)
    assert read_everything(library_file) == 0
    assert files(library_file.parent) == before


def test_a_reader_that_ends_last_takes_its_files_along(library_file: Path) -> None:
    writer = Library.open(library_file, mode="write")
    reader = Library.open(library_file, mode="read")
    writer.marks.save("a", "b")
    assert [search.name for search in reader.marks.saved()] == ["a"]
    writer.close()
    reader.close()
    names = {path.name for path in library_file.parent.iterdir()}
    assert names & {"library.sqlite3-wal", "library.sqlite3-shm"} == set()
    with Library.open(library_file, mode="read") as library:
        assert [search.name for search in library.marks.saved()] == ["a"]


def test_a_reader_cannot_write(library_file: Path) -> None:
    with Library.open(library_file, mode="read") as library, pytest.raises(GvreaderError):
        library.marks.save("a", "b")


@pytest.mark.parametrize("mode", ["read", "write"])
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER evil AFTER UPDATE ON heads BEGIN DELETE FROM tags; END",
        "CREATE VIEW evil AS SELECT 1",
        "CREATE INDEX evil ON heads (title)",
        "CREATE TABLE evil (a)",
        "DROP VIEW archived_only",
        "DROP TRIGGER section_gains",
    ],
)
def test_a_strangers_schema_is_refused(library_file: Path, statement: str, mode: str) -> None:
    alter(library_file, statement)
    with pytest.raises(ArchiveDamaged, match=r"evil|archived_only|section_gains"):
        Library.open(library_file, mode=mode)  # type: ignore[arg-type]


def test_a_replaced_view_is_refused_and_named(library_file: Path) -> None:
    alter(library_file, "DROP VIEW articles")
    alter(library_file, "CREATE VIEW articles AS SELECT * FROM heads")
    with pytest.raises(ArchiveDamaged, match="view articles was altered"):
        Library.open(library_file, mode="read")


@pytest.mark.parametrize("version", [0, 1])
def test_an_altered_version_is_damage(library_file: Path, version: int) -> None:
    alter(library_file, f"PRAGMA user_version = {version}")
    with pytest.raises(ArchiveDamaged):
        Library.open(library_file, mode="write")


def test_an_altered_mark_is_damage_and_no_foreign_file(library_file: Path) -> None:
    alter(library_file, f"PRAGMA application_id = {APPLICATION_ID ^ 4}")
    with pytest.raises(ArchiveDamaged):
        Library.open(library_file, mode="write")


@pytest.mark.parametrize("mode", ["read", "write"])
def test_another_programs_database_is_refused_before_it_is_touched(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "library.sqlite3"
    alter(path, "CREATE TABLE theirs (a)")
    before = files(tmp_path)
    with pytest.raises(GvreaderError, match="not a gvreader library") as refused:
        Library.open(path, mode=mode)  # type: ignore[arg-type]
    assert not isinstance(refused.value, ArchiveDamaged)
    assert files(tmp_path) == before


def test_the_digests_are_those_of_the_migrations() -> None:
    made = tuple(
        own_schema.digest(own_schema.expected(MIGRATIONS[:version]))
        for version in range(1, len(MIGRATIONS) + 1)
    )
    assert made == own_schema.DIGESTS
