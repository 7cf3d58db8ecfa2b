"""Search at 100,000 articles: gvreader beside FTS5 as it comes, tantivy and ripgrep, over the same text.

    python benchmarks/bench_search.py [--articles N] [--queries N] [--keep DIR]

Times are milliseconds of one warm process for the best 50 with snippets. `FTS5` is an ordinary FTS5 table
over the unmarked text, asked for the same words with its own snippets; `keys` is the very expression that
gvreader asks of its index, for nothing but row numbers. tantivy (the Python package) and rg take part when
they are installed.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice, product
from pathlib import Path
from random import Random
from typing import Any

from gvreader.archive.library import Library
from gvreader.archive.library.search.plan import Says
from gvreader.archive.library.search.planner import Planner
from gvreader.archive.library.search.search import Sort
from gvreader.demo.content import Corpus
from gvreader.model import (
    Article,
    Block,
    Capture,
    RecordRef,
    Request,
    SectionRef,
    Span,
)
from gvreader.query import parse
from gvreader.vietnamese.letters import fold
from gvreader.vietnamese.words import terms

PORTAL = "giavien"
ORIGIN = "https://giavien.ninhbinh.gov.vn"
SEEN = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 500
TAIL_WORDS = 180
LIMIT = 50


# ── the archive ─────────────────────────────────────────────────────────────────────────────────


def tail_vocabulary() -> list[str]:
    """Many rare words, so that the archive has a long tail as real ones do."""
    onsets = "b c ch d đ g h kh l m n ng nh ph s t th tr v x"
    rhymes = "a ác ách ai àm án ang áp át âm ân ấp e én ẹt ê ệnh i ía iên in ình o oa oài oán ong ôi ồng ơn u ưa ước"
    words = [onset + rhyme for onset, rhyme in product(onsets.split(" "), rhymes.split(" "))]
    return words + [f"{first}{second}" for first, second in product(words[::7], words[::5])]


def articles(count: int) -> Iterator[Article]:
    """The replica's articles, each with a paragraph of rarer words."""
    random = Random(7)
    words = tail_vocabulary()
    random.shuffle(words)
    weights = [1 / (rank + 3) for rank in range(len(words))]
    for piece in Corpus(count=count):
        tail = " ".join(random.choices(words, weights, k=TAIL_WORDS))
        blocks = (*piece.blocks, Block(kind="paragraph", spans=(Span(text=f"{tail.capitalize()}."),)))
        yield Article(
            url=f"{ORIGIN}/tin-{piece.number}.html",
            identity=str(piece.number),
            title=piece.title,
            summary=piece.lead,
            published=piece.published,
            author=piece.sign_off.author if piece.sign_off else None,
            organisation=piece.sign_off.organisation if piece.sign_off else None,
            sections=tuple(SectionRef(slug=slug, title=slug) for slug in piece.sections),
            blocks=tuple(block for block in blocks if block.kind != "figure"),
        )


