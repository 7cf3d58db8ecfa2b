"""Where a set lies: a folder, or a prefix of an object store. Files appear whole, or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import unquote, urlsplit

from gvreader.app.derive.inputs import file_system, is_url
from gvreader.errors import PortalUnreachable, StorageFailed
from gvreader.i18n import _

_PART: Final = ".part"


class SetStore(Protocol):
    """A set's files by their names within it."""

    def read(self, name: str) -> bytes | None: ...

    def write(self, name: str, data: bytes) -> None: ...

    def put(self, name: str, source: Path) -> None: ...

    def fetch(self, name: str, target: Path) -> bool: ...

    def names(self, folder: str) -> list[str]: ...

    def delete(self, name: str) -> None: ...


def store_at(address: str) -> SetStore:
    """The store of a path or URL. Raises MissingExtra and UsageError."""
    if is_url(address):
        return _RemoteStore(address)
    path = unquote(urlsplit(address).path) if address.startswith("file://") else address
    return _FolderStore(Path(path).expanduser().absolute())


def read_json(store: SetStore, name: str) -> dict[str, Any] | None:
    """A JSON object of a set; None where there is none, or it is none."""
    data = store.read(name)
    if data is None:
        return None
    try:
        value = json.loads(data)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


class _FolderStore:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise _failed(self._folder / name, error) from error

    def write(self, name: str, data: bytes) -> None:
        target = self._folder / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(prefix=".", suffix=_PART, dir=target.parent)
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(data)
                    stream.flush()
                    os.fsync(stream.fileno())
                Path(part).replace(target)
            finally:
                Path(part).unlink(missing_ok=True)
        except OSError as error:
            raise _failed(target, error) from error

    def put(self, name: str, source: Path) -> None:
        target = self._folder / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(prefix=".", suffix=_PART, dir=target.parent)
            try:
                with os.fdopen(handle, "wb") as stream, source.open("rb") as data:
                    shutil.copyfileobj(data, stream, 1 << 20)
                    stream.flush()
                    os.fsync(stream.fileno())
                Path(part).replace(target)
            finally:
                Path(part).unlink(missing_ok=True)
        except OSError as error:
            raise _failed(target, error) from error

    def fetch(self, name: str, target: Path) -> bool:
        try:
            shutil.copyfile(self._folder / name, target)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _failed(self._folder / name, error) from error
        return True

    def names(self, folder: str) -> list[str]:
        try:
            return sorted(
                entry.name
                for entry in os.scandir(self._folder / folder)
                if not entry.name.startswith(".") and not entry.name.endswith(_PART)
            )
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _failed(self._folder / folder, error) from error

    def delete(self, name: str) -> None:
        try:
            (self._folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise _failed(self._folder / name, error) from error


class _RemoteStore:
    """Object stores show an object when it is whole."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._fs, self._path = file_system(url)
        self._path = self._path.rstrip("/")

    def read(self, name: str) -> bytes | None:
        try:
            return bytes(self._fs.cat_file(self._full(name)))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreached(self._url, error) from error

    def write(self, name: str, data: bytes) -> None:
        try:
            self._fs.makedirs(self._full(name).rpartition("/")[0], exist_ok=True)
            self._fs.pipe_file(self._full(name), data)
        except OSError as error:
            raise _unreached(self._url, error) from error

    def put(self, name: str, source: Path) -> None:
        try:
            self._fs.makedirs(self._full(name).rpartition("/")[0], exist_ok=True)
            self._fs.put_file(str(source), self._full(name))
        except OSError as error:
            raise _unreached(self._url, error) from error

    def fetch(self, name: str, target: Path) -> bool:
        try:
            self._fs.get_file(self._full(name), str(target))
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _unreached(self._url, error) from error
        return True

    def names(self, folder: str) -> list[str]:
        try:
            self._fs.invalidate_cache()
            return sorted(str(name).rpartition("/")[2] for name in self._listed(folder))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _unreached(self._url, error) from error

    def delete(self, name: str) -> None:
        try:
            self._fs.rm_file(self._full(name))
        except FileNotFoundError:
            return
        except OSError as error:
            raise _unreached(self._url, error) from error

    def _listed(self, folder: str) -> Iterator[str]:
        yield from map(str, self._fs.ls(self._full(folder), detail=False))

    def _full(self, name: str) -> str:
        return f"{self._path}/{name}"


def _failed(path: Path, error: OSError) -> StorageFailed:
    return StorageFailed(
        _("{file} could not be written ({reason}).").format(file=path, reason=error.strerror or error),
        advice=_("Check that the disk is mounted, has room, and may be written by you."),
    )


def _unreached(url: str, error: OSError) -> PortalUnreachable:
    return PortalUnreachable(
        _("The set {url} could not be reached ({reason}).").format(url=url, reason=error),
        advice=_("Run it again when it can be: what is done stays done."),
    )
