"""From the slice of the flow that is an article's body to its blocks, lead, byline, files and related articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from gvreader.extract.article.blocks import (
    build,
    is_file_line,
    is_file_link,
    without_file_icons,
    without_file_lists,
)
from gvreader.extract.article.draft import ArticleDraft
from gvreader.extract.fields import links
from gvreader.extract.fields.boilerplate import find_fringe
from gvreader.extract.fields.byline import find_signoff, parse_byline, told_author
from gvreader.extract.fields.content_root import closing_index, is_within, mass_of
from gvreader.extract.fields.phrases import (
    closes_body,
    furniture,
    is_page_tail,
    opens_inline_box,
    opens_related,
    opens_sponsored,
)
from gvreader.extract.fields.publication_date import common_ancestor, date_line, dates_in
from gvreader.extract.navigation.pager import names_page
from gvreader.extract.page import class_names
from gvreader.extract.page.tables import flat_text
from gvreader.extract.page.text_blocks import TextBlock
from gvreader.extract.page.tree import Element, Tree
from gvreader.extract.thresholds import RUNNING_TEXT
from gvreader.vietnamese import fold

MAX_SUMMARY: Final = 1_200
_SHORTEST_TITLE: Final = 12
_ARROWS: Final = (">", "»", "›", "→", "►", "▶")
BODY_NOISE: Final = frozenset((
    "related", "share", "comments", "navigation", "counter", "tools", "advert", "dialog", "chrome", "sidebar",
    "tags", "printing", "family", "repeated",
))  # fmt: skip
_HEAD_AUTHOR: Final = re.compile(
    r"(?:Tác giả|Người viết|Tác giả bài viết|Bút danh)\s*:\s*([^|\n·•]{2,60}?)\s*(?:[|·•]|-\s|$)",
    re.IGNORECASE,
)
_OTHERS_TOO: Final = re.compile(r"\b(?:và|and) \d+ (?:tác giả|others?)\b")
_BY: Final = re.compile(r"^(?:(?:đăng |viết |gửi )?bởi|(?:posted |written )?by)\b\s*:?\s*", re.IGNORECASE)
_AUTHOR_PATH: Final = re.compile(
    r"/(?:tac-gia|authors?|profile|people|staff|by|contributors?)/[^/?#]+", re.IGNORECASE
)
_HEAD_SOURCE: Final = re.compile(
    r"(?:Nguồn|Nguồn tin|Theo)\s*:\s*([^|\n·•]{2,80}?)\s*(?:[|·•]|-\s|$)", re.IGNORECASE
)


def fill(
    draft: ArticleDraft, tree: Tree, pieces: Sequence[TextBlock], start: int, end: int, dates: set[int]
) -> None:
    """Body, summary, sign-off, files and related links of a draft whose title, date and slice are known."""
    container = draft.region.container if draft.region else None
    title_index = draft.title.piece.index if draft.title and draft.title.piece else -1
    date_index = draft.dated.piece.index if draft.dated and draft.dated.piece else -1
    inside = _without_furniture(draft, pieces[start:end], title_index, date_index, dates)
    head = _head(pieces, title_index, start, end, dates)
    draft.summary, lead = _summary(head, inside, title_index, date_index)
    if lead is not None:
        inside = [piece for piece in inside if piece is not lead]
    inside = without_file_lists(tree, _without_link_tail(draft, tree, without_file_icons(tree, inside)))
    inside, files = _files_apart(tree, inside)
    tail = _tail(pieces, start, end, draft)
    found = find_signoff([piece for piece in inside if not (piece.text and is_file_line(tree, piece))])
    if found is not None:
        draft.byline, used = found
        inside = [piece for piece in inside if piece not in used]
        inside = _without_source_link(draft, inside)
        # What follows the sign-off is no text of its author.
        draft.dropped += [f"attachment: {piece.text[:80]}" for piece in files if piece.text]
        files = [piece for piece in files if piece.kind == "figure"]
    inside += files
    _byline_around(draft, tree, head, tail, pieces, title_index, start)
    draft.fringe = find_fringe(inside, container, head)
    draft.body = build(tree, inside)
    draft.dropped += draft.body.dropped
    roots = _attachment_roots(container, tail, head)
    draft.attachments = links.attachments_in(tree, roots)
    draft.related = _related(tree, pieces, end)


def _without_furniture(
    draft: ArticleDraft, pieces: Sequence[TextBlock], title_index: int, date_index: int, dates: set[int]
) -> list[TextBlock]:
    """The pieces of a slice that say something of the article itself."""
    kept: list[TextBlock] = []
    texts = [piece for piece in pieces if piece.text]
    first_running = next((piece.index for piece in texts if mass_of(piece) >= 60), -1)
    last_running = next(
        (piece.index for piece in reversed(texts) if mass_of(piece) >= 60 and not is_page_tail(piece)), -1
    )
    all_noise = all(piece.noise in BODY_NOISE for piece in texts) if texts else False
    title = fold(draft.title.text) if draft.title else ""
    skip_links = False
    boxes = _boxes_of_others(pieces)
    for piece in pieces:
        reason = None
        if piece.index <= title_index or piece.index == date_index:
            reason = "title or date"
        elif piece.index in dates and piece.index < first_running:
            reason = "date line"
        elif piece.noise in BODY_NOISE and not all_noise:
            reason = piece.noise
        elif (
            piece.text
            and (name := furniture(piece))
            and _is_furniture_here(piece, name, first_running, last_running)
        ):
            reason = name
        elif piece.text and piece.index < first_running and piece.folded == title:
            reason = "repeated title"
        elif piece.index in boxes:
            reason, skip_links = "box of links", skip_links or closes_body(piece)
        elif is_page_tail(piece) and piece.index > last_running:
            reason = "imprint"
        elif piece.text and (
            closes_body(piece) or (opens_inline_box(piece) and (piece.link_chars or closes_body(piece)))
        ):
            reason, skip_links = "box of links", not piece.link_chars
        elif skip_links and piece.is_link:
            reason = "box of links"
        elif piece.text:
            skip_links = False
        if reason is None:
            kept.append(piece)
        elif piece.text and reason != "title or date":
            draft.dropped.append(f"{reason}: {piece.text[:80]}")
    return kept


def _is_furniture_here(piece: TextBlock, name: str, first: int, last: int) -> bool:
    """Whether a line of furniture is one where it stands: words of imprints inside a body are its own."""
    return name != "copyright" or not first < piece.index < last or piece.text[0] in "©("


def _boxes_of_others(pieces: Sequence[TextBlock]) -> set[int]:
    """The pieces in boxes of other articles or advertisements in the middle of a body, their headings included."""
    openers = [piece for piece in pieces if piece.text and (opens_sponsored(piece) or closes_body(piece))]
    if not openers:
        return set()
    around: set[Element] = set()
    for piece in pieces:
        if mass_of(piece) >= RUNNING_TEXT and not piece.link_chars:
            element: Element | None = piece.element
            while element is not None and element not in around:
                around.add(element)
                element = element.getparent()
    boxes: set[Element] = set()
    for opener in openers:
        box = opener.element
        while (parent := box.getparent()) is not None and parent not in around:
            box = parent
        if box not in around:
            boxes.add(box)
    within: dict[Element, bool] = {}
    return {piece.index for piece in pieces if _lies_in(piece.element, boxes, within)}


def _lies_in(element: Element, boxes: set[Element], known: dict[Element, bool]) -> bool:
    """Whether an element is one of some boxes or inside one; answers are remembered on the way up."""
    climbed: list[Element] = []
    found = False
    current: Element | None = element
    while current is not None:
        if current in known:
            found = known[current]
            break
        climbed.append(current)
        if current in boxes:
            found = True
            break
        current = current.getparent()
    for one in climbed:
        known[one] = found
    return found


def _head(
    pieces: Sequence[TextBlock], title_index: int, start: int, end: int, dates: set[int]
) -> list[TextBlock]:
    """The pieces between the title and the body's container."""
    if title_index < 0 or title_index >= start:
        return []
    return [
        piece
        for piece in pieces[title_index + 1 : start]
        if piece.text
        and piece.noise
        not in ("navigation", "related", "sidebar", "share", "tools", "dialog", "advert", "comments")
    ]


