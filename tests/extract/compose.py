"""Pages of portals that nobody has declared: one content, many layouts, and the truth beside each page.

The content is fixed by a seed and written down before it is rendered, so what a test expects never passes
through the parser. Layouts imitate page styles, not families: semantic HTML, tables and fonts, class names
without meaning, common systems, flat pages.
"""

# ruff: noqa: E501 - markup stands as pages print it

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape

SITE = "Trang thông tin điện tử huyện Thử Nghiệm"
HOST = "https://thunghiem.example.gov.vn"
SECTIONS = (("tin-tuc", "Tin tức - Sự kiện"), ("van-hoa", "Văn hóa - Xã hội"), ("kinh-te", "Kinh tế"))
STATIC = ("gioi-thieu-chung", "Giới thiệu chung")
CLOCK = "Thứ bảy, 31/05/2025 | 08:15"
WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")

_SUBJECTS = (
    "UBND huyện",
    "Hội Nông dân huyện",
    "Ban Thường vụ Huyện ủy",
    "Huyện đoàn",
    "Phòng Văn hóa và Thông tin",
    "Công an huyện",
    "Hội LHPN huyện",
    "Trung tâm Y tế huyện",
)
_VERBS = (
    "tổ chức hội nghị sơ kết",
    "triển khai kế hoạch",
    "kiểm tra tiến độ",
    "ra mắt mô hình",
    "tập huấn nghiệp vụ",
    "phát động phong trào",
    "trao quà hỗ trợ",
    "tuyên truyền pháp luật",
)
_OBJECTS = (
    "xây dựng nông thôn mới nâng cao",
    "chuyển đổi số cấp xã",
    "phòng, chống dịch bệnh trên đàn vật nuôi",
    "an toàn giao thông đường thủy",
    "giảm nghèo bền vững",
    "bảo vệ môi trường làng nghề",
    "toàn dân đoàn kết xây dựng đời sống văn hóa",
    "cải cách thủ tục hành chính",
)
_TIMES = (
    "6 tháng đầu năm 2023",
    "quý III năm 2022",
    "năm 2024",
    "giai đoạn 2021 - 2025",
    "trên địa bàn",
    "tại xã Gia Hòa",
)
_SENTENCES = (
    "Dự hội nghị có các đồng chí lãnh đạo huyện, đại diện các phòng, ban, ngành và chủ tịch UBND các xã, thị trấn.",
    "Trong thời gian qua, công tác này được cấp ủy, chính quyền các cấp quan tâm chỉ đạo và đạt nhiều kết quả quan trọng.",
    "Toàn huyện có 21 xã, thị trấn với 195 khu dân cư, trong đó 187 khu dân cư đạt danh hiệu văn hóa.",
    "Tuy nhiên, việc triển khai ở một số địa phương còn chậm, nguồn lực đầu tư hạn chế, nhận thức của một bộ phận người dân chưa cao.",
    "Phát biểu kết luận, đồng chí Chủ tịch UBND huyện yêu cầu các đơn vị tập trung khắc phục tồn tại, hoàn thành chỉ tiêu được giao.",
    "Nhân dịp này, 15 tập thể và 32 cá nhân có thành tích xuất sắc được tặng Giấy khen.",
    "Các đại biểu đã thảo luận, làm rõ nguyên nhân và đề xuất giải pháp trong thời gian tới.",
    "Đến ngày 30/6, tổng thu ngân sách trên địa bàn đạt 58,4% dự toán, tăng 12% so với cùng kỳ.",
    "Huyện phấn đấu đến cuối năm có thêm 2 xã đạt chuẩn nông thôn mới kiểu mẫu theo Quyết định số 78/2023/QĐ-UBND.",
    "Người dân có thể nộp hồ sơ trực tuyến tại Cổng dịch vụ công và nhận kết quả qua bưu điện.",
    "Mô hình được nhân rộng ra các thôn, xóm, góp phần nâng cao thu nhập cho hội viên.",
    "Sau buổi lễ, đoàn đã đến thăm, tặng quà các gia đình chính sách tiêu biểu.",
)
_OPENINGS = (
    "Sáng ngày 07/2, ",
    "Chiều ngày 8/12, ",
    "Ngày 15/6, ",
    "Vừa qua, ",
    "Thực hiện kế hoạch công tác năm, ",
)
_CAPTIONS = (
    "Quang cảnh hội nghị",
    "Đ/c Nguyễn Văn Thử - Phó Chủ tịch UBND huyện phát biểu tại hội nghị",
    "Các đại biểu dự hội nghị. (Ảnh: Thu Hà)",
    "Đại diện lãnh đạo huyện trao quà cho các gia đình",
)
_SIGNOFFS: tuple[tuple[str, str | None, str | None], ...] = (
    ("Hồng Hạ (Trung tâm VHTT&TT)", "Hồng Hạ", "Trung tâm VHTT&TT"),
    ("T.H", "T.H", None),
    ("Tin, ảnh: Thu Hà", "Thu Hà", None),
    ("Nguồn: Báo Ninh Bình", None, "Báo Ninh Bình"),
    ("BBT", "BBT", None),
    ("Tác giả: Minh Tú", "Minh Tú", None),
    ("Nguyễn Thị Lan", "Nguyễn Thị Lan", None),
    ("Bài và ảnh: Đức Hùng - Văn phòng HĐND&UBND", "Đức Hùng", "Văn phòng HĐND&UBND"),
    ("", None, None),
)


