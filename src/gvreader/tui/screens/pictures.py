"""Pictures of an article from the archive's own copies, drawn in half blocks; never fetched."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Mapping, Sequence

from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from gvreader.i18n import _
from gvreader.model import Image
from gvreader.tui.painting import Line
from gvreader.tui.screens.sheet import Sheet
from gvreader.tui.visible import visible_line
from gvreader.tui.widgets.lines import LinesView, ink_of

_MOST_PIXELS = 40_000_000
"""Pictures larger than this are not decoded: a small file can claim any size."""

Pixels = list[list[tuple[int, int, int]]]


def decode(data: bytes, columns: int, lines: int) -> Pixels | None:
    """The picture as rows of RGB, at most `columns` wide and two rows to a line; None when it cannot be drawn.

    Needs Pillow; raises ImportError without it.
    """
    from PIL import Image as Picture
    from PIL import UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Picture.open(io.BytesIO(data)) as picture:
                if picture.width * picture.height > _MOST_PIXELS or not picture.width or not picture.height:
                    return None
                picture.draft("RGB", (columns * 2, lines * 4))
                scale = min(columns / picture.width, lines * 2 / picture.height, 1.0)
                size = max(round(picture.width * scale), 1), max(round(picture.height * scale), 1)
                small = picture.convert("RGB").resize(size)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Picture.DecompressionBombError):
        return None
    data_rows = small.tobytes()
    width = small.width
    return [
        [
            (data_rows[at], data_rows[at + 1], data_rows[at + 2])
            for at in range(row * width * 3, (row + 1) * width * 3, 3)
        ]
        for row in range(small.height)
    ]


class PictureView(LinesView):
    """One picture and its caption."""

    def __init__(self) -> None:
        super().__init__()
        self._data: bytes | None = None
        self._message = ""
        self._caption = ""
        self._pixels: Pixels | None = None
        self._drawn_for = (0, 0)

    def show(self, data: bytes | None, caption: str) -> None:
        """Show another picture, or say that there is none."""
        self._data, self._caption = data, caption
        self._drawn_for = (0, 0)
        self.renew()

    def count_lines(self, width: int) -> int:
        lines = max(self.page - 3, 1)
        if self._drawn_for != (width, lines):
            self._drawn_for = (width, lines)
            self._draw(width, lines)
        return (len(self._pixels) + 1) // 2 + 3 if self._pixels else 4

    def _draw(self, width: int, lines: int) -> None:
        self._pixels = None
        self._message = ""
        if self._data is None:
            self._message = _("The archive has no copy of this picture.")
            return
        try:
            self._pixels = decode(self._data, max(width - 4, 1), lines)
        except ImportError:
            self._message = _("Drawing pictures here needs Pillow: pip install 'gvreader[pictures]'.")
            return
        if self._pixels is None:
            self._message = _("This picture cannot be drawn here; {key} opens it in a viewer.").format(
                key="o"
            )

    def paint_line(self, line: int, width: int) -> Strip:
        ink = ink_of(self)
        pixels = self._pixels
        height = (len(pixels) + 1) // 2 if pixels else 1
        painted = Line(width, ink.paper, margin=1)
        if pixels is None:
            texts = {1: (self._message, ink.faded), 2: (self._caption, ink.role("caption"))}
            text, style = texts.get(line, ("", ink.faded))
            return painted.to(2).add(text, style).strip()
        if line == height + 1:
            return (
                painted.to(max((width - len(pixels[0])) // 2, 2))
                .add(self._caption, ink.role("caption"))
                .strip()
            )
        if line >= height:
            return painted.strip()
        upper = pixels[line * 2]
        lower = pixels[line * 2 + 1] if line * 2 + 1 < len(pixels) else None
        left = max((width - len(upper)) // 2, 0)
        segments = [Segment(" " * left, ink.paper)]
        for column, colour in enumerate(upper):
            below = Color.from_triplet(ColorTriplet(*lower[column])) if lower else None
            segments.append(
                Segment(
                    "▀", ink.paper + Style(color=Color.from_triplet(ColorTriplet(*colour)), bgcolor=below)
                )
            )
        segments.append(Segment(" " * (width - left - len(upper)), ink.paper))
        return Strip(segments, width)


class PicturesSheet(Sheet):
    """The pictures of one article, one at a time."""

    def __init__(
        self,
        images: Sequence[Image],
        picture: Callable[[str], bytes | None],
        open_in_viewer: Callable[[str], None],
        *,
        first: int = 0,
    ) -> None:
        self._images = images
        self._picture = picture
        self._open_in_viewer = open_in_viewer
        self._number = max(0, min(first, len(images) - 1))
        self._view = PictureView()
        super().__init__(_("Pictures"), self._view)

    def begin(self) -> None:
        self._show()

    def extra_keys(self) -> Sequence[tuple[str, str, str]]:
        keys = [("o", _("open in a viewer"), "view")]
        return [("[ ]", _("picture"), "step"), *keys] if len(self._images) > 1 else keys

    def extra_actions(self) -> Mapping[str, Callable[[], None]]:
        def forward() -> None:
            self._step(1)

        def backward() -> None:
            self._step(-1)

        def view() -> None:
            self._open_in_viewer(self._images[self._number].url)

        return {"]": forward, "i": forward, "right": forward, "l": forward, "[": backward, "o": view}

    def _step(self, steps: int) -> None:
        self._number = (self._number + steps) % len(self._images)
        self._show()

    def _show(self) -> None:
        image = self._images[self._number]
        self.head(_("Pictures"), f"{self._number + 1}/{len(self._images)}")
        self._view.show(self._picture(image.url), visible_line(image.caption or image.alt or ""))
