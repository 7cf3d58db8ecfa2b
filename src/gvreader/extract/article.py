"""An article page: title, date, body, sign-off, files, drawn from the flow by family, structure and density."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from gvreader.extract import links
from gvreader.extract.blocks import Body, build, is_file_line, is_only_files
from gvreader.extract.dates import Dated, candidates, common_ancestor, date_line, find_date, plausible
from gvreader.extract.documents import Fields, find_fields, own_number
from gvreader.extract.landmarks import closes_body, furniture, is_page_tail, opens_inline_box, opens_related
from gvreader.extract.pieces import Piece
from gvreader.extract.region import Region, closing_index, find_region, is_within, mass_of
from gvreader.extract.signoff import Byline, find_signoff, parse_byline
from gvreader.extract.title import Title, find_title
from gvreader.extract.tree import Element, Tree
from gvreader.model import Article, Attachment, SectionRef
from gvreader.vietnamese import fold

MAX_SUMMARY: Final = 1_200
SHORT_MASS: Final = 40
_BODY_NOISE: Final = frozenset(
    [
        "related",
        "share",
        "comments",
        "navigation",
        "counter",
        "tools",
        "advert",
        "dialog",
        "chrome",
        "sidebar",
        "tags",
        "printing",
        "family",
    ]
)
_HEAD_AUTHOR: Final = re.compile(
    r"(?:Tác giả|Người viết|Tác giả bài viết|Bút danh)\s*:\s*([^|\n·•]{2,60}?)\s*(?:[|·•]|-\s|$)",
    re.IGNORECASE,
)
_HEAD_SOURCE: Final = re.compile(
    r"(?:Nguồn|Nguồn tin|Theo)\s*:\s*([^|\n·•]{2,80}?)\s*(?:[|·•]|-\s|$)", re.IGNORECASE
)


@dataclass(slots=True, kw_only=True)
class Draft:
    """An article as far as one layer can tell it, with how each field was found."""

    title: Title | None = None
    dated: Dated | None = None
    region: Region | None = None
    summary: str | None = None
    byline: Byline = field(default_factory=Byline)
    body: Body = field(default_factory=Body)
    attachments: tuple[Attachment, ...] = ()
    related: tuple[str, ...] = ()
    fields: Fields = field(default_factory=Fields)
    is_document: bool = False
    dropped: list[str] = field(default_factory=list)

    @property
    def text_mass(self) -> int:
        return sum(len(line) for block in self.body.blocks for line in block.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Fields that selectors tell, so that structure need not find them."""

    title: Title | None = None
    region: Region | None = None
    dated: Dated | None = None
    is_document: bool = False


def draft_article(
    tree: Tree,
    pieces: Sequence[Piece],
    site_names: Sequence[str],
    captured: datetime,
    date_format: str | None = None,
    given: Given | None = None,
) -> Draft:
    """What is `given` and what structure and density make of the rest of a page.

    A page without body gives a draft without blocks.
    """
    given = given or Given()
    draft = Draft(title=given.title, is_document=given.is_document)
    dated = [one for one in candidates(pieces, date_format) if plausible(one.published, captured)]
    dates = {one.piece.index for one in dated}
    if draft.title is None:
        rough = find_region(pieces, 0)
        first_body = _first_running(pieces, rough) if rough else None
        draft.title = find_title(tree, pieces, site_names, first_body, dates)
    printed = draft.title.piece if draft.title else None
    first = printed.index + 1 if printed is not None else 0
    draft.fields = find_fields(pieces)
    if draft.fields.is_document:
        _draft_document(draft, tree, pieces, first, captured)
        return draft
    draft.region = region = given.region or _find_region(tree, pieces, first, dates, printed)
    start, end = (region.start, region.end) if region else (first, closing_index(pieces, first, len(pieces)))
    if given.dated is not None:
        draft.dated = given.dated
    else:
        body_start = _first_body_index(pieces, start, end, dates)
        draft.dated = find_date(tree, pieces, dated, printed, (body_start, end), captured)
    fill(draft, tree, pieces, start, end, dates)
    return draft


def _find_region(
    tree: Tree, pieces: Sequence[Piece], first: int, dates: set[int], printed: Piece | None
) -> Region | None:
    region = find_region(pieces, first, skip=dates)
    region = region or find_region(pieces, first, skip=dates, trust_hints=False)
    if printed is not None and (region is None or region.mass < SHORT_MASS):
        return _region_of_files(tree, pieces, first) or region
    return region


