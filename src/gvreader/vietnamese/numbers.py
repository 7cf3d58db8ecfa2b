"""Numbers of official documents, such as `78/2008/QĐ-UBND`, `15-KH/HU`, `1674/NQ-UBTVQH15`.

A number is serial, year where there is one, and code; what stands before it and what its code is made of tell it from
dates, ratios, telephone numbers, addresses, standards and tenders.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gvreader.frozen import dataclass
from gvreader.patterns import pattern
from gvreader.vietnamese.letters import fold, nfc, normalise

_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2212-"  # the hyphen last: it stands in character classes
_SLASHES: Final = "/\u2044\u2215\uff0f"
_LETTER: Final = "A-Za-zÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯưẠ-ỹÐ"
_BLANK: Final = "[ \t\u00a0]"
_BREAK: Final = f"{_BLANK}{{0,2}}(?:\n{_BLANK}{{0,2}})?"
_PART: Final = rf"[{_LETTER}][{_LETTER}&]{{0,13}}\d{{0,3}}"
_CANDIDATE: Final = pattern(
    rf"(?:(?<![\w{_SLASHES}{_DASHES}])|(?<=\b[Ss]ố))(?<!\d[.,])(?<![0-9A-Z]:)"
    rf"(?P<serial>\d{{1,6}}[A-Za-zĐđ]?)"
    rf"(?:{_BLANK}?[{_SLASHES}{_DASHES}]{_BLANK}?(?P<year>(?:19|20)\d\d|\d\d))?"
    rf"(?P<mark>{_BLANK}{{0,2}}[{_SLASHES}{_DASHES}]{_BREAK}|{_BLANK})"
    rf"(?P<code>{_PART}(?:(?:[_.]|[{_SLASHES}{_DASHES}]{_BREAK}){_PART}|{_BLANK}[{_SLASHES}{_DASHES}]{_BLANK}?{_PART}){{0,5}})"
    r"(?!\w)"
)
_SEPARATOR: Final = pattern(rf"[\s]*[_.{_SLASHES}{_DASHES}][\s]*")
_SPACED: Final = pattern(rf"{_BLANK}[{_DASHES}]{_BLANK}")
_TYPED: Final = pattern(r"[\s]*[/\-–][\s]*")

TYPES: Final[dict[str, str]] = {
    "qd": "quyết định", "nq": "nghị quyết", "kh": "kế hoạch", "bc": "báo cáo", "tb": "thông báo", "ttr": "tờ trình",
    "ct": "chỉ thị", "hd": "hướng dẫn", "cv": "công văn", "gm": "giấy mời", "kl": "kết luận", "tt": "thông tư",
    "ttlt": "thông tư liên tịch", "nqlt": "nghị quyết liên tịch", "nd": "nghị định", "l": "luật", "pl": "pháp lệnh",
    "ldct": "lệnh", "lct": "lệnh", "qc": "quy chế", "qyd": "quy định", "qdi": "quy định", "qch": "quy chế",
    "da": "đề án", "pa": "phương án", "ctr": "chương trình", "cd": "công điện", "bb": "biên bản", "gp": "giấy phép",
    "gxn": "giấy xác nhận", "gcn": "giấy chứng nhận", "sl": "sắc lệnh", "cttr": "chương trình",
    "ctrlt": "chương trình phối hợp", "ctrph": "chương trình phối hợp", "khlt": "kế hoạch liên tịch",
    "khph": "kế hoạch phối hợp", "hdlt": "hướng dẫn liên tịch", "hdln": "hướng dẫn liên ngành",
    "tti": "thông tri", "vbhn": "văn bản hợp nhất", "pc": "phiếu chuyển",
    "gnp": "giấy nghỉ phép", "uq": "ủy quyền",
}  # fmt: skip
"""Kinds of documents by the abbreviation that their numbers carry, unmarked."""

_NAMES: Final = (
    r"quyet dinh|nghi quyet|ke hoach|bao cao|thong bao|to trinh|chi thi|huong dan|cong van|giay moi|ket luan|thong tu|"
    r"nghi dinh|luat|phap lenh|quy che|quy dinh|de an|phuong an|chuong trinh|cong dien|bien ban|giay phep|sac lenh|"
    r"thong tri|van ban|lien tich|lien nganh|phoi hop|hop nhat|lenh|cv|qd|nq|kh|tb|bc|nd|tt|hd"
)
_INTRODUCED: Final = pattern(rf"(?:(?<!\bho )\b(?:so|{_NAMES}))\s*[:.]?\s*$")
_LISTED: Final = pattern(r"(?:\bva|[,;])\s*$")
_NUMBERED: Final = pattern(rf"\b(?:{_NAMES})\s*(?:lien tich\s*)?(?:so\s*)?[:.]?\s*$")
_LABEL: Final = r"(?: (?:số|hiệu|ký hiệu|nhãn|sáng|học))?\s*[:.]?\s*$"
_FALSE: Final = pattern(
    r"\b(?:gói(?: thầu)?|lô|thửa(?: đất)?|tờ bản đồ|nhà|ngõ|ngách|hẻm|lớp|khối|tổ|đội|biển(?: kiểm soát)?|bks|xe|vé|"
    r"(?:số )?tài khoản|stk|điện thoại|sđt|đt|fax|hotline|km|ql|quốc lộ|tỉnh lộ|đường|tcvn|qcvn|tcxd|tcxdvn|tcn|iso|"
    r"iec|astm|hợp đồng|hđkt|e-tbmt|tbmt|mã|mst|mã định danh|đơn giá|tỷ lệ|tỉ lệ|tháng|quý|ngày|năm|học kỳ|tiết|tập|"
    r"phút|giờ|lò|vòng|bảng|trận|bản vẽ|thiết kế|mẫu|biểu|cccd|cmnd|cmtnd|hóa đơn|hoá đơn|serial|model|loại|máy|trạm|"
    rf"cột|tuyến){_LABEL}"
)
"""What a number after it belongs to, unless kind and agency stand in its code."""

_FALSE_ALWAYS: Final = pattern(
    r"\b(?:gói(?: thầu)?|thửa(?: đất)?|tcvn|qcvn|tcxd|tcxdvn|iso|hợp đồng|e-tbmt|tbmt|mẫu|biểu|hóa đơn|"
    rf"hoá đơn){_LABEL}"
)
_AGENCY_NAMES: Final = (
    "ubnd ub hdnd tthdnd tthu ubvk cp ttg ctn tw tu hu du tvhu tvtu vpcp vptw vphu vptu vpubnd vphdnd btc bnv "
    "byt bct bxd bgtvt bgddt bgd btnmt bnnptnt bnn bldtbxh bldtb bkhcn bkhdt btttt bvhttdl bca bqp btp bng nhnn "
    "ttcp tandtc vksndtc snv stc syt sct sxd sgtvt sgddt sgd stnmt snnptnt snn sldtbxh skhcn skhdt stttt svhtt "
    "svhttdl stp sdl tcct tchq tct ubtvqh ubmttq mttq mttqvn ldld hnd hlhpn hccb dtn ttdl bqlda bql bch bchqs "
    "bcd bcdts kbnn bhxh nhcsxh ktnn ubdt bdt bttdkt ttdvvl pgddt pgd pnv ptckh ptnmt ptp pnn pvhtt pyt pldtbxh "
    "pktht ktht tnmt gddt vhtt tckh nv bqlduan tandt vks vksnd tand cand ca cah cat qs thads cctha ttyt ttdvnn "
    "ttvhtt ttvhtttt btgtw btctw ubkttw btghu btchu ubkthu bdvhu bdvtw ttbdct"
)
_AGENCIES: Final = frozenset(_AGENCY_NAMES.split())
_AGENCY: Final = pattern(
    r"(?:tt)?(?:hdnd|ubnd)(?:[a-z&]{0,8})|qh\d{1,2}|ubtvqh\d{1,2}|(?:tt)?hdnd&ubnd|ubnd[a-z&]*|mttq[a-z]*|ubmttq[a-z]*|"
    r"(?:ban|bcd|bch|bql|vp|pgd|sgd|snn|stn|sld|bnn|btn|bld)[a-z&]{0,8}"
)
_CONTRACTS: Final = frozenset(
    {"HĐ", "HĐKT", "HĐXD", "HĐTV", "HĐTC", "HĐMB", "HĐLĐ", "HĐTX", "HĐTĐ", "PLHĐ", "HĐGK"}
)
_GLUED: Final = pattern(r"(.+?)(?:ubnd|hdnd|ub|cp|ttg|hu|tu)")
_MIXED: Final = {"ttg": "TTg", "ttr": "TTr", "ctr": "CTr", "qyđ": "QyĐ", "tti": "TTi"}
_SHORT: Final = 2
_BEFORE: Final = 40
_NEAR: Final = 8


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """A document number in a text: where it stands, and how it is spelled without blanks."""

    start: int
    end: int
    number: str


def number_spans(text: str) -> Iterator[NumberSpan]:
    """The document numbers in a text in NFC, in order, each as often as it stands there."""
    named_to = -1
    for found in _CANDIDATE.finditer(text):
        before = text[max(0, found.start() - _BEFORE) : found.start()].lower()
        is_listed = found.start() - named_to < _NEAR and _LISTED.search(fold(before)) is not None
        code = _believed(found, before, is_listed=is_listed)
        if code is None:
            continue
        named_to = found.start("code") + len(code)
        yield NumberSpan(found.start(), named_to, _spelled(found, code))


def find_numbers(text: str) -> tuple[str, ...]:
    """The document numbers in `text`, each once, in order, without inner spaces: `78/2008/QĐ-UBND`."""
    return tuple(dict.fromkeys(span.number for span in number_spans(nfc(text))))


def number_term(number: str) -> str:
    """A document number as the index spells it: lower case, no spaces, only `/` and `-` between its parts."""
    lowered = _TYPED.sub(lambda match: match[0].strip().replace("–", "-"), normalise(number).lower())
    kept = re.sub(r"[^\w/-]+", "-", lowered.replace("_", "-"))
    return kept.strip("-/")


def number_key(number: str) -> str:
    """What two spellings of one number have in common: no marks, case, separators in the code or leading zeros."""
    numbers = find_numbers(number) or find_numbers(f"số {number}")
    parts = _SEPARATOR.split(nfc(numbers[0] if numbers else number).strip().replace("&", ""))
    parts = ["tw" if fold(part) == "tu" and "ư" in part.lower() else fold(part) for part in parts]
    serial = parts[0].lstrip("0") or parts[0]
    year = parts[1] if len(parts) > 1 and parts[1].isdecimal() else ""
    return f"{serial}/{year}/{''.join(parts[2 if year else 1 :])}"


def kind_of_number(number: str) -> str | None:
    """The kind of document that a number's abbreviation names: `quyết định`, `kế hoạch`."""
    parts = _SEPARATOR.split(number)
    names = [fold(part) for part in parts if not part.isdecimal()]
    names += [glued[1] for name in names if (glued := _GLUED.fullmatch(name))]
    return next((TYPES[name] for name in names if name in TYPES), None)


