"""The left pane as data: every place is a query with a name and a count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from gvreader.frozen import dataclass
from gvreader.i18n import _
from gvreader.tui.view.labels import sparkline
from gvreader.tui.view.sanitize import visible_line

if TYPE_CHECKING:
    from gvreader.archive.library import Library, Overview, SavedSearch, SectionCount

_SPARK_MONTHS = 12

Kind = Literal["view", "section", "saved", "year", "month", "heading", "gap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One line of the left pane. `query` is what it shows, in the query language; headings and gaps show nothing.
    `spark` stands beside a heading, its end where room is short.

    `key` stays the same while counts change; `unread` is None where it is not known.
    """

    key: str
    kind: Kind
    title: str
    query: str = ""
    count: int | None = None
    unread: int | None = None
    depth: int = 0
    spark: str = ""

    @property
    def chosen(self) -> bool:
        """Whether the cursor may stand here."""
        return self.kind not in ("heading", "gap")


ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the left pane and the masthead are made of, read in one go."""

    overview: Overview
    sections: tuple[SectionCount, ...]
    saved: tuple[tuple[SavedSearch, int], ...]
    months: tuple[tuple[str, int], ...]
    portals: tuple[tuple[str, str], ...]


def gather(library: Library) -> Counts:
    """Ask the library for everything that is counted."""
    return Counts(
        overview=library.overview(),
        sections=library.sections.counts(),
        saved=tuple((saved, library.search.count(saved.query)) for saved in library.marks.saved()),
        months=library.months(),
        portals=tuple((portal.name, portal.title) for portal in library.portals.all()),
    )


def section_query(portal: str, slug: str, *, several_portals: bool) -> str:
    """The query that shows one section."""
    return f"section:{_quoted(slug)}" + (f" portal:{_quoted(portal)}" if several_portals else "")


def _quoted(value: str) -> str:
    return value if value.replace("-", "").isalnum() else '"' + value.replace('"', " ") + '"'


def places(counts: Counts, *, open_year: str = "") -> tuple[Place, ...]:
    """Every line of the left pane; the months of `open_year` are unfolded."""
    overview = counts.overview
    views = [
        Place(key=ALL, kind="view", title=_("Everything"), count=overview.articles, unread=overview.unread),
        Place(key="unread", kind="view", title=_("Unread"), query="is:unread", count=overview.unread),
        Place(key="starred", kind="view", title=_("Starred ★"), query="is:starred", count=overview.starred),
        Place(key="changed", kind="view", title=_("Revised"), query="is:changed", count=overview.changed),
        Place(key="gone", kind="view", title=_("Taken off"), query="is:gone", count=overview.gone),
    ]
    return (
        *views,
        *_group("sections", _("Sections"), _sections(counts)),
        *_group("saved", _("Saved searches"), _saved(counts)),
        *_group("months", _("By month"), _years(counts.months, open_year), spark=_spark(counts.months)),
    )


def _group(key: str, heading: str, entries: Sequence[Place], *, spark: str = "") -> Sequence[Place]:
    if not entries:
        return ()
    return (
        Place(key=f"gap:{key}", kind="gap", title=""),
        Place(key=f"heading:{key}", kind="heading", title=heading, spark=spark),
        *entries,
    )


def _sections(counts: Counts) -> list[Place]:
    several = len(counts.portals) > 1
    names = dict(counts.portals)
    entries = []
    for section in counts.sections:
        title = visible_line(section.title) or section.slug
        if several:
            title = f"{title} · {visible_line(names.get(section.portal, section.portal))}"
        entries.append(
            Place(
                key=f"section:{section.portal}/{section.slug}",
                kind="section",
                title=title,
                query=section_query(section.portal, section.slug, several_portals=several),
                count=section.articles,
                unread=section.unread,
                depth=1 if section.parent else 0,
            )
        )
    return entries


def _saved(counts: Counts) -> list[Place]:
    return [
        Place(
            key=f"saved:{saved.name}",
            kind="saved",
            title=visible_line(saved.name),
            query=saved.query,
            count=count,
        )
        for saved, count in counts.saved
    ]


def _spark(months: Sequence[tuple[str, int]]) -> str:
    return sparkline([count for _month, count in reversed(months[:_SPARK_MONTHS])])


def _years(months: Sequence[tuple[str, int]], open_year: str) -> list[Place]:
    years: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for month, count in months:
        years[month[:4]].append((month, count))
    entries = []
    for year, its_months in years.items():
        total = sum(count for _month, count in its_months)
        is_open = year == open_year
        title = f"{'▾' if is_open else '▸'} {year}"
        entries.append(Place(key=f"year:{year}", kind="year", title=title, query=f"on:{year}", count=total))
        if is_open:
            entries.extend(
                Place(
                    key=f"month:{month}",
                    kind="month",
                    title=_("{month}/{year}").format(month=month[5:], year=year),
                    query=f"on:{month}",
                    count=count,
                    depth=2,
                )
                for month, count in its_months
            )
    return entries
