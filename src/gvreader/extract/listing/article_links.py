"""The shape that a site gives the addresses of its articles, and all links of a page that have it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Final, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree

from gvreader.extract.fields.publication_date import dates_in
from gvreader.extract.page.tables import flat_text
from gvreader.extract.page.tree import Element, Tree
from gvreader.extract.thresholds import (
    MOST_OF_A_LIST,
    SHORTEST_HEADLINE,
    WORDS_OF_A_HEADLINE,
)
from gvreader.model import ListingItem, Published
from gvreader.urls import twin

_ANCHORS: Final = etree.XPath(".//a[@href]")
_EXTENSION: Final = re.compile(
    r"\.(?:html?|aspx?|php|chn|vnp|amp|jsp|epi|ldo|vov|bld|dec|sps|tld)$", re.IGNORECASE
)
_NUMBERED: Final = re.compile(r"(?:^|[-_./a-z])\d{3,}$", re.IGNORECASE)
_NUMBER_FIRST: Final = re.compile(r"^\d{3,}[-_]")
_DATED: Final = re.compile(r"/(?:19|20)\d{2}[-/]\d{1,2}(?:[-/]\d{1,2})?(?:/|$)|/(?:19|20)\d{6}/")
_NUMBER_KEY: Final = re.compile(
    r"(?:^|_)(?:id|item_?id|news_?id|article_?id|tin|bv|baiviet|urile)$", re.IGNORECASE
)
_LIST_PATH: Final = re.compile(
    r"/(?:chu-de|su-kien|tags?|topics?|authors?|tac-gia|tu-khoa|hashtag|category|categories|chuyen-muc|series|page)/"
    r"(?:[^/]*/?)?$",
    re.IGNORECASE,
)
_SIZE_OF_BOX: Final = 1_000
_CLIMB: Final = 4
_MAX_TITLE: Final = 300


@lru_cache(maxsize=16384)
def article_shape(url: str) -> tuple[str, ...] | None:
    """How the address of an article is made: numbered, dated or of many words, with its extension; None for others.

    Sections and menus have none of these, or another extension.
    """
    parts = urlsplit(url)
    if any(_NUMBER_KEY.search(key) and value.isdigit() for key, value in parse_qsl(parts.query[:500])):
        return ("query", parts.path)
    if _LIST_PATH.search(parts.path):
        return None
    path = unquote(parts.path, errors="replace").rstrip("/")
    found = _EXTENSION.search(path)
    extension = found[0].lower() if found else ""
    last = path[: found.start() if found else None].rpartition("/")[2]
    words = re.split(r"[-_ ]+", last)
    if _DATED.search(path):
        return ("dated", extension)
    if _NUMBERED.search(last) or _NUMBER_FIRST.search(last) or "/view_content/" in path:
        return ("numbered", extension)
    return ("words", extension) if len(words) >= WORDS_OF_A_HEADLINE else None


def common_shape(urls: Iterable[str]) -> tuple[str, ...] | None:
    """The shape that most of some addresses have."""
    shapes = [article_shape(url) for url in urls]
    if not shapes:
        return None
    ((shape, count),) = Counter(shapes).most_common(1)
    return shape if count >= MOST_OF_A_LIST * len(shapes) else None


def links_of_articles(tree: Tree, known: Collection[str], menu: Collection[Element]) -> list[ListingItem]:
    """Every link of a page by a headline to an address of an article, wherever it stands: tabs, moving lines, boxes.

    `known` are the twins of addresses that are no articles, `menu` the anchors of menus.
    """
    names: dict[str, tuple[str, Element]] = {}
    for anchor in cast("list[Element]", _ANCHORS(tree.body)):
        target = tree.target(anchor.get("href"))
        if target is None or not target.own or target.home or target.trap or target.extension:
            continue
        if anchor in menu or target.twin in known or article_shape(target.url) is None:
            continue
        text = flat_text(anchor)
        if not SHORTEST_HEADLINE <= len(text) <= _MAX_TITLE:
            continue
        title, first = names.get(target.url, ("", anchor))
        if not title or (_in_heading(anchor) and not _in_heading(first)):
            names[target.url] = (text, anchor)
    return [
        ListingItem(url=url, title=title, published=_date_around(tree, anchor, url))
        for url, (title, anchor) in names.items()
    ]


def first_places(tree: Tree) -> dict[str, int]:
    """The place of the first link to each address among the links of a page."""
    places: dict[str, int] = {}
    for place, anchor in enumerate(cast("list[Element]", _ANCHORS(tree.body))):
        if (url := tree.link(anchor.get("href"))) is not None:
            places.setdefault(url, place)
    return places


def _in_heading(anchor: Element) -> bool:
    return any(
        one.tag in ("h1", "h2", "h3", "h4", "h5") for one in (anchor.getparent(), *anchor) if one is not None
    )


def _date_around(tree: Tree, anchor: Element, url: str) -> Published | None:
    """The date in the small box around a link that leads nowhere else."""
    own = twin(url)
    box = anchor
    for _ in range(_CLIMB):
        parent = box.getparent()
        if parent is None or parent.tag in ("body", "html", "ul", "ol", "tbody", "table"):
            break
        links = cast("list[Element]", _ANCHORS(parent))
        if len(links) > 2 * _CLIMB:
            break
        targets = [tree.target(link.get("href")) for link in links]
        if any(target is not None and target.twin != own and article_shape(target.url) for target in targets):
            break
        box = parent
    text = flat_text(box)[:_SIZE_OF_BOX]
    rest = text.replace(flat_text(anchor), " ", 1)
    dates = dates_in(rest) if len(rest) <= _SIZE_OF_BOX // 4 else dates_in(rest[-80:])
    return dates[0].published if dates else None
