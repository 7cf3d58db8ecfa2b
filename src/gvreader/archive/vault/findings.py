"""What a check of the vault can find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

FindingKind = Literal[
    "torn-tail",
    "damaged-record",
    "wrong-digest",
    "unpaired-record",
    "dangling-revisit",
    "missing-file",
    "missing-record",
    "unindexed-record",
    "foreign-file",
    "unread-page",
]
_HARMLESS: Final = frozenset({"foreign-file", "unindexed-record", "torn-tail", "unread-page"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be, in which file, at which offset, in which record if it is known.

    `torn-tail`: a write that never finished, no capture was lost by it; the next writer cuts it.
    `unindexed-record`: a capture that the caller does not know; `foreign-file`: not one of the vault's.
    `unread-page`: the record is whole, but what it holds failed every reader.
    """

    kind: FindingKind
    file: str
    offset: int | None = None
    record_id: str | None = None
    detail: str = ""

    @property
    def is_damage(self) -> bool:
        """Whether evidence is lost or altered, or may be."""
        return self.kind not in _HARMLESS
