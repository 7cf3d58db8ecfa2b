from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gvreader.query import (
    as_typed,
    describe,
    matcher,
    parse,
    relaxed,
)
from gvreader.query.lexer import FIELDS
from gvreader.query.parser import MOST_WORDS
from gvreader.query.tree import (
    EVERYTHING,
    NOTHING,
    And,
    Either,
    InPlace,
    Is,
    Node,
    Not,
    Number,
    Or,
    Period,
    Text,
    positive_texts,
)
from gvreader.vietnamese.abbreviations import DEFAULT


def shape(node: Node) -> str:
    """The tree in a notation that is easy to write by hand."""
    if isinstance(node, Text):
        words = "+".join(("=" if word.exact else "") + word.term for word in node.words)
        field = "" if node.field == "any" else f"{node.field}:"
        return f"{field}{words}{'*' * node.prefix}"
    if isinstance(node, Either):
        return f"{shape(node.typed)}~{len(node.forms)}"
    if isinstance(node, And):
        return f"({' '.join(map(shape, node.children))})"
    if isinstance(node, Or):
        return f"({' | '.join(map(shape, node.children))})"
    if isinstance(node, Not):
        return f"-{shape(node.child)}"
    if isinstance(node, Number):
        return f"#{node.term}{'*' * node.prefix}"
    if isinstance(node, InPlace):
        return f"@{node.place}:{node.value}{'*' * node.prefix}"
    if isinstance(node, Is):
        return f"is:{node.state}"
    return f"{node.what}[{node.start or ''}..{node.end or ''})"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("làng nghề", "(làng nghề)"),
        ('"làng nghề" -cói', "(làng+nghề -cói)"),
        ("“làng nghề”", "làng+nghề"),
        ("«làng nghề»", "làng+nghề"),
        ("a OR b", "(a | b)"),
        ("a b OR c d", "((a b) | (c d))"),
        ("a (b OR c)", "(a (b | c))"),
        ("-(a b)", "-(a b)"),
        ('-"a b"', "-a+b"),
        ("a AND b", "(a b)"),
        ("nong*", "nong*"),
        ('"lang ngh"*', "lang+ngh*"),
        ("=NTM", "=ntm"),
        ('="Đặng Đình"', "=đặng+=đình"),
        ("-=nam", "-=nam"),
        ("title:cói", "title:cói"),
        ("Title:cói", "title:cói"),
        ('title:"làng nghề" author:hạ org:vhtt', "(title:làng+nghề author:hạ org:vhtt~3)"),
        ("title:(a OR b)", "(title:a | title:b)"),
        ("title:a*", "title:a*"),
        ("section:tin-tuc", "@section:tin-tuc"),
        ('section:"Tin tức" tag:cói* portal:giavien', "(@section:Tin tức @tag:cói* @portal:giavien)"),
        ("number:78/2008/QĐ-UBND", "#78/2008/qđ-ubnd"),
        ("number:78*", "#78*"),
        ("78/2008/QĐ-BNV", "78+2008+qđ+bnv"),
        ("78/2008/QĐ-UBND", "78+2008+qđ+ubnd"),
        ("P.GD&ĐT", "p+gd+đt~3"),
        ("HĐND-UBND", "hđnd+ubnd~1"),
        ("after:2023-01", "published[2023-01-01..)"),
        ("before:2023-02-15", "published[..2023-02-15)"),
        ("after:15/02/2023", "published[2023-02-15..)"),
        ("on:2023", "published[2023-01-01..2024-01-01)"),
        ("on:12/2023", "published[2023-12-01..2024-01-01)"),
        ("on:2023-02-07", "published[2023-02-07..2023-02-08)"),
        ("changed:>2024-01-01", "changed[2024-01-02..)"),
        ("changed:>=2024", "changed[2024-01-01..)"),
        ("changed:<2024-02", "changed[..2024-02-01)"),
        ("changed:<=2024-02", "changed[..2024-03-01)"),
        ("changed:2024-02", "changed[2024-02-01..2024-03-01)"),
        ("is:unread is:READ has:image", "(is:unread is:read is:image)"),
        ("-is:read -after:2023", "(-is:read -published[2023-01-01..))"),
        ("UBND", "ubnd~1"),
        ("-UBND", "-ubnd~1"),
        ("uy ban nhan dan", "(uy ban nhan dan)~1"),
        ("xã ủy ban nhân dân bạn", "(xã (ủy ban nhân dân)~1 bạn)"),
        ('"UBND"', "ubnd~1"),
        ('"ban UBND"', "ban+ubnd~1"),
        ("VHTT&DL", "vhtt+dl~2"),
    ],
)
def test_language(text: str, expected: str) -> None:
    assert shape(parse(text).root) == expected
    assert shape(parse(unicodedata.normalize("NFD", text)).root) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(a", "a"),
        ("a)", "a"),
        (")(", "(|)"),
        ("((a) b", "(a b)"),
        ("a OR", "(a or)"),
        ("OR a", "(or a)"),
        ("a OR OR b", "((a or) | b)"),
        ("AND", "and"),
        ('"a b', "(a b)"),
        ('5" a', "(5 a)"),
        ("- a", "a"),
        ("--a", "a"),
        ("a - b", "(a b)"),
        ("a -- b", "(a b)"),
        ("a-b", "a+b"),
        ("*", "(|)"),
        ("a*b", "a+b"),
        ("is:foo", "is+foo"),
        ("has:", "has"),
        ("after:xyz", "after+xyz"),
        ("after:2023-13", "after+2023+13"),
        ("on:31/02/2023", "on+31+02+2023"),
        ("changed:>", "changed"),
        ("before:99999", "before+99999"),
        ("title:", "title"),
        ("title:!", "(|)"),
        ("section:!", "section"),
        ("foo:bar", "foo+bar"),
        ("http://x.vn/a?b=c", "http+x+vn+a+b+c"),
        ("a^2 {b} [c] d~ e:f", "(a+2 b c d e+f)"),
        ("NEAR(a b)", "(near (a b))"),
        ("a NOT b", "(a not b)"),
        ("'; DROP TABLE articles; --", "(drop table articles)"),
        ("=", "(|)"),
        ("()", "(|)"),
        ("!!! … —", "(|)"),
        ("\ud800 a", "a"),
        ("a\x00b", "a+b"),
    ],
)
def test_what_means_nothing_is_text(text: str, expected: str) -> None:
    assert shape(parse(text).root).replace("()", "(|)") == expected


