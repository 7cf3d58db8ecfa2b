from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gvreader.archive.library.timeline import Observation, VisibleSpan, order_key, revisions
from gvreader.model import PORTAL_TIME

START = datetime(2024, 1, 1, tzinfo=UTC)


def look(day: int, content: int, *, capture: int | None = None, claimed: int | None = None) -> Observation:
    return Observation(seen=START + timedelta(days=day), content=content, capture=capture, claimed=claimed)


def days(span: VisibleSpan) -> tuple[int, int, int, int]:
    """Number, first and last day, content."""
    return span.number, (span.first_seen - START).days, (span.last_seen - START).days, span.content


def test_equal_looks_in_a_row_are_one_revision() -> None:
    assert [days(span) for span in revisions([look(1, 7), look(2, 7), look(9, 7)])] == [(1, 1, 9, 7)]


def test_another_content_in_between_splits_a_revision() -> None:
    before = revisions([look(1, 7), look(9, 7)])
    after = revisions([look(1, 7), look(9, 7), look(4, 8)])
    assert [days(span) for span in before] == [(1, 1, 9, 7)]
    assert [days(span) for span in after] == [(1, 1, 1, 7), (2, 4, 4, 8), (3, 9, 9, 7)]


def test_a_split_ends_where_the_looks_say() -> None:
    looks = [look(1, 7), look(3, 7), look(6, 7), look(9, 7), look(4, 8)]
    assert [days(span) for span in revisions(looks)] == [(1, 1, 3, 7), (2, 4, 4, 8), (3, 6, 9, 7)]


def test_evidence_is_the_first_capture_of_the_revision() -> None:
    (span,) = revisions([look(1, 7), look(2, 7, capture=12), look(3, 7, capture=11)])
    assert span.capture == 12
    assert revisions([look(1, 7)])[0].capture is None


def test_looks_of_one_moment_keep_their_order() -> None:
    assert [days(span) for span in revisions([look(1, 7), look(1, 8)])] == [(1, 1, 1, 7), (2, 1, 1, 8)]


def test_an_import_keeps_its_revision_number() -> None:
    looks = [look(5, 7, claimed=3), look(6, 7, claimed=3)]
    assert [days(span)[0] for span in revisions(looks)] == [3]
    assert [days(span)[0] for span in revisions([*looks, look(8, 8)])] == [3, 4]
    assert [days(span)[0] for span in revisions([*looks, look(1, 9), look(8, 8)])] == [1, 3, 4]
    earlier = [look(1, 4), look(2, 5), look(3, 6)]
    assert [days(span)[0] for span in revisions([*looks, *earlier])] == [1, 2, 3, 4]


@given(st.data())
def test_the_order_of_arrival_does_not_matter(data: st.DataObject) -> None:
    contents = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=12))
    looks = [look(day, content, capture=day) for day, content in enumerate(contents)]
    shuffled = data.draw(st.permutations(looks))
    spans = revisions(shuffled)
    assert spans == revisions(looks)
    assert [span.number for span in spans] == list(range(1, len(spans) + 1))
    assert all(one.content != other.content for one, other in pairwise(spans))
    assert all(one.last_seen < other.first_seen for one, other in pairwise(spans))
    assert spans[-1].content == contents[-1]


NEWEST_LAST = [
    (None, datetime(2020, 1, 1, tzinfo=UTC), None),
    (None, datetime(2024, 1, 1, tzinfo=UTC), None),
    (date(1, 1, 1), START, "9"),
    (date(1945, 9, 2), START, "1"),
    (date(2023, 2, 6), START, "999999"),
    (date(2023, 2, 7), START, None),
    (date(2023, 2, 7), START, "881"),
    (date(2023, 2, 7), START, "882"),
    (datetime(2023, 2, 7, 10, 31, tzinfo=PORTAL_TIME), START, "1"),
    (datetime(2023, 2, 7, 10, 31, tzinfo=PORTAL_TIME), START, "2"),
    (datetime(2023, 2, 7, 10, 32, tzinfo=PORTAL_TIME), START, "1"),
    (datetime(2023, 2, 7, 16, 59, tzinfo=UTC), START, "1"),
    (datetime(2023, 2, 7, 17, 0, tzinfo=UTC), START, "1"),
    (date(9999, 12, 31), START, "x"),
]


def test_order_keys_sort_as_lists_do() -> None:
    keys = [order_key(*case) for case in NEWEST_LAST]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@given(st.one_of(st.none(), st.dates()), st.one_of(st.none(), st.text(max_size=30), st.integers(0).map(str)))
def test_order_keys_fit_into_sqlite(published: date | None, identity: str | None) -> None:
    key = order_key(published, START, identity)
    assert -(2**62) < key < 2**62
    assert (key < order_key(date(1, 1, 1), START, None)) == (published is None)


@pytest.mark.parametrize("identity", ["9" * 5000, "²", "٣", "-1", ""])
def test_odd_identities_are_no_numbers_or_fit(identity: str) -> None:
    assert isinstance(order_key(date(2023, 2, 7), START, identity), int)
