"""The one table of media types, and what is read from it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain

from gvreader.media_types import ATTACHED, COPIED, MEDIA_TYPES, SAVED, any_suffix, viewed_as


def test_no_kind_and_no_suffix_stands_twice() -> None:
    names = Counter(one.name for one in MEDIA_TYPES)
    suffixes = Counter(chain.from_iterable(one.suffixes for one in MEDIA_TYPES))
    assert {what: count for what, count in (names | suffixes).items() if count > 1} == {}
    assert all(re.fullmatch(r"[a-z0-9]+", suffix) for suffix in suffixes)
    assert all(re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", name) for name in names)


def test_what_is_handed_to_a_viewer_is_no_program() -> None:
    assert viewed_as("application/pdf") == ".pdf"
    assert viewed_as("image/jpeg") == ".jpg"
    for name in ("text/html", "image/svg+xml", "application/x-msdownload", "application/javascript", ""):
        assert viewed_as(name) is None
    assert not {"htm", "html", "svg", "xml", "js", "exe"} & {*COPIED, *ATTACHED}


def test_the_selections() -> None:
    assert ATTACHED["docx"] == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert sorted(ATTACHED) == [
        "7z", "csv", "doc", "docx", "ods", "odt", "pdf", "ppt", "pptx", "rar", "rtf", "xls", "xlsx", "zip"
    ]  # fmt: skip
    assert SAVED[".jfif"] == "image/jpeg"
    assert ".txt" not in SAVED


def test_the_longest_suffix_is_tried_first() -> None:
    assert any_suffix(("doc", "docx", "7z")) == "docx|doc|7z"
