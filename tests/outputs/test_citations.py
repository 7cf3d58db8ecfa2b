from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from gvreader import i18n
from gvreader.outputs.citations import cite

from .samples import HOSTILE, NEWS, stored

NOTE = (
    "archived 2023-02-07T01:30:00Z; WARC urn:uuid:6f1c9a4e-0000-4000-8000-000000000882; "
    f"sha256:{NEWS.content_sha256}"
)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


def test_bibtex() -> None:
    assert cite(stored(), "Gia Viễn", "bibtex").split("\n") == [
        "@online{giavien-882,",
        "  author = {{Hồng Hạ}},",
        "  title = {{Sở Văn hóa và Thể thao kiểm tra công tác văn hóa năm 2020}},",
        "  organization = {Trung tâm VHTT\\&TT},",
        "  publisher = {Gia Viễn},",
        "  date = {2020-12-09},",
        "  url = {https://giavien.ninhbinh.gov.vn/so-van-hoa-va-the-thao-kiem-tra-882.html},",
        "  urldate = {2023-02-07},",
        "  language = {vietnamese},",
        f"  note = {{{NOTE}}},",
        "}",
    ]


def test_csl_json() -> None:
    [item] = json.loads(cite(stored(), "Gia Viễn", "csl-json"))
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
        "issued": {"date-parts": [[2020, 12, 9]]},
        "abstract": "Chiều 8/12, Sở làm việc với huyện.",
    }


def test_ris() -> None:
    assert cite(stored(), "Gia Viễn", "ris").split("\r\n") == [
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
        "ER  - ",
    ]


def test_a_sentence_in_either_language() -> None:
    assert cite(stored(), "Gia Viễn", "text") == (
        f"Hồng Hạ, “{NEWS.title}”, Trung tâm VHTT&TT, Gia Viễn, 9 Dec 2020, {NEWS.url}, {NOTE}."
    )
    i18n.use("vi")
    assert cite(stored(), "Gia Viễn", "text") == (
        f"Hồng Hạ, “{NEWS.title}”, Trung tâm VHTT&TT, Gia Viễn, 09/12/2020, {NEWS.url}, "
        f"{NOTE.replace('archived', 'lưu')}."
    )


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
