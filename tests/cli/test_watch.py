"""`gvreader watch`: saved searches, looks, digests and feeds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from .running import Ended

Gv = Callable[..., Ended]


def test_a_search_is_saved_looked_at_and_deleted(copy: Path, gv: Gv) -> None:
    library = copy / "library.sqlite3"
    assert "No search is saved yet" in gv("watch", "--archive", copy).err
    saved = gv("watch", "Hội nghị", "--query", "hoi nghi", "--archive", copy)
    assert (saved.code, saved.err) == (0, "Saved. What comes from now on is new in it.\n")
    before = library.read_bytes()
    [found] = json.loads(gv("watch", "--json", "--archive", copy).out)["searches"]
    assert found.keys() == {"name", "query", "seen", "total", "new", "changed", "gone"}
    assert (found["name"], found["query"], found["new"], found["gone"]) == ("Hội nghị", "hoi nghi", 0, 0)
    assert found["total"] > 0
    assert found["seen"].endswith("Z")
    [one] = json.loads(gv("watch", "hoi nghi", "--json", "--archive", copy).out)["searches"]
    assert one["articles"] == {"new": [], "changed": [], "gone": []}
    shown = gv("watch", "--archive", copy)
    assert shown.out.startswith(f"Hội nghị  {found['total']}  nothing new since ")
    assert library.read_bytes() == before
    assert gv("watch", "Hội nghị", "--digest", "--seen", "--archive", copy).code == 0
    [later] = json.loads(gv("watch", "--json", "--archive", copy).out)["searches"]
    assert later["seen"] >= found["seen"]
    assert gv("watch", "Hội nghị", "--delete", "--archive", copy).err == "The saved search was deleted.\n"
    assert gv("watch", "Hội nghị", "--archive", copy).code == 8


def test_a_feed_and_a_file(copy: Path, tmp_path: Path, gv: Gv) -> None:
    gv("watch", "mọi bài", "--query", "", "--archive", copy)
    feed = json.loads(gv("watch", "mọi bài", "--feed", "json", "--limit", "3", "--archive", copy).out)
    assert len(feed["items"]) == 3
    assert feed["title"].endswith(": mọi bài")
    target = tmp_path / "digest.html"
    assert gv("watch", "--digest", "--format", "html", "--output", target, "--archive", copy).out == ""
    assert target.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_wrong_orders(copy: Path, gv: Gv) -> None:
    for order in (
        ("--query", "x"),
        ("--feed", "atom"),
        ("--delete",),
        ("--format", "html"),
        ("--output", "x"),
        ("a", "--delete", "--seen"),
        ("--json", "--digest"),
        ("--digest", "--format", "pdf"),
    ):
        assert gv("watch", *order, "--archive", copy).code == 2, order
    assert gv("watch", "không có", "--archive", copy).code == 8
