"""What content systems that nobody declared do to their pages: Joomla, DotNetNuke, Drupal, WordPress, WebForms."""

# ruff: noqa: E501 - markup stands as pages print it

from __future__ import annotations

from datetime import datetime

import pytest

from gvreader.model import PORTAL_TIME
from gvreader.portals import identity
from tests.extract.pages import FIRST, HOST, LAST, article, lines, listing, page

BODY = f"<p>{FIRST}</p><p>{LAST}</p>"
MENU = '<ul class="menu"><li><a href="/">Trang chủ</a></li><li><a href="{}">Tin tức - Sự kiện</a></li><li><a href="{}">Thông báo</a></li></ul>'
ENTRY = (
    '<div class="aItem"><div><a href="{}">Hội Phụ nữ xã Tuy An triển khai bầu cử đại biểu Quốc hội</a></div>'
    "<div>14/03/2017 11:28</div><div>Nhằm thực hiện tốt công tác bầu cử, xã Tuy An đã chủ động xây dựng kế hoạch.</div></div>"
)

# ── ids ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_menu_entry_in_an_address_of_joomla_is_no_id() -> None:
    base = "https://x.gov.vn/index.php?option=com_content&view=article"
    assert identity(f"{base}&id=882:hop-giao-ban&catid=30:tin-tuc&Itemid=50", None) == "882"
    assert identity(f"{base}&Itemid=50&catid=30%3Atin-tuc&id=882%3Ahop-giao-ban", None) == "882"
    assert identity("https://x.gov.vn/index.php/tin-tuc/hop-giao-ban?Itemid=50", None) is None
    assert identity("https://x.gov.vn/xem.aspx?itemid=77", None) == "77"


# ── sign-offs and files ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "file",
    [
        '<p><a href="/kh.pdf">Kế hoạch số 15.pdf</a></p>',
        '<p><img src="/Images/att.gif"> <a href="/kh.pdf">Kế hoạch số 15.pdf</a></p>',
        '<p><a href="/kh.pdf">Kế hoạch số 15.pdf</a> (1,2 MB)</p><p><a href="/bm.docx">Biểu mẫu.docx</a></p>',
        '<div class="wp-block-file"><a href="/kh.pdf">Kế hoạch số 15.pdf</a><a href="/kh.pdf" download>Tải về</a></div>',
    ],
)
def test_a_signoff_above_files(file: str) -> None:
    found = article(page(f'{BODY}<p style="text-align:right">Hồng Hạ (Trung tâm VHTT&amp;TT)</p>{file}'))
    assert (found.author, found.organisation) == ("Hồng Hạ", "Trung tâm VHTT&TT")
    assert lines(found) == [FIRST, LAST]
    assert found.attachments[0].url == f"{HOST}/kh.pdf"
    assert found.attachments[0].name == "Kế hoạch số 15.pdf"
    assert found.images == ()


def test_a_picture_that_ends_the_body_below_the_signoff_stays() -> None:
    found = article(page(f'{BODY}<p align="right"><b>Hồng Hạ</b></p><p><img src="/anh.jpg"></p>'))
    assert found.author == "Hồng Hạ"
    assert [image.url for image in found.images] == [f"{HOST}/anh.jpg"]


def test_a_table_of_files_below_the_body() -> None:
    files = """<div class="field field-name-field-file"><div class="field-label">Tập tin đính kèm:&nbsp;</div><table>
    <thead><tr><th>Đính kèm</th><th>Dung lượng</th></tr></thead><tbody><tr><td><span class="file"><img class="file-icon" src="/i/pdf.png">
    <a href="/files/kh.pdf">kh.pdf</a></span></td><td>35.2 KB</td></tr></tbody></table></div>"""
    found = article(page(BODY, after=files))
    assert [file.url for file in found.attachments] == [f"{HOST}/files/kh.pdf"]
    assert lines(found) == [FIRST, LAST]


def test_two_names_with_a_dash_are_people_even_if_one_begins_as_an_office() -> None:
    found = article(page(f'{BODY}<p style="text-align:right"><b>Đoàn Văn Sơn – Lê Nhung</b></p>'))
    assert (found.author, found.organisation) == ("Đoàn Văn Sơn – Lê Nhung", None)


RIGHT = '<p style="text-align:right">{}</p>'


