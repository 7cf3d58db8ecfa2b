"""What a page says of its site: name, menu, feeds, and the section it belongs to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final, cast
from urllib.parse import urlsplit

from lxml import etree

from gvreader.extract import hints
from gvreader.extract.landmarks import is_site_name
from gvreader.extract.links import file_extension
from gvreader.extract.pager import section_address
from gvreader.extract.pieces import Piece
from gvreader.extract.tree import Element, Tree
from gvreader.extract.words import clean
from gvreader.model import SectionLink, SectionRef
from gvreader.portals import Portal
from gvreader.urls import is_trap, slug, twin
from gvreader.vietnamese import fold

MAX_ENTRIES: Final = 300
MAX_LABEL: Final = 80
_ANCHORS: Final = etree.XPath(".//a[@href]")
_HOME_TEXT: Final = re.compile(r"\W*(?:trang (?:chu|nhat|dau)|home|homepage)\W*")
_NO_SECTION: Final = re.compile(
    r"\W*(?:dang (?:nhap|ky|xuat)|login|register|rss|so do (?:trang|cong|website|site)|site ?map|english|tieng (?:viet|anh)|vietnamese|en|vi|vn|"
    r"tim kiem(?: nang cao)?|search|gop y|hoi dap|lien ket(?: website| web)?|facebook|zalo|youtube|webmail|email|hop thu(?: dien tu| cong vu)?|mail cong vu)\W*"
)
_HOME_PATH: Final = re.compile(r"/(?:(?:index|default|home|trang-?chu)(?:\.\w{3,5})?/?)?", re.IGNORECASE)
_FEED_PATH: Final = re.compile(
    r"(?:/(?:rss|feed|atom)(?:/|\.|$)|\.(?:rss|atom)$|rss\.(?:aspx|php|xml)|[?&](?:format|type)=(?:rss|atom))",
    re.IGNORECASE,
)
_CRUMB_SEPARATOR: Final = re.compile(r"\s*(?:[>»›→/|\\]|::|&gt;|-(?=\s))+\s*")
_EXTENSION: Final = re.compile(r"\.(?:html?|aspx?|php)$", re.IGNORECASE)
_FILED: Final = re.compile(r"\W*(?:chuyen muc|danh muc|dang trong|thuoc (?:chuyen muc|danh muc)|the loai|posted in|filed under|categor(?:y|ies))\b")
_TRAIL_NAME: Final = re.compile(r"crumb|pathway|duong-?dan|site-?path|you-are-here")
_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")


def is_home(url: str) -> bool:
    """Whether an address is a portal's front page."""
    parts = urlsplit(url)
    return bool(_HOME_PATH.fullmatch(parts.path or "/")) and not parts.query


def _text(element: Element) -> str:
    return clean("".join(cast("Iterator[str]", element.itertext())))


def site_names(tree: Tree, portal: Portal) -> tuple[str, ...]:
    """What the site calls itself, to tell it from headlines."""
    names: list[str] = [
        portal.title,
        tree.metas.get("og:site_name", ""),
        tree.metas.get("application-name", ""),
    ]
    parts = re.split(r"\s+[-–—|»:•·]\s+|\s*[|»]\s*", tree.title)
    if len(parts) > 1:
        names += [part for part in parts if is_site_name(part)]
    if is_site_name(tree.title):
        names.append(tree.title)
        names += [part for part in parts if len(parts) > 1]
    for anchor in cast("list[Element]", _ANCHORS(tree.body))[:60]:
        target = tree.link(anchor.get("href"))
        if target and is_home(target):
            names += [_text(anchor), *(clean(image.get("alt") or "") for image in anchor.iter("img"))]
    return tuple(
        dict.fromkeys(name for name in names if len(name) > 3 and not _HOME_TEXT.fullmatch(fold(name)))
    )


def site_title(tree: Tree, portal: Portal) -> str | None:
    """The site's name as a reader would write it."""
    told = tree.metas.get("og:site_name") or tree.metas.get("application-name")
    if told:
        return told
    if is_home(tree.address) and tree.title:
        return tree.title
    if is_site_name(tree.title):
        return tree.title
    parts = [part for part in re.split(r"\s+[-–—|»]\s+|\s*[|»]\s*", tree.title) if part]
    return next((part for part in parts if is_site_name(part)), None)


