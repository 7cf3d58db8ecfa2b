"""The server: HTTP as clients know it, a log for tests, and the command."""

from __future__ import annotations

import gzip
import http.client
import re
import subprocess
import sys
from datetime import datetime

import httpx
import pytest

from gvreader.model import PORTAL_TIME
from tests.portal import Replica
from tests.portal.hostile import ATTACKS


def test_one_connection_serves_many_requests() -> None:
    with Replica(articles=5) as replica:
        connection = http.client.HTTPConnection("127.0.0.1", replica.port)
        connection.connect()
        used = connection.sock
        for path in ("/", "/tin-tuc.html", "/robots.txt", "/khong-co", "/"):
            connection.request("GET", path)
            connection.getresponse().read()
            assert connection.sock is used
        connection.request("HEAD", "/")
        answer = connection.getresponse()
        assert answer.read() == b""
        assert int(answer.headers["Content-Length"]) > 1000
        connection.close()


def test_gzip_only_for_who_accepts_it() -> None:
    with Replica(articles=5) as replica:
        for accepted, coded in (("gzip, deflate", "gzip"), ("identity", None)):
            connection = http.client.HTTPConnection("127.0.0.1", replica.port)
            connection.request("GET", "/", headers={"Accept-Encoding": accepted})
            answer = connection.getresponse()
            body = answer.read()
            assert answer.headers["Content-Encoding"] == coded
            assert "Gia Viễn" in (gzip.decompress(body) if coded else body).decode()
            connection.close()


@pytest.mark.parametrize("path", ["article", "listing", "picture"])
def test_unchanged_pages_answer_304(path: str) -> None:
    with Replica(articles=60) as replica, httpx.Client(base_url=replica.base_url) as client:
        article = next(article for article in replica.truth() if article.images)
        url = {"article": article.url, "listing": "/tin-tuc.html", "picture": article.images[0].url}[path]
        first = client.get(url)
        again = client.get(url, headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == first.headers["etag"]
        if "last-modified" in first.headers:
            since = client.get(url, headers={"If-Modified-Since": first.headers["last-modified"]})
            assert since.status_code == 304
        assert client.get(url, headers={"If-None-Match": '"other"'}).status_code == 200


def test_validators_can_be_left_out() -> None:
    with Replica(articles=5, validators=False) as replica:
        answer = httpx.get(replica.base_url)
        assert "etag" not in answer.headers
        assert "last-modified" not in answer.headers


def test_the_log_tells_what_was_asked() -> None:
    with Replica(articles=5) as replica:
        httpx.get(f"{replica.base_url}/tin-tuc.html?a=1", headers={"User-Agent": "gvreader-test"})
        httpx.get(f"{replica.base_url}/khong-co")
        first, second = replica.requests
        assert (first.method, first.path, first.status) == ("GET", "/tin-tuc.html?a=1", 200)
        assert first.headers["user-agent"] == "gvreader-test"
        assert second.status == 404
        assert first.at <= second.at


def test_robots_allow_the_site_without_a_delay() -> None:
    with Replica(articles=5) as replica:
        text = httpx.get(f"{replica.base_url}/robots.txt").text
        assert "Crawl-delay" not in text
        assert "Disallow: /\n" not in text


def test_the_clock_is_given() -> None:
    visit = datetime(2023, 5, 31, 10, 0, tzinfo=PORTAL_TIME)
    with Replica(articles=5, clock=lambda: visit) as replica:
        assert "Thứ tư, 31/05/2023 | 10:00:00" in httpx.get(replica.base_url).text


def test_hostile_text_arrives_as_text() -> None:
    with Replica(articles=12, hostile=True) as replica, httpx.Client(base_url=replica.base_url) as client:
        pages = [client.get(article.url).text for article in replica.truth()]
        assert any("&lt;script&gt;" in page for page in pages)
        assert not any("<script>alert" in page for page in pages)
        assert any("\x1b[31m" in page for page in pages)
        assert any("\u202e" in page for page in pages)
        assert any(len(line) > 50_000 for page in pages for line in page.splitlines())
        assert len(ATTACKS) > 8


def test_the_command_serves_until_it_is_ended() -> None:
    command = [
        sys.executable,
        "-m",
        "tests.portal",
        "--family",
        "vnpt",
        "--articles",
        "7",
        "--fault",
        "empty=/tin-tuc",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            base = process.stdout.readline().strip()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", base)
            assert "vnPortal" in httpx.get(base).text
            assert httpx.get(f"{base}tin-tuc").content == b""
        finally:
            process.terminate()
        process.wait(timeout=10)


def test_the_command_knows_its_faults() -> None:
    command = [sys.executable, "-m", "tests.portal", "--fault", "gremlins"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "gremlins" in done.stderr


@pytest.mark.parametrize(
    "path", ["/x-²³.html", f"/x-{'9' * 5000}.html", "/tin-tuc/trang-²۳.html", "/%00", "/%ff%fe-882.html"]
)
def test_odd_addresses_are_answered(path: str) -> None:
    with Replica(articles=5) as replica:
        assert httpx.get(f"{replica.base_url}{path}").status_code in (200, 404)


def test_a_hundred_thousand_articles_open_at_once() -> None:
    with Replica(articles=100_000) as replica:
        oldest = replica.site.page(None, 50_000, 2)[-1]
        assert httpx.get(f"{replica.base_url}/x-{oldest.number}.html").status_code == 200
