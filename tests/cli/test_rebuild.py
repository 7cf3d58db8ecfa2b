"""`gvreader rebuild` on archives that lost something, were damaged, or hold somebody else's file."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from .conftest import objects
from .running import Ended

Gv = Callable[..., Ended]


def keys(gv: Gv, archive: Path, *query: str) -> list[object]:
    return [row["key"] for row in objects(gv("list", *query, "--jsonl", "--archive", archive).out)]


def rebuild(gv: Gv, archive: Path, *options: str) -> Ended:
    return gv("rebuild", "--jobs", "1", *options, "--archive", archive)


@pytest.mark.parametrize("lost", ["files", "folder"])
def test_a_lost_vault_changes_nothing_until_the_loss_is_accepted(copy: Path, gv: Gv, lost: str) -> None:
    gv("mark", "1", "star", "--archive", copy)
    before = keys(gv, copy)
    if lost == "folder":
        shutil.rmtree(copy / "vault")
    else:
        for file in (copy / "vault").glob("*.warc.gz"):
            file.unlink()
    ended = rebuild(gv, copy)
    assert ended.code == 6
    assert f"{len(before)} articles" in ended.err
    assert "--accept-loss" in ended.err
    assert keys(gv, copy) == before
    assert len(keys(gv, copy, "is:starred")) == 1
    assert gv("verify", "--archive", copy).code == 6
    if lost == "files":
        assert rebuild(gv, copy, "--accept-loss").code == 0
        assert keys(gv, copy) == []
        assert gv("verify", "--archive", copy).code == 0


@pytest.mark.parametrize("content", [b"", b"no database, but long enough to be taken for one"])
def test_an_empty_or_damaged_library_is_derived_again_with_its_marks(
    copy: Path, gv: Gv, content: bytes
) -> None:
    gv("mark", "1", "star", "--archive", copy)
    before, starred = keys(gv, copy), keys(gv, copy, "is:starred")
    (copy / "library.sqlite3").write_bytes(content)
    assert rebuild(gv, copy).code == 0
    assert keys(gv, copy) == before
    assert keys(gv, copy, "is:starred") == starred
    assert gv("verify", "--archive", copy).code == 0


def test_somebody_elses_database_stays_as_it_is(copy: Path, gv: Gv) -> None:
    before = keys(gv, copy)
    file = copy / "library.sqlite3"
    file.unlink()
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE bookmarks (url)")
        database.commit()
    theirs = file.read_bytes()
    for command in (("rebuild",), ("verify",), ("verify", "--repair"), ("list",), ("mark", "1", "star")):
        ended = gv(*command, "--archive", copy)
        assert ended.code == 1
        assert "is not a gvreader library" in ended.err
        assert file.read_bytes() == theirs
        assert not list(copy.glob("library.sqlite3-*"))
    file.rename(copy / "theirs.sqlite3")
    assert rebuild(gv, copy).code == 0
    assert keys(gv, copy) == before
