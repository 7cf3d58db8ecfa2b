"""How did an article change, when was it seen, and by whom?

    python examples/how_an_article_changed.py ARCHIVE/library.sqlite3 [KEY]

Prints the revisions of an article (by default the one that changed most), each with the captures that saw it, and
what changed from one to the next, word by word: [-gone-] {+come+}. Uses nothing but Python and the library file.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import zlib
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from typing import Any

MOST_CHANGED = """
    SELECT a.id, a.key, a.title FROM articles AS a JOIN revisions AS r ON r.article_id = a.id
    GROUP BY a.id ORDER BY count(*) DESC, a.sk DESC LIMIT 1
"""
REVISIONS = """
    SELECT number, first_seen, last_seen, content FROM revisions WHERE article_id = ? ORDER BY number
"""
LOOKS = """
    SELECT seen, source, trust FROM timeline WHERE article_id = ? AND seen BETWEEN ? AND ? ORDER BY seen
"""


def text_of(content: bytes) -> list[str]:
    """Title, date and body as words."""
    article: dict[str, Any] = json.loads(zlib.decompress(content))
    lines = [article["title"], article["published"] or ""]
    for block in article["blocks"]:
        lines += [" | ".join(row) for row in block.get("rows", [])]
        lines.append(
            "".join(span if isinstance(span, str) else span["text"] for span in block.get("spans", []))
        )
    return " ".join(lines).split()


def changes(before: list[str], after: list[str]) -> Iterator[str]:
    """What was taken out and put in, with three words around it."""
    for kind, old, old_end, new, new_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            continue
        gone, come = " ".join(before[old:old_end]), " ".join(after[new:new_end])
        around = " ".join(before[max(0, old - 3) : old]), " ".join(before[old_end : old_end + 3])
        parts = (around[0], f"[-{gone}-]" if gone else "", f"{{+{come}+}}" if come else "", around[1])
        yield "  … " + " ".join(filter(None, parts)) + " …"


def story(library: sqlite3.Connection, key: str | None) -> Iterator[str]:
    """The article's revisions and changes, line by line."""
    if key is None:
        found = library.execute(MOST_CHANGED).fetchone()
    else:
        found = library.execute("SELECT id, key, title FROM articles WHERE key = ?", (key,)).fetchone()
    if found is None:
        yield "There is no such article."
        return
    article_id, key, title = found
    yield f"{key}  {title}"
    revisions = library.execute(REVISIONS, (article_id,)).fetchall()
    texts = {number: text_of(content) for number, _first, _last, content in revisions}
    for number, first, last, _content in revisions:
        yield f"revision {number}: {first[:16]} to {last[:16]}, {len(texts[number])} words"
        for seen, source, trust in library.execute(LOOKS, (article_id, first, last)):
            yield f"  seen {seen[:16]} by {source} ({trust})"
    for older, newer in pairwise(texts):
        yield f"from revision {older} to {newer}:"
        yield from changes(texts[older], texts[newer])


def main(arguments: list[str]) -> int:
    if not arguments or not Path(arguments[0]).is_file():
        print(__doc__, file=sys.stderr)
        return 2
    library = sqlite3.connect(f"file:{arguments[0]}?mode=ro", uri=True)
    try:
        for line in story(library, arguments[1] if len(arguments) > 1 else None):
            print(line)
    finally:
        library.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
