"""Many portals in one folder: listed, probed, synced, looked after."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.portal import Replica

from .running import COMMAND, Ended, environment, run

NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def portals() -> Iterator[tuple[Replica, Replica]]:
    with Replica(articles=4, seed=1) as one, Replica(articles=4, seed=2) as two:
        yield one, two


@pytest.fixture(scope="module")
def synced(
    portals: tuple[Replica, Replica], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any], Ended]:
    """A fleet of two portals and one that is not there, after its first sync by two processes."""
    home = tmp_path_factory.mktemp("fleet")
    one, two = portals
    added = gv(
        home,
        "fleet",
        "add",
        home / "vn",
        f"one={one.base_url}",
        f"two={two.base_url}",
        "--from",
        "-",
        stdin=f"name,origin,group\n# nobody\ndead,{NOBODY},south\n".encode(),
    )
    assert added.code == 0, added.err
    ended = gv(home, "fleet", "sync", home / "vn", "--jobs", "2", "--delay", "0", "--json")
    return home / "vn", json.loads(ended.out), ended


def gv(home: Path, *arguments: str | Path, stdin: bytes = b"") -> Ended:
    """Run a command; portals on loopback all have one address, whose pace is another test's subject."""
    if arguments[:2] in (("fleet", "sync"), ("fleet", "probe")) and "--per-address" not in arguments:
        arguments = (*arguments, "--per-address", "0")
    return run(*arguments, home=home, stdin=stdin)


def counted(archive: Path) -> int:
    with closing(sqlite3.connect(f"file:{archive / 'library.sqlite3'}?mode=ro", uri=True)) as library:
        ((count,),) = library.execute("SELECT count(*) FROM heads").fetchall()
        return int(count)


# ── the list ────────────────────────────────────────────────────────────────────────────────────


def test_a_portal_without_a_name_is_called_as_sync_would_call_it(tmp_path: Path) -> None:
    ended = gv(
        tmp_path,
        "fleet",
        "add",
        tmp_path / "vn",
        "kimson",
        "https://giavien.ninhbinh.gov.vn/",
        "https://www.phuong.example.gov.vn/tin-tuc",
        "--json",
    )
    assert json.loads(ended.out) == {"added": ["kimson", "giavien", "phuong.example.gov.vn"], "known": []}
    again = gv(tmp_path, "fleet", "add", tmp_path / "vn", "https://kimson.ninhbinh.gov.vn", "--json")
    assert json.loads(again.out) == {"added": [], "known": ["kimson"]}
    table = tomllib.loads((tmp_path / "vn/fleet.toml").read_text())
    assert table["portals"]["phuong.example.gov.vn"] == {
        "origin": "https://www.phuong.example.gov.vn",
        "start": ["/tin-tuc", "/"],
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("kimson,https://other.example.vn", "`kimson` is another portal"),
        ("Kim Son,https://x.example.vn", "small letters"),
        ("x,ftp://x.example.vn", "no http(s) address"),
        ("x,https://x.example.vn,south,more", "not a line"),
        ('x,https://x.example.vn,"', "not a line"),
    ],
)
def test_a_line_that_cannot_be_adds_nothing_and_is_named(tmp_path: Path, line: str, said: str) -> None:
    assert gv(tmp_path, "fleet", "add", tmp_path / "vn", "kimson").code == 0
    before = (tmp_path / "vn/fleet.toml").read_bytes()
    (tmp_path / "hosts.csv").write_text(f"good,https://good.example.vn\n\n{line}\n")
    ended = gv(tmp_path, "fleet", "add", tmp_path / "vn", "--from", tmp_path / "hosts.csv")
    assert ended.code == 2
    assert "hosts.csv, line 3" in ended.err
    assert said in ended.err
    assert (tmp_path / "vn/fleet.toml").read_bytes() == before


def test_a_wrong_first_portal_makes_no_fleet(tmp_path: Path) -> None:
    assert gv(tmp_path, "fleet", "add", tmp_path / "vn", "nothing").code == 2
    assert not (tmp_path / "vn").exists()


@pytest.mark.parametrize("action", ["sync", "probe", "status", "run"])
def test_no_fleet_is_8_and_an_unknown_portal_2(tmp_path: Path, action: str) -> None:
    more = ("--", "status") if action == "run" else ()
    assert gv(tmp_path, "fleet", action, tmp_path / "vn", *more).code == 8
    assert gv(tmp_path, "fleet", "add", tmp_path / "vn", "kimson").code == 0
    ended = gv(tmp_path, "fleet", action, tmp_path / "vn", "kimsin", *more)
    assert (ended.code, "Did you mean `kimson`?" in ended.err) == (2, True)


