from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
from pathlib import Path

import pytest

from gvreader import __version__
from gvreader.cli.commands import COMMANDS
from tests.portal import Replica

from .running import COMMAND, environment, on_terminal, run


def test_the_version_is_printed(tmp_path: Path) -> None:
    ended = run("--version", home=tmp_path)
    assert (ended.code, ended.out) == (0, f"gvreader {__version__}\n")
    assert run("list", "--version", home=tmp_path).out == ended.out


def test_help_lists_every_command(tmp_path: Path) -> None:
    ended = run("--help", home=tmp_path)
    assert ended.code == 0
    for command in COMMANDS:
        assert re.search(rf"^    {command.name}\s+\S", ended.out, re.M), command.name


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_help_of_each_command_shows_an_example(command: str, tmp_path: Path) -> None:
    ended = run(command, "--help", home=tmp_path)
    assert ended.code == 0
    assert ended.err == ""
    assert ended.out.startswith("usage: gvreader")
    assert "--archive" not in ended.out.partition("\n\n")[0]
    examples = ended.out.partition("examples:\n")[2]
    assert re.match(r"  gvreader\b", examples)
    assert f"gvreader {command}" in examples or command == "read" or f" {command} " in examples


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("lst",), "there is no command `lst`. Did you mean `list`?"),
        (("list", "--limt", "3"), "unrecognized arguments: --limt"),
        (("list", "--limit", "0"), "a whole number of at least 1 is expected, not '0'"),
        (("list", "--lim", "3"), "unrecognized arguments: --lim"),
        (("sync", "--since", "yesterday"), "a date such as 2023-02-07 is expected, not 'yesterday'"),
        (("sync", "--delay", "nan"), "a number of seconds is expected"),
        (("sync", "--base-url", "ftp://x"), "an http(s) address is expected"),
        (("demo", "--port", "70000"), "a port from 0 to 65535 is expected"),
        (("--archive", "", "list"), "a path is expected"),
        (("--lang", "fr", "list"), "invalid choice: 'fr'"),
        (("show",), "the following arguments are required: REF"),
        (("mark", "17"), "What should be done is missing."),
        (("feed",), "--format"),
        (("export",), "the following arguments are required: FORMAT\nSee `gvreader export --help`."),
        (("schedule",), "the following arguments are required: cron|systemd"),
        (("config",), "the following arguments are required: show|check|path"),
        (("backfill",), "the following arguments are required: wayback|commoncrawl"),
        (
            ("sync", "--dellay", "3"),
            "arguments: --dellay. Did you mean `--delay`?\nSee `gvreader sync --help`.",
        ),
        (("list", "--jsnl"), "Did you mean `--jsonl`?"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...], complaint: str, tmp_path: Path) -> None:
    ended = run(*arguments, home=tmp_path)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.startswith("gvreader: ")
    assert complaint in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("before", [True, False])
def test_global_options_stand_before_or_after_the_command(before: bool, tmp_path: Path) -> None:
    options = ("--archive", "/somewhere", "--lang", "en", "--quiet")
    arguments = (*options, "config", "show") if before else ("config", "show", *options)
    ended = run(*arguments, home=tmp_path, extra={"GVREADER_ARCHIVE": "/elsewhere"})
    assert 'archive = "/somewhere"  # --archive' in ended.out


