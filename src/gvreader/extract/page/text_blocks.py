"""A tree as the flow of text that a reader sees: one piece per paragraph, heading, item, table, image.

Every layer works on this flow. Pieces keep the element they come from, so that structure is never lost,
and the reason why they look like page furniture, so that nothing is dropped without a trace.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, cast

from lxml import etree

from gvreader.extract.page import class_names
from gvreader.extract.page.tables import is_data_table, table_rows
from gvreader.extract.page.text import clean, folded, printable
from gvreader.extract.page.tree import Element
from gvreader.extract.page.weights import Weights
from gvreader.model import BlockKind

BLOCK_TAGS: Final = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "search",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "caption", "marquee",
))  # fmt: skip
MAX_PIECES: Final = 20_000
MAX_LINES: Final = 50_000
_SKIPPED: Final = frozenset((
    "script", "style", "template", "noscript", "svg", "math", "canvas", "head", "select", "option", "textarea",
    "button", "audio", "video", "map", "track", "object", "embed", "iframe", "frame", "input",
    "datalist", "meter", "progress", "title", "meta", "link",
))  # fmt: skip
_HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_STRONG: Final = frozenset(("b", "strong"))
_EMPHASIS: Final = frozenset(("i", "em", "cite", "dfn", "var"))
_SEMANTIC_NOISE: Final = {
    "nav": "navigation",
    "footer": "chrome",
    "aside": "sidebar",
    "menu": "navigation",
    "address": "chrome",
    "marquee": "chrome",
}
_ROLES: Final = {
    "navigation": "navigation", "banner": "chrome", "contentinfo": "chrome", "complementary": "sidebar",
    "search": "dialog", "menu": "navigation", "menubar": "navigation", "dialog": "dialog",
}  # fmt: skip
_LINK_BOXES: Final = frozenset(("navigation", "chrome", "sidebar", "dialog", "advert"))
_LONG_BOX: Final = 400
_ITEMPROPS: Final = {
    "headline": "title", "datepublished": "date", "author": "author", "articlebody": "body", "description": "summary",
}  # fmt: skip
_TELLING: Final = frozenset(("class", "id", "style", "align", "itemprop", "role", "hidden"))
# Elements that change nothing for the text inside them unless an attribute says so.
_TRANSPARENT: Final = frozenset((
    "span", "font", "u", "small", "big", "label", "abbr", "ins", "s", "tt", "time", "tbody", "thead", "tfoot", "tr",
))  # fmt: skip
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ALIGN: Final = re.compile(r"text-align\s*:\s*(center|right|end|-webkit-center)", re.IGNORECASE)
_WEIGHT: Final = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_SLANT: Final = re.compile(r"font-style\s*:\s*italic", re.IGNORECASE)
_SPACES: Final = re.compile(
    r"[ \t\r\n\f\v\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
)
_UNEVEN: Final = re.compile(r"[^\S ]|  ")
_BULLET: Final = re.compile(r"[-–—+*•·▪►✓]|\(?[0-9a-zđ]{1,2}[).]\s", re.IGNORECASE)


@dataclass(slots=True)
class InlineRun:
    """Text in one style inside a piece. `link` is the anchor around it."""

    text: str
    link: Element | None = None
    strong: bool = False
    emphasis: bool = False


@dataclass(slots=True, eq=False)
class TextBlock:
    """One piece of the flow. `element` is the block that holds it; `breaks` is how many `<br>` came before it
    inside that block; `noise` is why it looks like page furniture."""

    kind: BlockKind
    element: Element
    runs: list[InlineRun] = field(default_factory=list)
    text: str = ""
    link_chars: int = 0
    level: int = 0
    ordered: bool = False
    rows: tuple[tuple[str, ...], ...] = ()
    align: str = ""
    noise: str | None = None
    role: str | None = None
    image: Element | None = None
    indented: bool = False
    breaks: int = 0
    index: int = 0
    _folded: str | None = None

    @property
    def folded(self) -> str:
        """Its text without capitals and marks."""
        if self._folded is None:
            self._folded = folded(self.text)
        return self._folded

    def rewrite(self) -> None:
        """Take the text over from changed runs."""
        self.text = "".join(run.text for run in self.runs)
        self.link_chars = sum(len(run.text) for run in self.runs if run.link is not None)
        self._folded = None

    @property
    def is_box(self) -> bool:
        """Whether it only marks where a box of links was passed over."""
        return not self.text and self.kind == "paragraph"

    @property
    def is_link(self) -> bool:
        """Whether (nearly) all of its text is a link."""
        return bool(self.text) and self.link_chars >= 0.8 * len(self.text)

    @property
    def all_strong(self) -> bool:
        return bool(self.runs) and all(run.strong for run in self.runs if run.text.strip())

    @property
    def all_emphasis(self) -> bool:
        return bool(self.runs) and all(run.emphasis for run in self.runs if run.text.strip())

    @property
    def link(self) -> Element | None:
        """The first anchor in it."""
        return next((run.link for run in self.runs if run.link is not None), None)


@dataclass(slots=True)
class _Context:
    """What a block or inline element hands down to the text inside it."""

    block: Element
    kind: BlockKind = "paragraph"
    level: int = 0
    ordered: bool = False
    strong: bool = False
    emphasis: bool = False
    link: Element | None = None
    align: str = ""
    noise: str | None = None
    role: str | None = None
    lists: int = 0
    hidden: bool = False

    def copy(self) -> _Context:
        return _Context(
            self.block, self.kind, self.level, self.ordered, self.strong, self.emphasis, self.link, self.align,
            self.noise, self.role, self.lists, self.hidden,
        )  # fmt: skip


class _Flow:
    """Gathers runs until a block boundary, then makes a piece of them."""

    def __init__(self) -> None:
        self.pieces: list[TextBlock] = []
        self._runs: list[tuple[str, _Context]] = []
        self._context: _Context | None = None
        self._breaks = 0
        self._used_items: set[Element] = set()
        self._lines: list[str] = []

    def text(self, text: str, context: _Context) -> None:
        # White space between blocks is nothing; no-break spaces may indent what follows.
        if self._runs or not text.isspace() or "\xa0" in text:
            self._runs.append((text, context))

    def line_break(self) -> None:
        if self._runs:
            self.flush(keep_breaks=True)
        self._breaks += 1

    def flush(self, *, keep_breaks: bool = False) -> None:
        gathered = self._runs
        if not gathered:
            if not keep_breaks:
                self._breaks = 0
            return
        self._runs = []
        breaks = self._breaks
        if not keep_breaks:
            self._breaks = 0
        if (piece := _piece(gathered)) is not None:
            piece.breaks = breaks
            self._breaks = 0
            self._add(piece)

    def image(self, element: Element, context: _Context) -> None:
        self.flush()
        self._add(
            TextBlock(
                "figure", element, image=element, align=context.align, noise=context.noise, role=context.role
            )
        )

    def mark(self, element: Element, context: _Context) -> None:
        """Leave a piece without text where a box of links was passed over."""
        self._add(TextBlock("paragraph", element, noise=context.noise))

    def table(self, element: Element, context: _Context) -> None:
        self.flush()
        if rows := table_rows(element):
            text = "\n".join(" | ".join(row) for row in rows)
            self._add(
                TextBlock("table", element, text=text, rows=rows, noise=context.noise, role=context.role)
            )

    def close_line(self) -> None:
        """Give a piece of several lines its text."""
        if self._lines:
            self.pieces[-1].text = " ".join(self._lines)
            self._lines = []

    @property
    def is_full(self) -> bool:
        """Whether the page has more text than is gathered."""
        return len(self.pieces) >= MAX_PIECES or len(self._lines) >= MAX_LINES

    def _add(self, piece: TextBlock) -> None:
        if self.is_full:
            return
        if piece.kind == "item":
            # Only the first paragraph of a list item is the item; what follows it are paragraphs.
            if piece.element in self._used_items:
                piece.kind = "paragraph"
            self._used_items.add(piece.element)
        if piece.breaks and self.pieces:
            previous = self.pieces[-1]
            if previous.element is piece.element and _continues(previous, self._lines, piece):
                self._lines = self._lines or [previous.text]
                self._lines.append(piece.text)
                previous.runs.append(InlineRun(" "))
                previous.runs.extend(piece.runs)
                previous.link_chars += piece.link_chars
                return
        self.close_line()
        piece.index = len(self.pieces)
        self.pieces.append(piece)


def _continues(previous: TextBlock, lines: list[str], piece: TextBlock) -> bool:
    """Whether a single line break inside a block only wraps a line, rather than ending a paragraph.

    `lines` are those that the previous piece has so far where they are several.
    """
    last = lines[-1] if lines else previous.text
    if previous.kind == "heading":
        return True
    if piece.breaks > 1 or previous.kind in ("figure", "table", "preformatted"):
        return False
    first = piece.text[0]
    if _BULLET.match(piece.text):
        return False
    if last[-1] in ",–-" or first.islower():
        return last[-1] not in ".!?:;…" or last[-1] in ",–-"
    return False


def _piece(gathered: list[tuple[str, _Context]]) -> TextBlock | None:
    """One piece from the runs of a block, white space collapsed as a browser does (no-break spaces too)."""
    context = gathered[0][1]
    if context.kind == "preformatted":
        return _preformatted(gathered)
    if len(gathered) == 1:
        return _simple_piece(*gathered[0])
    runs: list[InlineRun] = []
    spaced = True
    indented = False
    for raw, style in gathered:
        text = _SPACES.sub(" ", raw) if _UNEVEN.search(raw) else raw
        if not text.isprintable() or "&" in text or not text.isascii():
            text = _SPACES.sub(" ", printable(text))
        if not runs and "\xa0\xa0" in raw and raw.count("\xa0") >= 4:
            indented = raw.isspace() or raw.lstrip(" \r\n\t").startswith("\xa0\xa0")
        if spaced:
            text = text.lstrip(" ")
        if not text:
            continue
        spaced = text.endswith(" ")
        if not runs:
            context = style
        last = runs[-1] if runs else None
        if (
            last
            and last.link is style.link
            and last.strong == style.strong
            and last.emphasis == style.emphasis
        ) or (last and text == " "):
            last.text += text
        else:
            runs.append(InlineRun(text, style.link, style.strong, style.emphasis))
    while runs:
        runs[-1].text = runs[-1].text.rstrip(" ")
        if runs[-1].text:
            break
        runs.pop()
    if not runs:
        return None
    whole = runs[0].text if len(runs) == 1 else "".join(run.text for run in runs)
    composed = whole if len(runs) == 1 else printable(whole)
    if composed != whole:
        # A letter and its mark stood in different elements.
        runs = [InlineRun(composed, runs[0].link, runs[0].strong, runs[0].emphasis)]
    return TextBlock(
        context.kind, context.block, runs, composed,
        sum(len(run.text) for run in runs if run.link is not None),
        context.level, context.ordered, (), context.align, context.noise, context.role, None, indented,
    )  # fmt: skip


def _simple_piece(raw: str, context: _Context) -> TextBlock | None:
    """One piece from a single run of text: the usual case."""
    text = clean(raw)
    if not text:
        return None
    indented = "\xa0\xa0" in raw and raw.count("\xa0") >= 4 and raw.lstrip(" \r\n\t").startswith("\xa0\xa0")
    return TextBlock(
        context.kind, context.block, [InlineRun(text, context.link, context.strong, context.emphasis)], text,
        0 if context.link is None else len(text),
        context.level, context.ordered, (), context.align, context.noise, context.role, None, indented,
    )  # fmt: skip


def _preformatted(gathered: list[tuple[str, _Context]]) -> TextBlock | None:
    context = gathered[0][1]
    lines = printable("".join(raw for raw, _ in gathered)).expandtabs(4).splitlines()
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    if not text.strip():
        return None
    return TextBlock(
        "preformatted", context.block, [InlineRun(text)], text, noise=context.noise, role=context.role
    )


@dataclass(frozen=True, slots=True)
class _Effect:
    """What the attributes of an element say of the text inside it; None where they say nothing."""

    noise: str | None = None
    role: str | None = None
    align: str | None = None
    strong: bool = False
    emphasis: bool = False
    hidden: bool = False


@lru_cache(maxsize=8192)
def _effect(attributes: tuple[tuple[str, str], ...]) -> _Effect:
    noise = role = align = None
    strong = emphasis = hidden = False
    for name, value in attributes:
        if name in ("class", "id"):
            noise = noise or class_names.noise(value)
            role = (class_names.role(value) if name == "class" else None) or role
        elif name == "style":
            style = value[:2000]
            hidden = hidden or bool(_HIDDEN.search(style))
            if found := _ALIGN.search(style):
                align = "right" if found[1].lower() in ("right", "end") else "center"
            elif "text-align" in style:
                align = ""
            strong, emphasis = bool(_WEIGHT.search(style)), bool(_SLANT.search(style))
        elif name == "align":
            align = value.strip().lower() if value.strip().lower() in ("center", "right") else ""
        elif name == "itemprop":
            role = _ITEMPROPS.get(value.strip().lower(), role)
        elif name == "role":
            noise = noise or _ROLES.get(value.strip().lower())
        elif name == "hidden":
            hidden = True
    return _Effect(noise, role, align, strong, emphasis, hidden)


def _descend(element: Element, tag: str, parent: _Context) -> _Context:
    """The context inside an element."""
    items = element.items()
    telling = tuple([item for item in items if item[0] in _TELLING]) if items else ()
    if not telling and tag in _TRANSPARENT:
        return parent
    context = parent.copy()
    if tag in BLOCK_TAGS:
        _enter_block(element, tag, parent, context)
    elif tag == "a":
        if element.get("href") or element.get("onclick"):
            context.link = element
    elif tag in _STRONG:
        context.strong = True
    elif tag in _EMPHASIS:
        context.emphasis = True
    if telling:
        _apply(_effect(cast("tuple[tuple[str, str], ...]", telling)), tag, context)
    return context


def _enter_block(element: Element, tag: str, parent: _Context, context: _Context) -> None:
    context.block = element
    if tag in _HEADINGS:
        context.kind, context.level = "heading", _HEADINGS[tag]
    elif tag == "li":
        context.kind, context.level = "item", max(parent.lists - 1, 0)
    elif tag in ("ul", "ol"):
        context.lists += 1
        context.ordered = tag == "ol"
        context.kind = "paragraph"
    elif tag == "blockquote":
        context.kind = "quote"
    elif tag == "pre":
        context.kind = "preformatted"
    elif tag == "center":
        context.align = "center"
    elif tag in ("figcaption", "caption"):
        context.role = "caption"
    elif tag == "p" and parent.kind == "item":
        # The paragraph inside an item is the item.
        context.block = parent.block
    if tag in _SEMANTIC_NOISE:
        context.noise = context.noise or _SEMANTIC_NOISE[tag]


def _apply(effect: _Effect, tag: str, context: _Context) -> None:
    if tag not in ("body", "html", "form"):
        # Names on these speak of the whole page.
        context.noise = context.noise or effect.noise
        context.role = effect.role or context.role
        context.hidden = context.hidden or effect.hidden
    if effect.align is not None and tag != "table":
        context.align = effect.align
    context.strong = context.strong or effect.strong
    context.emphasis = context.emphasis or effect.emphasis


def _is_box_of_links(element: Element, weights: Weights) -> bool:
    """Whether furniture is long and made of links: a menu, a side column. Nothing in it is looked for in the flow."""
    if weights.length(element) < _LONG_BOX or next(element.iter("h1", "article", "main"), None) is not None:
        return False
    mass = weights.mass(element)
    return mass.plain <= mass.length / 2


def _enter(gathering: _Flow, element: Element, stack: list[_Context], weights: Weights) -> _Context | None:
    """What an element's own text is gathered in; None where its subtree says nothing more."""
    parent = stack[-1]
    tag = element.tag
    if tag == "br":
        gathering.line_break()
        return None
    if tag == "img":
        if not parent.hidden:
            gathering.image(element, parent)
        return None
    if tag in _SKIPPED:
        return None
    if tag in BLOCK_TAGS:
        gathering.flush()
    if element is weights.headline:
        # Whatever the boxes around a headline are called, they are the article's from here on.
        for outer in stack:
            outer.noise = None
    context = _descend(element, tag, parent)
    if context.hidden and element is not weights.root:
        if not weights.is_page_in_hiding(element):
            return None
        context.hidden = False
    if context.noise is not None and parent.noise is None:
        if weights.holds_page(element, context.noise):
            context.noise = None
        elif context.noise in _LINK_BOXES and _is_box_of_links(element, weights):
            gathering.mark(element, context)
            return None
    if tag == "table" and is_data_table(element):
        gathering.table(element, context)
        return None
    return context


def flow(root: Element, heads: Collection[str] = ()) -> list[TextBlock]:
    """The pieces of a subtree in the order they are read. Iterative: depth is no danger.

    `heads` are what the page's head calls it, folded: the element that prints one of them is the page's headline.
    """
    gathering = _Flow()
    weights = Weights(root, heads)
    stack = [_Context(root)]
    skipped: Element | None = None
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in cast("Iterator[tuple[str, Element]]", walk):
        if event == "start":
            context = _enter(gathering, element, stack, weights)
            if context is None:
                walk.skip_subtree()
                skipped = element
            else:
                stack.append(context)
                if text := element.text:
                    gathering.text(text, context)
            continue
        if skipped is element:
            skipped = None
        else:
            stack.pop()
            if element.tag in BLOCK_TAGS:
                gathering.flush()
                if gathering.is_full:
                    break
        if element is not root and (tail := element.tail):
            gathering.text(tail, stack[-1])
    gathering.flush()
    gathering.close_line()
    return gathering.pieces
