"""A real headless Chromium: what a page looks like to scripts once it has done its work."""

from __future__ import annotations

import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Final

import pytest

CHROMIUM: Final = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
_LONGEST: Final = 120


def document(url: str, profile: Path) -> str:
    """The document of a page after its scripts have run, as HTML. No other host can be reached."""
    assert CHROMIUM is not None
    ended = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            f"--user-data-dir={profile}",
            "--virtual-time-budget=30000",
            "--dump-dom",
            url,
        ],
        capture_output=True,
        timeout=_LONGEST,
        check=True,
    )
    return ended.stdout.decode()


def written(html: str, name: str) -> str:
    """The text of the element with an id."""
    match = re.search(rf'<(\w+)[^>]* id="{name}"[^>]*>(.*?)</\1>', html, re.S)
    assert match is not None, html[-2000:]
    return unescape(re.sub(r"<[^>]*>", "", match[2]))
