"""`export jsonl` and `import` are inverse to each other, but for captures and local numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from gvreader.archive.library import Library
from gvreader.export.records import article_json, dumps
from gvreader.model import Article, Marks, SectionRef, StoredArticle
from gvreader.operations.restore import restore
from gvreader.portals import Portal

from .samples import NEWS, stored

NOW = datetime(2030, 1, 1, tzinfo=UTC)
NEWS_SECTION = SectionRef(slug="tin-tuc", title="Tin tức")
CULTURE = SectionRef(slug="van-hoa", title="Văn hóa")
PARTY = SectionRef(slug="xay-dung-dang", title="Xây dựng Đảng")

DOCUMENT = replace(
    NEWS,
    url="https://giavien.ninhbinh.gov.vn/van-ban/quyet-dinh-1234.html",
    identity="1234",
    kind="document",
    number="78/2008/QĐ-UBND",
    published=date(2024, 5, 6),
)
PAGE = replace(
    NEWS,
    url="https://giavien.ninhbinh.gov.vn/gioi-thieu-3.html",
    identity="3",
    kind="article",
    published=None,
)


def _restored(path: Path, articles: list[StoredArticle], name: str) -> list[dict[str, Any]]:
    file = path / f"{name}.jsonl"
    file.write_text("".join(f"{dumps(article_json(one))}\n" for one in articles), "utf-8")
    with Library.open(path / f"{name}.sqlite3", mode="write") as library:
        states = list(restore(file, library=library, portal_of=_portal, clock=lambda: NOW))
        assert states[-1].refused == 0
        ids = library.search.ids("", sort="newest").ids
        return [article_json(one) for one in library.articles.stream(ids)]


def _portal(name: str, _url: str) -> Portal:
    return Portal(name=name, title="Gia Viễn", origin="https://giavien.ninhbinh.gov.vn")


def _compared(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in ("id", "warc")}


def _one(article: Article, **row: Any) -> StoredArticle:
    return replace(stored(article, **row), evidence=None)


def test_kind_and_number_come_back(tmp_path: Path) -> None:
    articles = [_one(DOCUMENT, marks=Marks(starred=True, tags=("a", "b"))), _one(NEWS), _one(PAGE)]
    expected = [_compared(article_json(one)) for one in articles]
    assert expected[0]["kind"] == "document"
    assert expected[0]["number"] == "78/2008/QĐ-UBND"
    assert "kind" not in expected[1]
    assert "number" not in expected[1]
    assert expected[2]["kind"] == "article"
    assert [_compared(record) for record in _restored(tmp_path, articles, "one")] == expected


def test_sections_keep_their_order(tmp_path: Path) -> None:
    """The newest article names the section alone that others name last."""
    articles = [
        _one(replace(DOCUMENT, sections=(PARTY,)), sections=(PARTY,)),
        _one(replace(NEWS, sections=(NEWS_SECTION, CULTURE)), sections=(NEWS_SECTION, CULTURE)),
        _one(replace(PAGE, sections=(CULTURE, PARTY)), sections=(CULTURE, PARTY)),
    ]
    found = _restored(tmp_path, articles, "sections")
    assert [[section["slug"] for section in record["sections"]] for record in found] == [
        ["xay-dung-dang"],
        ["tin-tuc", "van-hoa"],
        ["van-hoa", "xay-dung-dang"],
    ]


def test_sections_that_contradict_each_other_harm_nothing(tmp_path: Path) -> None:
    articles = [
        _one(replace(DOCUMENT, sections=(PARTY, CULTURE)), sections=(PARTY, CULTURE)),
        _one(replace(NEWS, sections=(CULTURE, PARTY)), sections=(CULTURE, PARTY)),
    ]
    found = _restored(tmp_path, articles, "circle")
    assert {section["slug"] for record in found for section in record["sections"]} == {
        "xay-dung-dang",
        "van-hoa",
    }


def test_lines_of_other_shapes_are_only_refused(tmp_path: Path) -> None:
    file = tmp_path / "odd.jsonl"
    lines = [
        '{"sections": 7}',
        '{"sections": [{"slug": 1}], "portal": "x"}',
        "[]",
        '{"sections": [null]}',
        "{",
    ]
    file.write_text("\n".join([*lines, dumps(article_json(_one(NEWS)))]), "utf-8")
    with Library.open(tmp_path / "odd.sqlite3", mode="write") as library:
        *_before, last = restore(file, library=library, portal_of=_portal, clock=lambda: NOW)
        assert (last.new, last.refused) == (1, 5)
        assert [section.slug for section in library.sections.counts()] == ["tin-tuc"]


def test_a_second_export_is_the_first(tmp_path: Path) -> None:
    first = _restored(tmp_path, [_one(DOCUMENT), _one(NEWS), _one(PAGE)], "first")
    again = tmp_path / "again.jsonl"
    again.write_text("".join(f"{json.dumps(record)}\n" for record in first), "utf-8")
    with Library.open(tmp_path / "again.sqlite3", mode="write") as library:
        list(restore(again, library=library, portal_of=_portal, clock=lambda: NOW))
        ids = library.search.ids("", sort="newest").ids
        assert [article_json(one) for one in library.articles.stream(ids)] == first
