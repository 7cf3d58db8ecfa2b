"""The line that closes a body and says who wrote it: `Hồng Hạ (Trung tâm VHTT&TT)`, `T.H`, `Tin, ảnh: …`.

A sentence never becomes an author: a sign-off is a label with a name, initials, or a few capitalised words
that stand where a sign-off stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from gvreader.extract.page.text_blocks import InlineRun, TextBlock
from gvreader.extract.page.tree import Tree
from gvreader.extract.thresholds import MOST_WORDS_OF_A_NAME
from gvreader.vietnamese import fold

MAX_LINE: Final = 140
_UPPER: Final = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_LOWER: Final = _UPPER.lower()
_NAME_WORD: Final = rf"(?:[{_UPPER}][{_LOWER}]*(?:\.)?|[{_UPPER}]{{1,4}})"
_NAME: Final = rf"{_NAME_WORD}(?: {_NAME_WORD}){{0,5}}"
_NAMES: Final = re.compile(rf"{_NAME}(?:(?:\s*[-–,;&+/]\s*| và ){_NAME}){{0,4}}\.?")
_INITIALS: Final = re.compile(rf"[{_UPPER}](?:\.\s?[{_UPPER}]{{1,2}}[{_LOWER}]?)+\.?|[{_UPPER}]{{2,4}}")
_ROLE: Final = (
    r"(?:tin|bai|anh|bai viet|tin bai|hinh anh|video|clip|noi dung|thuc hien|trinh bay|tac gia(?: bai viet| tin)?|"
    r"nguoi (?:viet|dua tin|dang)(?: bai)?|viet bai|phong vien|nhom (?:pv|phong vien|tac gia)|pv|ctv|"
    r"cong tac vien|bien tap|bien soan|tong hop|suu tam|st|dua tin|chup anh|dang tin|by|author)"
)
_LABEL: Final = re.compile(rf"\(?\s*{_ROLE}(?:\s*(?:,|va|&|-|–|/|\+|;)\s*{_ROLE}){{0,3}}\s*:\s*")
# Without a colon a label has to name two things that somebody made, or be nothing else.
_MADE: Final = r"(?:tin|bai|anh|hinh anh|video|clip|noi dung)"
_LABEL_OF_TWO: Final = re.compile(
    rf"\(?\s*(?:{_MADE}(?:\s*(?:,|va|&|-|–|/|\+|;)\s*|\s+){_MADE}(?:(?:\s*(?:,|va|&|-|–|/|\+)\s*|\s+){_MADE})?|"
    r"thuc hien|bai viet|nguoi viet|tac gia)\s+(?=\S)"
)
_LABEL_BARE: Final = re.compile(r"(?:pv|ctv|phong vien|bien tap vien|btv)\s+(?=\S)")
_SOURCE: Final = re.compile(
    r"\(?\s*(?:nguon(?: tin| bai| anh)?|trich nguon|theo nguon|source)\s*:\s*|\(?\s*theo\s*:?\s+(?=\S)"
)
_PHOTO_CREDIT: Final = re.compile(r"\s*[-–,;|.(]?\s*(?:Ảnh|ảnh|ẢNH|Video|Clip|Đồ họa)\s*:.*$")
_TEXT_CREDIT: Final = re.compile(r"[-–,;|]\s*(nguon|tin|bai)\s*:\s*")
_EDITORS: Final = re.compile(r"(?:bbt|ban bien tap|toa soan)\b.{0,60}")
_BRACKETS: Final = re.compile(
    r"(?P<who>[^()]{2,80}?)\s*[-–,]?\s*\((?P<org>[^()]{2,120}(?:\([^()]{1,60}\)[^()]{0,40})?)\)\s*\.?"
)
_DASH: Final = re.compile(r"(?P<who>.{2,60}?)\s*(?:[-–—|,/]|\s-)\s*(?P<org>\S.{2,110})")
# With their marks: `Phương`, `Đoàn`, `Bảo` and `Trương` are people, `Phường`, `Đoàn thanh niên`, `Báo` are not.
_ORGANISATION: Final = re.compile(
    r"(?:trung tâm|tt\.? ?(?:vh|dvnn|yt|gd)\w*|ttvh|vhtt|phòng|ban|đài|báo|ubnd|hđnd|ubmttq|mttq|văn phòng|vp|sở|"
    r"hội(?! viên| nghị| thảo| thi| đàm)|đoàn(?! viên| công tác| kiểm tra)|huyện đoàn|công an|huyện (?:ủy|uỷ)|"
    r"tỉnh (?:ủy|uỷ)|thành (?:ủy|uỷ)|đảng (?:ủy|uỷ)|mặt trận|liên đoàn|ldld|lđlđ|trường|chi cục|cục|viện|bệnh viện|"
    r"cổng|trang (?:thông tin|ttđt)|thông tấn xã|ttxvn|vov|vtv|nbtv|ngân hàng|(?:tòa|toà) án|hạt kiểm lâm|trạm|xã|"
    r"thị trấn|phường|huyện|tỉnh|bhxh|bảo hiểm|bch|bộ|tổ|(?:ủy|uỷ) ban|tạp chí|vks\w*|viện kiểm sát|kho bạc|"
    r"chi nhánh|hợp tác xã|htx|câu lạc bộ|clb)\b"
)
_FAMILY_NAMES: Final = frozenset(("đoàn", "ban", "bộ", "hội", "cục", "tổ", "trường"))
_BETWEEN_NAMES: Final = re.compile(r"\s*[-–,;&+/]\s*| và ")
_FULL_STOP: Final = re.compile(r"\s*\./\.?\s*$")
_NO_PERSON: Final = frozenset((
    "admin", "administrator", "quantri", "quan-tri", "bientap", "webmaster", "root", "user", "editor",
    "superadmin", "host", "guest", "system", "quantrivien", "quantriweb", "quantriwebsite", "quantrihethong",
    "banquantri", "nguoiquantri",
))  # fmt: skip
_POSITION: Final = re.compile(
    r"(?:(?:kt|tm|tl|q|tuq)\.? )?(?:pho )?(?:chu tich|giam doc|bi thu|truong (?:phong|ban|doan)|"
    r"chanh van phong|hieu truong|vien truong|"
    r"nguoi (?:lap|ky|phat ngon)|thu ky|ke toan|noi nhan)\b.{0,40}"
)
_POST: Final = re.compile(r"(?:cán bộ|cb|công chức|cc|phó|trưởng|chủ tịch|bí thư)\b")
_DUTY: Final = re.compile(r"(?:cán bộ|công chức|viên chức|chuyên viên)\b")
_ADDRESS: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
_OF_SOURCE: Final = re.compile(r"(?:Theo|theo|Nguồn|nguồn)\s*:?\s+(?=\S)")
_FIRST_IN_CAPITALS: Final = frozenset((
    "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do", "ho", "ngo",
    "duong", "ly", "dinh", "mai", "cao", "luong", "trinh", "ta", "ha", "lam", "chu", "dao", "doan", "truong",
))  # fmt: skip
_NO_OFFICE: Final = re.compile(r"(?:tong hop|suu tam|st|th|bien soan|luoc ghi|ghi|t/h|s\.t|t\.h)\.?")
_SENTENCE_END: Final = re.compile(r"[.!?…:;,”\"]\s*/?\.?\s*$")


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote it. `sure` is false for a bare name, which only its place makes a sign-off."""

    author: str | None = None
    organisation: str | None = None
    sure: bool = True


