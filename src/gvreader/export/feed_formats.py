"""Articles as Atom (RFC 4287), RSS 2.0 with content:encoded, and JSON Feed 1.1.

Entry ids are `tag:` URIs (RFC 4151) made of the article's key: they survive rebuilds and changes of address.
`updated` is the time the content last changed. Whatever a page contains, the output is well-formed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from email.utils import format_datetime
from html import escape
from typing import Final, Literal
from urllib.parse import quote

from gvreader.export import html
from gvreader.export.records import Json, dumps, moment
from gvreader.model import PORTAL_TIME, ArticleRow, Attachment, StoredArticle

Format = Literal["atom", "rss", "json"]

_UNKNOWN_TYPE: Final = "application/octet-stream"


def tag(authority: str, name: str) -> str:
    """A `tag:` URI (RFC 4151) under a host name."""
    return f"tag:{authority},2023:{quote(name, safe=':.-_~')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What stands above the entries.

    `home` is the address of the portal, `query` what was asked for. `authorities` are the host names that ids
    are made of, by portal; they must never change for a portal.
    """

    title: str
    home: str
    query: str
    updated: datetime
    authorities: Mapping[str, str]

    def entry_id(self, row: ArticleRow) -> str:
        """The id of an article in every feed."""
        return tag(self.authorities[row.portal], row.key)

    @property
    def id(self) -> str:
        """The id of the feed itself."""
        return tag(next(iter(self.authorities.values()), "localhost"), f"feed:{self.query}")


def _text(value: str) -> str:
    return escape(html.clean(value), quote=False)


def _attribute(value: str) -> str:
    return escape(html.clean(value), quote=True)


def _published(stored: StoredArticle) -> datetime | None:
    """The page's own time; a bare day stands for its first minute at the portal."""
    value = stored.article.published
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, time(), tzinfo=PORTAL_TIME)


def _byline(stored: StoredArticle) -> str | None:
    return stored.article.author or stored.article.organisation


def _content(stored: StoredArticle) -> str:
    """The body with the pictures and files that stand outside it."""
    article = stored.article
    parts = [html.render(article)]
    parts += [
        f'<p><a href="{_attribute(item.url)}">{_text(item.name)}</a></p>'
        for item in article.attachments
        if html.safe_link(item.url)
    ]
    return "\n".join(part for part in parts if part)


def _enclosure(attachment: Attachment) -> tuple[str, str, int]:
    return attachment.url, attachment.media_type or _UNKNOWN_TYPE, attachment.bytes or 0


def _atom_entry(feed: Feed, stored: StoredArticle) -> str:
    article, row = stored.article, stored.row
    lines = [
        "<entry>",
        f"<id>{_text(feed.entry_id(row))}</id>",
        f"<title>{_text(article.title)}</title>",
        f'<link rel="alternate" type="text/html" href="{_attribute(article.url)}"/>',
        f"<updated>{moment(stored.changed)}</updated>",
    ]
    published, author = _published(stored), _byline(stored)
    if published:
        lines.append(f"<published>{published.isoformat()}</published>")
    if author:
        lines.append(f"<author><name>{_text(author)}</name></author>")
    lines += [
        f'<category term="{_attribute(section.slug)}" label="{_attribute(section.title)}"/>'
        for section in row.sections
    ]
    if article.summary:
        lines.append(f"<summary>{_text(article.summary)}</summary>")
    for url, media_type, size in map(_enclosure, article.attachments):
        length = f' length="{size}"' if size else ""
        lines.append(
            f'<link rel="enclosure" type="{_attribute(media_type)}" href="{_attribute(url)}"{length}/>'
        )
    lines += [
        f'<content type="html" xml:lang="{_attribute(article.language)}">{_text(_content(stored))}</content>'
    ]
    return "\n".join([*lines, "</entry>\n"])


def _atom(feed: Feed, articles: Iterable[StoredArticle]) -> Iterator[str]:
    yield "\n".join(
        (
            '<?xml version="1.0" encoding="utf-8"?>',
            '<feed xmlns="http://www.w3.org/2005/Atom">',
            f"<id>{_text(feed.id)}</id>",
            f"<title>{_text(feed.title)}</title>",
            f'<link rel="alternate" type="text/html" href="{_attribute(feed.home)}"/>',
            f"<updated>{moment(feed.updated)}</updated>",
            f"<author><name>{_text(feed.title)}</name></author>",
            "<generator>gvreader</generator>\n",
        )
    )
    for stored in articles:
        yield _atom_entry(feed, stored)
    yield "</feed>\n"


