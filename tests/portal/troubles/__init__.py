"""Every kind of trouble seen between portals and their readers, and a catalogue of them by name.

`answers`: what the portal says wrongly. `bytes`: what its responses look like. `lines`: how they arrive.
`traps`: links without end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from tests.portal.faults import Fault
from tests.portal.troubles.answers import (
    Challenge,
    Empty,
    ForeignTemplate,
    Login,
    Maintenance,
    Redirect,
    RedirectLoop,
    Robots,
    Shell,
    SoftNotFound,
    Status,
    WrongType,
)
from tests.portal.troubles.lines import (
    Chunked,
    Drip,
    Hang,
    Reset,
    SlowHeaders,
    Truncated,
    Unsized,
)
from tests.portal.troubles.payloads import (
    Bomb,
    Charset,
    Corrupt,
    Endless,
    InvalidHeaders,
    Oversized,
    WrongCoding,
)
from tests.portal.troubles.traps import Calendar, SessionIds

CATALOGUE: Final[Mapping[str, Callable[[], Fault]]] = {
    "status-404": lambda: Status(404),
    "status-410": lambda: Status(410),
    "status-403": lambda: Status(403),
    "status-500": lambda: Status(500),
    "status-503": lambda: Status(503),
    "retry-after-seconds": lambda: Status(503, retry_after=1),
    "retry-after-date": lambda: Status(503, retry_after=datetime.now(UTC) + timedelta(seconds=1)),
    "retry-after-nonsense": lambda: Status(503, retry_after="soon"),
    "too-many-requests": lambda: Status(429, retry_after=1),
    "hang": Hang,
    "drip": Drip,
    "slow-headers": SlowHeaders,
    "reset": Reset,
    "reset-in-body": lambda: Reset(after=600),
    "truncated": Truncated,
    "chunked": Chunked,
    "chunks-cut": lambda: Chunked(cut=True),
    "unsized": Unsized,
    "gzip-bomb": Bomb,
    "endless": Endless,
    "oversized": Oversized,
    "wrong-coding": WrongCoding,
    "unknown-coding": lambda: WrongCoding("x-none"),
    "corrupt-gzip": Corrupt,
    "invalid-headers": InvalidHeaders,
    "lying-charset": lambda: Charset("utf-8", declared="iso-8859-1"),
    "windows-1258": lambda: Charset("windows-1258", declared="windows-1258"),
    "windows-1258-undeclared": lambda: Charset("windows-1258", declared="utf-8"),
    "redirect-loop": RedirectLoop,
    "redirect-off-site": lambda: Redirect("http://another-site.example/"),
    "redirect-metadata": lambda: Redirect("http://169.254.169.254/latest/meta-data/"),
    "redirect-private": lambda: Redirect("http://10.0.0.1/admin"),
    "redirect-file": lambda: Redirect("file:///etc/passwd"),
    "soft-404": SoftNotFound,
    "challenge": Challenge,
    "captcha": lambda: Challenge("captcha"),
    "maintenance": Maintenance,
    "maintenance-503": lambda: Maintenance(503),
    "login": Login,
    "empty": Empty,
    "shell": Shell,
    "foreign-template": ForeignTemplate,
    "wrong-type": WrongType,
    "calendar": Calendar,
    "session-ids": SessionIds,
    "robots-disallow": lambda: Robots("User-agent: *\nDisallow: /\n"),
}
"""Name → a fault with its usual settings."""

__all__ = [
    "CATALOGUE",
    "Bomb",
    "Calendar",
    "Challenge",
    "Charset",
    "Chunked",
    "Corrupt",
    "Drip",
    "Empty",
    "Endless",
    "ForeignTemplate",
    "Hang",
    "InvalidHeaders",
    "Login",
    "Maintenance",
    "Oversized",
    "Redirect",
    "RedirectLoop",
    "Reset",
    "Robots",
    "SessionIds",
    "Shell",
    "SlowHeaders",
    "SoftNotFound",
    "Status",
    "Truncated",
    "Unsized",
    "WrongCoding",
    "WrongType",
]
