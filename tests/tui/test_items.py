"""Lines of the list: which part of a text is shown where there is room for little."""

from __future__ import annotations

import re

from gvreader.tui.view.items import around_match


def shown(text: str, room: int) -> str:
    """What is seen of a text whose matches stand in brackets."""
    spans = []
    plain = ""
    for part in re.split(r"(\[.*?\])", text):
        if part.startswith("["):
            spans.append((len(plain), len(plain) + len(part) - 2))
        plain += part.strip("[]")
    cut, found = around_match(plain, tuple(spans), room)
    for start, end in reversed(found):
        cut = f"{cut[:start]}[{cut[start:end]}]{cut[end:]}"
    return cut


def test_a_text_whose_matches_fit_is_left_alone() -> None:
    assert shown("Chủ tịch [UBND] huyện chủ trì", 40) == "Chủ tịch [UBND] huyện chủ trì"
    assert shown("không có gì", 4) == "không có gì"


def test_it_begins_shortly_before_its_match() -> None:
    text = "hội nghị trực tuyến toàn huyện do Chủ tịch [UBND] chủ trì"
    assert shown(text, 30) == "… do Chủ tịch [UBND] chủ trì"


def test_it_shows_where_most_matches_stand_rather_than_the_first() -> None:
    text = "đã tiếp [nhận] ý kiến tại phiên họp, thay mặt [ủy] [ban] [nhân] [dân] huyện"
    assert shown(text, 40) == "… họp, thay mặt [ủy] [ban] [nhân] [dân] huyện"
