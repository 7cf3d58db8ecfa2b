"""Crowds that make a parser slow or what follows it: attributes, links, cells. Their text stays, whatever it is."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from gvreader.limits import ATTRIBUTES, CELLS, LINKS

# HTML, section 13.2.5: quotes mean something after an equals sign only. Possessive throughout: a tag is read once.
_ATTRIBUTE: Final = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?>"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_CROWDED: Final = re.compile(
    rf"(?P<kept><[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE}){{{ATTRIBUTES}}})(?P<left>(?:{_ATTRIBUTE})++[\s/]*+>?+)"
)
_RAW_END: Final = re.compile(r"</(?:script|style)", re.IGNORECASE)


def without_crowds(text: str) -> str:
    """The page with at most `ATTRIBUTES` attributes in each tag."""
    return _CROWDED.sub(_thinned, text)


def _thinned(tag: re.Match[str]) -> str:
    """What a tag has too much is left out; in a script, which is none, not beyond its end."""
    end = _RAW_END.search(tag["left"])
    return f"{tag['kept']}>{tag['left'][end.start() :] if end else ''}"


def disarm(root: etree._Element, text: str) -> None:
    """Take the addresses from links beyond `LINKS` and the walls from cells beyond `CELLS`."""
    tags = text.count("<")
    if tags > LINKS:
        for number, link in enumerate(root.iter("a")):
            if number >= LINKS and "href" in link.attrib:
                del link.attrib["href"]
    if tags > CELLS:
        for number, cell in enumerate(list(root.iter("td", "th"))):
            if number >= CELLS:
                cell.tag = "span"
                cell.tail = f" {cell.tail or ''}"
