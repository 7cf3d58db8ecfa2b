"""Extraction on the replica's families: gvreader beside trafilatura, readability-lxml, newspaper4k and a bare parse.

    python benchmarks/bench_extract.py [--articles N] [--seed N] [--family NAME]… [--rounds N] [--light]

Every page is an article of the replica whose truth is known. Pages are weighted to the size of real ones (about
100 kB: menus, sidebars, scripts) unless `--light`. `words` is the F1 of the words of the text against the truth,
`leak` the share of words that are not in it; `blocks` counts a paragraph, item or table row as right only when it is
whole. Speed is CPU time of one warm process, best of the rounds. Peers take part when they are installed.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.request import urlopen

from tests.portal import FAMILIES, Replica

from benchmarks.peers import Answer, agreement, bare_parse, gvreader, per_second, percent, tools
from benchmarks.weight import weighted
from gvreader.extract import extract
from gvreader.extract.fields.publication_date import day_of
from gvreader.model import Article, Capture, Request
from gvreader.portals import adhoc

CAPTURED = datetime(2027, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    """A page of the replica and what its author wrote."""

    family: str
    capture: Capture
    truth: Article


@dataclass
class Score:
    title: list[float] = field(default_factory=list)
    day: list[float] = field(default_factory=list)
    byline: list[float] = field(default_factory=list)
    blocks: list[float] = field(default_factory=list)
    words: list[float] = field(default_factory=list)
    leak: list[float] = field(default_factory=list)


# ── pages ───────────────────────────────────────────────────────────────────────────────────────


def pages(family: str, seed: int, count: int, *, light: bool) -> list[Page]:
    found: list[Page] = []
    with Replica(family=family, seed=seed, articles=count) as replica:
        for truth in replica.truth():
            with urlopen(truth.url) as answer:  # the replica on loopback
                body = answer.read()
            capture = Capture(
                url=truth.url,
                captured=CAPTURED,
                status=200,
                headers=(("Content-Type", "text/html"),),
                body=body if light else weighted(body),
                request=Request(url=truth.url),
            )
            found.append(Page(family, capture, truth))
    return found


# ── measures ────────────────────────────────────────────────────────────────────────────────────


def judge(score: Score, page: Page, answer: Answer) -> None:
    truth = page.truth
    wanted = [line for block in truth.blocks for line in block.lines]
    if truth.summary and truth.summary not in wanted:
        wanted.insert(0, truth.summary)
    got = [" ".join(line.split()) for line in answer.lines if line.strip()]
    score.title.append(float((answer.title or "").strip() == truth.title))
    if answer.day is not None or truth.published is not None:
        score.day.append(float(answer.day == (day_of(truth.published) if truth.published else None)))
    if answer.author is not None:
        score.byline.append(float(answer.author == (truth.author or truth.organisation or "")))
    score.blocks.append(agreement(got, wanted)[0])
    words, leak = agreement(" ".join(got).split(), " ".join(wanted).split())
    score.words.append(words)
    score.leak.append(leak)


def row(name: str, score: Score, speed: float) -> str:
    fields = (score.title, score.day, score.byline, score.blocks, score.words, score.leak)
    return f"| {name} | " + " | ".join(percent(values) for values in fields) + f" | {speed:.0f} |"


def calibration(sample: Sequence[Page]) -> list[str]:
    """How often an article of some confidence is right in title, day, byline and every block."""
    bands: dict[str, list[float]] = {}
    for page in sample:
        found = extract(page.capture, adhoc(page.capture.url)).page
        if not isinstance(found, Article):
            continue
        right = (
            replace(found, images=(), attachments=()).content_sha256
            == replace(page.truth, images=(), attachments=()).content_sha256
        )
        band = f"{min(int(found.confidence * 20) / 20, 0.95):.2f}–"
        bands.setdefault(band, []).append(float(right))
    return [
        f"| {band} | {len(values)} | {statistics.fmean(values):.3f} |"
        for band, values in sorted(bands.items())
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--articles", type=int, default=24)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--family", action="append", choices=sorted(FAMILIES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--light", action="store_true", help="pages as the replica prints them, without real pages' weight"
    )
    options = parser.parse_args()
    sample: list[Page] = []
    for family in options.family or FAMILIES:
        sample += pages(family, options.seed, options.articles, light=options.light)
    captures = [page.capture for page in sample]
    size = statistics.fmean(len(page.capture.body) for page in sample) / 1000
    print(
        f"{len(sample)} pages of {len({page.family for page in sample})} families, {size:.0f} kB on average\n"
    )
    print(
        "| tool | title | day | byline | blocks | words | leak | pages/s |\n|---|---|---|---|---|---|---|---|"
    )
    for name, read in tools("trafilatura", "readability-lxml", "newspaper4k").items():
        score = Score()
        for page in sample:
            judge(score, page, read(page.capture))
        print(row(name, score, per_second(read, captures, options.rounds)))
    speed = per_second(bare_parse(), captures, options.rounds)
    print(f"| bare lxml parse, five XPaths | – | – | – | – | – | – | {speed:.0f} |")
    print(
        "\n| family | title | day | byline | blocks | words | leak | pages/s |\n|---|---|---|---|---|---|---|---|"
    )
    for family in dict.fromkeys(page.family for page in sample):
        own = [page for page in sample if page.family == family]
        score = Score()
        for page in own:
            judge(score, page, gvreader(page.capture))
        print(row(family, score, per_second(gvreader, [page.capture for page in own], options.rounds)))
    print("\n| confidence | articles | all fields and blocks right |\n|---|---|---|")
    print("\n".join(calibration(sample)))


if __name__ == "__main__":
    main()
