"""Rebuilding keeps what cannot be derived, shows readers the old state until the end, and is all or nothing."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from gvreader.archive.library import FrontierEntry, Library
from gvreader.model import (
    Article,
    ArticleRow,
    Attachment,
    Marks,
    Media,
    Request,
    StoredArticle,
)

from .making import NEWS, ORIGIN, PORTAL, Scribe, article, at, capture


@dataclass(frozen=True)
class Look:
    shown: Article
    when: datetime


PDF = f"{ORIGIN}/public/a.pdf"
LOOKS = (
    Look(article("một", number="1"), at(0)),
    Look(replace(article("hai", number="2"), attachments=(Attachment(url=PDF, name="a"),)), at(0)),
    Look(article("một", number="1"), at(4)),
    Look(article("một sửa", number="1"), at(8)),
    Look(article("ba", number="3"), at(9)),
    Look(article("một xưa", number="1"), at(2)),
    Look(article("năm đã sửa", number="5"), at(20)),
)


def replay(library: Library, looks: tuple[Look, ...] = LOOKS) -> None:
    """What ingest does with the vault's captures."""
    scribe = Scribe(library)
    for look in looks:
        scribe.see(look.shown, look.when)
    media = Media(url=PDF, media_type="application/pdf", bytes=1, sha256="d" * 64, text="Điều 1")
    library.media.put(media, scribe.record(capture(PDF, at(0)), "media"))
    library.journal.set_fact(PORTAL, "soft-404", ["learnt"])


def imported(number: str) -> StoredArticle:
    shown = article("năm" if number == "5" else "chỉ có trong bản xuất", number=number)
    row = ArticleRow(
        id=1,
        key=f"{PORTAL}:{number}",
        portal=PORTAL,
        url=shown.url,
        kind="article",
        sections=(NEWS,),
        title=shown.title,
        summary=None,
        published=shown.published,
        author=shown.author,
        organisation=shown.organisation,
        language="vi",
        marks=Marks(tags=("nhập",)),
        gone=at(15),
        revision=2,
        words=shown.words,
        changed=at(11),
    )
    return StoredArticle(
        row=row,
        article=shown,
        first_seen=at(10),
        fetched=at(12),
        changed=at(11),
        content_sha256=shown.content_sha256,
        evidence=None,
    )


@pytest.fixture
def filled(library: Library) -> Library:
    with library.transaction():
        for number in ("4", "5"):
            library.articles.restore(imported(number))
        replay(library)
        run = library.journal.start_run(PORTAL, at(0))
        library.journal.push(PORTAL, FrontierEntry(kind="article", request=Request(url=f"{ORIGIN}/x-9.html")))
    numbered = {row.key: row.id for row in library.articles.rows(library.articles.ids())}
    marks = library.marks
    marks.set_read([numbered["giavien:1"], numbered["giavien:4"]], True)
    marks.set_starred([numbered["giavien:2"]], True)
    marks.tag([numbered["giavien:1"], numbered["giavien:3"]], "đọc sau")
    marks.set_place(numbered["giavien:1"], 12)
    marks.set_note(numbered["giavien:2"], "ghi chú")
    marks.save("một", "giavien")
    assert run == 1
    return library


def everything(library: Library) -> dict[str, object]:
    """All that a reader can ask, by key."""
    ids = sorted(library.articles.ids())
    state: dict[str, object] = {}
    for stored in library.articles.stream(ids):
        history = [replace(step, evidence=None) for step in library.articles.history(stored.row.id)]
        place = library.marks.place(stored.row.id)
        state[stored.row.key] = (
            replace(stored, evidence=None),
            history,
            place,
            library.marks.note(stored.row.id),
        )
    state["counts"] = library.sections.counts()
    state["overview"] = library.overview()
    state["tags"] = library.marks.tags()
    state["saved"] = library.marks.saved()
    state["facts"] = library.journal.facts(PORTAL)
    state["waiting"] = library.journal.waiting(PORTAL)
    state["months"] = library.months()
    return state


def test_a_rebuild_gives_the_same_library(filled: Library) -> None:
    before = everything(filled)
    for _time in range(2):
        with filled.rebuilding():
            replay(filled)
        assert everything(filled) == before
        assert filled.check() == ()


def test_a_rebuild_in_another_order_gives_the_same_articles(filled: Library) -> None:
    before = everything(filled)
    with filled.rebuilding():
        replay(filled, tuple(reversed(LOOKS)))
    after = everything(filled)
    # Which title a section was named by first decides nothing but the order of sections.
    assert after == before


def test_inside_only_imports_are_left(filled: Library) -> None:
    with filled.rebuilding():
        rows = filled.articles.rows(filled.articles.ids())
        assert {row.key for row in rows} == {"giavien:4", "giavien:5"}
        (five,) = [row for row in rows if row.key == "giavien:5"]
        stored = filled.articles.stored(five.id)
        assert stored is not None
        assert (stored.article.text, stored.row.revision, stored.fetched) == ("năm", 2, at(12))
        assert filled.captures.count() == 0
        assert filled.media.missing(PORTAL) == ()
        assert filled.journal.facts(PORTAL) == {}
        assert [count.articles for count in filled.sections.counts()] == [2]
        assert filled.check() == ()
        replay(filled)


def test_marks_wait_for_an_article_that_does_not_come_back(filled: Library) -> None:
    one = filled.articles.get("giavien:1")
    assert one is not None
    with filled.rebuilding():
        replay(filled, LOOKS[4:5])
    assert filled.articles.get("giavien:1") is None
    with filled.rebuilding():
        replay(filled)
    again = filled.articles.get("giavien:1")
    assert again is not None
    assert again.row == one.row
    assert filled.marks.place(again.row.id) == 12


def test_numbers_are_never_used_twice(filled: Library) -> None:
    highest = max(filled.articles.ids())
    with filled.rebuilding():
        pass
    assert Scribe(filled).see(article(number="77"), at(30)) == highest + 1


def test_readers_see_the_old_state_until_the_end(path: Path, filled: Library) -> None:
    with Library.open(path, mode="read") as reader:
        before = everything(reader)
        with filled.rebuilding():
            replay(filled, LOOKS[:1])
            assert everything(reader) == before
        assert len(reader.articles.ids()) == 3


def test_a_failure_leaves_everything_as_it_was(filled: Library) -> None:
    before = everything(filled)

    def half() -> None:
        with filled.rebuilding():
            replay(filled, LOOKS[:2])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert everything(filled) == before
    assert filled.check() == ()


def test_a_kill_leaves_everything_as_it_was(path: Path, filled: Library) -> None:
    before = everything(filled)
    filled.close()
    pid = os.fork()
    if pid == 0:
        child = Library.open(path, mode="write")
        with child.rebuilding():
            replay(child, LOOKS[:2])
            os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    with Library.open(path, mode="write") as again:
        assert everything(again) == before
        assert again.check() == ()
