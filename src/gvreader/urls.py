"""Addresses: canonical form, twins, scope of a portal, traps. Pure functions on text.

Nothing here raises on any text: what cannot be an http(s) address gives None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

# Path characters of RFC 3986 that stay as they are; '%' is handled by _requote.
_PATH_SAFE: Final = "/:@!$&'()*+,;=~-._"
_QUERY_SAFE: Final = _PATH_SAFE + "?"
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_CONTROL_OR_SPACE: Final = re.compile(r"[\x00-\x20\x7f\u00a0\u2028\u2029]+")
_LINE_BREAKS: Final = re.compile(r"[\t\r\n]+")

_TRACKING: Final = re.compile(r"^(utm_\w+|fbclid|gclid|zalo_\w+|phpsessid|jsessionid|aspsessionid\w*)$", re.I)
_SESSION_IN_PATH: Final = re.compile(r";jsessionid=[^/?#]*|/\([SAF]\([^)/]*\)\)", re.I)

_TRAP_QUERY: Final = re.compile(
    r"(?:^|[&;])(?:print|in|tmpl|sort|sortby|orderby|order|dir|sapxep|ngay|thang|nam|month|year|day|calendar|lich|"
    r"replytocom|share|add-to-cart|returnurl|redirect|action=(?:print|login|logout))(?:=|$|&)",
    re.I,
)
_TRAP_PATH: Final = re.compile(
    r"/(?:print|in-bai-viet|ban-in|calendar|lich-cong-tac/\d|login|logout|dang-nhap|dang-ky|register|wp-login|"
    r"user/login|cart|search|tim-kiem)(?:[/.?]|$)",
    re.I,
)
_ID_SUFFIX: Final = re.compile(r"-\d+$")
_EXTENSION: Final = re.compile(r"\.(?:html?|aspx?|php|jsp|shtml)$", re.I)

MAX_LENGTH: Final = 2048
MAX_DEPTH: Final = 14


def _requote(part: str, safe: str) -> str:
    """Percent-encode what must be, decode what need not be; existing escapes of reserved bytes stay."""

    def tidy(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else f"%{match[1].upper()}"

    pieces = re.split(r"(%[0-9A-Fa-f]{2})", part)
    return "".join(
        _ESCAPE.sub(tidy, piece) if index % 2 else quote(piece, safe=safe, errors="replace")
        for index, piece in enumerate(pieces)
    )


def _remove_dots(path: str) -> str:
    """RFC 3986 section 5.2.4, keeping empty segments."""
    output: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if len(output) > 1:
                output.pop()
        elif segment != ".":
            output.append(segment)
    if path.endswith(("/.", "/..")):
        output.append("")
    return "/".join(output) or "/"


def canonical(url: str) -> str | None:
    """The one spelling of an http(s) address, without fragment, default port, tracking or session ids.

    Idempotent. The scheme and host are kept (see `twin`); None for anything else (mailto, javascript, junk).
    """
    text = _LINE_BREAKS.sub("", url.strip(" \t\r\n\u00a0\ufeff"))
    try:
        parts = urlsplit(text)
        port = parts.port
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    try:
        ascii_host = host.encode("ascii").decode() if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return None
    ascii_host = ascii_host.rstrip(".").lower()
    if not ascii_host or not re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]+", ascii_host):
        return None
    scheme = parts.scheme.lower()
    if ":" in ascii_host:
        ascii_host = f"[{ascii_host}]"
    default = 443 if scheme == "https" else 80
    netloc = ascii_host if port is None or port in (default, 80 if scheme == "https" else default) else f"{ascii_host}:{port}"
    path = _SESSION_IN_PATH.sub("", parts.path)
    path = _requote(_CONTROL_OR_SPACE.sub(lambda match: " " * len(match[0]), path), _PATH_SAFE)
    path = _remove_dots(path if path.startswith("/") else f"/{path}")
    pairs = [pair for pair in parts.query.split("&") if pair and not _TRACKING.match(pair.partition("=")[0])]
    query = _requote("&".join(pairs), _QUERY_SAFE)
    return urlunsplit((scheme, netloc, path, query, ""))


def origin(url: str) -> str | None:
    """`scheme://host[:port]` of an address."""
    spelled = canonical(url)
    if spelled is None:
        return None
    parts = urlsplit(spelled)
    return f"{parts.scheme}://{parts.netloc}"


def host(url: str) -> str:
    """The lower-case host of an address, without port; empty when there is none."""
    spelled = canonical(url)
    return (urlsplit(spelled).hostname or "") if spelled else ""


def twin(url: str) -> str:
    """What http/https, `www.`, `:80` and trailing-slash twins of one address have in common."""
    spelled = canonical(url) or url
    parts = urlsplit(spelled)
    bare = parts.netloc.removeprefix("www.")
    path = parts.path.rstrip("/") or "/"
    return f"{bare}{path}" + (f"?{parts.query}" if parts.query else "")


def slug(url: str) -> str:
    """The last path segment without extension or trailing record id, unquoted: `/a/tin-tuc-12.html` → `tin-tuc`."""
    segments = [segment for segment in urlsplit(url).path.split("/") if segment]
    if not segments:
        return ""
    name = unquote(_EXTENSION.sub("", segments[-1]))
    return _ID_SUFFIX.sub("", name) or name


def is_trap(url: str) -> bool:
    """Whether following this address leads to print views, calendars, sort orders, logins or endless depth."""
    if len(url) > MAX_LENGTH:
        return True
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    if len(segments) > MAX_DEPTH or any(segments.count(segment) > 2 for segment in set(segments)):
        return True
    return bool(_TRAP_PATH.search(parts.path) or _TRAP_QUERY.search(parts.query))


def is_loopback(url: str) -> bool:
    """Whether the address names this machine (`localhost`, 127.0.0.0/8, ::1)."""
    name = host(url)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which addresses belong to a portal, and how mirrors of it are spelled as the portal's own.

    `origin` is the portal's own; pages of `aliases` (other origins that serve the same pages, such as a
    replica) are rewritten to it; `hosts` are further hosts that may serve the portal's files.
    """

    origin: str
    aliases: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()

    def logical(self, url: str) -> str | None:
        """`url` in canonical form, twins and aliases of the portal's origin rewritten to the origin."""
        spelled = canonical(url)
        if spelled is None:
            return None
        parts = urlsplit(spelled)
        own = urlsplit(self.origin)
        bare = parts.netloc.removeprefix("www.")
        aliased = any(bare == urlsplit(alias).netloc.removeprefix("www.") for alias in self.aliases)
        if aliased or bare == own.netloc.removeprefix("www."):
            return urlunsplit((own.scheme, own.netloc, parts.path, parts.query, ""))
        return spelled

    def resolve(self, base: str, href: str) -> str | None:
        """`href` found on a page whose base address is `base`, as a logical address; None if it leads nowhere."""
        text = href.strip(" \t\r\n\u00a0\ufeff")
        if not text or text.startswith("#"):
            return None
        try:
            joined = urljoin(base, _LINE_BREAKS.sub("", text))
        except ValueError:
            return None
        return self.logical(joined)

    def contains(self, url: str) -> bool:
        """Whether a logical address is on the portal's own origin."""
        return origin(url) == origin(self.origin)

    def may_fetch(self, url: str) -> bool:
        """Whether a logical address is on the portal's origin or one of its file hosts."""
        return self.contains(url) or host(url) in self.hosts