def _slug_for(url: str, title: str, used: dict[str, str]) -> str:
    """A slug for a section, unique among `used` (slug to address)."""
    path = urlsplit(url)
    plain = _NOT_WORD.sub("-", fold(title)).strip("-")
    named = slug(url) if not path.query else ""
    choice = (
        named
        if named and not _HOME_PATH.fullmatch(f"/{named}") and not named.isdigit()
        else plain or "section"
    )
    if used.get(choice, twin(url)) == twin(url):
        return choice
    segments = [segment for segment in path.path.split("/") if segment]
    longer = "-".join(segments[-2:-1] + [choice]) if len(segments) > 1 else choice
    candidate, number = longer, 2
    while used.get(candidate, twin(url)) != twin(url):
        candidate, number = f"{longer}-{number}", number + 1
    return candidate


def _is_menu(element: Element) -> bool | None:
    """Whether an element is a menu (True) or something else that links (False); None where it says nothing."""
    if element.tag == "nav" or (element.get("role") or "") in ("navigation", "menu", "menubar"):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        return not re.search(r"crumb|pag(?:e|ina|ing)|pathway|post|share|duong-?dan", names, re.IGNORECASE)
    for attribute in (element.get("class"), element.get("id")):
        for name in hints.names(attribute or ""):
            if re.search(r"crumb|pathway|pag(?:er|ina|ing)|duong-dan|share|social|tab", name):
                return False
            if re.search(
                r"(?:^|-)(?:menu|nav|navbar|navigation|mainmenu|topmenu|leftmenu|sidemenu|nav-?menu|danh-?muc|chuyen-?muc|menubar|submenu|leftsubmenu|subnav)(?:-|$)",
                name,
            ) and not re.search(r"in-menu|allow-menu", name):
                return True
    return None


def _sectionable(tree: Tree, anchor: Element) -> tuple[str, str] | None:
    """Address and label of a link that can be a menu entry."""
    href = anchor.get("href") or ""
    if not href.strip() or href.lstrip().startswith("#"):
        return None
    label = _text(anchor) or clean(anchor.get("title") or "")
    if (
        not 2 <= len(label) <= MAX_LABEL
        or _HOME_TEXT.fullmatch(fold(label))
        or _NO_SECTION.fullmatch(fold(label))
    ):
        return None
    url = tree.link(href)
    if (
        url is None
        or not tree.scope.contains(url)
        or is_home(url)
        or is_trap(url)
        or file_extension(url)
        or _FEED_PATH.search(url)
    ):
        return None
    return url, label


def find_menu(tree: Tree) -> tuple[tuple[SectionLink, ...], frozenset[Element]]:
    """The entries of the site's menus, nested ones with their parent; and the anchors that are the menus."""
    verdicts: dict[Element, bool | None] = {}
    entries: dict[str, SectionLink] = {}
    used: dict[str, str] = {}
    by_item: dict[Element, str] = {}
    loose: list[Element] = []
    anchors: list[Element] = []
    for anchor in cast("list[Element]", _ANCHORS(tree.body)):
        inside: bool | None = None
        for ancestor in anchor.iterancestors():
            if ancestor not in verdicts:
                verdicts[ancestor] = _is_menu(ancestor)
            if verdicts[ancestor] is not None:
                inside = verdicts[ancestor]
                break
        if not inside:
            if inside is None:
                loose.append(anchor)
            continue
        anchors.append(anchor)
        if len(entries) < MAX_ENTRIES:
            _enter(tree, anchor, entries, used, by_item)
    if len(entries) < 2:
        for anchor in _unnamed_menu(tree, loose):
            anchors.append(anchor)
            _enter(tree, anchor, entries, used, by_item)
    return tuple(entries.values()), frozenset(anchors)


def _enter(
    tree: Tree,
    anchor: Element,
    entries: dict[str, SectionLink],
    used: dict[str, str],
    by_item: dict[Element, str],
) -> None:
    found = _sectionable(tree, anchor)
    if found is None:
        return
    url, label = found
    known = entries.get(twin(url))
    name = known.slug if known else _slug_for(url, label, used)
    item = next((one for one in anchor.iterancestors("li")), None)
    if item is not None:
        by_item.setdefault(item, name)
    if known:
        return
    parent = None
    if item is not None:
        parent = next((by_item[one] for one in item.iterancestors("li") if one in by_item), None)
    used[name] = twin(url)
    entries[twin(url)] = SectionLink(
        url=url, slug=name, title=label, parent=parent if parent != name else None
    )


