# ruff: noqa: E501 - markup is easier to read unwrapped
"""Pagers that post the page's own form."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from gvreader.model import Listing, Request
from tests.extract.pages import HOST, read

URL = f"{HOST}/kinh-te.aspx"
ITEMS = "".join(
    f'<div class="item"><a href="/tin/ArticleId/{n}/bai-viet">Bài viết số {n} của huyện Gia Viễn</a><br>Đăng ngày 0{n}/07/2023 08:00</div>'
    for n in range(1, 6)
)
OPENING = """<input type="hidden" name="__EVENTTARGET" value=""><input type="hidden" name="__EVENTARGUMENT" value="">
<input type="hidden" name="__VIEWSTATE" value="dDwt+MTA/1=="><input type="text" name="txtTim" value="">
<select name="nam"><option value="2022">2022</option><option value="2023" selected>2023</option></select>
<input type="checkbox" name="moi"><input type="submit" name="btnTim" value="Tìm">"""


def link(number: int | str, text: str | None = None) -> str:
    return f"""<a href="javascript:__doPostBack('ctl00$gv','Page${number}')">{text or number}</a>"""


def ask(pager: str, request: Request | None = None, action: str = "kinh-te.aspx") -> tuple[Request, ...]:
    html = f"""<html><body><form method="post" action="{action}" id="Form">{OPENING}<ul class="menu"><li><a href="/kinh-te.aspx">Kinh tế</a></li>
<li><a href="/van-hoa.aspx">Văn hóa</a></li></ul><h2>Kinh tế</h2>{ITEMS}<div class="PagingTable">{pager}</div></form></body></html>"""
    found = read(html, URL, request=request).page
    assert isinstance(found, Listing)
    assert len(found.items) == 5
    return found.next


@pytest.mark.parametrize(
    ("pager", "argument"),
    [
        (f"<span>1</span> {link(2)} {link(3)}", "Page$2"),
        (f"Trang: {link(1)} <b>2</b> {link(3)}", "Page$3"),
        (f"{link(1)} {link(2)} <span>3</span> {link(4, '...')}", "Page$4"),
        (f"Trang 2/5 {link('Prev', 'Trước')} {link('Next', 'Sau')}", "Page$Next"),
        (f"{link(2)} {link(3)}", "Page$2"),
    ],
)
def test_the_page_after_this_one(pager: str, argument: str) -> None:
    (request,) = ask(pager)
    assert (request.method, request.url) == ("POST", URL)
    assert dict(request.headers)["Referer"] == URL
    assert dict(parse_qsl(request.body.decode(), keep_blank_values=True)) == {
        "__EVENTTARGET": "ctl00$gv",
        "__EVENTARGUMENT": argument,
        "__VIEWSTATE": "dDwt+MTA/1==",
        "txtTim": "",
        "nam": "2023",
    }


def test_the_last_page_and_pages_that_do_not_move() -> None:
    assert ask(f"{link(1)} {link(2)} <b>3</b>") == ()
    (second,) = ask(f"<b>1</b> {link(2)} {link(3)}")
    # A portal that answers every event with its first page is not asked for ever.
    assert ask(f"<b>1</b> {link(2)} {link(3)}", second) == ()
    (third,) = ask(f"{link(1)} <b>2</b> {link(3)}", second)
    assert b"Page%243" in third.body
    assert ask(f"{link('Next', 'Sau')}", second) == ()


def test_forms_that_lead_elsewhere() -> None:
    assert ask(f"<b>1</b> {link(2)}", action="https://elsewhere.example/") == ()
    assert ask("<b>1</b> <a href=\"javascript:__doPostBack('x','')\">Đăng nhập</a>") == ()
