"""Pages saved as files: by a browser's "save page" (MHTML too), by SingleFile, by wget or another mirroring tool."""

from __future__ import annotations

import html
import os
import re
import stat
import string
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from gvreader.model import Capture, Request
from gvreader.sources import mhtml
from gvreader.sources.cdx import moment_of
from gvreader.sources.items import Anomaly, Imported, SourceItem
from gvreader.urls import canonical
from gvreader.warc import parse_mail_date

MAX_PAGE_BYTES: Final = 32 << 20
_HEAD_BYTES: Final = 1 << 18
_SNIFF_BYTES: Final = 1 << 12
_PAGE_SUFFIXES: Final = frozenset({".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".jsp"})
_MHTML_SUFFIXES: Final = frozenset({".mhtml", ".mht"})
# What articles show and link to; style sheets and scripts are no part of an article.
_MEDIA_TYPES: Final = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jfif": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".bmp": "image/bmp",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".rar": "application/vnd.rar",
    ".zip": "application/zip",
}
_INDEX_NAMES: Final = frozenset({"index", "default", "home", "trang-chu"})
_TAKEN: Final = frozenset({"", *_PAGE_SUFFIXES, *_MHTML_SUFFIXES, *_MEDIA_TYPES})
# Folders in which browsers put what belongs to a page: frames and advertisements, no pages.
_COMPANIONS: Final = re.compile(r".*(?:_files|\.files|_file|_archivos|_fichiers|_tep)", re.I)
_HTML_START: Final = re.compile(
    rb"\s*<(?:!--|!doctype\s+html|\?xml|html|head|title|meta|body|link|base)", re.I
)
_SAVED_FROM: Final = re.compile(r"\s*saved from url=\(\d+\)(\S+)")
_SINGLE_FILE: Final = re.compile(
    r"\s*Page saved with SingleFile\s+url:\s*(\S+)\s+saved date:\s*([^\n]{10,80})"
)
_HTTRACK: Final = re.compile(r"\s*Mirrored from (\S+) by HTTrack [^,]{0,80}, (.{20,40} GMT)\s*")
_FROM_WAYBACK: Final = re.compile(r"https?://web\.archive\.org/web/(\d{4,14})(?:[a-z]{2}_)?/(.+)", re.DOTALL)
_SCRIPT_DATE: Final = re.compile(r"\w{3} (\w{3}) (\d\d) (\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d{4})")
_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_TAG: Final = re.compile(r"<(base|link|meta)\b([^<>]{1,4000})>", re.I)
_ATTRIBUTE: Final = re.compile(r"""([a-zA-Z:-]{1,40})\s?=\s?(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_HOST: Final = re.compile(
    r"(?:(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}|\d{1,3}(?:\.\d{1,3}){3}|localhost(?=[:+]))(?:[:+]\d{1,5})?", re.I
)
# wget -E appends `.html` to what has another ending; no query ends so by itself.
_DYNAMIC: Final = re.compile(r"(.+\.(?:php|aspx?|jsp))\.html?", re.I)
# wget writes `@` for the `?` of a query where file systems do not take that.
_QUERY_MARK: Final = re.compile(r"@(?=[\w%-]+=)")


def captures(root: Path, *, base: str | None = None) -> Iterator[SourceItem]:
    """Every saved page below a folder, or the one in a file, in the order of their names, with their pictures.

    A page's address is, in this order: below `base` as its file is below `root` (`base` itself for a single
    file, unless it ends with a slash), where `base` is given; what the browser noted (`saved from url`,
    SingleFile, MHTML); its canonical link; its `<base>`; the host and path of which a mirroring tool made
    folders. A page without any of them is an oddity. Its time is what MHTML or SingleFile noted, else the
    file's. Pictures and documents are taken where their address is known: in a mirrored tree, in MHTML, and in
    the folder that a browser put beside a page, at the address that the page gives them.
    `source_uri` is the path below `root` as a `file:` reference; the only header is a Content-Type, and of the
    request nothing is known.
    """
    beside = _Companions()
    for path in _files(root):
        parts = path.relative_to(root).parts if path != root else (path.name,)
        media_type = _MEDIA_TYPES.get(_suffix(path))
        url = _placed(root, parts, base)
        if media_type is not None:
            url = url or _mirrored(_folders(root, parts), parts[-1])
            if url is not None:
                yield from _file(path, url, media_type, parts)
            continue
        read = _read(path)
        if isinstance(read, Anomaly):
            yield read
            continue
        body, modified = read
        if _suffix(path) in _MHTML_SUFFIXES or mhtml.begins(body):
            yield from mhtml.captures(path, body, modified, source_uri=_source_uri(parts), url=url)
        elif _HTML_START.match(_text(body[:_SNIFF_BYTES]).encode("utf-8", "replace")):
            yield from _page(root, path, body, modified, url, beside)
        elif _suffix(path):
            yield Anomaly(kind="not-page", path=path, detail="not an HTML page")


def _placed(root: Path, parts: tuple[str, ...], base: str | None) -> str | None:
    """The address of a file as the user's own mapping gives it; None without one."""
    if base is None:
        return None
    if root.is_file():
        return canonical(urljoin(base, _reference(parts)) if base.endswith("/") else base)
    return canonical(urljoin(base if base.endswith("/") else f"{base}/", _reference(parts)))


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
    root: Path, path: Path, body: bytes, modified: datetime, url: str | None, beside: _Companions
) -> Iterator[SourceItem]:
    parts = path.relative_to(root).parts if path != root else (path.name,)
    notes, tags = _head(_text(body[:_HEAD_BYTES]))
    url = url or _noted(notes) or _stated(tags, parts[-1]) or _mirrored(_folders(root, parts), parts[-1])
    if url is None:
        yield Anomaly(kind="no-address", path=path, detail="nothing says where the page came from")
        return
    yield _imported(path, url, "text/html", body, _noted_time(notes) or modified, parts)
    around = _links(tags).get("base", url)
    for file in beside.of(path):
        relative = (file.parent.name, file.name)
        place = canonical(urljoin(around, "./" + "/".join(map(quote, relative))))
        if place is not None:
            yield from _file(file, place, _MEDIA_TYPES[_suffix(file)], (*parts[:-1], *relative))


