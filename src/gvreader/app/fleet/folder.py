"""The folder of a fleet: its list of portals, its archives, and what was last seen of each."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gvreader.errors import ConfigError, NothingMatched, StorageFailed, UsageError
from gvreader.frozen import dataclass, replace
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.app.config import Settings
    from gvreader.app.fleet.listing import Candidate
    from gvreader.archive.fleet_record import FleetRecord
    from gvreader.archive.lock import ArchiveLock
    from gvreader.portals import Portal

FILE: Final = "fleet.toml"
_HEAD: Final = (
    "# A fleet of portals. `gvreader fleet add` appends here; all else is yours. See docs/scale.md.\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetMember:
    """A portal of a fleet: its name, its own address, its group, and the folder of its archive."""

    name: str
    origin: str
    group: str | None
    archive: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """The names that were appended to a fleet's list, and those that it had."""

    added: tuple[str, ...]
    known: tuple[str, ...]


class Fleet:
    """A folder with `fleet.toml`. Raises ConfigError for a list that is not valid."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self._settings = settings

    @property
    def file(self) -> Path:
        return self.folder / FILE

    @cached_property
    def record(self) -> FleetRecord:
        """What was last seen of each portal."""
        from gvreader.archive.fleet_record import FleetRecord

        return FleetRecord(self.folder / "fleet.sqlite3")

    @cached_property
    def table(self) -> Mapping[str, object]:
        """The parsed list. Raises NothingMatched where there is none, and ConfigError."""
        if not self.file.is_file():
            raise NothingMatched(
                _("There is no fleet in {folder}.").format(folder=self.folder),
                advice=_("`gvreader fleet add {folder} URL…` begins one.").format(folder=self.folder),
            )
        from gvreader.app.config.fleet_file import read_fleet

        return read_fleet(self.file)

    @cached_property
    def members(self) -> tuple[FleetMember, ...]:
        """All portals in the order of names."""
        profiles = _tables(self.table.get("portals"))
        return tuple(self._member(name, profiles[name]) for name in sorted(profiles))

    def chosen(self, names: Sequence[str], groups: Sequence[str]) -> tuple[FleetMember, ...]:
        """The portals that are named or in a group that is; all where nothing is asked.

        Raises UsageError for what is not listed, and NothingMatched for an empty fleet.
        """
        if not self.members:
            raise NothingMatched(
                _("The fleet {folder} has no portals.").format(folder=self.folder),
                advice=_("`gvreader fleet add {folder} URL…` adds some.").format(folder=self.folder),
            )
        for name in names:
            if all(member.name != name for member in self.members):
                raise UsageError(
                    _("There is no portal `{name}` in the fleet.").format(name=name)
                    + _near(name, [member.name for member in self.members]),
                    advice=_("`gvreader fleet status {folder}` lists its portals.").format(
                        folder=self.folder
                    ),
                )
        for group in groups:
            if all(member.group != group for member in self.members):
                raise UsageError(
                    _("There is no group `{name}` in the fleet.").format(name=group)
                    + _near(group, [member.group for member in self.members if member.group]),
                )
        if not names and not groups:
            return self.members
        return tuple(member for member in self.members if member.name in names or member.group in groups)

    def settings_of(self, member: FleetMember) -> Settings:
        """The settings in force for a portal's archive: the fleet's before the configuration's."""
        from gvreader.app.config.fleet_file import with_fleet

        return with_fleet(replace(self._settings, archive=member.archive), self.table, member.name)

    def portal_of(self, member: FleetMember) -> Portal:
        """The portal with what the fleet and the configuration say of it."""
        from gvreader.app.portal_lookup import portal_named

        return portal_named(self.settings_of(member), member.name, member.origin)

    def locked(self, command: str, since: datetime) -> ArchiveLock:
        """The right to probe or sync. Raises ArchiveLocked when it is entered."""
        from gvreader.archive.lock import ArchiveLock

        return ArchiveLock(self.folder, command=command, since=since)

    def add(self, wanted: Iterable[Candidate]) -> Added:
        """Append portals to the list; all or none. Raises UsageError, ConfigError and StorageFailed."""
        wanted = tuple(wanted)
        if not self.file.exists():
            self._forget()
            self.__dict__["table"] = {}
            self._added(wanted)  # what cannot be is said before anything is made
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self.file.open("a+b") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX)
                self._forget()
                added, known, text = self._added(wanted)
                if text:
                    stream.seek(0, os.SEEK_END)
                    is_new = stream.tell() == 0
                    stream.write(((_HEAD if is_new else "") + text).encode())
                    stream.flush()
                    os.fsync(stream.fileno())
        except OSError as error:
            raise StorageFailed(
                _("{file} could not be written ({reason}).").format(
                    file=self.file, reason=error.strerror or error
                ),
                advice=_("Check that the disk is mounted, has room, and may be written by you."),
            ) from error
        self._forget()
        return Added(added=added, known=known)

    def _forget(self) -> None:
        """Read the list anew when it is asked for next."""
        self.__dict__.pop("table", None)
        self.__dict__.pop("members", None)

    def _added(self, wanted: Sequence[Candidate]) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """What is new among the candidates, what is listed, and the lines to append."""
        from gvreader.app.portal_lookup import portal_for
        from gvreader.urls import origin, twin

        names = {member.name: twin(member.origin) for member in self.members}
        origins = {place: name for name, place in names.items()}
        added: list[str] = []
        known: list[str] = []
        text = ""
        for one in wanted:
            home = origin(one.url) or one.url
            portal = portal_for(self._settings, one.url)
            name = one.name or origins.get(twin(home)) or portal.name
            listed = names.get(name)
            if listed is not None and listed != twin(home):
                raise UsageError(
                    _("{place}: `{name}` is another portal in this fleet already.").format(
                        place=one.place, name=name
                    ),
                    advice=_("Give it another name: NAME={url}. Nothing was added.").format(url=one.url),
                )
            owner = origins.get(twin(home))
            if owner is not None and owner != name:
                raise UsageError(
                    _("{place}: {url} is in this fleet already, as `{name}`.").format(
                        place=one.place, url=home, name=owner
                    ),
                    advice=_("Nothing was added."),
                )
            if listed is not None:
                if name not in added and name not in known:
                    known.append(name)
                continue
            names[name], origins[twin(home)] = twin(home), name
            added.append(name)
            text += _entry(name, home, one, portal.start)
        return tuple(added), tuple(known), text

    def _member(self, name: str, profile: Mapping[str, object]) -> FleetMember:
        from gvreader.app.portal_lookup import portals

        origin, group = profile.get("origin"), profile.get("group")
        if not isinstance(origin, str):
            origin = next((portal.origin for portal in portals(self._settings) if portal.name == name), None)
        if origin is None:
            raise ConfigError(
                _("{file}: the portal `{name}` needs an `origin`.").format(file=self.file, name=name)
            )
        return FleetMember(
            name=name,
            origin=origin,
            group=group if isinstance(group, str) else None,
            archive=self.folder / "archives" / name,
        )


def _entry(name: str, home: str, one: Candidate, start: Sequence[str]) -> str:
    """A table of the list. Names and groups hold no quote or backslash; addresses are canonical."""
    lines = ["", f'[portals."{name}"]' if "." in name else f"[portals.{name}]", f'origin = "{home}"']
    if one.group is not None:
        lines.append(f'group = "{one.group}"')
    if len(start) > 1:
        lines.append("start = [" + ", ".join(f'"{_escaped(path)}"' for path in start) + "]")
    return "\n".join(lines) + "\n"


def _escaped(path: str) -> str:
    return path.replace("\\", "\\\\").replace('"', '\\"')


def _tables(value: object) -> dict[str, Mapping[str, object]]:
    table = value if isinstance(value, dict) else {}
    return {name: inner for name, inner in table.items() if isinstance(inner, dict)}


def _near(word: str, names: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(word, names, 1)
    return _(" Did you mean `{name}`?").format(name=near[0]) if near else ""
