"""The writers of the formats in `formats`: each from an `ExportJob` to lines, a file or a folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, Final

from gvreader.export import wording
from gvreader.export.job import ExportJob
from gvreader.export.wacz import Heading
from gvreader.i18n import _
from gvreader.model import Published, StoredArticle

_MONTHLY: Final = "epub by month"


def jsonl(job: ExportJob) -> Iterator[str]:
    """One JSON object a line: every field, so that `import` restores it."""
    from gvreader.export.records import article_json, dumps

    for stored in job.articles:
        yield dumps(article_json(stored)) + "\n"


def csv(job: ExportJob) -> Iterator[str]:
    """A table with a row for each article."""
    from gvreader.export.csv_rows import BOM, csv_lines

    if job.bom:
        yield BOM
    yield from csv_lines(job.articles)


def parquet(stream: BinaryIO, job: ExportJob) -> None:
    """A typed table by columns."""
    from gvreader.export.parquet import write_parquet

    write_parquet(stream, job.articles)


def epub(stream: BinaryIO, job: ExportJob) -> None:
    """A book."""
    _write_book(stream, job.articles, job, job.info.title, job.info.query)


def warc(stream: BinaryIO, job: ExportJob) -> None:
    """The captures behind the articles, as records."""
    from gvreader.export.wacz import write_warc

    sources = job.sources
    sources.damaged += write_warc(
        stream, job.articles, sources.vault, sources.evidence, _heading(job), job.name
    )


def wacz(stream: BinaryIO, job: ExportJob) -> None:
    """The captures behind the articles, as a web archive with an index of its pages."""
    from gvreader.export.wacz import write_wacz

    sources = job.sources
    sources.damaged += write_wacz(stream, job.articles, sources.vault, sources.evidence, _heading(job))


def markdown(folder: Path, job: ExportJob) -> None:
    """A folder with one Markdown file an article."""
    from gvreader.export.markdown import write_folder

    write_folder(folder, job.articles, job.sources.file)


def site(folder: Path, job: ExportJob) -> None:
    """A static web site with its own search."""
    from gvreader.export.site import SiteBuilder, Sources, write_site

    chosen = frozenset(job.ids)
    library = job.sources.library

    @lru_cache(maxsize=1024)
    def find(url: str) -> tuple[str, str] | None:
        number = library.articles.id_of(url) if "://" in url else None
        if number not in chosen:
            return None
        row = next(iter(library.articles.rows((number,))), None)
        return (row.key, row.title) if row else None

    sources = Sources(
        files=job.sources.file,
        file_text=library.media.text_of,
        records=job.sources.vault,
        find=find,
        archived_at=job.sources.archived_at,
    )
    builder = SiteBuilder(
        title=job.info.publisher,
        query=job.info.query,
        home=job.info.home,
        made=job.info.when,
        authorities=job.info.authorities,
        abbreviations=library.search.abbreviations,
    )
    job.sources.damaged += write_site(folder, job.articles, builder, sources)


def opensearch(folder: Path, job: ExportJob) -> None:
    """A mapping and bulk files for OpenSearch or Elasticsearch."""
    from gvreader.export.opensearch import write_bulk

    captures = job.sources.library.captures

    def seen(stored: StoredArticle) -> datetime:
        return max((one.captured for one in captures.of_article(stored.row.id)), default=stored.fetched)

    write_bulk(folder, job.articles, seen)


def monthly_books(folder: Path, job: ExportJob) -> None:
    """One EPUB for each month of the articles, which come month by month."""
    from gvreader.export.atomic_files import replacing_folder

    with replacing_folder(folder, _MONTHLY) as building:
        for month, some in groupby(job.articles, key=lambda stored: _month(stored.article.published)):
            label = wording.month(*month) if month else _("Without a date")
            name = f"{month[0]:04}-{month[1]:02}" if month else "undated"
            with (building / f"{name}.epub").open("wb") as stream:
                _write_book(stream, some, job, f"{job.info.title}, {label}", f"{job.info.query} {name}")


def _heading(job: ExportJob) -> Heading:
    return Heading(title=job.info.title, created=job.info.when, record_id=job.info.new_id)


def _month(published: Published | None) -> tuple[int, int] | None:
    return (published.year, published.month) if published else None


def _write_book(
    stream: BinaryIO, articles: Iterable[StoredArticle], job: ExportJob, title: str, name: str
) -> None:
    from gvreader.export.epub import Book, write_epub

    publisher = job.info.publisher
    write_epub(
        stream, articles, job.sources.file, Book(title=title, publisher=publisher, name=f"{publisher} {name}")
    )