@pytest.mark.parametrize(
    ("markup", "author", "organisation"),
    [
        (RIGHT.format("<b>Nguyễn Văn An</b><br><i>Công chức VH-XH</i>"), "Nguyễn Văn An", "Công chức VH-XH"),
        (RIGHT.format("PV (Theo Báo Nhân dân)"), "PV", "Báo Nhân dân"),
        (RIGHT.format("Mai Lan, ảnh: CTV"), "Mai Lan", None),
        (RIGHT.format("NGUYỄN THỊ LAN"), "NGUYỄN THỊ LAN", None),
        (
            RIGHT.format("Trung tâm Văn hóa, Thông tin và Truyền thanh huyện"),
            None,
            "Trung tâm Văn hóa, Thông tin và Truyền thanh huyện",
        ),
        ("<p>Theo baochinhphu.vn</p>", None, "baochinhphu.vn"),
    ],
)
def test_rarer_signoffs(markup: str, author: str | None, organisation: str | None) -> None:
    found = article(page(BODY + markup))
    assert (found.author, found.organisation) == (author, organisation)
    assert lines(found) == [FIRST, LAST]


@pytest.mark.parametrize(
    "last", ["HỘI NGHỊ TỔNG KẾT", "TM. ỦY BAN NHÂN DÂN", "Công chức tiếp dân ký nhận.", "CÁN BỘ XÃ"]
)
def test_a_last_line_that_names_nobody_stays_text(last: str) -> None:
    assert lines(article(page(BODY + RIGHT.format(last))))[-1] == last


def test_the_editors_are_the_author_with_a_label_as_without() -> None:
    found = article(page(f'{BODY}<p style="text-align:right">Tác giả bài viết: Ban Biên tập</p>'))
    assert (found.author, found.organisation) == ("Ban Biên tập", None)


# ── dates ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "line",
    [
        "Được gửi bởi bientap vào Thứ ba, 07/02/2023 - 08:15",
        "Được đăng bởi Administrator ngày 07/02/2023 08:15",
        "Tin đăng ngày 7/2/2023 8:15",
        "Posted on 07/02/2023 08:15 by admin",
        "07/02/2023 08:15 Đã xem: 12 In bài viết",
    ],
)
def test_date_lines_with_who_posted_it(line: str) -> None:
    html = page(BODY, date=line).replace(' class="ngay"', "")
    assert article(html).published == datetime(2023, 2, 7, 8, 15, tzinfo=PORTAL_TIME)


@pytest.mark.parametrize("name", ["Quản trị viên", "Quản trị hệ thống", "Ban quản trị"])
def test_the_role_of_who_posted_it_is_no_author(name: str) -> None:
    head = f'<span itemprop="author">{name}</span>'
    assert article(page(BODY, date=f"{head} <time>07/02/2023</time>")).author is None


# ── pictures ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("source", ["data:image/png;base64,iVBORw0KGgo=", "file:///C:/Users/x/image001.jpg"])
def test_the_caption_of_a_picture_without_an_address_is_no_text(source: str) -> None:
    picture = f'<p style="text-align:center"><img src="{source}" width="300"></p><p style="text-align:center"><em>Các đại biểu chụp ảnh lưu niệm</em></p>'
    found = article(page(f'<p>{FIRST}</p><p><img src="/1.jpg"></p>{picture}<p>{LAST}</p>'))
    assert lines(found) == [FIRST, LAST]
    assert [(image.url, image.caption) for image in found.images] == [(f"{HOST}/1.jpg", None)]


def test_a_picture_in_an_element_of_sources() -> None:
    picture = '<picture><source srcset="/a.webp 1x"><source srcset="/a.avif 1x"><img src="/a.jpg"></picture><p class="caption">Quang cảnh</p>'
    found = article(page(f"<p>{FIRST}</p>{picture}<p>{LAST}</p>"))
    assert [(image.url, image.caption) for image in found.images] == [(f"{HOST}/a.jpg", "Quang cảnh")]
    assert lines(found) == [FIRST, LAST]


def test_a_caption_with_a_label_is_one_in_any_style() -> None:
    picture = '<p><img src="/a.jpg"></p><p><b>Ảnh: Lãnh đạo xã tặng quà các gia đình chính sách</b></p>'
    found = article(page(f"<p>{FIRST}</p>{picture}<p>{LAST}</p>"))
    assert found.images[0].caption == "Ảnh: Lãnh đạo xã tặng quà các gia đình chính sách"
    assert lines(found) == [FIRST, LAST]


def test_a_long_sentence_after_a_picture_is_no_caption() -> None:
    found = article(page(f'<p>{FIRST}</p><p><img src="/a.jpg"></p><p>{LAST}</p><p>{FIRST}</p>'))
    assert found.images[0].caption is None
    assert lines(found) == [FIRST, LAST, FIRST]


# ── lists ───────────────────────────────────────────────────────────────────────────────────────


