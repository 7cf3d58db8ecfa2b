"""Pages of official texts: number, date of issue, issuer and signer in label/value cells; and numbers in titles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from gvreader.extract.page.text_blocks import TextBlock
from gvreader.model import Published
from gvreader.vietnamese import find_dates, fold

_LABELS: Final = (
    (
        "number",
        r"so(?: |/|, ?| va )?(?:ky|ki) hieu(?: van ban)?|so hieu(?: van ban)?|so van ban|(?:ky|ki) hieu|so cong van|so",
    ),
    ("issued", r"ngay (?:ban hanh|ky|phat hanh)(?: van ban)?|ngay van ban|ban hanh ngay"),
    (
        "effective",
        r"ngay (?:co )?hieu luc|hieu luc(?: tu)?(?: ngay)?|ngay het hieu luc|tinh trang(?: hieu luc)?|trang thai",
    ),
    ("issuer", r"(?:co quan|don vi|noi)(?:/don vi)? (?:ban hanh|ra van ban)(?: van ban)?|co quan"),
    ("signer", r"nguoi ky(?: duyet| van ban)?|chuc vu nguoi ky|ho ten nguoi ky"),
    ("position", r"chuc (?:vu|danh)"),
    ("kind", r"(?:loai|hinh thuc|the loai)(?: van ban)?"),
    ("field", r"linh vuc(?: van ban)?|nhom van ban|chuyen muc van ban"),
    ("abstract", r"(?:noi dung )?trich yeu(?: noi dung)?(?: van ban)?|noi dung tom tat|ten van ban|tieu de"),
    ("file", r"(?:tai|xem)(?: ve)?(?: van ban| toan van)?|toan van|dinh kem"),
    ("file", r"(?:tep|file|tap tin|tai lieu|van ban)(?: tin)? (?:dinh kem|kem theo|goc)"),
)
_NAMED: Final = tuple((name, re.compile(rf"\W*(?:{pattern})\s*[:：]?\s*")) for name, pattern in _LABELS)
_INLINE: Final = tuple((name, re.compile(rf"\W*(?:{pattern})\s*[:：]\s*(?=\S)")) for name, pattern in _LABELS)
_NUMBER_LABELS: Final = ("hiệu", "HIỆU", "Hiệu", "ố văn bản", "ố công văn")
_NUMBER: Final = re.compile(
    r"(?<![\w/.-])(\d{1,5}(?:-\d{1,3})?(?:\s*/\s*(?:19|"
    r"20)\d{2})?(?:-[A-ZĐ]{1,5})?\s*/\s*[A-ZĐ]{1,8}\d{0,2}(?:\s?[-–]\s?[A-ZĐ&0-9.]{1,14}){0,4})(?!\w)"
)
_TYPES: Final = (
    r"(?:kế hoạch|quyết định|chỉ thị|thông báo|công văn|báo cáo|nghị quyết|tờ trình|hướng dẫn|"
    r"giấy mời|thông tư|nghị định|luật|văn bản|công điện|"
    r"kết luận|chương trình|quy chế|quy định|đề án|hướng dẫn|thông tri|lệnh)"
)
_OWN_NUMBER: Final = re.compile(rf"\W*(?:{_TYPES}\s+)?(?:liên tịch\s+)?(?:số\s*:?\s*)?$", re.IGNORECASE)


@dataclass(slots=True)
class DocumentFields:
    """What the label/value cells of a page say, and the pieces that say it."""

    values: dict[str, str] = field(default_factory=dict)
    indexes: set[int] = field(default_factory=set)

    @property
    def is_document(self) -> bool:
        """Whether these are the cells of an official text rather than of any table."""
        known = self.values.keys()
        return (
            "number" in known
            and len(known & {"issued", "issuer", "signer", "abstract", "kind", "effective"}) >= 2
        )

    @property
    def number(self) -> str | None:
        text = self.values.get("number", "").strip(" .;")
        return text if 0 < len(text) <= 80 else None

    @property
    def issued(self) -> Published | None:
        dates = find_dates(self.values.get("issued", "")[:100])
        return dates[0].published if dates else None


def own_number(title: str) -> str | None:
    """The document number that a title names as its own: `Kế hoạch số 15/KH-UBND về …`, not one it merely mentions."""
    found = _NUMBER.search(title)
    if found is None or not _OWN_NUMBER.fullmatch(title[: found.start()]):
        return None
    return re.sub(r"\s+", "", found[1]).replace("–", "-")


def _label(text: str) -> str | None:
    if not text or len(text) > 40:
        return None
    plain = fold(text)
    return next((name for name, pattern in _NAMED if pattern.fullmatch(plain)), None)


def _pairs(piece: TextBlock) -> Iterator[tuple[str, str]]:
    """Label and value inside one piece: cells of a table's rows, or `Label: value` on a line."""
    for row in piece.rows:
        cells = [cell for cell in row if cell]
        for cell, value in zip(cells[::2], cells[1::2], strict=False):
            if (name := _label(cell)) and _label(value) is None:
                yield name, value
    if not piece.rows and piece.text and len(piece.text) <= 600:
        plain = piece.folded
        for name, pattern in _INLINE:
            if (found := pattern.match(plain)) and len(plain) == len(piece.text):
                yield name, piece.text[found.end() :]
                return


def may_be_document(shown: str) -> bool:
    """Whether a page's text has the words that the cells of an official text begin with."""
    return any(word in shown for word in _NUMBER_LABELS)


def find_fields(pieces: Sequence[TextBlock]) -> DocumentFields:
    """The label/value cells of a page, wherever they stand and however they are marked up."""
    fields = DocumentFields()
    for place, piece in enumerate(pieces):
        if not piece.text or piece.noise in ("navigation", "sidebar", "chrome", "comments", "related"):
            continue
        found = list(_pairs(piece))
        if found and (piece.rows == () or len(found) >= max(1, len(piece.rows) // 2)):
            for name, value in found:
                fields.values.setdefault(name, value)
            fields.indexes.add(piece.index)
            continue
        label = _label(piece.text)
        following = pieces[place + 1] if place + 1 < len(pieces) else None
        if label is None or following is None:
            continue
        if following.text and len(following.text) <= 600 and _label(following.text) is None:
            fields.values.setdefault(label, following.text)
            fields.indexes |= {piece.index, following.index}
    return fields
