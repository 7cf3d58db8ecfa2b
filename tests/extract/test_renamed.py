"""Pages of every family whose names say nothing: classes and ids are digests, the head is another, boxes are plain."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from functools import cache

import pytest

from gvreader.extract import extract
from gvreader.extract.fields.publication_date import day_of
from gvreader.model import Article, Capture, Request
from gvreader.portals import adhoc
from tests.portal import FAMILIES, Replica

ORIGIN = "http://127.0.0.1:8"
CAPTURED = datetime(2027, 1, 1, tzinfo=UTC)
ARTICLES = 12
_NAMES = re.compile(r"""\s(class|id)=("[^"]*"|'[^']*')""")


def renamed(html: str) -> str:
    def digest(found: re.Match[str]) -> str:
        names = (hashlib.md5(name.encode()).hexdigest()[:5] for name in found[2][1:-1].split())
        return f' {found[1]}="{" ".join("c" + name for name in names)}"'

    return _NAMES.sub(digest, html)


def beheaded(html: str) -> str:
    base = re.search(r"<base\b[^>]*>", html)
    head = f"<head><title>Trang chủ</title>{base[0] if base else ''}</head>"
    return re.sub(r"(?is)<head\b.*?</head>", head, html)


def unboxed(html: str) -> str:
    boxes = "h[1-6]|article|section|main|header|footer|nav|aside|figure|figcaption"
    return re.sub(rf"(?i)<(/?)(?:{boxes})\b", r"<\1div", html)


@cache
def pages(family: str) -> list[tuple[Article, str]]:
    replica = Replica(family=family, articles=ARTICLES, seed=7, keep_log=False)
    found = []
    for truth in replica.truth(ORIGIN):
        ask = replica.ask(
            "GET", truth.url.removeprefix(ORIGIN), {"host": ORIGIN.removeprefix("http://")}, b""
        )
        found.append((truth, replica.answer(ask).body.decode()))
    replica.stop()
    return found


@pytest.mark.parametrize(
    "change", [renamed, lambda html: renamed(beheaded(html)), unboxed], ids=["names", "head", "boxes"]
)
@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_but_structure(family: str, change: object) -> None:
    assert callable(change)
    for truth, html in pages(family):
        capture = Capture(
            url=truth.url,
            captured=CAPTURED,
            status=200,
            headers=(("Content-Type", "text/html; charset=utf-8"),),
            body=change(html).encode(),
            request=Request(url=truth.url),
        )
        found = extract(capture, adhoc(ORIGIN)).page
        assert isinstance(found, Article), (truth.url, found)
        assert found.title == truth.title
        assert found.published is not None
        assert truth.published is not None
        assert day_of(found.published) == day_of(truth.published)
        assert (found.author, found.organisation) == (truth.author, truth.organisation)
        assert found.text == truth.text
        assert [(image.url, image.caption) for image in found.images] == [
            (image.url, image.caption) for image in truth.images
        ]
        assert [file.url for file in found.attachments] == [file.url for file in truth.attachments]
