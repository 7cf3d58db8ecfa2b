"""A part never becomes current, a whole page never fails for a label, and "not modified" rests on something."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gvreader.operations.sync import SyncOptions
from gvreader.portals import Portal
from gvreader.web import Policy
from tests.operations.sync.conftest import Archive, kinds
from tests.operations.sync.small_portal import SmallPortal, answer, closing
from tests.packing import gzipped

PATIENT = Policy(delay=0.0, backoff=0.01, max_backoff=0.01)
FULL = SyncOptions(full=True)


def half(whole: bytes) -> bytes:
    return whole[: len(whole) * 2 // 3]


PARTS: dict[str, Callable[[bytes], bytes]] = {
    "206": lambda whole: answer(half(whole), "206 Partial Content"),
    "closed midway": lambda whole: closing(half(whole)),
    "sized, but without its end": lambda whole: answer(half(whole)),
    "gzip that is cut": lambda whole: answer(half(gzipped(whole)), Content_Encoding="gzip"),
}
WHOLE: dict[str, Callable[[bytes], bytes]] = {
    "length of the unpacked page": lambda whole: answer(
        gzipped(whole), length=len(whole), Content_Encoding="gzip"
    ),
    "length in letters": lambda whole: answer(whole, length=len(whole.decode())),
    "gzip without a name": lambda whole: answer(gzipped(whole)),
    "gzip twice, named once": lambda whole: answer(gzipped(gzipped(whole)), Content_Encoding="gzip"),
    "gzip named zstd": lambda whole: answer(gzipped(whole), Content_Encoding="zstd"),
    "206 of everything": lambda whole: answer(
        whole, "206 Partial Content", Content_Range=f"bytes 0-{len(whole) - 1}/{len(whole)}"
    ),
}


@pytest.fixture
def site() -> SmallPortal:
    return SmallPortal(articles=6)


@pytest.mark.parametrize("way", PARTS)
def test_a_part_never_becomes_current(archive: Archive, giavien: Portal, site: SmallPortal, way: str) -> None:
    with site:
        archive.finish(giavien, base_url=site.base_url)
        before = archive.contents()
        assert len(before) == 6
        path = site.path(2)
        site.answers[path] = PARTS[way](site.article(2))
        report = archive.finish(giavien, base_url=site.base_url, options=FULL, policy=PATIENT)
        assert (report.exit_code, kinds(report)) == (3, ["truncated"])
        assert archive.contents() == before
        del site.answers[path]
        archive.later(days=1)
        assert archive.finish(giavien, base_url=site.base_url, options=FULL).exit_code == 0
        assert archive.contents() == before


@pytest.mark.parametrize("way", PARTS)
def test_a_part_is_no_first_text_either(
    archive: Archive, giavien: Portal, site: SmallPortal, way: str
) -> None:
    with site:
        site.answers[site.path(2)] = PARTS[way](site.article(2))
        report = archive.finish(giavien, base_url=site.base_url, policy=PATIENT)
        assert (report.exit_code, kinds(report)) == (3, ["truncated"])
        assert len(archive.contents()) == 5


@pytest.mark.parametrize("way", WHOLE)
def test_a_whole_page_never_fails_for_a_label(
    archive: Archive, giavien: Portal, site: SmallPortal, way: str
) -> None:
    with site:
        for number in range(6):
            site.answers[site.path(number)] = WHOLE[way](site.article(number))
        report = archive.finish(giavien, base_url=site.base_url)
        assert (report.exit_code, report.problems, report.tally.new) == (0, (), 6)
        with SmallPortal(articles=6) as plain:
            other = Archive(archive.folder.with_name("plain"))
            other.finish(giavien, base_url=plain.base_url)
        assert archive.contents() == other.contents()


def test_not_modified_of_nothing_is_no_answer(archive: Archive, giavien: Portal, site: SmallPortal) -> None:
    with site:
        site.answers[site.path(2)] = answer(b"", "304 Not Modified")
        report = archive.finish(giavien, base_url=site.base_url)
        assert (report.exit_code, kinds(report), report.tally.new) == (3, ["http-status"], 5)


def test_not_modified_to_everything_is_no_portal(
    archive: Archive, giavien: Portal, site: SmallPortal
) -> None:
    with site:
        site.default = answer(b"", "304 Not Modified")
        assert archive.finish(giavien, base_url=site.base_url).exit_code == 4


def test_a_full_run_believes_no_validators(archive: Archive, giavien: Portal, site: SmallPortal) -> None:
    with site:
        site.validators = True
        archive.finish(giavien, base_url=site.base_url)
        site.edit(2)
        archive.later(hours=5)
        assert archive.finish(giavien, base_url=site.base_url).tally.changed == 0
        assert archive.finish(giavien, base_url=site.base_url, options=FULL).tally.changed == 1


def test_a_failed_precondition_is_no_failure(archive: Archive, giavien: Portal, site: SmallPortal) -> None:
    with site:
        site.validators = True
        archive.finish(giavien, base_url=site.base_url)
        site.to_conditions = "412 Precondition Failed"
        archive.later(days=40)
        report = archive.finish(giavien, base_url=site.base_url)
        assert (report.exit_code, report.tally.unchanged) == (0, 6)
