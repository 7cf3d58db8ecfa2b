"""What a saved page says of itself: the address and the time that tools, web archives and the page wrote into it."""

from __future__ import annotations

import html
import re
import string
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from gvreader.frozen import dataclass
from gvreader.sources.cdx import moment_of
from gvreader.urls import canonical, unwrapped
from gvreader.warc import parse_date, parse_mail_date

_HEAD_BYTES: Final = 1 << 18
_TAIL_BYTES: Final = 1 << 13
_SAVED_FROM: Final = re.compile(r"\s*saved from url=\(\d+\)(\S+)")
_SINGLE_FILE: Final = re.compile(
    r"\s*Page saved with SingleFile\s+url:\s*(\S+)\s+saved date:\s*([^\n]{10,80})"
)
_HTTRACK: Final = re.compile(r"\s*Mirrored from (\S+) by HTTrack [^,]{0,80}, (.{20,40} GMT)\s*")
_MONOLITH: Final = re.compile(r"\s*Saved from (\S+) at (\S{10,40}) using monolith")
_SCRIPT_DATE: Final = re.compile(r"\w{3} (\w{3}) (\d\d) (\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d{4})")
_ARCHIVED_ON: Final = re.compile(r"FILE ARCHIVED ON (\d\d:\d\d:\d\d) (\w{3}) (\d\d?), (\d{4})\b")
# The script that the Wayback Machine puts into its copies names the page and the stamp.
_WOMBAT: Final = re.compile(r"""__wm\.wombat\(\s*["']([^"'\s]{8,2000})["']\s*,\s*["'](\d{14})["']""")
_LINK: Final = re.compile(r"""\s(?:href|src)\s?=\s?["']?((?:https?://|/)[^"'\s<>]{1,2000})""", re.I)
_FEWEST_LINKS: Final = 3
_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_TAG: Final = re.compile(r"<(base|html|link|meta)\b([^<>]{1,4000})>", re.I)
_ATTRIBUTE: Final = re.compile(r"""([a-zA-Z:-]{1,40})\s?=\s?(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """An address and a time, as far as they are stated. `is_archived`: both are those of a copy in a web archive."""

    url: str | None = None
    when: datetime | None = None
    is_archived: bool = False


NOTHING: Final = Statement()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStatements:
    """All that a page says of itself. `noted`: what a tool wrote; `canonical`, `og_url`, `base`: its own links.

    `when` is the time that a web archive wrote into its copy, exact to the second.
    """

    noted: Statement = NOTHING
    canonical: Statement = NOTHING
    og_url: Statement = NOTHING
    base: Statement = NOTHING
    when: datetime | None = None

    @property
    def archived(self) -> datetime | None:
        """When a web archive captured the page, wherever that is stated."""
        stated = (self.noted, self.canonical, self.og_url, self.base)
        return self.when or next((one.when for one in stated if one.is_archived and one.when), None)


def stated_address(text: str) -> Statement:
    """What an address says: in a web archive, it names the page there and the time of the copy."""
    memento = unwrapped(text)
    if memento is None:
        return Statement(url=canonical(text))
    return Statement(url=memento.url, when=moment_of(memento.stamp), is_archived=True)


def decoded(body: bytes) -> str:
    """Enough of the text to find addresses in; UTF-16 by its mark, all else as UTF-8."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    return body.decode("utf-8-sig", "replace")


def read(body: bytes) -> PageStatements:
    """The statements of a page. Never raises."""
    head = decoded(body[:_HEAD_BYTES])
    comments, scripts, tags = _parts(head)
    attributes = list(_attributes(tags))
    noted = next((found for note in comments if (found := _noted(note)).url), NOTHING)
    if not noted.url:
        noted = _noted_in_tags(attributes)
    wombat = next((match for script in scripts if (match := _WOMBAT.search(script))), None)
    if wombat and not noted.url:
        noted = Statement(url=canonical(wombat[1]), when=moment_of(wombat[2]), is_archived=True)
    links = _own_links(attributes)
    return PageStatements(
        noted=noted,
        canonical=links.get("canonical", NOTHING),
        og_url=links.get("og:url", NOTHING),
        base=links.get("base", NOTHING),
        when=_archived_on(body) or (moment_of(wombat[2]) if wombat else None) or _stamp_of_links(head),
    )


def _parts(text: str) -> tuple[list[str], list[str], str]:
    """The comments and scripts of a page's beginning, and what is left when they are taken out."""
    comments: list[str] = []
    scripts: list[str] = []
    rest: list[str] = []
    position = 0
    lower = text.translate(_LOWER)
    while (start := lower.find("<", position)) >= 0:
        rest.append(text[position : start + 1])
        position = start + 1
        for opening, closing in (("<!--", "-->"), ("<script", "</script"), ("<body", "")):
            if not lower.startswith(opening, start):
                continue
            end = lower.find(closing, start + len(opening)) if closing else -1
            if opening == "<!--":
                comments.append(text[start + 4 : end if end >= 0 else start + 4])
            elif closing and end >= 0:
                scripts.append(text[start:end])
            if end < 0:
                return comments, scripts, "".join(rest)
            position = end + len(closing)
    return comments, scripts, "".join(rest) + text[position:]


def _noted(comment: str) -> Statement:
    """What a tool noted in a comment."""
    if match := _HTTRACK.match(comment):
        return _dated(f"http://{html.unescape(match[1])}", parse_mail_date(match[2]))
    if match := _SAVED_FROM.match(comment):
        return _dated(html.unescape(match[1]), None)
    if match := _SINGLE_FILE.match(comment):
        return _dated(html.unescape(match[1]), _script_date(match[2]))
    if match := _MONOLITH.match(comment):
        return _dated(html.unescape(match[1]), parse_date(match[2]))
    return NOTHING


def _noted_in_tags(tags: Iterable[tuple[str, dict[str, str]]]) -> Statement:
    """What tools note in attributes: Save Page WE, WebScrapBook."""
    url = when = ""
    for kind, attributes in tags:
        name, content = attributes.get("name", "").lower(), attributes.get("content", "")
        if kind == "meta" and name == "savepage-url":
            url = content
        elif kind == "meta" and name == "savepage-date":
            when = content
        elif kind == "html" and "data-scrapbook-source" in attributes:
            url, when = attributes["data-scrapbook-source"], attributes.get("data-scrapbook-create", "")
    return _dated(url, _script_date(when) or parse_date(when)) if url else NOTHING


def _dated(address: str, when: datetime | None) -> Statement:
    """A noted address with its time; of a copy in a web archive, the time of saving says nothing."""
    stated = stated_address(address)
    return stated if stated.is_archived else Statement(url=stated.url, when=when)


def _script_date(text: str) -> datetime | None:
    """A date as JavaScript prints it."""
    match = _SCRIPT_DATE.match(text)
    if match is None:
        return None
    month, day, year, time, zone = match.groups()
    return parse_mail_date(f"{day} {month} {year} {time} {zone}")


def _attributes(tags: str) -> Iterable[tuple[str, dict[str, str]]]:
    for kind, inside in _TAG.findall(tags):
        yield (
            kind.lower(),
            {
                key.lower(): html.unescape(double or single or bare).strip()
                for key, double, single, bare in _ATTRIBUTE.findall(inside)
            },
        )


def _own_links(tags: Iterable[tuple[str, dict[str, str]]]) -> dict[str, Statement]:
    """What a page's `<base>`, canonical link and `og:url` state; relative addresses state nothing."""
    links: dict[str, Statement] = {}
    for kind, attributes in tags:
        rel = "base" if kind == "base" else attributes.get("rel", attributes.get("property", "")).lower()
        if kind == "html" or rel not in ("base", "canonical", "og:url"):
            continue
        stated = stated_address(attributes.get("href", attributes.get("content", "")))
        if stated.url:
            links.setdefault(rel, stated)
    return links


def _archived_on(body: bytes) -> datetime | None:
    """The time in the comment that the Wayback Machine puts at the end of its copies."""
    match = _ARCHIVED_ON.search(decoded(body[-_TAIL_BYTES:]))
    return parse_mail_date(f"{match[3]} {match[2]} {match[4]} {match[1]} GMT") if match else None


def _stamp_of_links(text: str) -> datetime | None:
    """The stamp that most links of a copy carry, where its maker rewrote them all."""
    found = [unwrapped(html.unescape(link)) for link in _LINK.findall(text)]
    stamps = Counter(memento.stamp for memento in found if memento is not None)
    if not stamps:
        return None
    ((stamp, count),) = stamps.most_common(1)
    return moment_of(stamp) if count >= _FEWEST_LINKS and 2 * count > len(found) else None
