"""The date of an article: the line between title and body, never the clock in the page's header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, cast

from gvreader.extract.fields.phrases import furniture
from gvreader.extract.page.text import clean
from gvreader.extract.page.text_blocks import TextBlock
from gvreader.extract.page.tree import Element, Tree
from gvreader.model import PORTAL_TIME, Published
from gvreader.vietnamese import DateLine, find_dates, fold, parse_date_line

MAX_DATE_LINE: Final = 220
# Day, month and year somewhere; or the words for them.
_MAY_BE_DATE: Final = re.compile(
    r"\d\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d\d|(?:tháng|thg)\b.{0,40}\d|(?<!\d)(?:19|20)\d\d(?!\d)",
    re.IGNORECASE,
)
_GLUED: Final = re.compile(r"(?:19|20)\d{3,}|\d[^\W\d_]|[^\W\d_]\d")
_CHANGED: Final = re.compile(r"updat|modif", re.IGNORECASE)
_ISO: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)
_LABELLED: Final = re.compile(
    r"(?:ngay dang|dang (?:ngay|luc)|gui luc|ngay (?:xuat ban|phat hanh|gui|viet|tao)|xuat ban|posted|published)"
)
_UPDATED: Final = re.compile(r"(?:cap nhat|sua|updated|modified)")
_LABEL_BEFORE: Final = re.compile(
    r"(?:(?:da|duoc|tin|bai|bai viet) ){0,2}(?:dang|cap nhat|gui|xuat ban|post|publish|viet|boi|by)\b"
)
_BY_AFTER: Final = re.compile(r"(?:by|boi)(?: [\w.]+){1,5}")
_SEPARATED_BEFORE: Final = re.compile(r"[|•·:–-]\s*(?:\w+\s*)?$")
_METAS: Final = (
    "article:published_time", "datepublished", "pubdate", "publish_date", "article.published", "dc.date.issued",
    "dc.date", "dcterms.created", "date", "og:pubdate", "article:published",
)  # fmt: skip
# What may stand beside a date on its line.
_COMPANY: Final = re.compile(
    r"\b(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cn|t[2-7]|ngay|thang|nam|luc|vao|hoi|gio|phut|"
    r"giay|am|pm|sa|ch|gmt(?:[+-]\d+)?|"
    r"ngay dang|dang|cap nhat|gui|xuat ban|post(?:ed)?|publish(?:ed)?|date|by|on|at|boi|trong|tac gia|"
    r"nguoi (?:dang|viet|gui)|nguon(?: tin)?|"
    r"(?:so )?luot (?:xem|doc|truy cap)|(?:da )?xem|views?|luot|binh luan|comments?|email|print|in bai viet|in|"
    r"chia se|font|co chu|lan cuoi|moi nhat|viet nam|vn)\b"
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date and where it was found."""

    published: Published
    layer: str
    confidence: float
    piece: TextBlock | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    piece: TextBlock
    published: Published
    weekday_agrees: bool | None
    updated: bool


def day_of(published: Published) -> date:
    """The day of a date or date-time, in the portal's time."""
    return published.astimezone(PORTAL_TIME).date() if isinstance(published, datetime) else published


def formatted(text: str, date_format: str | None) -> Published | None:
    """A date in the format that the configuration names (strptime), anywhere in a short line."""
    if not date_format or len(text) > MAX_DATE_LINE:
        return None
    try:
        found = datetime.strptime(text.strip(), date_format)  # noqa: DTZ007 - the portal's time is put on below
    except ValueError:
        return None
    has_time = any(mark in date_format for mark in ("%H", "%I", "%X", "%c"))
    return found.replace(tzinfo=PORTAL_TIME) if has_time else found.date()


def iso_date(text: str) -> Published | None:
    """A machine-readable date such as `2023-02-07T10:31:00+07:00`; without an offset it is the portal's time.

    Midnight, there or here, is what software writes where only the day is known: it is the day.
    """
    found = _ISO.search(text)
    if not found:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    try:
        if hour is None or not int(hour + minute + (second or "0")):
            return date(int(year), int(month), int(day))
        moment = datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=PORTAL_TIME
        )
        if zone:
            offset = "+00:00" if zone == "Z" else zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
            moment = datetime.fromisoformat(moment.replace(tzinfo=None).isoformat() + offset).astimezone(
                PORTAL_TIME
            )
    except (ValueError, OverflowError):
        return None
    return moment.date() if moment.time() == time() else moment