@dataclass(frozen=True)
class Part:
    """A piece of a body: kind `p`, `h`, `li` (several lines), `table` (rows), `figure` (address, caption), `quote`."""

    kind: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    image: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Story:
    """One article as its author knows it."""

    number: int
    title: str
    published: date | datetime
    section: tuple[str, str]
    lead: str
    parts: tuple[Part, ...]
    signoff: str
    author: str | None
    organisation: str | None
    attachments: tuple[tuple[str, str], ...] = ()
    related: tuple[tuple[str, str, str], ...] = field(default=())

    @property
    def slug(self) -> str:
        plain = "".join(
            one
            for one in unicodedata.normalize("NFD", self.title.lower().replace("đ", "d"))
            if not unicodedata.combining(one)
        )
        return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")

    @property
    def path(self) -> str:
        return f"/{self.section[0]}/{self.slug}-{self.number}.html"

    @property
    def lines(self) -> list[str]:
        """The text that the body must give: one entry per block or table row."""
        found: list[str] = []
        for part in self.parts:
            if part.kind == "table":
                found += [" | ".join(row) for row in part.rows]
            elif part.kind != "figure":
                found += part.lines
        return found

    @property
    def images(self) -> list[tuple[str, str | None]]:
        return [(HOST + part.image, part.caption or None) for part in self.parts if part.kind == "figure"]


def story(seed: int) -> Story:
    """An article, the same for the same seed."""
    chance = random.Random(seed)
    title = f"{chance.choice(_SUBJECTS)} {chance.choice(_VERBS)} {chance.choice(_OBJECTS)} {chance.choice(_TIMES)}"
    day = date(chance.randint(2015, 2024), chance.randint(1, 12), chance.randint(1, 28))
    published: date | datetime = (
        day
        if chance.random() < 0.6
        else datetime(day.year, day.month, day.day, chance.randint(0, 23), chance.randint(0, 59))
    )
    parts: list[Part] = []
    for place in range(chance.randint(3, 8)):
        text = " ".join(chance.sample(_SENTENCES, chance.randint(1, 4)))
        if place == 0:
            text = chance.choice(_OPENINGS) + title[0].lower() + title[1:] + ". " + text
        parts.append(Part("p", (text,)))
    extras = [
        Part("h", ("Kết quả đạt được",)),
        Part("li", tuple(chance.sample(_SENTENCES, 3))),
        Part(
            "table",
            rows=(
                ("STT", "Đơn vị", "Kết quả"),
                ("1", "Xã Gia Hòa", "98,5%"),
                ("2", "Xã Gia Hưng", "97%"),
                ("3", "Thị trấn Me", "95%"),
            ),
        ),
        Part("figure", image=f"/uploads/{seed}/anh%201.jpg", caption=chance.choice(_CAPTIONS)),
        Part("figure", image=f"/uploads/{seed}/anh-2.jpg", caption=chance.choice(("", *_CAPTIONS))),
        Part("quote", ("“Chúng tôi sẽ tiếp tục đồng hành cùng bà con nông dân trong sản xuất”.",)),
    ]
    for extra in chance.sample(extras, chance.randint(0, 4)):
        parts.insert(chance.randint(1, len(parts) - 1), extra)
    signoff, author, organisation = chance.choice(_SIGNOFFS)
    lead = chance.choice(
        (
            "",
            "",
            "Hội nghị nhằm đánh giá kết quả thực hiện nhiệm vụ và bàn giải pháp cho thời gian tới của toàn huyện.",
        )
    )
    files = (
        ((f"/uploads/files/Kế hoạch {seed}.pdf", f"Kế hoạch số {seed}/KH-UBND"),)
        if chance.random() < 0.3
        else ()
    )
    related = tuple(
        (
            f"/tin-tuc/tin-lien-quan-so-{seed}-{n}-{900 + n}.html",
            f"{chance.choice(_SUBJECTS)} {chance.choice(_VERBS)} {chance.choice(_OBJECTS)}",
            f"0{n}/03/2023",
        )
        for n in range(1, 5)
    )
    return Story(
        100 + seed,
        title,
        published,
        chance.choice(SECTIONS),
        lead,
        tuple(parts),
        signoff,
        author,
        organisation,
        files,
        related,
    )


def date_text(published: date | datetime, style: int) -> str:
    """A date line in one of the spellings that portals use."""
    day = f"{published.day:02d}/{published.month:02d}/{published.year}"
    weekday = WEEKDAYS[published.weekday()]
    if isinstance(published, datetime):
        clock = f"{published.hour:02d}:{published.minute:02d}"
        return (
            f"{weekday}, {day} | {clock}",
            f"{weekday} - {day} {clock}",
            f"Cập nhật lúc: {clock} {day}",
            f"Đăng lúc {clock}, ngày {day}",
            f"{clock} | {day}",
            f"{weekday}, {day} - {clock} (GMT+7)",
        )[style % 6]
    return (
        f"{weekday}, {day}",
        f"Đăng ngày {day}",
        f"Ngày đăng: {day}",
        f"({day})",
        f"Ngày {published.day:02d} tháng {published.month:02d} năm {published.year}",
        day,
    )[style % 6]


