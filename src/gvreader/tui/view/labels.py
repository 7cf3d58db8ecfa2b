"""Small pieces of wording that only the reader needs; dates, numbers and sizes are `outputs.wording`'s."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import unquote, urlsplit

from gvreader.export import wording
from gvreader.i18n import _, language
from gvreader.model import PORTAL_TIME, Published
from gvreader.tui.view.sanitize import visible_line

_WEEKDAYS: Final = {
    "vi": ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def long_date(published: Published) -> str:
    """`Thứ ba, 07/02/2023` or `Tuesday, 7 Feb 2023`, with the time where the page gives one."""
    if isinstance(published, datetime):
        published = published.astimezone(PORTAL_TIME)
    return f"{_WEEKDAYS[language()][published.weekday()]}, {wording.published(published)}"


def byline(author: str | None, organisation: str | None) -> str:
    """`Hồng Hạ (Trung tâm VHTT&TT)`, or whichever of the two there is; empty without either."""
    name, house = visible_line(author or ""), visible_line(organisation or "")
    return f"{name} ({house})" if name and house else name or house


def ago(then: datetime, now: datetime) -> str:
    """How long ago something was: `14 min ago`."""
    seconds = (now - then).total_seconds()
    if seconds < 60:
        return _("just now")
    return _("{span} ago").format(span=wording.span(seconds))


def file_name(url: str) -> str:
    """The file's name in an address."""
    name = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2], errors="replace")
    return visible_line(name) or visible_line(url)


def title_from_address(url: str) -> str:
    """What an address says of its page, for want of a title."""
    from gvreader import urls

    words = visible_line(urls.slug(url).replace("-", " "))
    return words[:1].upper() + words[1:] if words else visible_line(url)


def sparkline(values: list[int]) -> str:
    """Counts as bars, one character each; a blank for none."""
    bars = "▁▂▃▄▅▆▇"
    top = max(values, default=0)
    return "".join(
        bars[min(value * len(bars) // (top + 1), len(bars) - 1)] if value else " " for value in values
    )
