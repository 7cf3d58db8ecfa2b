from __future__ import annotations

import json
import zlib
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from gvreader.archive.library.content import (
    cleaned,
    decode,
    encode,
    moment,
    published_from,
    published_text,
    stamp,
)
from gvreader.model import (
    PORTAL_TIME,
    Article,
    Attachment,
    Block,
    Image,
    SectionRef,
    Span,
)
from gvreader.sanitize import line

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12).map(line)
ANYTHING = st.text(st.characters(), max_size=12)


def articles(
    words: st.SearchStrategy[str], *other_links: st.SearchStrategy[str]
) -> st.SearchStrategy[Article]:
    maybe = st.one_of(st.none(), words)
    links = st.one_of(st.none(), words.map("https://a.vn/{}".format), *other_links)
    spans = st.builds(Span, text=words, href=links, strong=st.booleans(), emphasis=st.booleans())
    blocks = st.builds(
        Block,
        kind=st.sampled_from(("heading", "paragraph", "item", "table", "quote", "preformatted", "figure")),
        spans=st.lists(spans, max_size=3).map(tuple),
        level=st.integers(0, 6),
        ordered=st.booleans(),
        rows=st.lists(st.lists(words, max_size=3).map(tuple), max_size=2).map(tuple),
        image=st.one_of(st.none(), st.integers(0, 3)),
    )
    return st.builds(
        Article,
        url=words,
        identity=maybe,
        kind=st.sampled_from(("article", "document", "page")),
        title=words,
        summary=maybe,
        published=st.one_of(st.none(), st.dates(), st.datetimes(timezones=st.just(PORTAL_TIME))),
        author=maybe,
        organisation=maybe,
        language=st.just("vi"),
        sections=st.lists(st.builds(SectionRef, slug=words, title=words), max_size=2).map(tuple),
        number=maybe,
        blocks=st.lists(blocks, max_size=3).map(tuple),
        images=st.lists(st.builds(Image, url=words, caption=maybe, alt=maybe), max_size=2).map(tuple),
        attachments=st.lists(st.builds(Attachment, url=words, name=words), max_size=2).map(tuple),
        related=st.lists(words, max_size=2).map(tuple),
        family=st.just("giavien@2020"),
        confidence=st.floats(0, 1),
    )


@given(articles(WORDS))
def test_what_is_written_down_is_read_again(article: Article) -> None:
    assert decode(encode(article)) == article
    assert cleaned(article) is article


@given(articles(ANYTHING, ANYTHING))
def test_any_text_can_be_written_down(article: Article) -> None:
    clean = cleaned(article)
    again = decode(encode(clean))
    assert again == clean
    assert "\0" not in clean.text + clean.title
    assert len(clean.content_sha256) == 64


def test_lone_surrogates_and_nul_are_taken_out_and_pairs_become_letters() -> None:
    article = Article(url="https://x.vn/", title="Gia\ud800 Vi\0ễn \ud83d\ude00", summary="\udfff")
    assert cleaned(article).title == "Gia\ufffd Viễn \U0001f600"
    assert cleaned(article).summary == "\ufffd"


def test_content_is_plain_json_that_others_can_read() -> None:
    record = json.loads(zlib.decompress(encode(Article(url="https://x.vn/", title="Hội nghị"))))
    assert record["title"] == "Hội nghị"
    assert record["published"] is None


def test_moments_are_utc_and_sort_as_text() -> None:
    east = timezone(timedelta(hours=7))
    moments = [
        datetime(2023, 2, 7, 7, 59, 59, 999999, tzinfo=east),
        datetime(2023, 2, 7, 1, 0, tzinfo=UTC),
        datetime(2023, 2, 7, 1, 0, 0, 1, tzinfo=UTC),
        datetime(2023, 2, 7, 1, 0, 0, 500000, tzinfo=UTC),
        datetime(2023, 2, 7, 8, 0, 1, tzinfo=east),
    ]
    texts = [stamp(when) for when in moments]
    assert texts == sorted(texts)
    assert texts[0] == "2023-02-07T00:59:59.999999+00:00"
    assert [moment(text) for text in texts] == moments


def test_publication_dates_keep_their_precision() -> None:
    for published in (None, date(2023, 2, 7), datetime(2023, 2, 7, 10, 31, tzinfo=PORTAL_TIME)):
        again = published_from(published_text(published))
        assert again == published
        assert type(again) is type(published)
