"""Declarations: portals, families, and the ids in addresses."""

from __future__ import annotations

import pickle
import re
from itertools import combinations

import pytest
from cssselect import HTMLTranslator
from hypothesis import given, settings
from hypothesis import strategies as st

from gvreader.errors import UsageError
from gvreader.portals import (
    LAYOUTS,
    adhoc,
    identity,
    known,
    layouts_of,
    portal_for,
)

IDENTITIES = [
    (
        "https://giavien.ninhbinh.gov.vn/so-van-hoa-kiem-tra-nam-2020-tai-huyen-gia-vien-882.html",
        "giavien",
        "882",
    ),
    ("https://giavien.ninhbinh.gov.vn/gioi-thieu/gioi-thieu-chung-3.html", "giavien@2020", "3"),
    ("https://kimson.ninhbinh.gov.vn/tin-tuc-trong-huyen/giai-doan-2023-2025-6018.html", "giavien", "6018"),
    ("https://giavien.ninhbinh.gov.vn/tin-tuc.html", "giavien", None),
    ("https://giavien.ninhbinh.gov.vn/in-bai-viet/882.html", "giavien", "882"),
    ("https://giavien.ninhbinh.gov.vn/print/882.html", "giavien", "882"),
    ("https://nhoquan.ninhbinh.gov.vn/kinh-te/cham-soc-lua-325798", "vnpt", "325798"),
    ("https://nhoquan.ninhbinh.gov.vn/kinh-te/cham-soc-lua-325798/", "vnpt", "325798"),
    ("https://nhoquan.ninhbinh.gov.vn/kinh-te", "vnpt", None),
    ("https://xa.example.gov.vn/vi/news/van-hoa/tet-trong-cay-215.html", "nukeviet", "215"),
    ("https://x.gov.vn/portal/Pages/2023-1-30/Ky-thuat-9f8e7d6c.aspx", "tandan", "9f8e7d6c"),
    ("https://x.gov.vn/portal/Pages/2023-1-30/Ky-Thuat-Nam-20239f8e7d6c.aspx", "tandan", "9f8e7d6c"),
    ("https://x.gov.vn/web/guest/tin-tuc/-/asset_publisher/aBc/content/id/7788", "liferay", "7788"),
    ("https://x.gov.vn/web/guest/tin-tuc/-/asset_publisher/aBc/content/mot-tin/7788", "liferay", "7788"),
    ("http://daksong.daknong.gov.vn/1-ha-trong-dua-chuot-lay-hat-500", "lacviet", None),
    ("https://phuong.example.gov.vn/tin-tuc/khai-truong-90823", "vhv", "90823"),
    # Nobody declared these: only what can hardly be part of a title counts.
    ("https://x.gov.vn/hoi-nghi-tong-ket-882.html", None, "882"),
    ("https://x.gov.vn/tin/882.html", None, "882"),
    ("https://x.gov.vn/tin/903/hop-giao-ban-thang-3", None, "903"),
    ("https://x.gov.vn/2023/hop-giao-ban-thang-3", None, None),
    ("https://x.gov.vn/2023/12/hop-giao-ban-thang-3", None, None),
    ("https://x.gov.vn/?mod=tin&id=919", None, "919"),
    ("https://x.gov.vn/chitiet.aspx?newsid=77&lang=vi", None, "77"),
    ("https://x.gov.vn/ke-hoach-cong-tac-nam-2023.html", None, None),
    ("https://x.gov.vn/nghi-quyet-2023.html", None, None),
    ("https://x.gov.vn/ky-hop-thu-115.html", None, None),
    ("https://x.gov.vn/thong-bao-so-115.html", None, None),
    ("https://x.gov.vn/lich-cong-tac-07-02-2023.html", None, None),
    ("https://x.gov.vn/thong-bao-15.html", None, None),
    ("https://x.gov.vn/tin-tuc/mot-bai-viet", None, None),
    ("https://x.gov.vn/tin-tuc?page=2", None, None),
    ("https://x.gov.vn/bai-viet-882.html", "no-such-family", "882"),
]


