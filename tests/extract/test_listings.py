"""Listings: entries, further pages, sections, menus, feeds, front pages."""

# ruff: noqa: E501 - markup stands as pages print it

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import parse_qsl

import pytest

from gvreader.extract.fields.publication_date import day_of
from gvreader.model import (
    PORTAL_TIME,
    Article,
    Extraction,
    Listing,
    Request,
    SectionLink,
    SectionRef,
)
from tests.extract.compose import LISTINGS, PAGERS, SECTIONS, shelf
from tests.extract.pages import HOST, listing, page, read

VNPT = """<html><head><title>Tin tức</title></head><body><div class="UIArticleInMenu_Default"><ul class="ArticleList">
<li class="row"><h2 class="Title"><a href="/tin-tuc/mot-bai-viet-325798">Một bài viết của phường</a></h2><div class="Ngaydang">30/10/2025 08:00</div>
<img class="image" src="/a.jpg"><p>Tóm tắt của bài viết thứ nhất.</p></li>
<li class="row"><h2 class="Title"><a href="/tin-tuc/hai-bai-viet-325797">Hai bài viết của phường</a></h2><div class="Ngaydang">29/10/2025</div><p></p></li></ul>
<ul class="pagination"><li class="page-item page-number active" data-page="1"><a href="#">1</a></li><li class="page-item page-number" data-page="2"><a href="#">2</a></li></ul></div>
<script>var article_category_id = '4711'; var site_id = 2476; var page_size=10; var maxPage = parseInt('3');
var data = {categoryIds: "4711,4712", num_of_text: 0, show_view_count: 'false', is_default: true};</script></body></html>"""


@pytest.mark.parametrize("pager", PAGERS)
@pytest.mark.parametrize("layout", LISTINGS)
@pytest.mark.parametrize(("size", "summaries"), [(2, True), (5, False), (10, True)])
def test_undeclared_layouts(layout: str, pager: str, size: int, *, summaries: bool) -> None:
    path, pages = PAGERS[pager]
    given = shelf(3, size, pages, summaries=summaries, path=path)
    found = listing(LISTINGS[layout](given), HOST + path)
    assert [
        (one.url, one.title, one.published and day_of(one.published), one.summary) for one in found.items
    ] == given.truth
    assert [request.url for request in found.next] == list(
        dict.fromkeys(HOST + address for address, _ in pages)
    )
    assert found.section is not None
    assert found.section.title == SECTIONS[0][1]
    assert found.confidence > 0.6


@pytest.mark.parametrize("link", ["Xem tiếp", "Xem thêm tin", '<img src="/sau.gif" alt="">', "Tải thêm"])
def test_a_link_that_numbers_this_list_leads_on_whatever_it_says(link: str) -> None:
    given = shelf(1, 4, (("/tin-tuc", "1"),))
    more = f'<p><a href="/chuyen-muc/kinh-te?trang=2">{link}</a> <a href="/chuyen-muc/van-hoa?trang=2">Khác</a></p>'
    html = LISTINGS["plain_list"](given).replace("</body>", more + "</body>")
    found = listing(html, f"{HOST}/chuyen-muc/kinh-te")
    assert f"{HOST}/chuyen-muc/kinh-te?trang=2" in [request.url for request in found.next]
    assert f"{HOST}/chuyen-muc/van-hoa?trang=2" not in [request.url for request in found.next]


def test_the_second_page_belongs_to_the_same_section() -> None:
    given = shelf(1, 4, (("/tin-tuc", "1"), ("/tin-tuc/page/3", "3")))
    found = listing(LISTINGS["plain_list"](given), f"{HOST}/tin-tuc/page/2")
    assert found.section == SectionRef(slug="tin-tuc", title="Tin tức - Sự kiện")
    assert [request.url for request in found.next] == [f"{HOST}/tin-tuc", f"{HOST}/tin-tuc/page/3"]


def test_a_date_inside_the_link_is_no_part_of_the_title() -> None:
    items = "".join(
        f'<tr><td><a href="/bai-so-{n}">Một bài viết dài số {n} của huyện <span>( 1{n}/07/2021 )</span></a></td></tr><tr><td>Tóm tắt số {n} của bài viết này.</td></tr>'
        for n in range(3)
    )
    found = listing(
        f"<html><body><h1>Tin kinh tế</h1><table>{items}</table></body></html>", f"{HOST}/tin-kinh-te"
    )
    assert [(one.title, one.published, one.summary) for one in found.items] == [
        (f"Một bài viết dài số {n} của huyện", date(2021, 7, 10 + n), f"Tóm tắt số {n} của bài viết này.")
        for n in range(3)
    ]


