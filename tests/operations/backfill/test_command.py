"""The command as it is typed: its report, its words, and what a kill costs."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

from tests.cli.running import COMMAND, environment, run
from tests.portal.webarchive import WebArchive

from .conftest import ARTICLES


def test_the_report_and_the_words(tmp_path: Path, service: WebArchive) -> None:
    ended = run(
        "--archive", tmp_path / "a", "backfill", "wayback", "--service", service.url, "--limit", "3", "--json",
        home=tmp_path,
    )  # fmt: skip
    assert ended.code == 0, ended.err
    report = json.loads(ended.out)
    assert (report["source"], report["service"], report["portal"]) == ("wayback", service.url, "giavien")
    assert report["articles"] == {"new": 3, "changed": 0, "unchanged": 0, "gone": 0, "failed": 0}
    assert report["captures"]["taken"] == 3
    assert report["captures"]["listed"] > ARTICLES
    assert (report["complete"], report["problems"]) == (False, [])
    assert "3 articles new" in ended.err
    status = json.loads(run("--archive", tmp_path / "a", "status", "--json", home=tmp_path).out)["portals"][0]
    assert status["archived_only"] == 3


def test_an_archive_that_is_not_there(tmp_path: Path) -> None:
    ended = run(
        "--archive", tmp_path / "a", "backfill", "commoncrawl", "--service", "http://127.0.0.1:9/", "--json",
        home=tmp_path, extra={"GVREADER_LANG": "en"},
    )  # fmt: skip
    assert ended.code == 4
    assert "could not be used" in ended.err
    assert json.loads(ended.out)["problems"][0]["kind"] == "connection"


def test_a_killed_backfill_goes_on_where_it_was(tmp_path: Path, service: WebArchive) -> None:
    service.rows_a_page = 20
    command = [*COMMAND, "--archive", str(tmp_path / "a"), "backfill", "wayback", "--service", service.url]
    kills = 0
    for seconds in (1.0, 1.5, 2.0):
        process = subprocess.Popen(command, env=environment(tmp_path), stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
    ended = run(*command[3:], "--json", home=tmp_path)
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["complete"]
    paths = [request.path for request in service.asked("/web/")]
    assert len(paths) - len(set(paths)) <= kills
    verified = json.loads(run("--archive", tmp_path / "a", "verify", "--json", home=tmp_path).out)
    assert verified["sound"]
    assert verified["articles"] == ARTICLES
