"""VNPT's pager: what the inline script says, posted as a form, gives the other pages as fragments."""

from __future__ import annotations

import re

import httpx

from tests.demo.reading import words
from tests.portal import Replica

LOAD = "/DesktopModule/UIArticleInMenu/ArticleInMenuPagination.aspx/LoadArticle"


def _setting(html: str, name: str) -> str:
    found = re.search(rf'\b{name}: "?(\d+)', html)
    assert found, name
    return found[1]


def test_the_form_gives_every_page() -> None:
    with Replica(family="vnpt", articles=200) as replica, httpx.Client(base_url=replica.base_url) as client:
        html = client.get("/tin-tuc").text
        last = re.search(r"maxPage = parseInt\((\d+)\)", html)
        assert last
        assert int(last[1]) == replica.site.pages("tin-tuc", 15) > 1
        titles = []
        for page in range(1, int(last[1]) + 1):
            form = {
                name: _setting(html, name)
                for name in ("article_category_id", "categoryIds", "site_id", "page_size")
            }
            answer = client.post(
                LOAD, data={**form, "page": str(page), "keyword": "", "articlelang": "vi-VN"}
            )
            assert answer.status_code == 200
            assert "<html" not in answer.text
            titles += re.findall(r'<h2 class="Title"><a [^>]*>(.*?)</a>', answer.text, re.S)
            assert f'data-page="{page}"' in answer.text or page > 5
        assert len(titles) == replica.site.count("tin-tuc")


def test_the_form_refuses_what_it_does_not_know() -> None:
    with Replica(family="vnpt", articles=20) as replica, httpx.Client(base_url=replica.base_url) as client:
        assert client.get(LOAD).status_code == 500
        assert client.post(LOAD, data={"page": "2"}).status_code == 500


def test_old_addresses_still_answer() -> None:
    with Replica(family="vnpt", articles=30) as replica, httpx.Client(base_url=replica.base_url) as client:
        article = next(replica.truth())
        old = client.get(f"/Default.aspx?sname=giavien&sid=2476&pageid=1&id={article.identity}")
        assert article.title in words(old.text)


def test_rss_lists_the_newest_with_entities_escaped_twice() -> None:
    with Replica(family="vnpt", articles=30) as replica, httpx.Client(base_url=replica.base_url) as client:
        feed = client.get("/rss.aspx")
        assert feed.headers["content-type"].startswith("text/xml")
        assert feed.text.count("<item>") == 20
        assert next(replica.truth()).url in feed.text
        assert re.search(r"&amp;\w+;", feed.text)
