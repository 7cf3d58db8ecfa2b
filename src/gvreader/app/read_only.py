"""An archive as Python programs and notebooks read it: articles, search, captures. The public interface."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from gvreader.app.archive import Archive
from gvreader.app.config import Settings

if TYPE_CHECKING:
    from gvreader.model import Capture, Hit, Revision, StoredArticle

Sort = Literal["relevance", "newest", "oldest"]


class ReadOnlyArchive:
    """One archive, opened by `gvreader.open_archive`. No configuration is read.

    A reference (`ref`) is a local number, a key such as `giavien:882`, or an address.
    """

    def __init__(self, folder: Path) -> None:
        self._archive = Archive(Settings(archive=folder, archive_from="", file=folder, found=False))
        self._library = self._archive.library

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the library; nothing can be asked any more."""
        self._archive.close()

    def articles(self, query: str = "", *, sort: Sort = "newest") -> Iterator[StoredArticle]:
        """Every article that a query finds (all for an empty one), one at a time. No text is an error."""
        return self._library.articles.stream(self._library.search.ids(query, sort=sort).ids)

    def search(self, query: str, *, sort: Sort = "relevance", limit: int = 20) -> tuple[Hit, ...]:
        """The first `limit` matches with scores and snippets (matches between U+E000 and U+E001)."""
        return self._library.search.find(query, sort=sort, limit=limit).hits

    def article(self, ref: str | int, *, revision: int | None = None) -> StoredArticle | None:
        """One article as it reads now, or as that revision (from 1) did; None where there is none."""
        return self._library.articles.get(str(ref), revision=revision)

    def revisions(self, ref: str | int) -> tuple[Revision, ...]:
        """When an article said something else, oldest first; empty where there is none."""
        number = self._library.articles.id_of(str(ref))
        return self._library.articles.history(number) if number is not None else ()

    def captures(self, ref: str | int) -> Iterator[Capture]:
        """Every answer that was kept of an article, byte for byte, in order of time.

        Raises ArchiveDamaged for a record of the vault that cannot be read.
        """
        number = self._library.articles.id_of(str(ref))
        if number is None:
            return
        with self._archive.open_vault() as vault:
            for capture in self._library.captures.of_article(number):
                yield vault.get(capture.ref)