def _file(path: Path, url: str, media_type: str, parts: tuple[str, ...]) -> Iterator[SourceItem]:
    """A picture or document as a capture."""
    read = _read(path)
    if isinstance(read, Anomaly):
        yield read
    elif read[0]:
        yield _imported(path, url, media_type, read[0], read[1], parts)


def _imported(
    path: Path, url: str, media_type: str, body: bytes, when: datetime, parts: tuple[str, ...]
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
    )
    return Imported(capture=capture, path=path)


def _source_uri(parts: tuple[str, ...]) -> str:
    return "file:" + quote("/".join(parts))


def _folders(root: Path, parts: tuple[str, ...]) -> tuple[str, ...]:
    """The folders above a file that a mirroring tool may have made, the one that was given included."""
    return (root.name, *parts[:-1]) if root.is_dir() else ()


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
                        path
                        for path in folder.iterdir()
                        if _suffix(path) in _MEDIA_TYPES and not path.is_symlink()
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


def _text(head: bytes) -> str:
    """Enough of the text to find addresses in; UTF-16 by its mark, all else as UTF-8."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    return head.decode("utf-8-sig", "replace")


def _head(text: str) -> tuple[list[str], str]:
    """The comments of a page's beginning, and what is left when they and the scripts are taken out."""
    comments: list[str] = []
    rest: list[str] = []
    position = 0
    lower = text.translate(_LOWER)
    while (start := lower.find("<", position)) >= 0:
        rest.append(text[position : start + 1])
        position = start + 1
        for opening, closing in (("<!--", "-->"), ("<script", "</script"), ("<body", "")):
            if not lower.startswith(opening, start):
                continue
            end = lower.find(closing, start + len(opening)) if closing else -1
            if opening == "<!--":
                comments.append(text[start + 4 : end if end >= 0 else start + 4])
            if end < 0:
                return comments, "".join(rest)
            position = end + len(closing)
    return comments, "".join(rest) + text[position:]


