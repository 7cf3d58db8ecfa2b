"""Fields of an article: title, date, lead, sign-off, sections, files, related."""

# ruff: noqa: E501 - markup stands as pages print it

from __future__ import annotations

from datetime import date, datetime

import pytest

from gvreader.extract.fields.publication_date import day_of
from gvreader.model import PORTAL_TIME, SectionLink, SectionRef
from gvreader.portals import Portal, adhoc
from tests.extract.pages import FIRST, HOST, LAST, TITLE, URL, article, lines, page, read

BODY = f"<p>{FIRST}</p><p>{LAST}</p>"

# ── title ───────────────────────────────────────────────────────────────────────────────────────


def test_the_title_without_the_site() -> None:
    assert article(page(BODY, title=TITLE)).title == TITLE


def test_the_sites_name_in_h1_is_no_title() -> None:
    html = f"""<html><head><meta charset=utf-8><title>Trang thông tin điện tử huyện Thử Nghiệm</title></head><body>
    <h1>Trang thông tin điện tử huyện Thử Nghiệm</h1><div class=a><div class=b>{TITLE}</div><div class=c>07/02/2023</div>
    <div class=d>{BODY}</div></div></body></html>"""
    assert article(html).title == TITLE


def test_a_title_that_nothing_but_its_place_tells() -> None:
    html = f"""<html><head><meta charset=utf-8><title>Huyện Thử Nghiệm</title></head><body><div><a href="/">Huyện Thử Nghiệm</a></div>
    <div>UBND huyện tổ chức hội nghị sơ kết</div><div>Thứ ba, 07/02/2023</div><div>{BODY}</div></body></html>"""
    assert article(html, f"{HOST}/?mod=tin&id=5").title == TITLE


def test_another_articles_title_in_a_share_button_is_ignored() -> None:
    buttons = """<div class="lienket" onclick="linkFacebook('“Vùng đất chết’’ hồi sinh');">&nbsp;</div>"""
    assert article(page(buttons + BODY)).title == TITLE


def test_a_link_text_of_the_page_itself_tells_the_title() -> None:
    html = f"""<html><head><meta charset=utf-8><title>Cổng thông tin</title></head><body><div><a href="/gt/chung-3.html">Giới thiệu chung</a></div>
    <p><b>Giới thiệu chung</b></p><p>{FIRST}</p><p>{LAST}</p></body></html>"""
    assert article(html, f"{HOST}/gt/chung-3.html").title == "Giới thiệu chung"


def test_a_title_broken_by_line_breaks() -> None:
    html = page(BODY).replace(f"<h1>{TITLE}</h1>", "<h1>UBND huyện tổ chức<br>hội nghị sơ kết</h1>")
    assert article(html).title == TITLE


def test_the_name_of_a_script_is_no_headline() -> None:
    html = f"""<html><head><meta charset=utf-8><title>Huyện Thử Nghiệm</title></head><body><p>07/02/2023</p><p class=td>{TITLE}</p>
    <table><tr><td><p>{FIRST}</p><p>Chi tiết xem tại <a href="https://dichvucong.gov.vn/">Cổng dịch vụ công quốc gia</a>.</p><p>{LAST}</p></td></tr></table></body></html>"""
    found = article(html, f"{HOST}/chi-tiet?bv=73")
    assert found.title == TITLE
    assert len(lines(found)) == 3


# ── date ────────────────────────────────────────────────────────────────────────────────────────

