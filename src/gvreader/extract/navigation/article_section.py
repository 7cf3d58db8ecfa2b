"""The section that an article belongs to, as its own page says it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, cast
from urllib.parse import urlsplit

from lxml import etree

from gvreader.extract.fields.phrases import furniture
from gvreader.extract.navigation.menu import Menu, section_for
from gvreader.extract.navigation.site_names import HOME_TEXT, text_within
from gvreader.extract.page import class_names
from gvreader.extract.page.text_blocks import TextBlock
from gvreader.extract.page.tree import Element, Tree
from gvreader.model import SectionLink, SectionRef
from gvreader.urls import twin
from gvreader.vietnamese import fold

MAX_LABEL: Final = 120
_ANCHORS: Final = etree.XPath(".//a[@href]")
_TRAIL_NAME: Final = re.compile(r"crumb|pathway|duong-?dan|site-?path|you-are-here")
_TRAIL_ARROW: Final = re.compile(r"[>»›→]|::|\s/\s")
_TRAIL_PARTS: Final = re.compile(r"\s*(?:[>»›→/|\\]|::|-(?=\s))+\s*")
_FILED: Final = re.compile(
    r"\W*(?:chuyen muc|danh muc|dang trong|thuoc (?:chuyen muc|danh muc)|the loai|posted in|filed under|"
    r"categor(?:y|ies))\b"
)
_MARKED: Final = frozenset(("active", "current", "selected", "current-menu-item", "is-active"))
_ABOVE_TITLE: Final = 8
_BELOW_TITLE: Final = 4


def article_section(
    tree: Tree, pieces: Sequence[TextBlock], title: TextBlock | None, menu: Menu
) -> tuple[SectionRef, ...]:
    """An article's section: by its breadcrumb, a label at its title, the marked menu entry, its path. At most one."""
    crumbs = breadcrumb(tree, title.folded if title is not None else "")
    if crumbs:
        url, label = crumbs[-1]
        return (section_for(url, label, menu),)
    own = twin(tree.address)
    by_url = {key: entry for key, entry in menu.entries.items() if key != own}
    if title is not None:
        by_title = {fold(entry.title): entry for entry in by_url.values()}
        around = [
            *reversed(pieces[max(0, title.index - _ABOVE_TITLE) : title.index]),
            *pieces[title.index + 1 : title.index + _BELOW_TITLE],
        ]
        for piece in around:
            in_menu = any(run.link in menu.anchors for run in piece.runs if run.link is not None)
            if in_menu or _in_list(pieces, piece) or _heads_list(pieces, piece, title):
                continue
            if (entry := _named_section(tree, piece, by_url, by_title)) is not None:
                return (_ref(entry),)
        if filed := _filed_under(tree, pieces[title.index + 1 :], menu):
            return (filed,)
    marked = _marked_entry(tree, by_url) or _entry_of_path(tree, by_url)
    return (_ref(marked),) if marked is not None else ()


def _ref(entry: SectionLink) -> SectionRef:
    return SectionRef(slug=entry.slug, title=entry.title)


def _in_list(pieces: Sequence[TextBlock], piece: TextBlock) -> bool:
    """Whether a link is one of several alike, one below the other, rather than a label that stands alone."""
    if piece.kind == "item":
        return True
    if not piece.is_link:
        return False
    own = (piece.element.tag, piece.element.get("class"))
    kin = [pieces[index] for index in (piece.index - 1, piece.index + 1) if 0 <= index < len(pieces)]
    return any(one.is_link and (one.element.tag, one.element.get("class")) == own for one in kin)


def _heads_list(pieces: Sequence[TextBlock], piece: TextBlock, title: TextBlock) -> bool:
    """Whether a label stands above links to others rather than above the article."""
    below = next((one for one in pieces[piece.index + 1 :] if one.text), None)
    return below is not None and below is not title and below.is_link and not furniture(below)


