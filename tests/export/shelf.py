"""A small archive made by hand: captures in a real vault, articles and files in a real library."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gvreader.archive.library import Library
from gvreader.archive.vault import Vault
from gvreader.model import (
    Article,
    Capture,
    Media,
    RecordRef,
    Request,
    Source,
)

PORTAL = "giavien"
ORIGIN = "https://giavien.ninhbinh.gov.vn"
START = datetime(2023, 2, 7, 1, 30, tzinfo=UTC)


def clock() -> datetime:
    return START


def capture(
    url: str, body: bytes, media_type: str = "text/html; charset=utf-8", *, hours: float = 0
) -> Capture:
    """An answer of the portal, so many hours after START, with the request that it answers."""
    return Capture(
        url=url,
        captured=START + timedelta(hours=hours),
        status=200,
        reason="OK",
        headers=(("Content-Type", media_type), ("Server", "Apache")),
        body=body,
        request=Request(url=url, headers=(("Host", "giavien.ninhbinh.gov.vn"), ("Accept", "*/*"))),
        trust="verified",
        address="203.0.113.9",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The archive while it is filled, and for exports to read."""

    library: Library
    vault: Vault

    def put(
        self,
        article: Article,
        body: bytes,
        *,
        hours: float = 0,
        source: Source = "live",
        uri: str | None = None,
    ) -> int:
        """One look at an article; returns its local number. The same body again becomes a revisit."""
        shown = replace(capture(article.url, body, hours=hours), source=source, source_uri=uri)
        ref = self._keep(shown, "article")
        known = self.library.articles.find(PORTAL, article.url, article.identity)
        captured = self.library.captures.at(ref)
        assert captured is not None
        if known:
            self.library.articles.add_revision(known[0].id, article, shown.captured, captured.id)
            return known[0].id
        return self.library.articles.insert(
            PORTAL, article, f"{PORTAL}:{article.identity}", shown.captured, captured.id
        )

    def unchanged(self, article_id: int, url: str, *, hours: float) -> RecordRef:
        """A 304 about an article."""
        first = self.library.captures.of_article(article_id)[0].ref
        answer = replace(capture(url, b"", hours=hours), status=304, reason="Not Modified")
        ref = self.vault.append(PORTAL, ORIGIN, answer, same_as=first)
        number = self.library.captures.add(PORTAL, answer, ref, "article")
        self.library.articles.touch(article_id, answer.captured, number)
        return ref

    def put_file(self, url: str, body: bytes, media_type: str, *, text: str | None = None) -> RecordRef:
        """A picture or a file of an article."""
        shown = capture(url, body, media_type)
        ref = self._keep(shown, "media")
        captured = self.library.captures.at(ref)
        assert captured is not None
        media = Media(url=url, media_type=media_type, bytes=len(body), sha256=shown.payload_sha256, text=text)
        self.library.media.put(media, captured.id)
        return ref

    def _keep(self, shown: Capture, verdict: str) -> RecordRef:
        same = self.library.captures.by_payload(shown.payload_sha256, shown.url)
        ref = self.vault.append(PORTAL, ORIGIN, shown, same_as=same)
        self.library.captures.add(PORTAL, shown, ref, verdict)
        return ref


@contextmanager
def shelf(folder: Path) -> Iterator[Shelf]:
    """A new archive in `folder`, or the one that is there."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        Vault.open(folder / "vault", mode="write", clock=clock) as vault,
        Library.open(folder / "library.sqlite3", mode="write") as library,
    ):
        library.portals.save(PORTAL, "Gia Viễn", ORIGIN, "giavien")
        yield Shelf(library=library, vault=vault)
