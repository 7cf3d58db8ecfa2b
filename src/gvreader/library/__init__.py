"""The library: articles, revisions, marks, search and the journal in one SQLite file.

    with Library.open(path, mode="read") as library:
        for row in library.articles.rows(library.search.ids("nông thôn mới").ids[:50]):
            print(row.title)

Tables and views with stable names are described in docs/library.md.
"""

from __future__ import annotations

from gvreader.library.articles import Articles
from gvreader.library.captures import Captures
from gvreader.library.connection import LibraryMissing
from gvreader.library.journal import Journal
from gvreader.library.library import Library
from gvreader.library.marks import Marks
from gvreader.library.media import Media, Missing
from gvreader.library.portals import Portals
from gvreader.library.routes import Mention, Routes, target_of
from gvreader.library.sections import Sections
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
    "Marks",
    "Media",
    "Mention",
    "Missing",
    "MonthCoverage",
    "Overview",
    "PortalStatus",
    "Portals",
    "Routes",
    "Run",
    "Salvaged",
    "SavedSearch",
    "SectionCount",
    "SectionStatus",
    "Sections",
    "Status",
    "StoredCapture",
    "StoredPortal",
    "StoredProblem",
    "TagCount",
    "Undo",
    "target_of",
]
