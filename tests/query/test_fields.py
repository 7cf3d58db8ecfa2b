"""Fields in both languages, and days that count from today. Expected values worked out on a calendar."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gvreader.query import parse
from gvreader.query.tree import InPlace, Is, Number, Period, Text

WEDNESDAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("vietnamese", "english"),
    [
        ("tiêu-đề:chợ", "title:chợ"),
        ("tieu-de:cho", "title:cho"),
        ("TIÊU-ĐỀ:chợ", "title:chợ"),
        ("tác-giả:Hà", "author:Hà"),
        ("chuyên-mục:tin-tuc", "section:tin-tuc"),
        ("chuyen-muc:tin-tuc", "section:tin-tuc"),
        ("thẻ:đọc-sau", "tag:đọc-sau"),
        ("ghi-chú:hỏi", "note:hỏi"),
        ("số:78/2008/QĐ-UBND", "number:78/2008/QĐ-UBND"),
        ("từ:2023-01", "after:2023-01"),
        ("đến:2023-02-15", "before:2023-02-15"),
        ("den:15/02/2023", "before:2023-02-15"),
        ("ngày:hôm-nay", "on:today"),
        ("ngay:hom-qua", "on:yesterday"),
        ("là:chưa-đọc", "is:unread"),
        ("is:gắn-sao", "is:starred"),
        ("có:ảnh", "has:image"),
        ("co:tep", "has:attachment"),
        ("-thẻ:cũ", "-tag:cũ"),
        ("tệp:quyết", "file:quyết"),
    ],
)
def test_a_vietnamese_name_is_the_same_field(vietnamese: str, english: str) -> None:
    assert parse(vietnamese, today=WEDNESDAY).root == parse(english, today=WEDNESDAY).root


@pytest.mark.parametrize(
    ("value", "first", "after"),
    [
        ("today", date(2026, 3, 4), date(2026, 3, 5)),
        ("yesterday", date(2026, 3, 3), date(2026, 3, 4)),
        ("this-week", date(2026, 3, 2), date(2026, 3, 9)),
        ("tuần-này", date(2026, 3, 2), date(2026, 3, 9)),
        ("this-month", date(2026, 3, 1), date(2026, 4, 1)),
        ("this-year", date(2026, 1, 1), date(2027, 1, 1)),
        ("7d", date(2026, 2, 25), date(2026, 2, 26)),
    ],
)
def test_days_that_have_a_name(value: str, first: date, after: date) -> None:
    assert parse(f"on:{value}", today=WEDNESDAY).root == Period("published", start=first, end=after)


@pytest.mark.parametrize(
    ("value", "first"),
    [
        ("0d", date(2026, 3, 31)),
        ("7d", date(2026, 3, 24)),
        ("2w", date(2026, 3, 17)),
        ("1m", date(2026, 2, 28)),
        ("3m", date(2025, 12, 31)),
        ("1y", date(2025, 3, 31)),
        ("25m", date(2024, 2, 29)),
        ("7D", date(2026, 3, 24)),
    ],
)
def test_days_that_count_from_today(value: str, first: date) -> None:
    assert parse(f"after:{value}", today=date(2026, 3, 31)).root == Period("published", start=first)
    assert parse(f"changed:>={value}", today=date(2026, 3, 31)).root == Period("changed", start=first)


def test_a_week_begins_on_monday_and_ends_on_sunday() -> None:
    week = Period("published", start=date(2026, 3, 2), end=date(2026, 3, 9))
    assert parse("on:this-week", today=date(2026, 3, 2)).root == week
    assert parse("on:this-week", today=date(2026, 3, 8)).root == week


@pytest.mark.parametrize("typed", ["after:99999y", "on:tomorrow", "after:7x", "after:d", "is:chua", "có:gì"])
def test_what_makes_no_sense_is_searched_as_text(typed: str) -> None:
    assert isinstance(parse(typed, today=WEDNESDAY).root, Text)


@pytest.mark.parametrize("typed", ["đến: 5 giờ", "giờ:5", "http://x.vn/a", "so-sánh:a"])
def test_a_word_before_a_colon_need_not_be_a_field(typed: str) -> None:
    root = parse(typed, today=WEDNESDAY).root
    assert not isinstance(root, InPlace | Is | Number | Period)


@given(st.text(max_size=40), st.dates())
def test_no_text_and_no_day_is_an_error(text: str, today: date) -> None:
    parse(text, today=today)
    parse(f"after:{text}", today=today)
