from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gvreader.archive.library import Library
from gvreader.archive.library.content import stamp
from gvreader.model import (
    PORTAL_TIME,
    ArticleRow,
    Attachment,
    Image,
    Marks,
    SectionRef,
    StoredArticle,
)

from . import making
from .making import CULTURE, NEWS, PORTAL, Scribe, article, at, capture, paragraphs


def current(library: Library, article_id: int) -> StoredArticle:
    stored = library.articles.stored(article_id)
    assert stored is not None
    return stored


def test_a_stored_article_comes_back_whole(library: Library, scribe: Scribe) -> None:
    shown = replace(
        article(),
        summary="Tóm tắt",
        published=datetime(2023, 2, 7, 10, 31, tzinfo=PORTAL_TIME),
        number="78/2008/QĐ-UBND",
        images=(Image(url="https://giavien.ninhbinh.gov.vn/public/a.jpg", caption="Quảng cảnh", alt="ảnh"),),
        attachments=(Attachment(url="https://giavien.ninhbinh.gov.vn/public/qd.pdf", name="Quyết định.pdf"),),
        related=("https://giavien.ninhbinh.gov.vn/khac-1.html",),
    )
    article_id = scribe.see(shown, at(0))
    stored = current(library, article_id)
    assert stored.article == shown
    assert stored.content_sha256 == shown.content_sha256
    assert (stored.first_seen, stored.fetched, stored.changed) == (at(0), at(0), at(0))
    assert stored.evidence is not None
    assert stored.evidence.record_id == "urn:uuid:1"
    row = stored.row
    assert row == library.articles.rows([article_id])[0]
    assert (row.key, row.portal, row.kind, row.title) == (
        "giavien:882",
        "giavien",
        "article",
        "UBND huyện tổ chức hội nghị",
    )
    assert row.sections == (NEWS,)
    assert row.published == shown.published
    assert (row.revision, row.words, row.has_image, row.has_attachment) == (1, 9, True, True)
    assert row.gone is None
    assert not row.marks.read


def test_a_later_look_at_the_same_is_no_revision(library: Library, scribe: Scribe) -> None:
    article_id = scribe.see(article(), at(0))
    scribe.see(article(), at(3))
    stored = current(library, article_id)
    assert (stored.row.revision, stored.fetched, stored.changed) == (1, at(3), at(0))
    (only,) = library.articles.history(article_id)
    assert (only.number, only.first_seen, only.last_seen) == (1, at(0), at(3))


def test_a_change_becomes_current_and_the_old_text_stays(library: Library, scribe: Scribe) -> None:
    article_id = scribe.see(article("bản một"), at(0))
    scribe.see(replace(article("bản hai"), title="Tiêu đề mới", published=date(2023, 2, 9)), at(3))
    stored = current(library, article_id)
    assert stored.article.text == "bản hai"
    assert (stored.row.title, stored.row.revision) == ("Tiêu đề mới", 2)
    assert (stored.first_seen, stored.changed, stored.fetched) == (at(0), at(3), at(3))
    assert stored.evidence is not None
    assert stored.evidence.record_id == "urn:uuid:2"
    old = library.articles.get("giavien:882", revision=1)
    assert old is not None
    assert old.article.text == "bản một"
    assert (old.row.title, old.row.revision) == ("UBND huyện tổ chức hội nghị", 1)
    assert (old.first_seen, old.changed, old.fetched) == (at(0), at(0), at(0))
    assert old.evidence is not None
    assert old.evidence.record_id == "urn:uuid:1"
    assert library.articles.get("giavien:882", revision=3) is None
    assert library.check() == ()


