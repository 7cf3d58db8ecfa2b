"""Pages saved as files: by a browser's "save page", by SingleFile, by wget or another mirroring tool."""

from __future__ import annotations

import html
import os
import re
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from gvreader.model import Capture, Request
from gvreader.sources.found import Found, Imported, Oddity
from gvreader.urls import canonical

MAX_PAGE_BYTES: Final = 32 << 20
_HEAD_BYTES: Final = 1 << 18
_SNIFF_BYTES: Final = 1 << 12
_PAGE_SUFFIXES: Final = frozenset({".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".jsp"})
_INDEX_NAMES: Final = frozenset({"index", "default", "home", "trang-chu"})
# Folders in which browsers put what belongs to a page: frames and advertisements, no pages.
_COMPANIONS: Final = re.compile(r".*(?:_files|\.files|_file|_archivos|_fichiers|_tep)", re.I)
_HTML_START: Final = re.compile(
    rb"\s*<(?:!--|!doctype\s+html|\?xml|html|head|title|meta|body|link|base)", re.I
)
_SAVED_FROM: Final = re.compile(r"\s*saved from url=\(\d+\)(\S+)")
_SINGLE_FILE: Final = re.compile(
    r"\s*Page saved with SingleFile\s+url:\s*(\S+)\s+saved date:\s*([^\n]{10,80})"
)
_SCRIPT_DATE: Final = re.compile(r"\w{3} (\w{3}) (\d\d) (\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d{4})")
_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_TAG: Final = re.compile(r"<(base|link|meta)\b([^<>]{1,4000})>", re.I)
_ATTRIBUTE: Final = re.compile(r"""([a-zA-Z:-]{1,40})\s?=\s?(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_HOST: Final = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?:[:+]\d{1,5})?", re.I)
# wget writes `@` for the `?` of a query where file systems do not take that.
_QUERY_MARK: Final = re.compile(r"@(?=[\w%-]+=)")


def captures(root: Path, *, base: str | None = None) -> Iterator[Found]:
    """Every saved page below a folder, or the one in a file, in the order of their names.

    A page's address is, in this order: below `base` as its file is below `root`, where `base` is given; what
    the browser noted (`saved from url`, SingleFile); its canonical link; its `<base>`; the host and path of
    which a mirroring tool made folders. A page without any of them is an oddity. Its time is what SingleFile
    noted, else the file's. `source_uri` is the path below `root` as a `file:` reference; the only header is a
    Content-Type, and of the request nothing is known.
    """
    for path in _files(root):
        try:
            status = path.stat()
            body = path.read_bytes() if status.st_size <= MAX_PAGE_BYTES else None
            modified = datetime.fromtimestamp(status.st_mtime, UTC)
        except (OSError, ValueError, OverflowError) as error:
            yield Oddity(kind="unreadable", path=path, detail=str(error))
            continue
        if body is None:
            yield Oddity(kind="too-large", path=path, detail=f"{status.st_size} bytes")
        elif _HTML_START.match(_text(body[:_SNIFF_BYTES]).encode("utf-8", "replace")):
            yield _page(root, path, body, modified, base)
        elif _suffix(path):
            yield Oddity(kind="not-page", path=path, detail="not an HTML page")


def _page(root: Path, path: Path, body: bytes, modified: datetime, base: str | None) -> Found:
    parts = path.relative_to(root).parts if path != root else (path.name,)
    notes, tags = _head(_text(body[:_HEAD_BYTES]))
    if base is not None:
        url = canonical(urljoin(base if base.endswith("/") else f"{base}/", _reference(parts)))
    else:
        folders = (root.name, *parts[:-1]) if path != root else ()
        url = _noted(notes) or _stated(tags, parts[-1]) or _mirrored(folders, parts[-1])
    if url is None:
        return Oddity(kind="no-address", path=path, detail="nothing says where the page came from")
    capture = Capture(
        url=url,
        captured=_noted_time(notes) or modified,
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=body,
        request=Request(url=url),
        source="import",
        source_uri="file:" + quote("/".join(parts)),
    )
    return Imported(capture=capture, path=path)


def _files(root: Path) -> Iterator[Path]:
    """Files that may be pages. Links are not followed: they may lead out of the folder, or round in it."""
    if not root.is_dir():
        yield root
        return
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not (_COMPANIONS.fullmatch(name) or name[0] == "."))
        for name in sorted(names):
            path = Path(folder, name)
            if name[0] != "." and _suffix(path) in (*_PAGE_SUFFIXES, "") and not path.is_symlink():
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
    for comment in comments:
        match = _SAVED_FROM.match(comment) or _SINGLE_FILE.match(comment)
        url = canonical(html.unescape(match[1])) if match else None
        if url:
            return url
    return None


def _noted_time(comments: list[str]) -> datetime | None:
    for comment in comments:
        match = _SINGLE_FILE.match(comment)
        date = _SCRIPT_DATE.match(match[2]) if match else None
        if date:
            month, day, year, time, zone = date.groups()
            try:
                return parsedate_to_datetime(f"{day} {month} {year} {time} {zone}").astimezone(UTC)
            except (ValueError, OverflowError):
                return None
    return None


def _stated(tags: str, name: str) -> str | None:
    """The address that a page's canonical link, `og:url` or `<base>` states; relative ones state none."""
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
    name = "" if _is_index(name) else _QUERY_MARK.sub("?", name, count=1)
    return "./" + "/".join([*(quote(folder, safe="%") for folder in folders), quote(name, safe="%?=&;,+")])


def _is_index(name: str) -> bool:
    stem, _dot, suffix = name.partition(".")
    return stem.lower() in _INDEX_NAMES and f".{suffix.lower()}" in _PAGE_SUFFIXES
