"""Feeds as a feed reader sees them, and against what their specifications ask."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gvreader.export.feed_formats import Feed, Format, feed
from gvreader.model import Attachment, Block, SectionRef, Span
from gvreader.portals import portal_for
from tests.cli.running import run
from tests.portal import Replica

from .samples import NEWS, SEEN, stored

ATOM = "{http://www.w3.org/2005/Atom}"
TAG_URI = re.compile(r"tag:[a-z0-9.-]+,\d{4}(?:-\d\d){0,2}:[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]+")
HEAD = Feed(
    title="Gia Viễn",
    home="https://giavien.ninhbinh.gov.vn",
    query="",
    updated=SEEN,
    authorities={"giavien": "giavien.ninhbinh.gov.vn"},
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles that attack whoever shows them, mirrored over HTTP."""
    folder = tmp_path_factory.mktemp("feeds")
    with Replica(articles=16, hostile=True) as server:
        ended = run(
            *("--archive", folder / "a", "sync", "--base-url", server.base_url, "--delay", "0"), home=folder
        )
    assert ended.code == 0, ended.err
    return folder / "a"


def published(archive: Path, kind: Format, *more: str) -> str:
    ended = run("--archive", archive, "feed", "--format", kind, *more, home=archive.parent)
    assert ended.code == 0, ended.err
    return ended.out


def exported(archive: Path) -> dict[str, dict[str, Any]]:
    ended = run("--archive", archive, "export", "jsonl", home=archive.parent)
    return {record["key"]: record for record in map(json.loads, ended.out.splitlines())}


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_feed_reader_finds_everything(kind: Format, archive: Path) -> None:
    parsed = feedparser.parse(
        published(archive, kind).encode(), sanitize_html=False, resolve_relative_uris=False
    )
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == {"atom": "atom10", "rss": "rss20"}[kind]
    records = exported(archive)
    assert len(parsed.entries) == len(records) == 20
    for entry in parsed.entries:
        key = entry.id.partition(",2023:")[2]
        record = records[key]
        assert entry.id == f"tag:giavien.ninhbinh.gov.vn,2023:{key}"
        assert entry.link == record["url"]
        assert entry.title == record["title"]
        content = entry.content[0].value
        for paragraph in record["text"].split("\n\n"):
            for word in re.findall(r"\w+", paragraph):
                assert word in content
        assert [term.get("label") or term.term for term in entry.get("tags", [])] == [
            section["title"] for section in record["sections"]
        ]
        enclosures = [link.href for link in entry.get("links", []) if link.rel == "enclosure"]
        wanted = [file["url"] for file in record["attachments"]]
        assert enclosures == (wanted if kind == "atom" else wanted[:1])
        if record["published"]:
            assert entry.published_parsed


