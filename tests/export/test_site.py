"""The static site: its files as they lie there, then in a real browser."""

from __future__ import annotations

import functools
import http.server
import io
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, unquote, urlsplit
from uuid import UUID
from xml.etree import ElementTree

import pytest
from lxml import html as lxml_html
from warcio.archiveiterator import ArchiveIterator

from gvreader import i18n
from gvreader.errors import UsageError
from gvreader.export.job import ExportInfo, ExportJob, ExportSources
from gvreader.export.site import searchindex
from gvreader.export.site.page_names import article_name, section_name
from gvreader.export.writers import site
from gvreader.model import (
    Article,
    Attachment,
    Block,
    Image,
    SectionRef,
    Span,
)
from gvreader.vietnamese.letters import fold, normalise
from gvreader.vietnamese.words import fold_term, is_open, terms, twin

from .browser import document, needs_chromium, written
from .samples import HOSTILE, png
from .shelf import ORIGIN, Shelf, shelf

NEWS = SectionRef(slug="tin-tuc", title="Tin tức")
TRICKY = SectionRef(slug='../../x"><script>', title=HOSTILE)
PICTURE = f"{ORIGIN}/public/userfiles/hoi-nghi.jpg"
DOCUMENT = f"{ORIGIN}/public/userfiles/quyet-dinh.pdf"


def _article(number: int, title: str, *texts: str, **changes: Any) -> Article:
    article = Article(
        url=f"{ORIGIN}/tin-{number}.html",
        identity=str(number),
        title=title,
        published=date(2023, 1, number % 28 + 1),
        sections=(NEWS,),
        blocks=tuple(Block(kind="paragraph", spans=(Span(text=text),)) for text in texts),
        family="giavien@2020",
        confidence=0.9,
    )
    return replace(article, **changes)


TITLES = {
    1: ("Ông Đặng Đình Hùng nhận huy hiệu Đảng", "Năm 2023, ông Hùng 90 tuổi."),
    2: ("Đăng ký nghĩa vụ quân sự", "Nam thanh niên đăng ký tại Ủy ban nhân dân xã."),
    3: ("UBND huyện họp", "Chủ tịch UBND huyện chủ trì."),
    4: ("Huyện uỷ họp", "Bí thư Huyện uỷ nói về hoà giải ở cơ sở."),
    5: ("Xây dựng nông thôn mới", "Xã Gia Hòa đạt chuẩn NTM nâng cao."),
    6: ("Sản xuất nông nghiệp", "Thôn mới Đồng Tâm trồng lúa; kỹ thuật mới."),
    7: ("Kĩ thuật nuôi lợn", "Kế hoạch số 78/2008/QĐ-UBND."),
    8: ("Thi đua", "dang dinh hung viết không dấu"),
    9: ("Ủy ban kiểm tra", "Ban nhân sự, dân chủ."),
}
HOSTILE_ARTICLE = _article(
    10,
    HOSTILE,
    HOSTILE,
    "</script><script>document.title='pwned'</script>",
    summary='<img src=x onerror="document.title=1">',
    author=HOSTILE,
    language='vi"><script>',
    sections=(TRICKY, NEWS),
    images=(Image(url="https://evil.example/track.gif", caption=HOSTILE),),
    attachments=(
        Attachment(url="https://evil.example/x.html", name=HOSTILE),
        Attachment(url="javascript:1", name="x"),
    ),
    related=("javascript:alert(1)", f"{ORIGIN}/tin-1.html"),
)
RICH = _article(
    11,
    "Bài có ảnh và tệp",
    published=None,
    blocks=(
        Block(
            kind="paragraph", spans=(Span(text="Xem "), Span(text="bài trước", href=f"{ORIGIN}/tin-1.html"))
        ),
        Block(kind="paragraph", spans=(Span(text="nơi khác", href="https://example.org/"),)),
        Block(kind="figure", image=0),
    ),
    images=(Image(url=PICTURE, caption="Hội nghị"),),
    attachments=(Attachment(url=DOCUMENT, name="Quyết định", media_type="application/pdf", bytes=20),),
)

