"""One article as CommonMark with tables. Page text is escaped: nothing in it becomes markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from gvreader.export import wording
from gvreader.export.atomic_files import replacing_folder
from gvreader.export.html import clean, safe_link
from gvreader.export.media_copies import Copies, FileSource, digest_name, safe_name
from gvreader.export.plain_text import byline
from gvreader.export.records import article_json, dumps, notes_json
from gvreader.i18n import _
from gvreader.model import (
    Article,
    Block,
    Image,
    Span,
    StoredArticle,
)

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|~&!])")
_LINE_START: Final = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[+=-]+|\d{1,9}(?=[.)]))", re.M)
_ADDRESS_SPECIAL: Final = re.compile(r"[()<>\\\s]")

_NAME_LENGTH: Final = 80
# Line breaks of YAML inside quotes would be folded into spaces; the others no YAML reader accepts.
_NOT_YAML: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")

Address = Callable[[str], str]


def _keep(url: str) -> str:
    return url


def _escape_start(match: re.Match[str]) -> str:
    marker = match[2]
    return f"{match[1]}{marker}\\" if marker[0].isdigit() else f"{match[1]}\\{marker}"


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def escaped(text: str) -> str:
    """`text` so that a Markdown reader shows exactly it, on one paragraph; line breaks become hard breaks."""
    return _LINE_START.sub(_escape_start, _plain(clean(text).strip())).replace("\n", "\\\n")


def _address(url: str) -> str:
    return _ADDRESS_SPECIAL.sub(lambda match: f"%{ord(match[0]):02X}", url)


def _may_touch_marks(neighbour: str) -> bool:
    """Whether emphasis marks work next to this character (CommonMark's flanking rules, on the safe side)."""
    return neighbour.isspace() or not neighbour


def _spans(spans: Sequence[Span], address: Address = _keep) -> str:
    """Runs of text; emphasis inside a word is dropped, since its marks would show as asterisks."""
    runs = [
        (style, clean("".join(span.text for span in run)))
        for style, run in groupby(spans, key=lambda span: (safe_link(span.href), span.strong, span.emphasis))
    ]
    whole = "".join(text for _style, text in runs)
    pieces, position = [], 0
    for (href, strong, emphasis), text in runs:
        core = text.strip()
        start = position + len(text) - len(text.lstrip())
        position += len(text)
        if not core:
            pieces.append(text)
            continue
        end = start + len(core)
        fits = _may_touch_marks(whole[start - 1 : start]) and _may_touch_marks(whole[end : end + 1])
        marks = ("**" if strong else "") + ("*" if emphasis else "") if fits else ""
        piece = f"{marks}{_plain(core)}{marks}"
        if href:
            piece = f"[{piece}]({_address(address(href))})"
        pieces.append(text[: len(text) - len(text.lstrip())] + piece + text[len(text.rstrip()) :])
    joined = "".join(pieces).strip()
    return _LINE_START.sub(_escape_start, joined).replace("\n", "\\\n")


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    columns = max(map(len, rows), default=0)
    if not columns:
        return []
    cells = [
        [_plain(" ".join(clean(cell).split())) for cell in row] + [""] * (columns - len(row)) for row in rows
    ]
    lines = [f"| {' | '.join(row)} |" for row in cells]
    return [lines[0], f"|{' --- |' * columns}", *lines[1:]]


def _figure(image: Image, address: Address) -> list[str]:
    source = safe_link(image.url)
    if source is None:
        return []
    line = f"![{escaped(image.alt or image.caption or '')}]({_address(address(source))})"
    return [line, "", f"*{escaped(image.caption)}*"] if image.caption else [line]


def _block(block: Block, article: Article, address: Address, depth: int) -> list[str]:
    match block.kind:
        case "heading":
            return [f"{'#' * min(max(block.level, 2), 6)} {_spans(block.spans, address)}"]
        case "item":
            return [f"{'    ' * depth}{'1.' if block.ordered else '-'} {_spans(block.spans, address)}"]
        case "quote":
            return [f"> {line}" for line in _spans(block.spans, address).split("\n")]
        case "preformatted":
            text = clean("".join(span.text for span in block.spans))
            longest = max((len(run) for run in re.findall("`+", text)), default=0)
            fence = "`" * max(3, longest + 1)
            return [fence, *text.split("\n"), fence]
        case "table":
            return _table(block.rows)
        case "figure":
            if block.image is None or block.image >= len(article.images):
                return []
            return _figure(article.images[block.image], address)
        case _:
            return [_spans(block.spans, address)]


def body(article: Article, address: Address = _keep) -> Iterator[str]:
    """The blocks as Markdown lines; `address` says where a picture or file lies (its own URL by default)."""
    previous: Block | None = None
    depth = -1
    for block in article.blocks:
        depth = min(block.level, depth + 1) if block.kind == "item" else -1
        lines = _block(block, article, address, depth)
        if not any(lines):
            continue
        if previous is not None and not (previous.kind == block.kind == "item"):
            yield ""
        yield from lines
        previous = block


def article_markdown(stored: StoredArticle, address: Address = _keep) -> str:
    """Title, day and byline, summary, body, attachments and address."""
    article = stored.article
    parts = [f"# {escaped(article.title)}"]
    line = [wording.published(article.published) if article.published else ""]
    line.append(byline(article.author, article.organisation))
    line.append(", ".join(section.title for section in stored.row.sections))
    if any(line):
        parts.append(f"*{escaped(' · '.join(part for part in line if part))}*")
    if article.summary:
        parts.append(f"**{escaped(article.summary)}**")
    text = "\n".join(body(article, address))
    if text:
        parts.append(text)
    shown = {block.image for block in article.blocks if block.kind == "figure"}
    parts.extend(
        "\n".join(_figure(image, address))
        for index, image in enumerate(article.images)
        if index not in shown and safe_link(image.url)
    )
    if article.attachments:
        parts.append(
            "\n".join(
                f"- [{escaped(item.name)}]({_address(address(item.url))})" for item in article.attachments
            )
        )
    parts.append(_("Source: {link}").format(link=f"<{_address(article.url)}>"))
    return "\n\n".join(parts) + "\n"


# ── a folder ────────────────────────────────────────────────────────────────────────────────────

KIND: Final = "markdown"
_FACTS: Final = (
    "key",
    "url",
    "title",
    "summary",
    "published",
    "author",
    "organisation",
    "language",
    "number",
    "tags",
    "note",
    "gone",
    "revision",
    "first_seen",
    "fetched",
    "changed",
    "content_sha256",
    "warc",
)


def yaml_scalar(value: object) -> str:
    """A JSON value as YAML: JSON is YAML, but for characters that YAML takes for line breaks or refuses."""
    return _NOT_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", dumps(value))


def _front_matter(stored: StoredArticle) -> str:
    """What tools want to know of an article, as YAML."""
    record = article_json(stored)
    lines = [f"{name}: {yaml_scalar(record[name])}" for name in _FACTS if record.get(name)]
    notes = notes_json(stored.row.marks)
    lines += [f"{name}: {yaml_scalar(value)}" for name, value in notes.items()]
    lines.append(f"sections: {yaml_scalar([section.title for section in stored.row.sections])}")
    return "\n".join(["---", *lines, "---", ""])


def file_name(stored: StoredArticle) -> str:
    """A safe name that sorts by day, the same in every archive: `2023-02-07-ubnd-huyen-to-chuc-giavien-882.md`."""
    published = stored.article.published
    day = published.isoformat()[:10] if published else "undated"
    words = safe_name(stored.article.title, longest=_NAME_LENGTH)
    return "-".join(part for part in (day, words, _key_name(stored.row.key)) if part) + ".md"


def _key_name(key: str) -> str:
    """A key as part of a file's name; a digest follows where another key might read the same."""
    name = safe_name(key)
    return name if name == key.replace(":", "-", 1) else f"{name}-{digest_name(key)}".strip("-")


def _local(article: Article, copies: Copies) -> Address:
    """Where the copies of an article's pictures and files lie; an address that has none stays."""
    names = {attachment.url: attachment.name for attachment in article.attachments}
    pictures = {image.url for image in article.images}

    def address(url: str) -> str:
        copy = copies.picture(url) if url in pictures else copies.file(url, names.get(url, ""))
        return copy or url

    return address


def _no_files(_url: str) -> None:
    return None


def write_folder(folder: Path, articles: Iterable[StoredArticle], files: FileSource = _no_files) -> None:
    """One file an article in a new folder, with copies of its pictures and attachments in folders beside it.

    The folder appears when all is written. What `files` has no copy of is linked at its own address. Raises
    UsageError when the folder holds anything but an earlier export, StorageFailed when it cannot be written.
    """
    with replacing_folder(folder, KIND) as building:
        copies = Copies(building, files, pictures="pictures", files="files")
        for stored in articles:
            text = f"{_front_matter(stored)}\n{article_markdown(stored, _local(stored.article, copies))}"
            (building / file_name(stored)).write_bytes(text.encode("utf-8", "backslashreplace"))
