"""What a page is: article, static page, document, listing, file, or a refusal with its kind."""

# ruff: noqa: E501 - markup stands as pages print it

from __future__ import annotations

import encodings.aliases
from datetime import date

import pytest

from gvreader.extract.page.charset import declared
from gvreader.model import Article, Listing, Media, Refusal
from tests.extract.pages import FIRST, HOST, LAST, URL, article, page, read, refusal
from tests.packing import gzipped

BODY = f"<p>{FIRST}</p><p>{LAST}</p>"


def bare(text: str, *, title: str = "", head: str = "") -> str:
    return f"<html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{text}</body></html>"


# ── refusals ────────────────────────────────────────────────────────────────────────────────────

SOFT_404 = [
    bare("<h1>404 Not Found</h1>", title="404 Not Found"),
    bare("<p>Không tìm thấy trang bạn yêu cầu.</p>", title="Trang thông tin điện tử huyện"),
    page("<p>Bài viết không tồn tại hoặc đã bị xóa.</p>", title="Thông báo", date=""),
    page(
        "<p>Trang bạn đang tìm kiếm không tồn tại. Vui lòng quay lại trang chủ.</p>", title="Lỗi 404", date=""
    ),
    page(
        "<p>Nội dung này hiện không tồn tại trên hệ thống!</p>",
        title="Trang thông tin điện tử huyện",
        date="",
    ),
    page("<p>Không có dữ liệu</p>", title="Tin tức", date=""),
]


@pytest.mark.parametrize("html", SOFT_404)
def test_soft_404(html: str) -> None:
    assert refusal(html).kind == "soft-404"


CHALLENGES = [
    "<html><body><script>document.cookie='D1N=8f3a;path=/';window.location.reload(true);</script></body></html>",
    bare(
        "<h1>Just a moment...</h1><p>Checking your browser before accessing the site.</p>",
        title="Just a moment...",
    ),
    bare("<p>Vui lòng xác minh bạn không phải là robot</p><div class='g-recaptcha'></div>", title="Xác minh"),
    bare(
        "<noscript>Please enable JavaScript and cookies</noscript><script>location.href='/x?__c=1'</script>"
    ),
    bare("", head='<meta http-equiv="refresh" content="0; url=/?ddos=1">'),
]


@pytest.mark.parametrize("html", CHALLENGES)
def test_challenges(html: str) -> None:
    assert refusal(html).kind == "challenge"


@pytest.mark.parametrize(
    "html",
    [
        bare("<h1>Hệ thống đang bảo trì</h1><p>Vui lòng quay lại sau.</p>", title="Bảo trì"),
        bare("<p>Website đang được nâng cấp, xin quý vị thông cảm.</p>", title="Cổng thông tin điện tử"),
        bare("<h1>503 Service Temporarily Unavailable</h1>", title="503 Service Temporarily Unavailable"),
    ],
)
def test_maintenance(html: str) -> None:
    assert refusal(html).kind == "maintenance"


@pytest.mark.parametrize(
    "html",
    [
        '<html><head><meta http-equiv="refresh" content="0; url=/trang-chu.html"></head><body></body></html>',
        """<html><head><META HTTP-EQUIV=Refresh CONTENT="2;URL='trang-chu.html'"></head><body>Đang chuyển…</body></html>""",
        '<html><body><script>window.location.href = "/trang-chu.html";</script></body></html>',
        "<html><body><script>location.replace('trang-chu.html')</script></body></html>",
        '<html><head><title>UBND huyện</title></head><frameset rows="100%"><frame src="trang-chu.html"></frameset></html>',
    ],
)
def test_a_page_that_only_leads_on(html: str) -> None:
    found = read(html, f"{HOST}/").page
    assert isinstance(found, Listing), found
    assert ([request.url for request in found.next], found.items) == ([f"{HOST}/trang-chu.html"], ())


@pytest.mark.parametrize("target", ["", "/", "https://elsewhere.example/", "javascript:void(0)"])
def test_a_page_that_leads_nowhere_else(target: str) -> None:
    html = f'<html><head><meta http-equiv="refresh" content="0; url={target}"></head><body></body></html>'
    assert isinstance(read(html, f"{HOST}/").page, Refusal)


