"""CPU of whole commands beside a bare interpreter: what every call of gvreader costs before it does anything.

    python -m benchmarks.bench_start [--runs N]

User and system time of the process in milliseconds, the least of the runs; commands on an archive of 60 articles.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from gvreader.demo import Corpus, LocalPortal

ARTICLES = 60
PROGRAM = (sys.executable, "-m", "gvreader")
LIMITS = {
    "--version": ("pass", 2.0),
    "--help": ("pass", 2.0),
    "list": ("sqlite3", 3.0),
    "search": ("sqlite3", 3.0),
}


def cpu(command: Sequence[str], runs: int) -> float:
    """The least CPU time of a command, seconds."""
    least = float("inf")
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return least


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gvreader-start-") as name:
        os.environ |= {"HOME": name, "XDG_CONFIG_HOME": name, "GVREADER_ARCHIVE": str(Path(name) / "archive")}
        with LocalPortal(Corpus(count=ARTICLES)) as portal:
            sync = ("--quiet", "sync", "giavien", "--base-url", portal.base_url, "--delay", "0", "--no-media")
            subprocess.run([*PROGRAM, *sync], check=True)
        bare = {
            "pass": cpu([sys.executable, "-c", "pass"], options.runs),
            "sqlite3": cpu([sys.executable, "-c", "import sqlite3"], options.runs),
        }
        print(
            f"python -c pass: {bare['pass'] * 1000:.0f} ms; import sqlite3: {bare['sqlite3'] * 1000:.0f} ms\n"
        )
        print("| command | ms | x pass | x import sqlite3 | goal |\n|---|---|---|---|---|")
        commands = (
            ("--version",), ("--help",), ("list", "--limit", "20"), ("search", "nong thon moi"), ("show", "1"),
            ("status",), ("cite", "1"), ("feed", "--format", "atom"), ("config", "show"), ("portals",),
        )  # fmt: skip
        for command in commands:
            took = cpu([*PROGRAM, *command], options.runs)
            peer, goal = LIMITS.get(command[0], ("", 0.0))
            met = f"{goal:.0f}x {peer}: {'met' if took <= goal * bare[peer] else 'missed'}" if peer else "–"
            ratios = f"{took / bare['pass']:.1f} | {took / bare['sqlite3']:.1f}"
            print(f"| {' '.join(command)} | {took * 1000:.0f} | {ratios} | {met} |")


if __name__ == "__main__":
    main()
