"""Lists of articles in pages of fifty, written while the articles come."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gvreader.export.site import pages

FOLDER: Final = "list"
_LENGTH: Final = 50

Month = tuple[int, int] | None


@dataclass(slots=True, kw_only=True)
class _List:
    title: str
    page: int = 1
    entries: list[str] = field(default_factory=list)


class Listings:
    """All lists of a site by name; of each, one page is held in memory."""

    def __init__(self, root: Path, frame: pages.Frame) -> None:
        self._folder = root / FOLDER
        self._folder.mkdir()
        self._frame = frame
        self._lists: dict[str, _List] = {}

    def add(self, name: str, title: str, entry: str) -> None:
        """The next article of a list; a full page is written once it is known that another follows."""
        current = self._lists.setdefault(name, _List(title=title))
        if len(current.entries) == _LENGTH:
            self._write(name, current, is_last=False)
            current.page += 1
            current.entries = []
        current.entries.append(entry)

    def finish(self) -> None:
        for name, current in self._lists.items():
            self._write(name, current, is_last=True)

    def _write(self, name: str, current: _List, *, is_last: bool) -> None:
        newer = f"{name}-{current.page - 1}.html" if current.page > 1 else None
        older = None if is_last else f"{name}-{current.page + 1}.html"
        body = pages.listing(current.title, current.entries, turn=pages.turn(newer, older))
        page = self._frame.page(current.title, body, up="../")
        (self._folder / f"{name}-{current.page}.html").write_bytes(page.encode("utf-8", "replace"))
