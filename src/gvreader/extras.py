"""Optional packages: the command that adds one to the environment that gvreader runs in."""

from __future__ import annotations

import shlex
import sys
from pathlib import PurePath


def install_command(package: str, *, prefix: str = sys.prefix, python: str = sys.executable) -> str:
    """What to type so that `package` is found: `pipx inject` inside pipx, else pip of the running Python."""
    parts = PurePath(prefix).parts
    if parts[-3:-1] == ("pipx", "venvs"):
        return f"pipx inject {shlex.quote(parts[-1])} {package}"
    if parts[-3:-1] == ("uv", "tools"):
        return f"uv pip install --python {shlex.quote(python)} {package}"
    return f"{shlex.quote(python)} -m pip install {package}"
