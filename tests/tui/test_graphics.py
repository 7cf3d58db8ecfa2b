"""Pictures as terminals take them: sequences by the letter of each protocol, and when they are sent."""

from __future__ import annotations

import io
import re
from base64 import b64decode

import pytest

from gvreader.tui.view.graphics import (
    iterm,
    kitty,
    kitty_clear,
    protocol_for,
    sixel,
)
from gvreader.tui.view.image_render import draw
from tests.tui.shelf import ShelfServices
from tests.tui.terminal import Terminal

Image = pytest.importorskip("PIL.Image")


def png(width: int, height: int, colour: tuple[int, int, int] = (200, 30, 40)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("environ", "protocol"),
    [
        ({"TERM": "xterm-256color"}, "blocks"),
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-ghostty"}, "kitty"),
        ({"TERM_PROGRAM": "iTerm.app", "TERM": "xterm-256color"}, "iterm"),
        ({"TERM_PROGRAM": "WezTerm"}, "iterm"),
        ({"TERM": "foot-extra"}, "sixel"),
        ({"TERM": "xterm", "GVREADER_PICTURES": "Sixel"}, "sixel"),
        ({"TERM": "xterm-kitty", "GVREADER_PICTURES": "blocks"}, "blocks"),
        ({"TERM": "xterm-kitty", "GVREADER_PICTURES": "nonsense"}, "kitty"),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux-0/default,1,0"}, "blocks"),
        ({"TERM": "xterm-kitty", "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver"}, "blocks"),
        ({}, "blocks"),
    ],
)
def test_the_environment_tells_what_a_terminal_draws(environ: dict[str, str], protocol: str) -> None:
    assert protocol_for(environ) == protocol


def test_kitty_gets_chunks_of_at_most_4096_and_is_asked_for_no_answer() -> None:
    data = bytes(range(256)) * 40
    codes = [code for code in kitty(data, 30, 10, 7).split("\x1b\\") if code]
    assert len(codes) > 2
    heads, chunks = zip(*(code.removeprefix("\x1b_G").split(";") for code in codes), strict=True)
    assert heads[0] == "a=T,f=100,q=2,C=1,i=7,c=30,r=10,m=1"
    assert set(heads[1:-1]) == {"m=1,q=2"}
    assert heads[-1] == "m=0,q=2"
    assert all(len(chunk) <= 4096 for chunk in chunks)
    assert b64decode("".join(chunks)) == data
    assert kitty_clear(7) == "\x1b_Ga=d,d=I,i=7,q=2\x1b\\"


def test_iterm_gets_one_inline_file() -> None:
    found = re.fullmatch(
        r"\x1b\]1337;File=inline=1;size=(\d+);width=30;height=10;[a-zA-Z=0-9;]+:([A-Za-z0-9+/=]+)\x07",
        iterm(b"abc" * 100, 30, 10),
    )
    assert found is not None
    assert int(found[1]) == 300
    assert b64decode(found[2]) == b"abc" * 100


def read_sixel(text: str) -> list[list[tuple[int, int, int] | None]]:
    """What a terminal would show: rows of colours in per cent. Written from the format's description."""
    found = re.fullmatch(r'\x1bP0;1q"1;1;(\d+);(\d+)(.*)\x1b\\', text, re.DOTALL)
    assert found is not None
    width, height = int(found[1]), int(found[2])
    shown: list[list[tuple[int, int, int] | None]] = [[None] * width for _row in range(height)]
    colours: dict[int, tuple[int, int, int]] = {}
    colour, column, top = 0, 0, 0
    for token in re.finditer(r"#(\d+)(?:;2;(\d+);(\d+);(\d+))?|!(\d+)([?-~])|([?-~])|(\$)|(-)", found[3]):
        if token[1] is not None:
            colour = int(token[1])
            if token[2] is not None:
                colours[colour] = int(token[2]), int(token[3]), int(token[4])
        elif token[8]:
            column = 0
        elif token[9]:
            column, top = 0, top + 6
        else:
            times = int(token[5] or 1)
            bits = ord(token[6] or token[7]) - 63
            for row in (row for row in range(6) if bits >> row & 1):
                shown[top + row][column : column + times] = [colours[colour]] * times
            column += times
    return shown


def test_sixel_says_every_pixel() -> None:
    palette = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)]
    width, height = 37, 17
    indices = bytes((x * x + 3 * y) // 7 % 4 for y in range(height) for x in range(width))
    shown = read_sixel(sixel(indices, width, palette))
    per_cent = [tuple(part * 100 // 255 for part in colour) for colour in palette]
    assert shown == [[per_cent[indices[y * width + x]] for x in range(width)] for y in range(height)]


def test_runs_are_counted() -> None:
    text = sixel(bytes(600), 100, [(0, 0, 0)])
    assert "#0!100~" in text
    assert len(text) < 60


@pytest.mark.parametrize("protocol", ["blocks", "kitty", "iterm", "sixel"])
def test_a_picture_fits_its_room_and_keeps_its_shape(protocol: str) -> None:
    wide = draw(png(1000, 250), 60, 30, protocol, (10, 20))  # type: ignore[arg-type]
    assert wide is not None
    assert (wide.columns, wide.lines) == (60, 8)
    tall = draw(png(100, 4000), 60, 30, protocol, (10, 20))  # type: ignore[arg-type]
    assert tall is not None
    assert tall.lines == 30
    assert tall.columns <= 2


def test_a_small_picture_is_not_blown_up() -> None:
    small = draw(png(20, 20), 60, 30, "kitty", (10, 20))
    assert small is not None
    assert (small.columns, small.lines) == (2, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1b_Gevil\x1b\\",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        png(9, 9)[:40],
        b"GIF89a" * 9,
    ],
)
def test_what_is_no_picture_is_not_drawn(data: bytes) -> None:
    for protocol in ("blocks", "kitty", "iterm", "sixel"):
        assert draw(data, 40, 20, protocol) is None


def test_transparent_pictures_stand_on_white() -> None:
    stream = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(stream, "PNG")
    drawn = draw(stream.getvalue(), 10, 10)
    assert drawn is not None
    assert drawn.pixels is not None
    assert drawn.pixels[0][0] == (255, 255, 255)


@pytest.mark.parametrize(
    ("environ", "begins", "ends"),
    [
        ({"TERM": "xterm-kitty"}, b"\x1b_Ga=T,f=100,q=2", b"\x1b_Ga=d,d=I"),
        ({"TERM_PROGRAM": "iTerm.app"}, b"\x1b]1337;File=inline=1", b""),
        ({"TERM": "foot"}, b'\x1bP0;1q"1;1;', b""),
    ],
)
def test_a_picture_is_sent_on_demand_and_taken_away(
    services: ShelfServices, environ: dict[str, str], begins: bytes, ends: bytes
) -> None:
    arguments = ("-m", "tests.tui.open_reader", str(services.folder), "pictures")
    with Terminal(*arguments, env=environ) as terminal:
        terminal.until("Everything · 60 articles", "j k move")
        assert begins not in terminal.raw
        terminal.send("/has:image\r")
        terminal.until("results")
        terminal.send("i")
        terminal.until_sent(begins)
        while terminal.read(0.3):
            pass
        before = len(terminal.raw)
        terminal.send("\x1b")
        if ends:
            terminal.until_sent(ends)
        terminal.until("/ has:image")
        assert begins not in terminal.raw[before:]
        terminal.send("q")
        assert terminal.end() == 0
        assert terminal.restored
