"""Addresses in the names of folders and files, as tools that mirror a site or empty a web archive lay them out.

Names of files are bytes: what is no UTF-8 in them is percent-encoded as it is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

from gvreader.sources.cdx import moment_of
from gvreader.sources.saved_statements import NOTHING, Statement, stated_address
from gvreader.urls import canonical, unwrapped

PAGE_SUFFIXES: Final = frozenset({".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".jsp"})
_INDEX_NAMES: Final = frozenset({"index", "default", "home", "trang-chu"})
_HOST: Final = re.compile(
    r"(?:(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}|\d{1,3}(?:\.\d{1,3}){3}|localhost(?=[:+]))(?:[:+]\d{1,5})?", re.I
)
_STAMP: Final = re.compile(r"(\d{14})(?:[a-z]{2}_)?")
# wget -E appends `.html` to what has another ending; no query ends so by itself.
_DYNAMIC: Final = re.compile(r"(.+\.(?:php|aspx?|jsp))\.html?", re.I)
# wget writes `@` for the `?` of a query where file systems do not take that.
_QUERY_MARK: Final = re.compile(r"@(?=[\w%-]+=)")


def quoted(name: str, safe: str = "%") -> str:
    """A file's name percent-encoded, byte for byte."""
    return quote(os.fsencode(name), safe=safe)


def folders_of(root: Path, parts: Sequence[str]) -> tuple[str, ...]:
    """The folders above a file that a mirroring tool may have made, the one that was given included.

    Where that one is a host's or a copy's, what stands above it may be the other.
    """
    if not root.is_dir():
        return ()
    place = root.absolute()
    above = place.parent.name
    belongs = (_HOST.fullmatch(place.name) and _STAMP.fullmatch(above)) or (
        _STAMP.fullmatch(place.name) and _HOST.fullmatch(above)
    )
    return (*((above,) if belongs else ()), place.name, *parts[:-1])


def mirrored(folders: Sequence[str], name: str) -> Statement:
    """What folders say: the outermost that is a host's name and those below are the address.

    A stamp above or below the host, or an address of a web archive, is of a copy out of one.
    """
    number = next((number for number, folder in enumerate(folders) if _HOST.fullmatch(folder)), None)
    if number is None:
        return NOTHING
    # wget writes `+` for the colon before a port where file systems do not take that.
    host, below = folders[number].replace("+", ":"), folders[number + 1 :]
    address = f"http://{host}/{reference((*below, name))[2:]}"
    if unwrapped(unquote(address)) is not None:
        # An address with an index's name at its end stands for a folder inside the archive, too.
        return stated_address(address.replace("%3A", ":"))
    stamp = _STAMP.fullmatch(folders[number - 1]) if number else None
    if stamp is None and below and (stamp := _STAMP.fullmatch(below[0])):
        address = f"http://{host}/{reference((*below[1:], name))[2:]}"
    when = moment_of(stamp[1]) if stamp else None
    return Statement(url=canonical(address), when=when, is_archived=when is not None)


def reference(parts: Sequence[str]) -> str:
    """A path of files as a relative reference; an index file stands for its folder."""
    *folders, name = parts
    plain, mark, query = _QUERY_MARK.sub("?", name, count=1).partition("?")
    if mark:
        query = query.removesuffix(".html")
    elif match := _DYNAMIC.fullmatch(plain):
        plain = match[1]
    # With a query only wget's own name for a folder stands for it: `Default.aspx?id=1` is a page.
    is_folder = plain == "index.html" if mark else is_index(plain)
    name = ("" if is_folder else plain) + mark + query
    return "./" + "/".join([*map(quoted, folders), quoted(name, "%?=&;,+")])


def is_index(name: str) -> bool:
    """Whether a file's name is that of a folder's own page."""
    stem, _dot, suffix = name.partition(".")
    return stem.lower() in _INDEX_NAMES and f".{suffix.lower()}" in PAGE_SUFFIXES
