"""What a web archive steers ends: moves between its captures, and keys of its index."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gvreader.archive.library import Library
from gvreader.archive.vault import Vault
from gvreader.model import RunFinished, Sighting, Source
from gvreader.operations.backfill import backfill
from gvreader.portals import Portal, portal_for
from gvreader.sources.cdx import CdxLine
from gvreader.sources.wayback import CdxPage, Fetched

URL = "https://giavien.ninhbinh.gov.vn/tin-tuc/ban-tin-5.html"
BEGIN = datetime(2023, 1, 1, tzinfo=UTC)
NOW = datetime(2024, 1, 1, tzinfo=UTC)


def sighting(second: int) -> Sighting:
    when = BEGIN + timedelta(seconds=second)
    return Sighting(
        url=URL, stamp=f"{when:%Y%m%d%H%M%S}", captured=when, status=200, media_type="text/html", digest="x"
    )


class Endless:
    """An archive that leads from each capture to the next, and from each key of its index to another."""

    name: Source = "wayback"
    finds_nearest = True

    def __init__(self, *, news: bool) -> None:
        self.news = news
        self.pages = self.fetched = 0

    def collections(self) -> tuple[tuple[str, ...], CdxPage]:
        return ("",), CdxPage()

    def page(self, collection: str, resume: str | None) -> CdxPage:
        self.pages += 1
        return CdxPage(listed=CdxLine(sightings=(sighting(0),), resume=f"key {self.pages}"))

    def fetch(self, found: Sighting) -> Fetched:
        self.fetched += 1
        return Fetched(moved=sighting(self.fetched) if self.news else found)


@pytest.mark.parametrize("news", [True, False])
def test_neither_keys_nor_moves_go_on_for_ever(tmp_path: Path, news: bool) -> None:
    portal = portal_for("giavien")
    assert portal is not None
    archive = Endless(news=news)
    for _run in range(2):
        report = run(tmp_path, portal, archive)
        assert report.exit_code == 0
    assert archive.pages <= 8
    assert archive.fetched <= 12


def test_a_pause_longer_than_the_time_left_ends_the_run(tmp_path: Path) -> None:
    portal = portal_for("giavien")
    assert portal is not None

    class Busy(Endless):
        def page(self, collection: str, resume: str | None) -> CdxPage:
            return CdxPage(busy=3600.0)

    report = run(tmp_path, portal, Busy(news=False), stop_after=timedelta(minutes=20))
    assert (report.exit_code, report.complete) == (0, False)


def run(
    folder: Path, portal: Portal, archive: Endless, *, stop_after: timedelta | None = None
) -> RunFinished:
    slept: list[float] = []
    with (
        Library.open(folder / "library.sqlite3", mode="write") as library,
        Vault.open(folder / "vault", mode="write", clock=lambda: NOW) as vault,
    ):
        *_, last = backfill(
            portal,
            archive=archive,
            service="https://archive.example",
            stop_after=stop_after,
            vault=vault,
            library=library,
            requests=lambda: (0, 0),
            clock=lambda: NOW + timedelta(seconds=sum(slept)),
            sleep=slept.append,
        )
    assert isinstance(last, RunFinished)
    return last
