"""What holds for any bytes: extraction never raises, never varies, never grows without bound."""

from __future__ import annotations

import random
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gvreader.extract import extract
from gvreader.extract.blocks import MAX_BLOCKS, MAX_IMAGES
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
