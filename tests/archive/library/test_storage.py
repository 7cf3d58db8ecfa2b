"""The file itself: opening, other processes, full and failing disks, damage, versions."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gvreader.archive.library import Library, LibraryMissing, connection, schema
from gvreader.errors import (
    ArchiveDamaged,
    ArchiveLocked,
    GvreaderError,
    NothingMatched,
    StorageFailed,
)

from . import making
from .making import Scribe, article, at

HOLD = """
    import sys, time
    from pathlib import Path
    from gvreader.archive.library import Library
    from tests.archive.library.making import Scribe, article, at
    library = Library.open(Path(sys.argv[1]), mode="write")
    with library.transaction():
        Scribe(library).see(article("chưa ghi", number="5"), at(1))
        print("holding", flush=True)
        sys.stdin.readline()
"""


@contextmanager
def process(script: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    """A second process at work on the library; waits until it has printed a line."""
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        assert child.stdout.readline().strip() == "holding"
        yield child
    finally:
        child.stdin.close()
        child.wait(30)
        child.stdout.close()


def in_a_child(work: Callable[[], None]) -> None:
    """Run `work` in a forked process, since what it does to the process cannot be undone."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException as error:  # noqa: BLE001 - printed by the child, seen by its exit code
            print(repr(error), file=sys.stderr, flush=True)
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


# ── opening ─────────────────────────────────────────────────────────────────────────────────────


def test_reading_what_is_not_there_says_what_to_do(path: Path) -> None:
    with pytest.raises(LibraryMissing, match=r"library\.sqlite3") as failure:
        Library.open(path, mode="read")
    assert isinstance(failure.value, NothingMatched)
    assert "gvreader sync" in failure.value.advice
    assert not path.parent.exists()


