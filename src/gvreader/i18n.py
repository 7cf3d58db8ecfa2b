"""Messages in English and Vietnamese: source strings are English, `locale/` holds the catalogues.

`use()` is called once, by the front end; until then every message is English.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

Language = Literal["vi", "en"]
DOMAIN: Final = "gvreader"
CATALOGUES: Final = Path(__file__).parent / "locale"

_active: gettext.NullTranslations = gettext.NullTranslations()
_language: Language = "en"


def use(language: Language) -> None:
    """Switch every later message to `language`."""
    global _active, _language
    _active = gettext.translation(DOMAIN, CATALOGUES, [language], fallback=True)
    _language = language


def language() -> Language:
    """The language in force."""
    return _language


def preferred(environ: Mapping[str, str] = os.environ) -> Language:
    """The language that the environment asks for: GVREADER_LANG, else the locale, else English."""
    for name in ("GVREADER_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name, "")
        if value:
            return "vi" if value.lower().startswith("vi") else "en"
    return "en"


def _(message: str) -> str:
    """`message` in the language in force."""
    return _active.gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form of the message that fits the number `n`."""
    return _active.ngettext(singular, plural, n)


def with_reasons(message: str) -> str:
    """`message` with the reasons of the system and the network in it in the language in force, too."""
    if _language == "en":
        return message
    for reason in _REASONS:
        message = message.replace(reason, _(reason))
    return message


def marked(message: str) -> str:
    """`message` as it is: marks it for the catalogue where it is written, for `_` where it is shown."""
    return message


_REASONS: Final = (
    marked("No such file or directory"),
    marked("Permission denied"),
    marked("Not a directory"),
    marked("Is a directory"),
    marked("No space left on device"),
    marked("Read-only file system"),
    marked("Address already in use"),
    marked("Connection refused"),
    marked("Connection reset by peer"),
    marked("Network is unreachable"),
    marked("there is no host named"),
    marked("no connection to"),
    marked("database disk image is malformed"),
)
"""What the operating system, SQLite and the network say themselves, always in English."""
