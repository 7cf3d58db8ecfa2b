"""What the suite tests depends on nothing but its text: the same in other years, under other hash seeds and locales."""

from __future__ import annotations

import os
import subprocess
import sys
from difflib import unified_diff
from pathlib import Path

ROOT = Path(__file__).parents[2]

COLLECT = ("-p", "no:cacheprovider", "-p", "no:randomly", "--collect-only", "-qq")
HERE = {"PYTHONHASHSEED": "1", "TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C.UTF-8"}
ELSEWHERE = {
    "GVREADER_MOMENT": "2031-02-28T23:59:58+00:00",
    "PYTHONHASHSEED": "4242",
    "TZ": "America/St_Johns",
    "LC_ALL": "C",
    "LANGUAGE": "vi",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONUTF8": "0",
}


def test_two_collections_are_alike(tmp_path: Path) -> None:
    files = [tmp_path / "here", tmp_path / "elsewhere"]
    collections = [collection(places, file) for places, file in zip((HERE, ELSEWHERE), files, strict=True)]
    for process in collections:
        told, _ = process.communicate()
        assert process.returncode == 0, told.decode("utf-8", "replace")[-3000:]
    here, elsewhere = (file.read_text("utf-8", "surrogateescape").split("\n") for file in files)
    assert len(here) > 1000
    differences = [line[:300] for line in unified_diff(here, elsewhere, n=0, lineterm="")]
    assert not differences, "\n".join(differences[:20])


def collection(environment: dict[str, str], file: Path) -> subprocess.Popen[bytes]:
    """Collect the suite in a process of its own; an inventory is written into `file`."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "-p", "tests.suite.inventory", *COLLECT, "tests"],
        cwd=ROOT,
        env={**inherited, **environment, "GVREADER_INVENTORY": str(file)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
