"""What class names and ids hint at. A hint never decides alone: it only marks.

Names are split at punctuation and capitals, so that `UISocialShare`, `social_share` and `social-share` are one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATORS: Final = re.compile(r"[^a-z0-9]+")
MAX_NAMES: Final = 400

# Each group is a reason to leave an element out of an article. Word boundaries are hyphens.
_NOISE: Final = re.compile(
    r"(?:^|-)(?:"
    r"(?P<related>related?|related-?posts?|jp-relatedposts|(?:tin-?)?lien-?quan|tin-?khac|"
    r"bai-?(?:viet-?)?khac|cung-?(?:chuyen-?muc|loai)|"
    r"(?:article|news|post|detail|tin|div)-others?|others?-(?:news|articles?|posts?|tin|list|title)|other-?title|"
    r"more-news|newer|older|doc-?nhieu|most-?(?:read|view(?:ed)?)|xem-?nhieu|read-?also|tbtinkhac|"
    r"tin-?cu(?:-hon)?|tin-?moi-hon|(?:prev|next)-post|post-nav(?:igation)?)"
    r"|(?P<share>share|sharing|socials?|addthis|sharethis|fb-(?:like|root|share|save)|like-box|zalo|"
    r"chia-?se|linkstoweb|"
    r"send-?e?mail|social-?icons?|socialicon)"
    r"|(?P<comments>comments?|binh-?luan|y-?kien|gop-?y|respond|disqus|phan-?hoi)"
    r"|(?P<navigation>breadcrumbs?|bread-crumbs?|crumbs?|pathway|duong-?dan|nav-?bar|nav|navigation|"
    r"(?<!in-)(?<!allow-)menu|"
    r"(?:main|top|left|right|sub|mega|foot|leftsub)-?menu|pagination|pager|phan-?trang|paging|page-numbers?)"
    r"|(?P<counter>view-?(?:s|ed|count(?:er|s)?)|views-?count|luot-?(?:xem|doc|truy-?cap)|(?:read-?)?counter|hits|"
    r"thong-?ke|statistics?|visitors?|truy-?cap|online-?users?)"
    r"|(?P<tools>tools?|tool-?bar|in-bai(?:-viet)?|font-?size|zoom|ratings?|newsrating|votes?|danh-?gia|stars?|"
    r"audio-?player|tts|text-?to-?speech|read-?aloud|nghe-bai|print(?:and|-and-)back|go-?top|back-?to-?top)"
    r"|(?P<advert>ads|adv|advert\w*|quang-?cao|qc|sponsor\w*)"
    r"|(?P<dialog>modal|pop-?up|cookies?|login|dang-?nhap|newsletter|search(?:-?(?:box|form))?|tim-?kiem|hot-?line|"
    r"web-?links?|lien-?ket(?:-?web)?|lang(?:uage)?-?(?:switch\w*|select\w*)|clock|dong-?ho|to-?day|"
    r"current-?(?:date|time)|(?:date|time)-?now|now-?(?:date|time)|header-?(?:date|time)|top-?(?:date|time)|"
    r"poll|tham-?do|survey|binh-?chon|thoi-?tiet|weather)"
    r")(?:-|$)"
)
# These words name parts of articles too (`article-header`, `content-print`), so the whole name has to agree.
_NOISE_NAME: Final = re.compile(
    r"(?:(?P<chrome>(?:site|main|top|wrap|wrapper|box|div|id|the|bg|block|global|portal|web|home|layout|l|c|g|m)?-?"
    r"(?:header|banner|footer|foot|masthead|top-?bar|bottom-?bar|copyright|colophon|side-?bar|aside|slider|slide-?show|"
    r"marquee)(?:-(?:top|main|wrapper|wrap|inner|bottom|area|site|container|content|left|right|box|block|web|page|"
    r"section|menu|\d+))*)"
    r"|(?P<sidebar>(?:left|right|primary|secondary|widget)-?side-?bar(?:-\w+)*|(?:[lr]|left|right)-?side|widget-area|"
    r"widgets?-(?:recent|text|area|list).*)"
    r"|(?P<tags>(?:post|article|news|list|entry|box|the|detail)?-?(?:tags?|hash-?tags?|tu-?khoa|key-?words?)"
    r"(?:-(?:list|links|cloud|box|wrap|wrapper|news))*)"
    r"|(?P<printing>(?:btn|icon|link|css|button)?-?print(?:er|ing)?(?:-?(?:btn|link|icon|page|button))?|ban-in)"
    r")"
)
_ROLE: Final = re.compile(
    r"(?:^|-)(?:"
    r"(?P<caption>(?:\w+-)?caption|chu-?thich|fig-?caption|(?:img|image|pic|photo|anh)-?(?:desc|note|"
    r"title|info|text|alt))"
    r"|(?P<summary>sapo|(?<!with-)summary|lead|lede|brief|excerpt|intro(?:-?text)?|home-?text|tom-?tat|chapeau|"
    r"trich-?(?:dan|yeu)|"
    r"mo-?ta|standfirst|dek|(?:short|news|article|post|detail|main)-?(?:desc(?:ription)?|intro)|description|"
    r"lv-description-mode1)"
    r"|(?P<author>author|tac-?gia|byline|signature|nguoi-?(?:viet|dang)|but-?danh|sign-?off|writer|"
    r"nguon(?:-tin)?|source)"
    r"|(?P<date>(?:post|publish|pub|create|news|article|entry|detail)-?(?:date|time|on)|"
    r"date(?:-?time)?|time|ngay(?:-?dang)?|"
    r"posted|published|created|pubdate|thoi-?gian|timestamp)"
    r"|(?P<title>title|tieu-?de|headline|ten-?bai)"
    r"|(?P<body>(?:article|entry|post|news|detail|main|story|page)-?(?:content|body|text|html|detail)|"
    r"(?:content|body)-?(?:detail|text|html|print|article|news)|noi-?dung(?:-?\w+)?|the-content|chi-?tiet(?:-?\w+)?)"
    r")(?:-|$)"
)


@lru_cache(maxsize=4096)
def names(attribute: str) -> tuple[str, ...]:
    """The names of a class or id attribute, each as lower-case words joined by hyphens."""
    found = (
        _SEPARATORS.sub("-", _CAMEL.sub("-", token).lower()).strip("-")
        for token in attribute[:MAX_NAMES].split()
    )
    return tuple(name for name in found if name)


@lru_cache(maxsize=4096)
def noise(attribute: str) -> str | None:
    """Why an element of that class or id is no part of an article, or None."""
    for name in names(attribute):
        if found := _NOISE_NAME.fullmatch(name):
            return found.lastgroup
        if found := _NOISE.search(name):
            return found.lastgroup
    return None


@lru_cache(maxsize=4096)
def role(attribute: str) -> str | None:
    """The part of an article that a class or id names: caption, summary, author, date, title, body."""
    for name in names(attribute):
        if found := _ROLE.search(name):
            return found.lastgroup
    return None
