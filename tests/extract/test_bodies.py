"""Bodies: what is text, what is a caption, what is furniture."""

# ruff: noqa: E501 - markup stands as pages print it

from __future__ import annotations

import unicodedata

import pytest

from tests.extract.pages import FIRST, HOST, LAST, TITLE, article, lines, page

P = "<p>{}</p>".format


def body(*paragraphs: str) -> str:
    return "".join(P(text) for text in paragraphs)


# ── paragraphs ──────────────────────────────────────────────────────────────────────────────────


def test_paragraphs_in_order() -> None:
    found = article(page(body(FIRST, LAST)))
    assert lines(found) == [FIRST, LAST]
    assert [block.kind for block in found.blocks] == ["paragraph", "paragraph"]


def test_paragraphs_separated_by_line_breaks() -> None:
    assert lines(article(page(f"{FIRST}<br><br>{LAST}"))) == [FIRST, LAST]
    assert lines(article(page(f"{FIRST}<br/>\n&nbsp;<br/>\n{LAST}"))) == [FIRST, LAST]
    assert lines(article(page(f"<p>{FIRST}<br>{LAST}</p>"))) == [FIRST, LAST]


def test_a_line_break_inside_a_sentence_only_wraps_it() -> None:
    found = article(
        page(f"<p>{FIRST}</p><p>Toàn huyện có 21 xã,<br>thị trấn với 195 khu dân cư.</p><p>{LAST}</p>")
    )
    assert lines(found)[1] == "Toàn huyện có 21 xã, thị trấn với 195 khu dân cư."


def test_dashed_lines_are_blocks_of_their_own() -> None:
    found = article(
        page(f"<p>{FIRST}</p><p>Nhiệm vụ trọng tâm:<br>- Chăm sóc lúa<br>- Phòng dịch<br>- Làm đường</p>")
    )
    assert lines(found)[1:] == ["Nhiệm vụ trọng tâm:", "- Chăm sóc lúa", "- Phòng dịch", "- Làm đường"]


def test_text_directly_in_the_container_beside_paragraphs() -> None:
    found = article(
        page(f"{FIRST}<p>{LAST}</p>Kết thúc hội nghị, Chủ tịch UBND huyện giao nhiệm vụ cho các ngành.")
    )
    assert lines(found) == [
        FIRST,
        LAST,
        "Kết thúc hội nghị, Chủ tịch UBND huyện giao nhiệm vụ cho các ngành.",
    ]


def test_boxes_as_paragraphs() -> None:
    assert lines(article(page(f"<div>{FIRST}</div><div><span>{LAST}</span></div>"))) == [FIRST, LAST]


def test_cells_of_a_layout_table_as_paragraphs() -> None:
    rows = f"<table><tr><td>{FIRST}</td></tr><tr><td>{LAST}</td></tr></table>"
    assert lines(article(page(rows))) == [FIRST, LAST]


def test_a_body_nested_in_figure_and_table() -> None:
    nested = f'<figure class="table"><table><tbody><tr><td><p>{FIRST}</p><p>{LAST}</p></td></tr></tbody></table></figure>'
    assert lines(article(page(nested))) == [FIRST, LAST]


def test_runs_of_no_break_spaces_are_one_space() -> None:
    found = article(
        page(
            f"<p>{'&nbsp;' * 117}{FIRST}</p><p>&nbsp;</p><p>Đất&nbsp; đai, dồn điền đổi thửa{'&nbsp;' * 9}trong năm nay.</p>"
        )
    )
    assert lines(found) == [FIRST, "Đất đai, dồn điền đổi thửa trong năm nay."]


def test_an_empty_container_whose_sibling_holds_the_body() -> None:
    html = page("&nbsp;", after=f'<div class="khac1"><p>{FIRST}</p><p>{LAST}</p></div>')
    assert lines(article(html)) == [FIRST, LAST]


def test_word_paste_with_crossed_tags() -> None:
    pasted = (
        f'<p class="MsoNormal" style="margin:6pt"><o:p></o:p><span lang="VI" style="font-size:14pt"><b>{FIRST}</span></b></p>'
        f"<!--[if gte mso 9]><xml><w:WordDocument></w:WordDocument></xml><![endif]-->"
        f'<p class="MsoNormal"><st1:place>{LAST}</st1:place></div></a></p>'
    )
    assert lines(article(page(pasted))) == [FIRST, LAST]