DATES: list[tuple[str, date | datetime]] = [
    ("Thứ ba, 07/02/2023", date(2023, 2, 7)),
    ("Thứ ba - 24/12/2019 03:56", datetime(2019, 12, 24, 3, 56, tzinfo=PORTAL_TIME)),
    ("Thứ năm, 30/10/2025 | 10:31", datetime(2025, 10, 30, 10, 31, tzinfo=PORTAL_TIME)),
    ("17:23:45 | 07/08/2018", datetime(2018, 8, 7, 17, 23, 45, tzinfo=PORTAL_TIME)),
    ("Đăng ngày 30/01/2023", date(2023, 1, 30)),
    ("Lượt xem: 7370 | Gửi lúc: 05/12/2013 15:42:27", datetime(2013, 12, 5, 15, 42, 27, tzinfo=PORTAL_TIME)),
    ("Thứ tư - 28/04/2021 05:21 0", datetime(2021, 4, 28, 5, 21, tzinfo=PORTAL_TIME)),
    ("Ngày 07 tháng 02 năm 2023", date(2023, 2, 7)),
    ("Chủ nhật, 12/02/2023", date(2023, 2, 12)),
    ("07/02/23", date(2023, 2, 7)),
    ("(07/02/2023)", date(2023, 2, 7)),
    ("Cập nhật lúc 10:30, ngày 07/02/2023", datetime(2023, 2, 7, 10, 30, tzinfo=PORTAL_TIME)),
    ("Cập nhật: 12/05/2023 - Ngày đăng: 10/05/2023", date(2023, 5, 10)),
    ("Tác giả: Thu Hà | Ngày đăng: 07/02/2023 | Lượt xem: 12", date(2023, 2, 7)),
    ("Tháng Hai 7, 2023", date(2023, 2, 7)),
    ("7 Tháng Mười Một, 2023", date(2023, 11, 7)),
    ("07 thg 2 2023", date(2023, 2, 7)),
    ("07 Th2 2023", date(2023, 2, 7)),
    ("08h30' 07/02/2023", datetime(2023, 2, 7, 8, 30, tzinfo=PORTAL_TIME)),
    ("Thứ ba,07/02/2023,08:30 (GMT+07:00)", datetime(2023, 2, 7, 8, 30, tzinfo=PORTAL_TIME)),
    ("Thứ Ba 7.2.2023 | 8:30 SA", datetime(2023, 2, 7, 8, 30, tzinfo=PORTAL_TIME)),
    ("07/02/2023 - 08 giờ 30", datetime(2023, 2, 7, 8, 30, tzinfo=PORTAL_TIME)),
    ("Ngày đăng : 07-02-2023 , 08:30 PM", datetime(2023, 2, 7, 20, 30, tzinfo=PORTAL_TIME)),
]  # fmt: skip


@pytest.mark.parametrize(("line", "published"), DATES)
def test_date_lines(line: str, published: date | datetime) -> None:
    found = read(page(BODY, date=line).replace("31/05/2025", "30/05/2026"))
    expected = published
    assert getattr(found.page, "published", None) == (expected if "2025" not in line else None)
    if "2025" in line:  # later than the capture: a page from the future has no believable date
        return
    assert found.page.confidence > 0.7  # type: ignore[union-attr]


def test_the_clock_in_the_header_is_no_date() -> None:
    found = article(page(BODY, date=""))
    assert found.published is None
    assert found.kind == "page"


@pytest.mark.parametrize(
    "clock", ["Thứ tư, 31/05/2023 |", "Hôm nay: Thứ tư, 31/05/2023", "31/05/2023 08:15:22"]
)
def test_a_clock_is_no_date_whatever_day_it_shows(clock: str) -> None:
    html = page(BODY, date="").replace("<span>Thứ bảy, 31/05/2025</span>", f"<div class='x1'>{clock}</div>")
    assert article(html).published is None
    assert article(
        html.replace("<h1>", "<div></div><h1>").replace("</h1>", "</h1><p>Thứ ba, 20/04/2021</p>")
    ).published == date(2021, 4, 20)


def test_event_dates_in_the_body_are_no_date() -> None:
    text = f"<p>Sáng ngày 07/2, UBND huyện họp.</p><p>Ngày 08/02/2023, các xã báo cáo kết quả thực hiện nhiệm vụ.</p><p>{LAST}</p>"
    assert article(page(text, date="")).published is None
    assert article(page(text, date="Thứ năm, 09/02/2023")).published == date(2023, 2, 9)


def test_a_weekday_that_disagrees_lowers_the_confidence() -> None:
    sure = article(page(BODY, date="Thứ ba, 07/02/2023"))
    unsure = article(page(BODY, date="Thứ hai, 07/02/2023"))
    assert unsure.published == sure.published
    assert unsure.confidence < sure.confidence - 0.1


