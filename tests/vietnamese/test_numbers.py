"""Which document numbers are recognised in texts, measured on sentences that were marked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gvreader.vietnamese import nfc
from gvreader.vietnamese.numbers import find_numbers, kind_of_number, number_key, number_spans

MARKED = Path(__file__).parents[1] / "fixtures" / "numbers" / "marked.tsv"


def marked() -> list[tuple[str, set[str]]]:
    lines = MARKED.read_text("utf-8").splitlines()
    return [
        (text, set(filter(None, numbers.split(";"))))
        for text, _, numbers in (a.partition("\t") for a in lines)
    ]


def test_numbers_in_context_are_told_from_their_false_friends() -> None:
    right = found = wanted = 0
    for text, numbers in marked():
        recognised = set(find_numbers(text))
        right += len(recognised & numbers)
        found += len(recognised)
        wanted += len(numbers)
    assert wanted >= 200
    assert right / found >= 0.98
    assert right / wanted >= 0.98


def test_half_of_what_is_marked_names_no_document_where_friends_are_false() -> None:
    assert sum(not numbers for _text, numbers in marked()) >= 50


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("01-NQ/HU", "1-NQ/HU"),
        ("01-NQ/HU", "01/NQ-HU"),
        ("01-NQ/HU", "01 - nq / hu"),
        ("78/2008/QĐ-UBND", "78-2008/QD.UBND"),
        ("78/QĐ-UBND", "78/QĐUBND"),
        ("35-NQ/TƯ", "35-NQ/TW"),
        ("78/08/QĐ-UB", "78/2008/QĐ-UB"),
    ],
)
def test_spellings_of_one_number_have_one_key(one: str, other: str) -> None:
    assert number_key(one) == number_key(other)


@pytest.mark.parametrize("other", ["78/2009/QĐ-UBND", "178/2008/QĐ-UBND", "78/QĐ-UBND", "78/2008/NQ-UBND"])
def test_other_numbers_have_other_keys(other: str) -> None:
    assert number_key(other) != number_key("78/2008/QĐ-UBND")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("01-NQ/HU", "nghị quyết"),
        ("30/2020/NĐ-CP", "nghị định"),
        ("78/QĐUBND", "quyết định"),
        ("470/UBND-VP", None),
        ("112/TTr-UBND", "tờ trình"),
    ],
)
def test_the_code_names_the_kind(number: str, kind: str | None) -> None:
    assert kind_of_number(number) == kind


@settings(deadline=None)
@given(st.text(alphabet="0123456789/-–.: \nQĐUBNDquyết số", max_size=60))
def test_a_span_lies_in_its_text_and_spells_its_number(text: str) -> None:
    end = 0
    for span in number_spans(nfc(text)):
        assert end <= span.start < span.end <= len(nfc(text))
        assert nfc(text)[span.start].isdecimal()
        assert not span.number.split()[1:]
        end = span.end
