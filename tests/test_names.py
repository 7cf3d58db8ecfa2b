"""One public class name is one thing, and a file name stands in at most two rooms."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import gvreader

_IN_EVERY_ROOM = ("__init__.py", "thresholds.py")
PACKAGE = Path(gvreader.__file__).parent


def test_a_public_class_name_means_one_thing() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(str(path.relative_to(PACKAGE)))
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}


def test_a_file_name_stands_in_at_most_two_rooms() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        places[path.name].append(str(path.relative_to(PACKAGE)))
    assert {
        name: rooms for name, rooms in places.items() if len(rooms) > 2 and name not in _IN_EVERY_ROOM
    } == {}


def test_the_top_floor_can_be_taken_in_at_a_glance() -> None:
    names = {
        path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert len(names - {"__init__", "__main__"}) <= 29


def test_the_architecture_names_files_and_rooms_that_exist() -> None:
    page = (PACKAGE.parents[1] / "docs" / "architecture.md").read_text("utf-8")
    told = set(re.findall(r"`((?:[a-z_0-9]+/)+[a-z_0-9]*(?:\.py)?|[a-z_0-9]+\.py)`", page))
    homes = [PACKAGE, PACKAGE.parents[1], *(path for path in PACKAGE.iterdir() if path.is_dir())]
    homes += [PACKAGE / "extract", PACKAGE / "archive"]
    assert sorted(name for name in told if not any((home / name).exists() for home in homes)) == []


def test_the_architecture_asks_one_question_a_room() -> None:
    page = (PACKAGE.parents[1] / "docs" / "architecture.md").read_text("utf-8")
    rooms = page.partition("| the question it answers |")[2].partition("\n## ")[0]
    names = {
        path.name for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    asked = set(
        re.findall(
            r"`([a-z0-9_]+(?:/|\.py))`",
            "\n".join(line.split("|")[1] for line in rooms.split("\n") if "|" in line),
        )
    )
    assert {name.rstrip("/") for name in asked} == names - {"__init__.py", "__main__.py"}
    assert all("?" in line for line in rooms.strip().splitlines() if line.startswith("| `"))
