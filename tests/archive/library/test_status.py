from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gvreader.archive.library import FrontierEntry, Gap, Library, MonthCoverage
from gvreader.archive.library.results import GapState
from gvreader.archive.library.status import gaps
from gvreader.model import Attachment, Problem, Request

from .making import NEWS, ORIGIN, PORTAL, Scribe, article, at, capture


def test_overview_counts(library: Library, scribe: Scribe) -> None:
    assert library.overview().last_run is None
    ids = [scribe.see(article(number=number), at(0)) for number in ("1", "2", "3")]
    scribe.see(article("mới", number="2"), at(1))
    library.marks.set_read(ids[:1], True)
    library.marks.set_starred(ids[1:], True)
    library.articles.set_gone(ids[2], at(2))
    library.journal.push(PORTAL, FrontierEntry(kind="article", request=Request(url=f"{ORIGIN}/x-9.html")))
    shown = library.overview()
    assert (shown.articles, shown.unread, shown.starred, shown.gone, shown.changed, shown.queued) == (
        3,
        2,
        2,
        1,
        1,
        1,
    )


def test_months_newest_first_without_undated_pages(library: Library, scribe: Scribe) -> None:
    for number, published in enumerate((date(2022, 12, 31), date(2023, 2, 1), date(2023, 2, 28), None), 1):
        scribe.see(replace(article(number=str(number)), published=published), at(0))
    assert library.months() == (("2023-02", 2), ("2022-12", 1))


def test_a_portal_without_anything_has_a_status(library: Library) -> None:
    (status,) = library.status().portals
    assert (status.portal.name, status.articles, status.sections, status.months, status.sequences) == (
        PORTAL,
        0,
        (),
        (),
        (),
    )
    assert (status.last_run, status.last_success, status.last_problem) == (None, None, None)
    assert library.status("nowhere").portals == ()


def test_freshness_per_section(library: Library, scribe: Scribe) -> None:
    scribe.see(article(number="1"), at(0))
    scribe.see(replace(article(number="2"), published=date(2023, 2, 9)), at(0))
    library.sections.succeeded(PORTAL, NEWS.slug, at(1))
    run = library.journal.start_run(PORTAL, at(2))
    for kind, slug, days in (
        ("timeout", NEWS.slug, 2.0),
        ("maintenance", NEWS.slug, 3.0),
        ("tls", None, 4.0),
    ):
        problem = Problem(url=f"{ORIGIN}/tin-tuc", kind=kind, section=slug)  # type: ignore[arg-type]
        library.journal.add_problem(run, problem, at(days))
    (status,) = library.status(PORTAL).portals
    (section,) = status.sections
    assert (section.slug, section.articles, section.unread, section.newest) == (
        "tin-tuc",
        2,
        2,
        date(2023, 2, 9),
    )
    assert section.last_success == at(1)
    assert section.last_problem is not None
    assert (section.last_problem.kind, section.last_problem.when) == ("maintenance", at(3))
    assert status.last_problem is not None
    assert status.last_problem.kind == "tls"
    assert status.last_success == at(0)


def test_coverage_by_month_in_the_portals_time(library: Library, scribe: Scribe) -> None:
    scribe.see(
        replace(article(number="1"), published=date(2022, 12, 31)), datetime(2023, 1, 31, 17, 30, tzinfo=UTC)
    )
    scribe.see(
        replace(article(number="2"), published=date(2023, 2, 1)), datetime(2023, 1, 31, 16, 30, tzinfo=UTC)
    )
    scribe.see(replace(article(number="3"), published=None), datetime(2023, 3, 1, tzinfo=UTC))
    (status,) = library.status().portals
    assert status.undated == 1
    assert status.months == (
        MonthCoverage(month="2022-12", published=1, first_seen=0),
        MonthCoverage(month="2023-01", published=0, first_seen=1),
        MonthCoverage(month="2023-02", published=1, first_seen=1),
        MonthCoverage(month="2023-03", published=0, first_seen=1),
    )