def test_what_is_wrong_in_the_list_is_said_by_line(tmp_path: Path) -> None:
    (tmp_path / "fleet.toml").write_text(
        'delay = 1\n[portals.x]\norigin = "https://x.example.vn"\ngrup = "a"\n'
    )
    ended = gv(tmp_path, "fleet", "status", tmp_path)
    assert ended.code == 2
    assert "line 4: unknown key `portals.x.grup`; did you mean `portals.x.group`?" in ended.err


# ── sync ────────────────────────────────────────────────────────────────────────────────────────


def test_one_report_for_all_portals(synced: tuple[Path, dict[str, Any], Ended]) -> None:
    folder, report, ended = synced
    assert ended.code == 3
    assert report["counts"] == {"0": 2, "4": 1}
    assert [one["name"] for one in report["portals"]] == ["dead", "one", "two"]
    assert [one["exit_code"] for one in report["portals"]] == [4, 0, 0]
    assert report["portals"][1]["message"] is None
    assert "could not be used" in report["portals"][0]["message"]
    assert report["complete"] is False
    assert report["articles"]["new"] == sum(one["articles"]["new"] for one in report["portals"])
    assert report["articles"]["new"] == counted(folder / "archives/one") + counted(folder / "archives/two")


def test_each_archive_is_an_ordinary_one(synced: tuple[Path, dict[str, Any], Ended]) -> None:
    folder, _report, _ended = synced
    listed = gv(folder.parent, "--archive", folder / "archives/one", "list", "--jsonl")
    assert len(listed.out.splitlines()) == counted(folder / "archives/one")
    assert gv(folder.parent, "--archive", folder / "archives/two", "verify").code == 0


def test_the_status_says_the_worst_first_and_survives_a_lost_record(
    synced: tuple[Path, dict[str, Any], Ended],
) -> None:
    folder, _report, _ended = synced
    said = json.loads(gv(folder.parent, "fleet", "status", folder, "--json").out)
    assert said["counts"] == {"0": 2, "4": 1, "never": 0}
    assert said["portals"][0]["name"] == "dead"
    assert said["portals"][1]["archive"] == "archives/one"
    assert said["totals"]["articles"] == counted(folder / "archives/one") + counted(folder / "archives/two")
    record = (folder / "fleet.sqlite3").read_bytes()
    (folder / "fleet.sqlite3").write_bytes(b"not a database" * 100)
    damaged = json.loads(gv(folder.parent, "fleet", "status", folder, "--json").out)
    (folder / "fleet.sqlite3").write_bytes(record)
    assert damaged["counts"] == {"0": 0, "never": 3}
    assert damaged["totals"] == said["totals"]


def test_a_group_alone_that_nobody_reaches_is_4(synced: tuple[Path, dict[str, Any], Ended]) -> None:
    folder, _report, _ended = synced
    assert gv(folder.parent, "fleet", "sync", folder, "--group", "south", "--delay", "0").code == 4


