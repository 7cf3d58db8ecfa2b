"""What the client may do to a server and to us: times in seconds, sizes in bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from gvreader import __version__
from gvreader.errors import ConfigError, UsageError
from gvreader.limits import DECODED_BYTES, WIRE_BYTES

LEAST_DELAY: Final = 0.5
"""Less than this between two requests is for portals on loopback only."""

_PRODUCT: Final = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The limits of one run.

    `deadline` is for one request from the name lookup to the last byte, `read_timeout` for one silence within
    it; an answer that takes longer than `slow_after` must come at `least_rate` bytes a second. `max_wire` and
    `max_decoded` cap a body before and after its content coding is undone. Failed requests are tried
    `max_attempts` times, silent servers `max_silences` times; the pause before the nth retry is about
    `backoff` · 2ⁿ⁻¹. A server's own wishes are honoured up to `max_retry_after` and `max_crawl_delay`. After
    `patience` failures of one host in a row it is left alone for `rest`. `per_address`: the most requests a second to
    one address, whatever names share it (0: no limit); it needs a pace that is shared.
    """

    delay: float = 1.0
    user_agent: str = f"gvreader/{__version__}"
    connect_timeout: float = 15.0
    read_timeout: float = 20.0
    deadline: float = 120.0
    slow_after: float = 20.0
    least_rate: float = 250.0
    max_wire: int = WIRE_BYTES
    max_decoded: int = DECODED_BYTES
    max_redirects: int = 5
    max_attempts: int = 3
    max_silences: int = 2
    backoff: float = 2.0
    max_backoff: float = 60.0
    max_retry_after: float = 120.0
    max_crawl_delay: float = 60.0
    patience: int = 5
    rest: float = 60.0
    per_address: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.delay < float("inf"):
            raise UsageError(f"the delay between requests cannot be {self.delay} seconds")
        if not (
            self.user_agent.isascii() and self.user_agent.isprintable() and _PRODUCT.match(self.user_agent)
        ):
            raise UsageError(f"{self.user_agent!r} is not a usable User-Agent")

    @property
    def robot(self) -> str:
        """The name that robots.txt files know us by: the product token of the User-Agent."""
        found = _PRODUCT.match(self.user_agent)
        return found[0] if found else ""


TlsMode = Literal["verified", "legacy", "pinned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsRule:
    """How far a host's TLS is trusted.

    `verified`: a valid chain and today's protocols. `pinned`: exactly the certificate whose SHA-256 (of its
    DER form, as `openssl x509 -fingerprint -sha256` prints) is given. `legacy`: any certificate. The last
    two accept old protocol versions, ciphers and renegotiation.
    """

    mode: TlsMode = "verified"
    sha256: str | None = None

    @classmethod
    def parse(cls, text: str) -> TlsRule:
        """`verified`, `legacy` or `pinned:` and 64 hex digits, colons allowed. Raises ConfigError."""
        mode, _, fingerprint = text.strip().partition(":")
        digest = fingerprint.replace(":", "").replace(" ", "").lower()
        if mode == "pinned" and re.fullmatch(r"[0-9a-f]{64}", digest):
            return cls(mode="pinned", sha256=digest)
        if mode in get_args(TlsMode) and mode != "pinned" and not fingerprint:
            return cls(mode="legacy" if mode == "legacy" else "verified")
        raise ConfigError(
            f"{text!r} is no TLS rule",
            advice="Write 'verified', 'legacy', or 'pinned:' and the SHA-256 fingerprint of the certificate.",
        )
