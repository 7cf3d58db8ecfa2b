"""Usual mistakes: a sentence on what is wrong and one on what to do, in both languages, and the right exit code."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from gvreader import i18n
from gvreader.cli import main

FILES = {
    "bad.toml": b"a = [",
    "latin.toml": b"archive = '\xff'",
    "unknown.toml": b"[sync]\ndealy = 2",
    "type.toml": b"[sync]\ndelay = 'x'",
    "action.toml": b"[reader.keys]\nnosuch = ['x']",
    "origin.toml": b"[portals.x]\ntitle = 'x'",
    "selector.toml": b"[portals.giavien.selectors]\ntitle = 'div['",
    "date.toml": b"[portals.giavien]\ndate_format = 'ngay'",
    "file": b"",
}
MISTAKES = [
    # what is typed, exit code, what is said in English, in Vietnamese
    ("synk", 2, "no command `synk`. Did you mean `sync`?", "không có lệnh `synk`"),
    ("list --limt 3", 2, "--limt. Did you mean `--limit`?", "không hiểu tham số: --limt"),
    ("list --limit -1", 2, "a whole number of at least 1 is expected", "cần một số nguyên từ 1 trở lên"),
    ("--lang fr list", 2, "invalid choice: 'fr'", "không chọn được 'fr'"),
    ("search", 2, "QUERY", "còn thiếu tham số: QUERY"),
    ("show", 2, "REF", "còn thiếu tham số: REF"),
    ("show 17", 8, "Run `gvreader sync` or `gvreader import` first", "Hãy chạy `gvreader sync`"),
    ("cite giavien:1 --style apa", 2, "'apa' (choose from 'bibtex'", "không chọn được 'apa'"),
    ("cite 17 --revision 0", 2, "a whole number of at least 1", "cần một số nguyên từ 1 trở lên"),
    ("export", 2, "FORMAT", "còn thiếu tham số: FORMAT"),
    ("export jsn", 2, "invalid choice: 'jsn'", "không chọn được 'jsn'"),
    ("sync nosuch", 2, "no portal called `nosuch`", "Không có cổng nào tên `nosuch`"),
    ("sync htp://x", 2, "Not a web address: 'htp://x'", "Không phải địa chỉ web: 'htp://x'"),
    ("sync --delay abc", 2, "a number of seconds is expected", "cần một số giây"),
    ("sync --base-url giavien", 2, "an http(s) address is expected", "cần một địa chỉ http(s)"),
    ("sync http://127.0.0.1:9/", 4, "Connection refused", "kết nối bị từ chối"),
    ("backfill", 2, "wayback|commoncrawl", "còn thiếu tham số: wayback|commoncrawl"),
    ("backfill wayback --from yesterday", 2, "a date such as 2023-02-07", "cần một ngày như 2023-02-07"),
    ("backfill wayback --from 2025 --to 2020", 2, "--from is later than --to", "--from muộn hơn --to"),
    ("mark is:unread delete", 2, "`delete` is nothing that can be done", "Không có thao tác nào là `delete`"),
    ("mark 17", 2, "What should be done is missing", "Chưa nói cần làm gì"),
    ("import none.warc", 2, "No such file or directory", "không có tệp hoặc thư mục này"),
    ("probe none.html", 2, "No such file or directory", "không có tệp hoặc thư mục này"),
    ("demo --port 99999", 2, "a port from 0 to 65535", "cần một cổng từ 0 đến 65535"),
    ("schedule at", 2, "invalid choice: 'at'", "không chọn được 'at'"),
    ("completion ksh", 2, "invalid choice: 'ksh'", "không chọn được 'ksh'"),
    ("help nosuch", 2, "no command `nosuch`", "không có lệnh `nosuch`"),
    ("--archive file list", 1, "Not a directory", "không phải thư mục"),
    ("--archive none verify", 8, "There is no library", "Không có thư viện"),
    ("--config none.toml list", 2, "No such file or directory", "không có tệp hoặc thư mục này"),
    ("--config bad.toml list", 2, "is not valid TOML", "không phải TOML hợp lệ"),
    ("--config latin.toml list", 2, "is not UTF-8", "UTF-8"),
    ("--config unknown.toml config check", 2, "did you mean `sync.delay`?", "`sync.delay`"),
    ("--config type.toml config check", 2, "a number of seconds, at least 0", "dòng 2"),
    ("--config action.toml config check", 2, "no action `nosuch`", "không có thao tác `nosuch`"),
    ("--config origin.toml config check", 2, "needs an `origin`", "cần có `origin`"),
    ("--config selector.toml config check", 2, "line 2", "một bộ chọn CSS"),
    ("--config date.toml config check", 2, "line 2", "định dạng strptime"),
]


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """The command line runs in this process: what it changes of it is put back."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)
    i18n.use("en")


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize(
    ("typed", "code", "english", "vietnamese"), MISTAKES, ids=[one[0] for one in MISTAKES]
)
def test_a_mistake_gets_a_sentence_and_advice(
    typed: str,
    code: int,
    english: str,
    vietnamese: str,
    language: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GVREADER_ARCHIVE", str(tmp_path / "archive"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GVREADER_LANG", language)
    monkeypatch.setenv("LANGUAGE", os.environ.get("LANGUAGE", ""))
    assert main(typed.split()) == code
    out, err = capfd.readouterr()
    assert out == ""
    assert (english if language == "en" else vietnamese) in err
    assert not re.search(r"Traceback|File \"", err)
