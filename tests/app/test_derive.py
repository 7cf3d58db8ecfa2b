"""Sets of files out of WARC files: exactly once, whatever happens in between."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gvreader.app import config
from gvreader.app.config import Settings
from gvreader.app.derive import ShardTask, derive_shard
from gvreader.app.derive.guard import WatchedWorker
from gvreader.app.derive.inputs import expanded, in_part, shard_of
from gvreader.archive.vault import Vault
from gvreader.extract.version import extractor_version
from gvreader.model import Capture, Request
from tests.cli.running import Ended, run

HOME = "https://xa.example.vn"
PARAGRAPH = "Sáng ngày 07/2, UBND xã tổ chức hội nghị sơ kết công tác quý một, bàn việc gieo cấy lúa xuân. "


def page(number: int, title: str) -> str:
    return (
        f"<!DOCTYPE html><html lang=vi><head><meta charset=utf-8><title>{title}</title></head><body>"
        f"<div class=content><h1>{title}</h1><div class=date>Thứ ba, 07/02/2023</div>"
        f"<div class=body><p>{PARAGRAPH * 2}</p><p>Bài số {number}. {PARAGRAPH}</p></div></div></body></html>"
    )


def capture(url: str, body: str, *, status: int = 200, minute: int = 0) -> Capture:
    return Capture(
        url=url,
        captured=datetime(2023, 2, 8, 1, minute, tzinfo=UTC),
        status=status,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=body.encode(),
        request=Request(url=url),
    )


def written(folder: Path, name: str, captures: list[Capture]) -> Path:
    """A WARC file with these captures."""
    with Vault.open(folder / "vault", mode="write", clock=lambda: datetime(2023, 3, 1, tzinfo=UTC)) as vault:
        for one in captures:
            vault.append("xa", HOME, one)
        [file] = [folder / "vault" / file.name for file in vault.files()]
    target = folder / name
    shutil.move(file, target)
    shutil.rmtree(folder / "vault")
    return target


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    """Two articles, one of them changed later, and a page that is not there."""
    return written(
        tmp_path,
        "a.warc.gz",
        [
            capture(f"{HOME}/hoi-nghi-1.html", page(1, "Hội nghị sơ kết công tác quý một")),
            capture(f"{HOME}/le-hoi-2.html", page(2, "Lễ hội làng mở đầu mùa xuân"), minute=1),
            capture(f"{HOME}/le-hoi-2.html", page(2, "Lễ hội làng mở đầu mùa xuân mới"), minute=2),
            capture(f"{HOME}/mat-3.html", "Không tìm thấy", status=404, minute=3),
        ],
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return config.load(archive=tmp_path / "archive", environ={})


def task(warc: Path, settings: Settings, **other: Any) -> ShardTask:
    values: dict[str, Any] = {"form": "jsonl", "hosts": (), "set": str(warc.parent / "set")}
    return ShardTask(input=str(warc), settings=settings, **(values | other))


def rows(folder: Path, kind: str) -> list[dict[str, Any]]:
    found = []
    for file in sorted(folder.glob(f"extractor=*/{kind}/*.jsonl.gz")):
        found += [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
    return found


def digests(folder: Path) -> dict[str, str]:
    return {
        f"{file.parent.name}/{file.name}": hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.glob("extractor=*/[ar]*/*"))
    }


def gv(home: Path, *arguments: str | Path, stdin: bytes = b"") -> Ended:
    return run(*arguments, home=home, stdin=stdin)


# ── one shard ───────────────────────────────────────────────────────────────────────────────────


def test_every_capture_is_counted_and_what_is_no_article_has_a_row(warc: Path, settings: Settings) -> None:
    derived = derive_shard(task(warc, settings))
    assert (derived.state, derived.captures, derived.articles, derived.refused) == ("done", 4, 3, 1)
    folder = warc.parent / "set"
    [manifest] = [json.loads(file.read_text()) for file in folder.glob("extractor=*/done/*.json")]
    assert manifest["shard"] == shard_of(str(warc))
    assert manifest["extractor"] == extractor_version()
    assert manifest["counts"] == {
        "captures": 4,
        "articles": 3,
        "listings": 0,
        "files": 0,
        "other": 0,
        "refused": 1,
    }
    assert manifest["rows"] == {"articles": 3, "refusals": 1}
    first = rows(folder, "articles")[0]
    assert first["title"] == "Hội nghị sơ kết công tác quý một"
    assert (first["published"], first["captured"]) == ("2023-02-07", "2023-02-08T01:00:00.000000Z")
    assert first["warc"]["file"] == str(warc)
    [refusal] = rows(folder, "refusals")
    assert (refusal["kind"], refusal["url"]) == ("http-status", f"{HOME}/mat-3.html")


def test_doing_it_twice_is_doing_it_once(warc: Path, settings: Settings) -> None:
    derive_shard(task(warc, settings))
    before = digests(warc.parent / "set")
    assert derive_shard(task(warc, settings)).state == "known"
    shutil.rmtree(warc.parent / "set")
    assert derive_shard(task(warc, settings)).state == "done"
    assert digests(warc.parent / "set") == before


def test_an_input_that_changed_replaces_its_shard(warc: Path, settings: Settings) -> None:
    derive_shard(task(warc, settings))
    other = written(
        warc.parent, "b.warc.gz", [capture(f"{HOME}/moi-9.html", page(9, "Tin mới của xã hôm nay"))]
    )
    other.replace(warc)
    assert derive_shard(task(warc, settings)).state == "done"
    assert [row["title"] for row in rows(warc.parent / "set", "articles")] == ["Tin mới của xã hôm nay"]


def test_hosts_leave_out_what_does_not_match(warc: Path, settings: Settings) -> None:
    assert derive_shard(task(warc, settings, hosts=("*.gov.vn",))).captures == 0
    assert derive_shard(task(warc, settings, set=str(warc.parent / "o"), hosts=("*.VN",))).captures == 4


def test_a_file_that_breaks_off_is_short_and_in_the_set(warc: Path, settings: Settings) -> None:
    data = warc.read_bytes()
    warc.write_bytes(data[:-40])
    derived = derive_shard(task(warc, settings))
    assert derived.state == "short"
    assert derived.problem is not None
    assert derived.problem["offset"] is not None
    assert len(rows(warc.parent / "set", "articles")) == 3
    assert derive_shard(task(warc, settings)).problem is not None


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"no archive at all\n" * 20, "not-archive"), (None, "missing"), (b"", "not-archive")],
)
def test_what_cannot_be_read_is_named_with_its_fault(
    tmp_path: Path, settings: Settings, content: bytes | None, fault: str
) -> None:
    place = tmp_path / "x.warc.gz"
    if content is not None:
        place.write_bytes(content)
    for attempt in (1, 2):
        derived = derive_shard(task(place, settings), sleep=lambda _seconds: None)
        assert derived.problem is not None
        assert derived.problem["fault"] == fault
        [said] = [json.loads(file.read_text()) for file in tmp_path.glob("set/extractor=*/failed/*.json")]
        assert said["attempts"] == attempt


def test_a_disk_that_fails_shortens_no_shard(
    warc: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open
    tries = 0

    def failing(self: Path, *arguments: Any, **options: Any) -> Any:
        nonlocal tries
        if self == warc:
            tries += 1
            if tries % 3:
                raise OSError(5, "Input/output error")
        return opened(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", failing)
    derived = derive_shard(task(warc, settings), sleep=lambda _seconds: None)
    assert (derived.state, derived.problem and derived.problem["fault"]) == ("failed", "unreadable")
    assert not list(warc.parent.glob("set/extractor=*/articles/*"))


# ── the guard ───────────────────────────────────────────────────────────────────────────────────


def test_a_page_that_ends_its_worker_twice_is_given_up(
    warc: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break_the_reader(monkeypatch, warc.parent, "import os\n    os.kill(os.getpid(), 9)")
    guard = WatchedWorker(30.0)
    derived = guard.derive(task(warc, settings))
    guard.close()
    assert (derived.state, derived.articles, derived.refused) == ("done", 2, 2)
    assert sorted(row["kind"] for row in rows(warc.parent / "set", "refusals")) == ["http-status", "poison"]


def test_a_page_that_takes_too_long_is_given_up(
    warc: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break_the_reader(monkeypatch, warc.parent, "import time\n    time.sleep(3600)")
    guard = WatchedWorker(3.0)
    derived = guard.derive(task(warc, settings))
    guard.close()
    assert "poison" in [row["kind"] for row in rows(warc.parent / "set", "refusals")]
    assert derived.captures == 4


def _break_the_reader(monkeypatch: pytest.MonkeyPatch, folder: Path, action: str) -> None:
    """Let every worker do something when it reads the first article."""
    (folder / "broken").mkdir()
    (folder / "broken" / "sitecustomize.py").write_text(
        "import gvreader.sandbox as sandbox\n"
        "read = sandbox.read_capture\n"
        "def broken(capture, portal, **options):\n"
        "  if capture.url.endswith('hoi-nghi-1.html'):\n"
        f"    {action}\n"
        "  return read(capture, portal, **options)\n"
        "sandbox.read_capture = broken\n"
    )
    monkeypatch.syspath_prepend(str(folder / "broken"))


# ── inputs and parts ────────────────────────────────────────────────────────────────────────────


def test_inputs_are_files_folders_patterns_and_lists(tmp_path: Path) -> None:
    for name in ("b.warc", "a.warc.gz", "deep/c.wacz", "deep/note.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "list").write_text(f"# ours\n{tmp_path}/b.warc\n\n{tmp_path}/deep\n")
    names = [str(tmp_path / name) for name in ("a.warc.gz", "b.warc", "deep/c.wacz")]
    assert expanded([str(tmp_path)]) == names
    assert expanded([f"{tmp_path}/*.warc*", f"{tmp_path}/a.warc.gz"]) == names[:2]
    assert expanded([f"@{tmp_path}/list"]) == names[1:]
    assert expanded([f"{tmp_path}/nothing-*.warc"]) == []
    assert shard_of(f"file://{tmp_path}/b.warc") == shard_of(f"{tmp_path}/./b.warc")


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_each_input_falls_to_one_part(parts: int) -> None:
    for number in range(50):
        shard = shard_of(f"/crawl/{number}.warc.gz")
        assert sum(in_part(shard, part, parts) for part in range(1, parts + 1)) == 1


# ── the command ─────────────────────────────────────────────────────────────────────────────────


def test_parts_jobs_and_order_give_the_same_files(warc: Path, tmp_path: Path) -> None:
    other = written(tmp_path, "b.warc.gz", [capture(f"{HOME}/moi-9.html", page(9, "Tin mới của xã hôm nay"))])
    one = ("derive", other, warc, "--output", tmp_path / "one", "--jobs", "1")
    assert gv(tmp_path, *one).code == 0
    for part in ("1/2", "2/2"):
        assert gv(tmp_path, "derive", warc, other, "--output", tmp_path / "two", "--part", part).code == 0
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_finishing_gives_what_an_import_of_the_same_files_gives(warc: Path, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    assert gv(tmp_path, "derive", warc, "--output", tmp_path / "set").code == 0
    ended = gv(tmp_path, "derive", "--finish", tmp_path / "set", "--json")
    assert ended.code == 0, ended.err
    report = json.loads(ended.out)
    assert (report["articles"], report["revisions"], report["portals"]) == (2, 3, 1)
    assert gv(tmp_path, "--archive", tmp_path / "archive", "import", warc).code == 0
    [current] = (tmp_path / "set").glob("extractor=*/current")
    assert json.loads((current / "_SUCCESS").read_text()) == report
    reduced = {row["key"]: row for row in pq.read_table(next(current.glob("*.parquet"))).to_pylist()}
    with closing(sqlite3.connect(tmp_path / "archive/library.sqlite3")) as library:
        stored = library.execute("SELECT key, title, published, revision FROM heads").fetchall()
    assert {key: (row["title"], str(row["published"]), row["revision"]) for key, row in reduced.items()} == {
        key: (title, published, revision) for key, title, published, revision in stored
    }


def test_a_set_that_was_damaged_is_made_but_not_called_whole(warc: Path, tmp_path: Path) -> None:
    assert gv(tmp_path, "derive", warc, "--output", tmp_path / "set", "--format", "jsonl").code == 0
    [rows] = (tmp_path / "set").glob("extractor=*/refusals/*")
    rows.write_bytes(b"other")
    ended = gv(tmp_path, "derive", "--finish", tmp_path / "set", "--json")
    assert ended.code == 3
    assert [problem["fault"] for problem in json.loads(ended.out)["problems"]] == ["changed"]
    assert not list((tmp_path / "set").glob("extractor=*/current/_SUCCESS"))


def test_usage_is_checked(warc: Path, tmp_path: Path) -> None:
    made = ("derive", warc, "--output", tmp_path / "set", "--format", "jsonl")
    assert gv(tmp_path, *made).code == 0
    assert gv(tmp_path, *made, "--host", "*.vn").code == 2
    assert gv(tmp_path, "derive", warc, "--output", tmp_path / "set").code == 2
    assert gv(tmp_path, "derive", tmp_path / "none-*.warc", "--output", tmp_path / "s").code == 8
    assert gv(tmp_path, "derive", warc, "--output", tmp_path / "s", "--part", "0/2").code == 2
    assert gv(tmp_path, "derive", "--finish", tmp_path / "s").code == 8
    assert gv(tmp_path, "derive", warc).code == 2


def test_a_missing_input_is_named_and_stops_no_other(warc: Path, tmp_path: Path) -> None:
    ended = gv(
        tmp_path,
        "derive",
        warc,
        tmp_path / "missing.warc",
        "--output",
        tmp_path / "set",
        "--format",
        "jsonl",
        "--json",
    )
    report = json.loads(ended.out)
    assert ended.code == 3
    assert report["shards"] == {"done": 1, "known": 0, "short": 0, "failed": 1}
    [problem] = report["problems"]
    assert (problem["fault"], problem["shard"]) == ("missing", shard_of(str(tmp_path / "missing.warc")))
    assert problem["offset"] is None


@pytest.fixture
def memory() -> Iterator[Any]:
    fsspec = pytest.importorskip("fsspec")
    fs = fsspec.filesystem("memory")
    yield fs
    fs.store.clear()


def test_urls_are_read_and_written(warc: Path, settings: Settings, memory: Any) -> None:
    memory.pipe("/crawl/a.warc.gz", warc.read_bytes())
    memory.pipe("/crawl/notes.txt", b"no")
    [address] = expanded(["memory://crawl/*.warc.gz"])
    assert expanded(["memory://crawl"]) == [address]
    derived = derive_shard(
        ShardTask(input=address, set="memory://set", form="jsonl", hosts=(), settings=settings)
    )
    assert (derived.state, derived.articles) == ("done", 3)
    assert [path for path in memory.find("/set") if "/articles/" in path]
    again = ShardTask(input=address, set="memory://set", form="jsonl", hosts=(), settings=settings)
    assert derive_shard(again).state == "known"


def test_killed_at_any_moment_the_next_run_does_the_rest(warc: Path, tmp_path: Path) -> None:
    import subprocess

    from tests.cli.running import COMMAND, environment

    inputs = [shutil.copy(warc, tmp_path / f"c{number}.warc.gz") for number in range(4)]
    command = [
        "derive",
        *map(str, inputs),
        "--output",
        str(tmp_path / "set"),
        "--format",
        "jsonl",
        "--jobs",
        "2",
    ]
    process = subprocess.Popen([*COMMAND, *command], env=environment(tmp_path), stderr=subprocess.DEVNULL)
    while process.poll() is None and not list((tmp_path / "set").glob("extractor=*/done/*")):
        pass
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert gv(tmp_path, *command).code == 0
    assert len(rows(tmp_path / "set", "articles")) == 4 * 3
