from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.portal import Replica
from tests.portal.troubles import ForeignTemplate, Status

from .conftest import ARTICLES, objects
from .running import COMMAND, Ended, environment, on_terminal, run

Gv = Callable[..., Ended]


def test_a_first_sync_reports_itself_as_promised(synced: tuple[Path, Ended], replica: Replica) -> None:
    folder, ended = synced
    assert ended.code == 0, ended.err
    report = json.loads(ended.out)
    assert list(report) == [
        *("portal", "started", "finished", "complete", "requests", "not_modified", "bytes"),
        *("articles", "media", "problems"),
    ]
    assert list(report["articles"]) == ["new", "changed", "unchanged", "gone", "failed"]
    assert list(report["media"]) == ["new", "failed"]
    assert report["portal"] == "giavien"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", report["started"])
    assert report["complete"] is True
    assert report["problems"] == []
    truth = len(list(replica.truth())) + len(list(replica.static_truth()))
    assert report["articles"]["new"] == truth >= ARTICLES
    left_behind = (folder.parent / "left-behind").read_text().splitlines()
    assert left_behind == ["library.sqlite3", "lock", "marks.jsonl", "vault"]


def test_everything_the_replica_says_is_exported(archive: Path, replica: Replica, gv: Gv) -> None:
    exported = {item["url"]: item for item in objects(gv("export", "jsonl", "--archive", archive).out)}
    for article in replica.truth("https://giavien.ninhbinh.gov.vn"):
        record = next(item for item in exported.values() if item["key"] == f"giavien:{article.identity}")
        assert record["title"] == article.title
        assert record["published"] == (article.published.isoformat() if article.published else None)
        assert len(record["attachments"]) == len(article.attachments)
        if not article.attachments:
            assert record["text"] == article.text
        assert (record["author"], record["organisation"]) == (article.author, article.organisation)


def test_a_second_sync_adds_nothing(copy: Path, replica: Replica, gv: Gv) -> None:
    before = gv("export", "jsonl", "--archive", copy).out
    ended = gv("sync", "--base-url", replica.base_url, "--delay", "0", "--json", "--archive", copy)
    report = json.loads(ended.out)
    assert ended.code == 0
    assert report["articles"]["new"] == report["articles"]["changed"] == 0
    assert [item["text"] for item in objects(before)] == [
        item["text"] for item in objects(gv("export", "jsonl", "--archive", copy).out)
    ]


def test_a_bare_address_is_a_portal_of_its_own(replica: Replica, tmp_path: Path, gv: Gv) -> None:
    ended = gv(
        "sync", f"{replica.base_url}/", "--delay", "0", "--limit", "3", "--json", "--archive", tmp_path / "a"
    )
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["articles"]["new"] >= 3
    assert objects(gv("list", "--jsonl", "--archive", tmp_path / "a").out)[0]["portal"].startswith(
        "127.0.0.1-"
    )
    again = gv(
        "sync", f"127.0.0.1-{replica.port}", "--delay", "0", "--limit", "1", "--archive", tmp_path / "a"
    )
    assert again.code == 0, again.err


def test_a_portal_that_cannot_be_reached_is_explained(tmp_path: Path, gv: Gv) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    ended = gv("--quiet", "sync", f"http://127.0.0.1:{port}/", "--archive", tmp_path / "a", "--json")
    assert ended.code == 4
    assert json.loads(ended.out)["complete"] is False
    assert json.loads(ended.out)["problems"][0]["kind"] == "connection"
    assert ended.err.startswith("gvreader: The portal")
    for way_out in ("import", "demo", "--base-url"):
        assert way_out in ended.err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("giavein",), "Did you mean `giavien`?"),
        (("giavien", "--delay", "0.1"), "Less than 0.5 s"),
        (("ftp://x/",), "Not a web address"),
    ],
)
def test_what_cannot_be_synced_ends_with_2(
    arguments: tuple[str, ...], complaint: str, tmp_path: Path, gv: Gv
) -> None:
    ended = gv("sync", *arguments, "--archive", tmp_path / "a")
    assert (ended.code, ended.out) == (2, "")
    assert complaint in ended.err
    assert not (tmp_path / "a").exists()


def test_an_unknown_section_is_named(copy: Path, replica: Replica, gv: Gv) -> None:
    ended = gv(
        "sync", "--base-url", replica.base_url, "--delay", "0", "--section", "khong-co", "--archive", copy
    )
    assert ended.code == 2
    assert "khong-co" in ended.err


def test_quiet_says_nothing_when_all_is_well(copy: Path, replica: Replica, gv: Gv) -> None:
    ended = gv("sync", "--quiet", "--base-url", replica.base_url, "--delay", "0", "--archive", copy)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_quiet_tells_of_pages_that_failed(tmp_path: Path, gv: Gv) -> None:
    with Replica(articles=6, seed=2) as server:
        number = next(server.site.pieces()).number
        server.faults.add(Status(403), rf"-{number}\.html")
        ended = gv(
            "--quiet", "sync", "--base-url", server.base_url, "--delay", "0", "--archive", tmp_path / "a"
        )
    assert (ended.code, ended.out) == (3, "")
    assert re.search(
        r"Some pages of giavien failed \(\d the server answered with an error \(http-status\)\)", ended.err
    )
    assert "gvreader status" in ended.err


def test_somebody_elses_site_is_not_taken_for_a_broken_portal(tmp_path: Path, gv: Gv) -> None:
    with Replica(articles=6, seed=2) as server:
        server.faults.add(ForeignTemplate())
        ended = gv("sync", "--base-url", server.base_url, "--delay", "0", "--archive", tmp_path / "a")
    assert (ended.code, ended.out) == (4, "")
    assert "The portal giavien is not what answers at its address." in ended.err
    assert "gvreader backfill wayback" in ended.err


