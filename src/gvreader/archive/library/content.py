"""How an article is written down: compressed JSON, and times as text that sorts as they do. Pure."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from gvreader.archive.library.connection import clean_text, damaged
from gvreader.frozen import replace
from gvreader.model import (
    PORTAL_TIME,
    Article,
    Attachment,
    Block,
    Image,
    Published,
    SectionRef,
    Span,
)
from gvreader.sanitize import is_sound, line
from gvreader.urls import address

_LINKS: Final = ("https://", "http://", "mailto:")
_LEVEL: Final = 6
_LARGEST: Final = 128 << 20
"""Bytes of an article's JSON: a library may come from a stranger, and a small blob may hold gigabytes."""


def stamp(when: datetime) -> str:
    """An aware time as UTC text; such texts sort as the times do (`+` sorts before the `.` of a fraction)."""
    return when.astimezone(UTC).isoformat()


def moment(text: str) -> datetime:
    """The time that `stamp` wrote down. Raises ArchiveDamaged for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise damaged(f"{text!r} is no time") from error
    if found.tzinfo is None:
        raise damaged(f"{text!r} is no time")
    return found


def optional_moment(text: str | None) -> datetime | None:
    return None if text is None else moment(text)


def published_text(published: Published | None) -> str | None:
    """A date, or a date-time in the portal's time, as text; such texts sort by day, and within a day by time."""
    if isinstance(published, datetime):
        return published.astimezone(PORTAL_TIME).isoformat()
    return None if published is None else published.isoformat()


