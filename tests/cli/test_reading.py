from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gvreader.export.terminal_text import width
from tests.portal import Replica

from .conftest import objects
from .running import Ended, on_terminal

Gv = Callable[..., Ended]

ROW_FIELDS = [
    *("key", "id", "portal", "url", "sections", "title", "summary", "published", "author", "organisation"),
    *("language", "read", "starred", "tags", "note", "gone", "revision", "words"),
]
ARTICLE_FIELDS = [
    *ROW_FIELDS,
    *(
        "text",
        "html",
        "images",
        "attachments",
        "related",
        "first_seen",
        "fetched",
        "changed",
        "content_sha256",
    ),
    *("family", "confidence", "warc"),
]
SEED = "UBND huyện tổ chức Hội nghị kiểm điểm công tác chỉ đạo, điều hành"


@pytest.fixture
def seed(archive: Path, gv: Gv) -> dict[str, object]:
    """The row of the article that every replica has."""
    found = objects(gv("list", f'title:"{SEED}"', "--jsonl", "--archive", archive).out)
    assert len(found) == 1
    return found[0]


def test_options_and_arguments_may_be_mixed(archive: Path, gv: Gv) -> None:
    straight = gv("list", "--limit", "2", "--jsonl", "--archive", archive, "nông", "thôn")
    mixed = gv("list", "nông", "--limit=2", "thôn", "--archive", archive, "--jsonl")
    assert objects(straight.out) == objects(mixed.out)
    assert len(objects(mixed.out)) == 2
    exported = gv("export", "jsonl", "--archive", archive, "nông", "thôn").out
    assert {item["key"] for item in objects(straight.out)} <= {item["key"] for item in objects(exported)}


def test_list_is_newest_first(archive: Path, gv: Gv) -> None:
    rows = objects(gv("list", "--jsonl", "--archive", archive).out)
    assert all(list(row) == ROW_FIELDS for row in rows)
    dates = [row["published"][:10] for row in rows if row["published"]]
    assert dates == sorted(dates, reverse=True)
    assert objects(gv("list", "--limit", "3", "--jsonl", "--archive", archive).out) == rows[:3]


def test_list_in_a_pipe_cuts_nothing(archive: Path, gv: Gv, seed: dict[str, object]) -> None:
    ended = gv("list", f'title:"{SEED}"', "--archive", archive)
    assert ended.out.splitlines() == [f"{seed['id']}  7 Feb 2023  ● {seed['title']} · Tin tức"]
    vietnamese = gv("list", f'title:"{SEED}"', "--archive", archive, "--lang", "vi")
    assert vietnamese.out == ended.out.replace("7 Feb 2023 ", "07/02/2023 ")


@pytest.mark.parametrize("columns", [40, 60, 120])
def test_lists_fit_the_terminal(columns: int, archive: Path, tmp_path: Path) -> None:
    for arguments in (("list",), ("search", "nông thôn mới"), ("status",), ("portals",)):
        shown = on_terminal(*arguments, "--archive", archive, home=tmp_path, columns=columns).out
        plain = re.sub(r"\x1b\[[0-9;]*[mK]|\r", "", shown)
        too_long = [
            line
            for line in plain.splitlines()
            if width(line) > columns and "http" not in line and str(archive) not in line
        ]
        assert too_long == [] or columns < 60, arguments


def test_search_ranks_and_marks_matches(archive: Path, gv: Gv) -> None:
    hits = objects(gv("search", "nong thon moi", "--jsonl", "--archive", archive).out)
    assert hits
    assert all(list(hit) == [*ROW_FIELDS, "score", "snippet"] for hit in hits)
    assert all(hit["snippet"].count("\ue000") == hit["snippet"].count("\ue001") for hit in hits)
    assert any("\ue000" in hit["snippet"] for hit in hits)
    newest = objects(
        gv("search", "nong", "thon", "moi", "--sort", "newest", "--jsonl", "--archive", archive).out
    )
    dates = [hit["published"][:10] for hit in newest if hit["published"]]
    assert dates == sorted(dates, reverse=True)
    assert {hit["key"] for hit in newest} == {hit["key"] for hit in hits}


def test_a_word_is_excluded_by_a_dash(archive: Path, gv: Gv) -> None:
    everything = objects(gv("list", "nông", "thôn", "--jsonl", "--archive", archive).out)
    without = objects(gv("list", "nông", "thôn", "-mới", "--jsonl", "--archive", archive).out)
    assert len(without) < len(everything)
    assert objects(gv("list", "nông thôn -mới", "--jsonl", "--archive", archive).out) == without


