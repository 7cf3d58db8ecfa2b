"""A time that only a saved file has never beats a look at the portal itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gvreader.decide import counts_as
from gvreader.model import Capture, Request, TimeSource

LIVE = datetime(2024, 1, 1, tzinfo=UTC)


def capture(when: datetime, time_source: TimeSource) -> Capture:
    return Capture(
        url="https://a.vn/x",
        captured=when,
        status=200,
        request=Request(url="https://a.vn/x"),
        source="import",
        time_source=time_source,
    )


@pytest.mark.parametrize(
    ("days", "time_source", "first_live", "expected"),
    [
        (1, "file", LIVE, LIVE - timedelta(microseconds=1)),
        (0, "file", LIVE, LIVE - timedelta(microseconds=1)),
        (-1, "file", LIVE, LIVE - timedelta(days=1)),
        (1, "file", None, LIVE + timedelta(days=1)),
        (1, "stated", LIVE, LIVE + timedelta(days=1)),
    ],
)
def test_when_a_look_counts(
    days: int, time_source: TimeSource, first_live: datetime | None, expected: datetime
) -> None:
    assert counts_as(capture(LIVE + timedelta(days=days), time_source), first_live) == expected
