"""Sentences that a portal prints around an article: what closes a body, what is furniture, what labels a field.

All patterns run on folded text (lower case, no marks), on short pieces only.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from gvreader.extract.pieces import Piece
from gvreader.vietnamese import fold

MAX_LANDMARK: Final = 80

_CLOSING: Final = re.compile(
    r"[\W\d]*(?:"
    r"(?:cac |nhung |mot so )?(?:bai(?: viet)?|tin(?: tuc)?|tin bai|thong tin|van ban|su kien|video|bai bao)"
    r"(?:,? bai(?: viet)?)?"
    r" (?:khac|lien quan|cu hon|moi hon|cu|moi|cung (?:chuyen muc|chuyen de|loai|chu de|danh muc|the loai)|da dua|da dang|"
    r"truoc(?: do)?|tiep theo|ke tiep|moi nhat|moi cap nhat|doc nhieu(?: nhat)?|xem nhieu(?: nhat)?|noi bat|"
    r"duoc quan tam|nen doc|trong chuyen muc|cung muc|moi dang|moi dua)(?: nhat)?(?: khac)?(?: tren .{1,30})?|"
    r"lien quan|cung (?:chuyen muc|chu de|danh muc)|tiep tuc doc|doc (?:them|tiep|nhieu)|xem (?:them|tiep)|co the ban quan tam|ban co the quan tam|"
    r"related (?:news|articles?|posts?)|other (?:news|articles?|posts?)|more news|read more|latest news|"
    r"(?:gui |cac |viet |y kien )?(?:binh luan|y kien(?: ban doc| phan hoi| cua ban| binh luan)?|phan hoi)(?: cua ban(?: doc)?| ban doc| bai viet)?|"
    r"y kien ban doc|leave a (?:comment|reply)|comments?"
    r")(?:\s*\(?\d*\)?)?[\W]*"
)
_OTHER_BOX: Final = re.compile(r".*\b(?:doc nhieu|xem nhieu|noi bat|moi nhat|quan tam|binh luan|y kien|phan hoi|comments?)\b")
_INLINE_BOX: Final = re.compile(r"\W*(?:xem them|doc them|xem tiep|tin lien quan|bai lien quan|doc tiep)\b")

_FURNITURE: Final = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "counter",
            r"\W*(?:so )?(?:luot|lan)(?: nguoi)? (?:xem|doc|truy cap|view)\b.{0,30}|\W*(?:luot )?(?:da )?(?:xem|views?|hits|doc)\s*:\s*[\d.,k]*\s*(?:luot.{0,12})?|"
            r"\W*[\d.,]+ (?:luot (?:xem|doc|truy cap).{0,20}|views?|lan (?:xem|doc))\W*|\W*(?:dang|tong)(?: so)?(?: luot)? (?:truy cap|online|truc tuyen)\b.{0,40}|"
            r"\W*(?:da xem|hom nay|hom qua|trong thang|thang nay|thang truoc|tuan nay|tong truy cap|khach(?: truy cap)?|thanh vien)\s*:\s*[\d.,]+.{0,10}",
        ),
        (
            "share",
            r"\W*(?:chia se(?: (?:bai viet|tin|len|qua|tren|facebook|zalo|voi).{0,30})?|share(?: this| on)?.{0,20}|facebook|zalo|twitter|tweet|"
            r"google\+?|linkedin|pinterest|messenger|thich|like|copy link|sao chep lien ket|luu bai(?: viet)?|luu|theo doi .{0,30}google news)\W*",
        ),
        (
            "tools",
            r"\W*(?:ban in|in (?:trang(?: nay)?|bai(?: viet)?(?: nay)?|tin)|in an|print|gui (?:email|mail|bai|tin|cho ban be|qua email)(?: .{0,20})?|e-?mail|"
            r"co chu|font size|phong to|thu nho|doc bai(?: viet)?|nghe (?:bai viet|doc bai|tin|audio)|nghe|doc (?:to|tin)|dung doc|tam dung|"
            r"(?:quay|tro) (?:lai|ve)(?: trang (?:truoc|chu)| dau trang)?|ve (?:trang (?:truoc|chu)|dau trang)|(?:len )?dau trang|len tren|back|top|"
            r"a[ -]?[-+]?(?:[ |/]*a[ -]?[-+]?)*|tuong phan|xem (?:ban day du|toan man hinh)|che do doc|luu tin|tai (?:ban )?audio)\W*",
        ),
        (
            "rating",
            r"\W*(?:danh gia(?: (?:bai viet|tin|cua ban)(?: nay)?)?|(?:tong so )?diem (?:cua bai viet )?(?:la|danh gia)\s*:?.{0,40}|xep hang\s*:?.{0,60}|"
            r"click de danh gia.{0,40}|(?:hay )?danh gia bai viet.{0,30}|binh chon.{0,30}|\d(?:[.,]\d)?/5.{0,30})\W*",
        ),
        (
            "tags",
            r"\W*(?:tags?|tu khoa|hashtags?|keywords?)(?: bai viet| lien quan)?\s*:.*|#\w+(?:[\s,]+#\w+)*",
        ),
        (
            "breadcrumb",
            r"\W*(?:trang chu|home|trang nhat)(?:\s*(?:[>»/|›→-]+|::)\s*.*)?",
        ),
        (
            "navigation",
            r"\W*(?:trang (?:truoc|sau|tiep|dau|cuoi)|(?:bai|tin) (?:truoc|sau)|truoc|sau|tiep(?: theo)?|prev(?:ious)?|next|\d{1,3})\W*",
        ),
        (
            "copyright",
            r"\W*(?:©|\(c\)|copyright|ban quyen|(?:ghi|de nghi ghi|vui long ghi) ro nguon|giay phep|chiu trach nhiem|co quan chu quan|"
            r"thiet ke (?:va xay dung )?boi|xay dung va phat trien|powered by|don vi thiet ke|ban quyen thuoc).*",
        ),
        (
            "label",
            r"\W*(?:cap nhat luc|ngay dang|dang ngay|gui luc|ngay cap nhat|ngay xuat ban|tac gia|nguon|nguoi dang|chuyen muc|danh muc)\s*:?\W*",
        ),
        ("loading", r"\W*(?:dang tai(?: du lieu)?|loading|vui long cho|please wait)\W*"),
    )
)
_ATTACHMENT_LABEL: Final = re.compile(
    r"\W*(?:(?:cac )?(?:file|tep|tap|tai lieu|van ban)(?: tin)?(?: van ban)? ?(?:dinh kem|kem theo|download|tai ve)|dinh kem|download|tai (?:ve|file|tep|xuong)(?: (?:tai day|file|tep|van ban))?|"
    r"(?:nhan|bam|click|kich)(?: chuot)?(?: vao)?(?: day)?(?: de)?(?: (?:xem|tai)(?: ve)?)?(?: (?:chi tiet|van ban|file|tep|tai day))*|"
    r"xem (?:chi tiet|file|tep|van ban|noi dung)(?: (?:tai day|van ban|dinh kem|kem theo|tai file))*|chi tiet(?: (?:tai day|xem tai day|tai file dinh kem|xem file))?|"
    r"(?:xem )?(?:tai )?file (?:dinh kem|tai day)|noi dung (?:chi tiet )?(?:xem )?(?:tai )?(?:file|tep) ?(?:dinh kem)?)[\W\d]*"
)
_DOWNLOAD_VERB: Final = re.compile(
    r"\W*(?:download|tai (?:ve|xuong|file|tep|van ban)(?: ve)?|(?:file|tep|tai lieu) dinh kem|xem (?:file|tep|van ban|pdf))\W*"
)
_SITE_NAME: Final = re.compile(
    r"(?:chao mung .{0,20}(?:trang|cong) thong tin|(?:trang|cong) (?:thong tin|ttdt|tttdt|giao tiep)(?: dien tu)?\b|"
    r"cong ttdt|website\b|"
    r"(?P<place>(?:ubnd|uy ban nhan dan|hdnd ?(?:-|&|va) ?ubnd|cong an|so|phong|ban)? ?"
    r"(?:huyen|xa|phuong|thi tran|quan|thi xa|thanh pho|tinh)(?: \w+){1,4}"
    r"(?: ?[-,–] ?(?:huyen|quan|thi xa|thanh pho|tinh)(?: \w+){1,4})*)\W*$)"
)
_UNITS: Final = frozenset("huyen xa phuong thi tran quan thanh pho tinh so phong ban cong an uy nhan dan va".split())
_PAGE_TAIL: Final = re.compile(
    r".*\b(?:giay phep (?:so|thiet lap|hoat dong)|chiu trach nhiem (?:chinh|noi dung|xuat ban)|co quan chu quan|"
    r"(?:ghi|trich dan) ro nguon|ban quyen (?:thuoc|\d)|copyright|all rights reserved)\b"
)


@lru_cache(maxsize=8192)
def _closes(text: str) -> bool:
    return bool(_CLOSING.fullmatch(text))


@lru_cache(maxsize=8192)
def _furniture(text: str) -> str | None:
    return next((name for name, pattern in _FURNITURE if pattern.fullmatch(text)), None)


def closes_body(piece: Piece) -> bool:
    """Whether this piece is the heading of a list of other articles or of the readers' comments."""
    return 0 < len(piece.text) <= MAX_LANDMARK and piece.kind != "table" and _closes(piece.folded)


