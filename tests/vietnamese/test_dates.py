from __future__ import annotations

import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gvreader.model import PORTAL_TIME, Published
from gvreader.vietnamese import find_dates, nfc, parse_date_line


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PORTAL_TIME)  # type: ignore[misc, arg-type]


LINES: list[tuple[str, Published, bool | None]] = [
    ("Thứ ba, 07/02/2023", date(2023, 2, 7), True),
    ("Thứ ba - 24/12/2019 03:56", at(2019, 12, 24, 3, 56), True),
    ("Thứ năm, 30/10/2025 | 10:31", at(2025, 10, 30, 10, 31), True),
    ("17:23:45 | 07/08/2018", at(2018, 8, 7, 17, 23, 45), None),
    ("Đăng ngày 30/01/2023", date(2023, 1, 30), None),
    ("Lượt xem: 7370 | Gửi lúc: 05/12/2013 15:42:27", at(2013, 12, 5, 15, 42, 27), None),
    ("Thứ tư - 28/04/2021 05:21 0", at(2021, 4, 28, 5, 21), True),
    ("Thứ tư, 31/05/2023 |", date(2023, 5, 31), True),
    ("Ngày 07 tháng 02 năm 2023", date(2023, 2, 7), None),
    ("ngày 7 tháng Hai năm 2023", date(2023, 2, 7), None),
    ("Thứ Hai, ngày 06 tháng 2 năm 2023, 07:15", at(2023, 2, 6, 7, 15), True),
    ("Cập nhật lúc 10:20 07/02/2023", at(2023, 2, 7, 10, 20), None),
    ("Cập nhật lúc: 10:20, ngày 07/02/2023", at(2023, 2, 7, 10, 20), None),
    ("Chủ nhật, 05/02/2023", date(2023, 2, 5), True),
    ("Chủ Nhật ngày 05/02/2023", date(2023, 2, 5), True),
    ("CN, 05/02/2023", date(2023, 2, 5), True),
    ("Thứ 3, 07/02/2023", date(2023, 2, 7), True),
    ("T3, 07/02/2023", date(2023, 2, 7), True),
    ("THỨ BẢY, 11/02/2023", date(2023, 2, 11), True),
    ("Tuesday, 07/02/2023", date(2023, 2, 7), True),
    ("07/02/2023 (Thứ ba)", date(2023, 2, 7), True),
    ("Thứ hai, 07/02/2023", date(2023, 2, 7), False),
    ("10:31 Thứ ba, 07/02/2023", at(2023, 2, 7, 10, 31), True),
    ("10h31 ngày 07/02/2023", at(2023, 2, 7, 10, 31), None),
    ("10 giờ 31 phút, ngày 07/02/2023", at(2023, 2, 7, 10, 31), None),
    ("07/02/2023 5:03 CH", at(2023, 2, 7, 17, 3), None),
    ("07/02/2023 12:03:11 SA", at(2023, 2, 7, 0, 3, 11), None),
    ("07/02/2023 12:03 PM", at(2023, 2, 7, 12, 3), None),
    ("07/02/2023 - 09:05 AM", at(2023, 2, 7, 9, 5), None),
    ("10:31 AM, Thứ Ba 07/02/2023 (GMT+7)", at(2023, 2, 7, 10, 31), True),
    ("07/02/2023 15:42 CH", at(2023, 2, 7, 15, 42), None),
    ("(14/07/2021)", date(2021, 7, 14), None),
    ("07-02-2023", date(2023, 2, 7), None),
    ("7.2.2023", date(2023, 2, 7), None),
    ("07, 02, 2023", date(2023, 2, 7), None),
    ("07 / 02 / 2023", date(2023, 2, 7), None),
    ("07/02/23", date(2023, 2, 7), None),
    ("07-02-98", date(1998, 2, 7), None),
    ("2023-02-07", date(2023, 2, 7), None),
    ("2023/02/07 10:31", at(2023, 2, 7, 10, 31), None),
    ("2023-02-07T10:31:00+07:00", at(2023, 2, 7, 10, 31), None),
    ("2023-02-07T10:31:00.000+0700", at(2023, 2, 7, 10, 31), None),
    ("2023-02-07T03:31:00Z", at(2023, 2, 7, 10, 31), None),
    ("2023-02-07T20:00:00Z", at(2023, 2, 8, 3), None),
    ("2023-02-07T10:31", at(2023, 2, 7, 10, 31), None),
    ("2023-02-07T00:00:00Z", date(2023, 2, 7), None),
    ("2023-02-07T00:00:00.000+07:00", date(2023, 2, 7), None),
    ("2023-02-07T00:00:00", date(2023, 2, 7), None),
    ("2023-02-06T17:00:00Z", date(2023, 2, 7), None),
    ("2023-02-07T00:00:01Z", at(2023, 2, 7, 7, 0, 1), None),
    ("Thứ ba, 02/07/2023", date(2023, 2, 7), True),
    ("Thứ ba, ngày 02/07/2023 10:31", at(2023, 2, 7, 10, 31), True),
    ("02/07/2023 (Thứ ba)", date(2023, 2, 7), True),
    ("Chủ nhật, 02/07/2023", date(2023, 7, 2), True),
    ("02/07/2023", date(2023, 7, 2), None),
    ("Thứ tư, 02/07/2023", date(2023, 7, 2), False),
    ("Feb 7, 2023", date(2023, 2, 7), None),
    ("7 February 2023", date(2023, 2, 7), None),
    ("Ngày đăng: 07/02/2023 - Lượt xem: 123", date(2023, 2, 7), None),
    ("Ngày xuất bản 07/02/2023 10:00", at(2023, 2, 7, 10), None),
    ("Cập nhật: 08/02/2023 10:00 - Ngày đăng: 07/02/2023", date(2023, 2, 7), None),
    ("Thứ\u00a0ba,\u00a0\u00a007/02/2023", date(2023, 2, 7), True),
    ("02/03/2023", date(2023, 3, 2), None),
    ("29/02/2024", date(2024, 2, 29), None),
]


