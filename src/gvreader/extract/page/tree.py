"""One parsed page: the tree, and what its head says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final, cast

from lxml import etree

from gvreader.extract.page.crowds import disarm, without_crowds
from gvreader.extract.page.link_targets import Target, target
from gvreader.extract.page.text import clean
from gvreader.limits import DEPTH, PAGE_CHARACTERS
from gvreader.portals import Portal
from gvreader.urls import Scope, canonical, host, origin

Element = etree._Element

_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)[^<>]*?(/?)>")
_VOID: Final = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
))  # fmt: skip
# Characters that no XML tree can hold; NUL ends libxml2's reading early.
_CONTROLS: Final = bytes((*range(9), 11, 12, *range(14, 32)))
_NO_CHARACTERS: Final = ("\ufffe", "\uffff")
_UNREADABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Entries of lists and comments speak of other articles.
_OTHERS: Final = frozenset((
    "itemListElement", "comment", "comments", "hasPart", "mentions", "review", "relatedLink", "citation", "isPartOf",
    "publisher", "author", "image", "breadcrumb",
))  # fmt: skip
_MOST_NAMES: Final = 12
_LONGEST_NAME: Final = 120
_SILENT: Final = ("script", "style", "template", "noscript", "svg", "math", "canvas")
_HEAD: Final = etree.XPath("//meta[@content] | //title | //base[@href] | //link[@rel and @href]")
_SCRIPTS: Final = etree.XPath("//script[not(@src)]")
_BODY: Final = etree.XPath("//body")


@dataclass(slots=True, kw_only=True)
class Tree:
    """A parsed page. `address` is its own logical address, `base` what its links are relative to.

    `called` is what the site's menu calls the page, if it leads to it; `sections` are the folded names of all that
    the menu leads to; `numbered`: its text may be that of a document with a number; `named` is the address that its
    head gives as its own, if any; `is_saved`: the page was saved as a file.
    """

    root: Element
    body: Element
    address: str
    base: str
    scope: Scope
    title: str = ""
    metas: dict[str, str] = field(default_factory=dict)
    feeds: tuple[str, ...] = ()
    scripts: str = ""
    structured: dict[str, str] = field(default_factory=dict)
    called: tuple[str, ...] = ()
    sections: frozenset[str] = frozenset()
    numbered: bool = False
    named: str | None = None
    is_saved: bool = False
    _site: str = field(init=False)
    _targets: dict[str, Target | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._site = f"{origin(self.base) or ''}/"

    def target(self, href: str | None) -> Target | None:
        """Where an `href` of this page leads, in logical addresses; None if nowhere."""
        if not href:
            return None
        try:
            return self._targets[href]
        except KeyError:
            found = self._targets[href] = target(self.scope, self._site, self.base, href)
            return found

    def link(self, href: str | None) -> str | None:
        """The logical address that an `href` or `src` of this page leads to."""
        found = self.target(href)
        return found.url if found else None


def _shallow(text: str) -> str:
    """The page without the tags that nest deeper than `DEPTH`; their text stays."""
    open_kept: list[bool] = []
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        if match[2].lower() in _VOID or match[3]:
            return match[0]
        if match[1]:
            if not open_kept:
                return match[0]
            kept = open_kept.pop()
            depth -= kept
            return match[0] if kept else " "
        kept = depth < DEPTH
        open_kept.append(kept)
        depth += kept
        return match[0] if kept else " "

    return _TAG.sub(keep, text)


def _require_memory(parser: etree.HTMLParser) -> None:
    """Raise MemoryError where the parser ran out of memory, which it tells as a flaw of the page."""
    if any(entry.type == etree.ErrorTypes.ERR_NO_MEMORY for entry in parser.error_log):
        raise MemoryError


def _parse(text: str) -> Element | None:
    for attempt in (0, 1):
        parser = etree.HTMLParser(
            encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
        )
        try:
            root = etree.fromstring(text.encode("utf-8", "replace"), parser)
        except (etree.LxmlError, ValueError, AssertionError):
            _require_memory(parser)
            return None
        _require_memory(parser)
        # Too deep a page ends the reading, so nothing is reported after it.
        last = parser.error_log.last_error
        if attempt or last is None or "depth" not in last.message:
            return root
        text = _shallow(text)
    return None


def parse(text: str, address: str, source_uri: str | None, portal: Portal) -> Tree | None:
    """The page at the logical `address` as a tree; None where there is nothing to parse.

    `source_uri` is where the bytes came from when that is another origin than the portal's own.
    """
    readable = text[:PAGE_CHARACTERS]
    raw = readable.encode("utf-8", "replace")
    if len(raw.translate(None, _CONTROLS)) < len(raw) or any(one in readable for one in _NO_CHARACTERS):
        readable = _UNREADABLE.sub(" ", readable)
    readable = without_crowds(readable)
    root = _parse(readable)
    if root is None or not isinstance(root.tag, str):
        return None
    disarm(root, readable)
    bodies = cast("list[Element]", _BODY(root))
    body = bodies[0] if bodies else root
    metas: dict[str, str] = {}
    title = base_href = canonical_href = ""
    feeds: list[str] = []
    for element in cast("list[Element]", _HEAD(root)):
        tag = element.tag
        if tag == "meta":
            name = element.get("property") or element.get("name") or element.get("itemprop") or ""
            metas.setdefault(name.strip().lower(), clean(element.get("content") or ""))
        elif tag == "title":
            # An inline drawing may carry a title too; the page's own comes first.
            title = title or clean("".join(cast("Iterator[str]", element.itertext())))
        elif tag == "base":
            base_href = base_href or (element.get("href") or "").strip()
        elif (element.get("rel") or "").strip().lower() == "canonical":
            canonical_href = canonical_href or (element.get("href") or "").strip()
        elif "alternate" in (element.get("rel") or "").lower() and re.search(
            r"rss|atom|feed\+json", element.get("type") or "", re.IGNORECASE
        ):
            feeds.append(element.get("href") or "")
    named = canonical_href or metas.get("og:url", "")
    scope, base = _scope(portal, address, source_uri, base_href, metas.get("og:url", "") or canonical_href)
    scripts = cast("list[Element]", _SCRIPTS(root))
    structured: dict[str, str] = {}
    inline: list[str] = []
    for script in scripts:
        code = script.text or ""
        if "ld+json" in (script.get("type") or ""):
            _read_structured(code, structured)
        else:
            inline.append(code[:200_000])
    etree.strip_elements(root, *_SILENT, with_tail=False)
    tree = Tree(
        root=root, body=body, address=address, base=base, scope=scope, title=title, metas=metas,
        scripts="\n".join(inline), structured=structured,
    )  # fmt: skip
    tree.named = tree.link(named)
    tree.is_saved = (source_uri or "").startswith("file:")
    tree.feeds = tuple(dict.fromkeys(feed for href in feeds if (feed := tree.link(href))))
    return tree


def _scope(
    portal: Portal, address: str, source_uri: str | None, base_href: str, named: str
) -> tuple[Scope, str]:
    """The portal's scope as this page spells it, and the address that its links are relative to.

    A page of the portal that speaks of itself under another host (its `<base>`, or `named`: its canonical
    address) is a copy of that site: the host is an alias of the portal.
    """
    aliases: list[str] = []
    if source_uri and (served_from := origin(source_uri)) and _same_path(source_uri, address):
        aliases.append(served_from)
    scope = portal.scope(*aliases)
    if not scope.contains(address):
        return scope, scope.resolve(address, base_href) or address if base_href else address
    base = (
        scope.resolve(source_uri if aliases and source_uri else address, base_href) if base_href else address
    )
    for own, is_named in ((base, False), (named, True)):
        spelled = origin(own) if own else None
        if spelled is None or scope.contains(own or "") or spelled in aliases:
            continue
        if (is_named and _same_path(own or "", address)) or (not is_named and _may_be_site(own or "")):
            aliases.append(spelled)
    scope = portal.scope(*aliases)
    return scope, (scope.logical(base) if base else None) or address


def _same_path(one: str, other: str) -> bool:
    """Whether two addresses differ in their host only. (An address in a web archive does not.)"""
    first, second = canonical(one), canonical(other)
    return bool(first and second and first.split("/", 3)[3:] == second.split("/", 3)[3:])


def _may_be_site(url: str) -> bool:
    """Whether a base is a site rather than a host that only serves its files."""
    return not re.search(r"(?:^|\.)(?:cdn|static|storage|cloud)", host(url))


def _read_structured(code: str, into: dict[str, str]) -> None:
    """Headline, dates and author of the first news-like entry of a JSON-LD script."""
    if len(code) > 500_000:
        return
    try:
        data = json.loads(code, strict=False)
    except (ValueError, RecursionError):
        return
    queue = [data]
    for _ in range(200):
        if not queue:
            return
        node = queue.pop(0)
        if isinstance(node, list):
            queue.extend(node[:50])
        elif isinstance(node, dict):
            kind = node.get("@type")
            kinds = " ".join(str(one) for one in kind) if isinstance(kind, list) else str(kind)
            if re.search(r"Article|Posting|Report", kinds) or (
                "headline" in node and "datePublished" in node
            ):
                _read_article(node, kinds, into)
            queue.extend(
                value for key, value in node.items() if isinstance(value, dict | list) and key not in _OTHERS
            )


def _read_article(node: dict[str, Any], kinds: str, into: dict[str, str]) -> None:
    """What one entry of structured data says of an article; what is known already stays."""
    into.setdefault("type", kinds)
    for key in ("headline", "datePublished", "dateModified", "description"):
        if isinstance(value := node.get(key), str):
            into.setdefault(key, clean(unescape(value)))
    people, offices = _names(node.get("author"))
    _, publishers = _names(node.get("publisher"))
    for key, names in (("author", people), ("organisation", offices), ("publisher", publishers)):
        if names:
            into.setdefault(key, ", ".join(names))


def _names(value: object) -> tuple[list[str], list[str]]:
    """The names of people and of organisations that an author or publisher is told as."""
    people: list[str] = []
    offices: list[str] = []
    for one in value[:_MOST_NAMES] if isinstance(value, list) else [value]:
        name = one.get("name") if isinstance(one, dict) else one
        name = name[0] if isinstance(name, list) and name else name
        if not isinstance(name, str) or not (shown := clean(unescape(name))) or len(shown) > _LONGEST_NAME:
            continue
        is_office = isinstance(one, dict) and "Organization" in str(one.get("@type"))
        (offices if is_office else people).append(shown)
    return list(dict.fromkeys(people)), list(dict.fromkeys(offices))
