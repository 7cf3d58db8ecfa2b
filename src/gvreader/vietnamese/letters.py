"""Letters and marks: Unicode form, tone placement, folding, alphabetical order.

A Vietnamese letter in NFC is one code point whatever it carries, so moving or dropping a mark keeps lengths.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache
from itertools import product
from typing import Final

from gvreader.patterns import pattern

VOWELS: Final = "aăâeêioôơuưy"
TONES: Final = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
"""No tone, huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries."""

# U+00D0 and U+0189 look exactly like Đ and stand for it in text converted from older encodings.
_LOOKALIKES: Final = {0x00D0: "Đ", 0x00F0: "đ", 0x0189: "Đ", 0x0256: "đ"}
_HAS_LOOKALIKE: Final = pattern("[\u00d0\u00f0\u0189\u0256]")


# UAX 15: no language has more marks on one letter. Putting marks in order takes quadratic time.
_MOST_MARKS: Final = 30
_MAY_BE_FLOOD: Final = pattern(rf"[^\w\s!-~]{{{_MOST_MARKS + 1},}}")


def nfc(text: str) -> str:
    """`text` in Unicode normalisation form C; in disorder, marks on one letter beyond the thirtieth are left out."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", _MAY_BE_FLOOD.sub(_without_flood, text))