def _rss_item(feed: Feed, stored: StoredArticle) -> str:
    article, row = stored.article, stored.row
    lines = [
        "<item>",
        f"<title>{_text(article.title)}</title>",
        f"<link>{_text(article.url)}</link>",
        f'<guid isPermaLink="false">{_text(feed.entry_id(row))}</guid>',
    ]
    published, author = _published(stored), _byline(stored)
    if published:
        lines.append(f"<pubDate>{format_datetime(published)}</pubDate>")
    if author:
        lines.append(f"<dc:creator>{_text(author)}</dc:creator>")
    lines += [f"<category>{_text(section.title)}</category>" for section in row.sections]
    lines.append(f"<atom:updated>{moment(stored.changed)}</atom:updated>")
    lines.append(f"<description>{_text(article.summary or article.text[:300])}</description>")
    # RSS allows one enclosure an item; further files are linked in the content.
    for url, media_type, size in map(_enclosure, article.attachments[:1]):
        lines.append(f'<enclosure url="{_attribute(url)}" length="{size}" type="{_attribute(media_type)}"/>')
    lines.append(f"<content:encoded>{_text(_content(stored))}</content:encoded>")
    return "\n".join([*lines, "</item>\n"])


def _rss(feed: Feed, articles: Iterable[StoredArticle]) -> Iterator[str]:
    yield "\n".join(
        (
            '<?xml version="1.0" encoding="utf-8"?>',
            '<rss version="2.0"',
            ' xmlns:content="http://purl.org/rss/1.0/modules/content/"',
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"',
            ' xmlns:atom="http://www.w3.org/2005/Atom">',
            "<channel>",
            f"<title>{_text(feed.title)}</title>",
            f"<link>{_text(feed.home)}</link>",
            f"<description>{_text(feed.query or feed.title)}</description>",
            f"<lastBuildDate>{format_datetime(feed.updated)}</lastBuildDate>",
            "<language>vi</language>",
            "<generator>gvreader</generator>\n",
        )
    )
    for stored in articles:
        yield _rss_item(feed, stored)
    yield "</channel>\n</rss>\n"


def _json_item(feed: Feed, stored: StoredArticle) -> Json:
    article, row = stored.article, stored.row
    published, author = _published(stored), _byline(stored)
    item: Json = {
        "id": feed.entry_id(row),
        "url": article.url,
        "title": article.title,
        "content_html": _content(stored),
        "date_modified": moment(stored.changed),
        "language": article.language,
    }
    if article.summary:
        item["summary"] = article.summary
    if published:
        item["date_published"] = published.isoformat()
    if author:
        item["authors"] = [{"name": author}]
    if row.sections:
        item["tags"] = [section.title for section in row.sections]
    if article.images:
        item["image"] = article.images[0].url
    if article.attachments:
        item["attachments"] = [_json_attachment(attachment) for attachment in article.attachments]
    return item


def _json_attachment(attachment: Attachment) -> Json:
    url, media_type, size = _enclosure(attachment)
    record: Json = {"url": url, "mime_type": media_type, "title": attachment.name}
    return record | {"size_in_bytes": size} if size else record


def _json(feed: Feed, articles: Iterable[StoredArticle]) -> Iterator[str]:
    head = dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.home,
            "language": "vi",
        }
    )
    yield head[:-1] + ',"items":['
    for index, stored in enumerate(articles):
        yield (",\n" if index else "\n") + dumps(_json_item(feed, stored))
    yield "\n]}\n"


_WRITERS: Final[Mapping[Format, Callable[[Feed, Iterable[StoredArticle]], Iterator[str]]]] = {
    "atom": _atom,
    "rss": _rss,
    "json": _json,
}


def feed(kind: Format, head: Feed, articles: Iterable[StoredArticle]) -> Iterator[str]:
    """The feed in pieces, entries in the order given."""
    return _WRITERS[kind](head, articles)
