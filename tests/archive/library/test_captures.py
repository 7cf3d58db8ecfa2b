from __future__ import annotations

from dataclasses import replace

from gvreader.archive.library import Library
from gvreader.model import Request

from .making import ORIGIN, PORTAL, Scribe, article, at, capture

URL = f"{ORIGIN}/hoi-nghi-882.html"


def test_a_record_comes_back(library: Library, scribe: Scribe) -> None:
    shown = replace(
        capture(URL, at(0), source="wayback", body=b"hello"),
        source_uri="https://web.archive.org/web/20230207id_/" + URL,
        headers=(
            ("ETag", '"a"'),
            ("Last-Modified", "Tue, 07 Feb 2023 01:30:00 GMT"),
            ("Content-Type", "Text/HTML"),
        ),
    )
    ref = scribe.ref()
    capture_id = library.captures.add(PORTAL, shown, ref, "soft-404", "says so")
    stored = library.captures.get(capture_id)
    assert stored is not None
    assert stored == library.captures.at(ref)
    assert stored == library.captures.latest(PORTAL, URL)
    assert (stored.url, stored.captured, stored.checked, stored.status) == (URL, at(0), at(0), 200)
    assert (stored.media_type, stored.etag, stored.last_modified) == (
        "text/html",
        '"a"',
        "Tue, 07 Feb 2023 01:30:00 GMT",
    )
    assert (stored.source, stored.trust, stored.source_uri) == ("wayback", "verified", shown.source_uri)
    assert (stored.verdict, stored.detail, stored.ref) == ("soft-404", "says so", ref)
    assert stored.payload_sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert library.captures.get(capture_id + 1) is None
    assert library.captures.at(replace(ref, offset=1)) is None


def test_the_same_record_is_indexed_once(library: Library, scribe: Scribe) -> None:
    ref = scribe.ref()
    first = library.captures.add(PORTAL, capture(URL, at(0)), ref, "not-article")
    assert library.captures.add(PORTAL, capture(URL, at(0)), ref, "article") == first
    stored = library.captures.get(first)
    assert stored is not None
    assert stored.verdict == "article"
    assert library.captures.count(PORTAL) == 1


def test_the_latest_answer_is_by_time_and_never_a_bare_304(library: Library, scribe: Scribe) -> None:
    assert library.captures.latest(PORTAL, URL) is None
    scribe.record(capture(URL, at(2), body=b"new"))
    scribe.record(capture(URL, at(-100), body=b"old", source="wayback"))
    scribe.record(capture(URL.replace("https", "http"), at(4), status=304, body=b""))
    latest = library.captures.latest(PORTAL, URL)
    assert latest is not None
    assert (latest.captured, latest.checked, latest.status) == (at(2), at(4), 200)
    scribe.record(capture(URL, at(5), status=503), "http-status")
    latest = library.captures.latest(PORTAL, Request(url=URL))
    assert latest is not None
    assert (latest.status, latest.checked) == (503, at(5))
    assert library.captures.latest("kimson", URL) is None


def test_posted_forms_have_their_own_latest(library: Library, scribe: Scribe) -> None:
    def form(page: int) -> Request:
        return Request(url=f"{ORIGIN}/Load", method="POST", body=f"page={page}".encode())

    for page in (1, 2):
        scribe.record(replace(capture(f"{ORIGIN}/Load", at(page)), request=form(page)), "listing")
    for page in (1, 2):
        latest = library.captures.latest(PORTAL, form(page))
        assert latest is not None
        assert latest.captured == at(page)
    assert library.captures.latest(PORTAL, form(3)) is None
    assert library.captures.latest(PORTAL, f"{ORIGIN}/Load") is None


def test_revisits_refer_to_the_first_record_of_the_payload(library: Library, scribe: Scribe) -> None:
    scribe.record(capture(f"{ORIGIN}/other", at(0), body=b"same"))
    scribe.record(capture(URL, at(1), body=b"same"))
    scribe.record(capture(URL, at(2), body=b"same"))
    digest = capture(URL, at(0), body=b"same").payload_sha256
    found = library.captures.by_payload(digest, URL)
    assert found is not None
    assert found.record_id == "urn:uuid:2"
    elsewhere = library.captures.by_payload(digest, f"{ORIGIN}/third")
    assert elsewhere is not None
    assert elsewhere.record_id == "urn:uuid:1"
    assert library.captures.by_payload("0" * 64, URL) is None


def test_all_captures_and_those_of_an_article(library: Library, scribe: Scribe) -> None:
    with library.transaction():
        article_id = scribe.see(article(), at(3))
        for number in range(600):
            scribe.record(capture(f"{ORIGIN}/{number}", at(0)), "listing")
        scribe.see(article("cũ"), at(1))
    assert [stored.ref.record_id for stored in library.captures.all()] == [
        f"urn:uuid:{number}" for number in range(1, 603)
    ]
    assert [stored.captured for stored in library.captures.of_article(article_id)] == [at(1), at(3)]