def _is_names(text: str) -> bool:
    return len(text) <= 70 and bool(_NAMES.fullmatch(text) or _INITIALS.fullmatch(text))


def _are_people(text: str) -> bool:
    """Whether a text is names of people and no office."""
    return bool(text) and (_is_names(text) or _is_name_in_capitals(text)) and not is_organisation(text)


def is_organisation(text: str) -> bool:
    """Whether a text begins as the name of an office does."""
    plain = text.lower().lstrip("(-– ")
    if not _ORGANISATION.match(plain):
        return False
    first, *others = _BETWEEN_NAMES.split(text)
    words = first.split()
    # `Đoàn Thị Lan` is a person: two to four plain capitalised words after a word that is a family name too.
    is_person = (
        2 <= len(words) <= 4
        and bool(_NAMES.fullmatch(text))
        and not any(word.isupper() for word in words)
        and not any(_ORGANISATION.match(other.lower()) for other in others)
    )
    return not (is_person and plain.split()[0] in _FAMILY_NAMES)


def _is_name_in_capitals(text: str) -> bool:
    """Whether a line is a person's name in capitals: two to five words after a common family name."""
    words = text.split()
    in_capitals = text.isupper() and all(word.isalpha() for word in words)
    return in_capitals and 2 <= len(words) <= 5 and fold(words[0]) in _FIRST_IN_CAPITALS


def _nobody(text: str) -> bool:
    return re.sub(r"[^a-z-]", "", fold(text)) in _NO_PERSON


def _strip(text: str) -> str:
    text = text.strip(" \t-–—*|")
    if text.startswith("(") and text.endswith(")") and "(" not in text[1:]:
        text = text[1:-1].strip()
    return text


def _person(text: str) -> str | None:
    name = text.strip(" -–,;:|.") if not _INITIALS.fullmatch(text.strip()) else text.strip()
    return None if not name or _nobody(name) else name


