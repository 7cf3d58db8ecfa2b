"""The tools that benchmarks of extraction compare, each as a function from a capture to what it reads."""

from __future__ import annotations

import importlib
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lxml import etree

from gvreader.extract import extract
from gvreader.extract.fields.publication_date import day_of
from gvreader.extract.page.tables import flat_text
from gvreader.model import Article, Capture
from gvreader.portals import adhoc

PATHS = ("//h1", "//title", "//a[@href]", "//p", "//img[@src]")


@dataclass(frozen=True)
class Answer:
    """What a tool reads in a page. None for what it does not read at all."""

    title: str | None = None
    day: date | None = None
    author: str | None = None
    lines: Sequence[str] = ()
    confidence: float = 0.0


Tool = Callable[[Capture], Answer]


def gvreader(capture: Capture) -> Answer:
    """Title, day, byline and text with its lead as gvreader reads them."""
    found = extract(capture, adhoc(capture.url)).page
    if not isinstance(found, Article):
        return Answer()
    lines = [line for block in found.blocks for line in block.lines]
    day = day_of(found.published) if found.published else None
    if found.summary and found.summary not in lines:
        lines.insert(0, found.summary)
    return Answer(found.title, day, found.author or found.organisation or "", lines, found.confidence)


def _trafilatura() -> Tool:
    module: Any = importlib.import_module("trafilatura")

    def read(capture: Capture) -> Answer:
        found = module.bare_extraction(
            capture.body.decode("utf-8", "replace"), url=capture.url, with_metadata=True
        )
        if found is None:
            return Answer()
        day = date.fromisoformat(found.date) if found.date else None
        return Answer(found.title, day, found.author or "", (found.text or "").split("\n"))

    return read


def _readability() -> Tool:
    module: Any = importlib.import_module("readability")

    def read(capture: Capture) -> Answer:
        document = module.Document(capture.body.decode("utf-8", "replace"))
        try:
            summary = document.summary()
        except module.readability.Unparseable:
            return Answer()
        tree = etree.fromstring(summary.encode(), etree.HTMLParser(encoding="utf-8"))
        if tree is None:
            return Answer()
        lines = [text for element in tree.iter("p", "li", "tr", "h2", "h3") if (text := flat_text(element))]
        return Answer(document.short_title(), None, None, lines)

    return read


def _newspaper() -> Tool:
    module: Any = importlib.import_module("newspaper")

    def read(capture: Capture) -> Answer:
        article = module.Article(capture.url, language="vi", fetch_images=False)
        article.download(input_html=capture.body.decode("utf-8", "replace"))
        article.parse()
        day = article.publish_date.date() if article.publish_date else None
        return Answer(article.title, day, ", ".join(article.authors), article.text.split("\n"))

    return read


def _resiliparse() -> Tool:
    module: Any = importlib.import_module("resiliparse.extract.html2text")

    def read(capture: Capture) -> Answer:
        text = module.extract_plain_text(
            capture.body.decode("utf-8", "replace"), main_content=True, alt_texts=False, links=False
        )
        return Answer(None, None, None, text.split("\n"))

    return read


def bare_parse() -> Tool:
    """A parse by lxml and five XPaths: what no tool on top of lxml can be faster than."""
    paths = [etree.XPath(path) for path in PATHS]

    def read(capture: Capture) -> Answer:
        root = etree.fromstring(capture.body, etree.HTMLParser(encoding="utf-8"))
        for path in paths:
            path(root)
        return Answer()

    return read


def tools(*names: str) -> dict[str, Tool]:
    """gvreader, and the peers of those names that are installed."""
    makers = {
        "trafilatura": _trafilatura,
        "readability-lxml": _readability,
        "newspaper4k": _newspaper,
        "resiliparse": _resiliparse,
    }
    found: dict[str, Tool] = {"gvreader": gvreader}
    for name in names:
        try:
            found[name] = makers[name]()
        except ImportError:
            print(f"({name} is not installed)")
    return found


def agreement(got: Iterable[str], wanted: Iterable[str]) -> tuple[float, float]:
    """F1 of two bags, and the share of the first that is not in the second."""
    one, other = Counter(got), Counter(wanted)
    if not one and not other:
        return 1.0, 0.0
    common = sum((one & other).values())
    total = sum(one.values())
    return 2 * common / (total + sum(other.values())), 1 - common / total if total else 0.0


def per_second(read: Tool, sample: Sequence[Capture], rounds: int) -> float:
    """Pages per second of CPU, the best of the rounds."""
    for capture in sample[:3]:
        read(capture)
    times = []
    for _ in range(rounds):
        start = time.process_time()
        for capture in sample:
            read(capture)
        times.append(time.process_time() - start)
    return len(sample) / min(times)


def percent(values: Sequence[float]) -> str:
    """The mean of some values between 0 and 1, or a dash where there are none."""
    return f"{statistics.fmean(values):.3f}" if values else "–"
