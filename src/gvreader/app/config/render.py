"""The settings in force, written as a configuration file."""

from __future__ import annotations

import json
import re

from gvreader.app.config.keys import KEYS
from gvreader.app.config.settings import SectionProfile, Settings
from gvreader.i18n import _


def _quoted(value: object) -> str:
    """A value as TOML; JSON's strings are TOML's basic strings, apart from DEL."""
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
    hooks = {name: getattr(settings.hooks, name) for name in ("after_sync", "new_article")}
    if any(hooks.values()):
        lines += ["", "[hooks]"]
        lines += [f"{name} = {_quoted(command)}" for name, command in hooks.items() if command]
    if settings.tls:
        lines += ["", "[tls]"]
        lines += [f"{_bare(host)} = {_quoted(rule)}" for host, rule in settings.tls]
    if settings.reader.theme:
        lines += ["", "[reader]", f"theme = {_quoted(settings.reader.theme)}"]
    if settings.reader.keys:
        lines += ["", "[reader.keys]"]
        lines += [f"{_bare(action)} = {_quoted(keys)}" for action, keys in settings.reader.keys]
    if settings.reader.commands:
        lines += ["", "[reader.commands]"]
        lines += [f"{_bare(name)} = {_quoted(words)}" for name, words in settings.reader.commands]
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