def test_nothing_typed_is_everything_and_punctuation_is_nothing() -> None:
    assert parse("").root == parse(" \u00a0\n").root == EVERYTHING
    assert parse("!?").root == NOTHING


QUERIES = st.lists(
    st.sampled_from(
        [
            "(",
            ")",
            '"',
            "“",
            "”",
            "-",
            "=",
            "*",
            ":",
            " ",
            " OR ",
            " AND ",
            "UBND",
            "ủy ban nhân dân",
            "hòa",
            "Đ",
            "78/2008/QĐ-UBND",
            "2023-02",
            ">",
            *(f"{field}:" for field in FIELDS),
        ]
    )
    | st.text(max_size=5),
    max_size=25,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(QUERIES | st.text())
def test_total(text: str) -> None:
    query = parse(text)
    describe(query)
    relaxed(query)
    as_typed(query)
    matcher(query).search(text)
    assert sum(len(words.words) for words in positive_texts(query.root)) < 2000


@settings(deadline=None)
@given(QUERIES)
def test_relaxing_leaves_no_marks_to_relax(text: str) -> None:
    once = relaxed(parse(text))
    assert relaxed(once) == once


def test_pathological_texts_are_quick_and_bounded() -> None:
    assert shape(parse("(" * 5000 + "a" + ")" * 5000).root) == "a"
    many = parse("cói " * 5000)
    assert len(list(positive_texts(many.root))) == MOST_WORDS
    parse('"' * 10_000)
    parse("-" * 10_000)
    parse("a" * 100_000)
    parse("title:" * 5000)
    assert isinstance(parse(" OR ".join("a" * 3000)).root, Or)


def test_the_table_of_abbreviations_may_be_longer() -> None:
    table = DEFAULT.extended({"TTGV": ["trang tin Gia Viễn"]})
    assert shape(parse("TTGV", table).root) == "ttgv~1"
    assert shape(parse("trang tin gia vien", table).root) == "(trang tin gia vien)~1"


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("", ""),
        ("uy ban nhan dan after:2023", "(uy ban nhan dan or UBND), from 01/01/2023"),
        ("UBND huyện", "(UBND or “ủy ban nhân dân”) huyện"),
        ("=NTM -is:read", "=NTM, not read"),
        ('title:"làng nghề" -cói', "title: “làng nghề” not cói"),
        ("a OR (b c*)", "a or (b c…)"),
        ("on:2023-02 tag:cói", "on 02/2023, tag: cói"),
        ("number:78/2008 changed:<2024", "document number 78/2008, changed before 01/01/2024"),
        ("!", "nothing"),
    ],
)
def test_understood(text: str, understood: str) -> None:
    assert describe(parse(text)) == understood


def test_dates_are_half_open() -> None:
    root = parse("on:2023-12-31").root
    assert root == Period("published", date(2023, 12, 31), date(2024, 1, 1))
