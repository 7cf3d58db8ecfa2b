"""A sync over loopback HTTP beside its parts run bare: rate, requests, CPU, memory, disk.

    python benchmarks/bench_sync.py [--articles N] [--paced N] [--light]

The replica runs in a process of its own, so that what is measured is the sync alone. Its pages are padded to the
size of real ones (about 100 kB: menus, sidebars, scripts) unless `--light`. `bare` fetches the same
pages with http.client on one connection, parses them with lxml, packs them with gzip as the vault does, and
stores their text in one table and one full-text index of SQLite, each page in its own transaction. Disk is
compared with the vault alone, the gzip WARC records.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from lxml import html

from gvreader.archive.library import Library

GVREADER: Final = (sys.executable, "-m", "gvreader", "--quiet")
WEIGHT: Final = Path(__file__).with_name("weight.py")
PACE: Final = 0.1
SAMPLE: Final = 400
TARGETS: Final = {
    "rate": "≥ 97 %",
    "requests": "≤ 1.10",
    "cpu": "≤ 2.0x",
    "memory": "≤ 150 MB",
    "disk": "≤ 1.3x",
}


@contextmanager
def replica(articles: int, *, light: bool = True) -> Iterator[str]:
    """The base URL of a replica in another process."""
    command = [sys.executable, str(WEIGHT), str(articles)]
    if light:
        command = [sys.executable, "-m", "gvreader", "demo", "--serve-only", "--articles", str(articles)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip().rstrip("/")
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def sync(archive: Path, base_url: str, *options: str) -> tuple[dict[str, object], float, float, float]:
    """The report of a sync, its seconds, the seconds of CPU and the megabytes that it took."""
    command = [*GVREADER, "--archive", str(archive), "sync", "--base-url", base_url, "--json", *options]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    out = process.stdout.read()
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    assert process.returncode == 0, out
    return json.loads(out), time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def startup() -> float:
    """Seconds of CPU that a sync takes before its first request: interpreter and imports."""
    code = (
        "import httpx, lxml.html, protego, gvreader.app.runs, "
        "gvreader.operations.sync, gvreader.extract, gvreader.web.transport"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def verdicts(archive: Path) -> dict[str, int]:
    with closing(sqlite3.connect(archive / "library.sqlite3")) as connection:
        return dict(connection.execute("SELECT verdict, count(*) FROM captures GROUP BY verdict").fetchall())


def pages_of(archive: Path, count: int) -> list[str]:
    with closing(sqlite3.connect(archive / "library.sqlite3")) as connection:
        rows = connection.execute(
            "SELECT url FROM captures WHERE verdict = 'article' LIMIT ?",
            (count,),
        )
        return [urlsplit(url).path for (url,) in rows]


def bare(base_url: str, paths: list[str], folder: Path) -> dict[str, float]:
    """Milliseconds of CPU a page for each part."""
    parts = urlsplit(base_url)
    spent = dict.fromkeys(("fetch", "parse", "pack", "store"), 0.0)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    clock = time.process_time()
    database = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    database.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
        "CREATE TABLE articles (id INTEGER PRIMARY KEY, url TEXT UNIQUE, title TEXT, text TEXT);"
        "CREATE VIRTUAL TABLE words USING fts5 (title, text, content='');"
    )

    def lap(part: str) -> None:
        nonlocal clock
        now = time.process_time()
        spent[part] += now - clock
        clock = now

    lap("store")
    spent["store"] = 0.0
    with (folder / "bare.warc.gz").open("wb") as file:
        for number, path in enumerate(paths):
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            packed = connection.getresponse().read()
            lap("fetch")
            page = gzip.decompress(packed)
            root = html.document_fromstring(page)
            title = root.findtext(".//title") or ""
            text = " ".join(str(piece) for piece in root.itertext())
            lap("parse")
            file.write(gzip.compress(packed, 9))
            file.write(gzip.compress(b"GET " + path.encode() + b" HTTP/1.1\r\nHost: portal\r\n" * 8, 9))
            os.fsync(file.fileno())
            lap("pack")
            database.execute("BEGIN")
            database.execute("INSERT INTO articles VALUES (?, ?, ?, ?)", (number, path, title, text))
            database.execute("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", (number, title, text))
            database.execute("COMMIT")
            lap("store")
    connection.close()
    database.close()
    return {part: 1000 * seconds / len(paths) for part, seconds in spent.items()}


def size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def row(name: str, value: str, target: str = "") -> None:
    print(f"{name:<42} {value:>16}  {TARGETS.get(target, '')}")


def paced(count: int, folder: Path) -> None:
    with replica(count) as base_url:
        report, _seconds, _cpu, _memory = sync(folder / "paced", base_url, "--delay", str(PACE))
    with Library.open(folder / "paced" / "library.sqlite3", mode="read") as library:
        times = sorted(capture.captured for capture in library.captures.all())
    requests = report["requests"]
    assert isinstance(requests, int)
    span = (times[-1] - times[0]).total_seconds()
    row(f"request rate used at {1 / PACE:g}/s", f"{100 * (requests - 1) * PACE / span:.1f} %", "rate")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--paced", type=int, default=100)
    parser.add_argument("--light", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gvreader-bench-") as name:
        folder = Path(name)
        paced(options.paced, folder)
        with replica(options.articles, light=options.light) as base_url:
            archive = folder / "full"
            report, seconds, cpu, memory = sync(archive, base_url, "--delay", "0", "--no-media")
            parts = bare(base_url, pages_of(archive, SAMPLE), folder)
            told = verdicts(archive)
            _again, again_seconds, again_cpu, again_memory = sync(
                archive, base_url, "--delay", "0", "--no-media"
            )
        requests = report["requests"]
        assert isinstance(requests, int)
        useful = told["article"] + told["listing"]
        row("requests per page that told something", f"{requests / useful:.3f}", "requests")
        row("requests per article", f"{requests / told['article']:.3f}")
        per_page = 1000 * (cpu - startup()) / requests
        whole = sum(parts.values())
        print(" ".join(f"{part} {value:.2f}" for part, value in parts.items()), "ms a page, bare")
        row("CPU a page", f"{per_page:.2f} ms = {per_page / whole:.2f}x", "cpu")
        row(f"memory at {options.articles:,} articles", f"{memory:.0f} MB", "memory")
        vault, library = size(archive / "vault"), size(archive) - size(archive / "vault")
        row("vault, library", f"{vault / 1e6:.1f}, {library / 1e6:.1f} MB")
        row("disk beside the gzip WARC records", f"{(vault + library) / vault:.2f}x", "disk")
        row("time of the full sync", f"{seconds:.1f} s")
        row(
            "time, CPU, memory of a second one",
            f"{again_seconds:.1f} s {again_cpu:.1f} s {again_memory:.0f} MB",
        )


if __name__ == "__main__":
    main()