def test_a_login_page() -> None:
    form = '<h1>Đăng nhập</h1><form><label>Tài khoản</label><input name="u"><label>Mật khẩu</label><input type="password"></form>'
    found = refusal(bare(form, title="Đăng nhập hệ thống"))
    assert (found.kind, found.detail) == ("not-article", "a login form")


@pytest.mark.parametrize(
    "html", ["", " ", "<html></html>", "<html><body></body></html>", bare("&nbsp;"), "<!-- x -->"]
)
def test_empty_pages(html: str) -> None:
    assert refusal(html).kind == "no-body"


STATUSES = [
    (404, "<h1>Not found</h1>", "http-status"),
    (410, "", "http-status"),
    (500, "<h1>Server Error</h1>", "http-status"),
    (503, bare("<p>Hệ thống đang bảo trì</p>"), "maintenance"),
    (403, bare("<p>Checking your browser before accessing</p>"), "challenge"),
    (403, "Forbidden", "http-status"),
    (429, "Too many requests", "http-status"),
]


@pytest.mark.parametrize(("status", "html", "kind"), STATUSES)
def test_statuses(status: int, html: str, kind: str) -> None:
    found = refusal(html, status=status)
    assert found.kind == kind
    assert found.detail.startswith(str(status))


def test_an_articles_words_do_not_make_it_a_refusal() -> None:
    text = "<p>Hệ thống đang bảo trì nên trang web không tìm thấy; captcha của Cổng dịch vụ công đã được thay, error 404.</p>"
    assert (
        article(page(BODY + text, title="Thông báo bảo trì hệ thống điện")).title
        == "Thông báo bảo trì hệ thống điện"
    )


def test_a_short_dated_notice_is_an_article() -> None:
    found = article(
        page("<p>Tạm ngừng cấp điện để bảo trì đường dây từ 7h đến 11h.</p>", title="Thông báo cắt điện")
    )
    assert found.published == date(2023, 2, 7)


def test_a_login_form_in_the_corner_is_none_of_the_articles_business() -> None:
    assert article(page(BODY, after='<form><input type="password"></form>')).published == date(2023, 2, 7)


# ── bytes ───────────────────────────────────────────────────────────────────────────────────────


