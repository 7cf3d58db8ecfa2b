"""`status` after a life with troubles: sections, months, gaps, completeness."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.portal import Replica
from tests.portal.troubles import Maintenance, Status

from .running import run


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[int]]]:
    """An archive, and the record numbers that met with trouble by what it was."""
    home = tmp_path_factory.mktemp("status")
    with Replica(articles=40, seed=6) as server:
        numbers = [piece.number for piece in server.site.pieces() if piece.sections[:1] != ("thong-bao",)]
        met = {
            "deleted": numbers[5:6],
            "refused": numbers[9:10],
            "gone": numbers[13:14],
            "unheard": numbers[20:22],
        }
        for number in met["unheard"]:
            server.site.delete(number)
        server.faults.add(Status(410), rf"-{met['deleted'][0]}\.html")
        server.faults.add(Maintenance(), rf"-{met['refused'][0]}\.html")
        server.faults.add(Status(403), r"^/thong-bao\.html")
        sync = ("--archive", home / "a", "sync", "--base-url", server.base_url, "--delay", "0")
        assert run(*sync, home=home).code == 3
        server.site.delete(met["gone"][0])
        assert run(*sync, "--full", home=home).code == 3
    return home / "a", met


def portal_of(archive: Path) -> dict[str, Any]:
    ended = run("--archive", archive, "status", "--json", home=archive.parent)
    assert ended.code == 0
    portal: dict[str, Any] = json.loads(ended.out)["portals"][0]
    return portal


def test_sections_tell_their_last_success_problem_and_age(
    troubled: tuple[Path, dict[str, list[int]]],
) -> None:
    portal = portal_of(troubled[0])
    sections = {section["slug"]: section for section in portal["sections"]}
    healthy = sections["kinh-te"]
    assert datetime.fromisoformat(healthy["last_success"]).tzinfo
    assert 0 <= healthy["age_seconds"] < 600
    assert healthy["last_problem"] is None or "kinh-te" in healthy["last_problem"]["url"]
    assert portal["last_problem"]["kind"] in ("http-status", "maintenance")
    assert portal["last_run"]["exit_code"] == 3
    assert portal["problems"].keys() == {"http-status", "maintenance"}
    assert portal["last_run"]["complete"] is False
    assert sum(portal["queued"].values()) >= 2


def test_numbers_that_are_not_here_are_explained(troubled: tuple[Path, dict[str, list[int]]]) -> None:
    archive, met = troubled
    portal = portal_of(archive)
    states: dict[int, str] = {}
    for sequence in portal["ids"]:
        for gap in sequence["gaps"]:
            states |= dict.fromkeys(range(gap["first"], gap["last"] + 1), gap["state"])
        if sequence["kind"] == "article":
            assert sequence["completeness"] == round(
                sequence["held"] / (sequence["last"] - sequence["first"] + 1), 4
            )
            assert sequence["gone"] == 1
    assert [states[number] for number in met["deleted"]] == ["deleted"]
    assert [states[number] for number in met["refused"]] == ["refused"]
    assert [states[number] for number in met["unheard"]] == ["never seen"] * 2
    assert met["gone"][0] not in states
    assert portal["gone"] == 1


def test_months_count_what_was_published_and_first_seen(
    troubled: tuple[Path, dict[str, list[int]]],
) -> None:
    archive, _met = troubled
    rows = [
        json.loads(line)
        for line in run("--archive", archive, "list", "--jsonl", home=archive.parent).out.splitlines()
    ]
    wanted = Counter(row["published"][:7] for row in rows if row["published"])
    portal = portal_of(archive)
    assert {month["month"]: month["published"] for month in portal["months"] if month["published"]} == wanted
    assert sum(month["first_seen"] for month in portal["months"]) == len(rows)
    for section in portal["sections"]:
        own = [row for row in rows if section["slug"] in [one["slug"] for one in row["sections"]]]
        wanted = Counter(row["published"][:7] for row in own if row["published"])
        assert {
            month["month"]: month["published"] for month in section["months"] if month["published"]
        } == wanted
        assert sum(month["first_seen"] for month in section["months"]) == section["articles"] == len(own)


def test_people_see_the_same(troubled: tuple[Path, dict[str, list[int]]]) -> None:
    archive, _met = troubled
    shown = run("--archive", archive, "status", home=archive.parent).out
    assert re.search(r"^  Kinh tế +\d+  .+ read .* ago", shown, re.MULTILINE)
    assert re.search(r"^  20\d\d [▁▂▃▄▅▆▇█·]{12} +\d+  [▁▂▃▄▅▆▇█·]{12} +\d+$", shown, re.MULTILINE)
    assert re.search(r"of the portal's numbers \d+ to \d+, \d+\.\d % are here; \d+ not: .*never seen", shown)
    assert re.search(r"^    \d  the server answered with an error \(http-status\)$", shown, re.MULTILINE)
    assert max(map(len, shown.splitlines()[3:])) <= 200
    vietnamese = run("--archive", archive, "--lang", "vi", "status", home=archive.parent).out
    assert "thấy lần đầu" in vietnamese
    assert re.search(r"^    \d  máy chủ trả lời bằng một lỗi \(http-status\)$", vietnamese, re.MULTILINE)


def test_a_run_that_was_killed_hides_no_success(troubled: tuple[Path, dict[str, list[int]]]) -> None:
    archive, _met = troubled
    shown = run("--archive", archive, "status", home=archive.parent).out
    (success,) = re.findall(r"^  last success .+$", shown, re.MULTILINE)
    copy = shutil.copytree(archive, archive.parent / "killed")
    with closing(sqlite3.connect(copy / "library.sqlite3")) as connection:
        connection.execute(
            "INSERT INTO runs (portal, started) VALUES ('giavien', '2030-01-01T00:00:00+00:00')"
        )
        connection.commit()
    shown = run("--archive", copy, "status", home=archive.parent).out
    assert "  a run began 1 Jan 2030 " in shown
    assert success in shown