def told_author(tree: Tree) -> str | None:
    """The people that structured data names as authors; no office, no account, not the site itself."""
    told = tree.structured.get("author", "")
    sites = {
        fold(name) for name in (tree.metas.get("og:site_name", ""), tree.structured.get("publisher", ""))
    }
    people = [name for name in told.split(", ") if _may_be_person(name) and fold(name) not in sites]
    return ", ".join(people) or None


def _may_be_person(name: str) -> bool:
    """Whether a name is that of a person: a few words, most of them capitalised, no office and no account."""
    words = name.split()
    capitals = sum(word[0].isupper() for word in words)
    return (
        0 < len(words) <= MOST_WORDS_OF_A_NAME
        and 2 * capitals > len(words)
        and not any(letter.isdigit() or letter in "@/:" for letter in name)
        and not _is_account(name)
        and not is_organisation(name)
    )


def parse_byline(text: str) -> Byline | None:
    """The author and the organisation that a line names, or None where it is no byline."""
    line = _strip(_FULL_STOP.sub("", text))
    if not 1 < len(line) <= MAX_LINE or not any(letter.isalpha() for letter in line):
        return None
    plain = fold(line)
    if _POSITION.fullmatch(plain):
        return None
    if (label := _LABEL.match(plain)) is not None:
        return _labelled(line[label.end() :])
    if (made := _LABEL_OF_TWO.match(plain)) is not None and _are_people(line[made.end() :].strip(" .)")):
        return Byline(_person(line[made.end() :].strip(" .)")))
    if (source := _SOURCE.match(plain)) is not None:
        name = line[source.end() :].strip(" .)(")
        explicit = ":" in plain[: source.end()]
        if (
            name
            and len(name) <= 100
            and (
                explicit
                or (len(name.split()) <= 8 and name[0].isupper() and "," not in name)
                or _ADDRESS.fullmatch(name)
            )
        ):
            return Byline(None, name)
        return None
    if _EDITORS.fullmatch(plain):
        return Byline(line, None)
    if (bare := _LABEL_BARE.match(plain)) is not None and _is_names(line[bare.end() :]):
        return Byline(_person(line[bare.end() :]))
    if (found := _BRACKETS.fullmatch(line)) is not None:
        who, org = found["who"].strip(), found["org"].strip()
        if (cited := _OF_SOURCE.match(org)) is not None:
            org = org[cited.end() :]
        if (_is_names(who) or _EDITORS.fullmatch(fold(who))) and _may_be_office(org):
            return Byline(_person(who), None if _NO_OFFICE.fullmatch(fold(org)) else org)
        return None
    if (found := _DASH.fullmatch(line)) is not None:
        who, org = found["who"].strip(), found["org"].strip(" .")
        named = is_organisation(org) or bool(_POST.match(org.lower()))
        if (
            _is_names(who)
            and not is_organisation(who)
            and named
            and org[0].isupper()
            and len(org.split()) <= 14
        ):
            return Byline(_person(who), org)
    if _INITIALS.fullmatch(line):
        return Byline(line)
    if (
        (written := _PHOTO_CREDIT.sub("", line)) != line
        and _is_names(written)
        and not is_organisation(written)
    ):
        return Byline(_person(written))
    if line.isupper() and " " in line:
        return Byline(line, None, sure=False) if _is_name_in_capitals(line) else _office(line)
    if _is_names(line) and not is_organisation(line):
        return Byline(_person(line), None, sure=False)
    return _office(line)


def _office(line: str) -> Byline | None:
    """A line that is an office's name, or what somebody is in one."""
    named = any(word[0].isupper() for word in line.split()[1:])
    if (
        (is_organisation(line) or (_DUTY.match(line.lower()) and not line.isupper()))
        and line[0].isupper()
        and named
        and len(line.split()) <= 12
        and line[-1] not in ".;:,!?"
    ):
        return Byline(None, line, sure=False)
    return None


def _labelled(rest: str) -> Byline | None:
    """What follows a label: a name, a name with an office, an office alone."""
    rest = _PHOTO_CREDIT.sub("", rest)
    source: str | None = None
    if (credit := _TEXT_CREDIT.search(fold(rest))) is not None:
        source = rest[credit.end() :].strip(" .|()") if credit[1] == "nguon" else None
        rest = rest[: credit.start()]
    rest = rest.strip(" .|") if rest.count("(") == rest.count(")") else rest.strip(" .)|")
    if not rest or len(rest) > 110:
        return None
    if (found := _BRACKETS.fullmatch(rest)) is not None:
        return Byline(_person(found["who"]), found["org"].strip())
    if rest.count("(") > rest.count(")") and (found := _BRACKETS.fullmatch(rest + ")")) is not None:
        return Byline(_person(found["who"]), found["org"].strip())
    if (
        (found := _DASH.fullmatch(rest)) is not None
        and is_organisation(found["org"])
        and _is_names(found["who"].strip())
    ):
        return Byline(_person(found["who"]), found["org"].strip(" ."))
    if _EDITORS.fullmatch(fold(rest)):
        return Byline(rest)
    if is_organisation(rest) and not _is_names(rest):
        return Byline(None, rest)
    return Byline(_person(rest), source or None) if _person(rest) or source else None


