"""`--log FILE`: what it says, where it goes, and what it never does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.portal import Replica
from tests.portal.troubles import Redirect, SoftNotFound

from .running import Ended, run

Gv = Callable[..., Ended]
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \d+ (?:INFO|DEBUG) gvreader\.[a-z]+: .+")


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, Replica]:
    """The logs of a sync that met a redirect and a page that says nothing, and of the next one."""
    folder = tmp_path_factory.mktemp("log")
    with Replica(articles=12, seed=3) as replica:
        one, two, three = [piece.number for piece in replica.site.pieces()][:3]
        replica.faults.add(SoftNotFound(only_missing=False), rf"-{one}\.html")
        replica.faults.add(Redirect("/"), rf"-{two}\.html")
        sync = ("sync", "--base-url", replica.base_url, "--delay", "0", "--archive", folder / "a")
        run(*sync, "--log", folder / "first.log", home=folder)
        replica.site.delete(three)
        run(*sync, "--full", "--verbose", home=folder, extra={"GVREADER_LOG": str(folder / "second.log")})
        texts = (folder / "first.log").read_text("utf-8"), (folder / "second.log").read_text("utf-8")
        assert str(three) in texts[1]
        return *texts, replica


def test_every_line_has_time_process_level_and_logger(logged: tuple[str, str, Replica]) -> None:
    for text in logged[:2]:
        assert all(LINE.fullmatch(line) for line in text.splitlines())
        assert re.search(r"gvreader\.cli: gvreader \S+ sync begins$", text.splitlines()[0])
        assert text.splitlines()[-1].endswith("gvreader.cli: ends")


@pytest.mark.parametrize(
    "said",
    [
        r"INFO gvreader\.ingest: refused \S+-\d+\.html: soft-404",
        r"INFO gvreader\.web: \S+-\d+\.html leads to \S+ \(30\d\)",
        r"INFO gvreader\.ingest: new giavien:\d+: https://giavien\.ninhbinh\.gov\.vn/",
        r"INFO gvreader\.sync: skipped \S+: known",
    ],
)
def test_the_log_says_why(said: str, logged: tuple[str, str, Replica]) -> None:
    assert re.search(said, logged[0] + logged[1])


def test_an_article_called_gone_is_named(logged: tuple[str, str, Replica]) -> None:
    assert re.search(r"INFO gvreader\.ingest: gone giavien:\d+: https://", logged[1])


def test_no_text_of_a_page_is_logged(logged: tuple[str, str, Replica]) -> None:
    titles = [article.title for article in logged[2].truth()]
    assert titles
    assert not any(title in logged[0] for title in titles)
    assert "DEBUG" not in logged[0]
    assert re.search(r"DEBUG gvreader\.web: GET http://127\.0\.0\.1:\d+/\S*: 200, \d+ bytes", logged[1])


def test_what_fails_is_logged(tmp_path: Path, gv: Gv) -> None:
    log = tmp_path / "run.log"
    assert gv("list", "--archive", tmp_path / "none", "--log", log).code != 0
    assert "ends with LibraryMissing" in log.read_text("utf-8")


@pytest.mark.parametrize("place", [".", "none/run.log"])
def test_a_log_that_cannot_be_written_is_said_before_anything_is_done(
    place: str, tmp_path: Path, gv: Gv
) -> None:
    ended = gv("list", "--archive", tmp_path / "a", "--log", tmp_path / place)
    assert ended.code == 2
    assert "cannot be written" in ended.err
