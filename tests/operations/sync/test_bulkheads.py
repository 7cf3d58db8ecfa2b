"""A page that fails its reader costs itself, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from gvreader import ingest
from gvreader.archive.library import Library
from gvreader.archive.vault import Vault
from gvreader.extract import extract as real_extract
from gvreader.ingest import READING, Ingest
from gvreader.model import Article, Capture, Extraction
from gvreader.operations import verify
from gvreader.operations.rebuild import rebuild
from gvreader.portals import Portal, adhoc
from gvreader.sandbox import page_reading as reading
from tests.extract.pages import CAPTURED, FIRST, HOST, LAST, capture, page

PORTAL = adhoc(f"{HOST}/")
GOOD = f"{HOST}/tin-tuc/bai-mot-1.html"
BAD = f"{HOST}/tin-tuc/bai-hai-2.html"


def capture_of(url: str, title: str) -> Capture:
    return capture(page(f"<p>{FIRST} {title}</p><p>{LAST}</p>", title=title), url)


def portal_of(_name: str) -> Portal:
    return PORTAL


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.open(tmp_path / "vault", mode="write", clock=lambda: CAPTURED)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "library.sqlite3", mode="write")


def failing(error: BaseException, *, at: str = BAD) -> object:

    def extract(captured: Capture, portal: Portal, *rest: object) -> Extraction:
        if captured.url == at:
            raise error
        return real_extract(captured, portal, *rest)  # type: ignore[arg-type]

    return extract


def taken_in(vault: Vault, library: Library, url: str, title: str) -> ingest.ApplyResult:
    room = Ingest(vault=vault, library=library)
    kept = room.keep(PORTAL, capture_of(url, title))
    with library.transaction():
        return room.apply(kept)


@pytest.mark.parametrize("error", [RecursionError("deep"), MemoryError(), ValueError("odd")])
def test_a_page_that_fails_is_indexed_with_the_name_of_what_it_raised(
    vault: Vault, library: Library, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(reading, "extract", failing(error))
    taken = taken_in(vault, library, BAD, "Hội nghị thứ hai của huyện")
    assert taken.is_unread
    assert taken.problem is not None
    assert taken.problem.detail.startswith(type(error).__name__)
    assert isinstance(taken_in(vault, library, GOOD, "Hội nghị thứ nhất của huyện").page, Article)
    assert [row.verdict for row in library.captures.all()] == ["unreadable", "article"]
    assert library.check() == ()


def test_what_cannot_be_stored_is_refused_and_rolled_back(
    vault: Vault, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def insert(*_arguments: object) -> int:
        raise OverflowError("too large for SQLite")

    monkeypatch.setattr(type(library.articles), "insert", insert)
    taken = taken_in(vault, library, GOOD, "Hội nghị thứ nhất của huyện")
    assert taken.problem is not None
    assert (taken.problem.kind, "OverflowError" in taken.problem.detail) == ("unreadable", True)
    assert library.check() == ()


def test_what_cannot_be_kept_is_a_value(vault: Vault, library: Library) -> None:
    taken = taken_in(vault, library, "http://thunghiem.example.gov.vn/a b", "Hội nghị của huyện Gia Viễn")
    assert not taken.is_kept
    assert taken.problem is not None
    assert taken.problem.kind == "unreadable"
    assert library.captures.count() == 0


def test_a_page_at_which_the_interpreter_ended_is_read_in_the_worker(
    vault: Vault, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(ingest, "read_capture", lambda *_a, isolated: asked.append(isolated))
    room = Ingest(vault=vault, library=library)
    kept = room.keep(PORTAL, capture_of(BAD, "Hội nghị thứ hai của huyện"))
    assert library.journal.fact(PORTAL.name, READING) is not None
    assert verify.catch_up(vault, library, portal_of) == 1
    assert asked == [False, True]
    assert kept.ref is not None


def test_nothing_is_remembered_of_what_was_read(vault: Vault, library: Library) -> None:
    taken_in(vault, library, GOOD, "Hội nghị thứ nhất của huyện")
    assert library.journal.fact(PORTAL.name, READING) is None


def test_a_later_version_reads_again_what_failed_an_earlier_one(
    vault: Vault, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(reading, "extract", failing(ValueError("odd")))
        taken_in(vault, library, BAD, "Hội nghị thứ hai của huyện")
    verify.catch_up(vault, library, portal_of)
    assert [row.verdict for row in library.captures.all()] == ["unreadable"]
    monkeypatch.setattr(verify, "extractor_version", lambda: "9.9+another")
    verify.catch_up(vault, library, portal_of)
    assert [row.verdict for row in library.captures.all()] == ["article"]


def test_a_rebuild_goes_on(vault: Vault, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    taken_in(vault, library, BAD, "Hội nghị thứ hai của huyện")
    taken_in(vault, library, GOOD, "Hội nghị thứ nhất của huyện")
    monkeypatch.setattr(reading, "PAGE_SECONDS", 0.000001)
    *_, done = rebuild(vault=vault, library=library, portal_of=portal_of, jobs=1)
    assert [finding.kind for finding in done.unreadable] == ["unread-page"] * 2
    assert {row.verdict for row in library.captures.all()} == {"too-slow"}