# ── pieces of markup ────────────────────────────────────────────────────────────────────────────


def figure_html(part: Part, style: str) -> str:
    source, caption = escape(part.image), escape(part.caption)
    if style == "figure":
        return (
            f'<figure><img src="{source}" alt=""><figcaption>{caption}</figcaption></figure>'
            if caption
            else f'<figure><img src="{source}"></figure>'
        )
    if style == "italic":
        return (
            f'<p style="text-align: center;"><img src="/images/blank.gif" data-original="{source}"></p>'
            + (f'<p style="text-align: center;"><em>{caption}</em></p>' if caption else "")
        )
    if style == "table":
        return (
            f'<table align="center" class="image"><tr><td><img src="{source}" width="600"></td></tr>'
            + (f"<tr><td>{caption}</td></tr>" if caption else "")
            + "</table>"
        )
    if style == "wp":
        return (
            f'<div class="wp-caption aligncenter"><img src="{source}" srcset="{source} 600w, {source} 1200w"><p class="wp-caption-text">{caption}</p></div>'
            if caption
            else f'<p><img src="{source}"></p>'
        )
    return f'<p><img src="{source}"></p>' + (f"<p>{caption}</p>" if caption else "")


def body_html(
    story: Story, *, paragraph: str = "<p>{}</p>", figure: str = "plain", heading: str = "<h3>{}</h3>"
) -> str:
    pieces: list[str] = []
    for part in story.parts:
        if part.kind == "p":
            pieces += [paragraph.format(escape(line)) for line in part.lines]
        elif part.kind == "h":
            pieces.append(heading.format(escape(part.lines[0])))
        elif part.kind == "li":
            pieces.append("<ul>" + "".join(f"<li>{escape(line)}</li>" for line in part.lines) + "</ul>")
        elif part.kind == "quote":
            pieces.append(f"<blockquote><p>{escape(part.lines[0])}</p></blockquote>")
        elif part.kind == "table":
            rows = "".join(
                "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in part.rows
            )
            pieces.append(f'<table border="1" cellspacing="0"><tbody>{rows}</tbody></table>')
        else:
            pieces.append(figure_html(part, figure))
    return "\n".join(pieces)


def menu_html(open_tag: str = "<ul>", close: str = "</ul>") -> str:
    links = "".join(f'<li><a href="/{slug}">{escape(title)}</a></li>' for slug, title in SECTIONS)
    return f'{open_tag}<li><a href="/">Trang chủ</a></li><li><a href="/{STATIC[0]}.html">{STATIC[1]}</a></li>{links}{close}'


def related_html(story: Story, item: str = '<li><a href="{}">{}</a> <span>({})</span></li>') -> str:
    return "".join(item.format(escape(url), escape(title), day) for url, title, day in story.related)


def files_html(story: Story) -> str:
    return "".join(
        f'<p>File đính kèm: <a href="{escape(url)}">{escape(name)}</a></p>' for url, name in story.attachments
    )


# ── layouts ─────────────────────────────────────────────────────────────────────────────────────


