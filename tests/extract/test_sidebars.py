# ruff: noqa: E501 - markup is easier to read unwrapped
"""Pages where side boxes, headers and menus repeat what the main column says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gvreader.model import Article, Listing, Refusal
from tests.extract.pages import FIRST, HOST, LAST, article, lines, read

SECTION = f"{HOST}/van-hoa-xa-hoi"
STORIES = (
    ("/tin/812/trao-nha-dai-doan-ket", "Trao nhà Đại đoàn kết cho hộ nghèo xã Gia Trung", "29/07/2024"),
    ("/tin/808/kham-benh-cap-thuoc", "Khám bệnh, cấp thuốc miễn phí cho người cao tuổi", "11/01/2024"),
    ("/tin/804/khoi-cong-tuyen-duong", "Khởi công xây dựng tuyến đường giai đoạn II", "22/07/2021"),
)
MENU = """<ul class="menu"><li><a href="#">Giới thiệu</a><ul><li><a href="/gioi-thieu-chung">Giới thiệu chung</a></li>
<li><a href="/co-cau-to-chuc">Cơ cấu tổ chức</a></li></ul></li><li><a href="/kinh-te">Kinh tế</a></li>
<li><a href="/van-hoa-xa-hoi">Văn hóa - Xã hội</a></li><li><a href="/thong-bao">Thông báo</a></li></ul>"""
HOT = """<h4>Tin xem nhiều</h4><ul><li><a href="/tin/820/so-ket">UBND huyện sơ kết công tác quý II năm 2025</a> 14/07/2025</li>
<li><a href="/tin/815/nghi-quyet">Thông qua Nghị quyết về sắp xếp đơn vị hành chính</a> 11/12/2024</li>
<li><a href="/tin/812/trao-nha-dai-doan-ket">Trao nhà Đại đoàn kết cho hộ nghèo xã Gia Trung</a> 29/07/2024</li></ul>"""


def whole(title: str, main: str, left: str = "", header: str = "Trang tin huyện Gia Viễn") -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body>
<div><h1>{header}</h1><span>Thứ bảy, 31/05/2025</span></div>{MENU}
<table><tr><td width="220">{left}</td><td>{main}</td></tr></table>
<div>Cơ quan chủ quản: UBND huyện Gia Viễn</div></body></html>"""


def card(url: str, title: str, date: str, number: int) -> str:
    return f"""<article class="css-5it"><a href="{url}"><img src="/anh/{number}.png" alt=""></a><a href="{url}">{title}</a>
<span>{date}</span><p>Sáng ngày {date}, các đại biểu dự lễ và trao quà cho bà con, đoạn mở đầu số {number} của bài.</p></article>"""


def test_the_last_of_a_side_box_may_be_the_first_of_the_list() -> None:
    cards = "".join(card(*one, number) for number, one in enumerate(STORIES))
    found = read(whole("Văn hóa - Xã hội", f"<h2>Văn hóa - Xã hội</h2>{cards}", HOT), SECTION).page
    assert isinstance(found, Listing)
    assert [item.url for item in found.items] == [HOST + url for url, _, _ in STORIES]
    assert [item.title for item in found.items] == [title for _, title, _ in STORIES]


def test_a_short_list_beside_a_longer_box_of_the_most_read() -> None:
    rows = "".join(
        f'<tr><td><a href="{url}">{title}</a></td><td>{date}</td></tr>' for url, title, date in STORIES[:2]
    )
    hot = HOT.replace("Tin xem nhiều", "Xem nhiều")
    main = f'<span class="cate_title">Kinh tế</span><table><tr><th>Tiêu đề</th><th>Ngày đăng</th></tr>{rows}</table>{hot}'
    found = read(whole("Kinh tế", main), f"{HOST}/kinh-te").page
    assert isinstance(found, Listing)
    assert [item.url for item in found.items] == [HOST + url for url, _, _ in STORIES[:2]]


