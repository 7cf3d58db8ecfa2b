"""Rebuilding keeps what cannot be derived, shows readers the old state until the end, and is all or nothing."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from gvreader.archive.library import FrontierEntry, Library
from gvreader.errors import ArchiveDamaged
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
    held = capture(PDF, at(0))
    media = Media(url=PDF, media_type="application/pdf", bytes=1, sha256=held.payload_sha256, text="Điều 1")
    library.media.put(media, scribe.record(held, "media"))
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
        with filled.rebuilding(accept_loss=True) as draft:
            replay(draft.library)
        assert everything(filled) == before
        assert filled.check() == ()


def test_a_rebuild_in_another_order_gives_the_same_articles(filled: Library) -> None:
    before = everything(filled)
    with filled.rebuilding(accept_loss=True) as draft:
        replay(draft.library, tuple(reversed(LOOKS)))
    after = everything(filled)
    # Which title a section was named by first decides nothing but the order of sections.
    assert after == before


def test_inside_only_imports_are_left(filled: Library) -> None:
    with filled.rebuilding(accept_loss=True) as draft:
        inside = draft.library
        rows = inside.articles.rows(inside.articles.ids())
        assert {row.key for row in rows} == {"giavien:4", "giavien:5"}
        (five,) = [row for row in rows if row.key == "giavien:5"]
        stored = inside.articles.stored(five.id)
        assert stored is not None
        assert (stored.article.text, stored.row.revision, stored.fetched) == ("năm", 2, at(12))
        assert inside.captures.count() == 0
        assert inside.media.missing(PORTAL) == ()
        assert inside.journal.facts(PORTAL) == {}
        assert [count.articles for count in inside.sections.counts()] == [2]
        assert inside.check() == ()
        replay(draft.library)


def test_marks_wait_for_an_article_that_does_not_come_back(filled: Library) -> None:
    one = filled.articles.get("giavien:1")
    assert one is not None
    with filled.rebuilding(accept_loss=True) as draft:
        replay(draft.library, LOOKS[4:5])
    assert filled.articles.get("giavien:1") is None
    with filled.rebuilding(accept_loss=True) as draft:
        replay(draft.library)
    again = filled.articles.get("giavien:1")
    assert again is not None
    assert again.row == one.row
    assert filled.marks.place(again.row.id) == 12


def test_numbers_are_never_used_twice(filled: Library) -> None:
    highest = max(filled.articles.ids())
    with filled.rebuilding(accept_loss=True):
        pass
    assert Scribe(filled).see(article(number="77"), at(30)) == highest + 1


def test_readers_see_the_old_state_until_the_end(path: Path, filled: Library) -> None:
    with Library.open(path, mode="read") as reader:
        before = everything(reader)
        with filled.rebuilding(accept_loss=True) as draft:
            replay(draft.library, LOOKS[:1])
            assert everything(reader) == before
        assert len(reader.articles.ids()) == 3


def test_a_failure_leaves_everything_as_it_was(filled: Library) -> None:
    before = everything(filled)

    def half() -> None:
        with filled.rebuilding(accept_loss=True) as draft:
            replay(draft.library, LOOKS[:2])
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
        with child.rebuilding() as draft:
            replay(draft.library, LOOKS[:2])
            os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    with Library.open(path, mode="write") as again:
        assert everything(again) == before
        assert again.check() == ()


# ── what would vanish, and going on ─────────────────────────────────────────────────────────────


def test_what_would_vanish_is_counted_and_stays(filled: Library, path: Path) -> None:
    before = everything(filled)

    def lose() -> None:
        with filled.rebuilding() as draft:
            replay(draft.library, LOOKS[1:])

    # The first look is one more at what the third saw: a capture is lost, but no article and no revision.
    with pytest.raises(ArchiveDamaged, match=r"capture"):
        lose()
    assert everything(filled) == before
    assert not path.with_name("library-rebuilding.sqlite3").exists()


def test_files_that_are_lost_are_said_before_anything_is_derived(filled: Library) -> None:
    files = [row[0] for row in filled._connection.execute("SELECT DISTINCT file FROM captures").fetchall()]
    filled.require_files(files)
    with pytest.raises(ArchiveDamaged) as refused:
        filled.require_files([])
    # Articles 1, 2 and 3 hang on captures; 1 has three contents, 2 and 3 one each; 5 has one beside its import.
    assert "3 articles and 6 revisions" in str(refused.value)
    assert "--accept-loss" in refused.value.advice


def test_marks_made_meanwhile_are_kept(path: Path, filled: Library) -> None:
    with filled.rebuilding() as draft:
        replay(draft.library)
        with Library.open(path, mode="write") as marking:
            ids = marking.articles.ids()
            marking.marks.set_starred(ids, True)
            marking.marks.save("mới", "is:unread")
            marking.marks.forget("một")
    rows = filled.articles.rows(filled.articles.ids())
    assert len(rows) == 5
    assert all(row.marks.starred for row in rows)
    assert [search.name for search in filled.marks.saved()] == ["mới"]
    assert filled.check() == ()


def test_a_rebuild_goes_on_after_its_last_batch(path: Path, filled: Library) -> None:
    before = everything(filled)
    filled.close()
    pid = os.fork()
    if pid == 0:
        child = Library.open(path, mode="write")
        with child.rebuilding(version="a") as draft:
            replay(draft.library, LOOKS[:2])
            draft.commit([{"kind": "kept"}])
            Scribe(draft.library).see(LOOKS[2].shown, LOOKS[2].when)
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    with Library.open(path, mode="write") as again:
        assert everything(again) == before
        with again.rebuilding(version="a") as draft:
            assert draft.is_resumed
            assert draft.findings == [{"kind": "kept"}]
            assert draft.library.captures.count() == 3
            scribe = Scribe(draft.library)
            for look in LOOKS[2:]:
                scribe.see(look.shown, look.when)
        after = everything(again)
        for name in ("giavien:1", "giavien:2", "giavien:3", "giavien:5", "saved", "tags"):
            assert after[name] == before[name]
        assert again.check() == ()


@pytest.mark.parametrize("change", ["version", "import"])
def test_a_rebuild_begins_anew_when_something_changed(path: Path, filled: Library, change: str) -> None:
    def half() -> None:
        with filled.rebuilding(version="a") as draft:
            replay(draft.library, LOOKS[:2])
            draft.commit([])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert path.with_name("library-rebuilding.sqlite3").exists()
    if change == "import":
        filled.articles.restore(imported("9"))
    with filled.rebuilding(version="b" if change == "version" else "a") as draft:
        assert not draft.is_resumed
        replay(draft.library)
    assert filled.articles.get("giavien:9") is not None or change == "version"
    assert not path.with_name("library-rebuilding.sqlite3").exists()