def _unnamed_menu(tree: Tree, anchors: Sequence[Element]) -> list[Element]:
    """The first run of short internal links on a page without a named menu."""
    runs: dict[Element, list[Element]] = {}
    counts: dict[Element, int] = {}
    for anchor in anchors:
        if not _sectionable(tree, anchor) or len(_text(anchor).split()) > 12:
            continue
        for depth, box in enumerate(anchor.iterancestors()):
            if depth > 5 or box.tag in ("body", "html"):
                break
            if box not in counts:
                counts[box] = len(cast("list[Element]", _ANCHORS(box)))
            if counts[box] >= 3:
                runs.setdefault(box, []).append(anchor)
                break
    for box, found in runs.items():
        texts = sum(len(_text(anchor)) for anchor in found)
        # A home link and a date beside the entries are usual.
        if len(found) >= 3 and texts >= 0.4 * len(_text(box)) and texts / len(found) <= 32:
            return found
    return []


def find_feeds(tree: Tree, declared: Sequence[str]) -> tuple[str, ...]:
    """Addresses of RSS and Atom feeds: declared in the head, or linked as such."""
    found = dict.fromkeys(tree.feeds)
    for anchor in cast("list[Element]", _ANCHORS(tree.body)):
        href = anchor.get("href") or ""
        if "rss" in href.lower() or "atom" in href.lower() or "feed" in href.lower():
            url = tree.link(href)
            if url and tree.scope.contains(url) and _FEED_PATH.search(url):
                found[url] = None
    for path in declared:
        if is_home(tree.address) and (url := tree.scope.resolve(tree.scope.origin, path)):
            found[url] = None
    return tuple(url for url in found if tree.scope.contains(url))[:50]


def menu_entry(url: str, menu: Sequence[SectionLink]) -> SectionLink | None:
    """The menu's entry for a listing's address; `/tin-tuc.html` and `/tin-tuc/` are one."""
    bare = twin(url)
    exact = next((entry for entry in menu if twin(section_address(entry.url)) == bare or twin(entry.url) == bare), None)
    if exact is not None or urlsplit(url).query or is_home(url):
        return exact
    stem = _stem(url)
    return next((entry for entry in menu if not urlsplit(entry.url).query and _stem(entry.url) == stem), None)


def _stem(url: str) -> str:
    return _EXTENSION.sub("", twin(url)).rstrip("/")


def section_for(url: str, title: str, menu: Sequence[SectionLink]) -> SectionRef:
    """The section at an address, spelled as the menu spells it where the menu has it."""
    if (entry := menu_entry(section_address(url), menu)) is not None:
        return SectionRef(slug=entry.slug, title=entry.title)
    return SectionRef(slug=_slug_for(section_address(url), title, {}), title=title)


def article_section(
    tree: Tree,
    pieces: Sequence[Piece],
    title: Piece | None,
    menu: Sequence[SectionLink],
    menu_anchors: Collection[Element] = (),
) -> tuple[SectionRef, ...]:
    """The section that an article's page says it belongs to: breadcrumb, label at the title, marked menu entry, path."""
    headline = fold(title.text) if title is not None else ""
    crumbs = breadcrumb(tree, headline)
    if crumbs:
        url, label = crumbs[-1]
        return (section_for(url, label, menu),)
    own = twin(tree.address)
    by_url = {twin(entry.url): entry for entry in menu if twin(entry.url) != own}
    by_title = {fold(entry.title): entry for entry in by_url.values()}
    if title is not None:
        around = [*reversed(pieces[max(0, title.index - 8) : title.index]), *pieces[title.index + 1 : title.index + 4]]
        for piece in around:
            is_menu = _in_list(pieces, piece) or any(run.link in menu_anchors for run in piece.runs if run.link is not None)
            named = None if is_menu else _named_section(tree, piece, by_url, by_title)
            if named is not None:
                return (SectionRef(slug=named.slug, title=named.title),)
        if filed := _filed_under(tree, pieces[title.index + 1 :], menu):
            return (filed,)
    for element in tree.body.iter("li", "a"):
        names = (element.get("class") or "").lower().split()
        if any(name in ("active", "current", "selected", "current-menu-item", "is-active") for name in names):
            anchor = element if element.tag == "a" else next(element.iter("a"), None)
            target = tree.link(anchor.get("href")) if anchor is not None else None
            if target and (entry := by_url.get(twin(target))) is not None:
                return (SectionRef(slug=entry.slug, title=entry.title),)
    return _section_of_path(tree, menu)


def _in_list(pieces: Sequence[Piece], piece: Piece) -> bool:
    """Whether a link is one of several alike, one below the other, rather than a label that stands alone."""
    if piece.kind == "item":
        return True
    if not piece.is_link:
        return False
    kin = [pieces[index] for index in (piece.index - 1, piece.index + 1) if 0 <= index < len(pieces)]
    return any(
        one.is_link and one.element.tag == piece.element.tag and one.element.get("class") == piece.element.get("class")
        for one in kin
    )


