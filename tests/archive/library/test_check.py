from __future__ import annotations

from dataclasses import replace

import pytest

from gvreader.archive.library import Library
from gvreader.model import Attachment

from .making import ORIGIN, Scribe, article, at


@pytest.fixture
def sound(library: Library, scribe: Scribe) -> Library:
    for number in ("1", "2"):
        shown = replace(article(number=number), attachments=(Attachment(url=f"{ORIGIN}/a.pdf", name="a"),))
        scribe.see(shown, at(0))
        scribe.see(replace(shown, title="Tiêu đề khác"), at(1))
    return library


REPAIRABLE = {
    "section counts": "UPDATE sections SET unread = unread + 1",
    "old content": (
        "UPDATE heads SET content_id = (SELECT min(c.id) FROM contents AS c WHERE c.article_id = heads.id) WHERE id = 1"
    ),
    "missing from the index": "DELETE FROM ff WHERE rowid = 0",
}
LOST = {
    "no text": "DELETE FROM bodies WHERE id = 1",
    "no content": "DELETE FROM contents WHERE article_id = 1",
    "no capture": "DELETE FROM captures WHERE id = 1",
    "no address": "DELETE FROM urls WHERE article_id = 1",
    "no article": "DELETE FROM heads WHERE id = 2",
}


def test_a_sound_library_has_no_findings(sound: Library) -> None:
    assert sound.check() == ()
    assert sound.repair() == ()


@pytest.mark.parametrize("what", ["section counts", "old content"])
def test_what_can_be_derived_is_repaired(sound: Library, what: str) -> None:
    stored = sound.articles.stored(1)
    sound._connection.execute(REPAIRABLE[what])
    findings = sound.check()
    assert findings
    assert all(finding.repairable for finding in findings)
    assert sound.repair() == ()
    assert sound.articles.stored(1) == stored
    assert sound.check() == ()


def test_an_index_that_lost_an_article_is_repaired(sound: Library) -> None:
    sound._connection.execute("INSERT INTO fx (fx) VALUES ('delete-all')")
    assert {(finding.where, finding.repairable) for finding in sound.check()} == {("index", True)}
    sound.reindex()
    assert sound.check() == ()


@pytest.mark.parametrize("what", LOST)
def test_what_is_lost_is_said(sound: Library, what: str) -> None:
    sound._connection.execute("PRAGMA foreign_keys = OFF")
    sound._connection.execute(LOST[what])
    findings = sound.check()
    assert findings
    assert not all(finding.repairable for finding in findings)
    assert all(finding.detail for finding in findings)