def test_metadata_checks_the_printed_date_and_never_overrules_it() -> None:
    crawl_day = '<meta property="article:published_time" content="2025-05-31T08:15:00+07:00">'
    found = article(page(BODY, head=crawl_day))
    assert found.published == date(2023, 2, 7)
    assert found.confidence < article(page(BODY)).confidence


def test_metadata_adds_the_time_of_the_printed_day() -> None:
    head = '<meta property="article:published_time" content="2023-02-07T03:31:00Z">'
    assert article(page(BODY, head=head)).published == datetime(2023, 2, 7, 10, 31, tzinfo=PORTAL_TIME)


def test_metadata_where_nothing_is_printed() -> None:
    script = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","datePublished":"2023-02-07"}</script>'
    assert article(page(BODY, date="", head=script)).published == date(2023, 2, 7)


def test_a_date_below_the_body_counts_when_it_is_labelled() -> None:
    assert article(page(BODY, date="", after="<p>Ngày đăng: 07/02/2023</p>")).published == date(2023, 2, 7)


def test_a_date_format_of_the_configuration() -> None:
    portal = Portal(name="x", title="X", origin=HOST, date_format="%m.%d.%Y")
    assert article(page(BODY, date="02.07.2023"), portal=portal).published == date(2023, 2, 7)


# ── lead ────────────────────────────────────────────────────────────────────────────────────────

LEAD = "Hội nghị nhằm đánh giá kết quả thực hiện nhiệm vụ và bàn giải pháp cho thời gian tới."


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="sapo">{}</div>',
        '<h2 class="sapo">{}</h2>',
        '<p class="lead"><b>{}</b></p>',
        "<div><strong>{}</strong></div>",
    ],
)
def test_a_lead_in_an_element_of_its_own_is_the_summary(markup: str) -> None:
    html = page(BODY).replace('<div class="noidung">', f'{markup.format(LEAD)}<div class="noidung">')
    found = article(html)
    assert found.summary == LEAD
    assert lines(found) == [FIRST, LAST]


def test_a_lead_inside_the_body_with_a_class_of_its_own() -> None:
    found = article(page(f'<p class="sapo">{LEAD}</p>{BODY}'))
    assert (found.summary, lines(found)) == (LEAD, [FIRST, LAST])


def test_a_bold_first_paragraph_is_text() -> None:
    found = article(page(f"<p><strong>{LEAD}</strong></p>{BODY}"))
    assert (found.summary, lines(found)) == (None, [LEAD, FIRST, LAST])


# ── sign-off ────────────────────────────────────────────────────────────────────────────────────

RIGHT = '<p style="text-align:right"><b>{}</b></p>'
PLAIN = "<p>{}</p>"
SIGNOFFS = [
    (PLAIN, "Hồng Hạ (Trung tâm VHTT&amp;TT)", "Hồng Hạ", "Trung tâm VHTT&TT"),
    (RIGHT, "Hồng Hạ (Trung tâm Văn hóa, Thể thao và Truyền thanh huyện)", "Hồng Hạ", "Trung tâm Văn hóa, Thể thao và Truyền thanh huyện"),
    (PLAIN, "T.H", "T.H", None),
    (RIGHT, "N.V.A", "N.V.A", None),
    (PLAIN, "Tin, ảnh: Thu Hà", "Thu Hà", None),
    (RIGHT, "Bài, ảnh: Đức Hùng", "Đức Hùng", None),
    (PLAIN, "Nguồn: Báo Ninh Bình", None, "Báo Ninh Bình"),
    (RIGHT, "(Theo Cổng TTĐT Chính phủ)", None, "Cổng TTĐT Chính phủ"),
    (RIGHT, "BBT", "BBT", None),
    (PLAIN, "Tác giả: Minh Tú", "Minh Tú", None),
    (PLAIN, "Tin bài: Lê Hoa - Đài Truyền thanh huyện", "Lê Hoa", "Đài Truyền thanh huyện"),
    (RIGHT, "Phương Thúy", "Phương Thúy", None),
    (PLAIN, "Nguyễn Thị Lan", "Nguyễn Thị Lan", None),
    ("<p><i>{}</i></p>", "Minh Tú - Thu Hà", "Minh Tú - Thu Hà", None),
    ("<div align=right>{}</div>", "Hồng Hạ<br>Trung tâm VHTT&amp;TT", "Hồng Hạ", "Trung tâm VHTT&TT"),
    (RIGHT, "Đoàn Thị Lan", "Đoàn Thị Lan", None),
    (RIGHT, "Hồng Hạ./.", "Hồng Hạ", None),
    (RIGHT, "VP HĐND-UBND huyện Gia Viễn", None, "VP HĐND-UBND huyện Gia Viễn"),
    (PLAIN, "Tác giả: Hồng Hạ - Nguồn: Báo Ninh Bình", "Hồng Hạ", "Báo Ninh Bình"),
    (PLAIN, "Bùi Thị Hạ - CB Văn hóa xã Gia Vân", "Bùi Thị Hạ", "CB Văn hóa xã Gia Vân"),
    (PLAIN, "ST: Hồng Hạ", "Hồng Hạ", None),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "text", "author", "organisation"), SIGNOFFS)