QUERIES = (
    "dang dinh hung",
    "Đặng",
    "đăng",
    "dang",
    "năm",
    "nam",
    "hoà",
    "hòa",
    "Huyện ủy",
    "UBND",
    "uỷ ban nhân dân",
    "uy ban nhan dan",
    "=UBND",
    "NTM",
    "nông thôn mới",
    '"nông thôn"',
    "nong thon moi",
    '"thôn mới"',
    "kỹ thuật",
    "kĩ thuật",
    "ky thuat",
    "nông -thôn",
    "lợn OR lúa",
    "nong*",
    "title:họp",
    "78/2008/QĐ-UBND",
    "thông tư mật",
    "nồng thốn",
    "zzz",
    "biên bản",
    '"UBND huyện"',
    'xã -"nông thôn mới"',
    "họp ho\u0323p",
)


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    i18n.use("vi")
    yield
    i18n.use("en")


def _write(made: Shelf, folder: Path, query: str = "") -> ExportSources:
    sources = ExportSources(made.library, made.vault)
    ids = made.library.search.ids(query, sort="newest").ids
    info = ExportInfo(
        title="Gia Viễn <thử>",
        query=query,
        publisher="Gia Viễn <thử>",
        when=datetime(2024, 1, 2, 3, 4, tzinfo=UTC),
        new_id=UUID(int=1),
        home=ORIGIN,
        authorities={"giavien": "giavien.ninhbinh.gov.vn"},
    )
    site(folder, ExportJob(articles=made.library.articles.stream(ids), ids=ids, sources=sources, info=info))
    return sources


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with shelf(tmp_path_factory.mktemp("archive")) as filled:
        for number, (title, text) in TITLES.items():
            filled.put(_article(number, title, text), f"<h1>{number}</h1>".encode())
        archived = "https://web.archive.org/web/20230207013000id_/https://giavien.ninhbinh.gov.vn/tin-10.html"
        filled.put(HOSTILE_ARTICLE, b"<h1>10</h1>", source="wayback", uri=archived)
        filled.put(RICH, b"<h1>11</h1>")
        filled.put_file(PICTURE, png(), "image/jpeg")
        filled.put_file(DOCUMENT, b"%PDF-1.4 qd", "application/pdf", text="Biên bản mật")
        yield filled


