"""How terminals are told to draw a picture: the Kitty protocol, iTerm's inline images, and Sixel.

Pure but for `cell_pixels`. Whatever is sent is encoded anew from decoded pixels; no byte of a file reaches the
terminal as it came.
Sources: sw.kovidgoyal.net/kitty/graphics-protocol, iterm2.com/documentation-images, DEC STD 070 (Sixel).
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Final, Literal, get_args

Protocol = Literal["kitty", "iterm", "sixel", "blocks"]
"""`blocks` are half blocks in colour, which every terminal has."""

VARIABLE: Final = "GVREADER_PICTURES"
_USUAL_CELL: Final = (10, 20)
_CHUNK: Final = 4096  # most that the Kitty protocol takes in one escape code
_SIXEL_TERMS: Final = ("foot", "mlterm", "contour", "yaft")
_REPEATED: Final = re.compile(rb"(.)\1{3,}", re.DOTALL)


def protocol_for(environ: Mapping[str, str]) -> Protocol:
    """What this terminal understands, as its environment tells; `GVREADER_PICTURES` says it for those that do not.

    Asking the terminal itself would delay the first paint, and an answer that comes late would be taken for keys.
    """
    wished = environ.get(VARIABLE, "").lower()
    for protocol in get_args(Protocol):
        if protocol == wished:
            return protocol  # type: ignore[no-any-return]
    if environ.get("TEXTUAL_DRIVER") or environ.get("TMUX") or environ.get("STY"):
        # A browser shows none of these; a multiplexer loses track of them.
        return "blocks"
    term, program = environ.get("TERM", ""), environ.get("TERM_PROGRAM", "")
    if environ.get("KITTY_WINDOW_ID") or term == "xterm-kitty" or "ghostty" in (term + program).lower():
        return "kitty"
    if program in ("iTerm.app", "WezTerm") or environ.get("LC_TERMINAL") == "iTerm2":
        return "iterm"
    if term.startswith(_SIXEL_TERMS):
        return "sixel"
    return "blocks"


def cell_pixels() -> tuple[int, int]:
    """Width and height of a cell in pixels, as the terminal tells the system; a usual size where it does not."""
    try:
        import fcntl
        import struct
        import sys
        import termios

        packed = fcntl.ioctl(sys.__stdout__.fileno(), termios.TIOCGWINSZ, bytes(8))  # type: ignore[union-attr]
    except (ImportError, OSError, ValueError, AttributeError):
        return _USUAL_CELL
    lines, columns, width, height = struct.unpack("HHHH", packed)
    if not (lines and columns and width >= columns and height >= lines):
        return _USUAL_CELL
    return width // columns, height // lines


def kitty(png: bytes, columns: int, lines: int, number: int) -> str:
    """Draw a PNG in so many cells at the cursor, as image `number`, asking for no answer."""
    data = b64encode(png).decode("ascii")
    chunks = [data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK)] or [""]
    parts = []
    for index, chunk in enumerate(chunks):
        more = int(index < len(chunks) - 1)
        head = (
            f"a=T,f=100,q=2,C=1,i={number},c={columns},r={lines},m={more}" if not index else f"m={more},q=2"
        )
        parts.append(f"\x1b_G{head};{chunk}\x1b\\")
    return "".join(parts)


def kitty_clear(number: int) -> str:
    """Take image `number` off the screen and out of the terminal's memory."""
    return f"\x1b_Ga=d,d=I,i={number},q=2\x1b\\"


def iterm(png: bytes, columns: int, lines: int) -> str:
    """Draw a PNG in so many cells at the cursor."""
    data = b64encode(png).decode("ascii")
    size = f"size={len(png)};width={columns};height={lines}"
    return f"\x1b]1337;File=inline=1;{size};preserveAspectRatio=0;doNotMoveCursor=1:{data}\x07"


def sixel(indices: bytes, width: int, palette: Sequence[tuple[int, int, int]]) -> str:
    """Draw pixels, given row by row as places in a palette of at most 256 colours, at the cursor."""
    height = len(indices) // width
    head = f'\x1bP0;1q"1;1;{width};{height}'
    colours = "".join(
        f"#{number};2;{red * 100 // 255};{green * 100 // 255};{blue * 100 // 255}"
        for number, (red, green, blue) in enumerate(palette)
    )
    bands = (_band(indices[top * width : (top + 6) * width], width) for top in range(0, height, 6))
    return f"{head}{colours}{'-'.join(bands)}\x1b\\"


def _band(indices: bytes, width: int) -> str:
    """Six rows at once: for each colour in them, one line of characters whose bits are the rows."""
    lines: dict[int, bytearray] = {}
    for row in range(len(indices) // width):
        bit = 1 << row
        for column, colour in enumerate(indices[row * width : (row + 1) * width]):
            line = lines.get(colour)
            if line is None:
                line = lines[colour] = bytearray(width)
            line[column] |= bit
    return "$".join(_coded(colour, line) for colour, line in lines.items())


_TO_CHARACTERS: Final = bytes((63 + value) % 256 for value in range(256))


def _coded(colour: int, line: bytearray) -> str:
    characters = bytes(line).rstrip(b"\0").translate(_TO_CHARACTERS)
    shorter = _REPEATED.sub(lambda run: b"!%d%c" % (len(run[0]), run[1][0]), characters)
    return f"#{colour}{shorter.decode('ascii')}"