def test_a_date_above_all_entries_is_nobodys() -> None:
    items = "".join(
        f'<li><a href="/bai-viet-so-{n}.html">Bài viết số {n} không có ngày tháng</a></li>' for n in range(4)
    )
    found = listing(
        f"<html><body><div>21/07/2021</div><h2>Tin tức</h2><ul>{items}</ul></body></html>", f"{HOST}/tin-tuc"
    )
    assert [one.published for one in found.items] == [None] * 4


def test_a_nested_menu_without_a_name() -> None:
    menu = """<div class="q"><ul><li><a href="#">Giới thiệu</a><ul><li><a href="/gioi-thieu">Giới thiệu chung</a></li><li><a href="/co-cau">Cơ cấu tổ chức</a></li>
<li><a href="/nhiem-vu">Chức năng, nhiệm vụ</a></li></ul></li><li><a href="/tin-tuc-c1.htm">Tin tức</a><ul><li><a href="/kinh-te-c2.htm">Kinh tế</a></li></ul></li><li><a href="/thong-bao-c7.htm">Thông báo</a></li></ul></div>"""
    found = read(f"<html><body>{menu}<p>{'Chào mừng. ' * 30}</p></body></html>", f"{HOST}/")
    assert [(entry.slug, entry.parent) for entry in found.menu] == [
        ("gioi-thieu", None), ("co-cau", None), ("nhiem-vu", None),
        ("tin-tuc", None), ("kinh-te", "tin-tuc"), ("thong-bao", None),
    ]  # fmt: skip


def test_the_words_of_a_pager_are_no_sections() -> None:
    menu = (
        '<ul class="menu"><li><a href="/tin-tuc">Tin tức</a></li><li><a href="/kinh-te">Kinh tế</a></li></ul>'
    )
    bottom = '<nav><a href="/tin-tuc/page/2">Trang tiếp</a> <a href="/tin-tuc/page/9">Cuối</a> <a href="/tin-tuc/page/1">« Trước</a> <a href="/tin-tuc/page/3">3</a></nav>'
    found = read(f"<html><body>{menu}<h1>Tin tức</h1>{bottom}</body></html>", f"{HOST}/tin-tuc")
    assert [entry.slug for entry in found.menu] == ["tin-tuc", "kinh-te"]


# ── pagers ──────────────────────────────────────────────────────────────────────────────────────


def pager(markup: str, path: str = "/tin-tuc") -> list[str]:
    items = "".join(
        f'<li><a href="/tin-tuc/bai-viet-so-{n}.html">Bài viết số {n} của huyện ta</a> 0{n}/02/2023</li>'
        for n in range(1, 6)
    )
    html = f"<html><body><h1>Tin tức</h1><ul>{items}</ul>{markup}</body></html>"
    return [request.url.removeprefix(HOST) for request in listing(html, HOST + path).next]


def test_a_pager_that_is_a_selection() -> None:
    options = '<option value="/tin-tuc?page=1" selected>1</option><option value="/tin-tuc?page=2">2</option><option value="/tin-tuc?page=3">Trang 3</option>'
    assert pager(f'<form>Trang <select onchange="location=this.value">{options}</select></form>') == [
        "/tin-tuc?page=1",
        "/tin-tuc?page=2",
        "/tin-tuc?page=3",
    ]
    years = '<select name="nam"><option value="2022">2022</option><option value="2023">2023</option></select>'
    assert pager(years) == []


def test_previous_pages_and_the_current_one() -> None:
    markup = '<div class="pages"><a href="/tin-tuc?page=1">«</a><a href="/tin-tuc?page=1">1</a><b>2</b><a href="/tin-tuc?page=3">3</a><a href="/tin-tuc?page=3">Tiếp</a></div>'
    assert pager(markup, "/tin-tuc?page=2") == ["/tin-tuc?page=1", "/tin-tuc?page=3"]