def _may_be_office(text: str) -> bool:
    folded = fold(text)
    if re.match(r"(?:anh|hinh|nguon|video|clip|tiep theo|theo)\b", folded) or not any(
        letter.isalpha() for letter in text
    ):
        return False
    return is_organisation(text) or text[0].isupper() or bool(_NO_OFFICE.fullmatch(folded))


def _placed(piece: TextBlock) -> bool:
    """Whether a piece stands as sign-offs do: on the right, or in one style from end to end."""
    return piece.align == "right" or piece.role == "author" or piece.all_strong or piece.all_emphasis


def find_signoff(pieces: Sequence[TextBlock]) -> tuple[Byline, tuple[TextBlock, ...]] | None:
    """The sign-off among the last pieces of a body, and the pieces that it takes up."""
    lines = [piece for piece in pieces if piece.text]
    used: list[TextBlock] = []
    author: str | None = None
    organisation: str | None = None
    for place, piece in enumerate(reversed(lines)):
        if place >= 4 or piece.kind in ("table", "preformatted") or len(used) >= 3:
            break
        if place == 0 and not used and piece.is_link and piece.text.startswith("http"):
            continue
        if piece.role == "author" and _is_account(piece.text):
            used.append(piece)
            continue
        byline = parse_byline(piece.text)
        if byline is None:
            break
        if not byline.sure and not _may_close(piece, byline, lines, used):
            break
        if (byline.author and author) or (byline.organisation and organisation):
            break
        author = author or byline.author
        organisation = organisation or byline.organisation
        used.append(piece)
    if not used:
        return _inline_signoff(lines)
    if len(used) == len(lines) and len(lines) > 1 and not any(parse.sure for parse in map(_sure, used)):
        return None
    return Byline(author, organisation), tuple(used)


def _is_account(text: str) -> bool:
    """Whether a line names nobody but an account of the system: `admin admin`."""
    words = text.split()
    return 0 < len(words) <= MOST_WORDS_OF_A_NAME and (_nobody(text) or all(map(_nobody, words)))


def _sure(piece: TextBlock) -> Byline:
    return parse_byline(piece.text) or Byline(sure=False)


def _may_close(
    piece: TextBlock, byline: Byline, lines: Sequence[TextBlock], used: Sequence[TextBlock]
) -> bool:
    """Whether a bare name or office stands where only a sign-off can stand."""
    if piece.kind not in ("paragraph", "heading") or len(lines) < 2:
        return False
    words = len(piece.text.split())
    if byline.author is None:
        beside = any(one.element is piece.element for one in used)
        return (_placed(piece) or beside) and words <= (12 if piece.align == "right" else 9)
    if _placed(piece):
        return piece.align != "center" or words <= 5
    # An unstyled line: two to five words, after a paragraph that ended as paragraphs end.
    before = lines[lines.index(piece) - 1] if lines.index(piece) else None
    ended = (
        before is None
        or before.kind != "paragraph"
        or bool(_SENTENCE_END.search(before.text))
        or len(before.text) > 120
    )
    return (2 <= words <= 5 and ended and not piece.text.isupper()) or bool(_INITIALS.fullmatch(piece.text))


def _inline_signoff(lines: Sequence[TextBlock]) -> tuple[Byline, tuple[TextBlock, ...]] | None:
    """A sign-off that ends the last paragraph in a style of its own: `… địa phương./. <b>Hồng Hạ</b>`."""
    if not lines or lines[-1].kind != "paragraph" or len(lines[-1].runs) < 2:
        return None
    last = lines[-1]
    tail = last.runs[-1]
    head = "".join(run.text for run in last.runs[:-1]).rstrip()
    if not (tail.strong or tail.emphasis) or last.runs[-2].strong or last.runs[-2].emphasis:
        return None
    if not _SENTENCE_END.search(head) or head[-1] in ":," or len(head) < 40:
        return None
    byline = parse_byline(tail.text)
    if byline is None:
        return None
    last.runs = [replace_run(run) for run in last.runs[:-1]]
    last.runs[-1].text = last.runs[-1].text.rstrip()
    last.rewrite()
    return replace(byline, sure=True), ()


def replace_run(run: InlineRun) -> InlineRun:
    """A copy of a run, so that trimming it leaves the flow as it was."""
    return InlineRun(run.text, run.link, run.strong, run.emphasis)
