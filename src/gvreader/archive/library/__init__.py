"""The library: articles, revisions, marks, search and the journal in one SQLite file.

    with Library.open(path, mode="read") as library:
        for row in library.articles.rows(library.search.ids("nông thôn mới").ids[:50]):
            print(row.title)

Tables and views with stable names are described in docs/library.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gvreader.archive.library.connection import LibraryMissing
from gvreader.archive.library.library import Library

if TYPE_CHECKING:
    from gvreader.archive.library.articles import Articles
    from gvreader.archive.library.captures import Captures
    from gvreader.archive.library.discovered_links import Mention, Routes, target_of
    from gvreader.archive.library.indexed_captures import IndexedCapture, IndexedCaptures, Role, SightingState
    from gvreader.archive.library.journal import Journal
    from gvreader.archive.library.marks import MarkStore
    from gvreader.archive.library.media import MediaStore, Missing
    from gvreader.archive.library.portals import Portals
    from gvreader.archive.library.results import (
        ArchiveStatus,
        EntryKind,
        FrontierEntry,
        Gap,
        IdSequence,
        Inconsistency,
        Known,
        MonthCoverage,
        News,
        Overview,
        PortalStatus,
        RunRecord,
        Salvaged,
        SavedSearch,
        SectionCount,
        SectionStatus,
        StoredCapture,
        StoredPortal,
        StoredProblem,
        TagCount,
        Undo,
    )
    from gvreader.archive.library.sections import Sections

__all__ = [
    "ArchiveStatus",
    "Articles",
    "Captures",
    "EntryKind",
    "FrontierEntry",
    "Gap",
    "IdSequence",
    "Inconsistency",
    "IndexedCapture",
    "IndexedCaptures",
    "Journal",
    "Known",
    "Library",
    "LibraryMissing",
    "MarkStore",
    "MediaStore",
    "Mention",
    "Missing",
    "MonthCoverage",
    "News",
    "Overview",
    "PortalStatus",
    "Portals",
    "Role",
    "Routes",
    "RunRecord",
    "Salvaged",
    "SavedSearch",
    "SectionCount",
    "SectionStatus",
    "Sections",
    "SightingState",
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
    "marks": ("MarkStore",),
    "media": ("MediaStore", "Missing"),
    "portals": ("Portals",),
    "discovered_links": ("Mention", "Routes", "target_of"),
    "sections": ("Sections",),
    "indexed_captures": ("IndexedCapture", "Role", "IndexedCaptures", "SightingState"),
    "results": (
        "FrontierEntry",
        "EntryKind",
        "Gap",
        "IdSequence",
        "Inconsistency",
        "Known",
        "MonthCoverage",
        "News",
        "Overview",
        "PortalStatus",
        "RunRecord",
        "Salvaged",
        "SavedSearch",
        "SectionCount",
        "SectionStatus",
        "ArchiveStatus",
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

    return getattr(import_module(f"gvreader.archive.library.{home}"), name)
