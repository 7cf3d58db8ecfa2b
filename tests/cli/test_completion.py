"""Completion scripts and the manual come from the parser; what the archive offers is only what shells take as words."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gvreader.cli.commands import COMMANDS
from gvreader.cli.commands.completion import SHELLS, plain, script

from .running import run

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_is_in_the_script_which_the_shell_can_read(shell: str, tmp_path: Path) -> None:
    text = script(shell)
    for command in COMMANDS:
        assert command.name in text
    path = tmp_path / "script"
    path.write_text(text, encoding="utf-8")
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    subprocess.run([program, "-n", str(path)], check=True)


def test_bash_completes_commands_formats_and_names_of_the_archive(copy: Path, tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    (tmp_path / "script").write_text(script("bash"), encoding="utf-8")
    program = tmp_path / "gvreader"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m gvreader --archive {copy} "$@"\n')
    program.chmod(0o755)

    def offered(*words: str) -> list[str]:
        line = " ".join(f"'{word}'" for word in words)
        ask = (
            f"PATH={tmp_path}:$PATH; . {tmp_path}/script; COMP_WORDS=({line}); "
            f"COMP_CWORD={len(words) - 1}; _shtab_gvreader; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        )
        done = subprocess.run([bash, "-c", ask], capture_output=True, text=True, check=True)
        return done.stdout.split()

    assert "sync" in offered("gvreader", "sy")
    assert "epub" in offered("gvreader", "export", "ep")
    assert "giavien" in offered("gvreader", "sync", "gia")
    assert "section:tin-tuc" in offered("gvreader", "list", "section:tin") or "tin-tuc" in offered(
        "gvreader", "sync", "--section", "tin"
    )


def test_no_name_means_anything_to_a_shell() -> None:
    names = ["tin-tuc", "$(touch x)", "`id`", "a b", "-rf", "x;y", "chuyên-mục", "a\nb", "", "tin-tuc", "'q"]
    assert list(plain(names)) == ["tin-tuc", "chuyên-mục"]


def test_values_are_nothing_where_there_is_no_archive(tmp_path: Path) -> None:
    ended = run("--archive", tmp_path / "none", "completion", "--values", "query", home=tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert not (tmp_path / "none").exists()


def test_the_manual_is_that_of_the_parser() -> None:
    made = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "make_manual.py")],
        capture_output=True,
        text=True,
        check=True,
        env={"GVREADER_LANG": "en", "PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin"},
    ).stdout
    assert made == (ROOT / "packaging" / "gvreader.1").read_text("utf-8"), "run `make manual`"
    assert "gvreader \\- read" in made


def test_help_is_the_same_as_the_option(tmp_path: Path) -> None:
    asked = run("help", "sync", home=tmp_path)
    assert asked.out == run("sync", "--help", home=tmp_path).out
    assert run("help", home=tmp_path).out == run("--help", home=tmp_path).out
    wrong = run("help", "synk", home=tmp_path)
    assert wrong.code == 2
    assert "sync" in wrong.err
