"""How a page's text is spread over its elements: what holds most of it is no furniture, whatever it is called."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, cast

from lxml import etree

from gvreader.extract.page.text import clean, folded
from gvreader.extract.page.tree import Element
from gvreader.extract.thresholds import (
    FEWEST_CHARACTERS_OF_A_PAGE,
    HEADLINE_LENGTH,
    MOST_OF_A_PAGE,
    NEARLY_ALL_OF_A_PAGE,
)

_HEADLINES: Final = etree.XPath(
    ".//h1 | .//h2 | .//h3 | .//*[@itemprop='headline' or contains(@class, 'title')]"
)
_LENGTH: Final = etree.XPath("string-length(normalize-space(.))")
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4"))
_SILENT: Final = frozenset(("select", "option", "textarea", "button"))
# Such boxes can be longer than what they belong to.
_MAY_BE_LONG: Final = frozenset(("comments", "related"))


@dataclass(slots=True)
class TextMass:
    """Characters of an element, white space between elements left out.

    `length` is all it prints, `plain` what stands in no link, `headed` what links in headings print.
    """

    length: int = 0
    plain: int = 0
    headed: int = 0


class Weights:
    """The text of a page by element, counted no more often than once. `heads` are the folded names of the page."""

    def __init__(self, root: Element, heads: Collection[str]) -> None:
        self.root = root
        self.headline = _headline(root, heads) if heads else None
        self._around = set() if self.headline is None else {*self.headline.iterancestors()}
        self._known: dict[Element, TextMass] = {}
        self._is_complete = False

    def mass(self, element: Element) -> TextMass:
        """How much text an element holds."""
        known = self._known.get(element)
        if known is None:
            known = self._known[element] = _mass(element, self.length(element))
        return known

    def length(self, element: Element) -> int:
        """How many characters an element prints, links included."""
        known = self._known.get(element)
        return known.length if known is not None else int(cast("float", _LENGTH(element)))

    def holds_page(self, element: Element, noise: str) -> bool:
        """Whether an element that its name calls furniture holds the page's headline with text, or most of its text."""
        holds = self._holds_page(element, noise)
        if holds and not self._is_complete:
            # Boxes inside this one are asked about next: one walk counts them all.
            self._known = _weigh(self.root)
            self._is_complete = True
        return holds

    def _holds_page(self, element: Element, noise: str) -> bool:
        if element not in self._around and self.length(element) < FEWEST_CHARACTERS_OF_A_PAGE:
            return False
        own = self.mass(element)
        if element not in self._around and own.plain + own.headed < FEWEST_CHARACTERS_OF_A_PAGE:
            return False
        whole = self.mass(self.root)
        share = NEARLY_ALL_OF_A_PAGE if noise in _MAY_BE_LONG or _is_foot(element) else MOST_OF_A_PAGE
        if element in self._around:
            return own.plain >= (1 - share) * whole.plain
        if self.headline is not None:
            # The headline stands elsewhere: only what is nearly all text of the page can be its body.
            share = NEARLY_ALL_OF_A_PAGE
        is_text = 2 * own.plain >= own.length
        if is_text and own.plain >= max(share * whole.plain, FEWEST_CHARACTERS_OF_A_PAGE):
            return True
        if self.headline is not None:
            return False
        told = own.plain + own.headed
        return own.headed > 0 and told >= max(
            share * (whole.plain + whole.headed), FEWEST_CHARACTERS_OF_A_PAGE
        )

    def is_page_in_hiding(self, element: Element) -> bool:
        """Whether an element that is hidden until a script shows it holds the page."""
        if element in self._around:
            return True
        if self.headline is not None:
            return False
        own = self.length(element)
        if own < FEWEST_CHARACTERS_OF_A_PAGE:
            return False
        return own >= NEARLY_ALL_OF_A_PAGE * self.mass(self.root).length


def _is_foot(element: Element) -> bool:
    names = f"{element.tag} {element.get('class') or ''} {element.get('id') or ''}".lower()
    return "foot" in names or "copyright" in names


def _headline(root: Element, heads: Collection[str]) -> Element | None:
    """Where the page prints what its head calls it, the highest heading first; not where it links elsewhere."""
    best: tuple[int, Element] | None = None
    for element in cast("list[Element]", _HEADLINES(root)):
        rank = {"h1": 0, "h2": 1, "h3": 2}.get(element.tag, 3 if element.get("itemprop") else 4)
        if best is not None and rank >= best[0]:
            continue
        text = clean("".join(_bounded_text(element)))
        if not text or folded(text) not in heads or (rank and len(text) < HEADLINE_LENGTH):
            continue
        if rank and next(element.iter("a"), None) is not None:
            continue
        if next(element.iterancestors("a"), None) is None:
            best = (rank, element)
    return best[1] if best else None


def _bounded_text(element: Element) -> Iterator[str]:
    """The text of an element as far as a headline goes."""
    length = 0
    for text in cast("Iterator[str]", element.itertext()):
        length += len(text)
        if length > 2_000:
            return
        yield text


def _mass(element: Element, length: int) -> TextMass:
    """The text of one element that prints so many characters."""
    linked = headed = 0
    for anchor in element.iter("a"):
        own = int(cast("float", _LENGTH(anchor)))
        linked += own
        if own and any(one.tag in _HEADINGS for one in anchor.iterancestors(*_HEADINGS)):
            headed += own
    return TextMass(length, max(length - linked, 0), headed)


def _weigh(root: Element) -> dict[Element, TextMass]:
    """The text of every element of a subtree, in one walk."""
    table: dict[Element, TextMass] = {}
    stack: list[TextMass] = []
    links = headings = 0
    for event, element in cast(
        "Iterator[tuple[str, Element]]", etree.iterwalk(root, events=("start", "end"))
    ):
        tag = element.tag
        if event == "start":
            own = TextMass()
            stack.append(own)
            links += tag == "a"
            headings += tag in _HEADINGS
            text = element.text
            if text and not text.isspace() and tag not in _SILENT:
                _count(own, len(text), links, headings)
            continue
        own = table[element] = stack.pop()
        links -= tag == "a"
        headings -= tag in _HEADINGS
        if not stack:
            break
        outer = stack[-1]
        outer.length += own.length
        outer.plain += own.plain
        outer.headed += own.headed
        text = element.tail
        if text and not text.isspace():
            _count(outer, len(text), links, headings)
    return table


def _count(mass: TextMass, length: int, links: int, headings: int) -> None:
    mass.length += length
    if not links:
        mass.plain += length
    elif headings:
        mass.headed += length
