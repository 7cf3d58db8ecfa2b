"""Small articles and captures for the library's tests, stored the way ingest stores them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from gvreader.archive.library import Library
from gvreader.model import (
    Article,
    Block,
    Capture,
    RecordRef,
    Request,
    SectionRef,
    Source,
    Span,
)

PORTAL = "giavien"
ORIGIN = "https://giavien.ninhbinh.gov.vn"
START = datetime(2023, 2, 7, 1, 30, tzinfo=UTC)
NEWS = SectionRef(slug="tin-tuc", title="Tin tức")
CULTURE = SectionRef(slug="van-hoa", title="Văn hóa")


def at(days: float) -> datetime:
    """So many days after START."""
    return START + timedelta(days=days)


def paragraphs(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(kind="paragraph", spans=(Span(text=text),)) for text in texts)


def article(text: str = "Sáng ngày 07/2, UBND huyện tổ chức hội nghị.", number: str = "882") -> Article:
    return Article(
        url=f"{ORIGIN}/hoi-nghi-{number}.html",
        identity=number,
        title="UBND huyện tổ chức hội nghị",
        published=date(2023, 2, 7),
        author="Hồng Hạ",
        organisation="Trung tâm VHTT&TT",
        blocks=paragraphs(text),
        sections=(NEWS,),
        family="giavien@2020",
        confidence=0.98,
    )


def capture(
    url: str, when: datetime, *, status: int = 200, source: Source = "live", body: bytes = b"x"
) -> Capture:
    headers = (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"7"'))
    return Capture(
        url=url,
        captured=when,
        status=status,
        headers=headers,
        body=body,
        request=Request(url=url),
        source=source,
        trust="verified",
    )


class Scribe:
    """Stores looks at articles, each with a record of its own."""

    def __init__(self, library: Library) -> None:
        self.library = library
        # Behind the last record: no two captures lie at one place of the vault.
        self.records = max((capture.ref.offset for capture in library.captures.all()), default=0) // 1000

    def ref(self) -> RecordRef:
        self.records += 1
        return RecordRef(
            file=f"{PORTAL}-20230207-0001.warc.gz",
            offset=self.records * 1000,
            record_id=f"urn:uuid:{self.records}",
        )

    def record(self, shown: Capture, verdict: str = "article") -> int:
        return self.library.captures.add(PORTAL, shown, self.ref(), verdict)

    def see(self, shown: Article, when: datetime, *, source: Source = "live") -> int:
        """One look at an article at a time; returns its local number."""
        with self.library.transaction():
            capture_id = self.record(capture(shown.url, when, source=source, body=shown.text.encode()))
            known = self.library.articles.find(PORTAL, shown.url, shown.identity)
            if not known:
                key = f"{PORTAL}:{shown.identity}"
                return self.library.articles.insert(PORTAL, shown, key, when, capture_id)
            self.library.articles.add_revision(known[0].id, shown, when, capture_id)
            return known[0].id


def many(count: int) -> list[Article]:
    """Different articles on consecutive days."""
    return [
        replace(
            article(f"Nội dung số {number}.", str(number)),
            title=f"Tin số {number}",
            published=date(2020, 1, 1) + timedelta(days=number),
        )
        for number in range(1, count + 1)
    ]
