"""The `giavien` markups: the words of the real pages, in their order; traps that the real pages set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import httpx
import pytest

from gvreader.model import PORTAL_TIME
from tests.demo.reading import words
from tests.portal import Replica

VISIT = datetime(2026, 3, 4, 9, 15, tzinfo=PORTAL_TIME)
REAL = "/so-van-hoa-va-the-thao-kiem-tra-cong-tac-van-hoa-the-thao-va-gia-dinh-nam-2020-tai-huyen-gia-vien-882.html"


@pytest.fixture(scope="module", params=["giavien", "giavien-framed", "giavien-cards"])
def client(request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    with (
        Replica(family=request.param, articles=120, clock=lambda: VISIT) as replica,
        httpx.Client(base_url=replica.base_url) as client,
    ):
        yield client


def test_the_real_article_reads_as_it_did(client: httpx.Client) -> None:
    text = words(client.get(REAL).text)
    place = 0
    for part in (
        "04/03/2026",
        "Sở Văn hóa và Thể thao kiểm tra công tác văn hóa, thể thao và gia đình năm 2020 tại huyện Gia Viễn",
        "Thứ tư, 09/12/2020",
        "Chiều ngày 8/12, Sở Văn hóa và Thể thao do đồng chí Nguyễn Cao Tấn",
        "Đ/c Ngô Hùng Khánh - UVBTV - Phó Chủ tịch UBND huyện phát biểu tại hội nghị",
        "Năm 2020, UBND huyện bám sát các văn bản chỉ đạo",
        "Bài viết khác",
    ):
        place = text.index(part, place) + len(part)
    assert "CHÀO MỪNG ĐẾN TRANG THÔNG TIN ĐIỆN TỬ UBND HUYỆN GIA VIỄN" in text


def test_one_article_answers_under_several_paths(client: httpx.Client) -> None:
    flat = words(client.get(REAL).text)
    for path in (f"/van-hoa-xa-hoi{REAL}", f"/tin-tuc{REAL}", "/tieu-de-cu-882.html"):
        answer = client.get(path)
        assert answer.status_code == 200
        body = flat.index("Chiều ngày 8/12")
        assert flat[body : body + 800] in words(answer.text)


def test_the_static_page_is_at_its_real_address(client: httpx.Client) -> None:
    home = client.get("/").text
    number = "882" if "/gioi-thieu/gioi-thieu-chung-882.html" in home else "3"
    answer = client.get(f"/gioi-thieu/gioi-thieu-chung-{number}.html")
    text = words(answer.text)
    assert "cách Trung tâm thủ đô Hà Nội 73 km, có diện tích 175,5 km²." in text
    assert "Gia Xuân, Liên Sơn." in text


def test_the_same_number_can_be_a_page_and_an_article() -> None:
    with (
        Replica(family="giavien-cards", articles=120) as replica,
        httpx.Client(base_url=replica.base_url) as client,
    ):
        page = next(replica.static_truth())
        assert page.identity == "882"
        assert words(client.get(page.url).text) != words(client.get(REAL).text)


def test_files_are_linked_with_raw_spaces_and_letters() -> None:
    with Replica(articles=120) as replica, httpx.Client(base_url=replica.base_url) as client:
        article = next(
            article for article in replica.truth() if any("%20" in file.url for file in article.attachments)
        )
        html = client.get(article.url).text
        assert 'href="/public/userfiles/files/' in html
        assert "%20" not in html.partition('href="/public/userfiles/files/')[2].partition('"')[0]
