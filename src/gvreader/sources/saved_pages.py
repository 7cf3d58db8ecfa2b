"""Pages saved as files: by a browser's "save page" (MHTML too), by SingleFile, by wget or another mirroring tool."""

from __future__ import annotations

import os
import re
import stat
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

from gvreader.media_types import SAVED
from gvreader.model import Capture, Request, TimeSource
from gvreader.sources import archivebox, mhtml
from gvreader.sources.embedded import pictures
from gvreader.sources.items import Anomaly, Imported, SourceItem
from gvreader.sources.mirrored_trees import PAGE_SUFFIXES, folders_of, is_index, mirrored, quoted, reference
from gvreader.sources.saved_statements import PageStatements, Statement, decoded, read
from gvreader.urls import canonical

MAX_PAGE_BYTES: Final = 32 << 20
_INDEX_BYTES: Final = 1 << 16
_OWN_INDEX: Final = re.compile(
    rb"HTTrack|ArchiveBox|SiteSucker|Cyotek WebCopy|Teleport Pro|Offline Explorer|WebScrapBook"
)
_SNIFF_BYTES: Final = 1 << 12
_MHTML_SUFFIXES: Final = frozenset({".mhtml", ".mht"})
# Style sheets and scripts are no part of an article.
_TAKEN: Final = frozenset({"", *PAGE_SUFFIXES, *_MHTML_SUFFIXES, *SAVED})
# Folders in which browsers put what belongs to a page: frames and advertisements, no pages.
_COMPANIONS: Final = re.compile(r".*(?:_files|\.files|_file|_archivos|_fichiers|_tep)", re.I)
_HTML_START: Final = re.compile(
    rb"\s*<(?:!--|!doctype\s+html|\?xml|html|head|title|meta|body|link|base)", re.I
)


def captures(root: Path, *, base: str | None = None) -> Iterator[SourceItem]:
    """Every saved page below a folder, or the one in a file, in the order of their names, with their pictures.

    A page's address is, in this order: below `base` as its file is below `root` (`base` itself for a single
    file, unless it ends with a slash), where `base` is given; what a tool noted (`saved from url`, SingleFile,
    MHTML …); its canonical link; its `<base>`; the host and path of which a mirroring tool made folders. A page
    without any of them is an oddity. An address in a web archive, wherever it stands, is that of the page itself
    and gives the time of the copy. Without such a one the time is what a tool noted, else the file's (then
    `time_source` says so). Pictures and documents are taken where their address is known: in a mirrored tree, in
    MHTML, and in the folder that a browser put beside a page, at the address that the page gives them.
    `source_uri` is the path below `root` as a `file:` reference; the only header is a Content-Type, and of the
    request nothing is known. A file that cannot be read, whatever it is, is an oddity and never the end.
    """
    beside = _Companions()
    for path in _files(root):
        try:
            yield from _saved(root, path, base, beside)
        except (ValueError, OverflowError, RecursionError) as error:
            yield Anomaly(kind="unreadable", path=path, detail=f"{type(error).__name__}: {error}")


def _saved(root: Path, path: Path, base: str | None, beside: _Companions) -> Iterator[SourceItem]:
    """What one file holds."""
    parts = path.relative_to(root).parts if path != root else (path.name,)
    media_type = SAVED.get(_suffix(path))
    url = _placed(root, parts, base)
    tree = mirrored(folders_of(root, parts), parts[-1])
    if media_type is not None:
        if url or tree.url:
            yield from _file(path, url or tree.url or "", media_type, parts, when=tree.when)
        return
    found = _read(path)
    if isinstance(found, Anomaly):
        yield found
        return
    body, modified = found
    if _suffix(path) in _MHTML_SUFFIXES or mhtml.begins(body):
        yield from mhtml.captures(path, body, modified, source_uri=_source_uri(parts), url=url)
    elif _HTML_START.match(decoded(body[:_SNIFF_BYTES]).encode("utf-8", "replace")):
        yield from _page(path, parts, body, modified, url, tree, beside)
    elif _suffix(path):
        yield Anomaly(kind="not-page", path=path, detail="not an HTML page")


def _placed(root: Path, parts: tuple[str, ...], base: str | None) -> str | None:
    """The address of a file as the user's own mapping gives it; None without one."""
    if base is None:
        return None
    if root.is_file():
        return canonical(urljoin(base, reference(parts)) if base.endswith("/") else base)
    return canonical(urljoin(base if base.endswith("/") else f"{base}/", reference(parts)))


