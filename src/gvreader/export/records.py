"""Articles as JSON objects, in the shape that scripts rely on, and back.

Field names and their order are a promise (docs/commands.md). Moments are UTC with `Z`; `published` is a date,
or a date-time with offset where the page gives a time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime
from typing import Final, TypeVar, cast, get_args

from gvreader.errors import GvreaderError
from gvreader.export import html
from gvreader.model import (
    CLOCKS_APART,
    PORTAL_TIME,
    Article,
    ArticleKind,
    ArticleRow,
    Attachment,
    Hit,
    Image,
    Marks,
    Note,
    Published,
    RecordRef,
    SectionRef,
    StoredArticle,
)
from gvreader.sanitize import escaped_json, paragraphs
from gvreader.urls import canonical
from gvreader.vietnamese import nfc

_LARGEST_WHOLE: Final = 2**63 - 1

Json = dict[str, object]
T = TypeVar("T")
D = TypeVar("D", date, datetime)


def dumps(value: object) -> str:
    """One line of JSON; text stays as it is, but for what would act on a terminal: that is `\\uXXXX`."""
    return escaped_json(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def moment(value: datetime) -> str:
    """An aware time as UTC to the second: `2023-02-07T01:30:00Z`."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def published(value: Published | None) -> str | None:
    """A date, or a date-time with its offset; None for an undated page."""
    return None if value is None else value.isoformat()


def row_json(row: ArticleRow) -> Json:
    """What `list` prints of an article: the fields from `key` down to `words`."""
    return {
        "key": row.key,
        "id": row.id,
        "portal": row.portal,
        "url": row.url,
        "sections": [{"slug": section.slug, "title": section.title} for section in row.sections],
        "title": row.title,
        "summary": row.summary,
        "published": published(row.published),
        "author": row.author,
        "organisation": row.organisation,
        "language": row.language,
        "read": row.marks.read,
        "starred": row.marks.starred,
        "tags": list(row.marks.tags),
        "note": row.marks.note,
        "gone": moment(row.gone) if row.gone else None,
        "revision": row.revision,
        "words": row.words,
    }


def hit_json(hit: Hit, *, relaxed: bool = False) -> Json:
    """What `search` prints: the row, its score and a snippet with matches between U+E000 and U+E001."""
    record = row_json(hit.row) | {"score": round(hit.score, 6), "snippet": hit.snippet}
    return record | {"relaxed": True} if relaxed else record


def _only_told(**values: str) -> Json:
    """The values that say something."""
    return {name: value for name, value in values.items() if value}


def _text_by(kind: str | None, reader: str | None) -> str:
    """What read a file, as the library keeps it: `pdf (pypdf 7.1.1)`."""
    return f"{kind} ({reader})" if kind and reader else kind or ""


def body_json(article: Article) -> Json:
    """What a page says beside the fields of `row_json`: text, HTML, pictures, files, related addresses."""
    return {
        "text": article.text,
        "html": html.render(article),
        "images": [
            {"url": image.url, "caption": image.caption, "alt": image.alt, "sha256": image.sha256}
            for image in article.images
        ],
        "attachments": [
            {
                "url": attachment.url,
                "name": attachment.name,
                "media_type": attachment.media_type,
                "bytes": attachment.bytes,
                "sha256": attachment.sha256,
                "text_chars": attachment.text_chars,
                "text": attachment.text,
                "text_by": attachment.text_by.partition(" ")[0] or None,
                "pages": attachment.pages,
            }
            | _only_told(note=attachment.note, text_reader=attachment.text_by.partition(" ")[2].strip("()"))
            for attachment in article.attachments
        ],
        "related": list(article.related),
    }


def evidence_json(evidence: RecordRef | None) -> Json | None:
    """Where the capture lies in the vault."""
    if evidence is None:
        return None
    return {"file": evidence.file, "offset": evidence.offset, "record_id": evidence.record_id}


def kind_json(article: Article) -> Json:
    """`kind` and `number`, only where the other fields do not say them: a dated article has neither."""
    record: Json = {}
    if article.kind != _usual_kind(article.published):
        record["kind"] = article.kind
    if article.number is not None:
        record["number"] = article.number
    return record


def _usual_kind(published: Published | None) -> ArticleKind:
    return "article" if published else "page"


