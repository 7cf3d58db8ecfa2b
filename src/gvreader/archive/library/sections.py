"""Sections of the portals, and which articles they hold. Triggers keep the counts, so reading them is free."""

from __future__ import annotations

from datetime import datetime

from gvreader.archive.library.connection import Connection
from gvreader.archive.library.content import stamp
from gvreader.archive.library.results import SectionCount
from gvreader.model import SectionLink, SectionRef
from gvreader.sanitize import line
from gvreader.vietnamese import fold


class Sections:
    """The table `sections`, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, portal: str, section: SectionLink | SectionRef, seen: datetime) -> int:
        """Store a section under its slug, and return its number. The latest word on a section stands.

        A `SectionRef` names the section; only a `SectionLink` (a menu entry) says where it is and what is above.
        """
        link = section if isinstance(section, SectionLink) else None
        ((section_id,),) = self._connection.execute(
            """
            INSERT INTO sections (portal, slug, title, url, parent, folded, last_seen)
            VALUES (:portal, :slug, :title, :url, :parent, :folded, :seen)
            ON CONFLICT (portal, slug) DO UPDATE SET
                title = CASE WHEN excluded.last_seen >= last_seen THEN excluded.title ELSE title END,
                folded = CASE WHEN excluded.last_seen >= last_seen THEN excluded.folded ELSE folded END,
                url = CASE WHEN excluded.url <> '' AND (url = '' OR excluded.last_seen >= last_seen)
                    THEN excluded.url ELSE url END,
                parent = CASE WHEN excluded.url <> '' AND excluded.last_seen >= last_seen
                    THEN excluded.parent ELSE parent END,
                last_seen = max(last_seen, excluded.last_seen)
            RETURNING id
            """,
            {
                "portal": portal,
                "slug": section.slug,
                "title": line(section.title),
                "url": link.url if link else "",
                "parent": link.parent if link else None,
                "folded": fold(line(section.title)),
                "seen": stamp(seen),
            },
        ).fetchall()
        return int(section_id)

    def succeeded(self, portal: str, slug: str, when: datetime) -> None:
        """Note that a listing of the section was read without a problem; an unknown slug is skipped."""
        self._connection.execute(
            "UPDATE sections SET last_success = max(coalesce(last_success, ''), ?) "
            "WHERE portal = ? AND slug = ?",
            (stamp(when), portal, slug),
        )

    def links(self, portal: str) -> tuple[SectionLink, ...]:
        """Every section whose address is known, in the order in which the menus named them."""
        return tuple(
            SectionLink(url=url, slug=slug, title=title, parent=parent)
            for url, slug, title, parent in self._connection.execute(
                "SELECT url, slug, title, parent FROM sections WHERE portal = ? AND url <> '' ORDER BY id",
                (portal,),
            ).fetchall()
        )

    def all(self, portal: str) -> tuple[SectionLink, ...]:
        """Every section of a portal in the order first met; `url` is empty where none is known."""
        return tuple(
            SectionLink(url=url, slug=slug, title=title, parent=parent)
            for url, slug, title, parent in self._connection.execute(
                "SELECT url, slug, title, parent FROM sections WHERE portal = ? ORDER BY id", (portal,)
            ).fetchall()
        )

    def counts(self, portal: str | None = None) -> tuple[SectionCount, ...]:
        """Every section with its articles, in the order in which the menus named them."""
        return tuple(
            SectionCount(portal=name, slug=slug, title=title, parent=parent, articles=articles, unread=unread)
            for name, slug, title, parent, articles, unread in self._connection.execute(
                "SELECT portal, slug, title, parent, articles, unread FROM sections "
                "WHERE :portal IS NULL OR portal = :portal ORDER BY portal, id",
                {"portal": portal},
            ).fetchall()
        )
