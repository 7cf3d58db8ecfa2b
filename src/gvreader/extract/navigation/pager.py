"""The links of a listing to its further pages, in any address shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, cast
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from lxml import etree

from gvreader.extract.page import class_names
from gvreader.extract.page.text import clean
from gvreader.extract.page.tree import Element, Tree
from gvreader.model import Capture, Request
from gvreader.portals import FormPager, Layout
from gvreader.urls import twin
from gvreader.vietnamese import fold

MAX_PAGES: Final = 500
_MAX_LABEL: Final = 24
_ANCHORS: Final = etree.XPath(".//a[@href] | .//link[@rel='next' and @href] | .//select/option[@value]")
_NEXT: Final = re.compile(
    r"[\s|:.\[\]»›>→]*(?:trang |xem |doc )?(?:sau|tiep(?: theo)?|ke(?: tiep)?|next(?: page)?|cuoi(?: cung)?|"
    r"last|trang tiep(?: theo)?|trang ke tiep|trang cuoi|cu hon|"
    r"(?:bai|tin) (?:cu hon)|older(?: posts?)?)[\s|:.\[\]»›>→]*|[»›>→]{1,3}|>>|&gt;|\|>|>\|"
)
_PREVIOUS: Final = re.compile(r"[«‹<←]|\b(?:truoc|dau|prev(?:ious)?|first|moi hon|newer)\b")
_PREVIOUS_PAGE: Final = re.compile(
    r"[\s|:.\[\]«‹<←]*(?:trang )?(?:truoc|dau(?: tien)?|prev(?:ious)?(?: page)?|first|moi hon|"
    r"newer(?: posts?)?)[\s|:.\[\]]*|[«‹<←]{1,3}"
)
_NUMBER: Final = re.compile(r"[\[(]?\s*(?:trang |page )?(\d{1,4})\s*[\])]?", re.IGNORECASE)
_PAGE_KEY: Final = re.compile(
    r"(?:^|_)(?:page|p|pg|trang|pageindex|pageno|pagenum|page_?number|currentpage|cur|start|offset|"
    r"paged|pn|tranghientai|limitstart|begin|from|pageid_?no|delta|resetcur)$",
    re.IGNORECASE,
)
_PAGE_SUFFIX: Final = re.compile(r"[-/_]?(?:trang|page|p)?[-/_]?\d{1,5}$", re.IGNORECASE)
_PAGE_PATH: Final = re.compile(
    r"(?:/(?:page|trang|p|paged|pages|pg|currentpage|pageindex)[/-]?\d{1,4}|[-/](?:trang|page|p)-?\d{1,4}(?=\.html?$|\.aspx$|"
    r"/?$)|(?<=\d)[-_.]?p(?:age)?\d{1,4}(?=\.\w{3,5}$)|/\d{1,4}(?=/?$))/?",
    re.IGNORECASE,
)
_NAMED_PAGE: Final = re.compile(
    r"/(?:page|trang|paged|currentpage|pageindex)[/-]?(\d{1,4})(?=[/.]|$)", re.IGNORECASE
)
_VALUE: Final = r"(?:'([^'\n]{0,300})'|\"([^\"\n]{0,300})\"|(-?\d+|true|false))"
_DAYS_OF_A_CALENDAR: Final = 20


def names_page(text: str) -> bool:
    """Whether a link's folded text is that of a pager: a number, `trang sau`, `cuối`, `«`."""
    return len(text) <= _MAX_LABEL and bool(
        _NUMBER.fullmatch(text) or _NEXT.fullmatch(text) or _PREVIOUS_PAGE.fullmatch(text)
    )


@lru_cache(maxsize=4096)
def section_address(url: str) -> str:
    """The address of a listing's first page: page numbers in path or query taken out."""
    parts = urlsplit(url)
    path = _PAGE_PATH.sub("", parts.path)
    if (
        path != parts.path
        and parts.path.lower().endswith((".html", ".htm", ".aspx"))
        and not path.endswith((".html", ".htm", ".aspx"))
    ):
        path += parts.path[parts.path.rindex(".") :]
    query = "&".join(
        pair for pair in parts.query.split("&") if pair and not _PAGE_KEY.search(pair.partition("=")[0])
    )
    return urlunsplit((parts.scheme, parts.netloc, path or "/", query, ""))