def test_signoffs(markup: str, text: str, author: str | None, organisation: str | None) -> None:
    found = article(page(BODY + markup.format(text)))
    assert (found.author, found.organisation) == (author, organisation)
    assert lines(found) == [FIRST, LAST]


def test_two_lines_of_signoff() -> None:
    found = article(page(BODY + RIGHT.format("T.H") + RIGHT.format("Nguồn: Báo Ninh Bình")))
    assert (found.author, found.organisation) == ("T.H", "Báo Ninh Bình")
    assert lines(found) == [FIRST, LAST]


def test_a_signoff_that_ends_the_last_paragraph() -> None:
    found = article(page(f"<p>{FIRST}</p><p>{LAST} <strong>Hồng Hạ</strong></p>"))
    assert (found.author, lines(found)) == ("Hồng Hạ", [FIRST, LAST])


def test_a_signoff_above_the_last_picture_and_below_a_file() -> None:
    after = '<p><a href="/kh.pdf">Kế hoạch số 1</a></p><p style="text-align:right">Thu Hà</p><p><img src="/1.jpg"></p>'
    assert article(page(BODY + after)).author == "Thu Hà"


def test_a_signoff_in_an_element_below_the_body() -> None:
    assert (
        article(page(BODY, after='<div class="author">Hồng Hạ (Trung tâm VHTT&amp;TT)</div>')).author
        == "Hồng Hạ"
    )


NO_SIGNOFFS = [
    "Hội nghị thành công tốt đẹp.",
    "Trân trọng thông báo.",
    "Theo đó, các xã báo cáo kết quả trước ngày 15/2.",
    "Xin trân trọng cảm ơn!",
    "Kết quả đạt được",
    "Phòng, chống dịch bệnh",
    "Tổng kinh phí: 15 tỷ đồng",
]


@pytest.mark.parametrize("text", NO_SIGNOFFS)
@pytest.mark.parametrize("markup", [PLAIN, "<p><b>{}</b></p>"])
def test_a_last_sentence_is_no_author(text: str, markup: str) -> None:
    found = article(page(BODY + markup.format(text)))
    assert (found.author, found.organisation) == (None, None)
    assert lines(found) == [FIRST, LAST, text]


def test_the_systems_own_user_is_no_author() -> None:
    found = article(page(BODY, date="Người đăng: admin | 07/02/2023"))
    assert found.author is None
    assert found.published == date(2023, 2, 7)


# ── sections, files, related ────────────────────────────────────────────────────────────────────

TIN_TUC = (SectionRef(slug="tin-tuc", title="Tin tức"),)


