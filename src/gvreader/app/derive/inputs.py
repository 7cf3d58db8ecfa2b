"""What to read: files, folders, patterns, lists and fsspec URLs as one list of addresses."""

from __future__ import annotations

import glob
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from gvreader.errors import MissingExtra, PortalUnreachable, UsageError
from gvreader.extras import install_command
from gvreader.i18n import _

_NAMES: Final = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz", ".wacz")
_PATTERN: Final = frozenset("*?[")
_DIGITS: Final = 16


def is_url(text: str) -> bool:
    """Whether an address is one for fsspec."""
    return "://" in text and not text.startswith("file://")


def expanded(words: Iterable[str]) -> list[str]:
    """The addresses of all inputs, each once, in order: absolute paths, or URLs. Raises UsageError and MissingExtra."""
    found: dict[str, None] = {}
    for word in words:
        for address in _expanded(word):
            found.setdefault(address)
    return list(found)


def _expanded(word: str) -> Iterator[str]:
    if word.startswith("@"):
        for line in _lines(word[1:]):
            yield from _expanded(line)
        return
    if is_url(word):
        yield from _remote(word)
        return
    path = _local(word)
    if path.is_dir():
        yield from _below(path)
    elif not path.exists() and _PATTERN & set(word):
        for name in sorted(glob.glob(str(path), recursive=True)):  # noqa: PTH207 - a pattern of any shape
            yield from _below(Path(name)) if Path(name).is_dir() else (str(Path(name).absolute()),)
    else:
        yield str(path.absolute())


def _local(word: str) -> Path:
    if word.startswith("file://"):
        word = unquote(urlsplit(word).path)
    if not word:
        raise UsageError(_("An input cannot be an empty text."))
    return Path(os.path.normpath(Path(word).expanduser().absolute()))


def _below(folder: Path) -> Iterator[str]:
    """All archives below a folder, in the order of their paths; links are not followed."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place) / name
            if name.lower().endswith(_NAMES) and path.is_file() and not path.is_symlink():
                yield str(path.absolute())


def _lines(source: str) -> Sequence[str]:
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).expanduser().read_bytes()
    except OSError as error:
        raise UsageError(
            _("{file} cannot be read: {reason}").format(file=source, reason=error.strerror or error)
        ) from error
    lines = [line.strip() for line in os.fsdecode(data).splitlines()]
    return [line for line in lines if line and not line.startswith(("#", "@"))]


def _remote(url: str) -> Iterator[str]:
    """A URL, all that a pattern matches, or all archives below a folder of an object store."""
    fs, path = file_system(url)
    scheme = url.partition("://")[0]
    try:
        if _PATTERN & set(path):
            names = sorted(str(name) for name in fs.glob(path))
        elif fs.isdir(path):
            names = sorted(name for name in map(str, fs.find(path)) if name.lower().endswith(_NAMES))
        else:
            yield url
            return
    except OSError as error:
        raise PortalUnreachable(
            _("{url} could not be listed ({reason}).").format(url=url, reason=error)
        ) from error
    for name in names:
        full = str(fs.unstrip_protocol(name))
        yield full if "://" in full else f"{scheme}://{name}"


def file_system(url: str) -> tuple[Any, str]:
    """The fsspec file system of a URL, and the path in it. Raises MissingExtra without fsspec or the URL's driver."""
    try:
        import fsspec
    except ImportError as error:
        raise MissingExtra(
            _("Addresses such as {url} need fsspec, which is not installed.").format(url=url),
            advice=_("Install it with: {command}").format(command=install_command("fsspec")),
        ) from error
    try:
        fs, path = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise MissingExtra(
            _("There is no driver for {url}: {reason}").format(url=url, reason=error),
            advice=_("Install it beside gvreader (s3fs for s3://, gcsfs for gs://, adlfs for abfs://)."),
        ) from error
    except ValueError as error:
        raise UsageError(
            _("{url} is no address that fsspec knows: {reason}").format(url=url, reason=error)
        ) from error
    return fs, str(path)


def shard_of(address: str) -> str:
    """The name of an input's shard: from its absolute address alone; a path and its `file://` URL are one."""
    plain = str(_local(address)) if not is_url(address) else address
    return hashlib.sha256(plain.encode("utf-8", "surrogateescape")).hexdigest()[:_DIGITS]


def in_part(shard: str, number: int, parts: int) -> bool:
    """Whether a shard falls to part `number` of `parts`, counted from 1."""
    return int(shard, 16) % parts == number - 1
