"""The full-text index says what the articles say, whatever happened to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gvreader.archive.library import Library, index
from gvreader.archive.library.connection import Connection
from gvreader.model import Attachment, Media
from gvreader.vietnamese.words import fold_term, terms

from . import making
from .making import Scribe, article, at

TEXTS = st.text() | st.text(
    alphabet="aàáđDĐ \u0300\u0301\u00ad\u200b\u200d_-/.'\"*²½ßΣςİKß字한국\ue000\x00\n09"
).filter(bool)


ARTICLES = (
    "CREATE TABLE articles "
    "(sk INTEGER PRIMARY KEY, title, summary, text, attachment_text, author, organisation, number)"
)
WORDS = (
    "nông",
    "thôn",
    "mới",
    "lúa",
    "xuân",
    "hòa",
    "bình",
    "Đặng",
    "Đình",
    "UBND",
    "huyện",
    "78/2008/QĐ-UBND",
)


def connection_of(library: Library) -> Connection:
    return library._connection


@pytest.fixture
def bare() -> Iterator[sqlite3.Connection]:
    """The index over a table of our own."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(f"{ARTICLES};" + index.SCHEMA)
        yield connection


def insert(connection: sqlite3.Connection, sk: int, text: str, *, number: str | None = None) -> None:
    connection.execute(
        "INSERT INTO articles (sk, title, text, number) VALUES (?, 'x', ?, ?)", (sk, text, number)
    )
    index.put(connection, sk)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_index_and_tokenizer_agree_on_what_a_word_is(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        f"{ARTICLES};" + index.SCHEMA + "CREATE VIRTUAL TABLE places USING fts5vocab(fx, instance);"
        "CREATE VIRTUAL TABLE folded_places USING fts5vocab(ff, instance);"
    )
    clean = text.replace("\0", "").encode("utf-8", "replace").decode()
    insert(connection, 7, clean)
    for table, expected in (("places", terms(clean)), ("folded_places", list(map(fold_term, terms(clean))))):
        found = connection.execute(f"SELECT term FROM {table} WHERE col = 'body' ORDER BY offset").fetchall()
        assert [term for (term,) in found] == expected
    for term in set(terms(clean)):
        rows = connection.execute("SELECT rowid FROM fx WHERE fx MATCH ?", (f'"{term}"',)).fetchall()
        assert rows == [(7,)]
    assert index.check(connection) == []
    index.remove(connection, 7)
    assert connection.execute("SELECT count(*) FROM places").fetchone() == (0,)
    connection.close()


def test_numbers_are_indexed_whole_and_from_each_slash(bare: sqlite3.Connection) -> None:
    insert(bare, 1, "Căn cứ Kế hoạch số 15-KH/HU", number="78/2008/QĐ-UBND")
    bare.execute("CREATE VIRTUAL TABLE places USING fts5vocab(fx, instance)")
    rows = bare.execute("SELECT term FROM places WHERE col = 'number' ORDER BY offset").fetchall()
    assert [term for (term,) in rows] == ["78/2008/qđ-ubnd", "2008/qđ-ubnd", "qđ-ubnd", "15-kh/hu"]
    assert bare.execute("SELECT 1 FROM vocabulary WHERE term LIKE '%/%'").fetchone() is None


def test_a_row_that_changed_too_early_is_noticed(bare: sqlite3.Connection) -> None:
    insert(bare, 1, "một hai ba")
    insert(bare, 2, "bốn năm sáu")
    bare.execute("UPDATE articles SET text = 'một hai' WHERE sk = 1")
    bare.execute("DELETE FROM articles WHERE sk = 2")
    with pytest.raises(RuntimeError, match="changed before"):
        index.remove(bare, 1)
    with pytest.raises(RuntimeError, match="deleted before"):
        index.remove(bare, 2)
    with pytest.raises(RuntimeError, match="no article"):
        index.put(bare, 3)
    index.remove(bare, 3)


def test_check_tells_what_is_wrong_and_refill_mends_it(bare: sqlite3.Connection) -> None:
    for sk in range(1, 30):
        insert(bare, sk, f"bài số {sk} đất đai")
    assert index.check(bare) == []
    bare.execute("UPDATE articles SET text = 'bài khác hẳn với chỉ mục' WHERE sk = 5")
    bare.execute("UPDATE articles SET text = 'bài số 999 đất đai' WHERE sk = 6")
    bare.execute("DELETE FROM articles WHERE sk = 7")
    bare.execute("INSERT INTO articles (sk, title, text) VALUES (100, 'x', 'chưa có')")
    findings = "\n".join(index.check(bare))
    assert "the article at 5 is not what the index holds" in findings
    assert "the index (fx) holds 7, which is no article" in findings
    assert "the article at 100 is not in the index" in findings
    assert "'999'" in findings or "'6'" in findings
    done: list[int] = []
    index.refill(bare, done.append)
    assert index.check(bare) == []
    assert done[-1] == 29