def test_relaxing_is_said(archive: Path, gv: Gv) -> None:
    ended = gv("search", "nồng thồn mời", "--jsonl", "--archive", archive)
    hits = objects(ended.out)
    assert hits
    assert all(hit["relaxed"] is True for hit in hits)
    assert "without the marks" in ended.err


def test_the_configuration_adds_abbreviations(
    archive: Path, tmp_path: Path, gv: Gv, seed: dict[str, object]
) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[search.abbreviations]\n"HNKĐ" = "hội nghị kiểm điểm"\n', "utf-8")
    assert gv("list", "HNKĐ", "--jsonl", "--archive", archive).out == ""
    found = objects(gv("list", "HNKĐ", "--jsonl", "--archive", archive, "--config", file).out)
    assert seed["key"] in {row["key"] for row in found}


def test_finding_nothing_is_no_failure(archive: Path, gv: Gv) -> None:
    for command in ("list", "search"):
        ended = gv(command, "xyzzyplugh", "--archive", archive)
        assert (ended.code, ended.out, ended.err) == (0, "", "Nothing matches.\n")


@pytest.mark.parametrize(
    "query", ["'", '"', "AND OR (", "title:", "NEAR(a b)", "is:nonsense", ")(", "\\", "%", "--"]
)
def test_no_query_is_an_error(query: str, archive: Path, gv: Gv) -> None:
    ended = gv("search", "--archive", archive, "--", query)
    assert ended.code == 0, ended.err


def test_matches_stand_out_on_a_terminal(archive: Path, tmp_path: Path) -> None:
    coloured = on_terminal("search", "nông thôn mới", "--archive", archive, home=tmp_path).out
    assert re.search(r"\x1b\[1;33mnông", coloured, re.I)
    plain = on_terminal(
        "search", "nông thôn mới", "--archive", archive, home=tmp_path, extra={"TERM": "dumb"}
    ).out
    assert re.search(r"\[nông", plain, re.I)


def test_show_in_every_format(archive: Path, gv: Gv, seed: dict[str, object]) -> None:
    record = json.loads(gv("show", str(seed["id"]), "--format", "json", "--archive", archive).out)
    assert list(record) == ARTICLE_FIELDS
    assert {name: record[name] for name in ROW_FIELDS} == seed
    assert record["published"] == "2023-02-07"
    assert (record["author"], record["organisation"]) == ("Hồng Hạ", "Trung tâm VHTT&TT")
    assert record["text"].startswith("Sáng ngày 07/2, UBND huyện tổ chức Hội nghị")
    text = gv("show", record["key"], "--archive", archive).out.splitlines()
    assert text[0] == record["title"]
    assert text[1] == "7 Feb 2023 · Hồng Hạ (Trung tâm VHTT&TT) · Tin tức"
    assert text[-1] == record["url"]
    assert gv("show", record["url"], "--archive", archive, "--format", "markdown").out.startswith(
        "# UBND huyện"
    )
    page = gv(
        "show", record["url"].replace("https://", "http://www."), "--archive", archive, "--format", "html"
    ).out
    assert page.startswith("<!doctype html>")


def test_what_is_not_there_ends_with_8(archive: Path, gv: Gv) -> None:
    for arguments in (
        ("show", "99999"),
        ("show", "giavien:nothing"),
        ("show", "https://elsewhere.example/"),
        ("show", "1", "--revision", "9"),
        ("cite", "99999"),
        ("history", "99999"),
        ("mark", "99999", "star"),
        ("mark", "xyzzyplugh", "star"),
    ):
        ended = gv(*arguments, "--archive", archive)
        assert (ended.code, ended.out) == (8, ""), arguments
        assert ended.err.startswith("gvreader: ")


def test_commands_on_an_archive_that_is_not_there(tmp_path: Path, gv: Gv) -> None:
    for command in (
        ("list",),
        ("search", "x"),
        ("show", "1"),
        ("export", "jsonl"),
        ("rebuild",),
        ("verify",),
    ):
        ended = gv(*command, "--archive", tmp_path / "none")
        assert (ended.code, ended.out) == (8, ""), command
        assert "gvreader sync" in ended.err
    status = gv("status", "--json", "--archive", tmp_path / "none")
    assert status.code == 0
    assert json.loads(status.out) == {"archive": str(tmp_path / "none"), "portals": []}
    assert not (tmp_path / "none").exists()


