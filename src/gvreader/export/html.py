"""An article's blocks as clean HTML, and back.

Everything is escaped; the only elements are those named here, the only attributes `href`, `src` and `alt`.
Links go to http, https or mailto. `parse(render(article))` gives the same blocks, so an article can be
restored from its JSON form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from html.parser import HTMLParser
from itertools import groupby
from typing import Final

from gvreader.model import (
    Article,
    Block,
    BlockKind,
    Image,
    Span,
)

# Characters that XML 1.0 forbids; HTML parsers replace or drop them too.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SAFE_LINK: Final = re.compile(
    r"(?:https?://|mailto:)"
    r"[^\s\"<>\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\U000e0000-\U000e007f]+\Z",
    re.I,
)
_HEADING: Final = re.compile(r"h([2-6])\Z")
_VOID: Final = re.compile(r"<((?:br|img)\b[^<>]*)>")

Picture = Callable[[Image], str | None]
"""Where a page finds a picture; None when it has no copy: then a link to the original stands in its place."""


def original_picture(image: Image) -> str | None:
    """A picture at its own address on the portal."""
    return safe_link(image.url)


def clean(text: str) -> str:
    """`text` without the characters that XML 1.0 forbids."""
    return _FORBIDDEN.sub("", text)


def safe_link(url: str | None) -> str | None:
    """`url` if it may be followed from a page that someone else wrote: absolute http, https or mailto."""
    return url if url and _SAFE_LINK.match(url) else None


def _text(text: str) -> str:
    return escape(clean(text), quote=False).replace("\n", "<br>")


def _attribute(text: str) -> str:
    return escape(clean(text), quote=True).replace("\n", "&#10;")


def _style(span: Span) -> tuple[str | None, bool, bool]:
    return safe_link(span.href), span.strong, span.emphasis


def _spans(spans: Sequence[Span], *, verbatim: bool = False) -> str:
    pieces = []
    for (href, strong, emphasis), run in groupby(spans, key=_style):
        text = "".join(span.text for span in run)
        piece = escape(clean(text), quote=False) if verbatim else _text(text)
        if emphasis:
            piece = f"<em>{piece}</em>"
        if strong:
            piece = f"<strong>{piece}</strong>"
        if href:
            piece = f'<a href="{_attribute(href)}">{piece}</a>'
        pieces.append(piece)
    return "".join(pieces)


def _table(block: Block) -> str:
    rows = ("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in block.rows)
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


def _figure(block: Block, images: Sequence[Image], picture: Picture) -> str:
    if block.image is None or not 0 <= block.image < len(images):
        return ""
    return figure(images[block.image], picture)


def figure(image: Image, picture: Picture = original_picture) -> str:
    """One picture with its caption; empty for one whose address may not be followed."""
    original = safe_link(image.url)
    if original is None:
        return ""
    caption = f"<figcaption>{_text(image.caption)}</figcaption>" if image.caption else ""
    source = picture(image)
    if source is None:
        name = _text(image.alt or image.caption or image.url)
        return f'<figure><p><a href="{_attribute(original)}">{name}</a></p>{caption}</figure>'
    return f'<figure><img src="{_attribute(source)}" alt="{_attribute(image.alt or "")}">{caption}</figure>'


def _lists(items: Sequence[Block]) -> str:
    """Consecutive items as nested lists; a level that no item opened gets an empty item to hang from."""
    output: list[str] = []
    open_lists: list[str] = []
    for item in items:
        tag = "ol" if item.ordered else "ul"
        depth = item.level + 1
        while len(open_lists) > depth or (len(open_lists) == depth and open_lists[-1] != tag):
            output.append(f"</li></{open_lists.pop()}>")
        if len(open_lists) == depth:
            output.append("</li><li>")
        while len(open_lists) < depth:
            open_lists.append(tag)
            output.append(f"<{tag}><li>")
        output.append(_spans(item.spans))
    output.extend(f"</li></{tag}>" for tag in reversed(open_lists))
    return "".join(output)


def _block(block: Block, images: Sequence[Image], picture: Picture) -> str:
    match block.kind:
        case "heading":
            level = min(max(block.level, 2), 6)
            return f"<h{level}>{_spans(block.spans)}</h{level}>"
        case "quote":
            return f"<blockquote>{_spans(block.spans)}</blockquote>"
        case "preformatted":
            return f"<pre>{_spans(block.spans, verbatim=True)}</pre>"
        case "table":
            return _table(block)
        case "figure":
            return _figure(block, images, picture)
        case _:
            return f"<p>{_spans(block.spans)}</p>"


def render(article: Article, picture: Picture = original_picture) -> str:
    """The body of an article as HTML, one element a line; empty for an article without a body."""
    parts: list[str] = []
    for is_item, run in groupby(article.blocks, key=lambda block: block.kind == "item"):
        if is_item:
            parts.append(_lists(tuple(run)))
        else:
            parts.extend(_block(block, article.images, picture) for block in run)
    return "\n".join(part for part in parts if part)


def loose_pictures(article: Article, picture: Picture = original_picture) -> str:
    """The pictures that stand at no place in the body, one a line."""
    shown = {block.image for block in article.blocks if block.kind == "figure"}
    figures = (figure(image, picture) for index, image in enumerate(article.images) if index not in shown)
    return "\n".join(part for part in figures if part)


def as_xhtml(html: str) -> str:
    """HTML of this module in XML syntax. Text and attributes hold no bare angle brackets, so tags are tags."""
    return _VOID.sub(r"<\1/>", html)


def page(article: Article) -> str:
    """A whole HTML document of one article, without scripts or styles of its own."""
    published = f"<p><time>{article.published.isoformat()}</time></p>\n" if article.published else ""
    names = [name for name in (article.author, article.organisation) if name]
    byline = f"<p>{_text(' · '.join(names))}</p>\n" if names else ""
    summary = f"<p><strong>{_text(article.summary)}</strong></p>\n" if article.summary else ""
    files = "".join(
        f'<li><a href="{_attribute(item.url)}">{_text(item.name)}</a></li>'
        for item in article.attachments
        if safe_link(item.url)
    )
    pictures = loose_pictures(article)
    return (
        f'<!doctype html>\n<html lang="{_attribute(article.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<title>{_text(article.title)}</title>\n<link rel="canonical" href="{_attribute(article.url)}">\n'
        f"</head>\n<body>\n<article>\n<h1>{_text(article.title)}</h1>\n{published}{byline}{summary}"
        f"{render(article)}\n{pictures}{f'<ul>{files}</ul>' if files else ''}\n</article>\n</body>\n</html>\n"
    )


_TAGGED: Final[dict[str, BlockKind]] = {"p": "paragraph", "blockquote": "quote", "pre": "preformatted"}


class _Blocks(HTMLParser):
    """Reads what `render` writes; anything else is ignored, its text kept."""

    def __init__(self, images: Sequence[Image]) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._images = {image.url: index for index, image in reversed(tuple(enumerate(images)))}
        self._kind: BlockKind | None = None
        self._level = 0
        self._lists: list[str] = []
        self._spans: list[Span] = []
        self._rows: list[tuple[str, ...]] = []
        self._row: list[str] = []
        self._cell: list[str] | None = None
        self._href: str | None = None
        self._strong = self._emphasis = self._caption = False

    def _open(self, kind: BlockKind | None, level: int = 0) -> None:
        self._close()
        self._kind, self._level = kind, level

    def _close(self) -> None:
        if self._kind is not None and self._spans:
            ordered = bool(self._kind == "item" and self._lists and self._lists[-1] == "ol")
            self.blocks.append(
                Block(kind=self._kind, spans=tuple(self._spans), level=self._level, ordered=ordered)
            )
        self._kind, self._level, self._spans = None, 0, []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        heading = _HEADING.match(tag)
        values = dict(attrs)
        if heading:
            self._open("heading", int(heading[1]))
        elif tag in _TAGGED:
            self._open(_TAGGED[tag])
        elif tag in ("ul", "ol"):
            self._close()
            self._lists.append(tag)
        elif tag == "li":
            self._open("item", max(len(self._lists) - 1, 0))
        elif tag == "table":
            self._close()
            self._rows = []
        elif tag == "tr":
            self._row = []
        elif tag == "td":
            self._cell = []
        elif tag == "img":
            self._close()
            index = self._images.get(values.get("src") or "")
            if index is not None:
                self.blocks.append(Block(kind="figure", image=index))
        elif tag == "br":
            self.handle_data("\n")
        else:
            self._inline(tag, opened=True, href=values.get("href"))

    def _inline(self, tag: str, *, opened: bool, href: str | None = None) -> None:
        if tag == "a":
            self._href = safe_link(href) if opened else None
        elif tag == "strong":
            self._strong = opened
        elif tag == "em":
            self._emphasis = opened
        elif tag == "figcaption":
            self._caption = opened

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "blockquote", "pre", "li") or _HEADING.match(tag):
            self._close()
        elif tag in ("ul", "ol"):
            self._close()
            if self._lists:
                self._lists.pop()
        elif tag == "td" and self._cell is not None:
            self._row.append("".join(self._cell))
            self._cell = None
        elif tag == "tr":
            self._rows.append(tuple(self._row))
        elif tag == "table":
            self.blocks.append(Block(kind="table", rows=tuple(self._rows)))
        else:
            self._inline(tag, opened=False)

    def handle_data(self, data: str) -> None:
        if self._caption:
            return
        if self._cell is not None:
            self._cell.append(data)
        elif self._kind is not None:
            span = Span(text=data, href=self._href, strong=self._strong, emphasis=self._emphasis)
            if self._spans and _style(self._spans[-1]) == _style(span):
                data = self._spans.pop().text + data
                span = Span(text=data, href=self._href, strong=self._strong, emphasis=self._emphasis)
            self._spans.append(span)


def parse(html: str, images: Sequence[Image] = ()) -> tuple[Block, ...]:
    """The blocks of HTML that `render` wrote; figures point into `images` by address. Never raises."""
    reader = _Blocks(images)
    reader.feed(html)
    reader.close()
    reader.handle_endtag("p")
    return tuple(reader.blocks)
