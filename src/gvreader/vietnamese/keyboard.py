"""Vietnamese typed without an input method: Telex (`nongj thoon mowis`) and VNI (`no6ng tho6n mo7i1`) decoded.

Only words that come out as possible Vietnamese syllables are decoded; everything else stays as it was typed.
"""

from __future__ import annotations

from typing import Final, Literal

from gvreader.patterns import pattern
from gvreader.vietnamese.letters import (
    carrier,
    fold,
    nfc,
    normalise,
    strip_tone,
    with_tone,
)

Method = Literal["telex", "vni"]

_TELEX_TONES: Final = {"f": 1, "r": 2, "x": 3, "s": 4, "j": 5}
_VNI_TONES: Final = {"2": 1, "3": 2, "4": 3, "1": 4, "5": 5}

_ONSET: Final = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx]"
# The rhymes of Vietnamese without tone. Those that end in p, t, c, ch take only sắc and nặng.
_OPEN_RHYMES: Final = (
    "a ai ao au ay âu ây e eo ê êu i ia iêu iu o oa oai oao oay oe oeo oi ô ôi ơ ơi u ua uây uê ui uôi uơ uy uya "
    "uyu ư ưa ưi ươi ươu ưu y yêu"
)
_CLOSED_RHYMES: Final = (
    "am an ang anh ăm ăn ăng âm ân âng em en eng êm ên ênh im in inh iêm iên iêng oan oang oanh oam oăm oăn oăng "
    "oen om on ong oong ôm ôn ông ơm ơn uân uâng um un ung uôm uôn uông uyên uynh ưm ưng ươm ươn ương yêm yên yêng uênh"
)
_STOPPED_RHYMES: Final = (
    "ac ach ap at ăc ăp ăt âc âp ât ec ep et êch êp êt ic ich ip it iêc iêp iêt oac oach oat oăc oăt oet oc ooc op ot "
    "ôc ôp ôt ơp ơt uât uc up ut uôc uôt uych uyt uyêt ưc ưt ươc ươp ươt uêch"
)
_RHYMES: Final = frozenset(f"{_OPEN_RHYMES} {_CLOSED_RHYMES}".split())
_STOPPED: Final = frozenset(_STOPPED_RHYMES.split())
_SYLLABLE: Final = pattern(rf"({_ONSET})?(.+)")
# Which onsets may stand before i, e, ê, y and which only there.
_FRONT: Final = pattern(r"(?:k(?!h)|gh|ngh)(?=[^ieêy])|(?:c|g(?!i)|ng(?!h))(?=[eêy])|(?:c|ng)(?=i)")


def is_syllable(word: str) -> bool:
    """Whether a word can be a Vietnamese syllable, as it is spelled."""
    plain, tone, toned = strip_tone(normalise(word).lower())
    if toned > 1:
        return False
    for onset, rhyme in _splits(plain):
        if rhyme in _RHYMES or (rhyme in _STOPPED and tone in (4, 5)):
            return not _FRONT.match(onset + rhyme)
    return False


def _splits(plain: str) -> list[tuple[str, str]]:
    """Onset and rhyme. The i of `gi` may be the vowel (`gì`, `giêng`); `qu` is q before a rhyme in o or u."""
    match = _SYLLABLE.fullmatch(plain)
    splits = [(match[1] or "", match[2])] if match else []
    if plain.startswith("gi"):
        splits.append(("gi", f"i{plain[2:]}"))
    elif plain.startswith("qu"):
        splits += [("q", f"o{plain[2:]}"), ("q", plain[1:])]
    return splits


def decode_word(word: str, method: Method) -> str | None:
    """The syllable that the keys of `word` produce; None where they produce none, or nothing but themselves."""
    lowered = word.lower()
    if not word.isascii() or not 2 <= len(word) <= 12 or not lowered[0].isalpha():
        return None
    typed = _telex(lowered) if method == "telex" else _vni(lowered)
    if typed is None:
        return None
    plain, tone = typed
    if plain == lowered and not tone:
        return None
    position = carrier(plain)
    if tone and position is None:
        return None
    decoded = nfc(with_tone(plain, position, tone) if tone and position is not None else plain)
    if not is_syllable(decoded):
        return None
    return decoded.upper() if word.isupper() else decoded.capitalize() if word[0].isupper() else decoded