def _believed(found: re.Match[str], before: str, *, is_listed: bool) -> str | None:
    """As much of a candidate's code as belongs to a document number, or None where it is no number."""
    if _FALSE_ALWAYS.search(before):
        return None
    mark = found["mark"].strip()
    is_named = is_listed or _INTRODUCED.search(fold(before)) is not None
    code = _cut(found["code"])
    parts = _SEPARATOR.split(code)
    names = [fold(part).replace("&", "") for part in parts]
    is_typed = names[0] in TYPES
    if parts[0] in _CONTRACTS:
        return None
    if not all(map(_is_coded, parts)) and not (parts[0].islower() and code.islower() and is_typed):
        return None
    has_agency = any(map(_is_agency, names))
    if _FALSE.search(before) and not (is_typed and has_agency and len(parts) > 1):
        return None
    if not mark:
        is_whole = len(parts) > 1 and is_typed and _NUMBERED.search(fold(before)) is not None
        return code if is_whole and found["year"] is None else None
    if found["year"] is not None and len(found["year"]) < 4:
        return code if is_typed and len(parts) > 1 else None
    if len(parts) > 1:
        return code if is_typed or has_agency or is_named else None
    if found["year"] is not None and mark in _SLASHES:
        return code if is_typed or has_agency or is_named else None
    if mark in _DASHES:
        return code if found["year"] is None and is_named and (is_typed or has_agency) else None
    is_plain = len(names[0]) > _SHORT and has_agency
    return code if is_plain or (is_named and (is_typed or has_agency or len(names[0]) > _SHORT)) else None


