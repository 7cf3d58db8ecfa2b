"""What the coverage screen shows, as data: months, missing numbers, freshness of sections, health of portals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, Literal

from gvreader.frozen import dataclass
from gvreader.model import Published
from gvreader.tui.view.sanitize import visible_line

if TYPE_CHECKING:
    from gvreader.archive.library import Library, PortalStatus
    from gvreader.archive.library.results import Gap, GapState, StoredProblem

Kind = Literal["published", "archived"]
_MOST_GAPS: Final = 2000


@dataclass(frozen=True, slots=True)
class SectionLine:
    """Freshness of one section. `success`: when a page of it last came well; `problem`: what came since then."""

    title: str
    articles: int
    newest: Published | None
    success: datetime | None
    problem: StoredProblem | None


@dataclass(frozen=True, slots=True)
class PortalLine:
    """Health of one portal. `missing`: of its numbers from `first` to `last`, how many are in which state."""

    title: str
    articles: int
    gone: int
    captures: int
    queued: int
    media_missing: int
    success: datetime | None
    problem: StoredProblem | None
    first: int
    last: int
    share: float
    missing: Mapping[GapState, int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Articles per month (`YYYY-MM`) by publication and by first capture, and how many numbers miss around a month."""

    months: Mapping[str, int]
    archived: Mapping[str, int]
    missing: Mapping[str, int]
    sections: tuple[SectionLine, ...]
    portals: tuple[PortalLine, ...]

    def counts(self, kind: Kind) -> Mapping[str, int]:
        """Articles per month, by the one or the other."""
        return self.months if kind == "published" else self.archived

    def years(self, kind: Kind) -> list[int]:
        """Every year from the newest to the oldest, those without articles between them included."""
        found = [int(month[:4]) for month in self.counts(kind) if month[:4].isdigit()]
        return list(range(max(found), min(found) - 1, -1)) if found else []

    def is_gap(self, kind: Kind, month: str) -> bool:
        """Whether a month without articles lies between months with some."""
        counts = self.counts(kind)
        return bool(counts) and month not in counts and min(counts) < month < max(counts)


def gather_coverage(library: Library) -> Coverage:
    """The months, sections and portals of the whole archive."""
    portals = library.status().portals
    published: Counter[str] = Counter()
    archived: Counter[str] = Counter()
    for portal in portals:
        for month in portal.months:
            published[month.month] += month.published
            archived[month.month] += month.first_seen
    missing: Counter[str] = Counter()
    for portal in portals:
        missing.update(_missing_by_month(library, portal))
    return Coverage(
        months=+published,
        archived=+archived,
        missing=missing,
        sections=tuple(
            SectionLine(
                title=visible_line(section.title) or section.slug,
                articles=section.articles,
                newest=section.newest,
                success=section.last_success,
                problem=_since(section.last_problem, section.last_success),
            )
            for portal in portals
            for section in portal.sections
        ),
        portals=tuple(_portal_line(portal) for portal in portals),
    )


def _portal_line(portal: PortalStatus) -> PortalLine:
    sequence = next((one for one in portal.sequences if one.kind == "article"), None)
    missing: Counter[GapState] = Counter()
    for gap in sequence.gaps if sequence else ():
        missing[gap.state] += len(gap)
    return PortalLine(
        title=visible_line(portal.portal.title) or portal.portal.name,
        articles=portal.articles,
        gone=portal.gone,
        captures=portal.captures,
        queued=sum(portal.queued.values()),
        media_missing=portal.media_missing,
        success=portal.last_success,
        problem=_since(portal.last_problem, portal.last_success),
        first=sequence.first if sequence else 0,
        last=sequence.last if sequence else 0,
        share=sequence.completeness if sequence else 1.0,
        missing=missing,
    )


def _since(problem: StoredProblem | None, success: datetime | None) -> StoredProblem | None:
    return problem if problem is not None and (success is None or problem.when > success) else None


def _missing_by_month(library: Library, portal: PortalStatus) -> Counter[str]:
    """How many numbers that the archive lacks lie beside articles of each month. Deleted ones are no loss of ours."""
    lacking = [
        gap
        for sequence in portal.sequences
        if sequence.kind == "article"
        for gap in sequence.gaps[:_MOST_GAPS]
        if gap.state != "deleted"
    ]
    before = [_number_before(library, portal.portal.name, gap) for gap in lacking]
    ids = [number for number in before if number is not None]
    dates = {row.id: row.published for row in library.articles.rows(list(dict.fromkeys(ids)))}
    found: Counter[str] = Counter()
    for gap, number in zip(lacking, before, strict=True):
        published = dates.get(number or 0)
        if isinstance(published, date):
            found[f"{published:%Y-%m}"] += len(gap)
    return found


def _number_before(library: Library, portal: str, gap: Gap) -> int | None:
    """The article with the last number before a gap: its neighbours in number are its neighbours in time."""
    return library.articles.id_of(f"{portal}:{gap.first - 1}")