def test_a_run_that_is_held_is_5(synced: tuple[Path, dict[str, Any], Ended]) -> None:
    import fcntl

    folder, _report, _ended = synced
    with (folder / "lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert gv(folder.parent, "fleet", "sync", folder).code == 5
        assert gv(folder.parent, "fleet", "probe", folder).code == 5


def test_an_interrupted_run_reports_and_the_next_goes_on(
    portals: tuple[Replica, Replica], tmp_path: Path
) -> None:
    one, two = portals
    assert gv(tmp_path, "fleet", "add", tmp_path / "vn", f"a={one.base_url}", f"b={two.base_url}").code == 0
    asked = len(one.requests)
    process = subprocess.Popen(
        [*COMMAND, "fleet", "sync", tmp_path / "vn", "--delay", "3", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(tmp_path),
        start_new_session=True,
    )
    while len(one.requests) == asked:
        assert process.poll() is None
    os.kill(process.pid, signal.SIGINT)
    out, _err = process.communicate(timeout=60)
    assert process.returncode == 130
    report = json.loads(out)
    assert {one["name"] for one in report["portals"]} == {"a", "b"}
    assert report["complete"] is False
    assert gv(tmp_path, "fleet", "sync", tmp_path / "vn", "--delay", "0").code == 0
    assert gv(tmp_path, "fleet", "run", tmp_path / "vn", "--", "verify").code == 0


def test_an_address_is_never_asked_faster_than_its_pace(
    portals: tuple[Replica, Replica], tmp_path: Path
) -> None:
    one, two = portals
    assert gv(tmp_path, "fleet", "add", tmp_path / "vn", f"a={one.base_url}", f"b={two.base_url}").code == 0
    before = (len(one.requests), len(two.requests))
    began = time.monotonic()
    ended = gv(tmp_path, "fleet", "probe", tmp_path / "vn", "--delay", "0", "--per-address", "5")
    assert ended.code == 0
    asked = len(one.requests) + len(two.requests) - sum(before)
    assert time.monotonic() - began >= (asked - 1) / 5
    assert (
        sorted(path.name for path in (tmp_path / ".local/state/gvreader/pace").iterdir())[-1] == "@127.0.0.1"
    )


def test_time_that_is_over_leaves_the_rest_waiting(portals: tuple[Replica, Replica], tmp_path: Path) -> None:
    one, two = portals
    assert gv(tmp_path, "fleet", "add", tmp_path / "vn", f"a={one.base_url}", f"b={two.base_url}").code == 0
    ended = gv(
        tmp_path,
        "fleet",
        "sync",
        tmp_path / "vn",
        "--at-once",
        "1",
        "--delay",
        "0.5",
        "--stop-after",
        "1s",
        "--json",
    )
    assert ended.code == 3
    assert [one["exit_code"] for one in json.loads(ended.out)["portals"]] == [3, None]
    assert "1 portal was not begun" in ended.err


# ── probe and run ───────────────────────────────────────────────────────────────────────────────


def test_a_probe_says_what_is_there_and_keeps_nothing(
    portals: tuple[Replica, Replica], tmp_path: Path
) -> None:
    one, two = portals
    words = (f"a={one.base_url}", f"moved={two.base_url}", f"dead={NOBODY}")
    assert gv(tmp_path, "fleet", "add", tmp_path / "vn", *words).code == 0
    before = len(one.requests)
    ended = gv(tmp_path, "fleet", "probe", tmp_path / "vn", "--delay", "0", "--json")
    report = json.loads(ended.out)
    assert ended.code == 3
    rows = {row["name"]: row for row in report["portals"]}
    assert (rows["a"]["state"], rows["a"]["family"], rows["a"]["address"]) == (
        "alive",
        "giavien",
        "127.0.0.1",
    )
    assert (rows["dead"]["state"], rows["dead"]["family"]) == ("dead", None)
    assert rows["a"]["requests"] == len(one.requests) - before <= 4
    assert report["families"] == {"giavien": 2, "unknown": 1}
    assert not (tmp_path / "vn/archives").exists()


def test_a_command_runs_once_for_each_archive(synced: tuple[Path, dict[str, Any], Ended]) -> None:
    folder, _report, _ended = synced
    ended = gv(folder.parent, "fleet", "run", folder, "two", "one", "--", "list", "--jsonl", "--limit", "1")
    assert ended.code == 0
    urls = [json.loads(line)["key"] for line in ended.out.splitlines()]
    assert [key.partition(":")[0] for key in urls] == ["one", "two"]
    output = str(folder.parent / "{portal}.csv")
    assert (
        gv(
            folder.parent, "fleet", "run", folder, "one", "two", "--", "export", "csv", "--output", output
        ).code
        == 0
    )
    assert (folder.parent / "one.csv").stat().st_size > 0
    failed = gv(folder.parent, "fleet", "run", folder, "one", "dead", "--", "show", "1")
    assert failed.code == 3
    assert "dead (8)" in failed.err
    assert all(
        line.startswith(("dead: ", "one: ", "gvreader: ")) for line in failed.err.splitlines() if line.strip()
    )


@pytest.mark.parametrize("command", [("read",), ("demo",), ("fleet", "status"), ("nothing",)])
def test_what_is_no_command_for_many_is_refused(
    synced: tuple[Path, dict[str, Any], Ended], command: tuple[str, ...]
) -> None:
    assert gv(synced[0].parent, "fleet", "run", synced[0], "--", *command).code == 2


def test_an_option_of_another_action_is_refused(tmp_path: Path) -> None:
    ended = gv(tmp_path, "fleet", "status", tmp_path, "--delay", "1")
    assert (ended.code, "--delay is not for `fleet status`" in ended.err) == (2, True)


def test_the_fleets_settings_hold_for_commands_on_one_archive(tmp_path: Path) -> None:
    (tmp_path / "fleet.toml").write_text(
        'delay = 3\nmedia = false\n[portals.x]\norigin = "https://x.example.vn"\ntitle = "Xã X"\n'
    )
    shown = tomllib.loads(gv(tmp_path, "--archive", tmp_path / "archives/x", "config", "show").out)
    assert shown["sync"]["delay"] == 3
    assert shown["sync"]["media"] is False
    assert shown["portals"]["x"]["title"] == "Xã X"
