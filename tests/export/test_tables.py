from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from gvreader.export.csv_rows import COLUMNS, cell, csv_lines

from .samples import HOSTILE, NEWS, stored


def test_articles_as_csv() -> None:
    header, record = csv.reader(io.StringIO("".join(csv_lines([stored()])), newline=""))
    assert header == list(COLUMNS)
    values = dict(zip(header, record, strict=True))
    assert values["key"] == "giavien:882"
    assert values["sections"] == "Tin tức"
    assert values["published"] == "2020-12-09"
    assert values["read"] == "false"
    assert values["text"] == NEWS.text
    assert header[-4:] == ["kind", "number", "images", "attachments"]
    assert [values[name] for name in header[-4:]] == ["article", "", "1", "1"]


def test_a_document_has_its_number() -> None:
    document = stored(replace(NEWS, kind="document", number="78/2008/QĐ-UBND"))
    [_, record] = csv.reader(io.StringIO("".join(csv_lines([document])), newline=""))
    assert record[-4:-2] == ["document", "78/2008/QĐ-UBND"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\tx",
        "  =1",
        "\r=1",
        "\n=1",
        "\u00a0=1",
        "\u200b+1",
        "\ufeff@x",
        "＝1",
        "－1",
    ],
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text).startswith("'")


def test_plain_values() -> None:
    assert [cell(None), cell(True), cell(-3), cell("a"), cell(["x", "y"])] == ["", "true", "-3", "a", "x; y"]


def test_hostile_text_stays_in_its_cell() -> None:
    rows = list(
        csv.reader(io.StringIO("".join(csv_lines([stored(replace(NEWS, title=HOSTILE))])), newline=""))
    )
    assert [len(row) for row in rows] == [len(COLUMNS)] * 2
