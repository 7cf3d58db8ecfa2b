from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gvreader.vietnamese import (
    fold,
    is_marked,
    nfc,
    normalise,
    sort_key,
)

VIETNAMESE = st.text(
    alphabet="aàảãáạăằâầêếiíìoòôồơờuúưừyýỳđĐbcghklmnpqrstvxHOÀÁỦÝ \u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hoà", "hòa"),
        ("Hoà Bình", "Hòa Bình"),
        ("HOÀ BÌNH", "HÒA BÌNH"),
        ("thuý", "thúy"),
        ("thuỷ", "thủy"),
        ("uỷ", "ủy"),
        ("Uỷ viên", "Ủy viên"),
        ("khoẻ", "khỏe"),
        ("xoá", "xóa"),
        ("toà", "tòa"),
        ("luỹ", "lũy"),
        ("tuỳ", "tùy"),
        ("xoè", "xòe"),
        ("oà", "òa"),
        ("hòan", "hoàn"),
        ("hòang", "hoàng"),
        ("tòan", "toàn"),
        ("thúê", "thuế"),
        ("qúy", "quý"),
        ("qủa", "quả"),
        ("gìa", "già"),
        ("giưã", "giữa"),
        ("ngươì", "người"),
        ("taị", "tại"),
        ("nghiã", "nghĩa"),
        ("cuả", "của"),
        ("tíêng", "tiếng"),
        ("ÐẶNG", "ĐẶNG"),
    ],
)
def test_tone_goes_to_its_traditional_place(old: str, new: str) -> None:
    assert normalise(old) == new
    assert normalise(unicodedata.normalize("NFD", old)) == new


@pytest.mark.parametrize(
    "word",
    [
        "quý",
        "già",
        "gì",
        "gìn",
        "giếng",
        "khỏe",
        "hoàn",
        "hoàng",
        "huỳnh",
        "khuỷu",
        "thuở",
        "của",
        "mía",
        "cứu",
        "chuyện",
        "loại",
        "ngoáy",
        "boóng",
        "nghĩa",
        "quốc",
        "quả",
        "thúy",
        "thủy",
        "giữa",
        "giúp",
        "ngoằn",
        "ngoèo",
        "khuya",
        "thuế",
        "tuần",
        "quần",
        "José",
        "Chloé",
        "café",
        "naïve",
        "Müller",
        "São",
        "Nguyễn",
    ],
)
def test_well_placed_tones_and_foreign_words_stay(word: str) -> None:
    assert normalise(word) == word


@settings(deadline=None)
@given(VIETNAMESE | st.text())
def test_normalise_keeps_length_and_is_idempotent(text: str) -> None:
    assert len(normalise(text)) == len(nfc(text))
    assert normalise(normalise(text)) == normalise(text)


@settings(deadline=None)
@given(VIETNAMESE | st.text())
def test_fold_is_idempotent_and_ignores_form_and_placement(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)
    assert fold(normalise(text)) == fold(text)


@given(st.text() | VIETNAMESE, st.text())
def test_letters_fold_alike_in_any_company(text: str, more: str) -> None:
    # An emoji makes the text one that does not fit the quick way.
    assert fold(f"{text}🌾") == f"{fold(text)}🌾" or "Σ" in nfc(text)
    assert fold(f"{text} {more}") == f"{fold(text)} {fold(more)}" or unicodedata.combining((more or " ")[0])


@settings(deadline=None)
@given(st.text(alphabet="aàảãáạăằâầêếiíìoòôồơờuúưừyýỳđĐbcghÐÁỦ ,.-\u00a01"))
def test_fold_of_composed_letters_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đặng Đình Hùng", "dang dinh hung"),
        ("ỦY BAN NHÂN DÂN", "uy ban nhan dan"),
        ("Ðường", "duong"),
        ("nghiêng ngả", "nghieng nga"),
        ("Crème brûlée", "creme brulee"),
        ("ΑΣ ας", "ας".replace("ς", "σ").replace("α", "α") + " ασ"),
        ("175,5 km²", "175,5 km²"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("word", "marked"),
    [
        ("năm", True),
        ("nam", False),
        ("Đ", True),
        ("QĐ", True),
        ("UBND", False),
        ("NAM", False),
        ("e\u0301", True),
    ],
)
def test_is_marked(word: str, marked: bool) -> None:
    assert is_marked(word) is marked


def test_alphabet_and_tones_order() -> None:
    ordered = [
        "2 tháng",
        "10 tháng",
        "An",
        "Ăn",
        "Ân",
        "ba",
        "ba mươi",
        "bà",
        "bả",
        "bã",
        "bá",
        "bạ",
        "bác",
        "cha",
        "da",
        "đa",
        "đà",
        "em",
        "êm",
        "lam",
        "lăm",
        "lâm",
        "mo",
        "mô",
        "mơ",
        "nga",
        "ngã",
        "nghe",
        "u",
        "ư",
        "vở",
        "xã",
        "y",
    ]
    backwards = ordered[::-1]
    assert sorted(backwards, key=sort_key) == ordered


def test_order_ignores_placement_and_survives_huge_numbers() -> None:
    assert sort_key("hoà")[0] == sort_key("hòa")[0]
    assert sort_key("9" * 10_000) < sort_key("1" + "0" * 10_000)


def test_a_flood_of_marks_takes_no_longer_than_letters() -> None:
    began = time.process_time()
    spelled = nfc("xin cha\u0300o a" + "\u0301\u0323" * 100_000 + " \u0f71\u0f72" + "\u0f73" * 100_000)
    assert time.process_time() - began < 3
    assert spelled.startswith("xin chào ạ\u0323")
    assert len(spelled) < 120


@pytest.mark.parametrize("text", ["…" * 5000 + "a\u0300", "a" + "\u0323" * 12 + "\u0301", "\u0e48" * 40])
def test_few_marks_and_other_signs_stay(text: str) -> None:
    assert nfc(text) == unicodedata.normalize("NFC", text)
