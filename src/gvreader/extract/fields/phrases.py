"""Sentences that a portal prints around an article: what closes a body, what is furniture, what labels a field.

All patterns run on folded text (lower case, no marks), on short pieces only.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from gvreader.extract.page.text import folded
from gvreader.extract.page.text_blocks import TextBlock
from gvreader.vietnamese import fold

MAX_LANDMARK: Final = 80
MAX_LABEL: Final = 40
MAX_FURNITURE: Final = 160
_BUTTONS: Final = re.compile(r"\s*[|•·]\s*")


def _any(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


_OTHERS: Final = _any(
    "khac", "lien quan", "cu", "cu hon", "moi", "moi hon", "da dua", "da dang", "truoc", "truoc do", "tiep theo",
    "ke tiep", "moi nhat", "moi cap nhat", "moi dang", "moi dua", "doc nhieu", "xem nhieu", "noi bat", "nen doc",
    "duoc quan tam", "cung muc", "trong chuyen muc",
    "cung (?:chuyen muc|chuyen de|loai|chu de|danh muc|the loai)",
)  # fmt: skip
_ITEMS: Final = _any(
    "bai(?: viet)?", "tin(?: tuc)?", "tin bai", "tin(?: tuc)?,? bai(?: viet)?", "thong tin", "van ban", "su kien",
    "video", "bai bao",
)  # fmt: skip
_CLOSING: Final = re.compile(
    r"[\W\d]*"
    + _any(
        rf"(?:cac |nhung |mot so )?{_ITEMS} {_OTHERS}(?: nhat)?(?: khac)?(?: tren .{{1,30}})?",
        "(?:co )?lien quan",
        "cung (?:chuyen muc|chu de|danh muc)",
        "tiep tuc doc",
        "(?:doc|xem|tham khao) (?:them|tiep)",
        "(?:duoc )?(?:doc|xem|quan tam) nhieu(?: nhat)?",
        "(?:moi nhat|moi cap nhat|noi bat)",
        "(?:co the )?ban (?:co the )?quan tam",
        "(?:related|other|recommended|similar|popular|trending)"
        "(?: (?:news|articles?|posts?|stories|story|topics|content|reading|videos?|links?|coverage|for you|now))?",
        "more (?:news|stories|from .{2,40}|on this(?: story| topic)?|in .{2,30}|coverage|like this|to read|articles)",
        "read (?:more|next|also|this next)(?: about this)?",
        "(?:latest|top|breaking) (?:news|stories|headlines|articles|posts)",
        "(?:you (?:may|might) also (?:like|be interested in|enjoy)|what to read next|up next|dont miss|don.t miss)",
        "(?:most|more) (?:read|popular|viewed|shared|recent|commented)(?: (?:in|on) .{2,30}|,? .{2,20})?",
        "(?:mehr zum thema|lesen sie auch|mehr aus .{2,30}|das konnte sie auch interessieren)",
        "verwandte (?:artikel|themen)",
        "(?:lire aussi|a lire aussi|sur le meme (?:sujet|theme)|articles? lies?|les plus lus)",
        "(?:te puede interesar|mas informacion|lea tambien|leer mas|noticias relacionadas|lo mas (?:leido|visto))",
        "(?:leggi anche|articoli correlati|potrebbe interessarti|leia (?:tambem|mais)|veja (?:tambem|mais))",
        "(?:gui |cac |viet )?(?:y kien )?(?:binh luan|phan hoi|y kien)"
        "(?: cua ban(?: doc)?| ban doc| bai viet| phan hoi)?",
        "leave a (?:comment|reply)",
        "comments?",
    )
    + r"(?:\s*\(?\d*\)?)?\W*"
)
_OTHER_BOX: Final = re.compile(
    r".*\b(?:doc nhieu|xem nhieu|noi bat|moi nhat|(?:duoc|nguoi|dang) quan tam|quan tam nhieu|"
    r"binh luan|y kien|phan hoi|comments?)\b"
)
_COMMENTS: Final = re.compile(
    r"\W*\d*\W*(?:gui |cac |viet )?(?:y kien |leave a )?"
    r"(?:binh luan|phan hoi|y kien|comments?|reply|kommentare?|commentaires?|comentarios?)\b"
)
_SPONSORED: Final = re.compile(
    r"\W*(?:(?:tin|bai|noi dung|bai viet|duoc)? ?tai tro(?: boi)?|quang cao|advertis(?:ement|ing)|sponsored"
    r"(?: (?:content|links?|post))?|promoted(?: content)?|paid (?:content|post)|anzeige|werbung|publicite|publicidad|"
    r"reklama?)\W*"
)
_INLINE_BOX: Final = re.compile(
    r"\W*(?:xem them|doc them|xem tiep|tin lien quan|bai lien quan|doc tiep|tham khao them)\b"
)

_COUNTER: Final = _any(
    r"(?:so )?(?:luot|lan)(?: nguoi)? (?:xem|doc|truy cap|view)\b.{0,30}",
    r"(?:luot )?(?:da )?(?:xem|views?|hits|doc)\s*:\s*[\d.,k]*\s*(?:luot.{0,12})?",
    r"[\d.,]+ (?:luot (?:xem|doc|truy cap).{0,20}|views?|lan (?:xem|doc))",
    r"(?:dang|tong)(?: so)?(?: luot)? (?:truy cap|online|truc tuyen)\b.{0,40}",
    r"(?:da xem|hom nay|hom qua|trong thang|thang nay|thang truoc|tuan nay|tuan truoc|tong truy cap|"
    r"khach(?: truy cap)?|thanh vien|truc tuyen|online)\s*:\s*[\d.,]+.{0,10}",
)
_SHARE: Final = _any(
    r"chia se(?: (?:bai viet|tin|len|qua|tren|facebook|zalo|voi).{0,30})?",
    r"share(?: this| on)?.{0,20}",
    "(?:facebook|zalo|twitter|tweet|linkedin|pinterest|messenger|like|thich)(?: (?:facebook|zalo|twitter))?",
    r"google\+?",
    "copy link",
    "sao chep lien ket",
    "luu(?: bai(?: viet)?| tin)?",
    "theo doi .{0,30}google news",
)
_TOOLS: Final = _any(
    "ban in",
    "in (?:trang(?: nay)?|bai(?: viet)?(?: nay)?|tin|an)",
    "print",
    "gui (?:email|mail|bai|tin|cho ban be|qua email)(?: .{0,20})?",
    "e-?mail",
    "co chu",
    "font size",
    "phong to",
    "thu nho",
    "(?:doc|nghe)(?: (?:bai(?: viet)?|tin|to|doc bai|audio))?",
    "(?:dung|tam dung)(?: doc)?",
    "(?:quay|tro) (?:lai|ve)(?: trang (?:truoc|chu)| dau trang)?",
    "ve (?:trang (?:truoc|chu)|dau trang)",
    "(?:len )?dau trang",
    "len tren",
    "back",
    "top",
    r"a[ -]?[-+]?(?:[ |/]*a[ -]?[-+]?)*",
    "tuong phan",
    "che do doc",
    "xem (?:ban day du|toan man hinh)",
    "tai (?:ban )?audio",
)
_RATING: Final = _any(
    "danh gia (?:bai viet|tin|cua ban)(?: nay)?",
    r"(?:tong so )?diem (?:cua bai viet )?(?:la|danh gia)\s*:?.{0,40}",
    r"xep hang\s*:.{0,60}",
    "click de danh gia.{0,40}",
    "(?:hay )?danh gia bai viet.{0,30}",
    r"\d(?:[.,]\d)?/5.{0,30}",
)
_IMPRINT: Final = _any(
    r"(?:©|\(c\)|copyright).*",
    "ban quyen (?:thuoc|cua|©|noi dung).*",
    "(?:de nghi |vui long )?ghi ro nguon.*",
    "giay phep (?:so|thiet lap|hoat dong|xuat ban|trang|ttdt).*",
    "chiu trach nhiem (?:chinh|noi dung|xuat ban).*",
    "co quan chu quan.*",
    "(?:don vi )?thiet ke (?:va xay dung )?boi.*",
    "powered by.*",
)
_FURNITURE: Final = {
    name: re.compile(rf"\W*{pattern}\W*")
    for name, pattern in {
        "counter": _COUNTER,
        "share": _SHARE,
        "tools": _TOOLS,
        "rating": _RATING,
        "tags": _any(
            r"(?:tags?|tu khoa|hashtags?|keywords?)(?: bai viet| lien quan)?\s*:.*", r"#\w+(?:[\s,]+#\w+)*"
        ),
        "breadcrumb": r"(?:trang chu|home|trang nhat)(?:\s*(?:[>»/|›→-]+|::)\s*.*)?",
        "navigation": _any(
            "trang (?:truoc|sau|tiep|dau|cuoi)",
            "(?:bai|tin) (?:truoc|sau)",
            "truoc",
            "sau",
            "tiep(?: theo)?",
            "prev(?:ious)?",
            "next",
            r"\d{1,3}",
        ),
        "copyright": _IMPRINT,
        "label": r"(?:(?:cap nhat|gui) luc|ngay (?:dang|cap nhat|xuat ban)|dang ngay|tac gia|nguon|nguoi dang|"
        r"chuyen muc|danh muc)\s*:?",
        "box": r"(?:quang cao|lien ket(?: web(?:site)?| nhanh)?|thong ke(?: truy cap| online)?|thoi tiet|ty gia|"
        r"gia vang|tham do y kien|binh chon|lich (?:van nien|cong tac)|thu vien (?:anh|video)|danh muc|dang nhap)\s*:?",
        "loading": "(?:dang tai(?: du lieu)?|loading|vui long cho|please wait)",
    }.items()
}
_FILES: Final = r"(?:cac )?(?:file|tep|tap|tai lieu|van ban)(?: tin)?(?: van ban)?"
_HERE: Final = r"(?: (?:chi tiet|van ban|file|tep|tai day|dinh kem|kem theo))"
_ATTACHMENT_LABEL: Final = re.compile(
    r"\W*"
    + _any(
        rf"{_FILES} ?(?:dinh kem|kem theo|download|tai ve)",
        "dinh kem",
        "download",
        rf"tai (?:ve|file|tep|xuong){_HERE}?",
        rf"(?:nhan|bam|click|kich)(?: chuot)?(?: vao)?(?: day)?(?: de)?(?: (?:xem|tai)(?: ve)?)?{_HERE}+",
        r"(?:nhan|bam|click|kich)(?: chuot)? vao(?: day)?(?: de)? (?:xem|tai)(?: ve)?",
        rf"xem (?:chi tiet|file|tep|van ban|noi dung){_HERE}*",
        rf"chi tiet(?: xem)?{_HERE}?",
        rf"noi dung (?:chi tiet )?(?:xem )?(?:tai )?(?:file|tep){_HERE}?",
    )
    + r"[\W\d]*"
)
_DOWNLOAD_VERB: Final = re.compile(
    r"\W*(?:download|tai (?:ve|xuong|file|tep|van ban)(?: ve)?|(?:file|tep|tai lieu) dinh kem|"
    r"xem (?:file|tep|van ban|pdf))\W*"
)
_PLACE: Final = "(?:huyen|xa|phuong|thi tran|quan|thi xa|thanh pho|tinh)"
_SITE_NAME: Final = re.compile(
    _any(
        "chao mung .{0,20}(?:trang|cong) thong tin",
        r"(?:trang|cong) (?:thong tin|tin (?:dien tu|huyen|xa|phuong|tinh|thi)|ttdt|tttdt|giao tiep)(?: dien tu)?\b",
        "cong ttdt",
        r"website\b",
        r"(?P<place>(?:ubnd|uy ban nhan dan|hdnd ?(?:-|&|va) ?ubnd|cong an|so|phong|ban)? ?"
        rf"{_PLACE}(?: \w+){{1,4}}(?: ?[-,–] ?{_PLACE}(?: \w+){{1,4}})*)\W*$",
    )
)
_UNITS: Final = frozenset(
    (
        "huyen",
        "xa",
        "phuong",
        "thi",
        "tran",
        "quan",
        "thanh",
        "pho",
        "tinh",
        "so",
        "phong",
        "ban",
        "cong",
        "an",
        "va",
    )
)
# Items of decrees speak of licences and publishers, too.
_ENUMERATED: Final = re.compile(r"\W*(?:[a-z]|\d{1,2}|[ivx]{1,4})[).]\s")
_PAGE_TAIL: Final = re.compile(
    r"\b(?:giay phep (?:so|thiet lap|hoat dong)|chiu trach nhiem (?:chinh|noi dung|xuat ban)|co quan chu quan|"
    r"(?:ghi|trich dan) ro nguon|ban quyen (?:thuoc|\d)|copyright|all rights reserved)\b"
)


@lru_cache(maxsize=8192)
def _closes(text: str) -> bool:
    return bool(_CLOSING.fullmatch(text))


@lru_cache(maxsize=8192)
def _furniture(text: str) -> str | None:
    return next((name for name, pattern in _FURNITURE.items() if pattern.fullmatch(text)), None)


def closes_body(piece: TextBlock) -> bool:
    """Whether this piece is the heading of a list of other articles or of the readers' comments."""
    return 0 < len(piece.text) <= MAX_LANDMARK and piece.kind != "table" and _closes(piece.folded)


