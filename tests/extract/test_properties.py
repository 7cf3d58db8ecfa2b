"""What holds for any bytes: extraction never raises, never varies, never grows without bound."""

from __future__ import annotations

import html
import random
import re
import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from gvreader.extract import extract
from gvreader.extract.article.blocks import MAX_BLOCKS, MAX_IMAGES
from gvreader.model import Article, Listing, Request
from gvreader.portals import adhoc, known
from tests.extract.compose import HOST, LAYOUTS, LISTINGS, PAGERS, shelf, story
from tests.extract.pages import FIRST, LAST, article, capture, lines, page, read

SCRAPS = (
    b"<div>", b"</div>", b"<table><tr><td>", b"</table>", b"<p>", b'<a href="', b'"', b"<br>", b"\xff\xfe", b"\x00",
    b"&#x1b;", b"&#xD800;", b"<h1>", b"<!--", b"-->", b"<script>", b"<style>", b"<li>", b"<img src=x>",
    b'<base href="http://[">', b'<a href="http://[::1">x</a>', b"<form>", b"<title>", b"<svg>",
    b"<meta charset=utf-16>",
    b"\xcc\x80", b"<blockquote>", b"<pre>\n\n</pre>", b'<time datetime="9999-99-99T99:99">', b"31/12/9999",
    b"\xe2\x80\xae", b"<nav>", b"Trang sau", b"<ul><li><ul>", b"S\xe1\xbb\x91 k\xc3\xbd hi\xe1\xbb\x87u", b'{"d":',
)  # fmt: skip
TYPES = (
    "text/html",
    "text/html; charset=windows-1258",
    "text/html; charset=utf-16",
    "application/xml",
    "",
    "x",
)
PAGES = tuple(LAYOUTS[name](story(seed), seed).encode() for seed, name in enumerate(LAYOUTS))
SHELVES = tuple(layout(shelf(3, 4, PAGERS["path"][1])).encode() for layout in LISTINGS.values())
PORTALS = (adhoc(HOST), *known())


@given(st.binary(max_size=600), st.sampled_from(TYPES), st.sampled_from(PORTALS))
@settings(max_examples=120, deadline=None)
def test_any_bytes(body: bytes, content_type: str, portal: object) -> None:
    given_ = capture(body, headers=(("Content-Type", content_type),))
    assert extract(given_, portal) == extract(given_, portal)  # type: ignore[arg-type]


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=60))
@settings(max_examples=80, deadline=None)
def test_any_address_and_headers(url: str, header: str, coding: str) -> None:
    headers = (("Content-Type", header), ("Content-Encoding", coding))
    read(PAGES[0], url, headers=headers, source_uri=header, request=Request(url=url))


@given(st.randoms(use_true_random=False), st.sampled_from(PAGES + SHELVES), st.sampled_from(PORTALS))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_broken_pages(chance: random.Random, body: bytes, portal: object) -> None:
    broken = bytearray(body)
    for _ in range(chance.randint(1, 30)):
        place = chance.randrange(len(broken) + 1)
        action = chance.random()
        if action < 0.3:
            del broken[place : place + chance.randint(0, 60)]
        elif action < 0.7:
            broken[place:place] = chance.choice(SCRAPS)
        elif action < 0.9:
            start = chance.randrange(len(broken) + 1)
            broken[place:place] = broken[start : start + chance.randint(0, 300)]
        else:
            broken[place : place + 1] = bytes([chance.randrange(256)])
    given_ = capture(bytes(broken), headers=(("Content-Type", chance.choice(TYPES)),))
    assert extract(given_, portal) == extract(given_, portal)  # type: ignore[arg-type]


def reserialised(body: bytes) -> bytes:
    root = etree.fromstring(body, etree.HTMLParser(encoding="utf-8"))
    return etree.tostring(root, encoding="utf-8", method="html")


