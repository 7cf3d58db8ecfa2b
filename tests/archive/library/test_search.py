from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gvreader.archive.library import Library
from gvreader.archive.library.search import phrases, planner
from gvreader.archive.library.search.search import TOTAL_LIMIT, Sort
from gvreader.archive.library.search.snippets import WIDTH
from gvreader.model import (
    PORTAL_TIME,
    Article,
    Attachment,
    Image,
    Media,
    SectionRef,
)

from . import making
from .making import CULTURE, NEWS, Scribe, article, at

SYLLABLES = ("ban", "bàn", "bản", "kỳ", "ký", "kí", "ky", "tỷ", "tỉ", "dong", "đồng", "động", "UBND", "x")
LINE = "Đoàn kiểm tra làm việc với lãnh đạo huyện về công tác văn hóa."


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def store(scribe: Scribe, serial: int, title: str, text: str = LINE, /, **fields: object) -> int:
    piece = replace(article(text, str(serial)), title=title, **fields)  # type: ignore[arg-type]
    return store_article(scribe, piece)


def store_article(scribe: Scribe, piece: Article, days: float = 0) -> int:
    number = scribe.see(piece, at(days))
    for section in piece.sections:
        scribe.library.articles.put_in_section(
            number, scribe.library.sections.save(making.PORTAL, section, at(0))
        )
    return number


def ids(library: Library, query: str) -> list[int]:
    return list(library.search.ids(query).ids)


@pytest.fixture
def five(scribe: Scribe) -> tuple[int, ...]:
    """Five articles that differ in every field."""
    first = store(
        scribe,
        1,
        "Làng nghề cói Kim Sơn",
        published=date(2022, 12, 31),
        author="Hồng Hạ",
        organisation="Trung tâm VHTT&TT",
        sections=(NEWS,),
    )
    second = store(
        scribe,
        2,
        "Hội thi thể thao",
        "Vận động viên làng nghề thi đấu. Cói khô.",
        published=datetime(2023, 1, 1, 0, 5, tzinfo=PORTAL_TIME),
        author="T.H",
        organisation=None,
        sections=(CULTURE,),
        images=(Image(url="https://x.vn/a.png"),),
    )
    third = store(
        scribe,
        3,
        "Quyết định số 78/2008/QĐ-UBND",
        published=date(2023, 2, 7),
        author=None,
        organisation="Sở Nội vụ",
        number="78/2008/QĐ-UBND",
        sections=(NEWS, CULTURE),
        attachments=(Attachment(url="https://x.vn/a.pdf", name="a.pdf"),),
    )
    nobody = {"author": None, "organisation": None}
    fourth = store(
        scribe,
        4,
        "Giới thiệu chung",
        published=None,
        sections=(SectionRef(slug="gioi-thieu", title="Giới thiệu"),),
        **nobody,
    )
    fifth = store(
        scribe,
        5,
        "Tin mới",
        "Tin hôm nay.",
        published=date(2024, 5, 1),
        sections=(NEWS,),
        summary="Tóm tắt cói.",
        **nobody,
    )
    library = scribe.library
    library.marks.set_read([first], True)
    library.marks.set_starred([second], True)
    library.marks.tag([third, fifth], "Đọc sau")
    library.articles.set_gone(fifth, at(900))
    return first, second, third, fourth, fifth


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "52134"),
        ("title:cói", "1"),
        ("cói", "521"),
        ("cói -title:cói", "52"),
        ("title:lang title:nghe", "1"),
        ('title:"nghề làng"', ""),
        ("author:hạ", "1"),
        ("author:ha", "1"),
        ("author:hà", "1"),
        ('author:"t.h"', "2"),
        ("org:vhtt", "1"),
        ("org:so", "3"),
        ('"hồng hạ"', "1"),
        ("section:tin-tuc", "531"),
        ('section:"Tin tức"', "531"),
        ('section:"tin tuc"', "531"),
        ('section:"Tin túc"', ""),
        ("section:van-hoa", "32"),
        ("section:văn*", "32"),
        ("section:gioi*", "4"),
        ("section:khong-co", ""),
        ("-section:tin-tuc", "24"),
        ("section:tin-tuc section:van-hoa", "3"),
        ("section:gioi-thieu OR section:van-hoa", "324"),
        ("portal:giavien", "52134"),
        ('portal:"Gia Viễn" cói', "521"),
        ("portal:khac", ""),
        ('tag:"đọc sau"', "53"),
        ("tag:doc*", "53"),
        ("tag:sau", ""),
        ("-tag:doc-sau", "214"),
        ("number:78/2008/QĐ-UBND", "3"),
        ("number:79/2008/QĐ-UBND", ""),
        ("after:2023", "532"),
        ("after:2023-02", "53"),
        ("after:2023-02-07", "53"),
        ("after:2023-02-08", "5"),
        ("before:2023", "1"),
        ("before:2023-02-07", "21"),
        ("on:2023", "32"),
        ("on:2023-01-01", "2"),
        ("on:2022-12", "1"),
        ("after:2022-12 before:2023-02", "21"),
        ("-after:2023", "14"),
        ("on:2022 OR on:2024", "51"),
        ("is:read", "1"),
        ("is:unread", "5324"),
        ("is:starred", "2"),
        ("is:gone", "5"),
        ("is:changed", ""),
        ("-is:gone is:unread", "324"),
        ("has:image", "2"),
        ("has:attachment", "3"),
        ("has:image OR is:read", "21"),
        ("(cói OR quyết) section:tin-tuc", "531"),
        ("(is:starred OR tin) -section:van-hoa", "5"),
        ("changed:>=2023", "52134"),
        ("changed:<2023", ""),
        ("cói after:2023 OR is:read", "521"),
        ("-(cói OR is:read)", "34"),
        ("-cói", "34"),
        ("!!!", ""),
        ("xã OR cói", "521"),
        ("c* -cói", "34"),
    ],
)
def test_fields(library: Library, five: tuple[int, ...], query: str, expected: str) -> None:
    wanted = [five[int(name) - 1] for name in expected]
    wanted.sort(key=lambda number: ids(library, "").index(number))
    assert ids(library, query) == wanted
    assert library.search.count(query) == len(wanted)


