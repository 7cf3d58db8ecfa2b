"""A real library filled through its own API with articles of the replica's corpus, and services over it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gvreader.app.desktop import HandOver, RunInTerminal
from gvreader.archive.library import Library
from gvreader.demo.article import SECTIONS, Piece
from gvreader.demo.content import Corpus
from gvreader.export.formats import ExportFormat
from gvreader.model import (
    PORTAL_TIME,
    Article,
    ArticleRow,
    Attachment,
    Block,
    Capture,
    Event,
    Image,
    RecordRef,
    Request,
    SectionRef,
    Span,
)

PORTAL = "giavien"
ORIGIN = "https://giavien.ninhbinh.gov.vn"
NOW = datetime(2023, 6, 1, 9, 0, tzinfo=PORTAL_TIME)


def article_of(piece: Piece, *, related: Sequence[str] = ()) -> Article:
    """A piece of the corpus as the extractor would have it."""
    sign_off = piece.sign_off
    return Article(
        url=f"{ORIGIN}/{piece.slug}-{piece.number}.html",
        identity=str(piece.number),
        kind=piece.kind,
        title=piece.title,
        summary=piece.lead,
        published=piece.published.date() if piece.published else None,
        author=sign_off.author if sign_off else None,
        organisation=sign_off.organisation if sign_off else None,
        sections=tuple(SectionRef(slug=slug, title=SECTIONS.get(slug, slug)) for slug in piece.sections),
        number=piece.document,
        blocks=tuple(_without_file_links(block) for block in piece.blocks),
        images=tuple(
            Image(url=f"{ORIGIN}/public/userfiles/{picture.name}", caption=picture.caption, alt=picture.alt)
            for picture in piece.pictures
        ),
        attachments=tuple(
            Attachment(url=f"{ORIGIN}/public/files/{file.name}", name=file.label, media_type=file.media_type)
            for file in piece.files
        ),
        related=tuple(related),
        family="giavien@2020",
        confidence=0.98,
    )


def _without_file_links(block: Block) -> Block:
    spans = tuple(Span(text=span.text, strong=span.strong, emphasis=span.emphasis) for span in block.spans)
    return Block(
        kind=block.kind,
        spans=spans,
        level=block.level,
        ordered=block.ordered,
        rows=block.rows,
        image=block.image,
    )


class Shelf:
    """Puts articles into the library of a folder, one capture each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "library.sqlite3"
        self._offset = 0

    def start_at(self, offset: int) -> None:
        """Number captures from here on, in a library that has some."""
        self._offset = offset

    def put(
        self, articles: Sequence[Article], *, seen: datetime = NOW - timedelta(days=30), portal: str = PORTAL
    ) -> list[int]:
        """Store new articles; returns their numbers."""
        with Library.open(self.file, mode="write") as library:
            library.portals.save(portal, "Gia Viễn", ORIGIN, "giavien")
            ids = []
            for start in range(0, len(articles), 500):
                with library.transaction():
                    for article in articles[start : start + 500]:
                        capture = self._capture(library, article, seen, portal)
                        key = f"{portal}:{article.identity}"
                        ids.append(library.articles.insert(portal, article, key, seen, capture))
            return ids

    def revise(self, number: int, article: Article, *, seen: datetime = NOW - timedelta(days=1)) -> None:
        """Store another content of an article."""
        with Library.open(self.file, mode="write") as library:
            capture = self._capture(library, article, seen, PORTAL)
            library.articles.add_revision(number, article, seen, capture)

    def change(self, what: Callable[[Library], Any]) -> None:
        """Change something else."""
        with Library.open(self.file, mode="write") as library:
            what(library)

    def _capture(self, library: Library, article: Article, seen: datetime, portal: str) -> int:
        self._offset += 1
        capture = Capture(
            url=article.url,
            captured=seen,
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=article.title.encode("utf-8", "replace"),
            request=Request(url=article.url),
        )
        ref = RecordRef(file="test.warc.gz", offset=self._offset, record_id=f"urn:uuid:{self._offset}")
        return library.captures.add(portal, capture, ref, "article")


def fill(folder: Path, count: int = 60) -> Shelf:
    """A library with articles of the corpus, the real ones among them."""
    shelf = Shelf(folder)
    pieces = list(Corpus(seed=1, count=count))
    urls = [f"{ORIGIN}/{piece.slug}-{piece.number}.html" for piece in pieces]
    shelf.put([article_of(piece, related=urls[max(0, at - 4) : at]) for at, piece in enumerate(pieces)])
    return shelf


def _no_events() -> Iterator[Event]:
    yield from ()


@dataclass
class ShelfServices:
    """Services over one folder. What the reader does to the outside world is kept in lists."""

    folder: Path
    events: Callable[[], Iterator[Event]] = _no_events
    opened: list[str] = field(default_factory=list)
    copies: dict[str, bytes] = field(default_factory=dict)
    exported: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    ui_state: str = ""
    errands: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def archive(self) -> Path:
        return self.folder

    def open_library(self) -> Library:
        return Library.open(self.folder / "library.sqlite3", mode="read")

    def writer(self) -> AbstractContextManager[Library]:
        return Library.open(self.folder / "library.sqlite3", mode="write")

    def sync(self, portal: str | None) -> Iterator[Event]:
        return self.events()

    def backfill(self, portal: str | None) -> Iterator[Event]:
        self.errands.append(("backfill",))
        return self.events()

    def leave_for(self, command: Sequence[str]) -> None:
        self.errands.append(tuple(command))

    def open_url(self, url: str, _in_terminal: RunInTerminal) -> HandOver:
        self.opened.append(url)
        return HandOver("xdg-open")

    def open_copy(self, url: str) -> HandOver | None:
        if url in self.copies:
            self.opened.append(f"copy of {url}")
        return HandOver("xdg-open") if url in self.copies else None

    def picture(self, url: str) -> bytes | None:
        return self.copies.get(url)

    def cite(self, row: ArticleRow) -> str:
        return f"{row.title}. {row.url}"

    def export(self, export_format: ExportFormat, ids: Sequence[int], title: str) -> Path:
        assert title
        self.exported.append((export_format.name, tuple(ids)))
        path = self.folder / f"export{export_format.suffix}"
        path.write_text(json.dumps(list(ids)))
        return path

    def recall(self) -> str:
        return self.ui_state

    def remember(self, ui_state: str) -> None:
        self.ui_state = ui_state

    def now(self) -> datetime:
        return NOW.astimezone(UTC)
