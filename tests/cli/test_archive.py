"""Commands that change an archive, or take things out of it and in again."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.packing import gzipped
from tests.portal import Replica

from .conftest import objects
from .running import Ended

Gv = Callable[..., Ended]


def _rows(gv: Gv, archive: Path, *query: str) -> list[dict[str, object]]:
    return objects(gv("list", *query, "--jsonl", "--archive", archive).out)


def _vault_file(archive: Path) -> Path:
    [file] = (archive / "vault").glob("*.warc.gz")
    return file


# ── marks ───────────────────────────────────────────────────────────────────────────────────────


def test_marks_by_number_key_and_address(copy: Path, gv: Gv) -> None:
    first, second, third = _rows(gv, copy)[:3]
    ended = gv("mark", str(first["id"]), str(second["key"]), str(third["url"]), "star", "--archive", copy)
    assert (ended.code, ended.out, ended.err) == (0, "", "3 articles marked.\n")
    assert [row["key"] for row in _rows(gv, copy, "is:starred")] == [
        first["key"],
        second["key"],
        third["key"],
    ]
    gv("mark", str(first["id"]), "unstar", "--archive", copy)
    gv("mark", str(second["id"]), "tag", "Đọc lại", "--archive", copy)
    gv("mark", str(third["id"]), "read", "--archive", copy)
    assert [row["key"] for row in _rows(gv, copy, "is:starred")] == [second["key"], third["key"]]
    assert _rows(gv, copy, 'tag:"doc lai"')[0]["tags"] == ["Đọc lại"]
    assert _rows(gv, copy, "is:read")[0]["key"] == third["key"]
    gv("mark", str(second["id"]), "untag", "Đọc lại", "--archive", copy)
    assert _rows(gv, copy, 'tag:"doc lai"') == []


def test_marks_by_query(copy: Path, gv: Gv) -> None:
    before_2022 = _rows(gv, copy, "before:2022")
    assert before_2022
    assert gv("mark", "before:2022", "is:unread", "read", "--archive", copy).code == 0
    assert {row["key"] for row in _rows(gv, copy, "is:read")} == {row["key"] for row in before_2022}


def test_marks_never_follow_a_relaxed_query(copy: Path, gv: Gv) -> None:
    ended = gv("mark", "nồng thồn mời", "star", "--archive", copy)
    assert ended.code == 8
    assert _rows(gv, copy, "is:starred") == []


# ── out and in ──────────────────────────────────────────────────────────────────────────────────


def test_an_export_is_restored_as_it_is(copy: Path, tmp_path: Path, gv: Gv) -> None:
    key = str(_rows(gv, copy)[0]["key"])
    for action in (("star",), ("read",), ("tag", "quan trọng")):
        gv("mark", key, *action, "--archive", copy)
    exported = tmp_path / "all.jsonl"
    ended = gv("export", "jsonl", "--output", exported, "--archive", copy)
    assert re.fullmatch(r"\d+ articles written to .*all\.jsonl\.\n", ended.err)
    assert gv("import", exported, "--archive", tmp_path / "new").code == 0
    assert gv("import", exported, "--archive", tmp_path / "new").code == 0
    local = ("id", "warc", "sections")
    before = {item["key"]: item for item in objects(exported.read_text("utf-8"))}
    after = {item["key"]: item for item in objects(gv("export", "jsonl", "--archive", tmp_path / "new").out)}
    assert before.keys() == after.keys()
    for name, item in before.items():
        assert {k: v for k, v in item.items() if k not in local} == {
            k: v for k, v in after[name].items() if k not in local
        }
        assert sorted(s["slug"] for s in item["sections"]) == sorted(
            s["slug"] for s in after[name]["sections"]
        )
        assert after[name]["warc"] is None
    assert after[key]["tags"] == ["quan trọng"]
    assert gv("verify", "--archive", tmp_path / "new").code == 0
    assert objects(gv("search", "nông thôn mới", "--jsonl", "--archive", tmp_path / "new").out)


def test_lines_that_are_no_articles_are_refused_and_named(archive: Path, tmp_path: Path, gv: Gv) -> None:
    lines = gv("export", "jsonl", "--archive", archive).out.splitlines()[:3]
    broken = json.loads(lines[1]) | {"published": "hôm qua"}
    file = tmp_path / "mixed.jsonl"
    file.write_text("\n".join([lines[0], "{oops", json.dumps(broken), "", "[]", lines[2]]), "utf-8")
    ended = gv("import", file, "--archive", tmp_path / "new")
    assert ended.code == 3
    assert "2 articles new, 0 known already, 3 lines refused" in ended.err
    assert "line 3: `published` should be a date" in ended.err
    assert len(_rows(gv, tmp_path / "new")) == 2


def test_a_packed_export_is_taken_too(archive: Path, tmp_path: Path, gv: Gv) -> None:
    file = tmp_path / "all.jsonl.gz"
    file.write_bytes(gzipped(gv("export", "jsonl", "--archive", archive).out.encode()))
    assert gv("import", file, "--archive", tmp_path / "new").code == 0
    assert len(_rows(gv, tmp_path / "new")) == len(_rows(gv, archive))


def test_captures_are_imported_once(archive: Path, tmp_path: Path, gv: Gv) -> None:
    first = gv("import", _vault_file(archive), "--archive", tmp_path / "new")
    assert first.code == 0, first.err
    fields = ("key", "title", "text", "published", "images", "fetched", "content_sha256")
    expected = objects(gv("export", "jsonl", "--archive", archive).out)
    taken = objects(gv("export", "jsonl", "--archive", tmp_path / "new").out)
    assert [{f: item[f] for f in fields} for item in taken] == [
        {f: item[f] for f in fields} for item in expected
    ]
    size = sum(file.stat().st_size for file in (tmp_path / "new" / "vault").iterdir())
    again = gv("import", _vault_file(archive), "--archive", tmp_path / "new")
    assert again.code == 0
    assert ", 0 articles," in again.err
    assert sum(file.stat().st_size for file in (tmp_path / "new" / "vault").iterdir()) == size
    assert gv("verify", "--archive", tmp_path / "new").code == 0


@pytest.mark.parametrize("content", [b"", b"hello", b"<html></html>", b"\x1f\x8b junk"])
def test_what_cannot_be_imported_is_said_before_anything_is_done(
    content: bytes, tmp_path: Path, gv: Gv
) -> None:
    file = tmp_path / "file.bin"
    file.write_bytes(content)
    ended = gv("import", file, "--archive", tmp_path / "new")
    assert ended.code == 2
    assert not (tmp_path / "new").exists()
    assert gv("import", tmp_path / "none", "--archive", tmp_path / "new").code == 2


def test_an_export_replaces_its_file_only_as_a_whole(archive: Path, tmp_path: Path, gv: Gv) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")
    ended = gv("export", "csv", "--output", target, "--archive", tmp_path / "none")
    assert ended.code == 8
    assert target.read_text() == "old"
    assert gv("export", "csv", "nông", "thôn", "--output", target, "--archive", archive).code == 0
    assert target.read_bytes().startswith(b"\xef\xbb\xbfkey,id,portal,")
    ended = gv("export", "jsonl", "--output", tmp_path / "no" / "such" / "folder.jsonl", "--archive", archive)
    assert ended.code == 1
    assert "could not be written" in ended.err


def test_markdown_is_a_folder(archive: Path, tmp_path: Path, gv: Gv) -> None:
    assert gv("export", "markdown", "--archive", archive).code == 2
    assert gv("export", "markdown", "after:2023", "--output", tmp_path / "md", "--archive", archive).code == 0
    names = sorted(path.name for path in (tmp_path / "md").glob("*.md"))
    assert len(names) == len(_rows(gv, archive, "after:2023"))
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\d-[a-z0-9-]+-\d+\.md", name) for name in names)


def test_what_an_import_loses_is_told_even_under_quiet(archive: Path, tmp_path: Path, gv: Gv) -> None:
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(_vault_file(archive).read_bytes()[:3000])
    ended = gv("import", torn, "--quiet", "--archive", tmp_path / "new")
    assert (ended.code, ended.out) == (3, "")
    assert "ends in the middle of a record" in ended.err
    broken = tmp_path / "broken.jsonl"
    rows = gv("export", "jsonl", "--archive", archive).out.splitlines()
    broken.write_text("\n".join([rows[0], rows[1].replace('"title"', '"titel"')]), "utf-8")
    ended = gv("import", broken, "--quiet", "--archive", tmp_path / "newer")
    assert (ended.code, ended.out) == (3, "")
    assert "line 2: " in ended.err


# ── rebuild and verify ──────────────────────────────────────────────────────────────────────────


def test_a_rebuild_gives_the_same_archive_and_keeps_the_marks(copy: Path, gv: Gv) -> None:
    gv("mark", "before:2021", "star", "--archive", copy)
    before = gv("export", "jsonl", "--archive", copy).out
    for jobs in ("1", "2"):
        ended = gv("rebuild", "--jobs", jobs, "--archive", copy)
        assert ended.code == 0, ended.err
        assert objects(gv("export", "jsonl", "--archive", copy).out) == objects(before)
    shutil.rmtree(copy / "vault")
    assert gv("rebuild", "--archive", copy).code == 6
    assert gv("export", "jsonl", "--archive", copy).out == before


@pytest.mark.parametrize("family", ["giavien", "vnpt"])
def test_a_rebuild_learns_the_family_of_a_portal_that_nobody_declared(
    tmp_path: Path, gv: Gv, family: str
) -> None:
    with Replica(articles=12, seed=5, family=family) as server:
        ended = gv("sync", server.base_url, "--delay", "0", "--archive", tmp_path / "a")
    assert ended.code == 0, ended.err
    before = objects(gv("export", "jsonl", "--archive", tmp_path / "a").out)
    assert {row["family"].partition("@")[0] for row in before} == {family}
    for jobs in ("1", "2"):
        assert gv("rebuild", "--jobs", jobs, "--archive", tmp_path / "a").code == 0
        assert objects(gv("export", "jsonl", "--archive", tmp_path / "a").out) == before
    (tmp_path / "a" / "library.sqlite3").unlink()
    assert gv("rebuild", "--archive", tmp_path / "a").code == 0
    assert objects(gv("export", "jsonl", "--archive", tmp_path / "a").out) == before


def test_a_sound_archive_is_said_to_be_sound(archive: Path, gv: Gv) -> None:
    report = json.loads(gv("verify", "--json", "--archive", archive).out)
    assert list(report) == ["archive", "sound", "captures", "articles", "findings"]
    assert report["sound"] is True
    assert report["findings"] == []
    assert report["articles"] == len(_rows(gv, archive))


def test_a_flipped_byte_is_found_and_stays_found(copy: Path, gv: Gv) -> None:
    file = _vault_file(copy)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    ended = gv("verify", "--json", "--archive", copy)
    report = json.loads(ended.out)
    assert ended.code == 6
    assert report["sound"] is False
    assert any(finding["damage"] and finding["file"] == file.name for finding in report["findings"])
    before = _rows(gv, copy)
    assert gv("verify", "--repair", "--archive", copy).code == 6
    assert _rows(gv, copy) == before


def test_findings_are_explained_in_the_language_of_the_reader_and_counted(copy: Path, gv: Gv) -> None:
    captures = json.loads(gv("verify", "--json", "--archive", copy).out)["captures"]
    (copy / "library.sqlite3").write_bytes(b"not a database at all" * 1000)
    ended = gv("verify", "--repair", "--archive", copy, "--lang", "vi")
    assert ended.code == 0
    told = [line for line in ended.err.splitlines() if "unindexed-record" in line]
    assert len(told) == 11
    assert all(line.endswith(": thư viện chưa biết bản chụp này") for line in told[:-1])
    assert told[-1] == f"  … và {captures - 10} mục nữa: unindexed-record"


def test_a_missing_vault_file_is_found(copy: Path, gv: Gv) -> None:
    _vault_file(copy).unlink()
    report = json.loads(gv("verify", "--json", "--archive", copy).out)
    assert {finding["kind"] for finding in report["findings"]} == {"missing-file"}


def test_a_torn_tail_is_no_damage_and_repair_cuts_it(copy: Path, gv: Gv) -> None:
    file = _vault_file(copy)
    whole = file.read_bytes()
    file.write_bytes(whole + whole[: len(whole) // 50])
    torn = gv("verify", "--json", "--archive", copy)
    assert "torn-tail" in {finding["kind"] for finding in json.loads(torn.out)["findings"]}
    assert gv("verify", "--repair", "--archive", copy).code == 0
    assert json.loads(gv("verify", "--json", "--archive", copy).out)["findings"] == []


def test_a_library_that_disagrees_with_itself_is_repaired(copy: Path, gv: Gv) -> None:
    with closing(sqlite3.connect(copy / "library.sqlite3")) as connection:
        connection.execute("UPDATE sections SET articles = articles + 5")
        connection.commit()
    assert gv("verify", "--archive", copy).code == 6
    ended = gv("verify", "--repair", "--json", "--archive", copy)
    assert ended.code == 0
    assert all(finding["repaired"] for finding in json.loads(ended.out)["findings"])
    assert gv("verify", "--archive", copy).code == 0


@pytest.mark.parametrize("damage", ["missing", "overwritten"])
def test_a_lost_library_is_derived_again(damage: str, copy: Path, gv: Gv) -> None:
    before = [row["key"] for row in _rows(gv, copy)]
    library = copy / "library.sqlite3"
    if damage == "missing":
        library.unlink()
    else:
        library.write_bytes(b"not a database at all" * 1000)
        assert gv("list", "--archive", copy).code == 6
    assert gv("verify", "--archive", copy).code == 6
    ended = gv("verify", "--repair", "--archive", copy)
    assert ended.code == 0, ended.err
    assert [row["key"] for row in _rows(gv, copy)] == before
    assert gv("verify", "--archive", copy).code == 0
    kept = list(copy.glob("library-damaged-*.sqlite3"))
    assert len(kept) == (damage == "overwritten")


# ── demo ────────────────────────────────────────────────────────────────────────────────────────


def test_the_demo_in_a_pipe_mirrors_and_prints(tmp_path: Path, gv: Gv) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    ended = gv("demo", "--articles", "12", "--archive", tmp_path / "mine", extra={"TMPDIR": str(temporary)})
    assert ended.code == 0, ended.err
    assert "nothing leaves this machine" in ended.err
    assert re.match(r"1\d articles\n", ended.out)
    assert "Sáng ngày 07/2, UBND huyện tổ chức Hội nghị kiểm điểm" in ended.out
    assert not (tmp_path / "mine").exists()
    assert list(temporary.iterdir()) == []