def test_numbers_that_are_no_pages() -> None:
    calendar = (
        "<table class='lich'>"
        + "".join(f'<td><a href="/lich?d={n}">{n}</a></td>' for n in range(1, 32))
        + "</table>"
    )
    assert pager(calendar) == []
    assert pager('<p>Đường dây nóng: <a href="/goi/115">115</a></p>') == []
    assert pager('<div class="pagination"><a href="http://other.vn/tin-tuc?page=2">2</a></div>') == []


def test_a_next_link_of_the_head() -> None:
    items = "".join(
        f'<li><a href="/bai-viet-so-{n}.html">Bài viết số {n} của huyện ta</a></li>' for n in range(4)
    )
    html = f'<html><head><link rel="next" href="/tin-tuc/p/2"></head><body><h1>Tin tức</h1><ul>{items}</ul></body></html>'
    assert [one.url for one in listing(html, f"{HOST}/tin-tuc").next] == [f"{HOST}/tin-tuc/p/2"]


def test_an_answer_to_a_pager_form_is_a_list_however_short() -> None:
    teaser = "Sáng ngày 12/6, Hội Nông dân phường tổ chức tập huấn kỹ thuật chăm sóc lúa cho hội viên tại nhà văn hóa."
    fragment = (
        '<li class="row"><div class="col"><img class="image" src="/x.jpg"></div><h2 class="Title"><a href='
        '"/tin-tuc/tap-huan-ky-thuat-7">Tập huấn kỹ thuật chăm sóc lúa cho hội viên</a></h2>'
        f'<div class="Ngaydang">12/06/2024</div><p>{teaser}</p></li>'
    )
    request = Request(url=f"{HOST}/phan-trang/LoadArticle", method="POST", body=b"page=3")
    found = listing(fragment, request.url, request=request)
    assert [(one.title, one.published) for one in found.items] == [
        ("Tập huấn kỹ thuật chăm sóc lúa cho hội viên", date(2024, 6, 12))
    ]


def test_forms_of_vnpt_are_posted() -> None:
    found = listing(VNPT, f"{HOST}/tin-tuc-su-kien")
    assert found.family.startswith("vnpt@")
    assert [(one.title, one.published, one.summary) for one in found.items] == [
        (
            "Một bài viết của phường",
            datetime(2025, 10, 30, 8, 0, tzinfo=PORTAL_TIME),
            "Tóm tắt của bài viết thứ nhất.",
        ),
        ("Hai bài viết của phường", date(2025, 10, 29), None),
    ]
    assert [request.method for request in found.next] == ["POST", "POST"]
    assert {request.url for request in found.next} == {
        f"{HOST}/DesktopModule/UIArticleInMenu/ArticleInMenuPagination.aspx/LoadArticle"
    }
    fields = [dict(parse_qsl(request.body.decode(), keep_blank_values=True)) for request in found.next]
    assert [one["page"] for one in fields] == ["2", "3"]
    expected = {
        "article_category_id": "4711",
        "site_id": "2476",
        "page_size": "10",
        "categoryIds": "4711,4712",
        "num_of_text": "0",
        "show_view_count": "false",
        "is_default": "true",
        "number_of_day": "3",
        "lang": "vi-VN",
    }
    assert expected.items() <= fields[0].items()


def test_an_answer_to_a_form_goes_on_where_it_stopped() -> None:
    first = listing(VNPT, f"{HOST}/tin-tuc-su-kien").next[0]
    fragment = VNPT.partition("<body>")[2].partition("<script>")[0].replace('data-page="2"', 'data-page="3"')
    found = read(fragment, first.url, request=first).page
    assert isinstance(found, Listing)
    assert len(found.items) == 2
    assert [dict(parse_qsl(one.body.decode()))["page"] for one in found.next] == ["3"]


# ── menus ───────────────────────────────────────────────────────────────────────────────────────


def menu(markup: str, path: str = "/") -> list[tuple[str, str, str | None]]:
    found = read(
        f"<html><head><title>Huyện Thử</title></head><body>{markup}<p>Chào mừng</p></body></html>",
        HOST + path,
    )
    return [(entry.slug, entry.title, entry.parent) for entry in found.menu]


