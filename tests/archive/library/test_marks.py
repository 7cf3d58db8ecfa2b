from __future__ import annotations

import pytest

from gvreader.archive.library import Library, TagCount
from gvreader.errors import UsageError
from gvreader.model import Marks

from . import making
from .making import Scribe, article, at


@pytest.fixture
def ids(scribe: Scribe) -> list[int]:
    return [scribe.see(shown, at(0)) for shown in making.many(6)]


def marks_of(library: Library, article_id: int) -> Marks:
    (row,) = library.articles.rows([article_id])
    return row.marks


def test_reading_and_undoing(library: Library, ids: list[int]) -> None:
    library.marks.set_read(ids[:2], True)
    undo = library.marks.set_read([*ids, 999], True)
    assert set(undo.ids) == set(ids[2:])
    assert len(undo) == 4
    assert library.overview().unread == 0
    redo = library.marks.restore(undo)
    assert [marks_of(library, one).read for one in ids] == [True, True, False, False, False, False]
    library.marks.restore(redo)
    assert library.overview().unread == 0


def test_starring_and_undoing(library: Library, ids: list[int]) -> None:
    undo = library.marks.set_starred(iter(ids[:3]), True)
    assert library.overview().starred == 3
    assert marks_of(library, ids[0]).starred
    assert len(library.marks.set_starred(ids[:3], True)) == 0
    library.marks.restore(undo)
    assert library.overview().starred == 0


def test_tags_are_one_spelling_and_can_be_undone(library: Library, ids: list[int]) -> None:
    library.marks.tag(ids[:2], " #hoà  giải ")
    undo = library.marks.tag(ids[:4], "hòa giải")
    assert set(undo.ids) == set(ids[2:4])
    library.marks.tag(ids[:1], "đọc sau")
    assert library.marks.tags() == (TagCount(tag="đọc sau", articles=1), TagCount(tag="hòa giải", articles=4))
    assert marks_of(library, ids[0]).tags == ("hòa giải", "đọc sau")
    library.marks.restore(undo)
    assert library.marks.tags()[1].articles == 2
    again = library.marks.untag(ids, "hoà giải")
    assert set(again.ids) == set(ids[:2])
    library.marks.restore(again)
    assert library.marks.tags()[1].articles == 2


@pytest.mark.parametrize("name", ["", "   ", "#", "!?"])
def test_a_tag_needs_a_letter(library: Library, ids: list[int], name: str) -> None:
    with pytest.raises(UsageError):
        library.marks.tag(ids, name)


def test_hostile_tags_are_text(library: Library, ids: list[int]) -> None:
    library.marks.tag(ids, "x'); DROP TABLE tags; --\ud800\0")
    assert library.marks.tags()[0].articles == len(ids)


def test_unread_counts_follow_marks_and_sections(library: Library, scribe: Scribe, ids: list[int]) -> None:
    section = library.sections.save(making.PORTAL, making.CULTURE, at(0))
    for article_id in ids[:3]:
        library.articles.put_in_section(article_id, section)
    library.marks.set_read(ids[2:], True)
    counts = {count.slug: (count.articles, count.unread) for count in library.sections.counts()}
    assert counts == {"tin-tuc": (6, 2), "van-hoa": (3, 2)}
    scribe.see(article(), at(1))
    assert library.overview().unread == 3
    library.articles.put_in_section(ids[5], section)
    counts = {count.slug: (count.articles, count.unread) for count in library.sections.counts()}
    assert counts == {"tin-tuc": (7, 3), "van-hoa": (4, 2)}
    assert library.check() == ()


def test_many_marks_at_once(library: Library, scribe: Scribe) -> None:
    with library.transaction():
        many = [scribe.see(shown, at(0)) for shown in making.many(1500)]
    undo = library.marks.set_read(many, True)
    assert len(undo) == 1500
    assert library.overview().unread == 0
    library.marks.restore(undo)
    assert library.overview().unread == 1500
    assert library.check() == ()


def test_saved_searches_keep_their_order(library: Library) -> None:
    marks = library.marks
    marks.save("nông thôn mới", "NTM after:2023")
    marks.save("Văn hoá", "section:van-hoa")
    marks.save("nông  thôn mới", "NTM")
    assert [(saved.name, saved.query) for saved in marks.saved()] == [
        ("nông thôn mới", "NTM"),
        ("Văn hóa", "section:van-hoa"),
    ]
    marks.forget("nông thôn mới")
    marks.forget("never")
    assert [saved.name for saved in marks.saved()] == ["Văn hóa"]
    with pytest.raises(UsageError):
        marks.save("  ", "x")


def test_places_and_notes(library: Library, ids: list[int]) -> None:
    marks = library.marks
    assert (marks.place(ids[0]), marks.note(ids[0])) == (0, "")
    marks.set_place(ids[0], 120)
    marks.set_place(ids[0], 7)
    marks.set_note(ids[0], "xem lại\nđoạn hai")
    assert (marks.place(ids[0]), marks.note(ids[0])) == (7, "xem lại\nđoạn hai")
    marks.set_note(ids[0], " ")
    marks.set_place(999, 3)
    marks.set_note(999, "nobody")
    assert (marks.note(ids[0]), marks.place(999), marks.note(999)) == ("", 0, "")
