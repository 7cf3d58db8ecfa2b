"""`gvreader status`: what the archive holds, per portal and section, month by month."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from gvreader.cli.console import Console
from gvreader.cli.context import Context
from gvreader.cli.progress import named
from gvreader.errors import EXIT_DONE
from gvreader.export import wording
from gvreader.export.records import Json, dumps, moment, published
from gvreader.export.terminal_text import (
    pad,
    printable,
    shorten,
    width,
    wrap,
)
from gvreader.i18n import _, marked, ngettext

if TYPE_CHECKING:
    from datetime import datetime

    from gvreader.archive.library import (
        Library,
        MonthCoverage,
        PortalStatus,
        RunRecord,
        SectionStatus,
        StoredProblem,
    )
    from gvreader.archive.library.results import GapState
    from gvreader.model import ProblemKind

EXAMPLES: Final = ("gvreader status", "gvreader status --json | jq '.portals[0].articles'")
GAP_NAMES: Final[dict[GapState, str]] = {
    "never seen": marked("{n} never seen"),
    "queued": marked("{n} waiting to be fetched"),
    "refused": marked("{n} refused"),
    "deleted": marked("{n} deleted by the portal"),
}
_BARS: Final = "▁▂▃▄▅▆▇█"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def run(context: Context) -> int:
    from gvreader.archive.library import ArchiveStatus, LibraryMissing

    console = context.console
    problems: dict[str, dict[ProblemKind, int]] = {}
    try:
        library = context.archive.library
        status = library.status()
        problems = {portal.portal.name: _problems(library, portal) for portal in status.portals}
    except LibraryMissing:
        status = ArchiveStatus()
    folder = context.archive.folder
    if context.options.json:
        portals = [_portal_json(portal, problems[portal.portal.name]) for portal in status.portals]
        report = {"archive": str(folder), "portals": portals}
        console.data(dumps(report))
        return EXIT_DONE
    console.data(_("Archive: {folder}").format(folder=printable(str(folder))))
    if not status.portals:
        console.say(_("The archive is empty. `gvreader sync` fills it, `gvreader demo` shows an example."))
    for portal in status.portals:
        console.data()
        console.lines(_portal_lines(console, portal, problems[portal.portal.name]))
    return EXIT_DONE


# ── as JSON ─────────────────────────────────────────────────────────────────────────────────────


def _moment(value: datetime | None) -> str | None:
    return moment(value) if value is not None else None


def _problem_json(problem: StoredProblem | None) -> Json | None:
    if problem is None:
        return None
    return {
        "url": problem.url,
        "kind": problem.kind,
        "detail": problem.detail,
        "when": moment(problem.when),
    }


def _run_json(run: RunRecord | None) -> Json | None:
    if run is None:
        return None
    return {
        "started": moment(run.started),
        "finished": _moment(run.finished),
        "complete": run.complete,
        "exit_code": run.exit_code,
        "requests": run.tally.requests,
    }


def _age(when: datetime | None) -> float | None:
    """Seconds since a moment."""
    from gvreader.app.clock import now

    return None if when is None else max((now() - when).total_seconds(), 0.0)


def _section_json(section: SectionStatus) -> Json:
    age = _age(section.last_success)
    return {
        "slug": section.slug,
        "title": section.title,
        "articles": section.articles,
        "unread": section.unread,
        "newest": published(section.newest),
        "last_success": _moment(section.last_success),
        "age_seconds": None if age is None else round(age),
        "last_problem": _problem_json(section.last_problem),
        "months": _months_json(section.months),
    }


def _months_json(months: Sequence[MonthCoverage]) -> list[Json]:
    return [
        {"month": month.month, "published": month.published, "first_seen": month.first_seen}
        for month in months
    ]


def _problems(library: Library, status: PortalStatus) -> dict[ProblemKind, int]:
    """How many problems the last run had, by kind, the most frequent first."""
    if status.last_run is None:
        return {}
    kinds = Counter(problem.kind for problem in library.journal.problems(status.last_run.id))
    return dict(kinds.most_common())


def _portal_json(status: PortalStatus, problems: Mapping[ProblemKind, int]) -> Json:
    return {
        "portal": status.portal.name,
        "title": status.portal.title,
        "origin": status.portal.origin,
        "family": status.portal.family,
        "articles": status.articles,
        "unread": status.unread,
        "gone": status.gone,
        "archived_only": status.archived_only,
        "archives": status.archives,
        "undated": status.undated,
        "captures": status.captures,
        "queued": status.queued,
        "media_missing": status.media_missing,
        "last_run": _run_json(status.last_run),
        "last_success": _moment(status.last_success),
        "last_problem": _problem_json(status.last_problem),
        "problems": problems,
        "sections": [_section_json(section) for section in status.sections],
        "months": _months_json(status.months),
        "ids": [
            {
                "kind": sequence.kind,
                "first": sequence.first,
                "last": sequence.last,
                "held": sequence.held,
                "gone": sequence.gone,
                "completeness": round(sequence.completeness, 4),
                "gaps": [
                    {"first": gap.first, "last": gap.last, "state": gap.state, "detail": gap.detail}
                    for gap in sequence.gaps
                ],
            }
            for sequence in status.sequences
        ],
    }


# ── for people ──────────────────────────────────────────────────────────────────────────────────


def _portal_lines(
    console: Console, status: PortalStatus, problems: Mapping[ProblemKind, int]
) -> Iterator[str]:
    portal = status.portal
    title = console.style(printable(portal.title), "bold")
    yield f"{title} · {printable(portal.origin)}"
    counts = [wording.articles(status.articles), _("{n} unread").format(n=wording.number(status.unread))]
    if status.gone:
        counts.append(_("{n} gone").format(n=wording.number(status.gone)))
    if status.archived_only:
        counts.append(_("{n} only in archives").format(n=wording.number(status.archived_only)))
    counts.append(wording.captures(status.captures))
    yield "  " + ", ".join(counts)
    for sentence in _last_runs(status):
        yield f"  {sentence}"
    if status.last_problem is not None:
        yield "  " + _last_problem(status.last_problem)
    if problems:
        yield "  " + _("problems of the last run:")
        for kind, count in problems.items():
            yield f"    {wording.number(count)}  {named(kind)}"
    listed = sum(archive.get("listed", 0) for archive in status.archives.values())
    if listed:
        yield "  " + ngettext(
            "{n} capture in web archives is known, but not fetched yet (gvreader backfill)",
            "{n} captures in web archives are known, but not fetched yet (gvreader backfill)",
            listed,
        ).format(n=wording.number(listed))
    waiting = sum(status.queued.values())
    if waiting:
        yield "  " + ngettext(
            "{n} address waits for the next run", "{n} addresses wait for the next run", waiting
        ).format(n=wording.number(waiting))
    yield from _section_lines(console, status.sections)
    yield from _month_lines(console, status.months)
    for line in _gap_lines(status):
        yield ""
        yield from (f"  {part}" for part in wrap(line, console.columns - 2))


def _last_runs(status: PortalStatus) -> Iterator[str]:
    if status.last_run is None:
        yield _("never synced")
    elif status.articles and status.articles == status.archived_only:
        yield _("last run {when}; nothing here is from the portal itself").format(
            when=wording.moment(status.last_run.finished or status.last_run.started)
        )
    elif status.last_run.finished is None:
        yield _("a run began {when} and has not ended").format(when=wording.moment(status.last_run.started))
    elif status.last_success is None:
        yield _("last run {when}, never yet successful").format(when=wording.moment(status.last_run.finished))
    if status.last_success is not None:
        yield _("last success {when}").format(when=wording.moment(status.last_success))


def _last_problem(problem: StoredProblem) -> str:
    return _("last problem {when}: {kind} {url}").format(
        when=wording.moment(problem.when), kind=named(problem.kind), url=printable(problem.url)
    )


def _section_lines(console: Console, sections: Sequence[SectionStatus]) -> Iterator[str]:
    if not sections:
        return
    yield ""
    names = [printable(section.title) for section in sections]
    columns = min(max(map(width, names)), max(console.columns - 44, 16))
    for name, section in zip(names, sections, strict=True):
        newest = section.newest
        fresh = wording.day(newest) if newest is not None else "–"
        age = _age(section.last_success)
        seen = _("never read") if age is None else _("read {span} ago").format(span=wording.span(age))
        trouble = ""
        problem = section.last_problem
        if problem is not None and (section.last_success is None or problem.when > section.last_success):
            trouble = f"  {problem.kind} {wording.moment(problem.when)}"
        shown = pad(shorten(name, columns), columns)
        yield f"  {shown} {wording.number(section.articles):>7}  {pad(fresh, 11)}  {seen}{trouble}".rstrip()


def _month_lines(console: Console, months: Sequence[MonthCoverage]) -> Iterator[str]:
    """A row a year, a bar a month: how many articles were published in it, and how many first seen."""
    shown = [month for month in months if month.published or month.first_seen]
    if not shown:
        return
    published = {month.month: month.published for month in shown}
    seen = {month.month: month.first_seen for month in shown}
    yield ""
    heads = (_("published"), _("first seen"))
    yield "       " + "  ".join(f"{pad(head, 12)} {'':>7}" for head in heads).rstrip()
    for year in sorted({month[:4] for month in published}):
        columns = (
            f"{_bars(console, year, counts)} {_total(year, counts):>7}" for counts in (published, seen)
        )
        yield f"  {year} " + "  ".join(columns)


def _bars(console: Console, year: str, counts: Mapping[str, int]) -> str:
    """Twelve bars, the highest of all years as high as a line."""
    most = max(counts.values()) or 1
    of_year = [counts.get(f"{year}-{number:02}", 0) for number in range(1, 13)]
    bars = "".join(_BARS[(count * len(_BARS) - 1) // most] if count else "·" for count in of_year)
    return console.style(bars, "accent")


def _total(year: str, counts: Mapping[str, int]) -> str:
    return wording.number(sum(count for month, count in counts.items() if month[:4] == year))


def _gap_lines(status: PortalStatus) -> Iterator[str]:
    for sequence in status.sequences:
        if not sequence.gaps:
            continue
        missing: Counter[GapState] = Counter()
        for gap in sequence.gaps:
            missing[gap.state] += len(gap)
        yield _("of the portal's numbers {first} to {last}, {share} % are here; {missing} not: {why}").format(
            first=sequence.first,
            last=sequence.last,
            share=wording.decimal(100 * sequence.completeness),
            missing=wording.number(missing.total()),
            why=", ".join(
                _(text).format(n=wording.number(missing[state]))
                for state, text in GAP_NAMES.items()
                if missing[state]
            ),
        )
