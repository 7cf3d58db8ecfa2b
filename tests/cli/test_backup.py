"""docs/backup.md, typed: the copy of an archive is sound, and what is lost of it comes back as the page says."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import objects
from .running import Ended

PAGE = (Path(__file__).parents[2] / "docs" / "backup.md").read_text("utf-8")
_COPY, _WITHOUT_SQLITE = re.findall(r"```sh\n(.*?)```", PAGE, re.S)[:2]


@pytest.fixture
def backup(copy: Path, gv: Callable[..., Ended], tmp_path: Path) -> Path:
    """A copy made by the page's commands from an archive with a mark, the library taken by Python's own SQLite."""
    assert gv("--archive", copy, "mark", "1", "star").code == 0
    first, last = _COPY.index("sqlite3 archive"), _COPY.index("cp archive/marks.jsonl")
    commands = _COPY[:first] + _WITHOUT_SQLITE + _COPY[last:]
    subprocess.run(["sh", "-euc", commands], cwd=tmp_path, check=True)
    return tmp_path / "backup"


def starred(gv: Callable[..., Ended], archive: Path) -> list[str]:
    return [one["key"] for one in objects(gv("--archive", archive, "list", "is:starred", "--jsonl").out)]


def contents(gv: Callable[..., Ended], archive: Path) -> list[tuple[str, str, bool]]:
    """Key, digest and star of every article; local numbers live in the library alone."""
    records = objects(gv("--archive", archive, "export", "jsonl").out)
    return sorted((one["key"], one["content_sha256"], one["starred"]) for one in records)


def test_a_copy_is_sound(backup: Path, copy: Path, gv: Callable[..., Ended]) -> None:
    ended = gv("--archive", backup, "verify", "--json")
    assert ended.code == 0, ended.err
    assert gv("--archive", backup, "export", "jsonl").out == gv("--archive", copy, "export", "jsonl").out


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="needs the sqlite3 program")
def test_the_program_makes_the_same_copy(copy: Path, gv: Callable[..., Ended], tmp_path: Path) -> None:
    assert gv("--archive", copy, "mark", "1", "star").code == 0
    subprocess.run(["sh", "-euc", _COPY], cwd=tmp_path, check=True)
    assert gv("--archive", tmp_path / "backup", "verify").code == 0


def test_a_lost_library_is_derived_with_its_marks(backup: Path, gv: Callable[..., Ended]) -> None:
    before = contents(gv, backup)
    (backup / "library.sqlite3").unlink()
    assert gv("--archive", backup, "rebuild").code == 0
    assert contents(gv, backup) == before
    assert len(starred(gv, backup)) == 1


def test_lost_marks_are_still_in_the_library(backup: Path, gv: Callable[..., Ended]) -> None:
    (backup / "marks.jsonl").unlink()
    assert len(starred(gv, backup)) == 1
    assert gv("--archive", backup, "mark", "2", "star").code == 0
    assert len(starred(gv, backup)) == 2
    assert (backup / "marks.jsonl").is_file()


def test_without_a_vault_articles_are_read_but_not_proven(backup: Path, gv: Callable[..., Ended]) -> None:
    shutil.rmtree(backup / "vault")
    assert gv("--archive", backup, "show", "1").code == 0
    assert gv("--archive", backup, "verify").code == 6
