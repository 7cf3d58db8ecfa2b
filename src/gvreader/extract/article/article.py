"""An article page: title, date and body, where selectors, structure and density find them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from gvreader.extract.article.body import BODY_NOISE, fill
from gvreader.extract.article.draft import ArticleDraft, Given
from gvreader.extract.fields import links
from gvreader.extract.fields.byline import Byline
from gvreader.extract.fields.content_root import (
    Region,
    closing_index,
    find_region,
    is_within,
    mass_of,
)
from gvreader.extract.fields.documents import find_fields, own_number
from gvreader.extract.fields.phrases import furniture
from gvreader.extract.fields.publication_date import (
    Dated,
    candidates,
    common_ancestor,
    find_date,
    plausible,
)
from gvreader.extract.fields.title import Title, find_title, slug_words
from gvreader.extract.page.text_blocks import TextBlock
from gvreader.extract.page.tree import Element, Tree
from gvreader.extract.thresholds import RUNNING_TEXT, TEXT_BELOW_A_BOX
from gvreader.model import Article, SectionRef
from gvreader.portals import identity as identity_of
from gvreader.vietnamese import fold

SHORT_MASS: Final = 40
LONG_MASS: Final = 400
# Names that containers of whole pages carry too.
_WEAK_NOISE: Final = frozenset(("navigation", "share", "dialog", "advert"))


def draft_article(
    tree: Tree,
    pieces: Sequence[TextBlock],
    site_names: Sequence[str],
    captured: datetime,
    date_format: str | None = None,
    given: Given | None = None,
) -> ArticleDraft:
    """What is `given` and what structure and density make of the rest of a page.

    A page without body gives a draft without blocks.
    """
    given = given or Given()
    draft = ArticleDraft(
        title=given.title, is_document=given.is_document, has_date_place=given.has_date_place
    )
    dated = [one for one in candidates(pieces, date_format) if plausible(one.published, captured)]
    dates = {one.piece.index for one in dated}
    if draft.title is None:
        rough = find_region(pieces, 0)
        first_body = _first_running(pieces, rough) if rough else None
        draft.title = find_title(tree, pieces, site_names, first_body, dates)
    printed = draft.title.piece if draft.title else None
    first = printed.index + 1 if printed is not None else 0
    if tree.numbered:
        draft.fields = find_fields(pieces)
    if draft.fields.is_document:
        _draft_document(draft, tree, pieces, first, captured)
        return draft
    region = given.region
    if region is None or _finds_little(tree, pieces, region, first):
        found = _find_region(tree, pieces, first, dates, printed)
        if region is not None and found is not None and found.mass >= TEXT_BELOW_A_BOX:
            draft.gave_way = True
            draft.dropped.append("family: its body holds less than the text of the page")
            region = found
        region = region or found
    draft.region = region
    start, end = (region.start, region.end) if region else (first, closing_index(pieces, first, len(pieces)))
    if given.dated is not None:
        draft.dated = given.dated
    else:
        body_start = _first_body_index(pieces, start, end, dates)
        draft.dated = find_date(tree, pieces, dated, printed, (body_start, end), captured)
    fill(draft, tree, pieces, start, end, dates)
    return draft


def _finds_little(tree: Tree, pieces: Sequence[TextBlock], region: Region, first: int) -> bool:
    """Whether a family's body is empty, while the page has text: no picture, no file, hardly a word.

    What a family's selectors find is a reading like any other; the page's text is the evidence.
    """
    inside = pieces[region.start : region.end]
    if sum(map(mass_of, inside)) >= SHORT_MASS or any(piece.kind == "figure" for piece in inside):
        return False
    if links.attachments_in(tree, [region.container]):
        return False
    around = (piece for piece in pieces[first:] if piece.noise not in BODY_NOISE)
    return sum(mass_of(piece) for piece in around if mass_of(piece) >= RUNNING_TEXT) >= TEXT_BELOW_A_BOX


def _find_region(
    tree: Tree, pieces: Sequence[TextBlock], first: int, dates: set[int], printed: TextBlock | None
) -> Region | None:
    region = find_region(pieces, first, skip=dates)
    is_small = region is None or region.mass < SHORT_MASS
    is_misled = region is None or _may_be_misled(pieces[first:], region)
    if printed is not None and is_small and (files := _region_of_files(tree, pieces, first)) is not None:
        return files
    return find_region(pieces, first, skip=dates, trust_hints=False) if is_misled else region


def _may_be_misled(pieces: Sequence[TextBlock], region: Region) -> bool:
    """Whether class names hide a body: by far the most text stands where only they say that it is furniture."""
    hidden = sum(mass_of(piece) for piece in pieces if piece.noise in _WEAK_NOISE)
    return hidden >= LONG_MASS and hidden >= 3 * region.mass


def _region_of_files(tree: Tree, pieces: Sequence[TextBlock], first: int) -> Region | None:
    """The body of an article that is nothing but files or pictures: the box of the first below its title."""
    end = closing_index(pieces, first, len(pieces))
    for piece in pieces[first:end]:
        if piece.noise in BODY_NOISE:
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
    frame = next(links.frames_with_files(tree), None)
    return Region(frame, first, first, 0.0) if frame is not None else None


def _draft_document(
    draft: ArticleDraft, tree: Tree, pieces: Sequence[TextBlock], first: int, captured: datetime
) -> None:
    """An official text: its cells are its fields, and what stands below them is its body."""
    fields = draft.fields
    below = max(fields.indexes) + 1
    end = closing_index(pieces, below, len(pieces))
    rest = [piece for piece in pieces[below:end] if piece.noise not in BODY_NOISE]
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
    if abstract and draft.title is not None:
        draft.summary = abstract if fold(abstract) != fold(draft.title.text) else None
    draft.byline = Byline(fields.values.get("signer") or None, fields.values.get("issuer") or None)
    roots = [cells, *([region.container] if region is not None else [])]
    draft.attachments = links.attachments_in(tree, roots) or draft.attachments


def _is_beside(element: Element, box: Element) -> bool:
    """Whether an element stands in a box or right around it."""
    parent = box.getparent()
    return is_within(element, box if parent is None else parent)


def _box_of(first: TextBlock, last: TextBlock) -> Element:
    """The smallest element around the cells of a document page, and the row of links right below them."""
    box = common_ancestor(first.element, last.element)
    if box is None:
        return first.element
    while box.tag in ("td", "tr", "tbody", "th", "span", "p") and (parent := box.getparent()) is not None:
        box = parent
    parent = box.getparent()
    return box if parent is None or parent.tag in ("body", "html") else parent


def _first_running(pieces: Sequence[TextBlock], region: Region) -> TextBlock | None:
    return next((piece for piece in pieces[region.start : region.end] if _is_running(piece)), None)


def _is_running(piece: TextBlock) -> bool:
    """Whether a piece is a paragraph rather than a long headline."""
    return mass_of(piece) >= 60 and (piece.text[-1] in '.!?:;…”"' or len(piece.text) >= 250)


def _first_body_index(pieces: Sequence[TextBlock], start: int, end: int, dates: set[int]) -> int:
    """The first piece of the slice that is running text or a picture, not a date, label or furniture."""
    for index in range(start, end):
        piece = pieces[index]
        if index in dates or (piece.text and furniture(piece)):
            continue
        if mass_of(piece) >= 40 or piece.kind in ("table", "figure"):
            return index
    return start


def own_address(tree: Tree, family: str) -> str:
    """The article's canonical address: what its head names where that is the same article, else where it was met.

    Templates also name the front page or the section, so the record id or the words of the slug must agree.
    """
    named = tree.target(tree.named)
    if named is None or not named.own or named.home or named.trap or named.extension:
        return tree.address
    number = identity_of(tree.address, family)
    if number is not None:
        return named.url if identity_of(named.url, family) == number else tree.address
    words = slug_words(tree.address)
    return named.url if len(words) > 1 and words == slug_words(named.url) else tree.address


def to_article(
    draft: ArticleDraft, tree: Tree, *, identity: str | None, sections: tuple[SectionRef, ...], family: str
) -> Article | None:
    """The draft as an article, or None where it has no title."""
    if draft.title is None:
        return None
    return Article(
        url=own_address(tree, family),
        identity=identity,
        kind="document"
        if draft.fields.is_document or draft.is_document
        else "article"
        if draft.dated or draft.has_date_place
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
