"""What the archive holds of each portal: sections and their freshness, months, gaps in the portal's numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from gvreader.archive.library.connection import Connection
from gvreader.archive.library.content import optional_moment, published_from, stamp
from gvreader.archive.library.journal import PROBLEM, Journal, stored_problem
from gvreader.archive.library.media import MediaStore
from gvreader.archive.library.portals import Portals
from gvreader.archive.library.results import (
    ArchiveStatus,
    Gap,
    GapState,
    IdSequence,
    MonthCoverage,
    PortalStatus,
    SectionStatus,
    StoredPortal,
    StoredProblem,
)
from gvreader.model import CLOCKS_APART, ArticleKind
from gvreader.portals import identity

_KINDS: Final[tuple[ArticleKind, ...]] = ("article", "document", "page")
_GONE: Final = frozenset({404, 410})
_LONGEST_NUMBER: Final = 15
_UNSEEN: Final[tuple[GapState, str]] = ("never seen", "")


def status(connection: Connection, name: str | None = None) -> ArchiveStatus:
    """See `Library.status`."""
    portals = [portal for portal in Portals(connection).all() if name is None or portal.name == name]
    return ArchiveStatus(portals=tuple(_portal_status(connection, portal) for portal in portals))


def _portal_status(connection: Connection, portal: StoredPortal) -> PortalStatus:
    ((articles, unread, gone, undated),) = connection.execute(
        "SELECT count(*), coalesce(sum(read = 0), 0), count(gone), coalesce(sum(published IS NULL), 0) "
        "FROM heads WHERE portal = ?",
        (portal.name,),
    ).fetchall()
    ((archived_only,),) = connection.execute(
        "SELECT count(*) FROM heads AS h WHERE h.portal = ? AND NOT EXISTS (SELECT 1 FROM observations AS o "
        "JOIN captures AS c ON c.id = o.capture_id WHERE o.article_id = h.id AND o.content_id IS NOT NULL "
        "AND c.source = 'live')",
        (portal.name,),
    ).fetchall()
    journal = Journal(connection)
    last_run = next(iter(journal.last_runs(portal.name, limit=1)), None)
    # Of the times before the last run's; a clock that was ahead in an earlier one is not believed.
    latest = (last_run.finished or last_run.started) + CLOCKS_APART if last_run is not None else None
    ((captures, last_success),) = connection.execute(
        "SELECT count(*), max(CASE WHEN source = 'live' AND verdict IN ('article', 'listing', 'media', "
        "'not-modified') AND (:latest IS NULL OR captured <= :latest) THEN captured END) "
        "FROM captures WHERE portal = :portal",
        {"portal": portal.name, "latest": stamp(latest) if latest else None},
    ).fetchall()
    return PortalStatus(
        portal=portal,
        articles=articles,
        unread=unread,
        gone=gone,
        archived_only=archived_only,
        undated=undated,
        captures=captures,
        queued=journal.queued(portal.name),
        media_missing=len(MediaStore(connection).missing(portal.name)),
        sections=_sections(connection, portal.name),
        months=_months(connection, portal.name),
        sequences=tuple(_sequences(connection, portal)),
        last_run=last_run,
        last_success=optional_moment(last_success),
        last_problem=_last_problem(connection, portal.name),
        archives=_archives(connection, portal.name),
    )


def _archives(connection: Connection, portal: str) -> dict[str, dict[str, int]]:
    """What web archives list, by archive and state."""
    archives: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for source, state, count in connection.execute(
        "SELECT source, state, count(*) FROM sightings WHERE portal = ? AND role <> '' "
        "GROUP BY source, state ORDER BY source, state",
        (portal,),
    ).fetchall():
        archives[source][state] = count
    return dict(archives)


def _last_problem(connection: Connection, portal: str, section: str | None = None) -> StoredProblem | None:
    where = "portal = :portal AND section = :section" if section is not None else "portal = :portal"
    found = connection.execute(
        PROBLEM + f"WHERE {where} ORDER BY met DESC, id DESC LIMIT 1", {"portal": portal, "section": section}
    ).fetchall()
    return stored_problem(found[0]) if found else None


def _sections(connection: Connection, portal: str) -> tuple[SectionStatus, ...]:
    found = connection.execute(
        """
        SELECT s.id, s.slug, s.title, s.url, s.parent, s.articles, s.unread, s.last_seen, s.last_success,
            (SELECT max(h.published) FROM article_sections AS a JOIN heads AS h ON h.id = a.article_id
             WHERE a.section_id = s.id)
        FROM sections AS s WHERE s.portal = ? ORDER BY s.id
        """,
        (portal,),
    ).fetchall()
    months = _months_of_sections(connection, portal)
    return tuple(
        SectionStatus(
            slug=slug,
            title=title,
            url=url,
            parent=parent,
            articles=articles,
            unread=unread,
            newest=published_from(newest),
            last_seen=optional_moment(last_seen),
            last_success=optional_moment(last_success),
            last_problem=_last_problem(connection, portal, slug),
            months=tuple(months[number]),
        )
        for number, slug, title, url, parent, articles, unread, last_seen, last_success, newest in found
    )


def _months(connection: Connection, portal: str) -> tuple[MonthCoverage, ...]:
    """Every month with anything in it, oldest first."""
    return tuple(
        MonthCoverage(month=month, published=published, first_seen=first_seen)
        for month, published, first_seen in connection.execute(
            """
            SELECT month, sum(published), sum(first_seen) FROM (
                SELECT substr(published, 1, 7) AS month, 1 AS published, 0 AS first_seen FROM heads
                WHERE portal = :portal AND published IS NOT NULL
                UNION ALL
                SELECT strftime('%Y-%m', first_seen, '+7 hours'), 0, 1 FROM heads WHERE portal = :portal
            ) GROUP BY month ORDER BY month
            """,
            {"portal": portal},
        ).fetchall()
    )


def _months_of_sections(connection: Connection, portal: str) -> defaultdict[int, list[MonthCoverage]]:
    """The same for each section, by its number."""
    months: defaultdict[int, list[MonthCoverage]] = defaultdict(list)
    for section, month, published, first_seen in connection.execute(
        """
        SELECT section_id, month, sum(published), sum(first_seen) FROM (
            SELECT a.section_id, substr(h.published, 1, 7) AS month, 1 AS published, 0 AS first_seen
            FROM heads AS h JOIN article_sections AS a ON a.article_id = h.id
            WHERE h.portal = :portal AND h.published IS NOT NULL
            UNION ALL
            SELECT a.section_id, strftime('%Y-%m', h.first_seen, '+7 hours'), 0, 1
            FROM heads AS h JOIN article_sections AS a ON a.article_id = h.id WHERE h.portal = :portal
        ) GROUP BY section_id, month ORDER BY section_id, month
        """,
        {"portal": portal},
    ).fetchall():
        months[section].append(MonthCoverage(month=month, published=published, first_seen=first_seen))
    return months


# ── gaps in the portal's own numbers ────────────────────────────────────────────


def _number(text: str | None) -> int | None:
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > _LONGEST_NUMBER:
        return None
    return int(text)


def _sequences(connection: Connection, portal: StoredPortal) -> Iterator[IdSequence]:
    """One sequence per kind of page: a portal may number its articles and its static pages separately.

    It may also number them together, so what another kind holds is no gap.
    """
    elsewhere = _known_otherwise(connection, portal)
    held_by: defaultdict[ArticleKind, dict[int, bool]] = defaultdict(dict)
    for kind, text, is_gone in connection.execute(
        "SELECT kind, identity, gone IS NOT NULL FROM heads WHERE portal = ? AND identity IS NOT NULL",
        (portal.name,),
    ).fetchall():
        number = _number(text)
        if number is not None:
            held_by[kind][number] = bool(is_gone)
            elsewhere[number] = None
    for kind in _KINDS:
        held = held_by[kind]
        if len(held) < 2:
            continue
        numbers = sorted(held)
        yield IdSequence(
            kind=kind,
            first=numbers[0],
            last=numbers[-1],
            held=len(numbers),
            gone=sum(held.values()),
            gaps=tuple(gaps(numbers[0], numbers[-1], elsewhere)),
        )


_Why = tuple[GapState, str] | None
"""What is known of a number: a state and its detail; None for one that is held."""


def _known_otherwise(connection: Connection, portal: StoredPortal) -> dict[int, _Why]:
    """Numbers of pages that the portal refused or deleted, or that wait to be fetched."""
    known: dict[int, _Why] = {}
    for (url,) in connection.execute(
        "SELECT url FROM frontier WHERE portal = ? AND kind = 'article' AND handled = 0", (portal.name,)
    ).fetchall():
        number = _number(identity(url, portal.family))
        if number is not None:
            known[number] = ("queued", "")
    for url, code, verdict in connection.execute(
        "SELECT url, status, verdict FROM captures WHERE portal = ? AND verdict NOT IN "
        "('article', 'listing', 'media', 'not-modified', 'redirect', 'robots') ORDER BY captured, id",
        (portal.name,),
    ).fetchall():
        number = _number(identity(url, portal.family))
        if number is not None:
            known[number] = ("deleted", str(code)) if code in _GONE else ("refused", verdict)
    return known


def gaps(first: int, last: int, known: dict[int, _Why]) -> Iterator[Gap]:
    """Everything from `first` to `last` that is not held; neighbours of which the same is known are one gap."""
    stretches: list[tuple[int, int, _Why]] = []
    place = first
    for number in [number for number in sorted(known) if first <= number <= last]:
        if place < number:
            stretches.append((place, number - 1, _UNSEEN))
        if stretches and stretches[-1][2] == known[number]:
            stretches[-1] = (stretches[-1][0], number, known[number])
        else:
            stretches.append((number, number, known[number]))
        place = number + 1
    if place <= last:
        stretches.append((place, last, _UNSEEN))
    for begin, end, why in stretches:
        if why is not None:
            yield Gap(first=begin, last=end, state=why[0], detail=why[1])
