"""The site's menus: which links lead to sections, and how sections are called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, cast
from urllib.parse import urlsplit

from lxml import etree

from gvreader.extract.fields.phrases import is_site_name
from gvreader.extract.fields.publication_date import dates_in
from gvreader.extract.navigation.pager import names_page, section_address
from gvreader.extract.navigation.site_names import FEED_PATH, HOME_TEXT, text_within
from gvreader.extract.page import class_names
from gvreader.extract.page.link_targets import Target, is_home
from gvreader.extract.page.text import clean
from gvreader.extract.page.tree import Element, Tree
from gvreader.extract.thresholds import SHORTEST_HEADLINE
from gvreader.model import SectionLink, SectionRef
from gvreader.urls import slug, twin
from gvreader.vietnamese import fold

MAX_ENTRIES: Final = 300
MAX_LABEL: Final = 80
_ANCHORS: Final = etree.XPath(".//a[@href]")
_NO_SECTION: Final = re.compile(
    r"\W*(?:dang (?:nhap|ky|xuat)|login|register|rss|so do (?:trang|cong|website|site)|site ?map|"
    r"english|tieng (?:viet|anh)|vietnamese|en|vi|vn|tim kiem(?: nang cao)?|search|gop y|hoi dap|"
    r"lien ket(?: website| web)?|facebook|zalo|youtube|webmail|email|hop thu(?: dien tu| cong vu)?|mail cong vu|"
    r"in (?:bai(?: viet)?|trang)|ban in|chia se|xem (?:them|tiep)|chi tiet)\W*"
)
_OTHER_LINKS: Final = re.compile(r"crumb|pathway|pag(?:er|ina|ing)|duong-dan|share|social|tab(?:-|s|$)")
_MENU_NAME: Final = re.compile(
    r"(?:^|-)(?:menu|nav|nav-?bar|navigation|(?:main|top|left|side|sub|leftsub)-?menu|nav-?menu|sub-?nav|menu-?bar|"
    r"danh-?muc|chuyen-?muc)(?:-|$)"
)
_NO_MENU_NAME: Final = re.compile(r"in-menu|allow-menu")
_NAV_OF_OTHER_LINKS: Final = re.compile(
    r"crumb|pag(?:e|ina|ing)|pathway|post|share|duong-?dan", re.IGNORECASE
)
_EXTENSION: Final = re.compile(r"\.(?:html?|aspx?|php)$", re.IGNORECASE)
_HEADLINES_ABOVE: Final = etree.XPath("preceding::h1")
_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_LONGEST_WORDS: Final = 12
_USUAL_LENGTH: Final = 28


@dataclass(slots=True)
class Menu:
    """The entries of a page's menus by the twins of their addresses, and the anchors that are the menus."""

    entries: dict[str, SectionLink] = field(default_factory=dict)
    anchors: set[Element] = field(default_factory=set)
    _used: dict[str, str] = field(default_factory=dict)
    _items: dict[Element, str] = field(default_factory=dict)

    def add(self, target: Target, label: str, item: Element | None = None) -> None:
        """Enter a section; `item` is the list item around its link, which nests it under another."""
        known = self.entries.get(target.twin)
        if known is None and len(self.entries) >= MAX_ENTRIES:
            return
        name = known.slug if known else unique_slug(target.url, target.twin, label, self._used)
        if item is not None:
            self._items.setdefault(item, name)
        if known:
            return
        above = item.iterancestors("li") if item is not None else ()
        parent = next((self._items[one] for one in above if one in self._items), None)
        self._used[name] = target.twin
        self.entries[target.twin] = SectionLink(
            url=target.url, slug=name, title=label, parent=parent if parent != name else None
        )


@lru_cache(maxsize=4096)
def _slugs(url: str, title: str) -> tuple[str, str]:
    """A slug for the section at `url`, and a longer one for when another section has it."""
    parts = urlsplit(url)
    named = "" if parts.query else slug(url)
    plain = _NOT_WORD.sub("-", fold(title)).strip("-")
    is_name = bool(named) and not named.isdigit() and not is_home(f"http://host/{named}")
    if plain and re.fullmatch(rf"{re.escape(plain)}-[a-z]{{0,4}}\d+", named):
        named = plain  # the section's own number
    choice = named if is_name else plain or "section"
    segments = [segment for segment in parts.path.split("/") if segment]
    return choice, f"{segments[-2]}-{choice}" if len(segments) > 1 else choice


def unique_slug(url: str, key: str, title: str, used: Mapping[str, str]) -> str:
    """A slug for a section, unique among `used` (slug to twin of its address). `key` is the twin of `url`."""
    choice, longer = _slugs(url, title)
    if used.get(choice, key) == key:
        return choice
    candidate, number = longer, 2
    while used.get(candidate, key) != key:
        candidate, number = f"{longer}-{number}", number + 1
    return candidate


@lru_cache(maxsize=8192)
def _is_menu(tag: str, classes: str, identifier: str, role: str, label: str) -> bool | None:
    """Whether an element is a menu (True) or other links (False) by its attributes; None where they say nothing."""
    if tag == "nav" or role in ("navigation", "menu", "menubar"):
        return not _NAV_OF_OTHER_LINKS.search(f"{classes} {identifier} {label}")
    for name in (*class_names.names(classes), *class_names.names(identifier)):
        if _OTHER_LINKS.search(name):
            return False
        if _MENU_NAME.search(name) and not _NO_MENU_NAME.search(name):
            return True
    return None