NESTED = """<ul><li><a href="/">Trang chủ</a></li><li><a href="/gioi-thieu">Giới thiệu</a><ul style="display:none"><li><a href="/gioi-thieu/gioi-thieu-chung-3.html">Giới thiệu chung</a></li></ul></li>
<li><a href="#">Văn bản</a><ul><li><a href="/van-ban-huyen">Văn bản huyện</a></li></ul></li><li><a href="/tin-tuc">Tin tức</a></li><li><a href="http://chinhphu.vn">Chính phủ</a></li>
<li><a href="/lich.pdf">Lịch</a></li><li><a href="/dang-nhap">Đăng nhập</a></li><li><a href="javascript:void(0)">Khác</a></li></ul>"""
ENTRIES = [
    ("gioi-thieu", "Giới thiệu", None),
    ("gioi-thieu-chung", "Giới thiệu chung", "gioi-thieu"),
    ("van-ban-huyen", "Văn bản huyện", None),
    ("tin-tuc", "Tin tức", None),
]


@pytest.mark.parametrize(
    "box",
    [
        "<nav>{}</nav>",
        '<div class="menu-top">{}</div>',
        '<div id="mainMenu">{}</div>',
        '<div role="navigation">{}</div>',
        "<div>{}</div>",
    ],
)
def test_menus_with_their_nesting(box: str) -> None:
    assert menu(box.format(NESTED)) == ENTRIES


def test_a_menu_of_cells_and_bars() -> None:
    cells = '<table><tr><td><a href="/">Trang chủ</a></td><td><a href="/?cat=1">Tin tức</a></td><td><a href="/?cat=2">Văn bản</a></td><td><a href="/?cat=3">Liên hệ</a></td></tr></table>'
    assert menu(cells) == [
        ("tin-tuc", "Tin tức", None),
        ("van-ban", "Văn bản", None),
        ("lien-he", "Liên hệ", None),
    ]
    bars = '<p><a href="/a">Tin tức</a> | <a href="/b">Văn hóa</a> | <a href="/c">Kinh tế</a></p>'
    assert [slug for slug, _, _ in menu(bars)] == ["a", "b", "c"]


def test_sections_of_the_same_slug_are_told_apart() -> None:
    twins = '<nav><a href="/huyen/tin-tuc">Tin huyện</a><a href="/xa/tin-tuc">Tin xã</a><a href="/xa/tin-tuc/">Tin xã</a></nav>'
    assert menu(twins) == [("tin-tuc", "Tin huyện", None), ("xa-tin-tuc", "Tin xã", None)]


def front_page() -> Extraction:
    def box(name: str, path: str, first: int) -> str:
        items = "".join(
            f'<li><a href="{path}/bai-viet-so-{n}.html">Bài viết số {n} của huyện trong tháng này</a></li>'
            for n in range(first, first + 3)
        )
        return (
            f'<div class="box"><h3 class="box-title"><a href="{path}">{name}</a></h3><ul>{items}</ul></div>'
        )

    html = f"""<html><head><title>Trang thông tin điện tử huyện Thử</title><link rel="alternate" type="application/rss+xml" href="/rss.xml"></head><body>
    <nav><a href="/">Trang chủ</a><a href="/tin-tuc">Tin tức</a><a href="/gioi-thieu-3.html">Giới thiệu</a></nav>
    {box("Tin tức", "/tin-tuc", 1)}{box("Kinh tế - Xã hội", "/kinh-te", 4)}<a href="/rss/van-hoa.rss">RSS</a></body></html>"""
    return read(html, f"{HOST}/")


def test_a_front_page_lists_all_boxes_and_their_sections() -> None:
    found = front_page()
    assert isinstance(found.page, Listing)
    assert [item.url.rpartition("-")[2] for item in found.page.items] == [f"{n}.html" for n in range(1, 7)]
    assert found.page.section is None
    assert found.menu == (
        SectionLink(url=f"{HOST}/tin-tuc", slug="tin-tuc", title="Tin tức"),
        SectionLink(url=f"{HOST}/gioi-thieu-3.html", slug="gioi-thieu", title="Giới thiệu"),
        SectionLink(url=f"{HOST}/kinh-te", slug="kinh-te", title="Kinh tế - Xã hội"),
    )
    assert found.feeds == (f"{HOST}/rss.xml", f"{HOST}/rss/van-hoa.rss")
    assert found.site_title == "Trang thông tin điện tử huyện Thử"


