"""What the reader asks of the world, on a real archive and with a stand-in for the desktop's opener."""

from __future__ import annotations

import json
import subprocess
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from gvreader import i18n
from gvreader.app import config
from gvreader.app.archive import Archive
from gvreader.app.desktop import HandOver
from gvreader.app.reader_services import Services
from gvreader.errors import ArchiveGone, NothingMatched
from gvreader.export.formats import export_format
from gvreader.model import RunFinished
from tests.portal import Replica

LONGEST = 10.0


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.use("en")


@pytest.fixture
def services(copy: Path, replica: Replica, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Services:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    settings = config.load(archive=copy, environ={})
    return Services(Archive(settings), base_url=replica.base_url, delay=0.0)


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that says what the desktop was asked to open."""
    said = tmp_path / "opened"
    programs = tmp_path / "bin"
    programs.mkdir()
    opener = programs / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf "%s" "$1" > "{said}.part" && mv "{said}.part" "{said}"\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.delenv("BROWSER", raising=False)
    return said


def run(command: Sequence[str]) -> int:
    return subprocess.run(command, check=False).returncode


def _when_written(file: Path) -> str:
    deadline = time.monotonic() + LONGEST
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    return file.read_text()


def _addresses(services: Services) -> tuple[str, str]:
    """A picture and a PDF that the archive holds."""
    with services.open_library() as library:
        stored = list(library.articles.stream(library.articles.ids()))
    images = [image.url for one in stored for image in one.article.images if image.sha256]
    files = [
        file.url for one in stored for file in one.article.attachments if file.media_type == "application/pdf"
    ]
    return images[0], files[0]


def test_pictures_come_from_the_archive(services: Services) -> None:
    picture, _file = _addresses(services)
    body = services.picture(picture)
    assert body is not None
    assert body.startswith((b"\x89PNG", b"\xff\xd8"))
    assert services.picture("https://elsewhere.example/x.png") is None


def test_files_are_opened_under_a_harmless_name(services: Services, opened: Path, tmp_path: Path) -> None:
    _picture, file = _addresses(services)
    assert services.open_copy(file) == HandOver("xdg-open")
    place = Path(_when_written(opened))
    assert place.parent == tmp_path / "cache" / "gvreader" / "copies"
    assert place.suffix == ".pdf"
    assert place.read_bytes().startswith(b"%PDF")


def test_the_kept_copy_of_a_page_is_our_own_rendering(services: Services, opened: Path) -> None:
    with services.open_library() as library:
        row = library.articles.rows(library.articles.ids()[:1])[0]
    assert services.open_copy(row.url) == HandOver("xdg-open")
    page = Path(_when_written(opened)).read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "<script" not in page
    assert services.open_copy("https://elsewhere.example/") is None


def test_only_web_addresses_are_opened(services: Services, opened: Path) -> None:
    for url in ("file:///etc/passwd", "javascript:alert(1)", "--help", "", "https://a.example/ x"):
        assert services.open_url(url, run) == HandOver()
    assert services.open_url("https://giavien.ninhbinh.gov.vn/", run) == HandOver("xdg-open")
    assert _when_written(opened) == "https://giavien.ninhbinh.gov.vn/"


def test_without_a_desktop_nothing_is_opened(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert services.open_url("https://giavien.ninhbinh.gov.vn/", run) == HandOver()


def test_a_sync_is_a_run_of_events(services: Services) -> None:
    events = list(services.sync(None))
    finished = events[-1]
    assert isinstance(finished, RunFinished)
    assert finished.exit_code == 0
    assert finished.tally.new == 0


def test_marks_citations_and_exports(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with services.writer() as library:
        chosen = library.articles.ids()[:2]
        library.marks.set_starred(chosen, True)
    with services.open_library() as library:
        row = library.articles.rows(chosen)[0]
    assert row.marks.starred
    assert row.title in services.cite(row)
    place = services.export(export_format("jsonl"), chosen, "Gia Viễn")
    assert place.parent == tmp_path
    assert [json.loads(line)["id"] for line in place.read_text("utf-8").splitlines()] == list(chosen)
    assert len(list(services.export(export_format("markdown"), chosen, "Gia Viễn").glob("*.md"))) == 2
    table = services.export(export_format("csv"), chosen, "Gia Viễn")
    assert table.read_text("utf-8-sig").count("giavien:") >= 2
    book = services.export(export_format("epub"), chosen, "Gia Viễn: starred")
    assert zipfile.ZipFile(book).read("mimetype") == b"application/epub+zip"
    assert services.export(export_format("jsonl"), chosen, "Gia Viễn") != services.export(
        export_format("jsonl"), chosen, "Gia Viễn"
    )


def test_an_archive_without_a_library_is_said_so(tmp_path: Path) -> None:
    services = Services(Archive(config.load(archive=tmp_path / "none", environ={})))
    with pytest.raises(NothingMatched):
        services.open_library()
    with pytest.raises(NothingMatched), services.writer():
        pass
    assert not (tmp_path / "none").exists()


def test_looks_are_kept_for_the_machine_and_failures_are_no_trouble(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert services.recall() == ""
    services.remember('{"theme": "light"}')
    assert services.recall() == '{"theme": "light"}'
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state" / "gvreader" / "reader.json"))
    services.remember("x")
    assert services.recall() == ""


def test_a_sync_without_a_name_is_of_what_the_archive_holds(
    services: Services, replica: Replica, tmp_path: Path
) -> None:
    settings = config.load(archive=tmp_path / "other", environ={})
    other = Services(Archive(settings), delay=0.0)
    names = set()
    for asked in (replica.base_url, None):
        finished = list(other.sync(asked))[-1]
        assert isinstance(finished, RunFinished)
        names.add(finished.portal)
    assert len(names) == 1
    with other.open_library() as library:
        assert {portal.name for portal in library.portals.all()} == names


def test_an_archive_that_is_gone_is_trouble_and_no_beginning(services: Services) -> None:
    services.open_library().close()
    away = services.archive.with_name("away")
    services.archive.rename(away)
    services.archive.mkdir()
    runs = (services.sync, services.backfill)
    asked = (services.open_library, services.writer, *(lambda run=run: next(run(None)) for run in runs))
    for ask in asked:
        with pytest.raises(ArchiveGone):
            ask()
    assert list(services.archive.iterdir()) == []
    services.archive.rmdir()
    away.rename(services.archive)
    services.open_library().close()
