"""Where sentences end in Vietnamese news: not at numbers, initials, abbreviations of offices and titles."""

from __future__ import annotations

from typing import Final

from gvreader.patterns import pattern

_END: Final = pattern(r"[.!?…]+[”\"')\]]*(?=\s+[“\"'(\[–-]?\s?[^\W_])|\n+")
# What a full stop follows without ending a sentence: `TP. Ninh Bình`, `PGS. TS. Trần Văn A`, `Nguyễn V. Hùng`.
_SHORT: Final = pattern(
    r"(?:^|[\s(“\"])(?:[^\W\d_]|tp|tx|tt|ths|th\.s|ts|pgs|gs|bs|cn|ks|đ/c|đc|ông|bà|p|q|h|x|v\.v|st|mr|mrs|no|số|đt|tel|vd|khoản|điều)\.$",
    2,
)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text in order, without the blanks around them."""
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        piece = text[start : match.end()]
        if match[0].startswith(".") and _goes_on(text, piece, match.end()):
            continue
        found.append(piece.strip())
        start = match.end()
    found.append(text[start:].strip())
    return tuple(piece for piece in found if piece)


def _goes_on(text: str, piece: str, end: int) -> bool:
    """Whether the full stop at the end of a piece belongs to a word, or the next word has no capital."""
    following = text[end:].lstrip(" \t“\"'([–-")[:1]
    return bool(_SHORT.search(piece)) or following.islower()


def opening(text: str, characters: int) -> str:
    """The first sentences of a text that fit into so many characters; of a longer first one its first words."""
    taken = ""
    for sentence in sentences(text.replace("\n\n", "\n")):
        longer = f"{taken} {sentence}".strip()
        if len(longer) > characters:
            break
        taken = longer
    if taken:
        return taken
    words = text.split()
    while words and len(" ".join(words)) >= characters:
        words.pop()
    return " ".join(words) + "…" if words else text[:characters].strip()
