from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from gvreader.app import config
from gvreader.app.config import PortalProfile, ReaderSettings, SectionProfile, SyncSettings
from gvreader.app.config.keys import KEYS
from gvreader.app.config.render import as_toml
from gvreader.app.config.validation import problems
from gvreader.errors import ConfigError

FULL = """\
archive = "archives/gia-vien"

[sync]
delay = 2        # whole numbers are fine
media = false
contact = "mailto:me@example.org"

[hooks]
after_sync = "notify --title 'Gia Viễn' %"
new_article = ["/opt/my hooks/post"]

[tls]
"old.example" = "legacy"

[reader]
theme = "light"

[reader.keys]
star = ["S", "ctrl+s"]

[search.abbreviations]
TTVH = "trung tâm văn hóa"
"VHTT&TT" = ["văn hóa, thể thao và truyền thanh", "văn hóa thông tin"]

[portals.giavien]
origin = "http://giavien.example"
start = "/trang-chu"
selectors.title = ["h1.moi", "h1"]

[[portals.giavien.sections]]
slug = "tin-tuc"
title = "Tin tức"
url = "/tin-tuc"

[portals."xa-moi.example"]
title = "Xã Mới"
family = "vnpt"
hosts = ["files.example"]
date_format = "%d-%m-%Y"
"""

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        file = tmp_path / "config.toml"
        file.write_bytes(text.encode())
        return file

    return write


def test_without_a_file_the_defaults_are_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    settings = config.load(environ={})
    assert settings.found is False
    assert settings.file == tmp_path / "config" / "gvreader" / "config.toml"
    assert settings.archive == tmp_path / "data" / "gvreader"
    assert settings.sync == SyncSettings(delay=1.0, media=True)
    assert settings.portals == ()


def test_every_key_is_read(write: Write, tmp_path: Path) -> None:
    settings = config.load(write(FULL), environ={})
    assert settings.archive == tmp_path / "archives" / "gia-vien"
    assert settings.hooks.after_sync == ("notify", "--title", "Gia Viễn", "%")
    assert settings.hooks.new_article == ("/opt/my hooks/post",)
    assert settings.sync == SyncSettings(delay=2.0, media=False, contact="mailto:me@example.org")
    assert settings.reader == ReaderSettings(theme="light", keys=(("star", ("S", "ctrl+s")),))
    assert settings.tls == (("old.example", "legacy"),)
    assert settings.abbreviations == (
        ("TTVH", ("trung tâm văn hóa",)),
        ("VHTT&TT", ("văn hóa, thể thao và truyền thanh", "văn hóa thông tin")),
    )
    assert settings.portals == (
        PortalProfile(
            name="giavien",
            origin="http://giavien.example",
            start=("/trang-chu",),
            sections=(SectionProfile(slug="tin-tuc", title="Tin tức", url="/tin-tuc"),),
            selectors=(("title", ("h1.moi", "h1")),),
        ),
        PortalProfile(
            name="xa-moi.example",
            title="Xã Mới",
            family="vnpt",
            hosts=("files.example",),
            date_format="%d-%m-%Y",
        ),
    )