@pytest.fixture(scope="module")
def root(made: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    i18n.use("vi")
    folder = tmp_path_factory.mktemp("public") / "site"
    assert _write(made, folder).damaged == []
    return folder


def _pages(root: Path) -> Iterator[tuple[Path, Any]]:
    for path in sorted(root.rglob("*.html")):
        yield (
            path,
            lxml_html.document_fromstring(path.read_bytes(), parser=lxml_html.HTMLParser(encoding="utf-8")),
        )


# ── files ───────────────────────────────────────────────────────────────────────────────────────────


def test_every_link_inside_leads_somewhere(root: Path) -> None:
    for path, tree in _pages(root):
        addresses = tree.xpath("//@href | //@src | //@action")
        assert addresses
        for address in map(str, addresses):
            if urlsplit(address).scheme:
                continue
            target = (path.parent / unquote(address.partition("?")[0])).resolve()
            assert target.is_relative_to(root.resolve()), (path, address)
            assert target.is_file(), (path, address)


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs_inline(root: Path) -> None:
    scripts = ["assets/minisearch.js", "assets/vietnamese.js", "assets/search.js", "assets/searchpage.js"]
    for path, tree in _pages(root):
        assert tree.xpath("//script/@src") == (scripts if path.name == "search.html" else [])
        assert not tree.xpath("//script[not(@src)] | //style | //iframe | //object | //embed | //base")
        loaded = tree.xpath("//img/@src | //link/@href | //script/@src | //source/@srcset")
        assert not [address for address in loaded if "//" in address]
        names = {str(name) for element in tree.iter() for name in element.attrib}
        assert not {name for name in names if name.startswith("on")} | (names & {"style"})
        [policy] = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none'")
        assert ("script-src" in policy) == (path.name == "search.html")
        outside = [a for a in tree.xpath("//a") if "//" in a.get("href", "")]
        assert all(a.get("rel") == "noopener noreferrer" for a in outside)


def test_hostile_text_is_only_text(root: Path) -> None:
    tree = lxml_html.parse(str(root / "article" / "giavien-10.html"), lxml_html.HTMLParser(encoding="utf-8"))
    links = [str(link) for link in tree.xpath("//@href")]
    assert not [link for link in links if link.lower().startswith(("javascript", "data"))]
    assert "https://evil.example/x.html" in links
    assert not tree.xpath("//img")
    assert "<script>alert(1)</script>" in "".join(tree.xpath("//h1//text()"))
    names = [path.name for path in root.rglob("*")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in names)


def test_an_article_shows_its_pictures_files_and_neighbours(root: Path) -> None:
    tree = lxml_html.parse(str(root / "article" / "giavien-11.html"))
    [picture] = tree.xpath("//figure/img/@src")
    assert (root / "article" / picture).resolve().read_bytes() == png()
    [file] = tree.xpath("//ul[@class='files']//a/@href")
    assert (root / "article" / file).resolve().read_bytes() == b"%PDF-1.4 qd"
    body = [(a.get("href"), a.text) for a in tree.xpath("//article/p/a[not(contains(@href, 'list/'))]")]
    assert body == [("giavien-1.html", "bài trước"), ("https://example.org/", "nơi khác")]
    related = lxml_html.parse(str(root / "article" / "giavien-10.html")).xpath("//main/ul//a")
    assert [(a.get("href"), a.text) for a in related] == [("giavien-1.html", TITLES[1][0])]


def test_the_evidence_is_the_record_itself(made: Shelf, root: Path) -> None:
    tree = lxml_html.parse(str(root / "article" / "giavien-10.html"))
    [link] = tree.xpath("//details//a[contains(@href, '.warc.gz')]/@href")
    content = (root / "article" / link).resolve().read_bytes()
    records = list(ArchiveIterator(io.BytesIO(content), no_record_parse=True))
    kinds = [record.rec_type for record in ArchiveIterator(io.BytesIO(content), no_record_parse=True)]
    assert kinds == ["warcinfo", "warcinfo", "response", "request"]
    stored = made.library.articles.get("giavien:10")
    assert stored is not None
    assert stored.evidence is not None
    ids = [record.rec_headers.get_header("WARC-Record-ID") for record in records]
    assert f"<{stored.evidence.record_id}>" in ids
    shown = tree.xpath("string(//details)")
    assert stored.evidence.record_id in shown
    assert stored.content_sha256 in shown
    assert "https://web.archive.org/web/20230207013000/https://giavien.ninhbinh.gov.vn/tin-10.html" in shown


def test_lists_by_section_and_month(root: Path) -> None:
    sections = lxml_html.parse(str(root / "sections.html"), lxml_html.HTMLParser(encoding="utf-8"))
    counts = dict(
        zip(sections.xpath("//main//li/a/text()"), sections.xpath("//main//li/span/text()"), strict=True)
    )
    assert counts["Tin tức"] == "11"
    months = lxml_html.parse(str(root / "months.html"), lxml_html.HTMLParser(encoding="utf-8"))
    links = [str(link) for link in months.xpath("//main//a/@href")]
    assert links == ["list/month-2023-01-1.html", "list/month-undated-1.html"]
    newest = lxml_html.parse(str(root / "list" / "newest-1.html"), lxml_html.HTMLParser(encoding="utf-8"))
    titles = newest.xpath("//ol/li/a/text()")
    assert titles[1:] == [TITLES[number][0] for number in range(9, 0, -1)] + [RICH.title]


def test_feeds_are_there(root: Path) -> None:
    entries = ElementTree.parse(root / "feeds" / "atom.xml").findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == 11
    assert len(ElementTree.parse(root / "feeds" / "rss.xml").findall("channel/item")) == 11
    assert len(json.loads((root / "feeds" / "feed.json").read_text("utf-8"))["items"]) == 11


def test_long_lists_have_pages(tmp_path: Path) -> None:
    with shelf(tmp_path / "archive") as filled:
        for number in range(1, 121):
            filled.put(_article(number, f"Tin số {number}", "Chữ."), f"{number}".encode())
        _write(filled, tmp_path / "site")
    names = sorted(path.name for path in (tmp_path / "site" / "list").glob("newest-*"))
    assert names == ["newest-1.html", "newest-2.html", "newest-3.html"]
    second = lxml_html.parse(str(tmp_path / "site" / "list" / "newest-2.html"))
    assert len(second.xpath("//ol/li")) == 50
    turns = {str(a.get("rel")): a.get("href") for a in second.xpath("//nav/a")}
    assert turns == {"prev": "newest-1.html", "next": "newest-3.html"}
    assert len(lxml_html.parse(str(tmp_path / "site" / "list" / "newest-3.html")).xpath("//ol/li")) == 20


def test_the_same_articles_make_the_same_files(made: Shelf, root: Path, tmp_path: Path) -> None:
    _write(made, tmp_path / "again")
    ours = {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    again = tmp_path / "again"
    assert ours == {path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()}


def test_an_earlier_site_is_replaced_and_nothing_else(made: Shelf, tmp_path: Path) -> None:
    _write(made, tmp_path / "site")
    _write(made, tmp_path / "site", "title:UBND")
    assert [path.name for path in (tmp_path / "site" / "article").iterdir()] == ["giavien-3.html"]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").touch()
    with pytest.raises(UsageError):
        _write(made, tmp_path / "mine")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "site"]


def test_a_site_without_articles(made: Shelf, tmp_path: Path) -> None:
    _write(made, tmp_path / "site", "zzzzzz")
    assert (tmp_path / "site" / "index.html").is_file()
    for path, tree in _pages(tmp_path / "site"):
        for address in map(str, tree.xpath("//@href")):
            assert (path.parent / address).resolve().is_file()


def test_names_are_safe_and_never_shared() -> None:
    assert article_name("giavien:882") == "giavien-882"
    assert section_name("giavien", "tin-tuc") == "giavien-tin-tuc"
    keys = [
        "a:b-c",
        "a-b:c",
        "a:B",
        "a:b",
        "../x:1",
        "a:" + "b" * 300,
        "a:b/c",
        "A:b",
        "a:Đ",
        ":",
        "a" * 300 + ":1",
    ]
    names = [article_name(key) for key in keys]
    assert len({name.lower() for name in names}) == len(keys)
    slugs = [
        ("a", "b-c"),
        ("a-b", "c"),
        ("a", ".."),
        ("a", "B-C"),
        ("a", "x" * 300),
        ("a", ""),
        ("a", "Tin tức"),
    ]
    sections = [section_name(*slug) for slug in slugs]
    assert len({name.lower() for name in sections}) == len(slugs)
    for name in names + sections:
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,80}", name), name


