"""Which pieces are the captions of pictures rather than paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from gvreader.extract.fields.byline import parse_byline
from gvreader.extract.page.tables import flat_text
from gvreader.extract.page.text import clean
from gvreader.extract.page.text_blocks import TextBlock
from gvreader.extract.page.tree import Element
from gvreader.extract.thresholds import LONGEST_PLAIN_CAPTION
from gvreader.vietnamese import fold

MAX_CAPTION: Final = 300
_MAX_STYLED: Final = 260
_MAX_PLAIN: Final = 180
_MAX_SENTENCE: Final = 90
_CREDIT: Final = re.compile(r"\(\s*(?:anh|nguon|hinh)\b[^()]*\)\W*$|\b(?:anh|nguon anh)\s*:\s*[^.]{1,40}\.?$")
_OPENING: Final = re.compile(
    r"\W*(?:d/c|dc\b|cac d/c|cac dong chi|dong chi|ong|ba|quang canh|toan canh|hinh anh|"
    r"mot (?:so )?(?:hinh anh|goc|khu)|anh\s*\d*\s*[:.]|anh minh hoa|"
    r"hinh\s*\d+|cac dai bieu|dai bieu|lanh dao|canh|doan|khung canh|chu thich|le cat bang|trao|tang|"
    r"chup anh|mo hinh|nguoi dan|ba con|nong dan|"
    r"can bo|hoc sinh|giao vien|doan vien|hoi vien|luc luong|cong nhan|pho chu tich|chu tich|bi thu|pho bi thu)"
)
_LABELLED: Final = re.compile(r"\W*(?:anh|hinh)(?: minh hoa)?\s*\d*\s*[:.]\s*\S")
_NOT_CAPTION: Final = re.compile(
    r"(?:[ivx]{1,4}|\d{1,2}|[a-h])\s*[.)-]\s*\S|[-+*•]\s|(?:mot so hinh anh|duoi day|sau day|"
    r"tai (?:hoi nghi|buoi|cuoc|le|day)|theo do|ngoai ra|ben canh do|tuy nhien|"
    r"phat bieu (?:tai|chi dao|khai mac|ket luan)|ket luan|ket thuc|trong khuon kho|sang|chieu|"
    r"ngay \d|cung (?:tai|du|voi)|du (?:hoi nghi|le|buoi)|tham du|nhan dip|qua)\b"
)
_SPEAKING: Final = re.compile(
    r"\b(?:phat bieu|trao|tang|trao tang|tang hoa|chuc mung|kiem tra|tham|bao cao|ket luan|chu tri|"
    r"dieu hanh|trinh bay|chia se|chup anh|du|cat bang|khai mac|phat dong|thuc hien|huong dan|"
    r"thu hoach|cham soc)\b"
)
_SENTENCES: Final = re.compile(r"[.!?…]\s+[^\s(]")


def alternative(image: Element) -> str:
    """What an image says of itself, unless it is a placeholder."""
    text = clean(image.get("alt") or image.get("title") or "")
    folded = fold(text)
    if len(text) < 3 or re.fullmatch(
        r"(?:anh tin bai|image|img|photo|picture|anh|hinh anh|no image|.*\.(?:jpe?g|png|gif|webp|bmp))",
        folded,
    ):
        return ""
    return text


def find_captions(pieces: Sequence[TextBlock]) -> dict[int, TextBlock]:
    """For each figure that has a caption, by its place in `pieces`, the piece that is its caption.

    `pieces` are a body, furniture already taken out; only pieces right after a figure (or in its own
    `<figure>`) can be captions.
    """
    captions: dict[int, TextBlock] = {}
    taken: set[int] = set()
    for place, piece in enumerate(pieces):
        if piece.kind != "figure":
            continue
        before = pieces[place - 1] if place else None
        after = pieces[place + 1] if place + 1 < len(pieces) else None
        following = pieces[place + 2] if place + 2 < len(pieces) else None
        if after is not None and after.kind != "figure" and _is_caption(piece, after, following):
            captions[place] = after
            taken.add(place + 1)
        elif (
            before is not None
            and place - 1 not in taken
            and before.role == "caption"
            and _same_figure(piece, before)
        ):
            captions[place] = before
            taken.add(place - 1)
    return captions


def _same_figure(figure: TextBlock, text: TextBlock) -> bool:
    box = next(
        (one for one in figure.element.iterancestors() if one.tag in ("figure", "table", "td", "div")), None
    )
    return box is not None and any(one is box for one in text.element.iterancestors())


def _is_caption(figure: TextBlock, text: TextBlock, following: TextBlock | None) -> bool:
    if text.kind not in ("paragraph", "quote", "heading") or not text.text or len(text.text) > MAX_CAPTION:
        return text.role == "caption" and bool(text.text) and len(text.text) <= 2 * MAX_CAPTION
    if text.role == "caption":
        return True
    if text.kind == "heading":
        return False
    byline = parse_byline(text.text)
    if byline is not None and (byline.sure or text.align == "right") and not _OPENING.match(text.folded):
        return False
    alt = alternative(figure.element)
    if alt and fold(alt)[:60] == text.folded[:60] and len(alt) >= 12:
        return True
    if _in_picture_table(figure.element, text.element):
        return True
    folded = text.folded
    if text.text.rstrip().endswith(":") or _NOT_CAPTION.match(folded):
        return False
    sentences = 1 + len(_SENTENCES.findall(text.text))
    if _LABELLED.match(folded) and sentences == 1:
        return True
    if _styled(text) or text.indented or _same_paragraph(figure.element, text.element):
        if text.all_strong and not text.all_emphasis and text.align != "center" and not text.indented:
            return False
        if text.all_emphasis or opens_as_caption(folded) or not _is_sentence(text.text):
            return len(text.text) <= _MAX_STYLED and sentences <= 2
        return len(text.text) <= LONGEST_PLAIN_CAPTION and sentences == 1
    return _reads_as_caption(text, folded, sentences, following)


def opens_as_caption(folded: str) -> bool:
    """Whether a text has the words of a caption: `Ảnh:`, who is seen, a credit."""
    return bool(_OPENING.match(folded) or _LABELLED.match(folded) or _CREDIT.search(folded))


def _is_sentence(text: str) -> bool:
    return text.rstrip()[-1:] in ".!?…"


def _styled(text: TextBlock) -> bool:
    return text.all_emphasis or text.align == "center"


def _reads_as_caption(text: TextBlock, folded: str, sentences: int, following: TextBlock | None) -> bool:
    """Whether a plain paragraph after a picture reads as a caption: no full sentence, or the words captions use."""
    if len(text.text) > _MAX_PLAIN or text.link_chars or text.all_strong:
        return False
    if _CREDIT.search(folded):
        return sentences <= 2
    if sentences > 1:
        return False
    opens = bool(_OPENING.match(folded))
    if text.text[-1] not in '.!?;,…”"':
        # Paragraphs end with a full stop; what has none and is followed by text of its own is a caption.
        return opens or following is None or following.kind == "figure" or len(text.text) <= 120
    return (
        opens
        and len(text.text) <= _MAX_SENTENCE
        and (
            bool(_SPEAKING.search(folded))
            or folded.startswith(("quang canh", "toan canh", "hinh anh", "anh", "cac dai bieu"))
        )
        and "," not in text.text[:40]
    )


def _same_paragraph(image: Element, block: Element) -> bool:
    """Whether the text shares the picture's own paragraph or box."""
    if block.tag in ("body", "html", "article", "section", "main", "td") or len(block) > 12:
        return False
    holder = image.getparent()
    while holder is not None and holder.tag in ("a", "span", "strong", "em", "b", "i", "font", "center"):
        holder = holder.getparent()
    return (holder is block and block.tag in ("p", "figure", "li")) or (
        holder is block and block.tag == "div" and sum(1 for _ in block.iter("br", "p")) <= 2
    )


def _in_picture_table(image: Element, block: Element) -> bool:
    """Whether picture and text share a small table that holds nothing else."""
    table = next((one for one in image.iterancestors() if one.tag == "table"), None)
    if table is None or not any(one is table for one in block.iterancestors()):
        return False
    cells = list(table.iter("td", "th"))
    images = max(sum(1 for _ in table.iter("img")), 1)
    if len(cells) > 8 or len(flat_text(table)) > MAX_CAPTION * images:
        return False
    speaking = sum(1 for cell in cells if cell.find(".//td") is None and flat_text(cell))
    paragraphs = sum(
        1 for one in table.iter("p", "div", "li") if len(one) == 0 or one.tag == "p" if flat_text(one)
    )
    return speaking <= images and paragraphs <= images