@pytest.mark.parametrize(
    "trail",
    [
        '<div class="breadcrumb"><a href="/">Trang chủ</a> » <a href="/tin-tuc">Tin tức</a></div>',
        '<ol><li><a href="/">Trang chủ</a> &gt;</li><li><a href="/tin-tuc">Tin tức</a></li></ol>',
        '<div class="duong_dan"><a href="/">Trang chủ</a> &gt; <a href="/tin-tuc.html">Tin tức</a> &gt; UBND huyện</div>',
        '<div class="x"><b>TIN TỨC</b></div>',
        '<p><a href="/tin-tuc">Tin tức</a></p>',
    ],
)
def test_the_section_from_a_trail_or_a_label(trail: str) -> None:
    html = page(BODY).replace("<h1>", f"{trail}<h1>")
    assert article(html, f"{HOST}/abc-101.html").sections == TIN_TUC


def test_the_section_from_a_line_below_the_body_or_the_path() -> None:
    filed = page(BODY, after='<p>Chuyên mục: <a href="/tin-tuc">Tin tức</a></p>')
    assert article(filed, f"{HOST}/abc-101.html").sections == TIN_TUC
    assert article(page(BODY), f"{HOST}/tin-tuc/abc-101.html").sections == TIN_TUC
    assert article(page(BODY), f"{HOST}/abc-101.html").sections == ()


def test_configured_sections_name_a_section_too() -> None:
    section = SectionLink(url=f"{HOST}/the-thao", slug="the-thao", title="Thể thao")
    portal = Portal(name="x", title="X", origin=HOST, sections=(section,))
    html = page(BODY).replace(
        "<h1>", '<div class="breadcrumb"><a href="/">Home</a> / <a href="/the-thao">TDTT</a></div><h1>'
    )
    assert article(html, portal=portal).sections == (SectionRef(slug="the-thao", title="Thể thao"),)


FILES = [
    ('<a href="/public/files/Kế hoạch 15.pdf">Kế hoạch số 15</a>', "/public/files/K%E1%BA%BF%20ho%E1%BA%A1ch%2015.pdf", "Kế hoạch số 15", "application/pdf"),
    ('<a href="/f/a%20(1).docx">Tải về</a>', "/f/a%20(1).docx", "a (1).docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ('<a href="#" onclick="downloadFile(\'12\',\'/upload/2019/qd 78.doc\')">Quyết định 78</a>', "/upload/2019/qd%2078.doc", "Quyết định 78", "application/msword"),
    ('<iframe src="/js/viewer.html?file=/upload/vb.pdf"></iframe>', "/upload/vb.pdf", "vb.pdf", "application/pdf"),
    (f'<iframe src="https://docs.google.com/viewer?url={HOST}/upload/vb.pdf&embedded=true"></iframe>', "/upload/vb.pdf", "vb.pdf", "application/pdf"),
    ('<object data="/upload/vb.pdf" type="application/pdf"></object>', "/upload/vb.pdf", "vb.pdf", "application/pdf"),
    ('<a href="/download.aspx?file=bc.xls">Biểu mẫu</a>', "/download.aspx?file=bc.xls", "Biểu mẫu", "application/vnd.ms-excel"),
    ('<a href="javascript:taiVe(\'/f/1.zip\')">Hồ sơ mẫu</a>', "/f/1.zip", "Hồ sơ mẫu", "application/zip"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "path", "name", "media_type"), FILES)
def test_files(markup: str, path: str, name: str, media_type: str) -> None:
    found = article(page(f"{BODY}<p>File đính kèm: {markup}</p>"))
    assert [(one.url, one.name, one.media_type) for one in found.attachments] == [
        (HOST + path, name, media_type)
    ]
    assert lines(found) == [FIRST, LAST]


@pytest.mark.parametrize(
    "line",
    [
        "Đăng vào <a><time class=published>7 Tháng Hai, 2023</time><time class=updated>31 Tháng Năm, 2025</time></a> bởi admin",
        "<time itemprop=dateModified>31/05/2025</time><time itemprop=datePublished>07/02/2023</time>",
        "<span>08:30 - 07/02/2023</span><span>12 lượt xem</span><span>Cỡ chữ</span>",
        "<i>Thứ ba</i><i>07/02/2023</i><i>Lượt xem: 5</i>",
    ],
)
def test_parts_of_a_date_line_that_only_a_style_sets_apart(line: str) -> None:
    found = article(page(f"<p>{FIRST}</p><p>{LAST}</p>", date=line))
    assert found.published is not None
    assert day_of(found.published) == date(2023, 2, 7)


def test_a_frame_that_shows_the_only_file() -> None:
    frame = '<div class="x"><iframe src="/viewer.html?file=/upload/ke-hoach-15.pdf"></iframe></div>'
    found = article(page(frame))
    assert [file.url for file in found.attachments] == [f"{HOST}/upload/ke-hoach-15.pdf"]


def test_who_posted_it_is_no_author() -> None:
    by = '<div class="meta"><span class="byline">bởi <span class="author"><a href="/author/admin/">{}</a></span></span></div>'
    body = f"<p>{FIRST}</p><p>{LAST}</p>"
    found = article(page(body).replace('<div class="noidung">', by.format("admin") + '<div class="noidung">'))
    assert (found.author, lines(found)) == (None, [FIRST, LAST])
    found = article(
        page(body).replace('<div class="noidung">', by.format("Hồng Hạ") + '<div class="noidung">')
    )
    assert found.author == "Hồng Hạ"


def test_a_body_whose_name_speaks_of_a_summary() -> None:
    body = f'<div class="field field-name-body field-type-text-with-summary"><p>{FIRST}</p><p>{LAST}</p><p>{FIRST}</p></div>'
    found = article(page(body))
    assert (found.summary, lines(found)) == (None, [FIRST, LAST, FIRST])
    found = article(
        page(f'<div class="summary"><p>{FIRST}</p><p>{LAST}</p><p>{FIRST}</p></div><p>{LAST}</p>')
    )
    assert found.summary is None


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        ("/ubnd-huyen-to-chuc-hoi-nghi-so-ket-101.html", "/ubnd-huyen-to-chuc-hoi-nghi-so-ket-101.html"),
        ("/", None),
        ("/tin-tuc", None),
        ("/tin-tuc/mot-bai-khac-hoan-toan-102.html", None),
        ("https://elsewhere.example/ubnd-huyen-to-chuc-hoi-nghi-so-ket-101.html", None),
    ],
)
def test_the_address_that_the_head_names(named: str, kept: str | None) -> None:
    head = f'<link rel="canonical" href="{named}">'
    found = article(page(f"<p>{FIRST}</p><p>{LAST}</p>", head=head))
    assert found.url == (HOST + kept if kept else URL)
    assert found.identity == "101"


