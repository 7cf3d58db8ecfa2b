"""A family and a format of another package are found by their entry points, in a process that has it installed."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import pytest

from tests.cli.running import Ended, run
from tests.portal import Replica

HERE = Path(__file__).parent
PAGE = """<html lang="vi"><head><title>Toyland</title><meta name="generator" content="toyland-cms"></head><body>
<div><b class="headline">Xã Gia Hòa khánh thành cầu mới</b><i class="when">07/02/2023</i>
<div class="toyland-body"><p>Sáng ngày 07/02, xã Gia Hòa tổ chức lễ khánh thành cây cầu mới bắc qua sông Hoàng Long.</p>
<p>Cây cầu dài 40 mét, rộng 6 mét, được xây dựng trong tám tháng.</p></div></div></body></html>"""


def installed(folder: Path, **points: str) -> Path:
    """A folder of site-packages with the toy package in it, `points` in place of its own entry points."""
    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]
    shutil.copytree(HERE / "gvreader_toy", folder / "gvreader_toy")
    info = folder / "gvreader_toy-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 1.0\n")
    lines = []
    for group, names in project["entry-points"].items():
        chosen = {name: points.get(name, target) for name, target in names.items()}
        lines += [f"[{group}]", *(f"{name} = {target}" for name, target in chosen.items())]
    (info / "entry_points.txt").write_text("\n".join(lines))
    return folder


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed(tmp_path_factory.mktemp("site-packages"))


def _run(packages: Path, home: Path, *arguments: str | Path) -> Ended:
    return run(*arguments, home=home, extra={"PYTHONPATH": str(packages)})


def test_a_page_is_read_by_the_family_of_another_package(packages: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE, "utf-8")
    report = json.loads(_run(packages, tmp_path, "probe", page, "--json").out)
    assert report["family"] == "toyland@2024"
    assert "Xã Gia Hòa khánh thành cầu mới" in json.dumps(report, ensure_ascii=False)
    assert json.loads(run("probe", page, "--json", home=tmp_path).out)["family"] != "toyland@2024"


def test_the_family_is_listed_and_can_be_configured(packages: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[portals.toy]\norigin = "https://toy.example"\nfamily = "toyland"\n', "utf-8")
    listed = json.loads(_run(packages, tmp_path, "portals", "--json", "--config", config).out)
    assert {"family": "toyland", "version": "toyland@2024", "title": "Toyland"} in listed["families"]
    assert listed["portals"][-1]["family"] == "toyland"
    assert "there is no CMS family `toyland`" in run("portals", "--config", config, home=tmp_path).err


def test_pages_are_synced_and_exported_in_the_format_of_another_package(
    packages: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "a"
    with Replica(articles=6, seed=2) as replica:
        sync = ("sync", "--base-url", replica.base_url, "--delay", "0", "--archive", archive)
        assert _run(packages, tmp_path, *sync).code == 0
        titles = {article.title for article in (*replica.truth(), *replica.static_truth())}
    ended = _run(packages, tmp_path, "export", "titles", "--archive", archive)
    assert (ended.code, set(ended.out.splitlines())) == (0, titles)
    ended = run("export", "titles", "--archive", archive, home=tmp_path)
    assert ended.code == 2
    assert "invalid choice: 'titles' (choose from" in ended.err


@pytest.mark.parametrize(
    ("points", "command"),
    [
        ({"toyland": "gvreader_toy:NOTHING"}, ("sync", "giavien")),
        ({"toyland": "gvreader_toy:TITLES"}, ("portals",)),
        ({"toyland": "gvreader_nowhere"}, ("backfill", "wayback", "giavien")),
        ({"titles": "gvreader_toy:LAYOUTS"}, ("export", "titles")),
    ],
)
def test_what_cannot_be_used_is_said_with_the_package(
    points: dict[str, str], command: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "a" / "vault").mkdir(parents=True)
    broken = installed(tmp_path / "packages", **points)
    ended = _run(broken, tmp_path, *command, "--archive", tmp_path / "a")
    assert ended.code == 2
    assert "The package gvreader-toy brings" in ended.err
    assert "Update or remove that package." in ended.err


def test_what_cannot_be_used_takes_no_other_command_with_it(tmp_path: Path) -> None:
    broken = installed(tmp_path / "packages", toyland="gvreader_nowhere", titles="gvreader_nowhere")
    assert _run(broken, tmp_path, "export", "jsonl", "--archive", tmp_path / "a").code == 8
    assert "export jsonl" in _run(broken, tmp_path, "export", "--help").out
