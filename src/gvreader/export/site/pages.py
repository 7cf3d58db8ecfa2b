"""The site's pages as HTML. All text of portals is escaped; no page loads anything from elsewhere or runs a
script, but for the search page, which runs the site's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape, unescape
from typing import Final
from urllib.parse import quote

from gvreader.export import html, wording
from gvreader.export.plain_text import byline
from gvreader.export.records import moment
from gvreader.i18n import _, language
from gvreader.model import Attachment, StoredArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """An article on this site: where its page is, seen from another article's, and its title."""

    href: str
    title: str


Local = Callable[[str], Here | None]
"""The article of this site that an address of the portal means; None when there is none."""

# `file:` lets a browser that takes a page from a disk for an origin of its own load the pages beside it.
_POLICY: Final = (
    "default-src 'none'; style-src 'self' file:; img-src 'self' file: data:; form-action 'self' file:; "
    "base-uri 'none'"
)
_SCRIPTS: Final = "; script-src 'self' file:"
_HREF: Final = re.compile(r' href="([^"]*)"')
_EXCERPT: Final = 220
_MONTHS: Final = range(1, 13)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every page has around it: the site's name, and when it was made of what."""

    title: str
    made: datetime
    query: str

    def page(
        self, title: str, body: str, *, up: str = "", is_reading: bool = False, scripts: Sequence[str] = ()
    ) -> str:
        """A whole page; `up` leads to the site's root (`../` from a folder in it)."""
        name = _text(self.title)
        whole = f"{_text(title)} · {name}" if title else name
        lines = [
            f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}{_SCRIPTS if scripts else ""}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{whole}</title>",
            f'<link rel="stylesheet" href="{up}assets/site.css">',
            f'<link rel="alternate" type="application/atom+xml" title="{name}" href="{up}feeds/atom.xml">',
            *(f'<script src="{up}{script}" defer></script>' for script in scripts),
            "</head>\n<body>",
            self._header(up, with_search=not scripts),
            f"<main{' class=reading' if is_reading else ''}>\n{body}\n</main>",
            self._footer(up),
            "</body>\n</html>\n",
        ]
        return "\n".join(lines)

    def _header(self, up: str, *, with_search: bool) -> str:
        places = (("sections", _("Sections")), ("months", _("Months")), ("search", _("Search")))
        links = "".join(f'<a href="{up}{name}.html">{_text(label)}</a>\n' for name, label in places)
        search = (
            f'<form action="{up}search.html" role="search">{search_field()}</form>\n' if with_search else ""
        )
        name = f'<a class="name" href="{up}index.html">{_text(self.title)}</a>'
        return f'<header class="site">\n{name}\n{links}{search}</header>'

    def _footer(self, up: str) -> str:
        what = _("A copy of {title}, made {when}.").format(
            title=self.title, when=wording.day(self.made.astimezone())
        )
        return (
            f"<footer>\n<p>{_text(what)}</p>\n"
            f'<p><a href="{up}feeds/atom.xml">Atom</a> · <a href="{up}feeds/rss.xml">RSS</a> · '
            f'<a href="{up}feeds/feed.json">JSON Feed</a></p>\n</footer>'
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PageProof:
    """Where the evidence of an article lies: the copy of its record on this site, and the web archive's page."""

    copy: str | None
    archived_at: str | None


def search_field() -> str:
    """The field and the button of a search form."""
    label = escape(_("Search"), quote=True)
    return (
        f'<input type="search" name="q" aria-label="{label}" placeholder="{label}" autocomplete="off">'
        f"<button>{label}</button>"
    )


def facts(stored: StoredArticle) -> str:
    """Day, byline and sections in a line of plain text."""
    row = stored.row
    parts = [
        wording.published(row.published) if row.published else "",
        byline(row.author, row.organisation),
        ", ".join(section.title for section in row.sections),
    ]
    return " · ".join(part for part in parts if part)


def excerpt(stored: StoredArticle) -> str:
    """The summary, else how the text begins."""
    text = " ".join((stored.article.summary or stored.article.text[: 2 * _EXCERPT]).split())
    if len(text) <= _EXCERPT:
        return text
    return text[:_EXCERPT].rpartition(" ")[0] + " …"


def entry(stored: StoredArticle, name: str, *, up: str) -> str:
    """An article in a list."""
    return (
        f'<li><a href="{up}article/{name}.html">{_text(stored.article.title) or "–"}</a>\n'
        f'<p class="facts">{_text(facts(stored))}</p>\n<p>{_text(excerpt(stored))}</p></li>'
    )


def listing(title: str, entries: Iterable[str], *, turn: str) -> str:
    """One page of a list, with links to the pages before and behind it."""
    nothing = _("Nothing matches.")
    lines = "\n".join(entries) or f"<li>{_text(nothing)}</li>"
    return f"<h1>{_text(title)}</h1>\n<ol class=articles>\n{lines}\n</ol>\n{turn}"


def turn(newer: str | None, older: str | None) -> str:
    """Links to the neighbours of a page, in order of time."""
    before, after = _text(_("Newer")), _text(_("Older"))
    links = [
        f'<a rel="prev" href="{newer}">← {before}</a>' if newer else "<span></span>",
        f'<a rel="next" href="{older}">{after} →</a>' if older else "<span></span>",
    ]
    return f"<nav class=turn>{''.join(links)}</nav>" if newer or older else ""


def article(
    stored: StoredArticle,
    *,
    picture: html.Picture,
    file: Callable[[Attachment], str | None],
    local: Local,
    sections: Mapping[str, str],
    proof: PageProof,
    neighbours: str,
) -> str:
    """The page of an article. `sections` are the addresses of its sections' lists by slug."""
    content = stored.article
    crumbs = " · ".join(
        f'<a href="{sections[section.slug]}">{_text(section.title)}</a>' for section in stored.row.sections
    )
    published = wording.published(content.published) if content.published else ""
    line = " · ".join(part for part in (published, byline(content.author, content.organisation)) if part)
    parts = [
        f'<article lang="{escape(content.language, quote=True)}">',
        f"<p class=crumbs>{crumbs}</p>" if crumbs else "",
        f"<h1>{_text(content.title) or '–'}</h1>",
        f"<p class=facts>{_text(line)}</p>" if line else "",
        *(f'<p class=note lang="{language()}">{_text(note)}</p>' for note in _notes(stored)),
        f"<p class=lead>{_text(content.summary)}</p>" if content.summary else "",
        _localised(html.render(content, picture), local),
        _localised(html.loose_pictures(content, picture), local),
        _files(content.attachments, file),
        "</article>",
        _related(content.related, local),
        _evidence(stored, proof),
        neighbours,
    ]
    return "\n".join(part for part in parts if part)


def sections_page(groups: Iterable[tuple[str, str, int]]) -> str:
    """All sections: title, address, number of articles."""
    title = _("Sections")
    return f"<h1>{_text(title)}</h1>\n{section_list(groups)}"


def front_page(
    title: str, entries: Sequence[str], groups: Sequence[tuple[str, str, int]], *, older: str | None
) -> str:
    """The newest articles, the sections beside them."""
    every, sections = _("All articles"), _("Sections")
    more = f'<p><a href="{older}">{_text(every)} →</a></p>' if older else ""
    aside = f"<aside>\n<h2>{_text(sections)}</h2>\n{section_list(groups)}\n</aside>" if groups else ""
    return f"<div class=columns>\n<div>\n{listing(title, entries, turn=more)}\n</div>\n{aside}\n</div>"


def section_list(groups: Iterable[tuple[str, str, int]]) -> str:
    items = "\n".join(
        f'<li><a href="{link}">{_text(title)}</a><span class=count>{wording.number(count)}</span></li>'
        for title, link, count in groups
    )
    return f"<ul class=plain>\n{items}\n</ul>"


def months_page(
    counts: Mapping[tuple[int, int] | None, int], link: Callable[[tuple[int, int] | None], str]
) -> str:
    """Years as rows, months as cells, with how many articles each has."""
    rows = []
    for year in sorted({month[0] for month in counts if month}, reverse=True):
        cells = [
            f'<a href="{link((year, number))}" title="{escape(wording.month(year, number), quote=True)}: '
            f'{wording.number(counts[year, number])}">{number}</a>'
            if (year, number) in counts
            else f"<span class=count>{number}</span>"
            for number in _MONTHS
        ]
        rows.append(f"<div class=year><strong>{year}</strong>{''.join(cells)}</div>")
    title, undated = _("Months"), _("Without a date")
    if None in counts:
        rows.append(f'<p><a href="{link(None)}">{_text(undated)}</a> ({wording.number(counts[None])})</p>')
    return f"<h1>{_text(title)}</h1>\n" + "\n".join(rows)


def search_page() -> str:
    """The search page; the site's scripts fill it."""
    no_script = _("Searching needs JavaScript; everything else on this site works without it.")
    title, more, how = _text(_("Search")), _text(_("More")), _text(_("How to search"))
    return (
        f"<h1>{title}</h1>\n"
        f'<form id="search" action="search.html" role="search">{search_field()}</form>\n'
        f"<noscript><p class=note>{_text(no_script)}</p></noscript>\n"
        '<p id="status" class="facts" role="status"></p>\n<ol id="results" class="articles"></ol>\n'
        f'<p><button id="more" type="button" hidden>{more}</button></p>\n'
        f"<details><summary>{how}</summary>\n<p>{_text(_help())}</p></details>"
    )


def search_labels() -> dict[str, str]:
    """What the search page says while it works."""
    return {
        "searching": _("Searching …"),
        "none": _("Nothing matches."),
        "one": _("{n} article."),
        "many": _("{n} articles."),
        "relaxed": _("Nothing is spelled like this; these match without the marks."),
        "cut": _("Only the {n} best candidates were read for the phrase; there may be more."),
        "failed": _("The index could not be read."),
    }


# ── inside ──────────────────────────────────────────────────────────────────────────────────────────


def _text(text: str) -> str:
    return escape(html.clean(text), quote=False)


def _help() -> str:
    return _(
        "A word without marks finds every spelling of it, a word with marks only that one. "
        "“A phrase” in quotation marks, -word to leave out, word* for beginnings, a OR b, title:word. "
        "UBND is the same as ủy ban nhân dân; =UBND is only itself."
    )


def _notes(stored: StoredArticle) -> Iterable[str]:
    row = stored.row
    if row.gone:
        yield _("No longer on the portal since {when}; this is the kept copy.").format(
            when=wording.day(row.gone.astimezone())
        )
    if row.revision > 1:
        yield _("Revision {n}, changed {when}.").format(n=row.revision, when=wording.moment(row.changed))


def _localised(body: str, local: Local) -> str:
    """Links to articles that are on this site lead to their pages here; others tell nobody where one came from."""

    def changed(match: re.Match[str]) -> str:
        here = local(unescape(match[1]))
        if here is not None:
            return f' href="{here.href}"'
        return f'{match[0]} rel="noopener noreferrer"'

    return _HREF.sub(changed, body)


def _outside(url: str, shown: str) -> str:
    link = html.safe_link(url)
    if link is None:
        return _text(shown)
    return f'<a href="{escape(link, quote=True)}" rel="noopener noreferrer">{_text(shown)}</a>'


def _files(attachments: Sequence[Attachment], file: Callable[[Attachment], str | None]) -> str:
    items = []
    for attachment in attachments:
        copy = file(attachment)
        size = f" ({wording.size(attachment.bytes)})" if attachment.bytes else ""
        name = attachment.name or attachment.url
        if copy is None:
            items.append(f"<li>{_outside(attachment.url, name)}{_text(size)}</li>")
        else:
            items.append(f'<li><a href="../{quote(copy)}">{_text(name)}</a>{_text(size)}</li>')
    return f"<ul class=files>{''.join(items)}</ul>" if items else ""


def _related(addresses: Sequence[str], local: Local) -> str:
    """Related articles of the portal that are on this site, by their own titles."""
    items = dict.fromkeys(here for url in addresses if (here := local(url)))
    links = "".join(f'<li><a href="{here.href}">{_text(here.title) or "–"}</a></li>' for here in items)
    title = _("Related")
    return f"<h2>{_text(title)}</h2>\n<ul>{links}</ul>" if items else ""


def _evidence(stored: StoredArticle, proof: PageProof) -> str:
    rows = [(_("Original"), _outside(stored.article.url, stored.article.url))]
    if proof.archived_at is not None:
        rows.append((_("Web archive"), _outside(proof.archived_at, proof.archived_at)))
    rows.append((_("Fetched"), f"<time>{moment(stored.fetched)}</time>"))
    rows.append((_("First seen"), f"<time>{moment(stored.first_seen)}</time>"))
    rows.append((_("Digest of the text"), f"sha256:{_text(stored.content_sha256)}"))
    if stored.evidence is not None:
        rows.append((_("Record"), _text(stored.evidence.record_id)))
    if proof.copy is not None:
        shown = _("the answer of the portal, byte for byte (WARC)")
        rows.append((_("Evidence"), f'<a href="../{quote(proof.copy)}">{_text(shown)}</a>'))
    items = "".join(f"<dt>{_text(name)}</dt><dd>{value}</dd>" for name, value in rows)
    title = _("Source and evidence")
    return f"<details><summary>{_text(title)}</summary>\n<dl>{items}</dl></details>"
