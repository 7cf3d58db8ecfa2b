"""Change one number or comparison that decides, run the tests of its room, and count the changes that none notices.

    python -m tests.mutants [--minutes 15] [--seed 1] [--room decide|ranking|extract]

A sample is drawn by seed from all such changes in `decide`, ranking and `extract`, and tried in a copy of the
project until the time is over. Ends with 1 when less than nine of ten were noticed, with 2 where tests fail anyway.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
ENOUGH: Final = 0.9
SECONDS: Final = 300
"""A change that keeps the tests busy for longer counts as noticed."""


@dataclass(frozen=True, slots=True)
class Room:
    """Files whose numbers and comparisons decide, and the tests that hold them. `share` of the time is theirs."""

    files: tuple[str, ...]
    tests: tuple[str, ...]
    share: float


ROOMS: Final = {
    "decide": Room(("src/gvreader/decide/*.py",), ("tests/decide",), 0.35),
    "ranking": Room(
        (
            "src/gvreader/archive/library/search/thresholds.py",
            "src/gvreader/archive/library/search/ranking.py",
        ),
        (
            "tests/archive/library/test_ranking_thresholds.py",
            "tests/archive/library/test_search.py",
        ),
        0.25,
    ),
    "extract": Room(("src/gvreader/extract/thresholds.py",), ("tests/extract",), 0.4),
}
UNNOTICEABLE: Final = {
    ("acceptance.py", "80"): "how much of a headline a refusal quotes: it decides nothing",
    (
        "thresholds.py",
        "5000",
    ): "how many of the newest matches are ranked: changes the time that it takes, and "
    "the order only of more matches than anybody pages through",
}
"""File and what is changed in it → why no test can be asked to notice."""
_OPPOSITES: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the characters from `start` to `end` of a file become `after`."""

    room: str
    file: Path
    line: int
    start: int
    end: int
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.before} → {self.after}"


def _places(source: str) -> list[int]:
    """The offset of each line in UTF-8 bytes, as `ast` counts columns."""
    offsets = [0]
    for line in source.encode().splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    return offsets


def _changed(node: ast.AST) -> Iterator[str]:
    """What a number or a comparison may become."""
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        yield repr(value + 1)
        yield repr(value - 1)
    elif isinstance(value, float):
        yield repr(round(value * 1.3 + 0.01, 4))
        yield repr(round(value * 0.7, 4))
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _OPPOSITES:
        other = ast.Compare(node.left, [_OPPOSITES[type(node.ops[0])]()], node.comparators)
        yield f"({ast.unparse(other)})"


def mutants(name: str) -> Iterator[Mutant]:
    """Every change of a room, in the order of its files."""
    for pattern in ROOMS[name].files:
        for path in sorted(ROOT.glob(pattern)):
            source = path.read_text("utf-8")
            offsets, raw = _places(source), source.encode()
            for node in ast.walk(ast.parse(source)):
                if not isinstance(node, ast.expr) or node.end_lineno is None or node.end_col_offset is None:
                    continue
                start = offsets[node.lineno - 1] + node.col_offset
                end = offsets[node.end_lineno - 1] + node.end_col_offset
                before = raw[start:end].decode()
                for after in _changed(node):
                    if (path.name, before) not in UNNOTICEABLE:
                        yield Mutant(name, path.relative_to(ROOT), node.lineno, start, end, before, after)


def is_noticed(mutant: Mutant, copy: Path) -> bool:
    """Whether a test of the room fails with the change, in a copy of the project."""
    path = copy / mutant.file
    raw = path.read_bytes()
    path.write_bytes(raw[: mutant.start] + mutant.after.encode() + raw[mutant.end :])
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        *ROOMS[mutant.room].tests,
    ]
    environment = os.environ | {"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ended = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, timeout=SECONDS, check=False
        )
        return ended.returncode == 1
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_bytes(raw)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--room", choices=sorted(ROOMS), action="append")
    options = parser.parse_args()
    rooms = options.room or list(ROOMS)
    total = sum(ROOMS[name].share for name in rooms)
    noticed: list[Mutant] = []
    missed: list[Mutant] = []
    with tempfile.TemporaryDirectory(prefix="gvreader-mutants-") as folder:
        copy = Path(folder)
        for part in ("src", "tests", "docs", "pyproject.toml"):
            (shutil.copytree if (ROOT / part).is_dir() else shutil.copy)(ROOT / part, copy / part)
        for name in rooms:
            first = next(mutants(name))
            if is_noticed(replace(first, after=first.before), copy):
                print(f"the tests of {name} fail, or take too long, without any change")
                return 2
            until = time.monotonic() + options.minutes * 60 * ROOMS[name].share / total
            sample = list(mutants(name))
            random.Random(options.seed).shuffle(sample)
            for mutant in sample:
                if time.monotonic() > until:
                    break
                found = is_noticed(mutant, copy)
                (noticed if found else missed).append(mutant)
                print("noticed" if found else "MISSED ", mutant, flush=True)
    tried = len(noticed) + len(missed)
    print(f"{len(noticed)} of {tried} noticed" + (f" ({len(noticed) / tried:.0%})" if tried else ""))
    for (file, before), reason in UNNOTICEABLE.items():
        print(f"not tried: {before} of {file}: {reason}")
    return int(tried == 0 or len(noticed) < ENOUGH * tried)


if __name__ == "__main__":
    sys.exit(main())
