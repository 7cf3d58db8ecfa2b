"""Commands of the user's own after a sync."""

from __future__ import annotations

import io
import json
import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gvreader.app.config import load
from gvreader.app.config.settings import HookSettings
from gvreader.cli.console import Console
from gvreader.cli.hooks import HookRow, Hooks
from tests.portal import Replica

from .running import Ended

Gv = Callable[..., Ended]
RECORD = """
import json, os, sys
value = json.load(sys.stdin)
with open({log!r}, "a", encoding="utf-8") as log:
    log.write(json.dumps([sys.argv[1:], os.environ["GVREADER_ARCHIVE"], value]) + "\\n")
print("heard")
"""


@pytest.fixture
def configured(tmp_path: Path) -> Callable[..., Path]:
    def write(**hooks: list[str]) -> Path:
        lines = [f"{name} = {json.dumps(command)}" for name, command in hooks.items()]
        file = tmp_path / "config.toml"
        file.write_text("\n".join(["[hooks]", *lines]), encoding="utf-8")
        return file

    return write


def recorder(tmp_path: Path) -> tuple[Path, Path]:
    log, script = tmp_path / "log", tmp_path / "a hook; rm -rf $HOME.py"
    script.write_text(RECORD.format(log=str(log)), encoding="utf-8")
    return script, log


def heard(log: Path) -> list[list[Any]]:
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def test_hooks_hear_of_the_run_and_of_each_new_article(
    configured: Callable[..., Path], tmp_path: Path, gv: Gv
) -> None:
    script, log = recorder(tmp_path)
    with Replica(articles=6, seed=2, hostile=True) as server:
        config = configured(
            after_sync=[sys.executable, str(script), "run", "$(touch x)"],
            new_article=[sys.executable, str(script), "article"],
        )
        arguments = ("--config", config, "--archive", tmp_path / "a", "sync", "--base-url", server.base_url)
        ended = gv(*arguments, "--delay", "0", "--json")
        again = gv(*arguments, "--delay", "0", "--json")
    assert ended.code == again.code == 0
    report = json.loads(ended.out)
    calls = heard(log)
    assert {call[1] for call in calls} == {str(tmp_path / "a")}
    articles = [call[2] for call in calls if call[0] == ["article"]]
    runs = [call[2] for call in calls if call[0] == ["run", "$(touch x)"]]
    assert len(articles) == report["articles"]["new"] == 10
    assert all(article["text"] and article["html"] and article["warc"] for article in articles)
    assert runs[0] == report | {
        "keys": {"new": [one["key"] for one in articles], "changed": [], "gone": [], "returned": []}
    }
    assert runs[1]["keys"]["new"] == []
    assert len(runs) == 2
    assert ended.err.count("heard") == 11


def test_a_hook_may_use_the_archive(configured: Callable[..., Path], tmp_path: Path, gv: Gv) -> None:
    output = tmp_path / "feed.xml"
    command = shlex.join(
        [sys.executable, "-m", "gvreader", "feed", "--format", "atom", "--output", str(output)]
    )
    config = tmp_path / "config.toml"
    config.write_text(f"[hooks]\nafter_sync = {json.dumps(command)}\n", encoding="utf-8")
    with Replica(articles=4) as server:
        ended = gv(
            *("--config", config, "--archive", tmp_path / "a", "sync", "--base-url", server.base_url),
            *("--delay", "0"),
        )
    assert ended.code == 0, ended.err
    assert output.read_text("utf-8").count("<entry>") == 8


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (["/no/such/program"], "No such file"),
        ([sys.executable, "-c", "raise SystemExit(3)"], "exit code 3"),
        ([sys.executable, "-c", "import os; os.close(0); raise SystemExit(4)"], "exit code 4"),
    ],
)
def test_a_hook_that_fails_is_told_even_quietly(
    command: list[str], reason: str, configured: Callable[..., Path], tmp_path: Path, gv: Gv
) -> None:
    config = configured(after_sync=command, new_article=command)
    with Replica(articles=6) as server:
        ended = gv(
            *("--quiet", "--config", config, "--archive", tmp_path / "a", "sync"),
            *("--base-url", server.base_url, "--delay", "0", "--json"),
        )
    assert ended.code == 0
    assert json.loads(ended.out)["articles"]["new"] == 10
    assert ended.err.count(reason) == 4
    assert "not run for the rest" in ended.err


def test_a_dry_run_has_no_hooks(configured: Callable[..., Path], tmp_path: Path, gv: Gv) -> None:
    config = configured(after_sync=["/no/such/program"])
    with Replica(articles=4) as server:
        ended = gv(
            *("--config", config, "--archive", tmp_path / "a", "sync", "--dry-run"),
            *("--base-url", server.base_url, "--delay", "0"),
        )
    assert ended.code == 0
    assert "hook" not in ended.err


def test_a_hook_without_end_is_ended(tmp_path: Path) -> None:
    settings = replace(
        load(None, environ={}),
        archive=tmp_path,
        hooks=HookSettings(
            after_sync=(
                sys.executable,
                "-c",
                "import os; os.fork(); os.read(0, 1); import time; time.sleep(600)",
            )
        ),
    )
    told = io.StringIO()
    Hooks(settings, Console(io.StringIO(), told), longest=0.5).run({}, HookRow(), None)
    assert "it took longer than 0.5 s" in told.getvalue()
