"""What a command loads: start-up is felt at every call."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gvreader.cli.commands import COMMANDS

from .running import environment

SCRIPT = (
    "import sys, contextlib, io\n"
    "from gvreader.cli import main\n"
    "with contextlib.redirect_stderr(io.StringIO()): main(sys.argv[1:])\n"
    "loaded = {name.partition('.')[0] for name in sys.modules}\n"
    "sys.stderr.write(' '.join(sorted(loaded)))\n"
)
HEAVY = {"textual", "rich", "httpx", "lxml", "bs4", "warcio", "click", "PIL", "pypdf"}


def _loaded(home: Path, *arguments: str) -> set[str]:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        capture_output=True,
        text=True,
        env=environment(home) | {"PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=60,
        check=True,
    )
    return set(ended.stderr.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "--limit", "2"),
        ("search", "nong thon"),
        ("show", "1"),
        ("show", "1", "--format", "json"),
        ("show", "1", "--format", "markdown"),
        ("history", "1"),
        ("cite", "1"),
        ("mark", "1", "read"),
        ("note", "1", "hỏi lại"),
        ("feed", "--format", "atom"),
        ("export", "jsonl"),
        ("status",),
        ("fleet", "status", "none"),
        ("derive", "none.warc"),
        ("config", "show"),
        ("schedule", "cron"),
        ("portals",),
        ("document", "1/QĐ-UBND"),
        ("watch",),
        ("completion", "bash"),
        ("help", "sync"),
    ],
)
def test_reading_loads_neither_network_nor_parser_nor_reader(
    arguments: tuple[str, ...], copy: Path, tmp_path: Path
) -> None:
    loaded = _loaded(tmp_path, *arguments, "--archive", str(copy))
    assert "sqlite3" in loaded or arguments[0] in (
        "config",
        "schedule",
        "portals",
        "completion",
        "help",
        "fleet",
        "derive",
    )
    assert loaded & HEAVY == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ("sync", "nowhere"),
        ("rebuild",),
        ("verify",),
        ("probe", __file__),
        ("import", "missing.warc"),
        ("backfill", "wayback", "nowhere"),
    ],
)
def test_no_command_but_the_reader_loads_textual(
    arguments: tuple[str, ...], copy: Path, tmp_path: Path
) -> None:
    assert _loaded(tmp_path, *arguments, "--archive", str(copy)) & {"textual", "rich"} == set()


def test_every_command_was_tried() -> None:
    tried = {
        "list",
        "search",
        "show",
        "history",
        "cite",
        "mark",
        "note",
        "feed",
        "export",
        "status",
        "config",
        "schedule",
    }
    tried |= {
        "completion",
        "derive",
        "document",
        "watch",
        "fleet",
        "help",
        "portals",
        "sync",
        "rebuild",
        "verify",
        "probe",
        "import",
        "backfill",
    }
    assert {command.name for command in COMMANDS} - tried == {"read", "demo"}
