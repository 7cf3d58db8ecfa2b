"""One connection to the library file: pragmas, transactions, and errors that say what to do.

Writers take `BEGIN IMMEDIATE`; readers are read-only connections. In WAL mode no reader waits for a writer.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn, Self
from weakref import WeakSet

from gvreader.archive.inside import open_inside
from gvreader.errors import (
    ArchiveDamaged,
    ArchiveLocked,
    GvreaderError,
    NothingMatched,
    StorageFailed,
)
from gvreader.i18n import _, marked
from gvreader.sanitize import paragraphs

if TYPE_CHECKING:
    from gvreader.archive.library.marks_journal import MarkEntry

Mode = Literal["read", "write"]
Parameters = Any
"""A sequence or a mapping of values to bind; sqlite3 types it more widely than can be named here."""

# Measured: smaller pages make commits cheaper, larger ones the file smaller; this is best at both.
PAGE_SIZE: Final = 8192
WAIT_SECONDS: Final = 5.0
_PAUSE_SECONDS: Final = 0.01
APPLICATION_ID: Final = 0x67767264  # "gvrd"
_OUR_TABLES: Final = frozenset({"numbers", "captures", "heads", "contents"})
_MAGIC: Final = b"SQLite format 3\0"
_HEADER_BYTES: Final = 112
_PARTS: Final = ("-wal", "-shm", "-journal")
_CACHE_KIB: Final = {"read": 16_000, "write": 16_000}
_WAL_LIMIT_BYTES: Final = 64 << 20
_CHECKPOINT_PAGES: Final = 2000

_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_NO_SHARED_MEMORY: Final = frozenset(
    {
        sqlite3.SQLITE_IOERR_SHMMAP,
        sqlite3.SQLITE_IOERR_SHMOPEN,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_SHMLOCK,
    }
)
_STORAGE: Final = {
    sqlite3.SQLITE_FULL: marked("Free some space on the disk and run the command again."),
    sqlite3.SQLITE_READONLY: marked("Make the archive folder writable, or choose another with --archive."),
    sqlite3.SQLITE_IOERR: marked(
        "Check that the disk is connected and has room, then run the command again."
    ),
    sqlite3.SQLITE_CANTOPEN: marked("Check that the archive folder exists and that you may write to it."),
    sqlite3.SQLITE_PERM: marked("Check who owns the archive folder and its permissions."),
    sqlite3.SQLITE_NOLFS: marked("Move the archive to a file system that allows large files."),
}


class LibraryMissing(NothingMatched):
    """There is no library file yet: nothing was ever stored in this archive."""


def copy_to(connection: Connection, target: Path) -> None:
    """Write what a connection sees to a new file, whoever else writes meanwhile. Raises the errors of `explained`."""
    copy = sqlite3.connect(target)
    try:
        copy_into(connection, copy)
    finally:
        copy.close()


def copy_into(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Let `target` hold what `source` holds, all at once. Raises the errors of `explained`."""
    try:
        source.backup(target)
    except sqlite3.Error as error:
        failure = explained(error)
        if failure is None:
            raise
        raise failure from error


def damaged(reason: object) -> ArchiveDamaged:
    """The error for a library whose content is not what was written there."""
    return ArchiveDamaged(
        _("The library file is damaged ({reason}).").format(reason=reason),
        advice=_("`gvreader verify` says where; `gvreader rebuild` derives the library again."),
    )


