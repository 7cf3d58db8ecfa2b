"""What a page says of its site as a whole: its names and its feeds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, cast

from lxml import etree

from gvreader.extract.fields.phrases import is_site_name
from gvreader.extract.page.link_targets import is_home
from gvreader.extract.page.text import clean
from gvreader.extract.page.tree import Element, Tree
from gvreader.portals import Portal
from gvreader.vietnamese import fold

HOME_TEXT: Final = re.compile(r"\W*(?:trang (?:chu|nhat|dau)|home|homepage)\W*")
FEED_PATH: Final = re.compile(
    r"(?:/(?:rss|feed|atom)(?:/|\.|$)|\.(?:rss|atom)$|rss\.(?:aspx|php|xml)|[?&](?:format|type)=(?:rss|atom))",
    re.IGNORECASE,
)
TITLE_PARTS: Final = re.compile(r"\s+[-–—|»:•·]\s+|\s*[|»]\s*")
MAX_FEEDS: Final = 50
_ANCHORS: Final = etree.XPath(".//a[@href]")
_FEED_ANCHORS: Final = etree.XPath(
    ".//a[contains(@href, 'rss') or contains(@href, 'RSS') or contains(@href, 'feed') or contains(@href, 'atom')]"
)
_NEAR_TOP: Final = 30


def text_within(element: Element) -> str:
    """All text of an element as it stands, on one line."""
    if len(element) == 0:
        return clean(element.text or "")
    return clean("".join(cast("Iterator[str]", element.itertext())))


def site_names(tree: Tree, portal: Portal) -> tuple[str, ...]:
    """What the site calls itself, to tell it from headlines."""
    names = [portal.title, tree.metas.get("og:site_name", ""), tree.metas.get("application-name", "")]
    parts = TITLE_PARTS.split(tree.title)
    if len(parts) > 1:
        names += parts if is_site_name(tree.title) else [part for part in parts if is_site_name(part)]
    if is_site_name(tree.title):
        names.append(tree.title)
    for anchor in cast("list[Element]", _ANCHORS(tree.body))[:_NEAR_TOP]:
        target = tree.target(anchor.get("href"))
        if target is not None and target.home:
            names += [text_within(anchor), *(clean(image.get("alt") or "") for image in anchor.iter("img"))]
    return tuple(
        dict.fromkeys(name for name in names if len(name) > 3 and not HOME_TEXT.fullmatch(fold(name)))
    )


def site_title(tree: Tree) -> str | None:
    """The site's name as a reader would write it."""
    told = tree.metas.get("og:site_name") or tree.metas.get("application-name")
    if told:
        return told
    if tree.title and (is_home(tree.address) or is_site_name(tree.title)):
        return tree.title
    return next((part for part in TITLE_PARTS.split(tree.title) if is_site_name(part)), None)


def find_feeds(tree: Tree, declared: Sequence[str]) -> tuple[str, ...]:
    """Addresses of the portal's RSS and Atom feeds: named in the head, linked, or `declared` by the family."""
    found = dict.fromkeys(tree.feeds)
    for anchor in cast("list[Element]", _FEED_ANCHORS(tree.body)):
        if (url := tree.link(anchor.get("href"))) and FEED_PATH.search(url):
            found[url] = None
    if is_home(tree.address):
        found |= dict.fromkeys(url for path in declared if (url := tree.scope.resolve(tree.address, path)))
    return tuple(url for url in found if tree.scope.contains(url))[:MAX_FEEDS]
