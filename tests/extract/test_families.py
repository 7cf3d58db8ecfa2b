"""Every family against pages in its markup: `tests/fixtures/<family>/<page>.html` and what it says, `.json`.

The expected values are written by hand from the page. A `.json` names only the fields that its page is about.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gvreader.extract import extract
from gvreader.model import (
    Article,
    Capture,
    Extraction,
    Listing,
    Request,
)
from gvreader.portals import LAYOUTS, adhoc, portal_for
from tests.extract.pages import lines

FIXTURES = Path(__file__).parent.parent / "fixtures"
CASES = sorted(
    path.relative_to(FIXTURES)
    for path in FIXTURES.glob("*/*.json")
    if not path.name.endswith(".expected.json")
)


def extraction(case: Path, expected: dict[str, Any]) -> Extraction:
    url = expected["url"]
    portal = (portal_for(expected["portal"]) if "portal" in expected else None) or adhoc(url)
    return extract(
        Capture(
            url=url,
            captured=datetime(2026, 1, 1, tzinfo=UTC),
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=(FIXTURES / case).with_suffix(".html").read_bytes(),
            request=Request(url=url),
        ),
        portal,
    )


def said(found: Extraction) -> dict[str, Any]:
    """An extraction in the words of the fixtures."""
    page = found.page
    shown: dict[str, Any] = {
        "verdict": type(page).__name__,
        "family": found.family,
        "site_title": found.site_title,
        "feeds": list(found.feeds),
    }
    if isinstance(page, Article):
        shown |= {
            name: getattr(page, name)
            for name in ("identity", "kind", "title", "summary", "author", "organisation", "number")
        }
        shown |= {
            "published": page.published.isoformat() if page.published else None,
            "text": lines(page),
            "images": [[image.url, image.caption] for image in page.images],
            "attachments": [[file.url, file.name] for file in page.attachments],
            "related": list(page.related),
            "sections": [[section.slug, section.title] for section in page.sections],
        }
    elif isinstance(page, Listing):
        shown |= {
            "title": page.title,
            "section": [page.section.slug, page.section.title] if page.section else None,
            "items": [
                [item.url, item.title, item.published.isoformat() if item.published else None, item.summary]
                for item in page.items
            ],
            "next": [f"{request.method} {request.url}" for request in page.next],
        }
    return shown


@pytest.mark.parametrize("case", CASES, ids=str)
def test_fixture(case: Path) -> None:
    expected: dict[str, Any] = json.loads((FIXTURES / case).read_text(encoding="utf-8"))
    found = extraction(case, expected)
    shown = said(found)
    assert {name: shown.get(name) for name in expected if name not in ("url", "portal")} == {
        name: value for name, value in expected.items() if name not in ("url", "portal")
    }
    assert found.family_evidence
    assert getattr(found.page, "confidence", 0) >= 0.7


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.label)
def test_every_layout_has_its_proof(layout: Any) -> None:
    families = {json.loads((FIXTURES / case).read_text(encoding="utf-8"))["family"] for case in CASES}
    assert layout.label in families