def _without_flood(match: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for character in match[0]:
        is_mark = unicodedata.combining(unicodedata.normalize("NFD", character)[-1]) > 0
        marks = marks + 1 if is_mark else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _toned_vowels() -> dict[str, tuple[str, int]]:
    table: dict[str, tuple[str, int]] = {}
    for vowel, (number, tone) in product(VOWELS + VOWELS.upper(), enumerate(TONES)):
        table[nfc(vowel + tone)] = (vowel, number)
    return table


_TONED: Final = _toned_vowels()
_WITH_TONE: Final = {parts: letter for letter, parts in _TONED.items()}


def strip_tone(word: str) -> tuple[str, int, int]:
    """The word without its tone, which tone it was (0–5, see `TONES`) and how many letters carried one."""
    letters: list[str] = []
    tone = toned = 0
    for letter in word:
        plain, number = _TONED.get(letter, (letter, 0))
        letters.append(plain)
        if number:
            tone = number
            toned += 1
    return "".join(letters), tone, toned


def with_tone(word: str, position: int, tone: int) -> str:
    """`word`, which carries no tone, with tone number `tone` on its letter at `position` (a vowel)."""
    return word[:position] + _WITH_TONE[word[position], tone] + word[position + 1 :]


# ── tone placement ────────────────────────────────────────────────────────────────────────────────

_ONSETS: Final = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x"  # longest first
_CODAS: Final = frozenset({"", "c", "ch", "m", "n", "ng", "nh", "p", "t"})
_SPLIT: Final = pattern(rf"({_ONSETS})?([{VOWELS}]+)([a-zđ]*)")

# Which letter of a vowel cluster carries the tone. Clusters that are not here keep theirs where it is.
_CARRIER_OPEN: Final = {
    **dict.fromkeys(
        ("oa", "oe", "uy", "ia", "ua", "ưa", "ai", "ao", "au", "ay", "âu", "ây", "eo", "êu", "iu"), 0
    ),
    **dict.fromkeys(("oi", "ôi", "ơi", "ui", "ưi", "ưu"), 0),
    **dict.fromkeys(("uê", "uơ", "iê", "yê", "uô", "ươ", "uâ"), 1),
    **dict.fromkeys(("oai", "oay", "oao", "oeo", "uây", "iêu", "yêu", "uôi", "ươi", "ươu", "uya"), 1),
    "uyu": 1,
    "uyê": 2,
}
_CARRIER_CLOSED: Final = {
    **dict.fromkeys(("oa", "oă", "oe", "uy", "uê", "uâ", "iê", "yê", "uô", "ươ"), 1),
    "uyê": 2,
}


def _split(plain: str) -> tuple[str, str, str] | None:
    """Onset, vowels and coda of a lower-case word without tone; None when it is not shaped like a syllable.

    The onset takes what it can: the i of "già" belongs to it, that of "gì" and "gìn" is the vowel.
    """
    match = _SPLIT.fullmatch(plain)
    if match is None or match[3] not in _CODAS:
        return None
    return match[1] or "", match[2], match[3]


def carrier(plain: str) -> int | None:
    """Where the tone of a lower-case, toneless word belongs (`hoa` → 1, `quy` → 2); None if that is open."""
    parts = _split(plain)
    if parts is None:
        return None
    onset, vowels, coda = parts
    if len(vowels) == 1:
        return len(onset)
    offset = (_CARRIER_CLOSED if coda else _CARRIER_OPEN).get(vowels)
    return None if offset is None else len(onset) + offset


@lru_cache(maxsize=8192)
def _place_tone(word: str) -> str:
    plain, tone, toned = strip_tone(word)
    if toned != 1:
        return word
    position = carrier(plain.lower())
    return word if position is None else with_tone(plain, position, tone)


def _placed(match: re.Match[str]) -> str:
    word = match[0]
    return word if word.isascii() or len(word) > _LONGEST_SYLLABLE else _place_tone(word)


_LONGEST_SYLLABLE: Final = 7
# A mark left over after the word would join the letter that the tone leaves.
_LETTERS_ONLY: Final = pattern(r"[^\W\d_]++(?![\u0300-\u036f])")


def normalise(text: str) -> str:
    """NFC with each tone in its traditional place: `hoà` → `hòa`, `thuỷ` → `thủy`, `qúy` → `quý`.

    Look-alikes of Đ become Đ. As long as `nfc(text)`; idempotent; what is no Vietnamese syllable stays.
    """
    if text.isascii():
        return text
    text = nfc(text)
    if _HAS_LOOKALIKE.search(text):
        text = text.translate(_LOOKALIKES)
    return _LETTERS_ONLY.sub(_placed, text)


# ── folding ───────────────────────────────────────────────────────────────────────────────────────


_SAME_LETTER: Final = {"đ": "d", "ð": "d", "ɖ": "d", "ς": "σ"}


class _FoldTable(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        lowered = chr(code).lower()
        bare = "".join(
            _SAME_LETTER.get(letter, letter)
            for letter in unicodedata.normalize("NFD", lowered)
            if unicodedata.category(letter) != "Mn"
        )
        folded = unicodedata.normalize("NFC", bare)
        self[code] = folded
        return folded


_FOLDED: Final = _FoldTable()

# What Vietnamese pages are written in fits into one byte a character, and codecs turn whole texts quickly.
_USUAL: Final = "".join(sorted({letter.lower() for letter in _TONED if not letter.isascii()})) + "đ"
_USUAL_MARKS: Final = "\u00a0–—“”‘’…•·°×²³½§«»„→−≥≤€©®™\u200b"
_TO_BYTES: Final = codecs.charmap_build(
    ("".join(map(chr, range(128))) + _USUAL + _USUAL_MARKS).ljust(256, "\ufffe")
)
_FROM_BYTES: Final = (
    "".join(map(chr, range(128))) + "".join(map(_FOLDED.__getitem__, map(ord, _USUAL))) + _USUAL_MARKS
)


def fold(text: str) -> str:
    """Lower case without any mark, đ → d. Idempotent; as long as `nfc(text)` if marks are part of letters."""
    if text.isascii():
        return text.lower()
    text = nfc(text)
    try:
        usual = codecs.charmap_encode(text.lower(), "strict", _TO_BYTES)[0]
    except UnicodeEncodeError:
        return unicodedata.normalize("NFC", text.translate(_FOLDED))
    return codecs.charmap_decode(usual, "strict", _FROM_BYTES)[0]


def is_marked(word: str) -> bool:
    """Whether any letter carries a mark (or is đ)."""
    return not word.isascii() and nfc(word).lower() != fold(word)


# ── order ─────────────────────────────────────────────────────────────────────────────────────────

_LETTERS: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_ALPHABET: Final = {letter: rank for rank, letter in enumerate(_LETTERS, start=1)}
_SORT_UNIT: Final = pattern(r"\d+|[^\W\d_]+")

SortKey = tuple[tuple[tuple[int, int, tuple[int, ...], int], ...], str]


def _unit_key(unit: str) -> tuple[int, int, tuple[int, ...], int]:
    if unit[0].isdecimal():
        digits = [unicodedata.decimal(digit) for digit in unit]
        significant = tuple(
            digits[next((index for index, digit in enumerate(digits) if digit), len(digits)) :]
        )
        return 0, len(significant), significant, 0
    plain, tone, _ = strip_tone(unit)
    return 1, 0, tuple(_ALPHABET.get(letter, 100 + ord(letter)) for letter in plain), tone


def sort_key(text: str) -> SortKey:
    """A key for Vietnamese dictionary order: syllable by syllable, letters (a ă â … d đ …), then tones.

    Numbers come first, in the order of their values; case and punctuation decide only between equals.
    """
    spelled = normalise(text)
    return tuple(_unit_key(unit) for unit in _SORT_UNIT.findall(spelled.lower())), spelled
