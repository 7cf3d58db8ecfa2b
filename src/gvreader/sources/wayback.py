"""The Wayback Machine and servers that speak as it does: a CDX index and raw replay of mementos (RFC 7089)."""

from __future__ import annotations

import hashlib
import re
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from urllib.parse import quote, urlencode, urljoin

from gvreader import urls
from gvreader.http import codings
from gvreader.model import (
    Capture,
    Headers,
    Problem,
    Request,
    Sighting,
)
from gvreader.sources.cdx import WAYBACK_FIELDS, CdxLine, moment_of, wayback_page
from gvreader.sources.service import Asks, Lane, Service
from gvreader.warc import parse_mail_date

HOME: Final = "https://web.archive.org"
_ROWS: Final = 3000
_MOST_SPELLINGS: Final = 4
_MAX_BODY: Final = 64 << 20
_CDX: Final = "/cdx/search/cdx"
_ORIGINAL: Final = "x-archive-orig-"
_REPLAY: Final = re.compile(r".*?/web/(\d{4,14})(?:[a-z]{2}_)?/(.+)", re.DOTALL)
_GZIP: Final = b"\x1f\x8b"
# What replay adds in front of the page, or says of itself.
_UNPREFIXED: Final = ("content-type", "location")
_NEVER_TWICE: Final = frozenset({"content-encoding", "content-length"})
_ESCAPED: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_EMPTY: Final = CdxLine()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What became of a sighting: its capture, another one that the archive has instead, or neither.

    `busy`: leave the archive alone for so many seconds, then ask again. `for_good`: the problem will stay.
    """

    capture: Capture | None = None
    moved: Sighting | None = None
    problem: Problem | None = None
    busy: float | None = None
    for_good: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CdxPage:
    """One page of the index, or why there is none."""

    listed: CdxLine = _EMPTY
    problem: Problem | None = None
    busy: float | None = None


class Wayback:
    """One portal's captures in the Wayback Machine.

    Limits: at most 24 index requests a minute and 8 mementos a second; see `Service` for "too many requests".
    """

    name: Final = "wayback"
    finds_nearest: Final = True

    def __init__(
        self,
        client: Asks,
        scope: urls.Scope,
        *,
        home: str = HOME,
        first: date | None = None,
        last: date | None = None,
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._service = Service(client, monotonic=monotonic, sleep=sleep)
        self._scope = scope
        self._home = _base(home)
        self._first = first
        self._last = last
        self._index = Lane(most=24, span=60.0)
        self._replay = Lane(most=8, span=1.0, gap=0.125)

    # ── the index ───────────────────────────────────────────────────────────────────────────────

    def collections(self) -> tuple[tuple[str, ...], CdxPage]:
        """The indexes to read: only one here."""
        return ("",), CdxPage()

    def page(self, collection: str, resume: str | None) -> CdxPage:
        """A page of the index of everything under the portal's host, from the beginning or a resume key on."""
        reply = self._service.ask(self._query(resume), self._index)
        if reply.capture is None:
            return CdxPage(problem=reply.problem, busy=reply.busy)
        capture = reply.capture
        listed = wayback_page(_decoded(capture.body, capture.header("content-encoding")))
        if capture.status == 404 and listed is None:
            return CdxPage()
        if capture.status != 200 or listed is None:
            detail = f"the index answers {capture.status}: {_said(capture.body)}"
            return CdxPage(problem=Problem(url=self._home + _CDX, kind="http-status", detail=detail))
        return CdxPage(listed=listed)

    def _query(self, resume: str | None) -> str:
        site = (urls.origin(self._scope.origin) or self._scope.origin).partition("://")[2]
        fields = {
            "url": site.removeprefix("www."),
            "matchType": "host",
            "output": "json",
            "fl": ",".join(WAYBACK_FIELDS),
            "limit": str(_ROWS),
            "showResumeKey": "true",
        }
        if self._first is not None:
            fields["from"] = f"{self._first:%Y%m%d}"
        if self._last is not None:
            fields["to"] = f"{self._last:%Y%m%d}"
        query = urlencode(fields)
        if resume is not None:
            # The key comes percent-encoded, ready for the next address; other servers give it bare.
            query += f"&resumeKey={quote(resume, safe='%+' if _ESCAPED.search(resume) else '')}"
        return f"{self._home}{_CDX}?{query}"

    # ── mementos ────────────────────────────────────────────────────────────────────────────────

    def fetch(self, sighting: Sighting) -> Fetched:
        """The capture of a sighting, with the headers that the portal sent, under the portal's own address."""
        for _ in range(_MOST_SPELLINGS):
            address = f"{self._home}/web/{sighting.stamp}id_/{sighting.url.replace('#', '%23')}"
            reply = self._service.ask(address, self._replay)
            if reply.capture is None:
                return Fetched(problem=reply.problem, busy=reply.busy)
            answer = reply.capture
            when = _memento_time(answer)
            if when is not None:
                return self._memento(sighting, answer, address, when)
            other = _other_capture(answer, address) if 300 <= answer.status < 400 else None
            if other is None:
                return _not_given(sighting, answer)
            stamp, url = other
            if stamp != sighting.stamp or urls.twin(url) != urls.twin(sighting.url):
                return _moved(sighting, stamp, url)
            if url == sighting.url:
                break
            # The same capture under another spelling of its address.
            sighting = replace(sighting, url=url)
        return _in_a_circle(sighting)

    def _memento(self, sighting: Sighting, answer: Capture, address: str, when: datetime) -> Fetched:
        logical = self._scope.logical(sighting.url) or sighting.url
        headers, body = _restored(answer, sighting.digest)
        capture = Capture(
            url=logical,
            captured=when,
            status=answer.status,
            reason=answer.reason,
            headers=headers,
            body=body,
            request=Request(url=logical),
            source="wayback",
            source_uri=address,
            trust=answer.trust,
        )
        return Fetched(capture=capture)


