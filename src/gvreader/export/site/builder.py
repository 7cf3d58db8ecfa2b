"""The order of work: one pass over the articles, newest first, each written to its page, its lists and the index."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from gvreader.export import wording
from gvreader.export.atomic_files import replacing_folder
from gvreader.export.feed_formats import Feed, Format, feed
from gvreader.export.media_copies import Copies, FileSource
from gvreader.export.plain_text import byline
from gvreader.export.site import pages
from gvreader.export.site.listings import Listings, Month
from gvreader.export.site.page_names import article_name, section_name
from gvreader.export.site.searchindex import SearchIndex
from gvreader.export.warc_export import RecordSource, WarcExport
from gvreader.i18n import _
from gvreader.model import Attachment, Image, StoredArticle
from gvreader.vietnamese.abbreviations import Abbreviations

KIND: Final = "site"
_FEED_LENGTH: Final = 50
_FRONT_LENGTH: Final = 20
_FEEDS: Final[tuple[tuple[str, Format], ...]] = (
    ("atom.xml", "atom"),
    ("rss.xml", "rss"),
    ("feed.json", "json"),
)
_STYLE: Final = "site.css"
_SCRIPTS: Final = ("minisearch.js", "vietnamese.js", "search.js", "searchpage.js")
_LICENCE: Final = "minisearch.LICENSE.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteBuilder:
    """What the site is called and made of. `authorities`: the host names that feed ids are made of, by portal."""

    title: str
    query: str
    home: str
    made: datetime
    authorities: Mapping[str, str]
    abbreviations: Abbreviations


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where the site finds what is not in the articles themselves.

    `find` gives key and title of the exported article at an address of a portal, `archived_at` the page of a web
    archive that an article came from.
    """

    files: FileSource
    file_text: Callable[[str], str | None]
    records: RecordSource
    find: Callable[[str], tuple[str, str] | None]
    archived_at: Callable[[StoredArticle], str | None]


def write_site(
    folder: Path, articles: Iterable[StoredArticle], site: SiteBuilder, sources: Sources
) -> list[str]:
    """Write the site into a new folder, which appears as a whole. Articles come newest first.

    Returns what is to be said about records that could not be read. Raises UsageError for a folder that holds
    anything but an earlier site, and StorageFailed.
    """
    with (
        replacing_folder(folder, KIND) as building,
        tempfile.TemporaryDirectory(prefix="gvreader-site-") as work,
    ):
        builder = _Builder(building, Path(work), site, sources)
        for newer, stored, older in _with_neighbours(articles):
            builder.add(stored, newer=newer, older=older)
        builder.finish()
        return builder.damaged


def _with_neighbours(
    articles: Iterable[StoredArticle],
) -> Iterator[tuple[StoredArticle | None, StoredArticle, StoredArticle | None]]:
    before: StoredArticle | None = None
    current: StoredArticle | None = None
    for following in articles:
        if current is not None:
            yield before, current, following
        before, current = current, following
    if current is not None:
        yield before, current, None


