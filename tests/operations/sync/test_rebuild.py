"""The library that a rebuild derives is the one that the runs derived."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gvreader.errors import ArchiveDamaged
from gvreader.operations.rebuild import Rebuilt, rebuild
from gvreader.operations.sync import SyncOptions
from gvreader.portals import Portal, adhoc, portal_for
from gvreader.web import Policy
from tests.operations.sync.conftest import Archive
from tests.portal import Replica
from tests.portal.troubles import ForeignTemplate, Maintenance, SoftNotFound

DERIVED = {
    "heads": "SELECT key, url, kind, title, published, author, gone, revision, read, starred, words FROM heads "
    "ORDER BY key",
    "observations": "SELECT n.key, o.seen, c.file, c.offset FROM observations AS o JOIN numbers AS n ON "
    "n.id = o.article_id JOIN captures AS c ON c.id = o.capture_id ORDER BY 1, 2, 3, 4",
    "captures": "SELECT file, offset, url, status, verdict FROM captures ORDER BY file, offset",
    "sections": "SELECT slug, title, parent, articles FROM sections WHERE articles > 0 ORDER BY slug",
    "places": "SELECT n.key, s.slug FROM article_sections AS a JOIN numbers AS n ON n.id = a.article_id JOIN "
    "sections AS s ON s.id = a.section_id ORDER BY 1, 2",
    "media": "SELECT twin, sha256, bytes, text FROM media ORDER BY twin",
}


def derived(archive: Archive) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(archive.folder / "library.sqlite3")) as connection:
        connection.execute("PRAGMA query_only = ON")
        found = {}
        for name, query in DERIVED.items():
            found[name] = connection.execute(query).fetchall()
        return found


def rebuilt(archive: Archive, *, jobs: int = 1) -> None:
    def portal_of(name: str) -> Portal:
        return portal_for(name) or adhoc(f"https://{name}/")

    with archive.library() as library, archive.vault() as vault:
        states = list(rebuild(vault=vault, library=library, portal_of=portal_of, jobs=jobs))
    assert states[-1].finished
    assert states[-1].unreadable == ()


@pytest.fixture
def lived_in(archive: Archive, giavien: Portal, replica: Replica) -> Archive:
    """An archive that has seen a good deal."""
    hasty = Policy(delay=0.0, backoff=0.0)
    replica.faults.add(SoftNotFound())
    archive.finish(giavien, base_url=replica.base_url)
    pieces = list(replica.site.pieces())
    replica.site.edit(pieces[0].number, title="Bài viết mang tên mới sau khi sửa")
    replica.site.delete(pieces[3].number)
    replica.site.delete(pieces[4].number)
    replica.site.publish(3)
    archive.later(hours=5)
    archive.finish(giavien, base_url=replica.base_url)
    rule = replica.faults.add(ForeignTemplate())
    replica.faults.clear()
    replica.faults.add(rule.fault)
    archive.later(hours=5)
    archive.finish(giavien, base_url=replica.base_url, policy=hasty)
    replica.faults.clear()
    replica.faults.add(Maintenance(), r"-9\d\d\.html")
    replica.site.restore(pieces[4].number)
    archive.later(days=3)
    archive.finish(giavien, base_url=replica.base_url, options=SyncOptions(full=True), policy=hasty)
    return archive


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_rebuild_derives_the_same(jobs: int, lived_in: Archive) -> None:
    before = derived(lived_in)
    assert [row for row in before["heads"] if row[6]]
    assert {row[4] for row in before["captures"]} >= {"article", "listing", "soft-404", "not-modified"}
    rebuilt(lived_in, jobs=jobs)
    after = derived(lived_in)
    for name, rows in before.items():
        assert after[name] == rows, name
    with lived_in.library() as library:
        assert library.check() == ()


def test_a_rebuild_into_nothing_derives_the_same(lived_in: Archive) -> None:
    before = derived(lived_in)
    for file in lived_in.folder.glob("library.sqlite3*"):
        file.unlink()
    rebuilt(lived_in)
    after = derived(lived_in)
    assert [row[:8] for row in after["heads"]] == [row[:8] for row in before["heads"]]
    assert after["captures"] == before["captures"]
    assert after["observations"] == before["observations"]


def test_a_run_after_a_rebuild_finds_nothing_new(
    lived_in: Archive, giavien: Portal, replica: Replica
) -> None:
    replica.faults.clear()
    lived_in.finish(giavien, base_url=replica.base_url, options=SyncOptions(full=True))
    rebuilt(lived_in)
    before = lived_in.contents()
    lived_in.later(hours=1)
    report = lived_in.finish(giavien, base_url=replica.base_url)
    assert (report.tally.new, report.tally.changed, report.tally.gone) == (0, 0, 0)
    assert lived_in.contents() == before


def test_a_rebuild_that_is_closed_changes_nothing(lived_in: Archive) -> None:
    before = derived(lived_in)
    with lived_in.library() as library, lived_in.vault() as vault:
        states = rebuild(
            vault=vault, library=library, portal_of=lambda name: portal_for(name) or adhoc("https://x/")
        )
        next(states)
        next(states)
        states.close()  # type: ignore[attr-defined]
    assert derived(lived_in) == before


def test_what_cannot_be_read_is_told(lived_in: Archive, tmp_path: Path) -> None:
    (file,) = (lived_in.folder / "vault").glob("*.warc.gz")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    before = derived(lived_in)

    def derive(*, accept_loss: bool) -> list[Rebuilt]:
        with lived_in.library() as library, lived_in.vault() as vault:
            states = rebuild(
                vault=vault,
                library=library,
                portal_of=lambda name: portal_for(name) or adhoc("https://x/"),
                accept_loss=accept_loss,
            )
            return list(states)

    with pytest.raises(ArchiveDamaged, match="1 capture"):
        derive(accept_loss=False)
    assert derived(lived_in) == before
    states = derive(accept_loss=True)
    assert states[-1].unreadable
    assert states[-1].new > 10