def test_a_citation_names_the_evidence(archive: Path, gv: Gv, seed: dict[str, object]) -> None:
    record = json.loads(gv("show", str(seed["key"]), "--format", "json", "--archive", archive).out)
    text = gv("cite", str(seed["key"]), "--archive", archive).out
    assert text.startswith(f"Hồng Hạ, “{record['title']}”, Trung tâm VHTT&TT, Gia Viễn, 7 Feb 2023, ")
    assert record["warc"]["record_id"] in text
    assert record["content_sha256"] in text
    assert gv("cite", str(seed["key"]), "--style", "bibtex", "--archive", archive).out.startswith(
        "@online{giavien-"
    )


def test_history_shows_what_changed(tmp_path: Path, gv: Gv) -> None:
    with Replica(articles=8, seed=5) as replica:
        sync = ("sync", "--base-url", replica.base_url, "--delay", "0", "--full", "--archive", tmp_path / "a")
        assert gv(*sync).code == 0
        number = next(int(article.identity or 0) for article in replica.truth())
        replica.site.edit(number, title="Tiêu đề đã sửa")
        assert gv(*sync).code == 0
    record = json.loads(
        gv("history", f"giavien:{number}", "--diff", "--json", "--archive", tmp_path / "a").out
    )
    assert list(record) == ["key", "archived_only", "gone", "revisions", "captures", "changes"]
    assert [(one["revision"], one["source"], one["trust"]) for one in record["captures"]] == [
        (1, "live", "plain"),
        (2, "live", "plain"),
    ]
    assert [revision["number"] for revision in record["revisions"]] == [1, 2]
    assert list(record["revisions"][0]) == [
        *("number", "first_seen", "last_seen", "content_sha256", "source", "trust", "warc"),
    ]
    [change] = record["changes"]
    assert [field["field"] for field in change["fields"]] == ["title"]
    assert change["fields"][0]["after"] == "Tiêu đề đã sửa"
    shown = gv("history", f"giavien:{number}", "--diff", "--archive", tmp_path / "a").out
    assert "{+Tiêu đề đã sửa+}" in shown
    first = json.loads(
        gv(
            "show", f"giavien:{number}", "--revision", "1", "--format", "json", "--archive", tmp_path / "a"
        ).out
    )
    assert first["revision"] == 1
    assert first["title"] == change["fields"][0]["before"]


def test_portals_and_families_are_listed(gv: Gv) -> None:
    report = json.loads(gv("portals", "--json").out)
    assert list(report) == ["portals", "families"]
    assert report["portals"][0] == {
        "name": "giavien",
        "title": "Gia Viễn",
        "origin": "https://giavien.ninhbinh.gov.vn",
        "family": "giavien",
        "hosts": [],
    }
    assert {"giavien", "vnpt"} <= {family["family"] for family in report["families"]}
    assert "https://giavien.ninhbinh.gov.vn" in gv("portals").out


def test_a_portal_can_be_added_and_overridden(tmp_path: Path, gv: Gv) -> None:
    file = tmp_path / "c.toml"
    file.write_text(
        "[portals.giavien]\norigin='http://giavien.example/'\n"
        "[portals.moi]\norigin='https://moi.example'\ntitle='Mới'\nfamily='vnpt'\n"
    )
    named = {
        portal["name"]: portal
        for portal in json.loads(gv("portals", "--json", "--config", file).out)["portals"]
    }
    assert named["giavien"]["origin"] == "http://giavien.example"
    assert named["moi"]["family"] == "vnpt"
    file.write_text("[portals.moi]\ntitle='Mới'\n")
    ended = gv("portals", "--config", file)
    assert ended.code == 2
    assert "needs an `origin`" in ended.err


def test_probe_tells_what_a_page_is(replica: Replica, tmp_path: Path, gv: Gv) -> None:
    home = json.loads(gv("probe", f"{replica.base_url}/", "--json").out)
    assert home["verdict"] == "listing"
    assert home["menu"]
    article = next(iter(replica.truth()))
    report = json.loads(gv("probe", article.url, "--json").out)
    assert list(report) == [
        *("url", "status", "verdict", "family", "family_evidence", "site_title", "page", "fields", "menu"),
        *("feeds", "dropped"),
    ]
    assert report["verdict"] == "article"
    assert report["page"]["title"] == article.title
    assert {"title", "published", "body"} <= {field["field"] for field in report["fields"]}
    assert article.title in gv("probe", article.url).out
    vietnamese = gv("--lang", "vi", "probe", f"{replica.base_url}/khong-co").out
    assert re.search(r"^vì sao +máy chủ trả lời bằng một lỗi: 404", vietnamese, re.MULTILINE)


