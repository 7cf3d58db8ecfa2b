"""What strangers kept of a portal, taken in by the real command."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from gvreader.archive.library import Library
from tests.cli.running import COMMAND, Ended, environment, run
from tests.operations.importing.strangers import ORIGIN, mhtml, page, warc
from tests.portal import Replica

PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(articles=30, seed=3) as running:
        yield running


def gv(folder: Path, *arguments: str | Path) -> Ended:
    return run("--archive", folder / "archive", *arguments, home=folder)


def imported(folder: Path, *arguments: str | Path, code: int = 0) -> dict[str, Any]:
    ended = gv(folder, "import", "--json", *arguments)
    assert ended.code == code, ended.err
    report: dict[str, Any] = json.loads(ended.out)
    return report


def history(folder: Path, ref: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(gv(folder, "history", "--json", ref).out)["revisions"]
    return found


def shown(folder: Path, ref: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gv(folder, "show", "--format", "json", ref).out)
    return found


def numbers(replica: Replica) -> list[int]:
    return [piece.number for piece in replica.site.pieces()]


def test_an_older_capture_becomes_an_earlier_revision_and_never_the_current_one(tmp_path: Path) -> None:
    with Replica(articles=30, seed=3) as replica:
        number = numbers(replica)[0]
        key = f"giavien:{number}"
        url, first = page(replica, number)
        replica.site.edit(number, append="Bản thứ hai.")
        _, second = page(replica, number)
        replica.site.edit(number, append="Bản thứ ba.")
        _, third = page(replica, number)
    warc(tmp_path / "new.warc.gz", [("2024-03-01T00:00:00Z", url, third)])
    # A stranger's crawl in disorder, under another spelling of the address.
    plain = url.replace("https://", "http://www.")
    warc(
        tmp_path / "old.warc",
        [("2023-06-01T00:00:00Z", plain, second), ("2022-01-01T00:00:00Z", plain, first)],
        packed=False,
    )
    assert imported(tmp_path, tmp_path / "new.warc.gz")["articles"] == {"new": 1, "revisions": 0}
    assert imported(tmp_path, tmp_path / "old.warc")["articles"] == {"new": 0, "revisions": 2}
    revisions = history(tmp_path, key)
    assert [(item["number"], item["first_seen"][:10]) for item in revisions] == [
        (1, "2022-01-01"),
        (2, "2023-06-01"),
        (3, "2024-03-01"),
    ]
    current = shown(tmp_path, key)
    assert current["revision"] == 3
    assert current["url"] == url
    assert current["text"].endswith("Bản thứ ba.")
    assert {item["source"] for item in revisions} == {"import"}


def test_a_folder_saved_by_a_browser_brings_its_pictures(tmp_path: Path) -> None:
    body = "".join(
        f"<p>Sáng nay, Ủy ban nhân dân huyện đã tổ chức hội nghị, đoạn {n}, với sự tham gia của các xã.</p>"
        for n in range(8)
    )
    html = (
        "<!DOCTYPE html>\n"
        f"<!-- saved from url=(0064){ORIGIN}/tin-tuc/hoi-nghi-tong-ket-901.html -->\n"
        "<html><head><meta charset=utf-8><title>x</title></head><body><h1>Hội nghị tổng kết năm 2022 của huyện</h1>"
        "<div>Thứ ba, 07/02/2023</div><div class=content>"
        f'{body}<p><img src="./Hội nghị_files/anh.png"></p>{body}</div></body></html>'
    )
    folder = tmp_path / "saved"
    (folder / "Hội nghị_files").mkdir(parents=True)
    (folder / "Hội nghị.html").write_text(html, "utf-8")
    (folder / "Hội nghị_files" / "anh.png").write_bytes(PNG)
    (folder / "Hội nghị_files" / "style.css").write_text("p{}")
    (folder / "Hội nghị_files" / "frame.html").write_text("<html><p>quảng cáo</p></html>")
    when = datetime(2023, 2, 8, 1, 2, 3, tzinfo=UTC)
    for path in folder.rglob("*"):
        os.utime(path, (when.timestamp(), when.timestamp()))
    report = imported(tmp_path, folder)
    assert report["captures"]["read"] == 2
    assert report["oddities"] == []
    article = shown(tmp_path, "giavien:901")
    assert article["title"] == "Hội nghị tổng kết năm 2022 của huyện"
    assert article["published"] == "2023-02-07"
    assert article["first_seen"] == "2023-02-08T01:02:03Z"
    assert article["images"][0]["sha256"] is not None


def test_a_page_in_one_file_brings_its_pictures(tmp_path: Path, replica: Replica) -> None:
    number = numbers(replica)[1]
    url, html = page(replica, number)
    article = replica.truth_of(number, ORIGIN)
    pictures = {image.url: PNG for image in article.images} | {"cid:css-1@mhtml.blink": b"x"}
    when = datetime(2021, 5, 6, 7, 8, 9, tzinfo=UTC)
    (tmp_path / "bai.mhtml").write_bytes(mhtml(url, html.decode(), pictures, when=when))
    report = imported(tmp_path, tmp_path / "bai.mhtml")
    assert report["captures"]["read"] == 1 + len(article.images)
    stored = shown(tmp_path, f"giavien:{number}")
    assert stored["title"] == article.title
    assert stored["text"] == article.text
    assert stored["first_seen"] == "2021-05-06T07:08:09Z"
    assert all(image["sha256"] for image in stored["images"])


def test_a_tree_of_wget_and_a_mapping(tmp_path: Path, replica: Replica) -> None:
    tree = tmp_path / "mirror" / "giavien.ninhbinh.gov.vn"
    bare = tmp_path / "htdocs"
    for number in numbers(replica)[:4]:
        url, html = page(replica, number)
        for root in (tree, bare):
            path = root / url.removeprefix(f"{ORIGIN}/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(html)
            os.utime(path, (1_600_000_000, 1_600_000_000))
    assert imported(tmp_path, tmp_path / "mirror")["articles"] == {"new": 4, "revisions": 0}
    again = imported(tmp_path, "--url", f"{ORIGIN}/", bare)
    assert again["articles"] == {"new": 0, "revisions": 0}
    lone = imported(tmp_path, "--url", f"{ORIGIN}/", tmp_path / "mirror")
    assert lone["captures"]["read"] == 4


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed")
def test_what_wget_keeps(tmp_path: Path, replica: Replica) -> None:
    """Its WARC file and its tree tell the same; print views that it ran into are no revisions."""
    subprocess.run(
        ["wget", "--quiet", "--recursive", "--level=3", "--warc-file=crawl", f"{replica.base_url}/"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
    )
    report = imported(tmp_path, tmp_path / "crawl.warc.gz")
    served = len(numbers(replica)) + len(list(replica.static_truth()))
    assert report["articles"] == {"new": served, "revisions": 0}
    assert report["lost"] == 0
    tree = tmp_path / "tree"
    tree.mkdir()
    (folder,) = (path for path in tmp_path.iterdir() if path.name.startswith("127.0.0.1"))
    again = imported(tree, folder)
    assert again["articles"] == {"new": served, "revisions": 0}
    titles = [
        sorted(json.loads(line)["title"] for line in gv(place, "list", "--jsonl").out.splitlines())
        for place in (tmp_path, tree)
    ]
    assert titles[0] == titles[1]


def test_pages_without_an_address_are_reported(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "x.html").write_text("<html><p>Không rõ</p></html>", "utf-8")
    report = imported(tmp_path, folder, code=3)
    assert report["lost"] == 1
    assert [item["kind"] for item in report["oddities"]] == ["no-address"]


def test_refusals_become_no_articles(tmp_path: Path, replica: Replica) -> None:
    url, _ = page(replica, numbers(replica)[0])
    challenge = (
        b'<html><body><script>document.cookie="D1N=abc";window.location.reload(true);</script></body></html>'
    )
    warc(tmp_path / "a.warc.gz", [("2024-01-01T00:00:00Z", url, challenge)])
    report = imported(tmp_path, tmp_path / "a.warc.gz")
    assert report["captures"] == {"read": 1, "known": 0, "refused": 1, "unread": 0}
    assert gv(tmp_path, "list").out == ""


def test_a_damaged_file_costs_what_is_damaged(tmp_path: Path, replica: Replica) -> None:
    pages = [("2024-01-01T00:00:00Z", *page(replica, number)) for number in numbers(replica)[:6]]
    whole = warc(tmp_path / "a.warc.gz", pages).read_bytes()
    (tmp_path / "a.warc.gz").write_bytes(whole[:-300])
    (tmp_path / "empty.warc.gz").write_bytes(b"")
    ended = gv(tmp_path, "import", tmp_path / "a.warc.gz", tmp_path / "empty.warc.gz")
    assert ended.code == 3
    assert "ends in the middle of a record" in ended.err
    assert len(gv(tmp_path, "list").out.splitlines()) == 5


def test_captures_of_the_future_do_not_stand_before_those_of_today(tmp_path: Path, replica: Replica) -> None:
    number = numbers(replica)[0]
    url, body = page(replica, number)
    false = warc(tmp_path / "a.warc.gz", [("2998-01-01T00:00:00Z", url, body.replace(b"<p>", b"<p>Sai. "))])
    true = warc(tmp_path / "b.warc.gz", [("2024-01-01T00:00:00Z", url, body)])
    report = imported(tmp_path, false, true, code=3)
    assert "2998-01-01 00:00 UTC, which is yet to come" in json.dumps(report)
    assert "Sai." not in shown(tmp_path, f"giavien:{number}")["text"]


def test_what_cannot_be_imported_is_said_before_anything_is_done(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("xin chào", "utf-8")
    (tmp_path / "nothing").mkdir()
    for path in ("notes.txt", "nothing", "missing.warc.gz"):
        ended = gv(tmp_path, "import", tmp_path / path)
        assert (ended.code, ended.out) == (2, ""), path
        assert path in ended.err
    assert not (tmp_path / "archive").exists()


def test_pipes_are_not_waited_for(tmp_path: Path, replica: Replica) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    os.mkfifo(folder / "a.html")
    url, body = page(replica, numbers(replica)[0])
    (folder / "b.html").write_bytes(f"<!-- saved from url=(0050){url} -->".encode() + body)
    report = imported(tmp_path, folder, code=3)
    assert (report["articles"]["new"], [odd["kind"] for odd in report["oddities"]]) == (1, ["unreadable"])
    assert imported(tmp_path, folder / "a.html", code=3)["lost"] == 1


def test_an_import_that_was_killed_goes_on(tmp_path: Path, replica: Replica) -> None:
    """Killed without warning again and again, it comes to the same end; each kill costs one record at most."""
    pages = [
        (f"2024-01-{day:02}T00:00:00Z", *page(replica, number))
        for day in range(1, 11)
        for number in numbers(replica)[:20]
    ]
    source = warc(tmp_path / "a.warc.gz", pages)
    archive = tmp_path / "archive"
    command = [*COMMAND, "--archive", str(archive), "import", str(source)]
    kills = 0
    for seconds in (0.9, 1.0, 1.1):
        process = subprocess.Popen(command, env=environment(tmp_path), stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
    report = imported(tmp_path, source)
    assert report["captures"]["read"] == len(pages)
    clean = tmp_path / "clean"
    clean.mkdir()
    shutil.copy(source, clean / "a.warc.gz")
    imported(clean, clean / "a.warc.gz")
    expected, found = (gv(folder, "export", "jsonl").out.splitlines() for folder in (clean, tmp_path))
    assert [_told(line) for line in found] == [_told(line) for line in expected]
    with (
        Library.open(archive / "library.sqlite3", mode="read") as library,
        Library.open(clean / "archive" / "library.sqlite3", mode="read") as other,
    ):
        assert library.captures.count() == other.captures.count()
    verified = json.loads(gv(tmp_path, "verify", "--json").out)
    assert verified["sound"]
    assert sum(item["kind"] == "unindexed-record" for item in verified["findings"]) <= kills


def _told(line: str) -> dict[str, Any]:
    """An exported article without what differs between two archives: where its record lies."""
    article: dict[str, Any] = json.loads(line)
    del article["warc"], article["id"]
    return article


def test_a_saved_page_without_a_time_of_its_own_never_beats_the_portal(
    tmp_path: Path, replica: Replica
) -> None:
    synced = gv(tmp_path, "sync", "giavien", "--base-url", replica.base_url, "--delay", "0", "--limit", "3")
    assert synced.code == 0, synced.err
    key = json.loads(gv(tmp_path, "list", "--jsonl").out.splitlines()[0])["key"]
    url, now = page(replica, int(key.partition(":")[2]))
    current = shown(tmp_path, key)["text"]
    mirrored = tmp_path / "websites" / urlsplit(url).netloc / urlsplit(url).path.lstrip("/")
    mirrored.parent.mkdir(parents=True)
    mirrored.write_bytes(now.replace(b"</p>", " (bản cũ)</p>".encode()))
    assert imported(tmp_path, tmp_path / "websites")["articles"] == {"new": 0, "revisions": 1}
    assert shown(tmp_path, key)["text"] == current
    assert [one["source"] for one in history(tmp_path, key)] == ["import", "live"]
    assert gv(tmp_path, "rebuild").code == 0
    assert shown(tmp_path, key)["text"] == current


def test_pictures_inside_a_saved_page_are_kept_and_shown(tmp_path: Path, replica: Replica) -> None:
    number = numbers(replica)[0]
    url, body = page(replica, number)
    picture = base64.b64encode(PNG * 60).decode()
    figure = f'<p><img alt="Lễ phát động" src="data:image/png;base64,{picture}"></p></body>'
    note = f"<!--\n Page saved with SingleFile \n url: {url} \n saved date: Tue Feb 07 2023 10:00:00 GMT+0700 (x)\n-->"
    first = body.decode().replace("</p>", f"</p>{figure.removesuffix('</body>')}", 3)
    save = tmp_path / "saved" / "a.html"
    save.parent.mkdir()
    save.write_text(first.replace("<head>", f"{note}<head>", 1))
    imported(tmp_path, save.parent)
    images = shown(tmp_path, f"giavien:{number}")["images"]
    assert hashlib.sha256(PNG * 60).hexdigest() in [image["sha256"] for image in images]


def test_a_line_that_cannot_be_stored_costs_itself(tmp_path: Path) -> None:
    lines = [
        {
            "key": f"giavien:{number}",
            "portal": "giavien",
            "url": f"{ORIGIN}/bai-{number}.html",
            "title": "Nông thôn mới",
        }
        for number in range(4)
    ]
    lines[1]["tags"] = ["!!"]  # type: ignore[assignment]
    (tmp_path / "lines.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (restored,) = imported(tmp_path, tmp_path / "lines.jsonl", code=3)["restored"]
    assert (restored["new"], restored["refused"]) == (3, 1)
    assert restored["problems"][0].startswith("line 2: ")
    assert len(gv(tmp_path, "list", "--jsonl").out.splitlines()) == 3
