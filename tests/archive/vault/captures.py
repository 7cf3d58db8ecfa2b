"""Captures and vaults to test with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gvreader.archive.vault import Vault
from gvreader.model import Capture, Request

PORTAL = "giavien"
ORIGIN = "https://giavien.ninhbinh.gov.vn"
START = datetime(2023, 2, 7, 3, 0, tzinfo=UTC)


def page(number: int, *, size: int = 400, **changes: object) -> Capture:
    """The capture of one page, different for each number."""
    url = f"{ORIGIN}/tin-tuc/bai-{number}.html"
    values: dict[str, object] = {
        "url": url,
        "captured": START + timedelta(seconds=number),
        "status": 200,
        "reason": "OK",
        "headers": (("Content-Type", "text/html; charset=utf-8"), ("ETag", f'"{number}"')),
        "body": f"<p>Bài viết số {number}</p>".encode()
        + bytes((number * 7 + i * i) % 251 for i in range(size)),
        "request": Request(url=url, headers=(("Host", "giavien.ninhbinh.gov.vn"), ("Accept", "*/*"))),
        "trust": "verified",
        "address": "203.0.113.9",
    }
    return Capture(**(values | changes))  # type: ignore[arg-type]


def clock() -> datetime:
    """Always the same moment."""
    return START


def writer(folder: Path, *, max_file_bytes: int = 1 << 28, now: Callable[[], datetime] = clock) -> Vault:
    """A vault open for writing."""
    return Vault(folder, mode="write", clock=now, max_file_bytes=max_file_bytes)


def reader(folder: Path) -> Vault:
    """A vault open for reading."""
    return Vault.open(folder, mode="read", clock=clock)
