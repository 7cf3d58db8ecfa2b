"""What happens to a portal between two visits."""

from __future__ import annotations

import httpx
import pytest

from tests.demo.reading import words
from tests.portal import Replica


def test_an_edit_makes_a_revision_and_a_new_etag() -> None:
    with Replica(articles=30) as replica, httpx.Client(base_url=replica.base_url) as client:
        number = replica.site.page(None, 1, 1)[0].number
        before = replica.truth_of(number)
        etag = client.get(before.url).headers["etag"]
        replica.site.edit(number, append="Đính chính: hội nghị diễn ra vào buổi chiều.")
        after = replica.truth_of(number)
        answer = client.get(before.url, headers={"If-None-Match": etag})
        assert answer.status_code == 200
        assert "Đính chính: hội nghị diễn ra vào buổi chiều." in words(answer.text)
        assert before.content_sha256 != after.content_sha256
        assert after.blocks[:-1] == before.blocks


def test_a_new_title_keeps_the_number() -> None:
    with Replica(articles=30) as replica, httpx.Client(base_url=replica.base_url) as client:
        number = replica.site.page(None, 1, 1)[0].number
        old = replica.truth_of(number).url
        replica.site.edit(number, title="Tiêu đề đã sửa")
        assert replica.truth_of(number).url.endswith(f"/tieu-de-da-sua-{number}.html")
        assert "Tiêu đề đã sửa" in words(client.get(old).text)


def test_a_deleted_article_is_gone_everywhere_and_can_come_back() -> None:
    with Replica(articles=30) as replica, httpx.Client(base_url=replica.base_url) as client:
        article = next(replica.truth())
        number = int(article.identity or "")
        replica.site.delete(number)
        assert client.get(article.url).status_code == 404
        assert all(article.url != other.url and article.url not in other.related for other in replica.truth())
        for section in article.sections:
            assert article.title not in words(client.get(f"/{section.slug}.html").text)
        with pytest.raises(KeyError):
            replica.truth_of(number)
        replica.site.restore(number)
        assert client.get(article.url).status_code == 200


def test_publishing_shifts_every_page() -> None:
    with Replica(articles=200) as replica:
        size = replica.family.page_size
        before = [piece.number for piece in replica.site.page("tin-tuc", 1, 1000)]
        added = replica.site.publish(12)
        fresh = [piece.number for piece in added if "tin-tuc" in piece.sections]
        assert fresh
        second = [piece.number for piece in replica.site.page("tin-tuc", 2, size)]
        assert second == (sorted(fresh, reverse=True) + before)[size : 2 * size]


def test_related_lists_and_counters_make_no_revision() -> None:
    with Replica(articles=40) as replica:
        piece = next(piece for piece in replica.site.pieces() if replica.site.related(piece))
        before = replica.truth_of(piece.number)
        replica.site.delete(replica.site.related(piece)[0].number)
        after = replica.truth_of(piece.number)
        assert before.related != after.related
        assert before.content_sha256 == after.content_sha256


def test_a_redesign_serves_the_same_articles_in_other_markup() -> None:
    with Replica(articles=20) as replica, httpx.Client(base_url=replica.base_url) as client:
        title = next(replica.truth()).title
        etag = client.get("/").headers["etag"]
        replica.redesign("vnpt")
        assert client.get("/", headers={"If-None-Match": etag}).status_code == 200
        article = next(replica.truth())
        assert article.title == title
        assert "ArticleDetailControl" in client.get(article.url).text
