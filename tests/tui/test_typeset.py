"""An article as a column of type."""

from __future__ import annotations

from datetime import date, datetime, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from gvreader.model import (
    Article,
    ArticleRow,
    Attachment,
    Block,
    BlockKind,
    Image,
    Marks,
    SectionRef,
    Span,
    StoredArticle,
)
from gvreader.tui.view.cells import width
from gvreader.tui.view.document import compose
from gvreader.tui.view.match_spans import find_matches
from gvreader.tui.view.typeset import TypesetText, break_lines

SEEN = datetime(2023, 2, 8, 3, 0, tzinfo=timezone.utc)  # noqa: UP017


def stored(article: Article, *, revision: int = 1, gone: datetime | None = None) -> StoredArticle:
    row = ArticleRow(
        id=1,
        key="giavien:882",
        portal="giavien",
        url=article.url,
        kind=article.kind,
        sections=(SectionRef(slug="tin-tuc", title="Tin tức"),),
        title=article.title,
        summary=article.summary,
        published=article.published,
        author=article.author,
        organisation=article.organisation,
        language="vi",
        marks=Marks(tags=("nông nghiệp",)),
        gone=gone,
        revision=revision,
        words=article.words,
        changed=SEEN,
    )
    return StoredArticle(
        row=row,
        article=article,
        first_seen=SEEN,
        fetched=SEEN,
        changed=SEEN,
        content_sha256="0",
        evidence=None,
    )


def text_of(setting: TypesetText) -> str:
    return "\n".join(setting.text(line).rstrip() for line in range(len(setting.lines)))


def paragraph(text: str, kind: BlockKind = "paragraph", **more: object) -> Block:
    return Block(kind=kind, spans=(Span(text=text),), **more)  # type: ignore[arg-type]


RICH = Article(
    url="https://giavien.ninhbinh.gov.vn/a-882.html",
    title="Hội nghị kiểm điểm công tác chỉ đạo, điều hành",
    published=date(2023, 2, 7),
    author="Hồng Hạ",
    organisation="Trung tâm VHTT&TT",
    blocks=(
        paragraph("Sáng ngày 07/2, UBND huyện tổ chức Hội nghị."),
        paragraph("Kết quả", "heading", level=2),
        paragraph("Thu ngân sách", "item"),
        paragraph("Nông thôn mới", "item"),
        paragraph("một", "item", ordered=True, level=1),
        paragraph("hai", "item", ordered=True, level=1),
        Block(kind="table", rows=(("STT", "Xã"), ("1", "Gia Hòa"), ("2", "Liên Sơn"))),
        paragraph("Kỷ cương, trách nhiệm", "quote"),
        Block(kind="figure", image=0),
        Block(kind="paragraph", spans=(Span(text="Xem "), Span(text="tại đây", href="https://a.vn/x"))),
        paragraph("  hàng 1\n    hàng 2", "preformatted"),
    ),
    images=(Image(url="https://a.vn/i.jpg", caption="Quang cảnh hội nghị"),),
    attachments=(Attachment(url="https://a.vn/q.pdf", name="Quyết định 12.pdf", bytes=1_234_567),),
    related=("https://giavien.ninhbinh.gov.vn/bai-khac-7.html",),
)


def test_every_part_is_set_in_its_place() -> None:
    composition = compose(stored(RICH, revision=2, gone=SEEN))
    lines = text_of(break_lines(composition.pieces, 60)).split("\n")
    assert lines == [
        "Hội nghị kiểm điểm công tác chỉ đạo, điều hành",
        "",
        "Tuesday, 7 Feb 2023 · Hồng Hạ (Trung tâm VHTT&TT)",
        "Tin tức · 41 words  #nông nghiệp",
        "",
        "✕ Taken off the portal, noticed 8 Feb 2023; this is the",
        "archived copy",
        "≠ Revised 1 time; press d to see what changed",
        "",
        "Sáng ngày 07/2, UBND huyện tổ chức Hội nghị.",
        "",
        "Kết quả",
        "",
        "– Thu ngân sách",
        "– Nông thôn mới",
        "  1. một",
        "  2. hai",
        "",
        "STT  Xã",
        "───  ────────",
        "1    Gia Hòa",
        "2    Liên Sơn",
        "",
        "▏ Kỷ cương, trách nhiệm",
        "",
        "▒ Quang cảnh hội nghị [i1]",
        "",
        "Xem tại đây[1]",
        "",
        "    hàng 1",
        "      hàng 2",
        "",
        "▤ Quyết định 12.pdf  1.2 MB [2]",
        "",
        "",
        "RELATED",
        "– Bai khac [3]",
        "",
        "",
        "⁂",
        "",
        "https://giavien.ninhbinh.gov.vn/a-882.html",
        lines[-1],
    ]
    assert lines[-1].endswith("· giavien:882")
    assert [link.target for link in composition.links] == [
        "https://a.vn/x",
        "https://a.vn/q.pdf",
        *RICH.related,
    ]