def _region_of_files(tree: Tree, pieces: Sequence[Piece], first: int) -> Region | None:
    """The body of an article that is nothing but files or pictures: the box of the first below its title."""
    end = closing_index(pieces, first, len(pieces))
    for piece in pieces[first:end]:
        if piece.noise in _BODY_NOISE:
            continue
        has_file = any(run.link is not None and links.file_behind(tree, run.link) for run in piece.runs)
        pictured = piece.image is not None and links.image_address(tree, piece.image) is not None
        if not has_file and not pictured:
            continue
        box = piece.element
        while (
            box.tag in ("p", "li", "ul", "ol", "img", "span", "a", "figure", "center")
            and (up := box.getparent()) is not None
        ):
            box = up
        inside = [one.index for one in pieces[first:end] if is_within(one.element, box)]
        if inside:
            return Region(box, inside[0], inside[-1] + 1, 0.0)
    return None


def _draft_document(
    draft: Draft, tree: Tree, pieces: Sequence[Piece], first: int, captured: datetime
) -> None:
    """An official text: its cells are its fields, and what stands below them is its body."""
    fields = draft.fields
    below = max(fields.indexes) + 1
    end = closing_index(pieces, below, len(pieces))
    rest = [piece for piece in pieces[below:end] if piece.noise not in _BODY_NOISE]
    region = find_region(rest, 0) if rest else None
    cells = _box_of(pieces[min(fields.indexes)], pieces[below - 1])
    start, stop = below, below
    if region is not None and _is_beside(region.container, cells):
        start, stop = rest[region.start].index, rest[region.end - 1].index + 1
    draft.region = Region(cells, start, stop, 0.0)
    issued = fields.issued
    if issued is not None and plausible(issued, captured):
        draft.dated = Dated(issued, "structure", 0.95, None)
    abstract = fields.values.get("abstract", "")
    generic = draft.title is None or draft.title.confidence < 0.75 or len(draft.title.text.split()) <= 4
    if abstract and (generic or draft.title is None):
        draft.title = Title(abstract, draft.title.piece if draft.title else None, "structure", 0.85)
    fill(draft, tree, pieces, start, stop, set())
    draft.byline = Byline(fields.values.get("signer") or None, fields.values.get("issuer") or None)
    roots = [cells, *([region.container] if region is not None else [])]
    draft.attachments = links.attachments_in(tree, roots) or draft.attachments


def _is_beside(element: Element, box: Element) -> bool:
    """Whether an element stands in a box or right around it."""
    parent = box.getparent()
    return is_within(element, box if parent is None else parent)


def _box_of(first: Piece, last: Piece) -> Element:
    """The smallest element around the cells of a document page, and the row of links right below them."""
    box = common_ancestor(first.element, last.element)
    if box is None:
        return first.element
    while box.tag in ("td", "tr", "tbody", "th", "span", "p") and (parent := box.getparent()) is not None:
        box = parent
    parent = box.getparent()
    return box if parent is None or parent.tag in ("body", "html") else parent


def _first_running(pieces: Sequence[Piece], region: Region) -> Piece | None:
    return next((piece for piece in pieces[region.start : region.end] if _is_running(piece)), None)


def _is_running(piece: Piece) -> bool:
    """Whether a piece is a paragraph rather than a long headline."""
    return mass_of(piece) >= 60 and (piece.text[-1] in '.!?:;…”"' or len(piece.text) >= 250)


def _first_body_index(pieces: Sequence[Piece], start: int, end: int, dates: set[int]) -> int:
    """The first piece of the slice that is running text or a picture, not a date, label or furniture."""
    for index in range(start, end):
        piece = pieces[index]
        if index in dates or (piece.text and furniture(piece)):
            continue
        if mass_of(piece) >= 40 or piece.kind in ("table", "figure"):
            return index
    return start