def test_a_body_that_is_not_what_its_coding_says() -> None:
    broken = bytearray(gzipped(page(BODY).encode()))
    broken[-6] ^= 0xFF
    found = refusal(bytes(broken), headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip")))
    assert found.kind == "bad-encoding"


def test_a_compressed_body_that_is_cut() -> None:
    cut = gzipped(page(BODY).encode())[:-20]
    found = refusal(cut, headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip")))
    assert found.kind == "truncated"


def test_a_bomb_is_too_large() -> None:
    bomb = gzipped(b"\0" * 40_000_000)
    assert refusal(bomb, headers=(("Content-Encoding", "gzip"),)).kind == "too-large"


def test_a_compressed_page() -> None:
    packed = gzipped(page(BODY).encode())
    assert article(packed, headers=(("Content-Encoding", "gzip"),)).text == f"{FIRST}\n\n{LAST}"


def test_noise_that_calls_itself_a_page() -> None:
    noise = bytes((byte * 7 + 131) % 256 for byte in range(4000))
    assert isinstance(read(noise).page, Refusal)


FILES = [
    (b"%PDF-1.4 ...", "application/pdf", "application/pdf"),
    (b"%PDF-1.4 ...", "text/html", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n....", "image/png", "image/png"),
    (b"\xff\xd8\xff\xe0....", "application/octet-stream", "image/jpeg"),
    (b"PK\x03\x04....", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", "application/msword"),
    (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "text/html", "image/webp"),
    (b"body{color:red}", "text/css", "text/css"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "declared", "media_type"), FILES)
def test_files_are_media(body: bytes, declared: str, media_type: str) -> None:
    found = read(body, f"{HOST}/f/x", headers=(("Content-Type", declared),)).page
    assert isinstance(found, Media)
    assert (found.media_type, found.bytes) == (media_type, len(body))


@pytest.mark.parametrize("declared", ["application/octet-stream", "text/plain", "application/pdf", ""])
def test_a_page_is_a_page_whatever_its_header_says(declared: str) -> None:
    assert article(page(BODY), headers=(("Content-Type", declared),)).text.startswith(FIRST)


# ── charsets ────────────────────────────────────────────────────────────────────────────────────

CHARSETS = [
    ("utf-8", "text/html; charset=windows-1252", ""),
    ("utf-8", "text/html; charset=iso-8859-1", "windows-1258"),
    ("utf-8-sig", "text/html; charset=us-ascii", ""),
    ("utf-16", "text/html", ""),
    ("utf-16-le", "text/html; charset=utf-8", "utf-8"),
    ("cp1258", "text/html; charset=windows-1258", ""),
    ("cp1258", "text/html", "windows-1258"),
    ("cp1258", "text/html; charset=iso-8859-1", ""),
    ("cp1258", "text/html; charset=utf-8", "utf-8"),
]


def _to_1258(text: str) -> bytes:
    """Text in windows-1258: letters it lacks are written as a base letter and a combining tone."""
    import unicodedata

    pieces: list[bytes] = []
    for letter in text:
        decomposed = unicodedata.normalize("NFD", letter)
        tones = [mark for mark in decomposed if mark in "\u0300\u0301\u0303\u0309\u0323"]
        base = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in tones))
        pieces.append((base + "".join(tones)).encode("cp1258"))
    return b"".join(pieces)


@pytest.mark.parametrize(("charset", "header", "meta"), CHARSETS)
def test_lying_and_old_charsets(charset: str, header: str, meta: str) -> None:
    html = page(BODY).replace('<meta charset="utf-8">', f'<meta charset="{meta}">' if meta else "")
    raw = _to_1258(html) if charset == "cp1258" else html.encode(charset)
    found = article(raw, headers=(("Content-Type", header),))
    assert found.text == f"{FIRST}\n\n{LAST}"
    assert found.title == "UBND huyện tổ chức hội nghị sơ kết"


@pytest.mark.parametrize("name", sorted({*encodings.aliases.aliases.values(), "undefined", "idna", "mbcs"}))
def test_whatever_codec_of_python_a_page_names_it_is_read(name: str) -> None:
    raw = _to_1258(page(BODY).replace('<meta charset="utf-8">', f'<meta charset="{name}">'))
    found = read(raw, headers=(("Content-Type", f"text/html; charset={name}"),))
    assert isinstance(found.page, Article | Refusal)


def test_a_codec_that_is_no_charset_counts_for_nothing() -> None:
    for name in ("undefined", "idna", "punycode", "rot13", "zlib", "unicode_escape", "utf-7", "utf-32"):
        assert declared(b"", f"text/html; charset={name}") is None
    assert declared(b"", "text/html; charset=windows-874") == "cp874"


def test_a_few_broken_bytes_do_not_change_the_charset() -> None:
    raw = page(BODY).encode().replace("họp".encode(), b"h\xe1p", 1).replace("Xuân".encode(), b"Xu\xc3n")
    assert "triển khai nhiệm vụ trọng tâm quý II" in article(raw).text


def test_tcvn3_and_vni_fonts() -> None:
    tcvn3 = page(
        "<p>®ång chÝ Phã Chñ tÞch UBND huyÖn Gia ViÔn ph¸t biÓu t¹i héi nghÞ s¬ kÕt c«ng t¸c quý I cña huyÖn.</p>",
        title="Hoi nghi so ket",
    )
    raw = (
        tcvn3.replace("<body>", '<body style="font-family:.VnTime">')
        .encode("latin-1", "ignore")
        .replace(b'<meta charset="utf-8">', b"")
    )
    assert (
        article(raw, headers=()).text
        == "đồng chí Phó Chủ tịch UBND huyện Gia Viễn phát biểu tại hội nghị sơ kết công tác quý I của huyện."
    )
    vni = page(
        "<p>Ñoàng chí Phoù Chuû tòch huyeän Gia Vieãn phaùt bieåu taïi hoäi nghò, ngöôøi daân thöïc hieän nöôùc saïch.</p>",
        title="Hoi nghi so ket",
    )
    raw = (
        vni.replace("<body>", '<body><font face="VNI-Times">')
        .encode("cp1252", "ignore")
        .replace(b'<meta charset="utf-8">', b"")
    )
    assert (
        article(raw, headers=()).text
        == "Đồng chí Phó Chủ tịch huyện Gia Viễn phát biểu tại hội nghị, người dân thực hiện nước sạch."
    )


# ── kinds of articles ───────────────────────────────────────────────────────────────────────────


def test_a_static_page() -> None:
    found = article(
        page(BODY, title="Giới thiệu chung", date=""), f"{HOST}/gioi-thieu/gioi-thieu-chung-3.html"
    )
    assert (found.kind, found.published, found.title) == ("page", None, "Giới thiệu chung")


CELLS = (
    ("Số ký hiệu", "78/2008/QĐ-UBND"),
    ("Ngày ban hành", "30/12/2008"),
    ("Cơ quan ban hành", "UBND tỉnh Ninh Bình"),
    ("Người ký", "Nguyễn Văn Thử"),
    ("Trích yếu", "Ban hành Quy định về quản lý nhà nước trên địa bàn tỉnh"),
    ("Loại văn bản", "Quyết định"),
)
FILE = '<p>Tải về: <a href="/vb/78.pdf">78-QD-UBND.pdf</a></p>'


@pytest.mark.parametrize(
    "cells",
    [
        "<table border=1>"
        + "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in CELLS)
        + "</table>",
        "<table>"
        + "".join(f"<tr><td><b>{label}:</b></td><td>{value}</td></tr>" for label, value in CELLS)
        + "</table>",
        "<dl>" + "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in CELLS) + "</dl>",
        "".join(
            f'<div class="row"><div class="col-3">{label}</div><div class="col-9">{value}</div></div>'
            for label, value in CELLS
        ),
        "".join(f"<p><b>{label}:</b> {value}</p>" for label, value in CELLS),
    ],
)
def test_documents(cells: str) -> None:
    html = page(cells + FILE, title="Chi tiết văn bản", date="")
    found = article(html, f"{HOST}/van-ban/78-2008-qd-ubnd")
    assert found.kind == "document"
    assert (found.number, found.published) == ("78/2008/QĐ-UBND", date(2008, 12, 30))
    assert (found.author, found.organisation) == ("Nguyễn Văn Thử", "UBND tỉnh Ninh Bình")
    assert found.title == "Ban hành Quy định về quản lý nhà nước trên địa bàn tỉnh"
    assert [one.url for one in found.attachments] == [f"{HOST}/vb/78.pdf"]
    assert found.text == ""


def test_the_number_in_a_title_of_its_own() -> None:
    assert article(page(BODY, title="Kế hoạch số 15/KH-UBND về phòng, chống dịch")).number == "15/KH-UBND"
    assert article(page(BODY, title="Triển khai Kế hoạch số 15/KH-UBND")).number is None


# ── fingerprints ────────────────────────────────────────────────────────────────────────────────


def test_the_fingerprint_of_a_soft_404_ignores_counters_and_the_address() -> None:
    def missing(path: str, count: int) -> str:
        return page(
            f"<p>Xin lỗi, {path} chưa có nội dung. Lượt truy cập: {count}</p>", date="", title="Thông báo"
        )

    one = read(missing("/abc-xyz.html", 12), f"{HOST}/abc-xyz.html")
    other = read(
        missing("/khac-hoan-toan.html", 977).replace("Thứ bảy, 31/05/2025", "Chủ nhật, 01/06/2025"),
        f"{HOST}/khac-hoan-toan.html",
    )
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint != read(page(BODY), URL).fingerprint


def test_a_json_answer_of_a_page_method() -> None:
    found = read(
        '{"d": "<ul><li><a href=\\"/tin/mot-tin-cua-huyen-1\\">Một tin của huyện</a> 01/02/2023</li><li><a href=\\"/tin/hai-tin-cua-huyen-2\\">Hai tin của huyện</a> 02/02/2023</li></ul>"}',
        f"{HOST}/LoadArticle",
    ).page
    assert isinstance(found, Listing)
    assert [item.title for item in found.items] == ["Một tin của huyện", "Hai tin của huyện"]


def test_an_error_page_that_offers_the_newest_articles() -> None:
    newest = "".join(
        f'<li><a href="/tin/mot-tin-moi-cua-huyen-{n}.html">Một tin mới của huyện trong tuần {n}</a> 0{n}/02/2023</li>'
        for n in range(1, 6)
    )
    html = page(f"<p>Bài viết bạn tìm không tồn tại.</p><ul>{newest}</ul>", date="", title="Thông báo")
    assert refusal(html).kind == "soft-404"


def test_a_page_that_only_promises_text() -> None:
    found = refusal(page("<p>Nội dung đang được cập nhật...</p>", date="", title="Lịch sử hình thành"))
    assert (found.kind, found.detail) == ("no-body", "Nội dung đang được cập nhật...")
