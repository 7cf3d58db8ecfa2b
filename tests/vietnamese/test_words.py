from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gvreader.vietnamese.abbreviations import DEFAULT, Abbreviations, _table
from gvreader.vietnamese.keyboard import decode, decode_word, is_syllable
from gvreader.vietnamese.numbers import find_numbers, number_term
from gvreader.vietnamese.words import LONGEST_TERM, fold_term, terms, twin


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Huyện Uỷ, hoà bình!", ["huyện", "ủy", "hòa", "bình"]),
        ("VHTT&TT 78/2008/QĐ-UBND", ["vhtt", "tt", "78", "2008", "qđ", "ubnd"]),
        ("kinh_tế  kinh\u200btế", ["kinh", "tế", "kinh", "tế"]),
        ("Gia\u00adViễn vi\u2060ên", ["giaviễn", "viên"]),
        ("175,5 km²", ["175", "5", "km²"]),
        ("ΟΔΟΣ ὁδός", ["οδοσ", "ὁδόσ"]),
        ("…—!?", []),
        ("a" * 100, ["a" * LONGEST_TERM]),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected
    assert terms(unicodedata.normalize("NFD", text)) == expected


@settings(deadline=None)
@given(st.text())
def test_terms_are_terms_of_themselves(text: str) -> None:
    for term in terms(text):
        assert terms(term) == [term]
        assert terms(term.upper())[:1] == terms(term.upper().lower())[:1]
        assert terms(fold_term(term)) == [fold_term(term)]
        assert 0 < len(term) <= LONGEST_TERM


@pytest.mark.parametrize(
    ("term", "other"),
    [
        ("kỹ", "kĩ"),
        ("sĩ", "sỹ"),
        ("lý", "lí"),
        ("mỹ", "mĩ"),
        ("quý", "quí"),
        ("ty", "ti"),
        ("thủy", None),
        ("thi", None),
        ("y", None),
        ("kim", None),
        ("ngày", None),
    ],
)
def test_twins(term: str, other: str | None) -> None:
    assert twin(term) == other
    assert other is None or twin(other) == term


def test_document_numbers() -> None:
    text = (
        "Quyết định số 78/2008/QĐ-UBND; 15-KH/HU, 1674/NQ-UBTVQH15, 59/2020/QH14, 12/CT-TTg, số 09 /2023/TT-BNV, "
        "30/BC- UBND, 70/2018/QÐ-UBND; 15/15 chỉ tiêu, tháng 1/2023 UBND, 24/7 Hotline, lớp 3-A, nhà 12/Đ, ngày 3/2"
    )
    assert find_numbers(text) == (
        "78/2008/QĐ-UBND",
        "15-KH/HU",
        "1674/NQ-UBTVQH15",
        "59/2020/QH14",
        "12/CT-TTg",
        "09/2023/TT-BNV",
        "30/BC-UBND",
        "70/2018/QĐ-UBND",
    )


@pytest.mark.parametrize("typed", ["78/2008/QĐ-UBND", "78/2008/qđ - ubnd", " 78 / 2008 / QĐ–UBND "])
def test_one_spelling_for_a_number(typed: str) -> None:
    assert number_term(typed) == "78/2008/qđ-ubnd"


@settings(deadline=None)
@given(st.text())
def test_number_terms_hold_no_syntax(text: str) -> None:
    assert all(letter.isalnum() or letter in "/-" or ord(letter) > 127 for letter in number_term(text))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ubnd", "ủy ban nhân dân"),
        ("ủy ban nhân dân", "ubnd"),
        ("uy ban nhan dan", "ubnd"),
        ("hđnd", "hội đồng nhân dân"),
        ("hdnd", "hội đồng nhân dân"),
        ("vhtt tt", "văn hóa thể thao và truyền thanh"),
        ("giáo dục và đào tạo", "gd đt"),
        ("lđtb xh", "lao động thương binh và xã hội"),
        ("bác cáo", ""),
        ("uy bản nhân dân", ""),
        ("xã gia lập", "xã gia vân"),
        ("thị trấn me", "xã gia viễn"),
    ],
)
def test_abbreviations_stand_for_their_meanings(typed: str, expected: str) -> None:
    words = typed.split()
    length, others = DEFAULT.at(words, 0)
    forms = [" ".join(other.terms) for other in others]
    if expected:
        assert length == len(words)
        assert expected in forms
    else:
        assert length < len(words)


def test_no_abbreviation_can_be_read_as_a_word() -> None:
    short = [form for group in _table() for form in group if form.isupper()]
    assert len(short) > 100
    for form in short:
        words = terms(form)
        assert len(words) > 1 or not is_syllable(words[0])


def test_the_longest_form_counts_and_the_table_grows() -> None:
    length, others = DEFAULT.at(["ủy", "ban", "mặt", "trận", "tổ", "quốc", "huyện"], 0)
    assert length == 6
    assert ("ubmttq",) in [other.terms for other in others]
    table = DEFAULT.extended({"GVR": ["trình đọc Gia Viễn"]})
    assert table.at(["gvr"], 0)[0] == 1
    assert DEFAULT.at(["gvr"], 0) == (0, ())
    assert Abbreviations([]).at(["ubnd"], 0) == (0, ())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nongj thoon mowis", "nọng thôn mới"),
        ("noong thoon mowis", "nông thôn mới"),
        ("uyr ban nhaan daan", "ủy ban nhân dân"),
        ("UYR BAN NHAAN DAAN", "ỦY BAN NHÂN DÂN"),
        ("Ddangr booj", "Đảng bộ"),
        ("quyeets ddinhj", "quyết định"),
        ("nuowcs", "nước"),
        ("thuowr", "thuở"),
        ("gif", "gì"),
        ("xax", "xã"),
        ("no6ng tho6n mo7i1", "nông thôn mới"),
        ("d9a5i ho6i5", "đại hội"),
        ("title:ddoo thij", None),
        ("hello world", None),
        ("covid", None),
        ("uy ban nhan dan", None),
        ("nông thôn", None),
        ("2023", None),
    ],
)
def test_raw_keys_decode(typed: str, meant: str | None) -> None:
    assert decode(typed) == meant


@settings(deadline=None)
@given(st.text(max_size=40))
def test_decoding_never_raises_and_gives_syllables(text: str) -> None:
    decode(text)
    for word in text.split():
        for decoded in (decode_word(word, "telex"), decode_word(word, "vni")):
            assert decoded is None or is_syllable(decoded)


@pytest.mark.parametrize(
    "word",
    [
        "nghiêng",
        "quyết",
        "khuỷu",
        "giếng",
        "gì",
        "quốc",
        "thuở",
        "ý",
        "ủy",
        "yên",
        "oán",
        "ước",
        "xoong",
        "kỹ",
        "Ngoạn",
        "nước",
    ],
)
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize(
    "word", ["covid", "ngi", "kả", "cế", "ubnd", "nat", "ghà", "strong", "ăń", "x", "nướ"]
)
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)
