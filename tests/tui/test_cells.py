"""Breaking and cropping by cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gvreader.tui.cells import crop, fill, is_simple, width, wrap

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


@pytest.mark.parametrize("text", ["x" * 1_000_000, "từ " * 300_000, "中" * 200_000])
def test_a_line_of_a_megabyte_breaks(text: str) -> None:
    lines = wrap(text.strip(), 70)
    assert sum(high - low for low, high in lines) >= len(text.replace(" ", ""))
