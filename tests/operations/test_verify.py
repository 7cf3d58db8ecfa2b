"""`verify` reads what readers read: on one snapshot, also while another run writes, and nothing escapes as a crash."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from gvreader.app.archive import Archive
from gvreader.app.clock import now
from gvreader.app.runs.verify_run import run_verify
from gvreader.archive.library import Library
from gvreader.archive.lock import ArchiveLock
from gvreader.archive.vault import Vault
from gvreader.ingest import Ingest
from gvreader.operations.verify import Checked, checked
from gvreader.portals import adhoc
from tests.extract.pages import CAPTURED, HOST, capture
from tests.packing import gzipped

from . import damage

SHEET = "xã,giá đất\nGia Vượng,150000\n".encode() * 40


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive with a few articles and marks; not to be changed."""
    return damage.build(tmp_path_factory.mktemp("whole") / "archive", 6).folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """An archive of the test's own."""
    return shutil.copytree(whole, tmp_path / "archive")


def verify(folder: Path, *, repair: bool = False) -> Checked:
    archive = Archive(damage.settings(folder))
    try:
        return run_verify(archive, repair=repair, note=lambda _text: None)
    finally:
        archive.close()


def change(folder: Path, *statements: tuple[str, tuple[object, ...]]) -> None:
    with closing(sqlite3.connect(folder / "library.sqlite3")) as database:
        for statement, parameters in statements:
            database.execute(statement, parameters)
        database.commit()


def forge(folder: Path) -> None:
    """Another title for one article, in content and rows alike, but not in its digest."""
    with closing(sqlite3.connect(folder / "library.sqlite3")) as database:
        ((number, content),) = database.execute(
            "SELECT id, content FROM contents WHERE article_id = (SELECT min(id) FROM heads WHERE words > 0)"
        ).fetchall()
        article = json.loads(zlib.decompress(content))
        article["title"] = "Giả mạo"
        database.execute(
            "UPDATE contents SET content = ? WHERE id = ?",
            (zlib.compress(json.dumps(article).encode()), number),
        )
        database.execute("UPDATE heads SET title = 'Giả mạo' WHERE content_id = ?", (number,))
        database.commit()


