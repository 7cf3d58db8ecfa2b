"""What saved searches have that is new: counts for lists, and groups for a digest. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from gvreader.export.differences import Difference, DiffSpan, difference, words
from gvreader.export.digest import DigestEntry, DigestGroup, NewsKind
from gvreader.frozen import dataclass
from gvreader.vietnamese.sentences import opening

if TYPE_CHECKING:
    from gvreader.archive.library import Library, News, SavedSearch
    from gvreader.model import StoredArticle

_OPENING: Final = 280
"""Characters of an article that a digest shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A saved search, how many articles it finds, and what happened to them since it was last looked at."""

    search: SavedSearch
    total: int
    news: News


def watched(library: Library, search: SavedSearch) -> Watched:
    """How a saved search stands."""
    ids = library.search.ids(search.query).ids
    return Watched(
        search=search, total=len(ids), news=library.news(set(ids), search.seen, search.seen_number)
    )


def group(library: Library, one: Watched, *, most: int) -> DigestGroup:
    """What a digest says of a saved search, with at most so many articles; new ones first."""
    search, news = one.search, one.news
    return DigestGroup(
        name=search.name,
        query=search.query,
        since=search.seen,
        new=len(news.new),
        changed=len(news.changed),
        gone=len(news.gone),
        entries=tuple(_entries(library, news, search.seen, most)),
    )


def _entries(library: Library, news: News, since: datetime | None, most: int) -> Iterator[DigestEntry]:
    left = most
    kinds: tuple[tuple[NewsKind, Sequence[int]], ...] = (
        ("new", news.new),
        ("changed", news.changed),
        ("gone", news.gone),
    )
    for kind, ids in kinds:
        chosen = ids[:left]
        left -= len(chosen)
        for stored in library.articles.stream(chosen):
            if kind == "changed":
                yield DigestEntry(kind=kind, row=stored.row, pieces=changes_since(library, stored, since))
            else:
                yield DigestEntry(kind=kind, row=stored.row, opening=_opening(stored))


def _opening(stored: StoredArticle) -> str:
    return opening(stored.article.summary or stored.article.text, _OPENING)


def changes_since(
    library: Library, stored: StoredArticle, since: datetime | None
) -> tuple[tuple[DiffSpan, ...], ...]:
    """What changed in an article since a moment, title first; without a moment, since its revision before."""
    earlier = revision_at(library, stored, since)
    if earlier is None:
        return ()
    return _pieces(difference(earlier.article, stored.article))


def revision_at(library: Library, stored: StoredArticle, since: datetime | None) -> StoredArticle | None:
    """What an article said at a moment: the last revision before it, at least the one before the current."""
    revisions = [one for one in library.articles.history(stored.row.id) if one.number < stored.row.revision]
    before = [one for one in revisions if since is not None and one.first_seen <= since]
    chosen = (before or revisions[:1])[-1:] if since is not None else revisions[-1:]
    return library.articles.get(str(stored.row.id), revision=chosen[0].number) if chosen else None


def _pieces(found: Difference) -> tuple[tuple[DiffSpan, ...], ...]:
    titles = [words(one.before or "", one.after or "") for one in found.fields if one.field == "title"]
    return (*titles, *found.changed_blocks)