def test_bold_paragraphs_stay_paragraphs() -> None:
    found = article(page(f"<p>{FIRST}</p><p><strong>I. Kết quả đạt được</strong></p><p>{LAST}</p>"))
    assert [(block.kind, block.lines[0]) for block in found.blocks][1] == ("paragraph", "I. Kết quả đạt được")
    assert found.blocks[1].spans[0].strong


def test_headings_keep_their_level() -> None:
    found = article(page(f"<p>{FIRST}</p><h3>Kết quả</h3><p>{LAST}</p>"))
    assert [(block.kind, block.level) for block in found.blocks] == [
        ("paragraph", 0),
        ("heading", 3),
        ("paragraph", 0),
    ]


def test_nested_lists() -> None:
    items = (
        f"<p>{FIRST}</p><ol><li>Một<ul><li>Một phần hai</li></ul></li><li><p>Hai</p></li></ol><p>{LAST}</p>"
    )
    found = article(page(items))
    shown = [(block.level, block.ordered, block.lines[0]) for block in found.blocks if block.kind == "item"]
    assert shown == [(0, True, "Một"), (1, False, "Một phần hai"), (0, True, "Hai")]


def test_quotes_and_preformatted_text() -> None:
    found = article(
        page(f"<p>{FIRST}</p><blockquote><p>Một câu nói</p></blockquote><pre>a  b\n c</pre><p>{LAST}</p>")
    )
    assert [block.kind for block in found.blocks] == ["paragraph", "quote", "preformatted", "paragraph"]
    assert found.blocks[2].lines == ("a  b\n c",)


def test_styles_and_links_of_spans() -> None:
    found = article(
        page(
            f'<p>{FIRST}</p><p>Xem <a href="/van-ban/1.html">văn bản</a> và <em>phụ lục</em> kèm theo kế hoạch này.</p>'
        )
    )
    spans = found.blocks[1].spans
    assert [(span.text, span.href, span.emphasis) for span in spans] == [
        ("Xem ", None, False),
        ("văn bản", f"{HOST}/van-ban/1.html", False),
        (" và ", None, False),
        ("phụ lục", None, True),
        (" kèm theo kế hoạch này.", None, False),
    ]


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "#top"]
)
def test_links_that_lead_nowhere_are_text(href: str) -> None:
    found = article(
        page(
            f'<p>{FIRST}</p><p>Xem thêm chi tiết <a href="{href}">ở đây</a> nhé các bạn đọc thân mến của báo.</p>'
        )
    )
    assert all(span.href is None for block in found.blocks for span in block.spans)


# ── letters ─────────────────────────────────────────────────────────────────────────────────────


def test_an_entity_followed_by_a_combining_mark() -> None:
    found = article(page(f"<p>M&ocirc; hình tr&ocirc;̀ng dưa chu&ocirc;̣t của xã.</p><p>{LAST}</p>"))
    assert lines(found)[0] == "Mô hình trồng dưa chuột của xã."


def test_a_letter_and_its_mark_in_different_elements() -> None:
    assert lines(article(page(f"<p>Mô hình tr<b>ô</b>̀ng dưa</p><p>{FIRST}</p>")))[0] == "Mô hình trồng dưa"


def test_decomposed_text_is_composed() -> None:
    found = article(unicodedata.normalize("NFD", page(body(FIRST, LAST))))
    assert lines(found) == [FIRST, LAST]
    assert found.title == "UBND huyện tổ chức hội nghị sơ kết"


def test_double_escapes() -> None:
    assert (
        lines(article(page(f"<p>Gi&amp;aacute; l&amp;uacute;a &amp;amp; ng&amp;#244;</p><p>{FIRST}</p>")))[0]
        == "Giá lúa & ngô"
    )


def test_tone_placement_stays_as_printed() -> None:
    text = "Bí thư Huyện uỷ, các Uỷ viên UBND huyện và Huyện ủy viên dự, khoẻ mạnh, hoà thuận."
    assert lines(article(page(body(FIRST, text))))[1] == text


def test_what_commands_a_terminal_is_taken_out() -> None:
    assert (
        lines(article(page(f"<p>Mở&#x1b;[31m đầu\u202e&#x200b;\u0007 bài</p><p>{FIRST}</p>")))[0]
        == "Mở[31m đầu bài"
    )


# ── tables ──────────────────────────────────────────────────────────────────────────────────────


