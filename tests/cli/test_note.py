"""`gvreader note`, and where notes are found again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import objects
from .running import Ended

Gv = Callable[..., Ended]


@pytest.fixture
def noted(copy: Path, gv: Gv) -> str:
    """The key of an article with a note on it and one on its first paragraph."""
    key = str(objects(gv("list", "--limit", "1", "--jsonl", "--archive", copy).out)[0]["key"])
    for order in (("hỏi", "lại", "xã"), ("--paragraph", "1", "sai năm")):
        ended = gv("note", key, *order, "--archive", copy)
        assert (ended.code, ended.out, ended.err) == (0, "", "Noted.\n")
    return key


def test_notes_are_printed_replaced_and_taken_away(noted: str, copy: Path, gv: Gv) -> None:
    assert gv("note", noted, "--archive", copy).out == "hỏi lại xã\n[1] sai năm\n"
    assert gv("note", noted, "--paragraph", "1", "--archive", copy).out == "[1] sai năm\n"
    gv("note", noted, "đã hỏi", "--archive", copy)
    assert gv("note", noted, "--archive", copy).out == "đã hỏi\n[1] sai năm\n"
    assert gv("note", noted, "--delete", "--archive", copy).err == "The note was taken away.\n"
    assert gv("note", noted, "--archive", copy).out == "[1] sai năm\n"
    assert gv("note", noted, "--delete", "--archive", copy).code == 8


def test_wrong_orders_change_nothing(noted: str, copy: Path, gv: Gv) -> None:
    assert gv("note", "giavien:no-such", "chữ", "--archive", copy).code == 8
    assert gv("note", noted, "--paragraph", "999", "chữ", "--archive", copy).code == 8
    assert gv("note", noted, "--paragraph", "0", "chữ", "--archive", copy).code == 2
    assert gv("note", noted, "--delete", "chữ", "--archive", copy).code == 2
    assert gv("note", noted, "--archive", copy).out == "hỏi lại xã\n[1] sai năm\n"


def test_queries_find_notes(noted: str, copy: Path, gv: Gv) -> None:
    for query in ("note:hỏi", "note:hoi", 'note:"lại xã"', "note:na*", "note:sai"):
        assert [row["key"] for row in objects(gv("list", query, "--jsonl", "--archive", copy).out)] == [noted]
    for query in ("note:hõi", 'note:"xã lại"', "note:hỏi note:không-có"):
        assert gv("list", query, "--jsonl", "--archive", copy).out == ""


def test_exports_have_notes_and_import_gives_them_again(
    noted: str, copy: Path, tmp_path: Path, gv: Gv
) -> None:
    record = objects(gv("show", noted, "--format", "json", "--archive", copy).out)[0]
    assert record["note"] == "hỏi lại xã"
    quote = record["text"].split("\n\n")[0]
    assert record["paragraph_notes"] == [{"paragraph": 1, "note": "sai năm", "quote": quote}]
    assert "Note: hỏi lại xã" in gv("show", noted, "--archive", copy).out
    table = list(csv.DictReader(io.StringIO(gv("export", "csv", "--no-bom", "--archive", copy).out)))
    assert {row["key"]: row["note"] for row in table if row["note"]} == {noted: "hỏi lại xã"}
    exported = tmp_path / "all.jsonl"
    gv("export", "jsonl", "--output", exported, "--archive", copy)
    assert gv("import", exported, "--archive", tmp_path / "new").code == 0
    assert gv("note", noted, "--archive", tmp_path / "new").out == "hỏi lại xã\n[1] sai năm\n"


def test_a_note_is_text_on_a_terminal(noted: str, copy: Path, gv: Gv) -> None:
    gv("note", noted, "a\x1b]52;c;ZXZpbA==\x07b", "--archive", copy)
    for command in (("note", noted), ("show", noted), ("list", "note:a")):
        assert "\x1b" not in gv(*command, "--archive", copy).out


def test_notes_survive_the_loss_of_the_library(noted: str, copy: Path, gv: Gv) -> None:
    (copy / "library.sqlite3").unlink()
    assert gv("rebuild", "--jobs", "1", "--archive", copy).code == 0
    assert gv("note", noted, "--archive", copy).out == "hỏi lại xã\n[1] sai năm\n"
