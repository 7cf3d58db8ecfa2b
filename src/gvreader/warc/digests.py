"""Labelled digests of WARC records (`sha1:…`, `sha256:…`; hex, base32 or base64), written and checked."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Final, Literal, TypeAlias

Verdict = Literal["match", "mismatch", "unknown"]
"""`unknown`: no digest, or one in a form that cannot be computed here."""

Buffer: TypeAlias = bytes | bytearray | memoryview

_ALGORITHMS: Final = {"md5": 16, "sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64}


def digest_of(*parts: Buffer, algorithm: str = "sha256") -> str:
    """The digest of the parts in a row in the form that this project writes: the label and lower-case hex."""
    hasher = hashlib.new(algorithm, usedforsecurity=False)
    for part in parts:
        hasher.update(part)
    return f"{algorithm}:{hasher.hexdigest()}"


def check_digests(label: str | None, *parts: Buffer) -> Verdict:
    """Whether the bytes of the parts in a row have the labelled digest."""
    normal = normal_digest(label)
    if normal is None:
        return "unknown"
    return "match" if digest_of(*parts, algorithm=normal.partition(":")[0]) == normal else "mismatch"


def normal_digest(label: str | None) -> str | None:
    """A labelled digest with lower-case algorithm and hex, so that equal ones are equal texts; None for others."""
    algorithm, _colon, value = (label or "").strip().partition(":")
    algorithm = algorithm.lower().replace("-", "")
    size = _ALGORITHMS.get(algorithm)
    raw = _decoded(value.strip(), size) if size else None
    return f"{algorithm}:{raw.hex()}" if raw is not None else None


def _decoded(value: str, size: int) -> bytes | None:
    """The raw digest of `size` bytes; the encodings are told apart by their lengths."""
    bare = value.rstrip("=")
    try:
        if len(bare) == size * 2:
            return bytes.fromhex(bare)
        if len(bare) == (size * 8 + 4) // 5:
            return base64.b32decode(bare.upper() + "=" * (-len(bare) % 8))
        if len(bare) == (size * 8 + 5) // 6:
            return base64.b64decode(
                bare + "=" * (-len(bare) % 4), altchars=b"-_" if set(bare) & set("-_") else None
            )
    except (ValueError, binascii.Error):
        return None
    return None
