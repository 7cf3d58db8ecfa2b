"""What a source yields."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from gvreader.model import Capture

OddityKind = Literal[
    "unreadable",
    "not-archive",
    "damaged",
    "stray-bytes",
    "truncated",
    "too-large",
    "codec",
    "bad-record",
    "bad-http",
    "wrong-length",
    "wrong-digest",
    "no-date",
    "no-address",
    "not-http",
    "not-page",
    "method",
    "other-type",
    "segmented",
    "lone-request",
    "unresolved-revisit",
]

_NO_PAGES: Final = frozenset({"not-http", "not-page", "method", "other-type", "lone-request", "stray-bytes"})
# No other file and no other run would bring them.
_FOR_GOOD: Final = frozenset({"too-large"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A capture and where it was found. `entry` is the file inside a WACZ, `offset` that of its record.

    `portal` and `origin` are what our own WARC files say of themselves; None in those of other makers. `record_id` is
    that of the record, where it has one.
    """

    capture: Capture
    path: Path
    entry: str | None = None
    offset: int | None = None
    portal: str | None = None
    origin: str | None = None
    record_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """Something odd in a file. `is_kept`: its capture was taken all the same. `is_read_error`: the disk failed, not
    the file: what it holds is not known.
    """

    kind: OddityKind
    path: Path
    entry: str | None = None
    offset: int | None = None
    url: str | None = None
    detail: str = ""
    is_kept: bool = False
    is_read_error: bool = False

    @property
    def is_loss(self) -> bool:
        """Whether a page may be missing for it that another file or run may bring."""
        return not self.is_kept and self.kind not in _NO_PAGES and self.kind not in _FOR_GOOD

    @property
    def is_notable(self) -> bool:
        """Whether it is worth a sentence without being asked for."""
        return self.is_loss or self.kind in _FOR_GOOD or self.kind == "stray-bytes"


SourceItem: TypeAlias = Imported | Anomaly
