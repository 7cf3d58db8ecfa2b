"""One hostile article, every command and format: nothing of it acts on a terminal, a pipe or a file's reader."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gvreader.cli.commands import COMMANDS
from gvreader.export.formats import FORMATS
from tests.cli.running import Ended, on_terminal, run

CLIPBOARD = "\x1b]52;c;ZXZpbA==\x07"
ACTING = f"{CLIPBOARD}\x9b31m\x85\u202e\u2066\u200f\U000e0041\x7f\x08"
ENTITIES = "".join(f"&#{ord(one)};" for one in ACTING)
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)
STYLE = re.compile(r"\x1b\[[0-9;]*m")
READABLE = (".md", ".html", ".js", ".jsonl", ".csv", ".json", ".txt", ".xml")
KEY = "giavien:882"
URL = "https://giavien.ninhbinh.gov.vn/hoi-nghi-882.html"
PARAGRAPH = "Sáng ngày 07/2, UBND huyện tổ chức hội nghị sơ kết công tác quý một với các xã."

# Every command with arguments that make it print what the archive holds; those that print nothing of it are told why.
PRINTING: dict[str, tuple[tuple[str, ...], ...]] = {
    "list": (("list",), ("list", "--jsonl")),
    "search": (
        ("search", "hội nghị"),
        ("search", "hội nghị", "--jsonl"),
        ("search", "hội nghị", "--explain"),
    ),
    "show": tuple(("show", KEY, "--format", form) for form in ("text", "markdown", "html", "json")),
    "history": (("history", KEY), ("history", KEY, "--diff"), ("history", KEY, "--json")),
    "cite": tuple(("cite", KEY, "--style", style) for style in ("bibtex", "csl-json", "ris", "text")),
    "mark": (("mark", KEY, "star"),),
    "document": (("document", "1/QĐ-UBND"),),
    "note": (("note", KEY),),
    "watch": (
        ("watch",),
        ("watch", "hội nghị", "--json"),
        *(("watch", "--digest", "--format", form) for form in ("text", "markdown", "html")),
        ("watch", "hội nghị", "--feed", "atom"),
    ),
    "feed": tuple(("feed", "--format", form) for form in ("atom", "rss", "json")),
    "status": (("status",), ("status", "--json")),
    "verify": (("verify",), ("verify", "--json"), ("verify", KEY)),
    "rebuild": (("rebuild",),),
    "portals": (("portals",), ("portals", "--json")),
    "config": (("config", "show"), ("config", "check")),
    "probe": (("probe", "{page}"), ("probe", "{page}", "--json")),
    "import": (("import", "{page}"), ("import", "--json", "{page}"), ("--verbose", "import", "{jsonl}")),
    "export": (("export", "jsonl"), ("export", "csv")),
}
ELSEWHERE = {
    "read": "the reader has its own tests",
    "demo": "serves its own texts",
    "sync": "says what import says of the same values",
    "backfill": "says what import says of the same values",
    "derive": "prints what the user listed; its rows are data",
    "fleet": "prints what the user listed, and problems as sync does",
    "schedule": "prints a path of the user's",
    "completion": "prints nothing of an archive",
    "help": "prints nothing of an archive",
}


def page() -> str:
    """A saved page with something that acts in whatever an article has."""
    cells = (
        f"<table><tr><td>Xã{ENTITIES}</td><td>12</td></tr><tr><td>Thôn</td><td>3{ENTITIES}</td></tr></table>"
    )
    return (
        f"<!DOCTYPE html><html lang=vi><head><meta charset=utf-8><title>Hội nghị{ENTITIES} sơ kết quý một</title>"
        f"<link rel=canonical href='{URL}'><meta name=description content='Tóm tắt{ENTITIES} hội nghị'></head><body>"
        f"<ul id=menu><li><a href='/'>Trang chủ</a><li><a href='/tin-tuc'>Tin{ENTITIES} tức</a></ul>"
        f"<div class=content><h1>Hội nghị{ENTITIES} sơ kết công tác quý một</h1>"
        "<div class=date>Thứ ba, 07/02/2023</div>"
        f"<div class=body><p>{PARAGRAPH}{ENTITIES}</p><p>{PARAGRAPH} <a href='mailto:a@b.vn{ENTITIES}'>Thư</a> và "
        f"<a href='https://b.vn/x{ENTITIES}?a=1'>trang</a>.</p><h3>Mục{ENTITIES} một</h3>"
        f"<pre>{PARAGRAPH}{ENTITIES}</pre>"
        f"<p><img src='/anh{ENTITIES}.jpg' alt='Ảnh{ENTITIES}'></p><p><em>Ảnh: Hội nghị{ENTITIES}</em></p>{cells}"
        f"<p>{PARAGRAPH}</p><p><a href='/tep{ENTITIES}.pdf'>Tệp{ENTITIES} đính kèm.pdf</a></p>"
        f"<p style='text-align:right'><b>Hồng Hạ{ENTITIES} (Trung tâm{ENTITIES} VHTT)</b></p></div></div></body></html>"
    )


def record() -> str:
    """The same in a line of JSON, as a stranger may write it."""
    text = f"Nghị quyết{ACTING}\nvề nông thôn"
    return json.dumps(
        {
            "key": f"giavien:{ACTING}990",
            "portal": "giavien",
            "url": f"https://giavien.ninhbinh.gov.vn/nghi-quyet{ACTING}-990.html",
            "sections": [{"slug": f"tin{ACTING}", "title": text}],
            "title": text,
            "summary": text,
            "published": "2023-02-07",
            "author": text,
            "organisation": text,
            "number": f"78/2008/QĐ-UBND{ACTING}",
            "tags": [f"thẻ{ACTING}"],
            "note": text,
            "starred": True,
            "html": f"<h2>{text}</h2><p>{text} hội nghị <a href='mailto:a@b.vn{ENTITIES}'>Thư</a></p>",
            "images": [{"url": f"https://a.vn/x{ACTING}.jpg", "caption": text, "alt": text}],
            "attachments": [
                {"url": f"https://a.vn/x{ACTING}.pdf", "name": text, "media_type": "application/pdf"}
            ],
            "related": [f"https://a.vn/y{ACTING}"],
        }
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "page.html").write_text(page())
    (folder / "lines.jsonl").write_text(record() + "\n")
    for name in ("page.html", "lines.jsonl"):
        ended = gv(folder, "import", str(folder / name))
        assert ended.code == 0, ended.err
    assert len(gv(folder, "list", "--jsonl").out.splitlines()) == 2
    assert gv(folder, "watch", f"hội nghị{ACTING}", "--query", "hội").code == 0
    assert gv(folder, "watch", "hội nghị", "--query", "hội").code == 0
    return folder


def gv(home: Path, *arguments: str) -> Ended:
    return run("--archive", home / "archive", *arguments, home=home)


def filled(home: Path, arguments: tuple[str, ...]) -> list[str]:
    return [one.format(page=home / "page.html", jsonl=home / "lines.jsonl") for one in arguments]


def test_no_command_is_forgotten() -> None:
    assert {command.name for command in COMMANDS} == PRINTING.keys() | ELSEWHERE.keys()


@pytest.mark.parametrize("command", PRINTING)
def test_nothing_acts_in_a_pipe(home: Path, command: str) -> None:
    for arguments in PRINTING[command]:
        ended = gv(home, *filled(home, arguments))
        assert ended.code in (0, 8), ended.err
        for text in (ended.out, ended.err):
            found = FORBIDDEN.search(text)
            assert found is None, (arguments, found, text[max(0, found.start() - 60) : found.end() + 20])


@pytest.mark.parametrize("arguments", [("show", KEY), ("show", KEY, "--format", "markdown"), ("list",)])
def test_nothing_acts_on_a_terminal(home: Path, arguments: tuple[str, ...]) -> None:
    ended = on_terminal(
        "--archive", home / "archive", *arguments, home=home, extra={"PAGER": "", "NO_PAGER": "1"}
    )
    assert FORBIDDEN.search(STYLE.sub("", ended.out)) is None


@pytest.mark.parametrize("name", [one.name for one in FORMATS if one.name not in ("parquet", "warc")])
def test_nothing_acts_in_exported_files(home: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / f"out.{name}"
    ended = gv(home, "export", name, "--output", str(target))
    assert ended.code == 0, ended.err
    files = [target] if target.is_file() else [path for path in target.rglob("*") if path.is_file()]
    readable = [path for path in files if path.suffix in READABLE]
    assert readable or name in ("epub", "wacz")
    for path in readable:
        found = FORBIDDEN.search(path.read_text())
        assert found is None, (path, found)


def test_nothing_acts_in_the_library(home: Path) -> None:
    with closing(sqlite3.connect(home / "archive" / "library.sqlite3")) as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        for table in tables:
            if table.startswith(("sqlite_", "fts", "fx")):
                continue
            for row in connection.execute(f"SELECT * FROM {table}"):
                for value in row:
                    assert not (isinstance(value, str) and FORBIDDEN.search(value)), (table, row)


def test_json_says_what_was_left_out_of_the_text(home: Path) -> None:
    shown = json.loads(gv(home, "show", KEY, "--format", "json").out)
    assert "mailto:a@b.vn%1B%5D52;c;ZXZpbA==%07" in shown["html"]
    assert CLIPBOARD[0] not in shown["title"]
