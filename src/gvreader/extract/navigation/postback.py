"""Pagers of ASP.NET Web Forms: links that post the page's own form (`javascript:__doPostBack('target','argument')`).

The form carries the state of the page, so only the page right after this one can be asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, cast

from lxml import etree

from gvreader.extract.navigation.pager import (
    first_page_of,
    in_pager,
    is_next_label,
    page_number,
    posted,
)
from gvreader.extract.navigation.site_names import text_within
from gvreader.extract.page.tree import Element, Tree
from gvreader.model import Capture, Request

MAX_FORM: Final = 512 * 1024
_CALL: Final = re.compile(
    r"__doPostBack\(\s*(['\"])(?P<target>[^'\"]{1,300})\1\s*,\s*(['\"])(?P<argument>[^'\"]{0,300})\3"
)
_ANCHORS: Final = etree.XPath(".//a[contains(@href, '__doPostBack') or contains(@onclick, '__doPostBack')]")
_CONTROLS: Final = etree.XPath(".//input[@name] | .//textarea[@name] | .//select[@name]")
_PLACE: Final = re.compile(r"(?:trang|page)\s*:?\s*(\d{1,4})\s*(?:/|của|trên|of)\s*(\d{1,4})", re.IGNORECASE)
_NOT_SENT: Final = frozenset(("submit", "button", "image", "reset", "file", "password"))
_MORE: Final = ("...", "…")


def postback_pages(tree: Tree, capture: Capture) -> tuple[Request, ...]:
    """The request for the page after this one, where the pager posts the page's form; at most one."""
    links = [
        link for anchor in cast("list[Element]", _ANCHORS(tree.body)) if (link := _read(anchor)) is not None
    ]
    if not links:
        return ()
    current = _current_page(links)
    chosen = _following(links, current)
    if chosen is None or (current is None and capture.request.method == "POST"):
        return ()
    anchor, _, target, argument = chosen
    form = next(anchor.iterancestors("form"), None)
    if form is None or (form.get("method") or "").lower() != "post":
        return ()
    address = tree.target(form.get("action") or tree.address)
    fields = _fields(form) | {"__EVENTTARGET": target, "__EVENTARGUMENT": argument}
    if address is None or not address.own or sum(map(len, fields.values())) > MAX_FORM:
        return ()
    request = posted(address.url, fields, first_page_of(capture))
    return () if _was_asked(capture, request) else (request,)


_Link = tuple[Element, str, str, str]


def _read(anchor: Element) -> _Link | None:
    """An anchor with its text, event target and argument, if it can be one of a pager's."""
    call = _CALL.search(anchor.get("href") or "") or _CALL.search(anchor.get("onclick") or "")
    text = text_within(anchor)
    if call is None or not (page_number(text) or text in _MORE or is_next_label(text)):
        return None
    return (anchor, text, call["target"], call["argument"]) if in_pager(anchor) else None


def _current_page(links: list[_Link]) -> int | None:
    """The number that the pager prints without a link: this page's own."""
    anchors = {anchor for anchor, _, _, _ in links}
    box: Element | None = links[0][0]
    for _ in range(4):
        box = box.getparent() if box is not None else None
        if box is None:
            return None
        if place := _PLACE.search(text_within(box)):
            return int(place[1])
        printed = _plain_texts(box, anchors)
        numbers = [number for text in printed if (number := page_number(text)) is not None]
        if len(numbers) == 1:
            return numbers[0]
    return None


def _plain_texts(box: Element, anchors: set[Element]) -> Iterator[str]:
    """The texts in a box that are no links of its pager."""
    for element in box.iter():
        is_linked = element in anchors or any(one in anchors for one in element.iterancestors())
        for part in ("" if is_linked else element.text, "" if element is box else element.tail):
            if part and (text := part.strip()):
                yield text


def _following(links: list[_Link], current: int | None) -> _Link | None:
    """The link to the page after the current one: its number, else the dots after the numbers, else `next`."""
    numbered = {page_number(link[1]): link for link in links if page_number(link[1]) is not None}
    if current is not None and current + 1 in numbered:
        return numbered[current + 1]
    if current is None and 1 not in numbered and 2 in numbered:
        return numbered[2]
    if (
        current is not None
        and links[-1][1] in _MORE
        and max((one or 0 for one in numbered), default=0) <= current
    ):
        return links[-1]
    named = next((link for link in links if is_next_label(link[1])), None)
    return named if current is not None and not numbered else None


def _fields(form: Element) -> dict[str, str]:
    """What a browser would send of a form whose buttons were not pressed."""
    fields: dict[str, str] = {}
    for control in cast("list[Element]", _CONTROLS(form)):
        name, kind = control.get("name") or "", (control.get("type") or "text").lower()
        if control.tag == "select":
            options = list(control.iter("option"))
            chosen = next(
                (one for one in options if one.get("selected") is not None), options[0] if options else None
            )
            if chosen is not None:
                fields[name] = chosen.get("value") or text_within(chosen)
        elif control.tag == "textarea":
            fields[name] = control.text or ""
        elif kind not in _NOT_SENT and (
            kind not in ("checkbox", "radio") or control.get("checked") is not None
        ):
            fields[name] = control.get("value") or ""
    return fields


def _was_asked(capture: Capture, request: Request) -> bool:
    """Whether this page already is the answer to that event: a portal that ignores it would be asked for ever."""
    if capture.request.method != "POST":
        return False
    return _event(capture.request.body) == _event(request.body)


def _event(body: bytes) -> frozenset[bytes]:
    return frozenset(
        pair for pair in body.split(b"&") if pair.startswith((b"__EVENTTARGET=", b"__EVENTARGUMENT="))
    )
