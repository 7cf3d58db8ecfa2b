"""The configuration file (TOML) as frozen settings. Unknown keys and wrong types are refused by line.

Precedence of the archive's place: `--archive`, GVREADER_ARCHIVE, the file's `archive`, the platform's user
data folder. Docs: docs/configuration.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gvreader.errors import ConfigError
from gvreader.i18n import _, marked

_APPLICATION: Final = "gvreader"
_CONTACT: Final = re.compile(r"[!-'*-~]+\Z")
_TLS: Final = re.compile(r"verified\Z|legacy\Z|pinned:(?:[0-9A-Fa-f]{2}:?){32}\Z")

SELECTOR_FIELDS: Final = (
    "title",
    "date",
    "summary",
    "body",
    "author",
    "section",
    "attachments",
    "related",
)
"""The fields of an article page whose selectors a portal's profile may override."""


# ── the settings ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionProfile:
    """A section that is added to those the portal's menu shows. `url` may be relative to the origin."""

    slug: str
    title: str
    url: str
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalProfile:
    """What the configuration says of one portal; None and empty leave what is known as it is."""

    name: str
    title: str | None = None
    origin: str | None = None
    family: str | None = None
    hosts: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    date_format: str | None = None
    sections: tuple[SectionProfile, ...] = ()
    selectors: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncSettings:
    """`delay`: least seconds between two requests to one host. `media`: fetch pictures and files too.

    `contact`: how the portal's staff can reach whoever runs this, sent with each request.
    """

    delay: float = 1.0
    media: bool = True
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSettings:
    """`theme`: None for what fits the terminal. `keys`: action names and the keys that replace their defaults."""

    theme: str | None = None
    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything in force. `file` is where the configuration is, or would be (`found` says which)."""

    archive: Path
    archive_from: str
    file: Path
    found: bool
    sync: SyncSettings = SyncSettings()
    portals: tuple[PortalProfile, ...] = ()
    abbreviations: tuple[tuple[str, tuple[str, ...]], ...] = ()
    tls: tuple[tuple[str, str], ...] = ()
    reader: ReaderSettings = ReaderSettings()


# ── what the file may hold ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of the file, as it is documented and checked. `NAME` in `path` stands for any name."""

    path: tuple[str, ...]
    kind: str
    about: str


KEYS: Final = (
    Key(path=("archive",), kind="path", about=marked("the archive's folder")),
    Key(
        path=("sync", "delay"), kind="seconds", about=marked("least seconds between two requests to one host")
    ),
    Key(path=("sync", "media"), kind="bool", about=marked("fetch pictures and files of articles too")),
    Key(
        path=("sync", "contact"),
        kind="contact",
        about=marked("your mail or web address, sent with each request"),
    ),
    Key(
        path=("tls", "NAME"),
        kind="tls",
        about=marked("how far a host's certificate is trusted: verified, legacy, or pinned:SHA256"),
    ),
    Key(path=("reader", "theme"), kind="theme", about=marked("the reader's looks: dark, light or terminal")),
    Key(
        path=("reader", "keys", "NAME"),
        kind="texts",
        about=marked("the keys of an action of the reader, instead of its own"),
    ),
    Key(
        path=("search", "abbreviations", "NAME"),
        kind="texts",
        about=marked("what an abbreviation stands for, beside the built-in table"),
    ),
    Key(path=("portals", "NAME", "title"), kind="text", about=marked("the portal's name for people")),
    Key(
        path=("portals", "NAME", "origin"), kind="address", about=marked("where it is, such as https://host")
    ),
    Key(path=("portals", "NAME", "family"), kind="text", about=marked("its CMS family, when it is known")),
    Key(path=("portals", "NAME", "hosts"), kind="texts", about=marked("further hosts that serve its files")),
    Key(path=("portals", "NAME", "start"), kind="texts", about=marked("paths that a sync begins at")),
    Key(
        path=("portals", "NAME", "date_format"),
        kind="text",
        about=marked("how it writes dates (strptime), tried before the usual spellings"),
    ),
    Key(
        path=("portals", "NAME", "sections"),
        kind="sections",
        about=marked("sections that its menu does not show: slug, title, url"),
    ),
    Key(
        path=("portals", "NAME", "selectors", "FIELD"),
        kind="texts",
        about=marked("CSS selectors that come before the family's"),
    ),
)

_EXPECTED: Final[Mapping[str, str]] = {
    "path": marked("a path in quotes"),
    "seconds": marked("a number of seconds, at least 0"),
    "bool": marked("true or false"),
    "text": marked("text in quotes"),
    "texts": marked("a text or a list of texts"),
    "address": marked("an http(s) address in quotes"),
    "contact": marked("an address such as mailto:me@example.org, in ASCII without spaces or brackets"),
    "tls": marked("'verified', 'legacy', or 'pinned:' and 64 hex digits"),
    "theme": marked("'dark', 'light' or 'terminal'"),
    "sections": marked("a list of tables with slug, title and url"),
}


THEMES: Final = ("dark", "light", "terminal")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: object) -> bool:
    return _is_text(value) or (isinstance(value, list) and bool(value) and all(map(_is_text, value)))


