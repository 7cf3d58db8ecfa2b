"""`gvreader document`, against what `list` and the portal's own pages say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .running import run


def _numbered(archive: Path, home: Path) -> dict[str, str]:
    """The keys of documents by their numbers, as the export has them."""
    lines = run("--archive", archive, "export", "jsonl", home=home).out.splitlines()
    records = [json.loads(line) for line in lines]
    return {record["number"]: record["key"] for record in records if record.get("number")}


def test_a_document_is_found_by_its_number_however_it_is_typed(copy: Path, tmp_path: Path) -> None:
    number, key = next(iter(_numbered(copy, tmp_path).items()))
    for typed in (number, number.lower(), number.replace("/", " / ").replace("-", " - ")):
        ended = run("--archive", copy, "document", typed, "--json", home=tmp_path)
        assert ended.code == 0, typed
        answer = json.loads(ended.out)
        assert answer["number"] == number
        assert [row["key"] for row in answer["documents"]] == [key]
        assert key in [row["key"] for row in answer["named_in"]]
    shown = run("--archive", copy, "document", *number.split("/"), home=tmp_path)
    assert shown.code in (0, 8)


@pytest.mark.parametrize("typed", ["9999/QĐ-XYZ", '") OR a:(', "-x", "   ", "\x1b[31m"])
def test_what_nothing_names_is_said_so(typed: str, copy: Path, tmp_path: Path) -> None:
    ended = run("--archive", copy, "document", "--", typed, home=tmp_path)
    assert ended.code == 8
    assert "\x1b" not in ended.err + ended.out