def article_json(stored: StoredArticle) -> Json:
    """Everything about an article: what `show --format json` and `export jsonl` print."""
    return (
        row_json(stored.row)
        | body_json(stored.article)
        | {
            "first_seen": moment(stored.first_seen),
            "fetched": moment(stored.fetched),
            "changed": moment(stored.changed),
            "content_sha256": stored.content_sha256,
            "family": stored.article.family,
            "confidence": round(stored.article.confidence, 4),
            "warc": evidence_json(stored.evidence),
        }
        | kind_json(stored.article)
        | notes_json(stored.row.marks)
    )


def notes_json(marks: Marks) -> Json:
    """`paragraph_notes`, only where there are any; `quote` and `state` only where they say something."""
    notes = [
        {"paragraph": note.paragraph, "note": note.text} | _only_told(quote=note.quote, state=note.state)
        for note in marks.notes
        if note.paragraph
    ]
    return {"paragraph_notes": notes} if notes else {}


# ── and back ────────────────────────────────────────────────────────────────────────────────────


class ArticleRecordError(GvreaderError):
    """A line that is not an article as `export jsonl` writes it; the message says which field."""

    exit_code = 2


def sound_text(value: str) -> str:
    """`value` in NFC without what acts on a terminal; lone surrogates, which JSON can spell, become U+FFFD."""
    sound = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return nfc(paragraphs(sound))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Typed access to a JSON object; a wrong type names its field."""

    record: Mapping[str, object]
    path: str = ""

    def _fail(self, name: str, expected: str) -> ArticleRecordError:
        found = type(self.record[name]).__name__ if name in self.record else "nothing"
        return ArticleRecordError(f"`{self.path}{name}` should be {expected}, not {found}")

    def optional(self, name: str, kind: type[T], expected: str) -> T | None:
        value = self.record.get(name)
        if value is None:
            return None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self._fail(name, expected)
        return value

    def text(self, name: str) -> str:
        value = self.maybe_text(name)
        if not value:
            raise self._fail(name, "text")
        return value

    def maybe_text(self, name: str) -> str | None:
        value = self.optional(name, str, "text")
        return sound_text(value) if value else None

    def number(self, name: str) -> float:
        value = self.record.get(name, 0.0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._fail(name, "a number")
        if not -_LARGEST_WHOLE <= value <= _LARGEST_WHOLE:  # nor any of Python's NaN and Infinity
            raise self._fail(name, "a usual number")
        return float(value)

    def whole(self, name: str) -> int | None:
        value = self.optional(name, int, "a number")
        if value is not None and not 0 <= value <= _LARGEST_WHOLE:
            raise self._fail(name, "a usual whole number")
        return value

    def objects(self, name: str) -> tuple[_Reader, ...]:
        items = self.optional(name, list, "a list") or []
        readers = []
        for index, item in enumerate(items):
            if not isinstance(item, dict):
                raise self._fail(name, "a list of objects")
            readers.append(_Reader(record=item, path=f"{self.path}{name}[{index}]."))
        return tuple(readers)

    def texts(self, name: str) -> tuple[str, ...]:
        items = self.optional(name, list, "a list") or []
        if not all(isinstance(item, str) for item in items):
            raise self._fail(name, "a list of texts")
        return tuple(map(sound_text, items))

    def address(self, name: str) -> str:
        value = canonical(self.text(name))
        if value is None:
            raise self._fail(name, "an http(s) address")
        return value

    def kind(self, published: Published | None) -> ArticleKind:
        value = self.maybe_text("kind")
        if value is None:
            return _usual_kind(published)
        if value not in get_args(ArticleKind):
            raise self._fail("kind", f"one of {', '.join(get_args(ArticleKind))}")
        return cast("ArticleKind", value)

    def moment(self, name: str, *, now: datetime) -> datetime | None:
        """A time that has passed: nothing that is fetched later would be newer than one of the future."""
        value = self.maybe_text(name)
        if value is None:
            return None
        try:
            parsed = _within_calendar(datetime.fromisoformat(value))
        except ValueError as error:
            raise self._fail(name, "a time such as 2023-02-07T01:30:00Z") from error
        found = (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
        if found > now + CLOCKS_APART:
            raise self._fail(name, "a time that has passed")
        return found

    def published(self, name: str) -> Published | None:
        value = self.maybe_text(name)
        if value is None:
            return None
        try:
            if len(value) == len("2023-02-07"):
                return _within_calendar(date.fromisoformat(value))
            parsed = _within_calendar(datetime.fromisoformat(value))
        except ValueError as error:
            raise self._fail(name, "a date such as 2023-02-07") from error
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=PORTAL_TIME)


def _within_calendar(day: D) -> D:
    """The same date or time. Raises ValueError in the first and last year: other time zones may not have it."""
    if not MINYEAR < day.year < MAXYEAR:
        raise ValueError(f"the year {day.year}")
    return day


def _own_id(key_end: str, url: str) -> str | None:
    """The portal's own id, unless the key only holds the digest of the canonical address."""
    digest = hashlib.sha256((canonical(url) or url).encode()).hexdigest()
    return None if key_end == digest[:12] else key_end