def _summary(
    head: Sequence[TextBlock], inside: Sequence[TextBlock], title_index: int, date_index: int
) -> tuple[str | None, TextBlock | None]:
    """The lead of an article where it stands in an element of its own; and its piece where that is in the body."""
    marked = [piece for piece in head if piece.role == "summary" and mass_of(piece) > 0]
    if marked:
        return " ".join(piece.text for piece in marked)[:MAX_SUMMARY], None
    texts = [piece for piece in inside if piece.text]
    if len(texts) > 1 and texts[0].role == "summary" and texts[1].role != "summary":
        return texts[0].text[:MAX_SUMMARY], texts[0]
    # A lone paragraph between date and body, in a box of its own.
    loose = [
        piece
        for piece in head
        if mass_of(piece) >= (40 if piece.text.endswith((".", "…")) else 60)
        and not piece.link_chars
        and not furniture(piece)
    ]
    if len(loose) == 1 and loose[0].kind in ("paragraph", "heading", "quote"):
        return loose[0].text[:MAX_SUMMARY], None
    if texts and len(texts) > 2 and _stands_out(texts[0], texts[1:4]):
        return texts[0].text[:MAX_SUMMARY], texts[0]
    return None, None


def _stands_out(first: TextBlock, others: Sequence[TextBlock]) -> bool:
    """Whether the first paragraph has a class of its own and one style: a lead without a telling name."""
    own = first.element.get("class")
    return (
        bool(own)
        and first.kind == "paragraph"
        and (first.all_strong or first.all_emphasis)
        and mass_of(first) >= 60
        and all(piece.element.get("class") != own and not piece.all_strong for piece in others)
    )


