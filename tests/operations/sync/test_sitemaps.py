"""What robots.txt and feeds name and no list shows is found, and what is no article there is no failure."""

from __future__ import annotations

import json

import pytest

from gvreader.operations.sync import SyncOptions
from gvreader.portals import Portal
from tests.operations.sync.conftest import Archive
from tests.operations.sync.small_portal import SmallPortal, answer
from tests.packing import gzipped

ORIGIN = "https://giavien.ninhbinh.gov.vn"
SITEMAP = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = (
    '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'
)
NEWS = (
    "<news:news xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>"
    "<news:publication_date>2023-02-12</news:publication_date><news:title>{}</news:title></news:news>"
)


def sitemap(site: SmallPortal, *, news: bool = False) -> str:
    """Every article, and a few addresses that are none."""
    entries = [f"<url><loc>{ORIGIN}/</loc></url><url><loc>{ORIGIN}/tin-tuc</loc></url>"]
    entries += [f"<url><loc>{ORIGIN}/khong-co-{number}.html</loc></url>" for number in range(2)]
    for number in range(site.articles):
        more = NEWS.format(site.title(number)) if news else "<lastmod>2023-03-01</lastmod>"
        entries.append(f"<url><loc>{ORIGIN}{site.path(number)}</loc>{more}</url>")
    return SITEMAP.format("".join(entries))


@pytest.mark.parametrize("way", ["plain", "news", "index", "gzip", "gzip in gzip", "endless"])
def test_articles_that_no_list_shows(archive: Archive, giavien: Portal, way: str) -> None:
    with SmallPortal(articles=6) as site:
        site.answers["/"] = site.answers["/tin-tuc"] = answer(site.listing([0, 1, 2]))
        site.robots = f"User-agent: *\nAllow: /\nSitemap: {ORIGIN}/map.xml\n".encode()
        whole = sitemap(site, news=way == "news").encode()
        if way in ("index", "endless"):
            nested = f"<sitemap><loc>{ORIGIN}/nested.xml.gz</loc></sitemap>"
            more = f"<sitemap><loc>{ORIGIN}/map.xml?p=1</loc></sitemap>" * (way == "endless")
            site.answers["/map.xml"] = answer(INDEX.format(nested + more), Content_Type="text/xml")
            site.answers["/nested.xml.gz"] = answer(gzipped(whole), Content_Type="application/x-gzip")
        elif way == "gzip":
            site.answers["/map.xml"] = answer(gzipped(whole), Content_Type="application/gzip")
        elif way == "gzip in gzip":
            site.answers["/map.xml"] = answer(gzipped(gzipped(whole)), Content_Encoding="gzip")
        else:
            site.answers["/map.xml"] = answer(whole, Content_Type="application/xml")
        report = archive.finish(giavien, base_url=site.base_url)
        assert (report.exit_code, report.complete, report.problems) == (0, True, ())
        assert report.tally.new == 6
        site.requests.clear()
        again = archive.finish(giavien, base_url=site.base_url)
        assert (again.exit_code, again.tally.new) == (0, 0)
        assert not [path for path in site.requests if "khong-co" in path]


def test_a_sitemap_waits_for_a_limit(archive: Archive, giavien: Portal) -> None:
    with SmallPortal(articles=6) as site:
        site.answers["/"] = site.answers["/tin-tuc"] = answer(site.listing([0, 1, 2]))
        site.robots = f"Sitemap: {ORIGIN}/map.xml\n".encode()
        site.answers["/map.xml"] = answer(sitemap(site), Content_Type="application/xml")
        limited = archive.finish(giavien, base_url=site.base_url, options=SyncOptions(limit=2))
        assert limited.tally.new == 2
        assert archive.finish(giavien, base_url=site.base_url).tally.new == 4


@pytest.mark.parametrize("media_type", ["application/feed+json", "application/json", "text/plain"])
def test_a_json_feed(archive: Archive, giavien: Portal, media_type: str) -> None:
    with SmallPortal(articles=6) as site:
        link = '<link rel="alternate" type="application/feed+json" href="/feed.json">'
        site.answers["/"] = site.answers["/tin-tuc"] = answer(site.listing([0, 1, 2], head=link))
        items = [
            {"id": str(number), "url": ORIGIN + site.path(number), "title": site.title(number)}
            for number in (3, 4, 5)
        ]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Gia Viễn", "items": [*items, 7, {}]}
        site.answers["/feed.json"] = answer(json.dumps(feed), Content_Type=media_type)
        report = archive.finish(giavien, base_url=site.base_url)
        assert (report.exit_code, report.problems, report.tally.new) == (0, (), 6)