def test_an_older_capture_goes_into_the_past(library: Library, scribe: Scribe) -> None:
    article_id = scribe.see(article("hôm nay"), at(10))
    known = library.articles.find(PORTAL, article().url, "882")[0]
    old = scribe.record(capture(article().url, at(-500), source="wayback"))
    assert library.articles.add_revision(known.id, article("ngày xưa"), at(-500), old) == "earlier"
    stored = current(library, article_id)
    assert stored.article.text == "hôm nay"
    assert (stored.first_seen, stored.changed, stored.fetched) == (at(-500), at(10), at(10))
    assert [(step.number, step.source) for step in library.articles.history(article_id)] == [
        (1, "wayback"),
        (2, "live"),
    ]
    again = scribe.record(capture(article().url, at(5)))
    assert library.articles.add_revision(known.id, article("hôm nay"), at(5), again) == "unchanged"
    assert current(library, article_id).changed == at(5)


def test_a_different_capture_inside_a_revision_splits_it(library: Library, scribe: Scribe) -> None:
    article_id = scribe.see(article("A"), at(0))
    scribe.see(article("A"), at(10))
    scribe.see(article("B"), at(5))
    history = library.articles.history(article_id)
    texts = []
    for step in history:
        stored = library.articles.get(str(article_id), revision=step.number)
        assert stored is not None
        texts.append((step.first_seen, step.last_seen, stored.article.text))
    assert texts == [(at(0), at(0), "A"), (at(5), at(5), "B"), (at(10), at(10), "A")]
    assert current(library, article_id).row.revision == 3
    assert len({step.evidence for step in history}) == 3


def test_an_unchanged_answer_confirms_what_was_in_force(library: Library, scribe: Scribe) -> None:
    article_id = scribe.see(article("A"), at(0))
    scribe.see(article("B"), at(10))

    def confirmed(days: float) -> None:
        library.articles.touch(
            article_id, at(days), scribe.record(capture(article().url, at(days), status=304))
        )

    confirmed(12)
    confirmed(4)
    confirmed(-3)
    spans = [(step.number, step.first_seen, step.last_seen) for step in library.articles.history(article_id)]
    assert spans == [(1, at(-3), at(4)), (2, at(10), at(12))]
    stored = current(library, article_id)
    assert (stored.first_seen, stored.fetched, stored.changed) == (at(-3), at(12), at(10))


def test_one_capture_counts_once(library: Library, scribe: Scribe) -> None:
    article_id = scribe.see(article("A"), at(0))
    ref = scribe.ref()
    for _time in range(2):
        capture_id = library.captures.add(PORTAL, capture(article().url, at(1)), ref, "article")
        library.articles.add_revision(article_id, article("B"), at(1), capture_id)
    assert library.articles.known(PORTAL)[0].observations == 2


def test_gone_and_back(library: Library, scribe: Scribe) -> None:
    article_id = scribe.see(article(), at(0))
    library.articles.set_gone(article_id, at(7))
    assert current(library, article_id).row.gone == at(7)
    assert library.overview().gone == 1
    library.articles.set_gone(article_id, None)
    assert current(library, article_id).row.gone is None


@pytest.mark.parametrize(
    "reference",
    [
        "1",
        " 1 ",
        "001",
        "giavien:882",
        "https://giavien.ninhbinh.gov.vn/hoi-nghi-882.html",
        "http://www.giavien.ninhbinh.gov.vn:80/hoi-nghi-882.html#top",
        "giavien.ninhbinh.gov.vn/hoi-nghi-882.html",
        "https://giavien.ninhbinh.gov.vn/tin-tuc/hoi-nghi-882.html",
    ],
)
def test_references(library: Library, scribe: Scribe, reference: str) -> None:
    article_id = scribe.see(article(), at(0))
    library.articles.add_url(article_id, "http://giavien.ninhbinh.gov.vn/tin-tuc/hoi-nghi-882.html")
    stored = library.articles.get(reference)
    assert stored is not None
    assert stored.row.key == "giavien:882"


@pytest.mark.parametrize(
    "reference", ["2", "0", "", "giavien:1", "9" * 30, "\0", "\ud800", "https://[", "%", "' OR 1=1 --", "²"]
)
def test_references_that_lead_nowhere(library: Library, scribe: Scribe, reference: str) -> None:
    scribe.see(article(), at(0))
    assert library.articles.get(reference) is None


