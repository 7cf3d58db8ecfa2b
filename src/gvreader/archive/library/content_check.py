"""Do readers get what was stored? Every content is read and digested, every row compared with what it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gvreader import urls
from gvreader.archive.library.connection import Connection
from gvreader.archive.library.content import decode, moment, stamp
from gvreader.archive.library.current_articles import Current, row_values
from gvreader.archive.library.timeline import DAY_KEYS, order_key
from gvreader.errors import ArchiveDamaged
from gvreader.model import Article
from gvreader.vietnamese import fold

# Each finds what is wrong and says so in its one column.
_QUERIES: Final = (
    ("observations", """
        SELECT 'observation ' || o.id || ' was not made when its capture was' FROM observations AS o
        JOIN captures AS k ON k.id = o.capture_id WHERE o.seen <> k.captured
    """),
    ("articles", """
        SELECT 'article ' || h.key || ' went when nothing was captured' FROM heads AS h
        WHERE h.gone IS NOT NULL AND h.gone NOT IN (SELECT captured FROM captures)
            AND NOT EXISTS (SELECT 1 FROM observations AS o WHERE o.article_id = h.id AND o.capture_id IS NULL)
    """),
    ("articles", """
        SELECT 'article ' || h.key || ' has another key among the numbers' FROM heads AS h
        LEFT JOIN numbers AS n ON n.id = h.id WHERE n.key IS NOT h.key
    """),
    ("articles", """
        SELECT 'article ' || key || ' is marked as neither read nor unread' FROM heads
        WHERE read NOT IN (0, 1) OR starred NOT IN (0, 1)
    """),
    ("articles", """
        SELECT 'article ' || h.key || ' is of no portal' FROM heads AS h
        WHERE h.portal NOT IN (SELECT name FROM portals)
            OR substr(h.key, 1, length(h.portal) + 1) <> h.portal || ':'
    """),
    ("media", """
        SELECT 'the file ' || m.twin || ' is not of the time of its capture' FROM media AS m
        LEFT JOIN captures AS k ON k.id = m.capture_id
        WHERE m.capture_id IS NOT NULL AND (k.id IS NULL OR k.captured <> m.captured)
    """),
    ("runs", """
        SELECT 'problem ' || id || ' is of no run' FROM problems WHERE run_id NOT IN (SELECT id FROM runs)
    """),
)  # fmt: skip
_FOLDED: Final = (
    ("sections", "SELECT slug, title, folded FROM sections"),
    ("tags", "SELECT tag, tag, folded FROM tags"),
    ("notes", "SELECT article_id, note, folded FROM notes"),
    ("notes", "SELECT article_id, note, folded FROM paragraph_notes"),
)


def check(connection: Connection) -> Iterator[tuple[str, str, bool]]:
    """Where, a sentence, and whether the library's own rows repair it, for everything that readers are told wrongly.

    May raise what a broken row raises.
    """
    for where, sql in _QUERIES:
        for (sentence,) in connection.execute(sql):
            yield where, sentence, False
    for table, sql in _FOLDED:
        for name, text, folded in connection.execute(sql):
            if fold(text) != folded:
                yield table, f"{name!r} is not compared as it is written", False
    for number, key in connection.execute("SELECT id, key FROM heads").fetchall():
        for sentence, is_repairable in _article(connection, int(number)):
            yield "articles", f"article {key} {sentence}", is_repairable
    yield from _addresses(connection)


def _article(connection: Connection, number: int) -> Iterator[tuple[str, bool]]:
    """What is wrong with one article, as the ends of sentences, and whether its contents repair it."""
    try:
        ((current,),) = connection.execute("SELECT content_id FROM heads WHERE id = ?", (number,)).fetchall()
        article: Article | None = None
        for content_id, sha256, content in connection.execute(
            "SELECT id, content_sha256, content FROM contents WHERE article_id = ?", (number,)
        ).fetchall():
            found = decode(content)
            if found.content_sha256 != sha256:
                yield "was altered: a content does not have its digest", False
            if content_id == current:
                article = found
        if article is not None:
            for sentence in _row(connection, number, article):
                yield sentence, True
    except (ArchiveDamaged, ValueError, TypeError, IndexError) as error:
        yield f"cannot be read ({error})", False


def _row(connection: Connection, number: int, article: Article) -> Iterator[str]:
    wanted = row_values(article)
    names = (*wanted, "content_sha256", "first_seen", "fetched", "changed", "revision", "capture_id", "sk")
    ((*held,),) = connection.execute(
        f"SELECT {', '.join(names)} FROM heads WHERE id = ?",  # noqa: S608 - names of our own
        (number,),
    ).fetchall()
    row = dict(zip(names, held, strict=True))
    wanted |= {"content_sha256": article.content_sha256} | _times(connection, number)
    differing = [name for name, value in wanted.items() if row[name] != value]
    if differing:
        yield f"does not say what was stored: {', '.join(differing)}"
    place = order_key(article.published, moment(str(wanted["first_seen"])), article.identity)
    if not 0 <= row["sk"] - place < DAY_KEYS:
        yield "has no place among those of its day"
    yield from _text(connection, number, article)


def _times(connection: Connection, number: int) -> dict[str, Any]:
    """What the looks at an article say of its row."""
    spans = Current(connection).timeline(number)
    ((first_seen,),) = connection.execute(
        "SELECT min(seen) FROM observations WHERE article_id = ?", (number,)
    ).fetchall()
    current = spans[-1]
    return {
        "first_seen": first_seen,
        "fetched": stamp(current.last_seen),
        "changed": stamp(current.first_seen) if current.number > 1 else first_seen,
        "revision": current.number,
        "capture_id": current.capture,
    }


def _text(connection: Connection, number: int, article: Article) -> Iterator[str]:
    rows = connection.execute("SELECT text, attachment_text FROM bodies WHERE id = ?", (number,)).fetchall()
    if rows and rows[0][0] != article.text:
        yield "has another text for searching than for reading"
    media = connection.execute(
        "SELECT a.role, a.position, a.twin, a.url, m.text FROM article_media AS a "
        "LEFT JOIN media AS m ON m.twin = a.twin WHERE a.article_id = ? ORDER BY a.role, a.position",
        (number,),
    ).fetchall()
    texts = [text for role, _place, _twin, _url, text in media if role == "attachment" and text is not None]
    if rows and article.attachments and rows[0][1] != "\n\n".join(texts):
        yield "has another text of its files than these have"
    wanted = [
        ("attachment", place, urls.twin(file.url), file.url) for place, file in enumerate(article.attachments)
    ]
    wanted += [
        ("image", place, urls.twin(image.url), image.url) for place, image in enumerate(article.images)
    ]
    if [row[:4] for row in media] != wanted:
        yield "shows other pictures or files than were stored"


def _addresses(connection: Connection) -> Iterator[tuple[str, str, bool]]:
    """Addresses of articles that nothing led to."""
    known = {
        twin
        for query in ("SELECT target FROM captures", "SELECT twin FROM mentions")
        for (twin,) in connection.execute(query)
    }
    known.update(urls.twin(url) for (url,) in connection.execute("SELECT url FROM captures"))
    known.update(urls.twin(url) for (url,) in connection.execute("SELECT url FROM heads"))
    for twin, key in connection.execute(
        "SELECT u.twin, h.key FROM urls AS u JOIN heads AS h ON h.id = u.article_id"
    ):
        if twin not in known and not _is_earlier(connection, key, twin):
            yield "articles", f"article {key} has an address that nothing led to: {twin!r}", False


def _is_earlier(connection: Connection, key: str, twin: str) -> bool:
    """Whether an earlier content of an article had this address."""
    contents = connection.execute(
        "SELECT c.content FROM contents AS c JOIN heads AS h ON h.id = c.article_id WHERE h.key = ?", (key,)
    )
    return any(urls.twin(decode(content).url) == twin for (content,) in contents)