def test_data_tables_are_rows() -> None:
    table = "<table><tr><th>STT</th><th>Xã</th></tr><tr><td>1</td><td><p>Gia</p><p>Hòa</p></td></tr><tr><td></td><td></td></tr></table>"
    found = article(page(f"<p>{FIRST}</p>{table}<p>{LAST}</p>"))
    assert found.blocks[1].kind == "table"
    assert found.blocks[1].rows == (("STT", "Xã"), ("1", "Gia Hòa"))
    assert lines(found)[1:3] == ["STT | Xã", "1 | Gia Hòa"]


def test_a_picture_and_its_caption_in_a_layout_table() -> None:
    table = '<table align="center"><tbody><tr><td><img src="/a/1.jpg"></td></tr><tr><td><p>Mô hình của gia đình ông Bàn</p></td></tr></tbody></table>'
    found = article(page(f"{table}<p>{FIRST}</p><p>{LAST}</p>"))
    assert [(image.url, image.caption) for image in found.images] == [
        (f"{HOST}/a/1.jpg", "Mô hình của gia đình ông Bàn")
    ]
    assert lines(found) == [FIRST, LAST]


def test_a_short_body_in_a_layout_table_keeps_the_paragraph_after_a_picture() -> None:
    body = f'<div align="center"><img src="/a.jpg"></div><p>{FIRST}</p>'
    html = (
        f"<html><body><table><tr><td><b>{TITLE}</b></td></tr><tr><td>Thứ ba, 07/02/2023</td></tr>"
        f"<tr><td>{body}</td></tr><tr><td><a href='#'>In bài viết</a></td></tr></table></body></html>"
    )
    found = article(html)
    assert found.text == FIRST
    assert found.images[0].caption is None


# ── captions ────────────────────────────────────────────────────────────────────────────────────

CAPTIONS = [
    ('<figure><img src="/1.jpg"><figcaption>{}</figcaption></figure>', "Quang cảnh hội nghị. Ảnh: Thu Hà"),
    ('<p style="text-align:center"><img src="/1.jpg"></p><p style="text-align:center">{}</p>', "Lãnh đạo huyện trao Giấy khen cho các tập thể."),
    ('<p><img src="/1.jpg"></p><p><i>&nbsp; &nbsp; &nbsp; &nbsp; &nbsp; &nbsp;{}&nbsp;</i></p>', "Quang cảnh khai mạc Lễ hội"),
    ('<p><img src="/1.jpg"></p><p>{}</p>', "Đ/c Ngô Văn Thử - UVBTV - Phó Chủ tịch UBND huyện phát biểu tại hội nghị"),
    ('<p><img src="/1.jpg"></p><p>{}</p>', "Quảng cảnh phiên họp. (ảnh nbtv)"),
    ('<p><img src="/1.jpg"></p><p>{}</p>', "Hình ảnh cán bộ trung tâm hướng dẫn kỹ thuật bao trái trên cây ăn quả cho bà con"),
    ('<p style="text-align:center"><img src="/1.jpg"><br><em>{}</em></p>', "Các đại biểu dự hội nghị"),
    ('<div class="image"><img src="/1.jpg"><div class="chu-thich">{}</div></div>', "Đoàn kiểm tra tại xã Gia Hòa."),
    ('<center><img src="/1.jpg"></center><center><font size="2">{}</font></center>', "Ra quân trồng cây đầu xuân"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "caption"), CAPTIONS)
def test_captions_belong_to_pictures(markup: str, caption: str) -> None:
    found = article(page(f"<p>{FIRST}</p>{markup.format(caption)}<p>{LAST}</p>"))
    assert [image.caption for image in found.images] == [caption]
    assert lines(found) == [FIRST, LAST]
    assert [block.kind for block in found.blocks] == ["paragraph", "figure", "paragraph"]


PARAGRAPHS_AFTER_PICTURES = [
    "Dự hội nghị có lãnh đạo các phòng, ban, ngành của huyện.",
    "Tại hội nghị, các đại biểu đã thảo luận sôi nổi.",
    "Một số hình ảnh tại hội nghị:",
    "I. Kết quả đạt được",
    "Đồng chí Chủ tịch UBND huyện, Trưởng Ban Chỉ đạo đã kết luận hội nghị. Đồng chí yêu cầu các xã khẩn trương hoàn thành.",
    "Phát biểu tại hội nghị, đồng chí Bí thư Huyện ủy ghi nhận kết quả của các đơn vị trong thời gian qua.",
]


@pytest.mark.parametrize("text", PARAGRAPHS_AFTER_PICTURES)
def test_paragraphs_after_pictures_stay_text(text: str) -> None:
    found = article(page(f'<p>{FIRST}</p><p><img src="/1.jpg"></p><p>{text}</p><p>{LAST}</p>'))
    assert lines(found) == [FIRST, text, LAST]
    assert found.images[0].caption is None