def fill(draft: Draft, tree: Tree, pieces: Sequence[Piece], start: int, end: int, dates: set[int]) -> None:
    """Body, summary, sign-off, files and related links of a draft whose title, date and slice are known."""
    container = draft.region.container if draft.region else None
    title_index = draft.title.piece.index if draft.title and draft.title.piece else -1
    date_index = draft.dated.piece.index if draft.dated and draft.dated.piece else -1
    inside = _without_furniture(draft, pieces[start:end], title_index, date_index, dates)
    head = _head(pieces, title_index, start, end, dates)
    draft.summary, lead = _summary(head, inside, title_index, date_index)
    if lead is not None:
        inside = [piece for piece in inside if piece is not lead]
    inside = _without_link_tail(draft, tree, inside)
    tail = _tail(pieces, start, end, draft)
    found = find_signoff([piece for piece in inside if not (piece.text and is_file_line(tree, piece))])
    if found is not None:
        draft.byline, used = found
        inside = [piece for piece in inside if piece not in used]
        inside = _without_source_link(draft, inside)
    _byline_around(draft, head, tail, pieces, title_index, start)
    if is_only_files(tree, inside):
        draft.dropped += [f"attachment: {piece.text[:80]}" for piece in inside if piece.text]
        inside = [piece for piece in inside if not piece.text]
    draft.body = build(tree, inside)
    draft.dropped += draft.body.dropped
    roots = _attachment_roots(container, tail, head)
    draft.attachments = _attachments(tree, roots, pieces, title_index, end)
    draft.related = _related(tree, pieces, end)


def _without_furniture(
    draft: Draft, pieces: Sequence[Piece], title_index: int, date_index: int, dates: set[int]
) -> list[Piece]:
    """The pieces of a slice that say something of the article itself."""
    kept: list[Piece] = []
    texts = [piece for piece in pieces if piece.text]
    first_running = next((piece.index for piece in texts if mass_of(piece) >= 60), -1)
    all_noise = all(piece.noise in _BODY_NOISE for piece in texts) if texts else False
    title = fold(draft.title.text) if draft.title else ""
    skip_links = False
    for piece in pieces:
        reason = None
        if piece.index <= title_index or piece.index == date_index:
            reason = "title or date"
        elif piece.index in dates and piece.index < first_running:
            reason = "date line"
        elif piece.noise in _BODY_NOISE and not all_noise:
            reason = piece.noise
        elif piece.text and (name := furniture(piece)):
            reason = name
        elif piece.text and piece.index < first_running and piece.folded == title:
            reason = "repeated title"
        elif is_page_tail(piece) and piece.index > first_running:
            reason = "imprint"
        elif piece.text and opens_inline_box(piece) and (piece.link_chars or closes_body(piece)):
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


def _head(pieces: Sequence[Piece], title_index: int, start: int, end: int, dates: set[int]) -> list[Piece]:
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
    head: Sequence[Piece], inside: Sequence[Piece], title_index: int, date_index: int
) -> tuple[str | None, Piece | None]:
    """The lead of an article where it stands in an element of its own; and its piece where that is in the body."""
    marked = [piece for piece in head if piece.role == "summary" and mass_of(piece) > 0]
    if marked:
        return " ".join(piece.text for piece in marked)[:MAX_SUMMARY], None
    texts = [piece for piece in inside if piece.text]
    if texts and len(texts) > 1:
        first = texts[0]
        if first.role == "summary" and any(piece.role != "summary" for piece in texts):
            return first.text[:MAX_SUMMARY], first
    # A lone paragraph between date and body, in a box of its own.
    loose = [
        piece for piece in head if mass_of(piece) >= 60 and not piece.link_chars and not furniture(piece)
    ]
    if len(loose) == 1 and loose[0].kind in ("paragraph", "heading", "quote"):
        return loose[0].text[:MAX_SUMMARY], None
    if texts and len(texts) > 2 and _stands_out(texts[0], texts[1:4]):
        return texts[0].text[:MAX_SUMMARY], texts[0]
    return None, None


def _stands_out(first: Piece, others: Sequence[Piece]) -> bool:
    """Whether the first paragraph has a class of its own and one style: a lead without a telling name."""
    own = first.element.get("class")
    return (
        bool(own)
        and first.kind == "paragraph"
        and (first.all_strong or first.all_emphasis)
        and mass_of(first) >= 60
        and all(piece.element.get("class") != own and not piece.all_strong for piece in others)
    )