def test_changed_articles(scribe: Scribe, library: Library) -> None:
    number = store(scribe, 1, "Tin")
    other = store(scribe, 2, "Tin khác")
    assert ids(library, "is:changed") == []
    store_article(scribe, replace(article("Đã sửa.", "1"), title="Tin"), days=400)
    assert ids(library, "is:changed") == [number]
    assert ids(library, "changed:>=2024") == [number]
    assert ids(library, "changed:2023") == [other]
    assert ids(library, "sửa") == [number]
    assert ids(library, "văn") == [other]


def test_pages_totals_and_order(scribe: Scribe, library: Library) -> None:
    with library.transaction():
        numbers = [scribe.see(piece, at(0)) for piece in making.many(40)]
    newest = numbers[::-1]
    for offset in (0, 7, 33, 40):
        page = library.search.find("tin", limit=7, offset=offset)
        assert [hit.row.id for hit in page.hits] == newest[offset : offset + 7]
        assert page.total == 40
        ranked = library.search.find("tin", sort="relevance", limit=7, offset=offset)
        every = list(library.search.ids("tin", sort="relevance").ids)
        assert [hit.row.id for hit in ranked.hits] == every[offset : offset + 7]
        assert ranked.total == 40
    oldest = library.search.find("", sort="oldest", limit=3)
    assert [hit.row.id for hit in oldest.hits] == numbers[:3]
    nothing = library.search.find("không có gì như thế", limit=7)
    assert (nothing.hits, nothing.total, nothing.relaxed) == ((), 0, False)


