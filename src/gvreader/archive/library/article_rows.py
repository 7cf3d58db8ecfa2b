"""Reading articles: from rows of `heads` to the values that lists and texts show."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from gvreader.archive.library.connection import Connection
from gvreader.archive.library.content import decode, moment, optional_moment, published_from
from gvreader.archive.library.note_anchors import Anchor, places
from gvreader.frozen import dataclass, replace
from gvreader.model import (
    Article,
    ArticleRow,
    Attachment,
    Marks,
    Note,
    RecordRef,
    SectionRef,
    StoredArticle,
)

_HEAD: Final = (
    "SELECT h.id, h.key, h.portal, h.url, h.kind, h.title, h.summary, h.published, h.author, h.organisation, "
    "h.language, h.read, h.starred, h.gone, h.revision, h.words, h.image_count, h.attachment_count, h.changed"
)
_HEAD_WIDTH: Final = 19
_ARCHIVED_ONLY: Final = (
    "coalesce(k.source, 'live') <> 'live' AND NOT EXISTS (SELECT 1 FROM observations AS o "
    "JOIN captures AS l ON l.id = o.capture_id WHERE o.article_id = h.id AND o.content_id IS NOT NULL "
    "AND l.source = 'live')"
)
_STORED: Final = (
    _HEAD
    + ", h.first_seen, h.fetched, h.content_sha256, c.content, k.file, k.offset, k.record_id, "
    + "coalesce(k.source, 'import'), coalesce(k.trust, 'unknown'), k.source_uri, "
    + _ARCHIVED_ONLY
    + " FROM heads AS h JOIN contents AS c ON c.id = h.content_id LEFT JOIN captures AS k ON k.id = h.capture_id"
)
_NOTES: Final = (
    "SELECT article_id, 0, note, '' FROM notes WHERE article_id IN (SELECT value FROM json_each(:ids)) UNION ALL "
    "SELECT article_id, paragraph, note, quote FROM paragraph_notes "
    "WHERE article_id IN (SELECT value FROM json_each(:ids)) ORDER BY 1, 2"
)
_WANTED: Final = " WHERE h.id IN (SELECT value FROM json_each(?))"


def id_list(ids: Iterable[int]) -> str:
    """Local numbers as the JSON text that `json_each` reads."""
    return json.dumps(list(ids))


def article_row(
    head: Sequence[Any], sections: tuple[SectionRef, ...], tags: tuple[str, ...], notes: tuple[Note, ...]
) -> ArticleRow:
    """One row of `_HEAD` with its sections, tags and notes."""
    return ArticleRow(
        id=head[0],
        key=head[1],
        portal=head[2],
        url=head[3],
        kind=head[4],
        sections=sections,
        title=head[5],
        summary=head[6],
        published=published_from(head[7]),
        author=head[8],
        organisation=head[9],
        language=head[10],
        marks=Marks(read=bool(head[11]), starred=bool(head[12]), tags=tags, notes=notes),
        gone=optional_moment(head[13]),
        revision=head[14],
        words=head[15],
        has_image=head[16] > 0,
        has_attachment=head[17] > 0,
        changed=moment(head[18]),
    )


class _Companions:
    """The sections, tags and notes of a batch of articles, read at once."""

    def __init__(self, connection: Connection, ids: str) -> None:
        sections: defaultdict[int, list[SectionRef]] = defaultdict(list)
        for article_id, slug, title in connection.execute(
            "SELECT a.article_id, s.slug, s.title FROM article_sections AS a "
            "JOIN sections AS s ON s.id = a.section_id "
            "WHERE a.article_id IN (SELECT value FROM json_each(?)) ORDER BY a.article_id, a.section_id",
            (ids,),
        ).fetchall():
            sections[article_id].append(SectionRef(slug=slug, title=title))
        tags: defaultdict[int, list[str]] = defaultdict(list)
        for article_id, tag in connection.execute(
            "SELECT article_id, tag FROM tags WHERE article_id IN (SELECT value FROM json_each(?)) "
            "ORDER BY article_id, tag",
            (ids,),
        ).fetchall():
            tags[article_id].append(tag)
        notes: defaultdict[int, list[Note]] = defaultdict(list)
        for article_id, paragraph, text, quote in connection.execute(_NOTES, {"ids": ids}).fetchall():
            notes[article_id].append(Note(paragraph=paragraph, text=text, quote=quote))
        for article_id, written in notes.items():
            if any(note.paragraph for note in written):
                notes[article_id] = _placed(connection, article_id, written)
        self._sections = sections
        self._tags = tags
        self._notes = notes

    def row(self, head: Sequence[Any]) -> ArticleRow:
        return article_row(
            head,
            tuple(self._sections.get(head[0], ())),
            tuple(self._tags.get(head[0], ())),
            tuple(self._notes.get(head[0], ())),
        )


def notes_of(connection: Connection, article_id: int) -> tuple[Note, ...]:
    """The reader's notes on an article as they were written, 0 for the whole article first."""
    return tuple(
        Note(paragraph=paragraph, text=text, quote=quote)
        for _id, paragraph, text, quote in connection.execute(
            _NOTES, {"ids": id_list((article_id,))}
        ).fetchall()
    )