def opens_related(piece: Piece) -> bool:
    """Whether a closing piece is the heading of articles related to this one, not of the site's newest or the like."""
    return closes_body(piece) and not _OTHER_BOX.match(piece.folded)


def opens_inline_box(piece: Piece) -> bool:
    """Whether this piece opens a box of links in the middle of a body."""
    return len(piece.text) <= 200 and bool(_INLINE_BOX.match(piece.folded))


def furniture(piece: Piece) -> str | None:
    """Why a short piece is page furniture by its words, or None."""
    if not piece.text or len(piece.text) > 160 or piece.kind == "table":
        return None
    return _furniture(piece.folded)


def is_attachment_label(text: str) -> bool:
    """Whether a text only says that a file follows."""
    return len(text) <= MAX_LANDMARK and bool(_ATTACHMENT_LABEL.fullmatch(fold(text)))


def is_download_verb(text: str) -> bool:
    """Whether the text of a link is only the button that downloads a file."""
    return len(text) <= MAX_LANDMARK and bool(_DOWNLOAD_VERB.fullmatch(fold(text)))


def is_site_name(text: str) -> bool:
    """Whether a text is what portals call themselves rather than a headline."""
    found = _SITE_NAME.match(fold(text))
    # A district's name is capitalised to its end; `Xã Gia Vân ra quân` says something.
    return found is not None and (found.lastgroup is None or all(_capitalised(word) for word in text.split()))


def _capitalised(word: str) -> bool:
    return not word[0].isalpha() or word[0].isupper() or fold(word) in _UNITS


def is_page_tail(piece: Piece) -> bool:
    """Whether a piece is the imprint that closes a page."""
    return len(piece.text) <= 400 and bool(_PAGE_TAIL.match(piece.folded))
