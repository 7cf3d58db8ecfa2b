"""A portal of a few pages in the Gia Viễn shape, each answer of which a test can replace byte for byte."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

FIRST_DAY = date(2023, 2, 7)
_DAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
_NAMES = (
    "Hội nghị tổng kết công tác khuyến học của toàn huyện năm nay",
    "Đoàn công tác kiểm tra tiến độ làm đường giao thông nông thôn",
    "Lễ phát động Tết trồng cây đầu xuân tại trung tâm huyện lỵ",
    "Tập huấn chuyển đổi số cho cán bộ các xã và thị trấn",
    "Khai mạc giải bóng chuyền nông dân các xã trong huyện",
)
_TEXT = (
    "Sáng nay, Ủy ban nhân dân huyện tổ chức buổi làm việc với các xã, thị trấn về nội dung số {n} của kế hoạch.",
    "Phát biểu tại buổi làm việc, đồng chí Phó Chủ tịch huyện nhấn mạnh vai trò của từng thôn, xóm trong phần {n}.",
    "Các đại biểu đã thảo luận, đóng góp nhiều ý kiến thiết thực để việc thực hiện mục {n} đạt kết quả tốt hơn.",
)
_HEAD = (
    '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
    '<div id="header"><p>Trang thông tin điện tử huyện gia viễn</p></div>'
    '<ul id="menu"><li><a href="/">Trang chủ</a></li><li><a href="/tin-tuc">Tin tức</a></li></ul>'
)
_FOOT = '<div id="footer"><p>Bản quyền thuộc về UBND huyện</p></div></body></html>'

Answer = bytes | Callable[[BaseHTTPRequestHandler], bytes | None]


def answer(body: bytes | str, status: str = "200 OK", *, length: int | None = None, **headers: str) -> bytes:
    """A whole answer with a Content-Length, or another one; `Content_Type` stands for Content-Type."""
    content = body.encode() if isinstance(body, str) else body
    size = len(content) if length is None else length
    fields = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(size)}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{lines}Connection: close\r\n\r\n".encode() + content


def closing(body: bytes) -> bytes:
    """An answer that ends with the connection."""
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n" + body


class SmallPortal:
    """Serves `articles` articles, newest first, on loopback; a context manager.

    `answers` (path → bytes of an answer, or a function that makes them) come before the pages; `default` answers all
    that is no robots.txt. `validators`: every article has one ETag, whatever it says, and conditions are answered
    with `to_conditions`. `per_page`: entries of a list page; 0 is all on one.
    """

    def __init__(self, *, articles: int = 6, per_page: int = 0) -> None:
        self.articles = articles
        self.per_page = per_page
        self.answers: dict[str, Answer] = {}
        self.default: Answer | None = None
        self.validators = False
        self.to_conditions = "304 Not Modified"
        self.robots: bytes | None = None
        self.slugs: dict[int, str] = {}
        self.removed: set[int] = set()
        self.requests: list[str] = []
        self.asked: list[dict[str, str]] = []
        self._extra: dict[int, str] = {}

    def __enter__(self) -> Self:
        portal = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                portal.requests.append(self.path)
                portal.asked.append({name.lower(): value for name, value in self.headers.items()})
                reply = portal._reply(self)
                if reply is not None:
                    self.wfile.write(reply)
                self.close_connection = True

            def log_message(self, *_arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    # ── what is served ──────────────────────────────────────────────────────────────────────────

    def edit(self, number: int, text: str = "Bổ sung: nội dung đã được sửa đổi.") -> None:
        """Let an article say more."""
        self._extra[number] = f"<p>{text}</p>"

    def title(self, number: int) -> str:
        """An article's headline."""
        return f"{_NAMES[number % len(_NAMES)]}, lần thứ {number}"

    def path(self, number: int) -> str:
        """Where an article stands now."""
        return f"/tin-tuc/{self.slugs.get(number, f'ban-tin-so-{number}')}-{100 + number}.html"

    def article(self, number: int, *, head: str = "") -> bytes:
        """An article's page."""
        day = FIRST_DAY + timedelta(days=number)
        text = "".join(f"<p>{line.format(n=number)}</p>" for line in _TEXT)
        body = (
            f'<div class="content"><h1>{self.title(number)}</h1>'
            f'<div class="date">{_DAYS[day.weekday()]}, {day:%d/%m/%Y}</div>'
            f'<div class="body">{text}{self._extra.get(number, "")}</div></div>'
        )
        return f"{_HEAD.format(title=self.title(number), head=head)}{body}{_FOOT}".encode()

    def listing(self, numbers: list[int] | None = None, *, pager: str = "", head: str = "") -> bytes:
        """A page of links to articles."""
        shown = self.numbers if numbers is None else numbers
        rows = "".join(
            f'<div class="item"><h3><a href="{self.path(number)}">{self.title(number)}</a></h3>'
            f'<span class="date">{FIRST_DAY + timedelta(days=number):%d/%m/%Y}</span>'
            f"<p>Tóm tắt bản tin số {number} của huyện.</p></div>"
            for number in shown
        )
        body = f'<div class="content"><h2>Tin tức</h2>{rows}{pager}</div>'
        return f"{_HEAD.format(title='Tin tức', head=head)}{body}{_FOOT}".encode()

    @property
    def numbers(self) -> list[int]:
        """The articles that lists show, newest first."""
        return [number for number in reversed(range(self.articles)) if number not in self.removed]

    def page_of_list(self, page: int) -> bytes:
        """The given page of the list, counted from 1, with a link to the next if there is one."""
        if not self.per_page:
            return self.listing()
        begin = (page - 1) * self.per_page
        numbers = self.numbers[begin : begin + self.per_page]
        more = begin + self.per_page < len(self.numbers)
        return self.listing(numbers, pager=next_page(page + 1) if more else "")

    # ── answering ───────────────────────────────────────────────────────────────────────────────

    def _reply(self, handler: BaseHTTPRequestHandler) -> bytes | None:
        path, _, query = handler.path.partition("?")
        if path == "/robots.txt" and path not in self.answers:
            return answer(b"", "404 Not Found") if self.robots is None else answer(self.robots)
        given = self.answers.get(handler.path, self.answers.get(path, self.default))
        if given is not None:
            return given(handler) if callable(given) else given
        if path in ("/", "/tin-tuc"):
            page = int(query.removeprefix("page=")) if query.startswith("page=") else 1
            return answer(self.page_of_list(page))
        for number in self.numbers:
            if path == self.path(number):
                return self._article(handler, number)
        return answer("<html><body><p>Không tìm thấy trang</p></body></html>", "404 Not Found")

    def _article(self, handler: BaseHTTPRequestHandler, number: int) -> bytes:
        if not self.validators:
            return answer(self.article(number))
        if handler.headers["If-None-Match"] is not None:
            return answer(b"", self.to_conditions, ETag='"0"')
        return answer(self.article(number), ETag='"0"')


def next_page(page: int, more: str = "") -> str:
    """A pager that leads to a page."""
    return f'<div class="pagination"><a class="next" href="/tin-tuc?page={page}{more}">Trang sau</a></div>'