def test_rfc_4287(archive: Path) -> None:
    root = ElementTree.fromstring(published(archive, "atom"))
    entries = root.findall(f"{ATOM}entry")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    for element in (root, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        assert TAG_URI.fullmatch(element.findtext(f"{ATOM}id", ""))
    assert root.find(f"{ATOM}author") is not None
    for entry in entries:
        for name in ("updated", "published"):
            text = entry.findtext(f"{ATOM}{name}")
            if text is not None:
                assert datetime.fromisoformat(text).tzinfo is not None
        alternates = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len(alternates) == 1
        for link in entry.findall(f"{ATOM}link"):
            parts = urlsplit(link.get("href") or "")
            assert parts.scheme in ("http", "https")
            assert parts.netloc
            assert " " not in (link.get("href") or "")
        for person in entry.findall(f"{ATOM}author"):
            assert person.findtext(f"{ATOM}name")
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert content.get("type") == "html"
        assert len(content) == 0
        assert "<script" not in (content.text or "").lower()
        assert not re.search(r"<[^>]+\son\w+=", content.text or "")
    assert root.findtext(f"{ATOM}updated") == max(entry.findtext(f"{ATOM}updated", "") for entry in entries)


def test_rss_2(archive: Path) -> None:
    root = ElementTree.fromstring(published(archive, "rss"))
    assert root.get("version") == "2.0"
    (channel,) = root.findall("channel")
    for name in ("title", "link", "description"):
        assert channel.findtext(name)
    assert parsedate_to_datetime(channel.findtext("lastBuildDate", "")).tzinfo
    for item in channel.findall("item"):
        assert item.findtext("title") or item.findtext("description")
        assert len(item.findall("guid")) == 1
        assert len(item.findall("enclosure")) <= 1
        for enclosure in item.findall("enclosure"):
            assert set(enclosure.attrib) == {"url", "length", "type"}
            assert (enclosure.get("length") or "").isdigit()
        date = item.findtext("pubDate")
        assert date is None or parsedate_to_datetime(date).tzinfo


def test_json_feed_1_1(archive: Path) -> None:
    whole = json.loads(published(archive, "json"))
    assert whole["version"] == "https://jsonfeed.org/version/1.1"
    assert whole["title"]
    for item in whole["items"]:
        assert isinstance(item["id"], str)
        assert item["content_html"] or item["title"]
        assert datetime.fromisoformat(item["date_modified"]).tzinfo
        assert all(isinstance(tag, str) for tag in item.get("tags", []))
        for author in item.get("authors", []):
            assert author["name"]
        for file in item.get("attachments", []):
            assert file["url"]
            assert file["mime_type"]


def test_any_query_is_a_feed_with_an_id_of_its_own(archive: Path) -> None:
    plain = ElementTree.fromstring(published(archive, "atom"))
    queried = ElementTree.fromstring(published(archive, "atom", 'section:"Tin tức" <&>"'))
    assert plain.findtext(f"{ATOM}id") != queried.findtext(f"{ATOM}id")
    starred = json.loads(published(archive, "json", "is:starred"))
    assert starred["items"] == []
    assert len(json.loads(published(archive, "json", "--limit", "3"))["items"]) == 3


def test_another_portal_changes_no_id(archive: Path, tmp_path: Path) -> None:
    both = shutil.copytree(archive, tmp_path / "a")
    before = ElementTree.fromstring(published(both, "atom"))
    with Replica(family="vnpt", articles=3) as server:
        sync = ("--archive", both, "sync", f"{server.base_url}/", "--delay", "0")
        assert run(*sync, home=tmp_path).code == 0
    after = ElementTree.fromstring(published(both, "atom"))
    assert after.findtext(f"{ATOM}id") == before.findtext(f"{ATOM}id")
    old, new = (
        {entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")} for root in (before, after)
    )
    assert old < new


def test_feeds_survive_a_rebuild_byte_for_byte(archive: Path) -> None:
    kinds: tuple[Format, ...] = ("atom", "rss", "json")
    before = [published(archive, kind) for kind in kinds]
    assert run("--archive", archive, "rebuild", home=archive.parent).code == 0
    assert [published(archive, kind) for kind in kinds] == before


def test_updated_moves_with_the_content_only(tmp_path: Path) -> None:
    giavien = portal_for("giavien")
    assert giavien is not None

    def entries(archive: Path) -> dict[str, tuple[str, str]]:
        root = ElementTree.fromstring(published(archive, "atom"))
        return {
            entry.findtext(f"{ATOM}id", ""): (
                entry.findtext(f"{ATOM}updated", ""),
                entry.findtext(f"{ATOM}title", ""),
            )
            for entry in root.findall(f"{ATOM}entry")
        }

    with Replica(articles=8) as server:
        sync = ("--archive", tmp_path / "a", "sync", "--base-url", server.base_url, "--delay", "0", "--full")
        assert run(*sync, home=tmp_path).code == 0
        first = entries(tmp_path / "a")
        number = next(server.site.pieces()).number
        server.site.edit(number, title="Tên bài đã được sửa lại cho đúng")
        assert run(*sync, home=tmp_path).code == 0
        second = entries(tmp_path / "a")
    changed = {key for key in first if first[key] != second[key]}
    assert changed == {f"tag:giavien.ninhbinh.gov.vn,2023:giavien:{number}"}
    assert first.keys() == second.keys()


def test_a_feed_file_is_replaced_as_a_whole(archive: Path, tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text("before")
    with file.open() as reader:
        published(archive, "atom", "--output", str(file))
        assert reader.read() == "before"
    assert ElementTree.fromstring(file.read_text("utf-8")).tag == f"{ATOM}feed"
    assert [path.name for path in tmp_path.iterdir()] == ["feed.xml"]
    assert run(
        *("--archive", tmp_path / "none", "feed", "--format", "atom", "--output", file), home=tmp_path
    ).code
    assert ElementTree.fromstring(file.read_text("utf-8")).tag == f"{ATOM}feed"


def texts() -> st.SearchStrategy[str]:
    return st.text(max_size=40)


@pytest.mark.parametrize("kind", ["atom", "rss", "json"])
@settings(max_examples=60, deadline=None)
@given(title=texts(), body=texts(), author=texts(), name=texts(), section=texts())
def test_no_text_breaks_a_feed(
    kind: Format, title: str, body: str, author: str, name: str, section: str
) -> None:
    article = replace(
        NEWS,
        title=title or "x",
        summary=body,
        author=author,
        blocks=(Block(kind="paragraph", spans=(Span(text=body, href="https://x/?a=1&b=2"),)),),
        attachments=(Attachment(url="https://giavien.ninhbinh.gov.vn/a%20b.pdf?x=1&y=2", name=name),),
        sections=(SectionRef(slug=section, title=section),),
    )
    whole = "".join(feed(kind, replace(HEAD, title=title, query=body), [stored(article)])).encode(
        "utf-8", "surrogatepass"
    )
    if kind == "json":
        assert len(json.loads(whole)["items"]) == 1
    else:
        root = ElementTree.fromstring(whole)
        assert len(list(root.iter(f"{ATOM}entry" if kind == "atom" else "item"))) == 1


def test_moments_are_whole_and_in_order() -> None:
    late = stored(replace(NEWS, identity="999"))
    later = replace(late, changed=SEEN + timedelta(days=3, microseconds=7))
    root = ElementTree.fromstring("".join(feed("atom", HEAD, [later])))
    assert (
        root.findtext(f"{ATOM}entry/{ATOM}updated") == f"{(SEEN + timedelta(days=3)).astimezone(UTC):%FT%TZ}"
    )


def test_iterators_are_enough() -> None:
    def articles() -> Iterator[Any]:
        yield stored()

    assert json.loads("".join(feed("json", HEAD, articles())))["items"]
