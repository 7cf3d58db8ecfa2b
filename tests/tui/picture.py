"""Draws the reader for the documentation: python -m tests.tui.picture docs/reader.svg [dark|light] [vi|en]"""

from __future__ import annotations

import re
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from gvreader import i18n
from gvreader.library import Library
from gvreader.model import RunFinished, Tally
from tests.tui.piloting import reading, run
from tests.tui.shelf import NOW, PORTAL, ShelfServices, fill

_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def furnish(library: Library) -> None:
    """Marks and a finished run, as after some weeks of reading."""
    ids = library.articles.ids()
    library.marks.set_read([*ids[3:6], *ids[7:]], True)
    library.marks.set_starred([ids[1], ids[5]], True)
    library.marks.tag([ids[4]], "nông nghiệp")
    library.marks.save("nông thôn mới", '"nông thôn mới"')
    library.articles.set_gone(ids[4], NOW - timedelta(days=3))
    begun = NOW - timedelta(minutes=20)
    finished = NOW - timedelta(minutes=14)
    tally = Tally(requests=214, new=60)
    ended = RunFinished(
        portal=PORTAL, started=begun, finished=finished, complete=True, exit_code=0, tally=tally
    )
    library.journal.finish_run(library.journal.start_run(PORTAL, begun), ended)


def draw(file: Path, theme: str, language: str) -> None:
    """Open the reader on articles of the replica's corpus and write what it shows as SVG, without web fonts."""
    i18n.use("vi" if language == "vi" else "en")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder, 120).change(furnish)

        async def picture() -> None:
            async with reading(ShelfServices(folder), (132, 38), theme=theme) as driver:
                await driver.press("j", "j")
                await driver.until(lambda: driver.reader.reading.row is not None)
                await driver.pilot.pause(0.5)
                svg = _FONTS.sub("", driver.app.export_screenshot(title="gvreader"))
                file.write_text(
                    svg.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas"), encoding="utf-8"
                )

        run(picture)


if __name__ == "__main__":
    target, theme, language = [*sys.argv[1:], *("", "dark", "vi")[len(sys.argv) - 1 :]]
    draw(Path(target), theme, language)
