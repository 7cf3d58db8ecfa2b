"""The index of the vault: one row for each record, with what the page turned out to be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from gvreader.archive.library.connection import Connection, clean_text
from gvreader.archive.library.content import moment, stamp
from gvreader.archive.library.discovered_links import target_of
from gvreader.archive.library.results import StoredCapture
from gvreader.model import Capture, RecordRef, Request
from gvreader.sanitize import line

_SELECT: Final = (
    "SELECT id, portal, url, captured, status, media_type, file, offset, record_id, payload_sha256, source, "
    "source_uri, trust, etag, last_modified, verdict, detail, extractor FROM captures "
)
_OF_ARTICLE: Final = "WHERE id IN (SELECT capture_id FROM observations WHERE article_id = ?) "
_NOT_MODIFIED: Final = 304
_CHUNK: Final = 500


def _stored(row: tuple[Any, ...], checked: str | None = None) -> StoredCapture:
    return StoredCapture(
        id=row[0],
        portal=row[1],
        url=row[2],
        captured=moment(row[3]),
        checked=moment(checked or row[3]),
        status=row[4],
        media_type=row[5],
        ref=RecordRef(file=row[6], offset=row[7], record_id=row[8]),
        payload_sha256=row[9],
        source=row[10],
        source_uri=row[11],
        trust=row[12],
        etag=row[13],
        last_modified=row[14],
        verdict=row[15],
        detail=row[16],
        extractor=row[17],
    )


def row_values(capture: Capture, ref: RecordRef) -> dict[str, str | int | None]:
    """What the row of a capture says of its record, by column and in this order."""
    return {
        "url": capture.url,
        "target": target_of(capture.request),
        "captured": stamp(capture.captured),
        "status": capture.status,
        "media_type": line((capture.header("content-type") or "").partition(";")[0].strip().lower()) or None,
        "file": ref.file,
        "offset": ref.offset,
        "record_id": ref.record_id,
        "payload_sha256": capture.payload_sha256,
        "source": capture.source,
        "source_uri": line(capture.source_uri) if capture.source_uri else None,
        "trust": capture.trust,
        "etag": capture.header("etag"),
        "last_modified": capture.header("last-modified"),
    }


class Captures:
    """The table `captures`, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        portal: str,
        capture: Capture,
        ref: RecordRef,
        verdict: str,
        detail: str = "",
        *,
        extractor: str = "",
    ) -> int:
        """Index a record of the vault, and return its number; if it is indexed, its verdict is replaced.

        `extractor` is the version that read it, empty for what is not read.
        """
        ((capture_id,),) = self._connection.execute(
            """
            INSERT INTO captures (portal, url, target, captured, status, media_type, file, offset, record_id,
                payload_sha256, source, source_uri, trust, etag, last_modified, verdict, detail, extractor)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (file, offset) DO UPDATE SET verdict = excluded.verdict, detail = excluded.detail,
                extractor = excluded.extractor
            RETURNING id
            """,
            (portal, *row_values(capture, ref).values(), verdict, line(detail), extractor),
        ).fetchall()
        return int(capture_id)

    def latest(
        self, portal: str, request: Request | str, *, until: datetime | None = None
    ) -> StoredCapture | None:
        """The newest answer of an address (http, https and `www.` twins count as one) that is not a bare 304.

        Later ones than `until` were taken while a clock was ahead: the newest of the others is the answer.

        Its `checked` says when the address was last asked, 304 included. A posted form is its own address:
        pass the request.
        """
        target = target_of(Request(url=request) if isinstance(request, str) else request)
        rows = self._connection.execute(
            _SELECT + "WHERE portal = ? AND target = ? AND status <> ? "
            "ORDER BY captured > ?, captured DESC, id DESC LIMIT 1",
            (portal, target, _NOT_MODIFIED, stamp(until) if until else "9999"),
        ).fetchall()
        if not rows:
            return None
        ((checked,),) = self._connection.execute(
            "SELECT max(captured) FROM captures WHERE portal = ? AND target = ?", (portal, target)
        ).fetchall()
        return _stored(rows[0], checked)

    def base(self, portal: str, request: Request, until: datetime) -> RecordRef | None:
        """The newest whole answer of an address up to a moment: what "not modified" is said of."""
        rows = self._connection.execute(
            "SELECT file, offset, record_id FROM captures WHERE portal = ? AND target = ? AND captured <= ? "
            "AND status BETWEEN 200 AND 299 AND verdict <> 'truncated' ORDER BY captured DESC, id DESC LIMIT 1",
            (portal, target_of(request), stamp(until)),
        ).fetchall()
        return RecordRef(file=rows[0][0], offset=rows[0][1], record_id=rows[0][2]) if rows else None

    def originals(
        self, portal: str, url: str, when: datetime, *, sha256: str | None = None
    ) -> tuple[RecordRef, ...]:
        """Whole answers of an address, that of the moment first, then the latest before it, then later ones (at most
        16), and others with a payload of this SHA-256.
        """
        moment_text = stamp(when)
        rows = self._connection.execute(
            "SELECT file, offset, record_id FROM captures WHERE portal = ? AND target = ? "
            "AND status BETWEEN 200 AND 299 AND verdict <> 'truncated' "
            "ORDER BY substr(captured, 1, 19) <> substr(?, 1, 19), captured > ?, "
            "CASE WHEN captured > ? THEN captured END, captured DESC LIMIT 16",
            (portal, target_of(Request(url=url)), moment_text, moment_text, moment_text),
        ).fetchall()
        if sha256 is not None:
            rows += self._connection.execute(
                "SELECT file, offset, record_id FROM captures WHERE payload_sha256 = ? ORDER BY id LIMIT 1",
                (sha256,),
            ).fetchall()
        return tuple(RecordRef(file=row[0], offset=row[1], record_id=row[2]) for row in rows)

    def by_payload(self, sha256: str, url: str) -> RecordRef | None:
        """The first record with this payload, of the same address if there is one: what a revisit refers to."""
        rows = self._connection.execute(
            "SELECT file, offset, record_id FROM captures WHERE payload_sha256 = ? "
            "ORDER BY url <> ?, id LIMIT 1",
            (sha256, url),
        ).fetchall()
        return RecordRef(file=rows[0][0], offset=rows[0][1], record_id=rows[0][2]) if rows else None

    def has(self, capture: Capture) -> bool:
        """Whether this very exchange is indexed already: the same address, moment and payload."""
        return bool(
            self._connection.execute(
                "SELECT 1 FROM captures WHERE payload_sha256 = ? AND url = ? AND captured = ? LIMIT 1",
                (capture.payload_sha256, capture.url, stamp(capture.captured)),
            ).fetchall()
        )

    def at(self, ref: RecordRef) -> StoredCapture | None:
        """The row of a record, or None for a record that the library does not know."""
        rows = self._connection.execute(
            _SELECT + "WHERE file = ? AND offset = ?", (ref.file, ref.offset)
        ).fetchall()
        return _stored(rows[0]) if rows else None

    def differences(self, capture: Capture, ref: RecordRef) -> tuple[str, ...]:
        """The columns in which the row of a record is not what the record says; none for a record without a row."""
        wanted = row_values(capture, ref)
        rows = self._connection.execute(
            f"SELECT {', '.join(wanted)} FROM captures WHERE file = ? AND offset = ?",  # noqa: S608 - our names
            (ref.file, ref.offset),
        ).fetchall()
        return tuple(
            name
            for row in rows
            for (name, value), held in zip(wanted.items(), row, strict=True)
            if held != (clean_text(value) if isinstance(value, str) else value)
        )

    def last_in(self, file: str) -> int | None:
        """The offset of the last indexed record of a file of the vault, or None."""
        ((offset,),) = self._connection.execute(
            "SELECT max(offset) FROM captures WHERE file = ?", (file,)
        ).fetchall()
        return None if offset is None else int(offset)

    def unread(self, extractor: str) -> tuple[StoredCapture, ...]:
        """The records that failed another version of the extractor than this one, in their order."""
        rows = self._connection.execute(
            _SELECT + "WHERE verdict IN ('unreadable', 'too-slow') AND extractor <> ? ORDER BY id",
            (extractor,),
        ).fetchall()
        return tuple(_stored(row) for row in rows)

    def get(self, capture_id: int) -> StoredCapture | None:
        """The row of that number, or None."""
        rows = self._connection.execute(_SELECT + "WHERE id = ?", (capture_id,)).fetchall()
        return _stored(rows[0]) if rows else None

    def of_article(self, article_id: int) -> tuple[StoredCapture, ...]:
        """Every capture of an article, in order of time."""
        rows = self._connection.execute(
            _SELECT + _OF_ARTICLE + "ORDER BY captured, id", (article_id,)
        ).fetchall()
        return tuple(map(_stored, rows))

    def all(self) -> Iterator[StoredCapture]:
        """Every row in the order of its making; memory stays flat."""
        last = 0
        while rows := self._connection.execute(
            _SELECT + "WHERE id > ? ORDER BY id LIMIT ?", (last, _CHUNK)
        ).fetchall():
            yield from map(_stored, rows)
            last = rows[-1][0]

    def began(self, portal: str) -> str:
        """When the portal was first captured, as a text that sorts by time; portals without captures come last."""
        ((captured,),) = self._connection.execute(
            "SELECT coalesce(min(captured), 'never') FROM captures WHERE portal = ?", (portal,)
        ).fetchall()
        return str(captured)

    def count(self, portal: str | None = None) -> int:
        """How many records are indexed."""
        ((count,),) = self._connection.execute(
            "SELECT count(*) FROM captures WHERE :portal IS NULL OR portal = :portal", {"portal": portal}
        ).fetchall()
        return int(count)