def _without_link_tail(draft: ArticleDraft, tree: Tree, inside: list[TextBlock]) -> list[TextBlock]:
    """The body without links to other articles that stand alone: at its end, or set off by an arrow.

    Dates and pictures beside such links go with them.
    """
    cut = len(inside)
    count = 0
    for index in range(len(inside) - 1, -1, -1):
        piece = inside[index]
        if _leads_elsewhere(tree, piece):
            cut, count = index, count + 1
        elif piece.kind != "figure" and date_line(piece) is None:
            break
    if count < 2 or not cut:
        cut = len(inside)
    dropped = [piece for piece in inside[cut:] if piece.text]
    kept: list[TextBlock] = []
    for piece in inside[:cut]:
        if piece.text[:1] in _ARROWS and _leads_elsewhere(tree, piece):
            dropped.append(piece)
        else:
            kept.append(piece)
    draft.dropped += [f"links: {piece.text[:80]}" for piece in dropped]
    return kept


def _files_apart(tree: Tree, inside: list[TextBlock]) -> tuple[list[TextBlock], list[TextBlock]]:
    """The body, and the links to files that end it."""
    cut = len(inside)
    while cut and (inside[cut - 1].kind == "figure" or is_file_link(tree, inside[cut - 1])):
        cut -= 1
    while cut < len(inside) and inside[cut].kind == "figure":
        cut += 1
    return inside[:cut], inside[cut:]


def _leads_elsewhere(tree: Tree, piece: TextBlock) -> bool:
    """Whether a piece is nothing but a link to another page of the portal."""
    if not piece.text or not piece.is_link or piece.link is None or is_file_line(tree, piece):
        return False
    target = tree.target(piece.link.get("href"))
    return target is not None and target.own and not target.extension and not piece.text.startswith("http")


def _without_source_link(draft: ArticleDraft, inside: list[TextBlock]) -> list[TextBlock]:
    """The body without the bare address of its source below the sign-off."""
    texts = [piece for piece in inside if piece.text]
    if texts and texts[-1].is_link and texts[-1].text.startswith("http"):
        draft.dropped.append(f"source link: {texts[-1].text[:80]}")
        return [piece for piece in inside if piece is not texts[-1]]
    return inside


def _tail(pieces: Sequence[TextBlock], start: int, end: int, draft: ArticleDraft) -> list[TextBlock]:
    """The few pieces below the body's container that may still belong to the article."""
    limit = closing_index(pieces, end, min(end + 8, len(pieces)))
    tail: list[TextBlock] = []
    for piece in pieces[end:limit]:
        if closes_body(piece) or piece.noise in ("related", "comments", "navigation", "chrome", "sidebar"):
            break
        tail.append(piece)
    return tail


def _byline_around(
    draft: ArticleDraft,
    tree: Tree,
    head: Sequence[TextBlock],
    tail: Sequence[TextBlock],
    pieces: Sequence[TextBlock],
    title_index: int,
    start: int,
) -> None:
    """A byline outside the body: an author's element below it, or a label beside the date."""
    author, organisation = draft.byline.author, draft.byline.organisation
    for piece in tail[:4]:
        if not piece.text or furniture(piece):
            continue
        byline = parse_byline(piece.text)
        if byline is None:
            break
        placed = piece.role == "author" or piece.align == "right" or _is_bare_name_below(draft, piece, tail)
        if not byline.sure and not placed:
            break
        author, organisation = author or byline.author, organisation or byline.organisation
    if author is None and organisation is None:
        for piece in pieces[title_index + 1 : start + 2] if title_index >= 0 else ():
            if not piece.text or len(piece.text) > 200 or piece.noise in ("navigation", "related", "sidebar"):
                continue
            if found := _HEAD_AUTHOR.search(piece.text):
                byline = parse_byline(f"Tác giả: {found[1]}")
                author = author or (byline.author if byline else None)
            if found := _HEAD_SOURCE.search(piece.text):
                organisation = organisation or found[1].strip(" .")
            elif piece.role == "author" and author is None and (byline := parse_byline(piece.text)):
                author, organisation = byline.author, organisation or byline.organisation
    if author is None and organisation is None:
        author, organisation = _marked_author(pieces[title_index + 1 : start + 1] if title_index >= 0 else ())
    if author is None or _OTHERS_TOO.search(author):
        told = told_author(tree)
        author = told or author
    draft.byline = replace(draft.byline, author=author, organisation=organisation)


