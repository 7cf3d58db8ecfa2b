"""Pieces of a body to blocks, images and attachments of an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from gvreader.extract.fields.captions import alternative, find_captions
from gvreader.extract.fields.content_root import is_within
from gvreader.extract.fields.links import file_behind, image_address, is_embedded
from gvreader.extract.fields.phrases import is_attachment_label, is_download_verb
from gvreader.extract.page.text_blocks import InlineRun, TextBlock
from gvreader.extract.page.tree import Tree
from gvreader.model import Block, Image, Span
from gvreader.urls import mailto

_SIZE: Final = re.compile(r"\(?\s*\d+(?:[.,]\d+)?\s*(?:bytes?|[kmg]?b)\s*\)?", re.IGNORECASE)
_AROUND_FILES: Final = " :-–|()[]•*.,;"
MAX_BLOCKS: Final = 5_000
MAX_IMAGES: Final = 500


@dataclass(slots=True)
class BlockBuilder:
    """The content of an article's body, and the pieces that were left out of it with the reason."""

    blocks: list[Block] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


def spans_of(tree: Tree, piece: TextBlock) -> tuple[Span, ...]:
    """The runs of a piece with absolute links; scripts and unknown schemes are text without a link."""
    spans: list[Span] = []
    for run in piece.runs:
        href = None
        if run.link is not None:
            target = (run.link.get("href") or "").strip()
            if target.lower().startswith("mailto:"):
                href = mailto(target)
            elif target and not target.startswith("#"):
                href = tree.link(target)
        spans.append(Span(text=run.text, href=href, strong=run.strong, emphasis=run.emphasis))
    return tuple(spans)


def is_file_line(tree: Tree, piece: TextBlock) -> bool:
    """Whether a piece only offers files for download: a label (`File đính kèm: …`) or a bare verb (`Tải về`).

    A paragraph that is nothing but a named file is the author's own line and stays text.
    """
    files = [run for run in piece.runs if run.link is not None and file_behind(tree, run.link)]
    if not files:
        return is_attachment_label(piece.text) and piece.kind != "table"
    rest = _rest(piece, files)
    if rest:
        return is_attachment_label(rest) or bool(_SIZE.fullmatch(rest))
    # `kế hoạch.pdf Tải về`: the button makes it a box of a file, whatever its name.
    return any(is_download_verb(run.text) for run in files)


def without_file_lists(tree: Tree, pieces: Sequence[TextBlock]) -> list[TextBlock]:
    """The pieces without the files that follow a label such as `Tài liệu đính kèm`."""
    kept: list[TextBlock] = []
    labelled = False
    for piece in pieces:
        if piece.text:
            files = [run for run in piece.runs if run.link is not None and file_behind(tree, run.link)]
            follows = labelled and (is_file_link(tree, piece) or is_file_line(tree, piece))
            labelled = follows or is_attachment_label(_rest(piece, files))
        if not labelled or not piece.text:
            kept.append(piece)
    return kept


def without_file_icons(tree: Tree, pieces: Sequence[TextBlock]) -> list[TextBlock]:
    """The pieces without the pictures that stand right before a link to a file, in its own line."""
    kept: list[TextBlock] = []
    for place, piece in enumerate(pieces):
        following = pieces[place + 1] if place + 1 < len(pieces) else None
        is_icon = (
            piece.kind == "figure"
            and following is not None
            and piece.image is not None
            and is_within(piece.image, following.element)
            and is_file_link(tree, following)
        )
        if not is_icon:
            kept.append(piece)
    return kept


def _rest(piece: TextBlock, files: Sequence[InlineRun]) -> str:
    """What a piece says beside its links to files."""
    apart = {id(run) for run in files}
    return "".join(run.text for run in piece.runs if id(run) not in apart).strip(_AROUND_FILES)


def is_file_link(tree: Tree, piece: TextBlock) -> bool:
    """Whether a piece is nothing but links to files."""
    files = [run for run in piece.runs if run.link is not None and file_behind(tree, run.link)]
    rest = _rest(piece, files)
    return bool(files) and (not rest or bool(_SIZE.fullmatch(rest)))


def build(tree: Tree, pieces: Sequence[TextBlock]) -> BlockBuilder:
    """Blocks and images of a body whose furniture and sign-off are already taken out."""
    body = BlockBuilder()
    figures = [piece for piece in pieces if piece.kind == "figure"]
    addresses = {
        piece.index: url
        for piece in figures
        if piece.image is not None and (url := image_address(tree, piece.image))
    }
    kept = [
        piece
        for piece in pieces
        if piece.kind != "figure"
        or piece.index in addresses
        or (piece.image is not None and is_embedded(piece.image))
    ]
    captions = find_captions(kept)
    caption_pieces = {piece.index for piece in captions.values()}
    known: dict[str, int] = {}
    for place, piece in enumerate(kept[: 2 * MAX_BLOCKS]):
        if len(body.blocks) >= MAX_BLOCKS:
            break
        if piece.kind == "figure":
            url = addresses.get(piece.index, "")
            caption = captions[place].text if place in captions else None
            if not url and caption:
                body.dropped.append(f"caption of a picture without address: {caption[:80]}")
            if not url or url in known:
                continue
            if len(body.images) < MAX_IMAGES and piece.image is not None:
                known[url] = len(body.images)
                alt = alternative(piece.image) or None
                body.blocks.append(Block(kind="figure", image=len(body.images)))
                body.images.append(Image(url=url, caption=caption, alt=alt))
        elif piece.index in caption_pieces or not piece.text:
            continue
        elif is_file_line(tree, piece):
            body.dropped.append(f"attachment: {piece.text[:80]}")
        elif piece.kind == "table":
            body.blocks.append(Block(kind="table", rows=piece.rows))
        else:
            level = min(max(piece.level, 2), 6) if piece.kind == "heading" else piece.level
            body.blocks.append(
                Block(
                    kind=piece.kind,
                    spans=spans_of(tree, piece),
                    level=level,
                    ordered=piece.kind == "item" and piece.ordered,
                )
            )
    return body
