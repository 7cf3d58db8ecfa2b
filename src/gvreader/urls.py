"""Addresses: canonical form, twins, scope of a portal, traps. Pure functions on text.

Nothing here raises on any text: what cannot be an http(s) address gives None.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

from gvreader.frozen import dataclass
from gvreader.patterns import pattern

# Path characters of RFC 3986 that stay as they are; '%' is handled by _requote.
_PATH_SAFE: Final = "/:@!$&'()*+,;=~-._"
_QUERY_SAFE: Final = _PATH_SAFE + "?"
_ESCAPE: Final = pattern(r"(%[0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_MARGIN: Final = "".join(map(chr, range(33))) + "\x7f\u00a0\u200b\u2028\u2029\ufeff"
_LINE_BREAKS: Final = pattern(r"[\t\r\n]+")
_REFRESH: Final = re.compile(r"(\d{1,6})(?:\.\d*)?\s*[;,]\s*url\s*=\s*(.+)", re.IGNORECASE)
_SOON: Final = 10  # seconds within which a page is no page of its own
_ODD_SPACE: Final = pattern(r"[\x00-\x20\x7f\u00a0\u2028\u2029]")
_ABSOLUTE: Final = pattern(r"https?://", re.IGNORECASE)
_HOST: Final = pattern(r"[a-z0-9._-]+")

_TRACKING: Final = pattern(
    r"(?:utm_\w+|zalo_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|"
    r"phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|sessionid|session_id|sessid|oscsid|zenid|cfid|cftoken)"
    r"(?:=.*)?|(?:s|sid|ssid|sess|session)=[0-9a-z]{20,}",
    re.IGNORECASE,
)
_SESSION_PARAMETER: Final = pattern(r";jsessionid=[^/]*", re.IGNORECASE)
_SESSION_SEGMENT: Final = pattern(r"/\([saf]\([^)/]*\)\)(?=/|$)", re.IGNORECASE)

_TRAP_QUERY: Final = pattern(
    r"(?:^|[&;])(?:print\w*|in|tmpl|sort|sort_?by|sort_?order|order|order_?by|order_?dir|dir|sapxep|ngay|thang|nam|"
    r"month|year|day|calendar|lich|replytocom|share|add-to-cart|returnurl|redirect|"
    r"(?:action|view|mode|format|layout)=(?:print|login|logout))(?:=|$|&|;)",
    re.IGNORECASE,
)
_TRAP_PATH: Final = pattern(
    r"/(?:print\w*|in/\d+|in-bai-viet|ban-in|calendar|lich(?:-cong-tac)?/\d[\d-]*|login|logout|dang-nhap|dang-xuat|dang-ky|"
    r"register|wp-login|user/login|cart|search|tim-kiem)(?:[/.]|$)",
    re.IGNORECASE,
)
# `/web/STAMP(xx_)/http://…`, as web archives spell addresses; folders of mirrors lose a slash or write the colon
# in other ways. A stamp of fewer than 14 digits is one only behind `/web/`.
_WRAPPED: Final = pattern(
    r"(?:https?:/{1,2}[^/?#\s]{1,255})?(?:/[^?#\s]{0,255}?)??/"
    r"(?:(?<=/web/)(\d{4,14})|(\d{14})|(\d{4}\.\d\d\.\d\d-\d{6}))([a-z]{2}_)?/"
    r"(https?)(?::|%3A|[_+]):?/{1,3}([^/\s].*)",
    re.IGNORECASE | re.DOTALL,
)
_WRAPPED_BARE: Final = pattern(
    r"https?:/{1,2}web\.archive\.org/web/(\d{4,14})(?:[a-z]{2}_)?/((?:[a-z0-9-]+\.)+[a-z]{2,24}(?:[:/?].*)?)",
    re.IGNORECASE | re.DOTALL,
)
_MAY_WRAP: Final = pattern(r"\d/http|\d[a-z]{2}_/http|//web\.archive\.org/web/", re.IGNORECASE)
_EMBEDDED_NAME: Final = "gvreader-embedded-"
_EMBEDDED: Final = pattern(rf"/{_EMBEDDED_NAME}[0-9a-f]{{16}}$")
_MOST_WRAPPERS: Final = 4
_ID_SUFFIX: Final = pattern(r"-\d+$")
_EXTENSION: Final = pattern(r"\.(?:html?|aspx?|php|jsp|shtml)$", re.IGNORECASE)

_MAIL_SAFE: Final = "@/!$&'*+,;=:?-._~%"
_LONGEST_MAIL: Final = 300

MAX_LENGTH: Final = 2048
_LONGEST: Final = 8192  # few servers read longer ones (RFC 9110 section 4.1 asks for 8000)
MAX_DEPTH: Final = 14
_REMEMBERED: Final = 8192  # the links of a portal's menu come back on every page


def _split(text: str) -> SplitResult | None:
    try:
        return urlsplit(text)
    except ValueError:
        return None


def _tidy(text: str) -> str:
    """An address as browsers read it: no margin, no line breaks, backslashes before the query are slashes."""
    text = _LINE_BREAKS.sub("", text.strip(_MARGIN))
    if "\\" in text:
        end = min((at for mark in "?#" if (at := text.find(mark)) >= 0), default=len(text))
        text = text[:end].replace("\\", "/") + text[end:]
    return text


def _requote(part: str, safe: str) -> str:
    """Percent-encode what must be, decode what need not be; existing escapes of reserved bytes stay."""
    pieces = _ESCAPE.split(part)
    for index, piece in enumerate(pieces):
        if index % 2:
            character = chr(int(piece[1:], 16))
            pieces[index] = character if character in _UNRESERVED else piece.upper()
        else:
            pieces[index] = quote(piece, safe=safe, errors="replace")
    return "".join(pieces)


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


def _ascii_host(name: str) -> str | None:
    """A host as it is written in an address: lower case, IDNA, IPv6 in brackets."""
    if ":" in name:
        from ipaddress import ip_address

        try:
            return None if "%" in name else f"[{ip_address(name).compressed}]"
        except ValueError:
            return None
    try:
        spelled = name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return None
    spelled = spelled.rstrip(".").lower()
    return spelled if _HOST.fullmatch(spelled) else None


def canonical(url: str) -> str | None:
    """The one spelling of an http(s) address, without fragment, default port, tracking or session ids.

    Idempotent. The scheme and host are kept (see `twin`); None for anything else (mailto, javascript, junk,
    more than 8 KiB).
    """
    if len(url) > _LONGEST:
        return None
    return _remembered(url) if len(url) <= MAX_LENGTH else _canonical(url)


def _canonical(url: str) -> str | None:
    parts = _split(_tidy(url))
    netloc = _site_of(parts) if parts is not None else None
    if parts is None or netloc is None:
        return None
    path = _requote(_ODD_SPACE.sub(" ", parts.path), _PATH_SAFE)
    path = _SESSION_SEGMENT.sub("", _SESSION_PARAMETER.sub("", path))
    path = _remove_dots(path if path.startswith("/") else f"/{path}")
    query = _requote(parts.query, _QUERY_SAFE)
    if query:
        query = "&".join(pair for pair in query.split("&") if pair and not _TRACKING.fullmatch(pair))
    spelled = urlunsplit((parts.scheme, netloc, path, query, ""))
    return spelled if len(spelled) <= _LONGEST else None


def _site_of(parts: SplitResult) -> str | None:
    """Host and port of an http(s) address, as they are written; None for any other."""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    try:
        port = parts.port
    except ValueError:
        return None
    netloc = _ascii_host(parts.hostname)
    # Link lists of web archives write ':80' on https addresses too.
    if netloc is None or port is None or port == 80 or (port == 443 and parts.scheme == "https"):
        return netloc
    return f"{netloc}:{port}"


_remembered = lru_cache(maxsize=_REMEMBERED)(_canonical)


def mailto(text: str) -> str | None:
    """A `mailto:` address with whatever could act on a terminal or in a page percent-encoded; None for others."""
    tidy = "".join(_tidy(text).split())
    scheme, _, rest = tidy.partition(":")
    if scheme.lower() != "mailto" or not rest or len(tidy) > _LONGEST_MAIL:
        return None
    return f"mailto:{quote(rest, safe=_MAIL_SAFE, errors='replace')}"


def address(text: str) -> str | None:
    """An address that a reader may follow, in its one spelling: http, https or mailto; None for any other."""
    return canonical(text) or mailto(text)


def spelled_join(base: str, href: str) -> str | None:
    """Where `href` leads from `base`, to be asked as it is spelled: with session ids and everything else that it names.

    None where `join` gives None. The canonical form of the answer is what `join` gives.
    """
    text = _tidy(href)
    if join(base, href) is None:
        return None
    parts = urlsplit(text if _ABSOLUTE.match(text) else urljoin(base, text))
    site = _site_of(parts)
    if site is None:
        return None
    path = _remove_dots(_quoted(parts.path, _PATH_SAFE) if parts.path.startswith("/") else f"/{parts.path}")
    return urlunsplit((parts.scheme, site, path, _quoted(parts.query, _QUERY_SAFE), ""))


def refresh_target(value: str, at: str) -> str | None:
    """Where a Refresh header (`0; url=/trang-chu`) leads at once; None where it only loads the same page again."""
    match = _REFRESH.fullmatch(value.strip())
    if match is None or int(match[1]) > _SOON:
        return None
    target = match[2].strip("\"' ")
    joined = join(at, target)
    return target if joined is not None and joined != canonical(at) else None


def _quoted(part: str, safe: str) -> str:
    """Percent-encode what cannot be sent, and nothing else."""
    return quote(_ODD_SPACE.sub(" ", part), safe=safe + "%", errors="replace")


def join(base: str, href: str) -> str | None:
    """The canonical address of `href` as seen from `base`; None if it leads nowhere or only to a fragment."""
    text = _tidy(href)
    if not text or text.startswith("#"):
        return None
    if _ABSOLUTE.match(text):
        return canonical(text)
    try:
        return canonical(urljoin(base, text))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Memento:
    """What an address in a web archive stands for: the page's own address, and the archive's stamp (4–14 digits).

    `is_picture`: the archive wrote it into a copy, as the address of a picture there.
    """

    url: str
    stamp: str
    is_picture: bool = False


def unwrapped(url: str) -> Memento | None:
    """What an address of any web archive (`…/web/20210301100000id_/https://…`) stands for; None for others.

    The address may be relative to its host. A copy of a copy gives the innermost address and its stamp.
    """
    if not _MAY_WRAP.search(url, 1):
        return None
    found = None
    for _ in range(_MOST_WRAPPERS):
        text = _tidy(url[:_LONGEST])
        if match := _WRAPPED.fullmatch(text):
            url, stamp = f"{match[5]}://{match[6]}", match[1] or match[2] or re.sub(r"\D", "", match[3])
            found = Memento(url, stamp, match[4] == "im_")
        elif match := _WRAPPED_BARE.fullmatch(text):
            url, stamp = f"http://{match[2]}", match[1]
            found = Memento(url, stamp)
        else:
            break
    spelled = canonical(found.url) if found else None
    return Memento(spelled, found.stamp, found.is_picture) if found and spelled else None


def embedded(page: str, source: str) -> str | None:
    """The address beside its page under which a picture inside a saved page is kept: `data:` or `cid:` in its `src`.

    Equal sources have equal addresses. None for other sources and for pages without an address.
    """
    kind, _, content = source.strip().partition(":")
    if kind.lower() == "cid":
        name = unquote(content).strip("<> ")
    elif kind.lower() == "data" and content[:6].lower() == "image/":
        name = "".join(content.partition(",")[2].split())
    else:
        return None
    import hashlib

    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
    return join(page, f"./{_EMBEDDED_NAME}{digest[:16]}")


def is_embedded_address(url: str) -> bool:
    """Whether an address is one that `embedded` gives: no server ever had it."""
    return _EMBEDDED.search(url) is not None


def origin(url: str) -> str | None:
    """`scheme://host[:port]` of an address."""
    spelled = canonical(url)
    return spelled[: spelled.index("/", len("https://"))] if spelled else None


def host(url: str) -> str:
    """The lower-case host of an address, without port and brackets; empty when there is none."""
    spelled = canonical(url)
    return (urlsplit(spelled).hostname or "") if spelled else ""


def _site(url: str) -> str | None:
    """`host[:port]` of an address without `www.`: what all its twins have in common."""
    found = origin(url)
    return found.partition("://")[2].removeprefix("www.") if found else None


def twin(url: str) -> str:
    """What http/https, `www.`, `:80` and trailing-slash twins of one address have in common."""
    spelled = canonical(url)
    if spelled is None:
        return url
    parts = urlsplit(spelled)
    path = parts.path.rstrip("/") or "/"
    return f"{parts.netloc.removeprefix('www.')}{path}" + (f"?{parts.query}" if parts.query else "")


def slug(url: str) -> str:
    """The last path segment, unquoted, without extension and record id: `/a/tin-tuc-12.html` → `tin-tuc`."""
    parts = _split(url)
    segments = [segment for segment in parts.path.split("/") if segment] if parts else []
    if not segments:
        return ""
    name = unquote(_EXTENSION.sub("", segments[-1]))
    return _ID_SUFFIX.sub("", name) or name


def is_trap(url: str) -> bool:
    """Whether this address leads to print views, calendars, sort orders, logins or endless depth."""
    parts = _split(url)
    if parts is None or len(url) > MAX_LENGTH:
        return True
    segments = [segment for segment in parts.path.split("/") if segment]
    if len(segments) > MAX_DEPTH or any(segments.count(segment) > 2 for segment in set(segments)):
        return True
    return bool(_TRAP_PATH.search(parts.path) or _TRAP_QUERY.search(parts.query))


def is_loopback(url: str) -> bool:
    """Whether the address names this machine (`localhost`, 127.0.0.0/8, ::1)."""
    name = host(url)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    from ipaddress import ip_address

    try:
        address = ip_address(name)
    except ValueError:
        return False
    # An IPv4 address in IPv6 clothes is nothing that a person types; versions of Python judge it differently.
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None


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
        """`url` in canonical form, twins and aliases of the portal's origin rewritten to the origin.

        In copies that web archives rewrote, links to the portal lead to the archive: they mean the portal.
        """
        spelled = canonical(url)
        if spelled is None:
            return None
        own = origin(self.origin)
        if (memento := unwrapped(spelled)) is not None and (
            memento.is_picture or self._is_own(spelled, own) or self._is_own(memento.url, own)
        ):
            spelled = memento.url
        if own is not None and self._is_own(spelled, own):
            return own + spelled[spelled.index("/", len("https://")) :]
        return spelled

    def _is_own(self, spelled: str, own: str | None) -> bool:
        """Whether an address is on the portal's origin, a twin or an alias of it."""
        site = _site(spelled)
        return own is not None and (site == _site(own) or any(site == _site(alias) for alias in self.aliases))

    def resolve(self, base: str, href: str) -> str | None:
        """`href` on a page whose base address is `base`, as a logical address; None if it leads nowhere."""
        joined = join(base, href)
        return None if joined is None else self.logical(joined)

    def contains(self, url: str) -> bool:
        """Whether a logical address is on the portal's own origin."""
        found = origin(url)
        return found is not None and found == origin(self.origin)

    def may_fetch(self, url: str) -> bool:
        """Whether a logical address is on the portal's origin or one of its file hosts, on no port but its own.

        A file host's own port is the one that it is named with, else that of its scheme.
        """
        site = (origin(url) or "").partition("://")[2]
        return bool(site) and (self.contains(url) or any(site == each.lower() for each in self.hosts))