def _is_seconds(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(float(str(value))) and float(str(value)) >= 0


def _is_address(value: object) -> bool:
    from gvreader.urls import canonical

    return isinstance(value, str) and canonical(value) is not None


def _is_sections(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, dict)
        and {"slug", "title", "url"} <= item.keys() <= {"slug", "title", "url", "parent"}
        and all(map(_is_text, item.values()))
        for item in value
    )


def _is_contact(value: object) -> bool:
    return isinstance(value, str) and bool(_CONTACT.match(value))


def _is_tls(value: object) -> bool:
    return isinstance(value, str) and bool(_TLS.match(value))


_CHECKS: Final[Mapping[str, Callable[[object], bool]]] = {
    "path": _is_text,
    "seconds": _is_seconds,
    "bool": lambda value: isinstance(value, bool),
    "text": _is_text,
    "texts": _is_texts,
    "address": _is_address,
    "contact": _is_contact,
    "tls": _is_tls,
    "theme": lambda value: value in THEMES,
    "sections": _is_sections,
}

# ── checking ────────────────────────────────────────────────────────────────────────────────────

Table = Mapping[str, object]
KeyPath = tuple[str, ...]

_PORTAL_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]*\Z")
_BARE_OR_QUOTED: Final = r"""(?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED: Final = rf"{_BARE_OR_QUOTED}(?:\s*\.\s*{_BARE_OR_QUOTED})*"
_HEADER: Final = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]\]?")
_ASSIGNMENT: Final = re.compile(rf"\s*({_DOTTED})\s*=")


def _names(dotted: str) -> KeyPath:
    return tuple(name.strip("\"'") for name in re.findall(_BARE_OR_QUOTED, dotted))


def _line_of(text: str, path: KeyPath) -> int | None:
    """The line that sets `path`, or opens the table it is in; None when it cannot be told."""
    table: KeyPath = ()
    best: tuple[int, int] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = here = _names(header[1])
        elif assignment := _ASSIGNMENT.match(line):
            here = table + _names(assignment[1])
        else:
            continue
        if path[: len(here)] == here and (best is None or len(here) > best[0]):
            best = (len(here), number)
    return best[1] if best else None


def _fits(name: str, pattern: str) -> bool:
    if pattern == "FIELD":
        return name in SELECTOR_FIELDS
    return pattern in ("NAME", name)


def _candidates(path: KeyPath) -> list[str]:
    """The names that may stand where the last name of `path` stands."""
    depth = len(path)
    names: list[str] = []
    for key in KEYS:
        if len(key.path) < depth or not all(map(_fits, path[:-1], key.path)):
            continue
        pattern = key.path[depth - 1]
        names.extend(SELECTOR_FIELDS if pattern == "FIELD" else () if pattern == "NAME" else (pattern,))
    return list(dict.fromkeys(names))


def _key_for(path: KeyPath) -> Key | None:
    return next((key for key in KEYS if len(key.path) == len(path) and all(map(_fits, path, key.path))), None)


def _is_table(path: KeyPath) -> bool:
    return any(len(key.path) > len(path) and all(map(_fits, path, key.path)) for key in KEYS)


def _unknown(path: KeyPath) -> str:
    import difflib

    candidates = _candidates(path)
    near = difflib.get_close_matches(path[-1], candidates, 1)
    message = _("unknown key `{key}`").format(key=".".join(path))
    if near:
        return message + _("; did you mean `{key}`?").format(key=".".join((*path[:-1], near[0])))
    if candidates:
        return message + _("; possible here: {keys}").format(keys=", ".join(candidates))
    return message


def _walk(table: Table, above: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """The problems of a parsed file: where and what."""
    for name, value in table.items():
        path = (*above, name)
        if above == ("portals",) and not _PORTAL_NAME.match(name):
            yield (
                path,
                _("a portal's name has only small letters, digits, dots and dashes, not {name}").format(
                    name=repr(name)
                ),
            )
            continue
        if _is_table(path) and _key_for(path) is None:
            if isinstance(value, dict):
                yield from _walk(value, path)
            else:
                yield path, _("`{key}` should be a table").format(key=".".join(path))
            continue
        key = _key_for(path)
        if key is None:
            yield path, _unknown(path)
        elif not _CHECKS[key.kind](value):
            yield (
                path,
                _("`{key}` should be {expected}").format(key=".".join(path), expected=_(_EXPECTED[key.kind])),
            )


def _read(file: Path) -> tuple[str, Table]:
    """The file's text and its parsed content. Raises ConfigError."""
    import tomllib

    try:
        text = file.read_bytes().decode("utf-8")
        return text, tomllib.loads(text)
    except OSError as error:
        raise ConfigError(
            _("The configuration file {file} cannot be read: {reason}").format(
                file=file, reason=error.strerror or error
            )
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(_("The configuration file {file} is not UTF-8").format(file=file)) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            _("The configuration file {file} is not valid TOML: {reason}").format(file=file, reason=error),
            advice=_("See docs/configuration.md for an example."),
        ) from error


