"""A picture made ready for the terminal: decoded, made small, and put into what the terminal understands."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Final

from gvreader.frozen import dataclass
from gvreader.tui.view import graphics
from gvreader.tui.view.graphics import Protocol

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_MOST_PIXELS: Final = 40_000_000
"""Pictures larger than this are not decoded: a small file can claim any size."""

_FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
"""Formats that are decoded by a library alone; others may start programs."""

_MOST_SENT: Final = (1600, 1200)
_SIXEL_COLOURS: Final = 128
NUMBER: Final = 2008
"""The number under which the Kitty protocol knows our picture."""

Pixels = list[list[tuple[int, int, int]]]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture in so many cells: as `pixels`, two rows to a line, or as a `sequence` sent at its upper left cell."""

    columns: int
    lines: int
    pixels: Pixels | None = None
    sequence: str = ""


def draw(
    data: bytes, columns: int, lines: int, protocol: Protocol = "blocks", cell: tuple[int, int] = (10, 20)
) -> Drawing | None:
    """The picture in at most so many cells, never larger than it is; None when it cannot be drawn.

    `cell` is the size of a cell in pixels. Needs Pillow; raises ImportError without it.
    """
    from PIL import Image, UnidentifiedImageError

    if protocol == "blocks":
        cell = (1, 2)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                if not 0 < picture.width * picture.height <= _MOST_PIXELS:
                    return None
                room = min(columns * cell[0], _MOST_SENT[0]), min(lines * cell[1], _MOST_SENT[1])
                picture.draft("RGB", (room[0] * 2, room[1] * 2))
                scale = min(room[0] / picture.width, room[1] / picture.height, 1.0)
                size = max(round(picture.width * scale), 1), max(round(picture.height * scale), 1)
                return _drawing(_flat(picture).resize(size), protocol, cell)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _flat(picture: Picture) -> Picture:
    """The picture in RGB, on white where it is transparent."""
    from PIL import Image

    if picture.mode not in ("RGBA", "LA", "PA") and "transparency" not in picture.info:
        return picture.convert("RGB")
    transparent = picture.convert("RGBA")
    ground = Image.new("RGBA", transparent.size, "white")
    return Image.alpha_composite(ground, transparent).convert("RGB")


def _drawing(small: Picture, protocol: Protocol, cell: tuple[int, int]) -> Drawing:
    columns, lines = -(-small.width // cell[0]), -(-small.height // cell[1])
    if protocol == "blocks":
        return Drawing(columns, lines, pixels=_rows(small))
    if protocol == "sixel":
        few = small.quantize(_SIXEL_COLOURS)
        flat = few.getpalette() or []
        palette = [(flat[at], flat[at + 1], flat[at + 2]) for at in range(0, len(flat) - 2, 3)]
        return Drawing(columns, lines, sequence=graphics.sixel(few.tobytes(), few.width, palette))
    stream = io.BytesIO()
    small.save(stream, "PNG", compress_level=3)
    png = stream.getvalue()
    if protocol == "kitty":
        return Drawing(columns, lines, sequence=graphics.kitty(png, columns, lines, NUMBER))
    return Drawing(columns, lines, sequence=graphics.iterm(png, columns, lines))


def _rows(small: Picture) -> Pixels:
    data, width = small.tobytes(), small.width
    return [
        [(data[at], data[at + 1], data[at + 2]) for at in range(row * width * 3, (row + 1) * width * 3, 3)]
        for row in range(small.height)
    ]
