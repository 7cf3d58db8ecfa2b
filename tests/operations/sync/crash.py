"""Kill `gvreader sync` at random moments, run it to its end, and compare with an archive that was never killed.

python -m tests.operations.sync.crash --kills 200 --seed 1
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from gvreader.archive.library import Library
from tests.portal import Replica

ARTICLES = 24
LONGEST = 120.0
COMMAND = (sys.executable, "-m", "gvreader", "--quiet", "--archive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What an archive holds, without the moments at which it was fetched."""

    articles: dict[str, tuple[str, int, frozenset[str]]]
    media: frozenset[str]
    sections: dict[str, int]


def holdings(archive: Path) -> Holdings:
    """Every article's content, number of revisions and sections; every file; every section's size."""
    with Library.open(archive / "library.sqlite3", mode="read") as library:
        stored = list(library.articles.stream(library.articles.ids()))
        articles = {
            one.row.key: (
                one.content_sha256,
                len(library.articles.history(one.row.id)),
                frozenset(ref.slug for ref in one.row.sections),
            )
            for one in stored
        }
        files = {image.url for one in stored for image in one.article.images}
        files |= {file.url for one in stored for file in one.article.attachments}
        media = frozenset(url for url in files if library.media.has(url))
        sections = {section.slug: section.articles for section in library.sections.counts("giavien")}
    return Holdings(articles=articles, media=media, sections=sections)


def _sync(archive: Path, server: Replica, *more: str) -> list[str]:
    return [*COMMAND, str(archive), "sync", "--base-url", server.base_url, "--delay", "0", *more]


def finish(archive: Path, server: Replica) -> None:
    """Run to the end; the exit code must be that of an undisturbed run."""
    ended = subprocess.run(
        _sync(archive, server), capture_output=True, text=True, timeout=LONGEST, check=False
    )
    assert ended.returncode == 0, (ended.returncode, ended.stderr)


def kill_once(archive: Path, server: Replica, chance: random.Random) -> bool:
    """Start a sync and kill it, mostly while it works; whether it was still alive."""
    seen = len(server.requests)
    target = seen + chance.randrange(0, 30)
    process = subprocess.Popen(_sync(archive, server), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + LONGEST
    while len(server.requests) < target and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.0005)
    if target == seen:
        time.sleep(chance.uniform(0, 0.6))
    time.sleep(chance.uniform(0, 0.03))
    alive = process.poll() is None
    if alive:
        os.kill(process.pid, signal.SIGKILL)
    process.wait(LONGEST)
    return alive


def check(archive: Path) -> None:
    """`gvreader verify` has nothing to say, and a stranger's tool finds every record whole."""
    verified = subprocess.run(
        [*COMMAND, str(archive), "verify", "--json"],
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert '"findings":[]' in verified.stdout.replace(" ", ""), verified.stdout
    files = sorted(map(str, (archive / "vault").glob("*.warc.gz")))
    checked = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", *files], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def experiment(folder: Path, *, kills: int, seed: int) -> int:
    """Kill `kills` runs on one archive after another; returns how many archives were filled and compared."""
    chance = random.Random(seed)
    done = archives = 0
    with Replica(articles=ARTICLES) as server:
        finish(folder / "whole", server)
        whole = holdings(folder / "whole")
        while done < kills:
            archive = folder / f"killed-{archives}"
            for _ in range(chance.randrange(2, 9)):
                done += kill_once(archive, server, chance)
                server.requests.clear()
            finish(archive, server)
            assert holdings(archive) == whole, archive
            check(archive)
            archives += 1
    return archives


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gvreader-crash-") as folder:
        archives = experiment(Path(folder), kills=options.kills, seed=options.seed)
    print(f"{options.kills} kills, {archives} archives, each the same as one that was never killed")


if __name__ == "__main__":
    main()