def test_a_body_of_nothing_but_a_file() -> None:
    found = article(page('<p>&nbsp;</p><p><a href="/f/ke hoach.pdf">Xem chi tiết tại đây</a></p>'))
    assert (found.title, found.published, found.text) == (TITLE, date(2023, 2, 7), "Xem chi tiết tại đây")
    assert [one.url for one in found.attachments] == [f"{HOST}/f/ke%20hoach.pdf"]


def test_a_file_in_running_text_is_text_and_file() -> None:
    text = 'Chi tiết xem <a href="/f/kh.pdf">Kế hoạch số 15/KH-UBND</a> của UBND huyện.'
    found = article(page(f"{BODY}<p>{text}</p>"))
    assert lines(found)[-1] == "Chi tiết xem Kế hoạch số 15/KH-UBND của UBND huyện."
    assert [one.name for one in found.attachments] == ["Kế hoạch số 15/KH-UBND"]


def test_related_addresses() -> None:
    others = '<h4>Bài viết khác</h4><ul><li><a href="/a-mot-bai-khac-1.html">Một bài viết khác</a></li><li><a href="http://xa.vn/b">Ngoài trang này</a></li></ul>'
    box = '<h4>Đọc nhiều nhất</h4><ul><li><a href="/c-bai-doc-nhieu-3.html">Một bài đọc nhiều</a></li></ul>'
    assert article(page(BODY, after=others + box)).related == (f"{HOST}/a-mot-bai-khac-1.html",)


# ── addresses ───────────────────────────────────────────────────────────────────────────────────


def test_addresses_of_a_mirror_are_the_portals_own() -> None:
    html = page('<p><img src="/1.jpg"></p><p><img src="http://127.0.0.1:8080/2.jpg"></p>' + BODY)
    found = article(
        html, source_uri="http://127.0.0.1:8080/tin-tuc/ubnd-huyen-to-chuc-hoi-nghi-so-ket-101.html"
    )
    assert [image.url for image in found.images] == [f"{HOST}/1.jpg", f"{HOST}/2.jpg"]


