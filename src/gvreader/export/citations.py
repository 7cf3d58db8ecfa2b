"""A citation of an article with its provenance: biblatex, CSL-JSON, RIS, and a sentence in two languages.

The note of every style names the archived record and the digest of the article, so it can be checked; of a cited
paragraph its number and digest, too, and its words stand beside.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from gvreader.export import wording
from gvreader.export.html import clean
from gvreader.export.records import Json, dumps, moment
from gvreader.i18n import _
from gvreader.model import StoredArticle

Style = Literal["bibtex", "csl-json", "ris", "text"]

_TEX: Final[Mapping[str, str]] = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_WHITE: Final = re.compile(r"\s+")
# `id_` asks for the raw answer; without it the same address is a page for people.
_REPLAY: Final = re.compile(r"(https?://[^\s/]+(?:/[^\s/]+)*?/web/\d{14})(?:[a-z]{2}_)?(/https?:/.+)\Z", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The capture that a cited text derives from: when it was made, the digest of its body, and the page of the
    Wayback Machine (or another archive of its kind) where it can be seen, if it came from there."""

    captured: datetime
    payload_sha256: str
    archive_url: str | None = None


def wayback_page(source_uri: str | None) -> str | None:
    """The page for people of a capture that was replayed from `source_uri`; None for any other source."""
    match = _REPLAY.match(source_uri or "")
    return f"{match[1]}{match[2]}" if match else None


def _line(text: str) -> str:
    """One line without characters that a reference manager would choke on."""
    return _WHITE.sub(" ", clean(text)).strip()


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in _line(text))


def _uri(url: str) -> str:
    """An address inside a BibTeX field: braces would close it."""
    return _line(url).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _day(stored: StoredArticle) -> str | None:
    published = stored.article.published
    return published.isoformat()[:10] if published else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cited:
    """An article, what its portal is called, and where its text comes from."""

    stored: StoredArticle
    portal: str
    provenance: Provenance | None
    is_earlier: bool
    paragraph: int | None

    @property
    def quote(self) -> str:
        """The words of the cited paragraph; empty where the whole article is cited."""
        return _line(self.stored.article.paragraphs[self.paragraph - 1]) if self.paragraph else ""

    @property
    def captured(self) -> str:
        """When the cited answer was captured; without a capture, when the text was last seen."""
        return moment(self.provenance.captured if self.provenance else self.stored.fetched)

    @property
    def archive_url(self) -> str | None:
        return self.provenance.archive_url if self.provenance else None

    @property
    def note(self) -> str:
        """Where the evidence lies, and what it must say of itself."""
        parts = [_("archived {when}").format(when=self.captured)]
        if self.is_earlier:
            parts.append(_("version {n}, changed since").format(n=self.stored.row.revision))
        if self.stored.row.gone:
            parts.append(_("removed from the portal by {when}").format(when=moment(self.stored.row.gone)))
        if self.stored.evidence:
            parts.append(f"WARC {self.stored.evidence.record_id}")
        if self.provenance:
            parts.append(_("answer {digest}").format(digest=f"sha256:{self.provenance.payload_sha256}"))
        parts.append(_("text {digest}").format(digest=f"sha256:{self.stored.content_sha256}"))
        if self.paragraph:
            digest = paragraph_sha256(self.stored.article.paragraphs[self.paragraph - 1])
            parts.append(_("paragraph {n} {digest}").format(n=self.paragraph, digest=f"sha256:{digest}"))
        return "; ".join(parts)


def paragraph_sha256(paragraph: str) -> str:
    """Hex digest of a paragraph as `text` holds it: SHA-256 over its UTF-8, NFC."""
    return hashlib.sha256(paragraph.encode()).hexdigest()


def _citation_key(cited: _Cited) -> str:
    key = re.sub(r"[^A-Za-z0-9]+", "-", cited.stored.row.key).strip("-")
    return f"{key}-p{cited.paragraph}" if cited.paragraph else key