def test_totals_beyond_the_limit(scribe: Scribe, library: Library) -> None:
    with library.transaction():
        for piece in making.many(TOTAL_LIMIT + 20):
            scribe.see(piece, at(0))
    sorts: tuple[Sort, ...] = ("newest", "relevance")
    for sort in sorts:
        some = library.search.find("nội", sort=sort, limit=2)
        assert (some.total, some.is_counted) == (TOTAL_LIMIT, False)
    assert library.search.count("nội") == TOTAL_LIMIT + 20
    assert len(library.search.ids("nội").ids) == TOTAL_LIMIT + 20


@example(texts=["ký ban", "kỳ ban", "kỳ ban", "kỳ ban"], phrase="ký ban")
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=12).map(" ".join), min_size=1, max_size=6
    ),
    st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=4).map(" ".join),
)
def test_phrases_with_many_spellings_are_found_as_those_with_few(
    monkeypatch_module: pytest.MonkeyPatch, texts: list[str], phrase: str
) -> None:
    with TemporaryDirectory() as folder, Library.open(Path(folder) / "l.sqlite3", mode="write") as library:
        library.portals.save(making.PORTAL, "Gia Viễn", making.ORIGIN, "giavien")
        scribe = Scribe(library)
        with library.transaction():
            for serial, text in enumerate(texts):
                store(scribe, serial, "Tin", text.replace("ban", "ban,\n\n*** "))
        query = f'"{phrase}"'
        found = []
        for most in (1000, 1):
            monkeypatch_module.setattr(planner, "_MOST_PHRASES", most)
            found.append(library.search.ids(query))
        assert found[0] == found[1]
        sorts: tuple[Sort, ...] = ("newest", "relevance")
        for (few, looked_into), sort in product(((0, 1500), (0, 3), (1000, 1500)), sorts):
            monkeypatch_module.setattr(planner, "_FEW_PHRASES", few)
            monkeypatch_module.setattr(phrases, "MOST_LOOKED_INTO", looked_into)
            page = library.search.find(query, sort=sort)
            assert [hit.row.id for hit in page.hits] == list(library.search.ids(query, sort=sort).ids)
            assert (page.total, page.is_counted) == (len(found[0].ids), True)
            assert page.relaxed is found[0].relaxed
            assert max((hit.score for hit in page.hits), default=1) in (1, 0 if sort == "newest" else 1)


# ── ranking ─────────────────────────────────────────────────────────────────────────────────────


def ranking(library: Library, query: str) -> list[int]:
    return [hit.row.id for hit in library.search.find(query, sort="relevance").hits]


def test_title_before_summary_before_body_before_attachment(scribe: Scribe, library: Library) -> None:
    day = date(2023, 2, 7)
    filler = " ".join(f"chữ{number}" for number in range(40))
    for number in range(10, 20):
        store(scribe, number, "Tin khác", filler, published=day)
    in_body = store(scribe, 1, "Tin", f"{filler} lúa {filler}", published=day)
    in_summary = store(scribe, 2, "Tin", filler, summary="Vụ lúa", published=day)
    in_title = store(scribe, 3, "Giống lúa", filler, published=date(2012, 1, 1))
    url = "https://giavien.ninhbinh.gov.vn/public/a.pdf"
    in_file = store(scribe, 4, "Tin", filler, attachments=(Attachment(url=url, name="a.pdf"),), published=day)
    library.media.put(
        Media(url=url, media_type="application/pdf", bytes=9, sha256="0" * 64, text=f"{filler} lúa {filler}"),
        scribe.record(making.capture(url, at(0)), "media"),
    )
    assert ranking(library, "lúa") == [in_title, in_summary, in_body, in_file]
    hits = {hit.row.id: hit for hit in library.search.find("lúa", sort="relevance").hits}
    assert hits[in_title].where == "title"
    assert hits[in_title].snippet == "Giống \ue000lúa\ue001"
    assert hits[in_summary].where == "summary"
    assert hits[in_body].where == "text"
    assert ids(library, "file:lúa") == [in_file]
    assert ids(library, "tệp:lua") == [in_file]
    assert set(ids(library, "-file:lúa lúa")) == {in_title, in_summary, in_body}
    assert ranking(library, "file:lúa lúa") == [in_file]
    assert hits[in_file].where == "attachment"
    assert "\ue000lúa\ue001" in hits[in_file].snippet