def opens_comments(piece: TextBlock) -> bool:
    """Whether a closing piece is the heading of what readers say, which is running text of its own."""
    return bool(_COMMENTS.match(piece.folded))


def opens_sponsored(piece: TextBlock) -> bool:
    """Whether this piece only says that the box around it is paid for."""
    return 0 < len(piece.text) <= MAX_LABEL and bool(_SPONSORED.fullmatch(piece.folded))


def opens_related(piece: TextBlock) -> bool:
    """Whether a closing piece is the heading of articles related to this one, not of the site's newest or the like."""
    return closes_body(piece) and not _OTHER_BOX.match(piece.folded)


def names_other_box(text: str) -> bool:
    """Whether a heading is that of the site's most read or newest articles, whatever page it is on."""
    return len(text) <= MAX_LANDMARK and bool(_OTHER_BOX.match(fold(text)))


def opens_inline_box(piece: TextBlock) -> bool:
    """Whether this piece opens a box of links in the middle of a body."""
    longest = 400 if 2 * piece.link_chars > len(piece.text) else 200
    return len(piece.text) <= longest and bool(_INLINE_BOX.match(piece.folded))


def furniture(piece: TextBlock) -> str | None:
    """Why a short piece is page furniture by its words, or None. A row of buttons is furniture like each of them."""
    if not piece.text or len(piece.text) > MAX_FURNITURE or piece.kind == "table":
        return None
    if (whole := _furniture(piece.folded)) is not None:
        return whole
    if _BUTTONS.search(piece.folded):
        reasons = {_furniture(part) for part in _BUTTONS.split(piece.folded) if part.strip()}
        if None not in reasons and reasons:
            return min(reason for reason in reasons if reason)
    if piece.link_chars < len(piece.text) / 3:
        return None
    rest = "".join(run.text for run in piece.runs if run.link is None)
    parts = [folded(run.text) for run in piece.runs if run.link is not None] + [folded(rest)]
    reasons = {_furniture(part) for part in parts if any(letter.isalnum() for letter in part)}
    return None if None in reasons or not reasons else min(reason for reason in reasons if reason)


def is_attachment_label(text: str) -> bool:
    """Whether a text only says that a file follows."""
    return len(text) <= MAX_LANDMARK and bool(_ATTACHMENT_LABEL.fullmatch(fold(text)))


def is_download_verb(text: str) -> bool:
    """Whether the text of a link is only the button that downloads a file."""
    return len(text) <= MAX_LANDMARK and bool(_DOWNLOAD_VERB.fullmatch(fold(text)))


@lru_cache(maxsize=4096)
def is_site_name(text: str) -> bool:
    """Whether a text is what portals call themselves rather than a headline."""
    found = _SITE_NAME.match(folded(text))
    # A district's name is capitalised to its end; `Xã Gia Vân ra quân` says something.
    return found is not None and (found.lastgroup is None or all(_capitalised(word) for word in text.split()))


def _capitalised(word: str) -> bool:
    return not word[0].isalpha() or word[0].isupper() or folded(word) in _UNITS


def is_page_tail(piece: TextBlock) -> bool:
    """Whether a piece is the imprint that closes a page."""
    return (
        len(piece.text) <= 400
        and bool(_PAGE_TAIL.search(piece.folded))
        and not _ENUMERATED.match(piece.folded)
    )