@lru_cache(maxsize=8192)
def _may_name_section(label: str) -> bool:
    """Whether a link's text can be the name of a section."""
    plain = fold(label) if 2 <= len(label) <= MAX_LABEL else ""
    return bool(plain) and not (
        HOME_TEXT.fullmatch(plain) or _NO_SECTION.fullmatch(plain) or names_page(plain)
    )


def _sectionable(tree: Tree, anchor: Element) -> tuple[Target, str] | None:
    """Where a link leads and how it is called, if it can be a menu's entry."""
    href = anchor.get("href") or ""
    if href.lstrip().startswith("#"):
        return None
    target = tree.target(href)
    if target is None or not target.own or target.home or target.trap or target.extension:
        return None
    label = text_within(anchor) or clean(anchor.get("title") or "")
    if not _may_name_section(label) or FEED_PATH.search(target.url):
        return None
    return target, label


def find_menu(tree: Tree, configured: Sequence[SectionLink] = ()) -> Menu:
    """The menus of a page, nested entries with their parent; and the sections that the configuration adds."""
    menu = Menu()
    verdicts: dict[Element, bool | None] = {}
    unnamed: list[Element] = []
    for anchor in cast("list[Element]", _ANCHORS(tree.body)):
        inside = _verdict(anchor.getparent(), verdicts)
        if inside is None:
            unnamed.append(anchor)
        elif inside:
            _enter(tree, anchor, menu)
    if len(menu.entries) < 2:
        for anchor in _unnamed_menu(tree, unnamed):
            _enter(tree, anchor, menu)
    for section in configured:
        menu.entries.setdefault(twin(section.url), section)
    return menu


def _verdict(element: Element | None, verdicts: dict[Element, bool | None]) -> bool | None:
    """Whether an element lies in a menu, by the nearest name that says anything; remembered on the way up."""
    climbed: list[Element] = []
    found: bool | None = None
    while element is not None:
        if element in verdicts:
            found = verdicts[element]
            break
        climbed.append(element)
        get = element.get
        found = _is_menu(
            element.tag, get("class") or "", get("id") or "", get("role") or "", get("aria-label") or ""
        )
        if found is not None:
            break
        element = element.getparent()
    for one in climbed:
        verdicts[one] = found
    return found


def _is_headline(anchor: Element) -> bool:
    """Whether a link in a box that is called a menu is the headline of an article."""
    heading = next(anchor.iterancestors("h1", "h2", "h3", "h4"), None)
    return heading is not None and len(text_within(anchor)) >= SHORTEST_HEADLINE


def _enter(tree: Tree, anchor: Element, menu: Menu) -> None:
    if _is_headline(anchor):
        return
    menu.anchors.add(anchor)
    if (found := _sectionable(tree, anchor)) is not None:
        menu.add(found[0], found[1], next(anchor.iterancestors("li"), None))


def _unnamed_menu(tree: Tree, anchors: Sequence[Element]) -> list[Element]:
    """The first run of short internal links on a page without a named menu."""
    runs: dict[Element, list[Element]] = {}
    counts: dict[Element, int] = {}
    for anchor in anchors:
        if _sectionable(tree, anchor) is None or len(text_within(anchor).split()) > _LONGEST_WORDS:
            continue
        for depth, box in enumerate(anchor.iterancestors()):
            if depth > 5 or box.tag in ("body", "html"):
                break
            if box not in counts:
                counts[box] = len(cast("list[Element]", _ANCHORS(box)))
            if counts[box] >= 3:
                runs.setdefault(_outermost_list(box), []).append(anchor)
                break
    for box, run in runs.items():
        text = text_within(box)
        length = sum(len(text_within(anchor)) for anchor in run)
        # A home link and a clock beside the entries are usual; a date to each is a list of articles.
        short = length >= 0.4 * len(text) and length / len(run) <= _USUAL_LENGTH
        if len(run) >= 3 and short and len(dates_in(text)) < 2 and not _is_below_headline(box):
            return run
    return []


def _is_below_headline(box: Element) -> bool:
    """Whether a headline stands above a box: one that is not the site's own name."""
    above = (text_within(heading) for heading in cast("list[Element]", _HEADLINES_ABOVE(box)))
    return any(text and not is_site_name(text) for text in above)


def _outermost_list(box: Element) -> Element:
    """The list around a list that is nested in its items; else the box itself."""
    for one in box.iterancestors():
        if one.tag in ("ul", "ol"):
            box = one
        elif one.tag != "li":
            break
    return box


def menu_entry(url: str, menu: Menu) -> SectionLink | None:
    """The menu's entry for a listing's address; `/tin-tuc.html` and `/tin-tuc/` are one."""
    bare = twin(url)
    if (exact := menu.entries.get(bare)) is not None:
        return exact
    if is_home(url):
        return None
    entries = menu.entries.values()
    paged = next((entry for entry in entries if twin(section_address(entry.url)) == bare), None)
    if paged is not None or urlsplit(url).query:
        return paged
    stem = without_extension(bare)
    return next(
        (entry for key, entry in menu.entries.items() if "?" not in key and without_extension(key) == stem),
        None,
    )


def without_extension(spelled: str) -> str:
    """An address without the extension of its file and without a slash at its end."""
    return _EXTENSION.sub("", spelled).rstrip("/")


def section_for(url: str, title: str, menu: Menu) -> SectionRef:
    """The section at an address, spelled as the menu spells it where the menu has it."""
    first = section_address(url)
    if (entry := menu_entry(first, menu)) is not None:
        return SectionRef(slug=entry.slug, title=entry.title)
    return SectionRef(slug=_slugs(first, title)[0], title=title)