def test_exact_above_relaxed_even_when_older_and_not_in_the_title(scribe: Scribe, library: Library) -> None:
    relaxed = store(scribe, 1, "Nắm bắt tình hình", "Nắm nắm nắm.", published=date(2024, 1, 1))
    exact = store(scribe, 2, "Tin", f"{LINE} {LINE} Ông Nam.", published=date(2010, 1, 1))
    assert ranking(library, "nam") == [exact, relaxed]
    twin = store(scribe, 3, "Kĩ thuật", "Kĩ thuật kĩ thuật.", published=date(2024, 1, 1))
    own = store(scribe, 4, "Tin", f"{LINE} kỹ thuật.", published=date(2010, 1, 1))
    assert ranking(library, "kỹ thuật") == [own, twin]


def test_words_together_above_words_apart(scribe: Scribe, library: Library) -> None:
    apart = store(scribe, 1, "Tin", "Lúa chín. Đồng bào ra đồng gặt. Nếp cái.", published=date(2023, 1, 2))
    together = store(scribe, 2, "Tin", "Lúa nếp chín. Đồng bào ra đồng. Gặt cái.", published=date(2023, 1, 1))
    for number in range(10, 15):
        store(scribe, number, "Tin khác")
    assert ranking(library, "lúa nếp") == [together, apart]


def test_recent_above_old_when_all_else_is_equal(scribe: Scribe, library: Library) -> None:
    old = store(scribe, 1, "Tin", "Mùa lúa mới.", published=date(2012, 1, 1))
    new = store(scribe, 2, "Tin", "Mùa lúa mới.", published=date(2023, 1, 1))
    undated = store(scribe, 3, "Tin", "Mùa lúa mới.", published=None)
    for number in range(10, 15):
        store(scribe, number, "Tin khác")
    assert ranking(library, "lúa") == [new, old, undated]


# ── snippets ────────────────────────────────────────────────────────────────────────────────────


def snippet(library: Library, query: str) -> str:
    (hit,) = library.search.find(query).hits
    return hit.snippet.replace("\ue000", "[").replace("\ue001", "]")


def test_snippets_begin_and_end_with_sentences(scribe: Scribe, library: Library) -> None:
    store(
        scribe,
        1,
        "Tin",
        "Câu mở đầu rất dài nói về việc khác, không có gì đáng tìm ở đây cả, chỉ để cho dài ra mà thôi. Huyện uỷ "
        "Gia Viễn họp bàn về nông nghiệp; xã Gia Lập dẫn đầu phong trào thi đua yêu nước, "
        "các xã khác theo sau không xa, và mọi người đều vui. Sau đó mọi người ra về, và câu này "
        "cũng rất dài để cho đoạn trích phải dừng lại trước khi nó kết thúc ở một chỗ nào đó rất xa về phía sau."
        * 2,
    )
    found = snippet(library, "huyện ủy")
    assert found.startswith("[Huyện] [uỷ] Gia Viễn họp bàn")
    assert found.endswith("đều vui.")
    assert snippet(library, "nong nghiep").count("[") == 2


def test_snippets_cut_long_sentences_at_words(scribe: Scribe, library: Library) -> None:
    words = " ".join(f"từ{number}" for number in range(300))
    store(scribe, 1, "Tin", f"{words} Đặng {words}")
    found = snippet(library, "dang")
    assert found.startswith("… từ")
    assert found.endswith(" …")
    assert "[Đặng]" in found
    assert len(found) <= WIDTH + 10
    assert all(word in f"{words} … [Đặng]".split() for word in found.split())


