"""`gvreader probe`: what a page is, what would be taken from it, and how sure that is."""

from __future__ import annotations

import argparse
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urljoin

from gvreader.cli import arg_types
from gvreader.cli.console import Console
from gvreader.cli.context import Context
from gvreader.cli.progress import KIND_NAMES, problem_line
from gvreader.errors import EXIT_DONE, PortalUnreachable, UsageError
from gvreader.export import wording
from gvreader.export.records import Json, body_json, dumps, published
from gvreader.export.terminal_text import pad, printable, shorten
from gvreader.i18n import _, marked, ngettext
from gvreader.model import (
    Article,
    Capture,
    Extraction,
    Listing,
    Media,
    Refusal,
    Request,
)

if TYPE_CHECKING:
    from gvreader.portals import Portal

EXAMPLES: Final = (
    "gvreader probe https://giavien.ninhbinh.gov.vn/",
    "gvreader probe saved-page.html",
    "gvreader probe saved-page.html --json | jq '.fields[] | select(.confidence < 0.8)'",
)
_SAVED_FROM: Final = (
    re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)"),
    re.compile(r"""<link\b[^>]*\brel=["']?canonical["']?[^>]*\bhref=["']?([^"'\s>]+)""", re.I),
    re.compile(r"""<meta\b[^>]*\bproperty=["']?og:url["']?[^>]*\bcontent=["']?([^"'\s>]+)""", re.I),
)
_BASE: Final = re.compile(r"""<base\b[^>]*\bhref=["']?([^"'\s>]+)""", re.I)
_FRONT_PAGES: Final = ("index", "default", "home", "trang-chu")
_HEAD: Final = 1 << 16
_NOWHERE: Final = "http://saved.invalid/"
_MOST: Final = 20

