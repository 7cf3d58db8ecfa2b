"""Pictures of an article from the archive's own copies, as well as the terminal can draw them; never fetched."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final

from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip

from gvreader.extras import install_command
from gvreader.i18n import _
from gvreader.model import Image
from gvreader.tui.screens.panel import Panel
from gvreader.tui.view.graphics import Protocol, cell_pixels, kitty_clear, protocol_for
from gvreader.tui.view.image_render import NUMBER, Drawing, draw
from gvreader.tui.view.sanitize import visible_line
from gvreader.tui.view.strip_builder import StripBuilder
from gvreader.tui.widgets.frame import KeyHint
from gvreader.tui.widgets.lines import LinesView, styles_of

_BESIDE: Final = 4  # cells that stay free at the sides together
_BELOW: Final = 3  # lines that stay free for the caption


class PictureView(LinesView):
    """One picture and its caption."""

    def __init__(self) -> None:
        super().__init__()
        self._data: bytes | None = None
        self._message = ""
        self._caption = ""
        self._drawing: Drawing | None = None
        self._asked: tuple[bytes | None, int, int] | None = None
        self._sent: tuple[Drawing, int, int] | None = None

    @property
    def protocol(self) -> Protocol:
        """How pictures are drawn on this terminal."""
        return "blocks" if self.app.is_headless else protocol_for(os.environ)

    def show(self, data: bytes | None, caption: str) -> None:
        """Show another picture, or say that there is none."""
        self.clear()
        self._data, self._caption = data, caption
        self._drawing = None
        self._message = ""
        self._asked = None
        self.renew()

    def clear(self) -> None:
        """Take a picture off the terminal that text written over it would not cover."""
        sent, self._sent = self._sent, None
        if sent is not None and self.protocol == "kitty":
            self._send(kitty_clear(NUMBER))

    def count_lines(self, width: int) -> int:
        lines = max(self.page - _BELOW, 1)
        if width > _BESIDE and self._asked != (self._data, width, lines):
            self._asked = (self._data, width, lines)
            self._draw_beside(width - _BESIDE, lines)
        return (self._drawing.lines if self._drawing else 1) + _BELOW

    # ── drawing ──

    def _draw_beside(self, columns: int, lines: int) -> None:
        """Decode and encode on a thread: a large picture takes longer than a frame."""
        data, asked, protocol = self._data, self._asked, self.protocol
        if data is None:
            self._message = _("The archive has no copy of this picture.")
            return

        def work() -> None:
            drawing, message = None, ""
            try:
                drawing = draw(data, columns, lines, protocol, cell_pixels())
                if drawing is None:
                    message = _("This picture cannot be drawn here; {key} opens it in a viewer.").format(
                        key="o"
                    )
            except ImportError:
                message = _("Drawing pictures here needs Pillow: {command}").format(
                    command=install_command("pillow")
                )
            self.post_message(events.Callback(callback=lambda: self._drawn(asked, drawing, message)))

        threading.Thread(target=work, name="gvreader-drawing", daemon=True).start()

    def _drawn(self, asked: object, drawing: Drawing | None, message: str) -> None:
        if asked == self._asked:
            self.clear()
            self._drawing, self._message = drawing, message
            self.renew()

    # ── painting ──

    def render_lines(self, crop: Region) -> list[Strip]:
        if self._drawing is not None and self._drawing.sequence:
            # Cells are written first, or they would wipe the picture out again.
            self.call_after_refresh(self._send_picture)
        return super().render_lines(crop)

    def _send_picture(self) -> None:
        drawing = self._drawing
        if drawing is None or not drawing.sequence or not self.screen.is_active:
            return
        row, column = self.region.y + 1, self.region.x + self._left(self.line_width) + 1
        if self._sent == (drawing, row, column) and self.protocol == "kitty":
            # Kitty's pictures lie above the text: writing cells does not touch them.
            return
        self._sent = drawing, row, column
        self._send(f"\x1b7\x1b[{row};{column}H{drawing.sequence}\x1b8")

    def _send(self, sequence: str) -> None:
        # Textual has no public way to write what is no text.
        driver = self.app._driver
        if driver is not None:
            driver.write(sequence)
            driver.flush()

    def _left(self, width: int) -> int:
        return max((width - self._drawing.columns) // 2, 0) if self._drawing else 0

    def paint_line(self, line: int, width: int) -> Strip:
        styles = styles_of(self)
        painted = StripBuilder(width, styles.base, margin=1)
        drawing = self._drawing
        if drawing is None:
            texts = {1: (self._message, styles.muted), 2: (self._caption, styles.role("caption"))}
            text, style = texts.get(line, ("", styles.muted))
            return painted.to(2).add(text, style).strip()
        if line == drawing.lines + 1:
            return painted.to(max(self._left(width), 2)).add(self._caption, styles.role("caption")).strip()
        if line >= drawing.lines or drawing.pixels is None:
            return painted.strip()
        return self._half_blocks(drawing.pixels, line, width)

    def _half_blocks(self, pixels: list[list[tuple[int, int, int]]], line: int, width: int) -> Strip:
        styles = styles_of(self)
        upper = pixels[line * 2]
        lower = pixels[line * 2 + 1] if line * 2 + 1 < len(pixels) else None
        left = self._left(width)
        segments = [Segment(" " * left, styles.base)]
        for column, colour in enumerate(upper):
            below = Color.from_triplet(ColorTriplet(*lower[column])) if lower else None
            style = Style(color=Color.from_triplet(ColorTriplet(*colour)), bgcolor=below)
            segments.append(Segment("▀", styles.base + style))
        segments.append(Segment(" " * (width - left - len(upper)), styles.base))
        return Strip(segments, width)

    def on_unmount(self) -> None:
        self.clear()


class PicturesSheet(Panel):
    """The pictures of one article, one at a time."""

    paints_over_cells: ClassVar[bool] = True
    """Pictures of the terminal's own stand where cells are; what was painted there says nothing."""

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

    def extra_keys(self) -> Sequence[KeyHint]:
        keys = [KeyHint("o", _("open in a viewer"), "view")]
        return [KeyHint("[ ]", _("picture"), "step"), *keys] if len(self._images) > 1 else keys

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
