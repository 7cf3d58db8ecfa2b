"""From one capture to what it says. The order of the questions: is it a page, did it succeed, what kind is it?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from gvreader.extract.article.article import draft_article, to_article
from gvreader.extract.article.draft import ArticleDraft
from gvreader.extract.classify import SURE_TITLE, is_clearly_article, is_listing
from gvreader.extract.confidence import article_confidence, listing_confidence
from gvreader.extract.families import (
    Declared,
    Recognised,
    items_by_selectors,
    mark_noise,
    recognise,
)
from gvreader.extract.fields.boilerplate import mark_repeated
from gvreader.extract.fields.documents import may_be_document
from gvreader.extract.fields.title import head_titles
from gvreader.extract.listing.listing import ReadListing, find_listed, listing_title
from gvreader.extract.navigation import site_names
from gvreader.extract.navigation.article_section import article_section, breadcrumb
from gvreader.extract.navigation.feeds import is_feed, is_json_feed, read_feed
from gvreader.extract.navigation.menu import Menu, find_menu, menu_entry, section_for, without_extension
from gvreader.extract.navigation.pager import first_page_of, form_pages
from gvreader.extract.navigation.postback import postback_pages
from gvreader.extract.navigation.sitemaps import is_sitemap, read_sitemap, unpacked_sitemap
from gvreader.extract.page import charset
from gvreader.extract.page.file_types import media_of
from gvreader.extract.page.fingerprint import fingerprint, fingerprint_of_html
from gvreader.extract.page.forwarding import forwarded
from gvreader.extract.page.link_targets import is_home
from gvreader.extract.page.text import clean, folded
from gvreader.extract.page.text_blocks import TextBlock, flow
from gvreader.extract.page.tree import Tree, parse
from gvreader.extract.page.verdict import (
    is_unwritten,
    refusal_of_status,
    refusal_of_words,
    says_not_found,
    says_nothing_yet,
)
from gvreader.extract.thresholds import FEW_WORDS, FEWEST_WORDS
from gvreader.extract.trace import trace_of_article, trace_of_listing
from gvreader.http import codings
from gvreader.http.wholeness import judge
from gvreader.limits import DECODED_BYTES
from gvreader.model import (
    Article,
    Capture,
    Extraction,
    FieldTrace,
    Listing,
    Media,
    Page,
    ProblemKind,
    Refusal,
)
from gvreader.portals import Portal, identity
from gvreader.urls import origin, twin
from gvreader.vietnamese import fold

MAX_UNREADABLE: Final = 0.1
"""Largest share of unreadable characters in a page that is still believed."""

MAX_GARBLED: Final = 0.4
"""Confidence of an article whose letters look garbled, at most: below that of what is believed without a witness."""

MAX_DROPPED: Final = 100
LONG_TEXT: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBody:
    """A whole answer without its content codings; `media` is the file that it is, None for a page. `ends`: as in
    `Extraction`; `doubt`: why an article or list in it would be only a part.
    """

    url: str
    body: bytes
    media: Media | None
    ends: bool | None = None
    doubt: str | None = None


def open_answer(capture: Capture, portal: Portal) -> AnswerBody | Extraction:
    """The decoded body of a capture, or why it cannot be had."""
    url = portal.scope().logical(capture.url) or capture.url
    answer = judge(capture, ends_pages=portal.ends_pages)
    if answer.missing is not None:
        return replace(_refused(url, "truncated", answer.missing), ends=answer.ends)
    succeeded = capture.status // 100 == 2
    if succeeded and isinstance(answer.fault, codings.TooLarge):
        return _refused(url, "too-large", f"more than {DECODED_BYTES} bytes decoded")
    if succeeded and answer.fault is not None:
        return _refused(url, "bad-encoding", str(answer.fault)[:200])
    body = answer.content
    if succeeded and (sitemap := unpacked_sitemap(body)) is not None:
        return AnswerBody(url=url, body=sitemap, media=None)
    is_file = succeeded and not is_json_feed(body)
    media = media_of(url, capture.header("Content-Type") or "", body) if is_file else None
    return AnswerBody(url=url, body=body, media=media, ends=answer.ends, doubt=answer.doubt)


def extract(capture: Capture, portal: Portal, opened: AnswerBody | None = None) -> Extraction:
    """What a capture says, as the portal's article, listing, media or refusal. Pure and deterministic.

    `opened` is what `open_answer` gave, where that is known. What files say is not read here (`gvreader.files`).
    """
    answer = opened or open_answer(capture, portal)
    if isinstance(answer, Extraction):
        return answer
    if answer.media is not None:
        return Extraction(page=answer.media)
    found = replace(_extracted(capture, portal, answer), ends=answer.ends)
    if answer.doubt is not None and isinstance(found.page, Article | Listing):
        return replace(found, page=Refusal(url=answer.url, kind="truncated", detail=answer.doubt))
    return found


def _extracted(capture: Capture, portal: Portal, answer: AnswerBody) -> Extraction:
    """What a page says."""
    url, body = answer.url, answer.body
    decoded = charset.decode(body, capture.header("Content-Type") or "")
    if decoded.replaced > MAX_UNREADABLE and len(decoded.text) > 200:
        return _refused(url, "bad-encoding", f"{decoded.replaced:.0%} cannot be read as {decoded.charset}")
    if not 200 <= capture.status < 300:
        refusal = refusal_of_status(capture, url, decoded.text)
        return Extraction(page=refusal, fingerprint=fingerprint_of_html(decoded.text, url))
    recognised = recognise(decoded.text, url, portal)
    if is_feed(decoded.text):
        listing = read_feed(decoded.text, url, portal.scope(), recognised.label)
        return Extraction(page=listing, family=recognised.label, family_evidence=recognised.evidence)
    if is_sitemap(decoded.text):
        scope = portal.scope(*((own,) if (own := origin(capture.source_uri or "")) else ()))
        return Extraction(page=read_sitemap(decoded.text, url, scope, recognised.label))
    tree = parse(_unwrapped(decoded.text), url, capture.source_uri, portal)
    if tree is None:
        return _refused(url, "no-body", "an empty answer")
    read = _Reading(capture, portal, tree, recognised).extraction()
    return _doubted(read) if decoded.is_doubtful else read


def _doubted(read: Extraction) -> Extraction:
    """What a page says whose letters seem to be those of another charset: kept, and believed less."""
    if not isinstance(read.page, Article):
        return read
    page = replace(read.page, confidence=min(read.page.confidence, MAX_GARBLED))
    return replace(read, page=page, is_garbled=True)


def _refused(url: str, kind: ProblemKind, detail: str) -> Extraction:
    return Extraction(page=Refusal(url=url, kind=kind, detail=detail))


def _unwrapped(text: str) -> str:
    """The HTML inside a JSON answer of an ASP.NET page method (`{"d": "<li>…"}`), else the text itself."""
    if text.lstrip()[:1] != "{":
        return text
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return text
    inner = (
        next((data[key] for key in ("d", "html", "data") if key in data), None)
        if isinstance(data, dict)
        else None
    )
    return inner if isinstance(inner, str) else text


def _heads(tree: Tree) -> frozenset[str]:
    """What the page's head calls it, folded; nothing for a front page, which is called what its site is."""
    return frozenset() if is_home(tree.address) else frozenset(map(folded, head_titles(tree, ())))


