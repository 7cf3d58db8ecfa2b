"""The corpus: the same by seed, lazy, in order, with the real texts among the generated ones."""

from __future__ import annotations

import itertools
import re
import unicodedata

import pytest

from gvreader.demo.article import SECTIONS
from gvreader.demo.content import Corpus
from gvreader.demo.names import slugify
from gvreader.demo.text_generator import in_spelling
from gvreader.model import PORTAL_TIME

SEED_TITLE = (
    "UBND huyện tổ chức Hội nghị kiểm điểm công tác chỉ đạo, điều hành thực hiện nhiệm vụ phát triển kinh tế - xã hội "
    "năm 2022, sơ kết công tác tháng 01/2023 và phát động phong trào thi đua yêu nước năm 2023"
)


def test_same_seed_gives_same_articles_and_another_seed_others() -> None:
    one, again, other = Corpus(seed=5, count=40), Corpus(seed=5, count=40), Corpus(seed=6, count=40)
    assert list(one) == list(again)
    assert [piece.title for piece in one] != [piece.title for piece in other]


def test_articles_are_ordered_by_date_and_numbers_lead_back() -> None:
    corpus = Corpus(seed=1, count=200)
    dates = [piece.published for piece in corpus]
    assert dates == sorted(dates, key=lambda date: date or pytest.fail("an article without a date"))
    numbers = [piece.number for piece in corpus]
    assert len(set(numbers)) == 200
    assert [corpus.place(number) for number in numbers] == list(range(200))
    assert corpus.place(max(numbers) + 1) is None
    assert any(after - before > 1 for before, after in itertools.pairwise(numbers)), "ids have gaps"


def test_dates_span_the_years_at_office_hours() -> None:
    dates = [piece.published for piece in Corpus(seed=1, count=300) if piece.published]
    assert {date.year for date in dates} == set(range(2018, 2026))
    assert all(date.tzinfo == PORTAL_TIME and 7 <= date.hour < 17 for date in dates)


@pytest.mark.parametrize("count", [120, 10_000])
def test_real_article_keeps_its_number_and_day(count: int) -> None:
    corpus = Corpus(seed=1, count=count)
    place = corpus.place(882)
    assert place is not None
    piece = corpus[place]
    assert piece.title == (
        "Sở Văn hóa và Thể thao kiểm tra công tác văn hóa, thể thao và gia đình năm 2020 tại huyện Gia Viễn"
    )
    assert f"{piece.published:%d/%m/%Y}" == "09/12/2020"
    assert [picture.caption for picture in piece.pictures] == [
        "Đ/c Ngô Hùng Khánh - UVBTV - Phó Chủ tịch UBND huyện phát biểu tại hội nghị"
    ]
    assert piece.blocks[-1].lines[0].endswith("đạt cơ quan, đơn vị văn hóa.")
    assert [corpus.number(place) for place in range(count)].count(882) == 1


def test_seed_article_is_whole() -> None:
    piece = next(piece for piece in Corpus(seed=9, count=30) if piece.title == SEED_TITLE)
    assert len(piece.blocks) == 5
    assert piece.blocks[0].lines[0].startswith("Sáng ngày 07/2, UBND huyện tổ chức Hội nghị kiểm điểm")
    assert "Bí thư Huyện uỷ" in piece.blocks[0].lines[0]
    assert "UVBTV Huyện ủy" in piece.blocks[0].lines[0]
    assert piece.sign_off is not None
    assert (piece.sign_off.author, piece.sign_off.organisation) == ("Hồng Hạ", "Trung tâm VHTT&TT")


def test_no_article_says_anything_unfinished() -> None:
    for piece in Corpus(seed=2, count=600):
        texts = [piece.title, piece.lead or "", *(line for block in piece.blocks for line in block.lines)]
        for text in texts:
            assert not re.search(r"[{}\[\]|]|\s\s", text.replace(" | ", "; ")), text
            assert unicodedata.is_normalized("NFC", text)
        assert piece.blocks
        assert {block.image for block in piece.blocks if block.kind == "figure"} == set(
            range(len(piece.pictures))
        )


def test_spellings_vary_as_in_real_texts() -> None:
    text = " ".join(
        line for piece in Corpus(seed=2, count=400) for block in piece.blocks for line in block.lines
    )
    for one, other in (
        ("ủy", "uỷ"),
        ("hóa", "hoá"),
        ("tỷ lệ", "tỉ lệ"),
        ("UBND", "Ủy ban nhân dân"),
        ("đồng chí", "đ/c"),
    ):
        assert one in text
        assert other in text


def test_old_tones_are_put_on_open_rhymes_only() -> None:
    from random import Random

    text = in_spelling("Ủy ban xã Gia Hòa, quý II, hoàn thành, khỏe", Random(0), old_tones=1.0, variants=0.0)
    assert text == "Uỷ ban xã Gia Hoà, quý II, hoàn thành, khoẻ"


def test_stories_happen_in_their_season() -> None:
    for piece in Corpus(seed=4, count=1500):
        assert piece.published is not None
        if piece.title.startswith("Lễ giao nhận quân"):
            assert piece.published.month in (2, 3)
        if "Tết Nguyên đán" in piece.title:
            assert piece.published.month in (1, 2)


def test_every_section_and_kind_of_block_occurs() -> None:
    pieces = list(Corpus(seed=1, count=400))
    assert {section for piece in pieces for section in piece.sections} == set(SECTIONS)
    kinds = {block.kind for piece in pieces for block in piece.blocks}
    assert kinds == {"paragraph", "heading", "item", "table", "figure", "quote"}
    assert any(block.level for piece in pieces for block in piece.blocks if block.kind == "item"), (
        "nested items"
    )
    assert {piece.kind for piece in pieces} == {"article", "document"}
    assert any(piece.sign_off and piece.sign_off.line == "T.H" for piece in pieces)
    assert any(piece.files and len(piece.blocks) == 1 for piece in pieces), (
        "articles that are nothing but a file"
    )


def test_documents_carry_the_number_that_their_title_says() -> None:
    documents = [piece for piece in Corpus(seed=1, count=400) if piece.kind == "document"]
    assert documents
    assert all(piece.document and piece.document in piece.title for piece in documents)


def test_extending_changes_nothing_that_was_there() -> None:
    corpus = Corpus(seed=1, count=50)
    before = list(corpus)
    added = [corpus[place] for place in corpus.extend(7)]
    assert list(corpus)[:50] == before
    assert len(corpus) == 57
    newest = before[-1]
    assert newest.published
    for piece in added:
        assert piece.published
        assert piece.published > newest.published
        assert corpus.place(piece.number) is not None


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_small_portals_hold_the_real_texts_first(count: int) -> None:
    corpus = Corpus(seed=1, count=count)
    assert len(list(corpus)) == count
    assert (SEED_TITLE in {piece.title for piece in corpus}) == (count > 0)


def test_slugs_are_plain() -> None:
    assert slugify("Văn hóa - Xã hội") == "van-hoa-xa-hoi"
    assert slugify("  Đường ĐT477: “Đông Tây”…") == "duong-dt477-dong-tay"