def test_a_caption_that_repeats_the_alternative_text() -> None:
    found = article(
        page(
            f'<p>{FIRST}</p><p><img src="/1.jpg" alt="Bà con thu hoạch lúa, xã Gia Hòa."></p><p>Bà con thu hoạch lúa, xã Gia Hòa.</p><p>{LAST}</p>'
        )
    )
    assert found.images[0].caption == "Bà con thu hoạch lúa, xã Gia Hòa."


# ── pictures ────────────────────────────────────────────────────────────────────────────────────

PICTURES = [
    ('<img src="/1.jpg">', "/1.jpg"),
    ('<img src="/images/blank.gif" data-original="/1.jpg">', "/1.jpg"),
    ('<img src="data:image/gif;base64,R0lGOD" data-src="/1.jpg">', "/1.jpg"),
    ('<img src="/1-300.jpg" srcset="/1-300.jpg 300w, /1-900.jpg 900w">', "/1-300.jpg"),
    ('<img srcset="/1-300.jpg 300w, /1-900.jpg 900w">', "/1-900.jpg"),
    ('<img src="/public/userfiles/h%E1%BB%99i ngh%E1%BB%8B (1).jpg">', "/public/userfiles/h%E1%BB%99i%20ngh%E1%BB%8B%20(1).jpg"),
    ('<a href="/1.jpg"><img src="/1-nho.jpg"></a>', "/1-nho.jpg"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "address"), PICTURES)
def test_pictures_wherever_their_address_is(markup: str, address: str) -> None:
    assert [image.url for image in article(page(f"<p>{FIRST}</p><p>{markup}</p><p>{LAST}</p>")).images] == [
        HOST + address
    ]


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="data:image/png;base64,iVBORw0KGgo=">',
        '<img src="/images/icons/pdf.png">',
        '<img src="/images/facebook.png">',
        '<img src="/counter.php?id=1" width="1" height="1">',
        '<img src="/x.jpg" width="16" height="16">',
        '<img class="emoji" src="/x.png">',
        '<img src="/images/print.gif">',
        "<img>",
    ],
)
def test_what_is_no_picture(markup: str) -> None:
    assert article(page(f"<p>{FIRST}</p><p>{markup}</p><p>{LAST}</p>")).images == ()


def test_the_same_picture_twice_is_one() -> None:
    found = article(page(f'<p>{FIRST}</p><p><img src="/1.jpg"></p><p>{LAST}</p><p><img src="/1.jpg"></p>'))
    assert len(found.images) == 1


# ── furniture ───────────────────────────────────────────────────────────────────────────────────

FURNITURE = [
    '<div class="share"><a href="#">Chia sẻ</a> <a href="#">Facebook</a></div>',
    "<p>Lượt xem: 1.234</p>",
    '<p><a href="/in-bai-viet?id=1">In trang</a> | <a href="/gui">Gửi email</a></p>',
    "<div>Chia sẻ bài viết</div>",
    '<div class="tags">Tags: <a href="/tag/1">nông thôn mới</a></div>',
    "<p>Từ khóa: nông thôn mới, chuyển đổi số</p>",
    '<div class="rating">Đánh giá bài viết: <span>5/5</span></div>',
    "<p>Tổng số điểm của bài viết là: 0 trong 0 đánh giá</p>",
    '<div class="fb-comments">Bình luận của bạn đọc về bài viết này sẽ được duyệt trước khi đăng lên trang.</div>',
    "<div>A- A A+</div>",
    '<div class="audio-player"><button>Nghe</button> 00:00 / 03:21</div>',
    '<div style="display:none">Một đoạn văn bản ẩn mà người đọc không bao giờ nhìn thấy trên trang web này.</div>',
    "<p>© Trang thông tin điện tử huyện</p>",
    '<a href="javascript:history.back()">Quay lại</a>',
    '<nav class="breadcrumb"><a href="/">Trang chủ</a> &gt; <a href="/tin-tuc">Tin tức</a></nav>',
]


@pytest.mark.parametrize("markup", FURNITURE)
@pytest.mark.parametrize("place", ["before", "after", "below"])
def test_furniture_is_no_text(markup: str, place: str) -> None:
    text = body(FIRST, LAST)
    html = page(
        {"before": markup + text, "after": text + markup, "below": text}[place],
        after=markup if place == "below" else "",
    )
    assert lines(article(html)) == [FIRST, LAST]


