"""What the portal says wrongly: errors, redirects, pages that are no articles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Literal

from gvreader.demo.exchange import Ask, PortalReply
from tests.portal.faults import Fault, Honest


def _page(title: str, body: str) -> bytes:
    head = f'<head><meta charset="utf-8"><title>{escape(title)}</title></head>'
    return f'<!DOCTYPE html>\n<html lang="vi">{head}\n<body>{body}</body></html>\n'.encode()


@dataclass(frozen=True, slots=True)
class Status(Fault):
    """An error page. `retry_after`: seconds, an aware date in UTC, or any text."""

    status: int
    retry_after: int | datetime | str | None = None

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        after = self.retry_after
        headers: tuple[tuple[str, str], ...] = ()
        if after is not None:
            said = format_datetime(after, usegmt=True) if isinstance(after, datetime) else str(after)
            headers = (("Retry-After", said),)
        return PortalReply(
            status=self.status, headers=headers, body=_page(str(self.status), f"<h1>{self.status}</h1>")
        )


@dataclass(frozen=True, slots=True)
class Redirect(Fault):
    """A redirect to a fixed place."""

    location: str
    status: int = 302

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        return PortalReply(status=self.status, headers=(("Location", self.location),), body=b"")


@dataclass(frozen=True, slots=True)
class RedirectLoop(Fault):
    """Two addresses that point at each other for ever."""

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        here = "1" if ask.query.get("lap") == "2" else "2"
        return PortalReply(
            status=302, headers=(("Location", f"{ask.target.partition('?')[0]}?lap={here}"),), body=b""
        )


@dataclass(frozen=True, slots=True)
class SoftNotFound(Fault):
    """A not-found page with status 200. `only_missing`: instead of honest 404s; else instead of every page."""

    only_missing: bool = True

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        answer = honest(ask)
        if self.only_missing and answer.status != 404:
            return answer
        return PortalReply(
            body=_page(
                "Thông báo",
                "<div id='header'>CỔNG THÔNG TIN ĐIỆN TỬ</div><div class='thong-bao'><p>Rất tiếc, nội dung bạn yêu cầu"
                " không tồn tại hoặc đã bị xóa.</p><p><a href='/'>Quay về trang chủ</a></p></div>",
            )
        )


@dataclass(frozen=True, slots=True)
class Challenge(Fault):
    """A page for browsers only. `cookie`: 177 bytes that set D1N by script and reload, honest to who has the
    cookie; `captcha`: an interstitial with status 403 that nobody passes."""

    kind: Literal["cookie", "captcha"] = "cookie"

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        if self.kind == "captcha":
            body = _page(
                "Just a moment...",
                "<h1>Checking your browser before accessing the site</h1><noscript>Please enable JavaScript and "
                "cookies to continue</noscript><form id='challenge-form' action='?__cf_chl'></form>",
            )
            return PortalReply(status=403, body=body)
        if "D1N=" in ask.headers.get("cookie", ""):
            return honest(ask)
        cookie = '"D1N=4a6f8b1c2d3e5f60718293a4b5c6d7e8"+"; expires=Fri, 31-Dec-2037 23:55:55 GMT; path=/"'
        script = f"document.cookie={cookie}"
        stub = f"<html><body><script>{script};window.location.reload(true);</script></body></html>"
        return PortalReply(media_type="text/html", body=stub.encode())


@dataclass(frozen=True, slots=True)
class Maintenance(Fault):
    """A maintenance page, with status 200 as most portals do."""

    status: int = 200

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        body = _page(
            "Hệ thống đang bảo trì",
            "<h1>Hệ thống đang được bảo trì, nâng cấp</h1><p>Trang thông tin điện tử tạm ngừng hoạt động để bảo trì. "
            "Mong quý vị thông cảm và quay lại sau.</p>",
        )
        return PortalReply(status=self.status, body=body)


@dataclass(frozen=True, slots=True)
class Login(Fault):
    """A login form instead of the page."""

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        body = _page(
            "Đăng nhập hệ thống",
            "<form method='post' action='/dang-nhap'><h2>Đăng nhập</h2><label>Tên đăng nhập <input name='user'></label>"
            "<label>Mật khẩu <input type='password' name='password'></label><button>Đăng nhập</button></form>",
        )
        return PortalReply(body=body)


@dataclass(frozen=True, slots=True)
class Empty(Fault):
    """Status 200 and not one byte."""

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        return PortalReply(body=b"")


@dataclass(frozen=True, slots=True)
class Shell(Fault):
    """The redesign that breaks every reader: a page that a script would fill."""

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        body = _page(
            "Trang thông tin điện tử", '<div id="app"></div><script src="/assets/app.4f3a.js"></script>'
        )
        return PortalReply(body=body)


@dataclass(frozen=True, slots=True)
class ForeignTemplate(Fault):
    """The host now belongs to somebody else, who answers every address with the same page."""

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        offers = "".join(
            f"<li><a href='/buy/{index}'>Premium domain offer {index}</a></li>" for index in range(8)
        )
        body = _page(
            "This domain may be for sale",
            f"<header><a href='/'>Domain Market</a></header><main><h2>Related searches</h2><ul>{offers}</ul></main>"
            "<footer>Privacy policy</footer>",
        )
        return PortalReply(body=body)


@dataclass(frozen=True, slots=True)
class WrongType(Fault):
    """A right page under a wrong media type."""

    media_type: str = "application/octet-stream"

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        answer = honest(ask)
        return replace(answer, media_type=self.media_type) if answer.status == 200 else answer


@dataclass(frozen=True, slots=True)
class Robots(Fault):
    """Another robots.txt; every other address is answered honestly."""

    text: str

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        if ask.path != "/robots.txt":
            return honest(ask)
        return PortalReply(media_type="text/plain; charset=utf-8", body=self.text.encode())
