"""Every message of every room has a Vietnamese wording, and the compiled catalogue is the written one."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).parents[2] / "src" / "gvreader"
FOLDER = PACKAGE / "locale" / "vi" / "LC_MESSAGES"
# Messages that are the same in both languages.
SAME = re.compile(r"[\W\d_]*(?:\{\w+\}[\W\d_]*)*\Z")
UNTRANSLATABLE = frozenset({"Markdown", "JSON", "PDF"})


def _first(message: str | tuple[str, ...] | list[str] | None) -> str:
    return message if isinstance(message, str) else (message or [""])[0]


def _collected() -> set[str]:
    keywords = {**DEFAULT_KEYWORDS, "marked": None}
    found = extract_from_dir(PACKAGE, keywords=keywords, method_map=[("**.py", "python")])
    return {_first(message) for _file, _line, message, _comments, _context in found}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (FOLDER / "gvreader.po").open("rb") as file:
        return read_po(file, locale="vi")


@pytest.fixture(scope="module")
def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def test_the_catalogue_has_every_message_and_no_other(messages: list[Message]) -> None:
    assert {_first(message.id) for message in messages} == _collected(), "run `make catalog`"


def test_no_message_hides_where_the_collector_does_not_look(messages: list[Message]) -> None:
    """Calls inside f-strings are not collected by Babel."""
    known = {_first(message.id) for message in messages}
    written = {
        call.args[0].value
        for file in PACKAGE.rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("_", "ngettext")
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    assert written <= known


def test_every_message_is_translated(messages: list[Message]) -> None:
    empty = [message.id for message in messages if not _first(message.string)]
    assert empty == []
    assert not [message.id for message in messages if message.fuzzy]
    copied = [
        message.id
        for message in messages
        if _first(message.id) == _first(message.string)
        and not SAME.match(_first(message.id))
        and _first(message.id) not in UNTRANSLATABLE
    ]
    assert copied == []


def test_placeholders_survive_translation(messages: list[Message]) -> None:
    def fields(text: str) -> set[str | None]:
        return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}

    def percents(text: str) -> list[str]:
        return re.findall(r"%(?:\(\w+\))?[srd]", text)

    for message in messages:
        source = message.id if isinstance(message.id, str) else message.id[-1]
        wording = _first(message.string)
        if "%(" in source or "%s" in source:
            assert percents(source) == percents(wording) or sorted(percents(source)) == sorted(
                percents(wording)
            )
        elif "{" in source:
            assert fields(source) == fields(wording), source


def test_options_and_commands_are_not_translated(messages: list[Message]) -> None:
    """What has to be typed stays as it is typed."""
    typed = re.compile(r"--[a-z][a-z-]+|`gvreader [a-z]+")
    for message in messages:
        source = _first(message.id)
        assert set(typed.findall(source)) == set(typed.findall(_first(message.string))), source


def test_the_compiled_catalogue_is_the_written_one(messages: list[Message]) -> None:
    with (FOLDER / "gvreader.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in messages:
        if isinstance(message.id, str):
            assert compiled.gettext(message.id) == message.string, "run `make catalog`"
        else:
            singular, plural = message.id
            assert compiled.ngettext(singular, plural, 2) == _first(message.string), "run `make catalog`"