def test_a_base_on_another_host_is_an_alias_of_the_portal() -> None:
    html = page('<p><img src="anh/1.jpg"></p>' + BODY, head='<base href="http://daksong.daknong.gov.vn/">')
    found = article(html, "http://127.0.0.1:8080/x/1-ha-trong-dua", portal=adhoc("http://127.0.0.1:8080/"))
    assert [image.url for image in found.images] == ["http://127.0.0.1:8080/anh/1.jpg"]


def test_a_relative_base_resolves_dotted_slugs() -> None:
    html = page(
        BODY,
        head=f'<base href="{HOST}/chuyen-muc/">',
        after='<p>Tin khác</p><ul><li><a href="./bai-khac-cua-huyen">Bài khác của huyện</a></li></ul>',
    )
    assert article(html).related == (f"{HOST}/chuyen-muc/bai-khac-cua-huyen",)


def test_identity_and_kind() -> None:
    assert article(page(BODY), f"{HOST}/hoi-nghi-882.html").identity == "882"
    assert article(page(BODY), f"{HOST}/hoi-nghi-tong-ket-nam-2023.html").identity is None
    assert article(page(BODY), URL).kind == "article"


def test_the_trace_names_every_field() -> None:
    found = read(
        page(f'{BODY}<p><img src="/1.jpg"></p><p style="text-align:right">Thu Hà</p><p>Lượt xem: 12</p>')
    )
    fields = {one.field: one for one in found.trace}
    assert {"title", "published", "author", "body", "image"} <= fields.keys()
    assert all(0 <= one.confidence <= 1 for one in found.trace)
    assert fields["title"].layer == "structure"
    assert any(text.startswith("counter:") for text in found.dropped)


# ── selectors of the configuration ──────────────────────────────────────────────────────────────

ODD = f"""<html><head><meta charset=utf-8><title>Cổng</title></head><body><b id=t>Tiêu đề lạ</b><i>31.12.2022</i><div id=x><p>{FIRST}</p></div>
<div id=y><p>{LAST}</p></div><a class=rel href="/khac-1.html">Khác</a><u class=sec>Mục lạ</u></body></html>"""


def test_selectors_of_the_configuration_come_first() -> None:
    portal = Portal(
        name="x",
        title="X",
        origin=HOST,
        overrides=(("title", ("#none", "#t")), ("body", ("#y",)), ("related", ("a.rel",)), ("date", ("i",))),
    )
    found = read(ODD, portal=portal)
    assert getattr(found.page, "title", None) == "Tiêu đề lạ"
    assert getattr(found.page, "text", None) == LAST
    assert getattr(found.page, "related", None) == (f"{HOST}/khac-1.html",)
    assert getattr(found.page, "published", None) == date(2022, 12, 31)
    assert {one.field: one.layer for one in found.trace}["title"] == "family"


def test_one_selector_alone_leaves_the_rest_to_structure() -> None:
    portal = Portal(name="x", title="X", origin=HOST, overrides=(("title", ("#t",)),))
    found = article(ODD, portal=portal)
    assert (found.title, lines(found)[:2]) == ("Tiêu đề lạ", [FIRST, LAST])


def test_selectors_that_are_no_css_match_nothing() -> None:
    portal = Portal(name="x", title="X", origin=HOST, overrides=(("title", ("[[", "h1")), ("body", (":::",))))
    assert article(page(BODY), portal=portal).title == TITLE


def test_an_author_in_an_element_of_that_name_beside_the_date() -> None:
    line = '<span class="author">Hồng Hạ</span> <span class="date">07/02/2023</span>'
    found = article(page(BODY, date=line))
    assert (found.author, found.published) == ("Hồng Hạ", date(2023, 2, 7))
    assert article(page(BODY + RIGHT.format("T.H"), date=line)).author == "T.H"
    assert article(page(BODY, date='<a rel="author" href="/u/1">admin</a> 07/02/2023')).author is None