def _cut(code: str) -> str:
    """A code without what only follows it: words of the sentence, and what a dash between blanks sets off.

    Once an agency is named, such a dash ends the number.
    """
    for parts, gap in enumerate(_SEPARATOR.finditer(code), 1):
        following = _SEPARATOR.split(code[gap.end() :], maxsplit=1)[0]
        is_loose = gap[0] != gap[0].strip() or gap[0] == "."
        if is_loose and not _is_coded(following) and not code.islower():
            return code[: gap.start()]
        first = fold(code[: gap.start()])
        if _SPACED.fullmatch(gap[0]) and (parts > 1 or (first not in TYPES and not _is_agency(first))):
            return code[: gap.start()]
    return code


def _is_coded(part: str) -> bool:
    """Whether a part is written as an abbreviation: capitals, but for a few that are known."""
    capitals = sum(map(str.isupper, part))
    letters = sum(map(str.isalpha, part))
    return part.lower() in _MIXED or capitals == letters or (capitals >= _SHORT and 2 * capitals >= letters)


def _is_agency(name: str) -> bool:
    return name in _AGENCIES or _AGENCY.fullmatch(name) is not None


def _spelled(found: re.Match[str], code: str) -> str:
    separated = _SEPARATOR.sub(lambda match: "/" if match[0].strip() in _SLASHES else "-", code)
    shown = "".join(separated.split()).replace("Ð", "Đ").replace("ð", "đ")
    if shown.islower():
        shown = "".join(_MIXED.get(part, part.upper()) for part in re.split(r"([/-])", shown))
    serial = found["serial"]
    if year := found["year"]:
        full = year if len(year) == 4 else f"19{year}" if int(year) >= 45 else f"20{year}"
        return f"{serial}/{full}/{shown}"
    mark = "/" if found["mark"].strip() in (*_SLASHES,) else "-"
    return f"{serial}{mark}{shown}"
