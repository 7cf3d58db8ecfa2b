"""What a CMS family and a portal are: frozen data, no behaviour beyond look-ups.

A family is known by the markup that it prints. When its markup changes, a new dated `Layout` is added in
front of the old ones; the old ones stay, because archived pages keep the old markup for ever.

Selectors are CSS. Each field lists alternatives, the most specific first; the first that matches wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gvreader.model import SectionLink
from gvreader.urls import Scope

Alternatives = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSelectors:
    """Where an article page keeps its fields. `body` may match several elements: they are read in order."""

    title: Alternatives = ()
    date: Alternatives = ()
    summary: Alternatives = ()
    body: Alternatives = ()
    author: Alternatives = ()
    section: Alternatives = ()
    attachments: Alternatives = ()
    related: Alternatives = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingSelectors:
    """Where a listing keeps its entries. `link`, `date`, `summary` are looked up inside each `item`."""

    item: Alternatives = ()
    link: Alternatives = ()
    date: Alternatives = ()
    summary: Alternatives = ()
    next: Alternatives = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPager:
    """A pager that posts a form and gets a fragment of a listing back.

    `path` is joined with the page's address. `constants` are sent as they are; `from_script` maps a field to
    the name of the variable or object key that holds its value in an inline script; `page_field` carries the
    number of the page wanted, counted from 1, and `pages` is a pattern whose first group is the last page's number.
    """

    path: str
    page_field: str
    pages: str
    constants: tuple[tuple[str, str], ...] = ()
    from_script: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One dated version of a family's markup.

    `markers` are strings that its HTML contains (compared in lower case); `needed` of them make the family
    certain. `noise` is never part of an article; `document` matches only on pages of official texts.
    """

    family: str
    since: int
    title: str
    markers: Alternatives
    needed: int = 1
    article: ArticleSelectors = ArticleSelectors()
    document: Alternatives = ()
    listing: ListingSelectors = ListingSelectors()
    noise: Alternatives = ()
    form_pager: FormPager | None = None
    identity: Alternatives = ()
    feeds: Alternatives = ()

    @property
    def label(self) -> str:
        """The name that articles carry, such as `giavien@2020`."""
        return f"{self.family}@{self.since}"


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of a declaration, compiled once."""
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """One site with a name. `start` are the paths a sync begins at; `hosts` may serve its files.

    `overrides` are selectors that come before those of the detected family, by field of `ArticleSelectors`;
    `sections` are added to the menu that the pages show; `date_format` (strptime) is tried on the date line
    before the usual spellings. All three come from the configuration. `furniture` are paragraphs that its
    articles were seen to repeat; no article says them. `ends_pages`: its pages were seen to end with `</html>`.
    """

    name: str
    title: str
    origin: str
    family: str | None = None
    hosts: tuple[str, ...] = ()
    start: tuple[str, ...] = ("/",)
    overrides: tuple[tuple[str, Alternatives], ...] = ()
    sections: tuple[SectionLink, ...] = ()
    date_format: str | None = None
    furniture: frozenset[str] = frozenset()
    ends_pages: bool = False

    def scope(self, *aliases: str) -> Scope:
        """Which addresses are the portal's, when its pages are also served from `aliases` (other origins)."""
        return Scope(origin=self.origin, aliases=tuple(aliases), hosts=self.hosts)
