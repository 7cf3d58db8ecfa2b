"""CSS selectors of declarations, run on a tree."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from lxml import etree

from gvreader.extract.page.tree import Element


@lru_cache(maxsize=512)
def _compiled(selector: str) -> etree.XPath | None:
    from cssselect import HTMLTranslator, SelectorError

    try:
        return etree.XPath(HTMLTranslator().css_to_xpath(selector, prefix="descendant-or-self::"))
    except (SelectorError, etree.XPathError):
        return None


def select(root: Element, alternatives: tuple[str, ...]) -> list[Element]:
    """The elements of the first selector that matches anything; a selector that is no CSS matches nothing."""
    for selector in alternatives:
        path = _compiled(selector)
        if path is not None and (found := cast("list[Element]", path(root))):
            return found
    return []


def select_all(root: Element, selectors: tuple[str, ...]) -> list[Element]:
    """The elements that any of the selectors matches."""
    return [
        element
        for selector in selectors
        if (path := _compiled(selector)) is not None
        for element in cast("list[Element]", path(root))
    ]
