"""Every export over the same generated archive: time and peak memory of the whole process.

    python benchmarks/bench_exports.py [--articles N] [--keep DIR] [FORMAT …]

`read` only streams the articles out of the library: no export can be quicker. Peak memory is VmHWM of the process
(Linux); the promise is 200 MB at 100,000 articles. One article in five has a picture, one in ten two captures.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gvreader.archive.library import Library
from gvreader.archive.vault import Vault
from gvreader.demo.content import Corpus
from gvreader.demo.files import picture
from gvreader.export.formats import FORMATS
from gvreader.model import (
    Article,
    Block,
    Capture,
    Image,
    Media,
    Request,
    SectionRef,
)

PORTAL = "giavien"
ORIGIN = "https://giavien.ninhbinh.gov.vn"
SEEN = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 500

MEASURED = """
import sys
from gvreader.cli import main
code = main(sys.argv[1:])
sys.stdout.flush()
status = open("/proc/self/status").read()
print(status.partition("VmHWM:")[2].split()[0], file=sys.stderr)
raise SystemExit(code)
"""
READ = """
import sys
from pathlib import Path
from gvreader.archive.library import Library
with Library.open(Path(sys.argv[1]) / "library.sqlite3", mode="read") as library:
    for stored in library.articles.stream(library.search.ids("", sort="newest").ids):
        stored.article.text
print(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0], file=sys.stderr)
"""


def articles(count: int) -> Iterator[Article]:
    for piece in Corpus(count=count):
        pictures = (Image(url=f"{ORIGIN}/public/{piece.number}.png", caption="Hội nghị"),)
        blocks = tuple(block for block in piece.blocks if block.kind != "figure")
        has_picture = piece.number % 5 == 0
        yield Article(
            url=f"{ORIGIN}/tin-{piece.number}.html",
            identity=str(piece.number),
            title=piece.title,
            summary=piece.lead,
            published=piece.published,
            sections=tuple(SectionRef(slug=slug, title=slug) for slug in piece.sections),
            blocks=(*blocks, Block(kind="figure", image=0)) if has_picture else blocks,
            images=pictures if has_picture else (),
            family="giavien@2020",
            confidence=0.98,
        )


class Filling:
    """Puts articles into an archive as a sync would, without waiting for the disk."""

    def __init__(self, library: Library, vault: Vault) -> None:
        self._library = library
        self._vault = vault
        self._count = 0

    def put(self, article: Article) -> None:
        body = f"<html><body><h1>{article.title}</h1>{'<p>menu</p>' * 300}<p>{article.text}</p></body></html>"
        capture_id, when = self._keep(article.url, body.encode(), "text/html; charset=utf-8", "article")
        key = f"{PORTAL}:{article.identity}"
        number = self._library.articles.insert(PORTAL, article, key, when, capture_id)
        if self._count % 10 == 0:
            capture_id, when = self._keep(article.url, body.encode(), "text/html; charset=utf-8", "article")
            self._library.articles.touch(number, when, capture_id)
        for shown in article.images:
            # Drawn a few times only; what follows the picture makes each another file.
            content = picture(str(self._count % 50), 240, 150) + shown.url.encode()
            capture_id, _when = self._keep(shown.url, content, "image/png", "media")
            media = Media(
                url=shown.url, media_type="image/png", bytes=len(content), sha256=f"{self._count:064x}"
            )
            self._library.media.put(media, capture_id)

    def _keep(self, url: str, body: bytes, media_type: str, verdict: str) -> tuple[int, datetime]:
        self._count += 1
        when = SEEN + timedelta(seconds=self._count)
        request = Request(url=url, headers=(("Host", "giavien.ninhbinh.gov.vn"),))
        capture = Capture(url=url, captured=when, status=200, request=request, body=body)
        capture = replace(capture, headers=(("Content-Type", media_type),))
        same = self._library.captures.by_payload(capture.payload_sha256, url)
        ref = self._vault.append(PORTAL, ORIGIN, capture, same_as=same)
        return self._library.captures.add(PORTAL, capture, ref, verdict), when


@contextmanager
def no_waiting() -> Iterator[None]:
    """Whether the generated archive survives a power cut is of no interest here."""
    kept, os.fsync = os.fsync, lambda fd: None
    try:
        yield
    finally:
        os.fsync = kept


def fill(folder: Path, count: int) -> None:
    with (
        no_waiting(),
        Vault.open(folder / "vault", mode="write", clock=lambda: SEEN) as vault,
        Library.open(folder / "library.sqlite3", mode="write") as library,
    ):
        library.portals.save(PORTAL, "Gia Viễn", ORIGIN, "giavien")
        filling = Filling(library, vault)
        with library.transaction():
            for article in articles(count):
                filling.put(article)


def measured(command: list[str]) -> tuple[float, float]:
    """Seconds and peak megabytes of a command of Python."""
    started = time.perf_counter()
    ended = subprocess.run([sys.executable, "-c", *command], capture_output=True, text=True, check=True)
    return time.perf_counter() - started, int(ended.stderr.split()[-1]) / 1000


def size_of(path: Path) -> float:
    """Megabytes of a file or folder."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*", default=[one.name for one in FORMATS])
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gvreader-bench-") as name:
        place = options.keep or Path(name)
        archive = place / "archive"
        if not archive.exists():
            archive.mkdir(parents=True)
            fill(archive, options.articles)
        print(f"{options.articles} articles\n{'':10} {'s':>8} {'MB peak':>8} {'MB made':>8}")
        seconds, peak = measured([READ, str(archive)])
        print(f"{'read':10} {seconds:8.1f} {peak:8.0f}")
        for kind in options.formats:
            output = place / f"out.{kind}"
            command = ["--archive", str(archive), "export", kind, "--output", str(output)]
            seconds, peak = measured([MEASURED, *command])
            print(f"{kind:10} {seconds:8.1f} {peak:8.0f} {size_of(output):8.0f}", flush=True)
            if output.is_dir():
                shutil.rmtree(output)
            else:
                output.unlink()


if __name__ == "__main__":
    main()