def test_unknown_numbers_are_skipped_and_order_is_kept(library: Library, scribe: Scribe) -> None:
    ids = [scribe.see(one, at(0)) for one in making.many(5)]
    asked = [ids[3], 999, ids[0], ids[4], -1]
    assert [row.id for row in library.articles.rows(asked)] == [ids[3], ids[0], ids[4]]
    assert [stored.row.id for stored in library.articles.stream(asked)] == [ids[3], ids[0], ids[4]]
    assert library.articles.stored(999) is None
    assert library.articles.history(999) == ()
    assert list(library.articles.ids()) == ids[::-1]


def test_streaming_crosses_its_chunks(library: Library, scribe: Scribe) -> None:
    with library.transaction():
        ids = [scribe.see(one, at(0)) for one in making.many(450)]
    assert [stored.row.id for stored in library.articles.stream(iter(ids))] == ids


def test_find_by_address_and_by_id(library: Library, scribe: Scribe) -> None:
    one = scribe.see(article(number="3"), at(0))
    other = replace(article("Giới thiệu", number="3"), url=f"{making.ORIGIN}/gioi-thieu-3.html", kind="page")
    capture_id = scribe.record(capture(other.url, at(0)))
    two = library.articles.insert(PORTAL, other, "giavien:abc", at(0), capture_id)
    assert [known.id for known in library.articles.find(PORTAL, other.url, "3")] == [two, one]
    assert [known.id for known in library.articles.find(PORTAL, other.url, None)] == [two]
    assert library.articles.find("kimson", other.url, "3") == ()
    assert library.articles.has_url(two, "http://giavien.ninhbinh.gov.vn/gioi-thieu-3.html/")
    assert not library.articles.has_url(one, other.url)
    assert [known.id for known in library.articles.with_content(PORTAL, other.content_sha256)] == [two]
    assert library.articles.has_key("giavien:abc")
    assert not library.articles.has_key("giavien:abd")


def test_lists_are_newest_first_with_undated_pages_last(library: Library, scribe: Scribe) -> None:
    numbers = {}
    for number, published in (
        ("1", None),
        ("2", date(2023, 2, 7)),
        ("3", date(2024, 1, 1)),
        ("4", None),
        ("5", date(2023, 2, 7)),
    ):
        numbers[number] = scribe.see(replace(article(number=number), published=published), at(int(number)))
    assert list(library.articles.ids()) == [numbers[number] for number in "35241"]
    # An undated page that turns out to be older moves down; a date that appears moves it up.
    scribe.see(replace(article(number="4"), published=None), at(-9))
    assert list(library.articles.ids()) == [numbers[number] for number in "35214"]
    scribe.see(replace(article(number="1"), published=date(2025, 1, 1)), at(20))
    assert list(library.articles.ids()) == [numbers[number] for number in "13524"]
    assert library.check() == ()


def test_a_crowd_on_one_day_finds_room(library: Library, scribe: Scribe) -> None:
    with library.transaction():
        for number in range(200):
            shown = replace(article(f"tin {number}"), identity=None, url=f"{making.ORIGIN}/tin-{number}.html")
            capture_id = scribe.record(capture(shown.url, at(0)))
            library.articles.insert(PORTAL, shown, f"giavien:{number:012x}", at(0), capture_id)
    ids = list(library.articles.ids())
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 200


def test_sections_come_from_pages_and_listings(library: Library, scribe: Scribe) -> None:
    article_id = scribe.see(article(), at(0))
    section_id = library.sections.save(PORTAL, CULTURE, at(0))
    library.articles.put_in_section(article_id, section_id)
    library.articles.put_in_section(article_id, section_id)
    scribe.see(replace(article("khác"), sections=(SectionRef(slug="kinh-te", title="Kinh tế"),)), at(1))
    assert {ref.slug for ref in current(library, article_id).row.sections} == {
        "tin-tuc",
        "van-hoa",
        "kinh-te",
    }
    assert [(count.slug, count.articles) for count in library.sections.counts()] == [
        ("tin-tuc", 1),
        ("van-hoa", 1),
        ("kinh-te", 1),
    ]