def next_pages(tree: Tree) -> tuple[Request, ...]:
    """Requests for the pages that a pager of this page shows, numbered ones and "next"."""
    numbered: dict[str, tuple[int, Element]] = {}
    following: dict[str, None] = {}
    own = twin(tree.address)
    base = twin(section_address(tree.address))
    for anchor in cast("list[Element]", _ANCHORS(tree.root)):
        if anchor.tag == "link":
            if url := tree.link(anchor.get("href")):
                following[url] = None
            continue
        text = clean("".join(cast("Iterator[str]", anchor.itertext()))) or clean(
            anchor.get("title") or anchor.get("aria-label") or ""
        )
        if len(text) > _MAX_LABEL:
            continue
        number = _NUMBER.fullmatch(text)
        plain = fold(text)
        is_next = not number and bool(_NEXT.fullmatch(plain)) and not _PREVIOUS.search(plain)
        says_next = is_next or "next" in (anchor.get("rel") or "")
        href = anchor.get("href") if anchor.tag == "a" else _address_in(anchor)
        target = tree.target(href)
        if target is None or not target.own or target.twin == own or target.trap:
            continue
        url = target.url
        if not number and not says_next and not _numbers_this_list(url, base, tree.address):
            continue
        is_named = number is not None and _spells(url, number[1]) and in_pager(anchor)
        if not is_named and not _same_list(url, base, tree.address):
            continue
        if number:
            numbered[url] = (int(number[1]), anchor)
        elif in_pager(anchor) or _is_page(url, tree.address):
            following[url] = None
    if len(numbered) >= _DAYS_OF_A_CALENDAR and _is_calendar([anchor for _, anchor in numbered.values()]):
        numbered = {}
    pages = {
        url: None
        for url, (number_, anchor) in numbered.items()
        if in_pager(anchor) or _is_page(url, tree.address)
    }
    return tuple(Request(url=url) for url in (*pages, *(url for url in following if url not in pages)))[
        :MAX_PAGES
    ]


def _address_in(option: Element) -> str | None:
    """The address that an option of a selection carries, as pagers that are selections do."""
    value = (option.get("value") or "").strip()
    return value if value[:1] in ("/", "?", ".") or "://" in value[:8] else None


def _numbers_this_list(url: str, base: str, own: str) -> bool:
    """Whether an address is this very list's but for a page number, whatever its link says ("Xem thêm", a picture)."""
    return twin(section_address(url)) == base and twin(url) != base and _is_page(url, own)


def _same_list(url: str, base: str, own: str) -> bool:
    """Whether an address is a page of the same list: the same address once page numbers are taken out."""
    if twin(section_address(url)) == base:
        return True
    one, other = urlsplit(url), urlsplit(own)
    if one.path == other.path:
        return True
    mine = re.sub(r"\.(?:html?|aspx|php)$", "", urlsplit(section_address(own)).path).rstrip("/")
    theirs = re.sub(r"\.(?:html?|aspx|php)$", "", one.path).rstrip("/")
    stripped = _PAGE_SUFFIX.sub("", theirs)
    if stripped == theirs and _PAGE_SUFFIX.sub("", mine) == theirs:
        return True
    return bool(mine) and stripped in (mine, re.sub(r"[-/_]\d{1,5}$", "", mine))


def _spells(url: str, number: str) -> bool:
    """Whether an address names a page by word and number, as pagers do whose list answers under a shorter address."""
    parts = urlsplit(url)
    named = [found[1] for found in _NAMED_PAGE.finditer(parts.path)]
    named += [value for key, value in parse_qsl(parts.query) if _PAGE_KEY.search(key)]
    return number in named


def _is_page(url: str, own: str) -> bool:
    """Whether an address carries a page number that this page's own does not."""
    parts = urlsplit(url)
    if _PAGE_PATH.search(parts.path) and parts.path != urlsplit(own).path:
        return True
    mine = dict(parse_qsl(urlsplit(own).query))
    return any(
        _PAGE_KEY.search(key) and value.isdigit() and mine.get(key) != value
        for key, value in parse_qsl(parts.query)
    )


