"""Articles as a WACZ file (WACZ 1.1.1): their records, an index, a list of pages, and digests of all of it."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO, Final
from uuid import UUID

from gvreader import __version__
from gvreader.export.cdxj import INDEX_NAME, index_line, write_index
from gvreader.export.html import clean
from gvreader.export.media_copies import digest_name
from gvreader.export.records import Json, dumps, moment
from gvreader.export.sort_key import SortedLines
from gvreader.export.warc_export import RecordSource, WarcExport
from gvreader.export.zip_file import ZipFile
from gvreader.model import RecordRef, StoredArticle
from gvreader.sanitize import escaped_json

_WARC_NAME: Final = "data.warc.gz"
# An entry that may grow past 4 GiB has a longer local header. Readers that fetch byte ranges look there only when
# the central directory has an extra field too: this empty one, of a number that nobody uses.
_MORE_IN_LOCAL_HEADER: Final = b"\x67\x76\x00\x00"
_PAGES_HEADER: Final = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A record of the vault: whose answer it is, and from when."""

    ref: RecordRef
    url: str
    captured: datetime


EvidenceOf = Callable[[StoredArticle], Iterable[Evidence]]
"""The records of an article: every capture of it, then those of its pictures and files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a web archive says of itself."""

    title: str
    created: datetime
    record_id: UUID


class _Entry:
    """One file of the package while it is written: its size and digest come out of what passes through."""

    def __init__(self, stream: IO[bytes], path: str) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.path = path
        self.size = 0

    def write(self, data: bytes, /) -> int:
        self._stream.write(data)
        self._hash.update(data)
        self.size += len(data)
        return len(data)

    @property
    def resource(self) -> Json:
        name = self.path.rpartition("/")[2]
        digest = f"sha256:{self._hash.hexdigest()}"
        return {"name": name, "path": self.path, "hash": digest, "bytes": self.size}


class _Package:
    """The ZIP file, its entries' times all the same, so that only content makes a difference."""

    def __init__(self, stream: BinaryIO, created: datetime) -> None:
        self._zip = ZipFile(stream, "w", allowZip64=True)
        self._time = created.utctimetuple()[:6]
        self.resources: list[Json] = []

    @contextmanager
    def entry(self, path: str, *, is_packed: bool = False, is_large: bool = False) -> Iterator[_Entry]:
        info = zipfile.ZipInfo(path, self._time)
        info.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
        info.external_attr = 0o644 << 16
        if is_large:
            info.extra = _MORE_IN_LOCAL_HEADER
        with self._zip.open(info, "w", force_zip64=is_large) as stream:
            entry = _Entry(stream, path)
            yield entry
        self.resources.append(entry.resource)

    def finish(self, heading: Heading, more: Json) -> None:
        """The description of the package and its digest, which are not among the resources."""
        description: Json = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": heading.title,
            "created": moment(heading.created),
            "software": f"gvreader/{__version__}",
            **more,
            "resources": self.resources,
        }
        text = escaped_json(json.dumps(description, ensure_ascii=False, indent=2)).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
        with self.entry("datapackage.json") as file:
            file.write(text)
        with self.entry("datapackage-digest.json") as file:
            file.write(json.dumps(digest, indent=2).encode())
        self._zip.close()


def write_wacz(
    stream: BinaryIO,
    articles: Iterable[StoredArticle],
    source: RecordSource,
    evidence_of: EvidenceOf,
    heading: Heading,
) -> list[str]:
    """Write the package to a seekable stream; returns what is to be said about records that could not be read.

    The archive goes straight into the ZIP; index and pages wait in a temporary folder.
    """
    with tempfile.TemporaryDirectory(prefix="gvreader-wacz-") as name:
        folder = Path(name)
        package = _Package(stream, heading.created)
        lines = SortedLines(folder, "cdx")
        main_page: Json = {}
        pages = folder / "pages.jsonl"
        with (
            pages.open("wb") as page_file,
            package.entry(f"archive/{_WARC_NAME}", is_large=True) as archive,
        ):
            page_file.write(f"{dumps(_PAGES_HEADER)}\n".encode())
            export = WarcExport(
                archive,
                source,
                name=_WARC_NAME,
                when=heading.created,
                record_id=heading.record_id,
                title=heading.title,
            )
            for stored in articles:
                evidence = tuple(evidence_of(stored))
                for placed in export.add(one.ref for one in evidence):
                    line = index_line(placed, _WARC_NAME)
                    if line is not None:
                        lines.add(line)
                current = next((one for one in evidence if one.ref == stored.evidence), None)
                if current is not None and export.holds(current.ref):
                    page = _page(stored, current)
                    page_file.write(f"{dumps(page)}\n".encode("utf-8", "replace"))
                    main_page = main_page or {"mainPageUrl": page["url"], "mainPageDate": page["ts"]}
        with package.entry(f"indexes/{INDEX_NAME}", is_large=True) as index:
            second = write_index(lines, index)
        with package.entry("indexes/index.idx") as index:
            index.write(second)
        with pages.open("rb") as page_file, package.entry("pages/pages.jsonl", is_packed=True) as entry:
            shutil.copyfileobj(page_file, entry, 1 << 20)
        package.finish(heading, main_page)
        return export.damaged


def write_warc(
    stream: BinaryIO,
    articles: Iterable[StoredArticle],
    source: RecordSource,
    evidence_of: EvidenceOf,
    heading: Heading,
    name: str,
) -> list[str]:
    """Write a WARC file; returns what is to be said about records that could not be read."""
    export = WarcExport(
        stream, source, name=name, when=heading.created, record_id=heading.record_id, title=heading.title
    )
    for stored in articles:
        for _placed in export.add(one.ref for one in evidence_of(stored)):
            pass
    return export.damaged


def _page(stored: StoredArticle, current: Evidence) -> Json:
    """A page as replay tools list it, under the address and time of its record."""
    return {
        "id": digest_name(stored.row.key),
        "url": current.url,
        "ts": moment(current.captured),
        "title": clean(stored.article.title),
        "text": clean(stored.article.text),
    }
