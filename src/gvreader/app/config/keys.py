"""Every key that the file may hold: one table gives the checks, `config show` and the docs' test their names."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from gvreader.i18n import marked
from gvreader.patterns import pattern

_CONTACT: Final = pattern(r"[!-'*-~]+\Z")
_TLS: Final = pattern(r"verified\Z|legacy\Z|pinned:(?:[0-9A-Fa-f]{2}:?){32}\Z")

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
        path=("hooks", "after_sync"),
        kind="command",
        about=marked("a command to run after each sync, with its report as JSON on stdin"),
    ),
    Key(
        path=("hooks", "new_article"),
        kind="command",
        about=marked("a command to run for each new article, with it as JSON on stdin"),
    ),
    Key(
        path=("tls", "NAME"),
        kind="tls",
        about=marked("how far a host's certificate is trusted: verified, legacy, or pinned:SHA256"),
    ),
    Key(path=("reader", "theme"), kind="theme", about=marked("the reader's looks: dark, light or terminal")),
    Key(
        path=("reader", "keys", "NAME"),
        kind="keys",
        about=marked("the keys of an action of the reader, instead of its own; or, for a key, what it does"),
    ),
    Key(
        path=("reader", "commands", "NAME"),
        kind="command",
        about=marked(
            "a program of your own that gets the article on its stdin, under a name for reader.keys"
        ),
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
        kind="date_format",
        about=marked("how it writes dates (strptime), tried before the usual spellings"),
    ),
    Key(
        path=("portals", "NAME", "sections"),
        kind="sections",
        about=marked("sections that its menu does not show: slug, title, url"),
    ),
    Key(
        path=("portals", "NAME", "selectors", "FIELD"),
        kind="selectors",
        about=marked("CSS selectors that come before the family's"),
    ),
)

FLEET_KEYS: Final = (
    Key(path=("delay",), kind="seconds", about=marked("least seconds between two requests to one host")),
    Key(
        path=("per_address",),
        kind="rate",
        about=marked("most requests a second to one address, whatever names share it; 0: no limit"),
    ),
    Key(path=("at_once",), kind="count", about=marked("how many portals are synced at the same time")),
    Key(path=("media",), kind="bool", about=marked("fetch pictures and files of articles too")),
    Key(path=("portals", "NAME", "group"), kind="text", about=marked("the group that it belongs to")),
    Key(
        path=("portals", "NAME", "delay"),
        kind="seconds",
        about=marked("least seconds between two requests to one host"),
    ),
    *(key for key in KEYS if key.path[0] == "portals"),
)
"""The keys of a fleet's `fleet.toml`."""

EXPECTED: Final[Mapping[str, str]] = {
    "path": marked("a path in quotes"),
    "seconds": marked("a number of seconds, at least 0"),
    "rate": marked("a number of requests a second, at least 0"),
    "count": marked("a whole number of at least 1"),
    "bool": marked("true or false"),
    "text": marked("text in quotes"),
    "texts": marked("a text or a list of texts"),
    "keys": marked("a text or a list of texts, which may be empty"),
    "command": marked("a command as a list of words, or as a text that needs no shell"),
    "address": marked("an http(s) address in quotes"),
    "contact": marked("an address such as mailto:me@example.org, in ASCII without spaces or brackets"),
    "tls": marked("'verified', 'legacy', or 'pinned:' and 64 hex digits"),
    "theme": marked("'dark', 'light' or 'terminal'"),
    "sections": marked("a list of tables with slug, title and url"),
    "date_format": marked("a format of strptime with day, month and year, such as '%d/%m/%Y'"),
    "selectors": marked("a CSS selector or a list of them, such as 'div.content > h1'"),
}


THEMES: Final = ("dark", "light", "terminal")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: object) -> bool:
    return _is_text(value) or (isinstance(value, list) and bool(value) and all(map(_is_text, value)))


def _is_command(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(word, str) for word in value) and _is_text(value[0])
    try:
        return isinstance(value, str) and bool(shlex.split(value))
    except ValueError:
        return False


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


def _is_date_format(value: object) -> bool:
    """Whether a day that is written in this format is read as the same day."""
    from datetime import datetime

    if not _is_text(value):
        return False
    day = datetime(2023, 12, 31)  # noqa: DTZ001 - a day, in no zone
    try:
        return datetime.strptime(day.strftime(str(value)), str(value)).date() == day.date()  # noqa: DTZ007
    except (ValueError, re.error):
        return False


def _is_selectors(value: object) -> bool:
    if not _is_texts(value):
        return False
    from cssselect import HTMLTranslator, SelectorError

    try:
        for selector in value if isinstance(value, list) else [value]:
            HTMLTranslator().css_to_xpath(str(selector))
    except SelectorError:
        return False
    return True


def _is_contact(value: object) -> bool:
    return isinstance(value, str) and bool(_CONTACT.match(value))


def _is_tls(value: object) -> bool:
    return isinstance(value, str) and bool(_TLS.match(value))


CHECKS: Final[Mapping[str, Callable[[object], bool]]] = {
    "path": _is_text,
    "seconds": _is_seconds,
    "rate": _is_seconds,
    "count": lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 1,
    "bool": lambda value: isinstance(value, bool),
    "text": _is_text,
    "texts": _is_texts,
    "keys": lambda value: value == [] or _is_texts(value),
    "command": _is_command,
    "address": _is_address,
    "contact": _is_contact,
    "tls": _is_tls,
    "theme": lambda value: value in THEMES,
    "sections": _is_sections,
    "date_format": _is_date_format,
    "selectors": _is_selectors,
}
