"""robots.txt (RFC 9309): what an origin asks of us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gvreader.http import codings
from gvreader.model import Capture, Problem
from gvreader.web.answer import Failure

if TYPE_CHECKING:
    from protego import Protego

MAX_BYTES: Final = 512 * 1024
"""More than the 500 KiB that must be read; what follows is ignored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What may be asked of one origin. `failure`: nothing, and why; to be asked again at `until` (monotonic)."""

    parsed: Protego | None = None
    failure: Failure | None = None
    until: float = float("inf")

    def allows(self, url: str, robot: str) -> bool:
        return self.failure is None and (self.parsed is None or self.parsed.can_fetch(url, robot))

    def delay(self, robot: str) -> float:
        """Seconds between requests that the origin asks for: Crawl-delay or Request-rate, the longer one."""
        if self.parsed is None:
            return 0.0
        rate = self.parsed.request_rate(robot)
        return max(self.parsed.crawl_delay(robot) or 0.0, rate.seconds / rate.requests if rate else 0.0)


def read(captures: Sequence[Capture], problem: Problem | None, *, until: float) -> Rules:
    """The rules that an attempt to fetch robots.txt leaves: its captures, the last one first in importance.

    No file (4xx), or one that only a redirect leads away from us: everything is allowed. A server that
    fails (5xx, 429) or cannot be reached: nothing is, until `until`.
    """
    if problem is not None and problem.kind in ("timeout", "connection", "tls") and not _has_file(captures):
        return Rules(failure=Failure(kind=problem.kind, detail=problem.detail), until=until)
    if not captures:
        return Rules()
    last = captures[-1]
    if last.status == 429 or last.status >= 500:
        detail = f"robots.txt answers {last.status}, so nothing may be asked until it can be read"
        return Rules(failure=Failure(kind="http-status", detail=detail), until=until)
    return Rules(parsed=_parse(last)) if _has_file(captures) else Rules()


def _has_file(captures: Sequence[Capture]) -> bool:
    """Whether the last answer is the file, or at least its beginning."""
    return bool(captures) and captures[-1].status // 100 == 2


def _parse(capture: Capture) -> Protego:
    from protego import Protego

    return Protego.parse(text_of(capture))


def sitemaps(capture: Capture) -> tuple[str, ...]:
    """The addresses of the sitemaps that a robots.txt names."""
    return tuple(_parse(capture).sitemaps)


def text_of(capture: Capture) -> str:
    """The text of a robots.txt, however it was packed and spelled; UTF-8 (RFC 9309), or UTF-16 that shows itself."""
    try:
        content = codings.decode(
            capture.body, capture.header("content-encoding"), limit=MAX_BYTES, sniff=True
        )
    except codings.CodingError as error:
        content = error.partial
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    if (zeros := content[:200].count(0)) * 3 > len(content[:200]) > 3 and zeros:
        return content.decode("utf-16-be" if content[:1] == b"\0" else "utf-16-le", "replace")
    return content.decode("utf-8", "replace").removeprefix("\ufeff")
