"""Numbers of official documents, such as `78/2008/QĐ-UBND`, `15-KH/HU`, `1674/NQ-UBTVQH15`."""

from __future__ import annotations

import re
from typing import Final

from gvreader.patterns import pattern
from gvreader.vietnamese.letters import nfc, normalise

_CODE: Final = r"[A-ZĐ][A-Za-zĐđ]{0,11}\d{0,3}(?:&[A-ZĐ]{1,8})?"
_NUMBER: Final = (
    r"(?<![\w/.-])(\d{1,6}[a-zA-Z]?)(?:\s?/\s?((?:19|20)\d{2}))?"
    rf"\s?([/-])\s?({_CODE}(?:\s?[-–/.]\s?{_CODE}){{0,5}})(?![\w])"
)
_SPACES: Final = pattern(r"\s+")
_TYPED: Final = pattern(r"[\s]*[/\-–][\s]*")


def find_numbers(text: str) -> tuple[str, ...]:
    """The document numbers in `text`, each once, in order, without inner spaces: `78/2008/QĐ-UBND`."""
    found: dict[str, None] = {}
    # Compiled when texts are read for the first time; queries need no such pattern.
    for match in re.finditer(_NUMBER, nfc(text).replace("Ð", "Đ")):
        serial, year, mark, code = match.groups()
        code = _SPACES.sub("", code).replace("–", "-")
        # "15/KH" alone is a number; "3-A" or "2/Đ" is more likely a class, a house or a list.
        if year is None and not re.search(r"[-/.]", code) and (mark == "-" or len(code) < 2):
            continue
        found[f"{serial}/{year}/{code}" if year else f"{serial}{mark}{code}"] = None
    return tuple(found)


def number_term(number: str) -> str:
    """A document number as the index spells it: lower case, no spaces, only `/` and `-` between its parts."""
    lowered = _TYPED.sub(lambda match: match[0].strip().replace("–", "-"), normalise(number).lower())
    kept = re.sub(r"[^\w/-]+", "-", lowered.replace("_", "-"))
    return kept.strip("-/")