def test_what_only_archives_have(library: Library, scribe: Scribe) -> None:
    scribe.see(article(number="1"), at(0))
    scribe.see(article("xưa", number="1"), at(-9), source="wayback")
    scribe.see(article(number="2"), at(-9), source="wayback")
    scribe.see(article(number="3"), at(-9), source="commoncrawl")
    library.articles.set_gone(2, at(1))
    (status,) = library.status().portals
    assert (status.articles, status.archived_only, status.gone, status.captures) == (3, 2, 1, 4)


def test_what_waits_and_what_is_missing(library: Library, scribe: Scribe) -> None:
    scribe.see(replace(article(), attachments=(Attachment(url=f"{ORIGIN}/a.pdf", name="a"),)), at(0))
    library.journal.push(PORTAL, FrontierEntry(kind="listing", request=Request(url=f"{ORIGIN}/tin-tuc")))
    (status,) = library.status().portals
    assert (status.media_missing, status.queued) == (1, {"listing": 1})


# ── gaps ────────────────────────────────────────────────────────────────────────────────────────


def test_gaps_say_what_is_known_of_each_number(library: Library, scribe: Scribe) -> None:
    for number in ("100", "101", "110", "113"):
        scribe.see(article(number=number), at(0))
    scribe.see(replace(article(number="112"), kind="page", published=None), at(0))
    library.articles.set_gone(2, at(1))

    def answered(number: int, status: int, verdict: str, days: float) -> None:
        scribe.record(capture(f"{ORIGIN}/bai-viet-nay-{number}.html", at(days), status=status), verdict)

    answered(103, 404, "http-status", 0)
    answered(104, 410, "http-status", 0)
    answered(105, 200, "not-article", 0)
    answered(106, 200, "challenge", 1)
    answered(107, 302, "redirect", 0)
    waiting = Request(url=f"{ORIGIN}/bai-viet-nay-109.html")
    library.journal.push(PORTAL, FrontierEntry(kind="article", request=waiting))
    (status,) = library.status().portals
    (sequence,) = status.sequences
    assert (sequence.kind, sequence.first, sequence.last, sequence.held, sequence.gone) == (
        "article",
        100,
        113,
        4,
        1,
    )
    assert sequence.gaps == (
        Gap(first=102, last=102, state="never seen"),
        Gap(first=103, last=103, state="deleted", detail="404"),
        Gap(first=104, last=104, state="deleted", detail="410"),
        Gap(first=105, last=105, state="refused", detail="not-article"),
        Gap(first=106, last=106, state="refused", detail="challenge"),
        Gap(first=107, last=108, state="never seen"),
        Gap(first=109, last=109, state="queued"),
        Gap(first=111, last=111, state="never seen"),
    )
    assert sequence.completeness == 4 / 14
    assert len(sequence.gaps[5]) == 2


def test_huge_and_odd_numbers_cost_nothing(library: Library, scribe: Scribe) -> None:
    for number in ("1", "999999999999", "1" * 400, "x7"):
        scribe.see(article(number=number), at(0))
    (status,) = library.status().portals
    assert status.sequences[0].gaps == (Gap(first=2, last=999999999998, state="never seen"),)


STATES = st.one_of(
    st.none(), st.tuples(st.sampled_from(("refused", "deleted", "queued")), st.sampled_from("ab"))
)


@given(st.dictionaries(st.integers(1, 30), STATES), st.integers(1, 15), st.integers(15, 30))
def test_gaps_cover_exactly_what_is_not_held(
    known: dict[int, tuple[GapState, str] | None], first: int, last: int
) -> None:
    found = list(gaps(first, last, known))
    said = {number: (gap.state, gap.detail) for gap in found for number in range(gap.first, gap.last + 1)}
    assert sum(map(len, found)) == len(said)
    assert said == {
        number: state
        for number in range(first, last + 1)
        if (state := known.get(number, ("never seen", ""))) is not None
    }
    assert all(
        (one.state, one.detail) != (other.state, other.detail) or other.first > one.last + 1
        for one, other in pairwise(found)
    )
