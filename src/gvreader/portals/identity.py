"""The portal's own id of an article, read from its address."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from gvreader.portals.declaration import compiled
from gvreader.portals.table import layouts_of
from gvreader.urls import is_trap

# Joomla's `Itemid` is the menu entry that led to an article, `id=882:alias` the article.
_QUERY_ID: Final = re.compile(
    r"(?:^|&)(?!(?-i:Itemid=))"
    r"(?:id|p|newsid|news_id|articleid|article_id|itemid|postid|baivietid|tinid|idtin|idbaiviet|contentid)="
    r"(\d{1,12})(?:(?::|%3A)[^&]*)?(?:&|$)",
    re.IGNORECASE,
)
_TRAILING: Final = re.compile(
    r"(?:^|/)(?:([^/]*?)-)?(?:[a-z]{1,4})?(\d{3,12})\.(?:html?|aspx?|php)$", re.IGNORECASE
)
_SEGMENT: Final = re.compile(r"/(\d{3,12})/[^/]*[a-z][^/]*-[^/]*/?$", re.IGNORECASE)
# Words whose number of three or more digits belongs to the title: "thông báo số 115", "kỳ họp thứ 115".
_COUNTED: Final = frozenset(("so", "thu", "lan", "phan", "tap", "bai", "ql", "dt", "km"))


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and 1900 <= int(text) <= 2100


def identity(url: str, family: str | None) -> str | None:
    """The id that the portal gives the article at `url`, or None where the address carries none.

    `family` is a family's name, a label such as `giavien@2020`, or None. On unknown families only what can
    hardly be part of a title counts: a slug that ends in a year, a date or an ordinal is not an id. The same
    holds for a known family's print views, which carry the article's id in a shape of their own.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    layouts = layouts_of(family)
    if layouts:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        for layout in layouts:
            for pattern in layout.identity:
                if found := compiled(pattern).search(target):
                    return found[1].lower()
        if not is_trap(url):
            return None
    if found := _QUERY_ID.search(parts.query):
        return found[1]
    found = _TRAILING.search(parts.path)
    if found is None:
        segment = _SEGMENT.search(parts.path)
        return segment[1] if segment and not _is_year(segment[1]) else None
    words, number = (found[1] or "").lower().split("-"), found[2]
    if _is_year(number) or words[-1] in _COUNTED:
        return None
    return number
