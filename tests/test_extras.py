"""Advice for optional packages fits how gvreader was installed, and names no package of ours to an index."""

from __future__ import annotations

import pytest

from gvreader.extras import install_command


@pytest.mark.parametrize(
    ("prefix", "command"),
    [
        ("/home/an/.local/share/pipx/venvs/gvreader", "pipx inject gvreader pyarrow"),
        ("/home/an/.local/share/pipx/venvs/gvreader-mới", "pipx inject gvreader-mới pyarrow"),
        ("/home/an/.local/share/uv/tools/gvreader", "uv pip install --python '/opt/my python' pyarrow"),
        ("/home/an/tin tức/.venv", "'/opt/my python' -m pip install pyarrow"),
        ("/", "'/opt/my python' -m pip install pyarrow"),
    ],
)
def test_the_command_fits_the_installation(prefix: str, command: str) -> None:
    assert (
        install_command("pyarrow", prefix=prefix, python="/opt/my python").replace(
            "'gvreader-mới'", "gvreader-mới"
        )
        == command
    )
