"""Notes on paragraphs find their paragraphs again in a changed text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gvreader.archive.library import Library
from gvreader.archive.library.note_anchors import Anchor, NotePlace, places
from gvreader.model import Article, Note

from .making import Scribe, article, at, paragraphs

HARVEST = "Vụ Đông Xuân năm 2025, toàn huyện gieo cấy trên 5330 ha lúa, năng suất ước đạt 70,5 tạ/ha."
DRILL = "Chiều 12/6, xã Gia Tân tổ chức diễn tập phòng, chống lụt bão và tìm kiếm cứu nạn."
THANKS = "Kết luận hội nghị, đồng chí Chủ tịch UBND huyện biểu dương các xã, thị trấn."


@pytest.mark.parametrize(
    ("anchors", "text", "found"),
    [
        ([Anchor(2, DRILL)], [HARVEST, DRILL], [NotePlace(2, "")]),
        ([Anchor(1, DRILL)], [HARVEST, THANKS, DRILL], [NotePlace(3, "moved")]),
        ([Anchor(3, DRILL)], [DRILL, HARVEST, THANKS, DRILL], [NotePlace(4, "moved")]),
        (
            [Anchor(1, HARVEST)],
            [THANKS, HARVEST.replace("5330", "5410").replace("70,5", "71")],
            [NotePlace(2, "changed")],
        ),
        ([Anchor(2, DRILL)], [HARVEST, THANKS], [NotePlace(2, "lost")]),
        (
            [Anchor(1, HARVEST), Anchor(2, DRILL)],
            [DRILL, HARVEST],
            [NotePlace(2, "moved"), NotePlace(1, "moved")],
        ),
        ([Anchor(1, HARVEST), Anchor(2, DRILL)], [DRILL], [NotePlace(2, "lost"), NotePlace(1, "moved")]),
        ([Anchor(5, "")], [DRILL], [NotePlace(5, "")]),
        ([Anchor(1, DRILL)], [], [NotePlace(1, "lost")]),
    ],
)
def test_where_a_note_is_now(anchors: list[Anchor], text: list[str], found: list[NotePlace]) -> None:
    assert list(places(anchors, text)) == found


TEXTS = st.lists(st.sampled_from([HARVEST, DRILL, THANKS, "a b c", "a b d", "x"]), max_size=6)


@given(TEXTS, TEXTS)
def test_every_note_has_a_place_of_its_own(before: list[str], after: list[str]) -> None:
    anchors = [Anchor(number, text) for number, text in enumerate(before, start=1)]
    found = places(anchors, after)
    assert len({one.paragraph for one in found}) == len(anchors)
    for anchor, one in zip(anchors, found, strict=True):
        if one.state in ("", "moved"):
            assert after[one.paragraph - 1] == anchor.quote
    if before == after:
        assert all(one.state == "" for one in found)


def test_notes_move_with_their_paragraphs(library: Library, scribe: Scribe) -> None:
    number = scribe.see(_said(HARVEST, DRILL), at(0))
    library.marks.set_note(number, "hỏi lại", 1)
    library.marks.set_note(number, "ai chủ trì?", 2)
    changed = HARVEST.replace("5330", "5410")
    scribe.see(_said(THANKS, changed, DRILL), at(1))
    assert _notes(library, number) == [
        Note(paragraph=2, text="hỏi lại", quote=HARVEST, state="changed"),
        Note(paragraph=3, text="ai chủ trì?", quote=DRILL, state="moved"),
    ]
    library.marks.set_note(number, "mới", 1)
    assert [(note.paragraph, note.text) for note in _notes(library, number)] == [
        (1, "mới"),
        (2, "hỏi lại"),
        (3, "ai chủ trì?"),
    ]
    library.marks.set_note(number, "", 2)
    assert [(note.paragraph, note.text) for note in _notes(library, number)] == [
        (1, "mới"),
        (3, "ai chủ trì?"),
    ]
    assert library.check() == ()


def _said(*texts: str) -> Article:
    return replace(article(), blocks=paragraphs(*texts))


def _notes(library: Library, number: int) -> list[Note]:
    (row,) = library.articles.rows([number])
    return list(row.marks.notes)
