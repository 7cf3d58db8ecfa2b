"""RSS and Atom documents as listings: the portal's own list of what is new."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Final, cast

from lxml import etree

from gvreader.extract.fields.publication_date import iso_date
from gvreader.extract.page.text import clean
from gvreader.extract.page.tree import Element
from gvreader.model import PORTAL_TIME, Listing, ListingItem, Published
from gvreader.urls import Scope, origin
from gvreader.vietnamese import find_dates

MAX_ITEMS: Final = 2_000
# Nothing that was matched is tried in another way: each comment more would double the time.
_OPENING: Final = re.compile(
    r"^\ufeff?\s*+(?:<\?xml[^>]*+>\s*+)?+(?:(?><!--.*?-->)\s*+|<\?[^>]*+>\s*+|"
    r"<!DOCTYPE[^>[]*+(?:\[[^]]*+\])?+[^>]*+>\s*+)*+<(?:\w+:)?(?:rss|feed|RDF)\b",
    re.DOTALL,
)
_TAG: Final = re.compile(r"<[^>]{0,2000}>")
_UNREADABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def is_feed(text: str) -> bool:
    """Whether a document is RSS, RDF, Atom or a JSON Feed."""
    return bool(_OPENING.match(text[:4000])) or _is_json(text)


def is_json_feed(body: bytes) -> bool:
    """Whether an answer is a JSON Feed, whatever its media type says."""
    return body.lstrip()[:1] in (b"{", b"\xef") and b"jsonfeed.org/version/" in body[:4000]


def _is_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:1] == "{" and "jsonfeed.org/version/" in text


def _read_json(text: str, address: str, scope: Scope, family: str) -> Listing:
    """The entries of a JSON Feed (jsonfeed.org)."""
    try:
        feed = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        feed = {}
    feed = feed if isinstance(feed, dict) else {}
    home = origin(str(feed.get("home_page_url") or ""))
    if home is not None and scope.contains(address):
        scope = replace(scope, aliases=(*scope.aliases, home))
    entries = feed.get("items")
    items: dict[str, ListingItem] = {}
    for entry in entries[:MAX_ITEMS] if isinstance(entries, list) else ():
        if not isinstance(entry, dict):
            continue
        url = scope.resolve(address, str(entry.get("url") or ""))
        headline = _plain(str(entry.get("title") or ""))
        if url is None or not headline or not scope.contains(url):
            continue
        summary = _plain(str(entry.get("summary") or ""))[:1200] or None
        published = iso_date(str(entry.get("date_published") or ""))
        items.setdefault(url, ListingItem(url=url, title=headline, published=published, summary=summary))
    title = _plain(str(feed.get("title") or "")) or None
    confidence = 0.95 if items else 0.3
    return Listing(
        url=address, title=title, items=tuple(items.values()), family=family, confidence=confidence
    )


def _name(element: Element) -> str:
    tag = element.tag
    return str(tag).rpartition("}")[2].rpartition(":")[2].lower()


def _plain(text: str) -> str:
    """Feed text without markup; entities are often escaped twice."""
    for _ in range(3):
        decoded = unescape(text)
        if decoded == text:
            break
        text = decoded
    return clean(_TAG.sub(" ", text))


def _content(element: Element | None) -> str:
    return "".join(cast("Iterator[str]", element.itertext())) if element is not None else ""


def _published(entry: dict[str, Element]) -> Published | None:
    for key in ("pubdate", "published", "date", "issued", "updated", "modified"):
        text = clean(_content(entry.get(key)))
        if not text:
            continue
        if (found := iso_date(text)) is not None:
            return found
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            if dates := find_dates(text):
                return dates[0].published
            continue
        # A feed without a zone means the portal's own time.
        return _local(moment)
    return None


def _with_own_host(root: Element | None, scope: Scope, address: str) -> Scope:
    """The scope with the host that the feed of a mirror calls its own."""
    for element in root.iter() if root is not None else ():
        if _name(element) in ("item", "entry"):
            break
        if _name(element) == "link" and (named := origin(element.get("href") or clean(_content(element)))):
            return replace(scope, aliases=(*scope.aliases, named)) if scope.contains(address) else scope
    return scope


def _local(moment: datetime) -> datetime | None:
    try:
        return moment.replace(tzinfo=PORTAL_TIME) if moment.tzinfo is None else moment.astimezone(PORTAL_TIME)
    except (ValueError, OverflowError):
        return None


def read_feed(text: str, address: str, scope: Scope, family: str) -> Listing:
    """The entries of a feed. Broken XML is read as far as it goes."""
    if _is_json(text):
        return _read_json(text, address, scope, family)
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    declared = re.sub(r"^\ufeff?\s*<\?xml[^>]*\?>", "", _UNREADABLE.sub(" ", text), count=1)
    try:
        root = etree.fromstring(declared.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        root = None
    scope = _with_own_host(root, scope, address)
    items: dict[str, ListingItem] = {}
    title = ""
    for element in root.iter() if root is not None else ():
        name = _name(element)
        if (
            name == "title"
            and not title
            and _name(cast("Element", element.getparent())) in ("channel", "feed")
        ):
            title = _plain(_content(element))
        if name not in ("item", "entry") or len(items) >= MAX_ITEMS:
            continue
        fields: dict[str, Element] = {}
        links: list[str] = []
        for child in element:
            key = _name(child)
            fields.setdefault(key, child)
            if key == "link" and (child.get("rel") or "alternate") == "alternate":
                links.append(child.get("href") or clean(_content(child)))
            elif (
                key == "guid"
                and (child.get("isPermaLink") or child.get("ispermalink") or "true").lower() != "false"
            ):
                links.append(clean(_content(child)))
        url = next(
            (found for link in links if link and (found := scope.resolve(address, unescape(link)))), None
        )
        headline = _plain(_content(fields.get("title")))
        if url is None or not headline or not scope.contains(url):
            continue
        summary = _plain(
            _content(fields.get("description") if "description" in fields else fields.get("summary"))
        )
        items.setdefault(
            url,
            ListingItem(
                url=url, title=headline, published=_published(fields), summary=summary[:1200] or None
            ),
        )
    return Listing(
        url=address,
        title=title or None,
        items=tuple(items.values()),
        family=family,
        confidence=0.95 if items else 0.3,
    )