def test_a_file_that_a_kill_left_empty_is_no_library_yet(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with pytest.raises(LibraryMissing):
        Library.open(path, mode="read")
    with Library.open(path, mode="write") as library:
        assert library.overview().articles == 0


def test_write_creates_folders_and_the_promised_settings(path: Path) -> None:
    with Library.open(path, mode="write") as library:
        ask = library._connection.execute
        assert ask("PRAGMA journal_mode").fetchone() == ("wal",)
        assert ask("PRAGMA page_size").fetchone() == (8192,)
        assert ask("PRAGMA foreign_keys").fetchone() == (1,)
        assert ask("PRAGMA user_version").fetchone() == (len(schema.MIGRATIONS),)
    with Library.open(path, mode="read") as library, pytest.raises(StorageFailed):
        library.portals.save("x", "X", "https://x.vn", None)


def test_a_text_file_is_damage(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("not a database, but long enough to be taken for one" * 100)
    for mode in ("read", "write"):
        with pytest.raises(ArchiveDamaged) as failure:
            Library.open(path, mode=mode)
        assert "rebuild" in failure.value.advice
    assert path.read_text().startswith("not a database")


def test_a_newer_library_is_left_alone(path: Path, library: Library) -> None:
    library._connection.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}")
    for mode in ("read", "write"):
        with pytest.raises(GvreaderError, match="newer") as failure:
            Library.open(path, mode=mode)
        assert "Upgrade" in failure.value.advice


def test_somebody_elses_database_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE bookmarks (url)")
    other.close()
    before = path.read_bytes()
    for mode in ("read", "write"):
        with pytest.raises(GvreaderError, match="not a gvreader library"):
            Library.open(path, mode=mode)
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM sqlite_schema").fetchall() == [("bookmarks",)]
    other.close()
    assert len(before) == path.stat().st_size


def test_two_processes_may_create_it_at_once(path: Path) -> None:
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from gvreader.archive.library import Library
        with Library.open(Path(sys.argv[1]), mode="write") as library:
            library.portals.save(sys.argv[2], "X", "https://x.vn", None)
        """
    )
    children = [
        subprocess.Popen([sys.executable, "-c", script, str(path), f"p{number}"]) for number in range(4)
    ]
    assert [child.wait(60) for child in children] == [0, 0, 0, 0]
    with Library.open(path, mode="read") as library:
        assert [portal.name for portal in library.portals.all()] == ["p0", "p1", "p2", "p3"]


def test_a_file_that_another_process_makes_meanwhile_is_no_foreign_one(path: Path) -> None:
    slow = connection.connect(path, "write")

    def interrupted(statement: str) -> None:
        if "sqlite_schema" in statement:
            slow.set_trace_callback(None)
            Library.open(path, mode="write").close()

    slow.set_trace_callback(interrupted)
    assert schema.version_of(slow) == 0
    assert schema.version_of(slow) == len(schema.MIGRATIONS)
    slow.close()


def test_a_reader_of_a_folder_that_may_not_be_written(path: Path, library: Library, scribe: Scribe) -> None:
    scribe.see(article(), at(0))
    library.close()
    path.parent.parent.chmod(0o755)
    for folder in path.parents:
        if folder.stat().st_uid == os.getuid() and folder.is_relative_to("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o055)
    path.chmod(0o444)
    path.parent.chmod(0o555)

    def read() -> None:
        if os.getuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        with Library.open(path, mode="read") as reader:
            assert reader.overview().articles == 1
            assert reader.articles.get("giavien:882") is not None
        with pytest.raises(StorageFailed) as failure:
            Library.open(path, mode="write")
        assert failure.value.advice

    try:
        in_a_child(read)
    finally:
        path.parent.chmod(0o755)


# ── other processes ─────────────────────────────────────────────────────────────────────────────


def test_readers_are_never_blocked_by_a_writer(path: Path, library: Library, scribe: Scribe) -> None:
    scribe.see(article(), at(0))
    with Library.open(path, mode="read") as reader:
        version = reader.version()
        with process(HOLD, path):
            assert reader.overview().articles == 1
            assert reader.articles.get("giavien:5") is None
            with Library.open(path, mode="read") as another:
                assert another.overview().articles == 1
                assert another.status().portals[0].articles == 1
            assert reader.version() == version
        assert reader.overview().articles == 2
        assert reader.version() != version


def test_a_second_writer_is_told_to_wait(
    path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "WAIT_SECONDS", 0.05)
    with process(HOLD, path), Library.open(path, mode="write") as second:
        with pytest.raises(ArchiveLocked) as failure:
            second.marks.save("tên", "nông thôn")
        assert "Try again" in failure.value.advice
        assert second.marks.saved() == ()
    library.marks.save("tên", "nông thôn")


def test_a_killed_writer_leaves_what_was_committed(path: Path, library: Library, scribe: Scribe) -> None:
    scribe.see(article(), at(0))
    library.close()
    with process(HOLD, path) as child:
        child.send_signal(signal.SIGKILL)
        child.wait(30)
    with Library.open(path, mode="read") as reader:
        assert reader.articles.get("giavien:5") is None
        assert reader.articles.get("giavien:882") is not None
    with Library.open(path, mode="write") as writer:
        assert writer.check() == ()
        assert Scribe(writer).see(article(number="6"), at(2)) == 2


# ── transactions ────────────────────────────────────────────────────────────────────────────────


def test_a_transaction_is_all_or_nothing(library: Library, scribe: Scribe) -> None:
    def half() -> None:
        with library.transaction():
            scribe.see(article(), at(0))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert library.overview().articles == 0
    assert library.captures.count() == 0
    assert library.check() == ()


def test_an_inner_transaction_fails_alone(library: Library, scribe: Scribe) -> None:
    def half() -> None:
        with library.transaction():
            scribe.see(article(number="5"), at(0))
            raise ZeroDivisionError

    with library.transaction():
        scribe.see(article(), at(0))
        with pytest.raises(ZeroDivisionError):
            half()
        scribe.see(article(number="6"), at(0))
    assert [row.key for row in library.articles.rows(library.articles.ids())] == ["giavien:882", "giavien:6"]
    assert library.check() == ()


def test_marks_are_on_the_disk_when_they_are_set(library: Library, scribe: Scribe) -> None:
    def synchronous() -> int:
        ((level,),) = library._connection.execute("PRAGMA synchronous").fetchall()
        return int(level)

    article_id = scribe.see(article(), at(0))
    seen = []
    library._connection.set_trace_callback(lambda statement: seen.append(statement))
    library.marks.set_starred([article_id], True)
    library._connection.set_trace_callback(None)
    assert seen.index("PRAGMA synchronous = FULL") < seen.index("BEGIN IMMEDIATE") < seen.index("COMMIT")
    assert synchronous() == 1


# ── disks ───────────────────────────────────────────────────────────────────────────────────────


def see_many(scribe: Scribe) -> None:
    for number, shown in enumerate(making.many(500)):
        scribe.see(shown, at(number))


def test_a_full_disk_keeps_what_was_there(library: Library, scribe: Scribe) -> None:
    scribe.see(article(), at(0))
    library._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (pages,) = library._connection.execute("PRAGMA page_count").fetchone()
    library._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFailed) as failure:
        see_many(scribe)
    assert "space" in failure.value.advice
    library._connection.execute("PRAGMA max_page_count = 1000000")
    assert library.articles.get("giavien:882") is not None
    assert library.check() == ()
    scribe.see(article(number="1000"), at(0))


def test_a_failing_write_says_so_and_loses_nothing(path: Path, library: Library, scribe: Scribe) -> None:
    scribe.see(article(), at(0))
    library.close()
    size = path.stat().st_size

    def work() -> None:
        # Python ignores SIGXFSZ, so writes beyond the limit fail as they do on a failing disk.
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100_000, size + 100_000))
        with (
            Library.open(path, mode="write") as limited,
            pytest.raises(StorageFailed) as failure,
            limited.transaction(),
        ):
            see_many(Scribe(limited))
        assert failure.value.advice

    in_a_child(work)
    with Library.open(path, mode="write") as again:
        assert again.overview().articles == 1
        assert again.check() == ()


def test_flipped_bytes_are_found(path: Path, library: Library, scribe: Scribe) -> None:
    with library.transaction():
        for number, shown in enumerate(making.many(200)):
            scribe.see(shown, at(number))
    library.close()
    content = bytearray(path.read_bytes())
    for place in range(0, len(content), connection.PAGE_SIZE):
        if "Nội dung số".encode() in content[place : place + connection.PAGE_SIZE]:
            content[place : place + 64] = b"\xff" * 64
    path.write_bytes(content)
    with Library.open(path, mode="read") as damaged:
        assert [finding.where for finding in damaged.check()][:1] == ["file"]
        with pytest.raises(ArchiveDamaged) as failure:
            damaged._connection.execute("SELECT text FROM articles").fetchall()
        assert "rebuild" in failure.value.advice


def test_programming_errors_stay_raw(library: Library) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        library._connection.execute("SELECT * FROM elsewhere")
    with pytest.raises(sqlite3.IntegrityError):
        library._connection.execute("INSERT INTO bodies (id, text) VALUES (99, '')")


# ── schema ──────────────────────────────────────────────────────────────────────────────────────


def shape(path: Path) -> list[tuple[str, str, str]]:
    database = sqlite3.connect(path)
    rows = database.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
    found = [(kind, name, " ".join(sql.split())) for kind, name, sql in rows]
    database.close()
    return found


def test_opening_again_changes_nothing(path: Path, library: Library) -> None:
    before = shape(path)
    Library.open(path, mode="write").close()
    assert shape(path) == before


def test_a_migration_that_fails_leaves_the_old_schema(
    path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shape(path)
    broken = "CREATE TABLE more (x);\nCREATE TABLE more (x);\n"
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, broken))
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        Library.open(path, mode="write")
    assert shape(path) == before


def test_scripts_are_cut_into_statements() -> None:
    script = "CREATE TABLE a (b); -- one; two\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\n  SELECT 1;\nEND;\n\nSELECT 2"
    assert [" ".join(statement.split()) for statement in schema.statements(script)] == [
        "CREATE TABLE a (b); -- one; two",
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;",
        "SELECT 2",
    ]
