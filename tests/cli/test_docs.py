"""The docs know every command and every option."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from gvreader.cli.arguments import load
from gvreader.cli.commands import COMMANDS, Command

ROOT = Path(__file__).parents[2]
COMMANDS_PAGE = (ROOT / "docs" / "commands.md").read_text("utf-8")


def _section(command: Command) -> str:
    match = re.search(rf"^## `{command.name}`$(.*?)(?=^## |\Z)", COMMANDS_PAGE, re.M | re.S)
    assert match, f"docs/commands.md has no section for {command.name}"
    return match[1]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_documented_with_an_example(command: Command) -> None:
    examples = re.search(r"```console\n(.*?)```", _section(command), re.S)
    assert examples
    assert re.search(rf"^\$ gvreader\b.*\b{command.name}\b|^\$ gvreader$", examples[1], re.M)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_option_is_documented(command: Command) -> None:
    parser = argparse.ArgumentParser(add_help=False)
    load(command).arguments(parser)
    section = _section(command)
    for action in parser._actions:
        for option in action.option_strings:
            assert f"`{option}" in section, option
        for choice in action.choices or ():
            assert str(choice) in section, choice


def test_the_pages_name_no_command_that_does_not_exist() -> None:
    names = {command.name for command in COMMANDS}
    sections = set(re.findall(r"^## `(\w+)`$", COMMANDS_PAGE, re.M))
    assert sections == names


def test_the_readme_lists_every_command() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for command in COMMANDS:
        assert re.search(rf"^\|.*`(?:gvreader )?{command.name}\b", readme, re.M), command.name