def flat(title: str, main: str, side: str) -> str:
    """A page whose columns are boxes without telling names."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body>
<div><strong>Trang tin huyện Gia Viễn</strong><span>Thứ bảy, 31/05/2025</span></div>{MENU}
<div class="q1">{main}</div><div class="q2">{side}</div><div>Cơ quan chủ quản: UBND huyện Gia Viễn</div></body></html>"""


@pytest.mark.parametrize("label", ["Tin xem nhiều", "Tin mới", "Thông báo", "Tin nổi bật"])
@pytest.mark.parametrize("columns", [flat, whole])
def test_a_section_without_articles_beside_a_box_of_others(columns: Callable[..., str], label: str) -> None:
    side = HOT.replace("Tin xem nhiều", label)
    found = read(columns("Kinh tế", "<h2>Kinh tế</h2>", side), f"{HOST}/kinh-te").page
    assert isinstance(found, Listing)
    assert (found.items, found.section and found.section.slug) == ((), "kinh-te")


@pytest.mark.parametrize(
    "said",
    [
        "Hiện tại chưa có nội dung nào được phân loại với thuật ngữ này.",
        "Không tìm thấy nội dung nào",
        "Chưa có bài viết.",
        "Nội dung đang được cập nhật.",
    ],
)
@pytest.mark.parametrize("heading", ["<h2>Kinh tế</h2>", '<ol class="breadcrumb"><li>Kinh tế</li></ol>'])
def test_a_section_that_says_it_is_empty(said: str, heading: str) -> None:
    for side in ("", HOT):
        found = read(flat("Kinh tế", f"{heading}<p>{said}</p>", side), f"{HOST}/kinh-te").page
        assert isinstance(found, Listing), found
        assert (found.items, found.section and found.section.slug) == ((), "kinh-te")


def test_a_page_outside_the_menu_that_has_nothing() -> None:
    found = read(
        flat("Lỗi", "<h2>Thông báo lỗi</h2><p>Không tìm thấy nội dung.</p>", ""), f"{HOST}/tin/9999"
    ).page
    assert isinstance(found, Refusal)
    assert found.kind == "soft-404"


def test_an_empty_section_above_the_foot_of_the_page() -> None:
    foot = "<div class=ft><p>Trưởng Ban biên tập: Phó Chủ tịch UBND huyện</p><p>Địa chỉ: thị trấn Me, huyện Gia Viễn</p></div>"
    html = flat("Kinh tế", "<div>Kinh tế</div><div>Trang 1</div>", "").replace(
        "<div>Cơ quan chủ quản: UBND huyện Gia Viễn</div>", foot
    )
    found = read(html, f"{HOST}/kinh-te").page
    assert isinstance(found, Listing), found
    assert found.items == ()


def test_a_section_of_one_article_under_a_strong_menu() -> None:
    cells = "".join(
        f'<tr><td><a href="/{slug}"><b>{title}</b></a></td></tr>'
        for slug, title in (
            ("kinh-te", "Kinh tế"),
            ("van-hoa-xa-hoi", "Văn hóa - Xã hội"),
            ("thong-bao", "Thông báo"),
            ("lien-he", "Liên hệ"),
        )
    )
    url, title, day = STORIES[0]
    html = f"""<html><head><title>:: UBND huyện Gia Viễn ::</title></head><body><table><tr><td><table>{cells}</table></td><td>
<font size=3><b>Kinh tế</b></font><hr><dl><dt><a href="{url}"><b>{title}</b></a> <font>({day})</font></dt><dd>Đoạn mở đầu của bài viết này, dài hơn ba mươi chữ.</dd></dl>
<p>Trang: <a href="/kinh-te?start=0">[1]</a> <b>[2]</b></p></td><td>{HOT}</td></tr></table></body></html>"""
    found = read(html, f"{HOST}/kinh-te?start=12").page
    assert isinstance(found, Listing), found
    assert [item.url for item in found.items] == [HOST + url]