def test_a_section_with_one_entry_or_none() -> None:
    one = page(
        '<ul><li><a href="/tin-tuc/mot-bai-viet-duy-nhat-1.html">Một bài viết duy nhất</a> 01/02/2023</li></ul>',
        title="Tin tức",
        date="",
    )
    assert [item.title for item in listing(one, f"{HOST}/tin-tuc").items] == ["Một bài viết duy nhất"]
    none = page("<p></p>", title="Tin tức", date="")
    assert listing(none, f"{HOST}/tin-tuc").items == ()


def test_a_static_page_beside_a_list_of_the_newest() -> None:
    newest = "".join(
        f'<li><a href="/bai-viet-so-{n}.html">Bài viết số {n} của huyện trong tháng này</a> 0{n}/02/2023</li>'
        for n in range(1, 6)
    )
    html = page(
        "<p>Ủy ban nhân dân huyện Thử Nghiệm, thị trấn Thử, tỉnh Ninh Bình.</p><p>Điện thoại: 0229.3868.000</p>",
        title="Liên hệ",
        date="",
        after=f"<h3>Tin mới</h3><ul>{newest}</ul>",
    )
    assert isinstance(read(html, f"{HOST}/lien-he.html").page, Article)


# ── feeds ───────────────────────────────────────────────────────────────────────────────────────

