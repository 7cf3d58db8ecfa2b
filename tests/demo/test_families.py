"""Every family: what its truth says is on its pages, its links lead somewhere, and it looks like the real thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from gvreader.model import PORTAL_TIME, Article
from tests.demo.reading import links, words
from tests.portal import FAMILIES, Replica

VISIT = datetime(2026, 3, 4, 9, 15, tzinfo=PORTAL_TIME)

Served = tuple[Replica, httpx.Client]


@pytest.fixture(scope="module", params=sorted(FAMILIES))
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    with (
        Replica(family=request.param, articles=60, seed=3, clock=lambda: VISIT) as replica,
        httpx.Client(base_url=replica.base_url, follow_redirects=True) as client,
    ):
        yield replica, client


def _page(client: httpx.Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.text


def test_pages_say_what_the_truth_says(served: Served) -> None:
    replica, client = served
    for article in replica.truth():
        _compare(replica, article, _page(client, article.url))


@pytest.mark.parametrize("seed", range(1, 17))
def test_every_seed_is_another_site_that_says_the_truth(seed: int) -> None:
    with (
        Replica(family="unknown-seeded", articles=12, seed=seed, clock=lambda: VISIT) as replica,
        httpx.Client(base_url=replica.base_url) as client,
    ):
        for article in replica.truth():
            _compare(replica, article, _page(client, article.url))
        assert client.get(replica.family.section_path("tin-tuc")).status_code == 200


def _compare(replica: Replica, article: Article, html: str) -> None:
    text = words(html)
    assert article.title in text
    stamp = article.published.isoformat() if article.published else ""
    assert re.search(_spellings_of(article), text) or f'datetime="{stamp}"' in html, (stamp, text[:600])
    for block in article.blocks:
        for line in block.lines:
            for cell in line.split(" | "):
                assert cell in text, (article.url, cell)
    for image in article.images:
        assert image.url.removeprefix(replica.base_url).lstrip("/") in html
        assert image.caption is None or image.caption in text
    if article.summary:
        assert article.summary in text
    for name in (article.author, article.organisation):
        assert name is None or name in text


def _spellings_of(article: Article) -> str:
    day = article.published
    assert day is not None
    date = (
        rf"(?:{day:%d/%m/%Y}|{day:%d-%m-%Y}|{day:%d/%m/%y}"
        rf"|[Nn]gày 0?{day.day} tháng 0?{day.month} năm {day.year})"
    )
    if not isinstance(day, datetime):
        return date
    time = rf"{day:%H}[:h]{day:%M}(?::00)?"
    return rf"{date}\D{{0,4}}{time}|{time}\D{{0,8}}{date}"


def test_files_of_articles_are_served(served: Served) -> None:
    replica, client = served
    seen = 0
    for article in replica.truth():
        for image in article.images[:1]:
            answer = client.get(image.url)
            assert answer.headers["content-type"] == "image/png"
            assert answer.content.startswith(b"\x89PNG")
        for attachment in article.attachments:
            answer = client.get(attachment.url)
            assert answer.headers["content-type"] == attachment.media_type
            seen += 1
    assert seen


def test_links_lead_to_pages_and_reach_every_article(served: Served) -> None:
    """A walk over every link of the site; VNPT's further pages come from its form, which has its own test."""
    replica, client = served
    seen: set[str] = set()
    queue = [f"{replica.base_url}/"]
    while queue:
        url = queue.pop()
        if url in seen:
            continue
        seen.add(url)
        answer = client.get(url)
        assert answer.status_code == 200, url
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        base = re.search(r"<base href=[\"']([^\"']+)", answer.text)
        for href in links(answer.text):
            target = urljoin(urljoin(url, base[1]) if base else url, href).partition("#")[0]
            if target.startswith(replica.base_url) and not href.startswith("javascript"):
                queue.append(target)
    for piece in replica.site.pieces():
        paths = {replica.family.article_path(piece, section) for section in (None, *piece.sections)}
        assert seen & {f"{replica.base_url}{path}" for path in paths}, piece.title
    assert len(seen) < 600, "no links without end"


def test_listing_pages_hold_the_whole_section(served: Served) -> None:
    replica, client = served
    family = replica.family
    if family.name == "vnpt":
        pytest.skip("the pager is a form")
    section = "tin-tuc"
    listed = {
        article.title for article in replica.truth() if section in {ref.slug for ref in article.sections}
    }
    pages = replica.site.pages(section, family.page_size)
    text = " ".join(
        words(client.get(family.section_path(section, page)).text).partition("Tin đọc nhiều")[0]
        for page in range(1, pages + 1)
    )
    assert all(title in text for title in listed)
    past = client.get(family.section_path(section, pages + 1))
    assert past.status_code == 404


def test_static_pages_have_no_date_of_their_own(served: Served) -> None:
    replica, client = served
    pages = list(replica.static_truth())
    assert {page.title for page in pages} >= {"Giới thiệu chung", "Cơ cấu tổ chức"}
    for page in pages:
        text = words(_page(client, page.url))
        assert page.published is None
        assert page.kind == "page"
        assert page.blocks[0].lines[0] in text


def test_counters_and_clock_differ_from_visit_to_visit(served: Served) -> None:
    replica, client = served
    url = next(replica.truth()).url
    first, second = _page(client, url), _page(client, url)
    assert first != second
    printed = f"{VISIT:%d/%m/%Y}"
    if "blog" not in type(replica.family).__name__.lower() and replica.family.name != "lacviet":
        assert printed in first, "the header's clock shows the day of the visit"


def test_unknown_addresses_are_not_found(served: Served) -> None:
    replica, client = served
    missing = replica.family.article_path(replica.site.page(None, 1, 1)[0]).replace(
        str(replica.site.page(None, 1, 1)[0].number), "99999999"
    )
    for path in (
        "/khong-co-trang-nay/abc-9999999.html",
        "/x/y/z",
        missing if "99999999" in missing else "/khong-co/",
    ):
        assert client.get(path).status_code == 404, path


def test_an_article_of_another_section_lists_where_its_truth_says(served: Served) -> None:
    replica, _ = served
    both = [article for article in replica.truth() if len(article.sections) == 2]
    assert both
    for article in both:
        for ref in article.sections:
            everything = replica.site.page(ref.slug, 1, 10_000)
            assert article.title in {piece.title for piece in everything}


def test_addresses_in_the_truth_are_canonical(served: Served) -> None:
    from gvreader.urls import canonical

    replica, _ = served
    for article in replica.truth("https://giavien.ninhbinh.gov.vn"):
        addresses = [
            article.url,
            *(image.url for image in article.images),
            *(file.url for file in article.attachments),
        ]
        for url in (*addresses, *article.related):
            assert urlsplit(url).netloc == "giavien.ninhbinh.gov.vn"
            assert canonical(url) == url
