"""The public interface for Python programs, on a real archive."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import gvreader
from gvreader.app.read_only import ReadOnlyArchive
from gvreader.errors import ArchiveDamaged, NothingMatched
from tests.cli.running import run
from tests.operations.importing.strangers import ORIGIN, warc

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
TEXT = "Hội nghị đã đánh giá kết quả thực hiện nhiệm vụ phát triển kinh tế - xã hội năm 2022 trên địa bàn."


def _page(title: str, day: str, text: str) -> bytes:
    return (
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>Gia Viễn</title></head><body>"
        f"<h1>{title}</h1><div class=date>{day}</div><div class=content><p>{text}</p><p>{TEXT}</p></div></body></html>"
    ).encode()


OLD = _page("Nông thôn mới ở xã Gia Vân", "Thứ tư, 04/01/2023", "Xã Gia Vân đón nhận quyết định.")
NEW = _page("Nông thôn mới ở xã Gia Vân", "Thứ tư, 04/01/2023", "Xã Gia Vân đón nhận quyết định sáng nay.")
OTHER = _page("Tết trồng cây tại thị trấn Me", "Thứ hai, 09/01/2023", "Thị trấn Me phát động trồng cây.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("api")
    exchanges = (
        ("2023-01-05T00:00:00Z", f"{ORIGIN}/a-801.html", OLD),
        ("2023-02-05T00:00:00Z", f"{ORIGIN}/a-801.html", NEW),
        ("2023-01-10T00:00:00Z", f"{ORIGIN}/b-802.html", OTHER),
    )
    file = warc(place / "pages.warc", exchanges, packed=False)
    assert run("import", file, "--archive", place / "archive", home=place).code == 0
    return place / "archive"


@pytest.fixture
def archive(folder: Path) -> Iterator[ReadOnlyArchive]:
    with gvreader.open_archive(folder) as opened:
        yield opened


def test_articles_come_newest_first_and_by_query(archive: ReadOnlyArchive) -> None:
    assert [stored.article.title for stored in archive.articles()] == [
        "Tết trồng cây tại thị trấn Me",
        "Nông thôn mới ở xã Gia Vân",
    ]
    assert [stored.row.key for stored in archive.articles("nong thon moi")] == ["giavien:801"]
    assert [stored.row.key for stored in archive.articles(sort="oldest")] == ["giavien:801", "giavien:802"]
    assert list(archive.articles('")(*')) == []


def test_search_ranks_and_shows_where(archive: ReadOnlyArchive) -> None:
    (hit,) = archive.search("trồng cây", limit=1)
    assert hit.row.key == "giavien:802"
    assert "\ue000" in hit.snippet or hit.where == "title"


@pytest.mark.parametrize("ref", ["giavien:801", f"{ORIGIN}/a-801.html"])
def test_an_article_with_its_revisions_and_captures(ref: str, archive: ReadOnlyArchive) -> None:
    stored = archive.article(ref)
    assert stored is not None
    assert "sáng nay" in stored.article.text
    same = archive.article(stored.row.id)
    assert same == stored
    numbers = [revision.number for revision in archive.revisions(ref)]
    first = archive.article(ref, revision=1)
    assert (numbers, first is not None and "sáng nay" in first.article.text) == ([1, 2], False)
    captures = list(archive.captures(ref))
    assert [capture.body for capture in captures] == [OLD, NEW]
    assert captures[0].payload_sha256 == hashlib.sha256(OLD).hexdigest()


def test_what_is_not_there_is_none_or_empty(archive: ReadOnlyArchive) -> None:
    assert archive.article("giavien:999") is None
    assert archive.revisions(999) == ()
    assert list(archive.captures("https://elsewhere.example/")) == []


def test_reading_writes_nothing(folder: Path) -> None:
    def state() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}

    before = state()
    with gvreader.open_archive(str(folder)) as opened:
        for stored in opened.articles():
            list(opened.captures(stored.row.key))
    assert state() == before


def test_no_archive_and_a_damaged_one_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NothingMatched):
        gvreader.open_archive(tmp_path / "none")
    (tmp_path / "library.sqlite3").write_bytes(b"x" * 4096)
    with pytest.raises(ArchiveDamaged):
        gvreader.open_archive(tmp_path)


def test_the_page_describes_every_method_and_its_example_runs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = DOCS.read_text("utf-8")
    methods = [name for name in vars(ReadOnlyArchive) if not name.startswith("_")]
    assert all(re.search(rf"^\| `{name}\(", text, re.M) for name in methods)
    example = text.partition("```python\n")[2].partition("```")[0].replace("/home/lan/gia-vien", str(folder))
    exec(compile(example.replace("giavien:882", "giavien:801"), "docs/api.md", "exec"), {})
    assert "giavien:801 2023-01-04 Nông thôn mới ở xã Gia Vân" in capsys.readouterr().out
