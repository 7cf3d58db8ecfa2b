"""Breaking and cropping by cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gvreader.tui.view.cells import (
    crop,
    fill,
    is_simple,
    width,
    wrap,
    wrapped,
)

LINE = st.text(st.sampled_from("aệốđ .,-中文ｗ🙂\u0301"), max_size=120).map(
    lambda text: " ".join(text.split())
)


@given(LINE, st.integers(2, 40))
def test_lines_fit_and_lose_no_word(text: str, cells: int) -> None:
    lines = [text[low:high] for low, high in wrap(text, cells)]
    assert all(line and cell_len(line) <= cells for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(LINE, st.integers(1, 40))
def test_the_short_way_measures_like_the_long_one(text: str, cells: int) -> None:
    assert width(text) == cell_len(text)
    assert cell_len(crop(text, cells)) <= cells
    assert cell_len(fill(text, cells)) == cells


def test_every_vietnamese_letter_is_simple() -> None:
    assert is_simple("Đặng Đình Hùng, Uỷ viên UBND huyện – “Kỷ cương” … ● 1.234 ₫")
    assert not is_simple("中")
    assert not is_simple("e\u0301")


def test_words_stay_whole_where_they_can() -> None:
    text = "hội nghị kiểm điểm"
    assert [text[low:high] for low, high in wrap(text, 9)] == ["hội nghị", "kiểm điểm"]
    assert [text[low:high] for low, high in wrap(text, 9, 1)] == ["hội nghị"]


def test_a_text_longer_than_its_lines_says_so() -> None:
    assert wrapped("hội nghị kiểm điểm", 9, 2) == ["hội nghị", "kiểm điểm"]
    assert wrapped("hội nghị kiểm điểm công tác", 9, 2) == ["hội nghị", "kiểm điể…"]
    assert wrapped("hội nghị", 9, 0) == []


@pytest.mark.parametrize("last", ["sông", "中国"])
def test_what_is_tied_stays_together_unless_it_is_longer_than_a_line(last: str) -> None:
    text = f"cầu qua {last}\u00a0[12]"
    assert [text[low:high] for low, high in wrap(text, 14)] == ["cầu qua", f"{last}\u00a0[12]"]
    assert "".join(text[low:high] for low, high in wrap(text, 6)) == text.replace(" ", "")


@pytest.mark.parametrize("text", ["x" * 1_000_000, "từ " * 300_000, "中" * 200_000])
def test_a_line_of_a_megabyte_breaks(text: str) -> None:
    lines = wrap(text.strip(), 70)
    assert sum(high - low for low, high in lines) >= len(text.replace(" ", ""))