def test_a_term_that_the_vocabulary_lacks_is_noticed(bare: sqlite3.Connection) -> None:
    insert(bare, 1, "đất đai")
    bare.execute("DELETE FROM vocabulary WHERE term = 'đất'")
    assert index.check(bare) == ["the vocabulary does not know 'đất'"]


def test_an_index_of_other_rules_is_outdated(bare: sqlite3.Connection) -> None:
    assert not index.outdated(bare)
    bare.execute("UPDATE index_state SET value = 0 WHERE name = 'version'")
    assert index.outdated(bare)
    assert index.check(bare) != []
    index.refill(bare)
    assert not index.outdated(bare)


def test_counts_follow_the_archive(bare: sqlite3.Connection) -> None:
    for sk in range(1, 100):
        insert(bare, sk, "lúa nếp" if sk % 2 else "lúa tẻ")
    counts = dict(bare.execute("SELECT term, documents FROM vocabulary"))
    assert counts["lúa"] >= 80
    assert abs(counts["lúa"] - 2 * counts["nếp"]) <= 2


def test_random_histories_leave_no_trace(tmp_path: Path, scribe: Scribe, library: Library) -> None:
    random = Random(5)
    url = "https://giavien.ninhbinh.gov.vn/public/a.pdf"
    for step in range(120):
        serial = str(random.randrange(12))
        text = " ".join(random.choices(WORDS, k=random.randrange(1, 30)))
        piece = replace(
            article(text, serial),
            title=" ".join(random.choices(WORDS, k=3)),
            published=random.choice([None, date(2023, 2, random.randrange(1, 6))]),
            author=random.choice([None, "Hồng Hạ", "Lê Văn Ất"]),
            summary=random.choice([None, "Tóm tắt"]),
            number=random.choice([None, "12/BC-UBND"]),
            attachments=random.choice([(), (Attachment(url=url, name="a.pdf"),)]),
        )
        action = random.randrange(10)
        if action < 8:
            scribe.see(piece, at(random.uniform(0, 100)))
        elif action == 8:
            library.media.put(
                Media(url=url, media_type="application/pdf", bytes=1, sha256=f"{step:064}", text=text),
                scribe.record(making.capture(url, at(step)), "media"),
            )
        else:
            with suppress(ZeroDivisionError), library.transaction():
                scribe.see(piece, at(200))
                raise ZeroDivisionError
        if step % 20 == 0:
            assert index.check(connection_of(library)) == []
    connection = connection_of(library)
    assert index.check(connection) == []
    before = {
        query: list(library.search.ids(query).ids) for query in ("", *WORDS, "nong*", "number:12/BC-UBND")
    }
    with library.transaction():
        index.refill(connection)
    assert index.check(connection) == []
    assert {query: list(library.search.ids(query).ids) for query in before} == before


def test_a_writer_brings_an_index_of_other_rules_up_to_date(
    path: Path, library: Library, scribe: Scribe
) -> None:
    scribe.see(article("lúa nếp", "1"), at(0))
    with library.transaction():
        connection_of(library).execute("UPDATE index_state SET value = 0 WHERE name = 'version'")
        connection_of(library).execute("INSERT INTO fx (fx) VALUES ('delete-all')")
    library.close()
    with Library.open(path, mode="read") as reader:
        assert [(found.where, found.repairable) for found in reader.check()] == [("index", True)]
    with Library.open(path, mode="write") as again:
        assert again.search.count("nếp") == 1
        assert again.check() == ()


def test_a_reader_sees_articles_and_index_change_together(
    path: Path, scribe: Scribe, library: Library
) -> None:
    scribe.see(article("lúa nếp", "1"), at(0))
    with Library.open(path, mode="read") as reader:
        with library.transaction():
            scribe.see(article("lúa tẻ", "1"), at(1))
            assert reader.search.count("nếp") == 1
            assert reader.search.count("tẻ") == 0
        assert reader.search.count("nếp") == 0
        assert reader.search.count("tẻ") == 1
