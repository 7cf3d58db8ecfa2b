"""What is known of each portal of a fleet, at any time, also during a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gvreader.app.archive import Archive
from gvreader.archive.lock import is_held
from gvreader.errors import GvreaderError
from gvreader.frozen import dataclass

if TYPE_CHECKING:
    from gvreader.app.fleet.folder import Fleet, FleetMember


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberState:
    """One portal: what its last probe and run said (None before the first), and what its archive holds now."""

    member: FleetMember
    state: str | None
    is_running: bool
    exit_code: int | None
    finished: str | None
    articles: int
    waiting: int
    message: str | None


_WORST_FIRST = (1, 6, 7, 4, 5, 2, 8, 3, 130, None, 0)


def states(fleet: Fleet, members: Sequence[FleetMember]) -> Iterator[MemberState]:
    """Every portal's state, in the order of names."""
    probes, runs = fleet.record.probes(), fleet.record.runs()
    for member in members:
        probe, run = probes.get(member.name), runs.get(member.name)
        articles, waiting = holdings(fleet, member)
        yield MemberState(
            member=member,
            state=probe.state if probe is not None else None,
            is_running=is_held(member.archive),
            exit_code=run.exit_code if run is not None else None,
            finished=run.finished if run is not None else None,
            articles=articles,
            waiting=waiting,
            message=run.message if run is not None else probe.detail if probe is not None else None,
        )


def badness(state: MemberState) -> tuple[int, int, str]:
    """A key that sorts the worst first."""
    place = _WORST_FIRST.index(state.exit_code) if state.exit_code in _WORST_FIRST else 0
    return place, -state.waiting, state.member.name


def holdings(fleet: Fleet, member: FleetMember) -> tuple[int, int]:
    """How many articles a portal's archive has, and how many pages it knows and has not fetched."""
    try:
        with Archive(fleet.settings_of(member)).open_library() as library:
            waiting = sum(
                count
                for portal in library.portals.all()
                for kind, count in library.journal.queued(portal.name).items()
                if kind != "media"
            )
            return library.overview().articles, waiting
    except GvreaderError:
        return 0, 0