VERDICT_NAMES: Final = {
    "article": marked("article"),
    "document": marked("document"),
    "page": marked("page"),
    "listing": marked("listing"),
    "media": marked("media"),
}
"""What a page can be; what was refused is called by its kind."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "page", type=arg_types.text, metavar="URL|FILE", help=_("an address, or a saved HTML file")
    )
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def run(context: Context) -> int:
    from gvreader.extract import extract
    from gvreader.ingest import examine

    page, console = context.options.page, context.console
    portal, capture = _fetched(context, page) if "://" in page else _saved(context, Path(page).expanduser())
    extraction = examine(capture, portal) or extract(capture, portal)
    if context.options.json:
        console.data(dumps(_report(capture, extraction)))
    else:
        console.lines(_lines(console, capture, extraction))
    return EXIT_DONE


# ── the page ────────────────────────────────────────────────────────────────────────────────────


def _fetched(context: Context, url: str) -> tuple[Portal, Capture]:
    """The page behind an address, asked for politely and kept nowhere."""
    from gvreader.app.clients import client_for
    from gvreader.app.portal_lookup import portal_for

    address = arg_types.address(url)
    portal = portal_for(context.settings, address)
    with client_for(context.settings, portal) as client:
        outcome = client.fetch(Request(url=address))
    if outcome.problem is not None:
        raise PortalUnreachable(
            _("{url} could not be fetched: {what}.").format(
                url=address, what=_(KIND_NAMES[outcome.problem.kind])
            ),
            advice=problem_line(outcome.problem),
        )
    return portal, outcome.captures[-1]


def _saved(context: Context, file: Path) -> tuple[Portal, Capture]:
    """A saved page as if it had been fetched from where it says it was."""
    from gvreader.app.clock import now
    from gvreader.app.portal_lookup import portal_for
    from gvreader.urls import canonical

    try:
        body = file.read_bytes()
    except OSError as error:
        raise UsageError(
            _("{file} cannot be read: {reason}").format(file=file, reason=error.strerror or error),
            advice=_("Give an address (https://…) or a saved HTML file."),
        ) from error
    head = body[:_HEAD].decode("utf-8", "replace")
    named = (html.unescape(match[1]) for pattern in _SAVED_FROM if (match := pattern.search(head)))
    url = next((address for name in named if (address := canonical(name))), None)
    if url is None:
        # A base is where links start; the page itself is somewhere beside it, unless it is the front page.
        base = _BASE.search(head)
        start = (base and canonical(html.unescape(base[1]))) or _NOWHERE
        url = start if file.stem.lower() in _FRONT_PAGES else urljoin(start, quote(file.name))
    capture = Capture(
        url=url,
        captured=now(),
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=body,
        request=Request(url=url),
        source="import",
    )
    return portal_for(context.settings, url), capture


# ── what is said of it ──────────────────────────────────────────────────────────────────────────


def _verdict(extraction: Extraction) -> str:
    page = extraction.page
    if isinstance(page, Refusal):
        return page.kind
    return page.kind if isinstance(page, Article) else type(page).__name__.lower()


def _report(capture: Capture, extraction: Extraction) -> Json:
    page = extraction.page
    return {
        "url": capture.url,
        "status": capture.status,
        "verdict": _verdict(extraction),
        "family": extraction.family,
        "family_evidence": list(extraction.family_evidence),
        "site_title": extraction.site_title,
        "page": _page_json(page),
        "fields": [
            {"field": trace.field, "value": trace.value, "layer": trace.layer, "confidence": trace.confidence}
            for trace in extraction.trace
        ],
        "menu": [
            {"slug": link.slug, "title": link.title, "url": link.url, "parent": link.parent}
            for link in extraction.menu
        ],
        "feeds": list(extraction.feeds),
        "dropped": list(extraction.dropped),
    }


def _page_json(page: Article | Listing | Media | Refusal) -> Json:
    if isinstance(page, Refusal):
        return {"kind": page.kind, "detail": page.detail}
    if isinstance(page, Media):
        return {"media_type": page.media_type, "bytes": page.bytes, "sha256": page.sha256}
    if isinstance(page, Listing):
        return {
            "title": page.title,
            "section": {"slug": page.section.slug, "title": page.section.title} if page.section else None,
            "confidence": round(page.confidence, 4),
            "items": [
                {"url": item.url, "title": item.title, "published": published(item.published)}
                for item in page.items
            ],
            "next": [request.url for request in page.next],
        }
    return {
        "url": page.url,
        "identity": page.identity,
        "title": page.title,
        "summary": page.summary,
        "published": published(page.published),
        "author": page.author,
        "organisation": page.organisation,
        "number": page.number,
        "sections": [{"slug": section.slug, "title": section.title} for section in page.sections],
        "words": page.words,
        "confidence": round(page.confidence, 4),
        **body_json(page),
    }


def _lines(console: Console, capture: Capture, extraction: Extraction) -> Iterator[str]:
    page = extraction.page
    yield printable(capture.url)
    verdict = _verdict(extraction)
    sure = "" if isinstance(page, Refusal | Media) else f" ({wording.decimal(page.confidence, 2)})"
    yield _labelled(_("verdict"), console.style(_(VERDICT_NAMES.get(verdict, verdict)), "bold") + sure)
    evidence = "; ".join(map(printable, extraction.family_evidence))
    yield _labelled(_("family"), extraction.family + (f" – {evidence}" if evidence else ""))
    if isinstance(page, Refusal):
        detail = f": {printable(page.detail)}" if page.detail else ""
        yield _labelled(_("why"), _(KIND_NAMES[page.kind]) + detail)
    yield from _trace_lines(console, extraction)
    if isinstance(page, Article):
        yield from _article_lines(console, page)
    elif isinstance(page, Listing):
        yield from _listing_lines(console, page)
    if extraction.menu:
        yield ""
        yield ngettext("{n} menu entry", "{n} menu entries", len(extraction.menu)).format(
            n=len(extraction.menu)
        )
        for link in extraction.menu[:_MOST]:
            yield _cut(console, f"  {printable(link.title)}  {printable(link.url)}")
    if extraction.dropped:
        yield ""
        yield _("left out")
        for dropped in extraction.dropped[:_MOST]:
            yield _cut(console, f"  {printable(dropped)}")


def _labelled(label: str, text: str) -> str:
    return f"{pad(label, 12)} {text}"


def _cut(console: Console, line: str) -> str:
    return shorten(line, console.columns) if console.out_is_terminal else line


def _trace_lines(console: Console, extraction: Extraction) -> Iterator[str]:
    if extraction.trace:
        yield ""
    for trace in extraction.trace:
        sure = wording.decimal(trace.confidence, 2)
        yield _cut(
            console,
            f"{pad(trace.field, 12)} {sure}  {pad(printable(trace.layer), 10)} {printable(trace.value)}",
        )


def _article_lines(console: Console, article: Article) -> Iterator[str]:
    yield ""
    yield ngettext("{n} block", "{n} blocks", len(article.blocks)).format(n=len(article.blocks))
    for block in article.blocks:
        text = " / ".join(block.lines)
        if block.kind == "figure" and block.image is not None:
            image = article.images[block.image]
            text = f"{image.url} {image.caption or ''}"
        yield _cut(console, f"  {pad(block.kind, 12)} {printable(text)}")
    for attachment in article.attachments:
        named = f"{printable(attachment.name)}  {printable(attachment.url)}"
        yield _cut(console, "  " + _labelled(_("file"), named))


def _listing_lines(console: Console, listing: Listing) -> Iterator[str]:
    yield ""
    yield ngettext("{n} entry", "{n} entries", len(listing.items)).format(n=len(listing.items))
    for item in listing.items:
        day = wording.published(item.published)
        yield _cut(console, f"  {pad(day, 11)} {printable(item.title)}")
    for request in listing.next:
        yield _cut(console, "  " + _labelled(_("next page"), printable(request.url)))
