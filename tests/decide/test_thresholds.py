"""Each number that decides, tried at its boundary: change the number, and a test fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gvreader import decide
from gvreader.model import ListingItem

from .test_decide import StoredStub, article

TITLE = "Hội nghị kiểm điểm công tác năm 2022"


def _mention(title: str = TITLE, day: date | None = date(2023, 2, 7)) -> ListingItem:
    return ListingItem(url="https://x.vn/a", title=title, published=day)


def test_a_key_without_id_has_twelve_digits() -> None:
    key = decide.key_for("giavien", article(identity=None), is_taken=lambda key: False)
    assert len(key.removeprefix("giavien:")) == 12


@pytest.mark.parametrize(("length", "agree"), [(19, False), (20, True)])
def test_a_headline_cut_short_names_an_article_from_twenty_characters_on(length: int, agree: bool) -> None:
    whole = "abcdefghijklmnopqrstuvwxyz"
    assert decide.titles_agree(whole[:length] + "…", whole) is agree


@pytest.mark.parametrize(("length", "refused"), [(19, False), (20, True)])
def test_only_a_telling_headline_speaks_against_a_page(length: int, refused: bool) -> None:
    page = replace(article(title="Tên miền này đang được rao bán"), confidence=0.4)
    refusal = decide.refuse_stranger(page, None, ("abcdefghijklmnopqrstuvwxyz"[:length],))
    assert (refusal is not None) is refused


@pytest.mark.parametrize(("confidence", "refused"), [(0.49, True), (0.5, False)])
def test_a_page_is_believed_from_half_on(confidence: float, refused: bool) -> None:
    page = replace(article(title="Tên miền này đang được rao bán"), confidence=confidence)
    assert (decide.refuse_stranger(page, None, (TITLE,)) is not None) is refused


@pytest.mark.parametrize(("length", "share"), [(19, 1.0), (20, 0.8)])
def test_another_headline_in_every_listing_lowers_confidence(length: int, share: float) -> None:
    checked = decide.crosscheck(article(), (_mention("abcdefghijklmnopqrstuvwxyz"[:length]),))
    assert checked.confidence == pytest.approx(round(0.9 * share, 3))


def test_what_agreement_and_disagreement_are_worth() -> None:
    assert decide.crosscheck(article(), (_mention(),)).confidence == pytest.approx(0.92)
    assert decide.crosscheck(article(), (_mention(day=date(2020, 1, 1)),)).confidence == pytest.approx(0.828)
    undated = article(published=None, kind="page")
    assert decide.crosscheck(undated, (_mention(),)).confidence == pytest.approx(0.828)
    assert decide.crosscheck(replace(article(), confidence=0.99), (_mention(),)).confidence == 1.0


@pytest.mark.parametrize(("seen", "learnt"), [(4, False), (5, True)])
def test_a_paragraph_is_boilerplate_from_its_fifth_article_on(seen: int, learnt: bool) -> None:
    candidates: dict[str, list[int]] = {}
    found: dict[str, list[int]] = {}
    for number in range(1, seen + 1):
        candidates, found = decide.learn_boilerplate(candidates, ["Ý kiến bạn đọc"], number)
    assert found == ({"Ý kiến bạn đọc": [1, 2, 3, 4, 5]} if learnt else {})


def test_one_article_read_five_times_proves_nothing() -> None:
    candidates: dict[str, list[int]] = {}
    for _ in range(5):
        candidates, found = decide.learn_boilerplate(candidates, ["Ý kiến bạn đọc"], 7)
        assert found == {}


def test_forty_candidates_are_remembered_and_the_oldest_forgotten() -> None:
    candidates, _ = decide.learn_boilerplate({}, [f"đoạn {number}" for number in range(41)], 1)
    again, _ = decide.learn_boilerplate(candidates, ["đoạn 0", "đoạn 1"], 2)
    assert len(candidates) == len(again) == 40
    assert sorted(map(len, again.values()))[-2:] == [1, 2]


def test_sixty_four_paragraphs_of_boilerplate_are_remembered() -> None:
    known = decide.known_boilerplate([f"đoạn {number}" for number in range(64)], ["mới"])
    assert (len(known), known[0], known[-1]) == (64, "đoạn 1", "mới")


@pytest.mark.parametrize(
    ("days", "hours"),
    [(2, 1), (3, 24), (13, 24), (14, 168), (89, 168), (90, 720), (364, 720), (365, 4320), (4000, 4320)],
)
def test_how_often_an_article_is_looked_at(days: int, hours: int) -> None:
    assert decide.revisit_interval(timedelta(days=days)) == timedelta(hours=hours)


@pytest.mark.parametrize(("attempts", "hours"), [(0, 0), (1, 0), (4, 0), (5, 6), (6, 24), (7, 168), (8, 168)])
def test_how_long_a_failing_page_is_left(attempts: int, hours: int) -> None:
    assert decide.retry_delay(attempts) == timedelta(hours=hours)


def test_an_empty_body_never_replaces_a_stored_one() -> None:
    assert decide.refuse_replacement(article(text=""), StoredStub(words=1)) is not None
    assert decide.refuse_replacement(article(text=""), StoredStub(words=0)) is None
