"""From blocks to HTML in the manners that editors and content systems have."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from html.entities import codepoint2name
from itertools import groupby
from typing import Literal

from gvreader.demo.article import Picture
from gvreader.model import Block, Span

Spelling = Literal["plain", "entities", "decomposed", "nfd"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyStyle:
    """How a body is written.

    `paragraph`: plain `<p>`, Word's paste, `<div>`, or one run of text cut by `<br>`. `figure`: picture and caption as
    two paragraphs, `<figure>`, a layout table, or a table inside `<figure>`. `caption`: in italics, like any
    paragraph, or in italics centred by a run of no-break spaces. `source`: the attribute that carries a picture's
    address. `spelling`: UTF-8, named entities, entities followed by combining marks, or UTF-8 in NFD.
    """

    paragraph: Literal["p", "word", "div", "br"] = "p"
    figure: Literal["paragraphs", "figure", "table", "figure-table"] = "paragraphs"
    caption: Literal["italic", "plain", "nbsp"] = "italic"
    source: Literal["src", "data-original", "data-src"] = "src"
    spelling: Spelling = "plain"
    filler: str = ""


def spelled(text: str, spelling: Spelling = "plain") -> str:
    """Text as HTML in one of the spellings found on the portals."""
    if spelling == "plain":
        return escape(text, quote=False)
    if spelling == "nfd":
        return escape(unicodedata.normalize("NFD", text), quote=False)
    characters = unicodedata.normalize("NFC", text)
    return "".join(_entity(character, decomposed=spelling == "decomposed") for character in characters)


def _entity(character: str, *, decomposed: bool) -> str:
    name = codepoint2name.get(ord(character))
    if name is not None and (ord(character) > 127 or character in "&<>"):
        return f"&{name};"
    parts = unicodedata.normalize("NFD", character)
    if decomposed and len(parts) > 1:
        # ồ becomes &ocirc; and a combining grave, as some editors of the region leave it.
        base = unicodedata.normalize("NFC", parts[:-1])
        return "".join(_entity(part, decomposed=False) for part in base) + parts[-1]
    return character


class Body:
    """Writes the blocks of one article. `file_href` and `picture_src` say where things are, by index."""

    def __init__(
        self,
        style: BodyStyle,
        *,
        pictures: Sequence[Picture],
        picture_src: Callable[[int], str],
        file_href: Callable[[int], str],
    ) -> None:
        self.style = style
        self.pictures = pictures
        self.picture_src = picture_src
        self.file_href = file_href

    def html(self, blocks: Iterable[Block]) -> str:
        parts: list[str] = []
        for is_list, group in groupby(blocks, key=lambda block: block.kind == "item"):
            members = list(group)
            if is_list:
                parts.append(self._items(members))
            else:
                parts.extend(self._block(block) for block in members)
        return f"\n{self.style.filler}\n".join(parts) if self.style.filler else "\n".join(parts)

    def _items(self, items: Sequence[Block]) -> str:
        """One list; items of a deeper level nest in the item before them."""
        level, tag = items[0].level, "ol" if items[0].ordered else "ul"
        parts, position = [], 0
        while position < len(items):
            below = position + 1
            while below < len(items) and items[below].level > level:
                below += 1
            nested = self._items(items[position + 1 : below]) if below > position + 1 else ""
            parts.append(f"<li>{self.spans(items[position].spans)}{nested}</li>\n")
            position = below
        return f"<{tag}>\n{''.join(parts)}</{tag}>"

    def spans(self, spans: Iterable[Span]) -> str:
        return "".join(self._span(span) for span in spans)

    def _span(self, span: Span) -> str:
        text = spelled(span.text, self.style.spelling)
        if span.strong:
            text = f"<strong>{text}</strong>"
        if span.emphasis:
            text = f"<em>{text}</em>"
        if span.href is not None:
            href = (
                self.file_href(int(span.href.removeprefix("file:")))
                if span.href.startswith("file:")
                else span.href
            )
            text = f'<a href="{escape(href)}">{text}</a>'
        return text

    def _block(self, block: Block) -> str:
        match block.kind:
            case "heading":
                return f"<h{block.level}>{self.spans(block.spans)}</h{block.level}>"
            case "table":
                return self._table(block.rows)
            case "figure":
                return self._figure(block.image or 0)
            case "quote":
                return f"<blockquote>{self.paragraph(self.spans(block.spans))}</blockquote>"
            case "preformatted":
                return f"<pre>{self.spans(block.spans)}</pre>"
            case _:
                return self.paragraph(self.spans(block.spans))

    def paragraph(self, inner: str, *, align: str = "justify") -> str:
        """One paragraph in the body's manner, around HTML."""
        match self.style.paragraph:
            case "word":
                return (
                    f'<p class="MsoNormal" style="text-align:{align};mso-line-height-rule:exactly"><span lang="VI" '
                    f"style='font-size:14.0pt;font-family:\"Times New Roman\",serif'>{inner}<o:p></o:p></span></p>"
                )
            case "div":
                return f'<div style="text-align: {align};">{inner}</div>'
            case "br":
                return f"{inner}<br />&nbsp;<br />"
            case _:
                return f'<p style="text-align: {align};">{inner}</p>'

    def _table(self, rows: Sequence[Sequence[str]]) -> str:
        def cell(text: str) -> str:
            return f"<td><p>{spelled(text, self.style.spelling)}</p></td>"

        lines = "\n".join(f"<tr>{''.join(cell(text) for text in row)}</tr>" for row in rows)
        return f'<table border="1" cellpadding="0" cellspacing="0">\n<tbody>\n{lines}\n</tbody>\n</table>'

    def _figure(self, index: int) -> str:
        picture = self.pictures[index]
        image = self._image(index, picture)
        caption = spelled(picture.caption, self.style.spelling) if picture.caption else ""
        match self.style.figure:
            case "figure":
                said = f"<figcaption>{caption}</figcaption>" if caption else ""
                return f'<figure class="image">{image}{said}</figure>'
            case "table" | "figure-table":
                row = (
                    f'<tr><td style="text-align:center"><p><em>{caption}</em></p></td></tr>'
                    if caption
                    else ""
                )
                table = f'<table align="center"><tbody><tr><td>{image}</td></tr>{row}</tbody></table>'
                return (
                    f'<figure class="table">{table}</figure>'
                    if self.style.figure == "figure-table"
                    else table
                )
            case _:
                shown = f'<p style="text-align:center">{image}</p>'
                return f"{shown}\n{self._said(caption)}" if caption else shown

    def _said(self, caption: str) -> str:
        match self.style.caption:
            case "plain":
                return f'<p style="text-align:center">{caption}</p>'
            case "nbsp":
                return f"<p><i>{'&nbsp; ' * (20 + len(caption) % 20)}{caption}&nbsp;</i></p>"
            case _:
                return f'<p style="text-align:center"><em>{caption}</em></p>'

    def _image(self, index: int, picture: Picture) -> str:
        source = escape(self.picture_src(index))
        alt = f' alt="{escape(picture.alt)}"' if picture.alt is not None else ""
        if self.style.source == "src":
            return f'<img src="{source}"{alt} width="480" height="300" />'
        blank = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
        return f'<img class="lazy" src="{blank}" {self.style.source}="{source}"{alt} />'