def _notes(reader: _Reader) -> tuple[Note, ...]:
    """The reader's notes of a record."""
    whole = (reader.maybe_text("note") or "").strip()
    notes = [Note(paragraph=0, text=whole)] if whole else []
    for record in reader.objects("paragraph_notes"):
        paragraph, text = record.whole("paragraph") or 0, record.text("note").strip()
        if paragraph > 0 and text:
            quote = record.maybe_text("quote") or ""
            notes.append(Note(paragraph=paragraph, text=text, quote=quote))
    return tuple(notes)


def stored_from_json(record: Mapping[str, object], *, now: datetime) -> StoredArticle:
    """The article that `article_json` wrote, without its evidence; `now` stands for times that are missing.

    Raises ArticleRecordError. The digest is computed again from the content; the record's own is not trusted.
    """
    reader = _Reader(record=record)
    key = reader.text("key")
    portal, colon, identity = key.partition(":")
    if not colon or not portal or not identity or portal != reader.text("portal"):
        raise ArticleRecordError("`key` should be the portal's name, a colon and an id")
    images = tuple(
        Image(
            url=image.address("url"),
            caption=image.maybe_text("caption"),
            alt=image.maybe_text("alt"),
            sha256=image.maybe_text("sha256"),
        )
        for image in reader.objects("images")
    )
    attachments = tuple(
        Attachment(
            url=attachment.address("url"),
            name=attachment.text("name"),
            media_type=attachment.maybe_text("media_type"),
            bytes=attachment.whole("bytes"),
            sha256=attachment.maybe_text("sha256"),
            text_chars=attachment.whole("text_chars"),
            text=attachment.maybe_text("text"),
            text_by=_text_by(attachment.maybe_text("text_by"), attachment.maybe_text("text_reader")),
            pages=attachment.whole("pages"),
            note=attachment.maybe_text("note") or "",
        )
        for attachment in reader.objects("attachments")
    )
    sections = tuple(
        SectionRef(slug=section.text("slug"), title=section.text("title"))
        for section in reader.objects("sections")
    )
    published = reader.published("published")
    url = reader.address("url")
    article = Article(
        url=url,
        identity=_own_id(identity, url),
        kind=reader.kind(published),
        title=reader.text("title"),
        summary=reader.maybe_text("summary"),
        published=published,
        author=reader.maybe_text("author"),
        organisation=reader.maybe_text("organisation"),
        language=reader.maybe_text("language") or "vi",
        sections=sections,
        number=reader.maybe_text("number"),
        blocks=html.parse(reader.maybe_text("html") or "", images),
        images=images,
        attachments=attachments,
        related=reader.texts("related"),
        family=reader.maybe_text("family") or "unknown",
        confidence=min(max(reader.number("confidence"), 0.0), 1.0),
    )
    changed = reader.moment("changed", now=now) or now
    row = ArticleRow(
        id=reader.whole("id") or 0,
        key=key,
        portal=portal,
        url=article.url,
        kind=article.kind,
        sections=sections,
        title=article.title,
        summary=article.summary,
        published=published,
        author=article.author,
        organisation=article.organisation,
        language=article.language,
        marks=Marks(
            read=bool(reader.optional("read", bool, "true or false")),
            starred=bool(reader.optional("starred", bool, "true or false")),
            tags=reader.texts("tags"),
            notes=_notes(reader),
        ),
        gone=reader.moment("gone", now=now),
        revision=reader.whole("revision") or 1,
        words=article.words,
        has_image=bool(images),
        has_attachment=bool(attachments),
        changed=changed,
    )
    return StoredArticle(
        row=row,
        article=article,
        first_seen=reader.moment("first_seen", now=now) or changed,
        fetched=reader.moment("fetched", now=now) or changed,
        changed=changed,
        content_sha256=article.content_sha256,
        evidence=None,
    )
