"""The rules of identity, change, belief and revisits, each against cases worked out by hand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gvreader import decide
from gvreader.model import (
    PORTAL_TIME,
    Article,
    ArticleKind,
    Attachment,
    Block,
    ListingItem,
    Published,
    Span,
)

NOW = datetime(2024, 5, 1, 3, 0, tzinfo=UTC)
BODY = "Sáng ngày 07/2, UBND huyện tổ chức Hội nghị."


@dataclass(frozen=True)
class StoredStub:
    key: str = "giavien:882"
    url: str = "https://giavien.ninhbinh.gov.vn/tin-tuc/hoi-nghi-882.html"
    identity: str | None = "882"
    kind: ArticleKind = "article"
    title: str = "Hội nghị kiểm điểm công tác năm 2022"
    content_sha256: str = ""
    fetched: datetime = NOW
    words: int = 9
    gone: datetime | None = None


def article(
    url: str = "https://giavien.ninhbinh.gov.vn/hoi-nghi-882.html",
    *,
    identity: str | None = "882",
    title: str = "Hội nghị kiểm điểm công tác năm 2022",
    text: str = BODY,
    kind: ArticleKind = "article",
    published: Published | None = date(2023, 2, 7),
    attachments: tuple[Attachment, ...] = (),
) -> Article:
    blocks = (Block(kind="paragraph", spans=(Span(text=text),)),) if text else ()
    return Article(
        url=url,
        identity=identity,
        title=title,
        kind=kind,
        published=published,
        blocks=blocks,
        attachments=attachments,
        confidence=0.9,
    )


def test_key_is_the_portals_own_id() -> None:
    assert decide.key_for("giavien", article(), is_taken=lambda key: False) == "giavien:882"


def test_key_without_id_is_twelve_hex_digits_of_the_address() -> None:
    url = "https://giavien.ninhbinh.gov.vn/le-hoi"
    expected = "giavien:" + hashlib.sha256(url.encode()).hexdigest()[:12]
    assert decide.key_for("giavien", article(url, identity=None), is_taken=lambda key: False) == expected


def test_a_taken_number_falls_back_to_the_address() -> None:
    key = decide.key_for("giavien", article(), is_taken=lambda key: key == "giavien:882")
    assert key.removeprefix("giavien:") == hashlib.sha256(article().url.encode()).hexdigest()[:12]


@pytest.mark.parametrize(
    ("page", "trusted", "expected"),
    [
        pytest.param(article(), True, True, id="same number, same slug, other path"),
        pytest.param(
            article("https://giavien.ninhbinh.gov.vn/ten-moi-882.html", title="Tên mới"),
            True,
            True,
            id="renamed",
        ),
        pytest.param(
            article("https://giavien.ninhbinh.gov.vn/ten-moi-882.html", title="Tên mới"),
            False,
            False,
            id="untrusted id",
        ),
        pytest.param(
            article(
                "https://giavien.ninhbinh.gov.vn/gioi-thieu/chung-882.html",
                title="Giới thiệu",
                kind="page",
                published=None,
            ),
            True,
            False,
            id="a static page with an article's number",
        ),
        pytest.param(
            article("https://giavien.ninhbinh.gov.vn/khac-883.html", identity="883"),
            True,
            False,
            id="other number",
        ),
        pytest.param(
            article("http://www.giavien.ninhbinh.gov.vn/tin-tuc/hoi-nghi-882.html", title="Tên mới"),
            False,
            True,
            id="twin address",
        ),
    ],
)
def test_same_article(page: Article, trusted: bool, expected: bool) -> None:
    assert decide.same_article(page, StoredStub(), ids_are_trusted=trusted) is expected


def test_without_ids_the_same_slug_and_text_are_one_article() -> None:
    page = article("https://example.vn/kinh-te/le-hoi", identity=None)
    twin = StoredStub(
        url="https://example.vn/tin-tuc/le-hoi", identity=None, content_sha256=page.content_sha256
    )
    other = StoredStub(url="https://example.vn/tin-tuc/le-hoi", identity=None, content_sha256="other")
    assert decide.same_article(page, twin, ids_are_trusted=False)
    assert not decide.same_article(page, other, ids_are_trusted=False)


@pytest.mark.parametrize(
    ("stored", "captured", "expected"),
    [
        (None, NOW, "new"),
        (StoredStub(content_sha256=article().content_sha256), NOW, "unchanged"),
        (StoredStub(content_sha256="other"), NOW + timedelta(days=1), "changed"),
        (StoredStub(content_sha256="other"), NOW - timedelta(days=1), "earlier"),
        (StoredStub(content_sha256="other", gone=NOW), NOW + timedelta(days=1), "returned"),
    ],
)
def test_change_of(stored: StoredStub | None, captured: datetime, expected: str) -> None:
    assert decide.change_of(article(), captured, stored) == expected


def test_an_empty_body_never_replaces_a_text() -> None:
    refusal = decide.refuse_replacement(article(text=""), StoredStub())
    assert refusal is not None
    assert refusal.kind == "no-body"
    assert "giavien:882" in refusal.detail


def test_a_print_view_is_no_revision_of_what_is_known() -> None:
    view = "https://giavien.ninhbinh.gov.vn/in-bai-viet/882.html"
    refusal = decide.refuse_view(article(), view, StoredStub())
    assert refusal is not None
    assert refusal.kind == "not-article"
    assert decide.refuse_view(article(), view, None) is None
    assert decide.refuse_view(article(), article().url, StoredStub()) is None
    same = StoredStub(content_sha256=article().content_sha256)
    assert decide.refuse_view(article(), view, same) is None


def test_a_file_may_replace_a_text() -> None:
    page = article(
        text="", attachments=(Attachment(url="https://giavien.ninhbinh.gov.vn/a.pdf", name="a.pdf"),)
    )
    assert decide.refuse_replacement(page, StoredStub()) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("UBND huyện tổ chức Hội nghị kiểm điểm…", "UBND huyện tổ chức Hội nghị kiểm điểm công tác", True),
        ("Huyện uỷ Gia Viễn họp", "Huyện ủy Gia Viễn họp", True),
        ("Hội nghị", "Hội nghị kiểm điểm công tác năm 2022", False),
        ("Lễ hội hoa lư năm 2023", "Kế hoạch tiêm phòng", False),
        ("", "Kế hoạch", False),
    ],
)
def test_titles_agree(one: str, other: str, expected: bool) -> None:
    assert decide.titles_agree(one, other) is expected


def test_a_listing_gives_the_date_that_the_page_lacks() -> None:
    mention = ListingItem(url="https://x.vn/a", title=article().title, published=date(2023, 2, 7))
    checked = decide.crosscheck(article(published=None, kind="page"), (mention,))
    assert (checked.published, checked.kind) == (date(2023, 2, 7), "article")


def test_a_listing_never_replaces_the_pages_own_date() -> None:
    mention = ListingItem(url="https://x.vn/a", title=article().title, published=date(2020, 1, 1))
    checked = decide.crosscheck(article(), (mention,))
    assert checked.published == date(2023, 2, 7)
    assert checked.confidence < article().confidence + 0.02


def test_agreeing_title_and_date_raise_confidence() -> None:
    mention = ListingItem(url="https://x.vn/a", title=article().title, published=date(2023, 2, 7))
    assert decide.crosscheck(article(), (mention,)).confidence > article().confidence


def test_day_of_uses_the_portals_time() -> None:
    assert decide.day_of(datetime(2023, 2, 6, 23, 30, tzinfo=UTC)) == date(2023, 2, 7)
    assert decide.as_instant(date(2023, 2, 7)) == datetime(2023, 2, 7, tzinfo=PORTAL_TIME)


@given(
    st.timedeltas(min_value=timedelta(), max_value=timedelta(days=4000)), st.timedeltas(min_value=timedelta())
)
def test_older_articles_are_never_looked_at_more_often(age: timedelta, more: timedelta) -> None:
    older = min(age, timedelta.max - more) + more
    assert decide.revisit_interval(older) >= decide.revisit_interval(age)


def test_overdue() -> None:
    def ratio(fetched: datetime) -> float:
        return decide.overdue(
            published=date(2024, 4, 25),
            first_seen=NOW - timedelta(days=6),
            changed=NOW - timedelta(days=6),
            fetched=fetched,
            now=NOW,
        )

    assert ratio(NOW) == 0
    assert ratio(NOW - timedelta(hours=12)) == pytest.approx(0.5)
    assert ratio(NOW - timedelta(days=2)) == pytest.approx(2)


@given(st.integers(min_value=0, max_value=50))
def test_retries_grow_rarer(attempts: int) -> None:
    assert decide.retry_delay(attempts) <= decide.retry_delay(attempts + 1)
    assert decide.retry_delay(1) == timedelta()
    assert decide.retry_delay(50) == timedelta(days=7)