def test_the_environment_names_archive_and_configuration(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text("[sync]\ndelay = 7")
    ended = run(
        "config", "show", home=tmp_path, extra={"GVREADER_ARCHIVE": "/e", "GVREADER_CONFIG": str(file)}
    )
    assert 'archive = "/e"  # GVREADER_ARCHIVE' in ended.out
    assert "delay = 7.0" in ended.out
    assert run("config", "path", home=tmp_path, extra={"GVREADER_CONFIG": str(file)}).out == f"{file}\n"


@pytest.mark.parametrize("arguments", [(), ("read",)])
def test_the_reader_says_that_it_needs_a_terminal(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ended = run(*arguments, home=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert "needs a terminal" in ended.err
    assert "gvreader list" in ended.err


def test_a_configuration_with_mistakes_ends_every_command_with_2(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text("sync.dealy = 1\nx = 2")
    ended = run("list", "--config", file, home=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert "unknown key `sync.dealy`; did you mean `sync.delay`? (and 1 more)" in ended.err
    check = run("config", "check", "--config", file, home=tmp_path)
    assert check.code == 2
    assert check.err.count("unknown key") == 2
    file.write_text("sync.delay = 1")
    check = run("config", "check", "--config", file, home=tmp_path)
    assert (check.code, check.err) == (0, f"{file} is valid.\n")


def test_a_configuration_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    ended = run("config", "show", "--config", tmp_path / "no.toml", home=tmp_path)
    assert ended.code == 2
    assert "cannot be read" in ended.err


def test_messages_follow_the_language(tmp_path: Path) -> None:
    for arguments, variables in (
        (("--lang", "vi", "read"), {}),
        (("read", "--lang=vi"), {"LC_ALL": "en_US.UTF-8"}),
        (("read",), {"GVREADER_LANG": "vi"}),
        (("read",), {"LC_ALL": "vi_VN.UTF-8"}),
    ):
        ended = run(*arguments, home=tmp_path, extra=variables)
        assert "cần một terminal" in ended.err, (arguments, variables)
    assert "needs a terminal" in run("--lang", "en", "read", home=tmp_path, extra={"GVREADER_LANG": "vi"}).err


def test_usage_errors_are_translated_too(tmp_path: Path) -> None:
    ended = run("--lang", "vi", "show", home=tmp_path)
    assert ended.code == 2
    assert "thiếu" in ended.err
    ended = run("--lang", "vi", "sync", "--delay", "0.1", home=tmp_path)
    assert (ended.code, ended.err.splitlines()[1]) == (2, "Hãy đặt khoảng cách từ 0.5 giây trở lên.")


def test_a_closed_pipe_is_no_failure(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "portals"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path, {"PYTHONUNBUFFERED": "1"}),
    )
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)])
def test_closed_streams_lead_nowhere(tmp_path: Path, closed: tuple[int, ...]) -> None:
    hook = tmp_path / "hook.sh"
    hook.write_text("#!/bin/sh\necho noise; echo noise >&2\n", "utf-8")
    hook.chmod(0o755)
    (tmp_path / "config.toml").write_text(f'[hooks]\nnew_article = ["{hook}"]\n', "utf-8")
    shown = " ".join(f"{number}>&-" for number in closed)
    options = ("--archive", str(tmp_path / "archive"), "--config", str(tmp_path / "config.toml"))
    with Replica(articles=4) as server:
        sync = (*COMMAND, *options, "sync", "--base-url", server.base_url, "--delay", "0")
        ended = subprocess.run(
            ["sh", "-c", f"{shlex.join(sync)} {shown}"],
            env=environment(tmp_path),
            capture_output=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 0, ended.stderr
    assert b"Traceback" not in ended.stderr
    assert run(*options, "verify", home=tmp_path).code == 0


def test_ctrl_c_while_the_program_is_being_loaded(tmp_path: Path) -> None:
    (tmp_path / "argparse.py").write_text("raise KeyboardInterrupt\n", "utf-8")
    ended = run("list", home=tmp_path, extra={"PYTHONPATH": str(tmp_path)})
    assert (ended.code, ended.out, ended.err) == (130, "", "")


def test_a_full_disk_behind_stdout_is_said(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [*COMMAND, "portals"], stdout=full, stderr=subprocess.PIPE, env=environment(tmp_path), check=False
        )
    assert ended.returncode == 1
    assert b"No space left on device" in ended.stderr
    assert b"Traceback" not in ended.stderr


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_being_asked_to_stop_ends_with_130(stop: signal.Signals, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "demo", "--serve-only"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path, {"PYTHONUNBUFFERED": "1"}),
    )
    assert process.stdout is not None
    assert re.fullmatch(rb"http://127\.0\.0\.1:\d+/\n", process.stdout.readline())
    process.send_signal(stop)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in err


def test_an_unexpected_failure_is_one_paragraph_and_1(tmp_path: Path) -> None:
    # A site customisation that breaks the command from inside stands for a programming error.
    (tmp_path / "sitecustomize.py").write_text(
        "import gvreader.cli.commands.portals as p\ndef run(context): raise RuntimeError('boom')\np.run = run\n"
    )
    quiet = run("portals", home=tmp_path, extra={"PYTHONPATH": str(tmp_path)})
    assert (quiet.code, quiet.out) == (1, "")
    assert quiet.err == (
        "gvreader: An unexpected failure: RuntimeError: boom\nRun it again with --verbose to see where it happened.\n"
    )
    verbose = run("portals", "--verbose", home=tmp_path, extra={"PYTHONPATH": str(tmp_path)})
    assert verbose.code == 1
    assert "Traceback (most recent call last):" in verbose.err


def test_an_archive_that_is_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    ended = run("sync", "--archive", tmp_path / "file", "http://127.0.0.1:9/", home=tmp_path)
    assert ended.code == 1
    assert "Traceback" not in ended.err


def test_bytes_that_are_no_text_are_no_failure(tmp_path: Path) -> None:
    ended = subprocess.run(
        [*(os.fsencode(word) for word in COMMAND), b"show", b"\xff\xfe"],
        capture_output=True,
        env=environment(tmp_path),
        check=False,
    )
    assert ended.returncode == 8
    assert b"Traceback" not in ended.stderr


def test_colours_only_on_a_terminal_and_only_if_wanted(tmp_path: Path) -> None:
    assert "\x1b" not in run("portals", home=tmp_path).out
    coloured = on_terminal("portals", home=tmp_path)
    assert "\x1b[1m" in coloured.out
    assert "\x1b" not in on_terminal("portals", home=tmp_path, extra={"TERM": "dumb"}).out
    plain = on_terminal("config", "show", home=tmp_path, extra={"NO_COLOR": "1"}).out
    assert not re.search(r"\x1b\[[0-9;]*3\dm", plain)


def test_cron_lines_and_units_work_as_they_are(tmp_path: Path) -> None:
    cron = run("schedule", "cron", "--archive", tmp_path / "100% news", home=tmp_path).out
    command = rf"\S+ -m gvreader --quiet --archive '{tmp_path}/100\\% news' --lang en sync"
    assert re.fullmatch(rf"\d+ \*/6 \* \* \* LC_ALL=C\.UTF-8 {command}\n", cron)
    units = run("schedule", "systemd", "--archive", tmp_path / "100% news", home=tmp_path).out
    assert f'"{tmp_path}/100%% news"' in units
    assert "Persistent=true" in units
    assert "RandomizedDelaySec=" in units
