"""From looks at an article to its current row: keeps `heads`, `bodies` and the index true to what was seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from gvreader import urls
from gvreader.archive.library import documents, index
from gvreader.archive.library.connection import Connection
from gvreader.archive.library.content import (
    decode,
    moment,
    published_from,
    published_text,
    stamp,
)
from gvreader.archive.library.timeline import DAY_KEYS, Observation, VisibleSpan, order_key, revisions
from gvreader.model import Article

_NEAR: Final = 64


class Current:
    """Writes the derived rows of one article at a time; always called inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def number(self, key: str) -> int:
        """The local number of a key, a new one if it has none yet; numbers are never used twice."""
        found = self._connection.execute(
            "INSERT INTO numbers (key) VALUES (?) ON CONFLICT (key) DO NOTHING RETURNING id", (key,)
        ).fetchall()
        if not found:
            found = self._connection.execute("SELECT id FROM numbers WHERE key = ?", (key,)).fetchall()
        return int(found[0][0])

    def content(self, article_id: int, sha256: str, encoded: bytes, *, evident: bool = False) -> int:
        """The number of a content of an article, stored if it is new.

        `evident`: it was derived from a capture, and replaces an equal one that was only imported.
        """
        found = self._connection.execute(
            "SELECT id FROM contents WHERE article_id = ? AND content_sha256 = ?", (article_id, sha256)
        ).fetchall()
        if not found:
            found = self._connection.execute(
                "INSERT INTO contents (article_id, content_sha256, content) VALUES (?, ?, ?) RETURNING id",
                (article_id, sha256, encoded),
            ).fetchall()
        elif evident:
            self._replace_import(article_id, int(found[0][0]), sha256, encoded)
        return int(found[0][0])

    def _replace_import(self, article_id: int, content_id: int, sha256: str, encoded: bytes) -> None:
        if self._connection.execute(
            "SELECT 1 FROM observations WHERE article_id = ? AND content_id = ? AND capture_id IS NOT NULL "
            "LIMIT 1",
            (article_id, content_id),
        ).fetchall():
            return
        self._connection.execute("UPDATE contents SET content = ? WHERE id = ?", (encoded, content_id))
        for (first_seen,) in self._connection.execute(
            "SELECT first_seen FROM heads WHERE id = ? AND content_id = ?", (article_id, content_id)
        ).fetchall():
            self._rewrite(article_id, decode(encoded), content_id, sha256, moment(first_seen))

    def observe(
        self, article_id: int, seen: datetime, content_id: int | None, capture_id: int | None
    ) -> None:
        """Note what one capture saw: nothing, where the article was not there. What was noted before is noted anew."""
        self._connection.execute(
            "INSERT INTO observations (article_id, seen, content_id, capture_id) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (capture_id) DO UPDATE SET article_id = excluded.article_id, seen = excluded.seen, "
            "content_id = excluded.content_id",
            (article_id, stamp(seen), content_id, capture_id),
        )

    def claim(self, article_id: int, seen: datetime, content_id: int | None, revision: int | None) -> None:
        """Note what an import without captures says was seen; once is enough."""
        self._connection.execute(
            "INSERT INTO observations (article_id, seen, content_id, claimed) "
            "SELECT :id, :seen, :content, :claimed WHERE NOT EXISTS ("
            "SELECT 1 FROM observations WHERE article_id = :id AND seen = :seen AND content_id IS :content "
            "AND capture_id IS NULL)",
            {"id": article_id, "seen": stamp(seen), "content": content_id, "claimed": revision},
        )

    def timeline(self, article_id: int) -> tuple[VisibleSpan, ...]:
        """The revisions of an article, first to last."""
        looks = self._connection.execute(
            "SELECT seen, content_id, capture_id, claimed FROM observations "
            "WHERE article_id = ? AND content_id IS NOT NULL ORDER BY seen, id",
            (article_id,),
        ).fetchall()
        return revisions(
            Observation(seen=moment(seen), content=content, capture=capture, claimed=claimed)
            for seen, content, capture, claimed in looks
        )

    def confirm(self, article_id: int, captured: datetime, capture_id: int) -> None:
        """Note that a capture saw the content in force at its time."""
        text = stamp(captured)
        in_force = self._connection.execute(
            "SELECT content_id FROM observations WHERE article_id = ? AND content_id IS NOT NULL "
            "ORDER BY seen > ?, CASE WHEN seen > ? THEN seen END, seen DESC, id DESC LIMIT 1",
            (article_id, text, text),
        ).fetchall()
        if not in_force:
            return
        content_id = int(in_force[0][0])
        self.observe(article_id, captured, content_id, capture_id)
        extended = self._connection.execute(
            "UPDATE heads SET fetched = ? WHERE id = ? AND content_id = ? AND capture_id IS NOT NULL "
            "AND first_seen < ? AND fetched <= ? RETURNING id",
            (text, article_id, content_id, text, text),
        ).fetchall()
        if not extended:
            self.settle(article_id)

    def create(
        self,
        article_id: int,
        portal: str,
        key: str,
        seen: datetime,
        article: Article,
        content_id: int,
        capture_id: int | None,
    ) -> None:
        """Write the row of an article that has one content so far."""
        sk = self._free_key(order_key(article.published, seen, article.identity))
        self._connection.execute(
            """
            INSERT INTO heads (id, sk, portal, key, url, identity, kind, title, summary, published, author,
                organisation, language, number, words, image_count, attachment_count, first_seen, fetched,
                changed, revision, content_sha256, content_id, capture_id, family, confidence, read, starred)
            SELECT n.id, :sk, :portal, :key, :url, :identity, :kind, :title, :summary, :published, :author,
                :organisation, :language, :number, :words, :image_count, :attachment_count, :seen, :seen,
                :seen, 1, c.content_sha256, c.id, :capture_id, :family, :confidence, n.read, n.starred
            FROM numbers AS n JOIN contents AS c ON c.article_id = n.id WHERE c.id = :content_id
            """,
            self._values(article_id, article)
            | {
                "sk": sk,
                "portal": portal,
                "key": key,
                "seen": stamp(seen),
                "content_id": content_id,
                "capture_id": capture_id,
            },
        )
        self._link_media(article_id, article)
        self._connection.execute(
            "INSERT INTO bodies (id, text, attachment_text) VALUES (?, ?, ?)",
            (article_id, article.text, self._attachment_text(article_id) if article.attachments else ""),
        )
        self._index(article_id)

    def settle(self, article_id: int) -> tuple[VisibleSpan, ...]:
        """Make an article's row say what its observations say; returns its revisions."""
        spans = self.timeline(article_id)
        ((first_seen,),) = self._connection.execute(
            "SELECT min(seen) FROM observations WHERE article_id = ?", (article_id,)
        ).fetchall()
        current = spans[-1]
        ((held, held_first_seen, published, identity),) = self._connection.execute(
            "SELECT content_id, first_seen, published, identity FROM heads WHERE id = ?", (article_id,)
        ).fetchall()
        if held != current.content:
            ((sha256, content),) = self._connection.execute(
                "SELECT content_sha256, content FROM contents WHERE id = ?", (current.content,)
            ).fetchall()
            self._rewrite(article_id, decode(content), current.content, sha256, moment(first_seen))
        elif published is None and held_first_seen != first_seen:
            self._move(article_id, order_key(published_from(published), moment(first_seen), identity))
        self._connection.execute(
            "UPDATE heads SET first_seen = ?, fetched = ?, changed = ?, revision = ?, capture_id = ? "
            "WHERE id = ?",
            (
                first_seen,
                stamp(current.last_seen),
                stamp(current.first_seen) if current.number > 1 else first_seen,
                current.number,
                current.capture,
                article_id,
            ),
        )
        return spans

    def derive(self, article_id: int) -> None:
        """Write an article's row anew from its contents, whatever it says. Raises ArchiveDamaged."""
        current = self.settle(article_id)[-1]
        ((sha256, content),) = self._connection.execute(
            "SELECT content_sha256, content FROM contents WHERE id = ?", (current.content,)
        ).fetchall()
        ((sk, first_seen),) = self._connection.execute(
            "SELECT sk, first_seen FROM heads WHERE id = ?", (article_id,)
        ).fetchall()
        article = decode(content)
        self._rewrite(article_id, article, current.content, sha256, moment(first_seen))
        wanted = order_key(article.published, moment(first_seen), article.identity)
        if not 0 <= sk - wanted < DAY_KEYS:
            self._move(article_id, wanted)

    def refresh_attachments(self, article_id: int) -> None:
        """Let search find the text of files that arrived after the article."""
        self._unindex(article_id)
        self._connection.execute(
            "UPDATE bodies SET attachment_text = ? WHERE id = ?",
            (self._attachment_text(article_id), article_id),
        )
        self._index(article_id)

    def _index(self, article_id: int) -> None:
        """After a row has changed: the index and the documents take in what the row says."""
        if self._connection.is_indexing:
            index.put(self._connection, self._order_key(article_id))
            documents.put(self._connection, article_id)

    def _unindex(self, article_id: int) -> None:
        """Before a row changes: the index takes out what the row says."""
        if self._connection.is_indexing:
            index.remove(self._connection, self._order_key(article_id))

    def _order_key(self, article_id: int) -> int:
        ((sk,),) = self._connection.execute("SELECT sk FROM heads WHERE id = ?", (article_id,)).fetchall()
        return int(sk)

    def _rewrite(
        self, article_id: int, article: Article, content_id: int, sha256: str, first_seen: datetime
    ) -> None:
        ((sk, published, identity, held_first_seen),) = self._connection.execute(
            "SELECT sk, published, identity, first_seen FROM heads WHERE id = ?", (article_id,)
        ).fetchall()
        self._unindex(article_id)
        wanted = order_key(article.published, first_seen, article.identity)
        if wanted != order_key(published_from(published), moment(held_first_seen), identity):
            sk = self._free_key(wanted)
        self._connection.execute(
            """
            UPDATE heads SET sk = :sk, url = :url, identity = :identity, kind = :kind, title = :title,
                summary = :summary, published = :published, author = :author, organisation = :organisation,
                language = :language, number = :number, words = :words, image_count = :image_count,
                attachment_count = :attachment_count, content_sha256 = :sha256, content_id = :content_id,
                family = :family, confidence = :confidence
            WHERE id = :id
            """,
            self._values(article_id, article) | {"sk": sk, "sha256": sha256, "content_id": content_id},
        )
        self._connection.execute("DELETE FROM article_media WHERE article_id = ?", (article_id,))
        self._link_media(article_id, article)
        attachments = self._attachment_text(article_id)
        self._connection.execute(
            "UPDATE bodies SET text = ?, attachment_text = ? WHERE id = ?",
            (article.text, attachments, article_id),
        )
        self._index(article_id)

    def _move(self, article_id: int, wanted: int) -> None:
        self._unindex(article_id)
        self._connection.execute("UPDATE heads SET sk = ? WHERE id = ?", (self._free_key(wanted), article_id))
        self._index(article_id)

    def _values(self, article_id: int, article: Article) -> dict[str, Any]:
        return {"id": article_id} | row_values(article)

    def _free_key(self, wanted: int) -> int:
        """The first free order key at or above the one wanted; after a crowd, the one above the crowd."""
        taken = self._connection.execute(
            "SELECT sk FROM heads WHERE sk >= ? ORDER BY sk LIMIT ?", (wanted, _NEAR)
        ).fetchall()
        for key, (sk,) in enumerate(taken, wanted):
            if sk != key:
                return key
        if len(taken) < _NEAR:
            return wanted + len(taken)
        ((last,),) = self._connection.execute(
            "SELECT max(sk) FROM heads WHERE sk BETWEEN ? AND ?", (wanted, wanted | 0xFFFFFF)
        ).fetchall()
        while self._connection.execute("SELECT 1 FROM heads WHERE sk = ?", (last,)).fetchall():
            last += 1
        return int(last)

    def _link_media(self, article_id: int, article: Article) -> None:
        addresses = [("image", place, image.url) for place, image in enumerate(article.images)]
        addresses += [("attachment", place, file.url) for place, file in enumerate(article.attachments)]
        if addresses:
            self._connection.executemany(
                "INSERT INTO article_media (article_id, role, position, twin, url) VALUES (?, ?, ?, ?, ?)",
                [(article_id, role, place, urls.twin(url), url) for role, place, url in addresses],
            )

    def _attachment_text(self, article_id: int) -> str:
        texts = self._connection.execute(
            "SELECT m.text FROM article_media AS a JOIN media AS m ON m.twin = a.twin "
            "WHERE a.article_id = ? AND a.role = 'attachment' AND m.text IS NOT NULL ORDER BY a.position",
            (article_id,),
        ).fetchall()
        return "\n\n".join(text for (text,) in texts)


def row_values(article: Article) -> dict[str, Any]:
    """What the row of an article says of its content, by column."""
    return {
        "url": article.url,
        "identity": article.identity,
        "kind": article.kind,
        "title": article.title,
        "summary": article.summary,
        "published": published_text(article.published),
        "author": article.author,
        "organisation": article.organisation,
        "language": article.language,
        "number": article.number,
        "words": article.words,
        "image_count": len(article.images),
        "attachment_count": len(article.attachments),
        "family": article.family,
        "confidence": article.confidence,
    }
