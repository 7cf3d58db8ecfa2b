"""One public class name is one thing, and a file name stands in at most two rooms."""

from __future__ import annotations

import ast
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
    assert len(names - {"__init__", "__main__"}) <= 27
