"""Where the body is: the container that holds most of the text, found by descending from the page's root."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from gvreader.extract.fields.phrases import (
    closes_body,
    furniture,
    is_page_tail,
    opens_comments,
    opens_inline_box,
)
from gvreader.extract.page import class_names
from gvreader.extract.page.text_blocks import TextBlock
from gvreader.extract.page.tree import Element
from gvreader.extract.thresholds import (
    BODY_BELOW_A_BOX,
    HEADLINE_OF_OTHERS,
    MORE_THAN_ABOVE_A_BOX,
    RUNNING_TEXT,
    TEXT_BELOW_A_BOX,
)

DOMINANT: Final = 0.65
GOOD_LENGTH: Final = 40
_NEAR: Final = 40
_SHORT_REACH: Final = 12
_SENTENCE_ENDS: Final = '.!?…”";:)'
_PARTS: Final = frozenset(("ul", "ol", "dl", "blockquote", "li", "dd"))
_BOXES: Final = frozenset(("div", "td", "section", "article", "body", "main"))
_NEVER_BODY: Final = frozenset(
    ("navigation", "chrome", "comments", "related", "dialog", "sidebar", "advert", "share", "repeated")
)


@dataclass(frozen=True, slots=True)
class Region:
    """The body as a slice of the flow: pieces `start` (inclusive) to `end` (exclusive) inside `container`."""

    container: Element
    start: int
    end: int
    mass: float


def mass_of(piece: TextBlock) -> float:
    """How much a piece looks like running text: its characters outside links, short pieces counting less."""
    if piece.kind == "figure":
        return 0.0
    plain = len(piece.text) - 2 * piece.link_chars
    if plain <= 0:
        return 0.0
    if piece.kind in ("table", "preformatted"):
        return plain * 0.6
    return float(plain) if plain >= GOOD_LENGTH else plain * 0.3


def closing_index(pieces: Sequence[TextBlock], start: int, end: int) -> int:
    """The first piece from `start` that closes an article (the heading of other articles), or `end`.

    A box of links in the middle of a body does not close it but is a hole in it: running text goes on below.
    """
    runs: _Runs | None = None
    for index in range(start, end):
        piece = pieces[index]
        if piece.noise == "navigation" or not closes_body(piece):
            continue
        if opens_inline_box(piece) and _text_goes_on(pieces[index + 1 : min(index + _NEAR, end)]):
            continue
        if _is_long_tail(pieces[index + 1 : min(index + 1 + _SHORT_REACH, end)]):
            continue
        if runs is None:
            runs = _Runs(pieces, start, end)
        if runs.go_on(piece):
            continue
        return index
    return end


@dataclass(slots=True)
class _Run:
    """Running text that no link of its own line and no closing line interrupts."""

    first: int
    parents: set[_Place]
    mass: float = 0.0
    sentences: int = 0
    count: int = 0


_Place = Element | tuple[object, str]


def _place(box: Element) -> _Place:
    """What the boxes of one body have in common: they are one element, or are made alike by a class."""
    names = box.get("class")
    return (box.tag, names) if names else box


class _Runs:
    """The running text of a slice of the flow, and whether it goes on below a line that may close a body."""

    def __init__(self, pieces: Sequence[TextBlock], start: int, end: int) -> None:
        self._before: list[float] = [0.0]
        self._first_of: dict[_Place, int] = {}
        self._closers: list[int] = []
        self._start = start
        self.runs: list[_Run] = []
        run: _Run | None = None
        for index in range(start, end):
            piece = pieces[index]
            mass = mass_of(piece)
            running = mass >= RUNNING_TEXT and piece.noise not in _NEVER_BODY and not is_page_tail(piece)
            self._before.append(self._before[-1] + (mass if running else 0.0))
            if running:
                parent = piece.element if piece.element.tag in _BOXES else piece.element.getparent()
                if run is None:
                    run = _Run(index, set())
                    self.runs.append(run)
                if parent is not None:
                    place = _place(parent)
                    self._first_of.setdefault(place, index)
                    run.parents.add(place)
                run.mass += mass
                run.count += 1
                run.sentences += piece.text[-1] in _SENTENCE_ENDS
            elif closes_body(piece):
                self._closers.append(index)
                run = None
            elif (piece.is_link and len(piece.text) >= HEADLINE_OF_OTHERS) or piece.noise in _NEVER_BODY:
                run = None

    def go_on(self, closer: TextBlock) -> bool:
        """Whether the text above a closing line goes on below it."""
        index = closer.index
        before = self._before[index - self._start]
        next_closer = next((one for one in self._closers[bisect_right(self._closers, index) :]), None)
        for run in self.runs[bisect_right(self.runs, index, key=lambda one: one.first) :]:
            is_text = run.mass >= TEXT_BELOW_A_BOX and 2 * run.sentences >= run.count
            if is_text and any(self._first_of[parent] < index for parent in run.parents):
                return True
            if (
                is_text
                and (next_closer is None or run.first < next_closer)
                and not opens_comments(closer)
                and run.mass >= max(BODY_BELOW_A_BOX, MORE_THAN_ABOVE_A_BOX * before)
            ):
                return True
        return False


def _text_goes_on(rest: Sequence[TextBlock]) -> bool:
    """Whether, after at most a few links, running text follows that is no teaser of another article."""
    following = [piece for piece in rest if piece.text]
    links = 0
    while links < len(following) and following[links].is_link:
        links += 1
    after = following[links : links + 2]
    return (
        links <= 5
        and len(after) == 2
        and all(mass_of(piece) >= 80 and not piece.link_chars and piece.noise is None for piece in after)
    )


def _is_long_tail(rest: Sequence[TextBlock]) -> bool:
    """Whether the words of a closing line only happened to stand alone in a body: long text without links follows."""
    following = [piece for piece in rest if piece.text and piece.noise is None]
    if not following or any(piece.link_chars for piece in following[:6]):
        return False
    return sum(mass_of(piece) for piece in following) >= 600


def find_region(
    pieces: Sequence[TextBlock], first: int, *, skip: Collection[int] = (), trust_hints: bool = True
) -> Region | None:
    """The body among the pieces from index `first` on; None where no running text is.

    `skip` are the indexes of pieces that are no text (dates). With `trust_hints`, elements whose class names
    speak of menus, shares and the like count nothing.
    """
    end = closing_index(pieces, first, len(pieces)) if first else len(pieces)
    mass: dict[Element, float] = {}
    good: dict[Element, int] = {}
    children: dict[Element, dict[Element, None]] = {}
    root: Element | None = None
    for piece in pieces[first:end]:
        if piece.index in skip or (trust_hints and piece.noise in _NEVER_BODY):
            continue
        weight = mass_of(piece)
        if not weight or furniture(piece) or is_page_tail(piece):
            continue
        is_good = weight >= GOOD_LENGTH
        element: Element | None = piece.element
        below: Element | None = None
        while element is not None:
            mass[element] = mass.get(element, 0.0) + weight
            good[element] = good.get(element, 0) + is_good
            if below is not None:
                children.setdefault(element, {})[below] = None
            root = below = element
            element = element.getparent()
    if root is None:
        return None
    container = _descend(root, mass, good, children)
    while container.tag in _PARTS and (parent := container.getparent()) is not None:
        container = parent
    inside = _span(pieces, container, first, end)
    if inside is None:
        return None
    return Region(container, inside[0], inside[1], mass[container])


def _descend(
    root: Element,
    mass: dict[Element, float],
    good: dict[Element, int],
    children: dict[Element, dict[Element, None]],
) -> Element:
    current = root
    while True:
        below = children.get(current)
        if not below:
            return _up_from_leaf(current, children)
        best = max(below, key=lambda child: mass[child])
        if mass[best] < DOMINANT * mass[current]:
            return current
        if not children.get(best) and current.tag not in ("tr", "tbody", "table"):
            # A leaf: a paragraph of this container, or text that stands directly in its own box.
            alone = len(below) == 1 and best.tag not in ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6")
            more = any(_alike(best, sibling) and len(sibling) for sibling in best.itersiblings())
            return best if (alone and not more) or good[best] > 1 else current
        if _is_chunk(best) and any(
            _alike(best, other) and good[other] for other in below if other is not best
        ):
            return current
        if good[best] <= 1 and any(
            _alike(best, other) and good[other] for other in below if other is not best
        ):
            return current
        current = best


def _up_from_leaf(leaf: Element, children: dict[Element, dict[Element, None]]) -> Element:
    if leaf.tag in ("p", "li") and (parent := leaf.getparent()) is not None:
        return parent
    return leaf


def _is_chunk(element: Element) -> bool:
    """Whether an element is called a part of a body, of which there can be several."""
    return class_names.role(element.get("class") or "") == "body"


def _alike(one: Element, other: Element) -> bool:
    return one.tag == other.tag and one.get("class") == other.get("class") and one.tag != "td"


def _span(pieces: Sequence[TextBlock], container: Element, first: int, end: int) -> tuple[int, int] | None:
    """The slice of pieces inside a container. Pieces are in document order, so they are one run."""
    inside = [index for index in range(first, end) if is_within(pieces[index].element, container)]
    return (inside[0], inside[-1] + 1) if inside else None


def is_within(element: Element, container: Element) -> bool:
    """Whether an element is a container or lies inside it."""
    current: Element | None = element
    while current is not None:
        if current is container:
            return True
        current = current.getparent()
    return False