CLOSINGS = ["Bài viết khác", "Tin liên quan", "Các tin khác:", "TIN ĐÃ ĐƯA", "Tin cùng chuyên mục", "Các bài viết liên quan", "Xem thêm:", "Tin mới hơn", "Ý kiến bạn đọc", "» Những tin cũ hơn", "Các tin đã đưa (12)", "Có thể bạn quan tâm", "Tin, bài liên quan", "Đọc thêm"]  # fmt: skip


@pytest.mark.parametrize("heading", CLOSINGS)
@pytest.mark.parametrize("inside", [True, False])
def test_what_follows_a_closing_line_is_not_the_article(heading: str, *, inside: bool) -> None:
    others = "".join(
        f'<li><a href="/tin-tuc/tin-khac-so-{n}-90{n}.html">Một tin khác của huyện trong tuần số {n}</a> (0{n}/02/2023)</li>'
        for n in range(1, 4)
    )
    box = f"<p><b>{heading}</b></p><ul>{others}</ul>"
    html = page(body(FIRST, LAST) + (box if inside else ""), after="" if inside else box)
    assert lines(article(html)) == [FIRST, LAST]


def test_a_box_of_links_in_the_middle_does_not_close_the_body() -> None:
    box = '<p>Xem thêm: <a href="/tin-tuc/mot-tin-khac-cua-huyen-902.html">Một tin khác của huyện</a></p>'
    third = "Kết thúc hội nghị, Chủ tịch UBND huyện giao nhiệm vụ cho các ngành, các địa phương trong thời gian tới."
    fourth = (
        "Hội nghị cũng nghe báo cáo chuyên đề về công tác phòng, chống dịch bệnh trên đàn vật nuôi của huyện."
    )
    assert lines(article(page(f"<p>{FIRST}</p>{box}<p>{LAST}</p><p>{third}</p><p>{fourth}</p>"))) == [
        FIRST,
        LAST,
        third,
        fourth,
    ]


def test_a_counter_or_a_clock_changes_nothing() -> None:
    one = article(page(body(FIRST, LAST) + "<p>Lượt xem: 12</p>"))
    other = article(page(body(FIRST, LAST) + "<p>Lượt xem: 9.876</p>").replace("31/05/2025", "01/06/2025"))
    assert one.content_sha256 == other.content_sha256


def test_links_to_other_articles_that_stand_alone_are_dropped() -> None:
    third = "Kết thúc hội nghị, Chủ tịch UBND huyện giao nhiệm vụ cho các ngành, các địa phương trong thời gian tới."
    arrow = '<p>>> <a href="/tin-khac-2.html">&gt;&gt; Một tin khác của huyện</a></p>'.replace(
        "<p>>> ", "<p>"
    )
    tail = "".join(
        f'<div><a href="/tin-khac-{n}.html">Một tin khác của huyện số {n}</a><div>0{n}/02/2023</div></div>'
        for n in (1, 2, 3)
    )
    assert lines(article(page(f"<p>{FIRST}</p>{arrow}<p>{LAST}</p><p>{third}</p>{tail}"))) == [
        FIRST,
        LAST,
        third,
    ]


def test_a_list_of_files_below_a_label_is_no_text() -> None:
    files = '<h4>Tài liệu đính kèm</h4><ul><li><a href="/kh.pdf">Kế hoạch.pdf</a> (125 KB)</li><li><a href="/bm.doc">Biểu mẫu.doc</a></li></ul>'
    found = article(page(f"<p>{FIRST}</p><p>{LAST}</p>{files}"))
    assert lines(found) == [FIRST, LAST]
    assert [file.name for file in found.attachments] == ["Kế hoạch.pdf", "Biểu mẫu.doc"]


def test_a_paragraph_that_is_one_named_file_stays_text() -> None:
    found = article(page(f'<p>{FIRST}</p><p><a href="/kh.pdf">Kế hoạch số 15/KH-UBND</a></p><p>{LAST}</p>'))
    assert lines(found) == [FIRST, "Kế hoạch số 15/KH-UBND", LAST]


@pytest.mark.parametrize("name", ["news-share-content", "menu-content", "popup-body", "quangcao"])
def test_a_misleading_class_name_does_not_hide_a_body(name: str) -> None:
    long = f"{FIRST} {LAST} " * 3
    html = page("").replace('<div class="noidung">', f'<div class="{name}"><p>{long}</p><p>{LAST}</p>')
    assert lines(article(html)) == [" ".join(long.split()), LAST]
