"""What an export is made of: the articles, copies and records from the archive, and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from gvreader.archive.library import Library
from gvreader.archive.vault import Vault
from gvreader.errors import ArchiveDamaged
from gvreader.export.citations import Provenance, wayback_page
from gvreader.export.wacz import Evidence
from gvreader.http.codings import CodingError, decode
from gvreader.model import StoredArticle

_LARGEST_COPY: Final = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportInfo:
    """What an export says of itself: a title for people, the query, who published the articles, and now.

    `home` is the publisher's own address, `authorities` the host name that stands for each portal in ids.
    """

    title: str
    query: str
    publisher: str
    when: datetime
    new_id: UUID
    home: str = ""
    authorities: Mapping[str, str] = field(default_factory=dict)


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
        self.library = library
        self.vault = vault
        self.damaged: list[str] = []
        self.without_captures = 0
        # Neighbouring articles often share a picture.
        self.file = lru_cache(maxsize=1)(self._file)

    def _file(self, url: str) -> bytes | None:
        """The archive's own bytes of a picture or file, content encoding undone; None when it has none."""
        ref = self.library.media.record_of(url)
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
        captures = self.library.captures.of_article(stored.row.id)
        self.without_captures += not captures
        for capture in captures:
            yield Evidence(ref=capture.ref, url=capture.url, captured=capture.captured)
        article = stored.article
        addresses = [image.url for image in article.images] + [file.url for file in article.attachments]
        for url in dict.fromkeys(addresses):
            ref = self.library.media.record_of(url)
            if ref is not None:
                yield Evidence(ref=ref, url=url, captured=stored.fetched)

    def archived_at(self, stored: StoredArticle) -> str | None:
        """The page of a web archive that an article's content came from."""
        found = provenance(self.library, stored)
        return found.archive_url if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJob:
    """One export: `articles` newest first, whose local numbers are `ids`; `name` is the file's own.

    `bom`: a table begins with a byte order mark.
    """

    articles: Iterable[StoredArticle]
    ids: Sequence[int]
    sources: ExportSources
    info: ExportInfo
    name: str = ""
    bom: bool = False
