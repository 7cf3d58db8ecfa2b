from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gvreader.query import matcher, parse
from gvreader.vietnamese import nfc
from gvreader.vietnamese.words import fold_term, terms

TEXT = (
    "Uỷ ban nhân dân và UBND huyện Gia Viễn; Lí luận, hoà bình: ĐẶNG ĐÌNH HÙNG (nông-thôn mới), năm Nam_Định"
)


def found(query: str, text: str = TEXT) -> list[str]:
    return [text[match.start : match.end] for match in matcher(parse(query)).finditer(text)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("UBND", ["Uỷ ban nhân dân", "UBND"]),
        ("ủy ban nhân dân", ["Uỷ", "ban", "nhân", "dân", "UBND"]),
        ("hòa", ["hoà"]),
        ("lý", ["Lí"]),
        ("dang dinh hung", ["ĐẶNG", "ĐÌNH", "HÙNG", "Định"]),
        ("đăng", []),
        ("nam", ["năm", "Nam"]),
        ("năm", ["năm"]),
        ("=nam", ["Nam"]),
        ('"nong thon" mới', ["nông-thôn", "mới"]),
        ('"thôn nông"', []),
        ("vie*", ["Viễn"]),
        ("hoa*", ["hoà"]),
        ("hò*", ["hoà"]),
        ("hỏ*", []),
        ("-hùng", []),
        ("=UBND", ["UBND"]),
        ("đặng OR dang", ["ĐẶNG"]),
        ('"năm nam dinh" nam', ["năm Nam_Định"]),
        ('"nam năm" nam', ["năm", "Nam"]),
        ("section:hùng", []),
    ],
)
def test_matches_are_the_original_words(query: str, expected: list[str]) -> None:
    assert found(query) == expected


def test_fields() -> None:
    query = parse("title:hùng đặng author:nam")
    assert [match.which for match in matcher(query, "any").finditer(TEXT)] == [0]
    assert len(list(matcher(query, "title").finditer(TEXT))) == 2
    assert len(list(matcher(query).finditer(TEXT))) == 4


def test_invisible_characters_inside_words() -> None:
    text = "Gia Vi\u00adễn và no\u2060ng"
    assert found("viễn", text) == ["Vi\u00adễn"]
    assert found("nong", text) == ["no\u2060ng"]


@settings(deadline=None)
@given(st.text(alphabet="aăâàáđdeêioôơuưyhnmtgkl HÒÁỦ-_.,\u00ad\n1²"), st.sampled_from(["open", "exact"]))
def test_every_word_of_a_text_finds_itself_and_only_its_like(text: str, way: str) -> None:
    text = nfc(text)
    for term in set(terms(text)):
        query = f"={term}" if way == "exact" else fold_term(term)
        pieces = [text[match.start : match.end] for match in matcher(parse(query)).finditer(text)]
        assert pieces
        for piece in pieces:
            spelled = terms(piece)
            assert len(spelled) == 1 or way == "open"
            if way == "exact":
                assert spelled == [term]


@settings(deadline=None)
@given(st.text(), st.text())
def test_nothing_raises_and_matches_do_not_overlap(query: str, text: str) -> None:
    end = 0
    for match in matcher(parse(query)).finditer(nfc(text)):
        assert end <= match.start < match.end <= len(nfc(text))
        end = match.end
