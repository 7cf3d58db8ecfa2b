"""Images and files of articles: which are known, which are still to be fetched, and the text inside them."""

from __future__ import annotations

from typing import Literal

from gvreader import urls
from gvreader.archive.library.connection import Connection
from gvreader.archive.library.current_articles import Current
from gvreader.frozen import dataclass
from gvreader.model import Media as MediaPage
from gvreader.model import RecordRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """An image or attachment that no capture answers yet, and one article that shows it."""

    url: str
    role: Literal["image", "attachment"]
    article_id: int


class MediaStore:
    """The tables `media` and `article_media`, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._current = Current(connection)

    def put(self, media: MediaPage, capture_id: int) -> bool:
        """Store what a file says; its text becomes searchable with every article that links to it.

        An older capture never replaces a newer one. Returns whether the file's bytes were not known before.
        """
        twin = urls.twin(media.url)
        with self._connection.transaction():
            before = self._connection.execute(
                "SELECT sha256, text FROM media WHERE twin = ?", (twin,)
            ).fetchall()
            stored = self._connection.execute(
                """
                INSERT INTO media
                    (twin, url, sha256, media_type, bytes, text, text_by, pages, note, capture_id, captured)
                SELECT :twin, :url, :sha256, :media_type, :bytes, :text, :text_by, :pages, :note, id, captured
                FROM captures WHERE id = :capture
                ON CONFLICT (twin) DO UPDATE SET url = excluded.url, sha256 = excluded.sha256,
                    media_type = excluded.media_type, bytes = excluded.bytes, text = excluded.text,
                    text_by = excluded.text_by, pages = excluded.pages, note = excluded.note,
                    capture_id = excluded.capture_id, captured = excluded.captured
                WHERE excluded.captured >= captured
                RETURNING sha256
                """,
                {
                    "twin": twin,
                    "url": media.url,
                    "sha256": media.sha256,
                    "media_type": media.media_type,
                    "bytes": media.bytes,
                    "text": media.text,
                    "text_by": media.text_by,
                    "pages": media.pages,
                    "note": media.note,
                    "capture": capture_id,
                },
            ).fetchall()
            held_sha256, held_text = before[0] if before else (None, None)
            if stored and media.text != held_text:
                for (article_id,) in self._connection.execute(
                    "SELECT DISTINCT article_id FROM article_media WHERE twin = ? AND role = 'attachment'",
                    (twin,),
                ).fetchall():
                    self._current.refresh_attachments(article_id)
        return bool(stored) and media.sha256 != held_sha256

    def missing(self, portal: str) -> tuple[Missing, ...]:
        """Images and files of the portal's articles to fetch, newest articles first, each address once.

        Left out are those that the portal has answered for good, be it with the file or with a refusal; an
        answer of 429 or 5xx is none.
        """
        return tuple(
            Missing(url=url, role=role, article_id=article_id)
            for url, role, article_id in self._connection.execute(
                """
                SELECT a.url, min(a.role), max(a.article_id)
                FROM article_media AS a JOIN heads AS h ON h.id = a.article_id
                WHERE h.portal = ? AND NOT EXISTS (SELECT 1 FROM media AS m WHERE m.twin = a.twin)
                    AND NOT EXISTS (
                        SELECT 1 FROM captures AS c WHERE c.portal = h.portal AND c.target = a.twin
                            AND c.status <> 429 AND c.status < 500)
                GROUP BY a.twin ORDER BY max(h.sk) DESC
                """,
                (portal,),
            ).fetchall()
        )

    def has(self, url: str) -> bool:
        """Whether an image or file is stored."""
        return self.record_of(url) is not None

    def record_of(self, url: str) -> RecordRef | None:
        """The capture that holds an image or file, or None while it is not fetched."""
        found = self._connection.execute(
            "SELECT c.file, c.offset, c.record_id FROM media AS m JOIN captures AS c ON c.id = m.capture_id "
            "WHERE m.twin = ?",
            (urls.twin(url),),
        ).fetchall()
        return RecordRef(file=found[0][0], offset=found[0][1], record_id=found[0][2]) if found else None

    def by_record(self) -> dict[tuple[str, int], list[tuple[str, int, str]]]:
        """The files of each record, by its file and offset: address without its scheme, size in bytes, SHA-256."""
        found: dict[tuple[str, int], list[tuple[str, int, str]]] = {}
        for file, offset, *held in self._connection.execute(
            "SELECT c.file, c.offset, m.twin, m.bytes, m.sha256 FROM media AS m "
            "JOIN captures AS c ON c.id = m.capture_id"
        ):
            found.setdefault((file, offset), []).append((held[0], held[1], held[2]))
        return found

    def text_of(self, url: str) -> str | None:
        """The text inside a fetched file, or None when there is none."""
        found = self._connection.execute(
            "SELECT text FROM media WHERE twin = ?", (urls.twin(url),)
        ).fetchall()
        return found[0][0] if found else None
