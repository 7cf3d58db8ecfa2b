"""The same article under a new address is the same article; gone is what no address serves any more."""

from __future__ import annotations

import pytest

from gvreader.archive.library import Known
from gvreader.model import Noted
from gvreader.operations.sync import SyncOptions
from gvreader.portals import Portal
from tests.operations.sync.conftest import TOTAL, Archive, stored
from tests.operations.sync.small_portal import SmallPortal, answer
from tests.portal import Replica


def known(archive: Archive) -> tuple[Known, ...]:
    with archive.library() as library:
        return library.articles.known("giavien")


def test_a_corrected_headline_is_a_change_of_the_same_day_and_never_gone(
    archive: Archive, giavien: Portal
) -> None:
    with SmallPortal(articles=12) as site:
        archive.finish(giavien, base_url=site.base_url)
        for number in (3, 6, 9):
            site.slugs[number] = f"ten-da-sua-{number}"
            site.edit(number, "Tên bài đã được sửa lại cho đúng.")
        changed = []
        for _day in range(5):
            archive.later(days=1)
            site.articles += 1  # something new every day
            report = archive.finish(giavien, base_url=site.base_url)
            assert (report.exit_code, report.tally.gone, report.tally.new) == (0, 0, 1)
            changed.append(report.tally.changed)
        assert changed == [3, 0, 0, 0, 0]
        assert not any(one.gone for one in known(archive))
        assert len(known(archive)) == 17


def test_what_is_deleted_under_all_its_addresses_is_gone_with_its_proof(
    archive: Archive, giavien: Portal
) -> None:
    with SmallPortal(articles=12) as site:
        archive.finish(giavien, base_url=site.base_url)
        site.slugs[6] = "ten-da-sua-6"
        archive.later(days=1)
        archive.finish(giavien, base_url=site.base_url)
        site.removed.add(6)
        archive.later(days=1)
        report, events = archive.run(giavien, base_url=site.base_url)
        assert report is not None
        assert (report.exit_code, report.tally.gone) == (0, 1)
        assert stored(events, "gone") == ["giavien:106"]
        with archive.library() as library:
            number = library.articles.id_of("giavien:106")
            assert number is not None
            looks = library.captures.of_article(number)
            assert [look.status for look in looks][-1] == 404
            assert len(library.articles.history(number)) == 1
            assert library.check() == ()


def test_a_number_that_another_article_has_now_is_not_the_same_article(
    archive: Archive, giavien: Portal
) -> None:
    with SmallPortal(articles=6) as site:
        archive.finish(giavien, base_url=site.base_url)
        before = archive.contents()
        archive.later(days=1)
        site.slugs[2] = "ten-da-sua-2"
        report = archive.finish(giavien, base_url=site.base_url)
        assert (report.exit_code, report.tally.new, report.tally.gone) == (0, 0, 0)
        assert archive.contents() == before


@pytest.mark.parametrize("family", ["nukeviet", "vnpt"])
def test_a_portal_that_is_redesigned_keeps_its_articles(
    archive: Archive, giavien: Portal, replica: Replica, family: str
) -> None:
    archive.finish(giavien, base_url=replica.base_url)
    before = {one.key: one.title for one in known(archive) if one.kind != "page"}
    replica.redesign(family)
    told = []
    for _day in range(3):
        archive.later(days=1)
        report, events = archive.run(giavien, base_url=replica.base_url, options=SyncOptions(full=True))
        assert report is not None
        assert (report.tally.gone, report.tally.new) == (0, 0)
        told += [event.message for event in events if isinstance(event, Noted)]
    assert len([message for message in told if "redesigned" in message]) == 1
    assert f"{TOTAL} articles" in told[0]
    assert {one.key: one.title for one in known(archive) if one.kind != "page"} == before


def test_a_section_keeps_its_own_address(archive: Archive, giavien: Portal) -> None:
    with SmallPortal(articles=8, per_page=2) as site:
        archive.finish(giavien, base_url=site.base_url)
        with archive.library() as library:
            sections = {one.slug: one.url for one in library.sections.links("giavien")}
    assert sections == {"tin-tuc": "https://giavien.ninhbinh.gov.vn/tin-tuc"}


def test_a_date_that_only_a_later_list_gives(archive: Archive, giavien: Portal) -> None:
    with SmallPortal(articles=6) as site:
        plain = site.listing()
        for number in range(6):
            page = site.article(number)
            begin, end = page.index(b'<div class="date">'), page.index(b'<div class="body">')
            site.answers[site.path(number)] = answer(page[:begin] + page[end:])
        undated = site.listing([])
        rows = "".join(f'<h3><a href="{site.path(n)}">{site.title(n)}</a></h3>' for n in range(6))
        site.answers["/"] = answer(undated.replace(b"<h2>Tin", f"{rows}<h2>Tin".encode()))
        site.answers["/tin-tuc"] = answer(plain)
        archive.finish(giavien, base_url=site.base_url)
        assert all(one.published is not None for one in known(archive))
