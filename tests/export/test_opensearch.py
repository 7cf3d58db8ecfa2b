"""Bulk files as OpenSearch and Elasticsearch take them, and a mapping that knows every field of theirs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gvreader.errors import UsageError
from gvreader.export.opensearch import document, mapping, write_bulk
from gvreader.model import Marks, Note

from .samples import HOSTILE, NEWS, stored

LAST = datetime(2024, 5, 1, 2, 3, 4, 567000, tzinfo=UTC)


class Index:
    """What the bulk API does with `index` actions of external versions, and which fields its mapping refuses."""

    def __init__(self, mappings: dict[str, Any]) -> None:
        self.documents: dict[str, tuple[int, dict[str, Any]]] = {}
        self._properties = mappings["mappings"]["properties"]

    def bulk(self, body: bytes) -> None:
        assert body.endswith(b"\n")
        lines = [json.loads(line) for line in body.decode("utf-8").split("\n")[:-1]]
        for action, source in zip(lines[::2], lines[1::2], strict=True):
            assert list(action) == ["index"]
            asked = action["index"]
            assert asked["version_type"] == "external_gte"
            assert 0 < len(asked["_id"].encode()) <= 512
            self._check(source, self._properties)
            stands = self.documents.get(asked["_id"])
            if stands is None or asked["version"] >= stands[0]:
                self.documents[asked["_id"]] = (asked["version"], source)

    def _check(self, source: dict[str, Any], properties: dict[str, Any]) -> None:
        for name, value in source.items():
            assert name in properties, name
            field = properties[name]
            for one in value if isinstance(value, list) else [value]:
                if one is None:
                    continue
                if "properties" in field:
                    self._check(one, field["properties"])
                elif field["type"] in ("keyword", "text", "date"):
                    assert isinstance(one, str), name
                else:
                    assert isinstance(one, int | float), name


def loaded(folder: Path) -> Index:
    index = Index(json.loads((folder / "mapping.json").read_text()))
    for file in sorted(folder.glob("bulk-*.ndjson")):
        index.bulk(file.read_bytes())
    return index


def test_every_field_is_mapped_and_local_ones_stay_here(tmp_path: Path) -> None:
    ours = stored(
        marks=Marks(read=True, starred=True, tags=("của tôi",), notes=(Note(paragraph=0, text="riêng"),))
    )
    write_bulk(
        tmp_path / "out",
        [ours, stored(replace(NEWS, title=HOSTILE), title=HOSTILE, key="giavien:9")],
        lambda _stored: LAST,
    )
    assert sorted(path.name for path in (tmp_path / "out").glob("[!.]*")) == [
        "bulk-00001.ndjson",
        "mapping.json",
    ]
    version, source = loaded(tmp_path / "out").documents[ours.row.key]
    assert version == 1714528984567
    assert source["text"] == NEWS.text
    assert source.keys() & {"id", "read", "starred", "tags", "note", "paragraph_notes", "html"} == set()


def test_folded_fields_are_lower_case_without_marks() -> None:
    one = stored()
    source = document(replace(one, row=replace(one.row, title="Đại hội ĐẢNG bộ xã Uỷ viên Huyện ủy")))
    assert source["title_folded"] == "dai hoi dang bo xa uy vien huyen uy"
    assert len(str(source["text_folded"])) == len(NEWS.text)


def test_loading_in_any_order_leaves_the_newest(tmp_path: Path) -> None:
    newer = stored()
    older = replace(newer, row=replace(newer.row, title="Trước khi sửa"))
    times = {older.row.title: LAST.replace(year=2020), newer.row.title: LAST}
    write_bulk(tmp_path / "new", [newer], lambda one: times[one.row.title])
    write_bulk(tmp_path / "old", [older], lambda one: times[one.row.title])
    index = loaded(tmp_path / "new")
    for folder in ("old", "old", "new"):
        index.bulk((tmp_path / folder / "bulk-00001.ndjson").read_bytes())
    assert [source["title"] for _version, source in index.documents.values()] == [newer.row.title]


@pytest.mark.parametrize(("less", "files"), [(1, 2), (0, 2), (-1, 1)])
def test_a_file_ends_before_its_limit(tmp_path: Path, less: int, files: int) -> None:
    one = stored()
    write_bulk(tmp_path / "one", [one], lambda _stored: LAST)
    size = (tmp_path / "one" / "bulk-00001.ndjson").stat().st_size
    write_bulk(tmp_path / "two", [one, one], lambda _stored: LAST, most=2 * size - less)
    assert len(list((tmp_path / "two").glob("bulk-*"))) == files


def test_a_folder_of_somebodys_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("mine")
    with pytest.raises(UsageError):
        write_bulk(tmp_path, [stored()], lambda _stored: LAST)
    assert [path.name for path in tmp_path.iterdir()] == ["own.txt"]


def test_the_mapping_defines_the_analyzer_it_names() -> None:
    text = json.dumps(mapping())
    assert '"analyzer": "gvreader"' in text
    assert "gvreader" in mapping()["settings"]["analysis"]["analyzer"]  # type: ignore[index]