def test_hostile_text_is_stored_as_text(library: Library, scribe: Scribe) -> None:
    evil = "'); DROP TABLE heads; -- \0 \ud800 \x1b[31m \u202e <script> ☃"
    shown = replace(
        article(),
        title=evil,
        author=evil,
        summary=evil,
        blocks=paragraphs(evil, "NEAR( AND * ^ \" '"),
        sections=(SectionRef(slug=evil, title=evil),),
        attachments=(Attachment(url=evil, name=evil),),
        images=(Image(url=evil, caption=evil),),
    )
    capture_id = scribe.record(replace(capture(shown.url, at(0)), headers=(("ETag", "\xff\x00\ud800"),)))
    article_id = library.articles.insert(PORTAL, shown, "giavien:882", at(0), capture_id)
    scribe.record(capture("https://x.vn/\ud800\0", at(0)))
    library.articles.add_url(article_id, "https://x.vn/\ud800\0")
    stored = current(library, article_id)
    assert stored.row.title == "'); DROP TABLE heads; --  \ufffd [31m  <script> ☃"
    assert stored.article.text.startswith(stored.row.title)
    assert library.check() == ()


# ── articles that were imported without captures ────────────────────────────────────────────────


def exported(
    text: str = "nội dung", *, revision: int = 1, changed: float = 0, fetched: float = 0
) -> StoredArticle:
    shown = article(text)
    row = ArticleRow(
        id=4711,
        key="giavien:882",
        portal=PORTAL,
        url=shown.url,
        kind="article",
        sections=(NEWS,),
        title=shown.title,
        summary=None,
        published=shown.published,
        author=shown.author,
        organisation=shown.organisation,
        language="vi",
        marks=Marks(read=True, starred=True, tags=("hội nghị", "năm 2023")),
        gone=at(90),
        revision=revision,
        words=shown.words,
        changed=at(changed),
    )
    return StoredArticle(
        row=row,
        article=shown,
        first_seen=at(0),
        fetched=at(fetched),
        changed=at(changed),
        content_sha256=shown.content_sha256,
        evidence=None,
    )


def comparable(stored: StoredArticle) -> StoredArticle:
    return replace(stored, row=replace(stored.row, id=0), evidence=None)


@pytest.mark.parametrize(
    "original", [exported(), exported(fetched=30), exported(revision=3, changed=12, fetched=30)]
)
def test_an_export_is_restored_as_it_is(library: Library, original: StoredArticle) -> None:
    for _time in range(2):
        article_id = library.articles.restore(original)
        assert comparable(current(library, article_id)) == comparable(original)
        assert len(library.articles.history(article_id)) == 1
    assert library.captures.count() == 0
    assert library.check() == ()


def test_a_restored_digest_is_kept(library: Library) -> None:
    original = replace(exported(), content_sha256="0" * 64)
    assert current(library, library.articles.restore(original)).content_sha256 == "0" * 64


def test_a_capture_joins_a_restored_article(library: Library, scribe: Scribe) -> None:
    article_id = library.articles.restore(exported("nội dung", revision=3, changed=12, fetched=30))
    same = replace(article("nội dung"), family="giavien@2020", related=("https://x.vn/1",))
    assert scribe.see(same, at(40)) == article_id
    stored = current(library, article_id)
    assert (stored.row.revision, stored.changed, stored.fetched) == (3, at(12), at(40))
    assert stored.article.related == same.related
    assert stored.evidence is not None
    scribe.see(article("mới"), at(50))
    scribe.see(article("xưa"), at(5))
    assert [step.number for step in library.articles.history(article_id)] == [1, 3, 4]
    assert library.check() == ()