def page_number(text: str) -> int | None:
    """The page that a link's text names: `2`, `[2]`, `trang 2`."""
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def is_next_label(text: str) -> bool:
    """Whether a link's text says that the next page follows."""
    plain = fold(text)
    return len(text) <= _MAX_LABEL and bool(_NEXT.fullmatch(plain)) and not _PREVIOUS.search(plain)


def in_pager(anchor: Element) -> bool:
    """Whether a class name around a link, or numbers beside it, speak of paging."""
    for depth, element in enumerate((anchor, *anchor.iterancestors())):
        if depth > 5:
            break
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if any("pag" in name or "trang" in name.split("-") for name in class_names.names(names)):
            return True
    box = anchor.getparent()
    for _ in range(2):
        if box is None:
            return False
        texts = [
            clean("".join(cast("Iterator[str]", other.itertext())))
            for other in box.iter("a", "span", "b", "strong", "li")
        ]
        if sum(1 for text in texts if text.isdigit()) >= 2:
            return True
        box = box.getparent()
    return False


def _is_calendar(anchors: list[Element]) -> bool:
    return (
        sum(1 for anchor in anchors if any(one.tag == "td" for one in anchor.iterancestors()))
        > len(anchors) / 2
    )


def form_pages(tree: Tree, layout: Layout | None, capture: Capture) -> tuple[Request, ...]:
    """Requests for the pages of a listing whose pager posts a form."""
    pager = layout.form_pager if layout else None
    if pager is None:
        return ()
    target = tree.scope.resolve(tree.address, pager.path)
    if target is None:
        return ()
    if capture.request.method == "POST":
        return _pages_after(tree, pager, target, capture)
    scripted = {field: _from_script(tree.scripts, name) for field, name in pager.from_script}
    values = {field: value for field, value in scripted.items() if value is not None}
    if not values:
        return ()
    found = re.search(pager.pages, tree.scripts)
    last = max(int(found[1]) if found else 0, _highest_page(tree))
    fields = {**dict(pager.constants), **values}
    return tuple(
        posted(target, {**fields, pager.page_field: str(number)}, tree.address)
        for number in range(2, min(last, MAX_PAGES) + 1)
    )


def _pages_after(tree: Tree, pager: FormPager, target: str, capture: Capture) -> tuple[Request, ...]:
    """The pages that a fragment's own pager shows beyond the one that was asked for."""
    fields = dict(parse_qsl(capture.request.body.decode("utf-8", "replace"), keep_blank_values=True))
    asked = fields.get(pager.page_field, "")
    if not asked.isdigit():
        return ()
    last = min(_highest_page(tree), MAX_PAGES)
    referer = next(
        (value for key, value in capture.request.headers if key.lower() == "referer"), tree.address
    )
    return tuple(
        posted(target, {**fields, pager.page_field: str(number)}, referer)
        for number in range(int(asked) + 1, last + 1)
    )


def _highest_page(tree: Tree) -> int:
    pages = [
        int(value)
        for element in tree.root.iter("li", "a")
        if (value := element.get("data-page") or "").isdigit() and len(value) < 6
    ]
    return max(pages, default=0)


def _from_script(scripts: str, name: str) -> str | None:
    """The value that an inline script gives a variable or an object key."""
    found = re.search(
        rf"(?<![\w$])['\"]?{re.escape(name)}['\"]?\s*[:=](?!=)\s*(?:parseInt\(\s*)?{_VALUE}", scripts
    )
    return next((group for group in found.groups() if group is not None), None) if found else None


def posted(target: str, fields: dict[str, str], referer: str) -> Request:
    """The request that posts a form from the listing at `referer`."""
    return Request(
        url=target,
        method="POST",
        headers=(
            ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),
            ("X-Requested-With", "XMLHttpRequest"),
            ("Referer", referer),
        ),
        body=urlencode(fields).encode(),
    )


def first_page_of(capture: Capture) -> str:
    """The address of the listing that a form pager's answer belongs to (its Referer), else the capture's own."""
    referer = next((value for key, value in capture.request.headers if key.lower() == "referer"), None)
    return urljoin(capture.url, referer) if referer and capture.request.method == "POST" else capture.url