def semantic(story: Story, style: int) -> str:
    lead = f'<p class="lead">{escape(story.lead)}</p>' if story.lead else ""
    sign = f'<p class="byline">{escape(story.signoff)}</p>' if story.signoff else ""
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{escape(story.title)} | {SITE}</title>
<meta property="og:title" content="{escape(story.title)}"></head><body>
<header><a href="/"><img src="/logo.png" alt="{SITE}"></a><p>{CLOCK}</p><nav>{menu_html()}</nav></header>
<main><nav aria-label="breadcrumb"><ol><li><a href="/">Trang chủ</a></li><li><a href="/{story.section[0]}">{escape(story.section[1])}</a></li></ol></nav>
<article><header><h1>{escape(story.title)}</h1><time>{date_text(story.published, style)}</time></header>{lead}
<section>{body_html(story, figure="figure")}{files_html(story)}{sign}</section>
<footer><a href="https://facebook.com/share">Chia sẻ Facebook</a> <button>In bài</button><p>Lượt xem: 1234</p></footer></article>
<section><h2>Tin liên quan</h2><ul>{related_html(story)}</ul></section></main>
<aside><h2>Tin mới nhất</h2><ul><li><a href="/tin-tuc/mot-tin-moi-nhat-999.html">Một tin mới nhất trong ngày hôm nay của huyện</a></li></ul><p>Đường dây nóng: 0229 3868 686. Tiếp nhận phản ánh, kiến nghị của tổ chức, cá nhân 24/7.</p></aside>
<footer><p>Cơ quan chủ quản: UBND huyện Thử Nghiệm. Giấy phép số 12/GP-TTĐT. Chịu trách nhiệm: Văn phòng HĐND&UBND huyện.</p><p>Tổng lượt truy cập: 1.234.567</p></footer></body></html>"""


def tables_and_fonts(story: Story, style: int) -> str:
    lead = f"<tr><td><font size=2><b>{escape(story.lead)}</b></font></td></tr>" if story.lead else ""
    body = body_html(story, paragraph="{}<br><br>", figure="table", heading="<b>{}</b><br><br>")
    sign = f'<div align="right"><b>{escape(story.signoff)}</b></div>' if story.signoff else ""
    related = related_html(
        story,
        '<tr><td><img src="/images/bullet.gif"> <a href="{}">{}</a> <font color=gray>({})</font></td></tr>',
    )
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{SITE}</title></head><body bgcolor=white>
<table width=1000 align=center cellpadding=0><tr><td colspan=3><a href="/"><img src="/images/banner.jpg" width=1000 alt="{SITE}"></a></td></tr>
<tr><td colspan=3 bgcolor=red><a href="/">Trang chủ</a> | <a href="/{STATIC[0]}.html">{STATIC[1]}</a> | {" | ".join(f'<a href="/{slug}">{escape(title)}</a>' for slug, title in SECTIONS)} &nbsp; {CLOCK}</td></tr>
<tr><td width=200 valign=top><table><tr><td><b>LIÊN KẾT</b></td></tr><tr><td><a href="http://chinhphu.vn">Chính phủ</a></td></tr><tr><td>Số lượt truy cập: 54321</td></tr></table></td>
<td valign=top><table width="100%"><tr><td><font color=red><b>{escape(story.section[1])}</b></font></td></tr>
<tr><td><font size=4 color=blue><b>{escape(story.title)}</b></font></td></tr><tr><td><font size=1><i>{date_text(story.published, style)}</i></font></td></tr>{lead}
<tr><td align=justify>{body}{sign}</td></tr><tr><td>{files_html(story)}</td></tr>
<tr><td align=right><a href="javascript:window.print()">In trang</a> | <a href="/gui-email?id=1">Gửi email</a> | <a href="javascript:history.back()">Quay lại</a></td></tr>
<tr><td><b>Các tin khác:</b></td></tr>{related}</table></td>
<td width=180 valign=top><table><tr><td><b>THÔNG BÁO</b></td></tr><tr><td><a href="/tin-tuc/thong-bao-1-990.html">Thông báo lịch tiếp công dân tháng này</a></td></tr></table></td></tr>
<tr><td colspan=3>Bản quyền thuộc UBND huyện Thử Nghiệm. Địa chỉ: Thị trấn Thử. Điện thoại: 0229.123456. Email: vanphong@example.gov.vn</td></tr></table></body></html>"""


def hashed(story: Story, style: int) -> str:
    lead = f'<div class="k3Lw"><span>{escape(story.lead)}</span></div>' if story.lead else ""
    body = body_html(
        story,
        paragraph='<div class="z9Qe">{}</div>',
        figure="plain",
        heading='<div class="z9Qe"><b>{}</b></div>',
    )
    sign = (
        f'<div class="z9Qe" style="text-align:right"><i>{escape(story.signoff)}</i></div>'
        if story.signoff
        else ""
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(story.title)}</title></head><body><div id="root"><div class="a1B2"><div class="c3D4"><a href="/">{SITE}</a></div><div class="e5">{CLOCK}</div>
<div class="f6">{"".join(f'<a class="g7" href="/{slug}">{escape(title)}</a>' for slug, title in SECTIONS)}<a class="g7" href="/{STATIC[0]}.html">{STATIC[1]}</a></div></div>
<div class="h8"><div class="i9"><div class="j0"><a href="/">Trang chủ</a> / <a href="/{story.section[0]}">{escape(story.section[1])}</a></div><div class="tT1">{escape(story.title)}</div><div class="dD2"><span>{date_text(story.published, style)}</span><span> · </span><span>1.024 lượt xem</span></div>
{lead}<div class="bB3">{body}{files_html(story)}{sign}</div><div class="sS4"><span>Chia sẻ:</span><a href="https://zalo.me/share">Zalo</a></div>
<div class="rR5"><div class="hH6">Bài viết khác</div>{related_html(story, '<div class="iI7"><a href="{}">{}</a><div>{}</div></div>')}</div></div>
<div class="k1"><div class="hH6">Đọc nhiều</div><div class="iI7"><a href="/kinh-te/tin-doc-nhieu-mot-980.html">Giá nông sản hôm nay tăng nhẹ tại các chợ đầu mối</a></div><div class="iI7"><a href="/kinh-te/tin-doc-nhieu-hai-981.html">Lịch cắt điện tuần tới trên địa bàn huyện</a></div></div></div>
<div class="m2"><div>© 2025 UBND huyện Thử Nghiệm</div><div>Ghi rõ nguồn khi phát hành lại thông tin từ trang này</div></div></div></body></html>"""


def blog(story: Story, style: int) -> str:
    lead = f'<div class="entry-summary"><p>{escape(story.lead)}</p></div>' if story.lead else ""
    sign = (
        f'<p style="text-align: right;"><strong>{escape(story.signoff)}</strong></p>' if story.signoff else ""
    )
    return f"""<!DOCTYPE html><html lang="vi-VN"><head><meta charset="UTF-8"><title>{escape(story.title)} - {SITE}</title><link rel="alternate" type="application/rss+xml" href="/feed/"></head><body class="single single-post has-sidebar">
