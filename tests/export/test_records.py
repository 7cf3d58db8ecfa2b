from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gvreader.export.records import (
    ArticleRecordError,
    article_json,
    dumps,
    hit_json,
    row_json,
    stored_from_json,
)
from gvreader.model import PORTAL_TIME, Hit, Marks

from .samples import HOSTILE, NEWS, SEEN, stored

GOLDEN = Path(__file__).parent / "golden"


def _golden(name: str) -> str:
    """Written by hand from the article in samples.py; only the digest is filled in."""
    return (GOLDEN / name).read_text("utf-8").rstrip("\n").replace("@DIGEST@", NEWS.content_sha256)


def test_the_json_of_an_article_is_a_promise() -> None:
    assert dumps(row_json(stored().row)) == _golden("row.json")
    assert dumps(article_json(stored())) == _golden("article.json")


def test_a_hit_adds_score_and_snippet_and_says_when_marks_were_ignored() -> None:
    hit = Hit(row=stored().row, score=1.23456789, snippet="a \ue000b\ue001")
    assert dumps(hit_json(hit)) == _golden("row.json")[:-1] + ',"score":1.234568,"snippet":"a \ue000b\ue001"}'
    assert hit_json(hit, relaxed=True)["relaxed"] is True


def test_moments_are_utc_and_dates_keep_their_offset() -> None:
    timed = datetime(2024, 1, 2, 3, 4, tzinfo=PORTAL_TIME)
    record = article_json(
        replace(
            stored(replace(NEWS, published=timed), gone=datetime(2025, 7, 1, 23, 30, tzinfo=PORTAL_TIME)),
            evidence=None,
        )
    )
    assert record["published"] == "2024-01-02T03:04:00+07:00"
    assert record["gone"] == "2025-07-01T16:30:00Z"
    assert record["warc"] is None


def test_an_exported_article_can_be_restored() -> None:
    original = stored(
        replace(NEWS, published=datetime(2024, 1, 2, 3, 4, tzinfo=PORTAL_TIME)),
        marks=Marks(read=True, starred=True, tags=("đọc lại",)),
        gone=SEEN,
        revision=3,
    )
    line = dumps(article_json(original))
    restored = stored_from_json(json.loads(line), now=datetime(2030, 1, 1, tzinfo=UTC))
    assert restored.article == original.article
    assert restored.row == original.row
    again = article_json(restored)
    assert again.pop("warc") is None
    expected = json.loads(line)
    expected.pop("warc")
    assert again == expected


def test_a_key_from_the_address_gives_no_id() -> None:
    record = article_json(stored())
    record["key"] = "giavien:80ad69d5a1d0"
    assert stored_from_json(record, now=SEEN).article.identity == "80ad69d5a1d0"
    record["url"] = "https://giavien.ninhbinh.gov.vn/gioi-thieu"
    digest = hashlib.sha256(b"https://giavien.ninhbinh.gov.vn/gioi-thieu").hexdigest()[:12]
    record["key"] = f"giavien:{digest}"
    assert stored_from_json(record, now=SEEN).article.identity is None


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("title", None, "`title` should be text, not NoneType"),
        ("key", "882", "`key` should be"),
        ("key", "other:882", "`key` should be"),
        ("published", "hôm qua", "`published` should be a date"),
        ("url", "javascript:alert(1)", "`url` should be an http(s) address"),
        ("images", {"url": "x"}, "`images` should be a list"),
        ("images", [{"url": "ftp://x"}], "`images[0].url` should be an http(s) address"),
        ("attachments", [7], "`attachments` should be a list of objects"),
        ("tags", [1], "`tags` should be a list of texts"),
        ("id", True, "`id` should be a number"),
        ("confidence", "much", "`confidence` should be a number"),
        ("confidence", float("nan"), "`confidence` should be a usual number"),
        ("confidence", float("inf"), "`confidence` should be a usual number"),
        ("confidence", 10**400, "`confidence` should be a usual number"),
        ("id", 2**63, "`id` should be a usual whole number"),
        ("revision", -1, "`revision` should be a usual whole number"),
        ("fetched", "2023", "`fetched` should be a time"),
        ("fetched", "9998-01-01T00:00:00Z", "`fetched` should be a time that has passed"),
        ("changed", "9999-12-31T23:59:59-14:00", "`changed` should be a time such as"),
        ("first_seen", "0001-01-01T00:00:00+14:00", "`first_seen` should be a time such as"),
        ("published", "9999-12-31", "`published` should be a date"),
        ("published", "0001-01-01T00:00:00+14:00", "`published` should be a date"),
    ],
)
def test_what_is_not_an_article_is_refused_by_field(field: str, value: object, complaint: str) -> None:
    record = article_json(stored()) | {field: value}
    with pytest.raises(ArticleRecordError) as caught:
        stored_from_json(record, now=SEEN)
    assert complaint in str(caught.value)


def test_lone_surrogates_are_replaced() -> None:
    record = json.loads(dumps(article_json(stored())).replace("Kết quả", "K\\ud800"))
    restored = stored_from_json(record, now=SEEN)
    assert "K\ufffd" in restored.article.text
    assert restored.content_sha256 == restored.article.content_sha256


def test_hostile_text_is_one_line_of_json() -> None:
    line = dumps(article_json(stored(replace(NEWS, title=HOSTILE))))
    assert "\n" not in line
    assert json.loads(line)["title"] == HOSTILE
