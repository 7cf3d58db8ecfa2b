"""Articles proven by their records, and what is found when anything was touched."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gvreader.archive.library import Library
from gvreader.archive.vault import Vault
from gvreader.extract.version import extractor_version
from tests.cli.running import Ended, run
from tests.operations.importing.strangers import page, warc
from tests.portal import Replica

PAGE = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text("utf-8")
SAMPLE_FILE = "giavien-20230207030000-00001.warc.gz"
SAMPLE_OFFSET = "387"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of five articles, the first of them in two revisions; not to be changed."""
    folder = tmp_path_factory.mktemp("made")
    with Replica(articles=12, seed=9) as replica:
        numbers = [piece.number for piece in replica.site.pieces()][:5]
        exchanges = [("2023-01-01T00:00:00Z", *page(replica, number)) for number in numbers]
        replica.site.edit(numbers[0])
        exchanges.append(("2024-01-01T00:00:00Z", *page(replica, numbers[0])))
        # The same bytes as before: a record that repeats another one.
        exchanges.append(("2024-02-01T00:00:00Z", *page(replica, numbers[1])))
    warc(folder / "a.warc.gz", exchanges)
    assert run("--archive", folder / "archive", "import", folder / "a.warc.gz", home=folder).code == 0
    (folder / "key").write_text(f"giavien:{numbers[0]}")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of the test's own."""
    shutil.copytree(made / "archive", tmp_path / "archive")
    shutil.copy(made / "key", tmp_path / "key")
    return tmp_path


