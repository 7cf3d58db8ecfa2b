"""What is new, changed or gone, as a page for a morning mail or a printout: text, Markdown, HTML.

Grouped by saved search; each article with its first sentences, a changed one with the words that went and came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final, Literal

from gvreader.export import wording
from gvreader.export.differences import DiffSpan
from gvreader.export.html import clean, safe_link
from gvreader.export.markdown import escaped
from gvreader.export.terminal_text import printable, wrap
from gvreader.i18n import _, language
from gvreader.model import ArticleRow

DigestFormat = Literal["text", "markdown", "html"]
NewsKind = Literal["new", "changed", "gone"]

COLUMNS: Final = 76
_AROUND: Final = 60
"""Characters of what stayed that are shown on either side of what changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """One article. `opening`: its first sentences; `pieces`: for a changed one, title and paragraphs that changed."""

    kind: NewsKind
    row: ArticleRow
    opening: str = ""
    pieces: tuple[tuple[DiffSpan, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestGroup:
    """One saved search. `since`: when it was last looked at, None for never; the counts are of all, also of those
    that are no entry here."""

    name: str
    query: str
    since: datetime | None
    new: int
    changed: int
    gone: int
    entries: tuple[DigestEntry, ...]

    @property
    def left_out(self) -> int:
        """How many more there are than entries."""
        return self.new + self.changed + self.gone - len(self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest as a whole; `when` it was made."""

    title: str
    when: datetime
    groups: tuple[DigestGroup, ...]


def summary(group: DigestGroup, now: datetime) -> str:
    """`3 new, 1 changed since Monday`; `nothing new since 08:12`."""
    counts = [
        _("{n} new").format(n=wording.number(group.new)) if group.new else "",
        _("{n} changed").format(n=wording.number(group.changed)) if group.changed else "",
        _("{n} removed").format(n=wording.number(group.gone)) if group.gone else "",
    ]
    told = ", ".join(filter(None, counts)) or _("nothing new")
    return f"{told} {wording.since(group.since, now)}" if group.since else told


def in_context(pieces: tuple[DiffSpan, ...]) -> tuple[DiffSpan, ...]:
    """A changed paragraph with what stayed cut down to a few words around what changed."""
    shown: list[DiffSpan] = []
    for index, piece in enumerate(pieces):
        text = piece.text
        if piece.operation == "same" and len(text) > 2 * _AROUND:
            before = "" if index == 0 else text[:_AROUND].rpartition(" ")[0]
            after = "" if index == len(pieces) - 1 else text[-_AROUND:].partition(" ")[2]
            text = f"{before} … {after}" if before and after else f"{before} …" if before else f"… {after}"
        shown.append(DiffSpan(operation=piece.operation, text=text))
    return tuple(shown)


def _sign(kind: NewsKind) -> str:
    return {"new": "●", "changed": "≠", "gone": "✕"}[kind]


def _line(entry: DigestEntry) -> str:
    """Day, section, and what the portal did to the article."""
    row = entry.row
    parts = [
        wording.day(row.published) if row.published else "",
        row.sections[0].title if row.sections else "",
    ]
    if entry.kind == "changed":
        parts.append(_("changed {when}").format(when=wording.moment(row.changed)))
    if entry.kind == "gone" and row.gone is not None:
        parts.append(
            _("removed from the portal by {when}; the archived copy stays").format(
                when=wording.moment(row.gone)
            )
        )
    return " · ".join(filter(None, parts))


def _more(group: DigestGroup) -> str:
    return _("… and {n} more").format(n=wording.number(group.left_out)) if group.left_out > 0 else ""


def _head(digest: Digest) -> str:
    return f"{digest.title} · {wording.moment(digest.when)}"


# ── text ────────────────────────────────────────────────────────────────────────────────────────


def _text(digest: Digest) -> Iterator[str]:
    yield from (printable(_head(digest)), "═" * COLUMNS)
    for group in digest.groups:
        yield from ("", printable(f"{group.name}: {summary(group, digest.when)}"), "─" * COLUMNS)
        for entry in group.entries:
            yield from wrap(printable(entry.row.title), COLUMNS, first=f"{_sign(entry.kind)} ", rest="  ")
            yield from wrap(printable(_line(entry)), COLUMNS, first="  ", rest="  ")
            if entry.opening:
                yield from wrap(printable(entry.opening), COLUMNS, first="    ", rest="    ")
            for pieces in entry.pieces:
                yield from wrap(printable(_wdiff(pieces)), COLUMNS, first="    ", rest="    ")
            yield f"  {printable(entry.row.url)}"
            yield ""
        if more := _more(group):
            yield f"  {more}"


def _wdiff(pieces: tuple[DiffSpan, ...]) -> str:
    signs = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(signs[piece.operation].format(piece.text) for piece in in_context(pieces))


# ── Markdown ────────────────────────────────────────────────────────────────────────────────────


def _markdown(digest: Digest) -> Iterator[str]:
    yield f"# {_one(_head(digest))}"
    for group in digest.groups:
        yield from ("", f"## {_one(group.name)}", "", _one(summary(group, digest.when)), "")
        for entry in group.entries:
            link = safe_link(entry.row.url)
            title = f"**{_one(entry.row.title)}**"
            yield f"- {_sign(entry.kind)} " + (f"[{title}](<{link}>)" if link else title)
            if _line(entry):
                yield f"  {_one(_line(entry))}"
            if entry.opening:
                yield from ("", f"  {_one(entry.opening)}")
            for pieces in entry.pieces:
                yield from ("", "  " + "".join(map(_marked, in_context(pieces))).strip())
            yield ""
        if more := _more(group):
            yield more


def _one(text: str) -> str:
    """Text on one line that Markdown takes for text."""
    return escaped(" ".join(clean(text).split()))


def _marked(piece: DiffSpan) -> str:
    text = clean(piece.text).replace("\n", " ")
    sign = {"same": "", "removed": "~~", "added": "**"}[piece.operation]
    core = text.strip()
    if not core:
        return text
    start = text.index(core)
    return f"{text[:start]}{sign}{escaped(core)}{sign}{text[start + len(core) :]}"


# ── HTML ────────────────────────────────────────────────────────────────────────────────────────

_STYLE: Final = (
    "body{font:16px/1.5 Georgia,serif;max-width:42em;margin:2em auto;padding:0 1em;color:#222}"
    "h1{font-size:1.3em}h2{font-size:1.1em;border-bottom:1px solid #999;margin-top:2em}"
    "article{margin:1em 0;break-inside:avoid}h3{font-size:1em;margin:0}p{margin:.2em 0}"
    ".at{color:#666;font-size:.85em}del{color:#a00}ins{color:#060;text-decoration:none;background:#efe}"
    "a{color:inherit}@media print{body{margin:0;font-size:11pt}}"
)


def _html(digest: Digest) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield f'<html lang="{language()}"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>{_safe(_head(digest))}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{_safe(_head(digest))}</h1>"
    for group in digest.groups:
        yield f"<h2>{_safe(group.name)}</h2><p>{_safe(summary(group, digest.when))}</p>"
        for entry in group.entries:
            link, title = safe_link(entry.row.url), _safe(entry.row.title)
            linked = f'<a href="{escape(link, quote=True)}">{title}</a>' if link else title
            yield f'<article class="{entry.kind}"><h3>{_sign(entry.kind)} {linked}</h3>'
            yield f'<p class="at">{_safe(_line(entry))}</p>'
            if entry.opening:
                yield f"<p>{_safe(entry.opening)}</p>"
            for pieces in entry.pieces:
                yield f"<p>{''.join(map(_tagged, in_context(pieces)))}</p>"
            yield "</article>"
        if more := _more(group):
            yield f"<p>{_safe(more)}</p>"
    yield "</body></html>"


def _safe(text: str) -> str:
    return escape(clean(text), quote=True)


def _tagged(piece: DiffSpan) -> str:
    tag = {"same": "", "removed": "del", "added": "ins"}[piece.operation]
    return f"<{tag}>{_safe(piece.text)}</{tag}>" if tag else _safe(piece.text)


_FORMATS: Final[Mapping[DigestFormat, Callable[[Digest], Iterator[str]]]] = {
    "text": _text,
    "markdown": _markdown,
    "html": _html,
}


def render(digest: Digest, form: DigestFormat) -> str:
    """The digest in a format, whatever the pages say that it tells of."""
    return "\n".join(_FORMATS[form](digest)).rstrip("\n") + "\n"
