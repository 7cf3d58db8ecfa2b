from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gvreader import i18n
from gvreader.export.citations import STYLES, Provenance, cite, wayback_page

from .samples import HOSTILE, NEWS, stored

NOTE = (
    "archived 2023-02-07T01:23:45Z; WARC urn:uuid:6f1c9a4e-0000-4000-8000-000000000882; "
    f"answer sha256:{'0f' * 32}; text sha256:{NEWS.content_sha256}"
)
COPY = "https://web.archive.org/web/20230207012345/https://giavien.ninhbinh.gov.vn/so-882.html"
SOURCE = Provenance(
    captured=datetime(2023, 2, 7, 1, 23, 45, tzinfo=UTC), payload_sha256="0f" * 32, archive_url=COPY
)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


def test_bibtex() -> None:
    assert cite(stored(), "Gia Viễn", "bibtex", SOURCE).split("\n") == [
        "@online{giavien-882,",
        "  author = {{Hồng Hạ}},",
        "  title = {{Sở Văn hóa và Thể thao kiểm tra công tác văn hóa năm 2020}},",
        "  organization = {{Trung tâm VHTT\\&TT} and {Gia Viễn}},",
        "  date = {2020-12-09},",
        "  url = {https://giavien.ninhbinh.gov.vn/so-van-hoa-va-the-thao-kiem-tra-882.html},",
        "  urldate = {2023-02-07},",
        "  langid = {vietnamese},",
        "  language = {vietnamese},",
        f"  note = {{{NOTE}}},",
        f"  addendum = {{archived copy: {COPY}}},",
        "}",
    ]


def test_csl_json() -> None:
    [item] = json.loads(cite(stored(), "Gia Viễn", "csl-json", SOURCE))
    assert item == {
        "id": "giavien:882",
        "type": "article-newspaper",
        "title": NEWS.title,
        "container-title": "Gia Viễn",
        "URL": NEWS.url,
        "accessed": {"date-parts": [[2023, 2, 7]]},
        "language": "vi",
        "note": NOTE,
        "author": [{"literal": "Hồng Hạ"}],
        "publisher": "Trung tâm VHTT&TT",
        "archive_location": COPY,
        "issued": {"date-parts": [[2020, 12, 9]]},
        "abstract": "Chiều 8/12, Sở làm việc với huyện.",
    }


def test_ris() -> None:
    assert cite(stored(), "Gia Viễn", "ris", SOURCE).split("\r\n") == [
        "TY  - NEWS",
        "AU  - Hồng Hạ",
        f"TI  - {NEWS.title}",
        "T2  - Gia Viễn",
        "PB  - Trung tâm VHTT&TT",
        "PY  - 2020",
        "DA  - 2020/12/09",
        f"UR  - {NEWS.url}",
        "Y2  - 2023/02/07",
        "LA  - vi",
        f"N1  - {NOTE}",
        f"AV  - {COPY}",
        "ER  - ",
    ]


def test_a_sentence_in_either_language() -> None:
    assert cite(stored(), "Gia Viễn", "text", SOURCE) == (
        f"Hồng Hạ, “{NEWS.title}”, Trung tâm VHTT&TT, Gia Viễn, 9 Dec 2020, {NEWS.url}, {NOTE}, "
        f"archived copy: {COPY}."
    )
    i18n.use("vi")
    note = NOTE.replace("archived", "lưu").replace("answer", "phản hồi").replace("text", "nội dung")
    assert cite(stored(), "Gia Viễn", "text", SOURCE) == (
        f"Hồng Hạ, “{NEWS.title}”, Trung tâm VHTT&TT, Gia Viễn, 09/12/2020, {NEWS.url}, {note}, "
        f"bản lưu trữ: {COPY}."
    )


