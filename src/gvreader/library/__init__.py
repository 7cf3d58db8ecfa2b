"""The library: articles, revisions, marks, search and the journal in one SQLite file.

    with Library.open(path, mode="read") as library:
        for row in library.articles.rows(library.search.ids("nông thôn mới").ids[:50]):
            print(row.title)

Tables and views with stable names are described in docs/library.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gvreader.library.connection import LibraryMissing
from gvreader.library.library import Library

if TYPE_CHECKING:
    from gvreader.library.articles import Articles
    from gvreader.library.captures import Captures
    from gvreader.library.journal import Journal
    from gvreader.library.marks import Marks
    from gvreader.library.media import Media, Missing
    from gvreader.library.portals import Portals
    from gvreader.library.routes import Mention, Routes, target_of
    from gvreader.library.sections import Sections
    from gvreader.library.sightings import Listed, Role, Sightings, SightingState
    from gvreader.library.values import (
        Entry,
        EntryKind,
        Gap,
        IdSequence,
        Inconsistency,
        Known,
        MonthCoverage,
        Overview,
        PortalStatus,
        Run,
        Salvaged,
        SavedSearch,
        SectionCount,
        SectionStatus,
        Status,
        StoredCapture,
        StoredPortal,
        StoredProblem,
        TagCount,
        Undo,
    )

__all__ = [
    "Articles",
    "Captures",
    "Entry",
    "EntryKind",
    "Gap",
    "IdSequence",
    "Inconsistency",
    "Journal",
    "Known",
    "Library",
    "LibraryMissing",
    "Listed",
    "Marks",
    "Media",
    "Mention",
    "Missing",
    "MonthCoverage",
    "Overview",
    "PortalStatus",
    "Portals",
    "Role",
    "Routes",
    "Run",
    "Salvaged",
    "SavedSearch",
    "SectionCount",
    "SectionStatus",
    "Sections",
    "SightingState",
    "Sightings",
    "Status",
    "StoredCapture",
    "StoredPortal",
    "StoredProblem",
    "TagCount",
    "Undo",
    "target_of",
]

# A search needs few of these, and making them all takes longer than the search.
_HOMES: Final = {
    "articles": ("Articles",),
    "captures": ("Captures",),
    "journal": ("Journal",),
    "marks": ("Marks",),
    "media": ("Media", "Missing"),
    "portals": ("Portals",),
    "routes": ("Mention", "Routes", "target_of"),
    "sections": ("Sections",),
    "sightings": ("Listed", "Role", "Sightings", "SightingState"),
    "values": (
        "Entry",
        "EntryKind",
        "Gap",
        "IdSequence",
        "Inconsistency",
        "Known",
        "MonthCoverage",
        "Overview",
        "PortalStatus",
        "Run",
        "Salvaged",
        "SavedSearch",
        "SectionCount",
        "SectionStatus",
        "Status",
        "StoredCapture",
        "StoredPortal",
        "StoredProblem",
        "TagCount",
        "Undo",
    ),
}
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """The other public names, loaded when they are first asked for."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"gvreader.library.{home}"), name)