def verify(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    ended = run("--archive", folder / "archive", "verify", *arguments, "--json", home=folder)
    return ended.code, json.loads(ended.out)


def key(folder: Path) -> str:
    return (folder / "key").read_text()


def write(folder: Path, sql: str, *values: object) -> None:
    connection = sqlite3.connect(folder / "archive" / "library.sqlite3")
    with connection:
        connection.execute(sql, values)
    connection.close()


def test_every_revision_is_proven(made: Path) -> None:
    code, report = verify(made, key(made))
    assert code == 0
    assert report["sound"]
    assert [(one["number"], one["verdict"]) for one in report["revisions"]] == [(1, "proven"), (2, "proven")]
    for one in report["revisions"]:
        assert one["derived_sha256"] == one["content_sha256"]
        assert one["extractor"] == {"then": extractor_version(), "now": extractor_version()}


def test_all_articles_are_proven(made: Path) -> None:
    code, report = verify(made, "--articles")
    assert (code, report["verdicts"]["proven"]) == (0, 5)
    assert report["revisions"] == []


def test_the_words(made: Path) -> None:
    ended: Ended = run("--archive", made / "archive", "verify", key(made), home=made)
    assert ended.out.count("proven: the record gives this text again") == 2
    assert "extractor  " + extractor_version() in ended.out


def test_an_altered_text_is_found(folder: Path) -> None:
    """Even where the library was altered so that it agrees with itself."""
    connection = sqlite3.connect(folder / "archive" / "library.sqlite3")
    ((content_id, packed),) = connection.execute(
        "SELECT content_id, content FROM heads JOIN contents AS c ON c.id = content_id WHERE key = ?",
        (key(folder),),
    ).fetchall()
    connection.close()
    article = json.loads(zlib.decompress(packed))
    article["title"] = "Tin giả"
    write(
        folder,
        "UPDATE contents SET content = ? WHERE id = ?",
        zlib.compress(json.dumps(article).encode()),
        content_id,
    )
    code, report = verify(folder, key(folder))
    assert code == 6
    assert [one["verdict"] for one in report["revisions"]] == ["proven", "altered"]
    with Library.open(folder / "archive" / "library.sqlite3", mode="read") as library:
        stored = library.articles.get(key(folder))
        assert stored is not None
        forged = stored.article.content_sha256
    write(folder, "UPDATE contents SET content_sha256 = ? WHERE id = ?", forged, content_id)
    code, report = verify(folder, key(folder))
    assert (code, report["revisions"][1]["verdict"]) == (6, "differs")
    assert verify(folder, "--articles")[1]["verdicts"]["differs"] == 1


def test_another_extractor_is_told_from_a_lie(folder: Path) -> None:
    write(folder, "UPDATE captures SET extractor = '0.0.9+000000000000'")
    code, report = verify(folder, key(folder))
    assert (code, report["revisions"][0]["verdict"]) == (0, "proven")
    write(folder, "UPDATE contents SET content_sha256 = 'x'")
    assert verify(folder, key(folder))[1]["revisions"][0]["verdict"] == "altered"


@pytest.mark.parametrize("place", [0.3, 0.7])
def test_a_flipped_byte_is_found(folder: Path, place: float) -> None:
    (file,) = (folder / "archive" / "vault").glob("*.warc.gz")
    raw = bytearray(file.read_bytes())
    raw[int(len(raw) * place)] ^= 0xFF
    file.write_bytes(raw)
    code, report = verify(folder, "--articles")
    assert code == 6
    assert report["verdicts"]["damaged"] >= 1


def test_a_record_that_was_written_anew_is_found(folder: Path) -> None:
    """A whole WARC file with true digests, but other bytes than the library knows."""
    with Vault.open(folder / "archive" / "vault", mode="read", clock=lambda: datetime.now(UTC)) as vault:
        captures = [capture for _ref, _portal, capture in vault.scan()]
        (old,) = vault.files()
    forged = folder / "forged"
    with Vault.open(forged, mode="write", clock=lambda: datetime(2023, 1, 1, tzinfo=UTC)) as vault:
        refs = [
            vault.append(
                "giavien", "https://giavien.ninhbinh.gov.vn", replace(one, body=one.body + b"<!--x-->")
            )
            for one in captures
        ]
        (new,) = vault.files()
    shutil.copy(new, old)
    connection = sqlite3.connect(folder / "archive" / "library.sqlite3")
    with connection:
        for number, ref in enumerate(refs, 1):
            connection.execute(
                "UPDATE captures SET offset = -id, record_id = ? WHERE id = ?", (ref.record_id, number)
            )
        for number, ref in enumerate(refs, 1):
            connection.execute("UPDATE captures SET offset = ? WHERE id = ?", (ref.offset, number))
    connection.close()
    assert verify(folder, "--articles")[1]["verdicts"]["damaged"] == 5


def test_articles_without_captures_have_no_record(made: Path, tmp_path: Path) -> None:
    exported = tmp_path / "all.jsonl"
    run("--archive", made / "archive", "export", "jsonl", "--output", exported, home=tmp_path)
    run("--archive", tmp_path / "archive", "import", exported, home=tmp_path)
    code, report = verify(tmp_path, "--articles")
    assert (code, report["verdicts"]["no-record"]) == (0, 5)


def test_what_is_asked_wrongly(made: Path) -> None:
    for arguments, code in (
        (("giavien:0",), 8),
        (("--repair", "giavien:1"), 2),
        (("--articles", "giavien:1"), 2),
    ):
        assert run("--archive", made / "archive", "verify", *arguments, home=made).code == code


# ── docs/evidence.md ────────────────────────────────────────────────────────────────────────────


def _cited(made: Path) -> tuple[str, int, str]:
    """File, offset and payload digest of a citation."""
    with Library.open(made / "archive" / "library.sqlite3", mode="read") as library:
        stored = library.articles.get(key(made))
        assert stored is not None
        assert stored.evidence is not None
        row = library.captures.at(stored.evidence)
        assert row is not None
    return stored.evidence.file, stored.evidence.offset, row.payload_sha256


def _here(text: str, file: str, offset: int) -> str:
    """An example of the page about the file and offset at hand."""
    return text.replace(SAMPLE_FILE, file).replace(f" {SAMPLE_OFFSET}", f" {offset}")


def test_a_stranger_can_check_with_warcio_alone(made: Path) -> None:
    file, offset, digest = _cited(made)
    vault = made / "archive" / "vault"
    commands = re.findall(r"^ *\$ (warcio .*)$", PAGE, re.M)
    assert len(commands) == 3
    outputs = []
    for command in commands:
        words = _here(command, file, offset).split()
        ended = subprocess.run(
            [Path(sys.executable).parent / "warcio", *words[1:]], cwd=vault, capture_output=True, check=False
        )
        assert ended.returncode == 0, command
        outputs.append(ended.stdout)
    checked, record, payload = outputs
    assert checked.count(b"digest pass") >= 7
    assert b"fail" not in checked
    assert b"WARC-Target-URI: https://giavien.ninhbinh.gov.vn/" in record
    assert b"HTTP/1.1 200 OK" in record
    assert b"<html" in payload
    (code,) = [
        block for block in re.findall(r"```python\n(.*?)```", PAGE, re.S) if "ArchiveIterator" in block
    ]
    assert _printed(
        _here(_dedented(code), file, offset).replace(f"({SAMPLE_OFFSET})", f"({offset})"), vault
    ) == (f"{digest}\n")


def test_a_stranger_can_compute_the_digest_of_an_article(made: Path) -> None:
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", PAGE, re.S) if "zlib" in block]
    lines = _printed(_dedented(code), made / "archive").splitlines()
    assert len(lines) == 5
    assert all(line.endswith(" ok") for line in lines)


def _dedented(code: str) -> str:
    return re.sub(r"^   ", "", code, flags=re.M) if code.startswith("   ") else code


def _printed(code: str, folder: Path) -> str:
    """What a script prints when it is run in a folder."""
    script = folder.parent / "script.py"
    script.write_text(code, "utf-8")
    ended = subprocess.run([sys.executable, script], cwd=folder, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr.decode()
    return ended.stdout.decode()


def test_the_page_names_every_verdict() -> None:
    from gvreader.cli.commands.verify import VERDICTS

    for verdict in VERDICTS:
        assert f"| `{verdict}` |" in PAGE
