"""Articles as an EPUB 3.3 book with pictures and a table of contents by month.

The same articles make the same bytes: times in the file are those of the articles, ids come from what was asked
for. Nothing in the book is loaded from elsewhere; a picture that the archive lacks is a link.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape, unescape
from pathlib import Path
from typing import IO, BinaryIO, Final
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from gvreader.export import html, wording
from gvreader.export.media_copies import FileSource, digest_name, picture_kind
from gvreader.export.plain_text import byline
from gvreader.export.records import moment
from gvreader.export.zip_file import ZipFile
from gvreader.i18n import _, language
from gvreader.model import Image, StoredArticle

_EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)  # the ZIP format knows no earlier time
_HREF: Final = re.compile(r' href="([^"]*)"')
_BAD_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST: Final = re.compile(
    r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?(?::\d{1,5})?\Z|\[[0-9a-f:.]+\](?::\d{1,5})?\Z", re.I
)
_ADDRESS_KEPT: Final = "/?#[]@!$&'()*+,;=:%-._~"
_EMPTY_ELEMENT: Final = re.compile(r"<table><tbody></tbody></table>|<tr></tr>")

_CONTAINER: Final = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book/content.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>\n"
)
_STYLE: Final = """\
body { line-height: 1.5; margin: 0 4%; }
h1 { font-size: 1.4em; line-height: 1.25; text-align: left; }
p.facts, p.source, figcaption { color: #555; font-size: 0.85em; }
figure { margin: 1em 0; text-align: center; }
img { max-width: 100%; max-height: 90vh; }
table { border-collapse: collapse; }
td { border: 1px solid #999; padding: 0.2em 0.5em; vertical-align: top; }
blockquote { margin: 1em 1.5em; }
pre { white-space: pre-wrap; }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What stands on the cover. `name` is what the book's identifier is made of: the same for the same selection."""

    title: str
    publisher: str
    name: str


def write_epub(stream: BinaryIO, articles: Iterable[StoredArticle], files: FileSource, book: Book) -> None:
    """Write the book to a seekable stream, one article at a time; lists wait in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="gvreader-epub-") as name:
        writer = _Writer(stream, Path(name), files, book)
        for stored in articles:
            writer.add(stored)
        writer.finish()


class _Writer:
    def __init__(self, stream: BinaryIO, folder: Path, files: FileSource, book: Book) -> None:
        self._zip = ZipFile(stream, "w", allowZip64=True)
        self._files = files
        self._book = book
        self._modified = _EARLIEST
        self._pictures: set[bytes] = set()
        self._written: Counter[str] = Counter()
        self._count = 0
        self._month: tuple[int, int] | str | None = ""
        self._manifest_path, self._spine_path, self._nav_path = (
            folder / name for name in ("manifest", "spine", "nav")
        )
        self._manifest = self._manifest_path.open("wb")
        self._spine = self._spine_path.open("wb")
        self._nav = self._nav_path.open("wb")
        self._put("mimetype", b"application/epub+zip", is_packed=False)
        self._put("META-INF/container.xml", _CONTAINER.encode())
        self._put("book/style.css", _STYLE.encode())

    def add(self, stored: StoredArticle) -> None:
        self._count += 1
        self._modified = max(self._modified, stored.changed)
        self._written[_language_code(stored.article.language)] += 1
        name = f"a{self._count:06}"
        self._put(f"book/{name}.xhtml", self._page(stored).encode("utf-8", "replace"))
        self._note(
            self._manifest, f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>'
        )
        self._note(self._spine, f'<itemref idref="{name}"/>')
        self._list(stored, f"{name}.xhtml")

    def finish(self) -> None:
        self._put("book/title.xhtml", self._title_page().encode("utf-8", "replace"))
        if self._count:
            self._note(self._nav, "</ol></li>")
        for file in (self._manifest, self._spine, self._nav):
            file.close()
        contents = escape(_("Contents"))
        first = f'<li><a href="title.xhtml">{_xml(self._book.title)}</a></li>\n'
        head = _head(self._book.title, language(), epub=True)
        with self._entry("book/nav.xhtml") as entry:
            entry.write(
                f'{head}<nav epub:type="toc"><h1>{contents}</h1><ol>\n{first}'.encode("utf-8", "replace")
            )
            self._pour(self._nav_path, entry)
            entry.write(b"</ol></nav></body></html>\n")
        with self._entry("book/content.opf") as entry:
            entry.write(self._metadata().encode("utf-8", "replace"))
            self._pour(self._manifest_path, entry)
            entry.write(b'</manifest><spine>\n<itemref idref="title"/>\n')
            self._pour(self._spine_path, entry)
            entry.write(b"</spine></package>\n")
        self._zip.close()

    # ── pages ───────────────────────────────────────────────────────────────────────────────────

    def _page(self, stored: StoredArticle) -> str:
        article = stored.article
        facts = [wording.published(article.published) if article.published else ""]
        facts += [byline(article.author, article.organisation)]
        facts += [", ".join(section.title for section in stored.row.sections)]
        line = _xml(" · ".join(fact for fact in facts if fact))
        body = html.render(article, self._picture)
        loose = html.loose_pictures(article, self._picture)
        parts = [
            _head(article.title, article.language),
            f"<h1>{_xml(article.title)}</h1>",
            f'<p class="facts">{line}</p>' if line else "",
            f"<p><strong>{_xml(article.summary)}</strong></p>" if article.summary else "",
            _sound_links(html.as_xhtml(_EMPTY_ELEMENT.sub("", f"{body}\n{loose}"))).strip(),
            _attachments(stored),
            f'<p class="source">{_source(stored)}</p>',
            "</body></html>\n",
        ]
        return "\n".join(part for part in parts if part)

    def _picture(self, image: Image) -> str | None:
        """Put a picture into the book once, and return its name there."""
        body = self._files(image.url)
        kind = picture_kind(body) if body else None
        if body is None or kind is None:
            return None
        name = f"p{digest_name(image.url)}.{kind.ending}"
        key = name.encode()
        if key not in self._pictures:
            self._pictures.add(key)
            self._put(f"book/{name}", body, is_packed=False)
            self._note(
                self._manifest,
                f'<item id="{name.partition(".")[0]}" href="{name}" media-type="{kind.media_type}"/>',
            )
        return name

    def _title_page(self) -> str:
        articles = _xml(wording.articles(self._count))
        return (
            f"{_head(self._book.title, language())}<h1>{_xml(self._book.title)}</h1>\n"
            f"<p>{_xml(self._book.publisher)}</p>\n<p>{articles}</p>\n</body></html>\n"
        )

    def _languages(self) -> str:
        """What the texts are written in, the commonest first; the reader's own language for an empty book."""
        found = [name for name, _count in self._written.most_common()] or [language()]
        return "".join(f"<dc:language>{code}</dc:language>" for code in found)

    def _list(self, stored: StoredArticle, href: str) -> None:
        """A line in the table of contents, under its month."""
        published = stored.article.published
        month = (published.year, published.month) if published else None
        if month != self._month:
            label = wording.month(*month) if month else _("Without a date")
            close = "</ol></li>\n" if self._month != "" else ""
            self._note(self._nav, f"{close}<li><span>{_xml(label)}</span><ol>")
            self._month = month
        title = _xml(stored.article.title).strip() or "–"
        self._note(self._nav, f'<li><a href="{href}">{title}</a></li>')

    def _metadata(self) -> str:
        identifier = uuid5(NAMESPACE_URL, f"gvreader:{self._book.name}").urn
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n'
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">\n'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
            f'<dc:identifier id="id">{identifier}</dc:identifier>\n'
            f"<dc:title>{_xml(self._book.title)}</dc:title>\n{self._languages()}\n"
            f"<dc:publisher>{_xml(self._book.publisher)}</dc:publisher>\n"
            f'<meta property="dcterms:modified">{moment(self._modified)}</meta>\n'
            "</metadata>\n<manifest>\n"
            '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>\n'
            '<item id="style" href="style.css" media-type="text/css"/>\n'
            '<item id="title" href="title.xhtml" media-type="application/xhtml+xml"/>\n'
        )

    # ── the container ───────────────────────────────────────────────────────────────────────────

    def _entry(self, path: str, *, is_packed: bool = True) -> IO[bytes]:
        info = zipfile.ZipInfo(path, _EARLIEST.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
        info.external_attr = 0o644 << 16
        return self._zip.open(info, "w")

    def _put(self, path: str, content: bytes, *, is_packed: bool = True) -> None:
        with self._entry(path, is_packed=is_packed) as entry:
            entry.write(content)

    @staticmethod
    def _note(file: BinaryIO, line: str) -> None:
        file.write(f"{line}\n".encode("utf-8", "replace"))

    @staticmethod
    def _pour(path: Path, entry: IO[bytes]) -> None:
        with path.open("rb") as file:
            shutil.copyfileobj(file, entry, 1 << 20)


def _language_code(language: str) -> str:
    """A language as e-readers know it; what a page says of itself may be anything."""
    return language if re.fullmatch(r"[a-z]{2,3}", language) else "vi"


def _head(title: str, lang: str, *, epub: bool = False) -> str:
    names = ' xmlns:epub="http://www.idpf.org/2007/ops"' if epub else ""
    code = _language_code(lang)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml"{names} lang="{code}" xml:lang="{code}">\n'
        f'<head><title>{_xml(title) or "–"}</title><link rel="stylesheet" type="text/css" href="style.css"/></head>\n'
        "<body>\n"
    )


def _xml(text: str) -> str:
    return escape(html.clean(text), quote=True)


def _attachments(stored: StoredArticle) -> str:
    items = [
        f'<li><a href="{escape(link)}">{_xml(file.name) or "–"}</a></li>'
        for file in stored.article.attachments
        if (link := _sound_address(file.url))
    ]
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _source(stored: StoredArticle) -> str:
    link = _sound_address(stored.article.url)
    shown = _xml(stored.article.url)
    where = f'<a href="{escape(link)}">{shown}</a>' if link else shown
    return escape(_("Source: {link}")).replace("{link}", where)


def _sound_links(xhtml: str) -> str:
    """Addresses as the standard spells them; what cannot be an address is no link."""

    def sound(match: re.Match[str]) -> str:
        address = _sound_address(unescape(match[1]))
        return f' href="{escape(address)}"' if address else ""

    return _HREF.sub(sound, xhtml)


def _sound_address(url: str) -> str | None:
    """`url` with every character that RFC 3986 forbids escaped; None when it has no host that could be one."""
    link = html.safe_link(url)
    if link is None:
        return None
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if parts.scheme.lower() != "mailto" and not _HOST.match(parts.netloc):
        return None
    spelled = quote(_BAD_PERCENT.sub("%25", link), safe=_ADDRESS_KEPT, errors="replace")
    head, hash_sign, fragment = spelled.partition("#")
    fragment = fragment.replace("#", "%23")
    if parts.scheme.lower() != "mailto" and not parts.netloc.startswith("["):
        head = head.replace("[", "%5B").replace("]", "%5D")
    return head + hash_sign + fragment