def _noted(comments: list[str]) -> str | None:
    """The address that a tool noted; of a page saved out of the Wayback Machine, that of the page itself."""
    for comment in comments:
        if match := _HTTRACK.match(comment):
            return canonical(f"http://{html.unescape(match[1])}")
        match = _SAVED_FROM.match(comment) or _SINGLE_FILE.match(comment)
        noted = html.unescape(match[1]) if match else ""
        archived = _FROM_WAYBACK.fullmatch(noted)
        url = canonical(archived[2] if archived else noted)
        if url:
            return url
    return None


def _noted_time(comments: list[str]) -> datetime | None:
    """The time that a tool noted; of a page saved out of the Wayback Machine, that of its capture."""
    for comment in comments:
        if match := _HTTRACK.match(comment):
            return parse_mail_date(match[2])
        if (match := _SAVED_FROM.match(comment)) and (archived := _FROM_WAYBACK.fullmatch(match[1])):
            return moment_of(archived[1])
        match = _SINGLE_FILE.match(comment)
        date = _SCRIPT_DATE.match(match[2]) if match else None
        if date:
            month, day, year, time, zone = date.groups()
            return parse_mail_date(f"{day} {month} {year} {time} {zone}")
    return None


def _links(tags: str) -> dict[str, str]:
    """The absolute addresses that a page's `<base>`, canonical link and `og:url` state."""
    links: dict[str, str] = {}
    for kind, inside in _TAG.findall(tags):
        attributes = {
            key.lower(): html.unescape(double or single or bare).strip()
            for key, double, single, bare in _ATTRIBUTE.findall(inside)
        }
        rel = attributes.get("rel", attributes.get("property", "")).lower()
        value = canonical(attributes.get("href", attributes.get("content", "")))
        if value and kind.lower() == "base":
            links.setdefault("base", value)
        elif value and rel in ("canonical", "og:url"):
            links.setdefault(rel, value)
    return links


def _stated(tags: str, name: str) -> str | None:
    """The address that a page's canonical link, `og:url` or `<base>` states; relative ones state none."""
    links = _links(tags)
    for rel in ("canonical", "og:url"):
        # Careless sites state their home page on every page.
        if rel in links and (urlsplit(links[rel]).path != "/" or _is_index(name)):
            return links[rel]
    if "base" in links:
        is_folder = links["base"].endswith("/")
        return canonical(urljoin(links["base"], _reference((name,)))) if is_folder else links["base"]
    return None


def _mirrored(folders: tuple[str, ...], name: str) -> str | None:
    """The address that a mirroring tool made folders of: the outermost that is a host's name, and those below."""
    for number, folder in enumerate(folders):
        if _HOST.fullmatch(folder):
            # wget writes `+` for the colon before a port where file systems do not take that.
            host = folder.replace("+", ":")
            return canonical(f"http://{host}/{_reference((*folders[number + 1 :], name))}")
    return None


def _reference(parts: tuple[str, ...]) -> str:
    """A path of files as a relative reference; an index file stands for its folder."""
    *folders, name = parts
    plain, mark, query = _QUERY_MARK.sub("?", name, count=1).partition("?")
    if mark:
        query = query.removesuffix(".html")
    elif match := _DYNAMIC.fullmatch(plain):
        plain = match[1]
    # With a query only wget's own name for a folder stands for it: `Default.aspx?id=1` is a page.
    is_folder = plain == "index.html" if mark else _is_index(plain)
    name = ("" if is_folder else plain) + mark + query
    return "./" + "/".join([*(quote(folder, safe="%") for folder in folders), quote(name, safe="%?=&;,+")])


def _is_index(name: str) -> bool:
    stem, _dot, suffix = name.partition(".")
    return stem.lower() in _INDEX_NAMES and f".{suffix.lower()}" in _PAGE_SUFFIXES