class _Builder:
    def __init__(self, root: Path, work: Path, site: SiteBuilder, sources: Sources) -> None:
        self._root = root
        self._site = site
        self._sources = sources
        self._frame = pages.Frame(title=site.title, made=site.made, query=site.query)
        self._copies = Copies(root, sources.files, pictures="pictures", files="files")
        self._index = SearchIndex(root, work, site.abbreviations)
        self._lists = Listings(root, self._frame)
        self._months: Counter[Month] = Counter()
        self._sections: dict[str, tuple[str, int]] = {}
        self._front: list[str] = []
        self._newest: list[StoredArticle] = []
        self.damaged: list[str] = []
        for name in ("article", "assets", "evidence", "feeds"):
            (root / name).mkdir()

    def add(self, stored: StoredArticle, *, newer: StoredArticle | None, older: StoredArticle | None) -> None:
        name = article_name(stored.row.key)
        sections = {
            section.slug: section_name(stored.row.portal, section.slug) for section in stored.row.sections
        }
        body = pages.article(
            stored,
            picture=self._picture,
            file=self._file,
            local=self._here,
            sections={slug: f"../list/section-{own}-1.html" for slug, own in sections.items()},
            proof=pages.PageProof(
                copy=self._evidence(stored, name), archived_at=self._sources.archived_at(stored)
            ),
            neighbours=pages.turn(_page_of(newer), _page_of(older)),
        )
        page = self._frame.page(stored.article.title, body, up="../", is_reading=True)
        self._write(f"article/{name}.html", page)
        self._list(stored, name, sections)
        self._index.add(self._fields(stored), name=name, facts=pages.facts(stored))

    def finish(self) -> None:
        """Lists' last pages, the pages about the whole, the index, feeds and assets."""
        self._lists.finish()
        groups = [
            (title, f"list/section-{own}-1.html", count) for own, (title, count) in self._sections.items()
        ]
        title = self._site.query or _("Newest")
        front = pages.front_page(
            title, self._front, groups, older="list/newest-1.html" if self._front else None
        )
        self._write("index.html", self._frame.page("", front))
        self._write("sections.html", self._frame.page(_("Sections"), pages.sections_page(groups)))
        months = pages.months_page(self._months, lambda month: f"list/month-{_month_name(month)}-1.html")
        self._write("months.html", self._frame.page(_("Months"), months))
        scripts = [f"assets/{name}" for name in _SCRIPTS]
        self._write("search.html", self._frame.page(_("Search"), pages.search_page(), scripts=scripts))
        self._index.finish(pages.search_labels())
        self._feeds()
        assets = resources.files("gvreader.export.site") / "assets"
        for asset in (_STYLE, _LICENCE, *_SCRIPTS):
            (self._root / "assets" / asset).write_bytes((assets / asset).read_bytes())

    # ── one article ─────────────────────────────────────────────────────────────────────────────

    def _list(self, stored: StoredArticle, name: str, sections: Mapping[str, str]) -> None:
        entry = pages.entry(stored, name, up="../")
        self._lists.add("newest", _("All articles"), entry)
        published = stored.article.published
        month = (published.year, published.month) if published else None
        self._months[month] += 1
        label = wording.month(*month) if month else _("Without a date")
        self._lists.add(f"month-{_month_name(month)}", label, entry)
        for section in stored.row.sections:
            own = sections[section.slug]
            title, count = self._sections.get(own, (section.title, 0))
            self._sections[own] = title, count + 1
            self._lists.add(f"section-{own}", title, entry)
        if len(self._front) < _FRONT_LENGTH:
            self._front.append(pages.entry(stored, name, up=""))
        if len(self._newest) < _FEED_LENGTH:
            self._newest.append(stored)

    def _fields(self, stored: StoredArticle) -> tuple[str, str, str]:
        article = stored.article
        text = [article.summary or "", article.text, byline(article.author, article.organisation)]
        files = [self._sources.file_text(attachment.url) or "" for attachment in article.attachments]
        return (
            article.title,
            "\n\n".join(part for part in text if part),
            "\n\n".join(part for part in files if part),
        )

    def _picture(self, image: Image) -> str | None:
        copy = self._copies.picture(image.url)
        return f"../{copy}" if copy else None

    def _file(self, attachment: Attachment) -> str | None:
        return self._copies.file(attachment.url, attachment.name)

    def _here(self, url: str) -> pages.Here | None:
        found = self._sources.find(url)
        return pages.Here(href=f"{article_name(found[0])}.html", title=found[1]) if found else None

    def _evidence(self, stored: StoredArticle, name: str) -> str | None:
        """The record of the current content in a file of its own, the same bytes at every export."""
        if stored.evidence is None:
            return None
        place = f"evidence/{name}.warc.gz"
        with (self._root / place).open("wb") as stream:
            export = WarcExport(
                stream,
                self._sources.records,
                name=f"{name}.warc.gz",
                when=stored.fetched,
                record_id=uuid5(NAMESPACE_URL, f"{stored.row.key} {stored.evidence.record_id}"),
                title=stored.row.key,
            )
            for _placed in export.add([stored.evidence]):
                pass
        self.damaged += export.damaged
        if export.damaged:
            (self._root / place).unlink()
            return None
        return place

    # ── the whole ───────────────────────────────────────────────────────────────────────────────

    def _feeds(self) -> None:
        head = Feed(
            title=self._site.title,
            home=self._site.home,
            query=self._site.query,
            updated=max(
                (stored.changed for stored in self._newest), default=datetime(1970, 1, 1, tzinfo=UTC)
            ),
            authorities=self._site.authorities,
        )
        for name, kind in _FEEDS:
            self._write(f"feeds/{name}", "".join(feed(kind, head, self._newest)))

    def _write(self, name: str, text: str) -> None:
        (self._root / name).write_bytes(text.encode("utf-8", "replace"))


def _page_of(stored: StoredArticle | None) -> str | None:
    return f"{article_name(stored.row.key)}.html" if stored else None


def _month_name(month: Month) -> str:
    return f"{month[0]:04}-{month[1]:02}" if month else "undated"
