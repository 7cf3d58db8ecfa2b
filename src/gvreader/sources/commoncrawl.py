"""Common Crawl: one index per crawl, and records read out of its WARC files by their place."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlencode, urljoin, urlsplit

from gvreader import urls
from gvreader.http import codings
from gvreader.model import Capture, Problem, Request, Sighting
from gvreader.sources.cdx import CdxLine, commoncrawl_page
from gvreader.sources.service import Asks, Lane, Service
from gvreader.sources.wayback import CdxPage, Fetched
from gvreader.warc import (
    Record,
    UnusableRecordError,
    capture_of,
    check_digests,
    read_records,
)

INDEX_HOME: Final = "https://index.commoncrawl.org"
DATA_HOME: Final = "https://data.commoncrawl.org"
_MAX_BODY: Final = 64 << 20
_MAX_RECORD: Final = 32 << 20
_MOST_PAGES: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Crawl:
    """One crawl: its index, and the time it took place in, where that is said."""

    api: str
    begins: str = ""
    ends: str = ""


class CommonCrawl:
    """One portal's captures in Common Crawl.

    `index` and `data` ask the two servers; at least 1 s between two requests to the one, 0.55 s to the other.
    """

    name: Final = "commoncrawl"
    finds_nearest: Final = False

    def __init__(
        self,
        index: Asks,
        data: Asks,
        scope: urls.Scope,
        *,
        home: str = INDEX_HOME,
        data_home: str = DATA_HOME,
        first: date | None = None,
        last: date | None = None,
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._index = Service(index, monotonic=monotonic, sleep=sleep)
        self._data = Service(data, monotonic=monotonic, sleep=sleep)
        self._scope = scope
        self._home = home.rstrip("/").removesuffix("/collinfo.json")
        self._data_home = data_home.rstrip("/").removesuffix("/collinfo.json")
        self._first = first
        self._last = last
        self._index_lane = Lane(most=1, span=1.0)
        self._data_lane = Lane(most=1, span=0.55)
        self._crawls: dict[str, _Crawl] = {}
        self._pages: dict[str, int] = {}

    # ── the indexes ─────────────────────────────────────────────────────────────────────────────

    def collections(self) -> tuple[tuple[str, ...], CdxPage]:
        """The crawls whose time overlaps the one asked for, as the archive lists them, newest first."""
        address = f"{self._home}/collinfo.json"
        reply = self._index.ask(address, self._index_lane)
        if reply.capture is None:
            return (), CdxPage(problem=reply.problem, busy=reply.busy)
        try:
            found = json.loads(_plain(reply.capture))
        except (ValueError, RecursionError):
            found = None
        if reply.capture.status != 200 or not isinstance(found, list):
            detail = f"the list of crawls answers {reply.capture.status}"
            return (), CdxPage(problem=Problem(url=address, kind="http-status", detail=detail))
        self._crawls = {name: crawl for entry in found for name, crawl in self._crawl(entry)}
        return tuple(self._crawls), CdxPage()

    def _crawl(self, entry: Any) -> list[tuple[str, _Crawl]]:
        if not isinstance(entry, dict):
            return []
        name, api = entry.get("id"), entry.get("cdx-api")
        served = self._served(api) if isinstance(api, str) else None
        if not isinstance(name, str) or served is None:
            return []
        crawl = _Crawl(served, str(entry.get("from") or ""), str(entry.get("to") or ""))
        if self._last is not None and crawl.begins[:10] > self._last.isoformat():
            return []
        if self._first is not None and crawl.ends and crawl.ends[:10] < self._first.isoformat():
            return []
        return [(name, crawl)]

    def _served(self, api: str) -> str | None:
        """An index's address on the server that we were told to ask; None for what is no address."""
        try:
            joined = urljoin(f"{self._home}/", api)
        except ValueError:
            return None
        if urls.origin(joined) == urls.origin(self._home):
            return joined
        return f"{self._home}/{urlsplit(joined).path.rpartition('/')[2]}"

    def page(self, collection: str, resume: str | None) -> CdxPage:
        """A page of one crawl's index; the resume key is the number of the page."""
        if collection not in self._crawls:
            return CdxPage()
        number = int(resume) if resume is not None and resume.isdecimal() else 0
        counted = self._count(collection)
        if counted is not None:
            return counted
        reply = self._index.ask(self._query(collection, page=str(number)), self._index_lane)
        if reply.capture is None:
            return CdxPage(problem=reply.problem, busy=reply.busy)
        listed = self._listed(reply.capture)
        if isinstance(listed, Problem):
            return CdxPage(problem=listed)
        following = number + 1
        pages = self._pages.get(collection, 1)
        return CdxPage(listed=replace(listed, resume=str(following) if following < pages else None))

    def _count(self, collection: str) -> CdxPage | None:
        """Ask how many pages there are; a page of rows, nothing, or trouble may be the answer already."""
        if collection in self._pages:
            return None
        reply = self._index.ask(self._query(collection, showNumPages="true"), self._index_lane)
        if reply.capture is None:
            return CdxPage(problem=reply.problem, busy=reply.busy)
        body = _plain(reply.capture)
        try:
            pages = json.loads(body)
        except (ValueError, RecursionError):
            pages = None
        number = pages.get("pages") if isinstance(pages, dict) else pages
        if reply.capture.status == 200 and isinstance(number, int):
            self._pages[collection] = min(number, _MOST_PAGES)
            return CdxPage() if number < 1 else None
        listed = self._listed(reply.capture)
        return CdxPage(problem=listed) if isinstance(listed, Problem) else CdxPage(listed=listed)

    def _listed(self, capture: Capture) -> CdxLine | Problem:
        """The rows of an answer; 404 says that there are none."""
        if capture.status in (400, 404):
            return CdxLine()
        if capture.status != 200:
            detail = f"the index answers {capture.status}"
            return Problem(url=capture.url, kind="http-status", detail=detail)
        return commoncrawl_page(_plain(capture))

    def _query(self, collection: str, **more: str) -> str:
        site = (urls.origin(self._scope.origin) or self._scope.origin).partition("://")[2]
        fields = {"url": site.removeprefix("www."), "matchType": "host", "output": "json"}
        if self._first is not None:
            fields["from"] = f"{self._first:%Y%m%d}"
        if self._last is not None:
            fields["to"] = f"{self._last:%Y%m%d}"
        return f"{self._crawls[collection].api}?{urlencode(fields | more)}"

    # ── records ─────────────────────────────────────────────────────────────────────────────────

    def fetch(self, sighting: Sighting) -> Fetched:
        """The record of a sighting, by its place in a file of the archive."""

        def failed(detail: str, *, for_good: bool = True) -> Fetched:
            problem = Problem(url=sighting.url, kind="http-status", detail=detail)
            return Fetched(problem=problem, for_good=for_good)

        if sighting.file is None or sighting.offset is None or not sighting.length:
            return failed("the index does not say where the record lies")
        if sighting.length > _MAX_RECORD:
            problem = Problem(url=sighting.url, kind="too-large", detail=f"{sighting.length} bytes")
            return Fetched(problem=problem, for_good=True)
        address = f"{self._data_home}/{sighting.file.lstrip('/')}"
        last = sighting.offset + sighting.length - 1
        reply = self._data.ask(address, self._data_lane, (("Range", f"bytes={sighting.offset}-{last}"),))
        if reply.capture is None:
            return Fetched(problem=reply.problem, busy=reply.busy)
        answer = reply.capture
        if answer.status == 200:  # a server that sends whole files
            member = answer.body[sighting.offset : last + 1]
        elif answer.status == 206:
            member = answer.body
        else:
            return failed(
                f"the archive answers {answer.status} for this record", for_good=answer.status < 500
            )
        where = f"{address}#{sighting.offset}"
        try:
            return Fetched(capture=self._capture(sighting, member, answer, where))
        except UnusableRecordError as error:
            return failed(f"the record cannot be used: {error}")

    def _capture(self, sighting: Sighting, member: bytes, answer: Capture, where: str) -> Capture:
        """The capture in a member of a WARC file. Raises UnusableRecordError."""
        record = next((item for item in read_records(BytesIO(member)) if isinstance(item, Record)), None)
        if record is None or record.type not in ("response", "revisit"):
            raise UnusableRecordError("bad-http", "no response record lies there")
        found = capture_of(record)
        if check_digests(record.fields.get("WARC-Block-Digest"), record.block) == "mismatch":
            raise UnusableRecordError("bad-http", "the record does not have its digest")
        if urls.twin(found.url) != urls.twin(sighting.url):
            raise UnusableRecordError("bad-http", "another page lies there")
        logical = self._scope.logical(found.url) or found.url
        captured: datetime = found.captured
        return replace(
            found,
            url=logical,
            captured=captured.replace(microsecond=0),
            request=Request(url=logical),
            source="commoncrawl",
            source_uri=where,
            trust=answer.trust,
        )


def _plain(capture: Capture) -> bytes:
    """A body without its content coding; as it is where that does not come off."""
    try:
        return codings.decode(capture.body, capture.header("content-encoding"), limit=_MAX_BODY)
    except (codings.TooLarge, codings.BadCoding):
        return capture.body