def _without_link_tail(draft: Draft, tree: Tree, inside: list[Piece]) -> list[Piece]:
    """The body without a trailing run of bare links to other pages: a list of other articles without a heading."""
    cut = len(inside)
    count = 0
    for index in range(len(inside) - 1, -1, -1):
        piece = inside[index]
        if piece.kind == "figure":
            continue
        if (
            piece.text
            and piece.is_link
            and not is_file_line(tree, piece)
            and not piece.text.startswith("http")
        ):
            cut, count = index, count + 1
        else:
            break
    if count >= 2 and cut:
        draft.dropped += [f"links: {piece.text[:80]}" for piece in inside[cut:] if piece.text]
        return inside[:cut]
    return inside


def _without_source_link(draft: Draft, inside: list[Piece]) -> list[Piece]:
    """The body without the bare address of its source below the sign-off."""
    texts = [piece for piece in inside if piece.text]
    if texts and texts[-1].is_link and texts[-1].text.startswith("http"):
        draft.dropped.append(f"source link: {texts[-1].text[:80]}")
        return [piece for piece in inside if piece is not texts[-1]]
    return inside


def _tail(pieces: Sequence[Piece], start: int, end: int, draft: Draft) -> list[Piece]:
    """The few pieces below the body's container that may still belong to the article."""
    limit = closing_index(pieces, end, min(end + 8, len(pieces)))
    tail: list[Piece] = []
    for piece in pieces[end:limit]:
        if closes_body(piece) or piece.noise in ("related", "comments", "navigation", "chrome", "sidebar"):
            break
        tail.append(piece)
    return tail


def _byline_around(
    draft: Draft,
    head: Sequence[Piece],
    tail: Sequence[Piece],
    pieces: Sequence[Piece],
    title_index: int,
    start: int,
) -> None:
    """A byline outside the body: an author's element below it, or a label beside the date."""
    author, organisation = draft.byline.author, draft.byline.organisation
    for piece in tail[:4]:
        if not piece.text or furniture(piece):
            continue
        byline = parse_byline(piece.text)
        if byline is None or not (byline.sure or piece.role == "author" or piece.align == "right"):
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
    draft.byline = replace(draft.byline, author=author, organisation=organisation)


def _attachment_roots(
    container: Element | None, tail: Sequence[Piece], head: Sequence[Piece]
) -> list[Element]:
    roots = [container] if container is not None else []
    for piece in (*head, *tail):
        if piece.link_chars and not any(is_within(piece.element, root) for root in roots):
            roots.append(piece.element)
    return roots


def _attachments(
    tree: Tree, roots: list[Element], pieces: Sequence[Piece], title_index: int, end: int
) -> tuple[Attachment, ...]:
    return links.attachments_in(tree, roots)


def _related(tree: Tree, pieces: Sequence[Piece], end: int) -> tuple[str, ...]:
    """The articles that the page lists below this one, as far as the next box of another kind."""
    start = next(
        (index for index in range(max(end - 1, 0), len(pieces)) if opens_related(pieces[index])), None
    )
    if start is None:
        return ()
    found: dict[str, None] = {}
    for piece in pieces[start + 1 : start + 120]:
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
            target = (
                tree.target(run.link.get("href")) if run.link is not None and len(run.text) >= 12 else None
            )
            if target and target.own and target.url != tree.address and not target.extension:
                found[target.url] = None
    return tuple(found)[:30]


def _is_box_heading(piece: Piece) -> bool:
    """Whether a piece without a link is the heading of the next box: styled as one, or in capitals."""
    if date_line(piece) is not None or len(piece.text) > 60:
        return False
    return piece.kind == "heading" or piece.all_strong or (piece.text.isupper() and len(piece.text) > 5)


def to_article(
    draft: Draft, tree: Tree, *, identity: str | None, sections: tuple[SectionRef, ...], family: str
) -> Article | None:
    """The draft as an article, or None where it has no title."""
    if draft.title is None:
        return None
    return Article(
        url=tree.address,
        identity=identity,
        kind="document"
        if draft.fields.is_document or draft.is_document
        else "article"
        if draft.dated
        else "page",
        title=draft.title.text,
        summary=draft.summary,
        published=draft.dated.published if draft.dated else None,
        author=draft.byline.author,
        organisation=draft.byline.organisation,
        sections=sections,
        number=draft.fields.number if draft.fields.is_document else own_number(draft.title.text),
        blocks=tuple(draft.body.blocks),
        images=tuple(draft.body.images),
        attachments=draft.attachments,
        related=draft.related,
        family=family,
    )
