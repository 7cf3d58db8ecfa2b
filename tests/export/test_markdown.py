from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gvreader.errors import UsageError
from gvreader.export.markdown import (
    article_markdown,
    body,
    escaped,
    file_name,
    write_folder,
    yaml_scalar,
)
from gvreader.model import Article, Block, Span, StoredArticle

from .samples import HOSTILE, NEWS, png, stored

READER = MarkdownIt("commonmark").enable("table").enable("strikethrough")


def test_an_article_as_markdown() -> None:
    assert article_markdown(stored()) == (
        "# Sở Văn hóa và Thể thao kiểm tra công tác văn hóa năm 2020\n\n"
        "*9 Dec 2020 · Hồng Hạ (Trung tâm VHTT\\&TT) · Tin tức*\n\n"
        "**Chiều 8/12, Sở làm việc với huyện.**\n\n"
        "Chiều ngày 8/12, **Sở Văn hóa** có buổi làm việc; xem "
        "[kế hoạch](https://giavien.ninhbinh.gov.vn/ke-hoach?a=1&b=2).\n\n"
        "![Hội nghị](https://giavien.ninhbinh.gov.vn/public/userfiles/hoi%20nghi.jpg)\n\n"
        '*Đ/c Ngô Hùng Khánh "phát biểu"*\n\n'
        "## Kết quả\n\n- 195 khu dân cư\n    1. trên 100 cơ quan\n\n"
        "| Xã | Số hộ |\n| --- | --- |\n| Gia Hòa | 1 204 |\n\n"
        "> Đoàn kết \\<là\\> sức mạnh\n\n"
        "- [Quyết định 78/2008/QĐ-UBND.pdf]"
        "(https://giavien.ninhbinh.gov.vn/public/userfiles/Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh.pdf)\n\n"
        "Source: <https://giavien.ninhbinh.gov.vn/so-van-hoa-va-the-thao-kiem-tra-882.html>\n"
    )


def _shown(markdown: str) -> str:
    return BeautifulSoup(READER.render(markdown), "lxml").get_text()


_PROSE = st.text("aăâ đ1.)*_`[]()<>|~&;!#+-=\\:/\n\u00a0'\"", min_size=1, max_size=40)


@given(_PROSE)
@settings(max_examples=300)
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    rendered = READER.render(escaped(text))
    tree = BeautifulSoup(rendered, "lxml")
    assert {tag.name for tag in tree.find_all(True)} <= {"html", "body", "p", "br"}
    assert tree.get_text().split() == text.split()


@given(
    st.lists(
        st.builds(Span, text=_PROSE, strong=st.booleans(), emphasis=st.booleans()), min_size=1, max_size=4
    )
)
@settings(max_examples=300)
def test_styled_runs_keep_every_letter(spans: list[Span]) -> None:
    article = Article(
        url="https://a.example/", title="t", blocks=(Block(kind="paragraph", spans=tuple(spans)),)
    )
    shown = _shown("\n".join(body(article)))
    assert shown.split() == article.text.split()


def test_hostile_text_becomes_no_markup() -> None:
    hostile = replace(
        NEWS,
        title=HOSTILE,
        summary=HOSTILE,
        blocks=(
            Block(kind="paragraph", spans=(Span(text=HOSTILE),)),
            Block(kind="table", rows=((HOSTILE, "b"), (HOSTILE,))),
            Block(kind="preformatted", spans=(Span(text="```\n" + HOSTILE),)),
        ),
    )
    tree = BeautifulSoup(READER.render(article_markdown(stored(hostile))), "lxml")
    assert not tree.find_all("script")
    assert not [a for a in tree.find_all("a") if str(a.get("href")).startswith("javascript")]


def test_deep_items_hang_from_what_is_there() -> None:
    article = Article(
        url="https://a.example/",
        title="t",
        blocks=(
            Block(kind="item", level=2, spans=(Span(text="one"),)),
            Block(kind="item", level=4, spans=(Span(text="two"),)),
        ),
    )
    assert list(body(article)) == ["- one", "    - two"]


