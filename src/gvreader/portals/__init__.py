"""Declarations: one file per CMS family, one table of known portals. See docs/add-a-family.md."""

from __future__ import annotations

from gvreader.portals.declaration import (
    ArticleSelectors,
    FormPager,
    Layout,
    ListingSelectors,
    Portal,
)
from gvreader.portals.identity import identity
from gvreader.portals.table import (
    LAYOUTS,
    adhoc,
    brought_layouts,
    known,
    layouts,
    layouts_of,
    portal_for,
)

__all__ = [
    "LAYOUTS",
    "ArticleSelectors",
    "FormPager",
    "Layout",
    "ListingSelectors",
    "Portal",
    "adhoc",
    "brought_layouts",
    "identity",
    "known",
    "layouts",
    "layouts_of",
    "portal_for",
]