<div id="page" class="site"><header id="masthead" class="site-header"><p class="site-title"><a href="/">{SITE}</a></p><div class="top-date">{CLOCK}</div><nav id="site-navigation" class="main-navigation">{menu_html('<ul id="primary-menu" class="menu">')}</nav></header>
<div id="content" class="site-content"><div id="primary"><main id="main"><div class="breadcrumbs"><span><a href="/">Trang chủ</a> » <a href="/{story.section[0]}">{escape(story.section[1])}</a> » {escape(story.title)}</span></div>
<article class="post type-post hentry"><header class="entry-header"><h1 class="entry-title">{escape(story.title)}</h1><div class="entry-meta"><span class="posted-on">{date_text(story.published, style)}</span> <span class="views">Lượt xem: 87</span></div></header>{lead}
<div class="entry-content">{body_html(story, figure="wp")}{files_html(story)}{sign}<div class="sharedaddy sd-sharing"><h3>Chia sẻ:</h3><ul><li><a href="https://twitter.com/share">Twitter</a></li></ul></div><div id="jp-relatedposts" class="jp-relatedposts"><h3>Liên quan</h3>{related_html(story, '<div><a href="{}">{}</a><p>{}</p></div>')}</div></div>
<footer class="entry-footer"><span class="tags-links">Tags: <a href="/tag/a">nông thôn mới</a>, <a href="/tag/b">chuyển đổi số</a></span></footer></article>
<div id="comments" class="comments-area"><h2>Để lại bình luận</h2><p>Email của bạn sẽ không được hiển thị công khai. Các trường bắt buộc được đánh dấu, xin vui lòng nhập đầy đủ thông tin trước khi gửi.</p><form><textarea></textarea></form></div></main></div>
<aside id="secondary" class="widget-area"><section class="widget"><h2>Bài viết mới</h2><ul><li><a href="/tin-tuc/bai-viet-moi-1-991.html">Bài viết mới thứ nhất ở cột bên phải</a></li></ul></section></aside></div>
<footer class="site-footer"><div>Copyright © {SITE}</div></footer></div></body></html>"""


def aspnet(story: Story, style: int) -> str:
    body = body_html(story, paragraph="{}<br />", figure="table", heading="<strong>{}</strong><br />")
    lead = (
        f'<span id="ctl00_main_lblTomTat" class="sapo">{escape(story.lead)}</span><br />'
        if story.lead
        else ""
    )
    sign = (
        f'<p class="MsoNormal" align="right" style="text-align:right"><b><span style="font-size:14.0pt">{escape(story.signoff)}</span></b></p>'
        if story.signoff
        else ""
    )
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>
	{SITE}
</title><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /></head><body><form name="aspnetForm" method="post" action="./chitiet.aspx" id="aspnetForm"><input type="hidden" name="__VIEWSTATE" value="/wEPDwUKMTY1" />
<div id="ctl00_top"><div class="banner"></div><span id="ctl00_lblNgay">{CLOCK}</span><div class="menu_ngang">{menu_html()}</div><input type="text" name="q" /><input type="submit" value="Tìm kiếm" /></div>
<table id="ctl00_tblMain" border="0" width="100%"><tr><td class="cot_trai" valign="top"><div class="box"><div class="box_title">Văn bản mới</div><ul><li><a href="/van-ban/quyet-dinh-so-1-990.html">Quyết định số 1/QĐ-UBND về việc giao dự toán</a></li></ul></div></td>
<td class="cot_giua" valign="top"><div class="tieude_cm"><a href="/{story.section[0]}">{escape(story.section[1])}</a></div><div class="chitiet"><span id="ctl00_main_lblTieuDe" class="tieude_tin">{escape(story.title)}</span><br /><span id="ctl00_main_lblNgayDang" class="ngay_dang">{date_text(story.published, style)}</span><br />{lead}
<div id="ctl00_main_divNoiDung" class="noidung_tin">{body}{sign}</div>{files_html(story)}<div class="congcu"><a href="#">Gửi cho bạn bè</a> <a href="#">Bản in</a></div>
<div class="tin_khac"><b>Tin đã đưa</b><ul>{related_html(story)}</ul></div></div></td></tr></table>
<div id="ctl00_foot" class="footer">Giấy phép thiết lập trang thông tin điện tử số 99/GP-STTTT. Đang truy cập: 5</div></form></body></html>"""


def flat(story: Story, style: int) -> str:
    lead = f"<p><strong>{escape(story.lead)}</strong></p>" if story.lead else ""
    body = body_html(story, figure="italic")
    sign = f"<p>{escape(story.signoff)}</p>" if story.signoff else ""
    # Nothing tells the lead from the body here: it is the body's first paragraph.
    return f"""<html><head><meta charset=utf-8><title>{escape(story.title)} - {SITE}</title></head><body>
<p><a href="/">{SITE}</a></p><p>{CLOCK}</p><p>{" | ".join(f'<a href="/{slug}">{escape(title)}</a>' for slug, title in SECTIONS)}</p><hr>
<h2>{escape(story.title)}</h2><p>{date_text(story.published, style)}</p>{lead}{body}{files_html(story)}{sign}<hr><h3>Tin cùng chuyên mục</h3><ul>{related_html(story)}</ul><hr><p>Bản quyền © UBND huyện Thử Nghiệm</p></body></html>"""


