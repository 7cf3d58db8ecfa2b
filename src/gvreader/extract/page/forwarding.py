"""Pages that only lead to another one: a refresh, a script that goes on at once, a set of frames."""

from __future__ import annotations

import re
from typing import Final, cast
from urllib.parse import urlsplit

from lxml import etree

from gvreader.extract.page.link_targets import is_home
from gvreader.extract.page.tree import Element, Tree
from gvreader.model import Request

MAX_TEXT: Final = 200
_REFRESH: Final = etree.XPath("//meta[translate(@http-equiv, 'REFSH', 'refsh') = 'refresh']/@content")
_FRAMES: Final = etree.XPath("//frame[@src]")
_REFRESH_URL: Final = re.compile(
    r"^\s*\d{1,2}(?:\.\d+)?\s*[;,]\s*url\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE
)
_SCRIPT_URL: Final = re.compile(
    r"""(?:window|document|self|top|parent)?\.?\blocation(?:\.href)?\s*(?:=|\.(?:replace|assign)\()\s*(['"])([^'"\s]{1,500})\1"""
)


def forwarded(tree: Tree, shown: str) -> tuple[Request, ...]:
    """The portal's own pages that a front page without text of its own leads to; none for any other page.

    A page that leads to its own path waits for a cookie, and what stands deeper is asked for by no reader.
    """
    if not is_home(tree.address) or "cookie" in tree.scripts:
        return ()
    frames = [frame.get("src") or "" for frame in cast("list[Element]", _FRAMES(tree.root))]
    if len(shown) > MAX_TEXT or (not frames and len(tree.scripts) > 10 * MAX_TEXT):
        return ()
    named = [
        found[1]
        for content in cast("list[str]", _REFRESH(tree.root))
        if (found := _REFRESH_URL.match(content))
    ]
    if not named and not frames and (found := _SCRIPT_URL.search(tree.scripts)):
        named = [found[2]]
    targets = [tree.target(href) for href in (*named, *frames)]
    own = urlsplit(tree.address).path
    urls = dict.fromkeys(
        target.url
        for target in targets
        if target and target.own and not target.trap and urlsplit(target.url).path != own
    )
    return tuple(Request(url=url) for url in urls)
