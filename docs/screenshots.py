"""Draws the pictures of the documentation from the demo: python docs/screenshots.py [FOLDER]

A replica is served on loopback, mirrored over HTTP, edited as a portal would be, and mirrored again; then the reader
is opened on that archive, and what it shows is written as SVG. `make screenshots` runs it.
"""

from __future__ import annotations

import asyncio
import html
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.portal import Replica
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from gvreader import i18n
from gvreader.app import config
from gvreader.app.archive import Archive
from gvreader.app.reader_services import Services
from gvreader.app.runs.sync_run import run_sync
from gvreader.archive.library import Library
from gvreader.operations.sync import SyncOptions
from gvreader.portals import portal_for
from gvreader.tui.app import ReaderApp
from gvreader.tui.library_access import LibraryAccess
from gvreader.tui.preload import ask_first

ARTICLES = 160
SECONDS = 20.0
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
TEXTS = re.compile(r'(<text [^>]*?x=")([\d.]+)("[^>]*?textLength=")([\d.]+)("[^>]*>)([^<]*)(</text>)')
BLANK = "&#160;"


@dataclass(frozen=True)
class Picture:
    """One screen: the keys that lead to it, and what it shows when it is there."""

    name: str
    size: tuple[int, int]
    theme: str
    language: i18n.Language
    keys: tuple[str, ...]
    shows: str


PICTURES = (
    Picture("reader", (132, 38), "dark", "vi", ("j", "j"), "BÀI TƯƠNG TỰ"),
    Picture("search", (120, 32), "light", "vi", ("/", *"uy ban nhan dan after:2023"), "kết quả"),
    Picture("article", (92, 34), "light", "en", ("j", "enter", "z"), "zen"),
    Picture("coverage", (100, 30), "dark", "en", ("C",), "NEWEST OF EACH SECTION"),
    Picture("narrow", (60, 22), "light", "vi", ("j",), "trợ giúp"),
)


def mirrored(folder: Path, replica: Replica) -> Archive:
    """An archive after two syncs, between which articles were published, edited and taken off."""
    archive = Archive(replace(config.load(archive=folder, environ={}), archive=folder, portals=()))
    portal = portal_for("giavien")
    assert portal is not None
    numbers = [piece.number for piece in replica.site.pieces()]
    for options, change in ((SyncOptions(), True), (SyncOptions(full=True), False)):
        for _event in run_sync(archive, portal, options=options, base_url=replica.base_url, delay=0.0):
            pass
        if change:
            replica.site.publish(2)
            replica.site.edit(numbers[4], append="Hội nghị kết thúc lúc 11 giờ cùng ngày.")
            replica.site.delete(numbers[6])
    with archive.marking() as library:
        furnish(library)
    return archive


def furnish(library: Library) -> None:
    """Marks as after some weeks of reading."""
    ids = library.articles.ids()
    library.marks.set_read([ids[3], *ids[5:7], *ids[9:]], True)
    library.marks.set_starred([ids[1], ids[8]], True)
    library.marks.tag([ids[3]], "nông nghiệp")
    library.marks.save("nông thôn mới", '"nông thôn mới"')
    library.marks.save("phòng, chống dịch", "phòng chống dịch -title:tập huấn")


async def draw(archive: Archive, picture: Picture, folder: Path) -> None:
    """Open the reader, press the keys, and write what is shown."""
    access = LibraryAccess(Services(archive))
    app = ReaderApp(access, ask_first(access), theme=picture.theme)
    try:
        async with app.run_test(size=picture.size) as pilot:
            await until(pilot, lambda: app.reader.listing.counts is not None)
            for key in picture.keys:
                name = _character_to_key(key) if len(key) == 1 else key
                app.post_message(events.Key(name, key if len(key) == 1 else None))
            await until(pilot, lambda: picture.shows in text_of(app))
            await pilot.pause(0.8)
            svg = TEXTS.sub(trimmed, FONTS.sub("", app.export_screenshot(title="gvreader")))
            svg = svg.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")
            (folder / f"{picture.name}.svg").write_text(svg, encoding="utf-8")
    finally:
        access.close()


def trimmed(found: re.Match[str]) -> str:
    """A run of text without the blanks around it, which some renderers drop but still count."""
    head, x, middle, length, end, text, close = found.groups()
    before = after = 0
    core = text
    while core.startswith(BLANK):
        core, before = core.removeprefix(BLANK), before + 1
    while core.endswith(BLANK):
        core, after = core.removesuffix(BLANK), after + 1
    if not core:
        return ""
    cells = len(html.unescape(text))
    cell = float(length) / cells
    return f"{head}{float(x) + before * cell:g}{middle}{(cells - before - after) * cell:g}{end}{core}{close}"


def text_of(app: ReaderApp) -> str:
    """The screen and the whole article beside it as text."""
    strips = app.screen._compositor.render_strips(app.size)
    screen = "\n".join("".join(segment.text for segment in strip) for strip in strips)
    return f"{screen}\n{app.reader.view.plain}"


async def until(pilot: Pilot[int], condition: Callable[[], bool]) -> None:
    """Wait for what the reader asks its library."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        await pilot.pause(0.02)


def main() -> None:
    target = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gvreader-screenshots-") as name:
        os.environ["XDG_STATE_HOME"] = name
        with Replica(articles=ARTICLES, keep_log=False) as replica:
            archive = mirrored(Path(name) / "archive", replica)
        for picture in PICTURES:
            i18n.use(picture.language)
            asyncio.run(draw(archive, picture, target))
            print(target / f"{picture.name}.svg")
        archive.close()


if __name__ == "__main__":
    main()