def columns(story: Story, style: int) -> str:
    lead = (
        f'<div class="row"><div class="col-12"><h5 class="font-weight-bold text-justify">{escape(story.lead)}</h5></div></div>'
        if story.lead
        else ""
    )
    sign = f'<p class="text-right font-italic">{escape(story.signoff)}</p>' if story.signoff else ""
    return f"""<!DOCTYPE html><html lang="en-us"><head><meta charset="utf-8"><title>{SITE}</title><meta property="og:title" content="{escape(story.title)}"><meta property="article:published_time" content="{story.published.isoformat()[:10]}"></head><body>
<div class="container-fluid bg-primary"><div class="container"><a class="navbar-brand" href="/">{SITE}</a><span class="small text-white">{CLOCK}</span></div></div><div class="navbar navbar-expand">{menu_html('<ul class="navbar-nav">')}</div>
<div class="container"><ol class="breadcrumb"><li class="breadcrumb-item"><a href="/">Trang chủ</a></li><li class="breadcrumb-item"><a href="/{story.section[0]}">{escape(story.section[1])}</a></li><li class="breadcrumb-item active">{escape(story.title)}</li></ol>
<div class="row"><div class="col-12"><h1 class="h3 mt-3">{escape(story.title)}</h1><p class="text-muted small"><i class="fa fa-clock"></i> {date_text(story.published, style)} <i class="fa fa-eye"></i> 321</p></div></div>{lead}
<div class="row"><div class="col-md-8"><div class="text-justify">{body_html(story, figure="figure")}{sign}</div><div class="card"><div class="card-header">Tệp đính kèm</div><div class="card-body">{files_html(story)}</div></div>
<div class="mt-4"><h4>Tin tức liên quan</h4><div class="row">{related_html(story, '<div class="col-6"><div class="card"><a href="{}"><img src="/thumb.jpg"></a><div class="card-body"><a href="{}">{}</a><small>{}</small></div></div></div>'.replace('<a href="{}"><img src="/thumb.jpg"></a>', ""))}</div></div></div>
<div class="col-md-4"><div class="card"><div class="card-header">Lịch công tác</div><div class="card-body"><p>Lịch làm việc của Thường trực HĐND, lãnh đạo UBND huyện tuần này được cập nhật vào sáng thứ hai hằng tuần tại trang lịch công tác.</p></div></div></div></div></div>
<div class="bg-dark text-white"><div class="container"><p>Chịu trách nhiệm nội dung: Ông Nguyễn Văn A - Chủ tịch UBND huyện. Điện thoại: 0229.3868686</p></div></div></body></html>"""


def joomla(story: Story, style: int) -> str:
    lead = (
        f'<div class="article-intro" itemprop="description"><strong>{escape(story.lead)}</strong></div>'
        if story.lead
        else ""
    )
    body = body_html(story, figure="italic")
    sign = f'<p style="text-align: right;"><em>{escape(story.signoff)}</em></p>' if story.signoff else ""
    return f"""<!DOCTYPE html><html lang="vi-vn"><head><base href="{HOST}{story.path}"><meta charset="utf-8"><meta name="author" content="Super User"><title>{escape(story.title)} - {SITE}</title></head><body class="site com_content view-article">
<div class="body"><div class="container"><header class="header"><a class="brand" href="/"><span class="site-title">{SITE}</span></a><div class="clock">{CLOCK}</div></header><nav class="navigation">{menu_html('<ul class="nav menu nav-pills">')}</nav>
<div class="row-fluid"><div id="aside-left" class="span3"><div class="moduletable"><h3>Đăng nhập</h3><form><input type="text"><input type="password"></form></div></div><main id="content" class="span9"><div class="item-page" itemscope><div class="page-header"><h2 itemprop="headline">{escape(story.title)}</h2></div>
<dl class="article-info muted"><dt class="article-info-term">Chi tiết</dt><dd class="category-name">Chuyên mục: <a href="/{story.section[0]}">{escape(story.section[1])}</a></dd><dd class="published"><time>{date_text(story.published, style)}</time></dd><dd class="hits">Lượt xem: 55</dd></dl>
{lead}<div itemprop="articleBody">{body}{sign}</div>{files_html(story)}<ul class="pager pagenav"><li class="previous"><a href="/tin-tuc/bai-truoc-do-cua-chuyen-muc-889.html">Trước</a></li><li class="next"><a href="/tin-tuc/bai-sau-do-cua-chuyen-muc-891.html">Tiếp</a></li></ul></div></main></div></div></div>
<footer class="footer"><p>© 2025 {SITE}</p></footer></body></html>"""


LAYOUTS: dict[str, Callable[[Story, int], str]] = {
    "semantic": semantic,
    "tables": tables_and_fonts,
    "hashed": hashed,
    "blog": blog,
    "aspnet": aspnet,
    "flat": flat,
    "columns": columns,
    "joomla": joomla,
}


