"""The numbers of ranking, each tried where it decides: change the number, and a test fails."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from gvreader.archive.library import Library
from gvreader.archive.library.search import ranking
from gvreader.archive.library.search.plan import Plan, Says, day_key
from gvreader.archive.library.search.planner import Planner
from gvreader.archive.library.search.ranking import Plans, ranked, ranked_by_place
from gvreader.model import Article
from gvreader.query import parse

from .making import Scribe, article, at, paragraphs

DAY = date(2023, 2, 7)


def _article(number: int, title: str, text: str, summary: str | None = None, day: date = DAY) -> Article:
    made = replace(article(text, str(number)), title=title, summary=summary, published=day)
    return replace(made, author=None, organisation=None, blocks=paragraphs(text))


class Asked:
    """A library and the parts of its search, asked directly."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.connection: sqlite3.Connection = library._connection
        self.planner = Planner(library._connection, Says(library._connection))

    def plan(self, text: str) -> Plan:
        return self.planner.plan(parse(text))

    def ranked(self, light: str, meant: str = "", title: str = "khongdau") -> list[float]:
        plans = Plans(
            meant=self.plan(meant or light), light=self.plan(light), typed=None, title=self.plan(title)
        )
        return [round(score, 6) for _sk, score in ranked(self.connection, parse(light), plans)]


def _filled(path: Path, articles: Sequence[Article]) -> Iterator[Asked]:
    with Library.open(path, mode="write") as library:
        scribe = Scribe(library)
        with library.transaction():
            for made in articles:
                scribe.see(made, at(1))
        yield Asked(library)


@pytest.fixture
def few(tmp_path: Path) -> Iterator[Asked]:
    yield from _filled(
        tmp_path / "library.sqlite3",
        [
            _article(1, "cam", "mot hai ba"),
            _article(2, "quyt", "cam hai ba"),
            _article(3, "buoi", "chanh leo day", "cam mot"),
            _article(4, "oi", "xoai thom man do"),
            _article(5, "le", "thom xoai man do"),
        ],
    )


def test_columns_weigh_as_stated(few: Asked) -> None:
    stated = dict(
        few.connection.execute(
            "SELECT rowid, -bm25(ff, 10.0, 4.0, 1.0, 0.5, 2.0, 1.0, 6.0) FROM ff WHERE ff MATCH '\"cam\"'"
        ).fetchall()
    )
    plan = few.plan("cam")
    assert plan.table == "ff"
    assert ranking._scores(few.connection, plan) == pytest.approx(stated)
    assert len(stated) == 3


def test_words_side_by_side_gain_a_third(few: Asked) -> None:
    assert few.ranked("xoai thom") == [1.0, round(1 / 1.35, 6)]


def test_rare_spellings_count_half_of_the_least(few: Asked) -> None:
    assert few.ranked("chanh", meant="chanh OR man") == [1.0, 0.5, 0.5]


def test_the_summary_counts_twice(few: Asked) -> None:
    plans = Plans(meant=few.plan("x"), light=few.plan("x"), typed=None, title=few.plan("khongdau"))
    keys = [day_key(DAY) + number for number in (1, 2)]
    found = ranked_by_place(few.connection, keys, keys[1:], plans)
    assert found == [(keys[1], 1.0), (keys[0], 0.5)]
    assert ranked_by_place(few.connection, keys, [], plans) == [(keys[1], 1.0), (keys[0], 1.0)]


def test_a_title_goes_before_all_else(few: Asked) -> None:
    (titled,) = few.connection.execute("SELECT sk FROM articles WHERE title = 'oi'").fetchone()
    plans = Plans(meant=few.plan("x"), light=few.plan("x"), typed=None, title=few.plan("title:oi"))
    found = ranked_by_place(few.connection, [titled, titled + 1000], [titled + 1000], plans)
    assert found == [(titled, 1.0), (titled + 1000, pytest.approx(2 / 3))]


def test_where_nothing_is_scored_a_title_counts_one() -> None:
    scores: dict[int, float] = {}
    ranking._raise(scores, [7, 5])
    assert scores == {7: 1.0, 5: 1.0}


def test_today_gains_a_fifth_which_halves_in_two_years() -> None:
    today, then, long_ago = (day_key(day) for day in (DAY, DAY - timedelta(days=730), date(1700, 1, 1)))
    scores = dict.fromkeys((today, then, long_ago), 1.0)
    ranking._prefer_recent(scores)
    assert scores[today] == pytest.approx(1.2)
    assert scores[then] == pytest.approx(1.1)
    assert scores[long_ago] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(("place", "gains"), [(5, True), (6, False)])
def test_six_runs_of_words_are_looked_for_side_by_side(place: int, gains: bool, few: Asked) -> None:
    runs = [f"khong{number} co{number}" for number in range(7)]
    runs[place] = "xoai thom"
    query = " OR ".join(f"({run})" for run in runs)
    found = list(ranking._side_by_side(few.connection, parse(query), 0))
    assert bool(found) is gains


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """1,001 articles with `cam` in title and text, one of them with `mit` too; the oldest first."""
    days = [DAY + timedelta(days=number) for number in range(1001)]
    articles = [
        _article(number, "cam", "cam mit" if number == 0 else "cam", day=day)
        for number, day in enumerate(days, 1)
    ]
    articles[0] = _article(1, "cam", "mit", day=DAY)
    yield from _filled(tmp_path_factory.mktemp("many") / "library.sqlite3", articles)


@pytest.mark.parametrize(("newest", "ranked_all"), [(999, True), (1000, False)])
def test_rare_spellings_are_ranked_below_a_thousand(newest: int, ranked_all: bool, many: Asked) -> None:
    first = DAY + timedelta(days=1001 - newest)
    scores = many.ranked(f"cam after:{first:%Y-%m-%d}", meant="cam")
    assert (len(scores) > newest) is ranked_all


def test_a_thousand_titles_are_raised(many: Asked) -> None:
    keys = ranking._newest(many.connection, many.plan("cam"), 2000)
    plans = Plans(meant=many.plan("x"), light=many.plan("x"), typed=None, title=many.plan("cam"))
    assert len(keys) == 1001
    order = ranked_by_place(many.connection, keys, [], plans)
    raised = [sk for sk, score in order if score > 0.8]
    assert len(raised) == 1000
    assert keys[-1] not in raised