def bibtex(cited: _Cited) -> str:
    """An `@online` entry for biblatex."""
    stored, article = cited.stored, cited.stored.article
    copy = cited.archive_url
    author = article.author or article.organisation
    publishers = (*((article.organisation,) if article.author and article.organisation else ()), cited.portal)
    fields = {
        "author": f"{{{_tex(author)}}}" if author else None,
        "title": f"{{{_tex(article.title)}}}",
        # biblatex prints neither publisher nor number of an @online entry.
        "titleaddon": _tex(article.number) if article.number else None,
        "organization": " and ".join(f"{{{_tex(name)}}}" for name in publishers),
        "date": _day(stored),
        "url": _uri(article.url),
        "urldate": cited.captured[:10],
        "langid": "vietnamese" if article.language == "vi" else _tex(article.language),
        "language": "vietnamese" if article.language == "vi" else _tex(article.language),
        "note": _tex(cited.note),
        "annotation": _tex(cited.quote) if cited.quote else None,
        "addendum": _tex(_("archived copy: {link}").format(link=copy)) if copy else None,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@online{{{_citation_key(cited)},", *lines, "}"])


def _date_parts(value: str) -> Json:
    return {"date-parts": [[int(part) for part in value.split("-")]]}


def csl_json(cited: _Cited) -> str:
    """A CSL-JSON list with one item, as Zotero and pandoc read it."""
    stored, article = cited.stored, cited.stored.article
    item: Json = {
        "id": f"{stored.row.key}#{cited.paragraph}" if cited.paragraph else stored.row.key,
        "type": "article-newspaper" if article.published else "webpage",
        "title": _line(article.title),
        "container-title": _line(cited.portal),
        "URL": article.url,
        "accessed": _date_parts(cited.captured[:10]),
        "language": article.language,
        "note": cited.note,
    }
    if cited.quote:
        item["annote"] = cited.quote
    author = article.author or article.organisation
    if author:
        item["author"] = [{"literal": _line(author)}]
    if article.author and article.organisation:
        item["publisher"] = _line(article.organisation)
    if cited.archive_url:
        item["archive_location"] = cited.archive_url
    day = _day(stored)
    if day:
        item["issued"] = _date_parts(day)
    if article.number:
        item["number"] = _line(article.number)
    if article.summary:
        item["abstract"] = _line(article.summary)
    return dumps([item])


def ris(cited: _Cited) -> str:
    """A RIS record."""
    stored, article = cited.stored, cited.stored.article
    day = _day(stored)
    lines = [("TY", "NEWS" if article.published else "ELEC")]
    author = article.author or article.organisation
    if author:
        lines.append(("AU", _line(author)))
    lines += [("TI", _line(article.title)), ("T2", _line(cited.portal))]
    if article.author and article.organisation:
        lines.append(("PB", _line(article.organisation)))
    if day:
        lines += [("PY", day[:4]), ("DA", day.replace("-", "/"))]
    if article.number:
        lines.append(("M1", _line(article.number)))
    lines += [
        ("UR", _line(article.url)),
        ("Y2", cited.captured[:10].replace("-", "/")),
        ("LA", _line(article.language)),
        ("N1", cited.note),
    ]
    if cited.quote:
        lines.append(("RN", cited.quote))
    if cited.archive_url:
        lines.append(("AV", _line(cited.archive_url)))
    return "\r\n".join([*(f"{tag}  - {value}" for tag, value in lines), "ER  - "])


def sentence(cited: _Cited) -> str:
    """A sentence for a footnote, in the language in force."""
    article = cited.stored.article
    author = _line(article.author or article.organisation or "")
    published = article.published
    parts = [author, f"“{_line(article.title)}”"]
    if article.author and article.organisation:
        parts.append(_line(article.organisation))
    parts.append(_line(cited.portal))
    if published:
        parts.append(wording.day(date(published.year, published.month, published.day)))
    parts += [_line(article.url), cited.note]
    if cited.archive_url:
        parts.append(_("archived copy: {link}").format(link=_line(cited.archive_url)))
    source = ", ".join(part for part in parts if part) + "."
    return f"“{cited.quote}”\n— {source}" if cited.quote else source


STYLES: Final[Mapping[Style, Callable[[_Cited], str]]] = {
    "bibtex": bibtex,
    "csl-json": csl_json,
    "ris": ris,
    "text": sentence,
}


def cite(
    stored: StoredArticle,
    portal: str,
    style: Style,
    provenance: Provenance | None = None,
    *,
    is_earlier: bool = False,
    paragraph: int | None = None,
) -> str:
    """The citation in a style; `portal` is the portal's name for people, `is_earlier` a content since replaced.

    `paragraph`: one that is cited with its words, counted from 1; IndexError where the text has no such.
    """
    cited = _Cited(
        stored=stored, portal=portal, provenance=provenance, is_earlier=is_earlier, paragraph=paragraph
    )
    return STYLES[style](cited)
