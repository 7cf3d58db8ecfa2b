"""The cells of spreadsheets (XLSX, XLS, ODS) as rows, by calamine."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from gvreader.files.result import PAGE_BREAK, FileUnreadableError

MAX_SHEETS: Final = 100
MAX_ROWS: Final = 50_000


def version(kind: str) -> str:
    """The kind of workbook, with the reader and its version."""
    from importlib.metadata import version

    return f"{kind} (python-calamine {version('python-calamine')})"


class SheetLines:
    """The rows of a workbook's visible sheets; `pages` counts these. Raises FileUnreadableError."""

    def __init__(self, body: bytes) -> None:
        import python_calamine

        self._failures: tuple[type[Exception], ...] = (
            python_calamine.CalamineError,
            FileUnreadableError,
            ValueError,
            OSError,
        )
        try:
            with _panics_are_damage():
                self._book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body))
        except python_calamine.PasswordError as error:
            raise FileUnreadableError("encrypted") from error
        except self._failures as error:
            raise FileUnreadableError("damaged") from error
        hidden = {sheet.name for sheet in self._book.sheets_metadata if "Visible" not in str(sheet.visible)}
        self._names = [name for name in self._book.sheet_names if name not in hidden][:MAX_SHEETS]
        self.pages = len(self._names)

    def __iter__(self) -> Iterator[str]:
        for number, name in enumerate(self._names):
            if number:
                yield PAGE_BREAK
            if self.pages > 1:
                yield name
            try:
                with _panics_are_damage():
                    rows = self._book.get_sheet_by_name(name).iter_rows()
                    for count, row in enumerate(rows):
                        if count >= MAX_ROWS:
                            break
                        cells = [_shown(cell) for cell in row]
                        while cells and not cells[-1]:
                            cells.pop()
                        if any(cells):
                            yield " | ".join(cells)
            except self._failures:
                continue


@contextmanager
def _panics_are_damage() -> Iterator[None]:
    """A panic of Rust code is a BaseException of its own, which no program is to catch; here it is the file's fault."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise FileUnreadableError("damaged") from error


def _shown(cell: Any) -> str:
    """A cell as a reader writes it: whole numbers without a point, dates as ISO 8601."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return " ".join(str(cell).split())
