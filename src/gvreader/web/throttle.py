"""When a host may be asked again: the delay between requests, pauses that it asks for, rest when it fails."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from gvreader.model import Capture
from gvreader.web.answer import Failure


class Host:
    """What one run remembers of one host. Times are monotonic; `address` is where it was reached last."""

    def __init__(self, delay: float, name: str = "") -> None:
        self.name = name
        self.address: str | None = None
        self.delay = delay
        self.failures = 0
        self.last_failure: Failure | None = None
        self.rests_until = float("-inf")
        self._last_start = float("-inf")
        self._not_before = float("-inf")

    def wait_from(self, now: float) -> float:
        """Seconds until the next request may start."""
        return max(0.0, self._last_start + self.delay - now, self._not_before - now)

    def started(self, now: float) -> None:
        self._last_start = now

    def pause(self, now: float, seconds: float) -> None:
        """Start nothing for `seconds`."""
        self._not_before = max(self._not_before, now + seconds)

    def succeeded(self) -> None:
        self.failures = 0
        self.rests_until = float("-inf")

    def rests(self, now: float) -> bool:
        """Whether the host is left alone for a while."""
        return now < self.rests_until

    def failed(self, failure: Failure) -> None:
        self.failures += 1
        self.last_failure = failure

    def at_rest(self) -> Failure:
        """What every page of the host gets while it rests: the kind that wore it out."""
        assert self.last_failure is not None
        detail = (
            f"not asked: the host failed {self.failures} times in a row, lastly: {self.last_failure.detail}"
        )
        return Failure(kind=self.last_failure.kind, detail=detail)


def retry_after(capture: Capture, now: datetime) -> float | None:
    """The seconds that an answer asks us to stay away (RFC 9110 section 10.2.3); dates count from its Date."""
    value = (capture.header("retry-after") or "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:12])
    until = _date(value)
    if until is None:
        return None
    since = _date(capture.header("date") or "") or now
    return max(0.0, (until - since).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def backoff(retry: int, *, base: float, most: float, chance: float) -> float:
    """Seconds before a retry, counted from 1; `chance` from 0 to 1 spreads them by half."""
    return min(base * 2.0 ** (retry - 1), most) * (0.5 + chance)
