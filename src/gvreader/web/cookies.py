"""Cookies for the length of a run: sent back to the host that set them, never stored, never sent elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from gvreader.model import Capture

_MOST: Final = 50
"""Cookies of one host."""
_LONGEST: Final = 4096
_PAIR: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)=([\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e\" ]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cookie:
    """One cookie; `path` is where it begins to count, `secure`: over https only."""

    value: str
    path: str
    secure: bool


class Cookies:
    """What hosts have set in one run (RFC 6265, each cookie for its own host and port alone)."""

    def __init__(self) -> None:
        self._hosts: dict[str, dict[str, _Cookie]] = {}

    def learn(self, actual: str, answer: Capture) -> None:
        """Take what an answer sets or takes back."""
        cookies = self._hosts.setdefault(urlsplit(actual).netloc.lower(), {})
        for name, value in answer.headers:
            if name.lower() == "set-cookie" and len(value) <= _LONGEST:
                self._set(cookies, value, answer.captured)
        while len(cookies) > _MOST:
            del cookies[next(iter(cookies))]

    def header_for(self, actual: str) -> str | None:
        """The Cookie header of a request, or None."""
        parts = urlsplit(actual)
        path = parts.path or "/"
        fitting = [
            f"{name}={cookie.value}"
            for name, cookie in self._hosts.get(parts.netloc.lower(), {}).items()
            if _is_below(path, cookie.path) and (parts.scheme == "https" or not cookie.secure)
        ]
        return "; ".join(fitting) or None

    def _set(self, cookies: dict[str, _Cookie], line: str, now: datetime) -> None:
        first, *attributes = line.split(";")
        pair = _PAIR.fullmatch(first.strip())
        if pair is None:
            return
        named = {
            key.strip().lower(): value.strip() for key, _, value in (one.partition("=") for one in attributes)
        }
        cookies.pop(pair[1], None)
        if not _is_over(named, now):
            path = named.get("path", "/")
            cookies[pair[1]] = _Cookie(
                value=pair[2], path=path if path.startswith("/") else "/", secure="secure" in named
            )


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(root if root.endswith("/") else f"{root}/")


def _is_over(named: dict[str, str], now: datetime) -> bool:
    """Whether a cookie is being taken back."""
    age = named.get("max-age", "")
    if age.removeprefix("-").isdecimal():
        return int(age[:12]) <= 0
    try:
        until = parsedate_to_datetime(named["expires"]) if "expires" in named else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return False
    return until is not None and (until if until.tzinfo else until.replace(tzinfo=UTC)) <= now
