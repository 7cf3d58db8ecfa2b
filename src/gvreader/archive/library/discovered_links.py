"""What listings and menus say: which address belongs to which section, and how a listing names an article.

Derived from captures like everything else, so that a rebuild gives every article its sections again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from gvreader import urls
from gvreader.frozen import dataclass
from gvreader.model import ListingItem, Published, Request, SectionLink

SCHEMA: Final = """
CREATE TABLE routes (
    portal TEXT NOT NULL,
    target TEXT NOT NULL,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    parent TEXT,
    PRIMARY KEY (portal, target)
) WITHOUT ROWID;
CREATE TABLE mentions (
    portal TEXT NOT NULL,
    twin TEXT NOT NULL,
    slug TEXT NOT NULL,
    identity TEXT,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    published TEXT,
    PRIMARY KEY (portal, twin, slug)
) WITHOUT ROWID;
CREATE INDEX mentions_identity ON mentions (portal, identity) WHERE identity IS NOT NULL;
"""

TABLES: Final = ("routes", "mentions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One listing's word on an article; `slug` is the listing's section, empty for the home page."""

    slug: str
    item: ListingItem


def target_of(request: Request) -> str:
    """What identifies a request among the portal's pages: its address, and its form when it posts one."""
    address = urls.twin(request.url)
    if request.method == "GET":
        return address
    import hashlib

    return f"{address} {hashlib.sha256(request.body).hexdigest()[:16]}"


def _published(text: str | None) -> Published | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


class Routes:
    """Sections of addresses and mentions of articles, over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def lead(self, portal: str, request: Request, section: SectionLink) -> None:
        """Remember that a menu or a pager leads to a section's page; the first word on an address stands."""
        self._connection.execute(
            "INSERT OR IGNORE INTO routes (portal, target, slug, title, parent) VALUES (?, ?, ?, ?, ?)",
            (portal, target_of(request), section.slug, section.title, section.parent),
        )

    def section_of(self, portal: str, request: Request) -> SectionLink | None:
        """The section that a request leads to, as menus and pagers named it."""
        row = self._connection.execute(
            "SELECT slug, title, parent FROM routes WHERE portal = ? AND target = ?",
            (portal, target_of(request)),
        ).fetchone()
        return None if row is None else SectionLink(url=request.url, slug=row[0], title=row[1], parent=row[2])

    def mention(self, portal: str, slug: str, item: ListingItem, identity: str | None) -> bool:
        """Remember a listing's entry; whether it contradicts what the same listing said of it before."""
        twin = urls.twin(item.url)
        published = item.published.isoformat() if item.published else None
        before = self._connection.execute(
            "SELECT title, published FROM mentions WHERE portal = ? AND twin = ? AND slug = ?",
            (portal, twin, slug),
        ).fetchone()
        self._connection.execute(
            "INSERT OR REPLACE INTO mentions (portal, twin, slug, identity, url, title, published) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (portal, twin, slug, identity, item.url, item.title, published),
        )
        return before is not None and tuple(before) != (item.title, published)

    def vanished(
        self, portal: str, slug: str, items: tuple[ListingItem, ...], present: Collection[int] = ()
    ) -> tuple[str, ...]:
        """Addresses that this section once listed between the newest and the oldest of `items`, and now does not.

        `present` are the local numbers of the articles that it does list, under whatever address.
        """
        days = sorted(item.published.isoformat() for item in items if item.published is not None)
        if len(days) < 2:
            return ()
        named = {urls.twin(item.url) for item in items}
        rows = self._connection.execute(
            "SELECT mentions.url, urls.article_id FROM mentions JOIN urls USING (twin, portal) "
            "JOIN heads ON heads.id = urls.article_id "
            "WHERE mentions.portal = ? AND mentions.slug = ? AND mentions.published > ? AND mentions.published < ? "
            "AND heads.gone IS NULL ORDER BY mentions.published DESC",
            (portal, slug, days[0], days[-1]),
        )
        return tuple(
            url for url, article_id in rows if urls.twin(url) not in named and article_id not in present
        )

    def mentions(self, portal: str, url: str, identity: str | None) -> tuple[Mention, ...]:
        """Every mention of an article, by address or by the portal's own id."""
        rows = self._connection.execute(
            "SELECT slug, url, title, published FROM mentions WHERE portal = ? AND twin = ? "
            "UNION SELECT slug, url, title, published FROM mentions WHERE portal = ? AND identity = ? "
            "ORDER BY slug, url",
            (portal, urls.twin(url), portal, identity),
        )
        return tuple(
            Mention(slug=slug, item=ListingItem(url=address, title=title, published=_published(published)))
            for slug, address, title, published in rows
        )