@pytest.mark.parametrize("label", ["Tin xem nhiều", "Thông báo", "Văn bản mới"])
def test_a_section_of_one_article_beside_a_longer_box(label: str) -> None:
    main = f"<h2>Kinh tế</h2>{card(*STORIES[0], 1)}"
    found = read(flat("Kinh tế", main, HOT.replace("Tin xem nhiều", label)), f"{HOST}/kinh-te").page
    assert isinstance(found, Listing)
    assert [item.url for item in found.items] == [HOST + STORIES[0][0]]


def test_a_list_of_its_own_under_a_heading_of_the_newest() -> None:
    items = "".join(f'<li><a href="{url}">{title}</a> {day}</li>' for url, title, day in STORIES)
    main = f"<h2>Kinh tế</h2><h3>Tin mới nhất</h3><ul>{items}</ul><div class=p><b>1</b> <a href='/kinh-te?page=2'>2</a></div>"
    found = read(flat("Kinh tế", main, ""), f"{HOST}/kinh-te").page
    assert isinstance(found, Listing)
    assert [item.url for item in found.items] == [HOST + url for url, _, _ in STORIES]


def test_the_same_article_alone_in_a_side_box_and_in_its_section() -> None:
    url, title, day = STORIES[0]
    side = f'<div>Thông báo</div><p><a href="{url}">{title}</a></p><div>Thống kê truy cập</div><p>Hôm nay: 120</p>'
    row = f'<p class="a"><a href="{url}">{title}</a></p><p class="b">{day}</p><p class="c">Đoạn mở đầu của bài viết, dài hơn ba mươi chữ.</p>'
    page = whole("Thông báo", f"<div>Thông báo</div>{row}", side)
    found = read(page, f"{HOST}/thong-bao").page
    assert isinstance(found, Listing)
    assert [(item.url, str(item.published)) for item in found.items] == [(HOST + url, "2024-07-29")]


def test_a_short_page_below_a_side_box() -> None:
    url, title, _ = STORIES[0]
    side = f'<div>Thông báo</div><p><a href="{url}">{title}</a></p>'
    text = "Huyện ủy, HĐND, UBND, Ủy ban MTTQ Việt Nam huyện và các phòng, ban, ngành, đoàn thể."
    found = article(
        whole("Cơ cấu tổ chức", f"<p class=t>Cơ cấu tổ chức</p><div>{text}</div>", side),
        f"{HOST}/co-cau-to-chuc",
    )
    assert (found.title, lines(found)) == ("Cơ cấu tổ chức", [text])


def test_an_article_of_one_file_above_cards_of_others() -> None:
    cards = "".join(
        f'<a class="c" href="{url}"><div><h3>{title}</h3><div>Đoạn mở đầu của bài viết này, dài hơn ba mươi chữ.</div><span>{day}</span></div></a>'
        for url, title, day in STORIES
    )
    title = "Báo cáo số 398/BC-UBND tình hình kinh tế - xã hội tháng 12"
    main = f"""<h1>{title}</h1><div><span>12:39 - 11/12/2023</span><span>1 lượt xem</span><span>Cỡ chữ</span></div>
<div class=b><p><a href="/files/398.pdf">Văn bản số 398-BC-UBND</a></p></div><div class=k><div>Tin cùng chuyên mục</div>{cards}</div>"""
    found = article(
        flat(title, main, f"<div>Tin nóng</div>{cards}"), f"{HOST}/bai-viet/bao-cao-so-398-bc-ubnd-post901"
    )
    assert (found.title, str(found.published)) == (title, "2023-12-11 12:39:00+07:00")
    assert lines(found) == ["Văn bản số 398-BC-UBND"]
    assert found.related == tuple(HOST + url for url, _, _ in STORIES)


