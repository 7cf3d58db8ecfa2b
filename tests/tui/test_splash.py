"""The page that is shown before Textual is there: the same as what the reader paints over it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pyte
import pytest

from gvreader.tui.library_access import LibraryAccess
from gvreader.tui.preload import ask_first
from gvreader.tui.splash import draw_page
from gvreader.tui.view.colours import DARK, LIGHT, TERMINAL, Colours
from gvreader.tui.view.layout import Widths
from tests.tui.piloting import reading, run
from tests.tui.shelf import NOW, ShelfServices
from tests.tui.terminal import Terminal

SIZES = [(40, 12), (60, 20), (80, 24), (109, 30), (110, 31), (140, 42), (300, 80)]


@pytest.mark.parametrize("size", SIZES)
def test_the_list_stands_where_the_reader_paints_it(services: ShelfServices, size: tuple[int, int]) -> None:
    with services.writer() as library:
        ids = library.articles.ids()
        library.marks.set_starred(ids[1:2], True)
        library.marks.set_read(ids[2:4], True)
        library.marks.tag(ids[3:4], "nông nghiệp")
        library.articles.set_gone(ids[3], NOW)
    access = LibraryAccess(services)
    first = ask_first(access).result(10)
    access.close()
    for widths in (Widths(), Widths(places=30, articles=50)):
        screen = pyte.Screen(*size)
        pyte.Stream(screen).feed(draw_page(first, DARK, widths, *size, deep=True))
        if widths.places:
            services.ui_state = '{"places": 30, "articles": 50}'

        async def test(screen: pyte.Screen = screen) -> None:
            async with reading(services, size) as driver:
                region = driver.reader.articles.region
                painted = [line[region.x : region.right - 1].rstrip() for line in driver.lines]
                shown = [line[region.x : region.right - 1].rstrip() for line in screen.display]
                assert shown[region.y : region.bottom] == painted[region.y : region.bottom]
                # What the first line says is not moved by what is known later.
                head, later = screen.display[0].rstrip(), driver.lines[0]
                assert "60 articles" in head
                assert later.startswith(head)
                for divider in (driver.reader._left_divider, driver.reader._right_divider):
                    if divider.display:
                        assert screen.display[10][divider.region.x] == "│"

        run(test)


@pytest.mark.parametrize("colours", [DARK, LIGHT, TERMINAL])
@pytest.mark.parametrize("deep", [True, False])
def test_it_fills_every_cell_and_no_other(services: ShelfServices, colours: Colours, deep: bool) -> None:
    access = LibraryAccess(services)
    first = ask_first(access).result(10)
    access.close()
    page = draw_page(first, colours, Widths(), 100, 30, deep=deep)
    screen = pyte.Screen(100, 30)
    pyte.Stream(screen).feed("x" * 3000 + page)
    assert "x" * 5 not in "\n".join(screen.display)
    assert (screen.cursor.y, screen.cursor.x) == (29, 100)
    assert ("38;2;" in page) == (deep and not colours.ansi)


HELD = """
import sys, time
from pathlib import Path
from gvreader import tui
from tests.tui.shelf import ShelfServices
class Held:
    def find_spec(self, name, path, target=None):
        if name == "textual.app":
            time.sleep(30)
sys.meta_path.insert(0, Held())
sys.exit(tui.run(ShelfServices(Path(sys.argv[1]))))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_whoever_ends_it_early_finds_the_terminal_as_it_was(services: ShelfServices, number: int) -> None:
    with Terminal("-c", HELD, str(services.folder)) as terminal:
        terminal.until("●")
        terminal.send("jjj")
        terminal.read(0.3)
        os.kill(terminal.process.pid, number)
        terminal.end()
        assert terminal.restored
        assert b"jjj" not in terminal.raw


def test_keys_typed_before_the_reader_is_there_are_not_lost(services: ShelfServices) -> None:
    with Terminal("-m", "tests.tui.open_reader", str(services.folder)) as terminal:
        terminal.until("●")
        terminal.send("/hoi nghi")
        terminal.until("/ hoi nghi", "results")
        terminal.send("\x1b")
        terminal.until_gone("/ hoi nghi")
        terminal.send("q")
        assert terminal.end() == 0
        assert terminal.restored
        assert terminal.raw.count(b"\x1b[?1049h") == 1


def test_nothing_is_written_where_there_is_no_terminal(
    services: ShelfServices, capfd: pytest.CaptureFixture[str]
) -> None:
    from gvreader.tui.splash import Splash

    access = LibraryAccess(services)
    first = ask_first(access).result(10)
    access.close()
    for environ in ({"TERM": "xterm"}, {"TERM": "dumb"}, {"TERM": "xterm", "TEXTUAL_DRIVER": "x"}):
        splash = Splash(environ)
        splash.show(first, DARK, Widths())
        assert not splash.is_up
        if "TEXTUAL_DRIVER" in environ:
            assert splash.hand_over() is None
        splash.drop()
    sys.stdout.flush()
    assert capfd.readouterr().out == ""


READER = """

import sys
from pathlib import Path
from gvreader import tui
from tests.tui.shelf import ShelfServices
sys.exit(tui.run(ShelfServices(Path(sys.argv[1]))))
"""


@pytest.mark.parametrize("has_articles", [True, False])
def test_errors_may_go_into_a_file(services: ShelfServices, tmp_path: Path, has_articles: bool) -> None:
    folder = services.folder if has_articles else tmp_path / "empty"
    folder.mkdir(exist_ok=True)
    errors = tmp_path / "errors.txt"
    into_file = f"import os; os.dup2(os.open({str(errors)!r}, os.O_WRONLY | os.O_CREAT), 2)"
    with Terminal("-c", into_file + READER, str(folder)) as terminal:
        terminal.until("Everything · 60 articles" if has_articles else "Nothing is stored here yet", "help")
        terminal.send("q")
        assert terminal.end() == 0
        assert terminal.restored
    assert errors.read_bytes() == b""
