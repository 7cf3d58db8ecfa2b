"""What the text pane says of an article, in order: title, facts, notices, body, files, related articles, source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal

from gvreader.export import wording
from gvreader.frozen import dataclass
from gvreader.i18n import _, ngettext
from gvreader.model import (
    Article,
    ArticleRow,
    Block,
    Span,
    StoredArticle,
)
from gvreader.tui.view import labels
from gvreader.tui.view.file_text import file_pieces
from gvreader.tui.view.sanitize import visible, visible_line
from gvreader.tui.view.typeset import (
    Role,
    Styled,
    TextSpan,
    joined,
    prose,
)

LinkKind = Literal["link", "file", "related", "picture"]

_TIE: Final = "\u00a0"
"""Between a number and the word before it: they stay on one line."""

_INDENT: Final = "  "
_DEEPEST_INDENT: Final = 24
_BLOCK_ROLES: Final[Mapping[str, Role]] = {"heading": "heading", "quote": "quote"}


@dataclass(frozen=True, slots=True)
class Link:
    """One numbered link. `target` is an address; `label` says what is there."""

    number: int
    kind: LinkKind
    target: str
    label: str


@dataclass(frozen=True, slots=True)
class Composition:
    """Pieces to set, and the links they number (link n is `links[n - 1]`)."""

    pieces: tuple[TextSpan, ...]
    links: tuple[Link, ...]


def compose(
    stored: StoredArticle,
    *,
    related: Mapping[str, str] | None = None,
    similar: Sequence[ArticleRow] = (),
    changes_key: str = "d",
) -> Composition:
    """The whole text pane of one article.

    `related` gives titles of those articles that the page itself names and the archive has; `similar` are articles
    of the archive about the same; `changes_key` is the key that shows revisions.
    """
    return _Composer(stored, related or {}, similar, changes_key).composition()


class _Composer:
    def __init__(
        self,
        stored: StoredArticle,
        related: Mapping[str, str],
        similar: Sequence[ArticleRow],
        changes_key: str,
    ) -> None:
        self._stored = stored
        self._similar = similar
        self._changes_key = changes_key
        self._related = related
        self._links: list[Link] = []
        self._numbers: dict[str, int] = {}

    def composition(self) -> Composition:
        article = self._stored.article
        pieces = [
            TextSpan(text=visible_line(article.title) or _("(no title)"), role="title"),
            *self._facts(),
            *self._notices(),
        ]
        if article.summary and (summary := prose(article.summary)):
            pieces.append(TextSpan(text=summary, role="summary", space=1))
        pieces.extend(self._body(article))
        pieces.extend(self._files(article))
        pieces.extend(file_pieces(article))
        pieces.extend(self._related_articles(article))
        pieces.extend(self._similar_articles(article))
        pieces.extend(self._source())
        return Composition(tuple(pieces), tuple(self._links))

    def _number(self, kind: LinkKind, target: str, label: str) -> int:
        if target not in self._numbers:
            self._numbers[target] = len(self._links) + 1
            self._links.append(Link(len(self._links) + 1, kind, target, label))
        return self._numbers[target]

    def _facts(self) -> list[TextSpan]:
        row = self._stored.row
        article = self._stored.article
        first = [labels.long_date(article.published)] if article.published else []
        first.extend([byline] if (byline := labels.byline(article.author, article.organisation)) else [])
        second = [visible_line(section.title or section.slug) for section in row.sections]
        if article.number:
            second.append(_("No. {number}").format(number=visible_line(article.number)))
        second.append(ngettext("{n} word", "{n} words", row.words).format(n=wording.number(row.words)))
        facts = " · ".join(second)
        # Beside the facts, so that the text below stays where it is when a mark is made.
        marks = ["★"] if row.marks.starred else []
        marks.extend(f"#{visible_line(tag).replace(' ', _TIE)}" for tag in row.marks.tags)
        text = "  ".join((facts, " ".join(marks))) if marks else facts
        marked = (Styled(len(facts), len(text), "number"),) if marks else ()
        pieces = [TextSpan(text=" · ".join(first), role="meta", space=1)] if first else []
        return [*pieces, TextSpan(text=text, role="meta", spans=marked, space=0 if pieces else 1)]

    def _notices(self) -> list[TextSpan]:
        row = self._stored.row
        notices = []
        if row.gone is not None:
            notices.append(
                _("✕ Taken off the portal, noticed {day}; this is the archived copy").format(
                    day=wording.day(row.gone.astimezone().date())
                )
            )
        if row.revision > 1:
            notices.append(
                ngettext(
                    "≠ Revised {n} time; press {key} to see what changed",
                    "≠ Revised {n} times; press {key} to see what changed",
                    row.revision - 1,
                ).format(n=wording.number(row.revision - 1), key=self._changes_key)
            )
        return [
            TextSpan(text=notice, role="notice", space=1 if not index else 0)
            for index, notice in enumerate(notices)
        ]

    def _body(self, article: Article) -> list[TextSpan]:
        pieces: list[TextSpan] = []
        counters: dict[int, int] = {}
        before: Block | None = None
        for block in article.blocks:
            if block.kind == "item":
                counters = {level: count for level, count in counters.items() if level <= block.level}
                counters[block.level] = counters.get(block.level, 0) + 1
            else:
                counters = {}
            tight = before is not None and before.kind == "item" == block.kind
            set_pieces = self._pieces(block, counters.get(block.level, 0), article)
            if set_pieces:
                pieces.append(replace(set_pieces[0], space=0 if tight else 1))
                pieces.extend(set_pieces[1:])
                before = block
        if not pieces and not article.attachments:
            pieces.append(TextSpan(text=_("(This page has no text.)"), role="meta", space=1))
        return pieces

    def _pieces(self, block: Block, count: int, article: Article) -> list[TextSpan]:
        if block.kind == "table":
            return [TextSpan(rows=block.rows)] if any(any(row) for row in block.rows) else []
        if block.kind == "figure":
            return self._figure(block, article)
        if block.kind == "preformatted":
            return _preformatted("".join(span.text for span in block.spans))
        role = _BLOCK_ROLES.get(block.kind, "text")
        text, spans = joined([run for span in block.spans for run in self._runs(span, role)], role)
        if not text.strip():
            return []
        if block.kind == "quote":
            return [TextSpan(text=text, role=role, spans=spans, first="▏ ", rest="▏ ")]
        if block.kind == "item":
            margin = _INDENT * min(max(block.level, 0), 6)
            bullet = f"{count}. " if block.ordered else "– "
            hang = margin + " " * len(bullet)
            return [TextSpan(text=text, spans=spans, first=margin + bullet, rest=hang, margin_role="meta")]
        return [TextSpan(text=text, role=role, spans=spans)]

    def _runs(self, span: Span, role: Role) -> list[tuple[str, Role, int]]:
        if span.href:
            number = self._number("link", span.href, visible_line(span.text))
            return [(span.text, "link", number), (f"[{number}]", "number", number)]
        if role == "text" and (span.strong or span.emphasis):
            return [(span.text, "strong" if span.strong else "emphasis", 0)]
        return [(span.text, role, 0)]

    def _figure(self, block: Block, article: Article) -> list[TextSpan]:
        if block.image is None or not 0 <= block.image < len(article.images):
            return []
        image = article.images[block.image]
        caption = visible_line(image.caption or image.alt or "")
        number = f"[i{block.image + 1}]"
        text = f"{caption or _('picture')}{_TIE}{number}"
        spans = (Styled(len(text) - len(number), len(text), "number"),)
        return [TextSpan(text=text, role="caption", spans=spans, first="▒ ", rest="  ")]

    def _files(self, article: Article) -> list[TextSpan]:
        pieces = []
        for index, attachment in enumerate(article.attachments):
            name = visible_line(attachment.name) or labels.file_name(attachment.url)
            number = self._number("file", attachment.url, name)
            size = f"  {wording.size(attachment.bytes)}" if attachment.bytes is not None else ""
            mark = f"[{number}]"
            text = f"{name}{size}{_TIE}{mark}"
            spans = (
                Styled(0, len(name), "link", number),
                *((Styled(len(name), len(name) + len(size), "meta"),) if size else ()),
                Styled(len(text) - len(mark), len(text), "number", number),
            )
            pieces.append(
                TextSpan(
                    text=text, spans=spans, first="▤ ", rest="  ", margin_role="meta", space=0 if index else 1
                )
            )
        return pieces

    def _related_articles(self, article: Article) -> list[TextSpan]:
        pieces: list[TextSpan] = []
        for url in dict.fromkeys(article.related):
            title = visible_line(self._related.get(url, "")) or labels.title_from_address(url)
            pieces.append(self._neighbour(url, title, known=url in self._related))
        return [_heading(_("Related")), *pieces] if pieces else []

    def _similar_articles(self, article: Article) -> list[TextSpan]:
        named = {article.url, *article.related}
        pieces = [
            self._neighbour(
                row.url,
                visible_line(row.title),
                date=wording.published(row.published) if row.published else "",
            )
            for row in self._similar
            if row.url not in named
        ]
        return [_heading(_("More like this")), *pieces] if pieces else []

    def _neighbour(self, url: str, title: str, *, known: bool = True, date: str = "") -> TextSpan:
        number = self._number("related", url, title)
        mark = f"[{number}]"
        date = f"{_TIE}·{_TIE}{date.replace(' ', _TIE)}" if date else ""
        text = f"{title}{date}{_TIE}{mark}"
        spans = (
            Styled(0, len(title), "link" if known else "meta", number),
            *((Styled(len(title), len(title) + len(date), "meta"),) if date else ()),
            Styled(len(text) - len(mark), len(text), "number", number),
        )
        return TextSpan(text=text, spans=spans, first="– ", rest="  ", margin_role="meta", apart=True)

    def _source(self) -> list[TextSpan]:
        row = self._stored.row
        archived = _("Archived {moment}").format(moment=wording.moment(self._stored.fetched))
        stored = self._stored
        if stored.evidence is not None and stored.source != "live":
            archived += f" · {wording.provenance(stored.source, stored.trust)}"
        only = [TextSpan(text=_("Only in archives"), role="source")] if stored.archived_only else []
        return [
            TextSpan(text="⁂", role="rule", space=2),
            TextSpan(text=visible_line(row.url), role="source", space=1),
            TextSpan(text=f"{archived} · {visible_line(row.key)}", role="source"),
            *only,
        ]


def _heading(text: str) -> TextSpan:
    return TextSpan(text=text.upper(), role="label", space=2)


def _preformatted(text: str) -> list[TextSpan]:
    pieces = []
    for line in visible(text).strip("\n").split("\n"):
        words = line.strip()
        margin = _INDENT + " " * min(len(line) - len(line.lstrip()), _DEEPEST_INDENT)
        pieces.append(TextSpan(text=words, first=margin, rest=margin))
    return pieces if any(piece.text for piece in pieces) else []
