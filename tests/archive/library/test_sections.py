from __future__ import annotations

from gvreader.archive.library import Library
from gvreader.model import SectionLink, SectionRef

from .making import ORIGIN, PORTAL, at

MENU = SectionLink(url=f"{ORIGIN}/tin-tuc", slug="tin-tuc", title="Tin tức", parent="tin")


def test_the_latest_word_on_a_section_stands(library: Library) -> None:
    save = library.sections.save
    first = save(PORTAL, MENU, at(5))
    assert save(PORTAL, SectionRef(slug="tin-tuc", title="Tin cũ"), at(1)) == first
    assert library.sections.all(PORTAL) == (MENU,)
    assert save(PORTAL, SectionRef(slug="tin-tuc", title="Tin mới"), at(6)) == first
    assert library.sections.all(PORTAL) == (
        SectionLink(url=f"{ORIGIN}/tin-tuc", slug="tin-tuc", title="Tin mới", parent="tin"),
    )
    moved = SectionLink(url=f"{ORIGIN}/tin", slug="tin-tuc", title="Tin tức")
    save(PORTAL, moved, at(7))
    assert library.sections.all(PORTAL) == (moved,)
    assert save("kimson", MENU, at(5)) != first


def test_a_section_first_named_by_an_article_learns_its_address(library: Library) -> None:
    library.sections.save(PORTAL, SectionRef(slug="tin-tuc", title="Tin tức"), at(5))
    library.sections.save(PORTAL, MENU, at(1))
    assert library.sections.all(PORTAL)[0].url == MENU.url


def test_counts_are_per_portal_in_menu_order(library: Library) -> None:
    for portal, slug in ((PORTAL, "z"), ("kimson", "m"), (PORTAL, "a")):
        library.sections.save(portal, SectionRef(slug=slug, title=slug.upper()), at(0))
    assert [(count.portal, count.slug) for count in library.sections.counts()] == [
        (PORTAL, "z"),
        (PORTAL, "a"),
        ("kimson", "m"),
    ]
    assert [count.title for count in library.sections.counts("kimson")] == ["M"]


def test_success_is_the_latest(library: Library) -> None:
    library.sections.save(PORTAL, MENU, at(0))
    library.sections.succeeded(PORTAL, "tin-tuc", at(3))
    library.sections.succeeded(PORTAL, "tin-tuc", at(2))
    library.sections.succeeded(PORTAL, "never", at(2))
    (section,) = library.status(PORTAL).portals[0].sections
    assert section.last_success == at(3)
