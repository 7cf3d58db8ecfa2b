"""Links that are files, and images that are pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree

from gvreader.extract.fields.phrases import is_download_verb
from gvreader.extract.page.link_targets import FILE_EXTENSION, file_extension
from gvreader.extract.page.text import clean
from gvreader.extract.page.tree import Element, Tree
from gvreader.media_types import ATTACHED, any_suffix
from gvreader.model import Attachment
from gvreader.urls import embedded
from gvreader.vietnamese import fold

_IN_SCRIPT: Final = re.compile(
    rf"""['"]((?:https?:/)?/?[^'"<>]{{1,600}}\.(?:{any_suffix(tuple(ATTACHED))})(?:\?[^'"<>]{{0,200}})?)['"]""",
    re.IGNORECASE,
)
_VIEWER_KEYS: Final = ("file", "url", "src", "path", "pdf", "document", "link")
_VIEWER: Final = re.compile(r"view|docs\.google|embed|preview|pdfjs|flip", re.IGNORECASE)
_DOWNLOAD: Final = re.compile(
    r"(?:^|[/_.-])(?:download|tai-?(?:ve|file)|get-?file|file-?download|viewfile|attachment)s?(?:[/_.?-]|$)",
    re.IGNORECASE,
)
_JUNK_IMAGE: Final = re.compile(
    r"(?:^data:(?!image/(?:jpe?g|png|webp);base64,.{4000})|/(?:icons?|emoticons?|smil(?:ies|eys)|buttons?|sprites?)/|"
    r"(?:^|[/_-])(?:blank|spacer|pixel|1x1|transparent|loading|loader|lazy(?:load)?|placeholder|"
    r"no-?image|noimg|icon[a-z0-9_-]*|"
    r"logo[a-z0-9_-]*|print(?:er)?|e?mail|share[a-z0-9_-]*|facebook|twitter|zalo|youtube|"
    r"google[a-z-]*|arrow[a-z0-9_-]*|bullet[a-z0-9_-]*|new|hot|"
    r"btn[a-z0-9_-]*|button[a-z0-9_-]*|rss|pdf|docx?|xlsx?|word|excel|download|attach(?:ment)?|"
    r"xemtiep|star[a-z0-9_-]*|counter|hit|stat|analytics|close|next|prev)\.(?:gif|png|jpe?g|svg|webp|"
    r"ico)|"
    r"\.svg(?:$|\?)|google-analytics|doubleclick|/counter|/pixel|/track(?:er|ing)?[/.?])",
    re.IGNORECASE,
)
_EMBEDDED: Final = re.compile(
    r"data:image/(?:jpe?g|png|webp|bmp);|(?:file|cid|blob|webkit-fake-url):", re.IGNORECASE
)
_DIMENSION: Final = re.compile(r"^\s*(\d{1,5})\s*(?:px)?\s*$")
_STYLE_SIZE: Final = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*(\d{1,4})px", re.IGNORECASE)
_LAZY: Final = (
    "data-original",
    "data-src",
    "data-lazy-src",
    "data-lazy",
    "data-echo",
    "data-url",
    "data-srcset",
    "data-image",
    "lazy-src",
    "data-fallback-src",
)
_ICON_SIZE: Final = 32
_FRAMES: Final = etree.XPath(".//iframe | .//embed | .//object")
_ANCHORS: Final = etree.XPath(".//a[@href or @onclick]")


def _file_name(url: str) -> str:
    parts = urlsplit(url)
    name = clean(unquote(parts.path.rsplit("/", 1)[-1], errors="replace"))
    if not FILE_EXTENSION.search(name):
        for _, value in parse_qsl(parts.query[:2000]):
            if FILE_EXTENSION.search(value.strip()):
                return clean(value.replace("\\", "/").rsplit("/", 1)[-1])
    return name


def _viewed_file(tree: Tree, address: str) -> str | None:
    """The file that a viewer (`viewer.html?file=…`, Google's `url=…`) shows."""
    resolved = tree.link(address)
    if resolved is None:
        return None
    for key, value in parse_qsl(urlsplit(resolved).query[:4000]):
        is_address = value.startswith(("/", "http", "./", "../")) or _VIEWER.search(resolved) is not None
        if (
            key.lower() in _VIEWER_KEYS
            and is_address
            and (target := tree.link(value))
            and file_extension(target)
        ):
            return target
    return resolved if file_extension(resolved) else None