def test_related_articles_of_the_archive_are_called_by_their_titles() -> None:
    composition = compose(stored(RICH), related={RICH.related[0]: "Bài khác\x1b"})
    assert "– Bài khác␛ [3]" in text_of(break_lines(composition.pieces, 60))


def test_a_number_never_stands_alone_on_a_line() -> None:
    title = "Thông xe cầu Gia Xuân bắc qua sông Hoàng Long"
    related = {RICH.related[0]: title}
    for measure in range(24, 60):
        lines = text_of(break_lines(compose(stored(RICH), related=related).pieces, measure)).splitlines()
        assert any(line.strip().endswith("Long [3]") for line in lines), measure


def test_a_table_too_wide_for_its_column_becomes_records() -> None:
    head = ("STT", "Họ và tên", "Năm sinh", "Đơn vị")
    table = Block(kind="table", rows=(head, ("1", "Trần Văn A", "1980", "xã Gia Hòa")))
    lines = text_of(break_lines(compose(stored(Article(url="u", title="t", blocks=(table,)))).pieces, 24))
    assert "Họ và tên: Trần Văn A\nNăm sinh: 1980" in lines


def test_a_page_without_text_says_so() -> None:
    shown = text_of(break_lines(compose(stored(Article(url="u", title=""))).pieces, 60))
    assert "(no title)" in shown
    assert "(This page has no text.)" in shown


spans = st.builds(
    Span,
    text=st.text(st.sampled_from("aệ 中\n\t\x1b\u202e[]0🙂"), max_size=80),
    href=st.none() | st.just("https://a.vn/"),
    strong=st.booleans(),
)
blocks = st.builds(
    Block,
    kind=st.sampled_from(["heading", "paragraph", "item", "table", "quote", "preformatted", "figure"]),
    spans=st.lists(spans, max_size=4).map(tuple),
    level=st.integers(-1, 12),
    ordered=st.booleans(),
    rows=st.lists(st.lists(st.text("aệ中 \x1b", max_size=30), max_size=6).map(tuple), max_size=4).map(tuple),
    image=st.none() | st.integers(-1, 2),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(blocks, max_size=8), st.integers(1, 120))
def test_any_article_fits_any_measure(body: list[Block], measure: int) -> None:
    article = Article(url="u", title="t", blocks=tuple(body), images=(Image(url="i", caption="c"),))
    setting = break_lines(compose(stored(article)).pieces, measure)
    for line in range(len(setting.lines)):
        text = setting.text(line)
        assert "\x1b" not in text
        assert "\u202e" not in text
        if measure >= 30:
            assert width(text) <= measure


@settings(max_examples=30, deadline=None)
@given(st.lists(blocks, max_size=8), st.integers(20, 120), st.integers(20, 120))
def test_a_place_in_the_article_survives_a_change_of_measure(body: list[Block], one: int, other: int) -> None:
    pieces = compose(stored(Article(url="u", title="t", blocks=tuple(body)))).pieces
    narrow, wide = break_lines(pieces, one), break_lines(pieces, other)
    tables = any(piece.rows for piece in pieces)
    for line in range(len(narrow.lines)):
        place = narrow.place_of(line)
        assert narrow.place_of(narrow.line_at(place)) == place
        if not tables:
            assert wide.place_of(wide.line_at(place)) <= place


def test_matches_follow_the_search_into_the_text() -> None:
    setting = break_lines(compose(stored(RICH)).pieces, 24)
    texts = [piece.text for piece in setting.pieces]
    found = find_matches("hoi nghi", texts)
    assert [texts[piece][low:high] for piece, low, high in found] == [
        "Hội",
        "nghị",
        "Hội",
        "nghị",
        "hội",
        "nghị",
    ]
    marked = setting.with_matches(found)
    shown = [
        (segment.text, segment.match)
        for line in range(len(marked.lines))
        for segment in marked.segments(line)
        if segment.match >= 0
    ]
    assert [text for text, _match in shown] == ["Hội", "nghị", "Hội", "nghị", "hội", "nghị"]
    assert [match for _text, match in shown] == list(range(6))
    assert find_matches("năm", ["nam"]) == []
    assert find_matches("năm", ["nam"], relaxed=True) == [(0, 0, 3)]


def test_a_very_long_article_is_set_and_only_its_lines_in_sight_are_cut() -> None:
    long = Article(url="u", title="t", blocks=(paragraph("từ " * 200_000), paragraph("x" * 1_000_000)))
    setting = break_lines(compose(stored(long)).pieces, 70)
    assert len(setting.lines) > 20_000
    assert setting.text(len(setting.lines) // 2).strip()