def _read(path: Path) -> tuple[bytes, datetime] | Anomaly:
    """A file's bytes and time."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # pipes and devices may have no end, or never begin
            return Anomaly(kind="unreadable", path=path, detail="not a regular file")
        if status.st_size > MAX_PAGE_BYTES:
            return Anomaly(kind="too-large", path=path, detail=f"{status.st_size} bytes")
        return path.read_bytes(), datetime.fromtimestamp(status.st_mtime, UTC)
    except (OSError, ValueError, OverflowError) as error:
        return Anomaly(kind="unreadable", path=path, detail=str(error))


def _page(
    path: Path,
    parts: tuple[str, ...],
    body: bytes,
    modified: datetime,
    url: str | None,
    tree: Statement,
    beside: _Companions,
) -> Iterator[SourceItem]:
    says = read(body)
    dump = archivebox.dumped(path)
    url = url or says.noted.url or dump.url or _own_address(says, parts[-1]) or tree.url
    if archivebox.is_extract(path):
        yield Anomaly(kind="not-page", path=path, detail="a text that ArchiveBox made")
        return
    if url is None:
        yield _nameless(path, body)
        return
    stated = says.archived or tree.when or says.noted.when or dump.when
    yield _imported(path, url, "text/html", body, stated or modified, parts, "stated" if stated else "file")
    for picture in pictures(body, url):
        yield _imported(
            path,
            picture.url,
            picture.media_type,
            picture.content,
            stated or modified,
            parts,
            "stated" if stated else "file",
        )
    around = says.base.url or url
    for file in beside.of(path):
        relative = (file.parent.name, file.name)
        place = canonical(urljoin(around, "./" + "/".join(quoted(name, "") for name in relative)))
        if place is not None:
            media_type = SAVED[_suffix(file)]
            yield from _file(file, place, media_type, (*parts[:-1], *relative), when=stated)


def _nameless(path: Path, body: bytes) -> Anomaly:
    """A page that says no address. The page that a tool made of its own, to list what it saved, has none."""
    maker = _OWN_INDEX.search(body[:_INDEX_BYTES])
    if maker is not None:
        return Anomaly(kind="not-page", path=path, detail=f"a list that {maker[0].decode()} made")
    return Anomaly(kind="no-address", path=path, detail="nothing says where the page came from")


def _own_address(says: PageStatements, name: str) -> str | None:
    """The address that a page's canonical link, `og:url` or `<base>` states."""
    for link in (says.canonical, says.og_url):
        # Careless sites state their home page on every page.
        if link.url and (urlsplit(link.url).path != "/" or is_index(name)):
            return link.url
    if says.base.url is None or says.base.is_archived or not says.base.url.endswith("/"):
        return says.base.url
    return canonical(urljoin(says.base.url, reference((name,))))


def _file(
    path: Path, url: str, media_type: str, parts: tuple[str, ...], *, when: datetime | None
) -> Iterator[SourceItem]:
    """A picture or document as a capture."""
    found = _read(path)
    if isinstance(found, Anomaly):
        yield found
    elif found[0]:
        yield _imported(
            path, url, media_type, found[0], when or found[1], parts, "stated" if when else "file"
        )


def _imported(
    path: Path,
    url: str,
    media_type: str,
    body: bytes,
    when: datetime,
    parts: tuple[str, ...],
    time_source: TimeSource,
) -> Imported:
    capture = Capture(
        url=url,
        captured=when,
        status=200,
        headers=(("Content-Type", media_type),),
        body=body,
        request=Request(url=url),
        source="import",
        source_uri=_source_uri(parts),
        time_source=time_source,
    )
    return Imported(capture=capture, path=path)


def _source_uri(parts: tuple[str, ...]) -> str:
    return "file:" + "/".join(quoted(part, "") for part in parts)


class _Companions:
    """Pictures and documents in the folders that browsers put beside pages (`X.html`, `X_files/`)."""

    def __init__(self) -> None:
        self._parent: Path | None = None
        self._names: list[str] = []

    def of(self, page: Path) -> list[Path]:
        """Those of one page; pages of one folder are asked for in a row, so that it is listed once."""
        found: list[Path] = []
        try:
            if page.parent != self._parent:
                self._parent, self._names = page.parent, []
                self._names = sorted(filter(_COMPANIONS.fullmatch, os.listdir(page.parent)))  # noqa: PTH208
            for name in islice(self._names, bisect_left(self._names, page.stem), None):
                if not name.startswith(page.stem):
                    break
                folder = page.parent / name
                if folder.is_dir() and not folder.is_symlink():
                    found += [
                        path for path in folder.iterdir() if _suffix(path) in SAVED and not path.is_symlink()
                    ]
        except OSError:
            # The page itself was read; what lies beside it is a gain, no more.
            return sorted(found)
        return sorted(found)


def _files(root: Path) -> Iterator[Path]:
    """Files that may be pages. Links are not followed: they may lead out of the folder, or round in it."""
    if not root.is_dir():
        yield root
        return
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not (_COMPANIONS.fullmatch(name) or name[0] == "."))
        for name in sorted(names):
            path = Path(folder, name)
            if name[0] != "." and _suffix(path) in _TAKEN and not path.is_symlink():
                yield path


def _suffix(path: Path) -> str:
    """The suffix of a file's name without the query that mirroring tools keep in it."""
    return Path(re.split(r"[?@]", path.name)[0]).suffix.lower()
