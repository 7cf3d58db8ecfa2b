"""Articles in page styles that no family declares: every field against what the author wrote."""

from __future__ import annotations

from datetime import datetime

import pytest
from lxml import etree

from gvreader.model import PORTAL_TIME, Article, SectionRef
from tests.extract.compose import HOST, LAYOUTS, Story, story
from tests.extract.pages import article, lines, read

SEEDS = range(14)


def expected_lines(one: Story, layout: str) -> list[str]:
    # On the flat page nothing tells the lead from the body: it is the body's first paragraph.
    return ([one.lead] if one.lead and layout == "flat" else []) + one.lines


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_field(layout: str, seed: int) -> None:
    one = story(seed)
    found = article(LAYOUTS[layout](one, seed), HOST + one.path)
    published = one.published
    if isinstance(published, datetime):
        published = published.replace(tzinfo=PORTAL_TIME)
    assert found.title == one.title
    assert found.published == published
    assert (found.author, found.organisation) == (one.author, one.organisation)
    assert lines(found) == expected_lines(one, layout)
    assert (found.summary or "") == ("" if layout == "flat" else one.lead)
    assert [(image.url, image.caption) for image in found.images] == one.images
    assert [file.name for file in found.attachments] == [name for _, name in one.attachments]
    if layout != "flat":
        assert found.sections == (SectionRef(slug=one.section[0], title=one.section[1]),)
    if layout != "joomla":
        assert list(found.related) == [HOST + url for url, _, _ in one.related]
    assert found.kind == "article"
    assert found.confidence >= 0.7


@pytest.mark.parametrize("layout", LAYOUTS)
def test_without_a_date_it_is_a_static_page(layout: str) -> None:
    for seed in range(4):
        one = story(seed)
        html = LAYOUTS[layout](one, seed)
        printed = _printed_date(html, layout)
        found = read(
            html.replace(printed, "").replace('<meta property="article:published_time"', "<meta x"),
            HOST + one.path,
        ).page
        assert isinstance(found, Article)
        assert (found.kind, found.published) == ("page", None)


def _printed_date(html: str, layout: str) -> str:
    return html.partition({
        "semantic": "<time>", "tables": "<font size=1><i>", "hashed": '"dD2"><span>', "blog": '"posted-on">',
        "aspnet": 'ngay_dang">', "flat": "</h2><p>", "columns": 'fa-clock"></i> ', "joomla": "<time>",
    }[layout])[2].partition("<")[0].strip()  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_page_serialised_again_gives_the_same_article(layout: str) -> None:
    for seed in range(6):
        one = story(seed)
        html = LAYOUTS[layout](one, seed)
        tree = etree.fromstring(html.encode(), etree.HTMLParser(encoding="utf-8"))
        again = etree.tostring(tree, method="html", encoding="utf-8", doctype="<!DOCTYPE html>")
        url = HOST + one.path
        assert article(again, url) == article(html, url)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_but_the_pages_own_words(layout: str) -> None:
    for seed in range(6):
        one = story(seed)
        html = LAYOUTS[layout](one, seed)
        tree = etree.fromstring(html.encode(), etree.HTMLParser(encoding="utf-8"))
        words = {word for text in tree.itertext() for word in str(text).split()}
        for line in lines(article(html, HOST + one.path)):
            assert {word for word in line.split() if word != "|"} <= words
