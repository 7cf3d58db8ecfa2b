"""What crosses between a fleet's run and those who do its work: values that may be sent to another process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gvreader.frozen import dataclass, field

if TYPE_CHECKING:
    from gvreader.app.config.settings import Settings
    from gvreader.model import RunFinished, Tally
    from gvreader.operations.sync.options import SyncOptions
    from gvreader.portals import Portal


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One portal to sync: with which settings, and what is asked of it."""

    name: str
    portal: Portal
    settings: Settings
    options: SyncOptions
    delay: float | None = None
    per_address: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Went:
    """A portal's run went on; `tally` counts it so far."""

    name: str
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """A sentence of a portal's run for people."""

    name: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A portal's run ended. `finished` is None where it never came to its report; `keys` are those that it stored, by
    what happened to them. `is_fatal`: no other portal could do better (a full disk).
    """

    name: str
    exit_code: int
    message: str | None
    finished: RunFinished | None = None
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    is_fatal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Crashed:
    """A process that worked for the fleet is gone, with these portals under way."""

    names: tuple[str, ...]
    slots: int


Message = Went | Noticed | Ended | Crashed
