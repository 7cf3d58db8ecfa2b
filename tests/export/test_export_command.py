"""`gvreader export` and `gvreader cite` as a user runs them."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from ..cli.running import COMMAND, Ended, environment, on_terminal, run
from .samples import NEWS, png
from .shelf import PORTAL, shelf

PICTURE = NEWS.images[0].url
LATER = replace(
    NEWS,
    url="https://giavien.ninhbinh.gov.vn/hop-883.html",
    identity="883",
    title='=HYPERLINK("http://evil.example","họp")',
    published=NEWS.published and NEWS.published.replace(month=11),
    images=(),
    attachments=(),
)
ARCHIVED = "https://web.archive.org/web/20230207023000id_/https://giavien.ninhbinh.gov.vn/hop-883.html"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept") / "archive"
    with shelf(folder) as made:
        made.put(NEWS, b"<h1>882</h1>")
        made.put(LATER, b"<h1>883</h1>", hours=1, source="wayback", uri=ARCHIVED)
        made.put_file(PICTURE, png(), "image/jpeg")
    return folder


@pytest.fixture
def export(archive: Path, tmp_path: Path) -> Any:
    def export(*arguments: str | Path, folder: Path = archive) -> Ended:
        return run("--archive", folder, "export", *arguments, home=tmp_path)

    return export


@pytest.mark.parametrize("kind", ["csv", "parquet", "epub", "wacz"])
def test_every_file_appears_as_a_whole(export: Any, tmp_path: Path, kind: str) -> None:
    place = tmp_path / f"out.{kind}"
    place.write_text("old")
    ended = export(kind, "--output", place)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == f"2 articles written to {place}.\n"
    assert place.stat().st_size > 100
    assert [path.name for path in tmp_path.iterdir()] == [place.name]


def test_queries_choose(export: Any) -> None:
    lines = export("jsonl", "on:2020-12").out.splitlines()
    assert [json.loads(line)["key"] for line in lines] == ["giavien:882"]
    assert export("jsonl", "title:không-có").out == ""


@pytest.mark.parametrize(("kind", "start"), [("wacz", b"PK"), ("warc", b"\x1f\x8b")])
def test_files_may_go_into_a_pipe(archive: Path, tmp_path: Path, kind: str, start: bytes) -> None:
    ended = subprocess.run(
        [*COMMAND, "--archive", archive, "export", kind],
        capture_output=True,
        env=environment(tmp_path),
        check=True,
    )
    assert ended.stdout.startswith(start)
    if start == b"PK":
        assert zipfile.ZipFile(io.BytesIO(ended.stdout)).testzip() is None
    if kind == "warc":
        assert [record.rec_type for record in ArchiveIterator(io.BytesIO(ended.stdout))].count(
            "response"
        ) == 3


def test_a_terminal_gets_no_bytes(archive: Path, tmp_path: Path) -> None:
    ended = on_terminal("--archive", archive, "export", "epub", home=tmp_path)
    assert ended.code == 2
    assert "--output FILE" in ended.out


def test_progress_is_shown_on_a_terminal(archive: Path, tmp_path: Path) -> None:
    shown = on_terminal("--archive", archive, "export", "site", "--output", tmp_path / "site", home=tmp_path)
    assert "0 of 2 articles" in shown.out
    assert f"2 articles written to {tmp_path / 'site'}" in shown.out.replace("\n", "")


@pytest.mark.parametrize("kind", ["site"])
def test_folders_need_a_name_and_replace_only_their_own(export: Any, tmp_path: Path, kind: str) -> None:
    assert export(kind).code == 2
    place = tmp_path / "out"
    assert export(kind, "--output", place).code == 0
    assert export(kind, "on:2020-12", "--output", place).code == 0
    assert not list(place.rglob("*883*"))
    (place / ".gvreader-export").unlink()
    refused = export(kind, "--output", place)
    assert refused.code == 2
    assert "no earlier export" in refused.err
    assert not list(place.rglob("*883*"))


def test_one_book_a_month(export: Any, tmp_path: Path) -> None:
    assert export("epub", "--monthly", "--output", tmp_path / "books").code == 0
    books = sorted(path.name for path in (tmp_path / "books").glob("*.epub"))
    assert books == ["2020-11.epub", "2020-12.epub"]
    with zipfile.ZipFile(tmp_path / "books" / "2020-12.epub") as book:
        assert "Gia Viễn, Dec 2020" in book.read("book/content.opf").decode()
    assert export("csv", "--monthly").code == 2


def test_tables_are_safe_for_spreadsheets(export: Any) -> None:
    text = export("csv").out
    assert text.startswith("\ufeffkey,")
    assert export("csv", "--no-bom").out == text[1:]
    rows = list(csv.DictReader(io.StringIO(text[1:], newline="")))
    assert rows[1]["title"].startswith("'=HYPERLINK")


def test_markdown_has_its_pictures(export: Any, tmp_path: Path) -> None:
    export("markdown", "--output", tmp_path / "md")
    [picture] = (tmp_path / "md" / "pictures").rglob("*.png")
    assert picture.read_bytes() == png()
    [page] = (tmp_path / "md").glob("2020-12-09*.md")
    assert str(picture.relative_to(tmp_path / "md")) in page.read_text("utf-8")


@pytest.fixture
def damaged(archive: Path, tmp_path: Path) -> Path:
    """The archive with one byte of the first response turned."""
    copy = shutil.copytree(archive, tmp_path / "damaged")
    [file] = (copy / "vault").glob("*.warc.gz")
    content = bytearray(file.read_bytes())
    place = [position for position in range(len(content)) if content.startswith(b"\x1f\x8b\x08", position)][1]
    content[place + 60] ^= 0xFF
    file.write_bytes(content)
    return copy


@pytest.mark.parametrize("kind", ["wacz", "site"])
def test_damage_is_told_and_the_rest_is_exported(
    export: Any, damaged: Path, tmp_path: Path, kind: str
) -> None:
    ended = export(kind, "--output", tmp_path / "out", folder=damaged)
    assert ended.code == 3
    assert "1 record could not be read" in ended.err
    assert (tmp_path / "out").exists()


def test_a_full_disk_leaves_the_old_file(export: Any, tmp_path: Path) -> None:
    ended = export("wacz", "--output", tmp_path / "no" / "such" / "folder.wacz")
    assert ended.code == 1
    assert "could not be written" in ended.err


def test_a_citation_names_the_capture_and_its_copy(archive: Path, tmp_path: Path) -> None:
    def cite(reference: str, *arguments: str) -> str:
        return run("--archive", archive, "cite", reference, *arguments, home=tmp_path).out

    own = json.loads(cite(f"{PORTAL}:882", "--style", "csl-json"))
    assert own[0]["accessed"] == {"date-parts": [[2023, 2, 7]]}
    assert "answer sha256:" in own[0]["note"]
    assert "archive_location" not in own[0]
    copy = "https://web.archive.org/web/20230207023000/https://giavien.ninhbinh.gov.vn/hop-883.html"
    for style in ("text", "bibtex", "csl-json", "ris"):
        assert copy in cite(f"{PORTAL}:883", "--style", style)
    assert "archived 2023-02-07T02:30:00Z" in cite(f"{PORTAL}:883")
    assert "bản lưu trữ: https://web" in cite(f"{PORTAL}:883", "--lang", "vi")
