"""Whatever happens to an archive, in whatever order: search finds what the articles say now, and nothing else."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gvreader.archive.library import Library, index
from gvreader.model import (
    Article,
    Attachment,
    Capture,
    Media,
    StoredArticle,
)
from gvreader.vietnamese.words import fold_term, terms

from . import making
from .making import ORIGIN, PORTAL, Scribe, at

WORDS = ("nông", "nong", "thôn", "mới", "hòa", "hoà", "Đặng", "đang", "kỹ", "kĩ", "UBND", "78/2008/QĐ-UBND")
PDF = f"{ORIGIN}/public/a.pdf"

texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
files = st.sampled_from([None, "", "phụ lục", "phụ bản nông"])
moments = st.integers(0, 20)


@st.composite
def pieces(draw: st.DrawFn) -> Article:
    """What one of three articles may say at one time."""
    return replace(
        making.article(draw(texts), str(draw(st.integers(1, 3)))),
        title=draw(texts.filter(bool)),
        summary=draw(st.none() | texts.filter(bool)),
        published=draw(st.none() | st.integers(1, 4).map(lambda day: date(2023, 2, day))),
        author=draw(st.none() | texts.filter(bool)),
        number=draw(st.none() | st.just("12/BC-UBND")),
        attachments=draw(st.sampled_from([(Attachment(url=PDF, name="x"),), ()])),
    )


class Histories(RuleBasedStateMachine):
    """An archive to which everything happens that can; its captures are remembered, to be replayed."""

    @initialize()
    def start(self) -> None:
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "library.sqlite3"
        self.library = Library.open(self.path, mode="write")
        self.library.portals.save(PORTAL, "Gia Viễn", ORIGIN, "giavien")
        self.scribe = Scribe(self.library)
        self.seen: list[tuple[Article, int]] = []
        self.fetched: list[tuple[Media, int]] = []

    def teardown(self) -> None:
        if hasattr(self, "library"):
            self.library.close()
            self.folder.cleanup()

    def take(self, media: Media, day: int) -> None:
        shown: Capture = making.capture(media.url, at(day))
        self.library.media.put(media, self.scribe.record(shown, "media"))

    @rule(looks=st.lists(st.tuples(pieces(), moments), min_size=1, max_size=3))
    def articles_are_seen(self, looks: list[tuple[Article, int]]) -> None:
        for piece, day in looks:
            self.scribe.see(piece, at(day))
        self.seen += looks

    @rule(arriving=st.lists(st.tuples(files, moments, st.integers(0, 9)), min_size=1, max_size=4))
    def files_arrive(self, arriving: list[tuple[str | None, int, int]]) -> None:
        for text, day, serial in arriving:
            media = Media(url=PDF, media_type="application/pdf", bytes=1, sha256=f"{serial:064}", text=text)
            self.take(media, day)
            self.fetched.append((media, day))

    @rule(piece=pieces())
    def a_transaction_fails(self, piece: Article) -> None:
        with suppress(ZeroDivisionError), self.library.transaction():
            self.scribe.see(piece, at(99))
            raise ZeroDivisionError

    @rule(gone=st.booleans())
    def articles_go_and_return(self, gone: bool) -> None:
        for number in self.library.articles.ids():
            self.library.articles.set_gone(number, at(70) if gone else None)

    @rule()
    def the_archive_is_rebuilt(self) -> None:
        with self.library.rebuilding(accept_loss=True) as draft:
            outer = self.library, self.scribe
            self.library, self.scribe = draft.library, Scribe(draft.library)
            for piece, day in self.seen:
                self.scribe.see(piece, at(day))
            for media, day in self.fetched:
                self.take(media, day)
            self.library, self.scribe = outer

    @rule()
    def captures_are_lost_and_articles_imported(self) -> None:
        exported = list(self.library.articles.stream(self.library.articles.ids()))
        with self.library.rebuilding(accept_loss=True):
            self.seen.clear()
            self.fetched.clear()
        for stored in exported:
            self.library.articles.restore(stored)

    @rule(is_reindexed=st.booleans())
    def the_library_is_opened_again(self, is_reindexed: bool) -> None:
        if is_reindexed:
            self.library.reindex()
        self.library.close()
        self.library = Library.open(self.path, mode="write")
        self.scribe = Scribe(self.library)

    @invariant()
    def the_index_is_what_the_articles_say(self) -> None:
        if hasattr(self, "library"):
            assert index.check(self.library._connection) == []

    @invariant()
    def search_finds_what_the_articles_say(self) -> None:
        if not hasattr(self, "library"):
            return
        said = {
            stored.row.id: {term for text in self.texts_of(stored) for term in terms(text)}
            for stored in self.library.articles.stream(self.library.articles.ids())
        }
        for word in ("nông", "thôn", "kĩ", "đang", "phụ", "lục"):
            twins = {"kĩ", "kỹ"} if word == "kĩ" else {word}
            expected = {number for number, words in said.items() if words & twins}
            found = self.library.search.ids(word)
            assert (set() if found.relaxed else set(found.ids)) == expected, word
        for word in ("nong", "dang", "hoa", "qd"):
            expected = {number for number, words in said.items() if word in set(map(fold_term, words))}
            assert set(self.library.search.ids(word).ids) == expected, word

    def texts_of(self, stored: StoredArticle) -> list[str]:
        article = stored.article
        files = [self.library.media.text_of(file.url) for file in article.attachments]
        parts = (article.title, article.summary, article.text, article.author, article.organisation, *files)
        return [part for part in parts if part]


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=20,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