def test_probe_reads_a_saved_page(tmp_path: Path, gv: Gv) -> None:
    page = tmp_path / "saved.html"
    page.write_text(
        "<!-- saved from url=(0042)https://giavien.ninhbinh.gov.vn/tin-tuc/thu-882.html -->"
        "<html><head><title>Trang</title></head><body><h1>Huyện Gia Viễn tổ chức hội nghị tổng kết năm</h1>"
        "<p>Thứ ba, 07/02/2023</p><p>Sáng ngày 07/2, huyện tổ chức hội nghị tổng kết công tác năm 2022 và triển "
        "khai nhiệm vụ năm 2023 với sự tham dự của các đồng chí lãnh đạo huyện.</p></body></html>",
        "utf-8",
    )
    report = json.loads(gv("probe", page, "--json").out)
    assert report["url"] == "https://giavien.ninhbinh.gov.vn/tin-tuc/thu-882.html"
    assert report["page"]["title"] == "Huyện Gia Viễn tổ chức hội nghị tổng kết năm"
    assert report["page"]["published"] == "2023-02-07"
    missing = gv("probe", tmp_path / "none.html")
    assert missing.code == 2


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ("", "http://saved.invalid/hoi%20nghi.html"),
        ('<base href="http://daksong.daknong.gov.vn/">', "http://daksong.daknong.gov.vn/hoi%20nghi.html"),
    ],
)
def test_a_saved_article_that_does_not_tell_its_address_is_no_front_page(
    head: str, address: str, tmp_path: Path, gv: Gv
) -> None:
    page = tmp_path / "hoi nghi.html"
    page.write_text(
        f"<html><head>{head}<title>Huyện</title></head><body><h1>Huyện tổ chức hội nghị tổng kết năm</h1>"
        "<p>Thứ ba, 07/02/2023</p><p>Sáng ngày 07/2, huyện tổ chức hội nghị tổng kết công tác năm 2022.</p>"
        '<p>Các tin khác</p><ul><li><a href="/mot-tin-cu">Một tin cũ của huyện nhà</a></li>'
        '<li><a href="/hai-tin-cu">Hai tin cũ của huyện nhà</a></li></ul></body></html>',
        "utf-8",
    )
    report = json.loads(gv("probe", page, "--json").out)
    assert (report["url"], report["verdict"]) == (address, "article")
    assert report["page"]["title"] == "Huyện tổ chức hội nghị tổng kết năm"


def test_feeds_are_complete_and_stable(archive: Path, tmp_path: Path, gv: Gv) -> None:
    feed = tmp_path / "feed.xml"
    assert gv("feed", "--format", "atom", "--limit", "5", "--output", feed, "--archive", archive).code == 0
    root = ElementTree.parse(feed).getroot()
    atom = "{http://www.w3.org/2005/Atom}"
    ids = [entry.findtext(f"{atom}id") for entry in root.findall(f"{atom}entry")]
    assert len(ids) == 5
    assert all(str(name).startswith("tag:giavien.ninhbinh.gov.vn,2023:giavien:") for name in ids)
    before = feed.read_bytes()
    gv("feed", "--format", "atom", "--limit", "5", "--output", feed, "--archive", archive)
    assert feed.read_bytes() == before
    items = json.loads(gv("feed", "--format", "json", "section:tin-tuc", "--archive", archive).out)["items"]
    assert items
    assert ElementTree.fromstring(gv("feed", "--format", "rss", "--archive", archive).out).tag == "rss"


def test_status_counts_what_is_there(archive: Path, gv: Gv) -> None:
    report = json.loads(gv("status", "--json", "--archive", archive).out)
    assert list(report) == ["archive", "portals"]
    [portal] = report["portals"]
    rows = objects(gv("list", "--jsonl", "--archive", archive).out)
    assert portal["articles"] == portal["unread"] == len(rows)
    assert portal["last_success"] is not None
    assert portal["last_problem"] is None
    slugs = [section["slug"] for row in rows for section in row["sections"]]
    assert {section["slug"]: section["articles"] for section in portal["sections"]} == {
        section["slug"]: slugs.count(section["slug"]) for section in portal["sections"]
    }
    assert sum(month["published"] for month in portal["months"]) == sum(1 for row in rows if row["published"])
    shown = gv("status", "--archive", archive).out
    assert "Gia Viễn · https://giavien.ninhbinh.gov.vn" in shown
    assert "2023 " in shown
