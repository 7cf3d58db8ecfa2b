"""What `schedule` prints is run as cron and systemd would run it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.portal import Replica

from .running import run


def configured(tmp_path: Path, server: Replica) -> Path:
    """A home with an odd name, and a configuration that leads to the replica."""
    file = tmp_path / "my 100% config.toml"
    file.write_text(
        f'[sync]\ndelay = 0.0\n[portals.giavien]\norigin = "{server.base_url}"\n', encoding="utf-8"
    )
    return file


def stored(archive: Path, home: Path) -> int:
    report = json.loads(run("--archive", archive, "status", "--json", home=home).out)
    return sum(portal["articles"] for portal in report["portals"])


def test_the_crontab_line_works_as_it_is(tmp_path: Path) -> None:
    archive = tmp_path / "tin tức 'mới' $HOME 100%"
    with Replica(articles=4) as server:
        printed = run(
            *("--config", configured(tmp_path, server), "--archive", archive, "schedule", "cron"),
            home=tmp_path,
        ).out
        (line,) = printed.splitlines()
        found = re.fullmatch(r"(\d+) (\S+) (\S+) (\S+) (\S+) (.*)", line)
        assert found
        assert 0 <= int(found[1]) < 60
        # What cron does: an escaped percent sign is one, any other would be a new line; sh runs the rest.
        assert not re.search(r"(?<!\\)%", found[6])
        command = found[6].replace("\\%", "%")
        ended = subprocess.run(
            ["/bin/sh", "-c", command],
            env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
            cwd="/",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert stored(archive, tmp_path) == 8


def units(printed: str, folder: Path) -> dict[str, Path]:
    """The printed units as files, split at their names, as docs/cron.md says."""
    files: dict[str, Path] = {}
    target = None
    for line in printed.splitlines():
        if named := re.fullmatch(r"# ~/\.config/systemd/user/(gvreader\.(?:service|timer))", line):
            target = files[named[1]] = folder / named[1]
            target.write_text("", encoding="utf-8")
        if target is not None:
            with target.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
    return files


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("system", ["cron", "systemd"])
@pytest.mark.parametrize("name", ["a\n* * * * * echo", "a\x1b[31m", os.fsdecode(b"\xff")])
def test_paths_that_no_line_can_hold_are_refused(tmp_path: Path, system: str, name: str) -> None:
    ended = run("--archive", tmp_path / name, "schedule", system, home=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert "neither cron nor systemd" in ended.err


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    archive = tmp_path / 'tin "mới" $HOME 100%'
    files = units(run("--archive", archive, "schedule", "systemd", home=tmp_path).out, tmp_path)
    assert set(files) == {"gvreader.service", "gvreader.timer"}
    for name, file in files.items():
        checked = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", str(file)],
            capture_output=True,
            text=True,
            env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "SYSTEMD_LOG_TARGET": "console"},
            timeout=60,
            check=False,
        )
        complaints = [line for line in checked.stderr.splitlines() if "gvreader" in line]
        assert complaints == [], name
    calendar = re.search(r"OnCalendar=(.*)", files["gvreader.timer"].read_text("utf-8"))
    assert calendar
    assert (
        subprocess.run(
            ["systemd-analyze", "calendar", calendar[1]], capture_output=True, timeout=60, check=False
        ).returncode
        == 0
    )


def test_the_service_runs_the_command(tmp_path: Path) -> None:
    """ExecStart, unquoted by systemd's rules, is a command that works."""
    archive = tmp_path / 'tin "mới" $HOME 100%'
    with Replica(articles=4) as server:
        printed = run(
            *("--config", configured(tmp_path, server), "--archive", archive, "schedule", "systemd"),
            home=tmp_path,
        ).out
        line = re.search(r"^ExecStart=(.*)$", printed, re.MULTILINE)
        assert line
        words = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', line[1])
        command = [
            re.sub(r"\\(.)", r"\1", quoted or bare).replace("%%", "%").replace("$$", "$")
            for quoted, bare in words
        ]
        ended = subprocess.run(
            command,
            env={"LC_ALL": "C.UTF-8", "HOME": str(tmp_path)},
            capture_output=True,
            timeout=60,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert stored(archive, tmp_path) == 8
    assert "Persistent=true" in printed
    assert "RandomizedDelaySec=" in printed
    assert "SuccessExitStatus=3 5 130" in printed
    assert "network-online.target" not in printed  # a user's manager has no such unit


def test_the_pages_commands_are_there() -> None:
    page = (Path(__file__).parents[2] / "docs" / "cron.md").read_text("utf-8")
    for told in (
        "schedule cron",
        "schedule systemd",
        "after_sync",
        "exit code",
        "MAILTO",
        "loginctl enable-linger",
    ):
        assert told in page
