"""Damage a library at random places and see whether `verify` finds all that matters: `make damage`.

A small archive is synced from the replica, marked and noted. Then one bit is flipped (or a sector of 512 bytes zeroed)
at a place that the seed chooses, everything that readers and exports show is read, and `verify` is asked. What is
shown otherwise than before, or not at all, has to be found; nothing may crash.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

from gvreader.app.archive import Archive
from gvreader.app.clock import now
from gvreader.app.config import Settings
from gvreader.app.runs.sync_run import run_sync
from gvreader.app.runs.verify_run import run_verify
from gvreader.archive.library import Library
from gvreader.errors import GvreaderError
from gvreader.export.records import article_json, dumps, hit_json
from gvreader.operations.sync import SyncOptions
from gvreader.portals import portal_for
from tests.portal import Replica

QUERIES = (
    *(
        "nông thôn mới",
        "ubnd",
        "gia viễn",
        "hội nghị",
        '"xã gia"',
        "title:xã",
        "after:2023",
        "is:starred",
        "is:unread",
    ),
    *("tag:doc*", "note:hỏi", "section:tin*", "số", "2023", "nguyễn", "author:hồng", "has:image", "điều 1"),
)


def settings(folder: Path) -> Settings:
    """The settings of an archive without a configuration."""
    return Settings(archive=folder, archive_from="option", file=folder / "none.toml", found=False)


def build(folder: Path, articles: int) -> Archive:
    """A synced archive with marks of every kind."""
    archive = Archive(settings(folder))
    portal = portal_for("giavien")
    assert portal is not None
    with Replica(articles=articles, seed=3) as replica:
        for _event in run_sync(archive, portal, options=SyncOptions(), base_url=replica.base_url, delay=0):
            pass
    with Library.open(archive.library_file, mode="write") as library:
        ids = library.articles.ids()
        library.marks.set_starred(ids[:5], True)
        library.marks.set_read(ids[3:9], True)
        library.marks.tag(ids[2:4], "đọc lại")
        library.marks.set_note(ids[1], "hỏi lại xã")
        library.marks.set_note(ids[1], "sai năm", 1)
        library.marks.save("mới", "is:unread")
    return archive


def shown(path: Path) -> str:
    """A digest of all that readers and exports show; what cannot be shown is its error."""
    seen = hashlib.sha256()

    def add(value: object) -> None:
        seen.update(repr(value).encode("utf-8", "backslashreplace"))

    try:
        with Library.open(path, mode="read") as library:
            ids = library.articles.ids()
            for stored in library.articles.stream(ids):
                add(dumps(article_json(stored)))
            for number in ids:
                add(library.articles.history(number))
                add(library.captures.of_article(number))
            for query in QUERIES:
                found = library.search.find(query, limit=10)
                add((found.total, [dumps(hit_json(hit)) for hit in found.hits]))
            for answer in (library.marks.saved, library.marks.tags, library.months, library.sections.counts):
                add(answer())
            add(library.overview())
    except Exception as error:  # noqa: BLE001 - whatever a reader ends with is what it shows
        return f"{type(error).__name__}: {error}"
    return seen.hexdigest()


def damage(content: bytes, random: Random, *, sector: bool) -> bytes:
    """The content with one bit flipped, or one sector zeroed."""
    altered = bytearray(content)
    if sector:
        start = random.randrange(len(content) // 512) * 512
        altered[start : start + 512] = bytes(512)
    else:
        altered[random.randrange(len(content))] ^= 1 << random.randrange(8)
    return bytes(altered)


def trial(archive: Archive, content: bytes, expected: str, seed: int, *, sector: bool) -> str:
    """What became of one damage: harmless, found, missed or crashed; says so where it should not be."""
    random = Random(seed)
    altered = damage(content, random, sector=sector)
    archive.library_file.write_bytes(altered)
    for suffix in ("-wal", "-shm"):
        archive.library_file.with_name(archive.library_file.name + suffix).unlink(missing_ok=True)
    matters = altered != content and shown(archive.library_file) != expected
    one = Archive(archive.settings, clock=now)
    try:
        is_found = not run_verify(one, repair=False, note=lambda _text: None).is_sound
    except GvreaderError:
        is_found = True
    except Exception as error:  # noqa: BLE001 - the very thing that is looked for
        sys.stderr.write(f"seed {seed}: verify ended with {type(error).__name__}: {error}\n")
        return "crashed"
    finally:
        one.close()
    if not matters:
        return "harmless, told" if is_found else "harmless"
    if not is_found:
        place = next(number for number, (a, b) in enumerate(zip(content, altered, strict=True)) if a != b)
        sys.stderr.write(f"seed {seed}: not found at byte {place}: {shown(archive.library_file)[:80]}\n")
    return "found" if is_found else "missed"


def main() -> int:
    """Run the experiment; 1 when something was missed or crashed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=500)
    parser.add_argument("--sectors", type=int, default=100)
    parser.add_argument("--articles", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        archive = build(Path(name) / "archive", options.articles)
        content = archive.library_file.read_bytes()
        shutil.copy(archive.library_file, Path(name) / "whole.sqlite3")
        expected = shown(archive.library_file)
        bad = 0
        for what, count in (("bits flipped", options.flips), ("sectors zeroed", options.sectors)):
            results = Counter(
                trial(archive, content, expected, seed, sector=what.startswith("sectors"))
                for seed in range(count)
            )
            bad += results["missed"] + results["crashed"]
            parts = ", ".join(f"{number} {result}" for result, number in sorted(results.items()))
            sys.stdout.write(f"{count} {what} in {len(content)} bytes: {parts}\n")
            sys.stdout.flush()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
