"""Pages that say nothing of their own: not found, challenge, maintenance, login, empty."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from gvreader.extract.tree import Tree
from gvreader.model import Capture, ProblemKind, Refusal
from gvreader.vietnamese import fold

SHORT_PAGE: Final = 900
_COOKIE_RELOAD: Final = re.compile(
    r"document\.cookie\s*=|location\.(?:reload|replace|href)|window\.location", re.IGNORECASE
)
_CHALLENGE: Final = re.compile(
    r"checking your browser|just a moment|verify(?:ing)? (?:that )?you are (?:a )?human|"
    r"are you (?:a )?(?:human|robot)|captcha|ddos[- ]protection|"
    r"enable javascript and cookies|enable cookies|khong phai (?:la )?(?:robot|nguoi may)|xac (?:minh|"
    r"thuc) (?:ban|truy cap|trinh duyet)|ma xac nhan de tiep tuc|"
    r"(?:vui long|hay|please) (?:bat|kich hoat|enable) (?:javascript|cookies?)|kiem tra trinh duyet|"
    r"attention required|access denied|request blocked|incapsula|sucuri"
)
_MAINTENANCE: Final = re.compile(
    r"bao tri|bao duong he thong|dang (?:duoc )?nang cap|nang cap he thong|maintenance|tam (?:ngung|"
    r"dung) (?:hoat dong|phuc vu)|tam thoi gian doan|"
    r"service (?:temporarily )?unavailable|he thong dang ban|be right back|coming soon|"
    r"website dang (?:xay dung|nang cap)|qua tai"
)
_NOT_FOUND: Final = re.compile(
    r"(?:khong|chua) (?:tim thay|ton tai|co) (?:trang|bai viet|noi dung|tin|du lieu|duong dan|ket qua|"
    r"thong tin|san pham|lien ket|file|tep|url)|"
    r"(?:trang|bai viet|noi dung|duong dan|lien ket|tin|tin bai|thong tin|dia chi)(?: web)?(?: (?:nay|"
    r"ban|quy vi|ma|dang|can|muon|vua|tim|kiem|yeu cau|truy cap|xem|duoc))* (?:khong|chua|"
    r"da) (?:ton tai|tim thay|duoc tim thay|co|bi xoa|bi go|hop le|con)|"
    r"page (?:could )?not (?:be )?found|404(?: not found| error)?|not found|loi 404|error 404|"
    r"khong ton tai hoac|da bi xoa|object moved|cannot be found|no longer available"
)
_HARD_NOT_FOUND: Final = re.compile(
    r"\W*(?:(?:loi|error)?\s*404\b.{0,60}|.{0,40}\bpage not found\b.{0,30}|not found)\W*"
)
_PASSWORD: Final = etree.XPath("boolean(//input[translate(@type, 'PASWORD', 'pasword') = 'password'])")
_META_REFRESH: Final = etree.XPath("boolean(//meta[translate(@http-equiv, 'REFSH', 'refsh') = 'refresh'])")


def refusal_of_status(capture: Capture, url: str, text: str) -> Refusal:
    """What an answer other than success means. `url` is the page's logical address, `text` its body."""
    plain = fold(re.sub(r"<[^>]*>", " ", text[:20_000]))
    kind: ProblemKind = "http-status"
    if capture.status in (403, 429, 503) and (
        _CHALLENGE.search(plain) or "cf-chl" in text or "__cf_" in text
    ):
        kind = "challenge"
    elif capture.status in (500, 502, 503, 504) and _MAINTENANCE.search(plain):
        kind = "maintenance"
    detail = f"{capture.status} {capture.reason}".strip()
    if 300 <= capture.status < 400 and (target := capture.header("Location")):
        detail = f"{detail} → {target}"
    return Refusal(url=url, kind=kind, detail=detail)


def refusal_of_words(tree: Tree, shown: str, running: int, *, is_page_of_content: bool) -> Refusal | None:
    """Refusals that a page's words give away. `shown` is all its visible text, `running` how much of that is
    running text; pages that hold an article or a listing are only refused for what cannot be one."""
    plain = fold(shown[:6000])
    title = fold(tree.title)
    if len(shown) < SHORT_PAGE:
        asks = _CHALLENGE.search(plain) or _CHALLENGE.search(title) or "cf-chl" in tree.scripts
        scripted = (
            len(_COOKIE_RELOAD.findall(tree.scripts)) >= 2 and "cookie" in tree.scripts and len(shown) < 200
        )
        if asks or scripted:
            return Refusal(
                url=tree.address,
                kind="challenge",
                detail=(tree.title or shown)[:120] or "script sets a cookie and reloads",
            )
    if is_page_of_content:
        return None
    if running < SHORT_PAGE:
        if _HARD_NOT_FOUND.fullmatch(title) or _NOT_FOUND.search(title) or _NOT_FOUND.search(plain):
            return Refusal(url=tree.address, kind="soft-404", detail=_quote(_NOT_FOUND, tree.title, shown))
        if _MAINTENANCE.search(title) or (len(shown) < 2 * SHORT_PAGE and _MAINTENANCE.search(plain)):
            return Refusal(
                url=tree.address, kind="maintenance", detail=_quote(_MAINTENANCE, tree.title, shown)
            )
        if _PASSWORD(tree.root):
            return Refusal(url=tree.address, kind="not-article", detail="a login form")
        if not shown.strip() and (tree.scripts.strip() or _META_REFRESH(tree.root)):
            return Refusal(url=tree.address, kind="challenge", detail="nothing but a script")
    return None


def _quote(pattern: re.Pattern[str], title: str, shown: str) -> str:
    """The words that gave a page away, in their own spelling."""
    for text in (title, shown):
        found = pattern.search(fold(text))
        if found:
            start = max(0, found.start() - 20)
            return text[start : found.end() + 60].strip()[:160]
    return ""
