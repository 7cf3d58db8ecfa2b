"""`sync` for every portal of a fleet, many at once."""

from __future__ import annotations

import os
import queue
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from gvreader import i18n
from gvreader.app.clients import PER_ADDRESS
from gvreader.app.clock import now
from gvreader.app.fleet.crew import Crew, crews
from gvreader.app.fleet.crew_messages import Crashed, Ended, Message, Task
from gvreader.app.fleet.state import holdings
from gvreader.archive.fleet_record import RunRow
from gvreader.errors import EXIT_DONE, EXIT_INTERRUPTED, EXIT_PARTIAL, GvreaderError, PortalUnreachable
from gvreader.frozen import replace
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.app.fleet.folder import Fleet, FleetMember
    from gvreader.model import RunFinished
    from gvreader.operations.sync import SyncOptions

AT_ONCE: Final = 200
PORTALS_A_PROCESS: Final = 50
_LISTEN: Final = 0.2
_PATIENCE: Final = 8.0
"""Seconds that portals under way have to end cleanly once somebody asked to stop."""


@dataclass(slots=True)
class FleetRun:
    """One run over the portals of a fleet. `ended` has those that are done, by name; what is missing was not begun.

    `sentence` says in words how a portal's run ended, None where all went well. `elapsed` counts seconds from any
    beginning.
    """

    fleet: Fleet
    members: Sequence[FleetMember]
    options: SyncOptions
    delay: float | None
    per_address: float | None
    media: bool | None
    jobs: int | None
    at_once: int | None
    sentence: Callable[[RunFinished], str | None]
    clock: Callable[[], datetime] = now
    elapsed: Callable[[], float] = time.monotonic
    started: datetime = field(init=False)
    ended: dict[str, Ended] = field(default_factory=dict, init=False)
    is_stopped: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    @property
    def exit_code(self) -> int:
        """As the contract has it for `fleet sync`."""
        codes = [ended.exit_code for ended in self.ended.values()]
        if any(ended.is_fatal for ended in self.ended.values()):
            return 1
        if len(codes) == len(self.members) and set(codes) <= {EXIT_DONE}:
            return EXIT_DONE
        if len(codes) == len(self.members) and set(codes) == {PortalUnreachable.exit_code}:
            return PortalUnreachable.exit_code
        return EXIT_PARTIAL

    def events(self) -> Generator[Message]:
        """Do it, and say what happens. Closing the iterator stops every portal cleanly. Raises ArchiveLocked."""
        with self.fleet.locked("fleet sync", self.started):
            yield from self._events()

    def _events(self) -> Generator[Message]:
        began = self.elapsed()
        messages: queue.Queue[Message] = queue.Queue()
        waiting = self._in_order()
        at_once = min(self.at_once or _number(self.fleet, "at_once") or AT_ONCE, max(len(waiting), 1))
        hands: list[Crew] = crews(self._jobs(at_once), at_once, messages, i18n.language())
        room = {id(crew): crew.slots for crew in hands}
        whose: dict[str, Crew] = {}
        try:
            while waiting or whose:
                self._begin(waiting, hands, room, whose, self.elapsed() - began)
                if not whose:
                    return
                try:
                    message = messages.get(timeout=_LISTEN)
                except queue.Empty:
                    continue
                for heard in self._taken(message, hands, room, whose):
                    yield heard
                    if isinstance(heard, Ended) and heard.is_fatal:
                        return
        finally:
            self._wind_up(hands, messages, whose, room)

    def _in_order(self) -> list[FleetMember]:
        """The portals as they are begun: those with most left to do, the unknown, then the longest unseen."""
        runs = self.fleet.record.runs()

        def place(member: FleetMember) -> tuple[int, int, str, str]:
            run = runs.get(member.name)
            if run is None:
                return (1, 0, "", member.name)
            if run.waiting:
                return (0, -run.waiting, run.finished, member.name)
            return (2, 0, run.finished, member.name)

        return sorted(self.members, key=place)

    def _jobs(self, at_once: int) -> int:
        processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        wanted = self.jobs or min(processors, -(-at_once // PORTALS_A_PROCESS))
        return max(1, min(wanted, at_once))

    def _begin(
        self,
        waiting: list[FleetMember],
        hands: list[Crew],
        room: dict[int, int],
        whose: dict[str, Crew],
        spent: float,
    ) -> None:
        """Hand out portals while there is room and time."""
        left = self.options.stop_after and self.options.stop_after - timedelta(seconds=spent)
        if left is not None and left <= timedelta():
            self.is_stopped = self.is_stopped or bool(waiting)
            waiting.clear()
        while waiting and any(room.values()):
            crew = max(hands, key=lambda one: room[id(one)])
            member = waiting.pop(0)
            room[id(crew)] -= 1
            whose[member.name] = crew
            crew.begin(self._task(member, left))

    def _task(self, member: FleetMember, left: timedelta | None) -> Task:
        settings = self.fleet.settings_of(member)
        media = settings.sync.media if self.media is None else self.media
        return Task(
            name=member.name,
            portal=self.fleet.portal_of(member),
            settings=settings,
            options=replace(self.options, media=media, stop_after=left),
            delay=self.delay,
            per_address=per_address(self.fleet, self.per_address),
        )

    def _taken(
        self, message: Message, hands: list[Crew], room: dict[int, int], whose: dict[str, Crew]
    ) -> Generator[Message]:
        """Take in what was reported, and pass it on; a process that is gone ends its portals."""
        if isinstance(message, Crashed):
            lost = [name for name in message.names if name in whose]
            for crew in {id(whose[name]): whose[name] for name in lost}.values():
                hands.remove(crew)
                room.pop(id(crew))
            for name in lost:
                whose.pop(name)
                yield self._store(
                    Ended(name=name, exit_code=1, message=_("Its process ended without a word."))
                )
            if not hands:
                raise GvreaderError(
                    _("Every process of this run ended without a word."),
                    advice=_("Run it again: nothing that was stored is lost."),
                )
            return
        if isinstance(message, Ended):
            crew = whose.pop(message.name)
            room[id(crew)] += 1
            message = self._store(message)
        yield message

    def _store(self, ended: Ended) -> Ended:
        """Keep how a portal's run ended, in words too."""
        if ended.finished is not None and ended.message is None:
            ended = replace(ended, message=self.sentence(ended.finished) if ended.exit_code else None)
        if ended.exit_code == EXIT_INTERRUPTED and ended.message is None:
            ended = replace(ended, message=_("It was interrupted; the next run goes on there."))
        self.ended[ended.name] = ended
        member = next(one for one in self.members if one.name == ended.name)
        articles, waiting = holdings(self.fleet, member)
        self.fleet.record.save_run(
            RunRow(
                name=ended.name,
                finished=self.clock().isoformat(timespec="seconds").replace("+00:00", "Z"),
                exit_code=ended.exit_code,
                articles=articles,
                waiting=waiting,
                message=ended.message,
            )
        )
        return ended

    def _wind_up(
        self,
        hands: list[Crew],
        messages: queue.Queue[Message],
        whose: dict[str, Crew],
        room: dict[int, int],
    ) -> None:
        """Ask those under way to end, hear them out for a while, and let go."""
        for crew in hands:
            crew.ask_to_stop()
        until = self.elapsed() + _PATIENCE
        while whose and (left := until - self.elapsed()) > 0:
            try:
                message = messages.get(timeout=left)
            except queue.Empty:
                break
            if isinstance(message, Crashed | Ended):
                for _heard in self._taken(message, hands, room, whose):
                    pass
        for crew in hands:
            crew.close()


def per_address(fleet: Fleet, asked: float | None) -> float:
    """The most requests a second to one address: as asked, as `fleet.toml` says, or as usual."""
    if asked is not None:
        return asked
    written = fleet.table.get("per_address")
    return float(written) if isinstance(written, int | float) else PER_ADDRESS


def _number(fleet: Fleet, key: str) -> int | None:
    value = fleet.table.get(key)
    return value if isinstance(value, int) else None