def explained(error: sqlite3.Error) -> GvreaderError | None:
    """The same failure as an error that a user can mend; None for programming errors."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        # The module itself says this of text that is not UTF-8, and gives no code.
        return damaged(error) if str(error).startswith("Could not decode to UTF-8") else None
    primary = code & 0xFF
    if primary in _DAMAGED:
        return damaged(error)
    if primary in _BUSY:
        return ArchiveLocked(
            _("Another process is writing to the library."),
            advice=_("Try again when the running sync, import or rebuild has ended."),
        )
    advice = _STORAGE.get(primary)
    if advice is None:
        return None
    return StorageFailed(
        _("The library could not be read or written ({reason}); nothing half-done was kept.").format(
            reason=error
        ),
        advice=_(advice),
    )


def _reraise(error: sqlite3.Error) -> NoReturn:
    failure = explained(error)
    if failure is None:
        raise error
    raise failure from error


def clean_text(text: str) -> str:
    """`text` as it is kept: nothing that SQLite or UTF-8 cannot hold, nothing that acts on a terminal."""
    return paragraphs(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))


def _cleaned(parameters: Parameters) -> Parameters:
    if isinstance(parameters, Mapping):
        return {
            name: clean_text(value) if isinstance(value, str) else value for name, value in parameters.items()
        }
    return [clean_text(value) if isinstance(value, str) else value for value in parameters]


class Cursor(sqlite3.Cursor):
    """A cursor that binds any text and raises errors of `gvreader.errors` where a user can act on them."""

    def execute(self, sql: str, parameters: Parameters = (), /) -> Self:
        try:
            return super().execute(sql, parameters)
        except UnicodeEncodeError:
            return self.execute(sql, _cleaned(parameters))
        except sqlite3.Error as error:
            self._fail(error)

    def executemany(self, sql: str, rows: Iterable[Parameters], /) -> Self:
        try:
            return super().executemany(sql, rows)
        except sqlite3.Error as error:
            self._fail(error)

    def fetchone(self) -> Any:
        try:
            return super().fetchone()
        except sqlite3.Error as error:
            self._fail(error)

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        try:
            return super().fetchmany(size)
        except sqlite3.Error as error:
            self._fail(error)

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except sqlite3.Error as error:
            self._fail(error)

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except sqlite3.Error as error:
            self._fail(error)

    def _fail(self, error: sqlite3.Error) -> NoReturn:
        # A statement that broke in the middle would keep its snapshot for as long as somebody holds the error.
        self.close()
        _reraise(error)


class Connection(sqlite3.Connection):
    """A connection in autocommit mode whose cursors are `Cursor`s.

    While `is_indexing` is false, articles change without the full-text index; whoever sets it fills the index
    again in the same transaction.
    """

    is_indexing = True
    keep_marks: Callable[[list[MarkEntry]], object] | None = None
    """Called with the marks that a transaction noted, before it is committed; its exceptions roll it back."""

    def note_marks(self, entries: Iterable[MarkEntry]) -> None:
        """Have marks kept in their second home when the transaction under way is committed."""
        self._noted.extend(entries)

    @cached_property
    def _noted(self) -> list[MarkEntry]:
        return []

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(factory or Cursor)

    # The inherited short cuts would make plain cursors.

    def execute(self, sql: str, parameters: Parameters = (), /) -> Cursor:
        cursor: Cursor = self.cursor()
        return cursor.execute(sql, parameters)

    def executemany(self, sql: str, rows: Iterable[Parameters], /) -> Cursor:
        cursor: Cursor = self.cursor()
        return cursor.executemany(sql, rows)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything inside reads one state of the file; inside a transaction that transaction's."""
        if self.in_transaction:
            yield
            return
        self.execute("BEGIN")
        try:
            yield
        finally:
            self._end()

    def _end(self) -> None:
        # What went wrong inside may have ended the transaction, and is the error to hear of.
        if self.in_transaction:
            self.execute("COMMIT")

    @contextmanager
    def temporary_tables(self) -> Iterator[None]:
        """Inside, tables may be made that lie in this connection alone, whether it reads or writes."""
        ((query_only,),) = self.execute("PRAGMA query_only").fetchall()
        self.execute("PRAGMA query_only = OFF")
        try:
            yield
        finally:
            self.execute(f"PRAGMA query_only = {int(query_only)}")

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[None]:
        """All or nothing. Inside another transaction it is a savepoint of that one.

        `durable`: the outermost transaction has reached the disk when this returns; otherwise it survives the
        death of the process but perhaps not a power cut.
        """
        if self.in_transaction:
            begin, commit, rollback = "SAVEPOINT step", "RELEASE step", "ROLLBACK TO step; RELEASE step"
        else:
            if durable:
                self.execute("PRAGMA synchronous = FULL")
            begin, commit, rollback = "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"
        noted = len(self._noted)
        try:
            self.execute(begin)
            try:
                yield
                if commit == "COMMIT" and self._noted and self.keep_marks is not None:
                    self.keep_marks(self._noted)
                self.execute(commit)
                if commit == "COMMIT":
                    self._noted.clear()
            except BaseException:
                del self._noted[noted:]
                # A full disk may have rolled everything back already.
                if self.in_transaction:
                    for statement in rollback.split("; "):
                        self.execute(statement)
                raise
        finally:
            if durable and not self.in_transaction:
                self.execute("PRAGMA synchronous = NORMAL")