@pytest.mark.parametrize(("line", "published", "agrees"), LINES)
def test_date_lines(line: str, published: Published, agrees: bool | None) -> None:
    for form in ("NFC", "NFD"):
        found = parse_date_line(unicodedata.normalize(form, line))
        assert found is not None
        assert found.published == published
        assert type(found.published) is type(published)
        assert found.weekday_agrees is agrees


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Sáng ngày 07/2",
        "Chiều ngày 8/12",
        "Ngày 10-12",
        "tháng 01/2023",
        "năm 2023",
        "31/02/2023",
        "29/02/2023",
        "02/13/2023",
        "00/01/2023",
        "07/02/1023",
        "2023-13-01",
        "10:31",
        "Lượt xem: 7370",
        "12/01/2023/QĐ-UBND",
        "78/2008/QĐ-UBND",
        "1.204.567",
        "Sáng 07/02/2023, UBND huyện tổ chức hội nghị",
        "Từ ngày 01/02/2023 đến ngày 07/02/2023",
        "Hồng Hạ (Trung tâm VHTT&TT)",
        "0229.3868.2023",
        "x" * 400 + "07/02/2023",
    ],
)
def test_what_is_no_date_line(line: str) -> None:
    assert parse_date_line(line) is None


def test_the_span_covers_date_time_and_weekday() -> None:
    line = "Đăng lúc: Thứ ba, 07/02/2023 | 10:31 - Lượt xem: 12"
    found = parse_date_line(line)
    assert found is not None
    assert nfc(line)[slice(*found.span)] == "Thứ ba, 07/02/2023 | 10:31"


def test_an_update_is_told_from_a_publication() -> None:
    found = parse_date_line("Cập nhật lúc 10:20 07/02/2023")
    assert found is not None
    assert found.updated


def test_dates_in_longer_text() -> None:
    text = (
        "Thứ tư, 31/05/2023 | Trang chủ. Sáng ngày 07/2, thực hiện Quyết định số 78/2008/QĐ-UBND ngày 12/01/2008 và "
        "Kế hoạch từ 01/03/2023 đến ngày 15 tháng 3 năm 2023."
    )
    found = find_dates(text)
    assert [line.published for line in found] == [
        date(2023, 5, 31),
        date(2008, 1, 12),
        date(2023, 3, 1),
        date(2023, 3, 15),
    ]
    assert [text[slice(*line.span)] for line in found] == [
        "Thứ tư, 31/05/2023",
        "12/01/2008",
        "01/03/2023",
        "15 tháng 3 năm 2023",
    ]


@settings(deadline=None)
@given(st.text(alphabet="0123456789/-.:, |hTZthứbangàyáậđCN\u0301\u00a0", max_size=60) | st.text(max_size=60))
def test_nothing_raises_and_spans_lie_in_the_text(text: str) -> None:
    parse_date_line(text)
    for line in find_dates(text):
        start, end = line.span
        assert 0 <= start < end <= len(nfc(text))


@settings(deadline=None)
@given(st.dates(date(1970, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back_with_its_weekday(day: date) -> None:
    names = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
    found = parse_date_line(f"{names[day.weekday()]}, {day:%d/%m/%Y}")
    assert found is not None
    assert (found.published, found.weekday_agrees) == (day, True)
