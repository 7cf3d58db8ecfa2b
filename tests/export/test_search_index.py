"""The site's index, read back and compared with counting words."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gvreader.export import sort_key
from gvreader.export.site import searchindex
from gvreader.export.site.searchindex import SearchIndex, base36, script
from gvreader.export.sort_key import SortedLines
from gvreader.vietnamese.abbreviations import Abbreviations
from gvreader.vietnamese.words import fold_term, terms

TABLE = Abbreviations([("UBND", "ủy ban nhân dân"), ("KH", "kế hoạch"), ("KH", "khoa học")])
WORDS = [
    "ủy",
    "ban",
    "nhân",
    "dân",
    "UBND",
    "kế",
    "hoạch",
    "khoa",
    "học",
    "KH",
    "xã",
    "huyện",
    "thôn",
    "Đặng",
    "đăng",
    "dang",
    "78/2008",
    "a",
    "ab",
    "abc",
]


def _read(folder: Path, name: str) -> Any:
    text = (folder / "search" / f"{name}.js").read_text("utf-8")
    start = f'gvreader.put("{name}",'
    assert text.startswith(start)
    assert text.endswith(");\n")
    return json.loads(text[len(start) : -3])


def _postings(text: str) -> dict[int, int]:
    found, number = {}, 0
    for posting in text.split(",") if text else []:
        delta, _colon, count = posting.partition(":")
        number += int(delta, 36)
        found[number] = int(count or "1", 36)
    return found


@pytest.mark.parametrize(("block", "shard"), [(1000, 96_000), (7, 150), (1, 1)])
def test_postings_are_what_counting_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, shard: int
) -> None:
    monkeypatch.setattr(searchindex, "_BLOCK_DOCUMENTS", block)
    monkeypatch.setattr(searchindex, "_SHARD_CHARACTERS", shard)
    random = Random(1)
    documents = [
        [" ".join(random.choices(WORDS, k=size)) for size in (4, 30, random.choice((0, 5)))]
        for _ in range(205)
    ]
    (tmp_path / "work").mkdir()
    index = SearchIndex(tmp_path, tmp_path / "work", TABLE)
    for number, fields in enumerate(documents):
        index.add(fields, name=f"n{number}", facts=f"f{number}")
    index.finish({"none": "nothing"})

    expected: defaultdict[str, list[dict[int, int]]] = defaultdict(lambda: [{}, {}, {}])
    for number, fields in enumerate(documents):
        for field, text in enumerate(fields):
            for term, count in Counter(terms(text)).items():
                expected[term][field][number] = count
    head = _read(tmp_path, "head")
    found = {}
    for shard_number, first in enumerate(head["shards"], start=1):
        lines = [line.split("|") for line in _read(tmp_path, f"terms-{shard_number}").split("\n")]
        assert lines[0][0] == first
        for key, term, *lists in lines:
            assert key == (term if term.startswith("#") else fold_term(term))
            assert term not in found
            found[term] = [_postings(text) for text in lists]
    assert {term: lists for term, lists in found.items() if not term.startswith("#")} == dict(expected)
    assert head["shards"] == sorted(set(head["shards"]))
    # "KH" stands for two meanings; the words of one of them stand for that one only.
    for number, fields in enumerate(documents):
        words = terms(fields[1])
        pairs = Counter(pairwise(words))
        assert found["#1"][1].get(number, 0) == words.count("kh") + pairs["kế", "hoạch"]
        assert found["#2"][1].get(number, 0) == words.count("kh") + pairs["khoa", "học"]

    lengths = [[int(one, 36) for one in line.split(",")] for line in _read(tmp_path, "lengths").split(";")]
    assert lengths == [[len(terms(text)) for text in fields] for fields in documents]
    assert head["documents"] == 205
    assert head["average"][1] == sum(length[1] for length in lengths) / 205
    shown = [entry for number in (1, 2, 3) for entry in _read(tmp_path, f"documents-{number}")]
    assert [entry[1] for entry in shown] == [f"n{number}" for number in range(205)]
    texts = [text for number in range(1, 12) for text in _read(tmp_path, f"texts-{number}")]
    assert [text.startswith(fields[1]) for text, fields in zip(texts, documents, strict=True)] == [True] * 205


def test_an_index_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    SearchIndex(tmp_path, tmp_path / "work", TABLE).finish({})
    head = _read(tmp_path, "head")
    assert head["documents"] == 0
    assert head["shards"] == []


@pytest.mark.parametrize(
    "text", ["</script><script>", "a\u2028b\u2029c", '");alert(1)//', "\\", "\ud7ff\U0001f600"]
)
def test_data_cannot_leave_its_script(text: str) -> None:
    written = script("n", text)
    assert "<" not in written
    assert "\u2028" not in written
    assert "\u2029" not in written
    assert json.loads(written[len('gvreader.put("n",') : -3]) == text


@given(st.integers(0, 1 << 40))
def test_base36(number: int) -> None:
    assert int(base36(number), 36) == number


@settings(max_examples=30)
@given(
    lines=st.lists(st.binary(max_size=12).filter(lambda line: b"\n" not in line), max_size=60),
    size=st.integers(1, 300),
)
def test_lines_come_out_sorted(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], size: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sort_key, "_RUN_BYTES", size)
        patch.setattr(sort_key, "_MOST_RUNS", 3)
        collected = SortedLines(tmp_path_factory.mktemp("runs"), "run")
        for line in lines:
            collected.add(line)
        assert list(collected) == sorted(lines)