_open_connections: Final[WeakSet[Connection]] = WeakSet()


def connect(path: Path, mode: Mode) -> Connection:
    """Open the library file; `write` creates it. The schema is the caller's affair (see schema.py).

    A file of another program is refused before SQLite opens it. Raises LibraryMissing, ArchiveDamaged,
    StorageFailed, ArchiveLocked, and GvreaderError for a foreign file.
    """
    try:
        if mode == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
        header = _header(path)
        if mode == "read" and not header:
            raise LibraryMissing(
                _("There is no library at {file}.").format(file=path),
                advice=_(
                    "Run `gvreader sync` or `gvreader import` first, or choose a folder with --archive."
                ),
            )
        _require_own(path, header)
        connection = _open(path, mode)
    except sqlite3.Error as error:
        _reraise(error)
    except OSError as error:
        raise StorageFailed(
            _("The archive folder {folder} cannot be used ({reason}).").format(
                folder=path.parent, reason=error.strerror
            ),
            advice=_("Check its permissions, or choose another folder with --archive."),
        ) from error
    connection = _configured(connection, path, mode)
    _open_connections.add(connection)
    return connection


def _configured(connection: Connection, path: Path, mode: Mode) -> Connection:
    """The connection made ready, or another one that needs no shared memory."""
    try:
        _configure(connection, mode)
    except StorageFailed as error:
        connection.close()
        if getattr(error.__cause__, "sqlite_errorcode", None) not in _NO_SHARED_MEMORY:
            raise
        return _without_shared_memory(path, mode)
    except BaseException:
        connection.close()
        raise
    return connection


def interrupt_all() -> None:
    """Have every query under way end with sqlite3.OperationalError; any thread may call this."""
    for connection in list(_open_connections):
        connection.interrupt()


def _without_shared_memory(path: Path, mode: Mode) -> Connection:
    """Open the file where the file system cannot share memory (9p, some FUSE, old SMB): by a rollback journal.

    A writer turns the file to it, readers then need nothing else. A file that still waits for its write-ahead log to
    be folded in is turned by its first reader, too: there is no other way to read it.
    """
    wal = path.with_name(f"{path.name}-wal")
    if mode == "read" and not (wal.exists() and wal.stat().st_size):
        connection = _connected(path, "mode=ro&immutable=1")
    else:
        connection = _connected(path, "mode=rwc" if mode == "write" else "mode=rw")
    try:
        if mode == "write" or wal.exists():
            # Alone with the file, SQLite keeps the log's index in its own memory.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            connection.execute("PRAGMA locking_mode = NORMAL")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        _configure(connection, mode, is_shared=False)
    except BaseException:
        connection.close()
        raise
    return connection


def _header(path: Path) -> bytes:
    """The first bytes of a library file; empty when it is missing or empty. Raises OSError for a link."""
    for suffix in _PARTS:
        part = path.with_name(path.name + suffix)
        if part.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(part))
    try:
        descriptor = open_inside(path, below=1)
    except FileNotFoundError:
        return b""
    try:
        return os.read(descriptor, _HEADER_BYTES)
    finally:
        os.close(descriptor)


