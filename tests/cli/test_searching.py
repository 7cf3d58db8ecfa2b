"""`--explain`, suggestions, related articles and the index by itself, from the command line."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import objects
from .running import Ended

Gv = Callable[..., Ended]


@pytest.mark.parametrize("command", ["search", "list"])
def test_explain_says_how_a_query_was_understood(archive: Path, gv: Gv, command: str) -> None:
    plain = gv(command, "UBND", "-xã", "--archive", archive)
    explained = gv(command, "UBND", "-xã", "--explain", "--archive", archive)
    assert explained.code == 0
    explanation, _, articles = explained.out.partition("\n\n")
    assert articles == plain.out
    assert "understood as: (UBND or “ủy ban nhân dân”) not xã" in explanation
    assert "not xã" in explanation.splitlines()[2]
    assert (
        f"found: {len(objects(gv('list', 'UBND', '-xã', '--jsonl', '--archive', archive).out))} articles"
        in explanation
    )
    lines = gv(command, "UBND", "-xã", "--explain", "--jsonl", "--archive", archive)
    assert lines.out == gv(command, "UBND", "-xã", "--jsonl", "--archive", archive).out
    assert "understood as" in lines.err


def test_explain_in_vietnamese(archive: Path, gv: Gv) -> None:
    explained = gv("search", "UBND OR HĐND", "--explain", "--lang", "vi", "--archive", archive).out
    assert "hoặc" in explained
    assert " or " not in explained.splitlines()[0]


@pytest.mark.parametrize("command", ["search", "list"])
def test_what_finds_nothing_is_helped(archive: Path, gv: Gv, command: str) -> None:
    telex = gv(command, "noong thoon mowis", "--archive", archive)
    assert (telex.code, telex.out) == (0, "")
    assert "Did you mean: nông thôn mới" in telex.err
    assert "Did you mean: nong thon" in gv(command, "nogn thon", "--archive", archive).err
    assert "Did you mean" not in gv(command, "qwrtpsdfg", "--archive", archive).err
    assert gv(command, "nogn thon", "--quiet", "--archive", archive).err == ""


def test_related_articles(archive: Path, gv: Gv) -> None:
    key = str(
        objects(gv("search", "nông thôn mới", "--limit", "1", "--jsonl", "--archive", archive).out)[0]["key"]
    )
    alone = gv("show", key, "--archive", archive).out
    shown = gv("show", key, "--related", "--archive", archive).out
    assert shown.startswith(alone)
    assert "More like this" in shown
    stored = json.loads(gv("show", key, "--related", "--format", "json", "--archive", archive).out)
    alike = [row["key"] for row in stored["more_like_this"]]
    assert 0 < len(alike) <= 8
    assert key not in alike
    assert all(row["title"] in shown for row in stored["more_like_this"])
    assert list(stored)[:3] == ["key", "id", "portal"]
    assert "more_like_this" not in json.loads(gv("show", key, "--format", "json", "--archive", archive).out)
    assert gv("show", key, "--related", "--format", "html", "--archive", archive).code == 2


def test_the_index_is_built_again_by_itself(copy: Path, gv: Gv, tmp_path: Path) -> None:
    before = gv("search", "nông thôn", "--jsonl", "--archive", copy).out
    database = sqlite3.connect(copy / "library.sqlite3")
    with database:
        database.execute("INSERT INTO ff (ff) VALUES ('delete-all')")
    database.close()
    assert gv("verify", "--archive", copy).code == 6
    ended = gv("rebuild", "--index", "--archive", copy)
    assert ended.code == 0
    assert "The index was built again: " in ended.err
    assert gv("verify", "--archive", copy).code == 0
    assert gv("search", "nông thôn", "--jsonl", "--archive", copy).out == before
    assert gv("rebuild", "--index", "--archive", tmp_path / "nowhere").code == 8
    assert not (tmp_path / "nowhere").exists()
