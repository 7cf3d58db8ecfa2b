"""What is wrong with a file, by line: unknown keys with a suggestion, wrong types with what is expected."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from gvreader.app.config.keys import (
    CHECKS,
    EXPECTED,
    KEYS,
    SELECTOR_FIELDS,
    Key,
)
from gvreader.errors import ConfigError
from gvreader.i18n import _
from gvreader.patterns import pattern

Table = Mapping[str, object]
KeyPath = tuple[str, ...]

_PORTAL_NAME: Final = pattern(r"[a-z0-9][a-z0-9.-]*\Z")
_BARE_OR_QUOTED: Final = r"""(?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED: Final = rf"{_BARE_OR_QUOTED}(?:\s*\.\s*{_BARE_OR_QUOTED})*"
_HEADER: Final = pattern(rf"\s*\[\[?\s*({_DOTTED})\s*\]\]?")
_ASSIGNMENT: Final = pattern(rf"\s*({_DOTTED})\s*=")


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


def _candidates(path: KeyPath, keys: Sequence[Key]) -> list[str]:
    """The names that may stand where the last name of `path` stands."""
    depth = len(path)
    names: list[str] = []
    for key in keys:
        if len(key.path) < depth or not all(map(_fits, path[:-1], key.path)):
            continue
        pattern = key.path[depth - 1]
        names.extend(SELECTOR_FIELDS if pattern == "FIELD" else () if pattern == "NAME" else (pattern,))
    return list(dict.fromkeys(names))


def _key_for(path: KeyPath, keys: Sequence[Key]) -> Key | None:
    return next((key for key in keys if len(key.path) == len(path) and all(map(_fits, path, key.path))), None)


def _is_table(path: KeyPath, keys: Sequence[Key]) -> bool:
    return any(len(key.path) > len(path) and all(map(_fits, path, key.path)) for key in keys)


def _unknown(path: KeyPath, keys: Sequence[Key]) -> str:
    candidates = _candidates(path, keys)
    near = difflib.get_close_matches(path[-1], candidates, 1)
    message = _("unknown key `{key}`").format(key=".".join(path))
    if near:
        return message + _("; did you mean `{key}`?").format(key=".".join((*path[:-1], near[0])))
    if candidates:
        return message + _("; possible here: {keys}").format(keys=", ".join(candidates))
    return message


def _walk(table: Table, keys: Sequence[Key], above: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
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
        if _is_table(path, keys) and _key_for(path, keys) is None:
            if isinstance(value, dict):
                yield from _walk(value, keys, path)
            else:
                yield path, _("`{key}` should be a table").format(key=".".join(path))
            continue
        key = _key_for(path, keys)
        if key is None:
            yield path, _unknown(path, keys)
        elif not CHECKS[key.kind](value):
            yield (
                path,
                _("`{key}` should be {expected}").format(key=".".join(path), expected=_(EXPECTED[key.kind])),
            )


def read(file: Path) -> tuple[str, Table]:
    """The file's text and its parsed content. Raises ConfigError."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
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


def problems(file: Path, keys: Sequence[Key] = KEYS) -> list[str]:
    """Everything that is wrong with a file, one sentence each, with its line; empty for a valid one."""
    text, table = read(file)
    found = []
    for path, message in _walk(table, keys):
        line = _line_of(text, path)
        found.append(_("line {line}: {message}").format(line=line, message=message) if line else message)
    return found