def schema_version(path: Path) -> int:
    """The version that the file's header states; 0 where there is none or it cannot be read."""
    try:
        header = _header(path)
    except OSError:
        return 0
    return int.from_bytes(header[60:64], "big") if header.startswith(_MAGIC) else 0


def _require_own(path: Path, header: bytes) -> None:
    """Raise GvreaderError for another program's database, and ArchiveDamaged for ours without its mark.

    The header alone tells: opening a file for writing would already change it.
    """
    application = int.from_bytes(header[68:72], "big")
    has_tables = len(header) > 104 and header[103:105] != b"\0\0"
    has_version = header[60:64] != bytes(4)
    if not header.startswith(_MAGIC) or application == APPLICATION_ID or not (has_tables or has_version):
        return
    if _holds_our_tables(path):
        raise damaged("the file's mark was altered")
    raise GvreaderError(
        _("{file} is not a gvreader library.").format(file=path),
        advice=_(
            "gvreader leaves this file as it is. Choose another folder with --archive, or move the file away; "
            "`gvreader rebuild` then derives a library from the vault."
        ),
    )


def _holds_our_tables(path: Path) -> bool:
    with suppress(sqlite3.Error):
        database = sqlite3.connect(f"{_address(path)}?mode=ro&immutable=1", uri=True)
        try:
            names = {name for (name,) in database.execute("SELECT name FROM sqlite_schema")}
        finally:
            database.close()
        return names >= _OUR_TABLES
    return False


def _address(path: Path) -> str:
    return (path.parent.resolve() / path.name).as_uri()


def _open(path: Path, mode: Mode) -> Connection:
    if mode == "write" and path.parent.is_dir() and os.statvfs(path.parent).f_flag & os.ST_RDONLY:
        # SQLite only says that it cannot open the file.
        raise StorageFailed(
            _("The library could not be read or written ({reason}); nothing half-done was kept.").format(
                reason=os.strerror(errno.EROFS)
            ),
            advice=_(_STORAGE[sqlite3.SQLITE_READONLY]),
        )
    return _connected(path, "mode=rwc" if mode == "write" else _reading_mode(path))


def _connected(path: Path, query: str) -> Connection:
    return sqlite3.connect(
        f"{_address(path)}?{query}",
        uri=True,
        timeout=WAIT_SECONDS,
        isolation_level=None,
        cached_statements=256,
        factory=Connection,
    )


def _reading_mode(path: Path) -> str:
    """How to open the file so that reading leaves the folder as it was.

    The last connection that may write removes the files that WAL readers share, so it is asked for where no log
    waits to be folded in; all writing is forbidden by `query_only`.
    """
    wal = path.with_name(f"{path.name}-wal")
    if wal.exists() and wal.stat().st_size:
        return "mode=ro"
    if os.access(path.parent, os.W_OK) and os.access(path, os.W_OK):
        return "mode=rw"
    # In a folder that may not be written, SQLite cannot make the files that WAL readers share.
    return "mode=ro&immutable=1"


def _configure(connection: Connection, mode: Mode, *, is_shared: bool = True) -> None:
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB[mode]}")
    connection.execute("PRAGMA temp_store = MEMORY")
    # The file may come from a stranger: what its schema calls may do nothing but compute.
    connection.execute("PRAGMA trusted_schema = OFF")
    if mode == "read":
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    connection.execute("PRAGMA foreign_keys = ON")
    if not is_shared or _journal_mode(connection) != "wal":
        connection.execute("PRAGMA synchronous = FULL")
        return
    # The log is opened by the first question: where that fails, it has to fail here.
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")


def _journal_mode(connection: Connection) -> str:
    """Ask for WAL; returns what the file system allows."""
    patience_ends = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return str(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0])
        except ArchiveLocked:
            # Where two processes make the file at once, SQLite gives up at once, lest each waits for the other.
            if time.monotonic() > patience_ends:
                raise
            time.sleep(_PAUSE_SECONDS)


def checkpoint(connection: Connection) -> None:
    """Fold the write-ahead log into the file, as far as readers allow."""
    with suppress(GvreaderError):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
