"""What counts as a word when text is searched, and how it is spelled there.

A *term* is one word in lower case, NFC, with traditional tone placement, at most `LONGEST_TERM` characters.
Letters and digits of any script make words; marks belong to the letter before them; all else separates.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from gvreader.patterns import pattern
from gvreader.vietnamese.letters import fold, nfc, normalise

LONGEST_TERM: Final = 64
JOINERS: Final = "\u00ad\u200c\u200d\u2060\ufeff"
"""Invisible characters that may stand inside a word without dividing it (soft hyphen, word joiner …)."""

_WORD: Final = pattern(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_REMOVE_JOINERS: Final = dict.fromkeys(map(ord, JOINERS))


def has_joiner(text: str) -> bool:
    """Whether any of `JOINERS` stands in `text`."""
    return any(joiner in text for joiner in JOINERS)


def terms(text: str) -> list[str]:
    """The words of `text` in order, as terms."""
    if text.isascii():
        return list(map(_term, _WORD.findall(text.lower())))
    if has_joiner(text):
        text = text.translate(_REMOVE_JOINERS)
    return list(map(_term, _WORD.findall(nfc(nfc(text).lower()))))


@lru_cache(maxsize=65536)
def _term(word: str) -> str:
    """A lower-case word as a term. Lower case of Σ depends on what follows it; a term must not."""
    return normalise(word).replace("ς", "σ")[:LONGEST_TERM]


@lru_cache(maxsize=65536)
def fold_term(term: str) -> str:
    """The unmarked spelling of a term; a term itself, never empty."""
    return fold(term)[:LONGEST_TERM] or term


@lru_cache(maxsize=65536)
def is_open(term: str) -> bool:
    """Whether a typed term carries no mark, and so stands for every spelling of it."""
    return term == fold_term(term)


# Onsets after which a final i and y are written for each other (kỹ/kĩ, sỹ/sĩ, lý/lí, quý/quí).
_TWIN: Final = pattern(r"(h|k|l|m|s|t|v|qu)(?:([iìỉĩíị])|([yỳỷỹýỵ]))")
_I, _Y = "iìỉĩíị", "yỳỷỹýỵ"


@lru_cache(maxsize=65536)
def twin(term: str) -> str | None:
    """The same syllable written with i for y or y for i (`kỹ` → `kĩ`); None if there is none."""
    match = _TWIN.fullmatch(term)
    if match is None:
        return None
    return match[1] + (_Y[_I.index(match[2])] if match[2] else _I[_Y.index(match[3])])
