"""Articles: what was seen, when, and what is current. The full-text index changes in the same transaction."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, Final

from gvreader import urls
from gvreader.archive.library import article_rows
from gvreader.archive.library.connection import Connection, clean_text
from gvreader.archive.library.content import (
    cleaned,
    decode,
    encode,
    moment,
    optional_moment,
    published_from,
    stamp,
)
from gvreader.archive.library.current_articles import Current
from gvreader.archive.library.marks import MarkStore
from gvreader.archive.library.results import Known
from gvreader.archive.library.sections import Sections
from gvreader.frozen import replace
from gvreader.model import (
    Article,
    ArticleRow,
    Change,
    Revision,
    StoredArticle,
)

_CHUNK: Final = 200
_LARGEST_ID: Final = (1 << 63) - 1
_KNOWN: Final = (
    "SELECT h.id, h.key, h.portal, h.url, h.identity, h.kind, h.title, h.content_sha256, h.published, "
    "h.words, h.first_seen, h.changed, h.fetched, h.gone, h.revision, "
    "(SELECT count(*) FROM observations AS o WHERE o.article_id = h.id), h.family FROM heads AS h "
)


def _known(row: tuple[Any, ...]) -> Known:
    return Known(
        id=row[0],
        key=row[1],
        portal=row[2],
        url=row[3],
        identity=row[4],
        kind=row[5],
        title=row[6],
        content_sha256=row[7],
        published=published_from(row[8]),
        words=row[9],
        first_seen=moment(row[10]),
        changed=moment(row[11]),
        fetched=moment(row[12]),
        gone=optional_moment(row[13]),
        revision=row[14],
        observations=row[15],
        family=row[16],
    )


class Articles:
    """Articles over one connection. Each method that writes is one transaction, or joins the one around it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._current = Current(connection)
        self._sections = Sections(connection)
        self._marks = MarkStore(connection)

    # ── reading ─────────────────────────────────────────────────────────────────

    def rows(self, ids: Iterable[int]) -> tuple[ArticleRow, ...]:
        """The articles as lists show them, in the order asked for; unknown numbers are skipped."""
        return article_rows.article_rows(self._connection, list(ids))

    def id_of(self, ref: str) -> int | None:
        """The local number that a local number, a key (`giavien:882`) or an address (any twin) stands for."""
        text = clean_text(ref.strip())
        if text.isascii() and text.isdigit():
            number = int(text.lstrip("0")[:20] or "0")
            found = () if number > _LARGEST_ID else self._ids("SELECT id FROM heads WHERE id = ?", number)
        else:
            found = self._ids(
                "SELECT h.id FROM numbers AS n JOIN heads AS h ON h.id = n.id WHERE n.key = ?", text
            )
            if not found:
                found = self._ids(
                    "SELECT article_id FROM urls WHERE twin = ? ORDER BY article_id", urls.twin(text)
                )
        return found[0] if found else None

    def get(self, ref: str, *, revision: int | None = None) -> StoredArticle | None:
        """The article of a local number, a key or an address (any twin), as it is now or at one revision."""
        article_id = self.id_of(ref)
        if article_id is None:
            return None
        current = self.stored(article_id)
        if current is None or revision is None or revision == current.row.revision:
            return current
        return self._at_revision(current, revision)

    def stored(self, article_id: int) -> StoredArticle | None:
        """The current content of an article, or None for an unknown number."""
        return next(iter(article_rows.stored_articles(self._connection, (article_id,))), None)

    def stream(self, ids: Iterable[int]) -> Iterator[StoredArticle]:
        """The current content of many articles, in the order asked for; memory stays flat."""
        chunk: list[int] = []
        for article_id in ids:
            chunk.append(article_id)
            if len(chunk) == _CHUNK:
                yield from article_rows.stored_articles(self._connection, chunk)
                chunk = []
        yield from article_rows.stored_articles(self._connection, chunk)

    def history(self, article_id: int) -> tuple[Revision, ...]:
        """The revisions of an article from the first to the current one; empty for an unknown number."""
        revisions = []
        for span in self._current.timeline(article_id):
            ((sha256, file, offset, record_id, source, trust),) = self._connection.execute(
                "SELECT c.content_sha256, k.file, k.offset, k.record_id, coalesce(k.source, 'import'), "
                "coalesce(k.trust, 'unknown') FROM contents AS c LEFT JOIN captures AS k ON k.id = ? "
                "WHERE c.id = ?",
                (span.capture, span.content),
            ).fetchall()
            revisions.append(
                Revision(
                    number=span.number,
                    first_seen=span.first_seen,
                    last_seen=span.last_seen,
                    content_sha256=sha256,
                    source=source,
                    trust=trust,
                    evidence=article_rows.record_ref(file, offset, record_id),
                )
            )
        return tuple(revisions)

    def find(self, portal: str, url: str, identity: str | None) -> tuple[Known, ...]:
        """Stored articles that a page may be: those known under its address, then those with its id."""
        found = self._connection.execute(
            _KNOWN + "JOIN urls AS u ON u.article_id = h.id WHERE u.portal = ? AND u.twin = ?",
            (portal, urls.twin(url)),
        ).fetchall()
        if identity is not None:
            found += self._connection.execute(
                _KNOWN + "WHERE h.portal = ? AND h.identity = ? ORDER BY h.id", (portal, identity)
            ).fetchall()
        return tuple({row[0]: _known(row) for row in found}.values())

    def known(self, portal: str) -> tuple[Known, ...]:
        """Every stored article of a portal, newest first."""
        found = self._connection.execute(
            _KNOWN + "WHERE h.portal = ? ORDER BY h.sk DESC", (portal,)
        ).fetchall()
        return tuple(map(_known, found))

    def with_content(self, portal: str, content_sha256: str) -> tuple[Known, ...]:
        """Stored articles of a portal whose current content has this digest."""
        found = self._connection.execute(
            _KNOWN + "WHERE h.content_sha256 = ? AND h.portal = ? ORDER BY h.id", (content_sha256, portal)
        ).fetchall()
        return tuple(map(_known, found))

    def first_live(self, article_id: int) -> datetime | None:
        """When the portal itself was first seen to serve the article, or None."""
        ((seen,),) = self._connection.execute(
            "SELECT min(o.seen) FROM observations AS o JOIN captures AS c ON c.id = o.capture_id "
            "WHERE o.article_id = ? AND c.source = 'live'",
            (article_id,),
        ).fetchall()
        return optional_moment(seen)

    def on_day(self, portal: str, day: date | None) -> tuple[Known, ...]:
        """Stored articles of a portal that were published on a day; None: that bear no date."""
        found = self._connection.execute(
            _KNOWN
            + "WHERE substr(h.published, 1, 7) IS ? AND substr(h.published, 1, 10) IS ? AND h.portal = ? "
            "ORDER BY h.id",
            (f"{day:%Y-%m}" if day else None, day.isoformat() if day else None, portal),
        ).fetchall()
        return tuple(map(_known, found))

    def other_addresses(self, article_id: int, target: str, *, may_ask: bool) -> tuple[str, ...]:
        """Further addresses of an article that may still serve it: they did when they were asked last, or, where they
        can be asked, a list names them and nobody has.
        """
        rows = self._connection.execute(
            """
            SELECT CASE WHEN c.id IS NOT NULL THEN c.url ELSE (
                SELECT url FROM mentions AS m WHERE m.portal = u.portal AND m.twin = u.twin LIMIT 1) END
            FROM urls AS u LEFT JOIN captures AS c ON c.id = (
                SELECT id FROM captures WHERE portal = u.portal AND target = u.twin
                ORDER BY captured DESC, id DESC LIMIT 1)
            WHERE u.article_id = ? AND u.twin <> ? AND coalesce(c.verdict, ?) IN ('article', 'not-modified')
            ORDER BY u.twin
            """,
            (article_id, target, "article" if may_ask else ""),
        ).fetchall()
        return tuple(url for (url,) in rows if url)

    def miss(self, article_id: int, seen: datetime, capture_id: int) -> None:
        """Note the capture that proves that an article is not there any more."""
        self._current.observe(article_id, seen, None, capture_id)

    def has_url(self, article_id: int, url: str) -> bool:
        """Whether an address (any twin) is known to lead to the article."""
        return article_id in self._ids("SELECT article_id FROM urls WHERE twin = ?", urls.twin(url))

    def has_key(self, key: str) -> bool:
        """Whether an article is stored under the key."""
        return bool(
            self._ids("SELECT h.id FROM numbers AS n JOIN heads AS h ON h.id = n.id WHERE n.key = ?", key)
        )

    def ids(self) -> array[int]:
        """Every local number, newest first."""
        # In one row: SQLite hands over the interpreter's lock for each row, and a busy thread is slow to give it back.
        ((numbers,),) = self._connection.execute(
            "SELECT group_concat(id) FROM (SELECT id FROM heads ORDER BY sk DESC)"
        ).fetchall()
        return array("q", map(int, numbers.split(","))) if numbers else array("q")

    # ── writing ─────────────────────────────────────────────────────────────────

    def insert(self, portal: str, article: Article, key: str, seen: datetime, capture_id: int) -> int:
        """Store an article first met in the capture taken at `seen`, and return its local number.

        Its own address and sections are stored with it. A key that was used before (a rebuild) gives the same
        number and the same marks again.
        """
        article = cleaned(article)
        with self._connection.transaction():
            article_id = self._current.number(key)
            content_id = self._current.content(article_id, article.content_sha256, encode(article))
            self._current.observe(article_id, seen, content_id, capture_id)
            self._current.create(article_id, portal, clean_text(key), seen, article, content_id, capture_id)
            self._connect(article_id, article, seen)
        return article_id

    def add_revision(self, article_id: int, article: Article, captured: datetime, capture_id: int) -> Change:
        """Store one more look at an article, whatever it saw and whenever it was; captures come in any order.

        Returns `changed` when the content is current now, `earlier` when it went into the past as a revision
        of its own, `unchanged` when it only confirms a revision that is there.
        """
        article = cleaned(article)
        with self._connection.transaction():
            before = self._current.timeline(article_id)
            content_id = self._current.content(
                article_id, article.content_sha256, encode(article), evident=True
            )
            self._current.observe(article_id, captured, content_id, capture_id)
            after = self._current.settle(article_id)
            self._connect(article_id, article, captured)
        if len(after) == len(before):
            return "unchanged"
        is_current = not before or after[-1].content != before[-1].content
        return "changed" if is_current else "earlier"

    def restate(self, article_id: int, content_sha256: str, article: Article) -> bool:
        """Let every look that saw the content with this digest have seen `article` instead.

        For what is learnt later about the same page (a date that only a listing gives). Returns whether there
        was such a content.
        """
        article = cleaned(article)
        with self._connection.transaction():
            found = self._connection.execute(
                "SELECT id FROM contents WHERE article_id = ? AND content_sha256 = ?",
                (article_id, content_sha256),
            ).fetchall()
            if not found or article.content_sha256 == content_sha256:
                return False
            new_id = self._current.content(article_id, article.content_sha256, encode(article))
            for (old_id,) in found:
                self._connection.execute(
                    "UPDATE observations SET content_id = ? WHERE article_id = ? AND content_id = ?",
                    (new_id, article_id, old_id),
                )
            self._current.settle(article_id)
            self._connection.executemany("DELETE FROM contents WHERE id = ?", found)
        return True

    def touch(self, article_id: int, captured: datetime, capture_id: int) -> None:
        """Store that a look at `captured` saw the content that was in force then, as a 304 says.

        Before the first look known, that is the first content.
        """
        with self._connection.transaction():
            self._current.confirm(article_id, captured, capture_id)

    def set_gone(self, article_id: int, when: datetime | None) -> None:
        """Mark an article as no longer served since `when`, or as served again."""
        self._connection.execute(
            "UPDATE heads SET gone = ? WHERE id = ?", (None if when is None else stamp(when), article_id)
        )

    def add_url(self, article_id: int, url: str) -> None:
        """Remember one more address of an article; if it led to another article, it now leads here."""
        self._connection.execute(
            "INSERT INTO urls (twin, portal, article_id) SELECT ?, portal, id FROM heads WHERE id = ? "
            "ON CONFLICT (twin, portal) DO UPDATE SET article_id = excluded.article_id",
            (urls.twin(clean_text(url)), article_id),
        )

    def put_in_section(self, article_id: int, section_id: int) -> None:
        """Count an article among a section's; nothing happens when it is there already."""
        self._connection.execute(
            "INSERT OR IGNORE INTO article_sections (section_id, article_id) VALUES (?, ?)",
            (section_id, article_id),
        )

    def restore(self, stored: StoredArticle) -> int:
        """Store an article that was exported from an archive, as it is, without captures; returns its number.

        Times, revision number, digest and marks are those of the export. An article that is here already
        keeps its marks and gains what the export knows: an earlier or later look, tags, stars. Restoring
        twice is restoring once.
        """
        given = replace(stored.article, sections=stored.row.sections)
        article = cleaned(given)
        # What had to be cleaned is another content than the export says.
        digest = stored.content_sha256 if article is given else article.content_sha256
        with self._connection.transaction():
            article_id = self._current.number(stored.row.key)
            is_known = bool(self._ids("SELECT id FROM heads WHERE id = ?", article_id))
            content_id = self._current.content(article_id, digest, encode(article))
            if stored.first_seen < stored.changed:
                self._current.claim(article_id, stored.first_seen, None, None)
            for seen in sorted({stored.changed, stored.fetched}):
                self._current.claim(article_id, seen, content_id, stored.row.revision)
            if not is_known:
                portal, key = stored.row.portal, clean_text(stored.row.key)
                self._current.create(article_id, portal, key, stored.first_seen, article, content_id, None)
                self.set_gone(article_id, stored.row.gone)
            self._current.settle(article_id)
            self._connect(article_id, article, stored.fetched)
            self._restore_marks(article_id, stored.row)
        return article_id

    # ── inside ──────────────────────────────────────────────────────────────────

    def _ids(self, sql: str, *parameters: object) -> tuple[int, ...]:
        return tuple([article_id for (article_id,) in self._connection.execute(sql, parameters).fetchall()])

    def _at_revision(self, current: StoredArticle, number: int) -> StoredArticle | None:
        article_id = current.row.id
        span = next((span for span in self._current.timeline(article_id) if span.number == number), None)
        if span is None:
            return None
        ((sha256, content, file, offset, record_id, source, trust, source_uri),) = self._connection.execute(
            "SELECT c.content_sha256, c.content, k.file, k.offset, k.record_id, coalesce(k.source, 'import'), "
            "coalesce(k.trust, 'unknown'), k.source_uri FROM contents AS c "
            "LEFT JOIN captures AS k ON k.id = ? WHERE c.id = ?",
            (span.capture, span.content),
        ).fetchall()
        files = article_rows.files_of(self._connection, article_rows.id_list((article_id,)))
        article = article_rows.with_files(decode(content), files.get(article_id, {}))
        row = replace(
            current.row,
            url=article.url,
            kind=article.kind,
            title=article.title,
            summary=article.summary,
            published=article.published,
            author=article.author,
            organisation=article.organisation,
            language=article.language,
            revision=number,
            words=article.words,
            has_image=bool(article.images),
            has_attachment=bool(article.attachments),
            changed=span.first_seen,
        )
        return StoredArticle(
            row=row,
            article=article,
            first_seen=current.first_seen,
            fetched=span.last_seen,
            changed=span.first_seen,
            content_sha256=sha256,
            evidence=article_rows.record_ref(file, offset, record_id),
            source=source,
            trust=trust,
            source_uri=source_uri,
            archived_only=current.archived_only,
        )

    def _connect(self, article_id: int, article: Article, seen: datetime) -> None:
        """The addresses and sections that the page itself names."""
        ((portal,),) = self._connection.execute(
            "INSERT INTO urls (twin, portal, article_id) SELECT ?, portal, id FROM heads WHERE id = ? "
            "ON CONFLICT (twin, portal) DO UPDATE SET article_id = article_id RETURNING portal",
            (urls.twin(article.url), article_id),
        ).fetchall()
        for section in article.sections:
            self.put_in_section(article_id, self._sections.save(portal, section, seen))

    def _restore_marks(self, article_id: int, row: ArticleRow) -> None:
        if row.marks.read:
            self._marks.set_read((article_id,), True)
        if row.marks.starred:
            self._marks.set_starred((article_id,), True)
        for tag in row.marks.tags:
            self._marks.tag((article_id,), tag)
        for note in row.marks.notes:
            if not self._marks.note(article_id, note.paragraph):
                self._marks.set_note(article_id, note.text, note.paragraph, note.quote)