def date_line(piece: TextBlock, date_format: str | None = None) -> DateLine | None:
    """The date that a piece prints, if the piece says little else."""
    if not piece.text or len(piece.text) > MAX_DATE_LINE or piece.kind == "table":
        return None
    line = _date_line(piece.text, piece.role == "date", date_format)
    if line is None and len(piece.element) > 1 and _GLUED.search(piece.text):
        # Elements that only a style sheet sets apart: `<span>07/02/2023</span><span>12 lượt xem</span>`.
        parts = cast("Iterator[str]", piece.element.itertext())
        apart = " | ".join(text for part in parts if (text := clean(part)))
        if len(apart) <= 2 * MAX_DATE_LINE:
            line = _date_line(apart, piece.role == "date", date_format)
    return line or _marked_time(piece)


def _marked_time(piece: TextBlock) -> DateLine | None:
    """The date in the first `<time>` of a line that is not called that of a change."""
    for element in piece.element.iter("time"):
        if _CHANGED.search(f"{element.get('class') or ''} {element.get('itemprop') or ''}"):
            continue
        found = dates_in(clean("".join(cast("Iterator[str]", element.itertext()))))
        return found[0] if found else None
    return None


@lru_cache(maxsize=4096)
def _date_line(text: str, marked: bool, date_format: str | None) -> DateLine | None:
    if (given := formatted(text, date_format)) is not None:
        return DateLine(published=given, weekday_agrees=None, span=(0, len(text)))
    found = dates_in(text)
    if not found:
        return None
    if not _says_little(text[: found[0].span[0]], text[found[-1].span[1] :], marked):
        return parse_date_line(text)
    own = [one for one in found if not one.updated]
    # Two days that are no updates are a span of time, not a date of publication.
    if len({day_of(one.published) for one in own}) > 1:
        return None
    return own[0] if own else found[0]


def dates_in(text: str) -> tuple[DateLine, ...]:
    """Every full date in a text; most texts are seen to have none without a closer look."""
    return find_dates(text) if _MAY_BE_DATE.search(text) else ()


def _says_little(before: str, after: str, marked: bool) -> bool:
    """Whether what stands around a date is labels, counters and names rather than a sentence."""
    prefix, suffix = fold(before).strip(" |-–—:,;()[]•·"), fold(after).strip(" |-–—:,;()[]•·")
    if marked:
        return len(prefix) <= 60 and len(suffix) <= 120
    if prefix and not _may_precede(prefix, before):
        return False
    if suffix and not _BY_AFTER.fullmatch(suffix):
        words = re.findall(r"[a-z]+", re.sub(r"[\d.,:]+", " ", _COMPANY.sub(" ", suffix)))
        separated = after.lstrip()[:1] in "|-–—•·("
        if len(words) > (8 if separated else 0):
            return False
    return True


def _may_precede(prefix: str, before: str) -> bool:
    """Whether words before a date are labels, a section or a name, set off from it or capitalised."""
    words = re.findall(r"[a-z]+", _COMPANY.sub(" ", prefix))
    if not words:
        return True
    if _SEPARATED_BEFORE.search(before) or _LABEL_BEFORE.match(prefix):
        return len(words) <= 6
    # `Gia Viễn, ngày 7 tháng 2 năm 2023` closes an official text; `Hội nghị ngày 7/2/2023` is a phrase.
    if "," in before and prefix.endswith("ngay"):
        return False
    spelled = re.findall(r"[^\W\d_]+", before)
    names = [word for word in spelled if not _COMPANY.fullmatch(fold(word))]
    return 2 <= len(names) <= 4 and all(name[0].isupper() for name in names)


def candidates(pieces: Sequence[TextBlock], date_format: str | None = None) -> list[_Candidate]:
    """Every piece of the flow that is a date line."""
    return [
        _Candidate(piece, line.published, line.weekday_agrees, line.updated)
        for piece in pieces
        if (line := date_line(piece, date_format)) is not None
    ]


def find_date(
    tree: Tree,
    pieces: Sequence[TextBlock],
    dated: Sequence[_Candidate],
    title: TextBlock | None,
    body: tuple[int, int],
    captured: datetime,
) -> Dated | None:
    """The article's date. `body` are the indexes of its first piece and of the piece after its last."""
    crawl_day = captured.astimezone(PORTAL_TIME).date()
    told = from_head(tree)
    start, end = body
    top = title.index if title is not None else -1
    between = [
        one for one in dated if top < one.piece.index <= max(start, top + 1) and not _is_chrome(one.piece)
    ]
    if title is None:
        between = [one for one in between if start - one.piece.index <= 4]
    if between:
        chosen = next((one for one in between if not one.updated), between[0])
        return _agreed(chosen, told, "structure", 0.97)
    if title is not None:
        own = date_line_inside(title)
        if own is not None:
            return Dated(own, "structure", 0.8, None)
    after = [one for one in dated if start < one.piece.index < end + 4 and _beside(one.piece, pieces, end)]
    above = [one for one in dated if one.piece.index < top and _is_near(one.piece, title, pieces)]
    above = [one for one in above if not (day_of(one.published) == crawl_day and one.piece.role != "date")]
    if above:
        return _agreed(above[-1], told, "structure", 0.85)
    if after:
        return _agreed(after[0], told, "structure", 0.8)
    if told is not None:
        return told
    return None


