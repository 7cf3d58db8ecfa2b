"""Articles for OpenSearch or Elasticsearch: a mapping, and bulk files for `POST /INDEX/_bulk`.

Each article is an `index` action under its key with the time of its last capture as an external version: loading
twice, or in any order, is loading once. Text is folded here, so that a query without marks means what it means in
gvreader (`đ` is `d`), whatever the engine's own folding does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from gvreader.export.atomic_files import replacing_folder
from gvreader.export.records import Json, article_json
from gvreader.model import StoredArticle
from gvreader.vietnamese import fold

KIND: Final = "opensearch"
MOST_BYTES: Final = 32 * 1000 * 1000
"""A bulk file ends before it."""
_LOCAL: Final = ("html", "id", "read", "starred", "tags", "note", "paragraph_notes")
"""What is the archive's or the reader's own, or markup."""

_KEYWORD: Final[Json] = {"type": "keyword", "ignore_above": 8191}
_DATE: Final[Json] = {"type": "date", "format": "strict_date_optional_time"}
_EXACT: Final[Json] = {"type": "text", "analyzer": "gvreader"}
_STORED: Final[Json] = {"type": "keyword", "index": False, "doc_values": False}


def mapping() -> Json:
    """The body of `PUT /INDEX`: exact fields keep marks and lose case, folded ones come folded."""
    section: Json = {"properties": {"slug": _KEYWORD, "title": _EXACT}}
    image: Json = {"properties": {"url": _STORED, "caption": _EXACT, "alt": _EXACT, "sha256": _KEYWORD}}
    attachment: Json = {
        "properties": {
            "url": _STORED,
            "name": _EXACT,
            "media_type": _KEYWORD,
            "bytes": {"type": "long"},
            "sha256": _KEYWORD,
            "text_chars": {"type": "long"},
            "text": _EXACT,
            "text_by": _KEYWORD,
            "text_reader": _KEYWORD,
            "pages": {"type": "integer"},
            "note": _STORED,
        }
    }
    properties: Json = {
        "key": _KEYWORD,
        "portal": _KEYWORD,
        "url": _KEYWORD,
        "kind": _KEYWORD,
        "number": _KEYWORD,
        "sections": section,
        "title": _EXACT,
        "title_folded": _EXACT,
        "summary": _EXACT,
        "text": _EXACT,
        "text_folded": _EXACT,
        "published": _DATE,
        "author": _EXACT | {"fields": {"keyword": {"type": "keyword", "ignore_above": 1024}}},
        "organisation": _EXACT | {"fields": {"keyword": {"type": "keyword", "ignore_above": 1024}}},
        "language": _KEYWORD,
        "gone": _DATE,
        "revision": {"type": "integer"},
        "words": {"type": "integer"},
        "images": image,
        "attachments": attachment,
        "related": _STORED,
        "first_seen": _DATE,
        "fetched": _DATE,
        "changed": _DATE,
        "content_sha256": _KEYWORD,
        "family": _KEYWORD,
        "confidence": {"type": "float"},
        "warc": {"properties": {"file": _STORED, "offset": {"type": "long"}, "record_id": _KEYWORD}},
    }
    analyzer: Json = {"type": "custom", "tokenizer": "standard", "filter": ["lowercase"]}
    return {
        "settings": {"analysis": {"analyzer": {"gvreader": analyzer}}},
        "mappings": {"dynamic": False, "properties": properties},
    }


def document(stored: StoredArticle) -> Json:
    """An article as the engine gets it."""
    record = {name: value for name, value in article_json(stored).items() if name not in _LOCAL}
    return record | {
        "title_folded": fold(stored.row.title),
        "text_folded": fold(str(record["text"])),
    }


def actions(articles: Iterable[StoredArticle], seen: Callable[[StoredArticle], datetime]) -> Iterator[bytes]:
    """Two lines an article: what to do, and the document; `seen` is the time of an article's last capture."""
    for stored in articles:
        version = int(seen(stored).timestamp() * 1000)
        action = {"index": {"_id": stored.row.key, "version": version, "version_type": "external_gte"}}
        yield _line(action) + _line(document(stored))


def write_bulk(
    folder: Path,
    articles: Iterable[StoredArticle],
    seen: Callable[[StoredArticle], datetime],
    *,
    most: int = MOST_BYTES,
) -> None:
    """Fill a folder with `mapping.json` and `bulk-00001.ndjson`…; it appears when all is written.

    Raises UsageError when the folder holds anything but an earlier export, and StorageFailed.
    """
    with replacing_folder(folder, KIND) as building:
        (building / "mapping.json").write_bytes(_line(mapping()))
        number, size = 1, 0
        stream = (building / _name(number)).open("wb")
        try:
            for action in actions(articles, seen):
                if size and size + len(action) >= most:
                    stream.close()
                    number, size = number + 1, 0
                    stream = (building / _name(number)).open("wb")
                stream.write(action)
                size += len(action)
        finally:
            stream.close()


def _name(number: int) -> str:
    return f"bulk-{number:05}.ndjson"


def _line(value: Mapping[str, object]) -> bytes:
    """One line of JSON; lone surrogates are replaced."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace") + b"\n"
