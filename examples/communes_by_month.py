"""Which commune is in the news, month by month?

    python examples/communes_by_month.py ARCHIVE/library.sqlite3 [COMMUNES]

Counts, for every month, the articles that name a commune, ward or town ("xã Gia Vân", "thị trấn Me") in title or
text. Prints a table with the COMMUNES (12) most named ones; an article counts once for each commune.
Needs the Python that gvreader is installed in, such as `.venv/bin/python` after `make demo`.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from gvreader.vietnamese import normalise

KIND = re.compile(r"\b(?:xã|phường|thị trấn)[^\S\n]+", re.IGNORECASE)
WORD = re.compile(r"[^\S\n]*([^\W\d_]+)")
LONGEST_NAME = 3


def names_after(text: str, start: int) -> Iterator[str]:
    """The capitalised words from `start` on, as names of one word, two words, and so on."""
    words: list[str] = []
    while len(words) < LONGEST_NAME and (match := WORD.match(text, start)):
        if not match[1][0].isupper():
            return
        words.append(match[1].capitalize())
        yield " ".join(words)
        start = match.end()


def communes(texts: list[str]) -> list[set[str]]:
    """The communes that each text names.

    Where a name ends is not written: of "Gia", "Gia Vân" and "Gia Vân Nguyễn" it is the longest that is met in
    two texts or more, else the one of two words, as most names are.
    """
    found = [[list(names_after(text, match.end())) for match in KIND.finditer(text)] for text in texts]
    spread = Counter(name for places in found for name in {name for names in places for name in names})

    def whole(names: list[str]) -> str:
        shared = [name for name in names[1:] if spread[name] > 1]
        return shared[-1] if shared else names[:2][-1]

    return [{whole(names) for names in places if names} for places in found]


def table(library: sqlite3.Connection, most: int) -> Iterator[str]:
    """The lines of the table: a commune a row, a month a column."""
    rows = library.execute(
        "SELECT substr(published, 1, 7), title || char(10) || text FROM articles "
        "WHERE published IS NOT NULL ORDER BY published"
    ).fetchall()
    named = communes([normalise(text) for _month, text in rows])
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (month, _text), names in zip(rows, named, strict=True):
        for name in names:
            counts[name][month] += 1
    months = sorted({month for month, _text in rows})
    ranked = sorted(counts, key=lambda name: (-counts[name].total(), name))[:most]
    yield "\t".join(["commune", "all", *months])
    for name in ranked:
        yield "\t".join([name, str(counts[name].total()), *(str(counts[name][month]) for month in months)])


def main(arguments: list[str]) -> int:
    if not arguments or not Path(arguments[0]).is_file():
        print(__doc__, file=sys.stderr)
        return 2
    library = sqlite3.connect(f"file:{arguments[0]}?mode=ro", uri=True)
    try:
        for line in table(library, int(arguments[1]) if len(arguments) > 1 else 12):
            print(line)
    finally:
        library.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
