from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest

from gvreader.export.feed_formats import Feed, Format, feed
from gvreader.model import PORTAL_TIME, Block, Span

from .samples import HOSTILE, NEWS, SEEN, stored

HEAD = Feed(
    title="Gia Viễn",
    home="https://giavien.ninhbinh.gov.vn",
    query="",
    updated=SEEN,
    authorities={"giavien": "giavien.ninhbinh.gov.vn"},
)
ATOM = "{http://www.w3.org/2005/Atom}"
TAG = "tag:giavien.ninhbinh.gov.vn,2023:giavien:882"


def _whole(kind: Format, *articles: object) -> str:
    return "".join(feed(kind, HEAD, articles))  # type: ignore[arg-type]


def test_atom() -> None:
    root = ElementTree.fromstring(_whole("atom", stored()))
    assert root.tag == f"{ATOM}feed"
    assert root.findtext(f"{ATOM}id") == "tag:giavien.ninhbinh.gov.vn,2023:feed:"
    assert root.findtext(f"{ATOM}updated") == "2023-02-07T01:30:00Z"
    [entry] = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == TAG
    assert entry.findtext(f"{ATOM}title") == NEWS.title
    assert entry.findtext(f"{ATOM}published") == "2020-12-09T00:00:00+07:00"
    assert entry.findtext(f"{ATOM}updated") == "2023-02-07T01:30:00Z"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Hồng Hạ"
    category = entry.find(f"{ATOM}category")
    assert category is not None
    assert category.attrib == {"term": "tin-tuc", "label": "Tin tức"}
    links = {link.get("rel"): link.attrib for link in entry.findall(f"{ATOM}link")}
    assert links["alternate"]["href"] == NEWS.url
    assert links["enclosure"] == {
        "rel": "enclosure",
        "type": "application/pdf",
        "href": NEWS.attachments[0].url,
        "length": "12345",
    }
    content = entry.findtext(f"{ATOM}content")
    assert content is not None
    assert "<strong>Sở Văn hóa</strong>" in content
    assert "Quyết định 78/2008/QĐ-UBND.pdf</a>" in content


def test_rss() -> None:
    root = ElementTree.fromstring(_whole("rss", stored()))
    channel = root.find("channel")
    assert channel is not None
    [item] = channel.findall("item")
    guid = item.find("guid")
    assert guid is not None
    assert (guid.text, guid.get("isPermaLink")) == (TAG, "false")
    assert parsedate_to_datetime(item.findtext("pubDate", "")) == datetime(2020, 12, 9, tzinfo=PORTAL_TIME)
    assert item.findtext("category") == "Tin tức"
    assert item.findtext("description") == NEWS.summary
    assert "<h2>Kết quả</h2>" in item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded", "")
    enclosure = item.find("enclosure")
    assert enclosure is not None
    assert enclosure.get("length") == "12345"


def test_json_feed() -> None:
    whole = json.loads(_whole("json", stored(), stored(replace(NEWS, identity="883"))))
    assert whole["version"] == "https://jsonfeed.org/version/1.1"
    first, second = whole["items"]
    assert (first["id"], second["id"]) == (TAG, TAG.replace("882", "883"))
    assert first["date_published"] == "2020-12-09T00:00:00+07:00"
    assert first["attachments"] == [
        {
            "url": NEWS.attachments[0].url,
            "mime_type": "application/pdf",
            "title": NEWS.attachments[0].name,
            "size_in_bytes": 12345,
        }
    ]


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_hostile_text_leaves_the_feed_well_formed(kind: Format) -> None:
    hostile = replace(
        NEWS,
        title=HOSTILE,
        summary=HOSTILE,
        author=HOSTILE,
        blocks=(Block(kind="paragraph", spans=(Span(text=HOSTILE),)),),
    )
    root = ElementTree.fromstring(_whole(kind, stored(hostile)).encode())
    assert "<script>alert(1)</script>" in "".join(root.itertext())


@pytest.mark.parametrize("kind", ["atom", "rss", "json"])
def test_an_empty_feed_is_a_feed(kind: Format) -> None:
    whole = "".join(feed(kind, replace(HEAD, updated=datetime(1970, 1, 1, tzinfo=UTC)), []))
    assert json.loads(whole)["items"] == [] if kind == "json" else ElementTree.fromstring(whole) is not None
