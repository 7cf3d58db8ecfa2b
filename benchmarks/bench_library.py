"""Storing and reading articles: the library beside bare SQLite, over the same generated articles.

    python benchmarks/bench_library.py [--articles N]

`bare` keeps text and columns in one plain table and the same words in two full-text tables, in batches, and
nothing else: no history, no evidence, no addresses, no sections. Times are milliseconds in one warm process.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from gvreader.archive.library import FrontierEntry, Library
from gvreader.demo.content import Corpus
from gvreader.model import (
    Article,
    Capture,
    RecordRef,
    Request,
    SectionRef,
)
from gvreader.vietnamese.words import fold_term, terms

PORTAL = "giavien"
ORIGIN = "https://giavien.ninhbinh.gov.vn"
SEEN = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 100
ROUNDS = 9


def articles(count: int) -> Iterator[Article]:
    for piece in Corpus(count=count):
        yield Article(
            url=f"{ORIGIN}/tin-{piece.number}.html",
            identity=str(piece.number),
            title=piece.title,
            summary=piece.lead,
            published=piece.published,
            sections=tuple(SectionRef(slug=slug, title=slug) for slug in piece.sections),
            blocks=tuple(block for block in piece.blocks if block.kind != "figure"),
        )


def store(library: Library, article: Article, number: int) -> None:
    """What ingest stores of one page."""
    when = SEEN + timedelta(seconds=number)
    capture = Capture(url=article.url, captured=when, status=200, request=Request(url=article.url))
    ref = RecordRef(file="bench-0001.warc.gz", offset=number, record_id=f"urn:uuid:{number:032x}")
    with library.transaction():
        capture_id = library.captures.add(PORTAL, capture, ref, "article")
        if not library.articles.find(PORTAL, article.url, article.identity):
            library.articles.insert(PORTAL, article, f"{PORTAL}:{article.identity}", when, capture_id)


def timed_store(path: Path, count: int, batch: int) -> tuple[float, float]:
    """Milliseconds an article spent in the library, and the worst one."""
    spent: list[float] = []
    with Library.open(path, mode="write") as library:
        library.portals.save(PORTAL, "Gia Viễn", ORIGIN, "giavien")
        opened = None
        for number, article in enumerate(articles(count)):
            started = time.perf_counter()
            if number % batch == 0:
                if opened is not None:
                    opened.__exit__(None, None, None)
                opened = library.transaction()
                opened.__enter__()
            store(library, article, number)
            spent.append((time.perf_counter() - started) * 1000)
        if opened is not None:
            opened.__exit__(None, None, None)
    return statistics.fmean(spent), max(spent)


def timed_bare(path: Path, count: int) -> float:
    spent = 0.0
    bare = sqlite3.connect(path, isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = NORMAL")
    bare.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, url, title, summary, published, text)")
    for table in ("fx", "ff"):
        bare.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5(title, summary, body, content='', tokenize='ascii')"
        )
    for number, article in enumerate(articles(count), 1):
        started = time.perf_counter()
        if number % BATCH == 1:
            bare.execute("BEGIN")
        text = article.text
        row = (number, article.url, article.title, article.summary, str(article.published), text)
        bare.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?)", row)
        words = [terms(part or "") for part in (article.title, article.summary, text)]
        bare.execute(
            "INSERT INTO fx (rowid, title, summary, body) VALUES (?, ?, ?, ?)",
            (number, *map(" ".join, words)),
        )
        folded = [" ".join(map(fold_term, part)) for part in words]
        bare.execute("INSERT INTO ff (rowid, title, summary, body) VALUES (?, ?, ?, ?)", (number, *folded))
        if number % BATCH == 0:
            bare.execute("COMMIT")
        spent += time.perf_counter() - started
    bare.close()
    return spent / count * 1000


def median(work: Callable[[], object]) -> float:
    spent = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        work()
        spent.append((time.perf_counter() - started) * 1000)
    return statistics.median(spent)


def reading(path: Path) -> Iterator[tuple[str, float]]:
    random = Random(3)
    with Library.open(path, mode="read") as library:
        ids = list(library.articles.ids())
        few = min(50, len(ids))
        yield (
            "overview and counts of sections",
            median(lambda: (library.overview(), library.sections.counts())),
        )
        yield "months", median(library.months)
        yield "numbers of all articles", median(library.articles.ids)
        yield "50 rows, newest", median(lambda: library.articles.rows(ids[:few]))
        yield "50 rows, anywhere", median(lambda: library.articles.rows(random.sample(ids, few)))
        yield "one article", median(lambda: library.articles.stored(random.choice(ids)))
        yield "history of one article", median(lambda: library.articles.history(random.choice(ids)))
        yield "status", median(library.status)


def frontier(path: Path, count: int) -> float:
    """Milliseconds to take one entry of a long frontier and cross it off."""
    with Library.open(path, mode="write") as library:
        entries = (
            FrontierEntry(kind="article", request=Request(url=f"{ORIGIN}/waiting-{number}.html"))
            for number in range(count)
        )
        library.journal.push(PORTAL, *entries)

        def step() -> None:
            entry = library.journal.next(PORTAL, SEEN)
            assert entry is not None
            library.journal.done(entry)

        return median(step)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=10_000)
    count = parser.parse_args().articles
    with tempfile.TemporaryDirectory() as folder:
        single, worst = timed_store(Path(folder) / "single.sqlite3", min(count, 2000), 1)
        path = Path(folder) / "library.sqlite3"
        batched, _worst = timed_store(path, count, BATCH)
        bare = timed_bare(Path(folder) / "bare.sqlite3", min(count, 5000))
        print(f"{count} articles, {path.stat().st_size / count:.0f} bytes of file an article\n")
        print("| storing, ms an article | |\n|---|---|")
        print(f"| one transaction each (worst {worst:.0f}) | {single:.2f} |")
        print(f"| in batches of {BATCH} | {batched:.2f} |")
        print(f"| bare SQLite, in batches of {BATCH} | {bare:.2f} |")
        print("\n| reading, ms | |\n|---|---|")
        for what, spent in reading(path):
            print(f"| {what} | {spent:.2f} |")
        print(f"| next entry of a frontier of {count}, and done | {frontier(path, count):.2f} |")
    print(f"\nmemory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
