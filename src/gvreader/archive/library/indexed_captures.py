"""What public web archives say that they hold of a portal, and what has become of each of their captures.

The list outlives a killed run, so the next one goes on where it ended. Nothing here is derived from the vault.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

from gvreader import urls
from gvreader.archive.library.connection import Connection
from gvreader.archive.library.content import moment, stamp
from gvreader.frozen import dataclass
from gvreader.model import Sighting, Source

SightingState = Literal["listed", "taken", "known", "same", "moved", "missing", "refused", "passed"]
"""`listed`: to be fetched. `taken`: in the vault. `known`: was there before. `same`: the page had not changed
since the capture before. `moved`: the archive has another capture instead. `missing`: the archive does not give
it. `refused`: taken, but no article, listing or file. `passed`: not wanted (an error, a redirect, a style sheet).
"""

Role = Literal["page", "media"]

SCHEMA: Final = """
CREATE TABLE sightings (
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    url TEXT NOT NULL,
    stamp TEXT NOT NULL,
    captured TEXT NOT NULL,
    status INTEGER,
    media_type TEXT,
    digest TEXT NOT NULL,
    length INTEGER,
    file TEXT,
    offset INTEGER,
    role TEXT NOT NULL,
    is_article INTEGER NOT NULL,
    state TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    turn INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before TEXT NOT NULL DEFAULT '',
    UNIQUE (portal, source, target, stamp, digest)
);
CREATE INDEX sightings_next ON sightings (portal, source, turn, id) WHERE state = 'listed';
CREATE INDEX sightings_target ON sightings (portal, target, captured);
"""

_PLAN: Final = (
    # A capture in which nothing had changed since the one before says nothing new.
    """
    UPDATE sightings SET state = 'listed'
    WHERE portal = :portal AND source = :source AND coalesce(:target, target) = target AND state = 'same'
    """,
    """
    UPDATE sightings SET state = 'same' WHERE id IN (
        SELECT id FROM (
            SELECT id, state, digest, lag(digest) OVER (PARTITION BY target ORDER BY captured, id) AS before
            FROM sightings
            WHERE portal = :portal AND source = :source AND coalesce(:target, target) = target
                AND role = 'page' AND digest <> '' AND coalesce(status, 200) = 200
                AND state IN ('listed', 'taken', 'known', 'refused')
        ) WHERE state = 'listed' AND digest = before
    )
    """,
    # Captures of the same second are the same, whichever archive they came by.
    """
    UPDATE sightings SET state = 'known'
    WHERE portal = :portal AND source = :source AND coalesce(:target, target) = target AND state = 'listed'
        AND EXISTS (
            SELECT 1 FROM captures AS c WHERE c.portal = sightings.portal AND c.target = sightings.target
                AND c.captured = sightings.captured)
    """,
    # The archive's last word on a page that was there before: it is gone.
    """
    UPDATE sightings SET state = 'listed' WHERE id IN (
        SELECT id FROM (
            SELECT id, status, state, attempts,
                row_number() OVER (PARTITION BY target ORDER BY captured DESC, id DESC) AS age,
                max(coalesce(status, 200) = 200) OVER (PARTITION BY target) AS was_there
            FROM sightings
            WHERE portal = :portal AND source = :source AND coalesce(:target, target) = target
                AND role = 'page'
        ) WHERE age = 1 AND was_there AND status IN (404, 410) AND state = 'passed' AND attempts = 0
    )
    """,
    # First the latest good capture of every article, then that of every other page, then all else.
    """
    UPDATE sightings SET turn = 2
    WHERE portal = :portal AND source = :source AND coalesce(:target, target) = target AND state = 'listed'
    """,
    """
    UPDATE sightings SET turn = 1 - is_article WHERE id IN (
        SELECT id FROM (
            SELECT id, row_number() OVER (PARTITION BY target ORDER BY captured DESC, id DESC) AS age
            FROM sightings
            WHERE portal = :portal AND source = :source AND coalesce(:target, target) = target
                AND state = 'listed' AND role = 'page' AND coalesce(status, 200) = 200
        ) WHERE age = 1
    )
    """,
)
_SELECT: Final = (
    "SELECT id, url, stamp, captured, status, media_type, digest, length, file, offset, attempts, detail "
    "FROM sightings "
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedCapture:
    """A sighting as it waits in the list."""

    id: int
    sighting: Sighting
    attempts: int
    detail: str = ""


def _listed(row: tuple[Any, ...]) -> IndexedCapture:
    sighting = Sighting(
        url=row[1],
        stamp=row[2],
        captured=moment(row[3]),
        status=row[4],
        media_type=row[5],
        digest=row[6],
        length=row[7],
        file=row[8],
        offset=row[9],
    )
    return IndexedCapture(id=row[0], sighting=sighting, attempts=row[10], detail=row[11])


class IndexedCaptures:
    """The table `sightings`, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        portal: str,
        source: Source,
        sighting: Sighting,
        *,
        role: Role | None,
        is_article: bool = False,
        unless_listed: bool = False,
        detail: str = "",
    ) -> bool:
        """List a capture once (http, https, `:80` and `www.` twins count as one address); returns whether it is new.

        Pages wait to be fetched; media until `want_media` asks for them; without a role it is only remembered.
        With `unless_listed` nothing happens when any capture of the address is listed.
        """
        if (
            unless_listed
            and self._connection.execute(
                "SELECT 1 FROM sightings WHERE portal = ? AND source = ? AND target = ? LIMIT 1",
                (portal, source, urls.twin(sighting.url)),
            ).fetchall()
        ):
            return False
        is_good = sighting.status in (None, 200)
        state: SightingState = "listed" if role == "page" and is_good else "passed"
        return bool(
            self._connection.execute(
                """
                INSERT INTO sightings (portal, source, target, url, stamp, captured, status, media_type, digest,
                    length, file, offset, role, is_article, state, detail)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (portal, source, target, stamp, digest) DO NOTHING RETURNING id
                """,
                (
                    portal,
                    source,
                    urls.twin(sighting.url),
                    sighting.url,
                    sighting.stamp,
                    stamp(sighting.captured),
                    sighting.status,
                    sighting.media_type,
                    sighting.digest,
                    sighting.length,
                    sighting.file,
                    sighting.offset,
                    role or "",
                    is_article,
                    state,
                    detail,
                ),
            ).fetchall()
        )

    def has(self, portal: str, source: Source, sighting: Sighting) -> bool:
        """Whether a capture of that address (any twin) and stamp is listed, whatever its digest."""
        return bool(
            self._connection.execute(
                "SELECT 1 FROM sightings WHERE portal = ? AND source = ? AND target = ? AND stamp = ? LIMIT 1",
                (portal, source, urls.twin(sighting.url), sighting.stamp),
            ).fetchall()
        )

    def plan(self, portal: str, source: Source, *, url: str | None = None) -> None:
        """Decide what is fetched, and in which order: the latest capture of each article first.

        With `url`, only of that address.
        """
        asked = {"portal": portal, "source": source, "target": None if url is None else urls.twin(url)}
        with self._connection.transaction():
            for statement in _PLAN:
                self._connection.execute(statement, asked)

    def next(
        self, portal: str, source: Source, now: datetime, *, span: tuple[datetime, datetime]
    ) -> IndexedCapture | None:
        """The capture to fetch now, of those within `span`; it stays listed until it is settled.

        So a kill does not lose it.
        """
        rows = self._connection.execute(
            _SELECT + "WHERE portal = ? AND source = ? AND state = 'listed' AND not_before <= ? "
            "AND captured BETWEEN ? AND ? ORDER BY turn, id LIMIT 1",
            (portal, source, stamp(now), stamp(span[0]), stamp(span[1])),
        ).fetchall()
        return _listed(rows[0]) if rows else None

    def want_media(self, portal: str, source: Source, url: str) -> bool:
        """List the latest capture of a picture or file that articles show; False when the archive has none left."""
        return bool(
            self._connection.execute(
                """
                UPDATE sightings SET state = 'listed', turn = 3 WHERE id = (
                    SELECT id FROM sightings WHERE portal = :portal AND source = :source
                        AND target = :target AND coalesce(status, 200) = 200 AND state = 'passed' AND attempts = 0
                    ORDER BY captured DESC, id DESC LIMIT 1
                ) RETURNING id
                """,
                {"portal": portal, "source": source, "target": urls.twin(url)},
            ).fetchall()
        )

    def settle(self, listed: IndexedCapture, state: SightingState, detail: str = "") -> None:
        """Say what has become of a capture."""
        self._connection.execute(
            "UPDATE sightings SET state = ?, detail = ?, attempts = attempts + 1 WHERE id = ?",
            (state, detail, listed.id),
        )
        if state == "missing":
            # An equal capture that was passed over for this one takes its place.
            self._connection.execute(
                """
                UPDATE sightings SET state = 'listed' WHERE id = (
                    SELECT s.id FROM sightings AS s JOIN sightings AS lost ON lost.id = ?
                        AND s.portal = lost.portal AND s.source = lost.source AND s.target = lost.target
                        AND s.digest = lost.digest AND s.captured >= lost.captured
                    WHERE s.state = 'same' ORDER BY s.captured, s.id LIMIT 1
                )
                """,
                (listed.id,),
            )

    def postpone(self, listed: IndexedCapture, until: datetime, detail: str) -> None:
        """Ask for a capture again, not before `until`."""
        self._connection.execute(
            "UPDATE sightings SET attempts = attempts + 1, not_before = ?, detail = ? WHERE id = ?",
            (stamp(until), detail, listed.id),
        )

    def refuse_equals(self, portal: str, source: Source, digest: str, detail: str) -> int:
        """Pass over what else is listed with the payload of a refused page; returns how much that is."""
        if not digest:
            return 0
        return len(
            self._connection.execute(
                "UPDATE sightings SET state = 'refused', detail = :detail WHERE portal = :portal "
                "AND source = :source AND digest = :digest AND state = 'listed' RETURNING id",
                {"portal": portal, "source": source, "digest": digest, "detail": detail},
            ).fetchall()
        )

    def counts(self, portal: str, source: Source | None = None) -> dict[SightingState, int]:
        """How many captures are in each state."""
        return dict(
            self._connection.execute(
                "SELECT state, count(*) FROM sightings WHERE portal = :portal "
                "AND (:source IS NULL OR source = :source) AND role <> '' GROUP BY state ORDER BY state",
                {"portal": portal, "source": source},
            ).fetchall()
        )

    def waiting(self, portal: str, source: Source) -> int:
        """How many captures are still to be fetched."""
        ((count,),) = self._connection.execute(
            "SELECT count(*) FROM sightings WHERE portal = :portal AND source = :source AND state = 'listed'",
            {"portal": portal, "source": source},
        ).fetchall()
        return int(count)
