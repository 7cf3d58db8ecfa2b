"""Sitemaps (sitemaps.org, news sitemaps among them) as listings: addresses that no list of the portal may lead to."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from gvreader.extract.fields.publication_date import iso_date
from gvreader.extract.page.text import clean
from gvreader.extract.page.tree import Element
from gvreader.http import codings
from gvreader.limits import DECODED_BYTES
from gvreader.model import Listing, ListingItem, Request
from gvreader.urls import Scope

MAX_ADDRESSES: Final = 50_000
"""As many as one file may name by the protocol."""
MAX_NESTED: Final = 1_000
_OPENING: Final = re.compile(
    r"^\ufeff?\s*+(?:<\?[^>]*+>\s*+|(?><!--.*?-->)\s*+)*+<(?:\w+:)?(?:urlset|sitemapindex)\b", re.DOTALL
)


def is_sitemap(text: str) -> bool:
    """Whether a document is a sitemap or an index of sitemaps."""
    return bool(_OPENING.match(text[:4000]))


def unpacked_sitemap(body: bytes) -> bytes | None:
    """The sitemap in a packed file (`sitemap.xml.gz`), or None."""
    if not codings.is_packed(body):
        return None
    try:
        plain = codings.decode(body, None, limit=DECODED_BYTES, sniff=True)
    except codings.CodingError:
        return None
    return plain if is_sitemap(plain[:4000].decode("utf-8", "replace")) else None


def read_sitemap(text: str, address: str, scope: Scope, family: str) -> Listing:
    """The addresses of a sitemap, and as `next` the sitemaps that an index names.

    Broken XML is read as far as it goes.
    """
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True
    )
    declared = re.sub(r"^\ufeff?\s*<\?xml[^>]*\?>", "", text, count=1)
    try:
        root = etree.fromstring(declared.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        root = None
    items: dict[str, ListingItem] = {}
    nested: dict[str, Request] = {}
    for element in root if root is not None else ():
        fields = _fields(element)
        url = scope.resolve(address, fields.get("loc", ""))
        if url is None:
            continue
        if _name(element) == "sitemap" and len(nested) < MAX_NESTED:
            nested.setdefault(url, Request(url=url))
        elif _name(element) == "url" and len(items) < MAX_ADDRESSES:
            published = iso_date(fields.get("publication_date", ""))
            items.setdefault(url, ListingItem(url=url, title=fields.get("title", ""), published=published))
    return Listing(
        url=address,
        items=tuple(items.values()),
        next=tuple(nested.values()),
        family=family,
        confidence=0.95,
    )


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _fields(element: Element) -> dict[str, str]:
    """The texts of an entry by their names, those of a news entry inside it, too; of several, the first."""
    found: dict[str, str] = {}
    for child in element.iter():
        text = clean(child.text or "")
        if text:
            found.setdefault(_name(child), text)
    return found
