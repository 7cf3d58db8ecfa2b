"""Which bytes a revisit means, asked of captures that are at hand already: those of the archive itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from gvreader.http import codings
from gvreader.http.messages import message_head, parse_response
from gvreader.limits import DECODED_BYTES
from gvreader.model import Capture
from gvreader.warc import Record, bare, digest_of, normal_digest, parse_date

_NOT_MODIFIED: Final = "server-not-modified"


class Originals(Protocol):
    """Whole answers at hand that a revisit may refer to, the likeliest first: that of the very moment, then the
    latest before it, then later ones of the address, then any with the payload of a SHA-256 digest (hex).
    """

    def __call__(self, url: str, when: datetime, *, sha256: str | None) -> Iterator[Capture]: ...


def is_not_modified(revisit: Record) -> bool:
    """Whether a revisit says that the page was as it had been, whatever its HTTP head says."""
    head = parse_response(revisit.block)
    profile = revisit.fields.get("WARC-Profile") or ""
    return (head is not None and head.status == 304) or _NOT_MODIFIED in profile


def original_at_hand(revisit: Record, originals: Originals) -> Capture | None:
    """The capture whose payload a revisit repeats, or None."""
    fields = revisit.fields
    own = parse_date(fields.get("WARC-Date"))
    url = bare(fields.get("WARC-Refers-To-Target-URI")) or bare(fields.get("WARC-Target-URI"))
    named = parse_date(fields.get("WARC-Refers-To-Date"))
    when = named or own
    if when is None or url is None:
        return None
    unchanged = is_not_modified(revisit)
    digest = None if unchanged else normal_digest(fields.get("WARC-Payload-Digest"))
    algorithm, _colon, value = (digest or "").partition(":")
    for found in originals(url, when, sha256=value if algorithm == "sha256" else None):
        is_named = found.captured.replace(microsecond=0) == when.replace(microsecond=0) and named is not None
        if unchanged:
            if found.captured <= (own or when):
                return found
        elif digest is None:
            if is_named:
                return found
        elif digest in _digests(found, algorithm) or (is_named and _was_chunked(found)):
            return found
    return None


def with_original(revisit: Record, original: Capture) -> tuple[Record, bytes]:
    """The revisit with the head that belongs to the payload, and the payload."""
    head = parse_response(revisit.block)
    if head is None or is_not_modified(revisit):
        line = f"HTTP/1.1 {original.status} {original.reason}"
        headers = tuple(field for field in original.headers if field[0].lower() != "transfer-encoding")
        revisit = replace(revisit, block=message_head(line, headers))
    return revisit, original.body


def _digests(capture: Capture, algorithm: str) -> set[str]:
    """The digests of a payload as it was sent, and unpacked."""
    forms = [capture.body]
    with suppress(codings.CodingError):
        forms.append(codings.decode(capture.body, capture.header("content-encoding"), limit=DECODED_BYTES))
    return {digest_of(form, algorithm=algorithm) for form in forms}


def _was_chunked(capture: Capture) -> bool:
    """Whether a digest may have been that of the chunks, which are not kept."""
    return "chunked" in (capture.header("transfer-encoding") or "").lower()
