"""What a reader made must survive a damaged file, as far as its pages can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from gvreader.archive.library import Library, Salvaged, connection
from gvreader.errors import ArchiveDamaged

from . import making
from .making import Scribe, article, at
from .test_articles import comparable, exported

PAGE = connection.PAGE_SIZE


@pytest.fixture
def damaged(path: Path, library: Library, scribe: Scribe) -> Path:
    """A library with 300 marked articles and one imported one; the caller damages it."""
    with library.transaction():
        ids = [scribe.see(shown, at(0)) for shown in making.many(300)]
        library.articles.restore(exported())
    library.marks.set_read(ids[::2], True)
    library.marks.set_starred(ids[:3], True)
    library.marks.tag(ids, "giữ")
    library.marks.set_note(ids[7], "ghi chú")
    library.marks.set_place(ids[7], 5)
    library.marks.save("một", "NTM")
    library.close()
    return path


def break_pages(path: Path, text: str) -> int:
    """Overwrite the head of every page that holds a text; returns how many there were."""
    content = bytearray(path.read_bytes())
    broken = 0
    for place in range(PAGE, len(content), PAGE):
        if text.encode() in content[place : place + PAGE]:
            content[place : place + 64] = b"\xff" * 64
            broken += 1
    path.write_bytes(content)
    return broken


def rescued(damaged: Path, to: Path) -> tuple[Library, Salvaged]:
    fresh = Library.open(to, mode="write")
    saved = fresh.salvage(damaged)
    with fresh.rebuilding(accept_loss=True) as draft:
        scribe = Scribe(draft.library)
        for shown in making.many(300):
            scribe.see(shown, at(0))
    return fresh, saved


def test_marks_survive_damage_elsewhere(damaged: Path, tmp_path: Path) -> None:
    assert break_pages(damaged, "Nội dung số") >= 1
    with Library.open(damaged, mode="read") as old, pytest.raises(ArchiveDamaged):
        old._connection.execute("SELECT text FROM articles").fetchall()
    fresh, saved = rescued(damaged, tmp_path / "new.sqlite3")
    with fresh:
        assert fresh.overview().starred == 4
        assert fresh.overview().unread == 150
        assert {(count.tag, count.articles) for count in fresh.marks.tags()} >= {("giữ", 300)}
        one = fresh.articles.get("giavien:8")
        assert one is not None
        assert (one.row.id, fresh.marks.note(8), fresh.marks.place(8)) == (8, "ghi chú", 5)
        assert fresh.marks.saved()[0].query == "NTM"
        assert saved.marks >= 300 + 150 + 3
        assert fresh.check() == ()


def test_imported_articles_survive(damaged: Path, tmp_path: Path) -> None:
    fresh, saved = rescued(damaged, tmp_path / "new.sqlite3")
    with fresh:
        restored = fresh.articles.get("giavien:882")
        assert restored is not None
        assert comparable(restored) == comparable(exported())
        assert saved.articles == 1


def test_damage_among_the_marks_costs_only_the_broken_page(damaged: Path, tmp_path: Path) -> None:
    assert break_pages(damaged, "giavien:150") >= 1
    fresh, saved = rescued(damaged, tmp_path / "new.sqlite3")
    with fresh:
        assert saved.marks > 0
        assert fresh.marks.saved()[0].query == "NTM"
        assert fresh.check() == ()


def test_a_file_that_is_no_database_gives_nothing(tmp_path: Path, library: Library, scribe: Scribe) -> None:
    scribe.see(article(), at(0))
    junk = tmp_path / "junk.sqlite3"
    junk.write_bytes(b"junk" * 10_000)
    assert library.salvage(junk) == Salvaged(marks=0, articles=0)
    assert library.overview().articles == 1