# ── in a browser ────────────────────────────────────────────────────────────────────────────────────


def _run(root: Path, profile: Path, script: str) -> Any:
    """What a script that has the site's own scripts to work with answers, as JSON."""
    scripts = "".join(
        f"<script src=assets/{name}.js></script>" for name in ("minisearch", "vietnamese", "search")
    )
    (root / "try.html").write_text(
        f'<!doctype html><meta charset=utf-8><pre id="out"></pre>{scripts}<script src=try.js></script>',
        "utf-8",
    )
    (root / "try.js").write_text(
        "(async () => {" + script + "})().catch((error) => ({ error: String(error.stack) }))"
        ".then((answer) => { document.getElementById('out').textContent = JSON.stringify(answer); });",
        "utf-8",
    )
    try:
        return json.loads(written(document(f"file://{root}/try.html", profile), "out"))
    finally:
        (root / "try.html").unlink()
        (root / "try.js").unlink()


def _words() -> list[str]:
    """Syllables of every shape with every tone in every place, and what is no syllable."""
    onsets = ("", "h", "gi", "qu", "ngh", "th", "đ", "l")
    rhymes = (
        *(
            "a",
            "oa",
            "oai",
            "oan",
            "oă",
            "uê",
            "uy",
            "uyên",
            "uya",
            "ia",
            "iêu",
            "yêu",
            "ươi",
            "ươu",
            "uôi",
            "ưu",
        ),
        *("oe", "oen", "uơ", "i", "y", "u", "ao", "au", "ây", "eo", "êu", "oong", "iêng"),
    )
    marks = ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
    found = []
    for onset in onsets:
        for rhyme in rhymes:
            for mark in marks:
                for place in range(1, len(rhyme) + 1):
                    found.append(onset + rhyme[:place] + mark + rhyme[place:])
    return [
        *found,
        *(word.upper() for word in found[::7]),
        "Ðảng Ɖình",
        "ho\u00adà soft\u200bwidth wo\u2060rd",
        "78/2008/QĐ-UBND T.Ư x² ½ ٣ 三十 ｆｕｌｌ ΑΣ ß İ ǆ e\u0301\u0323",
        "tr\u00f4\u0300ng nghi\u1ec5ng_b \U0001d400 𝟙",
    ]


@needs_chromium
def test_words_are_those_of_the_archive_itself(root: Path, tmp_path: Path) -> None:
    """The rules in JavaScript against those in Python, word by word."""
    words = _words()
    script = (
        f"const words = {json.dumps(words)}; const v = gvreader.vietnamese;"
        "const parts = (word) => v.terms(word).map((one) => [v.foldTerm(one), v.isOpen(one), v.twin(one)]);"
        "return words.map((word) => [v.terms(word), parts(word), v.normalise(word), v.fold(word)]);"
    )
    answers = _run(root, tmp_path, script)
    for word, answer in zip(words, answers, strict=True):
        found = terms(word)
        expected = [
            found,
            [[fold_term(one), is_open(one), twin(one)] for one in found],
            normalise(word),
            fold(word),
        ]
        assert answer == expected, word