def _telex(keys: str) -> tuple[str, int] | None:
    """Letters without tone and the tone number; None where a key cancels another or comes too early."""
    letters: list[str] = []
    tone = 0
    for key in keys:
        if not key.isalpha():
            return None
        text = "".join(letters)
        if key in _TELEX_TONES and any(letter in "aăâeêioôơuưy" for letter in letters):
            if tone:
                return None
            tone = _TELEX_TONES[key]
        elif key == "z" and tone:
            tone = 0
        elif key == "w":
            if not _hook(letters):
                letters.append("ư")
        elif key in "aeo" and key in text and _circumflex(letters, key):
            pass
        elif key == "d" and text.startswith("d") and "đ" not in text:
            letters[0] = "đ"
        else:
            letters.append(key)
    return _finished(letters), tone


def _finished(letters: list[str]) -> str:
    """The letters as one text; `uow` at the end of a word means uơ (`thuở`), before a coda ươ."""
    text = "".join(letters)
    return f"{text[:-2]}uơ" if text.endswith("ươ") else text


def _circumflex(letters: list[str], vowel: str) -> bool:
    """Turn the last plain a, e or o into â, ê, ô; only letters of the coda may stand after it."""
    for index in range(len(letters) - 1, -1, -1):
        if letters[index] == vowel:
            letters[index] = {"a": "â", "e": "ê", "o": "ô"}[vowel]
            return True
        if letters[index] not in "ncmgtphiuy":
            return False
    return False


def _hook(letters: list[str]) -> bool:
    """Turn `uo` into `ươ`, or the last a, o or u into ă, ơ or ư."""
    text = "".join(letters)
    pair = text.rfind("uo")
    if pair >= 0 and not text.startswith("qu"):
        letters[pair : pair + 2] = ["ư", "ơ"]
        return True
    if pair >= 0:
        letters[pair + 1] = "ơ"
        return True
    if "ua" in text and not text.startswith("qu"):
        letters[text.rfind("ua")] = "ư"
        return True
    for index in range(len(letters) - 1, -1, -1):
        if letters[index] in "aou":
            letters[index] = {"a": "ă", "o": "ơ", "u": "ư"}[letters[index]]
            return True
    return False


def _vni(keys: str) -> tuple[str, int] | None:
    letters: list[str] = []
    tone = 0
    for key in keys:
        if key.isalpha():
            letters.append(key)
        elif key in _VNI_TONES:
            if tone:
                return None
            tone = _VNI_TONES[key]
        elif key == "6":
            if not any(_circumflex(letters, vowel) for vowel in "oea" if vowel in letters):
                return None
        elif key in "78":
            if not _hook(letters):
                return None
        elif key == "9":
            if not letters or letters[0] != "d":
                return None
            letters[0] = "đ"
        else:
            return None
    return _finished(letters), tone


_TOKEN: Final = pattern(r"[A-Za-z0-9]+")


def decode(text: str) -> str | None:
    """`text` with every word that was typed as Telex or VNI decoded, by the method that decodes more of them.

    None where nothing decodes, or where a word would be left that is neither decoded nor a syllable by itself.
    """
    best: tuple[int, str] | None = None
    methods: tuple[Method, ...] = ("telex", "vni")
    for method in methods:
        decoded, count = _decode_all(text, method)
        if count and (best is None or count > best[0]):
            best = count, decoded
    return best[1] if best else None


def _decode_all(text: str, method: Method) -> tuple[str, int]:
    count = 0
    pieces: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        word = match[0]
        decoded = decode_word(word, method)
        if decoded is not None and fold(decoded) != word.lower():
            count += 1
        elif word.isalpha() and not is_syllable(word):
            return text, 0
        pieces += [text[end : match.start()], decoded or word]
        end = match.end()
    return "".join(pieces) + text[end:], count