def file_behind(tree: Tree, anchor: Element) -> str | None:
    """The document file that a link downloads, from its address or its script; None for other links."""
    href = anchor.get("href") or ""
    is_script = href.lower().lstrip().startswith("javascript:")
    if href and not is_script:
        found = tree.target(href)
        target = found.url if found else None
        if found and found.extension:
            return (_viewed_file(tree, href) if "?" in href else None) or target
        if target and (anchor.get("download") is not None or _DOWNLOAD.search(urlsplit(target).path)):
            return target
    for code in (anchor.get("onclick") or "", href if is_script else ""):
        if code and (named := _IN_SCRIPT.search(code[:4000])):
            return tree.link(named[1])
    return None


def attachment_name(text: str, url: str, context: str = "") -> str:
    """How an attachment is called: its link's text, unless that only says "download"."""
    for name in (clean(text), clean(context)):
        shown = name.strip(" :-–|[]()")
        if (
            shown
            and not is_download_verb(shown)
            and not shown.startswith(("http://", "https://"))
            and len(shown) > 2
        ):
            return shown[:300]
    return _file_name(url) or url


def frames_with_files(tree: Tree) -> Iterator[Element]:
    """The frames of a page that show a document file."""
    for frame in cast("list[Element]", _FRAMES(tree.body)):
        source = frame.get("src") or frame.get("data") or frame.get("data-src") or ""
        if source and _viewed_file(tree, source):
            yield frame


def attachments_in(tree: Tree, roots: list[Element]) -> tuple[Attachment, ...]:
    """Every document file that the given elements link to or show in a frame, once, in order."""
    found: dict[str, Attachment] = {}
    for root in roots:
        frames = [root] if root.tag in ("iframe", "embed", "object") else cast("list[Element]", _FRAMES(root))
        anchors = [root] if root.tag == "a" else cast("list[Element]", _ANCHORS(root))
        for anchor in anchors:
            if (url := file_behind(tree, anchor)) is not None:
                text = "".join(cast("Iterator[str]", anchor.itertext()))
                name = attachment_name(text, url, anchor.get("download") or anchor.get("title") or "")
                known = found.get(url)
                if known is None or (known.name == _file_name(url) and name != known.name):
                    found[url] = Attachment(url=url, name=name, media_type=_media_type(url))
        for frame in frames:
            source = frame.get("src") or frame.get("data") or frame.get("data-src") or ""
            if source and (url := _viewed_file(tree, source)) and url not in found:
                name = attachment_name(frame.get("title") or "", url)
                found[url] = Attachment(url=url, name=name, media_type=_media_type(url))
    return tuple(found.values())


def _media_type(url: str) -> str | None:
    extension = file_extension(url)
    return ATTACHED.get(extension) if extension else None


def image_address(tree: Tree, image: Element) -> str | None:
    """Where a picture is; None for icons, trackers, placeholders and, but in saved pages, inline data.

    Lazy attributes come before `src`, which then holds a placeholder.
    """
    chosen: str | None = None
    lazies = [value for name in _LAZY if (value := image.get(name))]
    for value in (*lazies, image.get("src") or "", image.get("srcset") or ""):
        candidate = _largest(value) if re.search(r"\s\d+(?:\.\d+)?[wx]\s*(?:,|$)", value) else value.strip()
        if not candidate or _JUNK_IMAGE.search(candidate):
            continue
        chosen = (embedded(tree.address, candidate) if tree.is_saved else None) or tree.link(candidate)
        if chosen is not None:
            break
    if chosen is None or _is_icon(image):
        return None
    return chosen


def is_embedded(image: Element) -> bool:
    """Whether a picture is no icon but has no address of its own: it is inside the page, or was left on a desktop."""
    return _EMBEDDED.match((image.get("src") or "").lstrip()) is not None and not _is_icon(image)


def _largest(srcset: str) -> str:
    """The address of the widest candidate of a `srcset`."""
    best, width = "", -1.0
    for part in srcset.split(","):
        pieces = part.split()
        if not pieces:
            continue
        size = re.fullmatch(r"(\d+(?:\.\d+)?)[wx]", pieces[-1]) if len(pieces) > 1 else None
        value = float(size[1]) if size else 0.0
        if value > width:
            best, width = pieces[0], value
    return best


def _is_icon(image: Element) -> bool:
    sizes = [
        int(found[1]) for name in ("width", "height") if (found := _DIMENSION.match(image.get(name) or ""))
    ]
    sizes += [int(size) for size in _STYLE_SIZE.findall(image.get("style") or "")]
    if sizes and min(sizes) <= _ICON_SIZE:
        return True
    names = fold(f"{image.get('class') or ''} {image.get('id') or ''}")
    return bool(re.search(r"\b(?:icon|emoji|smiley|avatar|logo|tracker|imgdetailimage)\b", names))
