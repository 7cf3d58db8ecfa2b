"""Run as a program: the reader on a folder, with services of the tests.

As second argument, `crash` breaks it inside and `pictures` gives it copies of all pictures.
"""

from __future__ import annotations

import sys
from pathlib import Path

from gvreader import i18n, tui
from tests.tui.shelf import ShelfServices

if __name__ == "__main__":
    i18n.use(i18n.preferred())
    services = ShelfServices(Path(sys.argv[1]))
    if "pictures" in sys.argv[2:]:
        from gvreader.demo.files import picture

        body = picture("ảnh")
        services.picture = lambda url: body  # type: ignore[method-assign]
    if "crash" in sys.argv[2:]:

        def broken(*_arguments: object) -> str:
            raise ZeroDivisionError

        from gvreader.tui.reader_screen import ReaderScreen

        ReaderScreen.label = broken  # type: ignore[assignment, method-assign]
    sys.exit(tui.run(services))
