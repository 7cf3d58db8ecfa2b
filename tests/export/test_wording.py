from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from gvreader import i18n
from gvreader.export import wording
from gvreader.model import PORTAL_TIME


@pytest.fixture(params=["en", "vi"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.use(request.param)
    yield request.param
    i18n.use("en")


def test_numbers_and_dates_follow_the_reader(language: str) -> None:
    english = language == "en"
    assert wording.number(1204567) == ("1,204,567" if english else "1.204.567")
    assert wording.day(date(2023, 2, 7)) == ("7 Feb 2023" if english else "07/02/2023")
    assert wording.published(datetime(2023, 2, 7, 9, 5, tzinfo=PORTAL_TIME)).endswith(" 09:05")
    assert wording.published(None) == "–"
    assert wording.size(1_234_567) == ("1.2 MB" if english else "1,2 MB")
    assert wording.size(812) == "812 B"
    assert wording.size(3_000_000_000) == ("3.0 GB" if english else "3,0 GB")
    assert wording.articles(1204) == ("1,204 articles" if english else "1.204 bài")


def test_spans_use_their_greatest_units(language: str) -> None:
    english = language == "en"
    assert wording.span(45.4) == ("45 s" if english else "45 giây")
    assert wording.span(16 * 60) == ("16 min" if english else "16 phút")
    assert wording.span(2 * 3600 + 300) == ("2 h 5 min" if english else "2 giờ 5 phút")
    assert wording.span(7200) == ("2 h" if english else "2 giờ")
    assert wording.span(3 * 86400) == ("3 days" if english else "3 ngày")
    assert wording.span(-1) == ("0 s" if english else "0 giây")