class _Reading:
    """One page under reading: what all questions about it share."""

    def __init__(self, capture: Capture, portal: Portal, tree: Tree, recognised: Recognised) -> None:
        self.capture = capture
        self.portal = portal
        self.tree = tree
        self.recognised = recognised
        self.pieces: Sequence[TextBlock] = flow(tree.body, _heads(tree))
        self.shown = clean(" ".join(piece.text for piece in self.pieces if piece.text))
        tree.numbered = may_be_document(self.shown)
        self.names = site_names.site_names(tree, portal)
        self.menu: Menu = find_menu(tree, portal.sections)
        if (entry := self.menu.entries.get(twin(tree.address))) is not None:
            tree.called = (entry.title,)
        tree.sections = frozenset(fold(one.title) for one in self.menu.entries.values())
        mark_noise(tree, self.pieces, recognised.layout)
        mark_repeated(self.pieces, portal.furniture)
        self.declared = Declared(tree, self.pieces, recognised.layout, portal, capture.captured)

    def extraction(self) -> Extraction:
        draft, layer = self._draft()
        must_be_list = is_home(self.tree.address) or self._is_further_page()
        settled = is_clearly_article(draft, self.pieces, self.tree) and not must_be_list
        listed = None if settled else self._listed(draft)
        is_list = listed is not None and (must_be_list or self._is_listing(draft, listed))
        read = self._to_listing(listed) if listed is not None and is_list else self._to_article(draft, layer)
        return self._extraction(self._believed(draft, read, listed), draft, listed)

    def _extraction(self, page: Page, draft: ArticleDraft, listed: ReadListing | None) -> Extraction:
        layout = self.recognised.layout
        trace: tuple[FieldTrace, ...] = ()
        dropped: tuple[str, ...] = ()
        fringe: tuple[str, ...] = ()
        if isinstance(page, Article):
            fringe = draft.fringe if page.kind == "article" else ()
            trace = trace_of_article(page, draft)
            dropped = tuple(dict.fromkeys(draft.dropped))[:MAX_DROPPED]
        elif isinstance(page, Listing) and listed is not None:
            trace = trace_of_listing(page, listed.layer)
        return Extraction(
            page=page,
            family=self.recognised.label,
            family_evidence=self.recognised.evidence,
            menu=tuple(self.menu.entries.values()),
            feeds=site_names.find_feeds(self.tree, layout.feeds if layout else ()),
            site_title=site_names.site_title(self.tree),
            fingerprint=fingerprint(self.shown, self.tree.address),
            fringe=fringe,
            trace=trace,
            dropped=dropped,
        )

    # ── what it can be ──────────────────────────────────────────────────────────────────────────

    def _draft(self) -> tuple[ArticleDraft, str]:
        """The page read as an article, and the layer that read it."""
        declared, captured = self.declared, self.capture.captured
        date_format = self.portal.date_format
        draft = draft_article(self.tree, self.pieces, self.names, captured, date_format, declared.given)
        declared.complete_draft(draft)
        return draft, "family" if declared.complete and not draft.gave_way else "structure"

    def _listed(self, draft: ArticleDraft) -> ReadListing:
        """The page read as a listing; `draft` is the page read as an article."""
        date_format = self.portal.date_format
        declared = items_by_selectors(self.tree, self.recognised.layout)
        requested = first_page_of(self.capture)
        sure = draft.title if draft.title is not None and draft.title.confidence >= SURE_TITLE else None
        headline = sure.piece if sure is not None else None
        listed = find_listed(self.tree, self.pieces, self.menu, declared, date_format, requested, headline)
        for target, label in listed.boxes:
            self.menu.add(target, label)
        return listed

    def _is_further_page(self) -> bool:
        """Whether the page answers a form that was sent: only pagers of lists are."""
        return self.capture.request.method == "POST"

    def _is_listing(self, draft: ArticleDraft, listed: ReadListing) -> bool:
        return is_listing(
            draft,
            self.pieces,
            listed.groups,
            listed.beside,
            address=listed.first_page,
            declared=listed.declared,
            paged=bool(listed.pages) or twin(listed.first_page) != twin(first_page_of(self.capture)),
            known_section=menu_entry(listed.first_page, self.menu) is not None,
        )

    def _believed(
        self, draft: ArticleDraft, page: Article | Listing | None, listed: ReadListing | None
    ) -> Page:
        """The page, or why it is nothing to keep."""
        title = draft.title.text if draft.title else ""
        body = "\n".join(line for block in draft.body.blocks for line in block.lines)
        if isinstance(page, Listing) and self._is_empty_section(page):
            return replace(page, items=())
        if not isinstance(page, Listing) and self._says_nothing(draft, body) and self._is_named():
            return replace(self._to_listing(listed or self._listed(draft)), items=())
        if isinstance(page, Listing) and page.items and says_not_found(self._above_list(page)):
            # Error pages like to offer the newest articles instead.
            return Refusal(
                url=self.tree.address, kind="soft-404", detail=self._above_list(page).partition("\n")[0]
            )
        if ahead := forwarded(self.tree, self.shown):
            return Listing(url=self.tree.address, next=ahead, family=self.recognised.label)
        if not self._holds(draft, page):
            named = self._is_named() or self._has_headline()
            refusal = refusal_of_words(self.tree, self.shown, f"{title}\n{body}", is_named=named)
            if refusal is not None:
                return refusal
        if isinstance(page, Article) and self._is_too_little(draft, page, body):
            kind: ProblemKind = "no-body" if is_unwritten(body) or not body else "not-article"
            return Refusal(url=self.tree.address, kind=kind, detail=body)
        if isinstance(page, Article) or (page is not None and (page.items or page.next or self.menu.entries)):
            return page
        missing = tuple(name for name, found in (("title", title), ("body", body)) if not found)
        detail = f"no {' and no '.join(missing or ('article',))} was found"
        detail = detail if self.shown else "the page shows no text"
        return Refusal(url=self.tree.address, kind="no-body", detail=detail, missing=missing)

    def _is_named(self) -> bool:
        """Whether the site's menu or the page's own trail leads to the page."""
        if menu_entry(self.tree.address, self.menu) is not None:
            return True
        own = without_extension(twin(self.tree.address))
        return any(without_extension(twin(url)) == own for url, _ in breadcrumb(self.tree))

    def _has_headline(self) -> bool:
        """Whether the page prints a heading of the first level that asks nobody to log in."""
        return any(piece.kind == "heading" and piece.level == 1 and piece.text for piece in self.pieces)

    def _says_nothing(self, draft: ArticleDraft, body: str) -> bool:
        """Whether what would be a body only says that a list is empty, or is a few words without file or picture."""
        if draft.body.images or draft.attachments or draft.fields.is_document:
            return False
        told = [line for line in body.split("\n") if not (is_unwritten(line) or says_nothing_yet(line))]
        rest = sum(len(line.split()) for line in told)
        return rest < FEW_WORDS if body and len(told) < body.count("\n") + 1 else rest < FEWEST_WORDS

    def _is_too_little(self, draft: ArticleDraft, page: Article, body: str) -> bool:
        """Whether a body only promises a text, or is a word or two that no date line and no headline vouch for."""
        if page.images or page.attachments or draft.fields.is_document:
            return False
        if is_unwritten(body):
            return True
        words = sum(any(map(str.isalpha, word)) for word in body.split()) + len((page.summary or "").split())
        return words < (FEWEST_WORDS if page.published is None else 2)

    def _above_list(self, page: Listing) -> str:
        """What a list's page says above its first entry, furniture and menus left out."""
        titles = {item.title for item in page.items}
        first = next((piece.index for piece in self.pieces if piece.text in titles), len(self.pieces))
        said = [piece.text for piece in self.pieces[:first] if piece.noise is None and not piece.link_chars]
        return "\n".join(text for text in said if text and len(text) <= 200)

    def _is_empty_section(self, page: Listing) -> bool:
        """Whether a page that the menu leads to says that it has no entries yet."""
        said = self._above_list(page).split("\n")
        return menu_entry(page.url, self.menu) is not None and any(map(says_nothing_yet, said))

    def _holds(self, draft: ArticleDraft, page: Article | Listing | None) -> bool:
        """Whether a page holds what no error page holds: a dated or long text, files, entries of a list."""
        if isinstance(page, Article):
            return page.published is not None or draft.text_mass > LONG_TEXT or bool(page.attachments)
        return page is not None and bool(page.items)

    # ── what it is ──────────────────────────────────────────────────────────────────────────────

    def _to_article(self, draft: ArticleDraft, layer: str) -> Article | None:
        if not draft.text_mass and not draft.attachments and not draft.body.images:
            return None
        printed = draft.title.piece if draft.title else None
        family = self.recognised.label if self.recognised.layout else self.portal.family
        article = to_article(
            draft,
            self.tree,
            identity=identity(self.tree.address, family),
            sections=self.declared.section(self.menu)
            or article_section(self.tree, self.pieces, printed, self.menu),
            family=self.recognised.label,
        )
        return (
            replace(article, confidence=article_confidence(draft, self.tree, layer, self.pieces))
            if article
            else None
        )

    def _to_listing(self, listed: ReadListing) -> Listing:
        pages = (*listed.pages, *form_pages(self.tree, self.recognised.layout, self.capture))
        pages = pages or postback_pages(self.tree, self.capture)
        title = listing_title(self.tree, self.pieces, listed, self.menu, self.names)
        is_section = title is not None and not is_home(self.tree.address)
        return Listing(
            url=self.tree.address,
            title=title,
            section=section_for(listed.first_page, title, self.menu) if is_section and title else None,
            items=listed.items,
            next=pages,
            family=self.recognised.label,
            confidence=listing_confidence(listed.items, listed.layer, bool(pages)),
        )