def _is_bare_name_below(draft: ArticleDraft, piece: TextBlock, tail: Sequence[TextBlock]) -> bool:
    """Whether an unstyled name is the one line right below the body's box, in a box beside it."""
    if draft.region is None or piece is not tail[0] or piece.kind != "paragraph" or piece.link_chars:
        return False
    below = next((one for one in tail[1:] if one.text), None)
    alone = below is None or below.noise is not None or bool(furniture(below)) or date_line(below) is not None
    box = draft.region.container
    while (parent := box.getparent()) is not None and len(parent) == 1:
        box = parent
    beside = piece.element.getparent() is parent
    return alone and beside and 2 <= len(piece.text.split()) <= 4 and not piece.text.isupper()


def _marked_author(pieces: Sequence[TextBlock]) -> tuple[str | None, str | None]:
    """The author that an element of that name gives beside the date."""
    for piece in pieces:
        if not piece.text or len(piece.text) > 200 or piece.noise in ("navigation", "related", "sidebar"):
            continue
        for element in piece.element.iter():
            marked = element.get("rel") == "author" or element.get("itemprop") == "author"
            marked = marked or (element.tag == "a" and bool(_AUTHOR_PATH.search(element.get("href") or "")))
            if not marked and class_names.role(element.get("class") or "") != "author":
                continue
            text = _BY.sub("", flat_text(element))
            byline = parse_byline(text) or parse_byline(f"Tác giả: {text}") if 1 < len(text) <= 80 else None
            if byline is not None and not dates_in(text):
                return byline.author, byline.organisation
    return None, None


def _attachment_roots(
    container: Element | None, tail: Sequence[TextBlock], head: Sequence[TextBlock]
) -> list[Element]:
    roots = [container] if container is not None else []
    for piece in (*head, *tail):
        if (piece.link_chars or piece.kind == "table") and not any(
            is_within(piece.element, root) for root in roots
        ):
            roots.append(piece.element)
    return roots


def _related(tree: Tree, pieces: Sequence[TextBlock], end: int) -> tuple[str, ...]:
    """The articles that the page lists below this one, as far as the next box of another kind."""
    opening = [index for index in range(max(end - 1, 0), len(pieces)) if opens_related(pieces[index])]
    if not opening:
        return ()
    start = next((index for index in opening if _has_links_below(pieces, index)), opening[0])
    found: dict[str, None] = {}
    box: Element | None = None
    for piece in pieces[start + 1 : start + 120]:
        if box is not None and not _is_beside_box(piece.element, box):
            break
        if piece.noise in ("chrome", "navigation", "sidebar", "comments") or (
            piece.text and is_page_tail(piece)
        ):
            break
        if piece.text and not piece.link_chars:
            if opens_related(piece):
                continue
            if closes_body(piece) or (found and _is_box_heading(piece)):
                break
        for run in piece.runs:
            named = len(run.text) >= _SHORTEST_TITLE and not names_page(fold(run.text))
            target = tree.target(run.link.get("href")) if run.link is not None and named else None
            if target and target.own and target.url != tree.address and not target.extension:
                found[target.url] = None
                box = common_ancestor(pieces[start].element, piece.element) if box is None else box
    return tuple(found)[:30]


def _has_links_below(pieces: Sequence[TextBlock], index: int) -> bool:
    """Whether a heading is followed by links, rather than by nothing of its own."""
    for piece in pieces[index + 1 : index + 6]:
        if piece.noise in ("chrome", "navigation", "comments") or (piece.text and closes_body(piece)):
            return False
        if piece.link_chars >= _SHORTEST_TITLE:
            return True
    return False


def _is_beside_box(element: Element, box: Element) -> bool:
    """Whether an element is in a box of related articles or in another of the same making right beside it."""
    return any(
        one is box
        or (
            one.getparent() is box.getparent()
            and one.tag == box.tag != "td"
            and one.get("class") == box.get("class")
        )
        for one in (element, *element.iterancestors())
    )


def _is_box_heading(piece: TextBlock) -> bool:
    """Whether a piece without a link is the heading of the next box: styled as one, or in capitals."""
    if date_line(piece) is not None or len(piece.text) > 60:
        return False
    return piece.kind == "heading" or piece.all_strong or (piece.text.isupper() and len(piece.text) > 5)