def published_from(text: str | None) -> Published | None:
    """What `published_text` wrote down. Raises ArchiveDamaged for anything else."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text) if len(text) > 10 else date.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise damaged(f"{text!r} is no date") from error


def encode(article: Article) -> bytes:
    """zlib-compressed UTF-8 JSON of every field; defaults are left out. `decode` gives an equal article."""
    record: dict[str, Any] = {
        "url": article.url,
        "identity": article.identity,
        "kind": article.kind,
        "title": article.title,
        "summary": article.summary,
        "published": article.published.isoformat() if article.published else None,
        "author": article.author,
        "organisation": article.organisation,
        "language": article.language,
        "sections": [[section.slug, section.title] for section in article.sections],
        "number": article.number,
        "blocks": [_block_record(block) for block in article.blocks],
        "images": [[image.url, image.caption, image.alt, image.sha256] for image in article.images],
        "attachments": [_file_record(file) for file in article.attachments],
        "related": article.related,
        "family": article.family,
        "confidence": article.confidence,
    }
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), _LEVEL)


def _file_record(file: Attachment) -> list[Any]:
    """Six values, and the text with what is said of it where the article brings it (an import without captures)."""
    record = [file.url, file.name, file.media_type, file.bytes, file.sha256, file.text_chars]
    said = [file.text, file.text_by, file.pages, file.note]
    return record + said if file.text is not None or file.note else record


def _file(record: list[Any]) -> Attachment:
    url, name, media_type, size, sha256, characters = record[:6]
    text, text_by, pages, note = record[6:] or (None, "", None, "")
    return Attachment(
        url=url,
        name=name,
        media_type=media_type,
        bytes=size,
        sha256=sha256,
        text_chars=characters,
        text=text,
        text_by=text_by,
        pages=pages,
        note=note,
    )


def _block_record(block: Block) -> dict[str, Any]:
    record: dict[str, Any] = {"kind": block.kind}
    if block.spans:
        record["spans"] = [_span_record(span) for span in block.spans]
    if block.level:
        record["level"] = block.level
    if block.ordered:
        record["ordered"] = True
    if block.rows:
        record["rows"] = block.rows
    if block.image is not None:
        record["image"] = block.image
    return record


def _span_record(span: Span) -> str | dict[str, Any]:
    if span.href is None and not span.strong and not span.emphasis:
        return span.text
    record: dict[str, Any] = {"text": span.text}
    if span.href is not None:
        record["href"] = span.href
    if span.strong:
        record["strong"] = True
    if span.emphasis:
        record["emphasis"] = True
    return record


def decode(content: bytes) -> Article:
    """The article that `encode` wrote down. Raises ArchiveDamaged for anything else."""
    try:
        return _decoded(content)
    except (zlib.error, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise damaged(f"a stored article cannot be read: {type(error).__name__}") from error


def _decoded(content: bytes) -> Article:
    inflate = zlib.decompressobj()
    written = inflate.decompress(content, _LARGEST)
    if not inflate.eof:
        raise ValueError("the content is cut or too large")
    record = json.loads(written)
    return Article(
        url=record["url"],
        identity=record["identity"],
        kind=record["kind"],
        title=record["title"],
        summary=record["summary"],
        published=published_from(record["published"]),
        author=record["author"],
        organisation=record["organisation"],
        language=record["language"],
        sections=tuple(SectionRef(slug=slug, title=title) for slug, title in record["sections"]),
        number=record["number"],
        blocks=tuple(map(_block, record["blocks"])),
        images=tuple(
            Image(url=url, caption=caption, alt=alt, sha256=sha256)
            for url, caption, alt, sha256 in record["images"]
        ),
        attachments=tuple(map(_file, record["attachments"])),
        related=tuple(record["related"]),
        family=record["family"],
        confidence=record["confidence"],
    )


def _block(record: Mapping[str, Any]) -> Block:
    return Block(
        kind=record["kind"],
        spans=tuple(map(_span, record.get("spans", ()))),
        level=record.get("level", 0),
        ordered=record.get("ordered", False),
        rows=tuple(tuple(row) for row in record.get("rows", ())),
        image=record.get("image"),
    )


def _span(record: str | Mapping[str, Any]) -> Span:
    if isinstance(record, str):
        return Span(text=record)
    return Span(
        text=record["text"],
        href=record.get("href"),
        strong=record.get("strong", False),
        emphasis=record.get("emphasis", False),
    )


def cleaned(article: Article) -> Article:
    """The article as it is kept, or itself where it is so already.

    Nothing that SQLite and UTF-8 cannot hold, or that acts on a terminal; names on one line; links to the web and
    to mail only.
    """
    if _is_clean(article):
        return article

    def one(text: str) -> str:
        return line(clean_text(text))

    def maybe(text: str | None) -> Any:
        return None if text is None else one(text)

    return replace(
        article,
        url=one(article.url),
        identity=maybe(article.identity),
        title=one(article.title),
        summary=maybe(article.summary),
        author=maybe(article.author),
        organisation=maybe(article.organisation),
        number=maybe(article.number),
        sections=tuple(SectionRef(slug=one(ref.slug), title=one(ref.title)) for ref in article.sections),
        blocks=tuple(
            replace(
                block,
                spans=tuple(
                    replace(span, text=clean_text(span.text), href=address(span.href) if span.href else None)
                    for span in block.spans
                ),
                rows=tuple(tuple(map(clean_text, row)) for row in block.rows),
            )
            for block in article.blocks
        ),
        images=tuple(
            replace(image, url=one(image.url), caption=maybe(image.caption), alt=maybe(image.alt))
            for image in article.images
        ),
        attachments=tuple(
            replace(file, url=one(file.url), name=one(file.name), media_type=maybe(file.media_type))
            for file in article.attachments
        ),
        related=tuple(map(one, article.related)),
    )


def _is_clean(article: Article) -> bool:
    lines = [article.url, article.title, *article.related]
    lines += filter(
        None, (article.identity, article.summary, article.author, article.organisation, article.number)
    )
    for ref in article.sections:
        lines += (ref.slug, ref.title)
    for image in article.images:
        lines += (image.url, image.caption or "", image.alt or "")
    for file in article.attachments:
        lines += (file.url, file.name, file.media_type or "")
    texts: list[str] = []
    for block in article.blocks:
        for span in block.spans:
            texts.append(span.text)
            if span.href is not None:
                if not span.href.startswith(_LINKS):
                    return False
                lines.append(span.href)
        for row in block.rows:
            texts += row
    whole = "".join(lines)
    return line(whole) == whole and is_sound("".join(texts))
