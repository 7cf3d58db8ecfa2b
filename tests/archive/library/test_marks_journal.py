"""Marks survive whatever happens to the library, and one damaged line of their journal costs one mark."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gvreader.archive.library import Library
from gvreader.archive.library.marks_journal import MarkEntry, MarksJournal, entry_of, line_of
from gvreader.errors import StorageFailed

from .making import Scribe, article, at

text = st.text(st.characters(codec="utf-8"), max_size=40)


@given(
    st.builds(
        MarkEntry,
        mark=text,
        key=text,
        detail=st.one_of(text, st.integers()),
        value=st.one_of(st.booleans(), text, st.none()),
        number=st.one_of(st.none(), st.integers()),
    )
)
def test_a_line_gives_its_entry_again(entry: MarkEntry) -> None:
    line = line_of(entry)
    assert entry_of(line) == entry
    assert line.count(b"\n") == 1


@given(st.binary(max_size=80))
def test_no_line_raises(line: bytes) -> None:
    entry_of(line)


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_a_flipped_bit_is_noticed(place: int, bit: int) -> None:
    line = bytearray(
        line_of(MarkEntry(mark="note", key="giavien:882", detail=0, value="Hỏi lại xã", number=17))
    )
    place %= len(line) - 1
    line[place] ^= 1 << bit
    assert entry_of(bytes(line)) is None


@pytest.fixture
def marked(library: Library, scribe: Scribe, path: Path) -> Path:
    """A library with every kind of mark; closed."""
    ids = [scribe.see(article("lúa nếp", str(number)), at(number)) for number in range(1, 4)]
    marks = library.marks
    marks.set_read(ids, True)
    marks.set_read(ids[:1], False)
    marks.set_starred(ids[1:2], True)
    marks.tag(ids[:2], "Nông thôn")
    marks.tag(ids[2:], "nhầm")
    marks.untag(ids[2:], "nhầm")
    marks.set_note(ids[0], "Hỏi lại xã")
    marks.set_note(ids[0], "Câu này sai năm", 2)
    marks.set_note(ids[1], "bỏ")
    marks.set_note(ids[1], "")
    marks.save("mới", "is:unread")
    marks.save("cũ", "before:2020")
    marks.forget("cũ")
    library.close()
    return path


def state(path: Path) -> dict[str, object]:
    """Every mark, by key."""
    with Library.open(path, mode="read") as library:
        rows = library.articles.rows(library.articles.ids())
        return {
            "articles": {
                row.key: (
                    row.id,
                    row.marks.read,
                    row.marks.starred,
                    row.marks.tags,
                    library.marks.notes(row.id),
                )
                for row in rows
            },
            "searches": [(search.name, search.query) for search in library.marks.saved()],
            "tags": [(tag.tag, tag.articles) for tag in library.marks.tags()],
        }


def lose(path: Path) -> None:
    """The library file is gone, with what SQLite keeps beside it."""
    for part in path.parent.glob(f"{path.name}*"):
        part.unlink()


def derive_again(path: Path) -> None:
    """The same articles as in `marked`, seen in another order."""
    with Library.open(path, mode="write") as library:
        library.portals.save("giavien", "Gia Viễn", "https://giavien.ninhbinh.gov.vn", "giavien")
        scribe = Scribe(library)
        for number in (3, 1, 2):
            scribe.see(article("lúa nếp", str(number)), at(number))


def test_marks_survive_the_loss_of_the_library(marked: Path) -> None:
    before = state(marked)
    lose(marked)
    derive_again(marked)
    assert state(marked) == before


def test_marks_survive_an_older_copy_of_the_library(marked: Path) -> None:
    copy = marked.read_bytes()
    with Library.open(marked, mode="write") as library:
        library.marks.set_starred(library.articles.ids(), True)
        library.marks.save("sau", "huyện")
    before = state(marked)
    lose(marked)
    marked.write_bytes(copy)
    Library.open(marked, mode="write").close()
    assert state(marked) == before


def test_a_damaged_line_costs_one_mark(marked: Path) -> None:
    before = state(marked)
    journal = marked.with_name("marks.jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)
    star = next(number for number, line in enumerate(lines) if b"starred" in line)
    lines[star] = lines[star].replace(b"starred", b"stbrred")
    journal.write_bytes(b"".join(lines))
    lose(marked)
    derive_again(marked)
    after = state(marked)
    assert after["searches"] == before["searches"]
    assert after["tags"] == before["tags"]
    changed = [key for key, marks in before["articles"].items() if after["articles"][key] != marks]  # type: ignore[attr-defined,index]
    assert len(changed) == 1
    assert after["articles"][changed[0]][2] is False  # type: ignore[index]


@pytest.mark.parametrize("seed", range(20))
def test_damage_anywhere_never_stops_an_archive(marked: Path, seed: int) -> None:
    journal = marked.with_name("marks.jsonl")
    content = bytearray(journal.read_bytes())
    place = Random(seed).randrange(len(content))
    content[place : place + 16] = bytes(16)
    journal.write_bytes(content)
    before = state(marked)
    Library.open(marked, mode="write").close()
    assert state(marked) == before
    lose(marked)
    derive_again(marked)
    state(marked)


def test_a_missing_journal_is_written_again_from_the_library(marked: Path) -> None:
    before = state(marked)
    marked.with_name("marks.jsonl").unlink()
    Library.open(marked, mode="write").close()
    lose(marked)
    derive_again(marked)
    assert state(marked) == before


def test_a_cut_journal_gives_way_to_the_library(marked: Path) -> None:
    before = state(marked)
    journal = marked.with_name("marks.jsonl")
    journal.write_bytes(journal.read_bytes()[:100])
    Library.open(marked, mode="write").close()
    assert state(marked) == before
    lose(marked)
    derive_again(marked)
    assert state(marked) == before


def test_a_line_that_was_cut_does_not_swallow_the_next(tmp_path: Path) -> None:
    journal = MarksJournal(tmp_path / "marks.jsonl")
    first, second = (MarkEntry(mark="starred", key=key, value=True) for key in ("a:1", "a:2"))
    journal.append([first])
    with (tmp_path / "marks.jsonl").open("ab") as file:
        file.write(b'{"mark":"star')
    journal.append([second])
    content = journal.content()
    assert content.entries == (first, second)
    assert content.damaged == (2,)
    assert content.doubtful == {first.subject}


def test_where_the_journal_cannot_be_written_nothing_is_marked(
    library: Library, scribe: Scribe, path: Path
) -> None:
    article_id = scribe.see(article("lúa nếp", "1"), at(1))
    journal = path.with_name("marks.jsonl")
    journal.unlink()
    journal.symlink_to(path.with_name("elsewhere"))
    with pytest.raises(StorageFailed, match="marks"):
        library.marks.set_starred([article_id], True)
    assert not library.articles.rows([article_id])[0].marks.starred
    assert not path.with_name("elsewhere").exists()
    journal.unlink()
    library.marks.set_starred([article_id], True)
    assert len(MarksJournal(journal).content().entries) == 1


def test_what_is_rolled_back_is_not_in_the_journal(library: Library, scribe: Scribe, path: Path) -> None:
    article_id = scribe.see(article("lúa nếp", "1"), at(1))

    def star_and_fail() -> None:
        with library.transaction():
            library.marks.set_starred([article_id], True)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        star_and_fail()
    library.marks.save("mới", "is:unread")
    entries = MarksJournal(path.with_name("marks.jsonl")).content().entries
    assert [entry.mark for entry in entries] == ["search"]