def test_the_snippet_covers_most_of_the_query(scribe: Scribe, library: Library) -> None:
    filler = "Đoạn này nói chuyện khác. " * 30
    store(scribe, 1, "Tin", f"Lúa. {filler} Lúa và ngô. {filler} Lúa, ngô và khoai. {filler}")
    assert snippet(library, "khoai lúa ngô").startswith("[Lúa], [ngô] và [khoai].")


def test_markers_in_the_page_are_not_ours(scribe: Scribe, library: Library) -> None:
    store(scribe, 1, "Tin \ue000giả\ue001", "Một \ue000câu\ue001 có lúa.")
    assert snippet(library, "lúa") == "Một câu có [lúa]."
    assert snippet(library, "gia") == "Tin [giả]"
    assert "\ue000" not in library.search.find("").hits[0].snippet


def test_without_words_the_snippet_is_the_beginning(scribe: Scribe, library: Library) -> None:
    store(scribe, 1, "Tin", f"Câu đầu.\n\n{LINE * 20}")
    assert snippet(library, "is:unread").startswith("Câu đầu. Đoàn kiểm tra")
    assert library.search.find("lãnh", snippets=False).hits[0].snippet == ""


def test_a_word_whose_twin_alone_is_known_finds_no_other_spelling(scribe: Scribe, library: Library) -> None:
    store(scribe, 1, "Tin", "ban kỳ")
    assert library.search.ids("ban kí").relaxed
    store(scribe, 2, "Tin", "ban ký")
    assert not library.search.ids("ban kí").relaxed
    assert len(library.search.ids("ban kí").ids) == 1


# ── help ────────────────────────────────────────────────────────────────────────────────────────


def suggested(library: Library, query: str) -> str | None:
    suggestion = library.search.suggest(query)
    return None if suggestion is None else f"{suggestion.reason}: {suggestion.text}"


def test_suggestions(scribe: Scribe, library: Library) -> None:
    store(scribe, 1, "Xây dựng nông thôn mới", "Huyện Gia Viễn chuyển đổi số.")
    assert suggested(library, "noong thoon mowis") == "keyboard: nông thôn mới"
    # What the keys spell, as the archive writes it.
    assert suggested(library, "nongj thoon mowis") == "keyboard: nông thôn mới"
    telex = library.search.suggest("nongj thoon mowis")
    assert telex is not None
    assert telex.decoded == "nọng thôn mới"
    assert suggested(library, "chuye6n3 d9o6i3 so61") == "keyboard: chuyển đổi số"
    assert suggested(library, "nong thnô moi") is not None
    assert suggested(library, "nogn thon") == "spelling: nong thon"
    assert suggested(library, "nongthon moi") == "spelling: nong thon moi"
    assert suggested(library, "huyện Gia Viênx") is not None
    assert suggested(library, "qqqqqqq") is None
    assert suggested(library, "") is None
    assert suggested(library, "(((") is None


def completed(library: Library, text: str) -> list[str]:
    return [text[: found.start] + found.text + text[found.end :] for found in library.search.complete(text)]


def test_completion(library: Library, five: tuple[int, ...]) -> None:
    assert completed(library, "cói ti") == ["cói title:"]
    assert completed(library, "-sec") == ["-section:"]
    assert completed(library, "section:ti") == ["section:tin-tuc"]
    assert completed(library, "section:tức") == ["section:tin-tuc"]
    assert set(completed(library, "section:")) == {"section:tin-tuc", "section:van-hoa", "section:gioi-thieu"}
    assert completed(library, "tag:sau") == ['tag:"Đọc sau"']
    assert completed(library, "portal:gia") == ["portal:giavien"]
    assert completed(library, "is:st") == ["is:starred"]
    assert completed(library, "has:") == ["has:image", "has:attachment"]
    assert completed(library, "cói ") == []
    assert completed(library, "after:20") == []
    assert len(library.search.complete("is: cói", 3)) == 5


