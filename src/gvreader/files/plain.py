"""Files that are text already: plain text, tables of values, web pages, and RTF."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from gvreader.extract.page import charset
from gvreader.extract.page.text_blocks import flow
from gvreader.extract.page.tree import parse
from gvreader.files.legacy_text import repaired
from gvreader.files.result import MAX_CHARACTERS, FileUnreadableError
from gvreader.portals import adhoc

_NOWHERE: Final = "https://file.invalid/"
_SEPARATORS: Final = ",;\t|"
_ROWS: Final = 50_000


def decoded(body: bytes, content_type: str = "") -> str:
    """The text of a file in whatever charset or old font it is written. Raises FileUnreadableError."""
    text = charset.decode(body, content_type).text
    if text[:2000].count("\x00") > 20:
        raise FileUnreadableError("damaged")
    return repaired(text)


def text_lines(body: bytes) -> Iterator[str]:
    """The lines of a text."""
    yield from decoded(body)[: 2 * MAX_CHARACTERS].splitlines()


def csv_lines(body: bytes) -> Iterator[str]:
    """The rows of a table of values, whatever separates them."""
    text = decoded(body)[: 4 * MAX_CHARACTERS]
    head = text[:4000]
    separator = max(_SEPARATORS, key=head.count)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=separator)):
            if number >= _ROWS:
                return
            if any(cell.strip() for cell in row):
                yield " | ".join(" ".join(cell.split()) for cell in row)
    except csv.Error:
        yield from text.splitlines()


def html_lines(body: bytes) -> Iterator[str]:
    """The text blocks of a web page."""
    tree = parse(decoded(body), _NOWHERE, None, adhoc(_NOWHERE))
    if tree is None:
        raise FileUnreadableError("empty")
    yield from (block.text for block in flow(tree.body) if block.text)


def rtf_lines(body: bytes) -> Iterator[str]:
    """The paragraphs of an RTF file."""
    from striprtf.striprtf import rtf_to_text

    try:
        text = str(
            rtf_to_text(  # type: ignore[no-untyped-call]
                body.decode("latin-1"), errors="replace"
            )
        )
    except (ValueError, LookupError, IndexError, KeyError, RecursionError) as error:
        raise FileUnreadableError("damaged") from error
    yield from repaired(text).splitlines()
