"""What a hit shows: the piece of title, summary, text or attachments that says best why it was found."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence

from gvreader.archive.library.search.snippets import Where, best_snippet, highlighted, opening
from gvreader.frozen import dataclass
from gvreader.model import ArticleRow
from gvreader.query import Query, matcher


@dataclass(frozen=True, slots=True)
class Shown:
    """A snippet and where it is from; `file` is the name of the attachment."""

    where: Where
    snippet: str
    file: str = ""


class Snippets:
    """Makes the snippets of one page of a query's hits."""

    def __init__(self, connection: sqlite3.Connection, query: Query, ids: Sequence[int]) -> None:
        self._connection = connection
        self._title = matcher(query, "title")
        self._body = matcher(query, "any")
        rows = connection.execute(
            "SELECT id, text FROM bodies WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)
        ).fetchall()
        self._texts: dict[int, str] = dict(rows)

    def of(self, row: ArticleRow) -> Shown:
        """What shows best why an article was found."""
        text = self._texts.get(row.id, "")
        best = self._best(row, text)
        if best is not None:
            return best
        title = highlighted(row.title, self._title)
        if title is not None:
            return Shown("title", title)
        return Shown("summary", opening(row.summary)) if row.summary else Shown("text", opening(text))

    def _best(self, row: ArticleRow, text: str) -> Shown | None:
        """The snippet that covers most of the query; of equals, that of the text before that of the summary."""
        covered = 0
        best: Shown | None = None
        for where, file, field in self._fields(row, text):
            if covered >= self._body.parts or (where == "attachment" and best is not None):
                break
            found = best_snippet(field, self._body)
            if found is not None and found[1] > covered:
                covered = found[1]
                best = Shown(where, found[0], file)
        return best

    def _fields(self, row: ArticleRow, text: str) -> Iterator[tuple[Where, str, str]]:
        yield "text", "", text
        yield "summary", "", row.summary or ""
        if row.has_attachment:
            for file, field in self._files(row.id):
                yield "attachment", file, field

    def _files(self, article_id: int) -> list[tuple[str, str]]:
        """The names and texts of an article's files."""
        from urllib.parse import unquote, urlsplit

        rows = self._connection.execute(
            "SELECT a.url, m.text FROM article_media AS a JOIN media AS m ON m.twin = a.twin "
            "WHERE a.article_id = ? AND a.role = 'attachment' AND m.text IS NOT NULL ORDER BY a.position",
            (article_id,),
        ).fetchall()
        return [(unquote(urlsplit(url).path.rpartition("/")[2]) or url, text) for url, text in rows]