# ── listings ────────────────────────────────────────────────────────────────────────────────────

SUMMARY = "Hội nghị nhằm đánh giá kết quả thực hiện nhiệm vụ số {} và bàn giải pháp cho thời gian tới."
SIDE = (
    ("/tin-tuc/tin-doc-nhieu-trong-tuan-mot-971.html", "Giá nông sản hôm nay tăng nhẹ tại các chợ đầu mối"),
    ("/tin-tuc/tin-doc-nhieu-trong-tuan-hai-972.html", "Lịch cắt điện tuần tới trên địa bàn toàn huyện"),
    ("/tin-tuc/tin-doc-nhieu-trong-tuan-ba-973.html", "Thông báo tuyển dụng viên chức năm học mới"),
)


@dataclass(frozen=True)
class Shelf:
    """A page of a section: its address, entries (path, title, day, summary) and the addresses its pager shows."""

    path: str
    section: tuple[str, str]
    entries: tuple[tuple[str, str, date, str], ...]
    pages: tuple[tuple[str, str], ...]

    @property
    def truth(self) -> list[tuple[str, str, date, str | None]]:
        return [(HOST + path, title, day, summary or None) for path, title, day, summary in self.entries]


def shelf(
    seed: int,
    size: int,
    pages: tuple[tuple[str, str], ...],
    *,
    summaries: bool = True,
    path: str = "/tin-tuc",
) -> Shelf:
    entries: list[tuple[str, str, date, str]] = []
    for place in range(size):
        one = story(seed * 50 + place)
        entries.append(
            (
                one.path,
                one.title,
                date(one.published.year, one.published.month, one.published.day),
                SUMMARY.format(place + 1) if summaries else "",
            )
        )
    return Shelf(path, SECTIONS[0], tuple(entries), pages)


def _day(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def _frame(title: str, main: str, side: str) -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)} - {SITE}</title></head><body><div class="top"><a href="/">{SITE}</a><span>{CLOCK}</span></div><div class="menu">{menu_html()}</div>
<div class="wrap"><div class="main">{main}</div><div class="right">{side}</div></div><div class="footer">Bản quyền thuộc UBND huyện Thử Nghiệm</div></body></html>"""


def _side(item: str = '<li><a href="{}">{}</a></li>') -> str:
    return (
        "<h3>Đọc nhiều nhất</h3><ul>"
        + "".join(item.format(url, escape(title)) for url, title in SIDE)
        + "</ul>"
    )


def _pager(shelf: Shelf, current: int = 1) -> str:
    return (
        '<div class="pagination">'
        f"<b>{current}</b> "
        + " ".join(f'<a href="{escape(url)}">{escape(text)}</a>' for url, text in shelf.pages)
        + "</div>"
    )


def plain_list(shelf: Shelf) -> str:
    items = "".join(
        f'<li><a href="{path}"><img src="/t.jpg"></a><a href="{path}">{escape(title)}</a> <span>({_day(day)})</span><p>{escape(summary)}</p></li>'
        for path, title, day, summary in shelf.entries
    )
    return _frame(
        shelf.section[1], f"<h1>{escape(shelf.section[1])}</h1><ul>{items}</ul>{_pager(shelf)}", _side()
    )


def cards(shelf: Shelf) -> str:
    cells = [
        f'<div class="col-md-4"><div class="card"><a href="{path}"><img src="/t.jpg" alt="{escape(title)}"></a><div class="card-body"><small>{_day(day)}</small><h5><a href="{path}">{escape(title)}</a></h5><p>{escape(summary)}</p><a href="{path}">Xem tiếp</a></div></div></div>'
        for path, title, day, summary in shelf.entries
    ]
    rows = "".join(
        '<div class="row">' + "".join(cells[start : start + 3]) + "</div>"
        for start in range(0, len(cells), 3)
    )
    return _frame(
        shelf.section[1],
        f'<h2 class="cat-title">{escape(shelf.section[1])}</h2>{rows}{_pager(shelf)}',
        _side(),
    )


def table_rows(shelf: Shelf) -> str:
    rows = "".join(
        f'<tr><td><a href="{path}"><b>{escape(title)}</b></a> <i>({_day(day)})</i></td></tr><tr><td>{escape(summary)}</td></tr>'
        for path, title, day, summary in shelf.entries
    )
    side = (
        "<table>"
        + "".join(f'<tr><td><a href="{url}">{escape(title)}</a></td></tr>' for url, title in SIDE)
        + "</table>"
    )
    return f"""<html><head><meta charset=utf-8><title>{SITE}</title></head><body><table width=1000><tr><td colspan=2><a href="/"><img src="/b.jpg" alt="{SITE}"></a></td></tr><tr><td colspan=2><a href="/">Trang chủ</a> | {" | ".join(f'<a href="/{slug}">{escape(title)}</a>' for slug, title in SECTIONS)} {CLOCK}</td></tr>
