"""From a file, the environment and the options to the settings in force."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from gvreader.app.config.settings import (
    HookSettings,
    PortalProfile,
    ReaderSettings,
    SectionProfile,
    Settings,
    SyncSettings,
)
from gvreader.errors import ConfigError
from gvreader.i18n import _

Table = Mapping[str, object]

_APPLICATION: Final = "gvreader"
_HAS_XDG: Final[bool] = sys.platform == "linux"


def _table(table: Table, *path: str) -> Table:
    for name in path:
        inner = table.get(name, {})
        assert isinstance(inner, dict), "checked before"
        table = inner
    return table


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(str(item) for item in _items(value))


def _command(value: object) -> tuple[str, ...]:
    """The words of a command; a text is split as a shell would."""
    return tuple(shlex.split(value)) if isinstance(value, str) else _texts(value)


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def portal_profile(name: str, table: Table) -> PortalProfile:
    """What a checked table says of a portal."""
    sections = [item for item in _items(table.get("sections")) if isinstance(item, dict)]
    return PortalProfile(
        name=name,
        title=_text(table.get("title")),
        origin=_text(table.get("origin")),
        family=_text(table.get("family")),
        hosts=_texts(table.get("hosts")),
        start=_texts(table.get("start")),
        date_format=_text(table.get("date_format")),
        sections=tuple(SectionProfile(**section) for section in sections),
        selectors=tuple((field, _texts(value)) for field, value in _table(table, "selectors").items()),
    )


def default_file() -> Path:
    """Where the configuration is looked for when nobody says otherwise."""
    return _user_folder("config") / "config.toml"


def state_folder() -> Path:
    """Where this platform keeps what a user's programs remember between runs."""
    return _user_folder("state")


def _user_folder(kind: Literal["config", "data", "state"]) -> Path:
    """Where this platform keeps such files of a user's."""
    if _HAS_XDG:
        # What platformdirs would say, without the time that it takes to load (XDG Base Directory Specification).
        name, usual = {
            "config": ("XDG_CONFIG_HOME", ".config"),
            "data": ("XDG_DATA_HOME", ".local/share"),
            "state": ("XDG_STATE_HOME", ".local/state"),
        }[kind]
        return Path(os.environ.get(name, "").strip() or Path.home() / usual) / _APPLICATION
    import platformdirs

    folders = {
        "config": platformdirs.user_config_path,
        "data": platformdirs.user_data_path,
        "state": platformdirs.user_state_path,
    }
    return folders[kind](_APPLICATION, appauthor=False)


def _place_of_archive(
    option: Path | None, environ: Mapping[str, str], table: Table, file: Path
) -> tuple[Path, str]:
    """The archive's folder, absolute, and who said so."""
    named, written = environ.get("GVREADER_ARCHIVE"), _text(table.get("archive"))
    if option is not None:
        return option.absolute(), "--archive"
    if named:
        return Path(named).expanduser().absolute(), "GVREADER_ARCHIVE"
    if written:
        return (file.absolute().parent / Path(written).expanduser()), str(file)
    return _user_folder("data"), _("default")


def load(file: Path | None = None, *, archive: Path | None = None, environ: Mapping[str, str]) -> Settings:
    """The settings in force; `file` is one that was asked for (and must be there), `archive` the option.

    Raises ConfigError that names the key and its line.
    """
    place = file or default_file()
    found = file is not None or place.is_file()
    table: Table = {}
    if found:
        # Most people have no file; they need not wait for the parser.
        from gvreader.app.config.validation import problems, read

        wrong = problems(place)
        if wrong:
            more = _(" (and {n} more)").format(n=len(wrong) - 1) if len(wrong) > 1 else ""
            raise ConfigError(
                f"{place}: {wrong[0]}{more}",
                advice=_(
                    "`gvreader config check` lists everything; docs/configuration.md explains the keys."
                ),
            )
        _source, table = read(place)
    folder, said_by = _place_of_archive(archive, environ, table, place)
    sync = _table(table, "sync")
    defaults = SyncSettings()
    delay, media = sync.get("delay", defaults.delay), sync.get("media", defaults.media)
    hooks = _table(table, "hooks")
    tls = _table(table, "tls")
    reader = _table(table, "reader")
    abbreviations = _table(table, "search", "abbreviations")
    profiles = _table(table, "portals")
    settings = Settings(
        archive=folder,
        archive_from=said_by,
        file=place,
        found=found,
        sync=SyncSettings(delay=float(str(delay)), media=media is True, contact=_text(sync.get("contact"))),
        hooks=HookSettings(
            after_sync=_command(hooks.get("after_sync")), new_article=_command(hooks.get("new_article"))
        ),
        portals=tuple(portal_profile(name, _table(profiles, name)) for name in profiles),
        abbreviations=tuple((name, _texts(value)) for name, value in abbreviations.items()),
        reader=ReaderSettings(
            theme=_text(reader.get("theme")),
            keys=tuple((action, _texts(keys)) for action, keys in _table(reader, "keys").items()),
            commands=tuple((name, _command(words)) for name, words in _table(reader, "commands").items()),
        ),
        tls=tuple((host, str(rule)) for host, rule in tls.items()),
    )
    fleet = folder.parent.parent / "fleet.toml"
    if folder.parent.name == "archives" and fleet.is_file():
        from gvreader.app.config.fleet_file import read_fleet, with_fleet

        settings = with_fleet(settings, read_fleet(fleet), folder.name)
    return settings