def test_a_folder_of_files_appears_as_a_whole(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_folder(folder, [stored()])
    name = "2020-12-09-so-van-hoa-va-the-thao-kiem-tra-cong-tac-van-hoa-nam-2020-giavien-882.md"
    assert [path.name for path in folder.glob("*.md")] == [name] == [file_name(stored())]
    text = (folder / name).read_text("utf-8")
    assert text.startswith('---\nkey: "giavien:882"\nurl: "https://giavien')
    assert text.endswith(article_markdown(stored()))
    (folder / "left-over").touch()
    write_folder(folder, [stored()])
    assert sorted(path.name for path in folder.iterdir()) == [".gvreader-export", name]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_names_are_the_same_in_every_archive() -> None:
    dotted = stored(key="giavien:a/b.c", id=5)
    dashed = stored(key="giavien:a/b-c", id=5)
    assert file_name(dotted) == file_name(replace(dotted, row=replace(dotted.row, id=6)))
    assert file_name(dotted) != file_name(dashed)
    assert set(file_name(dotted)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")


def test_links_to_what_lies_in_the_folder_lead_there(tmp_path: Path) -> None:
    url = NEWS.attachments[0].url
    spans = (Span(text="see "), Span(text="the decision", href=url), Span(text="home", href="https://a.vn/"))
    linking = stored(replace(NEWS, blocks=(Block(kind="paragraph", spans=spans),)))
    write_folder(tmp_path / "out", [linking], {url: b"%PDF-1.4 hello"}.get)
    text = (tmp_path / "out" / file_name(linking)).read_text("utf-8")
    assert "[the decision](files/" in text
    assert "(https://a.vn/)" in text


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.odt").touch()
    with pytest.raises(UsageError):
        write_folder(tmp_path / "out", [stored()])
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.odt"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_pictures_and_files_lie_in_the_folder(tmp_path: Path) -> None:
    copies = {NEWS.images[0].url: png(), NEWS.attachments[0].url: b"%PDF-1.4 hello"}
    write_folder(tmp_path / "out", [stored()], copies.get)
    text = (tmp_path / "out" / file_name(stored())).read_text("utf-8")
    tree = BeautifulSoup(READER.render(text.split("---\n", 2)[2]), "lxml")
    [picture] = tree.find_all("img")
    assert (tmp_path / "out" / str(picture["src"])).read_bytes() == png()
    [attachment] = [a for a in tree.find_all("a") if "Quyết định" in a.text]
    assert (tmp_path / "out" / str(attachment["href"])).read_bytes() == b"%PDF-1.4 hello"


def test_what_only_calls_itself_a_picture_stays_on_the_portal(tmp_path: Path) -> None:
    copies = {NEWS.images[0].url: b"<svg onload=alert(1)>", NEWS.attachments[0].url: None}
    write_folder(tmp_path / "out", [stored()], copies.get)
    text = (tmp_path / "out" / file_name(stored())).read_text("utf-8")
    assert f"]({NEWS.images[0].url})" in text
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        ".gvreader-export",
        file_name(stored()),
    ]


@pytest.mark.parametrize("text", ["\x85 \u2028 \u2029 \ufeff \x9f", 'a: "b" # c', "yes", "=1", "\ud800"])
def test_front_matter_is_yaml_that_says_the_same(text: str) -> None:
    assert yaml_scalar(text).isprintable()
    assert json.loads(yaml_scalar(text)) == text


def test_an_interrupted_folder_leaves_nothing(tmp_path: Path) -> None:
    def articles() -> Iterator[StoredArticle]:
        yield stored()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "out", articles())
    assert list(tmp_path.iterdir()) == []


def test_entities_stay_text() -> None:
    assert unescape(READER.render(escaped("&amp; &lt;")).strip()) == "<p>&amp; &lt;</p>"
