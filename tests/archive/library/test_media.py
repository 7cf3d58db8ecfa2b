from __future__ import annotations

from dataclasses import replace

from gvreader.archive.library import Library
from gvreader.model import Attachment, Image, Media

from .making import ORIGIN, PORTAL, Scribe, article, at, capture

PICTURE = f"{ORIGIN}/public/userfiles/a.jpg"
PDF = f"{ORIGIN}/public/userfiles/quyet-dinh.pdf"
SHOWN = replace(
    article(),
    images=(Image(url=PICTURE, caption="Quảng cảnh"),),
    attachments=(Attachment(url=PDF, name="Quyết định"),),
)
DECISION = Media(url=PDF, media_type="application/pdf", bytes=4, sha256="d" * 64, text="Điều 1. Phê duyệt")


def put(scribe: Scribe, media: Media, days: float) -> bool:
    return scribe.library.media.put(media, scribe.record(capture(media.url, at(days)), "media"))


def found(library: Library, text: str) -> int:
    """Articles with a term, as the index has them."""
    ((count,),) = library._connection.execute(
        "SELECT count(*) FROM fx WHERE fx MATCH ?", (f'"{text}"',)
    ).fetchall()
    return int(count)


def test_a_file_fills_in_what_the_page_cannot_say(library: Library, scribe: Scribe) -> None:
    article_id = scribe.see(SHOWN, at(0))
    assert put(scribe, DECISION, 0)
    assert put(scribe, Media(url=PICTURE, media_type="image/jpeg", bytes=9, sha256="a" * 64), 0)
    stored = library.articles.stored(article_id)
    assert stored is not None
    assert stored.article.attachments == (
        Attachment(
            url=PDF,
            name="Quyết định",
            media_type="application/pdf",
            bytes=4,
            sha256="d" * 64,
            text_chars=17,
            text="Điều 1. Phê duyệt",
        ),
    )
    assert stored.article.images == (Image(url=PICTURE, caption="Quảng cảnh", sha256="a" * 64),)
    assert stored.row.revision == 1
    assert library.media.has(PDF)
    assert library.media.text_of(PDF) == "Điều 1. Phê duyệt"
    record = library.media.record_of(PICTURE)
    assert record is not None
    assert record.record_id == "urn:uuid:3"
    assert not library.media.has(f"{ORIGIN}/b.jpg")
    assert library.media.text_of(f"{ORIGIN}/b.jpg") is None


def test_the_text_of_a_file_is_searchable_whatever_came_first(library: Library, scribe: Scribe) -> None:
    put(scribe, DECISION, 0)
    assert found(library, "duyệt") == 0
    scribe.see(SHOWN, at(0))
    assert found(library, "duyệt") == 1
    put(scribe, replace(DECISION, sha256="e" * 64, text="Bãi bỏ"), 1)
    assert (found(library, "duyệt"), found(library, "bãi")) == (0, 1)
    put(scribe, replace(DECISION, sha256="f" * 64, text=None), 2)
    assert found(library, "bãi") == 0
    put(scribe, replace(DECISION, sha256="e" * 64, text="Bãi bỏ"), 3)
    assert found(library, "bãi") == 1
    scribe.see(replace(article("không còn tệp")), at(4))
    assert found(library, "bãi") == 0
    assert library.check() == ()


def test_an_older_capture_of_a_file_does_not_replace_it(library: Library, scribe: Scribe) -> None:
    assert put(scribe, DECISION, 5)
    assert not put(scribe, DECISION, 6)
    assert not put(scribe, replace(DECISION, sha256="0" * 64, text="cũ"), 1)
    assert library.media.text_of(PDF) == "Điều 1. Phê duyệt"


def test_missing_files_are_those_the_portal_has_not_answered_for(library: Library, scribe: Scribe) -> None:
    scribe.see(SHOWN, at(0))
    scribe.see(replace(SHOWN, url=f"{ORIGIN}/x-883.html", identity="883"), at(0))

    def missing() -> list[tuple[str, str]]:
        return [(one.url, one.role) for one in library.media.missing(PORTAL)]

    assert sorted(missing()) == [(PICTURE, "image"), (PDF, "attachment")]
    scribe.record(capture(PDF, at(1), status=503), "http-status")
    assert len(missing()) == 2
    put(scribe, DECISION, 2)
    assert missing() == [(PICTURE, "image")]
    scribe.record(capture(PICTURE, at(1), status=404), "http-status")
    assert missing() == []
    assert library.media.missing("kimson") == ()