@pytest.mark.parametrize(("url", "family", "expected"), IDENTITIES)
def test_identity(url: str, family: str | None, expected: str | None) -> None:
    assert identity(url, family) == expected


@given(st.text(max_size=120), st.sampled_from([None, "", *(layout.label for layout in LAYOUTS)]))
@settings(max_examples=150, deadline=None)
def test_identity_never_raises(text: str, family: str | None) -> None:
    found = identity(text, family)
    assert found is None or re.fullmatch(r"[0-9a-z]+", found)


def test_gia_vien_comes_first() -> None:
    first = known()[0]
    assert (first.name, first.title, first.origin) == (
        "giavien",
        "Gia Viễn",
        "https://giavien.ninhbinh.gov.vn",
    )
    assert portal_for("giavien") is first
    assert portal_for("atlantis") is None


def test_names_and_origins_are_unique_and_safe() -> None:
    assert all(
        one.name != other.name and one.origin != other.origin for one, other in combinations(known(), 2)
    )
    assert all(re.fullmatch(r"[a-z0-9-]+", portal.name) for portal in known())
    assert all(layouts_of(portal.family) for portal in known())


def test_labels_are_unique_and_name_one_layout() -> None:
    labels = [layout.label for layout in LAYOUTS]
    assert len(set(labels)) == len(labels)
    assert all(layouts_of(label)[0].label == label for label in labels)
    assert layouts_of("giavien@1999") == ()
    assert layouts_of(None) == ()


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.label)
def test_declarations_are_valid(layout: object) -> None:
    declared = layout
    assert all(marker == marker.lower() for marker in declared.markers)  # type: ignore[attr-defined]
    groups = (declared.article, declared.listing)  # type: ignore[attr-defined]
    selectors = [
        selector
        for group in groups
        for name in type(group).__dataclass_fields__
        for selector in getattr(group, name)
    ]
    for selector in (*selectors, *declared.noise, *declared.document):  # type: ignore[attr-defined]
        HTMLTranslator().css_to_xpath(selector)
    for pattern in declared.identity:  # type: ignore[attr-defined]
        assert re.compile(pattern).groups >= 1


ADHOC = [
    ("http://127.0.0.1:8080/", "127.0.0.1-8080", "http://127.0.0.1:8080", ("/",)),
    ("http://localhost:9000/vi/news/", "localhost-9000", "http://localhost:9000", ("/vi/news/", "/")),
    ("http://[::1]:8080/", "1-8080", "http://[::1]:8080", ("/",)),
    ("https://www.xa.example.gov.vn/", "xa.example.gov.vn", "https://www.xa.example.gov.vn", ("/",)),
    ("https://xa.example.gov.vn/?cat=5", "xa.example.gov.vn", "https://xa.example.gov.vn", ("/?cat=5", "/")),
]


@pytest.mark.parametrize(("url", "name", "origin", "start"), ADHOC)
def test_adhoc(url: str, name: str, origin: str, start: tuple[str, ...]) -> None:
    portal = adhoc(url)
    assert (portal.name, portal.origin, portal.start, portal.family) == (name, origin, start, None)
    assert ":" not in portal.name
    assert "/" not in portal.name


@pytest.mark.parametrize(
    "url", ["", "giavien", "ftp://x/", "javascript:alert(1)", "http://", "http://[", "//host/"]
)
def test_what_is_no_address_is_refused_with_advice(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        adhoc(url)
    assert refused.value.advice


def test_a_portal_crosses_process_borders() -> None:
    portal = portal_for("giavien")
    assert pickle.loads(pickle.dumps(portal)) == portal
    assert hash(portal) is not None


def test_a_scope_knows_its_mirrors() -> None:
    portal = portal_for("giavien")
    assert portal is not None
    scope = portal.scope("http://127.0.0.1:8080")
    assert scope.logical("http://127.0.0.1:8080/a-1.html") == "https://giavien.ninhbinh.gov.vn/a-1.html"
