"""A clock that was ahead once does not blind the archive until its time comes."""

from __future__ import annotations

from datetime import timedelta

from gvreader.operations.rebuild import rebuild
from gvreader.operations.sync import SyncOptions
from gvreader.portals import Portal, adhoc, portal_for
from tests.operations.sync.conftest import Archive, stored
from tests.portal import Replica


def brought_back(archive: Archive) -> int:
    with archive.library() as library:
        return library.bring_back(archive.now())


def current(archive: Archive, key: str) -> str:
    with archive.library() as library:
        found = library.articles.get(key)
        assert found is not None
        return found.article.text


def test_edits_and_removals_are_noticed_after_a_run_in_the_future(
    archive: Archive, giavien: Portal, replica: Replica
) -> None:
    archive.later(days=3650)
    archive.finish(giavien, base_url=replica.base_url)
    archive.later(days=-3650)
    edited, removed = (piece.number for piece in list(replica.site.pieces())[:2])
    replica.site.edit(edited, append="Đính chính sau khi đồng hồ đúng.")
    replica.site.delete(removed)
    with archive.library() as library:
        before = library.yet_to_come(archive.now())[0]
        assert before == library.captures.count()
        looks = library.articles.ids()
    assert brought_back(archive) == len(looks)
    assert brought_back(archive) == 0
    report, events = archive.run(giavien, base_url=replica.base_url, options=SyncOptions(full=True))
    assert report is not None
    assert stored(events, "changed") == [f"giavien:{edited}"]
    assert stored(events, "gone") == [f"giavien:{removed}"]
    assert "Đính chính sau khi đồng hồ đúng." in current(archive, f"giavien:{edited}")
    with archive.library() as library:
        portal = library.status().portals[0]
        assert portal.last_success is not None
        assert portal.last_success < archive.now() + timedelta(days=1)
        for article_id in library.articles.ids():
            revisions = library.articles.history(article_id)
            assert [one.first_seen for one in revisions] == sorted(one.first_seen for one in revisions)
            assert revisions[-1].last_seen < archive.now() + timedelta(days=1)


def test_a_clock_ahead_in_between_changes_nothing(
    archive: Archive, giavien: Portal, replica: Replica
) -> None:
    archive.finish(giavien, base_url=replica.base_url)
    number = next(replica.site.pieces()).number
    archive.later(days=400)
    archive.finish(giavien, base_url=replica.base_url, options=SyncOptions(full=True))
    archive.later(days=-399.9)
    replica.site.edit(number, append="Đính chính.")
    brought_back(archive)
    _report, events = archive.run(giavien, base_url=replica.base_url, options=SyncOptions(full=True))
    assert stored(events, "changed") == [f"giavien:{number}"]


def test_a_rebuild_orders_them_as_the_runs_did(archive: Archive, giavien: Portal, replica: Replica) -> None:
    archive.later(days=3650)
    archive.finish(giavien, base_url=replica.base_url)
    archive.later(days=-3650)
    edited, removed = (piece.number for piece in list(replica.site.pieces())[:2])
    replica.site.edit(edited, append="Đính chính.")
    replica.site.delete(removed)
    brought_back(archive)
    archive.finish(giavien, base_url=replica.base_url, options=SyncOptions(full=True))
    before = archive.contents()
    with archive.library() as library, archive.vault() as vault:
        list(
            rebuild(
                vault=vault,
                library=library,
                portal_of=lambda name: portal_for(name) or adhoc(f"https://{name}/"),
                now=archive.now(),
            )
        )
        gone = library.articles.get(f"giavien:{removed}")
        assert gone is not None
        assert gone.row.gone is not None
        untouched = library.articles.get(f"giavien:{edited}")
        assert untouched is not None
        assert untouched.fetched < archive.now() + timedelta(days=1)
    assert archive.contents() == before
