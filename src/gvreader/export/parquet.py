"""Articles as a Parquet file: typed columns, nested pictures and attachments. Needs the extra `parquet`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from gvreader.errors import MissingExtra
from gvreader.export.html import render
from gvreader.extras import install_command
from gvreader.i18n import _
from gvreader.model import PORTAL_TIME, Article, Published, StoredArticle

if TYPE_CHECKING:
    import pyarrow as pa

# A row group ends at whichever comes first: memory stays flat whatever the articles' lengths.
_GROUP_ROWS: Final = 1000
_GROUP_CHARACTERS: Final = 1 << 20


def schema() -> pa.Schema:
    """The columns. `published` is the day at the portal, `published_at` the moment where the page prints a time."""
    pa = pyarrow_or_advice()
    text, moment, count = pa.string(), pa.timestamp("us", tz="UTC"), pa.int64()
    images = pa.struct([("url", text), ("caption", text), ("alt", text), ("sha256", text)])
    attachments = pa.struct(
        [
            ("url", text),
            ("name", text),
            ("media_type", text),
            ("bytes", count),
            ("sha256", text),
            ("text_chars", count),
        ]
    )
    required = {
        "key",
        "id",
        "portal",
        "url",
        "title",
        "kind",
        "language",
        "read",
        "starred",
        "revision",
        "words",
    }
    required |= {"text", "html", "first_seen", "fetched", "changed", "content_sha256", "family", "confidence"}
    columns = {
        "key": text,
        "id": count,
        "portal": text,
        "url": text,
        "kind": text,
        "sections": pa.list_(pa.struct([("slug", text), ("title", text)])),
        "title": text,
        "summary": text,
        "published": pa.date32(),
        "published_at": pa.timestamp("us", tz="Asia/Ho_Chi_Minh"),
        "author": text,
        "organisation": text,
        "number": text,
        "language": text,
        "read": pa.bool_(),
        "starred": pa.bool_(),
        "tags": pa.list_(text),
        "note": text,
        "gone": moment,
        "revision": pa.int32(),
        "words": pa.int32(),
        "text": text,
        "html": text,
        "images": pa.list_(images),
        "attachments": pa.list_(attachments),
        "related": pa.list_(text),
        "first_seen": moment,
        "fetched": moment,
        "changed": moment,
        "content_sha256": text,
        "family": text,
        "confidence": pa.float64(),
        "warc": pa.struct([("file", text), ("offset", count), ("record_id", text)]),
    }
    return pa.schema([pa.field(name, kind, nullable=name not in required) for name, kind in columns.items()])


def write_parquet(
    stream: BinaryIO, articles: Iterable[StoredArticle], *, without: frozenset[str] = frozenset()
) -> None:
    """Write all articles, a row group at a time, but for some columns. Raises MissingExtra without pyarrow."""
    pa = pyarrow_or_advice()
    from pyarrow.parquet import ParquetWriter

    columns = pa.schema([field for field in schema() if field.name not in without])
    # The system's allocator gives memory back; pyarrow's own keeps what its largest group took.
    pool = pa.system_memory_pool()
    options = {"compression": "zstd", "memory_pool": pool, "write_page_index": True}
    with ParquetWriter(stream, columns, **options) as writer:
        for group in _groups(articles):
            writer.write_table(pa.Table.from_pylist([_record(stored) for stored in group], schema=columns))


def _groups(articles: Iterable[StoredArticle]) -> Iterator[list[StoredArticle]]:
    group: list[StoredArticle] = []
    characters = 0
    for stored in articles:
        group.append(stored)
        characters += sum(len(span.text) for block in stored.article.blocks for span in block.spans)
        if len(group) >= _GROUP_ROWS or characters >= _GROUP_CHARACTERS:
            yield group
            group, characters = [], 0
    if group:
        yield group


def article_columns(article: Article) -> dict[str, Any]:
    """The columns that a page alone can tell."""
    return {
        "url": _sound(article.url),
        "kind": article.kind,
        "sections": [
            {"slug": _sound(section.slug), "title": _sound(section.title)} for section in article.sections
        ],
        "title": _sound(article.title),
        "summary": _sound(article.summary),
        "published": _day(article.published),
        "published_at": article.published if isinstance(article.published, datetime) else None,
        "author": _sound(article.author),
        "organisation": _sound(article.organisation),
        "number": _sound(article.number),
        "language": article.language,
        "words": article.words,
        "text": _sound(article.text),
        "html": _sound(render(article)),
        "images": [
            {
                "url": _sound(image.url),
                "caption": _sound(image.caption),
                "alt": _sound(image.alt),
                "sha256": image.sha256,
            }
            for image in article.images
        ],
        "attachments": [
            {
                "url": _sound(file.url),
                "name": _sound(file.name),
                "media_type": _sound(file.media_type),
                "bytes": file.bytes,
                "sha256": file.sha256,
                "text_chars": file.text_chars,
            }
            for file in article.attachments
        ],
        "related": [_sound(url) for url in article.related],
        "content_sha256": article.content_sha256,
        "family": article.family,
        "confidence": article.confidence,
    }


def _record(stored: StoredArticle) -> dict[str, Any]:
    row, evidence = stored.row, stored.evidence
    return article_columns(stored.article) | {
        "key": _sound(row.key),
        "id": row.id,
        "portal": row.portal,
        "url": _sound(row.url),
        "kind": row.kind,
        "sections": [
            {"slug": _sound(section.slug), "title": _sound(section.title)} for section in row.sections
        ],
        "title": _sound(row.title),
        "summary": _sound(row.summary),
        "author": _sound(row.author),
        "organisation": _sound(row.organisation),
        "language": row.language,
        "read": row.marks.read,
        "starred": row.marks.starred,
        "tags": [_sound(tag) for tag in row.marks.tags],
        "note": _sound(row.marks.note),
        "gone": row.gone,
        "revision": row.revision,
        "words": row.words,
        "first_seen": stored.first_seen,
        "fetched": stored.fetched,
        "changed": stored.changed,
        "content_sha256": stored.content_sha256,
        "warc": evidence
        and {"file": evidence.file, "offset": evidence.offset, "record_id": evidence.record_id},
    }


def _sound(text: str | None) -> str | None:
    """Text that UTF-8 holds: lone surrogates are replaced."""
    return None if text is None else text.encode("utf-8", "replace").decode()


def _day(published: Published | None) -> date | None:
    if isinstance(published, datetime):
        return published.astimezone(PORTAL_TIME).date()
    return published


def pyarrow_or_advice() -> Any:
    """The module pyarrow. Raises MissingExtra without it."""
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtra(
            _("Parquet files need pyarrow, which is not installed."),
            advice=_("Install it with: {command}").format(command=install_command("pyarrow")),
        ) from error
    return pyarrow