@needs_chromium
def test_searches_find_what_the_archive_itself_finds(made: Shelf, root: Path, tmp_path: Path) -> None:
    script = (
        f"const index = await gvreader.open(); const answers = []; for (const query of {json.dumps(QUERIES)}) {{"
        "const answer = await gvreader.search(index, query); const names = [];"
        "for (const one of answer.results) names.push((await index.document(one.id)).name);"
        "answers.push([names, answer.relaxed]); } return answers;"
    )
    answers = dict(zip(QUERIES, _run(root, tmp_path, script), strict=True))
    for query, (names, relaxed) in answers.items():
        found = made.library.search.ids(query)
        keys = {article_name(row.key) for row in made.library.articles.rows(found.ids)}
        assert (set(names), relaxed) == (keys, found.relaxed), query
        assert len(names) == len(set(names))
    # Written by hand: what is to be found at all, and an exact spelling first.
    assert answers["dang dinh hung"][0] == ["giavien-8", "giavien-1"]
    assert answers["Đặng"][0] == ["giavien-1"]
    assert set(answers["đăng"][0]) == {"giavien-2"}
    assert set(answers["hoà"][0]) == set(answers["hòa"][0]) == {"giavien-4", "giavien-5"}
    assert set(answers["UBND"][0]) == {"giavien-2", "giavien-3", "giavien-7"}
    assert answers["UBND"][0][0] == "giavien-3"
    # The words stand apart in the ninth; joined by AND, they still match.
    assert set(answers["uỷ ban nhân dân"][0]) == {"giavien-2", "giavien-3", "giavien-7", "giavien-9"}
    assert answers["kĩ thuật"][0] == ["giavien-7", "giavien-6"]
    assert answers["biên bản"][0] == ["giavien-11"]
    assert answers["nồng thốn"][1] is True


@needs_chromium
def test_the_search_page_works_from_a_disk(root: Path, tmp_path: Path) -> None:
    html = document(f"file://{root}/search.html?q={quote('nông thôn mới')}", tmp_path)
    assert 'data-state="done"' in html
    assert written(html, "status") == "2 bài viết."
    assert html.index("giavien-5.html") < html.index("giavien-6.html")
    assert '<a href="article/giavien-5.html">Xây dựng <mark>nông thôn mới</mark></a>' in html
    assert "chuẩn <mark>NTM</mark> nâng cao" in html


@needs_chromium
def test_a_phrase_that_is_too_common_is_said_to_be_cut(made: Shelf, tmp_path: Path) -> None:
    root = tmp_path / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searchindex, "_MOST_CHECKED", 1)
        _write(made, root)
    phrase = quote('"thôn mới"')
    html = document(f"file://{root}/search.html?q={phrase}", tmp_path / "profile")
    assert written(html, "status").startswith("1 bài viết. Chỉ đọc 1 bài")


@needs_chromium
def test_what_a_page_says_never_runs(root: Path, tmp_path: Path) -> None:
    html = document(f"file://{root}/search.html?q={quote('pwned <script>alert(1)</script>')}", tmp_path)
    assert 'data-state="done"' in html
    assert html.count("<script") == len(re.findall(r'<script src="(?:assets|search)/', html))
    assert "<title>Tìm · Gia Viễn &lt;thử&gt;</title>" in html
    assert 'onerror="' not in re.sub(r">[^<]*<", "><", html)


class _Handler(http.server.SimpleHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def log_message(self, *_arguments: object) -> None:
        self.asked.append(self.path)


@needs_chromium
def test_the_site_works_from_a_web_server_and_asks_for_its_own_files_only(root: Path, tmp_path: Path) -> None:
    _Handler.asked.clear()
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Handler, directory=str(root))
    ) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            home = f"http://127.0.0.1:{server.server_address[1]}"
            html = document(f"{home}/search.html?q=dang%20dinh%20hung", tmp_path)
        finally:
            server.shutdown()
            thread.join()
    assert written(html, "status") == "2 bài viết."
    asked = {path.partition("?")[0] for path in _Handler.asked}
    missing = {path for path in asked if not (root / path.lstrip("/")).is_file()}
    assert missing <= {"/favicon.ico"}
