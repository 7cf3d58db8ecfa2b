"""Where the portal's addresses are really asked, and which ones are not asked at all. No I/O."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from gvreader import urls
from gvreader.errors import UsageError

MOST_MOVES: Final = 4
"""The twins of an origin: http and https, with and without `www.`."""


class Route:
    """Logical addresses (the portal's own) and actual ones (where its bytes are served now).

    `base_url`: another origin that serves the portal's pages. `loopback`: host and port of a portal, or of a
    base, on this machine; then nothing else is asked. Raises UsageError for a base that is no origin.
    """

    def __init__(self, scope: urls.Scope, base_url: str | None) -> None:
        self._base = _origin_only(base_url)
        self._scope = replace(scope, aliases=(*scope.aliases, self._base)) if self._base else scope
        self._portal = self._base or urls.origin(scope.origin) or ""
        self._moved: dict[str, str] = {}
        self._secure = {_host_of(self._portal)} if self._portal.startswith("https:") else set[str]()
        self.loopback = _endpoint(self._portal) if urls.is_loopback(self._portal) else None

    def logical(self, url: str) -> str | None:
        """The portal's own spelling of an address; None if it is no web address."""
        return self._scope.logical(url)

    def served(self, url: str) -> str:
        """Where an address is asked, as it is spelled: pages of the portal at the base, if there is one."""
        logical = self._scope.logical(url)
        if self._base is None or logical is None or not self._scope.contains(logical):
            return url
        if urls.twin(urls.origin(url) or "") == urls.twin(self._base):
            return url
        return self._base + path_of(url)

    def refusal(self, actual: str) -> str | None:
        """Why an address is not asked, if so."""
        origin = urls.origin(actual)
        if self.loopback is not None and origin != self._portal:
            return f"{origin} is not the portal on this machine"
        logical = self._scope.logical(actual)
        if logical is None or not self._scope.may_fetch(logical):
            return f"{origin} does not belong to the portal"
        return None

    def secured(self, actual: str) -> str:
        """An address on a host that is known by https, with https: nothing but the configuration leads back."""
        if actual.startswith("http:") and _host_of(actual) in self._secure and not _has_port(actual):
            return f"https:{actual.removeprefix('http:')}"
        return actual

    def moved_to(self, actual: str) -> str:
        """Where redirects have shown that the whole origin has moved."""
        origin = urls.origin(actual)
        return self._moved[origin] + path_of(actual) if origin in self._moved else actual

    def learn_move(self, actual: str, target: str) -> None:
        """A redirect that changes nothing but http to https or `www.` will meet every other page as well."""
        old, new = urls.origin(actual), urls.origin(target)
        same = path_of(actual) == path_of(target) and self.logical(actual) == self.logical(target)
        if same and old and new and old != new and self._moved.get(new) != old:
            self._moved[old] = new
            if new.startswith("https:"):
                self._secure.add(_host_of(new))


def _host_of(url: str) -> str:
    """The host of an address without `www.`, which twins share."""
    return urls.host(url).removeprefix("www.")


def _has_port(url: str) -> bool:
    return urlsplit(url).port not in (None, 80)


def path_of(url: str) -> str:
    """Path and query of an absolute address without fragment."""
    return url[url.index("/", len("https://")) :]


def _origin_only(base_url: str | None) -> str | None:
    if base_url is None:
        return None
    spelled = urls.canonical(base_url)
    if spelled is None or path_of(spelled) != "/":
        raise UsageError(
            f"{base_url!r} cannot serve a portal's pages",
            advice="Give scheme, host and port only, such as http://127.0.0.1:8000.",
        )
    return urls.origin(spelled)


def _endpoint(origin: str) -> tuple[str, int]:
    parts = urlsplit(origin)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
