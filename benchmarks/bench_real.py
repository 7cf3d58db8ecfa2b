"""Extraction on saved real pages: gvreader beside trafilatura, readability-lxml, newspaper4k and resiliparse.

    python -m benchmarks.bench_real [FOLDER…] [--rounds N] [--pages]

A folder holds pages as `NAME.html` with their truth as `NAME.expected.json`: `url`, `title`, `published` (ISO 8601
or empty), `author`, `organisation` (`*`: anything), `body` (its blocks), `captions` and `neutral` (lines that count
neither way). Without a folder the project's own small pages are read. `words` is the F1 of the words of lead and text
against the body, `precision` and `recall` are its parts; `blocks` counts only whole blocks; `worst` is the lowest F1
of a page. Speed is CPU time of one warm process, best of the rounds, all tools in the same run.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks.peers import Answer, agreement, bare_parse, per_second, percent, tools
from gvreader.model import Capture, Request
from gvreader.vietnamese import nfc

CAPTURED = datetime(2027, 1, 1, tzinfo=UTC)
PEERS = ("trafilatura", "readability-lxml", "newspaper4k", "resiliparse")
OWN = Path(__file__).parents[1] / "tests" / "fixtures" / "kinds"
SURE = 0.9
RIGHT = 0.95


@dataclass(frozen=True)
class Page:
    """A saved page and what a person reads in it."""

    name: str
    capture: Capture
    truth: dict[str, Any]


@dataclass
class Score:
    """What a tool got right, one value a page."""

    title: list[float] = field(default_factory=list)
    day: list[float] = field(default_factory=list)
    byline: list[float] = field(default_factory=list)
    words: list[float] = field(default_factory=list)
    precision: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    blocks: list[float] = field(default_factory=list)


def saved_pages(folder: Path) -> list[Page]:
    """The articles of a folder that have a truth beside them, by name."""
    found: list[Page] = []
    for place in sorted(folder.rglob("*.expected.json")):
        truth = json.loads(place.read_text(encoding="utf-8"))
        if "text" in truth:
            truth["body"] = truth["text"]
        if "body" not in truth:
            continue
        name = place.name.removesuffix(".expected.json")
        url = truth["url"]
        capture = Capture(
            url=url,
            captured=CAPTURED,
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=(place.parent / f"{name}.html").read_bytes(),
            request=Request(url=url),
        )
        found.append(Page(name, capture, truth))
    return found


def words(lines: Iterable[str]) -> Counter[str]:
    """The words of some lines, in one Unicode form."""
    return Counter(nfc(" ".join(lines)).split())


def plain(text: str | None) -> str:
    """A text as two of them are compared: NFC, single spaces."""
    return " ".join(nfc(text or "").split())


def judge(score: Score, page: Page, answer: Answer) -> None:
    """Enter how well an answer agrees with the truth of its page."""
    truth = page.truth
    if answer.title is not None or not answer.lines:
        score.title.append(float(plain(answer.title) == plain(truth["title"])))
    if answer.author is not None:
        wanted_day = date.fromisoformat(truth["published"][:10]) if truth.get("published") else None
        score.day.append(float(answer.day == wanted_day))
        author, organisation = truth.get("author") or "", truth.get("organisation") or ""
        if author != "*" and (author or organisation != "*"):
            score.byline.append(float(plain(answer.author) == plain(author or organisation)))
    wanted = words(truth["body"])
    got = words(answer.lines)
    # What counts neither way is forgiven as far as it is more than the body has.
    got -= (got - wanted) & words([*truth.get("captions", ()), *truth.get("neutral", ()), truth["title"]])
    common = (got & wanted).total()
    score.precision.append(common / got.total() if got else 0.0)
    score.recall.append(common / wanted.total() if wanted else 1.0)
    score.words.append(2 * common / (got.total() + wanted.total()) if got or wanted else 1.0)
    beside = {plain(line) for line in (*truth.get("captions", ()), *truth.get("neutral", ()), truth["title"])}
    blocks = [line for line in map(plain, answer.lines) if line and line not in beside]
    score.blocks.append(agreement(blocks, map(plain, truth["body"]))[0])


def row(name: str, score: Score, speed: float) -> str:
    """A line of the table."""
    values = (score.title, score.day, score.byline, score.words, score.precision, score.recall, score.blocks)
    shown = " | ".join(percent(one) for one in values)
    return f"| {name} | {shown} | {min(score.words):.2f} | {speed:.1f} |"


def calibration(sure: Sequence[tuple[float, float]]) -> str:
    """How many of the pages that gvreader is sure of it reads right; `sure` are pairs of confidence and F1."""
    right = [float(value >= RIGHT) for confidence, value in sure if confidence >= SURE]
    return f"confidence ≥ {SURE}: {len(right)} of {len(sure)} pages, F1 ≥ {RIGHT} on {percent(right)} of them"


def measure(folder: Path, rounds: int, *, each: bool) -> None:
    """Print the table of one folder; with `each` also gvreader's score on each page."""
    sample = saved_pages(folder)
    if not sample:
        print(f"{folder}: no page with a truth")
        return
    captures = [page.capture for page in sample]
    size = statistics.fmean(len(capture.body) for capture in captures) / 1000
    print(f"\n{folder.name}: {len(sample)} pages, {size:.0f} kB on average\n")
    print("| tool | title | day | byline | words | precision | recall | blocks | worst | pages/s |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    sure: list[tuple[float, float]] = []
    details: list[str] = []
    for name, read in tools(*PEERS).items():
        score = Score()
        for page in sample:
            answer = read(page.capture)
            judge(score, page, answer)
            if name == "gvreader":
                sure.append((answer.confidence, score.words[-1]))
                own = Score()
                judge(own, page, answer)
                details.append(row(page.name, own, answer.confidence))
        print(row(name, score, per_second(read, captures, rounds)), flush=True)
    print(
        f"| bare lxml parse | – | – | – | – | – | – | – | – | {per_second(bare_parse(), captures, rounds):.1f} |"
    )
    print(f"\n{calibration(sure)}")
    if each:
        print("\n| page | title | day | byline | words | precision | recall | blocks | worst | confidence |")
        print("|---|---|---|---|---|---|---|---|---|---|")
        print("\n".join(details))


def main() -> None:
    """Measure every folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", action="store_true", help="gvreader's score on each page")
    options = parser.parse_args()
    for folder in options.folders or [OWN]:
        measure(folder, options.rounds, each=options.pages)


if __name__ == "__main__":
    main()
