"""A look-alike of public web archives: Wayback's CDX index and raw replay, Common Crawl's indexes and files.

`python -m tests.portal.webarchive` serves one that kept a replica of the portal over some months; its address
is the first line on stdout, for `gvreader backfill wayback --service URL`.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import re
import sys
from base64 import b32encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qs, quote_plus, unquote_plus, urlsplit

from gvreader.urls import canonical
from tests.packing import gzipped
from tests.portal.server import Replica

Header = tuple[str, str]
_FIELDS: Final = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_REPLAY: Final = re.compile(r"/web/(\d+)id_/(.+)", re.DOTALL)
_INDEX: Final = re.compile(r"/(CC-MAIN-\d{4}-\d\d)-index")
_RANGE: Final = re.compile(r"bytes=(\d+)-(\d+)")
# After the last article that a replica has, so that no capture is older than what it shows.
BEGINS: Final = datetime(2025, 7, 1, tzinfo=UTC)
_BETWEEN: Final = 40
# Each crawl has what was captured from that month on, up to the next crawl.
_CRAWLS: Final = (("CC-MAIN-2025-38", "202509"), ("CC-MAIN-2025-33", "202508"), ("CC-MAIN-2025-26", ""))
CDX: Final = "/cdx/search/cdx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Memento:
    """One capture of the archive. `is_revisit`: the index calls it a repetition and says no status.

    `moved_to`: the index lists it, but replay leads to the capture with that stamp.
    """

    url: str
    stamp: str
    body: bytes = b""
    status: int = 200
    media_type: str = "text/html"
    headers: tuple[Header, ...] = (("Content-Type", "text/html; charset=utf-8"), ("Server", "Apache"))
    is_revisit: bool = False
    moved_to: str | None = None
    is_lost: bool = False

    @property
    def digest(self) -> str:
        return b32encode(hashlib.sha1(self.body, usedforsecurity=False).digest()).decode()

    @property
    def key(self) -> str:
        """The address as indexes sort it: host reversed, no scheme, `www.` or port 80."""
        parts = urlsplit(canonical(self.url) or self.url)
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
        query = f"?{parts.query}" if parts.query else ""
        return f"{','.join(reversed(host.split('.')))}{port}){parts.path.lower()}{query.lower()}"

    @property
    def row(self) -> list[str]:
        """The index's line, in the order of `_FIELDS`."""
        if self.is_revisit:
            return [self.key, self.stamp, self.url, "warc/revisit", "-", self.digest, "-"]
        length = str(len(self.body) + 400)
        return [self.key, self.stamp, self.url, self.media_type, str(self.status), self.digest, length]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it came in, and the status it was answered with."""

    at: datetime
    path: str
    headers: dict[str, str]
    status: int


@dataclass(slots=True)
class _Answer:
    status: int = 200
    headers: list[Header] = field(default_factory=list)
    body: bytes = b""


class WebArchive:
    """Serves `mementos` on 127.0.0.1 from `with` to its end.

    `rows_a_page` is the most that the index gives at once. `dirty_rows` are put into its answers as they are.
    `refuse_next` requests are answered by 429. `error_text` replaces the index by a message. `recodes`: bodies
    are compressed on their way, as a front server would. `requests` is the log.
    """

    def __init__(
        self,
        mementos: Iterable[Memento] = (),
        *,
        rows_a_page: int = 1000,
        port: int = 0,
        keep_log: bool = True,
    ) -> None:
        self.mementos = list(mementos)
        self.rows_a_page = rows_a_page
        self.dirty_rows: list[list[str]] = []
        self.refuse_next = 0
        self.error_text = ""
        self.recodes = False
        self.requests: list[Asked] = []
        self._keep_log = keep_log
        self._lock = Lock()
        self._files: dict[tuple[object, ...], tuple[str, list[tuple[Memento, int, bytes]]]] = {}
        self._server = _Server(("127.0.0.1", port), self)
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT/`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __enter__(self) -> Self:
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._server.shutdown()
        if self._thread is not None:
            self._thread.join()
        self._server.server_close()

    def serve_forever(self) -> None:
        """Serve in the calling thread until interrupted."""
        try:
            self._server.serve_forever()
        finally:
            self._server.server_close()

    def asked(self, part: str) -> list[Asked]:
        """The requests whose path contains `part`."""
        return [request for request in self.requests if part in request.path]

    # ── answering, in the server's threads ──────────────────────────────────────────────────────

    def answer(self, target: str, headers: dict[str, str]) -> _Answer:
        """The answer to a request; every request is logged."""
        with self._lock:
            refused = self.refuse_next > 0
            self.refuse_next -= refused
        answer = _refusal() if refused else self._honest(target, headers)
        if self._keep_log:
            self.requests.append(
                Asked(at=datetime.now(UTC), path=target, headers=headers, status=answer.status)
            )
        return answer

    def _honest(self, target: str, headers: dict[str, str]) -> _Answer:
        path, _mark, query = target.partition("?")
        fields = {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
        if path == CDX:
            return self._index(fields)
        if match := _REPLAY.fullmatch(target):
            return self._memento(match[1], match[2], headers)
        if path == "/collinfo.json":
            return self._crawl_list()
        if match := _INDEX.fullmatch(path):
            return self._crawl_index(match[1], fields)
        if path.startswith("/crawl-data/"):
            return self._crawl_file(path, headers.get("range", ""))
        return _page(404, "Not Found")

    # ── Wayback ─────────────────────────────────────────────────────────────────────────────────

    def _found(self, fields: dict[str, str]) -> list[Memento]:
        """What a query asks for, in the order of the index."""
        asked = fields.get("url", "")
        wanted = Memento(url=asked if "://" in asked else f"http://{asked}", stamp="").key
        first, last = fields.get("from", "")[:14], fields.get("to", "9")[:14].ljust(14, "9")

        def matches(memento: Memento) -> bool:
            kind = fields.get("matchType", "exact")
            if kind in ("host", "domain"):
                is_there = memento.key.partition(")")[0] == wanted.partition(")")[0]
            else:
                is_there = memento.key.startswith(wanted) if kind == "prefix" else memento.key == wanted
            return is_there and first <= memento.stamp <= last

        return sorted(filter(matches, self.mementos), key=lambda memento: (memento.key, memento.stamp))

    def _index(self, fields: dict[str, str]) -> _Answer:
        if self.error_text:
            return _page(200, self.error_text)
        rows = [memento.row for memento in self._found(fields)]
        resume = fields.get("resumeKey", "")
        if resume:
            key, _space, stamp = unquote_plus(resume).rstrip("!").rpartition(" ")
            rows = [row for row in rows if (row[0], row[1]) > (key, stamp)]
        else:
            rows = [*self.dirty_rows, *rows]
        size = min(int(fields.get("limit", "150000")), self.rows_a_page)
        rows, rest = rows[:size], rows[size:]
        names = [name for name in fields.get("fl", ",".join(_FIELDS)).split(",") if name in _FIELDS]
        places = [_FIELDS.index(name) for name in names]
        shown = [[row[place] for place in places] if len(row) == len(_FIELDS) else row for row in rows]
        body: list[list[str]] = [names, *shown] if shown else []
        if rest and fields.get("showResumeKey") == "true":
            body += [[], [quote_plus(f"{rows[-1][0]} {rows[-1][1]}!")]]
        return _json(body)

    def _memento(self, stamp: str, url: str, headers: dict[str, str]) -> _Answer:
        key = Memento(url=url, stamp=stamp).key
        kept = [memento for memento in self.mementos if memento.key == key and not memento.is_lost]
        exact = next((memento for memento in kept if memento.stamp == stamp), None)
        if exact is not None and exact.moved_to is None:
            return self._replayed(exact, headers)
        wanted = exact.moved_to if exact is not None and exact.moved_to else stamp
        others = [memento for memento in kept if memento.moved_to is None]
        if not others:
            return _page(404, "The Wayback Machine has not archived that URL.")
        near = min(others, key=lambda memento: abs(int(memento.stamp) - int(wanted)))
        return _Answer(
            status=302,
            headers=[
                ("Location", f"/web/{near.stamp}id_/{near.url}"),
                ("X-Archive-Redirect-Reason", f"found capture at {near.stamp}"),
            ],
        )

    def _replayed(self, memento: Memento, headers: dict[str, str]) -> _Answer:
        """The capture as it was, the portal's headers under the archive's prefix."""
        shown: list[Header] = [("Memento-Datetime", _http_date(memento.stamp)), ("Server", "nginx")]
        for name, value in memento.headers:
            lower = name.lower()
            if lower == "content-type":
                shown.append((name, value))
            elif lower == "location":
                shown.append((name, f"{self.url}web/{memento.stamp}id_/{value}"))
            else:
                shown.append((f"x-archive-orig-{lower}", value))
            if lower == "content-encoding":
                shown.append((name, value))
        body = memento.body
        is_coded = any(name.lower() == "content-encoding" for name, _ in memento.headers)
        if self.recodes and not is_coded and "gzip" in headers.get("accept-encoding", ""):
            body = gzipped(body)
            shown.append(("Content-Encoding", "gzip"))
        shown.append(("x-archive-src", f"EXAMPLE-{memento.stamp[:8]}.warc.gz"))
        return _Answer(status=memento.status, headers=shown, body=body)

    # ── Common Crawl ────────────────────────────────────────────────────────────────────────────

    def _of_crawl(self, name: str) -> list[Memento]:
        """What a crawl has; repetitions are not among it."""
        end = "9"
        for crawl, begin in _CRAWLS:
            if crawl == name:
                return [
                    memento
                    for memento in self.mementos
                    if not memento.is_revisit and begin <= memento.stamp < end
                ]
            end = begin
        return []

    def _file(self, name: str) -> tuple[str, list[tuple[Memento, int, bytes]]]:
        """A crawl's WARC file: its path, and each record's offset and gzip member."""
        state = (name, *map(id, self.mementos))
        if state in self._files:
            return self._files[state]
        path = f"crawl-data/{name}/segments/1/warc/{name}-00000.warc.gz"
        members, offset = [], 0
        for memento in sorted(self._of_crawl(name), key=lambda one: (one.key, one.stamp)):
            member = gzipped(_record(memento))
            members.append((memento, offset, member))
            offset += len(member)
        self._files[state] = path, members
        return path, members

    def _crawl_list(self) -> _Answer:
        return _json(
            [
                {"id": name, "name": f"{name[8:12]} Index", "cdx-api": f"{self.url}{name}-index"}
                for name, _begin in _CRAWLS
            ]
        )

    def _crawl_index(self, name: str, fields: dict[str, str]) -> _Answer:
        found = set(map(id, self._found(fields)))
        path, members = self._file(name)
        lines = [
            json.dumps(
                {
                    "urlkey": memento.key,
                    "timestamp": memento.stamp,
                    "url": memento.url,
                    "mime": memento.media_type,
                    "status": str(memento.status),
                    "digest": memento.digest,
                    "length": str(len(member)),
                    "offset": str(offset),
                    "filename": path,
                }
            )
            for memento, offset, member in members
            if id(memento) in found
        ]
        if not lines:
            return _json({"message": f"No Captures found for: {fields.get('url')}"}, status=404)
        pages = -(-len(lines) // self.rows_a_page)
        if fields.get("showNumPages") == "true":
            return _json({"pages": pages, "pageSize": 5, "blocks": pages})
        number = int(fields.get("page", "0"))
        if number >= pages:
            return _json({"message": f"Page {number} invalid"}, status=400)
        chosen = lines[number * self.rows_a_page :][: self.rows_a_page]
        return _Answer(headers=[("Content-Type", "text/x-ndjson")], body="\n".join(chosen).encode())

    def _crawl_file(self, path: str, wanted: str) -> _Answer:
        for name, _begin in _CRAWLS:
            own, members = self._file(name)
            if path == f"/{own}":
                content = b"".join(member for _memento, _offset, member in members)
                if match := _RANGE.fullmatch(wanted):
                    first, last = int(match[1]), int(match[2])
                    return _Answer(
                        status=206,
                        headers=[("Content-Range", f"bytes {first}-{last}/{len(content)}")],
                        body=content[first : last + 1],
                    )
                return _Answer(body=content)
        return _page(404, "NoSuchKey")


def _http_date(stamp: str) -> str:
    return format_datetime(datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC), usegmt=True)


def _record(memento: Memento) -> bytes:
    """A response record as the crawler writes it: the body unpacked, its coding only remembered."""
    reason = HTTPStatus(memento.status).phrase
    lines = "".join(f"{name}: {value}\r\n" for name, value in memento.headers)
    block = f"HTTP/1.1 {memento.status} {reason}\r\n{lines}\r\n".encode() + memento.body
    when = datetime.strptime(memento.stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\n"
        f"WARC-Date: {when:%Y-%m-%dT%H:%M:%SZ}\r\nWARC-Target-URI: {memento.url}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{int(memento.stamp[-12:]):012d}>\r\n"
        f"WARC-Payload-Digest: sha1:{memento.digest}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def _json(value: object, status: int = 200) -> _Answer:
    return _Answer(
        status=status, headers=[("Content-Type", "application/json")], body=json.dumps(value).encode()
    )


def _page(status: int, text: str) -> _Answer:
    return _Answer(
        status=status,
        headers=[("Content-Type", "text/html")],
        body=f"<html><body><h1>{text}</h1></body></html>".encode(),
    )


def _refusal() -> _Answer:
    return _page(429, "Too Many Requests: we have limited the number of connections")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], archive: WebArchive) -> None:
        self.archive = archive
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.archive.answer(self.path, headers)
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(answer.body)

    def log_message(self, *args: object) -> None:
        """Nothing is printed; who wants to know reads `WebArchive.requests`."""


def snapshot(replica: Replica, url: str, when: datetime) -> Memento:
    """What an archive would have kept of a page of the replica at its portal's own address."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    answer = replica.answer(replica.ask("GET", target, {"host": parts.netloc}, b""))
    media_type = answer.media_type.partition(";")[0]
    return Memento(
        url=url,
        stamp=f"{when:%Y%m%d%H%M%S}",
        body=answer.body,
        status=answer.status,
        media_type=media_type,
        headers=(("Content-Type", answer.media_type), ("Server", "Apache"), *answer.headers),
    )


