"""Whether an answer is whole: one judgement for what was fetched, imported, backfilled or is derived again. Pure.

Labels may lie in both directions, so proofs come first: a compressed stream says itself where it ends, an HTML
page says `</html>`. Where nothing proves the page whole, what the answer promised decides.
"""

from __future__ import annotations

import re
from typing import Final

from gvreader.frozen import dataclass
from gvreader.http import codings
from gvreader.limits import DECODED_BYTES
from gvreader.model import Capture

_RANGE: Final = re.compile(r"\s*bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18})\s*", re.IGNORECASE)
_TEXTS: Final = ("text/", "application/xhtml", "application/xml", "application/json", "application/feed")
_BEGINS_PAGE: Final = re.compile(rb"<(?:!doctype\s+html|html|body)[\s>]", re.IGNORECASE)
_ENDS_PAGE: Final = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
_OPEN_TAG: Final = re.compile(rb"<[/!a-zA-Z][^<>]*\Z")
_CONDITIONS: Final = frozenset({"if-none-match", "if-modified-since"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wholeness:
    """`missing`: why an answer is only a part of its page; None for a whole one. `doubt`: why it may be one, if it
    is an article or a list. `content`: the body unpacked, as far as that goes; `fault` says why no further. `ends`:
    whether an HTML page has its end; None for what is none.
    """

    content: bytes
    missing: str | None = None
    doubt: str | None = None
    fault: codings.CodingError | None = None
    ends: bool | None = None


_MOST_COUNTED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEnds:
    """Whether a portal's pages have an end: how many were seen to (up to 20), and addresses of those without.

    Only the latest habit counts: a portal that leaves the end out from now on is believed after some pages.
    """

    ended: int = 0
    endless: tuple[str, ...] = ()

    @classmethod
    def of(cls, stored: object) -> PageEnds:
        """From a JSON value; nothing is known where it is something else."""
        if not isinstance(stored, dict):
            return cls()
        return cls(ended=int(stored.get("ended", 0)), endless=tuple(stored.get("endless", ())))

    def as_json(self) -> dict[str, object]:
        """The value that `of` reads."""
        return {"ended": self.ended, "endless": list(self.endless)}

    @property
    def are_usual(self) -> bool:
        """Whether a page without an end is cut."""
        return len(self.endless) * 2 < self.ended

    def seen(self, target: str, *, has_end: bool) -> PageEnds:
        """The same, once the page at `target` was seen too."""
        others = tuple(one for one in self.endless if one != target)
        if has_end:
            return PageEnds(ended=min(self.ended + 1, _MOST_COUNTED), endless=others)
        return PageEnds(ended=self.ended, endless=(*others, target)[-_MOST_COUNTED:])


def judge(capture: Capture, *, ends_pages: bool = False) -> Wholeness:
    """Whether a capture is all of its page. Only answers that succeeded (2xx) are pages.

    `ends_pages`: pages of this portal were seen to have an end, so one without it is cut.
    """
    fault: codings.CodingError | None = None
    try:
        content = decoded(capture)
    except codings.CodingError as error:
        content, fault = error.partial, error
    if capture.status // 100 != 2:
        return Wholeness(content=content, fault=fault)
    ends = _ends(content)
    missing: str | None = None
    if isinstance(fault, codings.TruncatedCoding):
        missing = str(fault)
    elif fault is not None or content == capture.body:
        missing = _broken_promise(capture, has_end=bool(ends)) or _within(capture, content, ends)
    doubt = "the page has no end, which pages of this portal have" if ends is False and ends_pages else None
    return Wholeness(content=content, missing=missing, doubt=doubt, fault=fault, ends=ends)


def decoded(capture: Capture, *, limit: int = DECODED_BYTES) -> bytes:
    """The body without its codings, those of pages and feeds without a header that names them, too.

    Raises `codings.CodingError`.
    """
    return codings.decode(
        capture.body, capture.header("content-encoding"), limit=limit, sniff=is_text(capture)
    )


def is_text(capture: Capture) -> bool:
    """Whether an answer is said to be a page or a feed rather than a file; without a word on it, it may be."""
    media_type = (capture.header("content-type") or "").strip().lower()
    return not media_type or media_type.startswith(_TEXTS) or "+xml" in media_type


def is_conditional(capture: Capture) -> bool | None:
    """Whether the request asked for changes only; None where its headers are not known."""
    headers = capture.request.headers
    return any(name.lower() in _CONDITIONS for name, _value in headers) if headers else None


def _broken_promise(capture: Capture, *, has_end: bool) -> str | None:
    """What the answer says of its own size and does not keep."""
    if capture.status == 206 and not _is_all(capture):
        return f"206 {capture.reason or 'Partial Content'}"
    lengths = _lengths(capture)
    size = len(capture.body)
    if lengths and size < max(lengths) and size not in lengths:
        return f"{size} bytes came of {max(lengths)} promised"
    # No length was promised: a page with its end has lost no more than the mark behind it.
    if capture.truncated is not None and not (
        has_end and not lengths and capture.truncated in ("disconnect", "unspecified")
    ):
        return f"the answer was cut short ({capture.truncated})"
    return None


def _is_all(capture: Capture) -> bool:
    """Whether a partial answer is about every byte, and has them."""
    found = _RANGE.fullmatch(capture.header("content-range") or "")
    if found is None:
        return False
    first, last, size = map(int, found.groups())
    return first == 0 and last + 1 == size == len(capture.body)


def _is_chunked(capture: Capture) -> bool:
    return "chunked" in (capture.header("transfer-encoding") or "").lower()


def _lengths(capture: Capture) -> set[int]:
    """The lengths that are claimed; a chunked body's do not count (RFC 9112 section 6.3)."""
    if _is_chunked(capture):
        return set()
    claims = ",".join(value for name, value in capture.headers if name.lower() == "content-length")
    return {
        int(claim) for part in claims.split(",") if (claim := part.strip()).isdecimal() and len(claim) < 19
    }


def _is_framed(capture: Capture) -> bool:
    """Whether the answer itself said where it ends."""
    return bool(_lengths(capture)) or (_is_chunked(capture) and capture.truncated is None)


def _ends(content: bytes) -> bool | None:
    """Whether an HTML page has its end; None for fragments and what is no HTML."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or content[:400].count(0) > 100:
        content = content.replace(b"\0", b"")
    if _BEGINS_PAGE.search(content[:4096]) is None:
        return None
    return _ENDS_PAGE.search(content) is not None


def _within(capture: Capture, content: bytes, ends: bool | None) -> str | None:
    """Why a page cannot be all, though its answer did not say how long it is."""
    if ends is not False or _is_framed(capture):
        return None
    is_within = _OPEN_TAG.search(content[-400:]) is not None or _is_within_letter(content)
    return "the page ends in the middle of a word" if is_within else None


def _is_within_letter(content: bytes) -> bool:
    """Whether UTF-8 text ends within a character."""
    for size, byte in enumerate(reversed(content[-3:]), 1):
        if byte & 0xC0 != 0x80:
            return size < (4 if byte >= 0xF0 else 3 if byte >= 0xE0 else 2 if byte >= 0xC0 else 1)
    return False