<tr><td valign=top><table><tr><td><font color=red><b>{escape(shelf.section[1])}</b></font></td></tr>{rows}<tr><td align=center>{_pager(shelf)}</td></tr></table></td><td valign=top><b>ĐỌC NHIỀU</b>{side}</td></tr></table></body></html>"""


def hashed_rows(shelf: Shelf) -> str:
    items = "".join(
        f'<div class="iT1"><div class="dD2">{_day(day)}</div><a class="lL3" href="{path}">{escape(title)}</a><div class="sS4">{escape(summary)}</div></div>'
        for path, title, day, summary in shelf.entries
    )
    pages = "".join(f'<a class="pP5" href="{escape(url)}">{escape(text)}</a>' for url, text in shelf.pages)
    side = "".join(f'<div class="oO6"><a href="{url}">{escape(title)}</a></div>' for url, title in SIDE)
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(shelf.section[1])}</title></head><body><div id="root"><div class="a"><a href="/">{SITE}</a><div>{CLOCK}</div></div><div class="f6">{"".join(f'<a href="/{slug}">{escape(title)}</a>' for slug, title in SECTIONS)}</div>
<div class="h8"><div class="i9"><div class="tT0">{escape(shelf.section[1])}</div>{items}<div class="qQ">{pages}</div></div><div class="k1"><div class="hH6">Đọc nhiều</div>{side}</div></div></div></body></html>"""


def featured(shelf: Shelf) -> str:
    (path, title, day, summary), *others = shelf.entries
    first = f'<div class="first-news"><a href="{path}"><img src="/big.jpg"></a><h2><a href="{path}">{escape(title)}</a></h2><span class="date">{_day(day)}</span><p class="sapo">{escape(summary)}</p></div>'
    items = "".join(
        f'<div class="item"><h3><a href="{path}">{escape(title)}</a></h3><span class="date">{_day(day)}</span><p class="sapo">{escape(summary)}</p></div>'
        for path, title, day, summary in others
    )
    return _frame(
        shelf.section[1],
        f'<div class="bread"><a href="/">Trang chủ</a> &raquo; <a href="{shelf.path}">{escape(shelf.section[1])}</a></div>{first}<div class="news-list">{items}</div>{_pager(shelf)}',
        _side(),
    )


def headings_flat(shelf: Shelf) -> str:
    items = "".join(
        f'<h3><a href="{path}">{escape(title)}</a></h3><p>{_day(day)}</p><p>{escape(summary)}</p>'
        for path, title, day, summary in shelf.entries
    )
    return f"""<html><head><meta charset=utf-8><title>{escape(shelf.section[1])} - {SITE}</title></head><body><p><a href="/">{SITE}</a></p><p>{CLOCK}</p><p>{" | ".join(f'<a href="/{slug}">{escape(title)}</a>' for slug, title in SECTIONS)}</p><hr><h2>{escape(shelf.section[1])}</h2>{items}<p>{" ".join(f'<a href="{escape(url)}">{escape(text)}</a>' for url, text in shelf.pages)}</p><hr><p>Bản quyền</p></body></html>"""


LISTINGS: dict[str, Callable[[Shelf], str]] = {
    "plain_list": plain_list,
    "cards": cards,
    "table_rows": table_rows,
    "hashed_rows": hashed_rows,
    "featured": featured,
    "headings_flat": headings_flat,
}

PAGERS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "path": ("/tin-tuc", (("/tin-tuc/page/2", "2"), ("/tin-tuc/page/3", "3"), ("/tin-tuc/page/9", "»"))),
    "html": (
        "/tin-tuc.html",
        (("/tin-tuc/trang-2.html", "2"), ("/tin-tuc/trang-3.html", "3"), ("/tin-tuc/trang-12.html", "Cuối")),
    ),
    "query": ("/tin-tuc", (("/tin-tuc?page=2", "2"), ("/tin-tuc?page=3", "3"), ("/tin-tuc?page=2", "Sau"))),
    "suffix": ("/tin-tuc", (("/tin-tuc-p2", "2"), ("/tin-tuc-p3", "3"))),
    "offset": ("/tin-tuc", (("/tin-tuc?start=10", "2"), ("/tin-tuc?start=20", "3"))),
    "bare": ("/tin-tuc/", (("/tin-tuc/2", "2"), ("/tin-tuc/3", "3"), ("/tin-tuc/4", "4"))),
    "only_next": ("/tin-tuc", (("/tin-tuc?PageIndex=2", "| Sau"),)),
    "words": ("/tin-tuc", (("/tin-tuc/page-2", "Trang sau"), ("/tin-tuc/page-7", "Trang cuối"))),
    "liferay": (
        "/web/guest/tin-tuc",
        (
            ("/web/guest/tin-tuc?p_p_id=101&cur=2&delta=10", "2"),
            ("/web/guest/tin-tuc?p_p_id=101&cur=3&delta=10", "3"),
        ),
    ),
    "query_section": (
        "/index.php?cat=5",
        (("/index.php?cat=5&trang=2", "2"), ("/index.php?cat=5&trang=3", "3")),
    ),
    "suffix_html": ("/tin-tuc-5.html", (("/tin-tuc-5-trang-2.html", "2"), ("/tin-tuc-5-trang-3.html", "3"))),
}
