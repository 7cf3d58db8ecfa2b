"""The portal's own id of an article, read from its address."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from gvreader.portals.declaration import compiled
from gvreader.portals.table import layouts_of

_QUERY_ID: Final = re.compile(
    r"(?:^|&)(?:id|p|newsid|news_id|articleid|article_id|itemid|postid|baivietid|tinid|idtin|idbaiviet|contentid)="
    r"(\d{1,12})(?:&|$)",
    re.IGNORECASE,
)
_TRAILING: Final = re.compile(
    r"(?:^|/)(?:([^/]*?)-)?(?:[a-z]{1,4})?(\d{3,12})\.(?:html?|aspx?|php)$", re.IGNORECASE
)
# What a number at the end of a slug counts when it belongs to the title: "năm 2023", "kỳ họp thứ 15".
_COUNTED: Final = frozenset(
    [
        "nam",
        "thang",
        "quy",
        "ky",
        "khoa",
        "so",
        "lan",
        "ngay",
        "tuan",
        "thu",
        "phan",
        "chuong",
        "dot",
        "covid",
        "xa",
        "thon",
        "to",
        "khu",
        "tap",
        "bai",
        "duong",
        "ql",
        "dt",
    ]
)


def identity(url: str, family: str | None) -> str | None:
    """The id that the portal gives the article at `url`, or None where the address carries none.

    `family` is a family's name, a label such as `giavien@2020`, or None. On unknown families only what can
    hardly be part of a title counts: a slug that ends in a year, a date or an ordinal is not an id.
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
        return None
    if found := _QUERY_ID.search(parts.query):
        return found[1]
    found = _TRAILING.search(parts.path)
    if found is None:
        return None
    words, number = (found[1] or "").lower().split("-"), found[2]
    is_year = len(number) == 4 and 1900 <= int(number) <= 2100
    if is_year or words[-1] in _COUNTED or words[-1].isdigit():
        return None
    return number
