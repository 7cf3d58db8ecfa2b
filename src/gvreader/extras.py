"""Optional packages: the command that adds one to the environment that gvreader runs in."""

from __future__ import annotations

import shlex
import sys


def install_command(package: str, *, prefix: str = sys.prefix, python: str = sys.executable) -> str:
    """What to type so that `package` is found: `pipx inject` inside pipx, else pip of the running Python."""
    *_above, kind, place, name = ["", "", *prefix.split("/")]
    if (kind, place) == ("pipx", "venvs"):
        return f"pipx inject {shlex.quote(name)} {package}"
    if (kind, place) == ("uv", "tools"):
        return f"uv pip install --python {shlex.quote(python)} {package}"
    return f"{shlex.quote(python)} -m pip install {package}"