def test_restoring_what_is_here_keeps_the_newer_content(library: Library, scribe: Scribe) -> None:
    article_id = scribe.see(article("mới"), at(50))
    assert library.articles.restore(exported("nội dung", fetched=30)) == article_id
    stored = current(library, article_id)
    assert stored.article.text == "mới"
    assert (stored.first_seen, stored.row.revision, stored.row.gone) == (at(0), 2, None)
    assert stored.row.marks.starred
    assert stored.row.marks.tags == ("hội nghị", "năm 2023")


# ── any history, in any order ───────────────────────────────────────────────────────────────────

LOOKS = st.lists(
    st.tuples(
        st.integers(0, 30), st.sampled_from("ABC"), st.sampled_from(("see", "see", "touch", "restore"))
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LOOKS)
def test_any_history_agrees_with_itself(tmp_path_factory: pytest.TempPathFactory, looks: list[Any]) -> None:
    with Library.open(tmp_path_factory.mktemp("any") / "library.sqlite3", mode="write") as library:
        library.portals.save(PORTAL, "Gia Viễn", making.ORIGIN, "giavien")
        scribe = Scribe(library)
        article_id = 0
        for day, text, how in looks:
            if how == "restore":
                shown = replace(
                    exported(text, revision=2, changed=day, fetched=day + 1), first_seen=at(day - 1)
                )
                article_id = library.articles.restore(shown)
            elif how == "touch" and article_id:
                unchanged = capture(article().url, at(day), status=304)
                library.articles.touch(article_id, at(day), scribe.record(unchanged))
            else:
                article_id = scribe.see(article(text), at(day))
        stored = current(library, article_id)
        history = library.articles.history(article_id)
        assert history[-1].number == stored.row.revision
        assert history[-1].content_sha256 == stored.content_sha256 == stored.article.content_sha256
        assert history[-1].last_seen == stored.fetched
        assert stored.first_seen <= history[0].first_seen
        assert stored.changed == (history[-1].first_seen if stored.row.revision > 1 else stored.first_seen)
        assert library.check() == ()
        rows = library._connection.execute(
            "SELECT number, first_seen, last_seen, content_sha256, source, trust, file, offset, record_id "
            "FROM revisions WHERE article_id = ? ORDER BY number",
            (article_id,),
        ).fetchall()
        assert rows == [
            (
                step.number,
                stamp(step.first_seen),
                stamp(step.last_seen),
                step.content_sha256,
                step.source,
                step.trust,
                *(
                    (step.evidence.file, step.evidence.offset, step.evidence.record_id)
                    if step.evidence
                    else (None,) * 3
                ),
            )
            for step in history
        ]
        by_text = library._connection.execute(
            "SELECT id, title, text, read, content FROM articles"
        ).fetchall()
        assert [(row[0], row[1], row[2]) for row in by_text] == [
            (article_id, stored.row.title, stored.article.text)
        ]


def test_dates_in_the_table_are_in_the_portals_time(library: Library, scribe: Scribe) -> None:
    scribe.see(replace(article(), published=datetime(2023, 2, 6, 20, 31, tzinfo=UTC)), at(0))
    ((published,),) = library._connection.execute("SELECT published FROM articles").fetchall()
    assert published == "2023-02-07T03:31:00+07:00"


def test_an_article_whose_only_record_gave_way_to_another_is_seen_again(
    library: Library, scribe: Scribe
) -> None:
    """A vault that was put back from a copy may hold something else at a known place."""
    lost = scribe.see(article("bài mất chỗ", "3"), at(0))
    scribe.records -= 1
    scribe.see(article("bài ở chỗ ấy bây giờ", "4"), at(1))
    assert scribe.see(article("bài có chỗ mới", "3"), at(2)) == lost
    assert current(library, lost).article.text == "bài có chỗ mới"