def test_a_second_writer_is_told_who_is_at_work(tmp_path: Path) -> None:
    with Replica(articles=20, seed=3) as slow:
        arguments = ("--archive", str(tmp_path / "a"), "sync", "--base-url", slow.base_url, "--delay")
        first = subprocess.Popen(
            [*COMMAND, *arguments, "1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(tmp_path),
        )
        lock = tmp_path / "a" / "lock"
        deadline = time.monotonic() + 30
        while not (lock.exists() and lock.stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.02)
        second = run(*arguments, "0", home=tmp_path)
        assert second.code == 5
        assert str(first.pid) in second.err
        reading = run("--archive", tmp_path / "a", "status", "--json", home=tmp_path)
        assert reading.code == 0
        first.send_signal(signal.SIGINT)
        _, err = first.communicate(timeout=30)
        assert first.returncode == 130
        assert b"Traceback" not in err
        assert run(*arguments, "0", home=tmp_path).code == 0
        assert run("--archive", tmp_path / "a", "verify", home=tmp_path).code == 0


def test_an_interrupted_json_sync_still_prints_its_object(tmp_path: Path) -> None:
    with Replica(articles=20, seed=3) as slow:
        process = subprocess.Popen(
            [*COMMAND, "sync", "--json", "--base-url", slow.base_url, "--archive", str(tmp_path / "a")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(tmp_path),
        )
        deadline = time.monotonic() + 30
        while len(slow.requests) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    report = json.loads(out)
    assert report["complete"] is False
    assert report["requests"] >= 1


def test_a_dry_run_reads_listings_and_keeps_nothing(tmp_path: Path, gv: Gv) -> None:
    with Replica(articles=12, seed=3) as fresh:
        ended = gv(
            "sync",
            "--dry-run",
            "--json",
            "--base-url",
            fresh.base_url,
            "--delay",
            "0",
            "--archive",
            tmp_path / "a",
        )
        fetched = [request.path for request in fresh.requests]
        published = len(list(fresh.truth()))
    assert ended.code == 0, ended.err
    report = json.loads(ended.out)
    assert report["articles"]["new"] == published
    assert not [path for path in fetched if "/public/" in path]
    assert not (tmp_path / "a").exists()
    assert f"{published} articles would be fetched." in ended.err


def test_a_dry_run_of_an_up_to_date_archive_finds_nothing(copy: Path, replica: Replica, gv: Gv) -> None:
    before = sorted((path, path.stat().st_size) for path in copy.rglob("*.warc.gz"))
    ended = gv("sync", "--dry-run", "--base-url", replica.base_url, "--delay", "0", "--archive", copy)
    assert ended.code == 0, ended.err
    assert "0 articles would be fetched." in ended.err
    assert sorted((path, path.stat().st_size) for path in copy.rglob("*.warc.gz")) == before


def test_a_terminal_shows_one_live_line(tmp_path: Path) -> None:
    with Replica(articles=12, seed=3) as fresh:
        ended = on_terminal(
            "--archive",
            tmp_path / "a",
            "sync",
            "--base-url",
            fresh.base_url,
            "--delay",
            "0.05",
            home=tmp_path,
        )
    assert ended.code == 0
    live = re.findall(r"\r\x1b\[K([^\r\x1b\n]+)", ended.out)
    assert any(re.match(r"\d+ of ~\d+ requests · \d+ new · .*/s · .* left", line) for line in live)
    assert all(len(line) < 80 for line in live)
    assert ended.out.rstrip().splitlines()[-1].lstrip("\r\x1b[K").startswith("Done: ")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path, replica: Replica, gv: Gv) -> None:
    (tmp_path / "a").mkdir(mode=0o500)
    ended = gv("sync", "--base-url", replica.base_url, "--delay", "0", "--archive", tmp_path / "a")
    assert ended.code == 1
    assert "Traceback" not in ended.err


def test_without_a_name_every_portal_of_the_archive_is_synced(tmp_path: Path, gv: Gv) -> None:
    with Replica(articles=3, seed=1) as one, Replica(articles=3, seed=2) as two:
        folder = tmp_path / "archive"
        for replica in (one, two):
            assert gv("sync", replica.base_url, "--delay", "0", "--archive", folder).code == 0
        one.site.publish(1)
        two.site.publish(2)
        ended = gv("sync", "--delay", "0", "--json", "--archive", folder)
        assert ended.code == 0, ended.err
        report = json.loads(ended.out)
        assert report["portal"] is None
        assert report["articles"]["new"] == 3
        assert sorted(portal["articles"]["new"] for portal in report["portals"]) == [1, 2]
        assert report["requests"] == sum(portal["requests"] for portal in report["portals"])
        refused = gv("sync", "--base-url", one.base_url, "--delay", "0", "--archive", folder)
        assert (refused.code, "--base-url is for one portal" in refused.err) == (2, True)
        one.faults.add(Status(500))
        assert gv("sync", "--delay", "0", "--archive", folder).code == 3


def test_existing_never_begins_an_archive(tmp_path: Path, gv: Gv) -> None:
    assert gv("sync", "--existing", "--archive", tmp_path / "none").code == 8
    assert not (tmp_path / "none").exists()


def test_the_host_of_a_known_portal_names_it(tmp_path: Path, replica: Replica, gv: Gv) -> None:
    for word in ("giavien.ninhbinh.gov.vn", "https://giavien.ninhbinh.gov.vn/"):
        ended = gv(
            *("sync", word, "--base-url", replica.base_url, "--delay", "0", "--limit", "1", "--json"),
            *("--archive", tmp_path / "archive"),
        )
        assert json.loads(ended.out)["portal"] == "giavien"
