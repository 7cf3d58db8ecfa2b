"""The limits of a page, each at its boundary and one above: the text always stays."""

from __future__ import annotations

import pytest
from lxml import etree

from gvreader.extract.page import crowds
from gvreader.extract.page.crowds import disarm, without_crowds
from gvreader.limits import ATTRIBUTES

SHAPES = {
    "bare": lambda number: f" a{number}",
    "quoted": lambda number: f" a{number}='<'",
    "with ends": lambda number: f" a{number}='>'",
    "glued": lambda number: f"a{number}='1'" if number else " a0='1'",
    "slashes": lambda number: f"/a{number}",
    "quotes in names": lambda number: f' "a{number}"',
}


@pytest.mark.parametrize("shape", SHAPES)
def test_as_many_attributes_as_may_be_stay(shape: str) -> None:
    tag = "<p" + "".join(map(SHAPES[shape], range(ATTRIBUTES))) + ">"
    assert without_crowds(f"{tag}x</p>") == f"{tag}x</p>"


@pytest.mark.parametrize("shape", SHAPES)
def test_one_more_is_left_out(shape: str) -> None:
    kept = "<p" + "".join(map(SHAPES[shape], range(ATTRIBUTES)))
    more = "".join(map(SHAPES[shape], range(ATTRIBUTES, ATTRIBUTES + 7)))
    assert without_crowds(f"{kept}{more}>x</p>") == f"{kept}>x</p>"


def test_a_script_is_not_swallowed() -> None:
    words = " ".join(f"w{number}" for number in range(ATTRIBUTES + 50))
    found = without_crowds(f"<script>for(i=0;i<n {words}</script><p>Thân bài</p>")
    assert found.endswith("</script><p>Thân bài</p>")


def test_links_beyond_the_limit_lose_their_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowds, "LINKS", 2)
    page = "<div>" + "<a href='/x'>một</a>" * 3 + "</div>"
    root = etree.fromstring(page, etree.HTMLParser())
    disarm(root, page)
    assert [link.get("href") for link in root.iter("a")] == ["/x", "/x", None]
    assert "".join(str(text) for text in root.itertext()) == "mộtmộtmột"


def test_cells_beyond_the_limit_lose_their_walls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowds, "CELLS", 2)
    page = "<table><tr><td>a</td><td>b</td><td>c</td></tr></table>"
    root = etree.fromstring(page, etree.HTMLParser())
    disarm(root, page)
    assert [cell.text for cell in root.iter("td")] == ["a", "b"]
    assert "".join(str(text) for text in root.itertext()).strip() == "abc"