RSS = f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Tin t&amp;#7913;c</title><link>{HOST}</link>
<item><title>Gi&amp;#225; l&amp;uacute;a t&#259;ng</title><link>{HOST}/gia-lua-1.html</link><pubDate>Tue, 07 Feb 2023 03:31:00 GMT</pubDate><description><![CDATA[<img src="x">Bà con <b>phấn khởi</b> &aacute;]]></description></item>
<item><title><![CDATA[Bài thứ hai & ba]]></title><guid>/bai-hai-2.html</guid><pubDate>08/02/2023 10:00</pubDate></item>
<item><title>Ngoài</title><link>http://other.vn/x</link></item><item><title></title><link>{HOST}/y</link></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Tin tức</title><entry><title>Bài một</title><link rel="alternate" href="{HOST}/bai-mot-1.html"/>
<link rel="self" href="{HOST}/self"/><updated>2023-02-07T10:31:00+07:00</updated><summary type="html">&lt;p&gt;Tóm tắt&lt;/p&gt;</summary></entry></feed>"""


def test_rss() -> None:
    found = listing(RSS, f"{HOST}/rss.xml", headers=(("Content-Type", "text/xml"),))
    assert found.title == "Tin tức"
    assert [(one.url.removeprefix(HOST), one.title, one.published, one.summary) for one in found.items] == [
        (
            "/gia-lua-1.html",
            "Giá lúa tăng",
            datetime(2023, 2, 7, 10, 31, tzinfo=PORTAL_TIME),
            "Bà con phấn khởi á",
        ),
        ("/bai-hai-2.html", "Bài thứ hai & ba", datetime(2023, 2, 8, 10, 0, tzinfo=PORTAL_TIME), None),
    ]


def test_atom() -> None:
    found = listing(ATOM, f"{HOST}/feed/", headers=(("Content-Type", "application/atom+xml"),))
    assert [(one.url, one.title, one.summary) for one in found.items] == [
        (f"{HOST}/bai-mot-1.html", "Bài một", "Tóm tắt")
    ]
    assert found.items[0].published == datetime(2023, 2, 7, 10, 31, tzinfo=PORTAL_TIME)


def test_broken_feeds_are_read_as_far_as_they_go() -> None:
    assert len(listing(RSS[: RSS.index("Bài thứ hai")], f"{HOST}/rss.xml").items) == 1
    entities = (
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
        + RSS.partition("?>")[2].replace("phấn khởi", "&b;")
    )
    assert len(listing(entities, f"{HOST}/rss.xml").items) == 2


def test_requests_are_comparable() -> None:
    assert Request(url=f"{HOST}/a") in {Request(url=f"{HOST}/a")}


# ── odd lists ───────────────────────────────────────────────────────────────────────────────────


def odd(items: str) -> list[tuple[str, str, date | datetime | None, str | None]]:
    found = listing(
        f"<html><head><title>Tin tức</title></head><body><h1>Tin tức</h1><div class=l>{items}</div></body></html>",
        f"{HOST}/tin-tuc",
    )
    return [(one.url.removeprefix(HOST), one.title, one.published, one.summary) for one in found.items]


EXPECTED = [
    (
        f"/bai-{n}.html",
        f"Một bài viết dài số {n} của huyện",
        date(2023, 2, n),
        f"Tóm tắt số {n}, đủ dài để là một tóm tắt thật.",
    )
    for n in (1, 2, 3)
]


def test_cards_that_are_one_link() -> None:
    card = '<a href="/bai-{n}.html"><img src="/{n}.jpg"><div>Một bài viết dài số {n} của huyện</div><span>0{n}/02/2023</span><p>Tóm tắt số {n}, đủ dài để là một tóm tắt thật.</p></a>'
    assert odd("".join(card.format(n=n) for n in (1, 2, 3))) == EXPECTED


def test_headlines_that_are_no_links() -> None:
    box = '<div><b>Một bài viết dài số {n} của huyện</b><i>0{n}/02/2023</i><p>Tóm tắt số {n}, đủ dài để là một tóm tắt thật.</p><a href="/bai-{n}.html">Xem chi tiết</a></div>'
    assert [(url, title) for url, title, _, _ in odd("".join(box.format(n=n) for n in (1, 2, 3)))] == [
        one[:2] for one in EXPECTED
    ]


def test_rows_of_a_data_table() -> None:
    rows = "".join(
        f'<tr><td>{n}</td><td>1{n}/QĐ-UBND</td><td>0{n}/02/2023</td><td><a href="/bai-{n}.html">Một bài viết dài số {n} của huyện</a></td><td>UBND huyện Thử Nghiệm</td></tr>'
        for n in (1, 2, 3)
    )
    head = "<tr><th>STT</th><th>Số ký hiệu</th><th>Ngày ban hành</th><th>Trích yếu</th><th>Cơ quan</th></tr>"
    assert [one[:3] for one in odd(f"<table border=1>{head}{rows}</table>")] == [one[:3] for one in EXPECTED]


def test_dates_that_are_links_are_no_headlines() -> None:
    items = "".join(
        f'<div><a href="/bai-{n}.html">0{n}/02/2023 08:15</a><h3><a href="/bai-{n}.html">Một bài viết dài số {n} của huyện</a></h3></div>'
        for n in (1, 2, 3)
    )
    assert [one[:2] for one in odd(items)] == [one[:2] for one in EXPECTED]


def test_a_mirrors_feed_and_pages_speak_of_the_real_host() -> None:
    found = listing(
        RSS.replace(HOST, "http://daksong.daknong.gov.vn"),
        f"{HOST}/rss.xml",
        headers=(("Content-Type", "text/xml"),),
    )
    assert found.items[0].url == f"{HOST}/gia-lua-1.html"
    items = "".join(
        f'<li><a href="http://daksong.daknong.gov.vn/bai-viet-so-{n}">Bài viết số {n} của huyện ta</a></li>'
        for n in range(4)
    )
    html = f'<html><head><link rel="canonical" href="http://daksong.daknong.gov.vn/tin-tuc"></head><body><h1>Tin tức</h1><ul>{items}</ul></body></html>'
    assert [one.url for one in listing(html, f"{HOST}/tin-tuc").items] == [
        f"{HOST}/bai-viet-so-{n}" for n in range(4)
    ]


def test_a_page_that_is_called_the_newest_is_a_list_and_no_box_beside_an_article() -> None:
    items = "".join(
        f'<li class="muc"><h2><a href="/bai-viet/kinh-te/nhiem-vu-{n}.html">Xã Liên Sơn triển khai nhiệm vụ thứ {n} trong năm</a></h2>'
        f"<span>0{n}/02/2023</span><p>Sáng ngày {n}/2, Ủy ban nhân dân xã Liên Sơn tổ chức hội nghị triển khai…</p></li>"
        for n in range(9, 1, -1)
    )
    html = f"<title>Tin mới nhất - Cổng thông tin huyện</title><h1>Tin mới nhất</h1><ul>{items}</ul>"
    found = listing(html, f"{HOST}/abc/")
    assert [item.url for item in found.items] == [
        f"{HOST}/bai-viet/kinh-te/nhiem-vu-{n}.html" for n in range(9, 1, -1)
    ]
    assert found.title == "Tin mới nhất"