def test_a_document_is_cited_with_its_number() -> None:
    document = stored(replace(NEWS, kind="document", number="78/2008/QĐ-UBND"))
    assert "  titleaddon = {78/2008/QĐ-UBND}," in cite(document, "Gia Viễn", "bibtex")
    assert json.loads(cite(document, "Gia Viễn", "csl-json"))[0]["number"] == "78/2008/QĐ-UBND"
    assert "M1  - 78/2008/QĐ-UBND" in cite(document, "Gia Viễn", "ris").split("\r\n")


def test_an_earlier_version_and_a_removed_article_say_so() -> None:
    removed = replace(stored(), row=replace(stored().row, gone=datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)))
    note = "; version 1, changed since; removed from the portal by 2024-05-06T07:08:09Z; WARC "
    for style in STYLES:
        assert note in cite(removed, "Gia Viễn", style, SOURCE, is_earlier=True)
    assert "changed since" not in cite(removed, "Gia Viễn", "text", SOURCE)


def test_without_a_capture_the_last_look_is_cited() -> None:
    text = cite(replace(stored(), evidence=None), "Gia Viễn", "text")
    assert "archived 2023-02-07T01:30:00Z; text sha256:" in text
    assert "WARC" not in text
    assert "answer" not in text


@pytest.mark.parametrize(
    ("source_uri", "page"),
    [
        (
            "https://web.archive.org/web/20230207012345id_/https://a.vn/b?c=1",
            "https://web.archive.org/web/20230207012345/https://a.vn/b?c=1",
        ),
        (
            "http://127.0.0.1:81/web/20230207012345id_/http://a.vn/",
            "http://127.0.0.1:81/web/20230207012345/http://a.vn/",
        ),
        (
            "https://web.archive.org/web/20230207012345/http://a.vn/",
            "https://web.archive.org/web/20230207012345/http://a.vn/",
        ),
        ("https://data.commoncrawl.org/crawl-data/CC-MAIN-2023-06/warc/x.warc.gz", None),
        ("https://a.vn/web/tin-tuc", None),
        (None, None),
    ],
)
def test_the_page_of_a_replayed_capture(source_uri: str | None, page: str | None) -> None:
    assert wayback_page(source_uri) == page


def test_a_page_without_date_or_byline() -> None:
    bare = stored(replace(NEWS, published=None, author=None, organisation=None, summary=None))
    assert "author" not in cite(bare, "Gia Viễn", "bibtex")
    assert cite(bare, "Gia Viễn", "ris").startswith("TY  - ELEC\r\nTI  - ")


@pytest.mark.parametrize("style", ["bibtex", "ris", "text"])
def test_hostile_text_breaks_out_of_no_field(style: str) -> None:
    text = cite(stored(replace(NEWS, title=f"a}}\nER  - \r\n\\input{{x}} {HOSTILE}")), "P", style)  # type: ignore[arg-type]
    assert "\x1b" not in text
    if style == "bibtex":
        assert "\\input" not in text
        assert text.count("\n") == 10
    if style == "ris":
        assert [line[:5] for line in text.split("\r\n")].count("ER  -") == 1


def test_a_paragraph_is_cited_with_its_words_number_and_digest() -> None:
    words = NEWS.paragraphs[1]
    digest = hashlib.sha256(words.encode()).hexdigest()
    note = f"{NOTE}; paragraph 2 sha256:{digest}"
    text = cite(stored(), "Gia Viễn", "text", SOURCE, paragraph=2)
    assert text.splitlines()[0] == f"“{' '.join(words.split())}”"
    assert text.splitlines()[1].startswith("— Hồng Hạ, “Sở Văn hóa")
    assert note in text
    [item] = json.loads(cite(stored(), "Gia Viễn", "csl-json", SOURCE, paragraph=2))
    assert (item["id"], item["annote"], item["note"]) == ("giavien:882#2", " ".join(words.split()), note)
    bibtex = cite(stored(), "Gia Viễn", "bibtex", SOURCE, paragraph=2)
    assert bibtex.startswith("@online{giavien-882-p2,")
    assert "  annotation = {" in bibtex
    assert f"RN  - {' '.join(words.split())}" in cite(stored(), "Gia Viễn", "ris", SOURCE, paragraph=2)
