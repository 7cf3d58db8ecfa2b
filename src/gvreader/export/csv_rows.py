"""Articles as CSV that spreadsheets open without harm: no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Final

from gvreader.export.html import clean
from gvreader.export.records import article_json
from gvreader.model import StoredArticle

COLUMNS: Final = (
    "key",
    "id",
    "portal",
    "url",
    "sections",
    "title",
    "summary",
    "published",
    "author",
    "organisation",
    "language",
    "read",
    "starred",
    "tags",
    "note",
    "gone",
    "revision",
    "words",
    "text",
    "first_seen",
    "fetched",
    "changed",
    "content_sha256",
    "kind",
    "number",
    "images",
    "attachments",
)
BOM: Final = "\ufeff"
# Full-width signs begin formulas in East Asian editions of spreadsheets.
_FORMULA: Final = re.compile(r"[\t\r\n]|[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠]")


def cell(value: object) -> str:
    """One value as a cell; text that a spreadsheet would run gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        value = "; ".join(item["title"] if isinstance(item, dict) else str(item) for item in value)
    text = clean(str(value))
    return f"'{text}" if _FORMULA.match(text) else text


def csv_lines(articles: Iterable[StoredArticle]) -> Iterator[str]:
    """The header and one record an article, each with its line end (CRLF, RFC 4180)."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    yield buffer.getvalue()
    for stored in articles:
        buffer.seek(0)
        buffer.truncate()
        article = stored.article
        counts = {"images": len(article.images), "attachments": len(article.attachments)}
        record = article_json(stored) | {"kind": article.kind, "number": article.number} | counts
        writer.writerow([cell(record[name]) for name in COLUMNS])
        yield buffer.getvalue()
