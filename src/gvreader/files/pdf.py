"""The text of PDF files, page by page, by pypdf."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from itertools import count
from typing import Final

from gvreader.files.result import PAGE_BREAK, FileUnreadableError

MAX_PAGES: Final = 200
MAX_DRAWN: Final = 24_000_000
MAX_OPERATIONS: Final = 1_000_000
# pypdf reports every flaw of a file to its log; a flawed file is no news here.
logging.getLogger("pypdf").addHandler(logging.NullHandler())


def version() -> str:
    """The reader and its version."""
    import pypdf

    return f"pdf (pypdf {pypdf.__version__})"


class PdfLines:
    """The lines of a PDF file, with how many pages it has. Raises FileUnreadableError when nothing can be read."""

    def __init__(self, body: bytes) -> None:
        from pypdf import PdfReader

        try:
            self._reader = PdfReader(io.BytesIO(body))
            is_closed = self._reader.is_encrypted and not self._reader.decrypt("")
            self.pages = 0 if is_closed else len(self._reader.pages)
        except MemoryError:
            raise
        except Exception as error:
            raise FileUnreadableError("damaged") from error
        if is_closed:
            raise FileUnreadableError("encrypted")

    def __iter__(self) -> Iterator[str]:
        operations = count(1)

        def spend(*_operation: object) -> None:
            if next(operations) > MAX_OPERATIONS:
                raise ValueError("more operations than a document has")

        drawn = 0
        try:
            for number, page in enumerate(self._reader.pages):
                # Many pages may share one large content, and a content may draw others again and again.
                contents = page.get_contents()
                drawn += len(contents.get_data()) if contents is not None else 0
                if number >= MAX_PAGES or drawn > MAX_DRAWN:
                    return
                if number:
                    yield PAGE_BREAK
                yield from page.extract_text(visitor_operand_before=spend).splitlines()
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - a stranger's file can fail anywhere inside the reader
            return