def history_of(replica: Replica, origin: str, *, begins: datetime = BEGINS, looks: int = 3) -> list[Memento]:
    """Captures of every article, its files and the home page over some months, as twins and with changes between.

    The replica is changed on the way: every third article is edited, every tenth deleted in the end.
    """
    plain = origin.replace("https://", "http://")
    spellings = (f"{plain}:80", origin, plain.replace("://", "://www."))
    mementos = []
    numbers = [piece.number for piece in replica.site.pieces()]
    for look in range(looks):
        when = begins + timedelta(days=_BETWEEN * look)
        base = spellings[look % len(spellings)]
        mementos.append(snapshot(replica, f"{base}/", when))
        for place, number in enumerate(numbers):
            at = when + timedelta(minutes=place + 1)
            if look and place % 3 == 0:
                replica.site.edit(number)
            article = replica.truth_of(number, origin)
            mementos.append(snapshot(replica, base + urlsplit(article.url).path, at))
            files = [one.url for one in article.images] + [one.url for one in article.attachments]
            if look == 0:
                mementos += [snapshot(replica, base + urlsplit(url).path, at) for url in files]
    at = begins + timedelta(days=_BETWEEN * looks)
    for number in numbers[::10]:
        url = replica.truth_of(number, origin).url
        replica.site.delete(number)
        mementos.append(snapshot(replica, url, at))
    return [_as_revisit(memento, mementos[:place]) for place, memento in enumerate(mementos)]


def _as_revisit(memento: Memento, earlier: Sequence[Memento]) -> Memento:
    """Crawlers write what has not changed as a repetition."""
    same = any(one.digest == memento.digest and one.key == memento.key for one in earlier)
    return replace(memento, is_revisit=True) if same else memento


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.portal.webarchive", description="Serve a public web archive's look-alike."
    )
    parser.add_argument("--articles", type=int, default=40, help="how many articles it kept")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    options = parser.parse_args(arguments)
    replica = Replica(articles=options.articles, keep_log=False)
    mementos = history_of(replica, "https://giavien.ninhbinh.gov.vn")
    replica.stop()
    archive = WebArchive(mementos, port=options.port, keep_log=False)
    sys.stdout.write(f"{archive.url}\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        archive.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