def test_a_whole_archive_is_sound_and_left_as_it_is(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert verify(folder).findings == ()
    assert {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("coding", ["gzip", ""])
def test_a_file_is_what_its_capture_holds_without_its_codings(tmp_path: Path, coding: str) -> None:
    headers = (("Content-Type", "text/csv"), *((("Content-Encoding", coding),) if coding else ()))
    body = gzipped(SHEET) if coding else SHEET
    portal = adhoc(f"{HOST}/")
    with (
        Vault.open(tmp_path / "vault", mode="write", clock=lambda: CAPTURED) as vault,
        Library.open(tmp_path / "library.sqlite3", mode="write") as library,
    ):
        library.portals.save(portal.name, portal.title, portal.origin, portal.family)
        ingest = Ingest(vault=vault, library=library)
        kept = ingest.keep(portal, capture(body, f"{HOST}/gia-dat.csv", headers=headers))
        with library.transaction():
            ingest.apply(kept)
        assert checked(vault, library).findings == ()
    with closing(sqlite3.connect(tmp_path / "library.sqlite3")) as database:
        assert database.execute("SELECT bytes FROM media").fetchall() == [(len(SHEET),)]
        database.execute("UPDATE media SET sha256 = ?", ("0" * 64,))
        database.commit()
    with (
        Vault.open(tmp_path / "vault", mode="read", clock=lambda: CAPTURED) as vault,
        Library.open(tmp_path / "library.sqlite3", mode="read") as library,
    ):
        (finding,) = checked(vault, library).findings
        assert (finding.file, finding.is_damage) == ("media", True)


ONE = "(SELECT min(id) FROM heads)"
WRONG = {
    "contents destroyed": ("UPDATE contents SET content = ?", (b"zzzz",)),
    "text that is not UTF-8": ("UPDATE captures SET url = CAST(x'61ff62' AS TEXT) WHERE id = 1", ()),
    "a title that was not stored": (f"UPDATE heads SET title = 'x' WHERE id = {ONE}", ()),
    "another text for searching": (f"UPDATE bodies SET text = 'x' WHERE id = {ONE}", ()),
    "a time that is none": (f"UPDATE heads SET fetched = 'soon' WHERE id = {ONE}", ()),
    "a time of nobody": ("UPDATE observations SET seen = '2020-01-01T00:00:00+00:00' WHERE id = 1", ()),
    "a number that is text": (f"UPDATE heads SET words = 'many' WHERE id = {ONE}", ()),
    "a place of another day": (f"UPDATE heads SET sk = sk + 100000000 WHERE id = {ONE}", ()),
    "a digest of a picture": ("UPDATE media SET sha256 = 'x' WHERE twin = (SELECT min(twin) FROM media)", ()),
    "an address of a capture": ("UPDATE captures SET source_uri = 'https://elsewhere/' WHERE id = 1", ()),
    "an address of nobody": (
        f"UPDATE urls SET twin = 'elsewhere/' WHERE twin = (SELECT min(twin) FROM urls WHERE article_id = {ONE})",
        (),
    ),
    "a section's title": ("UPDATE sections SET title = 'Khác' WHERE articles > 0", ()),
    "a note that nobody wrote": ("UPDATE notes SET note = 'x', folded = 'x'", ()),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_readers_would_be_told_wrongly_is_found_and_repaired(
    what: str, folder: Path, whole: Path
) -> None:
    change(folder, WRONG[what])
    found = verify(folder)
    assert not found.is_sound
    assert all(flaw.kind == "library" and flaw.detail for flaw in found.findings)
    assert verify(folder, repair=True).is_sound
    assert verify(folder).findings == ()
    assert damage.shown(folder / "library.sqlite3") == damage.shown(whole / "library.sqlite3")


def test_a_mark_that_its_journal_does_not_know_is_found_and_kept(folder: Path) -> None:
    change(folder, (f"INSERT INTO tags VALUES ({ONE}, 'x', 'x')", ()))
    assert not verify(folder).is_sound
    assert verify(folder, repair=True).is_sound
    assert b'"x"' in (folder / "marks.jsonl").read_bytes()
    assert verify(folder).findings == ()


def test_a_forged_article_is_found_and_derived_again(folder: Path, whole: Path) -> None:
    forge(folder)
    assert not verify(folder).is_sound
    assert verify(folder, repair=True).is_sound
    assert damage.shown(folder / "library.sqlite3") == damage.shown(whole / "library.sqlite3")


@pytest.mark.parametrize("version", [1, 99])
def test_an_altered_version_is_found_and_repaired(folder: Path, version: int) -> None:
    change(folder, (f"PRAGMA user_version = {version}", ()))
    assert not verify(folder).is_sound
    assert verify(folder, repair=True).is_sound
    assert verify(folder).findings == ()


def test_a_strangers_trigger_is_found_and_goes(folder: Path, whole: Path) -> None:
    change(folder, ("CREATE TRIGGER evil AFTER UPDATE ON heads BEGIN DELETE FROM tags; END", ()))
    assert not verify(folder).is_sound
    assert verify(folder, repair=True).is_sound
    assert damage.shown(folder / "library.sqlite3") == damage.shown(whole / "library.sqlite3")


@pytest.mark.parametrize("size", [0, 1, 8192, 100_000])
def test_marks_survive_a_truncated_library(folder: Path, size: int) -> None:
    os.truncate(folder / "library.sqlite3", size)
    assert verify(folder, repair=True).is_sound
    archive = Archive(damage.settings(folder))
    marks = archive.library.marks
    rows = archive.library.articles.rows(archive.library.articles.ids())
    assert sum(row.marks.starred for row in rows) == 5
    assert sum(row.marks.read for row in rows) == 6
    assert sum(row.marks.tags == ("đọc lại",) for row in rows) == 2
    assert [row.marks.note for row in rows if row.marks.notes] == ["hỏi lại xã"]
    assert [search.name for search in marks.saved()] == ["mới"]
    archive.close()


def unindexed(folder: Path) -> None:
    """A capture that lies in the vault and is not in the library, as while a run writes it."""
    change(
        folder,
        ("DELETE FROM observations WHERE capture_id = (SELECT max(id) FROM captures)", ()),
        ("DELETE FROM media WHERE capture_id = (SELECT max(id) FROM captures)", ()),
        ("DELETE FROM captures WHERE id = (SELECT max(id) FROM captures)", ()),
    )


@pytest.mark.parametrize("prepare", [unindexed])
def test_what_a_running_writer_has_under_way_is_no_flaw(
    folder: Path, prepare: Callable[[Path], None]
) -> None:
    prepare(folder)
    kinds = {flaw.kind for flaw in verify(folder).findings}
    assert "unindexed-record" in kinds
    with ArchiveLock(folder, command="sync", since=now()):
        assert "unindexed-record" not in {flaw.kind for flaw in verify(folder).findings}


def test_a_cut_through_a_record_that_the_library_knows_is_damage(folder: Path) -> None:
    (file,) = (folder / "vault").glob("*.warc.gz")
    os.truncate(file, file.stat().st_size - 10)
    found = verify(folder)
    assert {flaw.kind for flaw in found.findings} >= {"torn-tail", "missing-record"}
    assert not found.is_sound
    before = file.read_bytes()
    verify(folder, repair=True)
    assert file.read_bytes() == before
    assert not (folder / "vault" / "torn").exists()


@pytest.mark.parametrize("seed", range(12))
def test_damage_that_matters_is_found(folder: Path, whole: Path, seed: int) -> None:
    content = (whole / "library.sqlite3").read_bytes()
    expected = damage.shown(whole / "library.sqlite3")
    archive = Archive(damage.settings(folder))
    assert damage.trial(archive, content, expected, seed, sector=seed % 2 == 1) not in ("missed", "crashed")
