"""Small pages of the kinds that real sites taught: each says what a person reads in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gvreader.extract import extract
from gvreader.model import Article, Capture, Extraction, Listing, Refusal, Request
from gvreader.portals import adhoc

KINDS = Path(__file__).parents[1] / "fixtures" / "kinds"
NAMES = sorted(place.name.removesuffix(".expected.json") for place in KINDS.glob("*.expected.json"))
CAPTURED = datetime(2025, 5, 31, 1, 15, tzinfo=UTC)


def read(name: str) -> tuple[dict[str, Any], Extraction]:
    truth = json.loads((KINDS / f"{name}.expected.json").read_text(encoding="utf-8"))
    url = truth["url"]
    capture = Capture(
        url=url,
        captured=CAPTURED,
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=(KINDS / f"{name}.html").read_bytes(),
        request=Request(url=url),
    )
    return truth, extract(capture, adhoc(url))


def text_of(page: Article) -> list[str]:
    lines = [line for block in page.blocks for line in block.lines]
    return [page.summary, *lines] if page.summary and page.summary not in lines else lines


@pytest.mark.parametrize("name", NAMES)
def test_what_a_person_reads(name: str) -> None:
    truth, found = read(name)
    page = found.page
    if truth["verdict"] == "listing":
        assert isinstance(page, Listing), page
        assert page.title == truth["title"]
        assert [(item.title, item.url) for item in page.items] == [
            (item["title"], item["url"]) for item in truth["items"]
        ]
        for item, told in zip(page.items, truth["items"], strict=True):
            assert "published" not in told or str(item.published) == told["published"]
        return
    if truth["verdict"] not in ("article", "page"):
        assert isinstance(page, Refusal), page
        assert page.kind == truth["verdict"]
        return
    assert isinstance(page, Article), page
    assert page.kind == truth["verdict"]
    assert page.title == truth["title"]
    assert (page.published.isoformat() if page.published else None) == truth["published"]
    assert (page.author, page.organisation) == (truth["author"], truth["organisation"])
    assert text_of(page) == truth["text"]
    assert page.family == truth.get("family", "unknown")


def test_there_are_pages_of_every_kind() -> None:
    kinds = {read(name)[0]["kind"] for name in NAMES}
    assert kinds == {*(f"K{number}" for number in range(1, 11)), "families"}
    assert len(NAMES) >= 40
