"""Text as it comes, to stdout or into a file that is replaced only when it is whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gvreader.cli.console import Console


def write_text(console: Console, output: Path | None, pieces: Iterable[str]) -> None:
    """Write UTF-8. A character that no encoding holds (a lone surrogate) is written as an escape."""
    if output is None:
        for piece in pieces:
            console.write(piece)
        return
    from gvreader.export.atomic_files import replacing

    with replacing(output) as stream:
        for piece in pieces:
            stream.write(piece.encode("utf-8", "backslashreplace"))
