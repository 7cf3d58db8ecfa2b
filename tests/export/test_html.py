from __future__ import annotations

from dataclasses import replace

from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from gvreader.export import html
from gvreader.model import Article, Block, Image, Span

from .samples import HOSTILE, NEWS

PARAGRAPH = (
    "<p>Chiều ngày 8/12, <strong>Sở Văn hóa</strong> có buổi làm việc; xem "
    '<a href="https://giavien.ninhbinh.gov.vn/ke-hoach?a=1&amp;b=2">kế hoạch</a>.</p>'
)
FIGURE = (
    '<figure><img src="https://giavien.ninhbinh.gov.vn/public/userfiles/hoi%20nghi.jpg" alt="Hội nghị">'
    '<figcaption>Đ/c Ngô Hùng Khánh "phát biểu"</figcaption></figure>'
)
TABLE = (
    "<table><tbody><tr><td>Xã</td><td>Số hộ</td></tr><tr><td>Gia Hòa</td><td>1 204</td></tr></tbody></table>"
)


def test_blocks_become_clean_html() -> None:
    assert html.render(NEWS).split("\n") == [
        PARAGRAPH,
        FIGURE,
        "<h2>Kết quả</h2>",
        "<ul><li>195 khu dân cư<ol><li>trên 100 cơ quan</li></ol></li></ul>",
        TABLE,
        "<blockquote>Đoàn kết &lt;là&gt; sức mạnh</blockquote>",
    ]


def test_what_was_rendered_can_be_read_again() -> None:
    assert html.parse(html.render(NEWS), NEWS.images) == NEWS.blocks


def test_links_and_pictures_are_http_or_mail_only() -> None:
    article = Article(
        url="https://a.example/",
        title="t",
        blocks=(
            Block(kind="paragraph", spans=(Span(text="x", href="javascript:alert(1)"),)),
            Block(kind="paragraph", spans=(Span(text="y", href="https://a.example/\" onclick='x'"),)),
            Block(kind="figure", image=0),
        ),
        images=(Image(url="data:text/html;base64,AAAA"),),
    )
    assert html.render(article) == "<p>x</p>\n<p>y</p>"


def test_hostile_text_stays_text() -> None:
    article = replace(
        NEWS,
        title=HOSTILE,
        summary=HOSTILE,
        author=HOSTILE,
        blocks=(Block(kind="paragraph", spans=(Span(text=HOSTILE, strong=True),)),),
        images=(replace(NEWS.images[0], caption=HOSTILE, alt=HOSTILE),),
        attachments=(replace(NEWS.attachments[0], name=HOSTILE),),
    )
    tree = BeautifulSoup(html.page(article), "lxml")
    assert not tree.find_all("script")
    names = {tag.name for tag in tree.find_all(True)}
    assert names <= {
        *("html", "head", "meta", "title", "link", "body", "article", "h1", "p", "time", "strong"),
        *("figure", "img", "figcaption", "ul", "li", "a"),
    }


def _text() -> st.SearchStrategy[str]:
    return st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
        min_size=1,
        max_size=12,
    )


def _spans() -> st.SearchStrategy[tuple[Span, ...]]:
    span = st.builds(
        Span,
        text=_text(),
        href=st.sampled_from((None, "https://a.example/x?y=1&z=2", "mailto:a@b.example")),
        strong=st.booleans(),
        emphasis=st.booleans(),
    )
    return st.lists(span, min_size=1, max_size=3).map(tuple)


def _blocks() -> st.SearchStrategy[list[Block]]:
    cell = st.one_of(st.just(""), _text())
    return st.lists(
        st.one_of(
            st.builds(Block, kind=st.sampled_from(("paragraph", "quote", "preformatted")), spans=_spans()),
            st.builds(Block, kind=st.just("heading"), level=st.integers(2, 6), spans=_spans()),
            st.builds(
                Block,
                kind=st.just("item"),
                level=st.integers(0, 3),
                ordered=st.booleans(),
                spans=_spans(),
            ),
            st.builds(
                Block,
                kind=st.just("table"),
                rows=st.lists(st.lists(cell, max_size=3).map(tuple), max_size=3).map(tuple),
            ),
        ),
        max_size=6,
    )


@given(_blocks())
@settings(max_examples=150)
def test_every_body_survives_the_way_through_html(blocks: list[Block]) -> None:
    article = Article(url="https://a.example/", title="t", blocks=tuple(blocks))
    again = replace(article, blocks=html.parse(html.render(article)))
    assert again.text == article.text
    assert again.content_sha256 == article.content_sha256
    assert html.render(again) == html.render(article)


@given(st.text(alphabet="<>/!-[]&;abdehlnoprtu= \"'\n\x00?#x0", max_size=60))
@settings(max_examples=200)
def test_reading_never_raises(text: str) -> None:
    html.parse(text)


@settings(max_examples=60)
@given(text=st.text(max_size=40), link=st.text(max_size=30))
def test_any_text_is_well_formed_xml(text: str, link: str) -> None:
    article = Article(
        url="https://a.example/",
        title="t",
        blocks=(
            Block(kind="paragraph", spans=(Span(text=text, href=f"https://a.vn/{link}", strong=True),)),
            Block(kind="figure", image=0),
            Block(kind="preformatted", spans=(Span(text=text),)),
        ),
        images=(Image(url=f"https://a.vn/{link}", caption=text, alt=text),),
    )
    for rendered in (html.render(article), html.render(article, lambda _image: None)):
        body = etree.fromstring(f"<body>{html.as_xhtml(rendered)}</body>")
        assert {element.tag for element in body.iter()} <= {
            *("body", "p", "a", "strong", "br", "figure", "img", "figcaption", "pre")
        }
