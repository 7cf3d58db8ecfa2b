"""Pages saved as one MIME message (MHTML, RFC 2557), as browsers' "single file" and mail programs write them."""

from __future__ import annotations

import codecs
import email.policy
import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from gvreader.model import Capture, Request
from gvreader.sources.embedded import content_ids, pictures
from gvreader.sources.items import Anomaly, Imported, SourceItem
from gvreader.sources.saved_statements import stated_address
from gvreader.urls import canonical, embedded
from gvreader.warc import parse_mail_date

_HEAD_BYTES: Final = 1 << 14
_HEADER: Final = re.compile(rb"\A\s*[A-Za-z][A-Za-z0-9-]{1,60}:[^\n]*\n")
_MULTIPART: Final = re.compile(rb"^content-type:\s*multipart/related", re.I | re.M)
_CONTENT_TYPE: Final = re.compile(rb"^content-type:[^\n]*(?:\n[ \t][^\n]*)*", re.I | re.M)
_MOST_NESTED: Final = 20
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_KEPT: Final = ("image/", "application/pdf", "application/msword", "application/vnd.")


def begins(body: bytes) -> bool:
    """Whether a file begins as an MHTML message does."""
    head = body[:_HEAD_BYTES].removeprefix(codecs.BOM_UTF8)
    return bool(_HEADER.match(head) and _MULTIPART.search(head))


def captures(
    path: Path, body: bytes, modified: datetime, *, source_uri: str, url: str | None = None
) -> Iterator[SourceItem]:
    """The page of a message and the pictures and documents saved with it.

    Their addresses are the Content-Location of each part (for the page also Snapshot-Content-Location of the
    message, and before all `url`); the time is the message's Date, else `modified`. Of what was saved out of a
    web archive, both are those of the copy there. Frames are left out. A picture without a web address is kept
    at one beside the page, where the page shows it (`cid:`). The content is what the part says once its
    transfer encoding is undone.
    """
    if _is_tangled(body):
        yield Anomaly(kind="damaged", path=path, detail="more parts within parts than a saved page has")
        return
    try:
        message = message_from_bytes(body.removeprefix(codecs.BOM_UTF8), policy=email.policy.compat32)
        parts = [part for part in message.walk() if not part.is_multipart()]
        contents = [part.get_payload(decode=True) for part in parts]
    except (ValueError, LookupError, RecursionError) as error:
        yield Anomaly(kind="damaged", path=path, detail=str(error))
        return
    opened = _Opened(message, path, modified, source_uri, url)
    yield from opened.captures(parts, contents)


def _is_tangled(body: bytes) -> bool:
    """Whether reading a message would take much longer than its size explains: deep nesting, endless parameters."""
    nested = 0
    for match in _CONTENT_TYPE.finditer(body):
        nested += b"multipart/" in match[0].lower()
        if nested > _MOST_NESTED or len(match[0]) > _HEAD_BYTES:
            return True
    return False


class _Opened:
    """A message that was read: its page comes first, and says what its other parts belong to."""

    def __init__(
        self, message: Message, path: Path, modified: datetime, source_uri: str, url: str | None
    ) -> None:
        self._home = stated_address(_one_line(message["Snapshot-Content-Location"]))
        self._said = parse_mail_date(str(message["Date"] or ""))
        self._path = path
        self._modified = modified
        self._source_uri = source_uri
        self._page = url
        self._location = ""
        self._copied: datetime | None = None
        self._shown: set[str] = set()

    def captures(self, parts: list[Message], contents: list[object]) -> Iterator[SourceItem]:
        """The captures of the message's parts."""
        is_read = False
        for part, content in zip(parts, contents, strict=True):
            is_page = part.get_content_type() in _PAGES and not is_read
            if is_page:
                is_read = True
                self._turn_to(part)
                if self._page is None:
                    break
            place = self._page if is_page else self._place(part)
            if place is None or not isinstance(content, bytes) or not content:
                continue
            if is_page or part.get_content_type().startswith(_KEPT):
                yield self._capture(place, _type_of(part, is_page=is_page), content)
            if is_page:
                self._shown = set(content_ids(content, place))
                for picture in pictures(content, place):
                    yield self._capture(picture.url, picture.media_type, picture.content)
        if self._page is None or not is_read:
            yield Anomaly(kind="no-address", path=self._path, detail="nothing says where the page came from")

    def _turn_to(self, part: Message) -> None:
        """Take the address and, of a copy out of a web archive, the time from the page's part."""
        self._location = _one_line(part["Content-Location"])
        own = stated_address(self._location)
        self._page = self._page or self._home.url or own.url
        self._copied = next((one.when for one in (self._home, own) if one.is_archived and one.when), None)

    def _place(self, part: Message) -> str | None:
        """The address of a picture or document: its own, below the page's, or the one of a `cid:`."""
        location = _one_line(part["Content-Location"])
        stated = stated_address(location).url
        if stated or self._page is None:
            return stated
        folder = self._location.rpartition("/")[0]
        if folder and location.startswith(f"{folder}/"):
            return canonical(urljoin(self._page, f".{location[len(folder) :]}"))
        name = _one_line(part["Content-ID"])
        place = embedded(self._page, f"cid:{name}" if name else location)
        return place if place in self._shown else None

    def _capture(self, url: str, media_type: str, content: bytes) -> Imported:
        stated = self._copied or self._said
        capture = Capture(
            url=url,
            captured=stated or self._modified,
            status=200,
            headers=(("Content-Type", media_type),),
            body=content,
            request=Request(url=url),
            source="import",
            source_uri=self._source_uri,
            time_source="stated" if stated else "file",
        )
        return Imported(capture=capture, path=self._path)


def _type_of(part: Message, *, is_page: bool) -> str:
    charset = part.get_content_charset() if is_page else None
    return f"{part.get_content_type()}; charset={charset}" if charset else part.get_content_type()


def _one_line(value: object) -> str:
    """A header that may be folded over several lines."""
    return "".join(str(value or "").split())
