"""The example scripts, run on an archive of a few pages written for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import environment, run
from tests.operations.importing.strangers import ORIGIN, warc

EXAMPLES = Path(__file__).parents[2] / "examples"


def page(title: str, day: str, *paragraphs: str) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>Gia Viễn</title></head><body>"
        f"<h1>{title}</h1><div class=date>{day}</div><div class=content>{body}</div></body></html>"
    ).encode()


FILLER = "Hội nghị đã đánh giá kết quả thực hiện nhiệm vụ phát triển kinh tế - xã hội năm 2022 trên địa bàn."
PAGES = (
    ("2023-01-05T00:00:00Z", "a-1", "Nông thôn mới ở xã Gia Vân được công nhận", "Thứ tư, 04/01/2023",
     ("Sáng 4/1, xã Gia Vân tổ chức lễ đón nhận. Đồng chí Nguyễn Văn An dự.", FILLER)),
    ("2023-01-09T00:00:00Z", "b-2", "Tết trồng cây tại thị trấn Me và các xã", "Thứ hai, 09/01/2023",
     ("Thị trấn Me phát động trồng cây; xã Gia Hoà hưởng ứng.", FILLER)),
    ("2023-02-10T00:00:00Z", "c-3", "Kiểm tra sản xuất vụ xuân trên địa bàn huyện", "Thứ sáu, 10/02/2023",
     ("Đoàn kiểm tra tại xã Gia Vân và xã Gia Hòa. Xã Gia Vân gieo cấy 90%.", FILLER)),
    ("2023-03-01T00:00:00Z", "c-3", "Kiểm tra sản xuất vụ xuân trên địa bàn huyện", "Thứ sáu, 10/02/2023",
     ("Đoàn kiểm tra tại xã Gia Vân và xã Gia Hòa. Xã Gia Vân gieo cấy 100%.", FILLER)),
)  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    exchanges = [
        (when, f"{ORIGIN}/tin-tuc/{slug}.html", page(title, day, *paragraphs))
        for when, slug, title, day, paragraphs in PAGES
    ]
    warc(folder / "a.warc.gz", exchanges)
    assert run("--archive", folder / "archive", "import", folder / "a.warc.gz", home=folder).code == 0
    return folder / "archive" / "library.sqlite3"


def printed(script: str, *arguments: str | Path, home: Path) -> list[str]:
    ended = subprocess.run(
        [sys.executable, EXAMPLES / script, *arguments],
        capture_output=True,
        env=environment(home) | {"PYTHONUTF8": "1"},
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    return ended.stdout.decode().splitlines()


def test_which_commune_is_in_the_news(library: Path, tmp_path: Path) -> None:
    assert printed("communes_by_month.py", library, home=tmp_path) == [
        "commune\tall\t2023-01\t2023-02",
        "Gia Hòa\t2\t1\t1",
        "Gia Vân\t2\t1\t1",
        "Me\t1\t1\t0",
    ]


def test_how_an_article_changed(library: Path, tmp_path: Path) -> None:
    assert printed("how_an_article_changed.py", library, home=tmp_path) == [
        "giavien:3  Kiểm tra sản xuất vụ xuân trên địa bàn huyện",
        "revision 1: 2023-02-10T00:00 to 2023-02-10T00:00, 51 words",
        "  seen 2023-02-10T00:00 by import (unknown)",
        "revision 2: 2023-03-01T00:00 to 2023-03-01T00:00, 51 words",
        "  seen 2023-03-01T00:00 by import (unknown)",
        "from revision 1 to 2:",
        "  … Vân gieo cấy [-90%.-] {+100%.+} Hội nghị đã …",
    ]
    assert printed("how_an_article_changed.py", library, "giavien:1", home=tmp_path)[1].startswith(
        "revision 1:"
    )
    assert printed("how_an_article_changed.py", library, "giavien:9", home=tmp_path) == [
        "There is no such article."
    ]


@pytest.mark.parametrize("script", sorted(path.name for path in EXAMPLES.glob("*.py")))
def test_each_says_how_it_is_used(script: str, tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, EXAMPLES / script], capture_output=True, check=False)
    assert ended.returncode == 2
    assert f"python examples/{script}" in ended.stderr.decode()


@pytest.mark.parametrize("script", ["communes_by_month.py", "how_an_article_changed.py"])
@pytest.mark.parametrize("arguments", [(), ("--help",), ("no-such-library.sqlite3",)])
def test_without_a_library_they_say_how_they_are_used(
    script: str, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    ended = subprocess.run(
        [sys.executable, EXAMPLES / script, *arguments],
        capture_output=True,
        env=environment(tmp_path) | {"PYTHONUTF8": "1"},
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert f"python examples/{script} ARCHIVE/library.sqlite3" in ended.stderr.decode()
    assert "Traceback" not in ended.stderr.decode()