def placed_notes(connection: Connection, article_id: int) -> tuple[tuple[Note, Note], ...]:
    """Each note on an article as it was written, and where it is in the current text."""
    written = notes_of(connection, article_id)
    return tuple(zip(written, _at_home(connection, article_id, written), strict=True))


def _placed(connection: Connection, article_id: int, written: Sequence[Note]) -> list[Note]:
    return sorted(_at_home(connection, article_id, written), key=lambda note: note.paragraph)


def _at_home(connection: Connection, article_id: int, written: Sequence[Note]) -> list[Note]:
    """The notes with the numbers that their paragraphs have in the current text."""
    text = "".join(
        text
        for (text,) in connection.execute("SELECT text FROM bodies WHERE id = ?", (article_id,)).fetchall()
    )
    on_paragraphs = [note for note in written if note.paragraph]
    found = iter(
        places(
            [Anchor(note.paragraph, note.quote) for note in on_paragraphs], text.split("\n\n") if text else ()
        )
    )
    placed = []
    for note in written:
        if note.paragraph:
            now = next(found)
            note = replace(note, paragraph=now.paragraph, state=now.state)
        placed.append(note)
    return placed


def article_rows(connection: Connection, ids: Sequence[int]) -> tuple[ArticleRow, ...]:
    """The articles in the order asked for; unknown numbers are skipped."""
    wanted = id_list(ids)
    companions = _Companions(connection, wanted)
    heads = connection.execute(_HEAD + " FROM heads AS h" + _WANTED, (wanted,)).fetchall()
    found = {head[0]: companions.row(head) for head in heads}
    return tuple(found[article_id] for article_id in ids if article_id in found)


def stored_articles(connection: Connection, ids: Sequence[int]) -> tuple[StoredArticle, ...]:
    """The current content of articles, in the order asked for; unknown numbers are skipped."""
    wanted = id_list(ids)
    companions = _Companions(connection, wanted)
    files = files_of(connection, wanted)
    found = {}
    for record in connection.execute(_STORED + _WANTED, (wanted,)).fetchall():
        row = companions.row(record[:_HEAD_WIDTH])
        first_seen, fetched, content_sha256, content, *evidence = record[_HEAD_WIDTH:]
        file, offset, record_id, source, trust, source_uri, archived_only = evidence
        found[row.id] = StoredArticle(
            row=row,
            article=with_files(decode(content), files.get(row.id, {})),
            first_seen=moment(first_seen),
            fetched=moment(fetched),
            changed=row.changed,
            content_sha256=content_sha256,
            evidence=record_ref(file, offset, record_id),
            source=source,
            trust=trust,
            source_uri=source_uri,
            archived_only=bool(archived_only),
        )
    return tuple(found[article_id] for article_id in ids if article_id in found)


def record_ref(file: str | None, offset: int | None, record_id: str | None) -> RecordRef | None:
    if file is None or offset is None or record_id is None:
        return None
    return RecordRef(file=file, offset=offset, record_id=record_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedFile:
    """What is known of a fetched image or attachment."""

    media_type: str
    bytes: int
    sha256: str
    text: str | None
    text_by: str
    pages: int | None
    note: str


Files = dict[str, FetchedFile]
"""Fetched files, by the address in the article."""


def files_of(connection: Connection, ids: str) -> dict[int, Files]:
    """What is known of the images and attachments of a batch of articles."""
    files: defaultdict[int, Files] = defaultdict(dict)
    for article_id, url, media_type, size, sha256, text, text_by, pages, note in connection.execute(
        "SELECT a.article_id, a.url, m.media_type, m.bytes, m.sha256, m.text, m.text_by, m.pages, m.note "
        "FROM article_media AS a JOIN media AS m ON m.twin = a.twin "
        "WHERE a.article_id IN (SELECT value FROM json_each(?))",
        (ids,),
    ).fetchall():
        files[article_id][url] = FetchedFile(
            media_type=media_type,
            bytes=size,
            sha256=sha256,
            text=text,
            text_by=text_by,
            pages=pages,
            note=note,
        )
    return files


def with_files(article: Article, files: Files) -> Article:
    """The article with what is known of its fetched images and attachments filled in."""
    if not files:
        return article
    images = tuple(
        replace(image, sha256=files[image.url].sha256) if image.url in files else image
        for image in article.images
    )
    attachments = tuple(
        _with_file(attachment, files[attachment.url]) if attachment.url in files else attachment
        for attachment in article.attachments
    )
    return replace(article, images=images, attachments=attachments)


def _with_file(attachment: Attachment, file: FetchedFile) -> Attachment:
    return replace(
        attachment,
        media_type=file.media_type,
        bytes=file.bytes,
        sha256=file.sha256,
        text_chars=None if file.text is None else len(file.text),
        text=file.text,
        text_by=file.text_by,
        pages=file.pages,
        note=file.note,
    )
