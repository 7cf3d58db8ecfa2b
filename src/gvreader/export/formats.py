"""Exports, wired: articles of a library, with copies and records from its vault, in the form asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Literal, get_args
from uuid import UUID

from gvreader.archive.library import Library
from gvreader.archive.vault import Vault
from gvreader.errors import ArchiveDamaged
from gvreader.export import wording
from gvreader.export.citations import Provenance, wayback_page
from gvreader.export.wacz import Evidence, Heading
from gvreader.http.codings import CodingError, decode
from gvreader.i18n import _
from gvreader.model import Published, StoredArticle

if TYPE_CHECKING:
    from gvreader.export.site import SiteBuilder

ExportFormat = Literal["jsonl", "csv", "parquet", "markdown", "epub", "warc", "wacz", "site"]
FORMATS: Final[tuple[ExportFormat, ...]] = get_args(ExportFormat)
FOLDERS: Final[frozenset[ExportFormat]] = frozenset({"markdown", "site"})
"""Formats that are a folder; all others are one file."""
TEXTS: Final[frozenset[ExportFormat]] = frozenset({"jsonl", "csv"})

_LARGEST_COPY: Final = 64 << 20
_MONTHLY: Final = "epub by month"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportInfo:
    """What an export says of itself: a title for people, the query, who published the articles, and now."""

    title: str
    query: str
    publisher: str
    when: datetime
    new_id: UUID


def provenance(library: Library, stored: StoredArticle) -> Provenance | None:
    """The capture that an article's content derives from; None when it was restored without captures.

    Its archive's page is that of the capture itself, else of the newest of the article's other captures that came
    from such an archive.
    """
    current = library.captures.at(stored.evidence) if stored.evidence else None
    if current is None:
        return None
    others = reversed(library.captures.of_article(stored.row.id))
    pages = (wayback_page(capture.source_uri) for capture in (current, *others))
    return Provenance(
        captured=current.captured,
        payload_sha256=current.payload_sha256,
        archive_url=next((page for page in pages if page), None),
    )


class ExportSources:
    """Where exports find what is not in the article itself: bytes of pictures and files, and records."""

    def __init__(self, library: Library, vault: Vault) -> None:
        self._library = library
        self.vault = vault
        self.damaged: list[str] = []
        self.without_captures = 0
        # Neighbouring articles often share a picture.
        self.file = lru_cache(maxsize=1)(self._file)

    def _file(self, url: str) -> bytes | None:
        """The archive's own bytes of a picture or file, content encoding undone; None when it has none."""
        ref = self._library.media.record_of(url)
        if ref is None:
            return None
        try:
            capture = self.vault.get(ref)
            return decode(capture.body, capture.header("Content-Encoding"), limit=_LARGEST_COPY)
        except CodingError:
            return None
        except ArchiveDamaged as error:
            self.damaged.append(str(error))
            return None

    def evidence(self, stored: StoredArticle) -> Iterator[Evidence]:
        """Every capture of an article in order of time, then those of its pictures and files."""
        captures = self._library.captures.of_article(stored.row.id)
        self.without_captures += not captures
        for capture in captures:
            yield Evidence(ref=capture.ref, url=capture.url, captured=capture.captured)
        article = stored.article
        addresses = [image.url for image in article.images] + [file.url for file in article.attachments]
        for url in dict.fromkeys(addresses):
            ref = self._library.media.record_of(url)
            if ref is not None:
                yield Evidence(ref=ref, url=url, captured=stored.fetched)

    def archived_at(self, stored: StoredArticle) -> str | None:
        """The page of a web archive that an article's content came from."""
        found = provenance(self._library, stored)
        return found.archive_url if found else None

    def write_site(
        self, folder: Path, articles: Iterable[StoredArticle], ids: Iterable[int], site: SiteBuilder
    ) -> None:
        """Write a site of the articles, whose local numbers are `ids`."""
        from gvreader.export.site import Sources, write_site

        chosen = frozenset(ids)
        library = self._library

        @lru_cache(maxsize=1024)
        def find(url: str) -> tuple[str, str] | None:
            number = library.articles.id_of(url) if "://" in url else None
            if number not in chosen:
                return None
            row = next(iter(library.articles.rows((number,))), None)
            return (row.key, row.title) if row else None

        sources = Sources(
            files=self.file,
            file_text=library.media.text_of,
            records=self.vault,
            find=find,
            archived_at=self.archived_at,
        )
        self.damaged += write_site(folder, articles, site, sources)


def write_texts(kind: ExportFormat, articles: Iterable[StoredArticle], *, bom: bool) -> Iterator[str]:
    """JSON lines or a table, in pieces."""
    if kind == "csv":
        from gvreader.export.csv_rows import BOM, csv_lines

        if bom:
            yield BOM
        yield from csv_lines(articles)
        return
    from gvreader.export.records import article_json, dumps

    for stored in articles:
        yield dumps(article_json(stored)) + "\n"


def write_file(
    kind: ExportFormat,
    stream: BinaryIO,
    articles: Iterable[StoredArticle],
    material: ExportSources,
    caption: ExportInfo,
    name: str,
) -> None:
    """Write one of the formats that are a binary file to a seekable stream. `name` is the file's own."""
    if kind == "parquet":
        from gvreader.export.parquet import write_parquet

        write_parquet(stream, articles)
    elif kind == "epub":
        _write_book(stream, articles, material, caption, caption.title, caption.query)
    elif kind in ("warc", "wacz"):
        from gvreader.export.wacz import write_wacz, write_warc

        heading = Heading(title=caption.title, created=caption.when, record_id=caption.new_id)
        if kind == "wacz":
            material.damaged += write_wacz(stream, articles, material.vault, material.evidence, heading)
        else:
            material.damaged += write_warc(stream, articles, material.vault, material.evidence, heading, name)
    else:
        raise ValueError(kind)


def write_monthly_books(
    folder: Path, articles: Iterable[StoredArticle], material: ExportSources, caption: ExportInfo
) -> int:
    """One EPUB for each month of the articles, which come month by month; returns how many."""
    from gvreader.export.atomic_files import replacing_folder

    books = 0
    with replacing_folder(folder, _MONTHLY) as building:
        for month, some in groupby(articles, key=lambda stored: _month(stored.article.published)):
            label = wording.month(*month) if month else _("Without a date")
            name = f"{month[0]:04}-{month[1]:02}" if month else "undated"
            with (building / f"{name}.epub").open("wb") as stream:
                _write_book(
                    stream, some, material, caption, f"{caption.title}, {label}", f"{caption.query} {name}"
                )
            books += 1
    return books


def _month(published: Published | None) -> tuple[int, int] | None:
    return (published.year, published.month) if published else None


def _write_book(
    stream: BinaryIO,
    articles: Iterable[StoredArticle],
    material: ExportSources,
    caption: ExportInfo,
    title: str,
    name: str,
) -> None:
    from gvreader.export.epub import Book, write_epub

    book = Book(title=title, publisher=caption.publisher, name=f"{caption.publisher} {name}")
    write_epub(stream, articles, material.file, book)
