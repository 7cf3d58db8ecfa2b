"""What web archives list, and what of it is fetched in which order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gvreader.archive.library import IndexedCapture, Library
from gvreader.model import Sighting

from .making import ORIGIN, Scribe, article, at

EVER = (datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def seen(path: str, day: int, *, digest: str = "", status: int | None = 200) -> Sighting:
    return Sighting(
        url=f"{ORIGIN}{path}",
        stamp=f"{at(day):%Y%m%d%H%M%S}",
        captured=at(day),
        status=status,
        media_type="text/html",
        digest=digest,
    )


def following(library: Library) -> IndexedCapture | None:
    return library.sightings.next("giavien", "wayback", NOW, span=EVER)


def order(library: Library) -> list[str]:
    """What is fetched, in order; everything is given."""
    library.sightings.plan("giavien", "wayback")
    found = []
    while (listed := following(library)) is not None:
        found.append(f"{listed.sighting.url.removeprefix(ORIGIN)} {(listed.sighting.captured - at(0)).days}")
        library.sightings.settle(listed, "taken")
    return found


def add(library: Library, *sightings: Sighting, is_article: bool = True) -> list[bool]:
    return [
        library.sightings.add("giavien", "wayback", one, role="page", is_article=is_article)
        for one in sightings
    ]


def test_twins_are_one_address(library: Library) -> None:
    first = seen("/a-1.html", 1, digest="A")
    twin = Sighting(
        url=first.url.replace("https://", "http://www.").replace(".vn/", ".vn:80/"),
        stamp=first.stamp,
        captured=first.captured,
        status=200,
        digest="A",
    )
    assert add(library, first, twin) == [True, False]


def test_the_latest_capture_of_each_article_comes_first(library: Library) -> None:
    add(library, seen("/", 5, digest="H"), is_article=False)
    add(library, *(seen("/a-1.html", day, digest=f"A{day}") for day in (1, 2, 3)))
    add(library, seen("/b-2.html", 1, digest="B"))
    assert order(library) == ["/a-1.html 3", "/b-2.html 1", "/ 5", "/a-1.html 1", "/a-1.html 2"]


def test_what_says_nothing_new_is_left_out(library: Library) -> None:
    add(library, *(seen("/a-1.html", day, digest=digest) for day, digest in enumerate("AABBA", 1)))
    add(library, seen("/b-2.html", 1, status=503), seen("/b-2.html", 2, status=301))
    assert sorted(order(library)) == ["/a-1.html 1", "/a-1.html 3", "/a-1.html 5"]
    assert library.sightings.counts("giavien") == {"passed": 2, "same": 2, "taken": 3}


def test_what_is_in_the_vault_is_known(library: Library, scribe: Scribe) -> None:
    scribe.see(article(), at(3))
    add(library, seen("/hoi-nghi-882.html", 3, digest="A"), seen("/hoi-nghi-882.html", 4, digest="B"))
    assert order(library) == ["/hoi-nghi-882.html 4"]


def test_an_equal_capture_takes_the_place_of_a_lost_one(library: Library) -> None:
    add(library, seen("/a-1.html", 1, digest="A"), seen("/a-1.html", 2, digest="A"))
    library.sightings.plan("giavien", "wayback")
    lost = following(library)
    assert lost is not None
    library.sightings.settle(lost, "missing")
    other = following(library)
    assert other is not None
    assert other.sighting.captured == at(2)


def test_the_last_word_of_the_archive_is_asked_for(library: Library) -> None:
    add(library, seen("/a-1.html", 1, digest="A"), seen("/a-1.html", 2, digest="N", status=404))
    add(library, seen("/b-2.html", 2, digest="N", status=404))
    assert order(library) == ["/a-1.html 1", "/a-1.html 2"]


def test_a_postponed_capture_waits(library: Library) -> None:
    add(library, seen("/a-1.html", 1))
    listed = following(library)
    assert listed is not None
    library.sightings.postpone(listed, NOW + timedelta(hours=1), "timeout")
    assert following(library) is None
    later = library.sightings.next("giavien", "wayback", NOW + timedelta(hours=2), span=EVER)
    assert later is not None
    assert later.attempts == 1


def test_equals_of_a_refused_page_are_passed_over(library: Library) -> None:
    add(library, *(seen(f"/x-{number}.html", 1, digest="C") for number in range(4)))
    assert library.sightings.refuse_equals("giavien", "wayback", "C", "challenge") == 4
    assert library.sightings.refuse_equals("giavien", "wayback", "", "challenge") == 0
    assert following(library) is None


def test_a_date_learnt_later_belongs_to_earlier_looks(library: Library, scribe: Scribe) -> None:
    from dataclasses import replace

    undated = replace(article(), published=None)
    article_id = scribe.see(undated, at(2))
    scribe.see(undated, at(4))
    assert library.articles.restate(article_id, undated.content_sha256, article())
    stored = library.articles.stored(article_id)
    assert stored is not None
    assert stored.article.published == article().published
    assert stored.content_sha256 == article().content_sha256
    (revision,) = library.articles.history(article_id)
    assert (revision.first_seen, revision.last_seen) == (at(2), at(4))
    assert not library.articles.restate(article_id, undated.content_sha256, article())
    assert library.check() == ()
