"""Pages saved as one MIME message (MHTML, RFC 2557), as browsers' "single file" and mail programs write them."""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Final

from gvreader.model import Capture, Request
from gvreader.sources.items import Anomaly, Imported, SourceItem
from gvreader.urls import canonical
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
    head = body[:_HEAD_BYTES]
    return bool(_HEADER.match(head) and _MULTIPART.search(head))


def captures(
    path: Path, body: bytes, modified: datetime, *, source_uri: str, url: str | None = None
) -> Iterator[SourceItem]:
    """The page of a message and the pictures and documents saved with it.

    Their addresses are the Content-Location of each part (for the page also Snapshot-Content-Location of the
    message, and before all `url`); the time is the message's Date, else `modified`. Frames and what has no web
    address (`cid:`) are left out. The content is what the part says once its transfer encoding is undone.
    """
    if _is_tangled(body):
        yield Anomaly(kind="damaged", path=path, detail="more parts within parts than a saved page has")
        return
    try:
        message = message_from_bytes(body, policy=email.policy.compat32)
        parts = [part for part in message.walk() if not part.is_multipart()]
        contents = [part.get_payload(decode=True) for part in parts]
    except (ValueError, LookupError, RecursionError) as error:
        yield Anomaly(kind="damaged", path=path, detail=str(error))
        return
    when = _time(message) or modified
    page: str | None = None
    for part, content in zip(parts, contents, strict=True):
        media_type = part.get_content_type()
        is_page = media_type in _PAGES and page is None
        place = canonical(_one_line(part["Content-Location"]))
        if is_page:
            page = url or canonical(_one_line(message["Snapshot-Content-Location"])) or place
            place = page
            if place is None:
                break
        if place is None or not isinstance(content, bytes) or not content:
            continue
        if is_page or media_type.startswith(_KEPT):
            yield Imported(
                capture=_capture(place, when, part, content, source_uri, is_page=is_page), path=path
            )
    if page is None:
        yield Anomaly(kind="no-address", path=path, detail="nothing says where the page came from")


def _is_tangled(body: bytes) -> bool:
    """Whether reading a message would take much longer than its size explains: deep nesting, endless parameters."""
    nested = 0
    for match in _CONTENT_TYPE.finditer(body):
        nested += b"multipart/" in match[0].lower()
        if nested > _MOST_NESTED or len(match[0]) > _HEAD_BYTES:
            return True
    return False


def _capture(
    url: str, when: datetime, part: Message, content: bytes, source_uri: str, *, is_page: bool
) -> Capture:
    media_type = part.get_content_type()
    charset = part.get_content_charset() if is_page else None
    return Capture(
        url=url,
        captured=when,
        status=200,
        headers=(("Content-Type", f"{media_type}; charset={charset}" if charset else media_type),),
        body=content,
        request=Request(url=url),
        source="import",
        source_uri=source_uri,
    )


def _one_line(value: object) -> str:
    """A header that may be folded over several lines."""
    return "".join(str(value or "").split())


def _time(message: Message) -> datetime | None:
    return parse_mail_date(str(message["Date"] or ""))
