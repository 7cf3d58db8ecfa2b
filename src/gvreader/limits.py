"""How much of anything a stranger may send: each limit once, for every reader that keeps it.

Beyond the limits of an answer it is refused as `too-large`. Beyond those of a page its text stays: tags lose
attributes, nested boxes their tags, links their addresses, cells their walls.
"""

from __future__ import annotations

from typing import Final

# ── an answer ───────────────────────────────────────────────────────────────────────────────────

HEAD_BYTES: Final = 128 << 10
"""Status line and headers."""

HEAD_LINES: Final = 20_000
"""Header lines; what is read from the wire must be readable in an archive again."""

WIRE_BYTES: Final = 32 << 20
"""A body as it comes, chunk sizes, chunk extensions and trailers counted."""

CHUNKS: Final = 1_000_000
"""Chunks of one body: a byte in each costs a hundred times what it says."""

DECODED_BYTES: Final = 32 << 20
"""A body without its content codings."""

# ── a page ──────────────────────────────────────────────────────────────────────────────────────

PAGE_CHARACTERS: Final = 8_000_000
ATTRIBUTES: Final = 500
"""Attributes of one tag; libxml2 compares each with each."""

DEPTH: Final = 200
"""Tags inside each other."""

LINKS: Final = 5_000
CELLS: Final = 100_000
"""Cells of all tables of a page."""

ORDINARY_BYTES: Final = 1 << 20
"""A decoded page above this size, or with more tags than the next limit, is read in the worker process."""

ORDINARY_TAGS: Final = 10_000

# ── work ────────────────────────────────────────────────────────────────────────────────────────

PAGE_SECONDS: Final = 5.0
"""CPU time for a page in the worker process."""

FILE_SECONDS: Final = 10.0
"""CPU time for a file in the worker process."""

WORKER_BYTES: Final = 512 << 20
"""Address space of the worker process."""

WORKER_DATA_BYTES: Final = 256 << 20
"""Memory of its own that the worker process may fill, so that it never holds more than 300 MB."""
