from __future__ import annotations

import base64
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gvreader.model import Request
from gvreader.sources import Anomaly, Imported
from gvreader.sources.saved_pages import captures
from gvreader.urls import embedded

MODIFIED = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)


def save(root: Path, name: str, content: str | bytes) -> Path:
    """A file with a known time."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (MODIFIED.timestamp(), MODIFIED.timestamp()))
    return path


def address(
    tmp_path: Path, content: str | bytes, *, name: str = "bai-882.html", base: str | None = None
) -> str | None:
    save(tmp_path, name, content)
    (item,) = captures(tmp_path, base=base)
    return item.capture.url if isinstance(item, Imported) else None


def test_a_saved_page_becomes_a_capture(tmp_path: Path) -> None:
    body = "<!DOCTYPE html>\n<!-- saved from url=(0042)https://a.vn/tin-tuc/bai-882.html -->\n<p>Huyện uỷ".encode()
    path = save(tmp_path, "tin/Bài viết.html", body)
    (item,) = captures(tmp_path)
    assert isinstance(item, Imported)
    assert item.path == path
    capture = item.capture
    assert (capture.url, capture.captured, capture.status) == (
        "https://a.vn/tin-tuc/bai-882.html",
        MODIFIED,
        200,
    )
    assert capture.body == body
    assert capture.headers == (("Content-Type", "text/html"),)
    assert capture.request == Request(url=capture.url)
    assert (capture.source, capture.trust) == ("import", "unknown")
    assert capture.source_uri == "file:tin/B%C3%A0i%20vi%E1%BA%BFt.html"
    assert next(found.capture for found in captures(path) if isinstance(found, Imported)).url == capture.url


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<!-- saved from url=(0014)about:internet -->", None),
        ("<link rel='canonical' href='https://a.vn/x-1.html'>", "https://a.vn/x-1.html"),
        ('<LINK HREF=https://a.vn/x-1.html?a=1&amp;b=2 REL="Canonical"/>', "https://a.vn/x-1.html?a=1&b=2"),
        ('<meta property="og:url" content="https://a.vn/x-2.html">', "https://a.vn/x-2.html"),
        ('<link rel=canonical href="/x-1.html">', None),
        ('<link rel=canonical href="javascript:alert(1)">', None),
        ('<link rel=canonical href="https://a.vn/">', None),
        (
            '<link rel=canonical href="https://a.vn/"><base href="https://a.vn/tin/">',
            "https://a.vn/tin/bai-882.html",
        ),
        ('<base href="https://a.vn/tin-tuc/">', "https://a.vn/tin-tuc/bai-882.html"),
        ('<base href="https://a.vn/tin-tuc/x-3.html">', "https://a.vn/tin-tuc/x-3.html"),
        ('<!-- <link rel=canonical href="https://a.vn/no.html"> -->', None),
        ("<script>'<link rel=canonical href=https://a.vn/no.html>'</script>", None),
        ("<body><link rel=canonical href=https://a.vn/no.html>", None),
        (
            "<link rel=canonical href=https://a.vn/c><!-- saved from url=(0016)https://a.vn/s -->",
            "https://a.vn/s",
        ),
        ("", None),
    ],
)
def test_addresses_out_of_the_page(tmp_path: Path, head: str, expected: str | None) -> None:
    assert address(tmp_path, f"<html><head>{head}</head><body><p>text") == expected


def test_utf_16_and_marks(tmp_path: Path) -> None:
    text = "<html><head><link rel=canonical href='https://a.vn/bài'>"
    expected = "https://a.vn/b%C3%A0i"
    assert address(tmp_path, text.encode("utf-16")) == expected
    assert address(tmp_path, text.encode("utf-8-sig")) == expected


def test_single_file_notes_the_time_too(tmp_path: Path) -> None:
    comment = (
        "<!DOCTYPE html> <html lang=vi><!--\n Page saved with SingleFile \n url: https://a.vn/bai-5.html \n"
        " saved date: Tue Feb 07 2023 10:00:00 GMT+0700 (Indochina Time)\n-->"
    )
    save(tmp_path, "a.html", comment)
    (item,) = captures(tmp_path)
    assert isinstance(item, Imported)
    assert item.capture.url == "https://a.vn/bai-5.html"
    assert item.capture.captured == datetime(2023, 2, 7, 3, tzinfo=UTC)


def test_httrack_notes_address_and_time(tmp_path: Path) -> None:
    comment = (
        "<html>\n<!-- Mirrored from a.vn/tin/bai-5.html by HTTrack Website Copier/3.x [XR&CO'2014], "
        "Tue, 07 Feb 2023 03:14:42 GMT -->\n<head>"
    )
    save(tmp_path, "x.html", comment)
    (item,) = captures(tmp_path)
    assert isinstance(item, Imported)
    assert item.capture.url == "http://a.vn/tin/bai-5.html"
    assert item.capture.captured == datetime(2023, 2, 7, 3, 14, 42, tzinfo=UTC)


def test_a_page_saved_out_of_the_wayback_machine_is_that_of_its_capture(tmp_path: Path) -> None:
    url = "https://web.archive.org/web/20220304050607/https://a.vn/bai-5.html"
    save(tmp_path, "x.html", f"<!-- saved from url=({len(url):04}){url} -->\n<html>")
    (item,) = captures(tmp_path)
    assert isinstance(item, Imported)
    assert item.capture.url == "https://a.vn/bai-5.html"
    assert item.capture.captured == datetime(2022, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "giavien.ninhbinh.gov.vn/tin-tuc/bai-882.html",
            "http://giavien.ninhbinh.gov.vn/tin-tuc/bai-882.html",
        ),
        ("old/a.vn/index.html", "http://a.vn/"),
        ("a.vn/index.html?page=2", "http://a.vn/?page=2"),
        ("a.vn/tin/index.html?page=2.html", "http://a.vn/tin/?page=2"),
        ("a.vn/Pages/tin.aspx.html", "http://a.vn/Pages/tin.aspx"),
        ("127.0.0.1:8000/bai-1.html", "http://127.0.0.1:8000/bai-1.html"),
        ("localhost:8000/bai-1.html", "http://localhost:8000/bai-1.html"),
        ("1.2/bai-1.html", None),
        ("a.vn/Default.aspx@sname=x&pageid=3", "http://a.vn/Default.aspx?sname=x&pageid=3"),
        ("a.vn+8080/tin tức/b.html", "http://a.vn:8080/tin%20t%E1%BB%A9c/b.html"),
        ("a.vn/tin-tuc", "http://a.vn/tin-tuc"),
        ("folder/page.html", None),
        ("page.html", None),
    ],
)
def test_trees_of_mirroring_tools(tmp_path: Path, name: str, expected: str | None) -> None:
    root = tmp_path / "saved"
    root.mkdir()
    assert address(root, "<html><p>text", name=name) == expected


def test_the_folder_itself_may_be_the_host(tmp_path: Path) -> None:
    root = tmp_path / "a.vn"
    root.mkdir()
    assert address(root, "<html><p>text", name="tin/b.html") == "http://a.vn/tin/b.html"


def test_a_given_base_overrules(tmp_path: Path) -> None:
    page = "<html><link rel=canonical href='https://other.vn/x'>"
    assert (
        address(tmp_path, page, name="tin/bai%20a.html", base="https://a.vn/goc")
        == "https://a.vn/goc/tin/bai%20a.html"
    )


def test_what_is_no_page_is_passed_over_or_reported(tmp_path: Path) -> None:
    page = "<html><!-- saved from url=(0016)https://a.vn/s -->"
    save(tmp_path, "b_files/frame.html", page)
    save(tmp_path, ".hidden.html", page)
    save(tmp_path, ".git/x.html", page)
    save(tmp_path, "picture.jpg", b"\xff\xd8")
    save(tmp_path, "notes", "no markup")
    save(tmp_path, "empty.html", "")
    save(tmp_path, "text.htm", "no markup")
    (tmp_path / "link.html").symlink_to("/etc/passwd")
    (tmp_path / "loop").symlink_to(tmp_path)
    items = list(captures(tmp_path))
    assert [(item.path.name, item.kind) for item in items if isinstance(item, Anomaly)] == [
        ("empty.html", "not-page"),
        ("text.htm", "not-page"),
    ]
    assert len(items) == 2
    assert [item.kind for item in captures(tmp_path / "none.html") if isinstance(item, Anomaly)] == [
        "unreadable"
    ]


def test_pages_of_any_length_cost_little(tmp_path: Path) -> None:
    with (tmp_path / "huge.html").open("wb") as file:
        file.truncate(33 << 20)
    save(tmp_path, "long.html", "<html>" + "<!--" * 60_000)
    save(tmp_path, "tags.html", "<html>" + "<link " * 40_000 + "<base href=" * 20_000)
    kinds = [item.kind for item in captures(tmp_path) if isinstance(item, Anomaly)]
    assert kinds == ["too-large", "no-address", "no-address"]


@given(
    st.lists(
        st.sampled_from(
            [
                "<html>",
                "<!--",
                "-->",
                "<base href=",
                "'",
                "<script",
                "</script",
                ">",
                "\x00",
                "İ",
                "saved from url=(1)http://a.vn/",
                "<body",
            ]
        )
    )
)
@settings(max_examples=100, deadline=None)
def test_no_text_whatever_raises(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]) -> None:
    path = save(tmp_path_factory.mktemp("any"), "a.html", "".join(pieces))
    for item in captures(path):
        assert isinstance(item, Imported | Anomaly)


def test_a_folder_is_listed_once_however_many_pages_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(50):
        page = f"<!-- saved from url=(0030)https://a.vn/tin-{number}.html --><p>x</p>"
        (tmp_path / f"tin-{number}.html").write_text(page, "utf-8")
    (tmp_path / "tin-7_files").mkdir()
    (tmp_path / "tin-7_files" / "anh.png").write_bytes(b"x")
    listed: list[Path] = []
    list_folder = os.listdir

    def noting(folder: Path) -> list[str]:
        listed.append(folder)
        return list_folder(folder)

    monkeypatch.setattr("os.listdir", noting)
    found = [item.capture.url for item in captures(tmp_path) if isinstance(item, Imported)]
    assert len(found) == 51
    assert "https://a.vn/tin-7_files/anh.png" in found
    assert listed.count(tmp_path) == 1


STAMPED = datetime(2021, 3, 1, 10, tzinfo=UTC)
PAGE = "https://giavien.ninhbinh.gov.vn/tin-tuc/bai-100.html"
COPY = f"https://web.archive.org/web/20210301100000/{PAGE}"
HOST = "giavien.ninhbinh.gov.vn"


def twin_and_time(root: Path) -> tuple[str, datetime, str]:
    (item,) = captures(root)
    assert isinstance(item, Imported), item
    return item.capture.url.partition("://")[2], item.capture.captured, item.capture.time_source


@pytest.mark.parametrize(
    "name",
    [
        f"20210301100000/{HOST}/tin-tuc/bai-100.html",
        f"websites/{HOST}/20210301100000/tin-tuc/bai-100.html",
        f"web.archive.org/web/20210301100000id_/https:/{HOST}/tin-tuc/bai-100.html",
        f"web.archive.org/web/20210301100000/https%3A/{HOST}/tin-tuc/bai-100.html",
        f"web.archive.org/web/20210301100000/https_/{HOST}/tin-tuc/bai-100.html",
        f"web.archive.org/web/20210301100000/{HOST}/tin-tuc/bai-100.html",
        f"wayback.archive-it.org/1234/20210301100000/https:/{HOST}/tin-tuc/bai-100.html",
    ],
)
def test_folders_of_what_was_taken_out_of_a_web_archive(tmp_path: Path, name: str) -> None:
    save(tmp_path, name, "<html><p>text")
    assert twin_and_time(tmp_path) == (f"{HOST}/tin-tuc/bai-100.html", STAMPED, "stated")


@pytest.mark.parametrize("place", [f"20210301100000/{HOST}", f"{HOST}/20210301100000"])
def test_the_folder_that_was_given_may_be_the_innermost(tmp_path: Path, place: str) -> None:
    save(tmp_path, f"{place}/tin-tuc/bai-100.html", "<html><p>text")
    assert twin_and_time(tmp_path / place) == (f"{HOST}/tin-tuc/bai-100.html", STAMPED, "stated")


@pytest.mark.parametrize(
    "page",
    [
        f"<!-- saved from url=(0099){COPY} -->",
        (
            f"<html><!--\n Page saved with SingleFile \n url: {COPY} \n"
            " saved date: Sat Feb 08 2025 10:00:00 GMT+0700 (ICT)\n-->"
        ),
        f'<html><head><link rel="canonical" href="{COPY}">',
        f'<html><head><link rel="canonical" href="/web/20210301100000/{PAGE}">',
        f'<html><head><meta property="og:url" content="{COPY}">',
        f'<html><head><base href="{COPY}">',
        (
            f'<html><head><meta name="savepage-url" content="{COPY}">'
            '<meta name="savepage-date" content="Sat Feb 08 2025 10:00:00 GMT+0700">'
        ),
        f"<html><!-- Saved from {COPY} at 2025-02-08T03:00:00Z using monolith v2.8 -->",
        f'<html data-scrapbook-source="{COPY}" data-scrapbook-create="20250208030000000">',
        f'<html><head><script>__wm.wombat("{PAGE}","20210301100000","https://web.archive.org/","web");</script>',
        (
            f"<html><head><link rel=canonical href={PAGE}></head><p>text</html>\n"
            "<!--\n     FILE ARCHIVED ON 10:00:00 Mar 01, 2021 AND RETRIEVED FROM THE\n -->"
        ),
        f"<html><head><link rel=canonical href={PAGE}></head>"
        + "<a href='/web/20210301100000/https://b.vn/'>b</a>" * 3,
    ],
)
def test_whatever_a_page_out_of_a_web_archive_states(tmp_path: Path, page: str) -> None:
    save(tmp_path, "a.html", page)
    assert twin_and_time(tmp_path) == (PAGE.partition("://")[2], STAMPED, "stated")


def test_a_link_into_a_web_archive_makes_no_copy(tmp_path: Path) -> None:
    save(tmp_path, "a.html", f"<html><head><link rel=canonical href={PAGE}></head><a href='{COPY}'>xem</a>")
    assert twin_and_time(tmp_path)[1:] == (MODIFIED, "file")


@pytest.mark.parametrize(
    ("page", "when"),
    [
        (
            (
                f'<html><head><meta name="savepage-url" content="{PAGE}">'
                '<meta name="savepage-date" content="Tue Feb 07 2023 10:00:00 GMT+0700">'
            ),
            datetime(2023, 2, 7, 3, tzinfo=UTC),
        ),
        (
            f"<html><!-- Saved from {PAGE} at 2023-02-07T03:00:00Z using monolith v2.8 -->",
            datetime(2023, 2, 7, 3, tzinfo=UTC),
        ),
    ],
)
def test_what_other_tools_note(tmp_path: Path, page: str, when: datetime) -> None:
    save(tmp_path, "a.html", page)
    assert twin_and_time(tmp_path) == (PAGE.partition("://")[2], when, "stated")


def test_pictures_out_of_a_web_archive_have_its_time(tmp_path: Path) -> None:
    save(tmp_path, f"{HOST}/20210301100000/upload/a.jpg", b"\xff\xd8\xff")
    assert twin_and_time(tmp_path) == (f"{HOST}/upload/a.jpg", STAMPED, "stated")


@pytest.mark.parametrize("folder", [b"tin", b"t\xf8c"])
def test_names_of_files_are_bytes(tmp_path: Path, folder: bytes) -> None:
    place = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a.vn/" + folder))
    place.mkdir(parents=True)
    (place / os.fsdecode(b"b\xe0i-101.html")).write_text("<html><p>text")
    (place / os.fsdecode(b"b\xe0i-101_files")).mkdir()
    (place / os.fsdecode(b"b\xe0i-101_files/\xe0.jpg")).write_bytes(b"\xff\xd8\xff")
    (place / "z.html").write_text("<html><p>text")
    spelled = folder.decode("latin-1").replace("\xf8", "%F8")
    urls = [item.capture.url for item in captures(tmp_path) if isinstance(item, Imported)]
    assert urls == [
        f"http://a.vn/{spelled}/b%E0i-101.html",
        f"http://a.vn/{spelled}/b%E0i-101_files/%E0.jpg",
        f"http://a.vn/{spelled}/z.html",
    ]


def test_pictures_inside_a_page_are_captures_beside_it(tmp_path: Path) -> None:
    picture = bytes(range(256)) * 16
    source = "data:image/png;base64," + base64.b64encode(picture).decode()
    save(tmp_path, "a.html", f"<html><head><link rel=canonical href={PAGE}></head><img src='{source}' alt=x>")
    page, inside = captures(tmp_path)
    assert isinstance(inside, Imported)
    assert inside.capture.body == picture
    assert inside.capture.header("content-type") == "image/png"
    assert inside.capture.url == embedded(PAGE, source)
    assert isinstance(page, Imported)


def test_lists_that_tools_made_are_no_loss(tmp_path: Path) -> None:
    save(tmp_path, "index.html", "<html><head><title>Local index - HTTrack Website Copier</title>")
    save(tmp_path, "x/index.html", "<html><p>saved with ArchiveBox")
    found = list(captures(tmp_path))
    assert [(item.kind, item.is_loss) for item in found if isinstance(item, Anomaly)] == [
        ("not-page", False)
    ] * 2


def test_folders_of_archivebox(tmp_path: Path) -> None:
    about = {
        "url": PAGE,
        "timestamp": "1614592800.0",
        "history": {"dom": [{"start_ts": "2021-03-01T10:00:00Z"}]},
    }
    save(tmp_path, "1614592800.0/index.json", json.dumps(about))
    save(tmp_path, "1614592800.0/output.html", "<html><p>text")
    save(tmp_path, "1614592800.0/readability/content.html", "<html><p>text")
    page, extract = captures(tmp_path)
    assert isinstance(page, Imported)
    assert (page.capture.url, page.capture.captured) == (PAGE, STAMPED)
    assert isinstance(extract, Anomaly)
    assert not extract.is_loss
