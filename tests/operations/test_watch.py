"""What saved searches have that is new, and digests of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gvreader import i18n
from gvreader.archive.library import Library
from gvreader.export.digest import Digest, DigestFormat, render
from gvreader.model import Article
from gvreader.operations.watch import Watched, group, watched
from tests.archive.library.making import Scribe, article, at, paragraphs

HARVEST = "Vụ Đông Xuân năm 2025, toàn huyện gieo cấy trên 5330 ha lúa. Năng suất ước đạt 70,5 tạ/ha."


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.sqlite3", mode="write") as library:
        yield library


def said(number: str, text: str, title: str = "Gia Viễn thu hoạch lúa") -> Article:
    return replace(article(number=number), title=title, blocks=paragraphs(text))


def look(library: Library) -> Watched:
    return watched(library, library.marks.saved()[0])


def test_what_came_changed_and_vanished_since_a_look(library: Library) -> None:
    scribe = Scribe(library)
    kept, changed, removed = (scribe.see(said(str(number), HARVEST), at(0)) for number in (1, 2, 3))
    scribe.see(said("9", "Hội nghị sơ kết.", title="Hội nghị"), at(0))
    library.marks.save("lúa", "lúa")
    assert look(library).news.new == (removed, changed, kept)
    library.marks.look("lúa", at(1))
    assert look(library).news == type(look(library).news)()
    # A backfill brings what is old today.
    old = scribe.see(said("4", HARVEST), at(-500))
    scribe.see(said("2", HARVEST.replace("5330", "5410")), at(2))
    scribe.see(said("9", "Hội nghị tổng kết.", title="Hội nghị"), at(2))
    library.articles.set_gone(removed, at(2))
    found = look(library)
    assert (found.total, found.news.new, found.news.changed, found.news.gone) == (
        4,
        (old,),
        (changed,),
        (removed,),
    )
    library.marks.look("lúa", at(3))
    assert look(library).news.gone == ()


def test_saving_anew_keeps_the_look_and_deleting_forgets_it(library: Library) -> None:
    library.marks.save("lúa", "lúa", at(1))
    library.marks.save("lúa", "lúa OR gạo")
    assert library.marks.saved()[0].seen == at(1)
    library.marks.forget("lúa")
    library.marks.save("lúa", "lúa")
    assert library.marks.saved()[0].seen is None
    assert library.check() == ()


def test_looks_lie_in_the_journal_too(library: Library, tmp_path: Path) -> None:
    Scribe(library).see(said("1", HARVEST), at(0))
    library.marks.save("lúa", "lúa", at(1))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "marks.jsonl").write_bytes((tmp_path / "marks.jsonl").read_bytes())
    with Library.open(tmp_path / "other" / "library.sqlite3", mode="write") as other:
        assert [(one.name, one.seen, one.seen_number) for one in other.marks.saved()] == [("lúa", at(1), 1)]


@pytest.fixture
def digest(library: Library) -> Digest:
    scribe = Scribe(library)
    scribe.see(said("2", HARVEST), at(0))
    library.marks.save("lúa <vàng>", "lúa", at(1))
    scribe.see(said("4", HARVEST, title="Lúa *chín* <b>sớm"), at(2))
    scribe.see(said("2", HARVEST.replace("5330", "5410")), at(2))
    return Digest(
        title="Watched", when=at(1) + timedelta(days=3), groups=(group(library, look(library), most=5),)
    )


@pytest.mark.parametrize(
    ("form", "pieces"),
    [
        (
            "text",
            (
                "lúa <vàng>: 1 new, 1 changed since ",
                "● Lúa *chín* <b>sớm",
                "    Vụ Đông Xuân năm 2025, toàn huyện gieo cấy trên 5330 ha lúa. Năng suất",
                "≠ Gia Viễn thu hoạch lúa",
                "trên [-5330-]{+5410+} ha lúa.",
                "https://giavien.ninhbinh.gov.vn/hoi-nghi-4.html",
            ),
        ),
        (
            "markdown",
            (
                "## lúa \\<vàng\\>",
                "[**Lúa \\*chín\\* \\<b\\>sớm**](<https://giavien.ninhbinh.gov.vn/hoi-nghi-4.html>)",
                "trên ~~5330~~**5410** ha lúa.",
            ),
        ),
        (
            "html",
            (
                "<h2>lúa &lt;vàng&gt;</h2>",
                '<a href="https://giavien.ninhbinh.gov.vn/hoi-nghi-4.html">Lúa *chín* &lt;b&gt;sớm</a>',
                "trên <del>5330</del><ins>5410</ins> ha lúa.",
            ),
        ),
    ],
)
def test_a_digest(digest: Digest, form: DigestFormat, pieces: tuple[str, ...]) -> None:
    text = render(digest, form)
    for piece in pieces:
        assert piece in text


def test_a_digest_counts_what_it_leaves_out(library: Library) -> None:
    scribe = Scribe(library)
    for number in range(1, 6):
        scribe.see(said(str(number), HARVEST), at(0))
    library.marks.save("lúa", "lúa")
    found = group(library, look(library), most=2)
    assert (found.new, len(found.entries), found.left_out) == (5, 2, 3)
    assert "… and 3 more" in render(Digest(title="t", when=at(1), groups=(found,)), "text")