def test_a_pager_whose_pages_have_another_address_than_their_section() -> None:
    pager = (
        '<div class="PagingTable"><span>1</span><a href="/tabid/60/CurrentPage/2/Default.aspx">2</a></div>'
    )
    entries = ENTRY.format("/tabid/60/ArticleId/1/mot.aspx") + ENTRY.format(
        "/tabid/60/ArticleId/2/hai.aspx"
    ).replace("Tuy An", "Vũ Thư")
    html = f"<html><head><title>Tin tức</title></head><body>{MENU.format('/tintuc.aspx', '/thongbao.aspx')}<div>{entries}</div>{pager}</body></html>"
    found = listing(html, f"{HOST}/tintuc.aspx")
    assert [request.url for request in found.next] == [f"{HOST}/tabid/60/CurrentPage/2/Default.aspx"]


def test_a_last_page_with_one_entry_left_over() -> None:
    top = "<tr><td colspan=2><font>Hôm nay, Thứ ba, ngày 24/11/2020</font>&nbsp;<marquee>Chào mừng quý vị và các bạn đến với Trang thông tin điện tử của xã Tuy An, tỉnh Đắk Lắk</marquee></td></tr>"
    rates = "<table border=1><tr><td>USD</td><td>25.120</td><td>25.480</td></tr><tr><td>EUR</td><td>27.020</td><td>28.100</td></tr></table>"
    menu = '<tr><td><a href="/ds.aspx?id=60">Tin tức - Sự kiện</a></td></tr><tr><td><a href="/ds.aspx?id=61">Thông báo</a></td></tr><tr><td><a href="/ds.aspx?id=62">Văn hóa</a></td></tr>'
    side = f"<td><table>{menu}</table><table><tr><td>Thời tiết</td></tr><tr><td>Hà Nội: nhiệt độ 28°C, độ ẩm không khí 80%, có mưa rào và dông vài nơi, gió đông nam cấp 2 đến cấp 3, tầm nhìn xa trên 10 km; biển Đắk Lắk sóng cao 1 m</td></tr></table>{rates}</td>"
    link = '<a href="/xem.aspx?newsid=1129">Hội Phụ nữ xã Tuy An triển khai bầu cử đại biểu Quốc hội</a>'
    entry = f"<tr><td>Tin tức - Sự kiện</td></tr><tr><td>{link} <i>(14/03/2017)</i></td></tr>"
    pager = '<tr><td>Trang: <a href="/ds.aspx?id=60">1</a> <b>[2]</b></td></tr>'
    html = f"""<html><head><title>:: Trang thông tin điện tử xã Tuy An ::</title></head><body><form><table>{top}<tr>{side}<td><table>{entry}{pager}</table></td></tr>
    <tr><td colspan=2>Bản quyền thuộc về UBND xã Tuy An<br>Địa chỉ: thôn 2, xã Tuy An; điện thoại 0303.123456</td></tr></table></form></body></html>"""
    found = listing(html, f"{HOST}/ds.aspx?id=60&pg=2")
    assert [item.url for item in found.items] == [f"{HOST}/xem.aspx?newsid=1129"]
    assert found.section is not None
    assert found.section.title == "Tin tức - Sự kiện"


def test_links_to_the_neighbours_of_an_article_are_not_related() -> None:
    after = """<h3>Các tin cũ hơn:</h3><ul><li><a href="/tin-tuc/mot-tin-cu-99.html">Một tin cũ của huyện</a></li></ul>
    <table class="pagenav"><tr><th><a href="/tin-tuc/truoc-98.html">&lt; Trang trước</a></th><th><a href="/tin-tuc/sau-102.html">Trang sau &gt;</a></th></tr></table>"""
    assert article(page(BODY, after=after)).related == (f"{HOST}/tin-tuc/mot-tin-cu-99.html",)


def test_what_readers_may_like_is_related() -> None:
    after = '<h4>Có thể bạn quan tâm</h4><ul><li><a href="/tin-tuc/mot-tin-khac-99.html">Một tin khác của huyện</a></li></ul>'
    assert article(page(BODY, after=after)).related == (f"{HOST}/tin-tuc/mot-tin-khac-99.html",)


def test_an_abstract_that_is_the_title_is_no_summary() -> None:
    title = "V/v kiện toàn Ban Chỉ đạo công tác phòng cháy, chữa cháy rừng mùa khô trên địa bàn xã"
    cells = "".join(
        f"<dt>{label}:</dt><dd>{value}</dd>"
        for label, value in (
            ("Số ký hiệu", "15/KH-UBND"),
            ("Ngày ban hành", "07/02/2023"),
            ("Người ký", "Cao Bá Hùng"),
            ("Trích yếu", title),
        )
    )
    found = article(page(f'<dl>{cells}</dl><p><a href="/vb.pdf">Tải về</a></p>', title=title, date=""))
    assert (found.kind, found.title, found.summary) == ("document", title, None)
