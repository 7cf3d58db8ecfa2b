"""Pages that say nothing of their own: not found, challenge, maintenance, login, empty."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from gvreader.extract.page.tree import Tree
from gvreader.model import Capture, ProblemKind, Refusal
from gvreader.vietnamese import fold

SHORT_PAGE: Final = 900
_STUB: Final = 200
_READ: Final = 6_000
_COOKIE_RELOAD: Final = re.compile(
    r"document\.cookie\s*=|location\.(?:reload|replace|href)|window\.location", re.IGNORECASE
)
_CHALLENGE: Final = re.compile(
    r"checking your browser|just a moment|verify(?:ing)? (?:that )?you are (?:a )?human|captcha|"
    r"are you (?:a )?(?:human|robot)|ddos[- ]protection|enable (?:javascript and )?cookies|"
    r"khong phai (?:la )?(?:robot|nguoi may)|xac (?:minh|thuc) (?:ban|truy cap|trinh duyet)|"
    r"(?:vui long|hay|please) (?:bat|kich hoat|enable) (?:javascript|cookies?)|kiem tra trinh duyet|"
    r"attention required|access denied|request blocked|incapsula|sucuri"
)
_MAINTENANCE: Final = re.compile(
    r"bao tri|bao duong he thong|dang (?:duoc )?nang cap|nang cap he thong|maintenance|qua tai|"
    r"tam (?:ngung|dung) (?:hoat dong|phuc vu)|tam thoi gian doan|he thong dang ban|"
    r"service (?:temporarily )?unavailable|be right back|coming soon|website dang (?:xay dung|nang cap)"
)
_THING: Final = (
    "(?:trang|bai viet|noi dung|duong dan|lien ket|tin|tin bai|tin tuc|thong tin|dia chi|file|tep|url|"
    "du lieu|ket qua)"
)
_NOT_FOUND: Final = re.compile(
    rf"\b(?:khong|chua) (?:tim thay|ton tai|co) {_THING}\b|"
    rf"\b{_THING}(?: \w+){{0,8}}? (?:(?:khong|chua) (?:ton tai|tim thay|duoc tim thay|hop le)|da bi (?:xoa|go))|"
    rf"\bkhong ton tai hoac|da bi (?:xoa|go bo) (?:hoac|khoi)|"
    rf"page (?:could )?not (?:be )?found|\b404\b(?: not found| error)?|\bnot found\b|object moved|"
    rf"cannot be found|no longer available"
)
_NOTHING_YET: Final = re.compile(
    r"\b(?:chua|khong) (?:tim thay |co )+(?:noi dung|bai viet|tin(?: bai| tuc)?|du lieu|thong tin|ket qua|ban ghi|muc|"
    r"van ban|tai lieu|hinh anh|video|su kien|thong bao|thu tuc)"
    r"(?: nao)?\b(?!.{0,30}(?:khong ton tai|404))|\bno (?:posts?|articles?|items?|results?|content)\b"
)
_UNWRITTEN: Final = re.compile(
    rf"\W*(?:{_THING} )?(?:nay )?(?:hien )?dang (?:duoc )?(?:cap nhat|xay dung|hoan thien|bien tap)\b.{{0,60}}"
)
_PASSWORD: Final = etree.XPath("boolean(//input[translate(@type, 'PASWORD', 'pasword') = 'password'])")
_LOGIN: Final = re.compile(r"\b(?:dang nhap|dang ky|log ?in|sign ?in|authentication)\b")
_META_REFRESH: Final = etree.XPath("boolean(//meta[translate(@http-equiv, 'REFSH', 'refsh') = 'refresh'])")
_MARKUP: Final = re.compile(r"<[^>]*+>?")


def refusal_of_status(capture: Capture, url: str, text: str) -> Refusal:
    """What an answer other than success means. `url` is the page's logical address, `text` its body."""
    plain = fold(_MARKUP.sub(" ", text[:20_000]))
    kind: ProblemKind = "http-status"
    challenges = _CHALLENGE.search(plain) is not None or "cf-chl" in text or "__cf_" in text
    if capture.status in (403, 429, 503) and challenges:
        kind = "challenge"
    elif capture.status in (500, 502, 503, 504) and _MAINTENANCE.search(plain):
        kind = "maintenance"
    detail = f"{capture.status} {capture.reason}".strip()
    if 300 <= capture.status < 400 and (target := capture.header("Location")):
        detail = f"{detail} → {target}"
    return Refusal(url=url, kind=kind, detail=detail)


def refusal_of_words(tree: Tree, shown: str, main: str, *, is_named: bool = False) -> Refusal | None:
    """Why a page without a believable article or listing is refused, where its words give that away.

    `shown` is all its visible text; `main` is what would be the article's title and body; `is_named`: a menu or a
    trail leads to the page, which is then more than the form that it shows.
    """
    said = f"{tree.title}\n{main}" if len(shown) >= SHORT_PAGE else f"{tree.title}\n{main}\n{shown}"
    said = said[:_READ]
    plain = fold(said)
    challenges = _CHALLENGE.search(plain) or "cf-chl" in tree.scripts or _is_reloading_stub(tree, shown)
    if len(shown) < SHORT_PAGE and challenges:
        detail = _quote(_CHALLENGE, said) or "a script sets a cookie and reloads"
        return Refusal(url=tree.address, kind="challenge", detail=detail)
    if len(main) >= SHORT_PAGE:
        return None
    for kind, pattern in _KINDS:
        if pattern.search(plain):
            return Refusal(url=tree.address, kind=kind, detail=_quote(pattern, said))
    if _PASSWORD(tree.root) and (_LOGIN.search(fold(f"{tree.title}\n{main}"[:_STUB])) or not is_named):
        return Refusal(url=tree.address, kind="not-article", detail="a login form")
    if not shown.strip() and (tree.scripts.strip() or _META_REFRESH(tree.root)):
        return Refusal(url=tree.address, kind="challenge", detail="nothing but a script")
    return None


_KINDS: Final[tuple[tuple[ProblemKind, re.Pattern[str]], ...]] = (
    ("soft-404", _NOT_FOUND),
    ("maintenance", _MAINTENANCE),
)


def says_nothing_yet(text: str) -> bool:
    """Whether a few lines only say that a list has no entries yet."""
    return len(text) <= _STUB and bool(_NOTHING_YET.search(fold(text)))


def says_not_found(text: str) -> bool:
    """Whether a few lines say that something was not found."""
    return bool(_NOT_FOUND.search(fold(text[:_READ])))


def is_unwritten(text: str) -> bool:
    """Whether a body only promises that it will be written."""
    return len(text) <= _STUB and bool(_UNWRITTEN.fullmatch(fold(text)))


def _is_reloading_stub(tree: Tree, shown: str) -> bool:
    """Whether a page is a script that sets a cookie and loads the page again."""
    return len(shown) < _STUB and "cookie" in tree.scripts and len(_COOKIE_RELOAD.findall(tree.scripts)) >= 2


def _quote(pattern: re.Pattern[str], said: str) -> str:
    """The words that gave a page away, in their own spelling where folding kept the length."""
    plain = fold(said)
    found = pattern.search(plain)
    if found is None:
        return ""
    source = said if len(plain) == len(said) else plain
    start = max(0, source.rfind("\n", 0, found.start()) + 1, found.start() - 30)
    return source[start : found.end() + 60].partition("\n")[0].strip()[:160]