def test_a_heading_of_related_articles_with_nothing_below() -> None:
    items = "".join(f'<li><a href="{url}">{title}</a></li>' for url, title, _ in STORIES[1:])
    body = f"<h2>Trao nhà Đại đoàn kết</h2><div>(27/05/2019)</div><div><p>{FIRST}</p><p>{LAST}</p><h3>Có liên quan</h3></div>"
    tail = f'<nav><h2>Điều hướng bài viết</h2><a href="/tin/1/x">Một bài trước đó của huyện nhà</a></nav><h3>Bài viết liên quan</h3><ul>{items}</ul>'
    found = article(flat("Trao nhà Đại đoàn kết", body + tail, ""), f"{HOST}/tin/812/trao-nha-dai-doan-ket")
    assert lines(found) == [FIRST, LAST]
    assert found.related == tuple(HOST + url for url, _, _ in STORIES[1:])


def test_links_inside_a_body_make_no_list() -> None:
    text = "".join(f"<p>{FIRST}</p>" for _ in range(4))
    inline = f'<div><b>Xem thêm:</b> <a href="{STORIES[0][0]}">{STORIES[0][1]}</a></div>'
    main = f"<div>Kinh tế</div><div><b>Quyết định số 26/QĐ-UBND</b></div><div>27/09/2020</div><div><p>{FIRST}</p>{inline}{text}</div>"
    tail = f'<div><a href="/tag/b">#chuyendoiso</a></div><div>Tin liên quan</div><div><a href="{STORIES[1][0]}">{STORIES[1][1]}</a></div>'
    found = article(flat("Trang chủ", main + tail, ""), f"{HOST}/tin/812/quyet-dinh-so-26-qd-ubnd")
    assert (found.title, len(lines(found))) == ("Quyết định số 26/QĐ-UBND", 5)


def test_a_date_below_the_heading_of_a_list_is_no_label() -> None:
    rows = "".join(
        f'<tr><td><a href="{url}">{title}</a> <span>({day})</span></td></tr><tr><td>Đoạn mở đầu của bài viết này, dài hơn ba mươi chữ.</td></tr>'
        for url, title, day in STORIES
    )
    main = f"<table><tr><td>Kinh tế</td><td>31/05/2025</td></tr></table><table>{rows}</table>"
    found = read(flat("Trang chủ", main, ""), f"{HOST}/kinh-te").page
    assert isinstance(found, Listing), found
    assert [item.url for item in found.items] == [HOST + url for url, _, _ in STORIES]


def test_plain_boxes_side_by_side_are_no_one_list() -> None:
    rows = "".join(
        f'<div><a href="{url}">{title}</a><div>Đăng ngày {day}</div></div>' for url, title, day in STORIES
    )
    side = (
        '<div>Tin mới</div><div><a href="/tin/900/mot-bai">Một bài viết mới nhất của huyện nhà</a> (01/04/2025)</div>'
        * 2
    )
    html = whole("Kinh tế", "", "").replace(
        "<table>", f"<div><div><div>Kinh tế</div>{rows}</div><div>{side}</div></div><table>"
    )
    found = read(html, f"{HOST}/kinh-te").page
    assert isinstance(found, Listing), found
    assert [item.url for item in found.items] == [HOST + url for url, _, _ in STORIES]


def test_related_articles_end_where_another_box_begins() -> None:
    items = "".join(f'<li><a href="{url}">{title}</a></li>' for url, title, _ in STORIES[1:])
    body = f"<h2>Trao nhà Đại đoàn kết</h2><div>(27/05/2019)</div><div><p>{FIRST}</p><p>{LAST}</p></div>"
    newer, older = (
        f"<div class=k><b>{one}</b><ul>{items}</ul></div>" for one in ("Tin mới hơn", "Tin cũ hơn")
    )
    side = HOT.replace("Tin xem nhiều", "TIN MỚI")
    for columns in (
        flat,
        lambda title, main, box: whole(title, main, "").replace("</td></tr>", f"</td><td>{box}</td></tr>"),
    ):
        found = article(
            columns("Trao nhà Đại đoàn kết", body + newer + older.replace("808", "807"), side),
            f"{HOST}/tin/812/trao-nha-dai-doan-ket",
        )
        assert found.related == tuple(
            f"{HOST}/tin/{path}"
            for path in ("808/kham-benh-cap-thuoc", "804/khoi-cong-tuyen-duong", "807/kham-benh-cap-thuoc")
        )