def test_more_like_this(scribe: Scribe, library: Library) -> None:
    rice = "Nông dân xã Gia Lập gieo cấy lúa xuân, giống lúa nếp, phòng trừ sâu bệnh cho lúa."
    sport = "Giải bóng chuyền huyện có tám đội, vận động viên thi đấu sôi nổi, trao cờ cho đội thắng."
    one = store(scribe, 1, "Gieo cấy lúa xuân", rice)
    two = store(
        scribe, 2, "Phòng trừ sâu bệnh hại lúa", "Sâu bệnh hại lúa xuân tại xã Gia Lập, nông dân cần chú ý."
    )
    three = store(scribe, 3, "Giải bóng chuyền", sport)
    four = store(
        scribe, 4, "Khai mạc giải bóng chuyền", "Tám đội bóng chuyền huyện dự giải, trao cờ lưu niệm."
    )
    for number in range(10, 40):
        store(scribe, number, f"Tin số {number}")
    assert library.search.more_like(one, limit=1)[0].id == two
    assert library.search.more_like(three, limit=1)[0].id == four
    assert one not in [row.id for row in library.search.more_like(one, limit=50)]
    assert library.search.more_like(12345) == ()


def test_explain(library: Library, five: tuple[int, ...]) -> None:
    explained = library.search.explain("cói -nghề after:2023")
    assert explained.understood == "cói not nghề, from 01/01/2023"
    assert explained.total == 1
    assert dict(explained.parts) == {"cói": 3, "not nghề": 3, "from 01/01/2023": 3}
    assert not explained.relaxed
    assert library.search.explain("cỏi").relaxed
    assert library.search.explain("noong zzz").total == 0


def test_more_abbreviations(scribe: Scribe, library: Library) -> None:
    number = store(scribe, 1, "Tin", "Trang tin Gia Viễn.")
    assert ids(library, "TTGV") == []
    library.search.abbreviations = library.search.abbreviations.extended({"TTGV": ["trang tin Gia Viễn"]})
    assert ids(library, "TTGV") == [number]


# ── any text ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Library:
    opened = Library.open(tmp_path_factory.mktemp("any") / "library.sqlite3", mode="write")
    opened.portals.save(making.PORTAL, "Gia Viễn", making.ORIGIN, "giavien")
    scribe = Scribe(opened)
    for number in range(1, 8):
        store(
            scribe,
            number,
            f"Nông thôn mới {number}",
            f"UBND huyện, số {number}/2008/QĐ-UBND; hoà bình, đất đai.",
        )
    return opened


PIECES = st.sampled_from(
    [
        "(",
        ")",
        '"',
        "-",
        "=",
        "*",
        ":",
        " ",
        " OR ",
        "AND",
        "NEAR(",
        "{title}",
        "^",
        "+",
        "'",
        ";",
        "%",
        "_",
        "\x00",
        "title:",
        "is:",
        "is:read ",
        "after:2023 ",
        "section:",
        "tag:x",
        "number:7",
        "UBND",
        "nong",
        "hoà",
        "đ",
        "đô*",
        '"nông thon mới',
        "\ue000",
        "\u0301",
    ]
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES | st.text(max_size=4), max_size=14).map("".join))
def test_no_text_is_an_error(small: Library, text: str) -> None:
    search = small.search
    found = search.ids(text)
    assert search.count(text) == len(found.ids) <= 7
    page = search.find(text, sort="relevance")
    assert {hit.row.id for hit in page.hits} == set(found.ids)
    assert page.total == len(found.ids)
    assert page.relaxed == found.relaxed
    search.complete(text)
    search.explain(text)


def test_texts_that_are_large_or_deep(small: Library) -> None:
    for text in (
        "nông " * 3000,
        "(" * 3000,
        "nong* " * 200,
        '"' + "nong " * 60 + '"',
        "n* d* h* u* m*",
        " OR ".join(["hoà"] * 500),
        "-" * 999,
        "a" * 99_999,
    ):
        small.search.find(text, sort="relevance")
        small.search.count(text)