def _moved(sighting: Sighting, stamp: str, url: str) -> Fetched:
    """The archive sends us to another of its captures."""
    when = moment_of(stamp)
    if when is None or urls.canonical(url) is None:
        return _in_a_circle(sighting)
    other = replace(sighting, url=url, stamp=stamp, captured=when, status=None, digest="", length=None)
    return Fetched(moved=other)


def _in_a_circle(sighting: Sighting) -> Fetched:
    problem = Problem(url=sighting.url, kind="redirect-loop", detail="the archive leads to no capture")
    return Fetched(problem=problem, for_good=True)


def _not_given(sighting: Sighting, answer: Capture) -> Fetched:
    """An answer that is no capture: the archive does not give it, or says something else for now."""
    for_good = answer.status in (403, 404, 410, 451)
    detail = (
        f"the archive answers {answer.status} for this capture"
        if for_good
        else f"the archive's answer ({answer.status}) is no capture: it has no Memento-Datetime"
    )
    return Fetched(problem=Problem(url=sighting.url, kind="http-status", detail=detail), for_good=for_good)


def _base(home: str) -> str:
    """Where the protocol's paths begin, whichever of its addresses was given."""
    spelled = home.rstrip("/")
    for end in (_CDX, "/cdx", "/web"):
        spelled = spelled.removesuffix(end)
    return spelled


def _said(body: bytes) -> str:
    """The beginning of an error message, without markup, on one line."""
    text = re.sub(r"<[^>]*>|\s+", " ", body[:2000].decode("utf-8", "replace"))
    return " ".join(text.split())[:120]


def _memento_time(answer: Capture) -> datetime | None:
    return parse_mail_date(answer.header("memento-datetime"))


def _other_capture(answer: Capture, address: str) -> tuple[str, str] | None:
    """Stamp and address of the capture that a redirect of the archive leads to."""
    try:
        match = _REPLAY.fullmatch(urljoin(address, answer.header("location") or ""))
    except ValueError:
        return None
    return (match[1], match[2]) if match else None


def _restored(answer: Capture, digest: str) -> tuple[Headers, bytes]:
    """The portal's own headers, and its body with the content coding that they speak of.

    What the archive coded for the way to us is undone. A body that the archive has unpacked already comes
    without its Content-Encoding and Content-Length, which are kept under their prefixed names.
    """
    originals = [
        (name[len(_ORIGINAL) :], value)
        for name, value in answer.headers
        if name.lower().startswith(_ORIGINAL)
    ]
    given = {name.lower() for name, _ in originals}
    for name in _UNPREFIXED:
        value = answer.header(name)
        if value is not None and name not in given:
            match = _REPLAY.fullmatch(value) if name == "location" else None
            originals.append((name.title(), match[2] if match else value))
    coded = next((value for name, value in originals if name.lower() == "content-encoding"), None)
    body, is_coded = _original_body(answer, coded, digest)
    if coded is not None and not is_coded:
        originals = [
            (f"X-Archive-Orig-{name}" if name.lower() in _NEVER_TWICE else name, value)
            for name, value in originals
        ]
    return tuple(originals), body


def _original_body(answer: Capture, coded: str | None, digest: str) -> tuple[bytes, bool]:
    """The body as the portal sent it, and whether it still has the coding that the portal's headers name.

    The digest of the index decides between the forms it may have come in; without one, its first bytes do.
    """
    plain = _decoded(answer.body, answer.header("content-encoding"))
    if digest:
        for candidate in (answer.body, plain):
            if b32encode(hashlib.sha1(candidate, usedforsecurity=False).digest()).decode() == digest:
                return candidate, _is_coded(candidate, coded)
    if coded is not None and _is_coded(plain, coded):
        return plain, True
    if coded is not None and answer.header("content-encoding") is not None:
        return answer.body, _is_coded(answer.body, coded)
    return plain, False


def _is_coded(body: bytes, coding: str | None) -> bool:
    """Whether a body does have a coding: gzip shows itself, others are tried."""
    if coding is None:
        return False
    if "gzip" in coding.lower():
        return body.startswith(_GZIP)
    try:
        codings.decode(body, coding, limit=_MAX_BODY)
    except (codings.TooLarge, codings.BadCoding):
        return False
    return True


def _decoded(body: bytes, coding: str | None) -> bytes:
    """A body without the coding of its way to us; as it is where that does not come off."""
    try:
        return codings.decode(body, coding, limit=_MAX_BODY)
    except (codings.TooLarge, codings.BadCoding):
        return body