def _named_section(
    tree: Tree, piece: TextBlock, by_url: dict[str, SectionLink], by_title: dict[str, SectionLink]
) -> SectionLink | None:
    """The section that a short line links to or names."""
    if not piece.text or len(piece.text) > 160:
        return None
    for run in piece.runs:
        target = tree.target(run.link.get("href")) if run.link is not None else None
        if target is not None and target.twin in by_url:
            return by_url[target.twin]
    if piece.noise == "navigation":
        parts = [fold(part) for part in _TRAIL_PARTS.split(piece.text) if part]
        return next((by_title[part] for part in reversed(parts) if part in by_title), None)
    return by_title.get(piece.folded.strip(" :»>"))


def _filed_under(tree: Tree, pieces: Sequence[TextBlock], menu: Menu) -> SectionRef | None:
    """The section that a line such as `Chuyên mục: Tin tức` names, before or after the body."""
    for piece in pieces:
        if not piece.link_chars or len(piece.text) > 160 or not _FILED.match(piece.folded):
            continue
        for run in piece.runs:
            target = tree.target(run.link.get("href")) if run.link is not None else None
            if target is not None and target.own and not target.home:
                return section_for(target.url, run.text.strip(" ,"), menu)
    return None


def _marked_entry(tree: Tree, by_url: dict[str, SectionLink]) -> SectionLink | None:
    """The menu's entry that the page marks as the current one."""
    for element in tree.body.iter("li", "a"):
        names = element.get("class")
        if not names or _MARKED.isdisjoint(names.lower().split()):
            continue
        anchor = element if element.tag == "a" else next(element.iter("a"), None)
        target = tree.target(anchor.get("href")) if anchor is not None else None
        if target is not None and target.twin in by_url:
            return by_url[target.twin]
    return None


def _entry_of_path(tree: Tree, by_url: dict[str, SectionLink]) -> SectionLink | None:
    segments = [segment for segment in urlsplit(tree.address).path.split("/") if segment][:-1]
    named = {entry.slug: entry for entry in by_url.values()}
    return next((named[segment] for segment in reversed(segments) if segment in named), None)


def breadcrumb(tree: Tree, headline: str = "") -> list[tuple[str, str]]:
    """The links of the page's breadcrumb as (address, label), without home and without the page itself.

    `headline` is the folded title of an article, which may close the trail; a listing's own link stays.
    """
    own = twin(tree.address)
    found: list[tuple[str, str]] = []
    for anchor in _trail(tree)[:12]:
        target = tree.target(anchor.get("href"))
        label = text_within(anchor).strip(" »›>/|-")
        if target is None or not target.own or target.home or not label or len(label) > MAX_LABEL:
            continue
        plain = fold(label)
        if plain == headline or HOME_TEXT.fullmatch(plain) or (headline and target.twin == own):
            continue
        found.append((target.url, label))
    return found


@lru_cache(maxsize=8192)
def _names_trail(names: str, identifier: str, label: str) -> bool:
    """Whether an element's class, id or label says that it is a breadcrumb."""
    return any(_TRAIL_NAME.search(name) for name in class_names.names(f"{names} {identifier} {label}"))


def _trail(tree: Tree) -> list[Element]:
    """The links of a breadcrumb: in an element of that name, or in a short line from home joined by arrows."""
    for element in tree.body.iter("div", "ul", "ol", "nav", "p", "span", "td", "section"):
        get = element.get
        names, identifier, label = get("class"), get("id"), get("aria-label")
        if (names or identifier or label) and _names_trail(names or "", identifier or "", label or ""):
            return cast("list[Element]", _ANCHORS(element))
    for anchor in cast("list[Element]", _ANCHORS(tree.body)):
        home = tree.target(anchor.get("href"))
        if home is None or not home.home or not HOME_TEXT.fullmatch(fold(text_within(anchor)[:40])):
            continue
        box = anchor.getparent()
        for _ in range(3):
            if box is None or box.tag in ("tr", "tbody", "table", "body"):
                break
            text = text_within(box)
            if len(text) > 200 or not text.lstrip(" »›>/|").startswith(text_within(anchor)):
                break
            links = cast("list[Element]", _ANCHORS(box))
            if 2 <= len(links) <= 6 and _TRAIL_ARROW.search(text):
                return links
            box = box.getparent()
    return []