@pytest.mark.parametrize(
    ("option", "environment", "written", "place", "said_by"),
    [
        ("/o", "/e", "/f", "/o", "--archive"),
        (None, "/e", "/f", "/e", "GVREADER_ARCHIVE"),
        (None, "", "/f", "/f", None),
    ],
)
def test_who_decides_where_the_archive_is(
    write: Write, option: str | None, environment: str, written: str, place: str, said_by: str | None
) -> None:
    file = write(f'archive = "{written}"')
    settings = config.load(
        file, archive=Path(option) if option else None, environ={"GVREADER_ARCHIVE": environment}
    )
    assert settings.archive == Path(place)
    assert settings.archive_from == (said_by or str(file))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[sync]\nmedia = true\ndealy = 2", "line 3: unknown key `sync.dealy`; did you mean `sync.delay`?"),
        (
            "x = 1",
            "line 1: unknown key `x`; possible here: archive, sync, hooks, tls, reader, search, portals",
        ),
        ("\n[snyc]\ndelay = 1", "line 2: unknown key `snyc`; did you mean `sync`?"),
        (
            "[hooks]\nafter_sync = ''",
            "`hooks.after_sync` should be a command as a list of words, or as a text that needs no shell",
        ),
        (
            "[hooks]\nnew_article = 'say \"'",
            "`hooks.new_article` should be a command as a list of words, or as a text that needs no shell",
        ),
        ('[sync]\ndelay = "fast"', "line 2: `sync.delay` should be a number of seconds, at least 0"),
        ("[sync]\ndelay = true", "line 2: `sync.delay` should be a number of seconds, at least 0"),
        ("[sync]\ndelay = -1", "line 2: `sync.delay` should be a number of seconds, at least 0"),
        ("[sync]\ndelay = nan", "line 2: `sync.delay` should be a number of seconds, at least 0"),
        ("sync.media = 1", "line 1: `sync.media` should be true or false"),
        ("sync = 3", "line 1: `sync` should be a table"),
        (
            "[tls]\n'a.example' = 'maybe'",
            "line 2: `tls.a.example` should be 'verified', 'legacy', or 'pinned:' and 64 hex digits",
        ),
        ("reader.theme = 'pink'", "line 1: `reader.theme` should be 'dark', 'light' or 'terminal'"),
        (
            "sync.contact = 'me (here)'",
            "`sync.contact` should be an address such as mailto:me@example.org, in ASCII without spaces or brackets",
        ),
        ("archive = ''", "line 1: `archive` should be a path in quotes"),
        (
            "[portals.giavien.selectors]\ntitel = 'h1'",
            "unknown key `portals.giavien.selectors.titel`; did you mean `portals.giavien.selectors.title`?",
        ),
        ("[portals.x]\nhosts = [1]", "line 2: `portals.x.hosts` should be a text or a list of texts"),
        (
            "[portals.x]\norigin = 'ftp://x'",
            "line 2: `portals.x.origin` should be an http(s) address in quotes",
        ),
        (
            "[[portals.x.sections]]\nslug = 'a'",
            "line 1: `portals.x.sections` should be a list of tables with slug, title and url",
        ),
        *(
            (
                f"[portals.giavien.selectors]\ntitle = {selector}",
                (
                    "line 2: `portals.giavien.selectors.title` should be a CSS selector or a list of them, "
                    "such as 'div.content > h1'"
                ),
            )
            for selector in ("'div['", "['h1', 'a >']", "'//h1'", "'h1:no-such()'")
        ),
        *(
            (
                f"[portals.giavien]\ndate_format = '{given}'",
                (
                    "line 2: `portals.giavien.date_format` should be a format of strptime with day, month and year, "
                    "such as '%d/%m/%Y'"
                ),
            )
            for given in ("ngay", "%Q", "%d/%m", "%d/%d/%Y", "%H:%M", "%")
        ),
        (
            "[portals.'../x']\ntitle = 'x'",
            "line 1: a portal's name has only small letters, digits, dots and dashes, not '../x'",
        ),
        (
            "# delay = 3\n'sync'.\"delay\" = []",
            "line 2: `sync.delay` should be a number of seconds, at least 0",
        ),
    ],
)
def test_mistakes_are_named_with_their_line(write: Write, text: str, complaint: str) -> None:
    file = write(text)
    [problem] = problems(file)
    assert problem.endswith(complaint)
    with pytest.raises(ConfigError) as caught:
        config.load(file, environ={})
    assert complaint in str(caught.value)
    assert caught.value.exit_code == 2


def test_all_mistakes_are_listed(write: Write) -> None:
    file = write("a = 1\nb = 2\n[sync]\ndelay = 'x'")
    assert len(problems(file)) == 3
    with pytest.raises(ConfigError, match="and 2 more"):
        config.load(file, environ={})


@pytest.mark.parametrize("given", ["%d/%m/%Y", "%d-%m-%y %H:%M", "Thứ %w, ngày %d tháng %m năm %Y", "%Y-%j"])
def test_formats_that_tell_a_day(write: Write, given: str) -> None:
    assert problems(write(f"[portals.giavien]\ndate_format = '{given}'")) == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"x = ", "is not valid TOML"),
        (b"[sync]\n[sync]", "is not valid TOML"),
        (b"\xff\xfe", "is not UTF-8"),
    ],
)
def test_what_is_no_toml_is_said(tmp_path: Path, content: bytes, complaint: str) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=complaint):
        config.load(file, environ={})


def test_a_file_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(tmp_path / "missing.toml", environ={})


def test_what_is_shown_is_a_valid_configuration_again(write: Write, tmp_path: Path) -> None:
    settings = config.load(write(FULL), environ={})
    shown = "\n".join(as_toml(settings))
    assert tomllib.loads(shown)["sync"] == {
        "delay": 2.0,
        "media": False,
        "contact": "mailto:me@example.org",
    }
    again = config.load(write(shown), environ={})
    assert again == settings


def test_the_example_in_the_docs_is_valid(write: Write) -> None:
    page = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text("utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    assert problems(write(example)) == []


def test_every_key_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text("utf-8")
    for key in KEYS:
        assert f"`{'.'.join(key.path)}`" in page, key.path