@given(st.integers(0, 10_000), st.sampled_from(sorted(LAYOUTS)), st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_a_page_written_again_says_the_same(seed: int, layout: str, style: int) -> None:
    body = LAYOUTS[layout](story(seed), style).encode()
    found = read(body, f"{HOST}/tin-tuc/bai-{seed}.html")
    assert isinstance(found.page, Article)
    assert read(reserialised(body), f"{HOST}/tin-tuc/bai-{seed}.html").page == found.page


@given(st.integers(1, 8), st.sampled_from(sorted(LISTINGS)), st.sampled_from(sorted(PAGERS)))
@settings(max_examples=40, deadline=None)
def test_a_listing_written_again_says_the_same(size: int, layout: str, pager: str) -> None:
    path, pages = PAGERS[pager]
    body = LISTINGS[layout](shelf(3, size, pages, path=path)).encode()
    assert read(reserialised(body), HOST + path).page == read(body, HOST + path).page


def words_of(body: bytes) -> set[str]:
    """Every word of a page, tags taken out both as nothing and as a space; attribute values count as they stand."""
    text = body.decode("utf-8", "replace")
    inside = " ".join(re.findall(r"""=\s*["']([^"'<>]*)""", text))
    told = " ".join((re.sub(r"<[^>]*>", "", text), re.sub(r"<[^>]*>", " ", text), inside))
    for _ in range(3):
        told = html.unescape(told)
    return set(re.findall(r"\w+", unicodedata.normalize("NFC", told)))


@given(st.randoms(use_true_random=False), st.sampled_from(PAGES))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_but_the_words_of_the_page(chance: random.Random, body: bytes) -> None:
    lines_ = body.splitlines(keepends=True)
    kept = b"".join(line for line in lines_ if chance.random() < 0.9)
    found = read(kept).page
    if isinstance(found, Article):
        said = [found.title, found.author or "", found.organisation or "", found.summary or "", *lines(found)]
        said += [image.caption or "" for image in found.images]
        assert set(re.findall(r"\w+", " ".join(said))) <= words_of(kept)


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=200))
@settings(max_examples=80, deadline=None)
def test_text_is_composed_and_silent(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    found = read(page(f"<p>{FIRST}</p><p>{escaped}</p><p>{LAST}</p>")).page
    if isinstance(found, Article):
        for line in lines(found):
            assert {unicodedata.category(letter) for letter in line}.isdisjoint(("Cc", "Cf", "Co", "Cs"))
            assert unicodedata.is_normalized("NFC", line)
            assert line == line.strip()
            assert "  " not in line


DEPTH = 10_000
NESTS = {
    "boxes": "<div>",
    "letters": "<b>",
    "lists": "<ul><li>",
    "tables": "<table><tr><td>",
    "fonts": "<font><span>",
    "links": '<a href="/x">',
    "quotes": "<blockquote>",
}


@pytest.mark.parametrize("tags", NESTS.values(), ids=NESTS.keys())
@pytest.mark.parametrize("closed", [True, False])
def test_deep_nesting(tags: str, *, closed: bool) -> None:
    names = [part.partition(" ")[0].strip("<>") for part in tags.replace("><", "> <").split("> ")]
    closing = "".join(f"</{name}>" for name in reversed(names)) * DEPTH if closed else ""
    html = page(f"{tags * DEPTH}<p>{FIRST}</p>{closing}<p>{LAST}</p>")
    found = read(html).page
    if closed and tags not in ("<ul><li>", '<a href="/x">'):
        assert isinstance(found, Article)
        assert FIRST in found.text


def test_huge_pages_are_bounded() -> None:
    found = article(page(f"<p>{FIRST}</p>" + "<p>Một đoạn văn ngắn.</p>" * 30_000))
    assert len(found.blocks) <= MAX_BLOCKS
    pictures = "".join(f'<p><img src="/{number}.jpg"></p>' for number in range(2_000))
    assert len(article(page(f"<p>{FIRST}</p>{pictures}<p>{LAST}</p>")).images) <= MAX_IMAGES
    links = "".join(
        f'<li><a href="/bai-viet-so-{n}.html">Bài viết dài số {n} của huyện ta</a></li>' for n in range(5_000)
    )
    many = read(f"<html><body><h1>Tin tức</h1><ul>{links}</ul></body></html>", f"{HOST}/tin-tuc").page
    assert isinstance(many, Listing)
    assert len(many.items) <= 2_000


def test_crowded_tags_and_long_words() -> None:
    attributes = " ".join(f"a{number}=1" for number in range(60_000))
    assert article(page(f"<p {attributes}>{FIRST}</p><p>{LAST}</p>")).text.startswith(FIRST)
    assert article(page(f"<p>{FIRST}</p><p>{'a' * 1_000_000}</p>")).text.startswith(FIRST)
    assert article(page(f"<p>{FIRST}</p>{' ' * 1_000_000}<p>{LAST}</p>")).text == f"{FIRST}\n\n{LAST}"


def test_confidence_falls_as_witnesses_disappear() -> None:
    """The better a page tells its fields, the surer the result: title in the head, weekday, a body of its own."""
    body = f"<p>{FIRST}</p><p>{LAST}</p>"
    witnesses = [
        page(body),
        page(body, date="Thứ hai, 07/02/2023"),
        page(body)
        .replace("<title>UBND huyện tổ chức hội nghị sơ kết</title>", "")
        .replace("h1>", "div>")
        .replace("Thứ ba", "Thứ hai"),
    ]
    sure = [article(html, f"{HOST}/?id=5").confidence for html in witnesses]
    assert all(one > other for one, other in pairwise(sure))


@pytest.mark.parametrize(
    "body",
    [
        "<!-- x -->" * 500,
        "<p>" + "".join(f'<a href="/tin-{n}.html">Tin số {n}</a>' for n in range(8000)) + "</p>",
        "<p>a" + "\u0301\u0323" * 100_000 + "</p>",
        "<a onclick=\"downloadFile('id','/upload/a.pdf')\">x</a>" * 6000,
        '<a href="/x?' + "a&" * 200_000 + '">x</a>' + '<a href="/' + "%25" * 200_000 + '">x</a>',
    ],
    ids=["comments", "links", "marks", "files", "addresses"],
)
def test_no_page_takes_longer_than_its_size_allows(body: str) -> None:
    spelled = page(body) if not body.startswith("<!--") else body + page("x")
    began = time.process_time()
    read(spelled)
    assert time.process_time() - began < 4
