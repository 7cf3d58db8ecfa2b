"""The Vietnamese messages keep to docs/glossary.md: one word for one thing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
_ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    if line.startswith("| ")
][1:]
FORBIDDEN = [(word, row[1]) for row in _ROWS for word in row[3].split(", ") if word]


def messages() -> list[str]:
    with (ROOT / "src/gvreader/locale/vi/LC_MESSAGES/gvreader.po").open("rb") as file:
        strings = [message.string or () for message in read_po(file) if message.id]
    return [one for string in strings for one in ([string] if isinstance(string, str) else string or ())]


@pytest.mark.parametrize(("word", "instead"), FORBIDDEN, ids=[word for word, _ in FORBIDDEN])
def test_no_message_uses_another_word(word: str, instead: str) -> None:
    found = [one for one in messages() if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", one, re.I)]
    assert not found, f"use {instead}: {found}"


def test_the_words_of_the_glossary_are_used() -> None:
    everything = "\n".join(messages()).lower()
    unused = [name for row in _ROWS for name in row[1].split(", ") if name.lower() not in everything]
    assert not unused


def test_percent_signs_stand_at_their_number() -> None:
    assert not [one for one in messages() if re.search(r"[\d}] %(?![(\w])", one)]
