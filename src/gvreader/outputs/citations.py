"""A citation of an article with its provenance: biblatex, CSL-JSON, RIS, and a sentence in two languages.

The note of every style names the archived record and the digest of the article, so it can be checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, Literal

from gvreader.i18n import _
from gvreader.model import StoredArticle
from gvreader.outputs import wording
from gvreader.outputs.html import clean
from gvreader.outputs.records import Json, dumps, moment

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


def _note(stored: StoredArticle) -> str:
    """Where the evidence lies."""
    parts = [_("archived {when}").format(when=moment(stored.fetched))]
    if stored.evidence:
        parts.append(f"WARC {stored.evidence.record_id}")
    parts.append(f"sha256:{stored.content_sha256}")
    return "; ".join(parts)


def _citation_key(stored: StoredArticle) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", stored.row.key).strip("-")


def bibtex(stored: StoredArticle, portal: str) -> str:
    """An `@online` entry for biblatex."""
    article = stored.article
    author = article.author or article.organisation
    fields = {
        "author": f"{{{_tex(author)}}}" if author else None,
        "title": f"{{{_tex(article.title)}}}",
        "organization": _tex(article.organisation) if article.author and article.organisation else None,
        "publisher": _tex(portal),
        "date": _day(stored),
        "url": _uri(article.url),
        "urldate": moment(stored.fetched)[:10],
        "language": "vietnamese" if article.language == "vi" else article.language,
        "note": _tex(_note(stored)),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@online{{{_citation_key(stored)},", *lines, "}"])


def _date_parts(value: str) -> Json:
    return {"date-parts": [[int(part) for part in value.split("-")]]}


def csl_json(stored: StoredArticle, portal: str) -> str:
    """A CSL-JSON list with one item, as Zotero and pandoc read it."""
    article = stored.article
    item: Json = {
        "id": stored.row.key,
        "type": "article-newspaper" if article.published else "webpage",
        "title": _line(article.title),
        "container-title": _line(portal),
        "URL": article.url,
        "accessed": _date_parts(moment(stored.fetched)[:10]),
        "language": article.language,
        "note": _note(stored),
    }
    author = article.author or article.organisation
    if author:
        item["author"] = [{"literal": _line(author)}]
    if article.author and article.organisation:
        item["publisher"] = _line(article.organisation)
    day = _day(stored)
    if day:
        item["issued"] = _date_parts(day)
    if article.summary:
        item["abstract"] = _line(article.summary)
    return dumps([item])


def ris(stored: StoredArticle, portal: str) -> str:
    """A RIS record."""
    article = stored.article
    day = _day(stored)
    lines = [("TY", "NEWS" if article.published else "ELEC")]
    author = article.author or article.organisation
    if author:
        lines.append(("AU", _line(author)))
    lines += [("TI", _line(article.title)), ("T2", _line(portal))]
    if article.author and article.organisation:
        lines.append(("PB", _line(article.organisation)))
    if day:
        lines += [("PY", day[:4]), ("DA", day.replace("-", "/"))]
    lines += [
        ("UR", _line(article.url)),
        ("Y2", moment(stored.fetched)[:10].replace("-", "/")),
        ("LA", article.language),
        ("N1", _note(stored)),
    ]
    return "\r\n".join([*(f"{tag}  - {value}" for tag, value in lines), "ER  - "])


def sentence(stored: StoredArticle, portal: str) -> str:
    """A sentence for a footnote, in the language in force."""
    article = stored.article
    author = _line(article.author or article.organisation or "")
    published = article.published
    parts = [author, f"“{_line(article.title)}”"]
    if article.author and article.organisation:
        parts.append(_line(article.organisation))
    parts.append(_line(portal))
    if published:
        parts.append(wording.day(date(published.year, published.month, published.day)))
    parts += [article.url, _note(stored)]
    return ", ".join(part for part in parts if part) + "."


STYLES: Final[Mapping[Style, Callable[[StoredArticle, str], str]]] = {
    "bibtex": bibtex,
    "csl-json": csl_json,
    "ris": ris,
    "text": sentence,
}


def cite(stored: StoredArticle, portal: str, style: Style) -> str:
    """The citation in a style; `portal` is the portal's name for people."""
    return STYLES[style](stored, portal)