def _filed_under(tree: Tree, pieces: Sequence[Piece], menu: Sequence[SectionLink]) -> SectionRef | None:
    """The section that a line such as `Chuyên mục: Tin tức` names, before or after the body."""
    for piece in pieces:
        if not piece.link_chars or len(piece.text) > 160 or not _FILED.match(fold(piece.text)):
            continue
        for run in piece.runs:
            target = tree.link(run.link.get("href")) if run.link is not None else None
            if target and tree.scope.contains(target) and not is_home(target):
                return section_for(target, run.text.strip(" ,"), menu)
    return None


def _section_of_path(tree: Tree, menu: Sequence[SectionLink]) -> tuple[SectionRef, ...]:
    segments = [segment for segment in urlsplit(tree.address).path.split("/") if segment][:-1]
    own = twin(tree.address)
    for segment in reversed(segments):
        for entry in menu:
            if twin(entry.url) == own:
                continue
            if slug(entry.url) == segment or entry.slug == segment:
                return (SectionRef(slug=entry.slug, title=entry.title),)
    return ()


def _named_section(
    tree: Tree, piece: Piece, by_url: dict[str, SectionLink], by_title: dict[str, SectionLink]
) -> SectionLink | None:
    if not piece.text or len(piece.text) > 160:
        return None
    for run in piece.runs:
        if (
            run.link is not None
            and (target := tree.link(run.link.get("href")))
            and (entry := by_url.get(twin(target)))
        ):
            return entry
    if piece.noise == "navigation":
        last = [part for part in _CRUMB_SEPARATOR.split(piece.text) if part]
        return next((by_title[fold(part)] for part in reversed(last) if fold(part) in by_title), None)
    return by_title.get(fold(piece.text).strip(" :»>"))


def breadcrumb(tree: Tree, headline: str = "") -> list[tuple[str, str]]:
    """The links of the page's breadcrumb as (address, label), without home and without the article itself."""
    box: Element | None = None
    for element in tree.body.iter("div", "ul", "ol", "nav", "p", "span", "td", "section"):
        names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('aria-label') or ''}"
        if len(names) > 2 and any(_TRAIL_NAME.search(name) for name in hints.names(names)):
            box = element
            break
    anchors = cast("list[Element]", _ANCHORS(box)) if box is not None else _home_trail(tree)
    found: list[tuple[str, str]] = []
    own = twin(tree.address)
    for anchor in anchors[:12]:
        url = tree.link(anchor.get("href"))
        label = _text(anchor).strip(" »›>/|-")
        if not url or not label or is_home(url) or not tree.scope.contains(url) or (headline and twin(url) == own):
            continue
        if fold(label) == headline or _HOME_TEXT.fullmatch(fold(label)) or len(label) > 120:
            continue
        found.append((url, label))
    return found


def _home_trail(tree: Tree) -> list[Element]:
    """A breadcrumb without a telling name: a short line of links that begins with home, joined by arrows."""
    for anchor in cast("list[Element]", _ANCHORS(tree.body)):
        if not _HOME_TEXT.fullmatch(fold(_text(anchor)[:40])):
            continue
        box = anchor.getparent()
        for _ in range(3):
            if box is None:
                break
            text = _text(box)
            if len(text) > 200 or box.tag in ("tr", "tbody", "table", "body") or not fold(text).lstrip(" »›>/|").startswith(fold(_text(anchor))):
                break
            others = cast("list[Element]", _ANCHORS(box))
            if 2 <= len(others) <= 6 and re.search(r"[>»›→]|::|\s/\s", text):
                return others
            box = box.getparent()
    return []


def with_boxes(menu: tuple[SectionLink, ...], boxes: Sequence[tuple[str, str]]) -> tuple[SectionLink, ...]:
    """The menu with the sections that a front page's boxes lead to, as (address, label) pairs."""
    entries = {twin(entry.url): entry for entry in menu}
    used = {entry.slug: twin(entry.url) for entry in menu}
    for url, label in boxes:
        if twin(url) not in entries:
            name = _slug_for(url, label, used)
            used[name] = twin(url)
            entries[twin(url)] = SectionLink(url=url, slug=name, title=label)
    return tuple(entries.values())


def with_sections(
    menu: tuple[SectionLink, ...], configured: Sequence[SectionLink]
) -> tuple[SectionLink, ...]:
    """The menu with the sections that the configuration adds."""
    known = {twin(entry.url) for entry in menu}
    return (*menu, *(replace(entry) for entry in configured if twin(entry.url) not in known))