def problems(file: Path) -> list[str]:
    """Everything that is wrong with a file, one sentence each, with its line; empty for a valid one."""
    text, table = _read(file)
    found = []
    for path, message in _walk(table):
        line = _line_of(text, path)
        found.append(_("line {line}: {message}").format(line=line, message=message) if line else message)
    return found


# ── loading ─────────────────────────────────────────────────────────────────────────────────────


def _table(table: Table, *path: str) -> Table:
    for name in path:
        inner = table.get(name, {})
        assert isinstance(inner, dict), "checked by _walk"
        table = inner
    return table


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(str(item) for item in _items(value))


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _profile(name: str, table: Table) -> PortalProfile:
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
    import platformdirs

    return platformdirs.user_config_path(_APPLICATION, appauthor=False) / "config.toml"


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
    import platformdirs

    return platformdirs.user_data_path(_APPLICATION, appauthor=False), _("default")


def load(file: Path | None = None, *, archive: Path | None = None, environ: Mapping[str, str]) -> Settings:
    """The settings in force; `file` is one that was asked for (and must be there), `archive` the option.

    Raises ConfigError that names the key and its line.
    """
    place = file or default_file()
    found = file is not None or place.is_file()
    table: Table = {}
    if found:
        wrong = problems(place)
        if wrong:
            more = _(" (and {n} more)").format(n=len(wrong) - 1) if len(wrong) > 1 else ""
            raise ConfigError(
                f"{place}: {wrong[0]}{more}",
                advice=_(
                    "`gvreader config check` lists everything; docs/configuration.md explains the keys."
                ),
            )
        _source, table = _read(place)
    folder, said_by = _place_of_archive(archive, environ, table, place)
    sync = _table(table, "sync")
    defaults = SyncSettings()
    delay, media = sync.get("delay", defaults.delay), sync.get("media", defaults.media)
    tls = _table(table, "tls")
    reader = _table(table, "reader")
    abbreviations = _table(table, "search", "abbreviations")
    profiles = _table(table, "portals")
    return Settings(
        archive=folder,
        archive_from=said_by,
        file=place,
        found=found,
        sync=SyncSettings(delay=float(str(delay)), media=media is True, contact=_text(sync.get("contact"))),
        portals=tuple(_profile(name, _table(profiles, name)) for name in profiles),
        abbreviations=tuple((name, _texts(value)) for name, value in abbreviations.items()),
        reader=ReaderSettings(
            theme=_text(reader.get("theme")),
            keys=tuple((action, _texts(keys)) for action, keys in _table(reader, "keys").items()),
        ),
        tls=tuple((host, str(rule)) for host, rule in tls.items()),
    )


# ── showing ─────────────────────────────────────────────────────────────────────────────────────


def _quoted(value: object) -> str:
    """A value as TOML; JSON's strings are TOML's basic strings, apart from DEL."""
    import json

    if isinstance(value, tuple):
        return f"[{', '.join(map(_quoted, value))}]"
    if isinstance(value, SectionProfile):
        names = ("slug", "title", "url", "parent")
        pairs = ((name, getattr(value, name)) for name in names)
        return "{ " + ", ".join(f"{name} = {_quoted(item)}" for name, item in pairs if item) + " }"
    if isinstance(value, bool | float | int):
        return str(value).lower()
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _bare(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def as_toml(settings: Settings) -> list[str]:
    """The settings in force as lines of a valid configuration file, with comments."""
    source = (
        str(settings.file)
        if settings.found
        else _("{file} (not there; these are the defaults)").format(file=settings.file)
    )
    lines = [
        f"# {source}",
        f"archive = {_quoted(settings.archive)}  # {settings.archive_from}",
        "",
        "[sync]",
        f"delay = {_quoted(settings.sync.delay)}  # {_about('sync', 'delay')}",
        f"media = {_quoted(settings.sync.media)}  # {_about('sync', 'media')}",
    ]
    if settings.sync.contact:
        lines.append(f"contact = {_quoted(settings.sync.contact)}")
    if settings.tls:
        lines += ["", "[tls]"]
        lines += [f"{_bare(host)} = {_quoted(rule)}" for host, rule in settings.tls]
    if settings.reader.theme:
        lines += ["", "[reader]", f"theme = {_quoted(settings.reader.theme)}"]
    if settings.reader.keys:
        lines += ["", "[reader.keys]"]
        lines += [f"{_bare(action)} = {_quoted(keys)}" for action, keys in settings.reader.keys]
    if settings.abbreviations:
        lines += ["", "[search.abbreviations]"]
        lines += [f"{_bare(name)} = {_quoted(meanings)}" for name, meanings in settings.abbreviations]
    for profile in settings.portals:
        lines += ["", f"[portals.{_bare(profile.name)}]"]
        for name in ("title", "origin", "family", "hosts", "start", "date_format", "sections"):
            value = getattr(profile, name)
            if value:
                lines.append(f"{name} = {_quoted(value)}")
        if profile.selectors:
            lines += ["", f"[portals.{_bare(profile.name)}.selectors]"]
            lines += [f"{field} = {_quoted(selectors)}" for field, selectors in profile.selectors]
    return lines


def _about(*path: str) -> str:
    return next(_(key.about) for key in KEYS if key.path == path)