def build(folder: Path, count: int) -> float:
    """Fill a new archive in batches; returns seconds."""
    started = time.perf_counter()
    offset = 0
    with Library.open(folder / "library.sqlite3", mode="write") as library:
        library.portals.save(PORTAL, "Gia Viễn", ORIGIN, "giavien")
        source = articles(count)
        while batch := list(islice(source, BATCH)):
            with library.transaction():
                for article in batch:
                    offset += 1
                    capture = Capture(
                        url=article.url, captured=SEEN, status=200, request=Request(url=article.url)
                    )
                    ref = RecordRef(file="bench.warc.gz", offset=offset, record_id=f"urn:uuid:{offset}")
                    capture_id = library.captures.add(PORTAL, capture, ref, "article")
                    key = f"{PORTAL}:{article.identity}"
                    number = library.articles.insert(PORTAL, article, key, SEEN, capture_id)
                    for section in article.sections:
                        library.articles.put_in_section(number, library.sections.save(PORTAL, section, SEEN))
            if offset % 10_000 == 0:
                print(f"  {offset} articles, {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return time.perf_counter() - started


# ── the questions ───────────────────────────────────────────────────────────────────────────────


def questions(connection: sqlite3.Connection, count: int) -> dict[str, list[str]]:
    """Queries of each class, taken from the archive itself."""
    random = Random(11)
    total = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    spelled = dict(connection.execute("SELECT term, doc FROM fx_terms WHERE length(term) > 1").fetchall())
    letters = [term for term in spelled if term.isalpha()]
    rare = [term for term in letters if 2 <= spelled[term] <= total * 0.001]
    common = [term for term in letters if spelled[term] >= total * 0.2]
    middle = [term for term in letters if total * 0.01 <= spelled[term] <= total * 0.2]
    marked = [term for term in common + middle if term != fold(term)]
    texts = [
        terms(text)
        for (text,) in connection.execute(
            "SELECT text FROM articles WHERE id IN (SELECT id FROM articles ORDER BY random() LIMIT 200)"
        )
    ]

    def run(length: int) -> list[str]:
        words = random.choice([text for text in texts if len(text) > 60])
        start = random.randrange(0, 60 - length)
        return words[start : start + length]

    def half_marked() -> str:
        return " ".join(fold(word) if index % 2 else word for index, word in enumerate(run(3)))

    makers: dict[str, Callable[[], str]] = {
        "rare word": lambda: random.choice(rare),
        "common word": lambda: random.choice(common),
        "common word, unmarked": lambda: fold(random.choice(marked)),
        "two words": lambda: f"{random.choice(common)} {random.choice(middle)}",
        "three words, unmarked": lambda: fold(" ".join(run(3))),
        "three words, half marked": half_marked,
        "phrase": lambda: f'"{" ".join(run(3))}"',
        "phrase, unmarked": lambda: f'"{fold(" ".join(run(3)))}"',
        "phrase, half marked": lambda: f'"{half_marked()}"',
        "prefix": lambda: f"{fold(random.choice(common))} {fold(random.choice(middle))[:2]}*",
        "abbreviation": lambda: random.choice(
            ["UBND", "HĐND huyện", "NTM", "uy ban nhan dan", "UBND xã", "KH UBND", "quyết định UBND", "GD&ĐT"]
        ),
        "or, not, brackets": lambda: (
            f"({random.choice(middle)} OR {random.choice(middle)}) -{random.choice(middle)}"
        ),
        "with a date": lambda: f"{random.choice(common)} after:{random.randrange(2019, 2025)}",
        "in a section": lambda: f"{random.choice(common)} section:tin-tuc",
        "in titles": lambda: f"title:{random.choice(common)}",
        "document number": lambda: f"number:{random.randrange(1, 400)}",
    }
    return {name: [make() for _ in range(count)] for name, make in makers.items()}


# ── measuring ───────────────────────────────────────────────────────────────────────────────────


def times(ask: Callable[[str], object], queries: Sequence[str]) -> list[float]:
    """Milliseconds of the second time each query is asked."""
    taken = []
    for query in queries:
        ask(query)
        started = time.perf_counter()
        ask(query)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def row(taken: Sequence[float]) -> str:
    """p50/p95/p99."""
    if len(taken) < 2:
        return "–"
    return "/".join(f"{quantile(taken, percent):.1f}" for percent in (50, 95, 99))


def plain_peer(folder: Path, library: Library, *, ranked: bool) -> Callable[[str], object]:
    """An ordinary FTS5 table over folded text, with its own snippets; it can tell no marks."""
    place = folder / "plain.sqlite3"
    fresh = not place.exists()
    connection = sqlite3.connect(place)
    if fresh:
        connection.execute(
            "CREATE VIRTUAL TABLE plain USING fts5(title, body, tokenize='unicode61 remove_diacritics 2')"
        )
        texts = (
            (fold(stored.row.title), fold(stored.article.text))
            for stored in library.articles.stream(library.search.ids("", sort="oldest").ids)
        )
        connection.executemany("INSERT INTO plain (title, body) VALUES (?, ?)", texts)
        connection.commit()
    order = "bm25(plain, 10.0, 1.0)" if ranked else "rowid DESC"

    def ask(query: str) -> object:
        words = fold(query)
        if any(mark in words for mark in ":*()-&"):
            return None
        match = words if words.startswith('"') else " ".join(f'"{word}"' for word in words.split())
        return connection.execute(
            "SELECT rowid, title, snippet(plain, 1, '[', ']', '…', 40) FROM plain "
            f"WHERE plain MATCH ? ORDER BY {order} LIMIT {LIMIT}",
            (match,),
        ).fetchall()

    return ask


def bare(connection: sqlite3.Connection, *, ranked: bool) -> Callable[[str], object]:
    """The same expression as ours, asked of FTS5 with its own order and limit."""
    planner = Planner(connection, Says(connection))

    def ask(query: str) -> object:
        plan = planner.plan(parse(query))
        condition = plan.condition
        if condition.match is None:
            return None
        order = "rank" if ranked else "rowid DESC"
        return connection.execute(
            f"SELECT rowid FROM {plan.table} WHERE {plan.table} MATCH ? ORDER BY {order} LIMIT {LIMIT}",
            (condition.match,),
        ).fetchall()

    return ask


def tantivy_peer(folder: Path, library: Library) -> Callable[[str], object] | None:
    """bm25 with snippets in tantivy over folded text; None without the package."""
    try:
        tantivy: Any = importlib.import_module("tantivy")
    except ImportError:
        return None
    place = folder / "tantivy"
    fresh = not place.exists()
    place.mkdir(exist_ok=True)
    schema = (
        tantivy.SchemaBuilder()
        .add_text_field("title", stored=True, tokenizer_name="default")
        .add_text_field("body", stored=True, tokenizer_name="default")
        .build()
    )
    index = tantivy.Index(schema, path=str(place))
    if fresh:
        writer = index.writer(200_000_000)
        for stored in library.articles.stream(library.search.ids("").ids):
            writer.add_document(
                tantivy.Document(title=fold(stored.row.title), body=fold(stored.article.text))
            )
        writer.commit()
        writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(query: str) -> object:
        words = fold(query)
        if any(mark in words for mark in ":*()-"):
            return None
        joined = words if words.startswith('"') else " AND ".join(words.split())
        parsed = index.parse_query(joined, ["title", "body"], field_boosts={"title": 10.0})
        snippets = tantivy.SnippetGenerator.create(searcher, parsed, schema, "body")
        hits = searcher.search(parsed, LIMIT).hits
        return [snippets.snippet_from_doc(searcher.doc(address)).to_html() for _, address in hits]

    return ask


def ripgrep_peer(folder: Path, library: Library) -> Callable[[str], object] | None:
    """rg over one file with an article a line, counting the lines that match; None without rg."""
    program = shutil.which("rg") or shutil.which(Path(sys.executable).with_name("rg"))
    if program is None:
        return None
    place = folder / "articles.txt"
    if not place.exists():
        with place.open("w") as file:
            for stored in library.articles.stream(library.search.ids("").ids):
                file.write(fold(f"{stored.row.title} {stored.article.text}").replace("\n", " ") + "\n")

    def ask(query: str) -> object:
        words = fold(query).strip('"')
        if any(mark in words for mark in ":*()-"):
            return None
        return subprocess.run(
            [program, "-c", "-w", words, str(place)], check=False, capture_output=True
        ).returncode

    return ask


def cold_times(folder: Path) -> Iterator[tuple[str, float]]:
    """Milliseconds of the first search on a new connection whose file is in no cache."""
    place = folder / "library.sqlite3"
    sorts: tuple[Sort, ...] = ("newest", "relevance")
    for sort in sorts:
        with place.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        with Library.open(place, mode="read") as library:
            started = time.perf_counter()
            library.search.find("nong thon moi", sort=sort, limit=LIMIT)
            yield f"first search on a cold disk, {sort}", (time.perf_counter() - started) * 1000


def process_times(folder: Path) -> Iterator[tuple[str, float]]:
    """The median milliseconds of whole processes."""
    environment = os.environ | {"GVREADER_ARCHIVE": str(folder), "NO_COLOR": "1"}
    gvreader = str(Path(sys.executable).with_name("gvreader"))
    commands = {
        "python -c 'import sqlite3'": [sys.executable, "-c", "import sqlite3"],
        "gvreader search nong thon moi": [gvreader, "search", "nong", "thon", "moi"],
        "gvreader search … --sort newest": [gvreader, "search", "nong", "thon", "moi", "--sort", "newest"],
    }
    for name, command in commands.items():
        taken = []
        for _ in range(11):
            started = time.perf_counter()
            subprocess.run(command, check=False, capture_output=True, env=environment)
            taken.append((time.perf_counter() - started) * 1000)
        yield name, statistics.median(taken)


def sizes(connection: sqlite3.Connection) -> dict[str, int]:
    """Bytes of each full-text table and of the rest of the file, where this SQLite can tell."""
    names = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE sql LIKE '%USING fts5(%'")
    ]
    try:
        rows = connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall()
    except sqlite3.OperationalError:
        rows = []
    found: dict[str, int] = {}
    for name, size in rows:
        group = next(
            (prefix for prefix in (*names, "vocabulary") if str(name).startswith(prefix)), "other tables"
        )
        found[group] = found.get(group, 0) + size
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=40, help="queries of each class")
    parser.add_argument("--keep", type=Path, help="build the archive here, or use the one that is there")
    parser.add_argument("--reindex", action="store_true", help="measure building the index alone, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder: Path = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "library.sqlite3").exists():
            print(
                f"Built {options.articles} articles in {build(folder, options.articles):.0f} s, index included."
            )
        if options.reindex:
            with Library.open(folder / "library.sqlite3", mode="write") as library:
                started = time.perf_counter()
                library.reindex()
                print(f"Built the index alone in {time.perf_counter() - started:.0f} s.")
        report(folder, options.queries)


def report(folder: Path, count: int) -> None:
    """Print the tables."""
    connection = sqlite3.connect(folder / "library.sqlite3")
    for name, size in sorted(sizes(connection).items()):
        print(f"{name}: {size / 1e6:.0f} MB")
    asked = questions(connection, count)
    slowest: dict[str, float] = {}
    with Library.open(folder / "library.sqlite3", mode="read") as library:
        search = library.search
        peers: dict[str, Callable[[str], object] | None] = {
            "newest first": lambda query: search.find(query, sort="newest", limit=LIMIT),
            "FTS5, newest": plain_peer(folder, library, ranked=False),
            "keys, newest": bare(connection, ranked=False),
            "relevance": lambda query: search.find(query, sort="relevance", limit=LIMIT),
            "FTS5, bm25": plain_peer(folder, library, ranked=True),
            "keys, bm25": bare(connection, ranked=True),
            "all ids": lambda query: search.ids(query),
            "tantivy": tantivy_peer(folder, library),
            "ripgrep": ripgrep_peer(folder, library),
        }
        present = {name: ask for name, ask in peers.items() if ask is not None}
        print(f"\n| {'query (p50/p95/p99 ms)':26} | " + " | ".join(f"{name:>17}" for name in present) + " |")
        print(f"|{'-' * 28}|" + f"{'-' * 18}:|" * len(present))
        for name, queries in asked.items():
            cells = []
            for peer, ask in present.items():
                some = queries if peer != "ripgrep" else queries[:8]
                taken = times(ask, [query for query in some if ask(query) is not None])
                cells.append(f"{row(taken):>17}")
                if len(taken) > 1:
                    slowest[f"{name}: {peer}"] = quantile(taken, 95)
            print(f"| {name:26} | " + " | ".join(cells) + " |", flush=True)
    connection.close()
    print(f"\n| {'p95 beside its peers':26} | newest: FTS5 | relevance: FTS5 | ripgrep: relevance |")
    print(f"|{'-' * 28}|-------------:|----------------:|-------------------:|")
    for name in asked:
        ratios = [
            ratio(slowest, f"{name}: {one}", f"{name}: {other}")
            for one, other in (
                ("newest first", "FTS5, newest"),
                ("relevance", "FTS5, bm25"),
                ("ripgrep", "relevance"),
            )
        ]
        print(f"| {name:26} | {ratios[0]:>12} | {ratios[1]:>15} | {ratios[2]:>18} |")
    print()
    for name, milliseconds in [*cold_times(folder), *process_times(folder)]:
        print(f"{name}: {milliseconds:.0f} ms")


def quantile(taken: Sequence[float], percent: int) -> float:
    return statistics.quantiles(taken, n=100, method="inclusive")[percent - 1]


def ratio(times_of: Mapping[str, float], one: str, other: str) -> str:
    """How many times as long one takes as the other; a dash where either was not measured."""
    if one not in times_of or other not in times_of:
        return "–"
    return f"{times_of[one] / times_of[other]:.1f}x"


if __name__ == "__main__":
    main()
