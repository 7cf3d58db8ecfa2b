"""What changed between two contents of an article: fields, and the body word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from gvreader.model import Article

Operation = Literal["same", "removed", "added"]
_TOKEN: Final = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffSpan:
    """A run of text that stayed, went or came."""

    operation: Operation
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field whose value changed; None stands for a field that was or became empty."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`fields`: what changed beside the body. `blocks`: the body, one tuple of pieces for each block."""

    fields: tuple[FieldChange, ...]
    blocks: tuple[tuple[DiffSpan, ...], ...]

    @property
    def changed_blocks(self) -> tuple[tuple[DiffSpan, ...], ...]:
        """The blocks in which anything changed."""
        return tuple(block for block in self.blocks if any(piece.operation != "same" for piece in block))


def _merged(pieces: Iterator[DiffSpan]) -> tuple[DiffSpan, ...]:
    merged: list[DiffSpan] = []
    for piece in pieces:
        if not piece.text:
            continue
        if merged and merged[-1].operation == piece.operation:
            piece = DiffSpan(operation=piece.operation, text=merged.pop().text + piece.text)
        merged.append(piece)
    return tuple(merged)


def words(before: str, after: str) -> tuple[DiffSpan, ...]:
    """The difference of two texts by words and marks; the kept and added pieces joined give `after`."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)

    def pieces() -> Iterator[DiffSpan]:
        for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag == "equal":
                yield DiffSpan(operation="same", text="".join(old[i:j]))
            else:
                yield DiffSpan(operation="removed", text="".join(old[i:j]))
                yield DiffSpan(operation="added", text="".join(new[k:m]))

    return _merged(pieces())


def _lines(article: Article) -> list[str]:
    return [line for block in article.blocks for line in block.lines]


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[DiffSpan, ...]]:
    """Blocks are matched first, so that only those that changed are compared word by word."""
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            for line in old[i:j]:
                yield (DiffSpan(operation="same", text=line),)
            continue
        paired = min(j - i, m - k)
        for before, after in zip(old[i : i + paired], new[k : k + paired], strict=True):
            yield words(before, after)
        for line in old[i + paired : j]:
            yield (DiffSpan(operation="removed", text=line),)
        for line in new[k + paired : m]:
            yield (DiffSpan(operation="added", text=line),)


def difference(before: Article, after: Article) -> Difference:
    """What changed from one content to a later one."""

    def fields(article: Article) -> dict[str, str | None]:
        return {
            "title": article.title,
            "summary": article.summary,
            "published": article.published.isoformat() if article.published else None,
            "author": article.author,
            "organisation": article.organisation,
            "images": "\n".join(f"{image.url} {image.caption or ''}".rstrip() for image in article.images)
            or None,
            "attachments": "\n".join(f"{item.name} {item.url}" for item in article.attachments) or None,
        }

    old, new = fields(before), fields(after)
    return Difference(
        fields=tuple(
            FieldChange(field=name, before=old[name], after=new[name])
            for name in old
            if old[name] != new[name]
        ),
        blocks=tuple(_blocks(_lines(before), _lines(after))),
    )