def test_a_static_page_that_the_menu_names_above_an_empty_box_of_others() -> None:
    main = f'<div class="t">Cơ cấu tổ chức</div><div>{FIRST}<br>{LAST}</div><div>Các tin đã đưa</div>{HOT}'
    found = read(whole("Huyện Gia Viễn", main, header="Huyện Gia Viễn"), f"{HOST}/?trang=co-cau").page
    assert not isinstance(found, Listing)
    found = read(whole("Huyện Gia Viễn", main, header="Huyện Gia Viễn"), f"{HOST}/co-cau-to-chuc").page
    assert isinstance(found, Article)
    assert (found.title, found.kind) == ("Cơ cấu tổ chức", "page")
    assert lines(found) == [FIRST, LAST]


def test_the_header_is_no_headline_where_the_body_is_one_file() -> None:
    title = "Công văn số 2498/UBND-VP về việc bảo đảm an toàn thực phẩm"
    main = f"""<p><a href="/">Trang chủ</a> › <a href="/thong-bao">Thông báo</a></p><h2>{title}</h2>
<div>Cập nhật lúc 12:59 ngày 08/10/2023 | Lượt xem: 1020</div><div class="share"><a href="#">Facebook</a> <a href="#">In bài</a></div>
<span><div><p><a href="/data/899/Văn bản số 2498 (1).pdf">Văn bản số 2498-UBND-VP</a></p></div></span>{HOT}"""
    found = article(whole(f"{title} - Trang tin huyện Gia Viễn", main), f"{HOST}/?id=899")
    assert found.title == title
    assert str(found.published) == "2023-10-08 12:59:00+07:00"
    assert (found.number, found.identity) == ("2498/UBND-VP", "899")
    assert [file.name for file in found.attachments] == ["Văn bản số 2498-UBND-VP"]
    assert lines(found) == ["Văn bản số 2498-UBND-VP"]


def test_a_bare_name_right_below_the_body() -> None:
    def one(below: str) -> Article:
        body = f'<div class="c9"><div><div><p>{FIRST}</p><p>{LAST}</p></div></div></div>'
        main = f"<h2>Trao nhà Đại đoàn kết</h2><div>(27/05/2019)</div>{body}{below}<div><h3>Tin đã đưa</h3></div>"
        return article(whole("Trao nhà Đại đoàn kết", main), f"{HOST}/tin/812/trao-nha-dai-doan-ket")

    assert one('<div class="z5">Hải Yến</div>').author == "Hải Yến"
    assert (
        one('<div class="z5">Hải Yến</div><div class="share">Facebook Zalo In bài</div>').author == "Hải Yến"
    )
    assert one('<div class="z5">LIÊN KẾT</div>').author is None
    assert one('<div class="z5">Hải Yến</div><div>Ảnh Đẹp</div>').author is None


def test_a_short_lead_in_a_box_of_its_own() -> None:
    lead = "Sáng ngày 28/7, HĐND huyện tổ chức Kỳ họp thứ 7."
    main = f"<h2>Kỳ họp thứ 7 HĐND huyện</h2><div>28/07/2023</div><div class=a>{lead}</div><div class=b><p>{FIRST}</p><p>{LAST}</p></div>"
    found = article(whole("Kỳ họp thứ 7 HĐND huyện", main), f"{HOST}/tin/891/ky-hop-thu-7-hdnd-huyen")
    assert (found.summary, lines(found)) == (lead, [FIRST, LAST])


def test_a_file_below_the_only_paragraph() -> None:
    main = f"""<h2>Thông báo tuyển dụng</h2><div>28/07/2023</div><div class=b><div>{FIRST} {LAST}</div>
<div><a href="/files/7.pdf">594-CT-UBND.pdf</a></div></div>"""
    found = article(whole("Thông báo tuyển dụng", main), f"{HOST}/tin/891/thong-bao-tuyen-dung")
    assert lines(found) == [f"{FIRST} {LAST}", "594-CT-UBND.pdf"]
