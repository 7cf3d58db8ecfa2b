"""What an official text says of itself: its number, kind, day, issuer, signer, and which documents it replaces."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from gvreader.frozen import dataclass
from gvreader.patterns import pattern
from gvreader.vietnamese.dates import find_dates
from gvreader.vietnamese.letters import fold
from gvreader.vietnamese.numbers import kind_of_number, number_key, number_spans

HEAD_CHARACTERS: Final = 1_500
"""As much of a text as may hold the lines above its title: issuer, number, place and day."""

_TAIL_CHARACTERS: Final = 2_500
_FIRST_LINES: Final = 4
_MOST_REPLACED: Final = 50
_LABEL: Final = pattern(r"\W*(?:so(?: ky hieu| van ban)?|luat so)\s*[:.]?\s*")
_TITLE: Final = pattern(
    r"\W*(?:quyet dinh|nghi quyet|ke hoach|bao cao|thong bao|to trinh|chi thi|huong dan|cong van|giay moi|ket luan|"
    r"thong tu|nghi dinh|luat|quy che|quy dinh|de an|phuong an|chuong trinh|cong dien|van ban)\s*(?:lien tich\s*)?"
    r"(?:so\s*)?[:.]?\s*"
)
_BODY: Final = pattern(r"^\W*(?:can cu|kinh gui|dieu 1|theo de nghi|xet)\b", re.MULTILINE)
_LEGEND: Final = pattern(r"cong hoa xa hoi|doc lap *[-–] *tu do|dang cong san viet nam|^\W*$")
_ISSUER: Final = pattern(
    r"(?:uy ban|ubnd|hoi dong|hdnd|huyen uy|tinh uy|thanh uy|dang uy|dang bo|ban |so |phong |bo |chinh phu|quoc hoi|"
    r"thu tuong|chu tich|van phong|trung tam|chi cuc|cuc |cong an|toa an|vien |truong |hoi |lien doan|doan )"
)
_CONTINUED: Final = pattern(
    r"(?:huyen(?! uy)|tinh(?! uy)|xa|thi tran|thanh pho|phuong|thi xa|nhan dan|khoa) \w"
)
_OFFICE: Final = pattern(
    r"\W*(?:(?:tm|kt|tl|tuq|q)\.? ?.*|(?:pho )?(?:chu tich|bi thu|giam doc|truong phong|chanh van phong|cuc truong|"
    r"chi cuc truong|thu tuong|bo truong|hieu truong|truong ban|chanh thanh tra)(?: .{0,40})?|thu truong(?: .{0,40})?)"
)
_SIGNED: Final = pattern(r"[(\[]?(?:da ky|ky ten|ky dien tu|signed).{0,40}")
_NAME_WORD: Final = pattern(r"[A-ZÀ-ỸĐ][A-Za-zÀ-ỹĐđ]*")
_REPLACES: Final = pattern(r"\b(?:thay the|bai bo|thay cho|huy bo)\b")
_ENDED: Final = pattern(r"\b(?:het|cham dut) hieu luc\b")
_SENTENCE: Final = pattern(r"(?<=[.;:!?])\s+(?=[A-ZÀ-ỸĐ0-9\d])|\n+")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialText:
    """What an official text says of itself; `replaces` are numbers, as they are printed."""

    number: str
    kind: str | None = None
    issued: date | None = None
    issuer: str | None = None
    signer: str | None = None
    replaces: tuple[str, ...] = ()


def official_text(text: str, *, number: str | None = None) -> OfficialText | None:
    """What a text says of itself where its head has a number of its own; None for a text that only names others.

    `text` is in NFC, a line for each paragraph. `number` is its own where that is known.
    """
    head = text[:HEAD_CHARACTERS]
    own = number or own_number(head)
    if own is None:
        return None
    return OfficialText(
        number=own,
        kind=kind_of_number(own),
        issued=_issued(head),
        issuer=_issuer(head),
        signer=_signer(text[-_TAIL_CHARACTERS:]),
        replaces=replaced_numbers(text, own),
    )


def own_number(head: str) -> str | None:
    """The number that stands in the head of a text as its own: after `Số:`, alone on a line, or in the title line."""
    found = _BODY.search(fold(head))
    limit = found.start() if found else len(head)
    for span in number_spans(head):
        if span.start >= limit:
            return None
        before = re.split(r"[\n|\f\t]", head[: span.start])[-1]
        plain = fold(before)
        is_labelled = _LABEL.fullmatch(plain) is not None or not plain.strip()
        is_titled = _TITLE.fullmatch(plain) is not None and head[: span.start].count("\n") < _FIRST_LINES
        if is_labelled or is_titled:
            return span.number
    return None


def replaced_numbers(text: str, own: str) -> tuple[str, ...]:
    """The documents that a text puts out of force, in order: what follows `thay thế` or `bãi bỏ` in a sentence."""
    found: dict[str, str] = {}
    key = number_key(own)
    for sentence in _SENTENCE.split(text):
        plain = fold(sentence)
        first = _REPLACES.search(plain)
        ended = _ENDED.search(plain)
        if first is None and ended is None:
            continue
        for span in number_spans(sentence):
            if (first is not None and span.start > first.end()) or (ended and span.end < ended.start()):
                found.setdefault(number_key(span.number), span.number)
    found.pop(key, None)
    return tuple(found.values())[:_MOST_REPLACED]


def _issued(head: str) -> date | None:
    for line in head.splitlines():
        for cell in line.split("|"):
            if _BODY.match(fold(cell)):
                return None
            dates = find_dates(cell) if "ngay" in fold(cell) else ()
            if dates:
                published = dates[0].published
                return published.date() if isinstance(published, datetime) else published
    return None


def _issuer(head: str) -> str | None:
    """The agency whose name stands in capitals at the top; of one below the other, the lower."""
    cells = (cell.strip(" .*-_") for line in head.splitlines()[:12] for cell in line.split("|"))
    lines = [cell for cell in cells if cell.isupper() and len(cell) <= 100 and not _LEGEND.search(fold(cell))]
    starts = [place for place, line in enumerate(lines[:4]) if _ISSUER.match(fold(line))]
    if not starts:
        return None
    place = 1 if starts[:2] == [0, 1] else starts[0]
    following = lines[place + 1] if place + 1 < len(lines) else ""
    return f"{lines[place]} {following}" if _CONTINUED.match(fold(following)) else lines[place]


def _signer(tail: str) -> str | None:
    """The name below the last line that names an office."""
    lines = [cell.strip(" .*-_") for line in tail.splitlines() for cell in line.split("|")]
    lines = [line for line in lines if line]
    for place in range(len(lines) - 1, -1, -1):
        if not (lines[place].isupper() or lines[place].startswith(("KT", "TM", "TL"))):
            continue
        if _OFFICE.fullmatch(fold(lines[place])) is None:
            continue
        for line in lines[place + 1 : place + 5]:
            if _is_name(line):
                return line
    return None


def _is_name(line: str) -> bool:
    words = line.split()
    is_office = _OFFICE.fullmatch(fold(line)) is not None or _SIGNED.fullmatch(fold(line)) is not None
    return 2 <= len(words) <= 5 and not is_office and all(_NAME_WORD.fullmatch(word) for word in words)
