"""Text that went through a wrong charset: recognised by its syllables, repaired where that is clear.

UTF-8 that was read as a single-byte charset and encoded again, and texts of the old fonts (TCVN3, VNI) that were
pasted into pages of Unicode, or written as entities.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from gvreader.extract.page.legacy import from_tcvn3, from_vni
from gvreader.frozen import dataclass
from gvreader.vietnamese import nfc
from gvreader.vietnamese.keyboard import is_syllable

SAMPLE: Final = 200_000
"""Characters of a page that are looked into for damage."""

_MOST_WORDS: Final = 600
_MARKUP: Final = re.compile(
    # What is never closed goes on to the end: each character is looked at once.
    r"(<(?:script|style)\b(?>.*?</(?:script|style)[^>]*+>?|.*+)|<[^>]*+>?)",
    re.IGNORECASE | re.DOTALL,
)
_WORD: Final = re.compile(r"(?<!\S)(?:(?!\s)[\x00-\x7f])*+[^\x00-\x7f]\S*+")
_EDGES: Final = "\"'`()[]{}<>.,;:!?/\\-–—…“”‘’•*&=+|_0123456789%#@~^$\u00a0\u200b\ufeff"
_LETTER: Final = re.compile(r"[^\W\d_]")
# Hardly found in sound Vietnamese text, and in every kind of damage: where there are none, nothing is looked into.
_SIGN: Final = re.compile(
    r"[\ufffd\x80-\x9f¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÄÅÆÇÐÑÖ×ØÛÜÞßäåæçëîïðñö÷øûüþÿ]|"
    r"&(?!nbsp|amp|lt|gt|quot|apos|[lr][sd]quo|[nm]dash|hellip)(?:[a-zA-Z]{2,6}|#1[6-9]\d|#2[0-5]\d);"
)
_FEWEST_SIGNS: Final = 4
_ENTITY: Final = re.compile(r"&(?:[a-zA-Z]{2,6}|#1[6-9]\d|#2[0-5]\d);")
_FEWEST_REPAIRED: Final = 4
_FEWEST_BROKEN: Final = 10
_BROKEN: Final = re.compile(r"[^\W\d_][\x80-\xa9\xab-\xb9\xbb-\xbf\xd7\xf7\ufffd]+[^\W\d_]")
_CLEAR: Final = 0.8
_HOPELESS: Final = 0.5
_DOUBTFUL: Final = 0.6
_WIDESPREAD: Final = 0.8


@dataclass(frozen=True, slots=True)
class Score:
    """How many words with letters beyond ASCII are Vietnamese syllables, and how many are none."""

    good: int
    bad: int

    @property
    def share(self) -> float:
        """The share of syllables, 1 where there is no such word."""
        return self.good / (self.good + self.bad) if self.good + self.bad else 1.0

    @property
    def sum(self) -> int:
        return self.good - self.bad


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text, the damage that was repaired in it, and whether it still looks damaged."""

    text: str
    damage: str = ""
    is_doubtful: bool = False


@lru_cache(maxsize=8192)
def _is_syllable(word: str) -> bool:
    return is_syllable(nfc(word))


def score(text: str) -> Score:
    """The score of a text without its markup; the first 600 words of it count."""
    good = bad = 0
    for match in _WORD.finditer(_MARKUP.sub(" ", text[:SAMPLE])):
        word = match[0].strip(_EDGES)
        if not word or (word.isascii() and word.isalnum()):
            continue
        pieces = [piece for piece in re.split(r"[-–/,.()]", word) if not piece.isascii()]
        if not pieces or not _LETTER.search(word):
            continue
        if all(len(piece) <= 10 and _is_syllable(piece) for piece in pieces):
            good += 1
        else:
            bad += 1
        if good + bad >= _MOST_WORDS:
            break
    return Score(good, bad)


def repair(text: str) -> Repaired:
    """The text with damaged passages repaired, where one kind of damage explains them clearly."""
    if sum(1 for _ in zip(range(_FEWEST_SIGNS), _SIGN.finditer(text[:SAMPLE]), strict=False)) < _FEWEST_SIGNS:
        return Repaired(text)
    passages = list(_damaged(text[:SAMPLE]))
    before = score(" ".join(passages))
    if before.bad < _FEWEST_REPAIRED:
        return Repaired(text)
    found = max(_DAMAGES, key=lambda name: score(_DAMAGES[name](" ".join(passages))).sum)
    mend = _DAMAGES[found]
    after = score(mend(" ".join(passages)))
    if after.good < _FEWEST_REPAIRED or after.share < _CLEAR or before.share > _HOPELESS:
        return Repaired(text, is_doubtful=_is_doubtful(text, " ".join(passages)))
    whole = score(text)
    if whole.bad and before.bad >= _WIDESPREAD * (whole.good + whole.bad):
        return Repaired(mend(text), found)
    return Repaired("".join(_mended(piece, mend) for piece in _MARKUP.split(text)), found)


def _is_doubtful(text: str, passages: str) -> bool:
    """Whether a page is full of words that hold signs where letters belong, in whatever language it is."""
    broken = sum(1 for _ in _BROKEN.finditer(passages))
    whole = score(text)
    return whole.share < _DOUBTFUL and broken >= max(_FEWEST_BROKEN, _HOPELESS * whole.bad)


def _damaged(text: str) -> Iterator[str]:
    """The passages between tags that hold more words that are no syllables than syllables."""
    for passage in _MARKUP.split(text):
        if passage and passage[0] != "<" and _SIGN.search(passage):
            read = html.unescape(passage) if "&" in passage else passage
            if (found := score(read)).bad > found.good:
                yield read


def _mended(passage: str, mend: Callable[[str], str]) -> str:
    if not passage or passage[0] == "<" or not _SIGN.search(passage):
        return passage
    read = _ENTITY.sub(lambda match: html.unescape(match[0]), passage) if "&" in passage else passage
    before, candidate = score(read), mend(read)
    after = score(candidate)
    return candidate if before.bad > before.good and after.sum > before.sum else passage


# ── UTF-8 read as a single-byte charset ─────────────────────────────────────────────────────────


def _bytes_of(codec: str) -> dict[str, int]:
    """The byte of each character beyond ASCII; bytes that the charset leaves free are control characters."""
    found = {}
    for byte in range(0x80, 0x100):
        character = bytes([byte]).decode(codec, "ignore") or chr(byte)
        found[character] = byte
        found.setdefault(chr(byte), byte)
    return found


_BYTES: Final = {codec: _bytes_of(codec) for codec in ("cp1252", "cp1258")}
_RUNS: Final = {
    codec: re.compile("[" + re.escape("".join(table)) + "]{2,}|\u00c3 ") for codec, table in _BYTES.items()
}


def _from_double(text: str, codec: str) -> str:
    table = _BYTES[codec]

    def decoded(match: re.Match[str]) -> str:
        if (
            match[0] == "\u00c3 "
        ):  # the second byte was a space that does not break, and has become one that does
            return "\u00e0"
        raw = bytes(table[character] for character in match[0])
        try:
            return raw.decode()
        except UnicodeDecodeError:
            # A space at its end may have been the last byte.
            return raw.decode("utf-8", "replace") if raw[0] >= 0xC2 else match[0]

    return nfc(_RUNS[codec].sub(decoded, text))


_DAMAGES: Final[dict[str, Callable[[str], str]]] = {
    "double UTF-8": lambda text: _from_double(text, "cp1252"),
    "double UTF-8 (1258)": lambda text: _from_double(text, "cp1258"),
    "TCVN3": from_tcvn3,
    "VNI": from_vni,
}