def date_line_inside(title: TextBlock) -> Published | None:
    """A date in brackets that closes a headline, as listings and some pages print it: `Tên bài (07/02/2023)`."""
    found = re.search(r"\((\d{1,2}[/-]\d{1,2}[/-]\d{4}[^()]{0,12})\)\s*$", title.text)
    line = parse_date_line(found[1]) if found else None
    return line.published if line else None


def _agreed(chosen: _Candidate, told: Dated | None, layer: str, confidence: float) -> Dated:
    if chosen.weekday_agrees is False:
        confidence -= 0.25
    elif chosen.weekday_agrees:
        confidence += 0.01
    if told is not None:
        gap = abs((day_of(told.published) - day_of(chosen.published)).days)
        confidence += 0.01 if gap <= 1 else -0.1
    published = timed(chosen.published, chosen.piece.element, told)
    return Dated(published, layer, min(confidence, 0.99), chosen.piece)


def timed(published: Published, element: Element, told: Dated | None) -> Published:
    """A printed day with the time that the page's own machine-readable date of that day adds."""
    if isinstance(published, datetime):
        return published
    stamps = [iso_date(stamp) for one in element.iter("time") if (stamp := one.get("datetime"))]
    for moment in (*stamps, told.published if told else None):
        if (
            isinstance(moment, datetime)
            and day_of(moment) == published
            and (moment.hour, moment.minute) != (0, 0)
        ):
            return moment.astimezone(PORTAL_TIME)
    return published


def _is_chrome(piece: TextBlock) -> bool:
    return piece.noise in ("navigation", "related", "comments", "sidebar", "dialog") or (
        piece.noise == "chrome" and piece.role != "date"
    )


def _beside(piece: TextBlock, pieces: Sequence[TextBlock], end: int) -> bool:
    """Whether a date below the body still belongs to the article: at its very end and labelled or alone."""
    if _is_chrome(piece) or piece.link_chars or piece.index < end - 3:
        return False
    text = piece.folded
    return bool(_LABELLED.search(text) or _UPDATED.search(text) or piece.role == "date")


def _is_near(piece: TextBlock, title: TextBlock | None, pieces: Sequence[TextBlock]) -> bool:
    """Whether a date above the title belongs to it: close, in a common box, with no menu in between."""
    if title is None or _is_chrome(piece):
        return False
    gap = pieces[piece.index + 1 : title.index]
    if len(gap) > 4 or any(one.is_link and not furniture(one) for one in gap):
        return False
    box = common_ancestor(piece.element, title.element)
    if box is None or box.tag in ("body", "html", "form"):
        # Flat pages: a clock sits on top, so something of the article must stand above the date.
        return piece.role == "date" and bool(piece.index)
    first = next((one for one in pieces if _within(one.element, box)), None)
    return first is not None and piece.index - first.index <= 3


def common_ancestor(one: Element, other: Element) -> Element | None:
    """The smallest element that holds both."""
    chain = {one, *one.iterancestors()}
    if other in chain:
        return other
    return next((ancestor for ancestor in other.iterancestors() if ancestor in chain), None)


def _within(element: Element, box: Element) -> bool:
    return element is box or any(ancestor is box for ancestor in element.iterancestors())


def from_head(tree: Tree) -> Dated | None:
    """The date that the page's metadata tells: no witness of its own, but a check of the printed one."""
    told = [tree.structured.get("datePublished", "")] + [tree.metas.get(name, "") for name in _METAS]
    for text in told:
        if not text:
            continue
        published = iso_date(text)
        if published is None and (line := parse_date_line(text)) is not None:
            published = line.published
        if published is not None and date(1990, 1, 1) <= day_of(published) <= date(2100, 1, 1):
            return Dated(published, "metadata", 0.75)
    return None


def plausible(published: Published, captured: datetime) -> bool:
    """Whether an article can have been published then: since the web began, and not after it was fetched."""
    return (
        date(1995, 1, 1) <= day_of(published) <= captured.astimezone(PORTAL_TIME).date() + timedelta(days=2)
    )
