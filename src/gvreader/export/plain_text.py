"""One article as plain text for a terminal or a pipe. Page text is made printable before anything else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gvreader.export import wording
from gvreader.export.terminal_text import printable, shorten, wrap
from gvreader.i18n import _, ngettext
from gvreader.model import Article, Attachment, Block, Note, StoredArticle

_QUOTE_COLUMNS: Final = 60


def byline(author: str | None, organisation: str | None) -> str:
    """`Hồng Hạ (Trung tâm VHTT&TT)`, or whichever of the two there is."""
    if author and organisation:
        return printable(f"{author} ({organisation})")
    return printable(author or organisation or "")


def facts(stored: StoredArticle) -> Iterator[str]:
    """What stands under a title: day, byline, sections, what the reader and the portal did to it."""
    row = stored.row
    line = [wording.published(row.published) if row.published else "", byline(row.author, row.organisation)]
    line.append(", ".join(printable(section.title) for section in row.sections))
    yield " · ".join(part for part in line if part)
    if row.gone:
        yield _("No longer on the portal since {when}; this is the kept copy.").format(
            when=wording.day(row.gone.astimezone())
        )
    if row.revision > 1:
        yield _("Revision {n}, changed {when}.").format(n=row.revision, when=wording.moment(row.changed))
    if row.marks.tags:
        yield _("Tags: {tags}").format(tags=", ".join(printable(tag) for tag in row.marks.tags))
    for note in row.marks.notes:
        yield _("Note: {note}").format(note=note_line(note))


def note_line(note: Note) -> str:
    """A note of the reader's on one line, with the paragraph that it is on."""
    text = printable(" ".join(note.text.split()))
    if not note.paragraph:
        return text
    line = _("[{n}] {note}").format(n=note.paragraph, note=text)
    quote = shorten(printable(" ".join(note.quote.split())), _QUOTE_COLUMNS)
    if note.state == "changed":
        return _("{line} (the paragraph said then: “{quote}”)").format(line=line, quote=quote)
    if note.state == "lost":
        return _("{line} (the paragraph is no more: “{quote}”)").format(line=line, quote=quote)
    return line


def _block(block: Block, article: Article, columns: int, label: str) -> list[str]:
    if block.kind == "figure":
        image = article.images[block.image] if block.image is not None else None
        caption = printable(image.caption or image.alt or image.url) if image else ""
        return wrap(_("[image: {caption}]").format(caption=caption), columns) if caption else []
    if block.kind == "preformatted":
        text = "".join(span.text for span in block.spans)
        return [printable(line.expandtabs()).rstrip() for line in text.splitlines()]
    if block.kind == "item":
        indent = "   " * block.level
        text = printable(block.lines[0] if block.lines else "")
        return wrap(text, columns, first=f"{indent}{label} ", rest=indent + " " * (len(label) + 1))
    indent = "    " if block.kind == "quote" else ""
    lines: list[str] = []
    for paragraph in (line for text in block.lines for line in text.split("\n")):
        lines.extend(wrap(printable(paragraph), columns, first=indent, rest=indent))
    return lines


class _Labels:
    """What stands before list items: a bullet, or the number of an ordered item within its list."""

    def __init__(self) -> None:
        self._numbers: list[int] = []

    def of(self, block: Block) -> str:
        """The label of the next block; anything but an item ends every list."""
        if block.kind != "item":
            self._numbers.clear()
            return ""
        del self._numbers[block.level + 1 :]
        self._numbers += [0] * (block.level + 1 - len(self._numbers))
        if not block.ordered:
            return "•"
        self._numbers[block.level] += 1
        return f"{self._numbers[block.level]}."


def body(article: Article, columns: int) -> list[str]:
    """The blocks as lines of at most `columns`, one blank line between blocks (none between list items)."""
    lines: list[str] = []
    previous: Block | None = None
    labels = _Labels()
    for block in article.blocks:
        drawn = _block(block, article, columns, labels.of(block))
        if not drawn:
            continue
        if previous is not None and not (previous.kind == block.kind == "item"):
            lines.append("")
        lines.extend(drawn)
        previous = block
    return lines


def file_note(note: str) -> str:
    """Why a file has no text, or not all of it, as a sentence."""
    sentences = {
        "encrypted": _("The file is locked with a password; its text cannot be read."),
        "damaged": _("The file is damaged; its text cannot be read."),
        "empty": _("There is no text in the file."),
        "no-text-layer": _("The file holds pictures of pages without a text."),
        "no-reader": _("No program that reads this kind of file is installed here."),
        "too-large": _("The file is too large to be read."),
        "too-slow": _("Reading the file takes too long."),
        "unreadable": _("The file cannot be read."),
    }
    return sentences.get(note, "")


def _file_text(file: Attachment, columns: int, most: int | None) -> Iterator[str]:
    """What a file says, its pages marked; `most` lines of it."""
    if note := file_note(file.note):
        yield f"  {note}"
    if not file.text:
        return
    reader = f" ({printable(file.text_by)})" if file.text_by else ""
    yield "  " + _("Its text, which may lack tables and marks{reader}:").format(reader=reader)
    lines: list[str] = []
    pages = file.text.split("\f")
    for number, page in enumerate(pages, 1):
        if len(pages) > 1:
            lines.append("  " + _("— page {n} —").format(n=number))
        for line in page.split("\n"):
            lines += wrap(printable(line), columns, first="  ", rest="  ")
    yield from lines[:most]
    if most is not None and len(lines) > most:
        yield "  " + ngettext("… {n} more line", "… {n} more lines", len(lines) - most).format(
            n=wording.number(len(lines) - most)
        )


def _extras(stored: StoredArticle, columns: int, file_lines: int | None) -> Iterator[str]:
    article = stored.article
    shown = {block.image for block in article.blocks if block.kind == "figure"}
    for index, image in enumerate(article.images):
        if index not in shown:
            caption = printable(image.caption or image.alt or image.url)
            yield from wrap(_("[image: {caption}]").format(caption=caption), columns)
    for attachment in article.attachments:
        known = wording.size(attachment.bytes) if attachment.bytes else ""
        yield from wrap(" ".join(part for part in ("⎙", printable(attachment.name), known) if part), columns)
        yield f"  {printable(attachment.url)}"
        yield from _file_text(attachment, columns, file_lines)


def article_text(
    stored: StoredArticle, columns: int = 1_000_000, *, file_lines: int | None = None
) -> list[str]:
    """Title, facts, summary, body, attachments with their texts, and address as lines.

    The default width never wraps. Of the text of each file at most `file_lines` are given.
    """
    article = stored.article
    lines = wrap(printable(article.title), columns)
    for fact in facts(stored):
        lines.extend(wrap(fact, columns))
    if article.summary:
        lines.append("")
        lines.extend(wrap(printable(article.summary), columns))
    text = body(article, columns)
    if text:
        lines.append("")
        lines.extend(text)
    extras = list(_extras(stored, columns, file_lines))
    if extras:
        lines.append("")
        lines.extend(extras)
    return [*lines, "", printable(article.url)]
